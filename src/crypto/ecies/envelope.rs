//! The JSON envelopes and their strict presence rules (spec 4.6).

use super::EciesError;
use crate::crypto::encoding::base64;
use crate::crypto::version::ProtocolVersion;
use serde::{Deserialize, Serialize};

/// Request envelope as JSON. Unknown properties are refused; `null` means absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["ephemeralPublicKey", "encryptedData", "mac"])))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnvelopeRequest {
    /// UUID text of the temporary key; 3.3 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temporary_key_id: Option<String>,
    /// Base64 of the point, 33 or 65 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ephemeral_public_key: Option<String>,
    /// Base64 of the ciphertext.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypted_data: Option<String>,
    /// Base64 of 32 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// Base64 of 16 bytes; from 3.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Unix time in milliseconds; from 3.2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<u64>,
}

/// Response envelope as JSON. Up to 3.1 `nonce` and `timestamp` are written as `null`, as deployed servers do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EnvelopeResponse {
    /// Base64 of the ciphertext.
    #[serde(default)]
    pub encrypted_data: Option<String>,
    /// Base64 of 32 bytes.
    #[serde(default)]
    pub mac: Option<String>,
    /// Base64 of 16 bytes; from 3.2.
    #[serde(default)]
    pub nonce: Option<String>,
    /// Unix time in milliseconds; from 3.2.
    #[serde(default)]
    pub timestamp: Option<u64>,
}

/// A request envelope in bytes, complete for its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The temporary key the request is encrypted to, as received.
    pub temporary_key_id: Option<String>,
    /// The ephemeral key exactly as transmitted. Not validated here: [`Decryptor::new`](super::Decryptor::new) does.
    pub ephemeral_key: Vec<u8>,
    /// Ciphertext.
    pub encrypted_data: Vec<u8>,
    /// Authentication code.
    pub mac: [u8; 32],
    /// Request nonce.
    pub nonce: Option<[u8; 16]>,
    /// Unix time in milliseconds.
    pub timestamp: Option<u64>,
}

/// A response envelope in bytes, complete for its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Ciphertext.
    pub encrypted_data: Vec<u8>,
    /// Authentication code.
    pub mac: [u8; 32],
    /// Response nonce.
    pub nonce: Option<[u8; 16]>,
    /// Unix time in milliseconds.
    pub timestamp: Option<u64>,
}

/// Presence of one field according to the version: both a missing and a superfluous field are errors.
fn present<T>(field: Option<T>, required: bool, name: &'static str) -> Result<Option<T>, EciesError> {
    if field.is_some() == required {
        Ok(field)
    } else {
        Err(EciesError::Field(name))
    }
}

fn required(field: Option<&str>, name: &'static str) -> Result<Vec<u8>, EciesError> {
    base64::decode(field.ok_or(EciesError::Field(name))?).map_err(|_| EciesError::Field(name))
}

fn array<const N: usize>(field: &str, name: &'static str) -> Result<[u8; N], EciesError> {
    base64::decode_array(field).map_err(|_| EciesError::Field(name))
}

fn nonce(field: Option<&str>, required: bool) -> Result<Option<[u8; 16]>, EciesError> {
    present(field, required, "nonce")?
        .map(|text| array(text, "nonce"))
        .transpose()
}

fn mac(field: Option<&str>) -> Result<[u8; 32], EciesError> {
    array(field.ok_or(EciesError::Field("mac"))?, "mac")
}

impl EnvelopeRequest {
    /// Checks the fields against the version and decodes them.
    ///
    /// # Errors
    /// [`EciesError::Field`] for the first field that is missing, superfluous or malformed.
    pub fn decode(&self, version: ProtocolVersion) -> Result<Request, EciesError> {
        let key_id = present(
            self.temporary_key_id.clone(),
            version.has_temporary_keys(),
            "temporaryKeyId",
        )?;
        Ok(Request {
            temporary_key_id: key_id,
            ephemeral_key: required(self.ephemeral_public_key.as_deref(), "ephemeralPublicKey")?,
            encrypted_data: required(self.encrypted_data.as_deref(), "encryptedData")?,
            mac: mac(self.mac.as_deref())?,
            nonce: nonce(self.nonce.as_deref(), version.has_request_nonce())?,
            timestamp: present(self.timestamp, version.has_timestamp(), "timestamp")?,
        })
    }
}

impl Request {
    /// The JSON form.
    #[must_use]
    pub fn encode(&self) -> EnvelopeRequest {
        EnvelopeRequest {
            temporary_key_id: self.temporary_key_id.clone(),
            ephemeral_public_key: Some(base64::encode(&self.ephemeral_key)),
            encrypted_data: Some(base64::encode(&self.encrypted_data)),
            mac: Some(base64::encode(&self.mac)),
            nonce: self.nonce.map(|nonce| base64::encode(&nonce)),
            timestamp: self.timestamp,
        }
    }
}

impl EnvelopeResponse {
    /// Checks the fields against the version and decodes them.
    ///
    /// # Errors
    /// [`EciesError::Field`] for the first field that is missing, superfluous or malformed.
    pub fn decode(&self, version: ProtocolVersion) -> Result<Response, EciesError> {
        Ok(Response {
            encrypted_data: required(self.encrypted_data.as_deref(), "encryptedData")?,
            mac: mac(self.mac.as_deref())?,
            nonce: nonce(self.nonce.as_deref(), version.has_response_nonce())?,
            timestamp: present(self.timestamp, version.has_timestamp(), "timestamp")?,
        })
    }
}

impl Response {
    /// The JSON form.
    #[must_use]
    pub fn encode(&self) -> EnvelopeResponse {
        EnvelopeResponse {
            encrypted_data: Some(base64::encode(&self.encrypted_data)),
            mac: Some(base64::encode(&self.mac)),
            nonce: self.nonce.map(|nonce| base64::encode(&nonce)),
            timestamp: self.timestamp,
        }
    }
}
