//! Activation and recovery codes, PUKs, one-time passwords, codes sent by SMS, hashes of passwords.

use countersign::crypto::code::ActivationCode;
use countersign::crypto::password;
use countersign::crypto::recovery::RecoveryDerivation;
use countersign::crypto::secret::Secret;
use countersign::crypto::sms_code;
use countersign::crypto::totp::{Totp, TotpAlgorithm};

use super::case::{Answer, Ask, Case, Field, Operation, Verdict, different, text};
use super::dice::Dice;

pub(crate) fn operations() -> [Operation; 8] {
    [
        Operation::new("activation code, made", code),
        Operation::new("activation code, checked", checked),
        Operation::new("recovery code and PUKs", recovery),
        Operation::new("recovery code and PUKs, theirs", their_recovery),
        Operation::new("one-time password", totp),
        Operation::new("code by SMS", sms),
        Operation::slow("password hash, ours", hashed_by_ours),
        Operation::slow("password hash, theirs", hashed_by_theirs),
    ]
}

fn code(dice: &mut Dice) -> Case {
    let random = dice.array();
    let ours = ActivationCode::from_random(random);
    Ask::new("code.make")
        .bytes(random)
        .equals("codes", vec![ours.as_str().as_bytes().to_vec()])
}

fn checked(dice: &mut Dice) -> Case {
    const WITH: &[char] = &[
        'A', 'B', 'Q', 'Z', '2', '7', '0', '1', '8', '9', 'a', '-', '-', ' ', '=', 'Ä', '\n', 'I', 'O',
    ];
    let right = ActivationCode::from_random(dice.array());
    let code = match dice.below(4) {
        0 => right.as_str().to_owned(),
        1 => {
            // The same code with other bits behind its end.
            let mut other = right.as_str().to_owned();
            other.pop();
            other.push(dice.pick(&['A', 'B', 'E', 'P', 'Q', 'R', '2', '7']));
            other
        }
        _ => dice.edit(right.as_str(), WITH),
    };
    let ours = ActivationCode::parse(&code).is_ok();
    let canonical = code.ends_with(['A', 'Q']);
    Ask::new("code.check")
        .bytes(&code)
        .compare(move |answer| match (ours, answer.yes()) {
            (true, Some(true)) => Verdict::Same("valid"),
            (false, Some(false)) => Verdict::Same("invalid"),
            (false, Some(true)) if !canonical => Verdict::Explained("bits behind the end of a code"),
            _ => different(&ours, answer),
        })
}

fn recovery(dice: &mut Dice) -> Case {
    let length = dice.pick(&[16, 32]);
    let secret = dice.bytes(length);
    let nonce: [u8; 32] = dice.array();
    let indexes: Vec<i64> = (0..=dice.below(4))
        .map(|_| {
            let number = i64::from_be_bytes(dice.array());
            dice.pick(&[number, number, number, 0, -1, i64::MIN])
        })
        .collect();
    let derivation = RecoveryDerivation::new(&secret, &nonce);
    let mut ours = vec![derivation.code().as_str().as_bytes().to_vec()];
    ours.extend(
        indexes
            .iter()
            .map(|&index| derivation.puk(index).as_str().as_bytes().to_vec()),
    );
    let ask = Ask::new("recovery.derive").bytes(secret).bytes(nonce);
    indexes.into_iter().fold(ask, Ask::number).equals("derived", ours)
}

/// Theirs draws nonce and indexes; ours derives from them what theirs did.
fn their_recovery(dice: &mut Dice) -> Case {
    let secret = dice.bytes(32);
    let count = 1 + dice.below(4);
    Ask::new("recovery.generate")
        .bytes(&secret)
        .number(i64::try_from(count).unwrap())
        .compare(move |answer| {
            let Answer::Values(values) = answer else {
                return different(&"codes", answer);
            };
            let [code, nonce, rest @ ..] = values.as_slice() else {
                return different(&"codes", answer);
            };
            let nonce: [u8; 32] = nonce.as_deref().unwrap().try_into().unwrap();
            let derivation = RecoveryDerivation::new(&secret, &nonce);
            let same = |pair: &[Field]| {
                let index = i64::from_be_bytes(pair[0].as_deref().unwrap().try_into().unwrap());
                derivation.puk(index).as_str() == text(&pair[1])
            };
            let all = rest.len() == 2 * count && rest.chunks(2).all(same);
            if all && derivation.code().as_str() == text(code) {
                Verdict::Same("derived")
            } else {
                different(&derivation.code().as_str(), answer)
            }
        })
}

fn totp(dice: &mut Dice) -> Case {
    let algorithm = dice.pick(&[TotpAlgorithm::Sha256, TotpAlgorithm::Sha512]);
    let digits = u8::try_from(6 + dice.below(3)).unwrap();
    let step = dice.pick(&[1, 15, 30, 30, 30, 60, 3600]);
    let length = dice.pick(&[16, 20, 32, 64, 1, 100]);
    let seed = dice.bytes(length);
    let now = 1_000_000 + dice.number() % 4_000_000_000;
    let back = u32::try_from(dice.below(4)).unwrap();
    let totp = Totp {
        algorithm,
        digits,
        step,
    };
    let ours = totp.generate(&seed, now).unwrap();
    // Of some steps before, or after; one that is too old, or none.
    let made = (now + 2 * step).saturating_sub(step * u64::try_from(dice.below(7)).unwrap());
    let presented = totp.generate(&seed, made).unwrap();
    let valid = totp.verify(&seed, now, back, &presented).unwrap();
    Ask::new("totp")
        .bytes(match algorithm {
            TotpAlgorithm::Sha256 => "256",
            TotpAlgorithm::Sha512 => "512",
        })
        .bytes(seed)
        .number(i64::try_from(now).unwrap())
        .number(i64::try_from(step).unwrap())
        .number(digits)
        .number(back)
        .bytes(&presented)
        .equals(
            if valid { "accepted" } else { "refused" },
            vec![ours.into_bytes(), vec![u8::from(valid)]],
        )
}

/// Theirs draws the key; ours makes the same code with it.
fn sms(dice: &mut Dice) -> Case {
    let items: Vec<String> = (0..=dice.below(4)).map(|_| dice.any_text(20)).collect();
    let length = u8::try_from(4 + dice.below(6)).unwrap();
    let ask = items.iter().fold(Ask::new("sms").number(length), Ask::bytes);
    ask.compare(move |answer| {
        let Some([code, Some(key)]) = answer.values::<2>() else {
            return different(&"a code", answer);
        };
        let texts: Vec<&str> = items.iter().map(String::as_str).collect();
        let ours = sms_code::generate(&Secret::from_slice(key).unwrap(), &texts, length).unwrap();
        if text(code) == ours {
            Verdict::Same("codes")
        } else {
            different(&ours, answer)
        }
    })
}

/// Theirs believes the hash of the right word only.
fn hashed_by_ours(dice: &mut Dice) -> Case {
    let word = dice.any_text(20);
    let stored = password::hash(word.as_bytes(), dice).unwrap();
    let right = dice.once_in(2);
    let presented = if right { word } else { format!("{word}x") };
    Ask::new("password.verify")
        .bytes(presented)
        .bytes(stored)
        .equals(if right { "right" } else { "wrong" }, vec![vec![u8::from(right)]])
}

fn hashed_by_theirs(dice: &mut Dice) -> Case {
    let word = dice.any_text(20);
    let right = dice.once_in(2);
    Ask::new("password.hash")
        .bytes(word.clone())
        .compare(move |answer| {
            let Some([stored]) = answer.values::<1>() else {
                return different(&"a hash", answer);
            };
            let presented = if right { word } else { format!("{word}x") };
            match password::verify(presented.as_bytes(), text(stored)) {
                Ok(valid) if valid == right => Verdict::Same(if right { "right" } else { "wrong" }),
                other => different(&other, answer),
            }
        })
}
