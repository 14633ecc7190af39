//! What the tests of the phone share: a seeded source, a phone with a PIN, and loading a device from known keys.

use countersign::client::{
    Application, Authentication, BiometryKey, Device, DeviceState, Pin, PossessionKey, Unsaved,
};
use countersign::crypto::encoding::base64;
use countersign::crypto::kdf;
use countersign::crypto::random::{Random, RandomError};
use countersign::crypto::schedule::ActivationKeys;
use countersign::crypto::secret::Secret;
use countersign::crypto::symmetric::{ZERO_IV, encrypt_cbc_blocks, sha256};
use serde_json::{Value, json};

/// A deterministic source: SHA-256 of seed and block number.
pub struct Seeded {
    seed: u64,
    block: u64,
}

impl Seeded {
    pub fn new(seed: u64) -> Self {
        Self { seed, block: 0 }
    }
}

impl Random for Seeded {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for chunk in out.chunks_mut(32) {
            self.block += 1;
            let bytes = sha256(&[&self.seed.to_be_bytes(), &self.block.to_be_bytes()]);
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}

/// A source that gives the listed bytes, once, and then fails.
pub struct Scripted(pub Vec<u8>);

impl Random for Scripted {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        if self.0.len() < out.len() {
            return Err(RandomError);
        }
        let rest = self.0.split_off(out.len());
        out.copy_from_slice(&self.0);
        self.0 = rest;
        Ok(())
    }
}

pub const PIN: &str = "1234";
pub const WRAPPING: [u8; 16] = [0x33; 16];
pub const BIOMETRY: [u8; 16] = [0x44; 16];

pub fn pin() -> Pin {
    Pin::new(PIN).unwrap()
}

pub fn possession_key() -> PossessionKey {
    PossessionKey::from_bytes(WRAPPING)
}

pub fn biometry_key() -> BiometryKey {
    BiometryKey::from_bytes(BIOMETRY)
}

/// Every combination of factors, by name.
pub fn authentication<'a>(name: &str, pin: &'a Pin, biometry: &'a BiometryKey) -> Authentication<'a> {
    match name {
        "possession" => Authentication::Possession,
        "knowledge" => Authentication::Knowledge(pin),
        "biometry" => Authentication::Biometry(biometry),
        "possession_knowledge" => Authentication::PossessionKnowledge(pin),
        "possession_biometry" => Authentication::PossessionBiometry(biometry),
        "possession_knowledge_biometry" => Authentication::PossessionKnowledgeBiometry(pin, biometry),
        other => panic!("{other}"),
    }
}

/// Stores and loads the device, and takes the result: what a careful application does.
pub fn saved<T>(device: &Device, unsaved: Unsaved<T>) -> T {
    let mut stored = None;
    let value = unsaved
        .save_with(|state| {
            stored = Some(state.to_json()?);
            Ok::<_, countersign::client::StateError>(())
        })
        .unwrap();
    let stored = stored.unwrap();
    assert_eq!(load(&stored).to_state().to_json().unwrap(), stored);
    assert_eq!(
        device.to_state().to_json().unwrap(),
        stored,
        "the state handed out is the newest"
    );
    value
}

pub fn load(json: &str) -> Device {
    Device::from_state(&DeviceState::from_json(json).unwrap(), possession_key()).unwrap()
}

/// Keys and texts a device is made of.
pub struct Material<'a> {
    pub application: &'a Application,
    pub secret: &'a str,
    pub activation_id: &'a str,
    pub keys: &'a ActivationKeys,
    pub server_public: &'a [u8],
    pub device_public: &'a [u8],
    pub device_key: &'a [u8],
    pub counter: Value,
}

/// The stored form of a device, written from its description: a change of the format shows here.
pub fn stored(material: &Material<'_>) -> Value {
    let wrap = |key: &Secret<16>, plain: &Secret<16>| {
        base64::encode(&encrypt_cbc_blocks(key, &ZERO_IV, plain.as_bytes()).unwrap())
    };
    let wrapping = Secret::from_bytes(WRAPPING);
    let salt = [0x55; 16];
    let mut stretched = [0; 16];
    kdf::pbkdf2(PIN.as_bytes(), &salt, 10_000, &mut stretched);
    let keys = material.keys;
    json!({
        "format": 1,
        "applicationKey": material.application.key(),
        "applicationSecret": material.secret,
        "masterPublicKey": base64::encode(material.application.master_public_key().as_bytes()),
        "protocolVersion": material.application.version().as_str(),
        "activationId": material.activation_id,
        "serverPublicKey": base64::encode(material.server_public),
        "devicePublicKey": base64::encode(material.device_public),
        "possessionKey": wrap(&wrapping, &keys.possession),
        "transportKey": wrap(&wrapping, &keys.transport),
        "knowledgeKey": wrap(&Secret::from_bytes(stretched), &keys.knowledge),
        "knowledgeSalt": base64::encode(&salt),
        "knowledgeIterations": 10_000,
        "biometryKey": wrap(&Secret::from_bytes(BIOMETRY), &keys.biometry),
        "devicePrivateKey": base64::encode(material.device_key),
        "counter": material.counter,
        "tokens": {},
    })
}

pub fn hash_counter(data: &[u8], byte: Option<u8>) -> Value {
    json!({ "kind": "hash", "data": base64::encode(data), "byte": byte, "upgrading": false })
}
