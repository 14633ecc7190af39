//! Keys, key schedule, fingerprints, ECDSA, vault.

use super::{Family, Fields, Vector, backends};
use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::code::{ActivationCode, ActivationQr};
use countersign::crypto::ecdsa::Signature;
use countersign::crypto::encoding::base64;
use countersign::crypto::fingerprint::{coordinate, fingerprint, fingerprint_v2};
use countersign::crypto::kdf;
use countersign::crypto::key::PublicKey;
use countersign::crypto::schedule::{ActivationKeys, MasterSecret};
use countersign::crypto::symmetric::sha256;
use countersign::crypto::vault;
use serde_json::Value;

pub(crate) const FAMILIES: &[Family] = &[
    ("ec-key-pair.json", ec_key_pair),
    ("ec-point-conversion.json", ec_point_conversion),
    ("ec-public-key-import.json", ec_public_key_import),
    ("compute-master-secret-key.json", master_secret),
    ("compute-derived-keys.json", derived_keys),
    ("own/kdf.json", own_kdf),
    ("public-key-fingerprint-v3.json", fingerprint_v3),
    ("own/activation-fingerprint.json", fingerprint_v3),
    ("v2/public-key-fingerprint-v2.json", old_fingerprint),
    ("ecdsa-verify.json", ecdsa_verify),
    ("verify-activation-data-signature-v3.json", activation_signature),
    ("own/activation-signature.json", own_activation_signature),
    (
        "v2/verify-activation-data-signature-v2.json",
        activation_signature_v2,
    ),
    (
        "v2/verify-encrypted-server-public-key-signature-v2.json",
        server_key_signature_v2,
    ),
    ("computed/vault-key.json", vault_key),
    ("own/vault-key.json", vault_key),
];

fn public(backend: &dyn Backend, value: &Value, name: &str) -> PublicKey {
    PublicKey::from_bytes(backend, &value.b64(name)).unwrap()
}

fn ec_key_pair(v: &Vector<'_>) {
    let private = v.input.private("privateKey");
    for backend in backends() {
        assert_eq!(
            backend.public_key(&private).unwrap().as_bytes().to_vec(),
            v.output.b64("publicKey")
        );
        assert_eq!(
            backend
                .import_private(&private)
                .unwrap()
                .public_key()
                .as_bytes()
                .to_vec(),
            v.output.b64("publicKey")
        );
    }
    assert_eq!(private.to_signed_bytes().as_bytes(), v.input.b64("privateKey"));
}

fn ec_point_conversion(v: &Vector<'_>) {
    let coordinate = |name| {
        let bytes = v.input.b64(name);
        let skip = bytes.len() - 32;
        bytes[skip..].to_vec()
    };
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    for backend in backends() {
        let key = PublicKey::from_bytes(backend, &point).unwrap();
        assert_eq!(key.as_bytes().to_vec(), v.output.b64("publicKey"));
        assert_eq!(key.x().to_vec(), coordinate("x"));
        assert_eq!(PublicKey::from_bytes(backend, &key.to_compressed()), Ok(key));
    }
}

fn ec_public_key_import(v: &Vector<'_>) {
    for backend in backends() {
        let imported = base64::decode(v.input.text("publicKey"))
            .ok()
            .and_then(|point| PublicKey::from_bytes(backend, &point).ok());
        assert_eq!(imported.is_some(), v.output.flag("valid"));
    }
}

fn master_secret(v: &Vector<'_>) {
    for backend in backends() {
        let sides = [
            ("devicePrivateKey", "serverPublicKey"),
            ("serverPrivateKey", "devicePublicKey"),
        ];
        for (own, peer) in sides {
            let private = v.input.private(own);
            let peer = public(backend, v.input, peer);
            let expected = v.output.b64("masterSecretKey");
            let master = MasterSecret::agree(backend, &private, &peer).unwrap();
            assert_eq!(master.as_bytes().to_vec(), expected);
            let imported = backend.import_private(&private).unwrap();
            let master = MasterSecret::agree_imported(imported.as_ref(), &peer).unwrap();
            assert_eq!(master.as_bytes().to_vec(), expected);
        }
    }
}

fn derived_keys(v: &Vector<'_>) {
    let keys = ActivationKeys::from_master(&MasterSecret::from_bytes(v.input.b64_array("masterSecretKey")));
    let ActivationKeys {
        possession,
        knowledge,
        biometry,
        transport,
        vault,
    } = &keys;
    for (key, name) in [
        (possession, "signaturePossessionKey"),
        (knowledge, "signatureKnowledgeKey"),
        (biometry, "signatureBiometryKey"),
        (transport, "transportKey"),
        (vault, "vaultEncryptionKey"),
    ] {
        assert_eq!(key.as_bytes().to_vec(), v.output.b64(name), "{name}");
    }
}

fn own_kdf(v: &Vector<'_>) {
    derived_keys(v);
    let master = v.input.secret("masterSecretKey");
    assert_eq!(
        kdf::derive(&master, v.input.number("index")).as_bytes().to_vec(),
        v.output.b64("derivedKey")
    );
    let internal = kdf::derive_internal(master.as_bytes(), &v.input.b64("internalIndex"));
    assert_eq!(internal.as_bytes().to_vec(), v.output.b64("internalDerivedKey"));
}

fn fingerprint_v3(v: &Vector<'_>) {
    for backend in backends() {
        let device = public(backend, v.input, "devicePublicKey");
        let server = public(backend, v.input, "serverPublicKey");
        assert_eq!(coordinate(&device), v.output.b64("devicePublicKeyCoordX"));
        assert_eq!(coordinate(&server), v.output.b64("serverPublicKeyCoordX"));
        assert_eq!(
            fingerprint(&device, &server, v.input.text("activationId")),
            v.output.text("fingerprint")
        );
    }
}

fn old_fingerprint(v: &Vector<'_>) {
    let key = public(&RustCrypto, v.input, "publicKey");
    let (mut padded, expected) = (coordinate(&key), v.output.text("fingerprint"));
    if padded.len() == 32 {
        assert_eq!(padded, v.output.b64("publicKeyCoordX"));
        assert_eq!(fingerprint_v2(&key), expected);
        return;
    }
    // One vector records a bug of its time: a short coordinate was filled up at its END. The specification (1.9) says to
    // ignore it; what it does prove is that the hash input is what we believe.
    padded.resize(32, 0);
    assert_eq!(padded, v.output.b64("publicKeyCoordX"));
    let [.., a, b, c, d] = sha256(&[&padded]);
    assert_eq!(
        format!(
            "{:08}",
            (u32::from_be_bytes([a, b, c, d]) & 0x7FFF_FFFF) % 100_000_000
        ),
        expected
    );
    assert_ne!(fingerprint_v2(&key), expected);
}

fn ecdsa_verify(v: &Vector<'_>) {
    let signature = Signature::from_der(&v.input.hex("signature")).unwrap();
    for backend in backends() {
        let key = PublicKey::from_bytes(backend, &v.input.hex("publicKey")).unwrap();
        assert_eq!(
            backend.verify(&key, &v.input.hex("data"), &signature),
            v.output.flag("valid")
        );
    }
}

/// Verifies a published signature, refuses it for other data, and signs the same data with the published key.
fn check_signature(private: &Value, names: (&str, &str), data: &str, der: &[u8]) {
    let signature = Signature::from_der(der).unwrap();
    assert_eq!(signature.to_der(), der);
    for backend in backends() {
        let key = public(backend, private, names.1);
        assert!(backend.verify(&key, data.as_bytes(), &signature));
        assert!(!backend.verify(&key, format!("{data} ").as_bytes(), &signature));
        let scalar = private.private(names.0);
        assert_eq!(backend.public_key(&scalar), Ok(key));
        for own in [
            backend.sign(&scalar, data.as_bytes()).unwrap(),
            backend
                .import_private(&scalar)
                .unwrap()
                .sign(data.as_bytes())
                .unwrap(),
        ] {
            assert!(
                backends()
                    .iter()
                    .all(|other| other.verify(&key, data.as_bytes(), &own))
            );
        }
    }
}

const MASTER: (&str, &str) = ("masterPrivateKey", "masterPublicKey");

fn activation_signature(v: &Vector<'_>) {
    let der = v.output.b64("activationSignature");
    check_signature(v.input, MASTER, v.input.text("activationCode"), &der);
}

fn own_activation_signature(v: &Vector<'_>) {
    activation_signature(v);
    let der = v.output.b64("activationSignature");
    let code = ActivationCode::parse(v.input.text("activationCode")).unwrap();
    // RFC 6979 makes this backend reproducible.
    let master = RustCrypto
        .import_private(&v.input.private("masterPrivateKey"))
        .unwrap();
    let signature = code.sign(master.as_ref()).unwrap();
    assert_eq!(signature.to_der(), der);
    let qr = ActivationQr::parse(&code.to_qr(&signature)).unwrap();
    for backend in backends() {
        assert!(qr.verify(backend, &public(backend, v.input, "masterPublicKey")));
        assert!(code.verify(backend, &public(backend, v.input, "masterPublicKey"), &signature));
    }
}

fn activation_signature_v2(v: &Vector<'_>) {
    let data = format!(
        "{}-{}",
        v.input.text("activationIdShort"),
        v.input.text("activationOtp")
    );
    check_signature(v.input, MASTER, &data, &v.output.b64("activationSignature"));
}

fn server_key_signature_v2(v: &Vector<'_>) {
    let id = base64::encode(v.input.text("activationId").as_bytes());
    let data = format!("{id}&{}", v.input.text("encryptedServerPublicKey"));
    let names = ("masterServerPrivateKey", "masterServerPublicKey");
    check_signature(
        v.input,
        names,
        &data,
        &v.output.b64("encryptedServerPublicKeySignature"),
    );
}

fn vault_key(v: &Vector<'_>) {
    for backend in backends() {
        let server = v.input.private("serverPrivateKey");
        let device = public(backend, v.input, "devicePublicKey");
        let master = MasterSecret::agree(backend, &server, &device).unwrap();
        assert_eq!(master.as_bytes().to_vec(), v.output.b64("masterSecretKey"));
        let keys = ActivationKeys::derive(backend, &server, &device).unwrap();
        assert_eq!(keys.transport.as_bytes().to_vec(), v.output.b64("transportKey"));
        assert_eq!(keys.vault.as_bytes().to_vec(), v.output.b64("vaultEncryptionKey"));
        let wrapped = v.output.b64("encryptedVaultEncryptionKey");
        assert_eq!(vault::wrap_vault_key(&keys.transport, &keys.vault), wrapped);
        assert!(
            vault::unwrap_vault_key(&keys.transport, &wrapped)
                .unwrap()
                .ct_eq(&keys.vault)
        );
        let device_key = v.input.private("devicePrivateKey");
        let wrapped = v.output.b64("encryptedDevicePrivateKey");
        assert_eq!(vault::wrap_device_key(&keys.vault, &device_key), wrapped);
        let opened = vault::unwrap_device_key(&keys.vault, &wrapped).unwrap();
        assert_eq!(opened.as_bytes(), device_key.as_bytes());
    }
}
