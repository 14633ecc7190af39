//! The life of one user with three phones.

use serde_json::{Value, json};

use countersign::client::{Approval, RejectReason};

use crate::rig::{Rig, USER, digits};
use crate::support::prelude::TOKEN;
use crate::support::{Answer, Factors, Phone};

fn list(rig: &Rig) -> Vec<(String, String)> {
    let found = rig.ok("GET", &format!("/v2/registrations?userId={USER}"), &Value::Null);
    let text = |it: &Value, name: &str| it[name].as_str().unwrap().to_owned();
    let items = found["registrations"].as_array().unwrap().iter();
    items
        .map(|it| (text(it, "registrationId"), text(it, "registrationStatus")))
        .collect()
}

/// What a phone shows.
fn sees(rig: &Rig, phone: &mut Phone) -> Vec<String> {
    let now = rig.world.now();
    let request = phone.device.list_operations(TOKEN, now, &mut phone.rng).unwrap();
    let shown = rig.world.send(&request.request).object();
    let items = shown.as_array().map_or(&[][..], Vec::as_slice).iter();
    items.map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

fn approve(rig: &Rig, phone: &mut Phone, id: &str) -> Answer {
    let now = rig.world.now();
    let approval = Approval {
        operation_id: id,
        data: "A2*R*Thome",
        proximity: None,
        mobile_token_data: None,
    };
    let call = phone.with(Factors::Pin, |device, authentication, rng| {
        device
            .approve_operation(&approval, authentication, now, rng)
            .unwrap()
            .assume_saved()
    });
    rig.world.send(&call.request)
}

fn reject(rig: &Rig, phone: &mut Phone, id: &str) -> Answer {
    let call = phone.with(Factors::Possession, |device, _, rng| {
        device
            .reject_operation(id, RejectReason::Unknown, rng)
            .unwrap()
            .assume_saved()
    });
    rig.world.send(&call.request)
}

fn state(rig: &Rig, id: &str) -> Value {
    rig.ok("GET", &format!("/v2/operations/{id}"), &Value::Null)
}

#[test]
fn three_phones_of_one_user() {
    let rig = Rig::new();
    let texts =
        json!([{ "placeholder": "login", "language": "en", "title": "Login", "message": "Is it you?" }]);
    rig.call_as(&rig.admin, "POST", "/admin/operation-texts", &texts)
        .ok();

    // Three registrations, one with another flag.
    let mut phones: Vec<Phone> = ["HOME", "HOME", "WORK"]
        .iter()
        .zip(1..)
        .map(|(flag, seed)| {
            let mut phone = rig.phone(USER, seed, &json!({ "flags": [flag] }));
            phone.token(&rig.world, TOKEN, Factors::Possession);
            rig.world.host.advance(1);
            phone
        })
        .collect();
    let ids: Vec<String> = phones.iter().map(Phone::id).collect();
    let active = |id: &String| (id.clone(), "ACTIVE".to_owned());
    assert_eq!(list(&rig), ids.iter().rev().map(active).collect::<Vec<_>>());
    let [one, two, three] = &mut phones[..] else {
        panic!("three phones");
    };

    // All see an operation; one approves, another is too late to reject.
    let id = rig.operation(USER, &json!({}));
    for phone in [&mut *one, &mut *two, &mut *three] {
        assert_eq!(sees(&rig, phone), [id.as_str()]);
    }
    assert_eq!(approve(&rig, one, &id).status, 200);
    assert_ne!(reject(&rig, two, &id).status, 200);
    let after = state(&rig, &id);
    assert_eq!(
        (&after["status"], &after["additionalData"]["activationId"]),
        (&json!("APPROVED"), &json!(ids[0]))
    );
    // And the other way round.
    let id = rig.operation(USER, &json!({}));
    assert_eq!(reject(&rig, two, &id).status, 200);
    assert_ne!(approve(&rig, one, &id).status, 200);
    assert_eq!(state(&rig, &id)["status"], "REJECTED");

    // A flag decides who sees it and who may approve it.
    let id = rig.operation(USER, &json!({ "flag": "WORK" }));
    assert_eq!((sees(&rig, one), sees(&rig, three)), (vec![], vec![id.clone()]));
    assert_ne!(approve(&rig, one, &id).status, 200);
    assert_eq!(state(&rig, &id)["status"], "PENDING");
    assert_eq!(approve(&rig, three, &id).status, 200);
    assert_eq!(
        state(&rig, &id)["additionalData"]["activationId"],
        ids[2].as_str()
    );

    // One is blocked: it approves nothing, the others do, also offline.
    rig.ok(
        "PUT",
        &format!("/v2/registrations/{}", ids[0]),
        &json!({ "change": "BLOCK", "blockReason": "LOST" }),
    );
    let id = rig.operation(USER, &json!({}));
    assert_ne!(approve(&rig, one, &id).status, 200);
    assert_eq!(state(&rig, &id)["status"], "PENDING");
    let (qr, nonce) = rig.qr(&id, two);
    let otp = digits(two, &qr, Factors::Pin);
    assert_eq!(
        rig.typed(&id, two, &otp.grouped(), &nonce).json()["otpValid"],
        true
    );

    // One is removed: it is in no list, and what needs its flag cannot be asked for any more.
    rig.ok("DELETE", &format!("/v2/registrations/{}", ids[2]), &Value::Null);
    assert_eq!(
        list(&rig),
        [
            (ids[1].clone(), "ACTIVE".to_owned()),
            (ids[0].clone(), "BLOCKED".to_owned())
        ]
    );
    let request =
        json!({ "userId": USER, "template": "login", "flag": "WORK", "parameters": { "place": "x" } });
    assert_eq!(
        rig.call("POST", "/v2/operations", &request).code(),
        "ERROR_REGISTRATION_NOT_FOUND"
    );
    let id = rig.operation(USER, &json!({}));
    assert!(sees(&rig, three).is_empty());
    assert_ne!(approve(&rig, three, &id).status, 200);
    assert_eq!(approve(&rig, two, &id).status, 200);
}
