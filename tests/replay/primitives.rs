//! Hashes, MACs, ciphers, key stretching, password hashes, database records.

use super::{Family, Fields, Script, Vector};
use countersign::crypto::kdf::{pbkdf2, x963};
use countersign::crypto::password::{self, PasswordHash};
use countersign::crypto::record::{RecordKind, RecordMode, read, write};
use countersign::crypto::secret::{Secret, SecretVec};
use countersign::crypto::symmetric::{
    ZERO_IV, decrypt_cbc, decrypt_cbc_blocks, encrypt_cbc, encrypt_cbc_blocks, hmac_sha256, sha256,
};
use serde_json::Value;

pub(crate) const FAMILIES: &[Family] = &[
    ("sha256.json", hash),
    ("hmac-sha256.json", hmac),
    ("x963-kdf-sha256.json", x963_kdf),
    ("pbkdf2-hmac-sha1.json", stretch),
    ("aes128-cbc-pkcs7.json", cbc_padded),
    ("aes128-cbc-nopadding.json", cbc_blocks),
    ("pkcs7-bad-padding.json", bad_padding),
    ("argon2-parse.json", argon2_parse),
    ("argon2-verify.json", argon2_verify),
    ("db-record-encryption.json", db_record),
    ("own/db-record.json", db_record),
];

fn hash(v: &Vector<'_>) {
    assert_eq!(
        sha256(&[&v.input.hex("message")]).to_vec(),
        v.output.hex("digest")
    );
}

fn hmac(v: &Vector<'_>) {
    let tag = v.output.hex("tag");
    let computed = hmac_sha256(&v.input.hex("key"), &[&v.input.hex("data")]);
    assert!(!tag.is_empty() && computed.starts_with(&tag));
}

fn x963_kdf(v: &Vector<'_>) {
    let length = usize::try_from(v.input.number("length")).unwrap();
    let key = x963(&v.input.hex("sharedSecret"), &v.input.hex("sharedInfo"), length);
    assert_eq!(key.as_bytes(), v.output.hex("key"));
}

fn stretch(v: &Vector<'_>) {
    let mut out = vec![0; usize::try_from(v.input.number("length")).unwrap()];
    let iterations = u32::try_from(v.input.number("iterations")).unwrap();
    pbkdf2(
        &v.input.hex("password"),
        &v.input.hex("salt"),
        iterations,
        &mut out,
    );
    assert_eq!(out, v.output.hex("key"));
}

fn aes(input: &Value) -> (Secret<16>, [u8; 16], Vec<u8>) {
    let key = Secret::from_slice(&input.hex("key")).unwrap();
    (key, input.hex("iv").try_into().unwrap(), input.hex("plaintext"))
}

fn cbc_padded(v: &Vector<'_>) {
    let (key, iv, plain) = aes(v.input);
    let encrypted = v.output.hex("ciphertext");
    assert_eq!(encrypt_cbc(&key, &iv, &plain), encrypted);
    assert_eq!(decrypt_cbc(&key, &iv, &encrypted).unwrap().as_bytes(), plain);
}

fn cbc_blocks(v: &Vector<'_>) {
    let (key, iv, plain) = aes(v.input);
    let encrypted = v.output.hex("ciphertext");
    assert_eq!(encrypt_cbc_blocks(&key, &iv, &plain).unwrap(), encrypted);
    assert_eq!(
        decrypt_cbc_blocks(&key, &iv, &encrypted).unwrap().as_bytes(),
        plain
    );
    assert!(encrypt_cbc_blocks(&key, &iv, &plain[1..]).is_err());
}

fn bad_padding(v: &Vector<'_>) {
    assert!(!v.output.flag("valid"));
    let key = Secret::from_bytes([7; 16]);
    let padded = v.input.hex("padded");
    // Whole blocks are brought through the cipher; anything else must be refused for its length.
    let encrypted = encrypt_cbc_blocks(&key, &ZERO_IV, &padded).unwrap_or(padded);
    assert!(decrypt_cbc(&key, &ZERO_IV, &encrypted).is_err());
}

fn argon2_parse(v: &Vector<'_>) {
    let text = v.input.text("hash");
    let parsed = PasswordHash::parse(text);
    assert_eq!(parsed.is_ok(), v.output.flag("valid"));
    let Ok(hash) = parsed else { return };
    assert_eq!(hash.to_string(), text);
    if v.output.opt_text("algorithm").is_some() {
        let cost = hash.cost();
        assert_eq!(u64::from(cost.memory), v.output.number("memory"));
        assert_eq!(u64::from(cost.iterations), v.output.number("iterations"));
        assert_eq!(u64::from(cost.parallelism), v.output.number("parallelism"));
        let expected = format!("${}$", v.output.text("algorithm"));
        assert!(text.starts_with(&expected));
        let salt = data_encoding::BASE64_NOPAD.encode(hash.salt());
        assert_eq!(salt, v.output.text("salt"));
        assert_eq!(text.contains("$v="), v.output.field("version").is_number());
    }
}

fn argon2_verify(v: &Vector<'_>) {
    let matches = password::verify(v.input.text("password").as_bytes(), v.input.text("hash"));
    assert_eq!(matches, Ok(v.output.flag("matches")));
}

fn db_record(v: &Vector<'_>) {
    let master = SecretVec::from_vec(v.input.b64("masterDbKey"));
    let parts = v.input.field("indexParts").as_array().unwrap().iter();
    let parts: Vec<String> = parts
        .map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned))
        .collect();
    let context: Vec<&str> = parts.iter().map(String::as_str).collect();
    let kind = if v.input.text("record") == "recovery-puk" {
        RecordKind::Text
    } else {
        RecordKind::Binary
    };
    let encrypted = v.input.text("encrypted");
    let opened = read(kind, RecordMode::AesHmac, Some(&master), &context, encrypted);
    if !v.output.flag("decrypts") {
        assert!(opened.is_err());
        return;
    }
    let plain = opened.unwrap();
    assert_eq!(plain.as_bytes(), v.output.b64("plain"));
    assert!(read(kind, RecordMode::AesHmac, None, &context, encrypted).is_err());
    let iv = &v.input.b64("encrypted")[..16];
    let again = write(
        kind,
        Some(&master),
        &context,
        plain.as_bytes(),
        &mut Script::new(&[iv]),
    );
    assert_eq!(again, Ok((RecordMode::AesHmac, encrypted.to_owned())));
    let (mode, clear) = write(kind, None, &context, plain.as_bytes(), &mut Script::new(&[])).unwrap();
    assert_eq!(
        read(kind, mode, None, &[], &clear).unwrap().as_bytes(),
        plain.as_bytes()
    );
}
