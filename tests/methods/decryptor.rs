//! The ECIES decryptor: an intermediate server opens requests with what it is given, once.

use countersign::client;
use countersign::crypto::ecies::{
    Decryptor, EnvelopeKey, EnvelopeRequest, Parameters, Purpose, associated_data,
};
use countersign::crypto::encoding::base64;
use countersign::crypto::secret::SecretVec;
use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};

use crate::bank::{BANK, Bank, Fault, NO_KEY, UNKNOWN, checks_in_order, merged};
use crate::support::phone::with_temporary_key;
use crate::support::{Answer, Dice};

const PATH: &str = "/ecies/decryptor";

/// What an intermediate server asks about a request.
fn question(bank: &Bank, version: ProtocolVersion, activation: bool, request: &client::Request) -> Value {
    let envelope: Value = serde_json::from_slice(&request.body).unwrap();
    let mut question = json!({
        "applicationKey": bank.application.key(),
        "protocolVersion": version.as_str(),
    });
    for name in ["ephemeralPublicKey", "nonce", "timestamp", "temporaryKeyId"] {
        question[name] = envelope[name].clone();
    }
    if activation {
        question["activationId"] = json!(bank.phone.id());
    }
    question
}

fn told(answer: &Answer) -> String {
    match answer.status {
        200 => "ok".to_owned(),
        _ => answer.code(),
    }
}

/// The intermediate server's part, with nothing but the answer and the request.
fn open_and_answer(question: &Value, parameters: &Value, body: &[u8], reply: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let text = |object: &Value, name: &str| object[name].as_str().map(str::to_owned);
    let version = ProtocolVersion::parse(&text(question, "protocolVersion").unwrap()).unwrap();
    let (activation, key_id) = (text(question, "activationId"), text(question, "temporaryKeyId"));
    let purpose = match activation {
        Some(_) => Purpose::GenericActivation,
        None => Purpose::GenericApplication,
    };
    let data = associated_data(&Parameters {
        version,
        purpose,
        application_key: &text(question, "applicationKey").unwrap(),
        activation_id: activation.as_deref(),
        temporary_key_id: key_id.as_deref(),
    })
    .unwrap();
    let bytes = |name: &str| base64::decode(parameters[name].as_str().unwrap()).unwrap();
    let key = EnvelopeKey::from_bytes(bytes("secretKey").try_into().unwrap());
    let base = SecretVec::from_slice(&bytes("sharedInfo2"));
    let request: EnvelopeRequest = serde_json::from_slice(body).unwrap();
    let request = request.decode(version).unwrap();
    let decryptor = Decryptor::from_envelope_key(version, key, base, data);
    let (plain, sealer) = decryptor.open(&request).unwrap();
    let answer = sealer.seal(reply, 1_700_000_000_001, &mut Dice::new(4)).unwrap();
    (plain.as_bytes().to_vec(), serde_json::to_vec(&answer).unwrap())
}

#[test]
fn requests_of_every_version_and_scope_are_opened_once() {
    let mut exchanges = 0;
    for version in ProtocolVersion::ALL {
        for activation in [false, true] {
            let mut bank = Bank::new(version);
            let now = bank.world.now();
            bank.phone.refresh(&bank.world);
            let mut rng = Dice::new(5);
            let application = with_temporary_key(&bank.world, bank.application.clone(), &mut rng);
            let call = match activation {
                true => bank
                    .phone
                    .device
                    .encrypt("/hello", b"hello", now, &mut rng)
                    .unwrap(),
                false => application.encrypt("/hello", b"hello", now, &mut rng).unwrap(),
            };
            let question = question(&bank, version, activation, &call.request);
            let record = bank.record();
            let parameters = bank.world.rest(PATH, &question).ok();
            assert_eq!(parameters.as_object().unwrap().len(), 2);
            let (plain, answer) = open_and_answer(&question, &parameters, &call.request.body, b"world");
            assert_eq!(plain, b"hello");
            assert_eq!(call.pending.read(200, &answer).unwrap().as_bytes(), b"world");
            assert_eq!(bank.record(), record);

            let again = told(&bank.world.rest(PATH, &question));
            let expected = if version.has_timestamp() { "ERR0024" } else { "ok" };
            assert_eq!(again, expected, "{version}, activation scope: {activation}");
            // Nor by the endpoint that opens requests itself.
            if activation && version.has_timestamp() {
                let mut ask = crate::support::Ask::from(&call.request);
                "/pa/v3/user/info".clone_into(&mut ask.path);
                assert_eq!(bank.world.ask(&ask).code(), "ERR_ENCRYPTION");
            }
            exchanges += 1;
        }
    }
    println!("{exchanges} exchanges through an intermediate server");
}

fn fresh(bank: &mut Bank, activation: bool) -> Value {
    let (envelope, _) = bank.seal(Purpose::GenericActivation, b"{}");
    let mut question = json!({ "applicationKey": bank.application.key(), "protocolVersion": "3.2" });
    if activation {
        question["activationId"] = json!(bank.phone.id());
    }
    merged(question, &envelope)
}

const FAULTS: [Fault; 12] = [
    Fault {
        name: "no key",
        expected: "ERR0024",
        apply: |it| it["applicationKey"] = Value::Null,
    },
    Fault {
        name: "no point",
        expected: "ERR0024",
        apply: |it| it["ephemeralPublicKey"] = Value::Null,
    },
    Fault {
        name: "no version",
        expected: "ERR0018",
        apply: |it| it["protocolVersion"] = Value::Null,
    },
    Fault {
        name: "version 2.1",
        expected: "ERR0018",
        apply: |it| it["protocolVersion"] = json!("2.1"),
    },
    Fault {
        name: "3.3 without its key",
        expected: "ERR0018",
        apply: |it| it["protocolVersion"] = json!("3.3"),
    },
    Fault {
        name: "point not Base64",
        expected: "ERR0018",
        apply: |it| it["ephemeralPublicKey"] = json!("?"),
    },
    Fault {
        name: "nonce not Base64",
        expected: "ERR0018",
        apply: |it| it["nonce"] = json!("?"),
    },
    Fault {
        name: "long nonce",
        expected: "ERR0018",
        apply: |it| it["nonce"] = json!("A".repeat(24)),
    },
    Fault {
        name: "unknown key",
        expected: "ERR0015",
        apply: |it| it["applicationKey"] = json!(NO_KEY),
    },
    Fault {
        name: "too old",
        expected: "ERR0024",
        apply: |it| it["timestamp"] = json!(1),
    },
    Fault {
        name: "negative time",
        expected: "ERR0024",
        apply: |it| it["timestamp"] = json!(-1),
    },
    Fault {
        name: "not on the curve",
        expected: "ERR0018",
        apply: |it| it["ephemeralPublicKey"] = json!("AAAA"),
    },
];

/// In activation scope the activation comes first, and the key after the replay check.
const UNKNOWN_ACTIVATION: Fault = Fault {
    name: "unknown activation",
    expected: "ERR0009",
    apply: |it| it["activationId"] = json!(UNKNOWN),
};

#[test]
fn every_check_in_order() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    checks_in_order(&mut bank, PATH, &FAULTS, |bank| fresh(bank, false), told);
    let mut faults = Vec::from(FAULTS);
    let key = faults
        .iter()
        .position(|fault| fault.name == "unknown key")
        .unwrap();
    let unknown_key = std::mem::replace(&mut faults[key], UNKNOWN_ACTIVATION);
    faults.insert(faults.len() - 1, unknown_key);
    checks_in_order(&mut bank, PATH, &faults, |bank| fresh(bank, true), told);
}

#[test]
fn states_and_applications() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    let other = bank.world.application("other", ProtocolVersion::V3_2);
    let mut foreign = fresh(&mut bank, true);
    foreign["applicationKey"] = json!(other.key());
    assert_eq!(told(&bank.world.rest(PATH, &foreign)), "ERR0015");
    let one = json!({ "activationId": bank.phone.id() });
    for state in ["block", "remove"] {
        bank.world.rest(&format!("/activation/{state}"), &one).ok();
        let mut asked = fresh(&mut bank, true);
        assert_eq!(told(&bank.world.rest(PATH, &asked)), "ERR0008", "{state}");
        // The state is looked at before the key.
        asked["applicationKey"] = json!(NO_KEY);
        assert_eq!(told(&bank.world.rest(PATH, &asked)), "ERR0008", "{state}");
    }
    let version = json!({ "applicationId": BANK, "applicationVersionId": "default" });
    bank.world.rest("/application/version/unsupport", &version).ok();
    let asked = fresh(&mut bank, false);
    assert_eq!(told(&bank.world.rest(PATH, &asked)), "ERR0015");
}

/// Older callers leave time or nonce out. They get a key, but of 3.2 it opens nothing: both are under
/// the MAC.
#[test]
fn what_is_left_out_cannot_be_opened() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    for name in ["nonce", "timestamp"] {
        let mut asked = fresh(&mut bank, true);
        let mut envelope: EnvelopeRequest = serde_json::from_value(json!({
            "ephemeralPublicKey": asked["ephemeralPublicKey"], "encryptedData": asked["encryptedData"],
            "mac": asked["mac"], "nonce": asked["nonce"], "timestamp": asked["timestamp"],
        }))
        .unwrap();
        asked[name] = Value::Null;
        assert_eq!(told(&bank.world.rest(PATH, &asked)), "ok", "{name}");
        match name {
            "nonce" => envelope.nonce = None,
            _ => envelope.timestamp = None,
        }
        assert!(envelope.decode(ProtocolVersion::V3_2).is_err());
    }
    // A temporary key means nothing before 3.3.
    let mut asked = fresh(&mut bank, true);
    asked["temporaryKeyId"] = json!(UNKNOWN);
    assert_eq!(told(&bank.world.rest(PATH, &asked)), "ok");
    // The time of 3.0 and 3.1 may be further off.
    let mut asked = fresh(&mut bank, true);
    asked["protocolVersion"] = json!("3.1");
    asked["timestamp"] = json!(bank.world.now() - 7_200_000);
    assert_eq!(told(&bank.world.rest(PATH, &asked)), "ok");
    assert_eq!(told(&bank.world.rest(PATH, &asked)), "ERR0024");
    asked["timestamp"] = json!(bank.world.now() - 7_200_001);
    assert_eq!(told(&bank.world.rest(PATH, &asked)), "ERR0024");
}

#[test]
fn temporary_keys_are_of_their_owner_and_their_time() {
    let mut bank = Bank::new(ProtocolVersion::V3_3);
    bank.phone.refresh(&bank.world);
    let now = bank.world.now();
    let mut rng = Dice::new(5);
    let call = bank
        .phone
        .device
        .encrypt("/hello", b"hello", now, &mut rng)
        .unwrap();
    let asked = question(&bank, ProtocolVersion::V3_3, true, &call.request);
    let mut application = asked.clone();
    application["activationId"] = Value::Null;
    let mut unknown = asked.clone();
    unknown["temporaryKeyId"] = json!(UNKNOWN);
    for refused in [application, unknown] {
        assert_eq!(told(&bank.world.rest(PATH, &refused)), "ERR0045");
    }
    let later = bank.world.api.engine().config.temporary_key_validity;
    bank.world.host.advance(later);
    let mut late = asked;
    late["timestamp"] = json!(bank.world.now());
    assert_eq!(told(&bank.world.rest(PATH, &late)), "ERR0045");
}
