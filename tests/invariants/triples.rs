//! Three actions that race for one operation, through the dispatcher: two phones, the back end, and a
//! node whose clock is ahead, so that the operation is over there and not yet elsewhere (I5, I6, I7).
//!
//! Each run is one order of the steps of the three calls over a fresh copy of the world. Its outcome must
//! be that of the same calls one after the other, in one of the six ways to do that.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use countersign::api::Api;
use countersign::client::{Approval, RejectReason};
use countersign::crypto::version::ProtocolVersion;
use countersign::engine::journal;
use countersign::model::callback::{CallbackEvent, EVENT};
use countersign::model::journal::{Event, Subject};
use countersign::model::operation::Operation;
use countersign::store::planted::{self, Planted};
use countersign::store::{Entity, Host, MemoryStore};
use serde_json::{Value, json};

use crate::support::explore::{Schedule, interleave_nodes, one_by_one, orders};
use crate::support::prelude::APPLICATION;
use crate::support::records::{entries, get};
use crate::support::{Answer, Ask, Clock, Factors, Phone, Prelude, World, activation};

/// Orders of one triple that are run one after the other; of triples that have more …
const ORDERS: usize = 400;
/// … so many more are thrown.
const THROWN: u64 = 100;
/// URLs that hear of every change.
const URLS: usize = 2;

/// What can happen to the operation.
struct Action {
    name: &'static str,
    ask: Ask,
    /// On the node whose clock is ahead.
    late: bool,
}

/// A pending operation that nobody has claimed, and all actions on it.
struct Arena {
    prelude: Prelude,
    api: Arc<Api>,
    id: String,
    expires: u64,
    phones: [String; 2],
    actions: Vec<Action>,
}

impl Arena {
    fn new() -> Self {
        let mut prelude = Prelude::build(ProtocolVersion::V3_2, 2, |_| {});
        let phones = [0, 1].map(|number| prelude.phone(number, 50));
        let ids = [phones[0].id(), phones[1].id()];
        let (mut id, mut actions) = (String::new(), Vec::new());
        prelude.extend(|world| {
            let operation = operation(world);
            id = operation["id"].as_str().unwrap().to_owned();
            actions = all_actions(world, &operation, phones);
        });
        let expires = prelude.now + 300_000;
        Self {
            prelude,
            api: World::over(MemoryStore::new()).api,
            id,
            expires,
            phones: ids,
            actions,
        }
    }

    /// The actions of a triple, on nodes as they are at the beginning.
    fn nodes<'a>(&'a self, triple: &[usize], now: &'a [Clock; 2]) -> Vec<(&'a Ask, &'a dyn Host)> {
        let action = |number: &usize| &self.actions[*number];
        let node = |action: &'a Action| (&action.ask, &now[usize::from(action.late)] as &dyn Host);
        triple.iter().map(action).map(node).collect()
    }

    /// The clock of most nodes, at the last moment of the operation, and one that is ahead.
    fn clocks(&self) -> [Clock; 2] {
        [Clock::new(61, self.expires), Clock::new(62, self.expires + 1)]
    }
}

/// A template with two attempts, URLs that listen, and an operation of nobody.
fn operation(world: &World) -> Value {
    let template = json!({
        "templateName": "pay", "operationType": "pay", "dataTemplate": "A1*A${amount}EUR",
        "signatureType": ["POSSESSION_KNOWLEDGE"], "maxFailureCount": 2, "expiration": 300,
    });
    world.rest("/operation/template/create", &template).ok();
    for number in 0..URLS {
        let url = json!({
            "applicationId": APPLICATION, "name": format!("url {number}"), "type": "OPERATION_STATUS_CHANGE",
            "callbackUrl": "http://localhost/", "attributes": ["status", "failureCount"],
        });
        world.rest("/application/callback/create", &url).ok();
    }
    let request = json!({
        "applications": [APPLICATION], "templateName": "pay", "parameters": { "amount": "100" },
    });
    world.rest("/operation/create", &request).ok()
}

fn all_actions(world: &World, operation: &Value, phones: [Phone; 2]) -> Vec<Action> {
    let text = |name: &str| operation[name].as_str().unwrap();
    let (id, data, now) = (text("id"), text("data"), world.now());
    let approve = |mut phone: Phone| {
        let approval = Approval {
            operation_id: id,
            data,
            proximity: None,
            mobile_token_data: None,
        };
        let call = phone.with(Factors::Pin, |device, authentication, rng| {
            device.approve_operation(&approval, authentication, now, rng)
        });
        Ask::from(&call.unwrap().assume_saved().request)
    };
    let [mut first, second] = phones;
    let again = Phone::from_state(&first.device.to_state(), first.position, 70);
    let reject = first.with(Factors::Possession, |device, _, rng| {
        device.reject_operation(id, RejectReason::Unknown, rng)
    });
    let reject = Ask::from(&reject.unwrap().assume_saved().request);
    let one = json!({ "operationId": id });
    let claim = json!({ "operationId": id, "userId": "user0" });
    let on_time = [
        ("approve by phone A", approve(again)),
        ("approve by phone B", approve(second)),
        ("reject by phone A", reject),
        ("cancel", Ask::rest("/operation/cancel", &one)),
        ("fail", Ask::rest("/operation/approve/fail", &one)),
        ("claim", Ask::rest("/operation/detail", &claim)),
    ];
    let action = |late| move |(name, ask)| Action { name, ask, late };
    let mut actions: Vec<Action> = on_time.into_iter().map(action(false)).collect();
    actions.push(action(true)(("expire", Ask::rest("/operation/detail", &one))));
    actions
}

/// What is there at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
    answers: Vec<(u16, String)>,
    end: &'static str,
    user: Option<String>,
    failures: u64,
    /// Kinds of the journal's entries, in order.
    kinds: Vec<String>,
    /// Counters of the phones.
    counters: [u64; 2],
}

/// The whole outcome, after a look at what must hold whatever the order was.
fn outcome(arena: &Arena, store: &MemoryStore, answers: &[Answer], case: &str) -> Outcome {
    let operation: Operation = get(store, &arena.id).unwrap();
    let (kinds, end) = (kinds(store, &operation, case), operation.status.name());
    let failures = operation.failure_count;
    // One terminal state, entered once.
    let ended: Vec<&String> = kinds.iter().filter(|kind| terminal(kind).is_some()).collect();
    let expected = if end == "PENDING" { 0 } else { 1 };
    assert_eq!(ended.len(), expected, "{case}: {kinds:?}");
    assert!(
        ended.iter().all(|kind| terminal(kind) == Some(end)),
        "{case}: {kinds:?} and {end}"
    );
    assert!(
        ended.is_empty() || ended[0] == kinds.last().unwrap(),
        "{case}: something after the end"
    );
    // Each failure is one entry.
    let failed = kinds
        .iter()
        .filter(|kind| matches!(&***kind, "operation_approval_failed" | "operation_failed"));
    assert_eq!(
        u64::try_from(failed.count()).unwrap(),
        failures,
        "{case}: {kinds:?}"
    );
    check_events(store, &kinds, case);
    let said = |answer: &Answer| {
        let object = answer.object();
        let said =
            ["code", "result", "status"].map(|name| object[name].as_str().unwrap_or_default().to_owned());
        (answer.status, said.concat())
    };
    Outcome {
        answers: answers.iter().map(said).collect(),
        end,
        user: operation.user,
        failures,
        kinds,
        counters: [0, 1].map(|number: usize| activation(store, &arena.phones[number]).counter),
    }
}

/// The state that an entry of this kind leads to, when it is an end.
fn terminal(kind: &str) -> Option<&'static str> {
    match kind {
        "operation_approved" => Some("APPROVED"),
        "operation_rejected" => Some("REJECTED"),
        "operation_canceled" => Some("CANCELED"),
        "operation_failed" => Some("FAILED"),
        "operation_expired" => Some("EXPIRED"),
        _ => None,
    }
}

/// Kinds of the entries, once the chain is checked.
fn kinds(store: &MemoryStore, operation: &Operation, case: &str) -> Vec<String> {
    let subject = Subject::Operation(operation.id.clone());
    let mut previous = Vec::new();
    let mut kinds = Vec::new();
    for entry in entries(store, &subject, &operation.journal) {
        assert_eq!(entry.previous, previous, "{case}");
        previous = journal::hash(&entry);
        match entry.event {
            Event::Note(note) => kinds.push(note.kind),
            other => panic!("{case}: {other:?}"),
        }
    }
    assert_eq!(
        operation.journal.hash, previous,
        "{case}: the head is not the newest entry"
    );
    kinds
}

/// One event per URL for every change that is told: all but a claim.
fn check_events(store: &MemoryStore, kinds: &[String], case: &str) {
    let mut expected: BTreeMap<(&str, u64), usize> = BTreeMap::new();
    let mut failures = 0;
    for kind in kinds {
        failures += u64::from(matches!(
            &**kind,
            "operation_approval_failed" | "operation_failed"
        ));
        let state = match &**kind {
            "operation_claimed" => continue,
            "operation_created" | "operation_approval_failed" => "PENDING",
            kind => terminal(kind).unwrap_or_else(|| panic!("{case}: {kind}")),
        };
        *expected.entry((state, failures)).or_default() += URLS;
    }
    let mut urls: BTreeMap<String, usize> = BTreeMap::new();
    let mut told: BTreeMap<(String, u64), usize> = BTreeMap::new();
    for record in store
        .records()
        .iter()
        .filter(|record| record.key.collection == EVENT)
    {
        let event = CallbackEvent::decode(&record.body).unwrap();
        let body: Value = serde_json::from_str(&event.body).unwrap();
        let said = (
            body["status"].as_str().unwrap().to_owned(),
            body["failureCount"].as_u64().unwrap(),
        );
        *told.entry(said).or_default() += 1;
        *urls.entry(event.url).or_default() += 1;
    }
    let expected: BTreeMap<_, _> = expected
        .iter()
        .map(|((state, it), n)| ((state.to_string(), *it), *n))
        .collect();
    assert_eq!(told, expected, "{case}: {kinds:?}");
    let counts: BTreeSet<usize> = urls.values().copied().collect();
    assert!(urls.len() == URLS && counts.len() == 1, "{case}: {urls:?}");
}

/// What was run.
#[derive(Debug, Default)]
struct Tally {
    orders: usize,
    ends: BTreeMap<&'static str, usize>,
}

/// Races `triple`: the first orders of its steps, and some that are thrown when there are more. Answers
/// whether these were all.
fn race(arena: &Arena, triple: [usize; 3], tally: &mut Tally) -> bool {
    let names = triple.map(|number| arena.actions[number].name);
    let allowed = orders(3).into_iter().map(|order| {
        let (store, clocks) = (arena.prelude.memory(), arena.clocks());
        let answers = one_by_one(&arena.api, &store, &arena.nodes(&triple, &clocks), &order);
        outcome(arena, &store, &answers, &format!("{names:?} in order {order:?}"))
    });
    let allowed: Vec<Outcome> = allowed.collect();
    let mut run = |schedule: &mut Schedule| {
        let (store, clocks) = (arena.prelude.memory(), arena.clocks());
        let nodes = arena.nodes(&triple, &clocks);
        let answers = interleave_nodes(&arena.api, &store, &nodes, schedule);
        let case = format!("{names:?} in {schedule:?}");
        let seen = outcome(arena, &store, &answers, &case);
        assert!(
            allowed.contains(&seen),
            "{case}: {seen:#?}, one after the other: {allowed:#?}"
        );
        *tally.ends.entry(seen.end).or_default() += 1;
        tally.orders += 1;
    };
    let mut next = Some(Schedule::default());
    for _ in 0..ORDERS {
        let Some(mut schedule) = next.take() else {
            return true;
        };
        run(&mut schedule);
        next = schedule.next();
    }
    if next.is_some() {
        (0..THROWN).for_each(|number| run(&mut Schedule::thrown(number)));
    }
    next.is_none()
}

fn triples(actions: usize) -> Vec<[usize; 3]> {
    let from = |first: usize| {
        (first..actions).flat_map(move |second| (second..actions).map(move |third| [first, second, third]))
    };
    (0..actions).flat_map(from).collect()
}

#[test]
fn three_actions_end_an_operation_once() {
    let (arena, mut tally, mut whole) = (Arena::new(), Tally::default(), 0);
    let triples = triples(arena.actions.len());
    for triple in &triples {
        whole += usize::from(race(&arena, *triple, &mut tally));
    }
    let (count, orders, ends) = (triples.len(), tally.orders, &tally.ends);
    println!("{count} triples, {orders} orders of their steps, all orders of {whole} triples: {ends:?}");
    assert_eq!((count, ends.len()), (84, 6));
    assert!(orders >= 10_000);
}

#[test]
fn planted_bugs_are_found() {
    let arena = Arena::new();
    for bug in [Planted::TornBatch, Planted::DroppedCheck] {
        let found = triples(arena.actions.len()).into_iter().position(|triple| {
            let run = || race(&arena, triple, &mut Tally::default());
            planted::with(bug, || catch_unwind(AssertUnwindSafe(run)).is_err())
        });
        println!("{bug:?}: found by triple {found:?}");
        assert!(found.is_some(), "{bug:?}");
    }
}
