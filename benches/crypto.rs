//! Whole operations a server performs, on every backend, beside the bare provider in the same run.
//!
//! `cargo bench --features aws-lc --bench crypto`

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use core::hint::black_box;
use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::base::{build, signed_bytes};
use countersign::crypto::counter::HashCounter;
use countersign::crypto::ecies::{Decryptor, Encryptor, Parameters, Purpose, Request, shared_info2_base};
use countersign::crypto::key::{KeyPair, PrivateKey};
use countersign::crypto::random::{Random, RandomError};
use countersign::crypto::schedule::{ActivationKeys, FactorKeys};
use countersign::crypto::secret::Secret;
use countersign::crypto::signature::{SignatureFormat, SignatureType, compute, look_ahead};
use countersign::crypto::version::ProtocolVersion;
use criterion::{Criterion, criterion_group, criterion_main};

const SECRET: &str = "AAECAwQFBgcICQoLDA0ODw==";
const FACTORS: SignatureType = SignatureType::PossessionKnowledge;
const WINDOW: u32 = 20;

struct Counting(u8);

impl Random for Counting {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        self.0 = self.0.wrapping_add(1);
        out.fill(self.0);
        Ok(())
    }
}

fn backends() -> Vec<(&'static str, &'static dyn Backend)> {
    vec![
        ("rust_crypto", &RustCrypto),
        #[cfg(feature = "aws-lc")]
        ("aws_lc", &countersign::crypto::backend::AwsLc),
    ]
}

fn pair(backend: &dyn Backend, byte: u8) -> KeyPair {
    KeyPair::from_private(backend, PrivateKey::from_bytes(&[byte; 32]).unwrap()).unwrap()
}

fn verify(keys: &FactorKeys, counter: &HashCounter, data: &[u8], signature: &str) -> bool {
    look_ahead(
        keys,
        &[FACTORS],
        counter,
        WINDOW,
        data,
        SignatureFormat::Base64,
        signature,
    )
    .is_some()
}

/// One online verification: two factors, 512 bytes of data, hash counter.
fn verification(c: &mut Criterion) {
    let (phone, server) = (pair(&RustCrypto, 1), pair(&RustCrypto, 2));
    let keys = ActivationKeys::derive(&RustCrypto, &server.private, &phone.public)
        .unwrap()
        .factor_keys();
    let counter = HashCounter::from_bytes([3; 16]);
    let data = vec![b'x'; 512];
    let signature = compute(&keys, FACTORS, counter.as_bytes(), &data, SignatureFormat::Base64);
    let wrong = compute(&keys, FACTORS, &[4; 16], &data, SignatureFormat::Base64);
    let base = build("POST", "/pa/signature/validate", &[7; 16], &data);
    let with_base = compute(
        &keys,
        FACTORS,
        counter.as_bytes(),
        &signed_bytes(&base, SECRET),
        SignatureFormat::Base64,
    );

    let mut group = c.benchmark_group("verification");
    group.bench_function("stored keys, first counter", |b| {
        b.iter(|| assert!(verify(black_box(&keys), &counter, &data, &signature)));
    });
    group.bench_function("stored keys, no match in 20", |b| {
        b.iter(|| assert!(!verify(black_box(&keys), &counter, &data, &wrong)));
    });
    group.bench_function("stored keys, first counter, building the base string", |b| {
        b.iter(|| {
            let base = build("POST", "/pa/signature/validate", &[7; 16], black_box(&data));
            assert!(verify(&keys, &counter, &signed_bytes(&base, SECRET), &with_base));
        });
    });
    // Measures the machine: ratios to this survive a busy or another processor.
    group.bench_function("yardstick, SHA-256 of 1 KiB", |b| {
        b.iter(|| countersign::crypto::symmetric::sha256(&[black_box(&[0; 1024])]));
    });
    for (name, backend) in backends() {
        group.bench_function(format!("repeating ECDH, {name}"), |b| {
            b.iter(|| {
                let keys =
                    ActivationKeys::derive(backend, black_box(&server.private), &phone.public).unwrap();
                assert!(verify(&keys.factor_keys(), &counter, &data, &signature));
            });
        });
    }
    group.finish();
}

fn ecdsa(c: &mut Criterion) {
    let message = [5; 32];
    let mut group = c.benchmark_group("ecdsa");
    for (name, backend) in backends() {
        let signer = pair(backend, 1);
        let imported = backend.import_private(&signer.private).unwrap();
        let signature = imported.sign(&message).unwrap();
        group.bench_function(format!("verify, {name}"), |b| {
            b.iter(|| assert!(backend.verify(black_box(&signer.public), &message, &signature)));
        });
        let der = signature.to_der();
        group.bench_function(format!("verify from bytes, {name}"), |b| {
            b.iter(|| {
                let signature = countersign::crypto::ecdsa::Signature::from_der(black_box(&der)).unwrap();
                assert!(backend.verify(&signer.public, &message, &signature));
            });
        });
        group.bench_function(format!("sign, {name}"), |b| {
            b.iter(|| imported.sign(black_box(&message)).unwrap())
        });
    }
    #[cfg(feature = "aws-lc")]
    {
        use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
        let signer = pair(&RustCrypto, 1);
        let der = RustCrypto.sign(&signer.private, &message).unwrap().to_der();
        group.bench_function("verify, bare aws-lc-rs", |b| {
            b.iter(|| {
                let key =
                    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, black_box(signer.public.as_bytes()));
                key.verify(&message, &der).unwrap();
            });
        });
    }
    group.finish();
}

fn sealed(
    backend: &dyn Backend,
    parameters: &Parameters<'_>,
    base: &Secret<32>,
    server: &KeyPair,
) -> Request {
    let encryptor = Encryptor::new(backend, &server.public, parameters, base, &mut Counting(8)).unwrap();
    let (request, _) = encryptor
        .seal(&[b'x'; 512], 1_700_000_000_000, &mut Counting(9))
        .unwrap();
    request.decode(parameters.version).unwrap()
}

fn ecies(c: &mut Criterion) {
    let parameters = Parameters {
        version: ProtocolVersion::V3_3,
        purpose: Purpose::GenericApplication,
        application_key: SECRET,
        activation_id: None,
        temporary_key_id: Some("d1f2c3b4-0000-4000-8000-000000000001"),
    };
    let base = shared_info2_base(SECRET, None);
    let mut group = c.benchmark_group("ecies");
    for (name, backend) in backends() {
        let server = pair(backend, 2);
        let imported = backend.import_private(&server.private).unwrap();
        let request = sealed(backend, &parameters, &base, &server);
        group.bench_function(format!("import of a compressed key, {name}"), |b| {
            b.iter(|| backend.import_public(black_box(&request.ephemeral_key)).unwrap());
        });
        group.bench_function(format!("open 512 B, imported key, {name}"), |b| {
            b.iter(|| {
                let decryptor =
                    Decryptor::new(imported.as_ref(), &parameters, &base, black_box(&request)).unwrap();
                decryptor.open(&request).unwrap().0
            });
        });
    }
    #[cfg(feature = "aws-lc")]
    {
        use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
        let server = pair(&RustCrypto, 2);
        let key = PrivateKey::from_private_key(&ECDH_P256, server.private.as_bytes()).unwrap();
        let compressed = sealed(&RustCrypto, &parameters, &base, &server).ephemeral_key;
        let uncompressed = pair(&RustCrypto, 9).public.as_bytes().to_vec();
        for (name, peer) in [("compressed", compressed), ("uncompressed", uncompressed)] {
            group.bench_function(format!("bare aws-lc-rs ECDH, {name} peer"), |b| {
                b.iter(|| {
                    let peer = UnparsedPublicKey::new(&ECDH_P256, black_box(&peer));
                    agree(&key, peer, (), |shared| Ok(shared[0])).unwrap()
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, verification, ecdsa, ecies);
criterion_main!(benches);
