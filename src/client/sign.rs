//! Online signatures of any request (spec section 5).

use super::device::{Counter, Device};
use super::error::RequestError;
use super::factors::Authentication;
use super::message::{Call, PendingDone, Request};
use super::unsaved::Unsaved;
use crate::crypto::base;
use crate::crypto::header::{AUTHORIZATION_HEADER, AuthorizationHeader};
use crate::crypto::query;
use crate::crypto::random::{Random, bytes};
use crate::crypto::signature::{SignatureFormat, compute};

/// A request to be signed.
#[derive(Debug, Clone, Copy)]
pub struct SignRequest<'a> {
    /// HTTP method.
    pub method: &'a str,
    /// Path with the raw query, if any, below the address of the server.
    pub path: &'a str,
    /// Resource identifier agreed with the server. Not the path, although it often looks like one.
    pub uri_id: &'a str,
    /// The body; a GET request has none, its query is signed instead.
    pub body: &'a [u8],
}

impl Device {
    /// Signs a request of the application.
    ///
    /// What is signed is the body, or for GET the canonical form of the query (spec 5.2); `*` and `~` aside, avoid
    /// `% + & =` inside names and values of a query.
    ///
    /// # Errors
    /// [`RequestError`]; the counter has not moved then. A wrong PIN is no error: the server refuses the signature.
    pub fn sign(
        &mut self,
        request: &SignRequest<'_>,
        authentication: &Authentication<'_>,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Request>, RequestError> {
        let method = request.method.to_ascii_uppercase();
        if method.is_empty() || !method.bytes().all(|c| c.is_ascii_uppercase()) {
            return Err(RequestError::Argument("method"));
        }
        let signature = if method == "GET" {
            if !request.body.is_empty() {
                return Err(RequestError::Argument("body"));
            }
            let raw = request.path.split_once('?').map_or("", |(_, query)| query);
            let data = query::canonical(raw)?;
            self.authorize(&method, request.uri_id, data.as_bytes(), authentication, rng)?
        } else {
            self.authorize(&method, request.uri_id, request.body, authentication, rng)?
        };
        Ok(signature.map(|header| {
            let mut signed = Request::post(request.path, request.body.to_vec());
            signed.method = method;
            signed.with_header(AUTHORIZATION_HEADER, header.to_text())
        }))
    }

    /// Computes the signature header for data the caller sends in its own way. The data of a request is its exact body,
    /// or the canonical query of a GET request.
    ///
    /// # Errors
    /// [`RequestError`]; the counter has not moved then.
    pub fn authorize(
        &mut self,
        method: &str,
        uri_id: &str,
        data: &[u8],
        authentication: &Authentication<'_>,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<AuthorizationHeader>, RequestError> {
        if self.is_upgrading() {
            return Err(RequestError::UpgradeFirst);
        }
        self.authorize_during_upgrade(method, uri_id, data, authentication, rng)
    }

    /// As [`authorize`](Self::authorize), also while an upgrade waits for its commit: the commit itself.
    pub(super) fn authorize_during_upgrade(
        &mut self,
        method: &str,
        uri_id: &str,
        data: &[u8],
        authentication: &Authentication<'_>,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<AuthorizationHeader>, RequestError> {
        let version = self.application.version();
        let format = if version.has_decimal_signature() {
            SignatureFormat::DECIMAL_8
        } else {
            SignatureFormat::Base64
        };
        let nonce = bytes(rng)?;
        let base = base::build(method, uri_id, &nonce, data);
        let signed = base::signed_bytes(&base, self.application.secret());
        let signature = self.compute(authentication, &signed, format)?;
        let header = AuthorizationHeader {
            activation_id: self.activation_id.clone(),
            application_key: self.application.key().to_owned(),
            nonce,
            signature_type: authentication.signature_type(),
            signature,
            version,
        };
        Ok(Unsaved {
            state: self.to_state(),
            value: header,
        })
    }

    /// Computes a signature and moves the counter; one never happens without the other.
    pub(super) fn compute(
        &mut self,
        authentication: &Authentication<'_>,
        signed: &[u8],
        format: SignatureFormat,
    ) -> Result<String, RequestError> {
        let keys = self.factor_keys(authentication)?;
        let Counter::Hash { value, byte, .. } = &mut self.counter else {
            return Err(RequestError::UpgradeFirst);
        };
        let (next, next_byte) = Counter::next(value, *byte);
        let kind = authentication.signature_type();
        let signature = compute(&keys, kind, value.as_bytes(), signed, format);
        (*value, *byte) = (next, next_byte);
        Ok(signature)
    }

    /// A signed POST to an endpoint of the protocol.
    pub(super) fn signed_post(
        &mut self,
        path: &str,
        uri_id: &str,
        body: &[u8],
        authentication: &Authentication<'_>,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Request>, RequestError> {
        let request = SignRequest {
            method: "POST",
            path,
            uri_id,
            body,
        };
        self.sign(&request, authentication, rng)
    }

    /// Asks the server to verify a signature and do nothing else: to prove a PIN, or to bring counters together when the
    /// status said [`CounterState::SignSoon`](super::CounterState::SignSoon).
    ///
    /// # Errors
    /// [`RequestError`]; the counter has not moved then.
    pub fn validate_signature(
        &mut self,
        authentication: &Authentication<'_>,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingDone>>, RequestError> {
        let signed = self.signed_post(
            "/pa/v3/signature/validate",
            "/pa/signature/validate",
            b"{}",
            authentication,
            rng,
        )?;
        Ok(signed.map(|request| Call {
            request,
            pending: PendingDone(()),
        }))
    }
}
