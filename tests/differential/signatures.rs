//! Online signatures of every version and combination of factors, offline signatures, and what is signed.

use countersign::crypto::base;
use countersign::crypto::counter::HashCounter;
use countersign::crypto::encoding::base64;
use countersign::crypto::offline::{self, Verification};
use countersign::crypto::query;
use countersign::crypto::schedule::{ActivationKeys, FactorKeys, MasterSecret};
use countersign::crypto::signature::{SignatureFormat, SignatureType, compute, look_ahead};

use super::case::{Answer, Ask, Case, Operation, Verdict, different, text};
use super::dice::Dice;

pub(crate) const VERSIONS: [&str; 4] = ["3.0", "3.1", "3.2", "3.3"];
/// Values that verification looks ahead.
const WINDOW: usize = 20;

pub(crate) fn operations() -> [Operation; 4] {
    [
        Operation::new("online signature", online),
        Operation::new("offline signature", offline_signature),
        Operation::new("signature base string", base_string),
        Operation::new("canonical query string", canonical_query),
    ]
}

fn keys(master: [u8; 16]) -> FactorKeys {
    ActivationKeys::from_master(&MasterSecret::from_bytes(master)).factor_keys()
}

fn ahead(start: &HashCounter, steps: usize) -> HashCounter {
    (0..steps).fold(start.clone(), |counter, _| counter.next())
}

/// A signature with one character exchanged for another of its alphabet.
fn changed(signature: &str, dice: &mut Dice) -> String {
    let mut all: Vec<char> = signature.chars().collect();
    let at = loop {
        let at = dice.below(all.len());
        if !matches!(all[at], '-' | '=') {
            break at;
        }
    };
    let mut digit = char::from_digit(u32::try_from(dice.below(10)).unwrap(), 10).unwrap();
    if digit == all[at] {
        digit = if digit == '0' { '1' } else { '0' };
    }
    all[at] = digit;
    all.into_iter().collect()
}

/// Theirs, made some steps ahead, equals ours and is found there by our look-ahead; theirs judges ours the same way.
fn online(dice: &mut Dice) -> Case {
    let version = dice.pick(&VERSIONS);
    let kind = dice.pick(&SignatureType::ALL);
    let (master, start) = (dice.array(), HashCounter::from_bytes(dice.array()));
    let steps = dice.below(WINDOW);
    let nonce: [u8; 16] = dice.array();
    let uri = dice.any_text(30);
    let body = dice.some_bytes(2_000);
    let secret = base64::encode(&dice.array::<16>());
    let data = base::signed_bytes(&base::build("POST", &uri, &nonce, &body), &secret);
    let format = SignatureFormat::for_version(version).unwrap();
    let ours = compute(
        &keys(master),
        kind,
        ahead(&start, steps).as_bytes(),
        &data,
        format,
    );
    let wrong = dice.once_in(4);
    let presented = if wrong { changed(&ours, dice) } else { ours.clone() };
    Ask::new("signature.online")
        .bytes(version)
        .bytes(kind.as_str())
        .bytes(master)
        .bytes(start.as_bytes())
        .number(i64::try_from(steps).unwrap())
        .bytes(&data)
        .bytes(&presented)
        .compare(move |answer| {
            let Some([theirs, accepted]) = answer.values::<2>() else {
                return different(&ours, answer);
            };
            let accepted = *accepted == Some(vec![1]);
            let find = |text: &str| {
                let window = u32::try_from(WINDOW).unwrap();
                look_ahead(&keys(master), &[kind], &start, window, &data, format, text)
            };
            let found = find(text(theirs)).is_some_and(|it| usize::try_from(it.offset) == Ok(steps));
            // A wrong one of few digits may be right for another value of the counter.
            let judged = find(&presented).is_some_and(|it| usize::try_from(it.offset) == Ok(steps));
            if text(theirs) == ours && found && accepted == judged && accepted != wrong {
                Verdict::Same(if wrong { "refused by both" } else { version })
            } else {
                different(&(&ours, found, judged), answer)
            }
        })
}

fn offline_signature(dice: &mut Dice) -> Case {
    let length = u8::try_from(4 + dice.below(5)).unwrap();
    let biometry = dice.once_in(2);
    let kind = if biometry {
        "possession_biometry"
    } else {
        "possession_knowledge"
    };
    let (master, start) = (dice.array(), HashCounter::from_bytes(dice.array()));
    let steps = dice.below(WINDOW);
    let nonce = base64::encode(&dice.array::<16>());
    let (id, data) = (dice.uuid(), dice.any_text(60));
    let otp = dice.once_in(2).then(|| format!("{:08}", dice.below(100_000_000)));
    let base = offline::base_string(&id, &data, otp.as_deref(), &nonce);
    let ours = compute(
        &keys(master),
        SignatureType::parse(kind).unwrap(),
        ahead(&start, steps).as_bytes(),
        &base::signed_bytes(&base, offline::OFFLINE_SECRET),
        SignatureFormat::decimal(length).unwrap(),
    );
    Ask::new("signature.offline")
        .bytes(kind)
        .bytes(master)
        .bytes(start.as_bytes())
        .number(i64::try_from(steps).unwrap())
        // As an integrator builds it with the library: the phone's data behind the address of the convention.
        .bytes(match &otp {
            Some(otp) => format!("{id}&{data}&{otp}"),
            None => format!("{id}&{data}"),
        })
        .bytes(&nonce)
        .number(length)
        .compare(move |answer| {
            let Some([theirs]) = answer.values::<1>() else {
                return different(&ours, answer);
            };
            let without = offline::base_string(&id, &data, None, &nonce);
            let passwords = otp.map(|otp| vec![otp]);
            let verification = Verification {
                base: &without,
                signature: text(theirs),
                allow_biometry: biometry,
                component_length: length,
                totp: passwords.as_deref(),
            };
            let window = u32::try_from(WINDOW).unwrap();
            let found = verification.run(&keys(master), &start, window).unwrap();
            if text(theirs) == ours && found.is_some() {
                Verdict::Same(["4", "5", "6", "7", "8"][usize::from(length - 4)])
            } else {
                different(&(&ours, found), answer)
            }
        })
}

fn base_string(dice: &mut Dice) -> Case {
    let method = dice.pick(&["GET", "POST", "PUT", "DELETE", "get", "Post", "PATCH", "pUt"]);
    let uri = dice.any_text(40);
    let nonce: [u8; 16] = dice.array();
    let body = if dice.once_in(6) {
        None
    } else {
        Some(dice.some_bytes(3_000))
    };
    let ours = base::build(method, &uri, &nonce, body.as_deref().unwrap_or_default());
    Ask::new("base.string")
        .bytes(method)
        .bytes(&uri)
        .bytes(nonce)
        .maybe(body)
        .equals("strings", vec![ours.into_bytes()])
}

fn canonical_query(dice: &mut Dice) -> Case {
    const PARTS: &[&str] = &[
        "a",
        "b",
        "key",
        "&",
        "&",
        "=",
        "=",
        "+",
        "%20",
        "%26",
        "%3D",
        "%25",
        "%2B",
        "%2525",
        "%C4%8D",
        "%c4",
        "%FF",
        "%ED%A0%80",
        "%F0%9F%98%80",
        "%EF%BF%BF",
        "č",
        "😀",
        "\u{FFFF}",
        "~",
        "*",
        "-",
        ".",
        "_",
        "/",
        "?",
        "#",
        " ",
        "1",
        "0",
        "A",
        "%",
        "%4",
        "%zz",
        "%-1",
        "%+1",
        "%００",
        "\n",
        "\u{0}",
    ];
    let count = dice.below(14);
    // Most have only what decodes.
    let known = if dice.once_in(3) {
        PARTS.len()
    } else {
        PARTS.len() - 8
    };
    let raw: String = (0..count).map(|_| PARTS[dice.below(known)]).collect();
    let ours = query::canonical(&raw).ok();
    Ask::new("base.query")
        .bytes(&raw)
        .compare(move |answer| match (answer, ours) {
            (Answer::Values(theirs), Some(ours)) if *theirs == [Some(ours.clone().into_bytes())] => {
                Verdict::Same("texts")
            }
            // Nothing is left: theirs has no bytes at all, which are signed as an empty text.
            (Answer::Values(theirs), Some(ours)) if *theirs == [None] && ours.is_empty() => {
                Verdict::Same("nothing left")
            }
            (Answer::Refused(_), None) => Verdict::Same("refused by both"),
            (Answer::Values(_), None)
                if ["%+", "%25+", "%25%2B", "００"]
                    .iter()
                    .any(|odd| raw.contains(odd)) =>
            {
                Verdict::Explained("signs and digits of other scripts after %")
            }
            (_, ours) => different(&ours, answer),
        })
}
