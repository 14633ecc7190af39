//! The stored device: round trip, frozen form, damage; no secret in `Debug`; the same seed gives the same bytes.

use crate::rig::Rig;
use crate::support::{
    Material, Seeded, WRAPPING, biometry_key, hash_counter, load, pin, possession_key, stored,
};
use countersign::client::{
    Application, Authentication, Credentials, Device, DeviceState, Installation, PossessionKey, Proximity,
    ProximitySource, StateError, VaultReason,
};
use countersign::crypto::backend::RustCrypto;
use countersign::crypto::encoding::base64;
use countersign::crypto::key::{KeyPair, PrivateKey};
use countersign::crypto::schedule::{ActivationKeys, MasterSecret};
use countersign::crypto::vault::wrap_device_key;
use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};

#[test]
fn round_trip_of_everything() {
    let mut rig = Rig::new(ProtocolVersion::V3_3);
    rig.create_token("one", &Authentication::Possession).unwrap();
    rig.create_token("two", &Authentication::Possession).unwrap();
    let json = rig.device.to_state().to_json().unwrap();
    rig.device = load(&json);
    assert_eq!(rig.device.to_state().to_json().unwrap(), json);
    let pin = pin();
    rig.validate(&Authentication::PossessionKnowledge(&pin)).unwrap();
    let biometry = biometry_key();
    rig.validate(&Authentication::PossessionBiometry(&biometry))
        .unwrap();
    let now = rig.now();
    for name in ["one", "two"] {
        let call = rig.device.list_operations(name, now, &mut rig.rng).unwrap();
        let (pending, status, body) = rig.send_call(call);
        pending.read(status, &body).unwrap();
    }

    // Without biometry and recovery these members are absent.
    rig.device.remove_biometry();
    let value: Value = serde_json::from_str(&rig.device.to_state().to_json().unwrap()).unwrap();
    assert!(value.get("biometryKey").is_none());
    assert!(value.get("recovery").is_some());

    // Another possession key is another phone.
    let state = DeviceState::from_json(&json).unwrap();
    rig.device = Device::from_state(&state, PossessionKey::from_bytes([1; 16])).unwrap();
    assert!(rig.validate(&Authentication::Possession).is_err());
}

fn known_device() -> (Value, ActivationKeys) {
    let pair =
        |byte| KeyPair::from_private(&RustCrypto, PrivateKey::from_bytes(&[byte; 32]).unwrap()).unwrap();
    let (master, server, device) = (pair(1), pair(2), pair(3));
    let secret = base64::encode(&[0x22; 16]);
    let application = Application::new(
        &base64::encode(&[0x11; 16]),
        &secret,
        &base64::encode(master.public.as_bytes()),
    )
    .unwrap();
    let keys = ActivationKeys::from_master(
        &MasterSecret::agree(&RustCrypto, &device.private, &server.public).unwrap(),
    );
    let state = stored(&Material {
        application: &application,
        secret: &secret,
        activation_id: "c564e700-7e86-4a87-b6c8-a5a0cc89683f",
        keys: &keys,
        server_public: server.public.as_bytes(),
        device_public: device.public.as_bytes(),
        device_key: &wrap_device_key(&keys.vault, &device.private),
        counter: hash_counter(&[7; 16], Some(250)),
    });
    (state, keys)
}

/// The stored form is a promise: devices of today must load in later releases.
#[test]
fn frozen_form() {
    let (mut state, _) = known_device();
    state["recovery"] = json!(base64::encode(&[0x66; 32]));
    let token =
        json!({ "id": "d08fb549-d4b7-4d47-b088-90ebac5a6b20", "secret": base64::encode(&[0x77; 16]) });
    state["tokens"] = json!({ "possession_universal": token });
    let json = load(&state.to_string()).to_state().to_json().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), state);
    assert_eq!(json, include_str!("device-v1.json").trim_end(), "{json}");
}

#[test]
fn damage_is_named() {
    let (good, _) = known_device();
    let load = |change: &dyn Fn(&mut Value)| {
        let mut state = good.clone();
        change(&mut state);
        match DeviceState::from_json(&state.to_string()) {
            Ok(state) => Device::from_state(&state, possession_key()).err(),
            Err(error) => Some(error),
        }
    };
    assert_eq!(load(&|_| ()), None);
    assert_eq!(
        load(&|state| state["format"] = json!(2)),
        Some(StateError::Format)
    );
    assert_eq!(load(&|state| state["future"] = json!(2)), None);
    let mut damaged = 0;
    for (name, bad) in [
        ("protocolVersion", json!("4.0")),
        ("activationId", json!("x")),
        ("serverPublicKey", json!(base64::encode(&[4; 65]))),
        ("devicePublicKey", json!("?")),
        ("possessionKey", json!("AAAA")),
        ("transportKey", json!("")),
        ("knowledgeKey", json!("AAAA")),
        ("knowledgeSalt", json!("AAAA")),
        ("knowledgeIterations", json!(0)),
        ("knowledgeIterations", json!(10_000_001)),
        ("biometryKey", json!("AAAA")),
        ("devicePrivateKey", json!("?")),
        ("recovery", json!("?")),
        ("counter", json!({ "kind": "hash", "data": "AAAA", "byte": 1 })),
        (
            "tokens",
            json!({ "t": { "id": "x", "secret": base64::encode(&[0; 16]) } }),
        ),
        (
            "tokens",
            json!({ "t": { "id": "c564e700-7e86-4a87-b6c8-a5a0cc89683f", "secret": "AAAA" } }),
        ),
    ] {
        let found = load(&|state| state[name] = bad.clone());
        assert_eq!(found, Some(StateError::Field(name)), "{name}");
        damaged += 1;
    }
    for name in ["applicationKey", "applicationSecret", "masterPublicKey"] {
        let found = load(&|state| state[name] = json!("?"));
        assert!(matches!(found, Some(StateError::Configuration(_))), "{name}");
        damaged += 1;
    }
    for (name, bad) in [
        ("format", json!("1")),
        ("counter", json!({ "kind": "other" })),
        ("knowledgeIterations", json!(-1)),
        ("tokens", json!([])),
    ] {
        assert_eq!(
            load(&|state| state[name] = bad.clone()),
            Some(StateError::Malformed)
        );
        damaged += 1;
    }
    for name in good.as_object().unwrap().keys() {
        if !matches!(name.as_str(), "biometryKey" | "tokens") {
            let found = load(&|state| drop(state.as_object_mut().unwrap().shift_remove(name)));
            assert_eq!(found, Some(StateError::Malformed), "{name}");
            damaged += 1;
        }
    }
    assert_eq!(DeviceState::from_json("").err(), Some(StateError::Malformed));
    println!("damaged states named: {damaged}");
}

/// Every representation in which a secret might show.
fn shapes(secret: &[u8]) -> Vec<String> {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let list = format!("{secret:?}");
    let mut shapes = vec![
        hex.clone(),
        hex.to_uppercase(),
        base64::encode(secret),
        list[1..list.len() - 1].to_owned(),
    ];
    if let Ok(text) = core::str::from_utf8(secret) {
        shapes.push(text.to_owned());
    }
    shapes
}

#[test]
fn no_secret_shows() {
    let mut rig = Rig::new(ProtocolVersion::V3_3);
    let (pin, now, id) = (
        countersign::client::Pin::new("canary-pin").unwrap(),
        rig.now(),
        rig.id(),
    );
    let factors = Authentication::PossessionKnowledge(&pin);
    rig.create_token("t", &Authentication::Possession).unwrap();
    let application = rig.device.application().clone();
    let keys = rig.server.activation(&id).keys.clone().unwrap();
    let (recovery, puk) = rig.server.activation(&id).recovery.clone().unwrap();
    let state: Value = serde_json::from_str(&rig.device.to_state().to_json().unwrap()).unwrap();
    let bytes = |name: &str| base64::decode(state[name].as_str().unwrap()).unwrap();

    let mut secrets: Vec<Vec<u8>> = vec![
        b"canary-pin".to_vec(),
        b"canary-otp".to_vec(),
        b"31415926".to_vec(),
        recovery.as_str().as_bytes().to_vec(),
        puk.as_str().as_bytes().to_vec(),
        rig.server.secret.to_vec(),
        WRAPPING.to_vec(),
        keys.possession.as_bytes().to_vec(),
        keys.knowledge.as_bytes().to_vec(),
        keys.biometry.as_bytes().to_vec(),
        keys.transport.as_bytes().to_vec(),
        keys.vault.as_bytes().to_vec(),
        bytes("possessionKey"),
        bytes("transportKey"),
        bytes("knowledgeKey"),
        bytes("biometryKey"),
        bytes("devicePrivateKey"),
        bytes("recovery"),
        base64::decode(state["counter"]["data"].as_str().unwrap()).unwrap(),
    ];
    for token in rig.server.tokens.values() {
        secrets.push(token.secret.as_bytes().to_vec());
    }

    let installation = Installation {
        otp: Some("canary-otp"),
        ..Installation::default()
    };
    let (_, qr) = rig.server.init(Some("canary-otp"));
    let scanned = application.read_activation_code(&qr).unwrap();
    secrets.push(scanned.code.as_str().as_bytes().to_vec());
    let credentials = Credentials::code(&scanned.code);
    let mut application = application;
    crate::rig::fetch_application_key(&mut rig.server, &mut application, &mut rig.rng);
    let activate = application
        .activate(&credentials, &installation, now, &mut rig.rng)
        .unwrap();
    let mut seen = vec![
        format!("{application:?}"),
        format!("{scanned:?}"),
        format!("{credentials:?} {installation:?} {activate:?}"),
        format!("{:?}", Credentials::recovery(&recovery, &puk)),
        format!("{:?}", rig.device),
        format!("{:?}", rig.device.to_state()),
        format!("{factors:?} {:?} {:?}", possession_key(), biometry_key()),
    ];
    let (status, body) = rig.server.handle(&activate.request);
    let new = activate.pending.read(status, &body).unwrap();
    let again = new.recovery().unwrap();
    secrets.push(again.code.as_str().as_bytes().to_vec());
    seen.push(format!("{new:?} {again:?}"));

    let signed = rig.device.validate_signature(&factors, &mut rig.rng).unwrap();
    seen.push(format!("{signed:?}"));
    let request = signed.assume_saved().request;
    let header = request.header("X-PowerAuth-Authorization").unwrap();
    let signature = header
        .split("pa_signature=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    secrets.push(base64::decode(signature).unwrap());
    let token = rig.device.token_header("t", now, &mut rig.rng).unwrap();
    secrets.push(token.digest.to_vec());
    seen.push(format!("{token:?}"));

    let right = crate::support::pin();
    let unlock = rig.device.unlock_vault(
        VaultReason::FetchEncryptionKey,
        &Authentication::PossessionKnowledge(&right),
        now,
        &mut rig.rng,
    );
    let unlock = unlock.unwrap();
    seen.push(format!("{unlock:?}"));
    let call = unlock.assume_saved();
    let (pending, status, body) = rig.send_call(call);
    seen.push(format!("{pending:?}"));
    let vault = pending.read(&rig.device, status, &body).unwrap();
    seen.push(format!("{vault:?}"));
    let proximity = Proximity {
        otp: "31415926".to_owned(),
        source: ProximitySource::Deeplink,
        received_ms: 1,
    };
    let scanned = countersign::client::ScannedProximity::parse("x://y?oid=op&potp=31415926").unwrap();
    seen.push(format!("{proximity:?} {scanned:?}"));

    let mut looked = 0;
    for text in &seen {
        assert!(!text.is_empty());
        for shape in secrets.iter().flat_map(|secret| shapes(secret)) {
            assert!(!text.contains(&shape), "{shape} in {text}");
            looked += 1;
        }
    }
    println!(
        "searches for {} secrets in {} texts: {looked}",
        secrets.len(),
        seen.len()
    );
}

/// A whole life of a device, as the bytes that leave it.
fn life(seed: u64) -> Vec<u8> {
    let mut rig = Rig::seeded(ProtocolVersion::V3_3, seed);
    let mut out = Vec::new();
    let (pin, now) = (pin(), rig.now());
    let factors = Authentication::PossessionKnowledge(&pin);
    rig.create_token("t", &factors).unwrap();
    out.extend_from_slice(rig.device.to_state().to_json().unwrap().as_bytes());
    let list = rig
        .device
        .list_operations("t", now, &mut rig.rng)
        .unwrap()
        .request;
    let sealed = rig
        .device
        .encrypt("/app", b"x", now, &mut rig.rng)
        .unwrap()
        .request;
    let signed = rig.device.validate_signature(&factors, &mut rig.rng).unwrap();
    let signed = signed.assume_saved().request;
    let status = rig.device.request_status(&mut rig.rng).unwrap().request;
    let key = rig.device.request_temporary_key(&mut rig.rng).unwrap().request;
    for request in [list, sealed, signed, status, key] {
        out.extend_from_slice(request.path.as_bytes());
        for (name, value) in &request.headers {
            out.extend_from_slice(format!("{name}: {value}\n").as_bytes());
        }
        out.extend_from_slice(&request.body);
    }
    out
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let first = life(11);
    assert_eq!(first, life(11));
    assert_ne!(first, life(12));
    println!("bytes compared: {}", first.len());
}

#[test]
fn a_failed_store_keeps_the_result_inside() {
    let mut rig = Rig::new(ProtocolVersion::V3_3);
    let counter = |device: &Device| {
        let state: Value = serde_json::from_str(&device.to_state().to_json().unwrap()).unwrap();
        state["counter"].clone()
    };
    let before = counter(&rig.device);
    let signed = rig
        .device
        .validate_signature(&Authentication::Possession, &mut rig.rng)
        .unwrap();
    let state: Value = serde_json::from_str(&signed.state().to_json().unwrap()).unwrap();
    assert_ne!(state["counter"], before);
    assert_eq!(state["counter"], counter(&rig.device));
    assert_eq!(signed.state().activation_id(), rig.device.activation_id());
    assert_eq!(signed.save_with(|_| Err("disk full")).err(), Some("disk full"));
    // In memory the value is spent, so that it can never be used twice.
    assert_ne!(counter(&rig.device), before);
    let _ = Seeded::new(0);
}
