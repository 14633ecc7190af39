//! Vault unlock: the right factors, every check in order, what counts, and what the phone gets.

use countersign::client::VaultReason;
use countersign::crypto::ecies::Purpose;
use countersign::crypto::header::{AUTHORIZATION_HEADER, AuthorizationHeader};
use countersign::crypto::version::ProtocolVersion;
use countersign::model::activation::ActivationStatus;
use serde_json::{Value, json};

use crate::bank::{Bank, Fault, NO_KEY, UNKNOWN, checks_in_order, forwarded, merged, opened};
use crate::support::{Answer, Ask, Factors, Phone};

const PATH: &str = "/vault/unlock";
const URI_ID: &str = "/pa/vault/unlock";

/// The phone's own request, and what reads its answer.
fn knock(bank: &mut Bank, factors: Factors) -> countersign::client::Call<countersign::client::PendingVault> {
    let now = bank.world.now();
    bank.phone.refresh(&bank.world);
    bank.phone.with(factors, |device, authentication, rng| {
        device
            .unlock_vault(VaultReason::AddBiometry, authentication, now, rng)
            .unwrap()
            .assume_saved()
    })
}

/// What a back end forwards.
fn request(bank: &mut Bank, factors: Factors) -> Value {
    forwarded(&knock(bank, factors).request, URI_ID)
}

/// A request over any plaintext. The signature covers the envelope, as a phone makes it.
fn over(
    bank: &mut Bank,
    factors: Factors,
    plain: &[u8],
) -> (Value, countersign::crypto::ecies::ResponseOpener) {
    let (envelope, opener) = bank.seal(Purpose::VaultUnlock, plain);
    let body = envelope.to_string();
    let header = bank.phone.with(factors, |device, authentication, rng| {
        device
            .authorize("POST", URI_ID, body.as_bytes(), authentication, rng)
            .unwrap()
            .assume_saved()
    });
    let data = countersign::crypto::base::build("POST", URI_ID, &header.nonce, body.as_bytes());
    let signed = json!({
        "activationId": header.activation_id, "applicationKey": header.application_key,
        "signedData": data, "signature": header.signature,
        "signatureType": header.signature_type.as_upper_str(), "signatureVersion": "3.2",
    });
    (merged(signed, &envelope), opener)
}

/// The code of a refusal, or what an answer says.
fn told(answer: &Answer) -> String {
    let object = answer.object();
    match (answer.status, object["signatureValid"].as_bool()) {
        (400, _) => answer.code(),
        (200, Some(valid)) if object["encryptedData"].is_string() => format!("evaluated {valid}"),
        (200, Some(false)) => {
            let expected = json!({
                "signatureValid": false, "encryptedData": null, "mac": null, "nonce": null, "timestamp": null,
            });
            assert_eq!(object, expected);
            "closed".to_owned()
        }
        _ => panic!("{answer:?}"),
    }
}

#[test]
fn phones_of_every_version_open_their_vault() {
    for version in ProtocolVersion::ALL {
        let mut bank = Bank::new(version);
        let before = bank.record();
        bank.world.host.advance(1_000);
        let call = knock(&mut bank, Factors::Pin);
        let answer = bank.world.send(&call.request);
        // Reading proves that the key opens the device key, which leads to the same key again.
        call.pending
            .read(&bank.phone.device, answer.status, &answer.body)
            .unwrap();
        let again = bank.world.send(&call.request);
        assert_eq!(again.status, 401, "{version}");

        let call = knock(&mut bank, Factors::Pin);
        let answer = bank.world.rest(PATH, &forwarded(&call.request, URI_ID)).ok();
        assert_eq!(answer["signatureValid"], true);
        let envelope = serde_json::to_vec(&answer).unwrap();
        call.pending.read(&bank.phone.device, 200, &envelope).unwrap();

        let after = bank.record();
        assert_eq!(after.counter, before.counter + 2, "{version}");
        assert_eq!(after.last_used, bank.world.now());
        assert_eq!(
            (after.failed_attempts, after.last_change),
            (0, before.last_change)
        );
    }
}

#[test]
fn the_attempt_stands_in_the_audit() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    let before = bank.record();
    let call = knock(&mut bank, Factors::Pin);
    let sent = forwarded(&call.request, URI_ID);
    bank.world.rest(PATH, &sent).ok();
    let (unsaid, _) = over(&mut bank, Factors::Pin, b"{}");
    bank.world.rest(PATH, &unsaid).ok();
    let list = bank
        .world
        .rest("/signature/list", &json!({ "userId": "joe" }))
        .ok();
    let items = list["items"].as_array().unwrap();
    let reasons: Vec<&Value> = items.iter().map(|item| &item["additionalInfo"]).collect();
    let reason = |text| json!([{ "key": "VAULT_UNLOCKED_REASON", "value": text }]);
    assert_eq!(reasons, [&reason("NOT_SPECIFIED"), &reason("ADD_BIOMETRY")]);
    let first = &items[1];
    assert_eq!(
        (
            &first["note"],
            &first["valid"],
            &first["signatureType"],
            &first["signatureVersion"]
        ),
        (
            &json!("signature_ok"),
            &json!(true),
            &json!("POSSESSION_KNOWLEDGE"),
            &json!("3.2")
        )
    );
    assert_eq!(first["signature"], sent["signature"]);
    assert_eq!(first["activationCounter"], before.counter);
    assert_eq!(first["version"], 3);
}

const FAULTS: [Fault; 22] = [
    Fault {
        name: "no activation",
        expected: "ERR0024",
        apply: |it| it["activationId"] = Value::Null,
    },
    Fault {
        name: "no key",
        expected: "ERR0024",
        apply: |it| it["applicationKey"] = Value::Null,
    },
    Fault {
        name: "no data",
        expected: "ERR0024",
        apply: |it| it["signedData"] = Value::Null,
    },
    Fault {
        name: "no signature",
        expected: "ERR0024",
        apply: |it| it["signature"] = Value::Null,
    },
    Fault {
        name: "no type",
        expected: "ERR0024",
        apply: |it| it["signatureType"] = Value::Null,
    },
    Fault {
        name: "possession",
        expected: "ERR0012",
        apply: |it| it["signatureType"] = json!("POSSESSION"),
    },
    Fault {
        name: "knowledge",
        expected: "ERR0012",
        apply: |it| it["signatureType"] = json!("KNOWLEDGE"),
    },
    Fault {
        name: "biometry",
        expected: "ERR0012",
        apply: |it| it["signatureType"] = json!("BIOMETRY"),
    },
    Fault {
        name: "phone and biometry",
        expected: "ERR0012",
        apply: |it| it["signatureType"] = json!("POSSESSION_BIOMETRY"),
    },
    Fault {
        name: "three factors",
        expected: "ERR0012",
        apply: |it| it["signatureType"] = json!("POSSESSION_KNOWLEDGE_BIOMETRY"),
    },
    Fault {
        name: "version 2.1",
        expected: "ERR0018",
        apply: |it| it["signatureVersion"] = json!("2.1"),
    },
    Fault {
        name: "3.3 without its key",
        expected: "ERR0018",
        apply: |it| {
            it["signatureVersion"] = json!("3.3");
            it["temporaryKeyId"] = Value::Null;
        },
    },
    Fault {
        name: "no nonce",
        expected: "ERR0024",
        apply: |it| it["nonce"] = Value::Null,
    },
    Fault {
        name: "no timestamp",
        expected: "ERR0024",
        apply: |it| it["timestamp"] = Value::Null,
    },
    Fault {
        name: "a key too much",
        expected: "ERR0024",
        apply: |it| it["temporaryKeyId"] = json!(UNKNOWN),
    },
    Fault {
        name: "unknown activation",
        expected: "closed",
        apply: |it| it["activationId"] = json!(UNKNOWN),
    },
    Fault {
        name: "unknown key",
        expected: "closed",
        apply: |it| it["applicationKey"] = json!(NO_KEY),
    },
    Fault {
        name: "not Base64",
        expected: "ERR0018",
        apply: |it| it["nonce"] = json!("?"),
    },
    Fault {
        name: "too old",
        expected: "ERR0024",
        apply: |it| it["timestamp"] = json!(1),
    },
    Fault {
        name: "too early",
        expected: "ERR0024",
        apply: |it| it["timestamp"] = json!(u64::from(u32::MAX) * 1000),
    },
    Fault {
        name: "MAC",
        expected: "ERR0018",
        apply: |it| it["mac"] = json!(format!("{}=", "A".repeat(43))),
    },
    Fault {
        name: "no point",
        expected: "ERR0018",
        apply: |it| it["ephemeralPublicKey"] = json!("AAAA"),
    },
];

#[test]
fn every_check_in_order() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    let state = bank.phone.device.to_state();
    let fresh = |bank: &mut Bank| request(bank, Factors::Pin);
    checks_in_order(&mut bank, PATH, &FAULTS, fresh, told);
    assert_eq!(bank.attempts().len(), 0);
    assert_eq!(bank.record().failed_attempts, 0);
    // None of them moved the counter, so the phone must not have, either.
    bank.phone = Phone::from_state(&state, 0, 9);
    // The document names no version: then it is 3.2.
    let mut unsaid = request(&mut bank, Factors::Pin);
    unsaid["signatureVersion"] = Value::Null;
    assert_eq!(told(&bank.world.rest(PATH, &unsaid)), "evaluated true");
}

#[test]
fn states_and_versions_close_it() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    let one = json!({ "activationId": bank.phone.id() });
    let version = json!({ "applicationId": "bank", "applicationVersionId": "default" });
    let (mut sent, mut closed) = (request(&mut bank, Factors::Pin), 0);
    for (close, open) in [
        (("/activation/block", &one), ("/activation/unblock", &one)),
        (
            ("/application/version/unsupport", &version),
            ("/application/version/support", &version),
        ),
    ] {
        bank.world.rest(close.0, close.1).ok();
        let before = bank.records();
        assert_eq!(told(&bank.world.rest(PATH, &sent)), "closed", "{close:?}");
        let call = knock(&mut bank, Factors::Pin);
        assert_eq!(bank.world.send(&call.request).status, 401, "{close:?}");
        assert!(bank.records() == before);
        bank.world.rest(open.0, open.1).ok();
        assert_eq!(told(&bank.world.rest(PATH, &sent)), "evaluated true", "{open:?}");
        assert_eq!(told(&bank.world.rest(PATH, &sent)), "ERR0024", "a replay");
        sent = request(&mut bank, Factors::Pin);
        closed += 1;
    }
    bank.world.rest("/activation/remove", &one).ok();
    assert_eq!(told(&bank.world.rest(PATH, &sent)), "closed");
    println!("{} states closed it", closed + 1);
}

#[test]
fn reasons_and_payloads() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    let long = "x".repeat(255);
    let (longest, longer) = (
        format!(r#"{{"reason":"{long}"}}"#),
        format!(r#"{{"reason":"{long}x"}}"#),
    );
    let cases: [(&str, &str); 16] = [
        (r#"{"reason":"FETCH_ENCRYPTION_KEY"}"#, "evaluated true"),
        (r#"{"reason":"CUSTOM-1.x"}"#, "evaluated true"),
        (r#"{"reason":"abc"}"#, "evaluated true"),
        (r#"{"reason":123}"#, "evaluated true"),
        (r#"{"reason":null}"#, "evaluated true"),
        (r#"{"other":1}"#, "evaluated true"),
        (&longest, "evaluated true"),
        (&longer, "ERR0011"),
        (r#"{"reason":"ab"}"#, "ERR0011"),
        (r#"{"reason":""}"#, "ERR0011"),
        (r#"{"reason":"bad reason"}"#, "ERR0011"),
        (r#"{"reason":"příčina"}"#, "ERR0011"),
        ("xx", "closed"),
        ("", "closed"),
        ("[]", "closed"),
        (r#"{"reason":{}}"#, "closed"),
    ];
    for (plain, expected) in cases {
        let (sent, _) = over(&mut bank, Factors::Pin, plain.as_bytes());
        let attempts = bank.attempts().len();
        assert_eq!(told(&bank.world.rest(PATH, &sent)), expected, "{plain}");
        let evaluated = usize::from(expected == "evaluated true");
        assert_eq!(bank.attempts().len(), attempts + evaluated, "{plain}");
        if expected == "closed" {
            assert_eq!(
                told(&bank.world.rest(PATH, &sent)),
                "ERR0024",
                "a replay: {plain}"
            );
        }
    }
    assert_eq!(bank.record().failed_attempts, 0);
    println!("{} payloads", cases.len());
}

#[test]
fn a_wrong_signature_counts_and_gets_no_key() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    let mut events = bank.events();
    for failures in 1..=5_u64 {
        let (sent, opener) = over(&mut bank, Factors::WrongPin, b"{}");
        let answer = bank.world.rest(PATH, &sent);
        assert_eq!(told(&answer), "evaluated false");
        assert_eq!(
            opened(opener, &answer.object()),
            json!({ "encryptedVaultEncryptionKey": null })
        );
        let record = bank.record();
        assert_eq!(record.failed_attempts, failures);
        let blocked = failures == 5;
        assert_eq!(record.status == ActivationStatus::Blocked, blocked);
        let attempt = bank.attempts().pop().unwrap();
        assert_eq!(
            (attempt.valid, attempt.note.as_str()),
            (false, "signature_does_not_match")
        );
        assert_eq!(attempt.additional.len(), 1 + usize::from(blocked));
        assert_eq!(bank.events(), events + usize::from(blocked));
        events = bank.events();
    }
    assert_eq!(
        bank.record().blocked_reason.as_deref(),
        Some("MAX_FAILED_ATTEMPTS")
    );
    let right = request(&mut bank, Factors::Pin);
    assert_eq!(told(&bank.world.rest(PATH, &right)), "closed");
    // A right one resets them.
    let one = json!({ "activationId": bank.phone.id() });
    bank.world.rest("/activation/unblock", &one).ok();
    let (wrong, _) = over(&mut bank, Factors::WrongPin, b"{}");
    assert_eq!(told(&bank.world.rest(PATH, &wrong)), "evaluated false");
    assert_eq!(bank.record().failed_attempts, 1);
    let (right, _) = over(&mut bank, Factors::Pin, b"{}");
    assert_eq!(told(&bank.world.rest(PATH, &right)), "evaluated true");
    assert_eq!(bank.record().failed_attempts, 0);
}

#[test]
fn biometry_only_where_it_is_configured() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    let call = knock(&mut bank, Factors::Biometry);
    let before = bank.records();
    assert_eq!(phone_told(&bank.world.send(&call.request)), "ERR_SECURE_VAULT");
    assert!(bank.records() == before);
    let mut bank = Bank::configured(|config| config.vault_with_biometry = true);
    for factors in [Factors::Biometry, Factors::Pin] {
        let call = knock(&mut bank, factors);
        let answer = bank.world.send(&call.request);
        let device = &bank.phone.device;
        call.pending.read(device, answer.status, &answer.body).unwrap();
    }
    let mut refused = request(&mut bank, Factors::Biometry);
    refused["signatureType"] = json!("POSSESSION_KNOWLEDGE_BIOMETRY");
    assert_eq!(told(&bank.world.rest(PATH, &refused)), "ERR0012");
}

fn phone_told(answer: &Answer) -> String {
    let code = answer.code();
    let status = match code.as_str() {
        "" => 200,
        "ERR_AUTHENTICATION" => 401,
        _ => 400,
    };
    assert_eq!(answer.status, status, "{code}");
    code
}

/// What the phone is told, and how much is written: nothing, or the attempt.
#[test]
fn phones_learn_little() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    let changed_header = |ask: &mut Ask, change: fn(&mut AuthorizationHeader)| {
        for (name, value) in &mut ask.headers {
            if *name == AUTHORIZATION_HEADER {
                let mut header = AuthorizationHeader::parse(value).unwrap();
                change(&mut header);
                *value = header.to_text();
            }
        }
    };
    type Change = fn(&mut Ask);
    let without: Change = |ask| ask.headers.retain(|(name, _)| *name != AUTHORIZATION_HEADER);
    let no_member: Change = |ask| {
        let mut body: Value = serde_json::from_slice(&ask.body).unwrap();
        body.as_object_mut().unwrap().shift_remove("nonce");
        ask.body = body.to_string().into_bytes();
    };
    let other_mac: Change = |ask| {
        let mut body: Value = serde_json::from_slice(&ask.body).unwrap();
        body["mac"] = json!(format!("{}=", "A".repeat(43)));
        ask.body = body.to_string().into_bytes();
    };
    let mut cases: Vec<(&str, Ask, &str)> = Vec::new();
    for (name, change, expected) in [
        ("no header", without, "ERR_AUTHENTICATION"),
        ("no body", |ask: &mut Ask| ask.body.clear(), "ERR_AUTHENTICATION"),
        ("a missing member", no_member, "ERR_AUTHENTICATION"),
        ("another MAC", other_mac, "ERR_AUTHENTICATION"),
    ] as [(&str, Change, &str); 4]
    {
        let mut ask = Ask::from(&knock(&mut bank, Factors::Pin).request);
        change(&mut ask);
        cases.push((name, ask, expected));
    }
    let mut unknown = Ask::from(&knock(&mut bank, Factors::Pin).request);
    changed_header(&mut unknown, |header| header.activation_id = UNKNOWN.to_owned());
    cases.push(("unknown activation", unknown, "ERR_AUTHENTICATION"));
    let mut key = Ask::from(&knock(&mut bank, Factors::Pin).request);
    changed_header(&mut key, |header| header.application_key = NO_KEY.to_owned());
    cases.push(("unknown key", key, "ERR_AUTHENTICATION"));
    for (name, ask, expected) in &cases {
        let before = bank.records();
        assert_eq!(phone_told(&bank.world.ask(ask)), *expected, "{name}");
        assert!(bank.records() == before, "{name}");
    }
    let call = knock(&mut bank, Factors::WrongPin);
    assert_eq!(phone_told(&bank.world.send(&call.request)), "ERR_AUTHENTICATION");
    assert_eq!(bank.record().failed_attempts, 1);
    println!("{} requests that a phone is refused", cases.len() + 1);
}
