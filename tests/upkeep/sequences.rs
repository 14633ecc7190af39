//! Random sequences of all methods, with valid, broken and borrowed arguments, with lost answers and a
//! failing store: no step breaks one of I1 to I9.
//!
//! Each sequence follows from its number. A failure names it; `COUNTERSIGN_SEQUENCE=N` plays it alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use countersign::api::Api;
use countersign::engine::callback::outbox;
use countersign::engine::operation::expire;
use countersign::engine::{audit, journal};
use countersign::model::activation::{ACTIVATION, Activation, ActivationStatus};
use countersign::model::application::{APPLICATION, Application};
use countersign::model::callback::{CALLBACKS, CallbackEvent, CallbackType, Callbacks, EVENT};
use countersign::model::journal::{Entry, Head, JOURNAL, Subject};
use countersign::model::operation::{OPERATION, Operation as Payment, OperationStatus};
use countersign::store::simulated::Chance;
use countersign::store::{
    Batch, Commit, Entity, Host, Input, Key, Machine, Operation, Query, Step, Store, StoreError, Tx, Write,
};
use pollster::block_on;
use serde_json::{Value, json};

use crate::support::{Answer, Ask, Clock, Factors, Phone, Town, engine, spread};

const SEQUENCES: u64 = 10_000;
/// On SQLite, where each step is flushed.
const ON_DISK: u64 = 30;
const LOOK_AHEAD: u64 = 20;
/// Steps of a sequence at most.
const LONGEST: usize = 12;
const FACTORS: [Factors; 4] = [
    Factors::Pin,
    Factors::WrongPin,
    Factors::Biometry,
    Factors::Possession,
];

type Verdict = Result<(), String>;

macro_rules! ensure {
    ($holds:expr, $($why:tt)+) => { if !$holds { return Err(format!($($why)+)); } };
}

/// What is known before the sequences begin.
struct Ground {
    town: Town,
    api: Api,
    /// Values that stand somewhere in the requests, by attribute.
    values: Vec<Value>,
    asks: Vec<Ask>,
    /// Those that hash passwords, which takes as long as fifty others.
    slow: Vec<Ask>,
    /// What the phone signs, by its counter and by factors: the PIN takes as long as twenty requests.
    logins: Vec<Vec<Ask>>,
    secrets: Vec<Vec<u8>>,
}

fn leaves(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|it| leaves(it, found)),
        Value::Array(items) => items.iter().for_each(|it| leaves(it, found)),
        other => _ = found.insert(other.to_string()),
    }
}

impl Ground {
    fn new() -> Self {
        let town = Town::build();
        let mut found = BTreeSet::new();
        for ask in &town.asks {
            leaves(&serde_json::from_slice(&ask.body).unwrap_or_default(), &mut found);
        }
        let mut values: Vec<Value> = found.iter().map(|it| serde_json::from_str(it).unwrap()).collect();
        values.extend([
            json!(null),
            json!(true),
            json!(""),
            json!(" "),
            json!(0),
            json!(-1),
            json!(u64::MAX),
            json!("\u{0}"),
            json!([]),
            json!({}),
            json!("x".repeat(300)),
            json!("REMOVED"),
            json!("ACTIVE"),
            json!("BLOCKED"),
            json!("CREATED"),
            json!("PENDING_COMMIT"),
            json!("user0"),
            json!("user1"),
            json!("AAAA"),
        ]);
        // What the phone derives and never sends.
        let secrets = vec![vec![0x50; 16], vec![0xB1; 16], vec![7; 32]];
        let slow =
            |it: &&Ask| it.path.contains("recovery") || String::from_utf8_lossy(&it.body).contains("Otp");
        let logins = (0..LONGEST).map(|position| {
            let login = |factors: &Factors| {
                let mut phone = town.phone();
                for _ in 0..position {
                    phone.login(Factors::Possession);
                }
                phone.login(*factors).ask()
            };
            FACTORS.iter().map(login).collect()
        });
        Self {
            api: Api::new(engine()).open_to_anybody(),
            logins: logins.collect(),
            slow: town.asks.iter().filter(slow).cloned().collect(),
            asks: town.asks.iter().filter(|it| !slow(it)).cloned().collect(),
            town,
            values,
            secrets,
        }
    }
}

/// One history.
struct Story<'g> {
    ground: &'g Ground,
    store: Arc<dyn Store>,
    clock: Clock,
    chance: Chance,
    phone: Phone,
    /// Its signatures so far.
    position: usize,
    /// Requests of the phone that may come again.
    signed: Vec<Ask>,
    /// Codes, tokens and envelopes that were accepted.
    accepted: BTreeSet<String>,
    told: Vec<String>,
}

/// How a step ended.
struct Outcome {
    answer: Answer,
    applied: bool,
    /// A call of the store failed.
    failed: bool,
}

impl<'g> Story<'g> {
    fn new(ground: &'g Ground, store: Arc<dyn Store>, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let mut clock_seed = chance.draw();
        clock_seed |= 1 << 40;
        let clock = Clock::new(clock_seed, ground.town.clock().now());
        Self {
            ground,
            store,
            clock,
            phone: ground.town.phone(),
            position: 0,
            chance,
            signed: Vec::new(),
            accepted: BTreeSet::new(),
            told: Vec::new(),
        }
    }

    fn pick(&mut self, len: usize) -> usize {
        self.chance.index(len)
    }

    /// The next request.
    fn next(&mut self) -> Ask {
        match self.pick(20) {
            0 | 1 => {
                let which = self.pick(FACTORS.len());
                let ask = self.ground.logins[self.position][which].clone();
                self.position += 1;
                self.signed.push(ask.clone());
                ask
            }
            2 => {
                let now = self.clock.now();
                let ask = Ask::rest("/token/validate", &self.phone.present("login", now));
                self.signed.push(ask.clone());
                ask
            }
            3 | 4 if !self.signed.is_empty() => {
                let which = self.pick(self.signed.len());
                self.signed[which].clone()
            }
            5..=8 => self.prepared(),
            9..=11 => {
                // What changes states.
                let object = self.action();
                Ask::rest(object.0, &object.1)
            }
            _ => self.broken(),
        }
    }

    fn prepared(&mut self) -> Ask {
        let from = match self.chance.hit(30) {
            true => &self.ground.slow,
            false => &self.ground.asks,
        };
        from[self.chance.index(from.len())].clone()
    }

    fn known(&mut self, path: &str, name: &str) -> Value {
        let with: Vec<&Ask> = self
            .ground
            .asks
            .iter()
            .filter(|it| it.path.contains(path))
            .collect();
        let which = self.chance.index(with.len());
        let body: Value = serde_json::from_slice(&with[which].body).unwrap_or_default();
        body["requestObject"][name].clone()
    }

    fn action(&mut self) -> (&'static str, Value) {
        let own = json!(self.phone.id());
        let activation = match self.pick(3) {
            0 => self.known("/rest/v3/activation/", "activationId"),
            _ => own,
        };
        let operation = self.known("/rest/v3/operation/", "operationId");
        match self.pick(9) {
            0 => (
                "/activation/block",
                json!({ "activationId": activation, "reason": "R" }),
            ),
            1 | 2 => ("/activation/unblock", json!({ "activationId": activation })),
            3 => ("/activation/commit", json!({ "activationId": activation })),
            4 => (
                "/operation/cancel",
                json!({ "operationId": operation, "statusReason": "R" }),
            ),
            5 => (
                "/operation/detail",
                json!({ "operationId": operation, "userId": "user0" }),
            ),
            6 => {
                let states = ["CREATED", "PENDING_COMMIT", "ACTIVE", "BLOCKED", "REMOVED"];
                let which = self.pick(states.len());
                let request = json!({ "activationIds": [activation], "activationStatus": states[which] });
                ("/activation/status/update", request)
            }
            7 => ("/operation/approve/fail", json!({ "operationId": operation })),
            _ => (
                "/activation/init",
                json!({ "applicationId": "bank", "userId": "user0" }),
            ),
        }
    }

    /// A request of the tables with something changed.
    fn broken(&mut self) -> Ask {
        let mut ask = self.prepared();
        match self.pick(8) {
            0 if !ask.body.is_empty() => {
                let bit = self.pick(ask.body.len() * 8);
                ask.body[bit / 8] ^= 1 << (bit % 8);
            }
            1 => ask.headers.clear(),
            2 if !ask.headers.is_empty() => {
                let at = self.pick(ask.headers.len());
                let value = &mut ask.headers[at].1;
                let cut = self.chance.index(value.len());
                *value = value.chars().take(cut).collect();
            }
            _ => {
                let mut body: Value = serde_json::from_slice(&ask.body).unwrap_or_default();
                let times = 1 + self.pick(2);
                for _ in 0..times {
                    self.spoil(&mut body);
                }
                ask.body = body.to_string().into_bytes();
            }
        }
        ask
    }

    fn spoil(&mut self, value: &mut Value) {
        let inside = match value {
            Value::Object(members) if !members.is_empty() => {
                let at = self.chance.index(members.len());
                members.values_mut().nth(at)
            }
            Value::Array(items) if !items.is_empty() => {
                let at = self.chance.index(items.len());
                items.get_mut(at)
            }
            _ => None,
        };
        match inside {
            Some(inside) if !self.chance.hit(150) => self.spoil(inside),
            Some(inside) => *inside = self.ground.values[self.chance.index(self.ground.values.len())].clone(),
            None => *value = self.ground.values[self.chance.index(self.ground.values.len())].clone(),
        }
    }

    fn play(&mut self) -> Verdict {
        let steps = 4 + self.pick(LONGEST - 3);
        for _ in 0..steps {
            match self.pick(40) {
                0 => {
                    let spans = [1, 1_000, 61_000, 301_000, 7_300_000, 86_400_000];
                    let which = self.pick(spans.len());
                    self.told.push(format!("+{} ms", spans[which]));
                    self.clock.advance(spans[which]);
                }
                1 => self.chores()?,
                _ => {
                    let ask = self.next();
                    self.told
                        .push(format!("{} {}", ask.path, String::from_utf8_lossy(&ask.body)));
                    self.step(&ask)?;
                }
            }
        }
        Ok(())
    }

    fn chores(&mut self) -> Verdict {
        self.told.push("chores".to_owned());
        let engine = Arc::clone(self.ground.api.engine());
        let decide = |tx: &mut Tx<'_>| expire::operations(&engine, tx, 10).map(|it| it.map(|_| ()));
        self.drive(&mut Machine::new(None, decide), 0)?
            .0
            .map_err(|it| format!("{it:?}"))?;
        let decide = |tx: &mut Tx<'_>| expire::activations(&engine, tx, 10).map(|it| it.map(|_| ()));
        self.drive(&mut Machine::new(None, decide), 0)?
            .0
            .map_err(|it| format!("{it:?}"))?;
        let decide = |tx: &mut Tx<'_>| outbox::backlog(&engine, tx).map(|it| it.map(|_| ()));
        self.drive(&mut Machine::new(None, decide), 0)?
            .0
            .map_err(|it| format!("{it:?}"))
    }

    /// Runs an operation; its call number `fails` of the store fails. Answers the reply and what happened.
    fn drive<O: Operation>(
        &mut self,
        operation: &mut O,
        fails: u64,
    ) -> Result<(O::Reply, bool, bool), String> {
        let (mut input, mut calls) = (Input::Start, 0);
        let (mut applied, mut failed) = (false, false);
        loop {
            let step = operation.step(input, &self.clock);
            calls += 1;
            let now = fails > 0 && calls == fails;
            failed |= now && !matches!(step, Step::Done(_));
            input = match step {
                Step::Done(reply) => return Ok((reply, applied, failed)),
                Step::Read(_) if now => Input::Failed(StoreError::NotApplied("planned".into())),
                Step::Read(queries) => Input::Answers(block_on(self.store.read(&queries)).unwrap()),
                Step::Commit(batch) => {
                    // Before it is applied, or not at all, or without an answer.
                    let fate = if now { self.chance.below(3) } else { 3 };
                    match fate {
                        0 => Input::Failed(StoreError::NotApplied("planned".into())),
                        1 => Input::Failed(StoreError::Unknown("planned".into())),
                        _ => match self.commit(&batch)? {
                            Commit::Applied => {
                                applied = true;
                                match fate {
                                    2 => Input::Failed(StoreError::Unknown("planned".into())),
                                    _ => Input::Applied,
                                }
                            }
                            Commit::Conflict(current) => Input::Conflict(current),
                        },
                    }
                }
            };
        }
    }

    fn step(&mut self, ask: &Ask) -> Verdict {
        let fails = if self.chance.hit(100) {
            1 + self.chance.below(5)
        } else {
            0
        };
        let mut call = ask.call(&self.ground.api);
        let (response, applied, failed) = self.drive(&mut call, fails)?;
        let outcome = Outcome {
            answer: response.into(),
            applied,
            failed,
        };
        self.judge(ask, &outcome)
    }

    /// What the answer says.
    fn judge(&mut self, ask: &Ask, outcome: &Outcome) -> Verdict {
        let Outcome {
            answer,
            applied,
            failed,
        } = outcome;
        let text = String::from_utf8_lossy(&answer.body);
        ensure!(
            *failed || answer.status < 500,
            "I9: {} without a failure: {text}",
            answer.status
        );
        // A read that failed is the end; a commit that failed may have been sent again.
        ensure!(
            !failed || *applied || answer.status >= 500,
            "I9: {} in spite of a failure",
            answer.status
        );
        for secret in &self.ground.secrets {
            let shown = answer
                .body
                .windows(secret.len())
                .any(|window| window == &secret[..]);
            ensure!(!shown, "I8: a key is in the answer");
        }
        if answer.valid() {
            // A signature by the phone's own key stands for the key; it may be shown again.
            let ecdsa = ask.path.to_lowercase().contains("ecdsa");
            ensure!(ecdsa || *applied, "I2: valid, and nothing was written");
            let body: Value = serde_json::from_slice(&ask.body).unwrap_or_default();
            let request = &body["requestObject"];
            let code = match request["signature"].as_str() {
                Some(signature) => format!("{} {signature}", request["activationId"]),
                None => format!(
                    "{} {} {}",
                    request["tokenId"], request["nonce"], request["timestamp"]
                ),
            };
            ensure!(ecdsa || self.accepted.insert(code), "I1: accepted again");
        }
        // An envelope carries a key of its own; opening one for the host changes nothing.
        let object = answer.object();
        let opened = ["encryptedData", "secretKey"]
            .iter()
            .any(|it| object[it].is_string())
            || answer.json().get("encryptedData").is_some_and(Value::is_string);
        if answer.status == 200 && opened {
            let body: Value = serde_json::from_slice(&ask.body).unwrap_or_default();
            let inner = if body["requestObject"].is_object() {
                &body["requestObject"]
            } else {
                &body
            };
            if let (Some(key), Some(mac)) = (inner["ephemeralPublicKey"].as_str(), inner["mac"].as_str()) {
                ensure!(
                    self.accepted.insert(format!("{key} {mac}")),
                    "I4: an envelope was opened again"
                );
            }
        }
        Ok(())
    }

    fn stored(&self, key: &Key) -> Option<Vec<u8>> {
        let query = Query::Get(key.clone());
        match block_on(self.store.read(&[query])).unwrap().pop() {
            Some(countersign::store::Answer::Record(record)) => record.map(|it| it.body),
            other => panic!("{other:?}"),
        }
    }

    /// Applies a batch, and holds it against what was there.
    fn commit(&mut self, batch: &Batch) -> Result<Commit, String> {
        let puts = batch.writes.iter().filter_map(|write| match write {
            Write::Put { key, body, .. } | Write::Append { key, body, .. } => Some((key, body)),
            Write::Check { .. } => None,
        });
        type Change<'b> = (&'b Key, Option<Vec<u8>>, &'b Vec<u8>);
        let changes: Vec<Change<'_>> = puts.map(|(key, body)| (key, self.stored(key), body)).collect();
        let entries: Vec<Entry> = changes
            .iter()
            .filter(|(key, ..)| key.collection == JOURNAL)
            .map(|(_, _, body)| Entry::decode(body).unwrap())
            .collect();
        let urls = |application: &str, kind| -> usize {
            let callbacks = self.stored(&Key::new(CALLBACKS, application));
            let callbacks = callbacks.map(|body| Callbacks::decode(&body).unwrap());
            callbacks.map_or(0, |it| it.urls.iter().filter(|url| url.kind == kind).count())
        };
        let outcome = block_on(self.store.commit(batch)).unwrap();
        if outcome != Commit::Applied {
            return Ok(outcome);
        }
        let mut expected_events = 0;
        for (key, before, after) in &changes {
            match key.collection {
                ACTIVATION => {
                    let before = before.as_ref().map(|body| Activation::decode(body).unwrap());
                    let after = Activation::decode(after).unwrap();
                    let subject = Subject::Activation(after.id.clone());
                    chained(
                        &subject,
                        before.as_ref().map(|it| &it.journal),
                        &after.journal,
                        &entries,
                    )?;
                    activation(before.as_ref(), &after)?;
                    if before.as_ref().is_none_or(|it| it.status != after.status) {
                        expected_events += urls(&after.application, CallbackType::ActivationStatusChange);
                    }
                }
                OPERATION => {
                    let before = before.as_ref().map(|body| Payment::decode(body).unwrap());
                    let after = Payment::decode(after).unwrap();
                    let subject = Subject::Operation(after.id.clone());
                    chained(
                        &subject,
                        before.as_ref().map(|it| &it.journal),
                        &after.journal,
                        &entries,
                    )?;
                    operation(before.as_ref(), &after)?;
                    if before.as_ref().is_none_or(|it| it.status != after.status) {
                        for application in &after.applications {
                            expected_events += urls(application, CallbackType::OperationStatusChange);
                        }
                    }
                }
                APPLICATION => {
                    let before = before.as_ref().map(|body| Application::decode(body).unwrap());
                    let after = Application::decode(after).unwrap();
                    let subject = Subject::Application(after.id.clone());
                    chained(
                        &subject,
                        before.as_ref().map(|it| &it.journal),
                        &after.journal,
                        &entries,
                    )?;
                }
                _ => {}
            }
        }
        let fresh = changes
            .iter()
            .filter(|(key, before, _)| key.collection == EVENT && before.is_none());
        let keys: BTreeSet<String> = fresh
            .clone()
            .map(|(_, _, body)| CallbackEvent::decode(body).unwrap().id)
            .collect();
        ensure!(keys.len() == fresh.count(), "I7: two events with one key");
        ensure!(
            keys.len() >= expected_events,
            "I7: {} events for {expected_events} URLs",
            keys.len()
        );
        Ok(outcome)
    }
}

/// The journal grows by exactly the entries of the batch, chained.
fn chained(subject: &Subject, before: Option<&Head>, after: &Head, entries: &[Entry]) -> Verdict {
    let none = Head::default();
    let mut head = before.unwrap_or(&none).clone();
    let mut own: Vec<&Entry> = entries.iter().filter(|it| it.subject == *subject).collect();
    own.sort_by_key(|it| it.number);
    for entry in own {
        ensure!(
            entry.number == head.length && entry.previous == head.hash,
            "I7: a broken chain"
        );
        head.length += 1;
        head.hash = journal::hash(entry);
    }
    ensure!(
        head == *after,
        "I7: {subject:?} counts {} entries, not {}",
        after.length,
        head.length
    );
    Ok(())
}

fn activation(before: Option<&Activation>, after: &Activation) -> Verdict {
    use ActivationStatus::{Active, Blocked, Created, PendingCommit, Removed};
    let Some(before) = before else {
        return Ok(());
    };
    let (from, to) = (before.status, after.status);
    ensure!(from != Removed || to == Removed, "I5: {from:?} to {to:?}");
    ensure!(to != Created || from == Created, "I5: {from:?} to {to:?}");
    let usable = matches!(to, PendingCommit | Active | Blocked);
    ensure!(
        !usable || after.keys.is_some() || from == to,
        "I5: {to:?} without keys"
    );
    let fixed = |it: &Activation| (it.id.clone(), it.application.clone(), it.user.clone(), it.created);
    ensure!(fixed(before) == fixed(after), "I6: another user or application");
    let unchanged = before.device_public.is_none() || before.device_public == after.device_public;
    ensure!(unchanged, "I6: another device key");
    ensure!(after.counter >= before.counter, "I2: the counter went back");
    ensure!(
        after.counter <= before.counter + LOOK_AHEAD + 1,
        "I2: the counter leapt"
    );
    if before.counter == after.counter && before.counter_data.is_some() {
        ensure!(
            before.counter_data == after.counter_data,
            "I2: another counter of the same number"
        );
    }
    ensure!(
        after.failed_attempts < after.max_failed_attempts || to != Active,
        "I3: {} of {} failures, and ACTIVE",
        after.failed_attempts,
        after.max_failed_attempts
    );
    ensure!(
        after.failed_attempts <= before.failed_attempts + 1,
        "I3: two failures at once"
    );
    Ok(())
}

fn operation(before: Option<&Payment>, after: &Payment) -> Verdict {
    let Some(before) = before else {
        ensure!(
            after.status == OperationStatus::Pending,
            "I5: born {:?}",
            after.status
        );
        return Ok(());
    };
    let pending = before.status == OperationStatus::Pending;
    ensure!(
        pending || before.status == after.status,
        "I5: {:?} to {:?}",
        before.status,
        after.status
    );
    let fixed = |it: &Payment| {
        (
            (
                it.id.clone(),
                it.applications.clone(),
                it.data.clone(),
                it.parameters.clone(),
            ),
            (
                it.signature_types.clone(),
                it.operation_type.clone(),
                it.activation.clone(),
                it.expires,
            ),
            (
                it.activation_flag.clone(),
                it.max_failure_count,
                it.totp_seed.clone(),
                it.created,
            ),
        )
    };
    ensure!(
        fixed(before) == fixed(after),
        "I6: what never changes has changed"
    );
    ensure!(
        before.user.is_none() || before.user == after.user,
        "I6: another user"
    );
    let steps = after.failure_count.saturating_sub(before.failure_count);
    ensure!(
        steps <= 1 && after.failure_count >= before.failure_count,
        "I3: failures of an operation"
    );
    let failed = after.failure_count >= after.max_failure_count;
    ensure!(
        !failed || after.status != OperationStatus::Pending,
        "I3: too many failures, and PENDING"
    );
    Ok(())
}

fn play(ground: &Ground, store: Arc<dyn Store>, seed: u64, verify: bool) -> usize {
    let mut story = Story::new(ground, store, seed);
    let verdict = story.play();
    let verdict = verdict.and_then(|()| {
        if !verify {
            return Ok(());
        }
        let report = block_on(audit::verify(&*story.store)).unwrap();
        ensure!(report.findings.is_empty(), "I7: {:?}", report.findings);
        Ok(())
    });
    if let Err(broken) = verdict {
        panic!(
            "{broken}\nCOUNTERSIGN_SEQUENCE={seed} plays it again:\n{}",
            story.told.join("\n")
        );
    }
    story.told.len()
}

#[test]
fn no_sequence_breaks_a_promise() {
    let ground = Ground::new();
    let only = std::env::var("COUNTERSIGN_SEQUENCE")
        .ok()
        .map(|it| it.parse::<u64>().unwrap());
    let seeds = only.map_or(0..SEQUENCES, |seed| seed..seed + 1);
    let count = seeds.end - seeds.start;
    let town = ground.town.store();
    let steps = spread(usize::try_from(count).unwrap(), |number| {
        let seed = seeds.start + number as u64;
        play(&ground, Arc::new(town.clone()), seed, seed.is_multiple_of(10))
    });
    let steps: usize = steps.iter().sum();
    println!(
        "{count} sequences, {steps} steps, {} prepared requests",
        ground.asks.len()
    );
}

#[cfg(feature = "sqlite")]
#[test]
fn nor_on_sqlite() {
    let ground = Ground::new();
    let folder = std::env::temp_dir().join(format!("countersign-sequences-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("bank.sqlite");
    // One database, in which all sequences happen: the town is in it once, and grows.
    let store = Arc::new(countersign::store::SqliteStore::open(&path).unwrap());
    ground.town.fill(&*store);
    let mut steps = 0;
    for seed in 0..ON_DISK {
        steps += play(&ground, store.clone(), seed, seed % 10 == 0);
    }
    drop(store);
    std::fs::remove_dir_all(&folder).unwrap();
    println!("{ON_DISK} sequences on SQLite, {steps} steps");
}

/// The checks see what they are for.
#[test]
fn a_broken_promise_is_seen() {
    let ground = Ground::new();
    let store = Arc::new(ground.town.store());
    let mut story = Story::new(&ground, store.clone(), 1);
    let ask = ground.logins[0][0].clone();
    assert_eq!(story.step(&ask), Ok(()));
    let valid = Outcome {
        answer: Answer {
            status: 200,
            body: json!({ "status": "OK", "responseObject": { "signatureValid": true } })
                .to_string()
                .into_bytes(),
        },
        applied: true,
        failed: false,
    };
    assert_eq!(story.judge(&ask, &valid).unwrap_err(), "I1: accepted again");
    let other = ground.logins[1][0].clone();
    let silent = Outcome {
        applied: false,
        ..valid
    };
    assert_eq!(
        story.judge(&other, &silent).unwrap_err(),
        "I2: valid, and nothing was written"
    );
    let record = store
        .records()
        .into_iter()
        .find(|it| it.key.collection == ACTIVATION);
    let before = Activation::decode(&record.unwrap().body).unwrap();
    for (change, promise) in [
        ((|it| it.counter += 100) as fn(&mut Activation), "I2"),
        (|it| it.user.push('x'), "I6"),
        (|it| it.failed_attempts += 2, "I3"),
    ] {
        let mut after = before.clone();
        change(&mut after);
        let broken = activation(Some(&before), &after).unwrap_err();
        assert!(broken.starts_with(promise), "{broken}");
    }
    let mut removed = before.clone();
    removed.status = ActivationStatus::Removed;
    assert!(activation(Some(&removed), &before).unwrap_err().starts_with("I5"));
    let missing = chained(
        &Subject::Activation(before.id.clone()),
        None,
        &before.journal,
        &[],
    );
    assert!(missing.unwrap_err().starts_with("I7"));
}
