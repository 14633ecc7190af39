//! `/audit/log`: the published events, their order, the window.

use serde_json::{Value, json};

use crate::rig::{Rig, USER, digits, refused};
use crate::support::host::START;
use crate::support::{Factors, Phone};

const DAY: u64 = 24 * 3_600_000;

fn log(rig: &Rig, query: &str) -> Vec<Value> {
    let found = rig.ok("GET", &format!("/audit/log?userId={USER}{query}"), &Value::Null);
    found["items"].as_array().unwrap().clone()
}

fn kinds(items: &[Value]) -> Vec<&str> {
    items.iter().map(|it| it["eventType"].as_str().unwrap()).collect()
}

fn sign(rig: &Rig, phone: &mut Phone, body: &[u8], factors: Factors) {
    let header = phone.with(factors, |device, authentication, rng| {
        device
            .authorize("POST", "/operation/cancel", body, authentication, rng)
            .unwrap()
            .assume_saved()
    });
    let request = json!({
        "method": "POST", "uriId": "/operation/cancel", "authHeader": header.to_text(),
        "requestBody": countersign::crypto::encoding::base64::encode(body),
    });
    rig.ok("POST", "/v2/signature/verify", &request);
}

#[test]
fn every_event_once_newest_first() {
    let rig = Rig::new();
    let tick = || rig.world.host.advance(1_000);
    let mut expected: Vec<&str> = Vec::new();
    let (id, code) = rig.register(USER, &json!({}));
    tick();
    let mut phone = Phone::with_code(&rig.world, &rig.app_a, &code, 1);
    tick();
    let one = format!("/v2/registrations/{id}");
    rig.ok("POST", &format!("{one}/commit"), &json!({}));
    expected.extend(["activation_created", "activation_committed"]);
    tick();
    let body = br#"{"requestObject":{"id":"82b98a73","reason":"UNKNOWN"}}"#;
    sign(&rig, &mut phone, body, Factors::Pin);
    tick();
    sign(&rig, &mut phone, body, Factors::WrongPin);
    expected.extend(["signature_ok", "signature_failed"]);
    tick();
    for (change, event) in [
        ("BLOCK", "activation_blocked"),
        ("UNBLOCK", "activation_unblocked"),
    ] {
        rig.ok("PUT", &one, &json!({ "change": change, "blockReason": "LOST" }));
        expected.push(event);
        tick();
    }
    rig.ok("POST", &format!("{one}/flags"), &json!({ "flags": ["B", "A"] }));
    expected.push("flags_changed");
    tick();
    // The signature of the request for a token is not one that a back end had verified, but one all the same.
    phone.token(&rig.world, "t", Factors::Pin);
    expected.push("signature_ok");
    tick();
    let now = rig.world.now();
    let header = phone
        .device
        .token_header("t", now, &mut phone.rng)
        .unwrap()
        .to_text();
    for event in ["token_ok", "token_failed"] {
        rig.ok("POST", "/v2/token/verify", &json!({ "authHeader": header }));
        expected.push(event);
        tick();
    }
    let cancelled = rig.operation(USER, &json!({}));
    tick();
    rig.ok("DELETE", &format!("/v2/operations/{cancelled}"), &Value::Null);
    expected.extend(["operation_created", "operation_canceled"]);
    tick();
    let approved = rig.operation(USER, &json!({}));
    tick();
    let (qr, nonce) = rig.qr(&approved, &phone);
    let otp = digits(&mut phone, &qr, Factors::Pin);
    assert_eq!(
        rig.typed(&approved, &phone, otp.as_str(), &nonce).json()["otpValid"],
        true
    );
    let both = ["operation_approved", "signature_ok"];
    expected.push("operation_created");
    tick();
    let rejected = rig.operation(USER, &json!({}));
    tick();
    let request = json!({ "operationId": rejected, "userId": USER, "applicationId": "app-a" });
    rig.open.rest("/operation/reject", &request).ok();
    tick();
    let expired = rig.operation(USER, &json!({}));
    rig.world.host.advance(300_001);
    rig.ok("GET", &format!("/v2/operations/{expired}"), &Value::Null);
    tick();
    rig.ok("DELETE", &one, &Value::Null);
    tick();
    let items = log(&rig, "");
    let mut found = kinds(&items);
    found.reverse();
    // Two of one moment have no order.
    let at = expected.len();
    let mut pair = [found[at], found[at + 1]];
    pair.sort_unstable();
    assert_eq!(pair, both);
    found.drain(at..at + 2);
    expected.extend([
        "operation_created",
        "operation_rejected",
        "operation_created",
        "operation_expired",
        "activation_removed",
    ]);
    assert_eq!(found, expected);
    let all = items.iter().map(|it| it["timestamp"].as_u64().unwrap());
    assert!(all.is_sorted_by(|newer, older| newer >= older));
    let event = |kind: &str| {
        items
            .iter()
            .rev()
            .find(|it| it["eventType"] == kind)
            .unwrap()
            .clone()
    };
    let text = format!("POST\n/operation/cancel\n{}", std::str::from_utf8(body).unwrap());
    for (kind, data) in [
        ("signature_ok", text.clone()),
        ("signature_failed", text),
        ("activation_blocked", "LOST".to_owned()),
        ("flags_changed", "B,A".to_owned()),
        ("operation_canceled", cancelled),
        ("operation_approved", approved),
        ("operation_expired", expired),
    ] {
        assert_eq!(event(kind)["eventData"], data, "{kind}");
    }
    let with_phone = items
        .iter()
        .filter(|it| it["activationId"] == id.as_str())
        .count();
    println!("{} events, {with_phone} of the phone", items.len());
    assert_eq!(event("operation_approved")["activationId"], id.as_str());
}

#[test]
fn the_window_and_its_defaults() {
    let rig = Rig::new();
    let mut phone = rig.phone(USER, 1, &json!({}));
    rig.world.host.set(START + 31 * DAY);
    sign(&rig, &mut phone, b"{}", Factors::Pin);
    rig.world.host.set(START + 60 * DAY);
    sign(&rig, &mut phone, b"{}", Factors::WrongPin);
    rig.world.host.set(START + 60 * DAY + 1);
    let kinds = |query: &str| {
        let items = log(&rig, query);
        items
            .iter()
            .map(|it| it["eventType"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        kinds(""),
        ["signature_failed", "signature_ok"],
        "thirty days, until now"
    );
    let all = [
        "signature_failed",
        "signature_ok",
        "activation_committed",
        "activation_created",
    ];
    assert_eq!(kinds("&timestampFrom=0"), all);
    assert_eq!(
        kinds(&format!("&timestampFrom=0&timestampTo={}", START + 59 * DAY)),
        all[1..]
    );
    // Both ends are included.
    let day = START + 31 * DAY;
    assert_eq!(
        kinds(&format!("&timestampFrom={day}&timestampTo={day}")),
        all[1..2]
    );
    assert!(kinds(&format!("&timestampFrom={}&timestampTo={}", day + 1, day + 2)).is_empty());
    assert!(kinds("&timestampFrom=0&page=1").is_empty());

    let text = "Unable to obtain an audit log information.";
    for query in [
        format!("userId={USER}&timestampFrom=2&timestampTo=1"),
        format!("userId={USER}&timestampFrom={}", rig.world.now() + 1),
        format!("userId={USER}&page=10"),
        "userId=nobody".to_owned(),
    ] {
        refused(
            &rig.call("GET", &format!("/audit/log?{query}"), &Value::Null),
            "ERROR_AUDIT",
            text,
        );
    }
    refused(
        &rig.call("GET", "/audit/log", &Value::Null),
        "ERROR_REQUEST",
        "Required String parameter 'userId' is not present",
    );
    for name in ["timestampFrom", "timestampTo", "page"] {
        refused(
            &rig.call(
                "GET",
                &format!("/audit/log?userId={USER}&{name}=yesterday"),
                &Value::Null,
            ),
            "ERROR_REQUEST",
            &format!("Parameter '{name}' must be a number"),
        );
    }
    // The other application has its own log of the same user.
    let other = |rig: &Rig| {
        rig.call_as(
            &rig.b,
            "GET",
            &format!("/audit/log?userId={USER}&timestampFrom=0"),
            &Value::Null,
        )
    };
    refused(&other(&rig), "ERROR_AUDIT", text);
    rig.phone_of_b(USER, 2);
    assert_eq!(other(&rig).json()["items"].as_array().unwrap().len(), 2);
    assert_eq!(log(&rig, "&timestampFrom=0").len(), 4);
}

#[test]
fn pages_follow_each_other() {
    let rig = Rig::new();
    let mut phone = rig.phone(USER, 1, &json!({}));
    for _ in 0..1_203 {
        rig.world.host.advance(1);
        sign(&rig, &mut phone, b"{}", Factors::Possession);
    }
    let pages: Vec<Vec<Value>> = (0..3).map(|page| log(&rig, &format!("&page={page}"))).collect();
    let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
    assert_eq!(sizes, [1_000, 205, 0]);
    let times: Vec<u64> = pages
        .concat()
        .iter()
        .map(|it| it["timestamp"].as_u64().unwrap())
        .collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older));
}
