//! Rows of the server API whose request a phone has encrypted or signed: a host that talks to phones
//! by other ways than the standard API passes it on.

use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::ecies::{Encryptor, Parameters, Purpose, shared_info2_base};
use countersign::crypto::encoding::base64;
use countersign::crypto::key::KeyPair;
use countersign::crypto::sdk_config::SdkConfiguration;

use super::*;

pub(super) fn asks(ground: &Ground<'_>) -> Vec<Ask> {
    let id = ground.phone().id();
    let key = ground.application.key();
    let temporary = ground
        .phone()
        .device
        .request_temporary_key(&mut ground.dice())
        .unwrap();
    let keystore: Value = serde_json::from_slice(&temporary.request.body).unwrap();
    let sealed = ground.signed(Factors::Possession, |device, authentication, rng| {
        device.create_token("other", authentication, ground.now(), rng)
    });
    let envelope = serde_json::from_slice(&sealed.body).unwrap();
    let outer = json!({ "activationId": id, "applicationKey": key, "signatureType": "POSSESSION", "protocolVersion": "3.2" });
    let ecdsa = own_key(ground);
    rest([
        ("/keystore/create", keystore["requestObject"].clone()),
        ("/activation/prepare", prepare(ground, &device_key(ground))),
        ("/activation/create", create(ground)),
        ("/token/create", merge(outer, envelope)),
        ("/signature/offline/verify", typed_code(ground)),
        ("/signature/ecdsa/verify", ecdsa.clone()),
        ("/verifyECDSASignature", ecdsa),
    ])
}

fn device_key(ground: &Ground<'_>) -> KeyPair {
    KeyPair::generate(&RustCrypto, &mut ground.dice()).unwrap()
}

/// The inner envelope of an activation, with the phone's public key.
fn layer2(ground: &Ground<'_>, device: &KeyPair) -> Value {
    let detail = ground
        .world
        .rest("/application/detail", &json!({ "applicationId": APPLICATION }))
        .ok();
    let config = SdkConfiguration::parse(detail["versions"][0]["mobileSdkConfig"].as_str().unwrap()).unwrap();
    let version = ProtocolVersion::V3_2;
    let parameters = Parameters {
        version,
        purpose: Purpose::ActivationLayer2,
        application_key: ground.application.key(),
        activation_id: None,
        temporary_key_id: None,
    };
    let base = shared_info2_base(&base64::encode(config.application_secret.as_bytes()), None);
    let recipient = ground.application.master_public_key();
    let mut rng = ground.dice();
    let encryptor = Encryptor::new(&RustCrypto, recipient, &parameters, &base, &mut rng).unwrap();
    let plain = json!({ "devicePublicKey": base64::encode(&device.public.to_compressed()) });
    let (envelope, _) = encryptor
        .seal(plain.to_string().as_bytes(), ground.now(), &mut rng)
        .unwrap();
    let outer = json!({ "applicationKey": ground.application.key(), "protocolVersion": version.as_str() });
    merge(outer, serde_json::to_value(&envelope).unwrap())
}

/// A key exchange for a new code.
fn prepare(ground: &Ground<'_>, device: &KeyPair) -> Value {
    let init = json!({ "userId": "john", "applicationId": APPLICATION });
    let init = ground.world.rest("/activation/init", &init).ok();
    merge(
        layer2(ground, device),
        json!({ "activationCode": init["activationCode"] }),
    )
}

/// An activation of a user whom the host has identified.
fn create(ground: &Ground<'_>) -> Value {
    merge(layer2(ground, &device_key(ground)), json!({ "userId": "john" }))
}

/// Digits that the user typed, for a payload that the phone scanned.
fn typed_code(ground: &Ground<'_>) -> Value {
    let mut phone = ground.phone();
    let request = json!({ "activationId": phone.id(), "data": "1\nA\nB\nA1*A\nB" });
    let payload = ground
        .world
        .rest("/signature/offline/personalized/create", &request)
        .ok();
    let scanned = phone
        .device
        .read_offline_operation(payload["offlineData"].as_str().unwrap())
        .unwrap();
    let code = phone.with(Factors::Pin, |device, authentication, _| {
        device.approve_offline(&scanned, authentication)
    });
    json!({
        "activationId": phone.id(), "data": scanned.base_string(), "allowBiometry": false,
        "signature": code.unwrap().assume_saved().as_str(),
    })
}

/// What an activation's own key signed.
fn own_key(ground: &Ground<'_>) -> Value {
    let device = device_key(ground);
    let exchanged = ground
        .world
        .rest("/activation/prepare", &prepare(ground, &device))
        .ok();
    let data = b"signed by the device";
    let signature = RustCrypto.sign(&device.private, data).unwrap().to_der();
    json!({
        "activationId": exchanged["activationId"], "data": base64::encode(data),
        "signature": base64::encode(&signature),
    })
}
