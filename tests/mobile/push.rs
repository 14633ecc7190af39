//! Registration for push messages: who may, what is stored, and whose a push token is.

use countersign::api::Dialect;
use countersign::client::PushRegistration;
use countersign::model::journal::{Entry, Event};
use countersign::model::push::{Environment, Platform, PushDevice};
use serde_json::{Value, json};

use crate::rig::{Rig, outcome, plain, signed, with_token};
use crate::support::prelude::TOKEN;
use crate::support::{Factors, Phone, World};

const SIGNED: &str = "/api/push/device/register";
const BY_TOKEN: &str = "/api/push/device/register/token";

fn stored(world: &World, phone: &Phone) -> Option<PushDevice> {
    crate::support::records::get(&*world.store, &phone.id())
}

fn register(world: &World, phone: &mut Phone, platform: &str, token: &str) -> (u16, String) {
    let body = json!({ "requestObject": { "platform": platform, "token": token } });
    let ask = with_token(phone, BY_TOKEN, &body, world.now());
    outcome(&world.ask(&ask))
}

/// Kinds of the notes about push messages in the journal of a phone.
fn notes(world: &World, phone: &Phone) -> Vec<String> {
    let entries = crate::support::records::history(&*world.store, &phone.id()).into_iter();
    let kind = |entry: Entry| match entry.event {
        Event::Note(note) => Some(note.kind).filter(|it| it.starts_with("push_")),
        _ => None,
    };
    entries.filter_map(kind).collect()
}

#[test]
fn the_examples_of_the_reference() {
    let mut rig = Rig::new();
    let registration = PushRegistration {
        platform: "ios",
        token: "10de0b9c-791f-4e9f-93c4-e2203951c307",
        environment: None,
    };
    let now = rig.world.now();
    let call = rig
        .phone
        .device
        .register_push(&registration, TOKEN, now, &mut rig.phone.rng)
        .unwrap();
    let answer = rig.world.send(&call.request);
    assert_eq!(answer.json(), json!({ "status": "OK" }));
    assert_eq!(call.pending.read(answer.status, &answer.body), Ok(()));
    let device = stored(&rig.world, &rig.phone).unwrap();
    assert_eq!((device.platform, device.user.as_str()), (Platform::Apns, "user0"));
    assert_eq!(device.token.as_deref(), Some(registration.token));
    let call = rig.phone.with(Factors::Possession, |device, _, rng| {
        device
            .register_push_signed(&registration, rng)
            .unwrap()
            .assume_saved()
    });
    assert_eq!(rig.world.send(&call.request).json(), json!({ "status": "OK" }));
    // The entry in the journal does not bring back the counter from before the signature.
    assert_eq!(
        outcome(&rig.world.send(&call.request)),
        (401, "POWERAUTH_AUTH_FAIL".to_owned())
    );
    // What servers of that text really want on the first path.
    let body = json!({ "requestObject": { "platform": "ios", "token": "t" } });
    let ask = with_token(&mut rig.phone, SIGNED, &body, now);
    assert_eq!(rig.world.ask(&ask).json(), json!({ "status": "OK" }));
    let refused = rig.world.ask(&plain("POST", BY_TOKEN, &body));
    assert_eq!(
        (refused.status, refused.json()),
        (
            401,
            json!({ "status": "ERROR", "responseObject": {
            "code": "POWERAUTH_AUTH_FAIL", "message": "Unable to verify device registration",
        } })
        )
    );
    // Web Flow's twin has a resource of its own.
    let path = "/api/push/device/register/signature";
    let text = body.to_string();
    let ask = signed(
        &mut rig.phone,
        path,
        "/device/register/signature",
        text.as_bytes(),
        Factors::Possession,
    );
    assert_eq!(
        rig.speaking(Dialect::WebFlow).ask(&ask).json(),
        json!({ "status": "OK" })
    );
    let ask = signed(
        &mut rig.phone,
        path,
        "/push/device/register",
        text.as_bytes(),
        Factors::Possession,
    );
    assert_eq!(
        outcome(&rig.world.ask(&ask)),
        (401, "POWERAUTH_AUTH_FAIL".to_owned())
    );
}

#[test]
fn platforms_of_the_dialects() {
    let good = [
        (Dialect::WebFlow, "IOS", Platform::Apns),
        (Dialect::EarlyEnrollment, "Android", Platform::Fcm),
        (Dialect::Enrollment, "ios", Platform::Apns),
        (Dialect::Enrollment, "android", Platform::Fcm),
        (Dialect::Enrollment, "huawei", Platform::Hms),
        (Dialect::Enrollment, "apns", Platform::Apns),
        (Dialect::Enrollment, "fcm", Platform::Fcm),
        (Dialect::DeployedEnrollment, "hms", Platform::Hms),
    ];
    let mut rig = Rig::new();
    for (dialect, name, platform) in good {
        let world = rig.speaking(dialect);
        assert_eq!(
            register(&world, &mut rig.phone, name, "t"),
            (200, "OK".to_owned()),
            "{dialect:?} {name}"
        );
        assert_eq!(stored(&world, &rig.phone).unwrap().platform, platform);
    }
    for (dialect, name) in [
        (Dialect::WebFlow, "huawei"),
        (Dialect::EarlyEnrollment, "apns"),
        (Dialect::Enrollment, "IOS"),
        (Dialect::Enrollment, ""),
    ] {
        let world = rig.speaking(dialect);
        let refused = (400, "INVALID_REQUEST".to_owned());
        assert_eq!(
            register(&world, &mut rig.phone, name, "t"),
            refused,
            "{dialect:?} {name}"
        );
    }
}

#[test]
fn bad_registrations() {
    let mut rig = Rig::new();
    let object = |changes: Value| crate::rig::merged(json!({ "platform": "ios", "token": "t" }), changes);
    let bodies = [
        json!({}),
        json!({ "requestObject": null }),
        json!({ "requestObject": object(json!({ "token": " " })) }),
        json!({ "requestObject": object(json!({ "token": null })) }),
        json!({ "requestObject": object(json!({ "token": "a\nb" })) }),
        json!({ "requestObject": object(json!({ "token": "x".repeat(1_025) })) }),
        json!({ "requestObject": object(json!({ "platform": null })) }),
        json!({ "requestObject": object(json!({ "environment": "test" })) }),
        json!({ "requestObject": object(json!({ "environment": "production", "platform": "android" })) }),
    ];
    let now = rig.world.now();
    for body in &bodies {
        let ask = with_token(&mut rig.phone, BY_TOKEN, body, now);
        assert_eq!(
            outcome(&rig.world.ask(&ask)),
            (400, "INVALID_REQUEST".to_owned()),
            "{body}"
        );
    }
    assert_eq!(stored(&rig.world, &rig.phone), None);
    let body = json!({ "requestObject": object(json!({ "environment": "development", "token": "x".repeat(1_024) })) });
    rig.world
        .ask(&with_token(&mut rig.phone, BY_TOKEN, &body, now))
        .ok();
    assert_eq!(
        stored(&rig.world, &rig.phone).unwrap().environment,
        Some(Environment::Development)
    );
    println!("{} bad registrations", bodies.len());
}

#[test]
fn a_token_belongs_to_one_activation() {
    let mut rig = Rig::new();
    let mut other = rig.another("user1", 2);
    let world = rig.world.clone();
    let token = |phone: &Phone| stored(&world, phone).and_then(|it| it.token);
    register(&world, &mut rig.phone, "ios", "a");
    register(&world, &mut other, "ios", "b");
    // The phone changes hands: its messages go to the new user only.
    register(&world, &mut other, "ios", "a");
    assert_eq!((token(&rig.phone), token(&other)), (None, Some("a".to_owned())));
    // The token that was left is free again.
    register(&world, &mut rig.phone, "ios", "b");
    assert_eq!(
        (token(&rig.phone), token(&other)),
        (Some("b".to_owned()), Some("a".to_owned()))
    );
    register(&world, &mut rig.phone, "android", "c");
    register(&world, &mut other, "ios", "b");
    assert_eq!(
        (token(&rig.phone), token(&other)),
        (Some("c".to_owned()), Some("b".to_owned()))
    );
    assert_eq!(stored(&world, &rig.phone).unwrap().platform, Platform::Fcm);
    // The same again is no change.
    world.host.advance(5);
    assert_eq!(register(&world, &mut other, "ios", "b"), (200, "OK".to_owned()));
    assert_eq!(stored(&world, &other).unwrap().registered, world.now());
    let (new, taken) = ("push_device_registered", "push_device_taken");
    assert_eq!(notes(&world, &rig.phone), [new, taken, new, new]);
    assert_eq!(notes(&world, &other), [new, new, new]);
}
