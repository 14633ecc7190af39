//! Points, key agreement and what follows from it, the vault, ECDSA.

use countersign::crypto::backend::{Backend, RustCrypto, default_backend};
use countersign::crypto::ecdsa::Signature;
use countersign::crypto::fingerprint::{fingerprint, fingerprint_v2};
use countersign::crypto::key::{KeyPair, PrivateKey, PublicKey};
use countersign::crypto::schedule::{ActivationKeys, MasterSecret};
use countersign::crypto::secret::Secret;
use countersign::crypto::vault;

use super::case::{Answer, Ask, Case, Operation, Verdict, different};
use super::dice::Dice;

pub(crate) fn operations() -> [Operation; 7] {
    [
        Operation::new("key agreement and derivation", agreement),
        Operation::new("encoded points", points),
        Operation::new("fingerprint", fingerprints),
        Operation::new("vault key on its way", vault_key),
        Operation::new("device key at rest", device_key),
        Operation::new("ECDSA, ours verified by theirs", signed_by_ours),
        Operation::new("ECDSA, theirs verified by ours", signed_by_theirs),
    ]
}

/// Both backends take turns.
fn backend(dice: &mut Dice) -> &'static dyn Backend {
    if dice.once_in(2) {
        default_backend()
    } else {
        &RustCrypto
    }
}

fn pair(dice: &mut Dice) -> KeyPair {
    // Small scalars have short encodings.
    let private = if dice.once_in(16) {
        let length = 1 + dice.below(31);
        let mut bytes = dice.bytes(length);
        bytes[0] |= 1;
        PrivateKey::from_bytes(&bytes).unwrap()
    } else {
        PrivateKey::generate(dice).unwrap()
    };
    KeyPair::from_private(default_backend(), private).unwrap()
}

fn encoded(key: &PublicKey, dice: &mut Dice) -> Vec<u8> {
    if dice.once_in(2) {
        key.to_compressed().to_vec()
    } else {
        key.as_bytes().to_vec()
    }
}

/// From both ends, theirs as phone and as server, ours as either.
fn agreement(dice: &mut Dice) -> Case {
    let backend = backend(dice);
    let (phone, server) = (pair(dice), pair(dice));
    let (private, public) = if dice.once_in(2) {
        (&phone.private, &server.public)
    } else {
        (&server.private, &phone.public)
    };
    let master = MasterSecret::agree(backend, private, public).unwrap();
    let keys = ActivationKeys::from_master(&master);
    let ours: Vec<Vec<u8>> = [
        *master.as_bytes(),
        *keys.possession.as_bytes(),
        *keys.knowledge.as_bytes(),
        *keys.biometry.as_bytes(),
        *keys.transport.as_bytes(),
        *keys.vault.as_bytes(),
    ]
    .iter()
    .map(|key| key.to_vec())
    .collect();
    // Once as phone, once as server; then the private key as both write it.
    let both: Vec<Vec<u8>> = ours
        .iter()
        .chain(&ours)
        .cloned()
        .chain([phone.private.to_signed_bytes().as_bytes().to_vec()])
        .collect();
    Ask::new("keys.agree")
        .bytes(phone.private.to_signed_bytes().as_bytes())
        .bytes(encoded(&phone.public, dice))
        .bytes(server.private.to_signed_bytes().as_bytes())
        .bytes(encoded(&server.public, dice))
        .equals("both ends", both)
}

fn points(dice: &mut Dice) -> Case {
    let key = pair(dice).public;
    let mut bytes = encoded(&key, dice);
    match dice.below(10) {
        0 | 1 => dice.flip(&mut bytes),
        2 => bytes.truncate(dice.below(bytes.len())),
        3 => bytes.push(dice.pick(&[0, 1, 255])),
        4 => bytes[0] = dice.pick(&[0, 1, 2, 3, 4, 5, 6, 7, 0x82]),
        5 => {
            let length = dice.pick(&[1, 32, 33, 64, 65, 66]);
            bytes = dice.bytes(length);
            bytes[0] = dice.pick(&[0, 2, 3, 4, 6, 7]);
        }
        6 => bytes = vec![0; dice.pick(&[0, 1, 33, 65])],
        _ => {}
    }
    let backend = backend(dice);
    let ours = PublicKey::from_bytes(backend, &bytes).ok();
    Ask::new("keys.import")
        .bytes(&bytes)
        .compare(move |answer| match (answer, ours) {
            (Answer::Values(values), Some(key)) if *values == [Some(key.as_bytes().to_vec())] => {
                Verdict::Same("imported")
            }
            (Answer::Refused(_), None) => Verdict::Same("refused by both"),
            (Answer::Values(_), None) if matches!((bytes.len(), bytes[0]), (65, 6 | 7)) => {
                Verdict::Explained("hybrid form, which no client sends")
            }
            (_, ours) => different(&ours, answer),
        })
}

fn fingerprints(dice: &mut Dice) -> Case {
    let (phone, server) = (pair(dice).public, pair(dice).public);
    let id = dice.uuid();
    let ours = vec![
        fingerprint(&phone, &server, &id).into_bytes(),
        fingerprint_v2(&phone).into_bytes(),
    ];
    Ask::new("keys.fingerprint")
        .bytes(encoded(&phone, dice))
        .bytes(encoded(&server, dice))
        .bytes(id)
        .equals("version 3 and 2", ours)
}

fn vault_key(dice: &mut Dice) -> Case {
    let (phone, server) = (pair(dice), pair(dice));
    let keys = ActivationKeys::derive(default_backend(), &server.private, &phone.public).unwrap();
    let wrapped = vault::wrap_vault_key(&keys.transport, &keys.vault);
    let ours = vec![wrapped.clone(), keys.vault.as_bytes().to_vec()];
    Ask::new("vault.key")
        .bytes(server.private.to_signed_bytes().as_bytes())
        .bytes(encoded(&phone.public, dice))
        .bytes(keys.transport.as_bytes())
        .bytes(wrapped)
        .equals("wrapped and unwrapped", ours)
}

fn device_key(dice: &mut Dice) -> Case {
    let private = pair(dice).private;
    let key = Secret::from_bytes(dice.array());
    let wrapped = vault::wrap_device_key(&key, &private);
    let ours = vec![wrapped.clone(), private.to_signed_bytes().as_bytes().to_vec()];
    Ask::new("vault.device")
        .bytes(private.to_signed_bytes().as_bytes())
        .bytes(key.as_bytes())
        .bytes(wrapped)
        .equals("wrapped and unwrapped", ours)
}

fn signed_by_ours(dice: &mut Dice) -> Case {
    let backend = backend(dice);
    let key = pair(dice);
    let mut message = dice.some_bytes(500);
    let mut der = backend.sign(&key.private, &message).unwrap().to_der();
    let changed = dice.once_in(3);
    if changed {
        match dice.below(3) {
            0 => dice.flip(&mut message),
            1 => dice.flip(&mut der),
            _ => der.push(0),
        }
    }
    let ours = Signature::from_der(&der).is_ok_and(|it| backend.verify(&key.public, &message, &it));
    Ask::new("ecdsa.verify")
        .bytes(encoded(&key.public, dice))
        .bytes(&message)
        .bytes(der)
        .compare(move |answer| {
            // What is no signature is refused by an exception.
            let theirs = match answer {
                Answer::Refused(_) => Some(false),
                Answer::Values(_) => answer.yes(),
            };
            match (ours, theirs) {
                (true, Some(true)) => Verdict::Same("valid"),
                (false, Some(false)) => Verdict::Same("invalid"),
                (false, Some(true)) if changed => Verdict::Explained("BER that is no DER"),
                _ => different(&ours, answer),
            }
        })
}

fn signed_by_theirs(dice: &mut Dice) -> Case {
    let backend = backend(dice);
    let key = pair(dice);
    let message = dice.some_bytes(500);
    Ask::new("ecdsa.sign")
        .bytes(key.private.to_signed_bytes().as_bytes())
        .bytes(&message)
        .compare(move |answer| {
            let Some([Some(der)]) = answer.values::<1>() else {
                return different(&"a signature", answer);
            };
            let Ok(signature) = Signature::from_der(der) else {
                return different(&"no DER", answer);
            };
            // Written again it is the same, whatever half of the numbers `s` is in.
            if backend.verify(&key.public, &message, &signature) && signature.to_der() == *der {
                Verdict::Same("valid")
            } else {
                different(&signature, answer)
            }
        })
}
