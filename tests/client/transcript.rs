//! A recorded exchange of a deployed phone with a deployed server, replayed through the public interface of the phone.
//! The file is not part of this repository: without it the test is skipped, except where `CI` is set.

use crate::rig::refused;
use crate::support::{
    Material, PIN, Scripted, authentication, biometry_key, hash_counter, load, pin, stored,
};
use countersign::client::{
    Application, Authentication, CounterState, Device, ReplyError, ScanError, SignRequest,
};
use countersign::crypto::base;
use countersign::crypto::ecies::{
    Decryptor, EnvelopeKey, EnvelopeRequest, EnvelopeResponse, Parameters, Purpose, ResponseOpener,
    associated_data, shared_info2_base,
};
use countersign::crypto::encoding::base64;
use countersign::crypto::header::{AUTHORIZATION_HEADER, AuthorizationHeader, TokenHeader};
use countersign::crypto::schedule::ActivationKeys;
use countersign::crypto::secret::{Secret, SecretVec};
use countersign::crypto::status::BlobStatus;
use countersign::crypto::symmetric::{ZERO_IV, encrypt_cbc_blocks};
use countersign::crypto::token;
use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};
use std::path::Path;

fn recording() -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/transcripts/phone-e2e.json");
    match std::fs::read_to_string(path) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(_) if std::env::var_os("CI").is_some() => panic!("the recorded exchange is missing"),
        Err(_) => {
            println!("SKIPPED: the recorded exchange is not here");
            None
        }
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name}"))
}

fn array<const N: usize>(value: &Value, name: &str) -> [u8; N] {
    base64::decode_array(text(value, name)).unwrap()
}

/// The recorded phone at the start, with its token. What was not recorded (vault key, device key) is zero.
fn phone(recording: &Value) -> Device {
    let (app, phone) = (&recording["application"], &recording["phone"]);
    assert_eq!(text(phone, "password"), PIN);
    let application = Application::from_sdk_config(text(app, "mobileSdkConfig"))
        .unwrap()
        .with_version(ProtocolVersion::V3_2);
    assert_eq!(application.key(), text(app, "applicationKey"));
    let server = base64::decode(text(phone, "serverPublicKey")).unwrap();
    let keys = ActivationKeys {
        possession: Secret::from_bytes(array(phone, "signaturePossessionKey")),
        knowledge: Secret::from_bytes(array(phone, "signatureKnowledgeKey")),
        biometry: Secret::from_bytes(array(phone, "signatureBiometryKey")),
        transport: Secret::from_bytes(array(phone, "transportKey")),
        vault: Secret::from_bytes([0; 16]),
    };
    let mut state = stored(&Material {
        application: &application,
        secret: text(app, "applicationSecret"),
        activation_id: text(phone, "activationId"),
        keys: &keys,
        server_public: &server,
        device_public: &server,
        device_key: &[0; 48],
        counter: hash_counter(&array::<16>(phone, "initialCounterData"), Some(0)),
    });
    let wrapping = Secret::from_bytes(crate::support::WRAPPING);
    let secret: [u8; 16] = array(phone, "tokenSecret");
    let wrapped = encrypt_cbc_blocks(&wrapping, &ZERO_IV, &secret).unwrap();
    let token = json!({ "id": phone["tokenId"], "secret": base64::encode(&wrapped) });
    state["tokens"] = json!({ "recorded": token });
    load(&state.to_string())
}

fn counter(device: &Device) -> (u64, String) {
    let state: Value = serde_json::from_str(&device.to_state().to_json().unwrap()).unwrap();
    let counter = &state["counter"];
    (
        counter["byte"].as_u64().unwrap(),
        text(counter, "data").to_owned(),
    )
}

/// Signs into the void until the counter stands where the recorded phone's stood.
fn advance(device: &mut Device, number: u64) {
    while counter(device).0 < number {
        let mut rng = Scripted(vec![0; 16]);
        let wasted = device.validate_signature(&Authentication::Possession, &mut rng);
        drop(wasted.unwrap().assume_saved());
    }
    assert_eq!(counter(device).0, number);
}

fn exchange(recording: &Value, number: usize) -> &Value {
    let exchange = &recording["exchanges"][number - 1];
    assert_eq!(exchange["number"].as_u64(), u64::try_from(number).ok());
    exchange
}

fn reply(exchange: &Value) -> (u16, Vec<u8>) {
    let response = &exchange["exchange"]["response"];
    let status = response["status"].as_u64().unwrap().try_into().unwrap();
    (status, response["body"].to_string().into_bytes())
}

#[test]
fn signatures() {
    let Some(recording) = recording() else { return };
    let mut device = phone(&recording);
    let (pin, biometry) = (pin(), biometry_key());
    let (mut fit, mut do_not_fit) = (Vec::new(), Vec::new());
    for exchange in recording["exchanges"].as_array().unwrap() {
        let request = &exchange["exchange"]["request"];
        let Some(recorded) = request["headers"][AUTHORIZATION_HEADER].as_str() else {
            continue;
        };
        let number = exchange["number"].as_u64().unwrap();
        let client = &exchange["client"];
        let recorded = AuthorizationHeader::parse(recorded).unwrap();
        // 7 and 8 were refused before the server saw them; their counters follow from their neighbours', their body is
        // that of all the others. 16 was signed with the key of a wrong password at counter 11.
        let at = client["counter"].as_u64().unwrap_or_else(|| match number {
            7 => 4,
            8 => 5,
            16 => 11,
            other => panic!("no counter for {other}"),
        });
        advance(&mut device, at);
        if let Some(data) = client["counterData"].as_str() {
            assert_eq!(counter(&device).1, data, "exchange {number}");
        }
        let method = text(request, "method");
        let uri_id = client["resourceId"].as_str().unwrap_or("/pa/signature/validate");
        let body = match request["signedBody"].as_str() {
            _ if method == "GET" => "",
            Some(body) => body,
            None if matches!(number, 7 | 8) => r#"{"a":1}"#,
            None => "",
        };
        if let Some(base) = client["signatureBase"].as_str() {
            let data = request["signedBody"].as_str().unwrap_or_default();
            assert_eq!(
                base::build(method, uri_id, &recorded.nonce, data.as_bytes()),
                base,
                "exchange {number}"
            );
        }
        let factors = authentication(recorded.signature_type.as_str(), &pin, &biometry);
        let signed = device
            .sign(
                &SignRequest {
                    method,
                    path: text(request, "path"),
                    uri_id,
                    body: body.as_bytes(),
                },
                &factors,
                &mut Scripted(recorded.nonce.to_vec()),
            )
            .unwrap()
            .assume_saved();
        let own = AuthorizationHeader::parse(signed.header(AUTHORIZATION_HEADER).unwrap()).unwrap();
        if own == recorded {
            fit.push(number);
        } else {
            do_not_fit.push(number);
        }
    }
    println!(
        "recorded signatures recomputed: {} {fit:?}; wrong password: {do_not_fit:?}",
        fit.len()
    );
    assert_eq!(fit, [3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 17, 18, 19, 20, 21]);
    assert_eq!(do_not_fit, [16]);
    assert_eq!(counter(&device).1, text(&recording["phone"], "finalCounterData"));
}

#[test]
fn token_digests() {
    let Some(recording) = recording() else { return };
    let device = phone(&recording);
    for (number, fits) in [(11, true), (12, false)] {
        let exchange = exchange(&recording, number);
        let header = text(&exchange["exchange"]["request"]["headers"], "X-PowerAuth-Token");
        let recorded = TokenHeader::parse(header).unwrap();
        let mut nonce = Scripted(recorded.nonce.to_vec());
        let own = device
            .token_header("recorded", recorded.timestamp, &mut nonce)
            .unwrap();
        assert_eq!(own == recorded, fits, "exchange {number}");
        let secret = Secret::from_bytes(array(&recording["phone"], "tokenSecret"));
        let (nonce, time) = (&recorded.nonce, recorded.timestamp);
        assert_eq!(
            token::verify(&secret, nonce, time, recorded.version, &recorded.digest),
            fits
        );
    }
    println!("recorded token digests recomputed: 1; made with another secret: 1");
}

#[test]
fn statuses() {
    let Some(recording) = recording() else { return };
    let mut device = phone(&recording);
    for (number, at, expected) in [(2, 0, BlobStatus::Active), (22, 18, BlobStatus::Removed)] {
        advance(&mut device, at);
        let exchange = exchange(&recording, number);
        let asked = &exchange["exchange"]["request"]["body"];
        let challenge = base64::decode(text(&asked["requestObject"], "challenge")).unwrap();
        let call = device.request_status(&mut Scripted(challenge)).unwrap();
        let own: Value = serde_json::from_slice(&call.request.body).unwrap();
        assert_eq!(&own, asked);
        let (status, body) = reply(exchange);
        let found = call.pending.read(&mut device, status, &body).unwrap();
        assert_eq!(found.status, expected, "{number}: {found:?}");
        assert_eq!(found.counter, CounterState::InSync, "{number}: {found:?}");
        assert_eq!((found.current_version, found.max_failed_attempts), (3, 5));
    }
    println!("recorded status blobs opened: 2");
}

/// The keys of the outer layer were handed to the edge and so recorded: that layer can be opened in both directions.
#[test]
fn activation() {
    let Some(recording) = recording() else { return };
    let app = &recording["application"];
    let exchange = exchange(&recording, 1);
    let granted = &exchange["serverCalls"][0]["response"]["body"]["responseObject"];
    let key = EnvelopeKey::from_bytes(array(granted, "secretKey"));
    let base: [u8; 32] = array(granted, "sharedInfo2");
    let own = shared_info2_base(text(app, "applicationSecret"), None);
    assert_eq!(own.as_bytes(), &base);
    let parameters = Parameters {
        version: ProtocolVersion::V3_2,
        purpose: Purpose::ActivationLayer1,
        application_key: text(app, "applicationKey"),
        activation_id: None,
        temporary_key_id: None,
    };
    let associated = associated_data(&parameters).unwrap();
    let version = parameters.version;
    let base = SecretVec::from_slice(&base);

    let request = exchange["exchange"]["request"]["body"].clone();
    let request: EnvelopeRequest = serde_json::from_value(request).unwrap();
    let request = request.decode(version).unwrap();
    let decryptor = Decryptor::from_envelope_key(version, key.clone(), base.clone(), associated.clone());
    let (plain, _) = decryptor.open(&request).unwrap();
    let plain: Value = serde_json::from_slice(plain.as_bytes()).unwrap();
    let prepare = &exchange["serverCalls"][1];
    let prepared = &prepare["request"]["body"]["requestObject"];
    assert_eq!(plain["type"], "CODE");
    assert_eq!(plain["identityAttributes"]["code"], prepared["activationCode"]);
    for member in ["ephemeralPublicKey", "encryptedData", "mac", "nonce", "timestamp"] {
        assert_eq!(plain["activationData"][member], prepared[member]);
    }

    let response = exchange["exchange"]["response"]["body"].clone();
    let response: EnvelopeResponse = serde_json::from_value(response).unwrap();
    let opener = ResponseOpener::from_envelope_key(version, key, base, associated, request.nonce);
    let plain = opener.open(&response).unwrap();
    let plain: Value = serde_json::from_slice(plain.as_bytes()).unwrap();
    let answered = &prepare["response"]["body"]["responseObject"];
    for member in ["encryptedData", "mac", "nonce", "timestamp"] {
        assert_eq!(plain["activationData"][member], answered[member]);
    }

    // The code was signed by the master key.
    let init = call_of_bank(&recording, "init activation");
    let init = &init["response"]["body"]["responseObject"];
    let application = Application::from_sdk_config(text(app, "mobileSdkConfig")).unwrap();
    let qr = format!(
        "{}#{}",
        text(init, "activationCode"),
        text(init, "activationSignature")
    );
    let scanned = application.read_activation_code(&qr).unwrap();
    assert_eq!(prepared["activationCode"], scanned.code.as_str());
    println!("recorded envelopes of the outer activation layer opened: 2; code signatures verified: 1");
}

fn call_of_bank<'a>(recording: &'a Value, name: &str) -> &'a Value {
    let calls = recording["bankCalls"].as_array().unwrap();
    calls
        .iter()
        .find(|call| call["name"] == name)
        .unwrap_or_else(|| panic!("{name}"))
}

#[test]
fn offline() {
    let Some(recording) = recording() else { return };
    let mut device = phone(&recording);
    let created = call_of_bank(&recording, "offline payload");
    let payload = text(&created["response"]["body"]["responseObject"], "offlineData");
    let operation = device.read_offline_operation(payload).unwrap();
    assert_eq!(operation.operation_data, "A2");
    assert!(operation.flags.biometry);
    let other = device.read_offline_operation(&payload.replace("A2", "A3"));
    assert_eq!(other, Err(ScanError::Signature));
    let verified = call_of_bank(&recording, "offline verify");
    let asked = &verified["request"]["body"]["requestObject"];
    assert_eq!(operation.base_string(), text(asked, "data"));
    // The digits the recorded phone showed are ours at counter 16. The server refused them, since exchange 20 had spent
    // that value already.
    let pin = pin();
    let mut fitting = Vec::new();
    for number in 0..30 {
        advance(&mut device, number);
        let state = device.to_state().to_json().unwrap();
        let code = load(&state)
            .approve_offline(&operation, &Authentication::PossessionKnowledge(&pin))
            .unwrap()
            .assume_saved();
        if code.as_str() == text(asked, "signature") {
            fitting.push(number);
        }
    }
    assert_eq!(fitting, [16]);
    println!("recorded offline payloads verified: 1; offline signatures recomputed: 1");
}

#[test]
fn replies() {
    let Some(recording) = recording() else { return };
    let mut device = phone(&recording);
    let mut rng = Scripted(vec![0; 16 * 100]);
    let list = device
        .list_operations("recorded", 1_795_293_214_408, &mut rng)
        .unwrap();
    let (status, body) = reply(exchange(&recording, 11));
    let list = list.pending.read(status, &body).unwrap();
    assert_eq!((list.operations.len(), list.unreadable), (1, 0));
    let operation = &list.operations[0];
    assert_eq!(operation.data, "A1*A100CZK*ICZ2730300000001165254011");
    assert!(operation.allowed_signature_type.allows_biometry());
    assert!(!operation.is_expired(list.current_timestamp.as_deref().unwrap()));
    assert!(operation.form_data.attributes[0].text().is_some());

    let pin = pin();
    let factors = Authentication::PossessionKnowledge(&pin);
    let history = device.request_history(&factors, &mut rng).unwrap().assume_saved();
    let (status, body) = reply(exchange(&recording, 18));
    let history = history.pending.read(status, &body).unwrap();
    assert_eq!((history.operations.len(), history.unreadable), (2, 0));

    let removal = device
        .remove_activation(&factors, &mut rng)
        .unwrap()
        .assume_saved();
    let (status, body) = reply(exchange(&recording, 21));
    removal.pending.read(status, &body).unwrap();
    let removal = device
        .remove_token("recorded", &factors, &mut rng)
        .unwrap()
        .assume_saved();
    let (status, body) = reply(exchange(&recording, 20));
    removal.pending.read(&mut device, status, &body).unwrap();
    assert_eq!(device.token_names().count(), 0);

    let mut done = |number: usize| -> Result<(), ReplyError> {
        let call = device
            .validate_signature(&factors, &mut rng)
            .unwrap()
            .assume_saved();
        let (status, body) = reply(exchange(&recording, number));
        call.pending.read(status, &body)
    };
    let accepted = [3, 4, 5, 6, 9, 13, 17];
    for number in accepted {
        done(number).unwrap();
    }
    let refusals = [
        (7, 401, "ERR_AUTHENTICATION"),
        (8, 401, "ERR_AUTHENTICATION"),
        (12, 401, "POWERAUTH_AUTH_FAIL"),
        (14, 400, "OPERATION_ALREADY_FINISHED"),
        (15, 401, "POWERAUTH_AUTH_FAIL"),
        (16, 401, "POWERAUTH_AUTH_FAIL"),
    ];
    for (number, status, code) in refusals {
        assert_eq!(
            refused(done(number)),
            (status, code.to_owned()),
            "exchange {number}"
        );
    }
    println!("recorded replies read: {}", 4 + accepted.len() + refusals.len());
    println!(
        "cannot be checked: the inner activation layer (1), token creation (10) and vault unlock (19), whose ephemeral \
         keys were not recorded; the fingerprint, whose device key was not recorded"
    );
}
