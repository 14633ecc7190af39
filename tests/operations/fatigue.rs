//! Options against fatigue: a number that the user has to type, and a cap on pending operations.

use std::sync::Arc;

use countersign::api::Api;
use countersign::engine::{Config, Engine};
use countersign::store::{Input, Operation, Step};
use serde_json::{Value, json};

use super::world::{OTHER_APP, START, Still, USER, World, answer, approval, text};

fn world(change: impl FnOnce(&mut Config)) -> World {
    let world = World::new();
    let mut engine = Engine::clone(&world.engine);
    change(&mut engine.config);
    let engine = Arc::new(engine);
    World {
        api: Api::new(Arc::clone(&engine)).open_to_anybody(),
        engine,
        ..world
    }
}

fn approve(world: &World, id: &str, number: Value) -> String {
    let additional = match number {
        Value::Null => json!({}),
        number => json!({ "matchNumber": number }),
    };
    let request = approval(id, json!({ "additionalData": additional }));
    text(&world.ok("operation/approve", request), "result")
}

#[test]
fn a_number_from_the_page_that_asks() {
    let world = World::new();
    let mut seen = std::collections::BTreeSet::new();
    for round in 0..60 {
        let created = world.create(json!({ "numberMatching": true }));
        let (id, number) = (text(&created, "id"), text(&created, "matchNumber"));
        let value: u8 = number.parse().unwrap();
        assert!((10..=99).contains(&value), "{value}");
        seen.insert(value);
        let user = json!({ "userId": USER, "applicationId": "app" });
        let pending = world.ok("operation/list/pending", user.clone());
        assert_eq!(pending[0]["matchNumber"], json!(number));
        assert_eq!(world.detail(&id)["matchNumber"], json!(number));
        let listed = world.ok("operation/list", user);
        assert_eq!(
            listed[0].get("matchNumber"),
            None,
            "only where the page may need it"
        );
        assert!(
            !format!("{:?}", world.record(&id).number).contains(&format!("[{value}]")),
            "sealed"
        );

        let other = if value == 99 { 10 } else { value + 1 };
        let wrong = match round {
            0 => [Value::Null, json!(other)],
            _ => [json!(""), json!(format!(" {number}"))],
        };
        for wrong in wrong {
            assert_eq!(approve(&world, &id, wrong), "APPROVAL_FAILED");
        }
        let last = world.journal(&id).pop().unwrap();
        assert!(
            last.parameters.contains(r#""unmet":["number"]"#),
            "{}",
            last.parameters
        );
        let right = if round % 2 == 0 {
            json!(number)
        } else {
            json!(value)
        };
        assert_eq!(approve(&world, &id, right), "APPROVED");
        for note in world.journal(&id) {
            assert!(!note.parameters.contains("matchNumber"), "{}", note.parameters);
        }
    }
    println!("{} numbers", seen.len());
    assert!(seen.len() > 25);
}

#[test]
fn who_asks_may_differ_from_the_settings() {
    let world = World::new();
    let created = world.create(json!({}));
    assert_eq!(created.get("matchNumber"), None);
    assert_eq!(world.detail(&text(&created, "id")).get("matchNumber"), None);
    assert_eq!(approve(&world, &text(&created, "id"), Value::Null), "APPROVED");
    let world = self::world(|config| config.number_matching = true);
    assert!(world.create(json!({}))["matchNumber"].is_string());
    let without = world.create(json!({ "numberMatching": false }));
    assert_eq!(without.get("matchNumber"), None);
    assert_eq!(approve(&world, &text(&without, "id"), Value::Null), "APPROVED");
}

/// A refusal of the cap.
fn is_full(reply: &(u16, Value)) -> bool {
    match reply {
        (200, _) => false,
        (400, body) => {
            let object = &body["responseObject"];
            assert_eq!(text(object, "code"), "ERR0041");
            assert_eq!(
                text(object, "message"),
                "The user has too many pending operations."
            );
            true
        }
        other => panic!("{other:?}"),
    }
}

fn request(changes: Value) -> Value {
    let mut request = json!({
        "userId": USER, "applicationId": "app", "templateName": "payment",
        "parameters": { "amount": "100", "currency": "CZK", "iban": "X" },
    });
    request
        .as_object_mut()
        .unwrap()
        .extend(changes.as_object().unwrap().clone());
    request
}

#[test]
fn a_user_is_asked_so_many_things_at_a_time() {
    let world = world(|config| config.max_pending_operations = Some(3));
    let full = |changes: Value| is_full(&world.call("operation/create", &request(changes)));
    let ids: Vec<_> = (0..3).map(|_| world.new_id(json!({}))).collect();
    let pending = || {
        let user = json!({ "userId": USER, "applicationId": "app" });
        world.ok("operation/list/pending", user).as_array().unwrap().len()
    };
    assert!(full(json!({})));
    assert!(
        full(json!({ "applicationId": OTHER_APP })),
        "whatever the application"
    );
    assert_eq!(pending(), 3, "a refused one leaves nothing");
    // Nobody was asked by these.
    assert!(!full(json!({ "userId": null })));
    assert!(!full(json!({ "userId": "somebody else" })));
    let nobodys = world.new_id(json!({ "userId": null }));
    world.ok(
        "operation/detail",
        json!({ "operationId": nobodys, "userId": USER }),
    );
    assert_eq!(pending(), 4);
    assert!(full(json!({})));
    // However one ends, there is room for one more, and only one.
    world.ok("operation/approve", approval(&ids[0], json!({})));
    assert!(!full(json!({})) && full(json!({})));
    world.ok("operation/cancel", json!({ "operationId": ids[1] }));
    assert!(!full(json!({})) && full(json!({})));
    let reject = json!({ "operationId": ids[2], "userId": USER, "applicationId": "app" });
    world.ok("operation/reject", reject);
    assert!(!full(json!({})) && full(json!({})));
    // Nobody has to notice that all are overdue.
    world.host.set(START + 300_001);
    for _ in 0..3 {
        assert!(!full(json!({})));
    }
    assert!(full(json!({})));
}

/// Two ask the same user at the same time, step by step in every order: one of them gets the last place.
#[test]
fn the_last_place_goes_to_one() {
    let (mut orders, mut conflicts) = (0, 0);
    for order in 0_u32..1 << 8 {
        let world = world(|config| config.max_pending_operations = Some(2));
        world.new_id(json!({}));
        let body = json!({ "requestObject": request(json!({})) }).to_string();
        let mut calls = [1, 2].map(|seed| {
            let call = world.prepare("operation/create", body.as_bytes());
            (call, Still::at(START, 10 + seed), Some(Input::Start), None)
        });
        let mut turn = 0;
        while calls.iter().any(|call| call.3.is_none()) {
            let wanted = (order >> (turn % 8) & 1) as usize;
            turn += 1;
            let at = if calls[wanted].3.is_some() {
                1 - wanted
            } else {
                wanted
            };
            let (call, host, input, reply) = &mut calls[at];
            let step = call.step(input.take().unwrap(), host);
            match answer(&world.store, step) {
                Ok(next) => {
                    conflicts += usize::from(matches!(next, Input::Conflict(_)));
                    *input = Some(next);
                }
                Err(response) => *reply = Some(response),
            }
        }
        let full = calls.map(|call| {
            let response = call.3.unwrap();
            is_full(&(response.status, serde_json::from_slice(&response.body).unwrap()))
        });
        assert_ne!(full[0], full[1], "order {order:b}");
        orders += 1;
    }
    println!("{orders} orders, {conflicts} conflicts");
    assert!(conflicts > 20);
}

#[test]
fn many_at_once_stay_below_the_cap() {
    let world = world(|config| config.max_pending_operations = Some(5));
    let body = json!({ "requestObject": request(json!({})) }).to_string();
    let mut running: Vec<_> = (0..16)
        .map(|seed| {
            let call = world.prepare("operation/create", body.as_bytes());
            (call, Still::at(START, 100 + seed), Some(Input::Start))
        })
        .collect();
    let (mut created, mut refused) = (0, 0);
    while created + refused < running.len() {
        for (call, host, slot) in &mut running {
            let Some(input) = slot.take() else { continue };
            match call.step(input, host) {
                Step::Done(response) => {
                    let reply = (response.status, serde_json::from_slice(&response.body).unwrap());
                    *if is_full(&reply) {
                        &mut refused
                    } else {
                        &mut created
                    } += 1;
                }
                step => *slot = answer(&world.store, step).ok(),
            }
        }
    }
    assert_eq!((created, refused), (5, 11));
}
