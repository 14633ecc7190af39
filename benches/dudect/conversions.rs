//! What becomes of secrets: padding, Base64, codes, digits.

use std::hint::black_box;

use countersign::crypto::code::ActivationCode;
use countersign::crypto::encoding::{base64, base64url};
use countersign::crypto::secret::Secret;
use countersign::crypto::signature::{SignatureFormat, SignatureType, compute};
use countersign::crypto::symmetric::{decrypt_cbc, encrypt_cbc_blocks};
use countersign::crypto::totp::Totp;
use countersign::store::simulated::Chance;

use crate::statistic::Subject;
use crate::subjects::{factor_keys, random};

/// A ciphertext of two blocks whose last one decrypts to `last`.
fn ciphertext(last: [u8; 16]) -> Vec<u8> {
    let plain = [[0x41; 16], last].concat();
    encrypt_cbc_blocks(&Secret::from_bytes([5; 16]), &[6; 16], &plain).unwrap()
}

fn decrypted(encrypted: &[u8]) -> bool {
    decrypt_cbc(&Secret::from_bytes([5; 16]), &[6; 16], encrypted).is_ok()
}

/// Sixteen bytes of padding, of which the last but one, or the first, is wrong.
fn wrong_padding() -> [[u8; 16]; 2] {
    let (mut late, mut early) = ([16; 16], [16; 16]);
    late[14] = 0;
    early[0] = 0;
    [late, early]
}

pub fn padding_wrong(samples: usize, seed: u64) -> f64 {
    let subject = Subject {
        classes: &mut |_| wrong_padding().map(ciphertext),
        build: &<[u8]>::to_vec,
        repeats: 1,
    };
    subject.measure(samples, seed, |encrypted: &Vec<u8>| decrypted(encrypted))
}

pub fn padding_length(samples: usize, seed: u64) -> f64 {
    let mut short = [0x41; 16];
    short[15] = 1;
    let subject = Subject {
        classes: &mut |_| [short, [16; 16]].map(ciphertext),
        build: &<[u8]>::to_vec,
        repeats: 1,
    };
    subject.measure(samples, seed, |encrypted: &Vec<u8>| decrypted(encrypted))
}

pub fn stopping_padding(samples: usize, seed: u64) -> f64 {
    let subject = Subject {
        classes: &mut |_| wrong_padding().map(|block| block.to_vec()),
        build: &<[u8]>::to_vec,
        repeats: 8,
    };
    subject.measure(samples, seed, |block: &Vec<u8>| {
        let count = *block.last().unwrap();
        let padding = block.iter().rev().take(count.into()).rev();
        padding.into_iter().all(|byte| black_box(*byte) == count)
    })
}

/// One secret, and random ones.
fn one_and_many<const N: usize>(dice: &mut Chance) -> [Vec<u8>; 2] {
    [vec![0; N], random::<N>(dice).to_vec()]
}

pub fn base64_encode(samples: usize, seed: u64) -> f64 {
    let subject = Subject {
        classes: &mut one_and_many::<32>,
        build: &<[u8]>::to_vec,
        repeats: 4,
    };
    subject.measure(samples, seed, |bytes: &Vec<u8>| base64::encode(bytes))
}

pub fn base64_decode(samples: usize, seed: u64) -> f64 {
    let subject = Subject {
        classes: &mut one_and_many::<32>,
        build: &base64::encode,
        repeats: 4,
    };
    subject.measure(samples, seed, |text: &String| base64::decode(text))
}

pub fn base64_array(samples: usize, seed: u64) -> f64 {
    let subject = Subject {
        classes: &mut one_and_many::<16>,
        build: &base64::encode,
        repeats: 4,
    };
    subject.measure(samples, seed, |text: &String| base64::decode_array::<16>(text))
}

pub fn base64url_encode(samples: usize, seed: u64) -> f64 {
    let subject = Subject {
        classes: &mut one_and_many::<32>,
        build: &<[u8]>::to_vec,
        repeats: 4,
    };
    subject.measure(samples, seed, |bytes: &Vec<u8>| base64url::encode(bytes))
}

pub fn base64url_decode(samples: usize, seed: u64) -> f64 {
    let subject = Subject {
        classes: &mut one_and_many::<32>,
        build: &base64url::encode,
        repeats: 4,
    };
    subject.measure(samples, seed, |text: &String| base64url::decode(text))
}

pub fn branching_base64(samples: usize, seed: u64) -> f64 {
    let subject = Subject {
        classes: &mut one_and_many::<32>,
        build: &base64::encode,
        repeats: 4,
    };
    subject.measure(samples, seed, |text: &String| {
        let mut sum = 0_u64;
        for byte in text.bytes() {
            let six = match black_box(byte) {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => black_box(byte) - b'a' + 26,
                b'0'..=b'9' => black_box(byte) - b'0' + 52,
                b'+' => 62,
                _ => 63,
            };
            sum = sum.wrapping_mul(64).wrapping_add(six.into());
        }
        sum
    })
}

pub fn code_write(samples: usize, seed: u64) -> f64 {
    let subject = Subject {
        classes: &mut one_and_many::<10>,
        build: &|bytes| <[u8; 10]>::try_from(bytes).unwrap(),
        repeats: 2,
    };
    subject.measure(samples, seed, |random| ActivationCode::from_random(*random))
}

pub fn code_read(samples: usize, seed: u64) -> f64 {
    let subject = Subject {
        classes: &mut one_and_many::<10>,
        build: &|bytes| {
            let code = ActivationCode::from_random(bytes.try_into().unwrap());
            code.as_str().to_owned()
        },
        repeats: 2,
    };
    subject.measure(samples, seed, |text: &String| ActivationCode::parse(text))
}

/// Inputs whose digits begin with zeros, and their neighbours, whose digits do not.
fn pools(digits: impl Fn(u64) -> String) -> [Vec<Vec<u8>>; 2] {
    let zeros = |input: u64| digits(input).starts_with("000");
    let found: Vec<u64> = (0..)
        .filter(|input| zeros(*input) && !zeros(input + 1))
        .take(64)
        .collect();
    let bytes = |by: u64| {
        found
            .iter()
            .map(|input| (input + by).to_be_bytes().to_vec())
            .collect()
    };
    [bytes(0), bytes(1)]
}

pub fn digits_of_signature(samples: usize, seed: u64) -> f64 {
    let keys = factor_keys();
    let digits = |data: &[u8]| {
        let kind = SignatureType::Possession;
        compute(&keys, kind, &[1; 16], data, SignatureFormat::DECIMAL_8)
    };
    let pools = pools(|input| digits(&input.to_be_bytes()));
    let subject = Subject {
        classes: &mut |dice| {
            let place = dice.index(64);
            [pools[0][place].clone(), pools[1][place].clone()]
        },
        build: &<[u8]>::to_vec,
        repeats: 1,
    };
    subject.measure(samples, seed, |data: &Vec<u8>| digits(data))
}

pub fn digits_of_totp(samples: usize, seed: u64) -> f64 {
    let (totp, key) = (Totp::default(), random::<16>(&mut Chance::new(8)));
    let digits = |step: u64| totp.generate(&key, step * 30).unwrap();
    let pools = pools(digits);
    let subject = Subject {
        classes: &mut |dice| {
            let place = dice.index(64);
            [pools[0][place].clone(), pools[1][place].clone()]
        },
        build: &|bytes| u64::from_be_bytes(bytes.try_into().unwrap()),
        repeats: 1,
    };
    subject.measure(samples, seed, |step| digits(*step))
}
