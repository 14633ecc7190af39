//! What a search computes does not depend on what is wrong with a signature: counted in blocks of the hash function, which
//! says more than a clock does.

use super::counter::HashCounter;
use super::encoding::base64;
use super::hmac::counted::during;
use super::schedule::{ActivationKeys, FactorKeys, MasterSecret};
use super::signature::{Matched, SignatureFormat, SignatureType, compute, look_ahead};

const WINDOW: u32 = 20;
const DATA: &[u8] = b"POST&L3BheW1lbnQ=&AAAA&BBBB&secret";
const FORMATS: [SignatureFormat; 3] = [
    SignatureFormat::Base64,
    SignatureFormat::DECIMAL_8,
    SignatureFormat::Decimal { length: 4 },
];

fn keys(byte: u8) -> FactorKeys {
    ActivationKeys::from_master(&MasterSecret::from_bytes([byte; 16])).factor_keys()
}

fn start() -> HashCounter {
    HashCounter::from_bytes([3; 16])
}

fn search(
    types: &[SignatureType],
    window: u32,
    format: SignatureFormat,
    given: &str,
) -> (Option<Matched>, usize) {
    let (keys, start) = (keys(7), start());
    during(|| look_ahead(&keys, types, &start, window, DATA, format, given))
}

/// The signature at the counter value that is `offset` steps ahead.
fn signed(keys: &FactorKeys, kind: SignatureType, offset: u32, format: SignatureFormat) -> String {
    let mut counter = start();
    (0..offset).for_each(|_| counter.advance());
    compute(keys, kind, counter.as_bytes(), DATA, format)
}

/// Components of a signature, as bytes or digits.
fn components(text: &str, format: SignatureFormat) -> Vec<Vec<u8>> {
    match format {
        SignatureFormat::Base64 => {
            let raw = base64::decode(text).unwrap();
            raw.chunks(16).map(<[u8]>::to_vec).collect()
        }
        SignatureFormat::Decimal { .. } => text.split('-').map(|part| part.as_bytes().to_vec()).collect(),
    }
}

fn joined(parts: &[Vec<u8>], format: SignatureFormat) -> String {
    match format {
        SignatureFormat::Base64 => base64::encode(&parts.concat()),
        SignatureFormat::Decimal { .. } => String::from_utf8(parts.join(&b'-')).unwrap(),
    }
}

/// Right components in every combination with wrong ones, made at every counter value of the window and beyond it.
#[test]
fn wrong_signatures_cost_the_same_whatever_is_wrong() {
    let mut compared = 0;
    for (kind, format) in SignatureType::ALL
        .into_iter()
        .flat_map(|kind| FORMATS.map(|it| (kind, it)))
    {
        let (_, expected) = search(&[kind], WINDOW, format, &signed(&keys(8), kind, 0, format));
        assert!(expected >= usize::try_from(WINDOW).unwrap() * kind.factors().len() * 4);
        for offset in 0..WINDOW + 2 {
            let right = components(&signed(&keys(7), kind, offset, format), format);
            let wrong = components(&signed(&keys(9), kind, offset, format), format);
            // A bit for each factor: set where the component is right.
            for mask in 0..(1_usize << right.len()) - 1 {
                let parts: Vec<Vec<u8>> = right
                    .iter()
                    .zip(&wrong)
                    .enumerate()
                    .map(|(place, (right, wrong))| if mask >> place & 1 == 1 { right } else { wrong }.clone())
                    .collect();
                let (found, cost) = search(&[kind], WINDOW, format, &joined(&parts, format));
                // Four digits may be right by chance; these keys have none such.
                assert!(found.is_none());
                assert_eq!(cost, expected, "{kind} {format:?} {offset} {mask:b}");
                compared += 1;
            }
        }
    }
    println!("{compared} wrong signatures");
}

/// What a right one costs says how far ahead the phone is, and nothing else: as much as a wrong one over a window that ends
/// there.
#[test]
fn right_signatures_cost_what_their_counter_value_says() {
    let both = [
        SignatureType::PossessionKnowledge,
        SignatureType::PossessionBiometry,
    ];
    let mut compared = 0;
    for format in FORMATS {
        let other = signed(&keys(8), both[0], 0, format);
        for offset in 0..WINDOW {
            let (_, expected) = search(&both, offset + 1, format, &other);
            for kind in both {
                let (found, cost) = search(&both, WINDOW, format, &signed(&keys(7), kind, offset, format));
                let found = found.unwrap();
                assert_eq!((found.offset, found.signature_type), (offset, kind));
                assert_eq!(cost, expected, "{kind} {format:?} {offset}");
                compared += 1;
            }
        }
    }
    println!("{compared} right signatures");
}
