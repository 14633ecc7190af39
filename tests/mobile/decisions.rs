//! Claim, history, proximity, and what an approval leaves behind.

use countersign::client::{Proximity, ProximitySource};
use serde_json::{Value, json};

use crate::rig::{Rig, approval, outcome, plain, signed, with_token};
use crate::support::prelude::TOKEN;
use crate::support::{Ask, Factors};

const AUTHORIZE: &str = "/api/auth/token/app/operation/authorize";

#[test]
fn of_two_users_one_claims() {
    let mut rig = Rig::new();
    let mut other = rig.another("user1", 2);
    let (id, data) = rig.payment(json!({ "userId": null }));
    let world = rig.world.clone();
    let now = world.now();
    assert_eq!(
        rig.list(&world, "en").ok(),
        json!([]),
        "nobody's operation is in no list"
    );
    // Looking does not claim.
    assert_eq!(rig.detail(&world, "en", &id).status, 200);
    assert_eq!(rig.state(&id)["userId"], Value::Null);
    let theirs = other
        .device
        .claim_operation(&id, TOKEN, now, &mut other.rng)
        .unwrap()
        .request;
    let ours = rig
        .phone
        .device
        .claim_operation(&id, TOKEN, now, &mut rig.phone.rng)
        .unwrap()
        .request;
    assert_eq!(world.send(&theirs).status, 200);
    assert_eq!(outcome(&world.send(&ours)), (400, "INVALID_OPERATION".to_owned()));
    assert_eq!(rig.state(&id)["userId"], "user1");
    // The claimant may do it again, and decide.
    let again = other
        .device
        .claim_operation(&id, TOKEN, now, &mut other.rng)
        .unwrap()
        .request;
    assert_eq!(world.send(&again).status, 200);
    let request = approval(&mut rig.phone, &id, &data, None, Factors::Pin, now);
    assert_eq!(
        outcome(&world.send(&request)),
        (401, "OPERATION_FAILED".to_owned())
    );
    let request = approval(&mut other, &id, &data, None, Factors::Pin, now);
    assert_eq!(world.send(&request).status, 200);
}

#[test]
fn history_needs_two_factors_and_shows_every_state() {
    let mut rig = Rig::new();
    let (approved, data) = rig.payment(json!({}));
    rig.world.host.advance(1);
    let (canceled, _) = rig.payment(json!({}));
    let cancel = json!({ "operationId": canceled, "statusReason": "NOT_INTERESTED" });
    rig.world.rest("/operation/cancel", &cancel).ok();
    rig.world.host.advance(1);
    let request = approval(
        &mut rig.phone,
        &approved,
        &data,
        None,
        Factors::Biometry,
        rig.world.now(),
    );
    rig.world.send(&request).ok();
    rig.payment(json!({}));
    let states = |answer: &Value| -> Vec<Value> {
        let list = answer.as_array().unwrap();
        list.iter()
            .map(|it| json!([it["status"], it["statusReason"]]))
            .collect()
    };
    for factors in [Factors::Pin, Factors::Biometry] {
        let answer = rig.history(factors);
        assert_eq!(answer.json()["currentTimestamp"], Value::Null);
        let expected = [
            json!(["PENDING", null]),
            json!(["CANCELED", "NOT_INTERESTED"]),
            json!(["APPROVED", null]),
        ];
        assert_eq!(states(&answer.ok()), expected);
    }
    rig.world.host.advance(301_000);
    assert_eq!(
        states(&rig.history(Factors::Pin).ok())[0],
        json!(["EXPIRED", null])
    );
    let path = "/api/auth/token/app/operation/history";
    let fail = (401, "POWERAUTH_AUTH_FAIL".to_owned());
    for factors in [Factors::Possession, Factors::WrongPin] {
        let ask = signed(&mut rig.phone, path, "/operation/history", b"{}", factors);
        assert_eq!(outcome(&rig.world.ask(&ask)), fail, "{factors:?}");
    }
    let token = with_token(&mut rig.phone, path, &json!({}), rig.world.now());
    assert_eq!(outcome(&rig.world.ask(&token)), fail);
}

fn code(rig: &Rig, id: &str) -> String {
    let otp = rig.state(id)["proximityOtp"].take();
    otp.as_str().unwrap().to_owned()
}

#[test]
fn proximity_by_qr_and_link() {
    let mut rig = Rig::new();
    for source in [ProximitySource::QrCode, ProximitySource::Deeplink] {
        let (id, data) = rig.payment(json!({ "proximityCheckEnabled": true }));
        let mut proximity = Proximity {
            otp: "00000000".to_owned(),
            source,
            received_ms: rig.world.now(),
        };
        let now = rig.world.now();
        for wrong in [None, Some(&proximity)] {
            let request = approval(&mut rig.phone, &id, &data, wrong, Factors::Pin, now);
            assert_eq!(
                outcome(&rig.world.send(&request)),
                (401, "OPERATION_FAILED".to_owned())
            );
        }
        assert_eq!(rig.state(&id)["failureCount"], 2);
        // The code of the step before still counts.
        proximity.otp = code(&rig, &id);
        rig.world.host.advance(30_000);
        let now = rig.world.now();
        let request = approval(&mut rig.phone, &id, &data, Some(&proximity), Factors::Pin, now);
        rig.world.send(&request).ok();
        assert_eq!(rig.state(&id)["status"], "APPROVED");
    }
}

#[test]
fn forms_of_the_proximity_object() {
    let mut rig = Rig::new();
    let objects = [
        (
            json!({ "otp": "@", "type": "QR_CODE", "timestampReceived": "2023-05-01T10:00:00.123Z" }),
            200,
        ),
        (
            json!({ "otp": "@", "type": "DEEPLINK", "timestampReceived": 1_682_935_200_123_u64 }),
            200,
        ),
        (
            json!({ "otp": "@", "timestampReceived": 1682935200.123, "timestampSent": null }),
            200,
        ),
        (
            json!({ "otp": "@", "timestampSent": "2023-05-01T10:00:04+0000", "more": [] }),
            200,
        ),
        (json!({ "otp": "@", "type": "NFC" }), 400),
        (json!({ "otp": "@", "timestampSent": "yesterday" }), 400),
        (json!({ "type": "QR_CODE" }), 400),
        (json!("@"), 400),
    ];
    for (object, status) in &objects {
        let (id, data) = rig.payment(json!({ "proximityCheckEnabled": true }));
        let body = json!({ "requestObject": { "id": id, "data": data, "proximityCheck": object } });
        let body = body.to_string().replace('@', &code(&rig, &id));
        let ask = signed(
            &mut rig.phone,
            AUTHORIZE,
            "/operation/authorize",
            body.as_bytes(),
            Factors::Pin,
        );
        let answer = rig.world.ask(&ask);
        assert_eq!(answer.status, *status, "{object}");
        if *status == 400 {
            assert_eq!(answer.code(), "INVALID_REQUEST");
            assert_eq!(rig.state(&id)["failureCount"], 0, "{object}");
        }
    }
    println!("{} forms", objects.len());
}

#[test]
fn context_of_an_approval() {
    let mut rig = Rig::new();
    // What anybody can send says nothing about where it came from.
    let headers = [
        vec![("X-Forwarded-For", "1.2.3.4, 5.6.7.8")],
        vec![("X-Forwarded-For", "unknown"), ("Proxy-Client-IP", "9.9.9.9")],
        vec![("REMOTE_ADDR", "::1")],
        vec![],
    ];
    for extra in headers {
        let (id, data) = rig.payment(json!({}));
        let body = json!({ "requestObject": { "id": id, "data": data, "mobileTokenData": { "a": [1] } } });
        let body = body.to_string();
        let mut ask = signed(
            &mut rig.phone,
            AUTHORIZE,
            "/operation/authorize",
            body.as_bytes(),
            Factors::Biometry,
        );
        ask.headers
            .extend(extra.iter().map(|(name, value)| (*name, (*value).to_owned())));
        ask.headers.push(("User-Agent", "test/1".to_owned()));
        rig.world.ask(&ask).ok();
        let kept = rig.state(&id)["additionalData"].take();
        assert_eq!(kept["ipAddress"], Value::Null);
        assert_eq!(kept["userAgent"], "test/1");
        assert_eq!(kept["authFactor"], "possession_biometry");
        assert_eq!(kept["applicationId"], "bank");
        assert_eq!(kept["activationId"], rig.phone.id());
        assert_eq!(kept["mobileTokenData"], json!({ "a": [1] }));
    }
}

#[test]
fn flags_of_activations() {
    let mut rig = Rig::new();
    let id = rig.phone.id();
    let flag = |rig: &Rig, path: &str, flag: &str| {
        let request = json!({ "activationId": id, "activationFlags": [flag] });
        rig.world
            .rest(&format!("/activation/flags/{path}"), &request)
            .ok();
    };
    for name in ["VERIFICATION_PENDING", "VERIFICATION_IN_PROGRESS"] {
        let (operation, data) = rig.payment(json!({}));
        flag(&rig, "create", name);
        let request = approval(
            &mut rig.phone,
            &operation,
            &data,
            None,
            Factors::Pin,
            rig.world.now(),
        );
        assert_eq!(
            outcome(&rig.world.send(&request)),
            (401, "POWERAUTH_AUTH_FAIL".to_owned())
        );
        assert_eq!(rig.state(&operation)["failureCount"], 0);
        flag(&rig, "remove", name);
        let request = approval(
            &mut rig.phone,
            &operation,
            &data,
            None,
            Factors::Pin,
            rig.world.now(),
        );
        rig.world.send(&request).ok();
    }
    let (operation, data) = rig.payment(json!({ "activationFlag": "VIP" }));
    let request = approval(
        &mut rig.phone,
        &operation,
        &data,
        None,
        Factors::Pin,
        rig.world.now(),
    );
    let refused = (400, "OPERATION_REQUIRES_ACTIVATION_FLAG".to_owned());
    assert_eq!(outcome(&rig.world.send(&request)), refused);
    flag(&rig, "create", "VIP");
    let request = approval(
        &mut rig.phone,
        &operation,
        &data,
        None,
        Factors::Pin,
        rig.world.now(),
    );
    rig.world.send(&request).ok();
}

#[test]
fn allowed_signature_types() {
    let mut rig = Rig::new();
    let (two, knowledge, biometry) = (
        "POSSESSION_KNOWLEDGE_BIOMETRY",
        "POSSESSION_KNOWLEDGE",
        "POSSESSION_BIOMETRY",
    );
    let cases = [
        (json!(["POSSESSION"]), json!({ "type": "1FA", "variants": [] })),
        (
            json!([knowledge, "POSSESSION"]),
            json!({ "type": "1FA", "variants": [] }),
        ),
        (
            json!([biometry, knowledge]),
            json!({ "type": "2FA", "variants": ["possession_knowledge", "possession_biometry"] }),
        ),
        (
            json!([knowledge]),
            json!({ "type": "2FA", "variants": ["possession_knowledge"] }),
        ),
        (
            json!([biometry, two]),
            json!({ "type": "2FA", "variants": ["possession_biometry"] }),
        ),
        (json!([two]), json!({ "type": "2FA", "variants": [] })),
        (
            json!(["KNOWLEDGE", "BIOMETRY"]),
            json!({ "type": "2FA", "variants": [] }),
        ),
    ];
    for (at, (types, expected)) in cases.iter().enumerate() {
        let template = json!({
            "templateName": format!("t{at}"), "operationType": "authorize_payment", "dataTemplate": "A2",
            "signatureType": types, "maxFailureCount": 3, "expiration": 300,
        });
        rig.world.rest("/operation/template/create", &template).ok();
        let (id, _) = rig.payment(json!({ "templateName": format!("t{at}") }));
        let world = rig.world.clone();
        assert_eq!(
            rig.detail(&world, "en", &id).ok()["allowedSignatureType"],
            *expected,
            "{types}"
        );
    }
    println!("{} sets", cases.len());
    let unknown: Ask = plain("POST", "/api/auth/token/app/operation/unknown", &json!({}));
    assert_eq!(
        outcome(&rig.world.ask(&unknown)),
        (404, "ERROR_NOT_FOUND".to_owned())
    );
}
