//! Envelopes.

use serde::Deserialize;
use serde_json::{Value, json};

use super::coded::{Bytes, Exactly, Version};
use super::{Failure, failed, malformed};
use crate::crypto::backend::default_backend;
use crate::crypto::ecies::{
    Decryptor, Encryptor, EnvelopeKey, EnvelopeRequest, EnvelopeResponse, Parameters, ResponseOpener,
    ResponseSealer, associated_data, shared_info2_base,
};
use crate::crypto::encoding::base64;
use crate::crypto::random::Random;
use crate::crypto::secret::{Secret, SecretVec};

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Purpose {
    GenericApplication,
    GenericActivation,
    ActivationLayer1,
    ActivationLayer2,
    UpgradeStart,
    VaultUnlock,
    TokenCreate,
    RecoveryConfirm,
}

impl From<Purpose> for crate::crypto::ecies::Purpose {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::GenericApplication => Self::GenericApplication,
            Purpose::GenericActivation => Self::GenericActivation,
            Purpose::ActivationLayer1 => Self::ActivationLayer1,
            Purpose::ActivationLayer2 => Self::ActivationLayer2,
            Purpose::UpgradeStart => Self::UpgradeStart,
            Purpose::VaultUnlock => Self::VaultUnlock,
            Purpose::TokenCreate => Self::TokenCreate,
            Purpose::RecoveryConfirm => Self::RecoveryConfirm,
        }
    }
}

/// What both sides know of an envelope.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Terms {
    version: Version,
    purpose: Purpose,
    application_key: String,
    application_secret: String,
    activation_id: Option<String>,
    transport_key: Option<Exactly<16>>,
    temporary_key_id: Option<String>,
}

impl Terms {
    fn parameters(&self) -> Parameters<'_> {
        Parameters {
            version: self.version.0,
            purpose: self.purpose.into(),
            application_key: &self.application_key,
            activation_id: self.activation_id.as_deref(),
            temporary_key_id: self.temporary_key_id.as_deref(),
        }
    }

    fn base(&self) -> Secret<32> {
        let transport = self.transport_key.as_ref().map(Exactly::secret);
        shared_info2_base(&self.application_secret, transport.as_ref())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Seal {
    parameters: Terms,
    public_key: Bytes,
    data: Bytes,
}

impl Seal {
    pub(super) fn run(&self, now_ms: u64, rng: &mut dyn Random) -> Result<Value, Failure> {
        let key = self.public_key.public()?;
        let (parameters, base) = (self.parameters.parameters(), self.parameters.base());
        let encryptor = Encryptor::new(default_backend(), &key, &parameters, &base, rng).map_err(failed)?;
        let (envelope, opener) = encryptor
            .seal(self.data.as_slice(), now_ms, rng)
            .map_err(failed)?;
        let envelope = serde_json::to_value(envelope).map_err(failed)?;
        let key = base64::encode(opener.envelope_key().as_bytes());
        Ok(json!({ "envelope": envelope, "envelopeKey": key }))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OpenResponse {
    parameters: Terms,
    envelope_key: Exactly<48>,
    request_nonce: Option<Exactly<16>>,
    response: EnvelopeResponse,
}

impl OpenResponse {
    pub(super) fn run(&self) -> Result<Value, Failure> {
        let associated = associated_data(&self.parameters.parameters()).map_err(malformed)?;
        let opener = ResponseOpener::from_envelope_key(
            self.parameters.version.0,
            EnvelopeKey::from_bytes(*self.envelope_key.bytes()),
            SecretVec::from_slice(self.parameters.base().as_bytes()),
            associated,
            self.request_nonce.as_ref().map(|nonce| *nonce.bytes()),
        );
        let plain = opener.open(&self.response).map_err(failed)?;
        Ok(json!({ "data": base64::encode(plain.as_bytes()) }))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Open {
    parameters: Terms,
    private_key: Exactly<32>,
    envelope: EnvelopeRequest,
}

impl Open {
    pub(super) fn run(&self) -> Result<Value, Failure> {
        let (plain, _) = opened(&self.parameters, &self.private_key, &self.envelope)?;
        Ok(json!({ "data": base64::encode(plain.as_bytes()) }))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SealResponse {
    parameters: Terms,
    private_key: Exactly<32>,
    envelope: EnvelopeRequest,
    data: Bytes,
}

impl SealResponse {
    pub(super) fn run(&self, now_ms: u64, rng: &mut dyn Random) -> Result<Value, Failure> {
        let (_, sealer) = opened(&self.parameters, &self.private_key, &self.envelope)?;
        let response = sealer.seal(self.data.as_slice(), now_ms, rng).map_err(failed)?;
        Ok(json!({ "response": serde_json::to_value(response).map_err(failed)? }))
    }
}

fn opened(
    terms: &Terms,
    private: &Exactly<32>,
    envelope: &EnvelopeRequest,
) -> Result<(SecretVec, ResponseSealer), Failure> {
    let request = envelope.decode(terms.version.0).map_err(malformed)?;
    let key = private.private()?;
    let decryptor = Decryptor::new(key.as_ref(), &terms.parameters(), &terms.base(), &request);
    decryptor
        .and_then(|decryptor| decryptor.open(&request))
        .map_err(failed)
}
