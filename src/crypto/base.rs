//! The signature base string: what an online signature covers (spec 5.1).
//!
//! ```text
//! base   = METHOD & B64(uriId) & B64(nonce) & B64(data)
//! signed = base & APP_SECRET                  the secret as its Base64 text
//! ```
//!
//! The edge builds `base` from the request it received; the server appends the secret. The audit log reads method and
//! resource back with [`SignatureBase::parse`].

use super::encoding::base64;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The text is not a signature base string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("malformed signature base string")]
pub struct MalformedBase;

/// Builds the base string. `method` is upper-cased; an empty method means `GET`; absent parts leave their place empty.
///
/// ```
/// use countersign::crypto::base::build;
/// let base = build("post", "/pa/signature/validate", &[0xA0; 16], br#"{"a":1}"#);
/// assert_eq!(base, "POST&L3BhL3NpZ25hdHVyZS92YWxpZGF0ZQ==&oKCgoKCgoKCgoKCgoKCgoA==&eyJhIjoxfQ==");
/// ```
#[must_use]
pub fn build(method: &str, uri_id: &str, nonce: &[u8], data: &[u8]) -> String {
    let method = if method.is_empty() {
        "GET".to_owned()
    } else {
        method.to_ascii_uppercase()
    };
    [
        method,
        base64::encode(uri_id.as_bytes()),
        base64::encode(nonce),
        base64::encode(data),
    ]
    .join("&")
}

/// Appends the application secret (its Base64 text, or `offline`): the bytes that are signed.
#[must_use]
pub fn signed_bytes(base: &str, application_secret: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(base.len() + 1 + application_secret.len());
    out.extend_from_slice(base.as_bytes());
    out.push(b'&');
    out.extend_from_slice(application_secret.as_bytes());
    out
}

/// The parts of a base string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureBase {
    /// HTTP method, as signed.
    pub method: String,
    /// The resource identifier, decoded.
    pub uri_id: String,
    /// The nonce, decoded; empty when absent.
    pub nonce: Vec<u8>,
    /// The signed request data, decoded; empty when absent.
    pub data: Vec<u8>,
}

impl SignatureBase {
    /// Reads a base string, with or without an application secret behind it (which is dropped).
    ///
    /// # Errors
    /// [`MalformedBase`] when there are not four or five parts, the method is no upper-case word, or a part is not
    /// canonical Base64.
    pub fn parse(text: &str) -> Result<Self, MalformedBase> {
        let mut parts = text.split('&');
        let mut next = || parts.next().ok_or(MalformedBase);
        let (method, uri_id, nonce, data) = (next()?, next()?, next()?, next()?);
        let _secret = parts.next();
        if parts.next().is_some() || method.is_empty() || !method.bytes().all(|c| c.is_ascii_uppercase()) {
            return Err(MalformedBase);
        }
        let decode = |part| base64::decode(part).map_err(|_| MalformedBase);
        Ok(Self {
            method: method.to_owned(),
            uri_id: String::from_utf8(decode(uri_id)?).map_err(|_| MalformedBase)?,
            nonce: decode(nonce)?,
            data: decode(data)?,
        })
    }

    /// Writes the base string back.
    #[must_use]
    pub fn to_text(&self) -> String {
        build(&self.method, &self.uri_id, &self.nonce, &self.data)
    }

    /// The part that is kept with an audit record.
    #[must_use]
    pub fn metadata(&self) -> SignatureMetadata {
        SignatureMetadata {
            signature_data_method: self.method.clone(),
            signature_data_uri_id: self.uri_id.clone(),
            kind: MetadataKind::PowerAuth,
        }
    }
}

/// What an audit record keeps of a signed request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignatureMetadata {
    #[serde(rename = "type")]
    kind: MetadataKind,
    /// HTTP method.
    pub signature_data_method: String,
    /// Resource identifier, decoded.
    pub signature_data_uri_id: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum MetadataKind {
    #[serde(rename = "POWERAUTH")]
    PowerAuth,
}

impl SignatureMetadata {
    /// Metadata of a method and a resource identifier.
    #[must_use]
    pub const fn new(method: String, uri_id: String) -> Self {
        Self {
            kind: MetadataKind::PowerAuth,
            signature_data_method: method,
            signature_data_uri_id: uri_id,
        }
    }

    /// The JSON form of the audit record.
    ///
    /// # Errors
    /// [`MalformedBase`] never in practice: the type has nothing that JSON cannot hold.
    pub fn to_json(&self) -> Result<String, MalformedBase> {
        serde_json::to_string(self).map_err(|_| MalformedBase)
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    /// [`MalformedBase`] for any other JSON.
    pub fn from_json(text: &str) -> Result<Self, MalformedBase> {
        serde_json::from_str(text).map_err(|_| MalformedBase)
    }
}
