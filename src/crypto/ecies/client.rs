//! The phone's side: seal a request, open its response.

use super::scheme::{Context, EnvelopeKey, Message, Parameters, associated_data};
use super::{EciesError, EnvelopeRequest, EnvelopeResponse, Request};
use crate::crypto::backend::Backend;
use crate::crypto::key::{KeyPair, PublicKey};
use crate::crypto::random::{Random, bytes};
use crate::crypto::secret::{Secret, SecretVec};
use crate::crypto::version::ProtocolVersion;

/// Seals one request to a recipient.
#[derive(Debug)]
pub struct Encryptor {
    context: Context,
    ephemeral_key: [u8; 33],
    temporary_key_id: Option<String>,
}

impl Encryptor {
    /// Draws an ephemeral key pair and agrees with the recipient: the master key, the activation's server key or a
    /// temporary key (spec 4.2). `base` is [`shared_info2_base`](super::shared_info2_base) of the purpose's scope.
    ///
    /// # Errors
    /// [`EciesError::Parameter`] for contradictory parameters, [`EciesError::Key`] when no key pair can be made.
    pub fn new(
        backend: &dyn Backend,
        recipient: &PublicKey,
        parameters: &Parameters<'_>,
        base: &Secret<32>,
        rng: &mut dyn Random,
    ) -> Result<Self, EciesError> {
        Self::with_ephemeral(
            backend,
            recipient,
            parameters,
            base,
            &KeyPair::generate(backend, rng)?,
        )
    }

    /// As [`new`](Self::new) with a given ephemeral pair, to replay a vector. A pair must never be used twice.
    ///
    /// # Errors
    /// [`EciesError::Parameter`] for contradictory parameters, [`EciesError::Key`] when the backend fails.
    pub fn with_ephemeral(
        backend: &dyn Backend,
        recipient: &PublicKey,
        parameters: &Parameters<'_>,
        base: &Secret<32>,
        ephemeral: &KeyPair,
    ) -> Result<Self, EciesError> {
        let associated_data = associated_data(parameters)?;
        let ephemeral_key = ephemeral.public.to_compressed();
        let shared = backend.agree(&ephemeral.private, recipient)?;
        let key = EnvelopeKey::derive(&shared, parameters.version, parameters.purpose, &ephemeral_key);
        let base = SecretVec::from_slice(base.as_bytes());
        Ok(Self {
            context: Context {
                version: parameters.version,
                key,
                base,
                associated_data,
            },
            ephemeral_key,
            temporary_key_id: parameters.temporary_key_id.map(str::to_owned),
        })
    }

    /// Seals the request. `timestamp` is Unix time in milliseconds; versions without timestamps ignore it.
    ///
    /// # Errors
    /// [`EciesError::Random`] when the source fails.
    pub fn seal(
        self,
        plain: &[u8],
        timestamp: u64,
        rng: &mut dyn Random,
    ) -> Result<(EnvelopeRequest, ResponseOpener), EciesError> {
        let version = self.context.version;
        let nonce = if version.has_request_nonce() {
            Some(bytes(rng)?)
        } else {
            None
        };
        let timestamp = version.has_timestamp().then_some(timestamp);
        let message = Message {
            nonce: nonce.as_ref(),
            timestamp,
            ephemeral_key: Some(&self.ephemeral_key),
        };
        let (encrypted_data, mac) = self.context.seal(message, plain)?;
        let request = Request {
            temporary_key_id: self.temporary_key_id,
            ephemeral_key: self.ephemeral_key.to_vec(),
            encrypted_data,
            mac,
            nonce,
            timestamp,
        };
        Ok((
            request.encode(),
            ResponseOpener {
                context: self.context,
                request_nonce: nonce,
            },
        ))
    }
}

/// Opens the response that belongs to a sealed request.
#[derive(Debug)]
pub struct ResponseOpener {
    context: Context,
    request_nonce: Option<[u8; 16]>,
}

impl ResponseOpener {
    /// Rebuilds the context of a request from its envelope key, for instance after a restart of the phone.
    /// `associated_data` is [`associated_data`] of the request, empty up to 3.1.
    #[must_use]
    pub const fn from_envelope_key(
        version: ProtocolVersion,
        key: EnvelopeKey,
        base: SecretVec,
        associated_data: Vec<u8>,
        request_nonce: Option<[u8; 16]>,
    ) -> Self {
        Self {
            context: Context {
                version,
                key,
                base,
                associated_data,
            },
            request_nonce,
        }
    }

    /// Checks and decrypts the response.
    ///
    /// # Errors
    /// [`EciesError::Field`] when the envelope breaks the rules of the version (also when the response repeats the
    /// request's nonce), [`EciesError::Decryption`] when it cannot be decrypted.
    pub fn open(self, response: &EnvelopeResponse) -> Result<SecretVec, EciesError> {
        let version = self.context.version;
        let response = response.decode(version)?;
        if response.nonce.is_some() && response.nonce == self.request_nonce {
            return Err(EciesError::Field("nonce"));
        }
        let nonce = if version.has_response_nonce() {
            response.nonce
        } else {
            self.request_nonce
        };
        let message = Message {
            nonce: nonce.as_ref(),
            timestamp: response.timestamp,
            ephemeral_key: None,
        };
        self.context
            .open(message, &response.encrypted_data, &response.mac)
    }

    /// The envelope key of this exchange, for vectors and for handing the exchange on.
    #[must_use]
    pub const fn envelope_key(&self) -> &EnvelopeKey {
        &self.context.key
    }
}
