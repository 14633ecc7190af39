//! Headers, and payloads of offline codes.

use countersign::crypto::backend::default_backend;
use countersign::crypto::encoding::base64;
use countersign::crypto::header::{AuthorizationHeader, EncryptionHeader, MAX_HEADER_LENGTH, TokenHeader};
use countersign::crypto::key::KeyPair;
use countersign::crypto::offline::{OfflinePayload, PayloadKind, build_payload};
use countersign::crypto::signature::SignatureType;

use super::case::{Answer, Ask, Case, Operation, Verdict, different};
use super::dice::Dice;

pub(crate) fn operations() -> [Operation; 4] {
    [
        Operation::new("header of a signature", |dice| header(dice, Kind::Authorization)),
        Operation::new("header of a token", |dice| header(dice, Kind::Token)),
        Operation::new("header of an encrypted request", |dice| {
            header(dice, Kind::Encryption)
        }),
        Operation::new("offline payload", payload),
    ]
}

#[derive(Clone, Copy)]
enum Kind {
    Authorization,
    Token,
    Encryption,
}

/// A value of the right form, or nearly.
fn value(dice: &mut Dice, name: &str) -> String {
    let right = match name {
        "pa_activation_id" | "token_id" | "activation_id" => dice.uuid(),
        "pa_application_key" | "application_key" | "pa_nonce" | "nonce" => {
            base64::encode(&dice.array::<16>())
        }
        "token_digest" => base64::encode(&dice.array::<32>()),
        "timestamp" => (1_700_000_000_000 + dice.number() % 1_000_000_000).to_string(),
        "pa_signature_type" => {
            let kind = dice.pick(&SignatureType::ALL);
            dice.pick(&[kind.as_str(), kind.as_upper_str()]).to_owned()
        }
        "pa_signature" => match dice.below(6) {
            0 => "12345678".to_owned(),
            1 => "12345678-87654321".to_owned(),
            2 => "12345678-87654321-00000000".to_owned(),
            n => base64::encode(&dice.bytes(16 * (n - 2))),
        },
        _ => dice.pick(&["3.0", "3.1", "3.2", "3.3"]).to_owned(),
    };
    if dice.once_in(12) {
        const WITH: &[char] = &[
            'a', 'F', '0', '9', '-', '=', '=', '+', '/', '.', '_', ',', ' ', '"', '\t', 'K', 'é', '\u{212A}',
            '٣',
        ];
        dice.edit(&right, WITH)
    } else if dice.once_in(40) {
        dice.pick(&[
            "",
            "undefined",
            "null",
            "3",
            "2.1",
            "4.0",
            "3.10",
            "=",
            "1e9",
            "0123456789012345",
        ])
        .to_owned()
    } else {
        right
    }
}

/// A header as clients write it, with one thing or another changed.
fn written(dice: &mut Dice, names: &[&str]) -> String {
    let mut order: Vec<&str> = names.to_vec();
    if dice.once_in(3) {
        for at in (1..order.len()).rev() {
            order.swap(at, dice.below(at + 1));
        }
    }
    if dice.once_in(15) {
        order.remove(dice.below(order.len()));
    }
    if dice.once_in(15) {
        let twice = dice.pick(&order);
        order.push(twice);
    }
    if dice.once_in(15) {
        order.insert(dice.below(order.len() + 1), dice.pick(&["other", "x1", "_"]));
    }
    let separator = dice.pick(&[", ", ", ", ", ", ", ", ",", " ", ",  ", " , ", ",\t"]);
    let pairs: Vec<String> = order
        .iter()
        .map(|name| format!("{name}=\"{}\"", value(dice, name)))
        .collect();
    let mut text = format!("PowerAuth {}", pairs.join(separator));
    match dice.below(30) {
        0 => {
            text = text.replacen(
                "PowerAuth ",
                dice.pick(&["powerauth ", "PowerAuth", "PowerAuth  ", "Bearer ", ""]),
                1,
            )
        }
        1 => text = format!(" {text} "),
        // Unquoted, as some callers write; broken; too long.
        2 => text = text.replace('"', ""),
        3 | 4 => {
            const WITH: &[char] = &['"', '=', ',', ' ', 'a', '\\', '-', '\n', 'ü'];
            text = dice.edit(&text, WITH);
        }
        5 if dice.once_in(20) => {
            text.push_str(&format!(", long=\"{}\"", "x".repeat(MAX_HEADER_LENGTH)));
        }
        _ => {}
    }
    text
}

/// Whether it is what the protocol calls a header: the prefix, then pairs with a name, `=` and a quoted value that is not
/// empty, with commas or white space between them. About anything else implementations guess.
fn well_formed(header: &str) -> bool {
    fn white(c: char) -> bool {
        matches!(c, ' ' | '\t' | '\n' | '\r')
    }
    let Some(mut rest) = header.trim_matches(white).strip_prefix("PowerAuth ") else {
        return false;
    };
    rest = rest.trim_start_matches(white);
    while !rest.is_empty() {
        let Some((name, after)) = rest.split_once("=\"") else {
            return false;
        };
        let Some((value, after)) = after.split_once('"') else {
            return false;
        };
        let named = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let next = after.trim_start_matches(|c| c == ',' || white(c));
        if !named || value.is_empty() || (next.len() == after.len() && !next.is_empty()) {
            return false;
        }
        rest = next;
    }
    header.len() <= MAX_HEADER_LENGTH
}

/// Whether every value of these names is Base64 as it is written, without stray bits or missing padding.
fn canonical(header: &str, names: &[&str]) -> bool {
    names.iter().all(|name| {
        header.match_indices(&format!("{name}=\"")).all(|(at, found)| {
            let value = header[at + found.len()..].split('"').next().unwrap_or_default();
            let decimal = value.bytes().all(|c| c.is_ascii_digit() || c == b'-');
            decimal || base64::decode(value).is_ok()
        })
    })
}

fn header(dice: &mut Dice, kind: Kind) -> Case {
    let (function, names, encoded): (_, &[&str], &[&str]) = match kind {
        Kind::Authorization => (
            "header.signature",
            &[
                "pa_activation_id",
                "pa_application_key",
                "pa_nonce",
                "pa_signature_type",
                "pa_signature",
                "pa_version",
            ],
            &["pa_application_key", "pa_nonce", "pa_signature"],
        ),
        Kind::Token => (
            "header.token",
            &["token_id", "token_digest", "nonce", "timestamp", "version"],
            &["token_digest", "nonce"],
        ),
        Kind::Encryption => (
            "header.encryption",
            &["version", "application_key", "activation_id"],
            &["application_key"],
        ),
    };
    let application = matches!(kind, Kind::Encryption) && dice.once_in(2);
    let text = written(dice, if application { &names[..2] } else { names });
    let ours: Result<Vec<Vec<u8>>, String> = match kind {
        Kind::Authorization => AuthorizationHeader::parse(&text).map(|it| {
            vec![
                it.activation_id.into_bytes(),
                it.application_key.into_bytes(),
                base64::encode(&it.nonce).into_bytes(),
                it.signature_type.as_str().as_bytes().to_vec(),
                it.signature.into_bytes(),
                it.version.as_str().as_bytes().to_vec(),
            ]
        }),
        Kind::Token => TokenHeader::parse(&text).map(|it| {
            vec![
                it.token_id.into_bytes(),
                base64::encode(&it.digest).into_bytes(),
                base64::encode(&it.nonce).into_bytes(),
                it.timestamp.to_string().into_bytes(),
                it.version.as_str().as_bytes().to_vec(),
            ]
        }),
        Kind::Encryption => EncryptionHeader::parse(&text).map(|it| {
            vec![
                it.version.as_str().as_bytes().to_vec(),
                it.application_key.into_bytes(),
                it.activation_id.unwrap_or_default().into_bytes(),
            ]
        }),
    }
    .map_err(|error| error.to_string());
    let known = well_formed(&text);
    let plain = canonical(&text, encoded);
    Ask::new(function)
        .bytes(&text)
        .compare(move |answer| match (answer, ours) {
            (Answer::Values(theirs), Ok(ours))
                if *theirs == ours.iter().cloned().map(Some).collect::<Vec<_>>() =>
            {
                Verdict::Same("accepted by both")
            }
            (Answer::Refused(_), Err(_)) => Verdict::Same("refused by both"),
            // Theirs accepts or reads more. The other way round there is no explanation but for an empty value.
            (Answer::Values(_), Err(_)) if !known => {
                Verdict::Explained("no header by the grammar, refused by ours")
            }
            (Answer::Values(_), Err(_)) if text.contains('\u{212A}') => {
                Verdict::Explained("a letter that becomes k when it is lower-cased, refused by ours")
            }
            (Answer::Values(_), Err(_)) if !plain => {
                Verdict::Explained("Base64 that is not canonical, refused by ours")
            }
            (_, Ok(_)) if text.contains("=\"\"") => {
                Verdict::Explained("an empty value, which theirs reads as the next name")
            }
            (_, ours) => different(&ours, answer),
        })
}

/// Ours signs, theirs verifies the text in front of the signature; theirs signs the same text, ours reads it.
fn payload(dice: &mut Dice) -> Case {
    const WORD: &[char] = &['a', 'B', '7', ' ', 'č', '€', '😀', '*', '&', '.'];
    let key = KeyPair::generate(default_backend(), dice).unwrap();
    let imported = default_backend().import_private(&key.private).unwrap();
    let kind = dice.pick(&[PayloadKind::Personalized, PayloadKind::NonPersonalized]);
    let totp = (kind == PayloadKind::Personalized && dice.once_in(2))
        .then(|| format!("{:08}", dice.below(100_000_000)));
    let id = dice.uuid();
    let (title, message) = (dice.text(20, WORD), dice.text(60, WORD));
    let data = format!("A1*A{}.50EUR*Q{}", dice.below(9_999), dice.below(1_000_000));
    let flags = dice.pick(&["", "B", "BX", "FC", "BXFC"]);
    let lines = format!("{id}\n{title}\n{message}\n{data}\n{flags}");
    let nonce = dice.array();
    let text = build_payload(&lines, totp.as_deref(), &nonce, kind, imported.as_ref()).unwrap();
    let parsed = OfflinePayload::parse(&text).unwrap();
    let line = text.rsplit('\n').next().unwrap();
    let signed = text[..text.len() - line.len() + 1].to_owned();
    let signature = base64::decode(&line[1..]).unwrap();
    Ask::new("payload")
        .bytes(key.public.as_bytes())
        .bytes(key.private.to_signed_bytes().as_bytes())
        .bytes(&signed)
        .bytes(signature)
        .compare(move |answer| {
            let Some([valid, Some(theirs)]) = answer.values::<2>() else {
                return different(&"a signature", answer);
            };
            let their_text = format!("{signed}{}", base64::encode(theirs));
            let read = OfflinePayload::parse(&their_text);
            let same = read.as_ref().is_ok_and(|read| {
                read.verify(default_backend(), &key.public)
                    && (&read.operation_id, &read.operation_data, &read.nonce, &read.totp)
                        == (&id, &data, &base64::encode(&nonce), &totp)
                    && read.title == title
                    && parsed.base_string() == read.base_string()
            });
            if *valid == Some(vec![1]) && same {
                Verdict::Same(match kind {
                    PayloadKind::Personalized => "personalised",
                    PayloadKind::NonPersonalized => "not personalised",
                })
            } else {
                different(&read, answer)
            }
        })
}
