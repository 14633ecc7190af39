//! Actions that race for one activation, in every order of their steps (I5): the outcome is that of one
//! after the other, every step is one of the transition table, and each committed change has one entry
//! in an unbroken journal and one event for the listening URL (I7).

use std::collections::BTreeSet;

use countersign::crypto::version::ProtocolVersion;
use countersign::engine::journal;
use countersign::model::activation::ActivationStatus::{
    self, Active, Blocked, Created, PendingCommit, Removed,
};
use countersign::model::callback::{CallbackEvent, EVENT};
use countersign::model::journal::{Event, History, Subject};
use countersign::store::{Entity, Host, MemoryStore};
use serde_json::{Value, json};

use crate::support::explore::{Schedule, interleave, one_by_one};
use crate::support::prelude::APPLICATION;
use crate::support::records::{self, history};
use crate::support::{Answer, Ask, Clock, Factors, Phone, Prelude, World, activation};

/// Where the race begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    Created,
    CreatedOverdue,
    Pending,
    PendingOverdue,
    /// PENDING_COMMIT, where the commit asks for an OTP: a deliberately slow hash, so few actions.
    PendingOtp,
    Active,
    Blocked,
}

const STARTS: [Start; 7] = [
    Start::Created,
    Start::CreatedOverdue,
    Start::Pending,
    Start::PendingOverdue,
    Start::PendingOtp,
    Start::Active,
    Start::Blocked,
];

/// A world in which the race can be run as often as wanted, and what can happen in it.
struct Arena {
    start: Start,
    prelude: Prelude,
    id: String,
    now: u64,
    actions: Vec<(&'static str, Ask)>,
    /// Entries of the journal before the race.
    before: usize,
}

impl Arena {
    fn new(start: Start) -> Self {
        let mut prelude = Prelude::build(ProtocolVersion::V3_2, 0, |_| {});
        let application = prelude.application.clone();
        let (mut id, mut actions) = (String::new(), Vec::new());
        prelude.extend(|world| {
            let mut init = json!({ "userId": "joe", "applicationId": APPLICATION, "maxFailureCount": 1 });
            if start == Start::PendingOtp {
                init["activationOtpValidation"] = json!("ON_COMMIT");
                init["activationOtp"] = json!("0000");
            }
            let init = world.rest("/activation/init", &init).ok();
            id = init["activationId"].as_str().unwrap().to_owned();
            let code = init["activationCode"].as_str().unwrap();
            for (name, seed) in [("prepare", 7), ("prepare by another phone", 8)] {
                actions.push((name, Phone::exchange(world, &application, code, seed)));
            }
            if !matches!(start, Start::Created | Start::CreatedOverdue) {
                let mut phone = Phone::with_code(world, &application, code, 9);
                assert_eq!(phone.id(), id);
                let one = json!({ "activationId": id });
                if matches!(start, Start::Active | Start::Blocked) {
                    world.rest("/activation/commit", &one).ok();
                }
                if start == Start::Blocked {
                    world.rest("/activation/block", &one).ok();
                }
                let (right, wrong) = (phone.login(Factors::Pin), phone.login(Factors::WrongPin));
                actions.push(("a right code", right.ask()));
                actions.push(("a wrong code, which blocks", wrong.ask()));
            }
            let listener = json!({
                "applicationId": APPLICATION, "name": "listener", "type": "ACTIVATION_STATUS_CHANGE",
                "callbackUrl": "http://localhost/", "attributes": ["activationStatus"],
            });
            world.rest("/application/callback/create", &listener).ok();
        });
        if start == Start::PendingOtp {
            actions.clear();
        }
        actions.extend(managing(start, &id));
        let overdue = matches!(start, Start::CreatedOverdue | Start::PendingOverdue);
        let now = prelude.now + if overdue { 300_001 } else { 1 };
        let before = history(&prelude.memory(), &id).len();
        Self {
            start,
            prelude,
            id,
            now,
            actions,
            before,
        }
    }

    fn host(&self) -> Clock {
        Clock::new(3, self.now)
    }
}

/// What a back end can do with the activation.
fn managing(start: Start, id: &str) -> Vec<(&'static str, Ask)> {
    let ask = |path: &str, more: Value| {
        let mut object = json!({ "activationId": id });
        object
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        Ask::rest(&format!("/activation/{path}"), &object)
    };
    let override_to = |status: &str| {
        let object = json!({ "activationIds": [id], "activationStatus": status });
        Ask::rest("/activation/status/update", &object)
    };
    let mut actions = vec![
        ("remove", ask("remove", json!({}))),
        ("a reader", ask("status", json!({}))),
        ("override to REMOVED", override_to("REMOVED")),
    ];
    if start != Start::Pending {
        let new = json!({ "activationOtp": "2222" });
        actions.push(("OTP update", ask("otp/update", new)));
    }
    if start == Start::PendingOtp {
        actions.extend([
            ("commit", ask("commit", json!({ "activationOtp": "0000" }))),
            (
                "commit with a wrong OTP",
                ask("commit", json!({ "activationOtp": "1111" })),
            ),
        ]);
    } else {
        actions.extend([
            ("commit", ask("commit", json!({}))),
            ("block", ask("block", json!({}))),
            ("unblock", ask("unblock", json!({}))),
            ("rename", ask("name/update", json!({ "activationName": "phone" }))),
            ("override to ACTIVE", override_to("ACTIVE")),
            ("override to BLOCKED", override_to("BLOCKED")),
        ]);
    }
    actions
}

fn name(status: ActivationStatus) -> String {
    json!(status).as_str().unwrap().to_owned()
}

/// What the outside can see at the end: answers, state, and how much was written and told.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    answers: Vec<(u16, String, bool)>,
    end: String,
    failed_attempts: u64,
    counter: u64,
    entries: u64,
    told: Vec<String>,
}

fn outcome(arena: &Arena, store: &MemoryStore, answers: &[Answer]) -> Outcome {
    let record = activation(store, &arena.id);
    let answer = |answer: &Answer| (answer.status, answer.code(), answer.valid());
    Outcome {
        answers: answers.iter().map(answer).collect(),
        end: name(record.status),
        failed_attempts: record.failed_attempts,
        counter: record.counter,
        entries: record.journal.length,
        told: told(store),
    }
}

/// States in the events that wait for delivery, sorted.
fn told(store: &MemoryStore) -> Vec<String> {
    let events = store
        .records()
        .into_iter()
        .filter(|record| record.key.collection == EVENT);
    let status = |body: &str| serde_json::from_str::<Value>(body).unwrap()["activationStatus"].take();
    let mut told: Vec<String> = events
        .map(|record| {
            status(&CallbackEvent::decode(&record.body).unwrap().body)
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    told.sort();
    told
}

/// Steps of the transition table; staying is what a new name, a new OTP or a repeated removal does.
fn leads(from: ActivationStatus, to: ActivationStatus, overridden: bool) -> bool {
    match (from, to) {
        (from, to) if from == to => true,
        (Created, PendingCommit) | (PendingCommit, Active) | (Active, Blocked) | (Blocked, Active) => true,
        (Created | PendingCommit | Active | Blocked, Removed) => true,
        // Who overrides states may skip the commit.
        (PendingCommit, Blocked) => overridden,
        _ => false,
    }
}

/// Checks the journal from its first entry to its head, and what it says of the race.
fn check_journal(arena: &Arena, store: &MemoryStore, overridden: bool, case: &str) {
    let record = activation(store, &arena.id);
    let subject = Subject::Activation(arena.id.clone());
    let entries = records::entries(store, &subject, &record.journal);
    let mut previous = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        assert_eq!(usize::try_from(entry.number).unwrap(), number, "{case}");
        assert_eq!((&entry.subject, &entry.previous), (&subject, &previous), "{case}");
        previous = journal::hash(entry);
    }
    assert_eq!(
        record.journal.hash, previous,
        "{case}: the head is not the newest entry"
    );
    let all: usize = store
        .records()
        .iter()
        .filter(|it| it.key.id.starts_with(&subject.entry_id(0)[..38]))
        .count();
    assert_eq!(all, entries.len(), "{case}: an entry outside the chain");

    let changes = |from: usize| {
        let changes = entries[from..].iter().filter_map(|entry| match &entry.event {
            Event::History(history) => Some(history.clone()),
            _ => None,
        });
        changes.collect::<Vec<History>>()
    };
    for step in changes(0).windows(2) {
        assert!(
            leads(step[0].status, step[1].status, overridden),
            "{case}: {step:?}"
        );
    }
    assert_eq!(changes(0).last().unwrap().status, record.status, "{case}");
    // A new name tells no URL; every other change tells it once.
    let mut expected: Vec<String> = changes(arena.before)
        .iter()
        .filter(|change| change.reason.as_deref() != Some("ACTIVATION_NAME_UPDATED"))
        .map(|change| name(change.status))
        .collect();
    expected.sort();
    assert_eq!(told(store), expected, "{case}");
}

#[test]
fn racing_actions_are_as_one_after_the_other() {
    let api = World::over(MemoryStore::new()).api;
    let (mut pairs, mut runs, mut ends) = (0, 0, BTreeSet::new());
    for arena in STARTS.map(Arena::new) {
        let begun = runs;
        for (first, (one, ask_one)) in arena.actions.iter().enumerate() {
            for (two, ask_two) in &arena.actions[first..] {
                let asks = [ask_one, ask_two];
                let overridden = [one, two].iter().any(|name| name.starts_with("override"));
                let allowed = [[0, 1], [1, 0]].map(|order| {
                    let store = arena.prelude.memory();
                    let host = arena.host();
                    let asks = asks.map(|ask| (ask, &host as &dyn Host));
                    let answers = one_by_one(&api, &store, &asks, &order);
                    outcome(&arena, &store, &answers)
                });
                let mut next = Some(Schedule::default());
                while let Some(mut schedule) = next {
                    let store = arena.prelude.memory();
                    let answers = interleave(&api, &store, &arena.host(), &asks, &mut schedule);
                    let case = format!("{:?}: {one} and {two} in {schedule:?}", arena.start);
                    let seen = outcome(&arena, &store, &answers);
                    assert!(
                        allowed.contains(&seen),
                        "{case}: {seen:#?}, one after the other: {allowed:#?}"
                    );
                    check_journal(&arena, &store, overridden, &case);
                    ends.insert((format!("{:?}", arena.start), seen.end));
                    runs += 1;
                    next = schedule.next();
                }
                pairs += 1;
            }
        }
        println!(
            "{:?}: {} actions, {} orders",
            arena.start,
            arena.actions.len(),
            runs - begun
        );
    }
    println!("{pairs} pairs of actions, {runs} orders of their steps; start and end: {ends:?}");
    assert!(pairs >= 500 && runs >= 2_400);
    assert!(
        ends.iter()
            .all(|(start, end)| *end != "CREATED" || start.starts_with("Created"))
    );
    let reached = |status: ActivationStatus| ends.iter().any(|(_, end)| *end == name(status));
    assert!(
        [Created, PendingCommit, Active, Blocked, Removed]
            .into_iter()
            .all(reached)
    );
}
