//! Offline payloads and typed codes.

use serde::Deserialize;
use serde_json::{Value, json};

use super::coded::{Bytes, Exactly};
use super::online::{checked, found, keys, window};
use super::{Failure, failed, malformed};
use crate::crypto::backend::default_backend;
use crate::crypto::base::signed_bytes;
use crate::crypto::counter::HashCounter;
use crate::crypto::offline::{OFFLINE_SECRET, OfflinePayload, PayloadKind, build_payload, canonical_code};
use crate::crypto::signature::{SignatureFormat, SignatureType, look_ahead};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MakePayload {
    data: String,
    private_key: Exactly<32>,
    personalized: bool,
    nonce: Exactly<16>,
    totp: Option<String>,
}

impl MakePayload {
    pub(super) fn run(&self) -> Result<Value, Failure> {
        let kind = match self.personalized {
            true => PayloadKind::Personalized,
            false => PayloadKind::NonPersonalized,
        };
        let key = self.private_key.private()?;
        let nonce = self.nonce.bytes();
        let payload = build_payload(&self.data, self.totp.as_deref(), nonce, kind, key.as_ref());
        let payload = payload.map_err(failed)?;
        // What phones cannot read is not made.
        OfflinePayload::parse(&payload).map_err(malformed)?;
        Ok(json!({ "payload": payload }))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct VerifyPayload {
    payload: String,
    public_key: Bytes,
}

impl VerifyPayload {
    pub(super) fn run(&self) -> Result<Value, Failure> {
        let payload = OfflinePayload::parse(&self.payload).map_err(malformed)?;
        let valid = payload.verify(default_backend(), &self.public_key.public()?);
        if !valid {
            // Nothing of it is to be shown to anybody.
            return Ok(json!({ "valid": false }));
        }
        Ok(json!({
            "valid": true,
            "personalized": payload.kind == PayloadKind::Personalized,
            "operationId": payload.operation_id,
            "title": payload.title,
            "message": payload.message,
            "data": payload.operation_data,
            "nonce": payload.nonce,
            "baseString": payload.base_string(),
        }))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct VerifyCode {
    base_string: String,
    code: String,
    counter: Exactly<16>,
    #[serde(default = "window")]
    window: u32,
    #[serde(default)]
    biometry: bool,
    possession_key: Exactly<16>,
    knowledge_key: Exactly<16>,
    biometry_key: Option<Exactly<16>>,
}

impl VerifyCode {
    pub(super) fn run(&self) -> Result<Value, Failure> {
        const LENGTH: u8 = 8;
        let types = match self.biometry {
            true => &[
                SignatureType::PossessionKnowledge,
                SignatureType::PossessionBiometry,
            ][..],
            false => &[SignatureType::PossessionKnowledge],
        };
        let widest = match self.biometry {
            true => SignatureType::PossessionKnowledgeBiometry,
            false => SignatureType::PossessionKnowledge,
        };
        let keys = keys(
            widest,
            Some(&self.possession_key),
            Some(&self.knowledge_key),
            self.biometry_key.as_ref(),
        )?;
        let window = checked(self.window)?;
        let Some(code) = canonical_code(&self.code, LENGTH) else {
            return Ok(found(None));
        };
        let signed = signed_bytes(&self.base_string, OFFLINE_SECRET);
        let counter = HashCounter::from_bytes(*self.counter.bytes());
        let format = SignatureFormat::DECIMAL_8;
        Ok(found(look_ahead(
            &keys, types, &counter, window, &signed, format, &code,
        )))
    }
}
