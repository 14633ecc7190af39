//! Known answers through the public interface of the phone.

use crate::support::{
    BIOMETRY, Material, Scripted, authentication, biometry_key, hash_counter, load, pin, stored,
};
use countersign::client::{Application, Device, VaultReason};
use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::ecies::{Decryptor, EnvelopeRequest, Parameters, Purpose, shared_info2_base};
use countersign::crypto::encoding::base64;
use countersign::crypto::key::{KeyPair, PrivateKey, PublicKey};
use countersign::crypto::schedule::{ActivationKeys, MasterSecret};
use countersign::crypto::secret::Secret;
use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};
use std::path::Path;

const ID: &str = "c564e700-7e86-4a87-b6c8-a5a0cc89683f";

fn vectors(family: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/vectors/own/{family}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}", path.display()));
    let mut file: Value = serde_json::from_str(&text).unwrap();
    let Value::Array(vectors) = file["vectors"].take() else {
        panic!("{family}");
    };
    assert_eq!(
        Some(vectors.len()),
        file["count"].as_u64().and_then(|count| count.try_into().ok())
    );
    vectors
}

fn bytes(value: &Value) -> Vec<u8> {
    base64::decode(value.as_str().unwrap()).unwrap()
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    base64::decode_array(value.as_str().unwrap()).unwrap()
}

fn pair(byte: u8) -> KeyPair {
    KeyPair::from_private(&RustCrypto, PrivateKey::from_bytes(&[byte; 32]).unwrap()).unwrap()
}

fn application(secret: &str, version: ProtocolVersion) -> Application {
    let master = base64::encode(pair(1).public.as_bytes());
    Application::new(&base64::encode(&[0x11; 16]), secret, &master)
        .unwrap()
        .with_version(version)
}

fn device(secret: &str, version: ProtocolVersion, keys: &ActivationKeys, counter: Value) -> Value {
    stored(&Material {
        application: &application(secret, version),
        secret,
        activation_id: ID,
        keys,
        server_public: pair(2).public.as_bytes(),
        device_public: pair(3).public.as_bytes(),
        device_key: &[0; 48],
        counter,
    })
}

fn zero_keys() -> ActivationKeys {
    ActivationKeys::from_master(&MasterSecret::from_bytes([0; 16]))
}

#[test]
fn signed_requests() {
    let (pin, biometry) = (pin(), biometry_key());
    assert_eq!(biometry.as_bytes(), &BIOMETRY);
    let vectors = vectors("signed-request");
    for vector in &vectors {
        let (input, output) = (&vector["input"], &vector["output"]);
        let text = |name: &str| input[name].as_str().unwrap();
        let keys = ActivationKeys::from_master(&MasterSecret::from_bytes(array(&input["masterSecretKey"])));
        let version = ProtocolVersion::parse(text("version")).unwrap();
        let counter = hash_counter(&bytes(&input["ctrData"]), Some(0));
        let mut device = load(&device(text("applicationSecret"), version, &keys, counter).to_string());
        let factors = authentication(text("signatureType"), &pin, &biometry);
        let mut nonce = Scripted(bytes(&input["nonce"]));
        let body = bytes(&input["body"]);
        let header = device
            .authorize(text("method"), text("uriId"), &body, &factors, &mut nonce)
            .unwrap()
            .assume_saved();
        assert_eq!(header.signature, output["signature"], "{}", vector["id"]);
        assert_eq!(header.version, version);
        assert_eq!(header.nonce.as_slice(), bytes(&input["nonce"]));
    }
    println!("signed-request: {}", vectors.len());
}

#[test]
fn token_digests() {
    let vectors = vectors("token-digest");
    for vector in &vectors {
        let input = &vector["input"];
        let version = ProtocolVersion::parse(input["version"].as_str().unwrap()).unwrap();
        let secret = base64::encode(&[0x22; 16]);
        let mut state = device(&secret, version, &zero_keys(), hash_counter(&[1; 16], None));
        let wrapping = Secret::from_bytes(crate::support::WRAPPING);
        let wrapped = countersign::crypto::symmetric::encrypt_cbc_blocks(
            &wrapping,
            &[0; 16],
            &bytes(&input["tokenSecret"]),
        );
        state["tokens"] = json!({ "t": { "id": ID, "secret": base64::encode(&wrapped.unwrap()) } });
        let device = load(&state.to_string());
        let time = input["timestamp"].as_u64().unwrap();
        let header = device
            .token_header("t", time, &mut Scripted(bytes(&input["nonce"])))
            .unwrap();
        assert_eq!(
            base64::encode(&header.digest),
            vector["output"]["tokenDigest"],
            "{}",
            vector["id"]
        );
    }
    println!("token-digest: {}", vectors.len());
}

#[test]
fn status_blobs() {
    let vectors = vectors("status-blob");
    let mut distances = 0;
    for vector in &vectors {
        let (input, output) = (&vector["input"], &vector["output"]);
        let number = |name: &str| output[name].as_str().unwrap().parse::<i32>().unwrap();
        let secret = base64::encode(&[0x22; 16]);
        let mut keys = zero_keys();
        keys.transport = Secret::from_bytes(array(&input["transportKey"]));
        // Place the phone so that a server that is ahead is adopted: byte = received − distance.
        let distance = number("counterDistance");
        let byte = u8::try_from((number("ctrByte") - distance.max(0)).rem_euclid(256)).unwrap();
        let counter = hash_counter(&bytes(&input["ctrData"]), Some(byte));
        let mut device = load(&device(&secret, ProtocolVersion::V3_2, &keys, counter.clone()).to_string());
        let call = device
            .request_status(&mut Scripted(bytes(&input["challenge"])))
            .unwrap();
        let reply = json!({ "status": "OK", "responseObject": {
            "activationId": ID, "encryptedStatusBlob": input["encryptedStatusBlob"], "nonce": input["nonce"],
        }});
        let status = call
            .pending
            .read(&mut device, 200, reply.to_string().as_bytes())
            .unwrap();
        assert_eq!(i32::from(status.status.to_byte()), number("activationStatus"));
        assert_eq!(i32::from(status.failed_attempts), number("failedAttempts"));
        assert_eq!(i32::from(status.max_failed_attempts), number("maxFailedAttempts"));
        assert_eq!(i32::from(status.current_version), number("currentVersion"));
        assert_eq!(i32::from(status.upgrade_version), number("upgradeVersion"));
        if status.current_version == 3 {
            use countersign::client::CounterState::{Adopted, Deadlock, InSync};
            let expected = match distance {
                -1 => Deadlock,
                0 => InSync,
                _ => Adopted,
            };
            assert_eq!(status.counter, expected, "{}", vector["id"]);
            distances += 1;
        }
    }
    println!("status-blob: {}, with distances {distances}", vectors.len());
}

#[test]
fn fingerprints() {
    let vectors = vectors("activation-fingerprint");
    for vector in &vectors {
        let input = &vector["input"];
        let secret = base64::encode(&[0x22; 16]);
        let state = stored(&Material {
            application: &application(&secret, ProtocolVersion::V3_3),
            secret: &secret,
            activation_id: input["activationId"].as_str().unwrap(),
            keys: &zero_keys(),
            server_public: &bytes(&input["serverPublicKey"]),
            device_public: &bytes(&input["devicePublicKey"]),
            device_key: &[0; 48],
            counter: hash_counter(&[0; 16], None),
        });
        let fingerprint = load(&state.to_string()).fingerprint();
        assert_eq!(fingerprint, vector["output"]["fingerprint"], "{}", vector["id"]);
    }
    println!("activation-fingerprint: {}", vectors.len());
}

#[test]
fn activation_signatures() {
    let vectors = vectors("activation-signature");
    for vector in &vectors {
        let input = &vector["input"];
        let application = Application::new(
            &base64::encode(&[1; 16]),
            &base64::encode(&[2; 16]),
            input["masterPublicKey"].as_str().unwrap(),
        )
        .unwrap();
        let code = input["activationCode"].as_str().unwrap();
        let signature = vector["output"]["activationSignature"].as_str().unwrap();
        let scanned = application
            .read_activation_code(&format!("{code}#{signature}"))
            .unwrap();
        assert_eq!(scanned.code.as_str(), code);
    }
    println!("activation-signature: {}", vectors.len());
}

/// The phone opens the vault key the vectors' server wrapped, and its device key with it.
#[test]
fn vault_keys() {
    let vectors = vectors("vault-key");
    for vector in &vectors {
        let (input, output) = (&vector["input"], &vector["output"]);
        let server_key = PrivateKey::from_bytes(&bytes(&input["serverPrivateKey"])).unwrap();
        let server = KeyPair::from_private(&RustCrypto, server_key).unwrap();
        let keys = ActivationKeys::from_master(&MasterSecret::from_bytes(array(&output["masterSecretKey"])));
        let secret = base64::encode(&[0x22; 16]);
        let application = application(&secret, ProtocolVersion::V3_2);
        let state = stored(&Material {
            application: &application,
            secret: &secret,
            activation_id: ID,
            keys: &keys,
            server_public: server.public.as_bytes(),
            device_public: &bytes(&input["devicePublicKey"]),
            device_key: &bytes(&output["encryptedDevicePrivateKey"]),
            counter: hash_counter(&[0; 16], Some(0)),
        });
        let mut device: Device = load(&state.to_string());
        let pin = pin();
        let mut rng = crate::support::Seeded::new(1);
        let call = device
            .unlock_vault(
                VaultReason::SignWithDevicePrivateKey,
                &countersign::client::Authentication::PossessionKnowledge(&pin),
                5,
                &mut rng,
            )
            .unwrap()
            .assume_saved();
        let envelope: EnvelopeRequest = serde_json::from_slice(&call.request.body).unwrap();
        let request = envelope.decode(ProtocolVersion::V3_2).unwrap();
        let parameters = Parameters {
            version: ProtocolVersion::V3_2,
            purpose: Purpose::VaultUnlock,
            application_key: application.key(),
            activation_id: Some(ID),
            temporary_key_id: None,
        };
        let imported = RustCrypto.import_private(&server.private).unwrap();
        let base = shared_info2_base(&secret, Some(&keys.transport));
        let decryptor = Decryptor::new(imported.as_ref(), &parameters, &base, &request).unwrap();
        let (plain, sealer) = decryptor.open(&request).unwrap();
        assert_eq!(plain.as_bytes(), br#"{"reason":"SIGN_WITH_DEVICE_PRIVATE_KEY"}"#);
        let reply = json!({ "encryptedVaultEncryptionKey": output["encryptedVaultEncryptionKey"] });
        let reply = sealer.seal(reply.to_string().as_bytes(), 6, &mut rng).unwrap();
        let reply = serde_json::to_vec(&reply).unwrap();
        let vault = call.pending.read(&device, 200, &reply).unwrap();
        let signature = vault.sign(b"data").unwrap();
        let public = PublicKey::from_bytes(&RustCrypto, &bytes(&input["devicePublicKey"])).unwrap();
        assert!(
            RustCrypto.verify(&public, b"data", &signature),
            "{}",
            vector["id"]
        );
    }
    println!("vault-key: {}", vectors.len());
}
