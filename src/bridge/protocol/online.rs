//! Codes, headers, signatures, tokens, the status.

use serde::Deserialize;
use serde_json::{Value, json};

use super::coded::{Bytes, Exactly, Version};
use super::{Failure, failed, malformed};
use crate::crypto::backend::default_backend;
use crate::crypto::base;
use crate::crypto::code::ActivationQr;
use crate::crypto::counter::HashCounter;
use crate::crypto::encoding::base64;
use crate::crypto::header::{AuthorizationHeader, EncryptionHeader, TokenHeader};
use crate::crypto::schedule::FactorKeys;
use crate::crypto::secret::Secret;
use crate::crypto::signature::{Factor, Matched, SignatureFormat, SignatureType, look_ahead};
use crate::crypto::status::StatusBlob;
use crate::crypto::token;

/// Counter values that are tried unless the caller says otherwise.
pub(super) const WINDOW: u32 = 20;
/// Most counter values: each costs a chain of MACs.
const MAX_WINDOW: u32 = 64;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ActivationCode {
    text: String,
    master_public_key: Option<Bytes>,
}

impl ActivationCode {
    pub(super) fn run(&self) -> Result<Value, Failure> {
        let qr = ActivationQr::parse(&self.text).map_err(malformed)?;
        let signed = match &self.master_public_key {
            Some(key) => qr.verify(default_backend(), &key.public()?),
            None => false,
        };
        Ok(json!({ "code": qr.code.as_str(), "signed": signed }))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenDigest {
    secret: Exactly<16>,
    nonce: Exactly<16>,
    timestamp: u64,
    version: Version,
}

impl TokenDigest {
    pub(super) fn run(&self) -> Value {
        let secret = self.secret.secret();
        let digest = token::digest(&secret, self.nonce.bytes(), self.timestamp, self.version.0);
        json!({ "digest": base64::encode(&digest) })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    value: String,
}

impl Header {
    pub(super) fn signature(&self) -> Result<Value, Failure> {
        let header = AuthorizationHeader::parse(&self.value).map_err(malformed)?;
        Ok(json!({
            "activationId": header.activation_id,
            "applicationKey": header.application_key,
            "nonce": base64::encode(&header.nonce),
            "factors": header.signature_type.as_str(),
            "signature": header.signature,
            "version": header.version.as_str(),
        }))
    }

    pub(super) fn encryption(&self) -> Result<Value, Failure> {
        let header = EncryptionHeader::parse(&self.value).map_err(malformed)?;
        Ok(json!({
            "version": header.version.as_str(),
            "applicationKey": header.application_key,
            "activationId": header.activation_id,
        }))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenHeaderCheck {
    value: String,
    secret: Option<Exactly<16>>,
}

impl TokenHeaderCheck {
    pub(super) fn run(&self) -> Result<Value, Failure> {
        let header = TokenHeader::parse(&self.value).map_err(malformed)?;
        let mut json = json!({
            "tokenId": header.token_id,
            "digest": base64::encode(&header.digest),
            "nonce": base64::encode(&header.nonce),
            "timestamp": header.timestamp,
            "version": header.version.as_str(),
        });
        if let (Some(secret), Some(json)) = (&self.secret, json.as_object_mut()) {
            let (secret, stamp) = (secret.secret(), header.timestamp);
            let valid = token::verify(&secret, &header.nonce, stamp, header.version, &header.digest);
            json.insert("valid".to_owned(), valid.into());
        }
        Ok(json)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct VerifySignature {
    value: String,
    method: String,
    uri_id: String,
    data: Bytes,
    application_secret: String,
    counter: Exactly<16>,
    #[serde(default = "window")]
    window: u32,
    possession_key: Option<Exactly<16>>,
    knowledge_key: Option<Exactly<16>>,
    biometry_key: Option<Exactly<16>>,
}

pub(super) fn window() -> u32 {
    WINDOW
}

pub(super) fn checked(window: u32) -> Result<u32, Failure> {
    match window {
        1..=MAX_WINDOW => Ok(window),
        _ => Err(malformed("window")),
    }
}

/// The keys that `kind` needs; others are zeros and not used.
pub(super) fn keys(
    kind: SignatureType,
    possession: Option<&Exactly<16>>,
    knowledge: Option<&Exactly<16>>,
    biometry: Option<&Exactly<16>>,
) -> Result<FactorKeys, Failure> {
    let key = |factor: Factor, name: &'static str, key: Option<&Exactly<16>>| match key {
        Some(key) => Ok(key.secret()),
        None if kind.factors().contains(&factor) => Err(malformed(name)),
        None => Ok(Secret::from_bytes([0; 16])),
    };
    Ok(FactorKeys {
        possession: key(Factor::Possession, "possessionKey", possession)?,
        knowledge: key(Factor::Knowledge, "knowledgeKey", knowledge)?,
        biometry: key(Factor::Biometry, "biometryKey", biometry)?,
    })
}

pub(super) fn found(matched: Option<Matched>) -> Value {
    match matched {
        Some(matched) => json!({
            "valid": true,
            "offset": matched.offset,
            "factors": matched.signature_type.as_str(),
            "next": base64::encode(matched.next.as_bytes()),
        }),
        None => json!({ "valid": false }),
    }
}

impl VerifySignature {
    pub(super) fn run(&self) -> Result<Value, Failure> {
        let header = AuthorizationHeader::parse(&self.value).map_err(malformed)?;
        let format = SignatureFormat::for_version(header.version.as_str()).map_err(malformed)?;
        let kind = header.signature_type;
        let keys = keys(
            kind,
            self.possession_key.as_ref(),
            self.knowledge_key.as_ref(),
            self.biometry_key.as_ref(),
        )?;
        let base = base::build(&self.method, &self.uri_id, &header.nonce, self.data.as_slice());
        let signed = base::signed_bytes(&base, &self.application_secret);
        let counter = HashCounter::from_bytes(*self.counter.bytes());
        let window = checked(self.window)?;
        let matched = look_ahead(
            &keys,
            &[kind],
            &counter,
            window,
            &signed,
            format,
            &header.signature,
        );
        Ok(found(matched))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Blob {
    blob: Bytes,
    transport_key: Exactly<16>,
    challenge: Exactly<16>,
    nonce: Exactly<16>,
}

impl Blob {
    pub(super) fn run(&self) -> Result<Value, Failure> {
        let key = self.transport_key.secret();
        let (challenge, nonce) = (self.challenge.bytes(), self.nonce.bytes());
        let blob = StatusBlob::decrypt(&key, challenge, nonce, self.blob.as_slice()).map_err(failed)?;
        Ok(json!({
            "status": blob.status.to_byte(),
            "currentVersion": blob.current_version,
            "upgradeVersion": blob.upgrade_version,
            "counterByte": blob.counter_byte,
            "failedAttempts": blob.failed_attempts,
            "maxFailedAttempts": blob.max_failed_attempts,
            "lookAhead": blob.look_ahead,
            "counterDigest": base64::encode(&blob.counter_digest),
        }))
    }
}
