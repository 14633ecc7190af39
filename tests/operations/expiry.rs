//! Part 2, section 6: lazily and by the housekeeping, exactly once.

use countersign::engine::operation::expire;
use countersign::model::activation::{Activation, ActivationStatus};
use serde_json::json;

use super::world::{APP, START, USER, World, approval, text};

const EXPIRES: u64 = START + 300_000;

#[test]
fn strictly_after_the_moment() {
    let world = World::new();
    let id = world.new_id(json!({}));
    world.host.set(EXPIRES);
    assert_eq!(world.detail(&id)["status"], "PENDING");
    assert_eq!(world.decide(|engine, tx| expire::operations(engine, tx, 10)), 0);
    let last = world.new_id(json!({ "timestampExpires": EXPIRES }));
    assert_eq!(
        world.ok("operation/approve", approval(&last, json!({})))["result"],
        "APPROVED"
    );
    world.host.set(EXPIRES + 1);
    let detail = world.detail(&id);
    assert_eq!(
        (&detail["status"], &detail["timestampFinalized"]),
        (&json!("EXPIRED"), &json!(null))
    );
}

#[test]
fn whoever_notices_it_first_tells_it_once() {
    let list = json!({ "userId": USER, "applications": [APP] });
    let external = json!({ "externalId": "E", "applications": [APP] });
    let mut ways = 0;
    for first in 0..8 {
        let world = World::new();
        let id = world.new_id(json!({ "externalId": "E" }));
        world.host.set(EXPIRES + 1);
        for turn in 0..8 {
            let one = json!({ "operationId": id });
            match (first + turn) % 8 {
                0 => assert_eq!(world.detail(&id)["status"], "EXPIRED"),
                1 => assert_eq!(world.ok("operation/list", list.clone())[0]["status"], "EXPIRED"),
                2 => assert_eq!(world.ok("operation/list/pending", list.clone()), json!([])),
                3 => assert_eq!(
                    world.ok("operation/list/external", external.clone())[0]["status"],
                    "EXPIRED"
                ),
                4 => assert_eq!(
                    world.code("operation/approve", approval(&id, json!({}))),
                    "ERR0037"
                ),
                5 => assert_eq!(world.code("operation/cancel", one), "ERR0036"),
                6 => assert_eq!(world.code("operation/approve/fail", one), "ERR0036"),
                _ => {
                    let expired = world.decide(|engine, tx| expire::operations(engine, tx, 10));
                    assert_eq!(expired, usize::from(turn == 0));
                }
            }
            assert_eq!(world.kinds(&id), ["operation_created", "operation_expired"]);
            let states: Vec<_> = world
                .bodies(&id)
                .into_iter()
                .map(|it| text(&it, "status"))
                .collect();
            assert_eq!(states, ["PENDING", "EXPIRED"]);
            ways += 1;
        }
    }
    println!("{ways} requests");
}

#[test]
fn a_pending_page_shrinks() {
    let world = World::new();
    for at in 0..5_u64 {
        world.host.set(START + at);
        world.new_id(json!({ "timestampExpires": START + 1_000 + at }));
    }
    // Three of five are over: the two newest are left.
    world.host.set(START + 1_003);
    let page = |number: u64| {
        let request = json!({ "userId": USER, "applications": [APP], "pageNumber": number, "pageSize": 3 });
        world
            .ok("operation/list/pending", request)
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((page(0), page(1)), (2, 0));
    assert_eq!(page(0), 2);
}

#[test]
fn housekeeping_in_bounded_batches() {
    let world = World::new();
    for _ in 0..3 {
        world.callback(APP, &["status"]);
    }
    let ids: Vec<String> = (0..250).map(|_| world.new_id(json!({}))).collect();
    let pending = world.new_id(json!({ "timestampExpires": EXPIRES + 60_000 }));
    world.host.set(EXPIRES + 1);
    assert_eq!(world.decide(|engine, tx| expire::operations(engine, tx, 7)), 7);
    let mut batches = Vec::new();
    loop {
        let expired = world.decide(|engine, tx| expire::operations(engine, tx, u32::MAX));
        if expired == 0 {
            break;
        }
        batches.push(expired);
    }
    assert_eq!(batches.iter().sum::<usize>(), 243);
    // Record, journal entry, check and four events each: a batch has room for about sixty.
    assert!(
        batches.iter().all(|size| *size <= 60) && batches.len() >= 4,
        "{batches:?}"
    );
    for id in &ids {
        assert_eq!(world.kinds(id), ["operation_created", "operation_expired"]);
    }
    assert_eq!(world.detail(&pending)["status"], "PENDING");
    println!("{} expired in {} batches", ids.len(), batches.len() + 1);
}

#[test]
fn a_long_list_of_overdue_operations_fits_into_batches() {
    let world = World::new();
    let ids: Vec<String> = (0..300).map(|_| world.new_id(json!({}))).collect();
    world.host.set(EXPIRES + 1);
    let list = json!({ "userId": USER, "applications": [APP], "pageSize": 1_000 });
    let mut calls = 0;
    loop {
        let shown = world.ok("operation/list", list.clone());
        let shown = shown.as_array().unwrap();
        assert_eq!(shown.len(), ids.len());
        // What did not fit is shown as what it is, and written by one of the next calls.
        assert!(shown.iter().all(|it| it["status"] == "EXPIRED"));
        calls += 1;
        if ids.iter().all(|id| world.record(id).status.name() == "EXPIRED") {
            break;
        }
    }
    assert!(ids.iter().all(|id| world.kinds(id).len() == 2));
    assert!((2..10).contains(&calls), "{calls}");
    println!("{} operations, {calls} calls", ids.len());
}

#[test]
fn activations_that_nobody_committed() {
    let world = World::new();
    world.ok(
        "application/callback/create",
        json!({
            "applicationId": APP, "name": "act", "type": "ACTIVATION_STATUS_CHANGE",
            "callbackUrl": "https://bank.example/act", "attributes": ["activationStatus"]
        }),
    );
    let ids: Vec<String> = (0..5)
        .map(|_| {
            let request = json!({ "userId": USER, "applicationId": APP });
            text(&world.ok("activation/init", request), "activationId")
        })
        .collect();
    let removed = |world: &World| {
        let bodies = world.events().into_iter().map(|it| it.body);
        bodies.filter(|body| body.contains("REMOVED")).count()
    };
    world.host.set(START + 300_000);
    assert_eq!(world.decide(|engine, tx| expire::activations(engine, tx, 10)), 0);
    world.host.set(START + 300_001);
    assert_eq!(world.decide(|engine, tx| expire::activations(engine, tx, 3)), 3);
    assert_eq!(world.decide(|engine, tx| expire::activations(engine, tx, 3)), 2);
    assert_eq!(world.decide(|engine, tx| expire::activations(engine, tx, 3)), 0);
    for id in &ids {
        let activation = world.get::<Activation>(id).unwrap();
        assert_eq!(
            (activation.status, activation.journal.length),
            (ActivationStatus::Removed, 2)
        );
    }
    assert_eq!(removed(&world), 5);
}
