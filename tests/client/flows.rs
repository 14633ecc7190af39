//! Everything an active device does, in every version.

use crate::rig::{Rig, application, ask, refused};
use crate::support::{authentication, biometry_key, pin, possession_key, saved};
use countersign::client::{
    Authentication, CounterState, Credentials, Installation, Pin, ReplyError, RequestError, SignRequest,
    VaultReason,
};
use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::code::RecoveryCode;
use countersign::crypto::ecdsa::Signature;
use countersign::crypto::encoding::base64;
use countersign::crypto::header::{
    AUTHORIZATION_HEADER, AuthorizationHeader, ENCRYPTION_HEADER, TOKEN_HEADER,
};
use countersign::crypto::jwt::UnverifiedJwt;
use countersign::crypto::kdf;
use countersign::crypto::status::BlobStatus;
use countersign::crypto::version::ProtocolVersion;
use serde_json::json;

const COMBINATIONS: [&str; 6] = [
    "possession",
    "knowledge",
    "biometry",
    "possession_knowledge",
    "possession_biometry",
    "possession_knowledge_biometry",
];

#[test]
fn every_request_with_every_factor() {
    let mut accepted = 0;
    for version in ProtocolVersion::ALL {
        let mut rig = Rig::new(version);
        let (pin, biometry) = (pin(), biometry_key());
        for name in COMBINATIONS {
            let factors = authentication(name, &pin, &biometry);
            for (method, path, body) in [
                ("POST", "/app/pay", b"{\"a\":1}".as_slice()),
                ("put", "/app/pay?ignored=1", b"\x00\xFF"),
                ("DELETE", "/app/pay", b""),
                ("GET", "/app/pay?who=a&b=c&b=a&flag", b""),
                ("GET", "/app/pay?k=%C4%8D&z=x%20y&t=~*", b""),
                ("GET", "/app/pay", b""),
            ] {
                let request = SignRequest {
                    method,
                    path,
                    uri_id: "/app",
                    body,
                };
                let signed = rig.device.sign(&request, &factors, &mut rig.rng).unwrap();
                let request = saved(&rig.device, signed);
                let (status, answer) = rig.server.handle(&request);
                assert_eq!(
                    (status, String::from_utf8(answer).unwrap()),
                    (
                        200,
                        json!({ "status": "OK", "responseObject": { "factors": name } }).to_string()
                    ),
                    "{version} {name} {method} {path}"
                );
                let header =
                    AuthorizationHeader::parse(request.header(AUTHORIZATION_HEADER).unwrap()).unwrap();
                let groups = name.split('_').count();
                let length = if version == ProtocolVersion::V3_0 {
                    9 * groups - 1
                } else {
                    (16 * groups).div_ceil(3) * 4
                };
                assert_eq!(header.signature.len(), length);
                accepted += 1;
            }
        }
    }
    println!("signed requests accepted: {accepted}");
    assert_eq!(accepted, 4 * 6 * 6);
}

#[test]
fn requests_that_cannot_be_signed() {
    let mut rig = Rig::new(ProtocolVersion::V3_3);
    let before = rig.device.to_state().to_json().unwrap();
    let mut sign = |method, path, body, factors: &Authentication<'_>| {
        let request = SignRequest {
            method,
            path,
            uri_id: "/app",
            body,
        };
        rig.device.sign(&request, factors, &mut rig.rng).err()
    };
    let possession = Authentication::Possession;
    assert_eq!(
        sign("", "/", b"", &possession),
        Some(RequestError::Argument("method"))
    );
    assert_eq!(
        sign("P&T", "/", b"", &possession),
        Some(RequestError::Argument("method"))
    );
    assert_eq!(
        sign("GET", "/", b"x", &possession),
        Some(RequestError::Argument("body"))
    );
    assert!(matches!(
        sign("GET", "/?a=%zz", b"", &possession),
        Some(RequestError::Query(_))
    ));
    rig.device.remove_biometry();
    assert!(!rig.device.has_biometry());
    let biometry = biometry_key();
    let factors = Authentication::PossessionBiometry(&biometry);
    let request = SignRequest {
        method: "POST",
        path: "/",
        uri_id: "/",
        body: b"",
    };
    assert_eq!(
        rig.device.sign(&request, &factors, &mut rig.rng).err(),
        Some(RequestError::NoBiometry)
    );
    let failing = rig
        .device
        .sign(&request, &possession, &mut crate::support::Scripted(vec![0; 15]));
    assert!(matches!(failing.err(), Some(RequestError::Random(_))));
    // Nothing of this moved the counter.
    let after = rig.device.to_state().to_json().unwrap();
    let counter = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap()["counter"].clone();
    assert_eq!(counter(&before), counter(&after));
}

#[test]
fn a_wrong_pin_is_the_servers_business() {
    for version in ProtocolVersion::ALL {
        let mut rig = Rig::new(version);
        let (right, wrong) = (pin(), Pin::new("4321").unwrap());
        for failures in 1..=4 {
            let outcome = rig.validate(&Authentication::PossessionKnowledge(&wrong));
            assert_eq!(refused(outcome), (401, "ERR_AUTHENTICATION".to_owned()));
            let status = rig.status().unwrap();
            assert_eq!(status.failed_attempts, failures);
            assert_eq!(status.remaining_attempts(), 5 - failures);
            assert_eq!(status.custom_object, Some(json!({ "bank": "x" })));
        }
        // A wrong biometry key as well; possession alone neither counts nor helps.
        rig.validate(&Authentication::Possession).unwrap();
        assert_eq!(rig.status().unwrap().failed_attempts, 4);
        rig.validate(&Authentication::PossessionKnowledge(&right))
            .unwrap();
        assert_eq!(rig.status().unwrap().failed_attempts, 0);
        for _ in 0..5 {
            let other = countersign::client::BiometryKey::from_bytes([1; 16]);
            assert!(rig.validate(&Authentication::PossessionBiometry(&other)).is_err());
        }
        assert_eq!(rig.status().unwrap().status, BlobStatus::Blocked);
        assert!(
            rig.validate(&Authentication::PossessionKnowledge(&right))
                .is_err()
        );
    }
}

#[test]
fn the_pin_can_be_changed() {
    let mut rig = Rig::new(ProtocolVersion::V3_3);
    let (old, new) = (pin(), Pin::new("a longer password").unwrap());
    rig.validate(&Authentication::PossessionKnowledge(&old)).unwrap();
    rig.device.change_proven_pin(&old, &new, &mut rig.rng).unwrap();
    rig.validate(&Authentication::PossessionKnowledge(&new)).unwrap();
    assert!(rig.validate(&Authentication::PossessionKnowledge(&old)).is_err());
}

#[test]
fn tokens() {
    for version in ProtocolVersion::ALL {
        let mut rig = Rig::new(version);
        let (pin, biometry) = (pin(), biometry_key());
        for name in COMBINATIONS {
            let factors = authentication(name, &pin, &biometry);
            if matches!(name, "knowledge" | "biometry") {
                let now = rig.now();
                let refused = rig.device.create_token(name, &factors, now, &mut rig.rng);
                assert_eq!(refused.err(), Some(RequestError::Factors));
            } else {
                rig.create_token(name, &factors).unwrap();
            }
        }
        assert_eq!(
            rig.device.token_names().collect::<Vec<_>>(),
            [
                "possession",
                "possession_biometry",
                "possession_knowledge",
                "possession_knowledge_biometry"
            ]
        );
        let now = rig.now();
        let call = rig
            .device
            .request_detail("possession_knowledge", now, &mut rig.rng)
            .unwrap();
        assert!(
            call.request.header(TOKEN_HEADER).is_some() && call.request.header(ENCRYPTION_HEADER).is_some()
        );
        let (pending, status, body) = rig.send_call(call);
        let detail = pending.read(status, &body).unwrap();
        assert_eq!(detail.activation_name.as_deref(), Some("phone"));
        // A token remembers what it was made with.
        let call = rig
            .device
            .request_detail("possession", now, &mut rig.rng)
            .unwrap();
        let (pending, status, body) = rig.send_call(call);
        assert!(matches!(pending.read(status, &body), Err(ReplyError::Refused(_))));

        let possession = Authentication::Possession;
        let removal = rig.device.remove_token("possession", &possession, &mut rig.rng);
        let (pending, status, body) = rig.send(removal);
        pending.read(&mut rig.device, status, &body).unwrap();
        assert_eq!(rig.server.tokens.len(), 3);
        let missing = rig.device.token_header("possession", now, &mut rig.rng);
        assert_eq!(missing.err(), Some(RequestError::NoToken));
        let again = rig.device.remove_token("possession", &possession, &mut rig.rng);
        assert_eq!(again.err(), Some(RequestError::NoToken));
        rig.device.forget_token("possession_biometry");
        assert_eq!(rig.device.token_names().count(), 2);
    }
}

#[test]
fn vault() {
    for version in ProtocolVersion::ALL {
        let mut server = crate::server::Server::new(9);
        let mut rng = crate::support::Seeded::new(10);
        let application = application(&mut server, version, &mut rng);
        let (id, qr) = server.init(None);
        let code = application.read_activation_code(&qr).unwrap().code;
        let credentials = Credentials::code(&code);
        let none = Installation::default();
        let new = ask(&mut server, &application, &credentials, &none, &mut rng).unwrap();
        let recovery = new.recovery().unwrap().clone();
        let device = new.protect(&pin(), possession_key(), None, &mut rng).unwrap();
        server.activation(&id).status = BlobStatus::Active;
        let mut rig = Rig { server, device, rng };
        rig.fetch_key();

        let (pin, biometry) = (pin(), biometry_key());
        let factors = Authentication::PossessionKnowledge(&pin);
        let now = rig.now();
        let reason = VaultReason::AddBiometry;
        let unlock = rig.device.unlock_vault(reason, &factors, now, &mut rig.rng);
        let (pending, status, body) = rig.send(unlock);
        let vault = pending.read(&rig.device, status, &body).unwrap();

        let keys = rig.server.activation(&id).keys.clone().unwrap();
        assert!(vault.data_key(7).ct_eq(&kdf::derive(&keys.vault, 7)));
        let found = vault.recovery(&rig.device).unwrap().unwrap();
        assert_eq!(
            (found.code.as_str(), found.puk.as_str()),
            (recovery.code.as_str(), recovery.puk.as_str())
        );

        let device_public = rig.server.activation(&id).device.unwrap();
        let signature = vault.sign(b"contract").unwrap();
        let der = Signature::from_der(&signature.to_der()).unwrap();
        assert!(RustCrypto.verify(&device_public, b"contract", &der));
        let jwt = vault.sign_jwt(r#"{"sub":"me"}"#).unwrap();
        let parsed = UnverifiedJwt::parse(&jwt).unwrap();
        parsed.verify_es256(&RustCrypto, &device_public).unwrap();

        // Biometry, added later, works.
        let bio = Authentication::PossessionBiometry(&biometry);
        assert_eq!(
            rig.device.validate_signature(&bio, &mut rig.rng).err(),
            Some(RequestError::NoBiometry)
        );
        vault.add_biometry(&mut rig.device, &biometry);
        rig.validate(&bio).unwrap();

        // A wrong PIN opens nothing.
        let wrong = Pin::new("9999").unwrap();
        let unlock = rig.device.unlock_vault(
            VaultReason::Other("my.reason-1"),
            &Authentication::PossessionKnowledge(&wrong),
            now,
            &mut rig.rng,
        );
        let (pending, status, body) = rig.send(unlock);
        assert!(matches!(
            pending.read(&rig.device, status, &body),
            Err(ReplyError::Refused(_))
        ));
        for (reason, factors, error) in [
            ("no", &factors, RequestError::Argument("reason")),
            ("spaces are bad", &factors, RequestError::Argument("reason")),
            ("fine", &Authentication::Possession, RequestError::Factors),
        ] {
            let unlock = rig
                .device
                .unlock_vault(VaultReason::Other(reason), factors, now, &mut rig.rng);
            assert_eq!(unlock.err(), Some(error));
        }
    }
}

#[test]
fn a_vault_key_of_another_device_is_refused() {
    let mut rig = Rig::seeded(ProtocolVersion::V3_2, 1);
    let other = Rig::seeded(ProtocolVersion::V3_2, 2);
    let (pin, now, id, other_id) = (pin(), rig.now(), rig.id(), other.id());
    // The server mixes up two vault keys.
    let mut keys = rig.server.activation(&id).keys.clone().unwrap();
    let mut other = other;
    keys.vault = other.server.activation(&other_id).keys.clone().unwrap().vault;
    rig.server.activation(&id).keys = Some(keys);
    let unlock = rig.device.unlock_vault(
        VaultReason::FetchEncryptionKey,
        &Authentication::PossessionKnowledge(&pin),
        now,
        &mut rig.rng,
    );
    let (pending, status, body) = rig.send(unlock);
    assert_eq!(
        pending.read(&rig.device, status, &body).err(),
        Some(ReplyError::Vault)
    );
}

#[test]
fn encrypted_requests_of_the_application() {
    for version in ProtocolVersion::ALL {
        let mut rig = Rig::new(version);
        let now = rig.now();
        let application = application(&mut rig.server, version, &mut rig.rng);
        for plain in [b"".as_slice(), b"{}", &[7; 1000]] {
            let expected = json!({ "echo": base64::encode(plain) });
            let call = application
                .encrypt("/app/application", plain, now, &mut rig.rng)
                .unwrap();
            let (pending, status, body) = rig.send_call(call);
            let answer = pending.read(status, &body).unwrap();
            assert_eq!(answer.as_bytes(), expected.to_string().as_bytes());
            let call = rig
                .device
                .encrypt("/app/activation", plain, now, &mut rig.rng)
                .unwrap();
            let replay = call.request.clone();
            let (pending, status, body) = rig.send_call(call);
            let answer: serde_json::Value = pending.read_json(status, &body).unwrap();
            assert_eq!(answer, expected);
            let again = rig.server.handle(&replay).0;
            assert_eq!(again, if version.has_replay_protection() { 400 } else { 200 });
        }
        let call = rig.device.request_user_info(now, &mut rig.rng).unwrap();
        let (pending, status, body) = rig.send_call(call);
        assert_eq!(pending.read(status, &body).unwrap()["sub"], "user-1");

        let pin = pin();
        let factors = Authentication::PossessionKnowledge(&pin);
        let rename = rig.device.rename("new name", &factors, now, &mut rig.rng);
        let (pending, status, body) = rig.send(rename);
        let detail = pending.read(status, &body).unwrap();
        assert_eq!(detail.activation_name.as_deref(), Some("new name"));
        let id = rig.id();
        assert_eq!(rig.server.activation(&id).name.as_deref(), Some("new name"));
        let single = rig
            .device
            .rename("x", &Authentication::Possession, now, &mut rig.rng);
        assert_eq!(single.err(), Some(RequestError::Factors));

        let call = application.request_server_status();
        let (pending, status, body) = rig.send_call(call);
        let server = pending.read(status, &body).unwrap();
        assert_eq!(
            (server.server_time_ms, server.name.as_deref()),
            (now, Some("test"))
        );
        let bare = application.request_server_status().pending;
        assert_eq!(bare.read(200, br#"{"serverTime":5}"#).unwrap().server_time_ms, 5);
    }
}

#[test]
fn recovery_and_removal() {
    for version in ProtocolVersion::ALL {
        let mut rig = Rig::new(version);
        let (pin, now, id) = (pin(), rig.now(), rig.id());
        let factors = Authentication::PossessionKnowledge(&pin);
        let (code, _) = rig.server.activation(&id).recovery.clone().unwrap();
        for expected in [false, true] {
            let confirm = rig.device.confirm_recovery(&code, &factors, now, &mut rig.rng);
            let (pending, status, body) = rig.send(confirm);
            assert_eq!(pending.read(status, &body), Ok(expected));
        }
        let other = RecoveryCode::parse("AAAAA-AAAAA-AAAAA-AAAAA").unwrap();
        let confirm = rig.device.confirm_recovery(&other, &factors, now, &mut rig.rng);
        let (pending, status, body) = rig.send(confirm);
        assert!(matches!(pending.read(status, &body), Err(ReplyError::Refused(_))));
        let single = rig
            .device
            .confirm_recovery(&code, &Authentication::Possession, now, &mut rig.rng);
        assert_eq!(single.err(), Some(RequestError::Factors));

        let single = rig
            .device
            .remove_activation(&Authentication::Possession, &mut rig.rng);
        assert_eq!(single.err(), Some(RequestError::Factors));
        let removal = rig.device.remove_activation(&factors, &mut rig.rng);
        let (pending, status, body) = rig.send(removal);
        pending.read(status, &body).unwrap();
        assert_eq!(rig.status().unwrap().status, BlobStatus::Removed);
        assert!(rig.validate(&factors).is_err());
    }
}

#[test]
fn upgrade_from_generation_2() {
    for version in ProtocolVersion::ALL {
        let mut rig = Rig::new(version);
        let (pin, now, id) = (pin(), rig.now(), rig.id());
        rig.server.activation(&id).generation = 2;
        let mut state: serde_json::Value =
            serde_json::from_str(&rig.device.to_state().to_json().unwrap()).unwrap();
        state["counter"] = json!({ "kind": "numeric", "value": 41 });
        rig.device = crate::support::load(&state.to_string());
        rig.fetch_key();
        let factors = Authentication::PossessionKnowledge(&pin);
        assert_eq!((rig.device.generation(), rig.device.is_upgrading()), (2, false));
        assert_eq!(
            rig.device.validate_signature(&factors, &mut rig.rng).err(),
            Some(RequestError::UpgradeFirst)
        );
        assert_eq!(
            rig.device.commit_upgrade(&mut rig.rng).err(),
            Some(RequestError::NothingToUpgrade)
        );
        let status = rig.status().unwrap();
        assert!(status.upgrade_available());
        assert_eq!(status.counter, CounterState::NotCompared);

        // Starting twice is as good as once.
        for _ in 0..2 {
            let call = rig.device.start_upgrade(now, &mut rig.rng).unwrap();
            let (pending, status, body) = rig.send_call(call);
            pending.read(&mut rig.device, status, &body).unwrap();
            assert!(rig.device.is_upgrading());
        }
        assert_eq!(
            rig.device.validate_signature(&factors, &mut rig.rng).err(),
            Some(RequestError::UpgradeFirst)
        );
        // The commit arrives, its answer does not; the status tells.
        let commit = rig.device.commit_upgrade(&mut rig.rng);
        let (_, status, _) = rig.send(commit);
        assert_eq!(status, 200);
        assert!(rig.device.is_upgrading());
        let outcome = rig.status().unwrap();
        if version.has_status_challenge() {
            assert_eq!(outcome.counter, CounterState::Adopted, "the byte was not known");
            assert!(!rig.device.is_upgrading());
        } else {
            assert_eq!(outcome.counter, CounterState::NotCompared);
            let commit = rig.device.commit_upgrade(&mut rig.rng);
            let (pending, status, body) = rig.send(commit);
            pending.read(&mut rig.device, status, &body).unwrap();
        }
        rig.validate(&factors).unwrap();
        assert_eq!(
            rig.device.start_upgrade(now, &mut rig.rng).err(),
            Some(RequestError::NothingToUpgrade)
        );
    }
}
