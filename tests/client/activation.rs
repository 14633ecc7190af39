//! Activation with every kind of credentials in every version, temporary keys, and what must be refused.

use crate::rig::{Rig, application, ask, fetch_application_key};
use crate::server::Server;
use crate::support::{Seeded, pin, possession_key};
use countersign::client::{
    ActivationCodeError, Application, ConfigurationError, Credentials, Installation, Refusal, ReplyError,
    RequestError,
};
use countersign::crypto::code::{Puk, RecoveryCode};
use countersign::crypto::ecies::Scope;
use countersign::crypto::encoding::{base64, base64url};
use countersign::crypto::fingerprint::fingerprint;
use countersign::crypto::status::BlobStatus;
use countersign::crypto::version::ProtocolVersion;
use serde_json::{Map, Value, json};

#[test]
fn by_code_with_everything() {
    for version in ProtocolVersion::ALL {
        let mut server = Server::new(5);
        let mut rng = Seeded::new(6);
        let application = application(&mut server, version, &mut rng);
        let (id, qr) = server.init(Some("otp-77"));
        let scanned = application.read_activation_code(&qr).unwrap();
        assert!(scanned.signature.is_some());
        let mut custom = Map::new();
        custom.insert("a".to_owned(), json!([1]));
        let installation = Installation {
            name: Some("Petr's phone"),
            extras: Some("x"),
            otp: Some("otp-77"),
            platform: Some("ios"),
            device_info: Some("iPhone12,3"),
            external_id: None,
            custom_attributes: Some(&custom),
        };
        let credentials = Credentials::code(&scanned.code);
        let new = ask(&mut server, &application, &credentials, &installation, &mut rng).unwrap();

        assert_eq!(new.activation_id(), id);
        assert_eq!(new.custom_attributes(), Some(&custom));
        assert!(new.user_info().is_none());
        let at_server = server.activation(&id);
        assert_eq!(at_server.status, BlobStatus::PendingCommit);
        let device_key = at_server.device.unwrap();
        let expected = fingerprint(&device_key, &at_server.server.public, &id);
        assert_eq!(new.fingerprint(), expected);
        let (code, puk) = at_server.recovery.as_ref().unwrap();
        let recovery = new.recovery().unwrap();
        assert_eq!(
            (recovery.code.as_str(), recovery.puk.as_str()),
            (code.as_str(), puk.as_str())
        );
        let layer1 = at_server.request["layer1"].clone();
        assert_eq!(layer1["type"], "CODE");
        assert_eq!(
            layer1["identityAttributes"],
            json!({ "code": scanned.code.as_str() })
        );
        let mut layer2 = at_server.request["layer2"].clone();
        layer2.as_object_mut().unwrap().remove("devicePublicKey");
        assert_eq!(
            layer2,
            json!({ "activationName": "Petr's phone", "extras": "x", "activationOtp": "otp-77", "platform": "ios",
                    "deviceInfo": "iPhone12,3" })
        );

        let device = new.protect(&pin(), possession_key(), None, &mut rng).unwrap();
        assert_eq!(device.fingerprint(), expected);
        assert_eq!((device.generation(), device.has_biometry()), (3, false));
        assert!(device.has_recovery());
    }
}

#[test]
fn by_other_credentials() {
    for version in ProtocolVersion::ALL {
        let mut rig = Rig::new(version);
        let application = application(&mut rig.server, version, &mut rig.rng);
        let none = Installation::default();
        let id = rig.id();
        let (code, puk) = rig.server.activation(&id).recovery.clone().unwrap();
        let cases = [
            (
                Credentials::custom([("username", "petr"), ("password", "x")]),
                "CUSTOM",
            ),
            (Credentials::oidc("idp", "c", "n", Some("v")), "DIRECT"),
            (Credentials::recovery(&code, &puk), "RECOVERY"),
        ];
        for (credentials, kind) in cases {
            let new = ask(&mut rig.server, &application, &credentials, &none, &mut rig.rng).unwrap();
            let request = &rig.server.activation(new.activation_id()).request;
            assert_eq!(request["layer1"]["type"], kind);
            assert!(request["layer1"].get("customAttributes").is_none());
            assert_eq!(request["layer2"].as_object().unwrap().len(), 1);
        }
        assert_eq!(rig.server.activation(&id).status, BlobStatus::Removed);
    }
}

#[test]
fn a_wrong_puk_says_which_is_next() {
    let mut rig = Rig::new(ProtocolVersion::V3_3);
    let application = application(&mut rig.server, ProtocolVersion::V3_3, &mut rig.rng);
    let id = rig.id();
    let (code, _) = rig.server.activation(&id).recovery.clone().unwrap();
    let wrong = Credentials::recovery(&code, &Puk::parse("0000000000").unwrap());
    let refused = ask(
        &mut rig.server,
        &application,
        &wrong,
        &Installation::default(),
        &mut rig.rng,
    );
    let expected = Refusal {
        status: 400,
        code: "INVALID_RECOVERY_CODE".to_owned(),
        recovery_puk_index: Some(1),
    };
    assert_eq!(refused.err(), Some(ReplyError::Refused(expected)));
}

#[test]
fn what_cannot_be_sent() {
    let mut server = Server::new(1);
    let mut rng = Seeded::new(1);
    let application = application(&mut server, ProtocolVersion::V3_2, &mut rng);
    let code = RecoveryCode::parse("AAAAA-AAAAA-AAAAA-AAAAA").unwrap();
    let recovery = Credentials::recovery(&code, &Puk::parse("0123456789").unwrap());
    let with_otp = Installation {
        otp: Some("1"),
        ..Installation::default()
    };
    let activate = |credentials: &Credentials, installation: &Installation<'_>| {
        application
            .activate(credentials, installation, 0, &mut Seeded::new(1))
            .err()
    };
    assert_eq!(
        activate(&recovery, &with_otp),
        Some(RequestError::Argument("otp"))
    );
    let nothing = Credentials::custom([]);
    assert_eq!(
        activate(&nothing, &Installation::default()),
        Some(RequestError::Argument("credentials"))
    );
}

#[test]
fn codes_of_others_are_refused() {
    let mut server = Server::new(1);
    let (_, qr) = server.init(None);
    let mut other = Server::new(2);
    let (_, foreign) = other.init(None);
    let application = Application::from_sdk_config(&server.sdk_config()).unwrap();
    assert!(application.read_activation_code(&qr).is_ok());
    let error = |text: &str| application.read_activation_code(text).err();
    assert_eq!(error(&foreign), Some(ActivationCodeError::Signature));
    let (code, signature) = qr.split_once('#').unwrap();
    let (other_code, _) = foreign.split_once('#').unwrap();
    assert_eq!(
        error(&format!("{other_code}#{signature}")),
        Some(ActivationCodeError::Signature)
    );
    assert!(application.read_activation_code(code).is_ok(), "typed by hand");
    assert!(matches!(
        error(&format!("{code}#")),
        Some(ActivationCodeError::Code(_))
    ));
    assert!(matches!(error("AAAAA"), Some(ActivationCodeError::Code(_))));
}

#[test]
fn configurations() {
    let server = Server::new(1);
    let secret = server.secret_text();
    let master = base64::encode(server.master.public.as_bytes());
    let application = Application::new(&server.key, &secret, &master).unwrap();
    let compact = Application::from_sdk_config(&server.sdk_config()).unwrap();
    assert_eq!(application.key(), compact.key());
    assert_eq!(application.master_public_key(), compact.master_public_key());
    assert_eq!(application.version(), ProtocolVersion::V3_3);
    let error = |key: &str, secret: &str, master: &str| Application::new(key, secret, master).err();
    assert_eq!(error("x", &secret, &master), Some(ConfigurationError::Key));
    assert_eq!(
        error(&server.key, "AA==", &master),
        Some(ConfigurationError::Secret)
    );
    let off_curve = base64::encode(&[4; 65]);
    assert_eq!(
        error(&server.key, &secret, &off_curve),
        Some(ConfigurationError::MasterKey)
    );
    assert_eq!(
        Application::from_sdk_config("AQ==").err(),
        Some(ConfigurationError::SdkConfig)
    );
}

#[test]
fn a_reply_that_was_changed_is_refused() {
    let mut refused = 0;
    for version in ProtocolVersion::ALL {
        for field in ["encryptedData", "mac", "nonce", "timestamp"] {
            let mut server = Server::new(5);
            let mut rng = Seeded::new(6);
            let application = application(&mut server, version, &mut rng);
            let (_, qr) = server.init(None);
            let code = application.read_activation_code(&qr).unwrap().code;
            let installation = Installation::default();
            let call = application
                .activate(&Credentials::code(&code), &installation, server.now, &mut rng)
                .unwrap();
            let (status, body) = server.handle(&call.request);
            assert_eq!(status, 200);
            let mut body: Value = serde_json::from_slice(&body).unwrap();
            body[field] = match &body[field] {
                Value::Number(time) => json!(time.as_u64().unwrap() + 1),
                Value::String(text) => {
                    let mut bytes = base64::decode(text).unwrap();
                    bytes[3] ^= 1;
                    json!(base64::encode(&bytes))
                }
                // A value where the version has none is as wrong as a changed one.
                _ if field == "nonce" => json!(base64::encode(&[1; 16])),
                _ => json!(server.now),
            };
            let result = call.pending.read(200, body.to_string().as_bytes());
            assert!(
                matches!(
                    result,
                    Err(ReplyError::Decryption | ReplyError::Malformed("nonce" | "timestamp"))
                ),
                "{version} {field}: {result:?}"
            );
            refused += 1;
        }
    }
    println!("changed activation replies refused: {refused}");
    assert_eq!(refused, 16);
}

#[test]
fn temporary_keys_live_shortly_and_once_per_scope() {
    let mut rig = Rig::new(ProtocolVersion::V3_3);
    let now = rig.now();
    // Expiry is 300 s away; the last ten do not count.
    assert!(!rig.device.needs_temporary_key(now + 289_999));
    assert!(rig.device.needs_temporary_key(now + 290_000));
    let late = rig
        .device
        .encrypt("/app/activation", b"", now + 290_000, &mut rig.rng);
    assert_eq!(late.err(), Some(RequestError::TemporaryKey(Scope::Activation)));

    let mut application = rig.device.application().clone();
    let own = application.request_temporary_key(&mut rig.rng).unwrap();
    let (status, body) = rig.server.handle(&own.request);
    let application_key = own.pending.read(status, &body).unwrap();
    assert_eq!(application_key.activation_id(), None);
    assert_eq!(application_key.expires_ms(), now + 300_000);
    assert!(rig.device.keep_temporary_key(application_key.clone()).is_err());
    let call = rig.device.request_temporary_key(&mut rig.rng).unwrap();
    let (status, body) = rig.server.handle(&call.request);
    let activation_key = call.pending.read(status, &body).unwrap();
    assert_eq!(activation_key.activation_id(), Some(rig.device.activation_id()));
    assert!(application.keep_temporary_key(activation_key.clone()).is_err());
    rig.device.keep_temporary_key(activation_key).unwrap();
    application.keep_temporary_key(application_key).unwrap();
    rig.device.forget_temporary_key();
    application.forget_temporary_key();
    assert!(rig.device.needs_temporary_key(now) && application.needs_temporary_key(now));

    // Older versions have none.
    application.set_version(ProtocolVersion::V3_2);
    assert!(!application.needs_temporary_key(now));
}

#[test]
fn a_temporary_key_must_answer_the_question() {
    let mut server = Server::new(1);
    let mut other = Server::new(2);
    let mut rng = Seeded::new(1);
    let application = Application::from_sdk_config(&server.sdk_config()).unwrap();
    let ask = |rng: &mut Seeded| application.request_temporary_key(rng).unwrap();

    let (first, second) = (ask(&mut rng), ask(&mut rng));
    let (_, body) = server.handle(&first.request);
    assert!(
        second.pending.read(200, &body).is_err(),
        "answers another challenge"
    );
    let call = ask(&mut rng);
    let (_, body) = other.handle(&call.request);
    assert!(
        call.pending.read(200, &body).is_err(),
        "signed by another master key"
    );

    // The header claims no signature at all.
    let call = ask(&mut rng);
    let (_, body) = server.handle(&call.request);
    let body: Value = serde_json::from_slice(&body).unwrap();
    let jwt = body["responseObject"]["jwt"].as_str().unwrap();
    let claims = jwt.split('.').nth(1).unwrap();
    let unsigned = format!("{}.{claims}.AA", base64url::encode(br#"{"alg":"none"}"#));
    let body = json!({ "status": "OK", "responseObject": { "jwt": unsigned } }).to_string();
    assert!(call.pending.read(200, body.as_bytes()).is_err());

    let mut key = application.clone();
    fetch_application_key(&mut server, &mut key, &mut rng);
    assert!(!key.needs_temporary_key(server.now));
}
