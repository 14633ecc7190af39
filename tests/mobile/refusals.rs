//! Bad input, one case each: what is answered, and what it costs operation and activation.

use countersign::client::RejectReason;
use serde_json::{Value, json};

use crate::rig::{Rig, approval, outcome, plain, signed, with_token};
use crate::support::prelude::TOKEN;
use crate::support::{Answer, Ask, Factors, World, activation};

const LIST: &str = "/api/auth/token/app/operation/list";
const AUTHORIZE: &str = "/api/auth/token/app/operation/authorize";
const CANCEL: &str = "/api/auth/token/app/operation/cancel";

/// Failed attempts of the operation and of the activation.
fn charged(rig: &Rig, id: &str) -> (u64, u64) {
    let operation = rig.state(id)["failureCount"].as_u64().unwrap();
    (
        operation,
        activation(&*rig.world.store, &rig.phone.id()).failed_attempts,
    )
}

#[track_caller]
fn check(answer: &Answer, status: u16, code: &str) {
    assert_eq!(outcome(answer), (status, code.to_owned()));
}

#[test]
fn requests_without_object() {
    let mut rig = Rig::new();
    let (id, data) = rig.payment(json!({}));
    let bodies = [
        "",
        "{}",
        r#"{"requestObject":null}"#,
        r#"{"requestObject":{}}"#,
        "[]",
        "{",
        r#"{"requestObject":7}"#,
    ];
    for body in bodies {
        for (path, uri_id) in [(AUTHORIZE, "/operation/authorize"), (CANCEL, "/operation/cancel")] {
            let ask = signed(&mut rig.phone, path, uri_id, body.as_bytes(), Factors::Possession);
            check(&rig.world.ask(&ask), 400, "INVALID_REQUEST");
        }
        let path = "/api/auth/token/app/operation/detail";
        let mut ask = with_token(&mut rig.phone, path, &json!({}), rig.world.now());
        ask.body = body.as_bytes().to_vec();
        check(&rig.world.ask(&ask), 400, "INVALID_REQUEST");
    }
    let without_data = json!({ "requestObject": { "id": id } }).to_string();
    // A signature that is good is used up by the work it came with, however bad that is.
    rig.phone.refresh(&rig.world);
    let mut phone = rig.another("user0", 9);
    let ask = signed(
        &mut phone,
        AUTHORIZE,
        "/operation/authorize",
        without_data.as_bytes(),
        Factors::Pin,
    );
    check(&rig.world.ask(&ask), 400, "INVALID_REQUEST");
    assert_eq!(charged(&rig, &id), (0, 0));
    assert_eq!(data, rig.state(&id)["data"]);
    println!("{} bodies", bodies.len());
}

#[test]
fn wrong_signatures_of_an_approval() {
    let mut rig = Rig::new();
    let (id, data) = rig.payment(json!({}));
    let now = rig.world.now();
    let good = Ask::from(&approval(&mut rig.phone, &id, &data, None, Factors::Pin, now));

    let mut none = good.clone();
    none.headers
        .retain(|(name, _)| *name != "X-PowerAuth-Authorization");
    check(&rig.world.ask(&none), 401, "POWERAUTH_AUTH_FAIL");
    let mut twice = good.clone();
    twice.headers.push(
        twice
            .headers
            .iter()
            .find(|it| it.0 == "X-PowerAuth-Authorization")
            .unwrap()
            .clone(),
    );
    check(&rig.world.ask(&twice), 401, "POWERAUTH_AUTH_FAIL");
    let mut garbled = none.clone();
    garbled.headers.push((
        "X-PowerAuth-Authorization",
        "PowerAuth pa_version=\"3.2\"".to_owned(),
    ));
    check(&rig.world.ask(&garbled), 401, "POWERAUTH_AUTH_FAIL");
    for length in [8 * 1024 + 1, 64 * 1024] {
        let mut long = none.clone();
        long.headers
            .push(("X-PowerAuth-Authorization", "x".repeat(length)));
        check(&rig.world.ask(&long), 431, "ERROR_HEADER_TOO_LARGE");
    }
    // Nobody in particular asked, so nobody is charged.
    assert_eq!(charged(&rig, &id), (0, 0));

    // A token is no signature.
    let body: Value = serde_json::from_slice(&good.body).unwrap();
    let token = with_token(&mut rig.phone, AUTHORIZE, &body, now);
    check(&rig.world.ask(&token), 401, "POWERAUTH_AUTH_FAIL");
    assert_eq!(charged(&rig, &id), (0, 0));

    let wrong = approval(&mut rig.phone, &id, &data, None, Factors::WrongPin, now);
    check(&rig.world.send(&wrong), 401, "POWERAUTH_AUTH_FAIL");
    assert_eq!(charged(&rig, &id), (1, 1));
    check(&rig.world.ask(&good), 200, "OK");
    check(&rig.world.ask(&good), 400, "INVALID_OPERATION");
    // A replay is a wrong signature, and there is nothing left to charge.
    assert_eq!(charged(&rig, &id), (1, 1));
}

#[test]
fn factors_that_do_not_suffice() {
    let mut rig = Rig::new();
    let (id, data) = rig.payment(json!({}));
    let now = rig.world.now();
    let request = approval(&mut rig.phone, &id, &data, None, Factors::Possession, now);
    check(&rig.world.send(&request), 401, "OPERATION_FAILED");
    let request = approval(&mut rig.phone, &id, "changed", None, Factors::Pin, now);
    check(&rig.world.send(&request), 401, "OPERATION_FAILED");
    assert_eq!(charged(&rig, &id), (2, 0));
    let request = approval(&mut rig.phone, &id, &data, None, Factors::Possession, now);
    check(&rig.world.send(&request), 400, "OPERATION_ALREADY_FAILED");
    // Stronger factors than possession cancel nothing.
    let (id, _) = rig.payment(json!({}));
    let body = json!({ "requestObject": { "id": id } }).to_string();
    let ask = signed(
        &mut rig.phone,
        CANCEL,
        "/operation/cancel",
        body.as_bytes(),
        Factors::Pin,
    );
    check(&rig.world.ask(&ask), 401, "POWERAUTH_AUTH_FAIL");
    let ask = signed(
        &mut rig.phone,
        CANCEL,
        "/operation/authorize",
        body.as_bytes(),
        Factors::Possession,
    );
    check(&rig.world.ask(&ask), 401, "POWERAUTH_AUTH_FAIL");
    assert_eq!(charged(&rig, &id).0, 0);
}

/// Brings a fresh operation into a state.
fn bring(rig: &mut Rig, state: &str) -> (String, String) {
    let (id, data) = rig.payment(json!({}));
    let now = rig.world.now();
    match state {
        "APPROVED" => {
            let request = approval(&mut rig.phone, &id, &data, None, Factors::Pin, now);
            rig.world.send(&request).ok();
        }
        "REJECTED" => {
            let request = rig.phone.with(Factors::Possession, |device, _, rng| {
                device
                    .reject_operation(&id, RejectReason::Unknown, rng)
                    .unwrap()
                    .assume_saved()
                    .request
            });
            rig.world.send(&request).ok();
        }
        "CANCELED" => {
            rig.world
                .rest("/operation/cancel", &json!({ "operationId": id }))
                .ok();
        }
        "FAILED" => {
            for _ in 0..3 {
                rig.world
                    .rest("/operation/approve/fail", &json!({ "operationId": id }))
                    .ok();
            }
        }
        "EXPIRED" => rig.world.host.advance(301_000),
        _ => {}
    }
    (id, data)
}

#[test]
fn operations_that_do_not_wait() {
    let states = [
        ("APPROVED", "OPERATION_ALREADY_FINISHED"),
        ("REJECTED", "OPERATION_ALREADY_FINISHED"),
        ("CANCELED", "OPERATION_ALREADY_CANCELED"),
        ("FAILED", "OPERATION_ALREADY_FAILED"),
        ("EXPIRED", "OPERATION_EXPIRED"),
        ("UNKNOWN", "INVALID_OPERATION"),
    ];
    for (state, code) in states {
        let mut rig = Rig::new();
        let (mut id, data) = bring(&mut rig, state);
        if state == "UNKNOWN" {
            id = "11111111-2222-4333-8444-555555555555".to_owned();
        }
        let now = rig.world.now();
        let world = rig.world.clone();
        check(&rig.detail(&world, "en", &id), 400, code);
        let claim = rig
            .phone
            .device
            .claim_operation(&id, TOKEN, now, &mut rig.phone.rng)
            .unwrap()
            .request;
        check(&world.send(&claim), 400, code);
        let request = approval(&mut rig.phone, &id, &data, None, Factors::Pin, now);
        check(&world.send(&request), 400, code);
        let request = rig.phone.with(Factors::Possession, |device, _, rng| {
            device
                .reject_operation(&id, RejectReason::Unknown, rng)
                .unwrap()
                .assume_saved()
                .request
        });
        check(&world.send(&request), 400, code);
        if state != "UNKNOWN" {
            assert_eq!(rig.state(&id)["status"], state);
        }
        assert_eq!(activation(&*world.store, &rig.phone.id()).failed_attempts, 0);
    }
}

#[test]
fn operations_of_others() {
    let mut rig = Rig::new();
    let mut other = rig.another("user1", 2);
    let (id, data) = rig.payment(json!({}));
    let world = rig.world.clone();
    let now = world.now();
    let detail = other
        .device
        .request_operation(&id, TOKEN, now, &mut other.rng)
        .unwrap()
        .request;
    check(&world.send(&detail), 400, "INVALID_OPERATION");
    let request = other.with(Factors::Possession, |device, _, rng| {
        device
            .reject_operation(&id, RejectReason::Unknown, rng)
            .unwrap()
            .assume_saved()
            .request
    });
    check(&world.send(&request), 401, "OPERATION_FAILED");
    // A stranger who signs well is charged to the operation as in the reference, one who signs badly is not.
    let request = approval(&mut other, &id, &data, None, Factors::WrongPin, now);
    check(&world.send(&request), 401, "POWERAUTH_AUTH_FAIL");
    assert_eq!(charged(&rig, &id).0, 0);
    let request = approval(&mut other, &id, &data, None, Factors::Pin, now);
    check(&world.send(&request), 401, "OPERATION_FAILED");
    assert_eq!(charged(&rig, &id).0, 1);
    // An operation for another phone of the same user.
    let second = rig.another("user0", 3);
    let (id, data) = rig.payment(json!({ "activationId": second.id() }));
    assert!(!rig.list(&world, "en").ok().to_string().contains(&id));
    let request = approval(&mut rig.phone, &id, &data, None, Factors::Pin, now);
    check(&world.send(&request), 401, "OPERATION_FAILED");
}

#[test]
fn blocked_and_removed_activations() {
    for path in ["/activation/block", "/activation/remove"] {
        let mut rig = Rig::new();
        let (id, data) = rig.payment(json!({}));
        rig.world
            .rest(path, &json!({ "activationId": rig.phone.id() }))
            .ok();
        let world: World = rig.world.clone();
        check(&rig.list(&world, "en"), 401, "POWERAUTH_AUTH_FAIL");
        check(&rig.detail(&world, "en", &id), 401, "POWERAUTH_AUTH_FAIL");
        check(&rig.history(Factors::Pin), 401, "POWERAUTH_AUTH_FAIL");
        let request = approval(&mut rig.phone, &id, &data, None, Factors::Pin, world.now());
        check(&world.send(&request), 401, "POWERAUTH_AUTH_FAIL");
        assert_eq!(rig.state(&id)["status"], "PENDING");
    }
}

#[test]
fn tokens() {
    let mut rig = Rig::new();
    let now = rig.world.now();
    let world = rig.world.clone();
    let mut ask = |at: u64| with_token(&mut rig.phone, LIST, &json!({}), at);
    let fail = |answer: Answer| check(&answer, 401, "POWERAUTH_AUTH_FAIL");
    let good = ask(now);
    check(&world.ask(&good), 200, "OK");
    fail(world.ask(&good));
    fail(world.ask(&ask(now - 2 * 3_600_000 - 1)));
    fail(world.ask(&ask(now + 1_800_001)));
    check(&world.ask(&ask(now - 7_000_000)), 200, "OK");
    fail(world.ask(&plain("POST", LIST, &json!({}))));
    let mut twice = ask(now);
    twice.headers.push(twice.headers.last().unwrap().clone());
    fail(world.ask(&twice));
    let mut changed = ask(now);
    let header = &mut changed.headers.last_mut().unwrap().1;
    *header = header.replace("3.2", "3.1");
    fail(world.ask(&changed));
}
