//! Known answers of the protocol specification, appendix A, and its examples.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use countersign::crypto::backend::default_backend;
use countersign::crypto::base::{build, signed_bytes};
use countersign::crypto::code::{ActivationCode, crc16};
use countersign::crypto::counter::HashCounter;
use countersign::crypto::encoding::base64;
use countersign::crypto::fingerprint::fingerprint;
use countersign::crypto::jwt::request_key;
use countersign::crypto::kdf;
use countersign::crypto::key::{KeyPair, PrivateKey};
use countersign::crypto::offline::{OFFLINE_SECRET, base_string};
use countersign::crypto::random::{Random, RandomError};
use countersign::crypto::record::record_key;
use countersign::crypto::recovery::RecoveryDerivation;
use countersign::crypto::schedule::{ActivationKeys, MasterSecret};
use countersign::crypto::secret::{Secret, SecretVec};
use countersign::crypto::signature::{SignatureFormat, SignatureType, compute};
use countersign::crypto::status::{self, BlobStatus, StatusBlob};
use countersign::crypto::version::ProtocolVersion;
use countersign::crypto::{sms_code, token, vault};

const SECRET: &str = "AAECAwQFBgcICQoLDA0ODw==";

fn seq<const N: usize>(start: u8) -> [u8; N] {
    core::array::from_fn(|i| start + u8::try_from(i).unwrap())
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

fn keys() -> ActivationKeys {
    ActivationKeys::from_master(&MasterSecret::from_bytes(seq(0)))
}

struct Fixed(Vec<u8>);

impl Random for Fixed {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        out.copy_from_slice(self.0.get(..out.len()).ok_or(RandomError)?);
        Ok(())
    }
}

#[test]
fn codes() {
    assert_eq!(crc16(b"123456789"), 0xBB3D);
    assert_eq!(
        ActivationCode::from_random(seq(0)).as_str(),
        "AAAQE-AYEAU-DAOCA-JIICA"
    );
    for valid in [
        "AAAAA-AAAAA-AAAAA-AAAAA",
        "MMMMM-MMMMM-MMMMM-MUTOA",
        "W65WE-3T7VI-7FBS2-A4OYA",
        "45AWJ-BVACS-SBWHS-ABANA",
    ] {
        assert!(ActivationCode::parse(valid).is_ok(), "{valid}");
    }
    for bad in [
        "67aAA-BBBCC-DDEEF-GGHHI",
        "KLMNO-PQRST-UVWXY-Z234",
        "67AAB-BB1CCEDDEEF-GGHHI",
        "AAAAA-AAAAA-AAAAA-AAAAB",
    ] {
        assert!(ActivationCode::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn key_schedule() {
    let keys = keys();
    for (key, expected) in [
        (&keys.possession, "7346139595c0b41e497bbde365f42d0a"),
        (&keys.knowledge, "49d68753999ba68ce3897a686081b09d"),
        (&keys.biometry, "b9ad2b2e346ac238505d365e9cb7fc56"),
        (&keys.transport, "1cfea47ba82addf17521db83962ef39b"),
        (&keys.vault, "a85b33a998e79d9beb9652c9b23f7ae7"),
        (
            &kdf::derive(&keys.transport, 3000),
            "03301a870c103d6b26ca3b4350a83d38",
        ),
        (
            &kdf::derive(&keys.transport, 4000),
            "cae1d8a25f41dbabffa1ab6ccb68266b",
        ),
    ] {
        assert_eq!(hex(key.as_bytes()), expected);
    }
}

#[test]
fn counter_and_status() {
    let transport = keys().transport;
    let counter = HashCounter::from_bytes(seq(0x10));
    assert_eq!(hex(counter.next().as_bytes()), "2fe2ad7605a170b5f95dca298a691a1f");
    assert_eq!(
        hex(&counter.digest(&transport)),
        "2c9fa3a001c52f1c99d65aea974f7148"
    );
    let (challenge, nonce) = (seq(0xA0), seq(0xB0));
    assert_eq!(
        hex(&status::iv(&transport, &challenge, &nonce)),
        "58d1d028078e3df8033bd4329d6de6fb"
    );
    let blob = StatusBlob {
        status: BlobStatus::Active,
        current_version: 3,
        upgrade_version: 3,
        counter_byte: 7,
        failed_attempts: 1,
        max_failed_attempts: 5,
        look_ahead: 20,
        counter_digest: counter.digest(&transport),
    };
    let plain = "dec0ded10303030000000000070105142c9fa3a001c52f1c99d65aea974f7148";
    assert_eq!(hex(&blob.to_bytes([0; 5])), plain);
    let encrypted = blob
        .encrypt(&transport, &challenge, &nonce, &mut Fixed(vec![0; 5]))
        .unwrap();
    assert_eq!(
        hex(&encrypted),
        "06287e2cae56907b4ec89d51ed310d8e23cd492a10e4ed1d342b3244e4421107"
    );
    assert_eq!(
        StatusBlob::decrypt(&transport, &challenge, &nonce, &encrypted),
        Ok(blob.clone())
    );
    assert!(StatusBlob::decrypt(&transport, &nonce, &challenge, &encrypted).is_err());

    let legacy = blob
        .encrypt_legacy(&transport, &mut Fixed(vec![0xEE; 16]))
        .unwrap();
    let read = StatusBlob::decrypt_legacy(&transport, &legacy).unwrap();
    assert_eq!(
        (read.status, read.failed_attempts, read.max_failed_attempts),
        (BlobStatus::Active, 1, 5)
    );
    assert_eq!(
        (read.counter_byte, read.look_ahead, read.counter_digest),
        (0xEE, 0xEE, [0xEE; 16])
    );
}

#[test]
fn vault_tokens_and_derivations() {
    let keys = keys();
    let wrapped = vault::wrap_vault_key(&keys.transport, &keys.vault);
    assert_eq!(
        base64::encode(&wrapped),
        "NKCdfk0wSOU2U+22sIsl5F0oiXT5Q9PsuDGB+ajj93g="
    );
    let jwt_key = request_key(&seq(0), Some(&keys.transport));
    assert_eq!(hex(jwt_key.as_bytes()), "2ea12436daaf0c53638284c04d4ac977");
    for (version, expected) in [
        (
            ProtocolVersion::V3_0,
            "RbgZgIfIH/JeixLf2bg+y4ufVtCEe6OSZquGH3WT9zM=",
        ),
        (
            ProtocolVersion::V3_1,
            "RbgZgIfIH/JeixLf2bg+y4ufVtCEe6OSZquGH3WT9zM=",
        ),
        (
            ProtocolVersion::V3_2,
            "g32qBDdtcmDf5rGuf/n3MIt/f98/cNfDP5NV+hQWBRY=",
        ),
        (
            ProtocolVersion::V3_3,
            "nWTZD1eTzy2caEjkldCl/idT0PP4avW36d0q3v4qOLI=",
        ),
    ] {
        let digest = token::digest(
            &Secret::from_bytes(seq(0)),
            &seq(0xA0),
            1_700_000_000_000,
            version,
        );
        assert_eq!(base64::encode(&digest), expected);
    }
    let derivation = RecoveryDerivation::new(&seq::<32>(0), &seq(0x20));
    assert_eq!(derivation.code().as_str(), "MBS5F-CKVOP-52OG5-JEZBQ");
    assert_eq!(derivation.code().masked(), "XXXXX-XXXXX-XXXXX-JEZBQ");
    let puks = [1, -1, 0x0123_4567_89AB_CDEF].map(|index| derivation.puk(index).as_str().to_owned());
    assert_eq!(puks, ["3975354237", "3197213256", "3182723115"]);
    let activation = "c564e700-7e86-4a87-b6c8-a5a0cc89683f";
    let key = record_key(
        &SecretVec::from_slice(b"1234567890123456"),
        &["user1", activation],
    );
    assert_eq!(hex(key.as_bytes()), "c0980e997f20367794fc75825e5dcf59");
    let pair = |byte| {
        KeyPair::from_private(default_backend(), PrivateKey::from_bytes(&[byte; 32]).unwrap()).unwrap()
    };
    assert_eq!(
        fingerprint(&pair(2).public, &pair(1).public, activation),
        "99663637"
    );
}

#[test]
fn signatures() {
    let (keys, counter) = (keys().factor_keys(), seq(0x10));
    let base = build("POST", "/pa/signature/validate", &seq::<16>(0xA0), br#"{"a":1}"#);
    assert_eq!(
        base,
        "POST&L3BhL3NpZ25hdHVyZS92YWxpZGF0ZQ==&oKGio6SlpqeoqaqrrK2urw==&eyJhIjoxfQ=="
    );
    let data = signed_bytes(&base, SECRET);
    let (one, two) = (SignatureType::Possession, SignatureType::PossessionKnowledge);
    for (kind, format, expected) in [
        (
            two,
            SignatureFormat::Base64,
            "6bNP9Au+LkYlfdwTv/4EE3vVejI12684SFJTkb4wx9A=",
        ),
        (two, SignatureFormat::DECIMAL_8, "73611795-43384272"),
        (one, SignatureFormat::Base64, "6bNP9Au+LkYlfdwTv/4EEw=="),
    ] {
        assert_eq!(compute(&keys, kind, &counter, &data, format), expected);
    }
    let base = base_string("op-1", "A1*A100CZK", None, &base64::encode(&seq::<16>(0xA0)));
    let data = signed_bytes(&base, OFFLINE_SECRET);
    for (length, expected) in [(8, "66991435-63391706"), (4, "1435-1706")] {
        let format = SignatureFormat::decimal(length).unwrap();
        assert_eq!(compute(&keys, two, &counter, &data, format), expected);
    }
}

/// Spec 6.6, against big-number arithmetic written out: the hash is a signed integer.
#[test]
fn typed_authorisation_codes() {
    let (mut negative, rounds) = (0, 64);
    for i in 0..rounds {
        let key = Secret::from_bytes([i; 16]);
        let items = ["A1*A100CZK", "3"];
        let hash = countersign::crypto::symmetric::hmac_sha256(key.as_bytes(), &[b"A1*A100CZK&3"]);
        // The magnitude of a negative number, then the remainder brought back above zero.
        let is_negative = hash[0] >= 0x80;
        negative += usize::from(is_negative);
        let mut magnitude = hash;
        if is_negative {
            for byte in &mut magnitude {
                *byte = !*byte;
            }
            for byte in magnitude.iter_mut().rev() {
                *byte = byte.wrapping_add(1);
                if *byte != 0 {
                    break;
                }
            }
        }
        for length in 4..=9_u8 {
            let modulus = 10_i128.pow(length.into());
            let rest = magnitude
                .iter()
                .fold(0, |rest, byte| (rest * 256 + i128::from(*byte)) % modulus);
            let expected = (if is_negative { -rest } else { rest }).rem_euclid(modulus);
            let code = sms_code::generate(&key, &items, length).unwrap();
            assert_eq!(code, format!("{expected:0width$}", width = usize::from(length)));
        }
    }
    assert!(negative > 0 && negative < usize::from(rounds));
    assert!(sms_code::generate(&Secret::from_bytes([0; 16]), &[], 3).is_err());
    assert!(sms_code::generate(&Secret::from_bytes([0; 16]), &[], 10).is_err());
}
