//! MAC tokens: cheap proof of possession for frequent requests (spec section 7).
//!
//! A token proves that this phone made the request at about this time. It neither covers the request nor moves the
//! counter, so it fits polling, not approving.

use super::device::Device;
use super::error::{ReplyError, RequestError};
use super::factors::Authentication;
use super::message::{Call, Request, request_object, response_object};
use super::seal::{open, parse};
use super::unsaved::Unsaved;
use crate::crypto::ecies::{Purpose, ResponseOpener};
use crate::crypto::encoding::base64;
use crate::crypto::header::{TOKEN_HEADER, TokenHeader};
use crate::crypto::identifier::is_uuid;
use crate::crypto::random::{Random, bytes};
use crate::crypto::secret::Secret;
use crate::crypto::signature::SignatureType;
use crate::crypto::token;
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A token on the device.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) id: String,
    pub(super) secret: Secret<16>,
}

/// The name under which mobile applications keep the token of their operation list.
pub const POSSESSION_UNIVERSAL: &str = "possession_universal";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenReply {
    token_id: String,
    token_secret: String,
}

impl Drop for TokenReply {
    fn drop(&mut self) {
        self.token_secret.zeroize();
    }
}

/// Reads the answer to a token creation.
#[derive(Debug)]
pub struct PendingToken {
    name: String,
    opener: ResponseOpener,
}

impl PendingToken {
    /// Opens the reply and keeps the token under its name, in place of an older one. Store the device afterwards.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or the reply is not acceptable.
    pub fn read(self, device: &mut Device, status: u16, body: &[u8]) -> Result<(), ReplyError> {
        let reply: TokenReply = parse(&open(self.opener, status, body)?)?;
        if !is_uuid(&reply.token_id) {
            return Err(ReplyError::Malformed("tokenId"));
        }
        let secret =
            base64::decode_array(&reply.token_secret).map_err(|_| ReplyError::Malformed("tokenSecret"))?;
        let token = Token {
            id: reply.token_id.clone(),
            secret: Secret::from_bytes(secret),
        };
        device.tokens.insert(self.name, token);
        Ok(())
    }
}

/// Reads the answer to a token removal.
#[derive(Debug)]
pub struct PendingTokenRemoval {
    name: String,
    token_id: String,
}

impl PendingTokenRemoval {
    /// Reads the reply and forgets the token. Store the device afterwards.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused; the token stays then.
    pub fn read(self, device: &mut Device, status: u16, body: &[u8]) -> Result<(), ReplyError> {
        let reply: TokenIdentifier = response_object(status, body)?;
        if reply.token_id != self.token_id {
            return Err(ReplyError::Malformed("tokenId"));
        }
        // A token made meanwhile under the same name is another one.
        if device
            .tokens
            .get(&self.name)
            .is_some_and(|token| token.id == self.token_id)
        {
            device.tokens.remove(&self.name);
        }
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenIdentifier {
    token_id: String,
}

impl Device {
    /// Asks for a token, to be kept under `name` on this device; the server never learns the name. The token remembers the
    /// factors it was created with, and endpoints may demand some.
    ///
    /// # Errors
    /// [`RequestError::Factors`] for knowledge or biometry alone, and all of [`Device::sign`] and of encryption; the counter
    /// has not moved then.
    pub fn create_token(
        &mut self,
        name: &str,
        authentication: &Authentication<'_>,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingToken>>, RequestError> {
        authentication.must_be(SignatureType::WITH_POSSESSION)?;
        let (body, opener) = self.binding().body(Purpose::TokenCreate, b"{}", now_ms, rng)?;
        let signed = self.signed_post(
            "/pa/v3/token/create",
            "/pa/token/create",
            &body,
            authentication,
            rng,
        )?;
        let name = name.to_owned();
        Ok(signed.map(|request| Call {
            request,
            pending: PendingToken { name, opener },
        }))
    }

    /// Removes a token at the server and, when that succeeded, on the device.
    ///
    /// # Errors
    /// [`RequestError::NoToken`] when there is none of this name, [`RequestError::Factors`] for knowledge or biometry
    /// alone, and all of [`Device::sign`].
    pub fn remove_token(
        &mut self,
        name: &str,
        authentication: &Authentication<'_>,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingTokenRemoval>>, RequestError> {
        authentication.must_be(SignatureType::WITH_POSSESSION)?;
        let token_id = self.tokens.get(name).ok_or(RequestError::NoToken)?.id.clone();
        let body = request_object(TokenIdentifier {
            token_id: token_id.clone(),
        })?;
        let signed = self.signed_post(
            "/pa/v3/token/remove",
            "/pa/token/remove",
            &body,
            authentication,
            rng,
        )?;
        let name = name.to_owned();
        Ok(signed.map(|request| Call {
            request,
            pending: PendingTokenRemoval { name, token_id },
        }))
    }

    /// The value of the header `X-PowerAuth-Token` for one request made now.
    ///
    /// # Errors
    /// [`RequestError::NoToken`] when there is none of this name, [`RequestError::Random`] when the source fails.
    pub fn token_header(
        &self,
        name: &str,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<TokenHeader, RequestError> {
        let token = self.tokens.get(name).ok_or(RequestError::NoToken)?;
        let version = self.application.version();
        let nonce = bytes(rng)?;
        Ok(TokenHeader {
            token_id: token.id.clone(),
            digest: token::digest(&token.secret, &nonce, now_ms, version),
            nonce,
            timestamp: now_ms,
            version,
        })
    }

    /// Names of the tokens on the device.
    pub fn token_names(&self) -> impl Iterator<Item = &str> {
        self.tokens.keys().map(String::as_str)
    }

    /// Forgets a token without telling the server, for example after the server refused it. Store the device afterwards.
    pub fn forget_token(&mut self, name: &str) {
        self.tokens.remove(name);
    }

    /// A POST with a token header.
    pub(super) fn token_post(
        &self,
        path: &str,
        body: Vec<u8>,
        token: &str,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Request, RequestError> {
        let header = self.token_header(token, now_ms, rng)?;
        Ok(Request::post(path, body).with_header(TOKEN_HEADER, header.to_text()))
    }
}
