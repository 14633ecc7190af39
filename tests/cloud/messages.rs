//! `/v2/messages/send`: what is refused, and what is queued for whom.

use std::sync::Arc;

use countersign::model::push::Platform;
use countersign::model::push_message::{PUSH_DUE, PUSH_MESSAGE, PushMessage, queue};
use countersign::store::{Answer, Entity, Query, Scan, Store};
use serde_json::{Value, json};

use crate::rig::{A, Rig, UNKNOWN, USER, refused, violations};
use crate::support::{Ask, Factors, Phone};
use countersign::client::PushRegistration;

const SEND: &str = "/v2/messages/send";

/// What waits for a platform, oldest first.
fn waiting(store: &Arc<dyn Store>, platform: Platform) -> Vec<PushMessage> {
    let query = Query::Scan(Scan {
        collection: PUSH_MESSAGE,
        index: PUSH_DUE,
        value: queue(A, platform),
        from: 0,
        to: u64::MAX,
        newest_first: false,
        after: None,
        limit: 100,
    });
    match pollster::block_on(store.read(&[query])).unwrap().pop() {
        Some(Answer::Page(page)) => {
            let records = page.records.iter();
            records.map(|it| PushMessage::decode(&it.body).unwrap()).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn enable(rig: &Rig, phone: &mut Phone, platform: &str, token: &str) {
    let registration = PushRegistration {
        platform,
        token,
        environment: None,
    };
    let call = phone.with(Factors::Possession, |device, _, rng| {
        device
            .register_push_signed(&registration, rng)
            .unwrap()
            .assume_saved()
    });
    rig.world.ask(&Ask::from(&call.request)).ok();
}

fn message() -> Value {
    json!({
        "userId": USER, "silent": false, "title": "Payment", "message": "100 EUR", "sound": "ding",
        "extras": { "_comment": "arbitrary keys", "deep": { "n": [1, null] } },
    })
}

#[test]
fn a_message_is_queued_for_each_device_that_can_receive() {
    let rig = Rig::new();
    let ok = json!({ "status": "OK" });
    // Nobody to get it is no error.
    assert_eq!(rig.ok("POST", SEND, &message()), ok);
    let mut phones: Vec<Phone> = (1..=4).map(|seed| rig.phone(USER, seed, &json!({}))).collect();
    for (phone, (platform, token)) in
        phones
            .iter_mut()
            .zip([("ios", "one"), ("android", "two"), ("android", "three")])
    {
        enable(&rig, phone, platform, token);
    }
    // Of another user, and of another application.
    enable(&rig, &mut rig.phone("another", 5, &json!({})), "ios", "five");
    enable(&rig, &mut rig.phone_of_b(USER, 6), "ios", "six");
    let blocked = format!("/v2/registrations/{}", phones[2].id());
    rig.ok("PUT", &blocked, &json!({ "change": "BLOCK" }));
    assert_eq!(rig.ok("POST", SEND, &message()), ok);
    let store = &rig.world.store;
    let (apns, fcm) = (waiting(store, Platform::Apns), waiting(store, Platform::Fcm));
    assert_eq!((apns.len(), fcm.len()), (1, 1));
    assert_eq!(
        (&apns[0].activation, &fcm[0].activation),
        (&phones[0].id(), &phones[1].id())
    );
    let it = &apns[0];
    assert_eq!(
        (it.title.as_deref(), it.message.as_deref()),
        (Some("Payment"), Some("100 EUR"))
    );
    assert_eq!(
        (it.silent, it.sound.as_deref(), it.attempts),
        (false, Some("ding"), 0)
    );
    let extras: Value = serde_json::from_str(it.extras.as_deref().unwrap()).unwrap();
    assert_eq!(extras, message()["extras"]);
    assert_ne!(apns[0].id, fcm[0].id);

    // To one device only; a silent one needs neither title nor message.
    let silent = json!({ "userId": USER, "registrationId": phones[1].id(), "silent": true });
    assert_eq!(rig.ok("POST", SEND, &silent), ok);
    assert_eq!(
        (
            waiting(store, Platform::Apns).len(),
            waiting(store, Platform::Fcm).len()
        ),
        (1, 2)
    );
    // A device that cannot receive is no error, a registration that is none of the user's is one.
    let to = |id: &str| {
        let mut body = message();
        body["registrationId"] = json!(id);
        rig.call("POST", SEND, &body)
    };
    assert_eq!(
        (to(&phones[2].id()).status, to(&phones[3].id()).status),
        (200, 200)
    );
    let other = rig.phone("another", 7, &json!({})).id();
    for id in [UNKNOWN, &other] {
        refused(&to(id), "ERROR_REGISTRATION_NOT_FOUND", "Registration not found");
    }
    assert_eq!(
        (
            waiting(store, Platform::Apns).len(),
            waiting(store, Platform::Fcm).len()
        ),
        (1, 2)
    );
}

#[test]
fn violations_come_all_at_once() {
    let rig = Rig::new();
    let with = |more: Value| {
        let mut body = message();
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        rig.call("POST", SEND, &body)
    };
    // As published, to the letter.
    let expected = json!({
        "status": "ERROR",
        "responseObject": {
            "code": "ERROR_REQUEST",
            "message": "Invalid method parameter value",
            "violations": [
                { "fieldName": "title", "invalidValue": "", "hint": "size must be between 1 and 255" }
            ],
        },
    });
    let answer = with(json!({ "title": "" }));
    assert_eq!((answer.status, answer.json()), (400, expected));
    for (more, expected) in [
        (
            json!({ "title": "x".repeat(256), "message": "" }),
            vec!["title", "message"],
        ),
        (json!({ "message": "x".repeat(4_001) }), vec!["message"]),
        (json!({ "userId": null, "sound": "" }), vec!["userId", "sound"]),
        (json!({ "extras": { "a": "x".repeat(3_100) } }), vec!["extras"]),
        (json!({ "registrationId": "" }), vec!["registrationId"]),
    ] {
        assert_eq!(violations(&with(more)), expected);
    }
    assert_eq!(
        with(json!({ "title": "x".repeat(255), "message": "x".repeat(4_000) })).status,
        200
    );
    for (more, name) in [
        (json!({ "title": null }), "Title"),
        (json!({ "title": "  " }), "Title"),
        (json!({ "message": null }), "Message"),
        (json!({ "title": null, "message": null }), "Title"),
    ] {
        let text = format!("Unable to send push message. {name} must not be blank.");
        refused(&with(more), "ERROR_PUSH_MESSAGE", &text);
    }
    assert_eq!(
        with(json!({ "silent": true, "title": null, "message": null })).status,
        200
    );
}
