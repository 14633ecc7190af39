//! Requests and responses for temporary encryption keys of version 3.3 (spec 4.9), and the JWTs they travel in.
//!
//! The phone asks with a JWT under a key derived from the application secret (and the transport key in activation
//! scope); the server answers with a JWT signed by the master key or the activation's server key. The challenge binds
//! the answer to the question. The request is not protected against replay: all a replay gains is a fresh key.
//!
//! Signatures are computed here, not by a JWT library: the HMAC key has 16 bytes, which libraries refuse.

use super::backend::{Backend, ImportedKey};
use super::ecdsa::Signature;
use super::encoding::{base64, base64url};
use super::kdf;
use super::key::{KeyError, PublicKey};
use super::random::{Random, RandomError, bytes};
use super::secret::{Secret, ct_eq};
use super::symmetric::hmac_sha256;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Longest accepted JWT in bytes.
pub const MAX_JWT_LENGTH: usize = 8 * 1024;

/// A JWT is refused or cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JwtError {
    /// Too long, not three segments of Base64url, wrong algorithm, or claims that cannot be read.
    #[error("malformed JWT")]
    Malformed,
    /// The signature does not belong to the content and the key.
    #[error("invalid JWT signature")]
    Signature,
    /// The response does not answer the request: another challenge, application key or activation.
    #[error("the JWT answers another request")]
    OtherRequest,
    /// The key in the response cannot be used, or signing failed.
    #[error(transparent)]
    Key(#[from] KeyError),
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    /// Extensions that must be understood (RFC 7515 4.1.11); none are.
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

/// A parsed JWT whose signature has not been checked.
#[derive(Debug, Clone)]
pub struct UnverifiedJwt<'a> {
    algorithm: String,
    signed: &'a str,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> UnverifiedJwt<'a> {
    /// Reads the compact serialisation: exactly three non-empty segments of canonical Base64url.
    ///
    /// # Errors
    /// [`JwtError::Malformed`] for anything else.
    pub fn parse(text: &'a str) -> Result<Self, JwtError> {
        if text.len() > MAX_JWT_LENGTH {
            return Err(JwtError::Malformed);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(JwtError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(JwtError::Malformed)?;
        let decode = |segment: &str| match base64url::decode(segment) {
            Ok(bytes) if !bytes.is_empty() => Ok(bytes),
            _ => Err(JwtError::Malformed),
        };
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| JwtError::Malformed)?;
        if header.crit.is_some() {
            return Err(JwtError::Malformed);
        }
        let (claims, signature) = (decode(claims)?, decode(signature)?);
        Ok(Self {
            algorithm: header.alg,
            signed,
            claims,
            signature,
        })
    }

    /// Reads the claims before anything is verified, to find out which key must verify them.
    ///
    /// # Errors
    /// [`JwtError::Malformed`] when they are not the expected JSON.
    pub fn unverified_claims<T: DeserializeOwned>(&self) -> Result<T, JwtError> {
        serde_json::from_slice(&self.claims).map_err(|_| JwtError::Malformed)
    }

    /// Checks an `HS256` signature in constant time.
    ///
    /// # Errors
    /// [`JwtError::Malformed`] for another algorithm, [`JwtError::Signature`] for a wrong signature.
    pub fn verify_hs256(&self, key: &Secret<16>) -> Result<(), JwtError> {
        if self.algorithm != "HS256" {
            return Err(JwtError::Malformed);
        }
        let expected = hmac_sha256(key.as_bytes(), &[self.signed.as_bytes()]);
        if ct_eq(&expected, &self.signature) {
            Ok(())
        } else {
            Err(JwtError::Signature)
        }
    }

    /// Checks an `ES256` signature.
    ///
    /// # Errors
    /// [`JwtError::Malformed`] for another algorithm, [`JwtError::Signature`] for a wrong signature.
    pub fn verify_es256(&self, backend: &dyn Backend, key: &PublicKey) -> Result<(), JwtError> {
        if self.algorithm != "ES256" {
            return Err(JwtError::Malformed);
        }
        let signature = Signature::from_jose(&self.signature).map_err(|_| JwtError::Signature)?;
        if backend.verify(key, self.signed.as_bytes(), &signature) {
            Ok(())
        } else {
            Err(JwtError::Signature)
        }
    }
}

/// Makes a JWT with `HS256` from the JSON texts of header and claims.
#[must_use]
pub fn sign_hs256(header: &str, claims: &str, key: &Secret<16>) -> String {
    let signed = signing_input(header, claims);
    let signature = base64url::encode(&hmac_sha256(key.as_bytes(), &[signed.as_bytes()]));
    format!("{signed}.{signature}")
}

/// Makes a JWT with `ES256` from the JSON text of the claims. Also the JWT variant of device signatures (spec 11.3).
///
/// # Errors
/// [`KeyError`] when the backend fails.
pub fn sign_es256(header: &str, claims: &str, key: &dyn ImportedKey) -> Result<String, KeyError> {
    let signed = signing_input(header, claims);
    let signature = base64url::encode(key.sign(signed.as_bytes())?.as_jose());
    Ok(format!("{signed}.{signature}"))
}

fn signing_input(header: &str, claims: &str) -> String {
    format!(
        "{}.{}",
        base64url::encode(header.as_bytes()),
        base64url::encode(claims.as_bytes())
    )
}

const REQUEST_HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const RESPONSE_HEADER: &str = r#"{"typ":"JWT","alg":"ES256"}"#;
const CHALLENGE_LENGTH: usize = 18;

/// Key of a request JWT: the decoded application secret, or in activation scope `KDFi(K_T, secret)`.
#[must_use]
pub fn request_key(application_secret: &[u8; 16], transport: Option<&Secret<16>>) -> Secret<16> {
    match transport {
        None => Secret::from_bytes(*application_secret),
        Some(transport) => kdf::derive_internal(transport.as_bytes(), application_secret),
    }
}

/// Claims of a request for a temporary key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TemporaryKeyRequest {
    /// Application key, Base64 text.
    pub application_key: String,
    /// Present in activation scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation_id: Option<String>,
    /// Opaque to the server; clients send Base64 of 18 random bytes.
    pub challenge: String,
}

impl TemporaryKeyRequest {
    /// A request with a fresh challenge (phone).
    ///
    /// # Errors
    /// [`RandomError`] when the source fails.
    pub fn generate(
        application_key: &str,
        activation_id: Option<&str>,
        rng: &mut dyn Random,
    ) -> Result<Self, RandomError> {
        Ok(Self {
            application_key: application_key.to_owned(),
            activation_id: activation_id.map(str::to_owned),
            challenge: base64::encode(&bytes::<CHALLENGE_LENGTH>(rng)?),
        })
    }

    /// The signed request (phone). `key` is [`request_key`].
    ///
    /// # Errors
    /// [`JwtError::Malformed`] never in practice: the claims have nothing that JSON cannot hold.
    pub fn sign(&self, key: &Secret<16>) -> Result<String, JwtError> {
        Ok(sign_hs256(REQUEST_HEADER, &to_json(self)?, key))
    }

    /// Reads a request before it is verified: the claims say which application secret and which activation verify it
    /// with [`UnverifiedJwt::verify_hs256`] (server).
    ///
    /// # Errors
    /// [`JwtError::Malformed`] when it is not a request.
    pub fn parse(text: &str) -> Result<(Self, UnverifiedJwt<'_>), JwtError> {
        let jwt = UnverifiedJwt::parse(text)?;
        Ok((jwt.unverified_claims()?, jwt))
    }
}

/// Claims of a response with a temporary key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemporaryKeyResponse {
    /// ID of the temporary key.
    #[serde(rename = "sub")]
    pub key_id: String,
    /// Echoed from the request.
    #[serde(rename = "applicationKey")]
    pub application_key: String,
    /// Echoed from the request; absent in application scope.
    #[serde(rename = "activationId", default, skip_serializing_if = "Option::is_none")]
    pub activation_id: Option<String>,
    /// Echoed from the request.
    pub challenge: String,
    /// The temporary public key, Base64 of 65 bytes.
    #[serde(rename = "publicKey")]
    pub public_key: String,
    /// Creation, Unix time in seconds.
    pub iat: u64,
    /// Expiry, Unix time in seconds.
    pub exp: u64,
    /// Creation, Unix time in milliseconds.
    pub iat_ms: u64,
    /// Expiry, Unix time in milliseconds.
    pub exp_ms: u64,
}

impl TemporaryKeyResponse {
    /// The answer to a request (server). Times are Unix milliseconds.
    #[must_use]
    pub fn answer(
        request: &TemporaryKeyRequest,
        key_id: String,
        public_key: &PublicKey,
        issued_ms: u64,
        expires_ms: u64,
    ) -> Self {
        Self {
            key_id,
            application_key: request.application_key.clone(),
            activation_id: request.activation_id.clone(),
            challenge: request.challenge.clone(),
            public_key: base64::encode(public_key.as_bytes()),
            iat: issued_ms / 1000,
            exp: expires_ms / 1000,
            iat_ms: issued_ms,
            exp_ms: expires_ms,
        }
    }

    /// The signed response (server): master key in application scope, the activation's server key in activation scope.
    ///
    /// # Errors
    /// [`JwtError::Key`] when the backend fails.
    pub fn sign(&self, key: &dyn ImportedKey) -> Result<String, JwtError> {
        Ok(sign_es256(RESPONSE_HEADER, &to_json(self)?, key)?)
    }

    /// Verifies a response and that it answers `request` (phone); returns it with the imported temporary key.
    ///
    /// # Errors
    /// [`JwtError`] for a malformed or unsigned response, one that answers another request, or an unusable key.
    pub fn verify(
        text: &str,
        backend: &dyn Backend,
        signer: &PublicKey,
        request: &TemporaryKeyRequest,
    ) -> Result<(Self, PublicKey), JwtError> {
        let jwt = UnverifiedJwt::parse(text)?;
        jwt.verify_es256(backend, signer)?;
        let claims: Self = jwt.unverified_claims()?;
        if claims.challenge != request.challenge
            || claims.application_key != request.application_key
            || claims.activation_id != request.activation_id
        {
            return Err(JwtError::OtherRequest);
        }
        let point = base64::decode(&claims.public_key).map_err(|_| KeyError::Public)?;
        let key = PublicKey::from_bytes(backend, &point)?;
        Ok((claims, key))
    }
}

fn to_json(claims: &impl Serialize) -> Result<String, JwtError> {
    serde_json::to_string(claims).map_err(|_| JwtError::Malformed)
}
