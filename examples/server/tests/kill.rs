//! The server is killed (kill -9) under load, again and again, on one SQLite file. Afterwards the file
//! opens, nothing was accepted twice, and no acknowledged result is lost (invariants I1, I2, I3, I7).
//!
//! 5 loops; `cargo xtask kill --loops N` runs N.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::HashSet;
use std::time::Duration;

use countersign::client::CounterState;
use countersign::engine::journal;
use countersign::model::activation::{ACTIVATION, Activation};
use countersign::model::journal::{Entry, Event, Head, JOURNAL, Subject};
use countersign::store::{Answer, Entity, Key, Query, Record, SqliteStore, Store};
use serde_json::json;
use support::phone::{Phone, Signed};
use support::{Auth, Files, Server, files};

const APPLICATION: &str = "bank";
const PHONES: usize = 4;
/// Failures in a row that a phone may see, unanswered ones included: 5 block it, and the checks
/// after a kill cause two more.
const FAILURES_IN_A_ROW: usize = 2;

/// What the bank sent and what it was told.
struct Attempt {
    signed: Signed,
    /// Made with the right PIN.
    right: bool,
    answer: Option<bool>,
}

/// A phone, and everything the bank knows about it.
struct Customer {
    phone: Phone,
    /// Since the last check.
    attempts: Vec<Attempt>,
    failures: usize,
    last_accepted: Option<Signed>,
    /// The journal as it was at the last check.
    seen: Head,
    accepted: HashSet<String>,
    dice: Dice,
}

/// Pseudo-random choices; their seed is printed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

#[derive(Default)]
struct Totals {
    answered: usize,
    unanswered: usize,
    applied_unanswered: usize,
    created: usize,
}

impl Customer {
    /// One attempt: mostly right, sometimes a replay, sometimes a wrong PIN. False when the server is gone.
    fn try_once(&mut self, server: &Server, auth: &Auth) -> bool {
        let choice = if self.failures < FAILURES_IN_A_ROW {
            self.dice.roll(10)
        } else {
            9
        };
        let (signed, right, expected) = match (choice, &self.last_accepted) {
            (0 | 1, Some(replayed)) => (replayed.clone(), true, false),
            (2, _) => (self.phone.sign(false), false, false),
            _ => (self.phone.sign(true), true, true),
        };
        let answer = self.phone.verify(server, auth, &signed);
        self.note(signed, right, answer);
        if let Some(valid) = answer {
            assert_eq!(valid, expected, "choice {choice}");
        }
        answer.is_some()
    }

    fn note(&mut self, signed: Signed, right: bool, answer: Option<bool>) {
        if answer == Some(true) {
            self.failures = 0;
            self.last_accepted = Some(signed.clone());
        } else {
            self.failures += 1;
        }
        self.attempts.push(Attempt {
            signed,
            right,
            answer,
        });
    }

    /// Compares the journal with what was answered: the same attempts, in the same order, with the same
    /// outcome; only one without an answer may be missing. Answers that one.
    fn compare(&mut self, store: &SqliteStore, totals: &mut Totals) -> Option<Attempt> {
        let (activation, entries) = journal_since(store, &self.phone.activation, &self.seen);
        let mut recorded = entries
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::Signature(signature) => Some(signature),
                _ => None,
            })
            .peekable();
        let mut open = None;
        let mut counter = 0;
        for attempt in std::mem::take(&mut self.attempts) {
            let Attempt { signed, answer, .. } = &attempt;
            let record = match answer {
                Some(_) => Some(
                    recorded
                        .next()
                        .expect("an answered attempt is not in the journal"),
                ),
                None => recorded.next_if(|record| record.signature == signed.signature),
            };
            totals.answered += usize::from(answer.is_some());
            totals.unanswered += usize::from(answer.is_none());
            totals.applied_unanswered += usize::from(answer.is_none() && record.is_some());
            if let Some(record) = record {
                assert_eq!(record.signature, signed.signature);
                let same = answer.is_none_or(|valid| valid == record.valid);
                assert!(same, "another outcome than answered");
                assert!(record.counter >= counter, "the counter went back");
                counter = record.counter + u64::from(record.valid);
                if record.valid {
                    assert!(self.accepted.insert(signed.signature.clone()), "accepted twice");
                }
            }
            if answer.is_none() {
                open = Some(attempt);
            }
        }
        assert!(
            recorded.next().is_none(),
            "the journal has attempts that nobody made"
        );
        assert!(activation.counter >= counter, "the counter went back");
        self.seen = activation.journal;
        open
    }

    /// After a restart: what was accepted is not accepted again, and what was not can still be used.
    fn settle(&mut self, server: &Server, auth: &Auth, open: Option<Attempt>) {
        if let Some(replayed) = self.last_accepted.clone() {
            let answer = self.phone.verify(server, auth, &replayed);
            assert_eq!(answer, Some(false), "accepted before the kill and after it");
            self.note(replayed, true, answer);
        }
        if let Some(Attempt { signed, right, .. }) = open {
            let usable = right && !self.accepted.contains(&signed.signature);
            let answer = self.phone.verify(server, auth, &signed);
            assert_eq!(answer, Some(usable), "an attempt that was cut off");
            self.note(signed, right, answer);
        }
        let signed = self.phone.sign(true);
        let answer = self.phone.verify(server, auth, &signed);
        assert_eq!(answer, Some(true), "a right signature after the restart");
        self.note(signed, true, answer);
        let status = self.phone.status(server);
        assert_eq!(
            (status.counter, status.failed_attempts),
            (CounterState::InSync, 0)
        );
    }
}

fn get(store: &SqliteStore, keys: Vec<Key>) -> Vec<Record> {
    let queries: Vec<Query> = keys.into_iter().map(Query::Get).collect();
    let answers = pollster::block_on(store.read(&queries)).unwrap();
    let record = |answer| match answer {
        Answer::Record(record) => record.expect("a record is missing"),
        Answer::Page(_) => panic!("a page for a key"),
    };
    answers.into_iter().map(record).collect()
}

/// The activation, and its journal after `seen`, each entry chained to the one before.
fn journal_since(store: &SqliteStore, activation: &str, seen: &Head) -> (Activation, Vec<Entry>) {
    let record = get(store, vec![Key::new(ACTIVATION, activation)]).remove(0);
    let activation = Activation::decode(&record.body).unwrap();
    let subject = Subject::Activation(activation.id.clone());
    let head = &activation.journal;
    assert!(head.length >= seen.length, "the journal became shorter");
    let keys = (seen.length..head.length).map(|number| Key::new(JOURNAL, subject.entry_id(number)));
    let mut hash = seen.hash.clone();
    let mut entries = Vec::new();
    for record in get(store, keys.collect()) {
        let entry = Entry::decode(&record.body).unwrap();
        assert_eq!(entry.previous, hash, "the chain is broken");
        hash = journal::hash(&entry);
        entries.push(entry);
    }
    assert_eq!(head.hash, hash, "the chain has another end");
    (activation, entries)
}

fn check_file(files: &Files) {
    let connection = rusqlite::Connection::open(files.database()).unwrap();
    let verdict: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(verdict, "ok");
}

/// Load on all phones, and applications being created, until the server is gone.
fn load(server: Server, auth: &Auth, customers: &mut [Customer], created: &mut Vec<String>, after: Duration) {
    let mut attempted = None;
    std::thread::scope(|scope| {
        let server = &server;
        for customer in customers {
            scope.spawn(move || while customer.try_once(server, auth) {});
        }
        let (created, attempted) = (&mut *created, &mut attempted);
        scope.spawn(move || {
            loop {
                let name = format!("application-{}", created.len());
                let request = json!({ "applicationId": name });
                match server.try_post("/rest/v3/application/create", Some(auth), &request) {
                    Ok((200, _)) => created.push(name),
                    Ok((503, _)) | Err(_) => return *attempted = Some(name),
                    Ok(other) => panic!("{other:?}"),
                }
            }
        });
        std::thread::sleep(after);
        server.signal(rustix::process::Signal::KILL);
    });
    server.kill();
    // Without an answer it may exist or not; the next loop needs another name.
    created.extend(attempted.map(|name| format!("?{name}")));
}

fn check_applications(server: &Server, auth: &Auth, created: &[String]) {
    let list = server.ok("/rest/v3/application/list", auth, &json!({}));
    let names: HashSet<&str> = list["applications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["applicationId"].as_str().unwrap())
        .collect();
    for name in created.iter().filter(|name| !name.starts_with('?')) {
        assert!(names.contains(name.as_str()), "{name} was created and is gone");
    }
}

#[test]
fn nothing_answered_is_lost_and_nothing_accepted_twice() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let loops = number("COUNTERSIGN_KILL_LOOPS").unwrap_or(5);
    let seed = number("COUNTERSIGN_KILL_SEED").unwrap_or_else(|| getrandom::u64().unwrap()) | 1;
    println!("seed {seed}");
    let mut dice = Dice(seed);
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let mut server = Server::start(&files, &["--log-level", "warn"]);
    let auth = files.integration();
    server.ok(
        "/rest/v3/application/create",
        &auth,
        &json!({ "applicationId": APPLICATION }),
    );
    let mut customers: Vec<Customer> = (0..PHONES)
        .map(|number| Customer {
            phone: Phone::activate(&server, &auth, APPLICATION, &format!("user-{number}")),
            attempts: Vec::new(),
            failures: 0,
            last_accepted: None,
            seen: Head::default(),
            accepted: HashSet::new(),
            dice: Dice(dice.roll(u64::MAX) | 1),
        })
        .collect();

    let mut totals = Totals::default();
    let mut created = Vec::new();
    for _ in 0..loops {
        let after = Duration::from_micros(20_000 + dice.roll(400_000));
        load(server, &auth, &mut customers, &mut created, after);
        check_file(&files);
        let store = SqliteStore::open(files.database()).unwrap();
        let open: Vec<_> = customers
            .iter_mut()
            .map(|customer| customer.compare(&store, &mut totals))
            .collect();
        store.close();
        server = Server::start(&files, &["--log-level", "warn"]);
        for (customer, open) in customers.iter_mut().zip(open) {
            customer.settle(&server, &auth, open);
        }
        check_applications(&server, &auth, &created);
    }
    assert_eq!(server.stop().0, Some(0));
    let store = SqliteStore::open(files.database()).unwrap();
    for customer in &mut customers {
        assert!(customer.compare(&store, &mut totals).is_none());
    }
    totals.created = created.iter().filter(|name| !name.starts_with('?')).count();

    let Totals {
        answered,
        unanswered,
        applied_unanswered,
        created,
    } = totals;
    println!(
        "{loops} kills: {answered} answers and {created} creations all there, \
         {unanswered} attempts without an answer of which {applied_unanswered} had been applied, none twice"
    );
    let expected = usize::try_from(loops).unwrap();
    assert!(answered > expected * PHONES && created > 0, "there was no load");
    assert!(unanswered > 0, "no kill hit a running request");
}
