//! Offline approval: QR code, digits in all forms, what is counted and what is not.

use std::sync::Arc;

use countersign::api::Api;
use serde_json::{Value, json};

use crate::rig::{A, Rig, UNKNOWN, USER, digits, refused, violations};
use crate::support::{Factors, Phone, engine};

fn state(rig: &Rig, id: &str) -> Value {
    rig.ok("GET", &format!("/v2/operations/{id}"), &Value::Null)
}

#[test]
fn digits_in_three_forms_approve_once() {
    let rig = Rig::new();
    let mut phone = rig.phone(USER, 1, &json!({ "flags": ["FLAG1"] }));
    let mut approved = 0;
    for (form, factors) in [(0, Factors::Pin), (1, Factors::Biometry), (2, Factors::Pin)] {
        let id = rig.operation(USER, &json!({}));
        let (qr, nonce) = rig.qr(&id, &phone);
        let code = digits(&mut phone, &qr, factors);
        let typed = match form {
            0 => code.grouped(),
            1 => format!("  {} ", code.as_str()),
            _ => code.as_str().replace('-', ""),
        };
        let answer = rig.typed(&id, &phone, &typed, &nonce);
        let kind = match factors {
            Factors::Pin => "POSSESSION_KNOWLEDGE",
            _ => "POSSESSION_BIOMETRY",
        };
        let expected = json!({
            "otpValid": true, "userId": USER, "operationId": id, "registrationId": phone.id(),
            "registrationStatus": "ACTIVE", "signatureType": kind, "remainingAttempts": 5,
            "flags": ["FLAG1"], "application": { "name": A, "roles": ["ROLE1"] },
        });
        assert_eq!((answer.status, answer.json()), (200, expected));
        let after = state(&rig, &id);
        assert_eq!(after["status"], "APPROVED");
        assert_eq!(after["additionalData"]["activationId"], phone.id().as_str());
        // The same digits again: the operation is decided.
        refused(
            &rig.typed(&id, &phone, &typed, &nonce),
            "ERROR_OPERATION_STATE_CHANGE",
            "Operation is in invalid state for requested action",
        );
        // And of no use for another operation.
        let other = rig.operation(USER, &json!({}));
        let reused = rig.typed(&other, &phone, &typed, &nonce).json();
        assert_eq!(reused["otpValid"], false);
        let (qr, nonce) = rig.qr(&other, &phone);
        let fresh = digits(&mut phone, &qr, factors);
        assert_eq!(
            rig.typed(&other, &phone, fresh.as_str(), &nonce).json()["otpValid"],
            true
        );
        approved += 2;
    }
    println!("{approved} approved");
}

#[test]
fn the_code_shows_texts_in_the_operations_language() {
    let rig = Rig::new();
    let phone = rig.phone(USER, 1, &json!({}));
    let lines = |id: &str| {
        let (qr, nonce) = rig.qr(id, &phone);
        let scanned = phone.device.read_offline_operation(&qr).unwrap();
        assert_eq!(scanned.nonce, nonce);
        qr.split('\n').map(str::to_owned).collect::<Vec<_>>()
    };
    let id = rig.operation(USER, &json!({}));
    // Without texts: what the operation has itself.
    assert_eq!(
        lines(&id)[..5],
        [&id, "login", "A2*R*Thome", "A2*R*Thome", "B"].map(str::to_owned)
    );
    let texts = json!([
        { "placeholder": "login", "language": "en", "title": "Approve Login", "message": "From ${place}\nnow" },
        { "placeholder": "login", "language": "cs", "title": "Přihlášení", "message": "C:\\${place}",
          "ui": { "flipButtons": true, "blockApprovalOnCall": true,
                  "preApprovalScreen": { "type": "WARNING", "heading": "h", "message": "m" } } },
    ]);
    let put = rig.call_as(&rig.admin, "POST", "/admin/operation-texts", &texts);
    assert_eq!(put.status, 200, "{put:?}");
    assert_eq!(
        lines(&id)[1..5],
        ["Approve Login", "From home\\nnow", "A2*R*Thome", "B"]
    );
    let czech = rig.operation(USER, &json!({ "language": "CS" }));
    assert_eq!(
        lines(&czech)[1..5],
        ["Přihlášení", "C:\\\\home", "A2*R*Thome", "BXCF"]
    );
    // A language without texts falls back to English; each call has a nonce of its own.
    let german = rig.operation(USER, &json!({ "language": "de" }));
    assert_eq!(lines(&german)[1], "Approve Login");
    assert_ne!(rig.qr(&german, &phone).1, rig.qr(&german, &phone).1);
}

#[test]
fn wrong_digits_cost_registration_and_operation() {
    let rig = Rig::new();
    let mut phone = rig.phone(USER, 1, &json!({}));
    let id = rig.operation(USER, &json!({}));
    let (qr, nonce) = rig.qr(&id, &phone);
    // Another form costs nothing.
    for otp in ["", "1234", "1234-5678-1234-567x", "12345678 12345678"] {
        refused(
            &rig.typed(&id, &phone, otp, &nonce),
            "ERROR_OTP_INVALID",
            "Operation OTP format is invalid, OTP validation skipped.",
        );
    }
    assert_eq!(state(&rig, &id)["failureCount"], 0);
    let wrong = digits(&mut phone, &qr, Factors::WrongPin);
    for attempt in 1..=5 {
        let answer = rig.typed(&id, &phone, wrong.as_str(), &nonce).json();
        let status = if attempt == 5 { "BLOCKED" } else { "ACTIVE" };
        assert_eq!(
            (
                &answer["otpValid"],
                &answer["registrationStatus"],
                &answer["remainingAttempts"]
            ),
            (&json!(false), &json!(status), &json!(5 - attempt))
        );
        assert_eq!(state(&rig, &id)["failureCount"], attempt);
    }
    assert_eq!(state(&rig, &id)["status"], "FAILED");
    assert_eq!(rig.status(&phone.id())["registrationStatus"], "BLOCKED");
}

#[test]
fn a_blocked_registration_guesses_nothing() {
    let rig = Rig::new();
    let mut phone = rig.phone(USER, 1, &json!({}));
    rig.phone(USER, 2, &json!({}));
    let id = rig.operation(USER, &json!({}));
    let (qr, nonce) = rig.qr(&id, &phone);
    let right = digits(&mut phone, &qr, Factors::Pin);
    let change = format!("/v2/registrations/{}", phone.id());
    rig.ok("PUT", &change, &json!({ "change": "BLOCK" }));
    let answer = rig.typed(&id, &phone, right.as_str(), &nonce).json();
    assert_eq!(
        (&answer["otpValid"], &answer["registrationStatus"]),
        (&json!(false), &json!("BLOCKED"))
    );
    assert_eq!(state(&rig, &id)["failureCount"], 0);
    // Unblocked, the same digits are good.
    rig.ok("PUT", &change, &json!({ "change": "UNBLOCK" }));
    assert_eq!(
        rig.typed(&id, &phone, right.as_str(), &nonce).json()["otpValid"],
        true
    );
}

#[test]
fn digits_of_another_phone_or_nonce_are_simply_wrong() {
    let rig = Rig::new();
    let (mut one, mut two) = (rig.phone(USER, 1, &json!({})), rig.phone(USER, 2, &json!({})));
    let id = rig.operation(USER, &json!({}));
    let ((qr, nonce), (_, other)) = (rig.qr(&id, &one), rig.qr(&id, &two));
    let code = digits(&mut one, &qr, Factors::Pin);
    assert_eq!(
        rig.typed(&id, &two, code.as_str(), &nonce).json()["otpValid"],
        false
    );
    assert_eq!(
        rig.typed(&id, &one, code.as_str(), &other).json()["otpValid"],
        false
    );
    // A phone reads no code of another one.
    assert!(two.device.read_offline_operation(&qr).is_err());
    let (qr, nonce) = rig.qr(&id, &two);
    let code = digits(&mut two, &qr, Factors::Pin);
    assert_eq!(
        rig.typed(&id, &two, code.as_str(), &nonce).json()["otpValid"],
        true
    );
}

#[test]
fn a_proximity_check_is_in_the_code_and_under_the_signature() {
    let rig = Rig::new();
    let template = json!({
        "templateName": "near", "operationType": "login", "dataTemplate": "A2",
        "signatureType": ["POSSESSION_KNOWLEDGE"], "maxFailureCount": 5, "expiration": 300,
        "proximityCheckEnabled": true,
    });
    rig.open.rest("/operation/template/create", &template).ok();
    let mut phone = rig.phone(USER, 1, &json!({}));
    let near = || rig.operation(USER, &json!({ "template": "near" }));
    let code = |phone: &mut Phone, id: &str| {
        let (qr, nonce) = rig.qr(id, phone);
        let scanned = phone.device.read_offline_operation(&qr).unwrap();
        assert!(scanned.totp.is_some() && !scanned.flags.biometry);
        (digits(phone, &qr, Factors::Pin), nonce)
    };
    let id = near();
    let (typed, nonce) = code(&mut phone, &id);
    // One step later it still counts, some steps later not.
    rig.world.host.advance(30_000);
    assert_eq!(
        rig.typed(&id, &phone, typed.as_str(), &nonce).json()["otpValid"],
        true
    );
    let id = near();
    let (typed, nonce) = code(&mut phone, &id);
    rig.world.host.advance(90_000);
    assert_eq!(
        rig.typed(&id, &phone, typed.as_str(), &nonce).json()["otpValid"],
        false
    );
    assert_eq!(state(&rig, &id)["failureCount"], 1);
    // The code is nobody's to read back.
    let shown = state(&rig, &id).to_string();
    assert!(!shown.contains("proximity"), "{shown}");
}

#[test]
fn a_number_to_match_is_shown_to_the_page_and_not_asked_offline() {
    let mut rig = Rig::new();
    let mut engine = (*engine()).clone();
    engine.config.number_matching = true;
    rig.world.api = Arc::new(Api::new(Arc::new(engine)));
    let mut phone = rig.phone(USER, 1, &json!({}));
    let id = rig.operation(USER, &json!({}));
    let number = state(&rig, &id)["matchNumber"].clone();
    let shown: u8 = number.as_str().unwrap().parse().unwrap();
    assert!((10..100).contains(&shown));
    let (qr, nonce) = rig.qr(&id, &phone);
    let typed = digits(&mut phone, &qr, Factors::Pin);
    assert_eq!(
        rig.typed(&id, &phone, typed.as_str(), &nonce).json()["otpValid"],
        true
    );
    let after = state(&rig, &id);
    assert_eq!(
        (&after["status"], after["matchNumber"].as_str()),
        (&json!("APPROVED"), number.as_str())
    );
}

#[test]
fn who_gets_no_code() {
    let rig = Rig::new();
    let phone = rig.phone(USER, 1, &json!({ "flags": ["F"] }));
    let plain = rig.phone(USER, 2, &json!({}));
    let stranger = rig.phone("another", 3, &json!({ "flags": ["F"] }));
    let pending = rig.pending(USER, 4, &json!({ "flags": ["F"] }));
    let id = rig.operation(USER, &json!({ "flag": "F" }));
    let ask = |operation: &str, registration: &str| {
        let path = format!("/v2/operations/{operation}/offline/qr?registrationId={registration}");
        rig.call("GET", &path, &Value::Null)
    };
    assert_eq!(ask(&id, &phone.id()).status, 200);
    for other in [plain.id(), stranger.id(), pending.id(), UNKNOWN.to_owned()] {
        refused(
            &ask(&id, &other),
            "ERROR_REGISTRATION_NOT_FOUND",
            "Registration not found",
        );
        let nonce = "AAAAAAAAAAAAAAAAAAAAAA==";
        let body = json!({ "otp": "1234567812345678", "nonce": nonce, "registrationId": other });
        let answer = rig.call("POST", &format!("/v2/operations/{id}/offline/otp"), &body);
        refused(&answer, "ERROR_REGISTRATION_NOT_FOUND", "Registration not found");
    }
    assert_eq!(state(&rig, &id)["failureCount"], 0);
    let missing = rig.call("GET", &format!("/v2/operations/{id}/offline/qr"), &Value::Null);
    refused(
        &missing,
        "ERROR_REQUEST",
        "Required String parameter 'registrationId' is not present",
    );
    let otp = format!("/v2/operations/{id}/offline/otp");
    assert_eq!(
        violations(&rig.call("POST", &otp, &json!({}))),
        ["otp", "nonce", "registrationId"]
    );
    let body = json!({ "otp": "1234567812345678", "nonce": "x&y", "registrationId": phone.id() });
    assert_eq!(violations(&rig.call("POST", &otp, &body)), ["nonce"]);
    let not_found = "Operation with given ID was not found";
    refused(&ask(UNKNOWN, &phone.id()), "ERROR_OPERATION_NOT_FOUND", not_found);
    let nonce = "AAAAAAAAAAAAAAAAAAAAAA==";
    refused(
        &rig.typed(UNKNOWN, &phone, "1234567812345678", nonce),
        "ERROR_OPERATION_NOT_FOUND",
        not_found,
    );
    rig.world.host.advance(300_001);
    let late = "Operation is in invalid state for requested action";
    refused(&ask(&id, &phone.id()), "ERROR_OPERATION_STATE_CHANGE", late);
    refused(
        &rig.typed(&id, &phone, "1234567812345678", nonce),
        "ERROR_OPERATION_STATE_CHANGE",
        late,
    );
}
