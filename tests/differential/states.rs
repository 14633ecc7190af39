//! The counter, the status blob with and without a challenge, and tokens.

use countersign::crypto::counter::HashCounter;
use countersign::crypto::secret::Secret;
use countersign::crypto::status::{self, BlobStatus, StatusBlob};
use countersign::crypto::token;
use countersign::crypto::version::ProtocolVersion;

use super::case::{Ask, Case, Operation, Verdict, different, maybe_number};
use super::dice::Dice;

pub(crate) fn operations() -> [Operation; 6] {
    [
        Operation::new("hash counter", counter),
        Operation::new("status blob, theirs read by ours", read_theirs),
        Operation::new("status blob, ours read by theirs", write_ours),
        Operation::new("status blob, unreadable", unreadable),
        Operation::new("distance of counters", distance),
        Operation::new("token digest", tokens),
    ]
}

fn ahead(start: &HashCounter, steps: usize) -> HashCounter {
    (0..steps).fold(start.clone(), |counter, _| counter.next())
}

fn counter(dice: &mut Dice) -> Case {
    let start = HashCounter::from_bytes(dice.array());
    let transport = Secret::from_bytes(dice.array());
    let steps = dice.below(65);
    let end = ahead(&start, steps);
    Ask::new("counter")
        .bytes(start.as_bytes())
        .number(i64::try_from(steps).unwrap())
        .bytes(transport.as_bytes())
        .equals(
            "values",
            vec![end.as_bytes().to_vec(), end.digest(&transport).to_vec()],
        )
}

fn blob(dice: &mut Dice, transport: &Secret<16>) -> (StatusBlob, HashCounter) {
    let counter = HashCounter::from_bytes(dice.array());
    let blob = StatusBlob {
        status: BlobStatus::from_byte(u8::try_from(1 + dice.below(5)).unwrap()).unwrap(),
        current_version: dice.pick(&[2, 3]),
        upgrade_version: 3,
        counter_byte: dice.pick(&[0, 1, 127, 128, 255, 42]),
        failed_attempts: u8::try_from(dice.below(65)).unwrap(),
        max_failed_attempts: u8::try_from(dice.below(65)).unwrap(),
        look_ahead: u8::try_from(1 + dice.below(64)).unwrap(),
        counter_digest: counter.digest(transport),
    };
    (blob, counter)
}

/// What both sides know of a blob; without a challenge the last three are noise.
fn told(blob: &StatusBlob, with_challenge: bool) -> Vec<Vec<u8>> {
    let mut told = vec![
        vec![blob.status.to_byte()],
        vec![blob.current_version],
        vec![blob.upgrade_version],
        vec![blob.failed_attempts],
        vec![blob.max_failed_attempts],
    ];
    if with_challenge {
        told.push(vec![blob.counter_byte]);
        told.push(vec![blob.look_ahead]);
        told.push(blob.counter_digest.to_vec());
    }
    told
}

/// Challenge and nonce, from 3.1 on.
fn pair(dice: &mut Dice) -> Option<([u8; 16], [u8; 16])> {
    (!dice.once_in(4)).then(|| (dice.array(), dice.array()))
}

const fn class(with_challenge: bool) -> &'static str {
    if with_challenge { "3.1 and later" } else { "3.0" }
}

fn read_theirs(dice: &mut Dice) -> Case {
    let transport = Secret::from_bytes(dice.array());
    let (ours, counter) = blob(dice, &transport);
    let pair = pair(dice);
    Ask::new("status.encrypt")
        .bytes([ours.status.to_byte(), ours.current_version, ours.upgrade_version])
        .bytes([
            ours.counter_byte,
            ours.failed_attempts,
            ours.max_failed_attempts,
            ours.look_ahead,
        ])
        .bytes(counter.as_bytes())
        .maybe(pair.map(|(challenge, _)| challenge))
        .maybe(pair.map(|(_, nonce)| nonce))
        .bytes(transport.as_bytes())
        .compare(move |answer| {
            let Some([Some(encrypted)]) = answer.values::<1>() else {
                return different(&ours, answer);
            };
            let read = match &pair {
                Some((challenge, nonce)) => StatusBlob::decrypt(&transport, challenge, nonce, encrypted),
                None => StatusBlob::decrypt_legacy(&transport, encrypted),
            };
            let known = pair.is_some();
            match read {
                Ok(read) if told(&read, known) == told(&ours, known) => Verdict::Same(class(known)),
                other => different(&(&ours, other), answer),
            }
        })
}

fn write_ours(dice: &mut Dice) -> Case {
    let transport = Secret::from_bytes(dice.array());
    let (ours, _) = blob(dice, &transport);
    let pair = pair(dice);
    let encrypted = match &pair {
        Some((challenge, nonce)) => ours.encrypt(&transport, challenge, nonce, dice),
        None => ours.encrypt_legacy(&transport, dice),
    };
    let known = pair.is_some();
    Ask::new("status.decrypt")
        .bytes(encrypted.unwrap())
        .maybe(pair.map(|(challenge, _)| challenge))
        .maybe(pair.map(|(_, nonce)| nonce))
        .bytes(transport.as_bytes())
        .compare(move |answer| {
            let theirs: Option<Vec<Vec<u8>>> = match answer {
                super::case::Answer::Values(values) => values.iter().cloned().collect(),
                super::case::Answer::Refused(_) => None,
            };
            let ours = told(&ours, known);
            match theirs {
                // The first says that the magic is right.
                Some(theirs) if theirs[0] == [1] && theirs[1..=ours.len()] == ours => {
                    Verdict::Same(class(known))
                }
                _ => different(&ours, answer),
            }
        })
}

/// Under another challenge, nonce or key there is no magic, or there is by chance for both.
fn unreadable(dice: &mut Dice) -> Case {
    let transport = Secret::from_bytes(dice.array());
    let (ours, _) = blob(dice, &transport);
    let (mut challenge, mut nonce) = (dice.array(), dice.array());
    let mut encrypted = ours.encrypt(&transport, &challenge, &nonce, dice).unwrap();
    let mut key = *transport.as_bytes();
    match dice.below(4) {
        0 => dice.flip(&mut challenge),
        1 => dice.flip(&mut nonce),
        2 => dice.flip(&mut key),
        // In the second block a bit changes the plain text behind the magic only.
        _ => dice.flip(&mut encrypted[..16]),
    }
    let read = StatusBlob::decrypt(&Secret::from_bytes(key), &challenge, &nonce, &encrypted);
    Ask::new("status.decrypt")
        .bytes(encrypted)
        .bytes(challenge)
        .bytes(nonce)
        .bytes(key)
        .compare(move |answer| {
            let magic = match answer {
                super::case::Answer::Values(values) => values[0] == Some(vec![1]),
                super::case::Answer::Refused(_) => return different(&read, answer),
            };
            match read {
                Err(_) if !magic => Verdict::Same("unreadable for both"),
                Ok(_) if magic => Verdict::Same("readable by chance"),
                // The lower half of the magic's last byte is a version that ours lets pass, as phones do.
                read => different(&read, answer),
            }
        })
}

/// How far the phone is behind, or not at all within the window.
fn distance(dice: &mut Dice) -> Case {
    let transport = Secret::from_bytes(dice.array());
    let local = HashCounter::from_bytes(dice.array());
    let window = u8::try_from(1 + dice.below(64)).unwrap();
    let steps = dice.below(70);
    let digest = ahead(&local, steps).digest(&transport);
    let ours = status::counter_distance(&local, &transport, &digest, window)
        .map_or(-1, |(steps, _)| i64::from(steps));
    Ask::new("status.distance")
        .bytes(digest)
        .bytes(local.as_bytes())
        .bytes(transport.as_bytes())
        .number(window)
        .compare(move |answer| match answer.values::<1>() {
            Some([theirs]) if maybe_number(theirs) == Some(ours) => {
                Verdict::Same(if ours < 0 { "out of the window" } else { "within" })
            }
            _ => different(&ours, answer),
        })
}

/// Both compute the same, and both judge a presented digest, right or wrong, the same.
fn tokens(dice: &mut Dice) -> Case {
    let secret = Secret::from_bytes(dice.array());
    let nonce: [u8; 16] = dice.array();
    let version = dice.pick(&ProtocolVersion::ALL);
    let timestamp = match dice.below(3) {
        0 => dice.number() >> (1 + dice.below(60)),
        _ => 1_700_000_000_000 + dice.number() % 100_000_000_000,
    };
    let ours = token::digest(&secret, &nonce, timestamp, version);
    let mut presented = ours;
    if dice.once_in(4) {
        dice.flip(&mut presented);
    }
    let valid = token::verify(&secret, &nonce, timestamp, version, &presented);
    Ask::new("token")
        .bytes(secret.as_bytes())
        .bytes(nonce)
        .number(i64::try_from(timestamp).unwrap())
        .bytes(version.as_str())
        .bytes(presented)
        .compare(move |answer| match answer.values::<2>() {
            Some([Some(theirs), Some(judged)]) if *theirs == ours && *judged == [u8::from(valid)] => {
                Verdict::Same(if valid {
                    version.as_str()
                } else {
                    "refused by both"
                })
            }
            _ => different(&(ours, valid), answer),
        })
}
