//! Temporary encryption keys of protocol 3.3 (spec 4.9).
//!
//! The phone asks with a JWT only it (or its application) can make and gets a key signed by the master key or by the
//! server key of its activation. There is one key per scope; it is treated as expired ten seconds early.

use super::application::Application;
use super::device::Device;
use super::error::{ReplyError, RequestError};
use super::message::{Call, Request, request_object, response_object};
use crate::crypto::backend::Backend;
use crate::crypto::jwt::{JwtError, TemporaryKeyRequest, TemporaryKeyResponse, request_key};
use crate::crypto::key::PublicKey;
use crate::crypto::random::Random;
use crate::crypto::secret::Secret;
use serde::{Deserialize, Serialize};

const PATH: &str = "/pa/v3/keystore/create";
const EARLY_MS: u64 = 10_000;

/// A temporary public key of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemporaryKey {
    id: String,
    public: PublicKey,
    activation_id: Option<String>,
    expires_ms: u64,
}

impl TemporaryKey {
    /// Identifier at the server.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The public key.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The activation the key is bound to; `None` in application scope.
    #[must_use]
    pub fn activation_id(&self) -> Option<&str> {
        self.activation_id.as_deref()
    }

    /// Expiry as the server sees it, Unix time in milliseconds.
    #[must_use]
    pub const fn expires_ms(&self) -> u64 {
        self.expires_ms
    }

    /// Whether a request made now reaches the server in time.
    #[must_use]
    pub const fn is_usable(&self, now_ms: u64) -> bool {
        now_ms.saturating_add(EARLY_MS) < self.expires_ms
    }
}

#[derive(Serialize, Deserialize)]
struct Jwt {
    jwt: String,
}

/// Reads the answer to a request for a temporary key.
#[derive(Debug)]
pub struct PendingTemporaryKey {
    backend: &'static dyn Backend,
    signer: PublicKey,
    request: TemporaryKeyRequest,
}

impl PendingTemporaryKey {
    /// Reads the reply: the signature, and that it answers this very request. Give the key to
    /// [`Application::keep_temporary_key`] or [`Device::keep_temporary_key`].
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or the reply is not trustworthy.
    pub fn read(self, status: u16, body: &[u8]) -> Result<TemporaryKey, ReplyError> {
        let Jwt { jwt } = response_object(status, body)?;
        let (claims, public) = TemporaryKeyResponse::verify(&jwt, self.backend, &self.signer, &self.request)?;
        if claims.key_id.is_empty() {
            return Err(JwtError::Malformed.into());
        }
        Ok(TemporaryKey {
            id: claims.key_id,
            public,
            activation_id: claims.activation_id,
            expires_ms: claims.exp_ms,
        })
    }
}

fn call(
    application: &Application,
    activation_id: Option<&str>,
    transport: Option<&Secret<16>>,
    signer: PublicKey,
    rng: &mut dyn Random,
) -> Result<Call<PendingTemporaryKey>, RequestError> {
    let request = TemporaryKeyRequest::generate(application.key(), activation_id, rng)?;
    let key = request_key(application.raw_secret()?.as_bytes(), transport);
    let jwt = request.sign(&key)?;
    Ok(Call {
        request: Request::post(PATH, request_object(Jwt { jwt })?),
        pending: PendingTemporaryKey {
            backend: application.backend(),
            signer,
            request,
        },
    })
}

impl Application {
    /// Asks for a temporary key of application scope; the master key signs the answer.
    ///
    /// # Errors
    /// [`RequestError::Random`] when the source fails.
    pub fn request_temporary_key(
        &self,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingTemporaryKey>, RequestError> {
        call(self, None, None, *self.master_public_key(), rng)
    }
}

impl Device {
    /// Asks for a temporary key of activation scope; the server key of the activation signs the answer.
    ///
    /// # Errors
    /// [`RequestError::Random`] when the source fails.
    pub fn request_temporary_key(
        &self,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingTemporaryKey>, RequestError> {
        call(
            self.application(),
            Some(self.activation_id()),
            Some(self.transport()),
            *self.server_public_key(),
            rng,
        )
    }
}
