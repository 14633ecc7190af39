//! Holds the backends together, and what every public-key input and every generating function must refuse.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs
)]

use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::code::ActivationCode;
use countersign::crypto::counter::HashCounter;
use countersign::crypto::ecies::{
    Decryptor, EciesError, Encryptor, Parameters, Purpose, Request, shared_info2_base,
};
use countersign::crypto::encoding::base64;
use countersign::crypto::identifier::uuid_v4;
use countersign::crypto::jwt::{JwtError, TemporaryKeyRequest, TemporaryKeyResponse, sign_es256};
use countersign::crypto::key::{KeyError, KeyPair, PrivateKey, PublicKey};
use countersign::crypto::password::{Cost, hash_with_cost};
use countersign::crypto::random::{Random, RandomError};
use countersign::crypto::record::{RecordKind, write};
use countersign::crypto::recovery::{RecoveryDerivation, generate_for_activation};
use countersign::crypto::sdk_config::SdkConfiguration;
use countersign::crypto::secret::{Secret, SecretVec};
use countersign::crypto::status::{BlobStatus, StatusBlob, random_blob};
use countersign::crypto::symmetric::sha256;
use countersign::crypto::version::ProtocolVersion;

fn backends() -> Vec<&'static dyn Backend> {
    vec![
        &RustCrypto,
        #[cfg(feature = "aws-lc")]
        &countersign::crypto::backend::AwsLc,
    ]
}

/// A reproducible stream: SHA-256 of a seed and a counter. Fails at the draw it is told to.
struct Stream {
    seed: u64,
    draws: usize,
    fail_at: usize,
}

impl Stream {
    const fn new(seed: u64) -> Self {
        Self {
            seed,
            draws: 0,
            fail_at: usize::MAX,
        }
    }
}

impl Random for Stream {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        if self.draws == self.fail_at {
            return Err(RandomError);
        }
        self.draws += 1;
        for (i, chunk) in out.chunks_mut(32).enumerate() {
            let parts = [self.seed, self.draws as u64, i as u64].map(u64::to_be_bytes);
            let block = sha256(&[&parts.concat()]);
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

#[test]
fn backends_agree_on_everything() {
    let rounds = 60;
    for seed in 0..rounds {
        let mut rng = Stream::new(seed);
        let (one, two) = (
            PrivateKey::generate(&mut rng).unwrap(),
            PrivateKey::generate(&mut rng).unwrap(),
        );
        let message = seed.to_be_bytes();
        let mut results = Vec::new();
        for backend in backends() {
            let (a, b) = (
                KeyPair::from_private(backend, one.clone()).unwrap(),
                KeyPair::from_private(backend, two.clone()).unwrap(),
            );
            let imported = backend.import_private(&one).unwrap();
            assert_eq!(imported.public_key(), &a.public);
            let shared = backend.agree(&one, &b.public).unwrap();
            assert!(shared.ct_eq(&backend.agree(&two, &a.public).unwrap()));
            assert!(shared.ct_eq(&imported.agree(&b.public).unwrap()));
            assert!(shared.ct_eq(&imported.agree_encoded(&b.public.to_compressed()).unwrap()));
            for signature in [
                backend.sign(&one, &message).unwrap(),
                imported.sign(&message).unwrap(),
            ] {
                for verifier in backends() {
                    assert!(verifier.verify(&a.public, &message, &signature));
                    assert!(!verifier.verify(&b.public, &message, &signature));
                    assert!(!verifier.verify(&a.public, &message[1..], &signature));
                }
            }
            results.push((a.public, b.public, *shared.as_bytes()));
        }
        assert!(results.iter().all(|result| *result == results[0]), "seed {seed}");
    }
    println!("differential rounds: {rounds} on {} backends", backends().len());
}

/// The order of the curve.
const ORDER: [u64; 4] = [
    0xFFFF_FFFF_0000_0000,
    u64::MAX,
    0xBCE6_FAAD_A717_9E84,
    0xF3B9_CAC2_FC63_2551,
];

/// `n - s`, so that (r, s) becomes (r, n - s).
fn negate(s: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 32];
    let order = ORDER.map(u64::to_be_bytes).concat();
    let mut borrow = 0;
    for i in (0..32).rev() {
        let difference = i16::from(order[i]) - i16::from(s[i]) - borrow;
        borrow = i16::from(difference < 0);
        out[i] = u8::try_from(difference.rem_euclid(256)).unwrap();
    }
    out
}

#[test]
fn both_halves_of_s_verify_and_edges_do_not() {
    use countersign::crypto::ecdsa::Signature;
    let pair = KeyPair::generate(&RustCrypto, &mut Stream::new(1)).unwrap();
    let order = ORDER.map(u64::to_be_bytes).concat();
    for i in 0..20_u8 {
        let signature = RustCrypto.sign(&pair.private, &[i]).unwrap();
        let (r, s) = signature.as_jose().split_at(32);
        let other = Signature::from_jose(&[r, &negate(s)].concat()).unwrap();
        let refused = [
            [&[0; 32], s].concat(),
            [r, &[0; 32]].concat(),
            [&order, s].concat(),
            [r, &order].concat(),
        ];
        for backend in backends() {
            assert!(backend.verify(&pair.public, &[i], &signature));
            assert!(backend.verify(&pair.public, &[i], &other));
            for bytes in &refused {
                assert!(!backend.verify(&pair.public, &[i], &Signature::from_jose(bytes).unwrap()));
            }
        }
    }
}

/// Encodings of points that must be refused wherever a public key comes in.
fn bad_points() -> Vec<(&'static str, Vec<u8>)> {
    let good = KeyPair::generate(&RustCrypto, &mut Stream::new(2))
        .unwrap()
        .public;
    let (full, short) = (good.as_bytes().to_vec(), good.to_compressed().to_vec());
    let with = |bytes: &[u8], at: usize, value: u8| {
        let mut bytes = bytes.to_vec();
        bytes[at] = value;
        bytes
    };
    let parity = 6 | (full[64] & 1);
    let field = [
        0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    ];
    // The first X above the given one that no point of the curve has.
    let mut no_point = short.clone();
    loop {
        no_point[32] = no_point[32].wrapping_add(1);
        if p256::PublicKey::from_sec1_bytes(&no_point).is_err() {
            break;
        }
    }
    vec![
        ("empty", vec![]),
        ("identity", vec![0]),
        ("identity, 33 bytes", vec![0; 33]),
        ("identity, 65 bytes", vec![0; 65]),
        ("zero with an uncompressed mark", with(&[0; 65], 0, 4)),
        ("hybrid, right parity", with(&full, 0, parity)),
        ("hybrid, wrong parity", with(&full, 0, parity ^ 1)),
        ("compressed mark, 65 bytes", with(&full, 0, 2)),
        ("uncompressed mark, 33 bytes", with(&short, 0, 4)),
        ("compact mark", with(&short, 0, 5)),
        ("unknown mark", with(&short, 0, 1)),
        ("off the curve", with(&full, 64, full[64] ^ 1)),
        ("off the curve in X", with(&full, 32, full[32] ^ 1)),
        ("no point has this X", no_point),
        ("X not reduced", [[3].as_slice(), &field].concat()),
        ("Y not reduced", [&full[..33], &field].concat()),
        ("one byte short", full[..64].to_vec()),
        ("one byte long", [full.as_slice(), &[0]].concat()),
        ("compressed, one byte long", [short.as_slice(), &[0]].concat()),
        ("without mark", full[1..].to_vec()),
    ]
}

const APP: &str = "AAECAwQFBgcICQoLDA0ODw==";

fn parameters(version: ProtocolVersion) -> Parameters<'static> {
    Parameters {
        version,
        purpose: Purpose::GenericApplication,
        application_key: APP,
        activation_id: None,
        temporary_key_id: version
            .has_temporary_keys()
            .then_some("d1f2c3b4-0000-4000-8000-000000000001"),
    }
}

#[test]
fn bad_points_are_refused_everywhere() {
    let points = bad_points();
    let server = PrivateKey::from_bytes(&[1; 32]).unwrap();
    for backend in backends() {
        let imported = backend.import_private(&server).unwrap();
        for (what, point) in &points {
            assert_eq!(
                PublicKey::from_bytes(backend, point),
                Err(KeyError::Public),
                "{what} on {backend:?}"
            );
            assert_eq!(
                imported.agree_encoded(point).err(),
                Some(KeyError::Public),
                "{what} on {backend:?}"
            );

            let request = Request {
                temporary_key_id: None,
                ephemeral_key: point.clone(),
                encrypted_data: vec![0; 16],
                mac: [0; 32],
                nonce: Some([0; 16]),
                timestamp: Some(0),
            };
            let base = shared_info2_base(APP, None);
            let opened = Decryptor::new(
                imported.as_ref(),
                &parameters(ProtocolVersion::V3_2),
                &base,
                &request,
            );
            assert_eq!(opened.err(), Some(EciesError::Decryption), "{what}");

            // A server that signs a bad temporary key must not be believed either.
            let asked = TemporaryKeyRequest::generate(APP, None, &mut Stream::new(5)).unwrap();
            let mut answer =
                TemporaryKeyResponse::answer(&asked, "id".to_owned(), imported.public_key(), 0, 300_000);
            answer.public_key = base64::encode(point);
            let claims = serde_json::to_string(&answer).unwrap();
            let jwt = sign_es256(r#"{"alg":"ES256"}"#, &claims, imported.as_ref()).unwrap();
            let verified = TemporaryKeyResponse::verify(&jwt, backend, imported.public_key(), &asked);
            assert_eq!(verified.err(), Some(JwtError::Key(KeyError::Public)), "{what}");

            let configuration = SdkConfiguration {
                application_key: [0; 16],
                application_secret: Secret::from_bytes([0; 16]),
                master_public_key: point.clone(),
            };
            assert_eq!(configuration.import_key(backend), Err(KeyError::Public), "{what}");
        }
    }
    println!("bad points: {} on {} backends", points.len(), backends().len());
}

#[test]
fn mutated_points_get_the_same_answer_from_both() {
    let mut accepted = 0;
    let rounds = 400;
    for seed in 0..rounds {
        let mut rng = Stream::new(1000 + seed);
        let public = KeyPair::generate(&RustCrypto, &mut rng).unwrap().public;
        let mut point = if seed % 2 == 0 {
            public.as_bytes().to_vec()
        } else {
            public.to_compressed().to_vec()
        };
        let [at, bit]: [u8; 2] = countersign::crypto::random::bytes(&mut rng).unwrap();
        let length = point.len();
        point[usize::from(at) % length] ^= 1 << (bit % 8);
        let answers: Vec<_> = backends()
            .iter()
            .map(|backend| PublicKey::from_bytes(*backend, &point))
            .collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{point:02x?}");
        accepted += usize::from(answers[0].is_ok());
    }
    // About half of the changed X coordinates still are on the curve; a changed uncompressed point never is.
    println!("mutated points: {rounds}, still valid: {accepted}");
    assert!(accepted > 0 && accepted < 250);
}

struct Constant(u8);

impl Random for Constant {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        out.fill(self.0);
        Ok(())
    }
}

#[test]
fn a_stuck_source_gives_no_key() {
    for byte in [0, 0xFF] {
        assert_eq!(
            PrivateKey::generate(&mut Constant(byte)).err(),
            Some(KeyError::Random(RandomError))
        );
        assert!(KeyPair::generate(&RustCrypto, &mut Constant(byte)).is_err());
    }
    let (parameters, base) = (parameters(ProtocolVersion::V3_3), shared_info2_base(APP, None));
    let pair = KeyPair::generate(&RustCrypto, &mut Stream::new(3)).unwrap();
    let encryptor = Encryptor::with_ephemeral(&RustCrypto, &pair.public, &parameters, &base, &pair).unwrap();
    let (request, _) = encryptor.seal(b"", 1, &mut Constant(7)).unwrap();
    let request = request.decode(parameters.version).unwrap();
    let imported = RustCrypto.import_private(&pair.private).unwrap();
    let (_, sealer) = Decryptor::new(imported.as_ref(), &parameters, &base, &request)
        .unwrap()
        .open(&request)
        .unwrap();
    // The response must have a nonce of its own.
    assert_eq!(
        sealer.seal(b"", 2, &mut Constant(7)),
        Err(EciesError::Random(RandomError))
    );
}

type Generator<'a> = Box<dyn Fn(&mut dyn Random) -> bool + 'a>;

#[test]
fn a_source_failing_at_any_draw_gives_an_error() {
    let pair = KeyPair::generate(&RustCrypto, &mut Stream::new(4)).unwrap();
    let imported = RustCrypto.import_private(&pair.private).unwrap();
    let (parameters, base) = (parameters(ProtocolVersion::V3_3), shared_info2_base(APP, None));
    let encryptor = |rng: &mut dyn Random| Encryptor::new(&RustCrypto, &pair.public, &parameters, &base, rng);
    let (request, _) = encryptor(&mut Stream::new(5))
        .unwrap()
        .seal(b"", 1, &mut Stream::new(6))
        .unwrap();
    let request = request.decode(parameters.version).unwrap();
    let sealer = || {
        Decryptor::new(imported.as_ref(), &parameters, &base, &request)
            .unwrap()
            .open(&request)
            .unwrap()
            .1
    };
    let blob = StatusBlob {
        status: BlobStatus::Active,
        current_version: 3,
        upgrade_version: 3,
        counter_byte: 0,
        failed_attempts: 0,
        max_failed_attempts: 5,
        look_ahead: 20,
        counter_digest: [0; 16],
    };
    let transport = Secret::from_bytes([1; 16]);
    let master = SecretVec::from_slice(&[1; 16]);
    let cheap = Cost {
        memory: 128,
        iterations: 1,
        parallelism: 1,
    };
    let generators: Vec<(&str, usize, Generator<'_>)> = vec![
        ("Secret", 1, Box::new(|rng| Secret::<32>::generate(rng).is_ok())),
        ("uuid_v4", 1, Box::new(|rng| uuid_v4(rng).is_ok())),
        ("PrivateKey", 1, Box::new(|rng| PrivateKey::generate(rng).is_ok())),
        (
            "KeyPair",
            1,
            Box::new(|rng| KeyPair::generate(&RustCrypto, rng).is_ok()),
        ),
        (
            "HashCounter",
            1,
            Box::new(|rng| HashCounter::generate(rng).is_ok()),
        ),
        (
            "ActivationCode",
            1,
            Box::new(|rng| ActivationCode::generate(rng).is_ok()),
        ),
        (
            "recovery code",
            3,
            Box::new(|rng| generate_for_activation(rng).is_ok()),
        ),
        (
            "PUKs",
            4,
            Box::new(|rng| {
                RecoveryDerivation::new(&[1; 32], &[2; 32])
                    .draw_puks(4, rng)
                    .is_ok()
            }),
        ),
        ("Encryptor::new", 1, Box::new(|rng| encryptor(rng).is_ok())),
        (
            "Encryptor::seal",
            1,
            Box::new(|rng| encryptor(&mut Stream::new(7)).unwrap().seal(b"", 1, rng).is_ok()),
        ),
        (
            "ResponseSealer",
            1,
            Box::new(|rng| sealer().seal(b"", 1, rng).is_ok()),
        ),
        (
            "TemporaryKeyRequest",
            1,
            Box::new(|rng| TemporaryKeyRequest::generate(APP, None, rng).is_ok()),
        ),
        (
            "StatusBlob",
            1,
            Box::new(|rng| blob.encrypt(&transport, &[0; 16], &[0; 16], rng).is_ok()),
        ),
        (
            "StatusBlob, legacy",
            3,
            Box::new(|rng| blob.encrypt_legacy(&transport, rng).is_ok()),
        ),
        ("random_blob", 1, Box::new(|rng| random_blob(rng).is_ok())),
        (
            "record",
            1,
            Box::new(|rng| write(RecordKind::Binary, Some(&master), &["a"], &[1], rng).is_ok()),
        ),
        (
            "password",
            1,
            Box::new(|rng| hash_with_cost(b"", cheap, rng).is_ok()),
        ),
    ];
    for (name, draws, generate) in &generators {
        for fail_at in 0..*draws {
            let mut rng = Stream {
                seed: 9,
                draws: 0,
                fail_at,
            };
            assert!(!generate(&mut rng), "{name} survived a failure at draw {fail_at}");
        }
        let mut rng = Stream {
            seed: 9,
            draws: 0,
            fail_at: *draws,
        };
        assert!(generate(&mut rng), "{name} needs more than {draws} draws");
        assert_eq!(rng.draws, *draws, "{name}");
    }
    println!("generating functions: {}", generators.len());
}
