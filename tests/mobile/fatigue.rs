//! Options against fatigue and guessing, as phones meet them.

use std::sync::Arc;

use countersign::api::{Api, Dialect};
use countersign::client::{Approval, Request};
use countersign::engine::Config;
use serde_json::{Value, json};

use crate::rig::{Rig, approval, outcome, signed};
use crate::support::{Factors, World, activation, engine};

const AUTHORIZE: &str = "/api/auth/token/app/operation/authorize";

/// The same records behind an engine with other settings.
fn with(rig: &Rig, change: impl FnOnce(&mut Config)) -> World {
    let mut engine = (*engine()).clone();
    change(&mut engine.config);
    World {
        api: Arc::new(Api::new(Arc::new(engine)).open_to_anybody()),
        ..rig.world.clone()
    }
}

fn with_number(rig: &mut Rig, id: &str, data: &str, number: &Value) -> Request {
    let extra = json!({ "matchNumber": number, "more": true });
    let now = rig.world.now();
    rig.phone.with(Factors::Pin, |device, authentication, rng| {
        let approval = Approval {
            operation_id: id,
            data,
            proximity: None,
            mobile_token_data: Some(&extra),
        };
        let signed = device.approve_operation(&approval, authentication, now, rng);
        signed.unwrap().assume_saved().request
    })
}

#[test]
fn who_does_not_see_the_page_cannot_approve() {
    let mut rig = Rig::new();
    let world = rig.world.clone();
    let now = world.now();
    let created = rig.create(json!({ "numberMatching": true }));
    let text = |name: &str| created[name].as_str().unwrap().to_owned();
    let (id, data, number) = (text("id"), text("data"), text("matchNumber"));
    let list = rig.list(&world, "en");
    let listed = list.ok();
    assert_eq!(listed[0]["numberMatching"], true);
    assert!(
        !listed.to_string().contains("matchNumber"),
        "the phone is not told"
    );
    let older = rig.speaking(Dialect::WebFlow);
    assert_eq!(rig.list(&older, "en").ok()[0].get("numberMatching"), None);
    let failed = (401, "OPERATION_FAILED".to_owned());
    let request = approval(&mut rig.phone, &id, &data, None, Factors::Pin, now);
    assert_eq!(outcome(&world.send(&request)), failed);
    let other = if number == "42" { "43" } else { "42" };
    let request = with_number(&mut rig, &id, &data, &json!(other));
    assert_eq!(outcome(&world.send(&request)), failed);
    assert_eq!(rig.state(&id)["failureCount"], 2);
    let request = with_number(&mut rig, &id, &data, &json!(number));
    assert_eq!(outcome(&world.send(&request)), (200, "OK".to_owned()));
    assert_eq!(rig.state(&id)["status"], "APPROVED");

    // A member of its own, as a number or a text.
    for as_text in [true, false] {
        let created = rig.create(json!({ "numberMatching": true }));
        let number = created["matchNumber"].as_str().unwrap();
        let number = if as_text {
            json!(number)
        } else {
            json!(number.parse::<u8>().unwrap())
        };
        let body = json!({ "requestObject": {
            "id": created["id"], "data": created["data"], "matchNumber": number,
        } });
        let body = body.to_string();
        let ask = signed(
            &mut rig.phone,
            AUTHORIZE,
            "/operation/authorize",
            body.as_bytes(),
            Factors::Pin,
        );
        assert_eq!(outcome(&world.ask(&ask)), (200, "OK".to_owned()));
    }
    // A rejection needs none.
    let created = rig.create(json!({ "numberMatching": true }));
    let id = created["id"].as_str().unwrap().to_owned();
    let reason = countersign::client::RejectReason::UnexpectedOperation;
    let request = rig.phone.device.reject_operation(&id, reason, &mut rig.phone.rng);
    assert_eq!(
        outcome(&world.send(&request.unwrap().assume_saved().request)),
        (200, "OK".to_owned())
    );
    assert_eq!(rig.create(json!({})).get("matchNumber"), None);
}

#[test]
fn failures_delay_the_next_attempt_longer_and_longer() {
    let mut rig = Rig::new();
    let world = with(&rig, |config| config.failure_delay = 1_000);
    let id = rig.phone.id();
    let failures = || activation(&*world.store, &id).failed_attempts;
    let (mut held_up, mut waits) = (0, Vec::new());
    for failed in 1..=4_u64 {
        assert!(!world.ask(&rig.phone.login(Factors::WrongPin).ask()).valid());
        assert_eq!(failures(), failed);
        let began = world.now();
        let wait = 1_000 << (failed - 1);
        // Right or wrong, nothing is evaluated, and nothing counted.
        for step in [0, wait / 2, wait / 2 - 1] {
            world.host.advance(step);
            for factors in [Factors::Pin, Factors::WrongPin, Factors::Biometry] {
                assert!(!world.ask(&rig.phone.login(factors).ask()).valid());
                held_up += 1;
            }
            assert_eq!(failures(), failed);
            // The phone alone guesses nothing.
            assert!(world.ask(&rig.phone.login(Factors::Possession).ask()).valid());
        }
        world.host.advance(1);
        waits.push(world.now() - began);
    }
    assert_eq!(waits, [1_000, 2_000, 4_000, 8_000]);
    assert!(world.ask(&rig.phone.login(Factors::Pin).ask()).valid());
    assert_eq!(failures(), 0);
    assert!(
        world.ask(&rig.phone.login(Factors::Pin).ask()).valid(),
        "a success ends it"
    );
    println!("{held_up} attempts held up");

    // What is not evaluated costs an operation nothing either.
    let (operation, data) = rig.payment(json!({}));
    let attempt = |rig: &mut Rig, factors| {
        let now = world.now();
        let request = approval(&mut rig.phone, &operation, &data, None, factors, now);
        let answer = outcome(&world.send(&request));
        (answer, rig.state(&operation)["failureCount"].clone())
    };
    let no = (401, "POWERAUTH_AUTH_FAIL".to_owned());
    assert_eq!(attempt(&mut rig, Factors::WrongPin), (no.clone(), json!(1)));
    world.host.advance(999);
    assert_eq!(attempt(&mut rig, Factors::Pin), (no.clone(), json!(1)));
    assert_eq!(attempt(&mut rig, Factors::WrongPin), (no, json!(1)));
    world.host.advance(1);
    assert_eq!(attempt(&mut rig, Factors::Pin).0, (200, "OK".to_owned()));

    // Without the option nobody waits, also after failures that were counted with it.
    assert!(!world.ask(&rig.phone.login(Factors::WrongPin).ask()).valid());
    assert!(rig.world.ask(&rig.phone.login(Factors::Pin).ask()).valid());
}
