//! End-to-end encrypted requests of the application, in both scopes (spec 4.7, 13.1).
//!
//! | call | headers | what a signature covers |
//! |---|---|---|
//! | encrypted | `X-PowerAuth-Encryption` | – |
//! | encrypted with a token | `X-PowerAuth-Token`, `X-PowerAuth-Encryption` | – |
//! | encrypted and signed | `X-PowerAuth-Authorization` alone | the plaintext |

use super::application::Application;
use super::device::Device;
use super::error::{ReplyError, RequestError};
use super::factors::Authentication;
use super::message::{Call, Request};
use super::seal::open;
use super::unsaved::Unsaved;
use crate::crypto::ecies::{Purpose, ResponseOpener};
use crate::crypto::header::{AUTHORIZATION_HEADER, TOKEN_HEADER};
use crate::crypto::random::Random;
use crate::crypto::secret::SecretVec;
use serde::de::DeserializeOwned;

/// Reads the answer to an encrypted request.
#[derive(Debug)]
pub struct PendingEncrypted {
    opener: ResponseOpener,
}

impl PendingEncrypted {
    /// Opens the reply: the plaintext the endpoint answered with.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or the reply cannot be opened.
    pub fn read(self, status: u16, body: &[u8]) -> Result<SecretVec, ReplyError> {
        open(self.opener, status, body)
    }

    /// Opens the reply and reads its plaintext as JSON.
    ///
    /// # Errors
    /// As [`read`](Self::read), and [`ReplyError::Malformed`] for other JSON.
    pub fn read_json<T: DeserializeOwned>(self, status: u16, body: &[u8]) -> Result<T, ReplyError> {
        super::seal::parse(&self.read(status, body)?)
    }
}

impl Application {
    /// Encrypts a request in application scope.
    ///
    /// # Errors
    /// [`RequestError::TemporaryKey`] in version 3.3 without a temporary key, and failures of randomness.
    pub fn encrypt(
        &self,
        path: &str,
        plain: &[u8],
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingEncrypted>, RequestError> {
        let (body, opener) = self
            .binding()
            .body(Purpose::GenericApplication, plain, now_ms, rng)?;
        let (name, value) = self.encryption_header(None);
        Ok(Call {
            request: Request::post(path, body).with_header(name, value),
            pending: PendingEncrypted { opener },
        })
    }
}

impl Device {
    /// Encrypts a request in activation scope: only this activation can have made it, and only the server (or the edge it
    /// helps) can read it.
    ///
    /// # Errors
    /// [`RequestError::TemporaryKey`] in version 3.3 without a temporary key, and failures of randomness.
    pub fn encrypt(
        &self,
        path: &str,
        plain: &[u8],
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingEncrypted>, RequestError> {
        let (request, opener) = self.sealed_post(path, plain, now_ms, rng)?;
        let (name, value) = self.application.encryption_header(Some(&self.activation_id));
        Ok(Call {
            request: request.with_header(name, value),
            pending: PendingEncrypted { opener },
        })
    }

    /// Encrypts a request and adds a token.
    ///
    /// # Errors
    /// [`RequestError::NoToken`], and all of [`Device::encrypt`].
    pub fn encrypt_with_token(
        &self,
        path: &str,
        plain: &[u8],
        token: &str,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingEncrypted>, RequestError> {
        let header = self.token_header(token, now_ms, rng)?;
        let Call { request, pending } = self.encrypt(path, plain, now_ms, rng)?;
        Ok(Call {
            request: request.with_header(TOKEN_HEADER, header.to_text()),
            pending,
        })
    }

    /// Signs the plaintext, then encrypts it.
    ///
    /// # Errors
    /// All of [`Device::sign`] and of [`Device::encrypt`]; the counter has not moved then.
    pub fn encrypt_and_sign(
        &mut self,
        path: &str,
        uri_id: &str,
        plain: &[u8],
        authentication: &Authentication<'_>,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingEncrypted>>, RequestError> {
        let (request, opener) = self.sealed_post(path, plain, now_ms, rng)?;
        let signature = self.authorize("POST", uri_id, plain, authentication, rng)?;
        Ok(signature.map(|header| Call {
            request: request.with_header(AUTHORIZATION_HEADER, header.to_text()),
            pending: PendingEncrypted { opener },
        }))
    }

    fn sealed_post(
        &self,
        path: &str,
        plain: &[u8],
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<(Request, ResponseOpener), RequestError> {
        let (body, opener) = self
            .binding()
            .body(Purpose::GenericActivation, plain, now_ms, rng)?;
        Ok((Request::post(path, body), opener))
    }
}
