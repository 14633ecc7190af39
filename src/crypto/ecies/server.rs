//! The server's side, and the edge's: open a request, seal its response.

use super::scheme::{Context, EnvelopeKey, Message, Parameters, associated_data};
use super::{EciesError, EnvelopeResponse, Request, Response};
use crate::crypto::backend::ImportedKey;
use crate::crypto::key::KeyError;
use crate::crypto::random::{Random, bytes};
use crate::crypto::secret::{Secret, SecretVec};
use crate::crypto::version::ProtocolVersion;

/// Opens one request.
#[derive(Debug)]
pub struct Decryptor {
    context: Context,
}

impl Decryptor {
    /// Agrees with the ephemeral key of a request. `private` is the recipient key of spec 4.2, `base` is
    /// [`shared_info2_base`](super::shared_info2_base) of the purpose's scope.
    ///
    /// # Errors
    /// [`EciesError::Parameter`] for contradictory parameters, [`EciesError::Decryption`] for an invalid ephemeral key.
    pub fn new(
        private: &dyn ImportedKey,
        parameters: &Parameters<'_>,
        base: &Secret<32>,
        request: &Request,
    ) -> Result<Self, EciesError> {
        let associated_data = associated_data(parameters)?;
        let key = Self::derive_key(private, parameters, &request.ephemeral_key)?;
        Ok(Self::from_envelope_key(
            parameters.version,
            key,
            SecretVec::from_slice(base.as_bytes()),
            associated_data,
        ))
    }

    /// The envelope key of a request, as the server hands it to the edge (spec 4.7).
    ///
    /// # Errors
    /// [`EciesError::Decryption`] for an invalid ephemeral key, [`EciesError::Key`] when the backend fails.
    pub fn derive_key(
        private: &dyn ImportedKey,
        parameters: &Parameters<'_>,
        ephemeral_key: &[u8],
    ) -> Result<EnvelopeKey, EciesError> {
        let shared = private
            .agree_encoded(ephemeral_key)
            .map_err(|error| match error {
                KeyError::Public => EciesError::Decryption,
                other => other.into(),
            })?;
        Ok(EnvelopeKey::derive(
            &shared,
            parameters.version,
            parameters.purpose,
            ephemeral_key,
        ))
    }

    /// For the edge: from the envelope key and the `SharedInfo2` base the server handed over. `associated_data` is
    /// [`associated_data`] of the request, empty up to 3.1.
    #[must_use]
    pub const fn from_envelope_key(
        version: ProtocolVersion,
        key: EnvelopeKey,
        base: SecretVec,
        associated_data: Vec<u8>,
    ) -> Self {
        Self {
            context: Context {
                version,
                key,
                base,
                associated_data,
            },
        }
    }

    /// Checks the MAC, then decrypts.
    ///
    /// # Errors
    /// [`EciesError::Field`] when nonce or timestamp do not fit the version, [`EciesError::Decryption`] for everything
    /// else.
    pub fn open(self, request: &Request) -> Result<(SecretVec, ResponseSealer), EciesError> {
        let version = self.context.version;
        if request.nonce.is_some() != version.has_request_nonce() {
            return Err(EciesError::Field("nonce"));
        }
        if request.timestamp.is_some() != version.has_timestamp() {
            return Err(EciesError::Field("timestamp"));
        }
        let message = Message {
            nonce: request.nonce.as_ref(),
            timestamp: request.timestamp,
            ephemeral_key: Some(&request.ephemeral_key),
        };
        let plain = self
            .context
            .open(message, &request.encrypted_data, &request.mac)?;
        Ok((
            plain,
            ResponseSealer {
                context: self.context,
                request_nonce: request.nonce,
            },
        ))
    }

    /// The envelope key.
    #[must_use]
    pub const fn envelope_key(&self) -> &EnvelopeKey {
        &self.context.key
    }
}

/// Seals the response to an opened request.
#[derive(Debug)]
pub struct ResponseSealer {
    context: Context,
    request_nonce: Option<[u8; 16]>,
}

impl ResponseSealer {
    /// Seals the response. `timestamp` is Unix time in milliseconds; versions without timestamps ignore it.
    ///
    /// # Errors
    /// [`EciesError::Random`] when the source fails or repeats the request's nonce.
    pub fn seal(
        self,
        plain: &[u8],
        timestamp: u64,
        rng: &mut dyn Random,
    ) -> Result<EnvelopeResponse, EciesError> {
        let version = self.context.version;
        let fresh = if version.has_response_nonce() {
            Some(bytes(rng)?)
        } else {
            None
        };
        if fresh.is_some() && fresh == self.request_nonce {
            return Err(crate::crypto::random::RandomError.into());
        }
        let timestamp = version.has_timestamp().then_some(timestamp);
        let nonce = if version.has_response_nonce() {
            fresh
        } else {
            self.request_nonce
        };
        let message = Message {
            nonce: nonce.as_ref(),
            timestamp,
            ephemeral_key: None,
        };
        let (encrypted_data, mac) = self.context.seal(message, plain)?;
        Ok(Response {
            encrypted_data,
            mac,
            nonce: fresh,
            timestamp,
        }
        .encode())
    }
}
