//! End-to-end encryption as every encrypted call uses it (spec 4.2, 4.5).

use super::application::Application;
use super::error::{ReplyError, RequestError};
use super::message::succeeded;
use super::temporary_key::TemporaryKey;
use crate::crypto::ecies::{
    Encryptor, EnvelopeRequest, EnvelopeResponse, Parameters, Purpose, ResponseOpener, shared_info2_base,
};
use crate::crypto::key::PublicKey;
use crate::crypto::random::Random;
use crate::crypto::secret::{Secret, SecretVec};
use serde::de::DeserializeOwned;

/// What envelopes of activation scope are bound to.
pub(super) struct ActivationBinding<'a> {
    pub(super) id: &'a str,
    pub(super) transport: &'a Secret<16>,
    pub(super) server: &'a PublicKey,
    pub(super) temporary_key: Option<&'a TemporaryKey>,
}

/// What envelopes are bound to: the application, and in activation scope the activation.
pub(super) struct Binding<'a> {
    pub(super) application: &'a Application,
    pub(super) activation: Option<ActivationBinding<'a>>,
}

impl Binding<'_> {
    /// Seals a request; the envelope may become a body or part of another plaintext.
    pub(super) fn envelope(
        &self,
        purpose: Purpose,
        plain: &[u8],
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<(EnvelopeRequest, ResponseOpener), RequestError> {
        let application = self.application;
        let version = application.version();
        let activation = self.activation.as_ref();
        let (permanent, kept) = match activation {
            None => (
                application.master_public_key(),
                application.temporary_key.as_ref(),
            ),
            Some(activation) => (activation.server, activation.temporary_key),
        };
        let temporary = if version.has_temporary_keys() {
            let usable = kept.filter(|key| key.is_usable(now_ms));
            Some(usable.ok_or(RequestError::TemporaryKey(purpose.scope()))?)
        } else {
            None
        };
        let parameters = Parameters {
            version,
            purpose,
            application_key: application.key(),
            activation_id: activation.map(|activation| activation.id),
            temporary_key_id: temporary.map(TemporaryKey::id),
        };
        let recipient = temporary.map_or(permanent, TemporaryKey::public_key);
        let base = shared_info2_base(
            application.secret(),
            activation.map(|activation| activation.transport),
        );
        let encryptor = Encryptor::new(application.backend(), recipient, &parameters, &base, rng)?;
        Ok(encryptor.seal(plain, now_ms, rng)?)
    }

    /// Seals a request to the bytes of an HTTP body.
    pub(super) fn body(
        &self,
        purpose: Purpose,
        plain: &[u8],
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<(Vec<u8>, ResponseOpener), RequestError> {
        let (envelope, opener) = self.envelope(purpose, plain, now_ms, rng)?;
        let body = serde_json::to_vec(&envelope).map_err(|_| RequestError::Argument("body"))?;
        Ok((body, opener))
    }
}

/// Opens the envelope that answers a sealed request. Errors of the server come unencrypted.
pub(super) fn open(opener: ResponseOpener, status: u16, body: &[u8]) -> Result<SecretVec, ReplyError> {
    succeeded(status, body)?;
    let envelope: EnvelopeResponse =
        serde_json::from_slice(body).map_err(|_| ReplyError::Malformed("body"))?;
    Ok(opener.open(&envelope)?)
}

/// Reads a decrypted JSON object.
pub(super) fn parse<T: DeserializeOwned>(plain: &SecretVec) -> Result<T, ReplyError> {
    serde_json::from_slice(plain.as_bytes()).map_err(|_| ReplyError::Malformed("decrypted body"))
}
