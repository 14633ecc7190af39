//! Comparisons of secrets: what differs at its end only takes as long as what differs from its beginning on.

use std::cell::Cell;
use std::hint::black_box;

use base64ct::{Base64Unpadded, Encoding};
use countersign::crypto::code::Puk;
use countersign::crypto::counter::HashCounter;
use countersign::crypto::credential::{hash_secret, verify_secret};
use countersign::crypto::ecies::{Decryptor, EnvelopeKey, Request};
use countersign::crypto::encoding::{base64, base64url};
use countersign::crypto::jwt::{UnverifiedJwt, sign_hs256};
use countersign::crypto::password::{Cost, PasswordHash, hash_with_cost};
use countersign::crypto::random::{Random, RandomError};
use countersign::crypto::schedule::FactorKeys;
use countersign::crypto::secret::{Secret, SecretVec, ct_eq};
use countersign::crypto::signature::{SignatureFormat, SignatureType, compute, look_ahead};
use countersign::crypto::status::counter_distance;
use countersign::crypto::symmetric::hmac_sha256;
use countersign::crypto::token;
use countersign::crypto::totp::Totp;
use countersign::crypto::version::ProtocolVersion;
use countersign::store::simulated::Chance;

use crate::statistic::Subject;
use crate::subjects::{factor_keys, random};

struct Dice(Chance);

impl Random for Dice {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        self.0.fill(out);
        Ok(())
    }
}

/// Wrong in the last byte only; wrong from the first byte on.
fn late_and_early(right: &[u8], dice: &mut Chance) -> [Vec<u8>; 2] {
    let mut late = right.to_vec();
    let mut early = right.to_vec();
    dice.fill(&mut early);
    let other = 1 + u8::try_from(dice.below(255)).unwrap();
    early[0] = right[0] ^ other;
    *late.last_mut().unwrap() ^= other;
    [late, early]
}

/// As [`late_and_early`], for digits; what is no digit stays.
fn late_and_early_digits(right: &[u8], dice: &mut Chance) -> [Vec<u8>; 2] {
    let turned = |digit: u8, by: u64| match digit {
        b'0'..=b'9' => b'0' + (digit - b'0' + u8::try_from(by).unwrap()) % 10,
        other => other,
    };
    let mut late = right.to_vec();
    let mut early: Vec<u8> = right.iter().map(|digit| turned(*digit, dice.below(10))).collect();
    let other = 1 + dice.below(9);
    early[0] = turned(right[0], other);
    let last = late.last_mut().unwrap();
    *last = turned(*last, other);
    [late, early]
}

/// Compares with `right`, by `call`.
fn comparison(
    right: &[u8],
    repeats: u32,
    (samples, seed): (usize, u64),
    call: impl Fn(&Vec<u8>) -> bool,
) -> f64 {
    let subject = Subject {
        classes: &mut |dice| late_and_early(right, dice),
        build: &<[u8]>::to_vec,
        repeats,
    };
    subject.measure(samples, seed, call)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

pub fn stopping_comparison(samples: usize, seed: u64) -> f64 {
    let right: [u8; 32] = random(&mut Chance::new(1));
    let stops = |given: &[u8]| right.iter().zip(given).all(|(a, b)| black_box(a) == black_box(b));
    comparison(&right, 8, (samples, seed), |given| stops(given))
}

pub fn bytes_32(samples: usize, seed: u64) -> f64 {
    let right: [u8; 32] = random(&mut Chance::new(1));
    comparison(&right, 8, (samples, seed), |given| ct_eq(&right, given))
}

pub fn secret(samples: usize, seed: u64) -> f64 {
    let right: [u8; 16] = random(&mut Chance::new(2));
    let ours = Secret::from_bytes(right);
    let subject = Subject {
        classes: &mut |dice| late_and_early(&right, dice),
        build: &|bytes| Secret::<16>::from_slice(bytes).unwrap(),
        repeats: 8,
    };
    subject.measure(samples, seed, |given| ours.ct_eq(given))
}

pub fn secret_vec(samples: usize, seed: u64) -> f64 {
    let right: [u8; 80] = random(&mut Chance::new(3));
    let ours = SecretVec::from_slice(&right);
    let subject = Subject {
        classes: &mut |dice| late_and_early(&right, dice),
        build: &SecretVec::from_slice,
        repeats: 8,
    };
    subject.measure(samples, seed, |given| ours.ct_eq(given))
}

pub fn puk(samples: usize, seed: u64) -> f64 {
    let ours = Puk::parse("7305162840").unwrap();
    let subject = Subject {
        classes: &mut |dice| late_and_early_digits(ours.as_str().as_bytes(), dice),
        build: &|bytes| Puk::parse(text(bytes)).unwrap(),
        repeats: 8,
    };
    subject.measure(samples, seed, |given| ours.ct_eq(given))
}

pub fn counter(samples: usize, seed: u64) -> f64 {
    let right: [u8; 16] = random(&mut Chance::new(4));
    let ours = HashCounter::from_bytes(right);
    let subject = Subject {
        classes: &mut |dice| late_and_early(&right, dice),
        build: &|bytes| HashCounter::from_bytes(bytes.try_into().unwrap()),
        repeats: 8,
    };
    subject.measure(samples, seed, |given| ours.ct_eq(given))
}

pub fn token_digest(samples: usize, seed: u64) -> f64 {
    const AT: u64 = 1_700_000_000_000;
    let key = Secret::from_bytes(random(&mut Chance::new(5)));
    let right = token::digest(&key, &[9; 16], AT, ProtocolVersion::V3_3);
    comparison(&right, 1, (samples, seed), |given| {
        let given = given.first_chunk().unwrap();
        token::verify(&key, &[9; 16], AT, ProtocolVersion::V3_3, given)
    })
}

pub fn credential(samples: usize, seed: u64) -> f64 {
    let hash = hash_secret("a secret of a caller", &mut Dice(Chance::new(6))).unwrap();
    let (salt, right) = hash.split_at(16);
    let subject = Subject {
        classes: &mut |dice| late_and_early(right, dice),
        build: &|bytes| [salt, bytes].concat(),
        repeats: 1,
    };
    subject.measure(samples, seed, |stored| {
        verify_secret("a secret of a caller", stored)
    })
}

pub fn jwt(samples: usize, seed: u64) -> f64 {
    let key = Secret::from_bytes(random(&mut Chance::new(7)));
    let right = sign_hs256(r#"{"alg":"HS256"}"#, r#"{"challenge":"AAAA"}"#, &key);
    let (signed, signature) = right.rsplit_once('.').unwrap();
    let signature = base64url::decode(signature).unwrap();
    let subject = Subject {
        classes: &mut |dice| late_and_early(&signature, dice),
        build: &|bytes| format!("{signed}.{}", base64url::encode(bytes)),
        repeats: 1,
    };
    subject.measure(samples, seed, |text: &String| {
        UnverifiedJwt::parse(text).unwrap().verify_hs256(&key).is_ok()
    })
}

pub fn totp(samples: usize, seed: u64) -> f64 {
    let (totp, key) = (Totp::default(), random::<16>(&mut Chance::new(8)));
    let right = totp.generate(&key, 1_700_000_000).unwrap();
    let subject = Subject {
        classes: &mut |dice| late_and_early_digits(right.as_bytes(), dice),
        build: &|bytes| text(bytes).to_owned(),
        repeats: 1,
    };
    subject.measure(samples, seed, |given: &String| {
        totp.verify(&key, 1_700_000_000, 1, given).unwrap()
    })
}

pub fn envelope(samples: usize, seed: u64) -> f64 {
    let key: [u8; 48] = random(&mut Chance::new(9));
    let (base, encrypted) = ([3; 32], random::<64>(&mut Chance::new(10)));
    // The oldest version has the base alone behind what is encrypted.
    let right = hmac_sha256(&key[16..32], &[&encrypted, &base]);
    let decryptor = || {
        Decryptor::from_envelope_key(
            ProtocolVersion::V3_0,
            EnvelopeKey::from_bytes(key),
            SecretVec::from_slice(&base),
            Vec::new(),
        )
    };
    let request = |mac: &[u8]| Request {
        temporary_key_id: None,
        ephemeral_key: Vec::new(),
        encrypted_data: encrypted.to_vec(),
        mac: mac.try_into().unwrap(),
        nonce: None,
        timestamp: None,
    };
    let subject = Subject {
        classes: &mut |dice| late_and_early(&right, dice),
        build: &|mac| (Cell::new(Some(decryptor())), request(mac)),
        repeats: 1,
    };
    subject.measure(samples, seed, |(decryptor, request)| {
        decryptor.take().unwrap().open(request).is_err()
    })
}

const TWO: SignatureType = SignatureType::PossessionKnowledge;
/// Counter values that are tried; 20 are as 4, and take five times as long.
const WINDOW: u32 = 4;

fn verified(keys: &FactorKeys, given: &str, format: SignatureFormat) -> bool {
    let start = HashCounter::from_bytes([1; 16]);
    look_ahead(keys, &[TWO], &start, WINDOW, b"POST&L2xvZ2lu", format, given).is_some()
}

fn signed(keys: &FactorKeys, format: SignatureFormat) -> String {
    compute(keys, TWO, &[1; 16], b"POST&L2xvZ2lu", format)
}

pub fn signature_factors(samples: usize, seed: u64) -> f64 {
    let keys = factor_keys();
    let right = base64::decode(&signed(&keys, SignatureFormat::Base64)).unwrap();
    let (possession, knowledge) = right.split_at(16);
    let subject = Subject {
        classes: &mut |dice| {
            let other = random::<16>(dice);
            [[possession, &other].concat(), [&other, knowledge].concat()]
        },
        build: &base64::encode,
        repeats: 1,
    };
    subject.measure(samples, seed, |given: &String| {
        verified(&keys, given, SignatureFormat::Base64)
    })
}

pub fn signature_base64(samples: usize, seed: u64) -> f64 {
    let keys = factor_keys();
    let right = base64::decode(&signed(&keys, SignatureFormat::Base64)).unwrap();
    let subject = Subject {
        classes: &mut |dice| late_and_early(&right, dice),
        build: &base64::encode,
        repeats: 1,
    };
    subject.measure(samples, seed, |given: &String| {
        verified(&keys, given, SignatureFormat::Base64)
    })
}

pub fn signature_digits(samples: usize, seed: u64) -> f64 {
    let keys = factor_keys();
    let right = signed(&keys, SignatureFormat::DECIMAL_8);
    let subject = Subject {
        classes: &mut |dice| late_and_early_digits(right.as_bytes(), dice),
        build: &|bytes| text(bytes).to_owned(),
        repeats: 1,
    };
    subject.measure(samples, seed, |given: &String| {
        verified(&keys, given, SignatureFormat::DECIMAL_8)
    })
}

pub fn password(samples: usize, seed: u64) -> f64 {
    // The cheapest that there is: it is the comparison behind it that is looked at.
    let cost = Cost {
        memory: 8,
        iterations: 1,
        parallelism: 1,
    };
    let stored = hash_with_cost(b"1234567890", cost, &mut Dice(Chance::new(11))).unwrap();
    let (start, digest) = stored.rsplit_once('$').unwrap();
    let digest = Base64Unpadded::decode_vec(digest).unwrap();
    let subject = Subject {
        classes: &mut |dice| late_and_early(&digest, dice),
        build: &|bytes| {
            let text = format!("{start}${}", Base64Unpadded::encode_string(bytes));
            PasswordHash::parse(&text).unwrap()
        },
        repeats: 1,
    };
    subject.measure(samples, seed, |hash| hash.verify(b"1234567890").unwrap())
}

pub fn status(samples: usize, seed: u64) -> f64 {
    let (local, transport) = (
        HashCounter::from_bytes(random(&mut Chance::new(12))),
        Secret::from_bytes(random(&mut Chance::new(13))),
    );
    let right = local.digest(&transport);
    comparison(&right, 1, (samples, seed), |given| {
        counter_distance(&local, &transport, given.first_chunk().unwrap(), 2).is_some()
    })
}
