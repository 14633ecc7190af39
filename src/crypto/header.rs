//! The three HTTP headers of the protocol (spec 13.2, 13.3, 5.6).
//!
//! A value is `PowerAuth ` followed by `key="value"` pairs in any order. Parsing is strict about quotes, identifiers and
//! lengths; unknown keys are ignored and a repeated key takes its last value. Nothing in a header is authenticated by
//! itself: signatures and digests cover the nonce, encryption covers version, application key and activation ID.
//!
//! ```
//! use countersign::crypto::header::EncryptionHeader;
//! let value = r#"PowerAuth version="3.3", application_key="AAECAwQFBgcICQoLDA0ODw==""#;
//! let header = EncryptionHeader::parse(value)?;
//! assert_eq!(header.activation_id, None);
//! assert_eq!(header.to_text(), value);
//! # Ok::<(), countersign::crypto::header::HeaderError>(())
//! ```

use super::encoding::base64;
use super::identifier::is_uuid;
use super::signature::SignatureType;
use super::version::ProtocolVersion;
use core::fmt;
use thiserror::Error;

/// Longest accepted header value in bytes.
pub const MAX_HEADER_LENGTH: usize = 8 * 1024;

/// Name of the signature header.
pub const AUTHORIZATION_HEADER: &str = "X-PowerAuth-Authorization";
/// Name of the token header.
pub const TOKEN_HEADER: &str = "X-PowerAuth-Token";
/// Name of the encryption header.
pub const ENCRYPTION_HEADER: &str = "X-PowerAuth-Encryption";

const PREFIX: &str = "PowerAuth ";

/// A header value is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// Longer than [`MAX_HEADER_LENGTH`].
    #[error("header too long")]
    TooLong,
    /// No prefix, or the pairs cannot be read.
    #[error("malformed header")]
    Syntax,
    /// A required key is missing; its name.
    #[error("header field {0} is missing")]
    Missing(&'static str),
    /// The value of a key breaks its rule; its name.
    #[error("header field {0} is invalid")]
    Invalid(&'static str),
    /// The version is not supported.
    #[error("unsupported protocol version")]
    Version,
}

struct Pairs<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Pairs<'a> {
    fn parse(value: &'a str) -> Result<Self, HeaderError> {
        if value.len() > MAX_HEADER_LENGTH {
            return Err(HeaderError::TooLong);
        }
        let is_separator = |c: char| c == ',' || c.is_ascii_whitespace();
        let mut rest = value
            .trim_ascii()
            .strip_prefix(PREFIX)
            .ok_or(HeaderError::Syntax)?
            .trim_start_matches(is_separator);
        let mut pairs = Vec::with_capacity(8);
        while !rest.is_empty() {
            let (key, tail) = rest.split_once("=\"").ok_or(HeaderError::Syntax)?;
            let (text, tail) = tail.split_once('"').ok_or(HeaderError::Syntax)?;
            if key.is_empty() || !key.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_') {
                return Err(HeaderError::Syntax);
            }
            rest = tail.trim_start_matches(is_separator);
            if rest.len() == tail.len() && !rest.is_empty() {
                return Err(HeaderError::Syntax);
            }
            pairs.push((key, text));
        }
        Ok(Self(pairs))
    }

    /// An empty value counts as missing.
    fn optional(&self, name: &str) -> Option<&'a str> {
        self.0
            .iter()
            .rev()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| *value)
            .filter(|value| !value.is_empty())
    }

    fn required(&self, name: &'static str) -> Result<&'a str, HeaderError> {
        self.optional(name).ok_or(HeaderError::Missing(name))
    }

    fn uuid(&self, name: &'static str) -> Result<String, HeaderError> {
        let text = self.required(name)?;
        if is_uuid(text) {
            Ok(text.to_owned())
        } else {
            Err(HeaderError::Invalid(name))
        }
    }

    fn bytes<const N: usize>(&self, name: &'static str) -> Result<[u8; N], HeaderError> {
        base64::decode_array(self.required(name)?).map_err(|_| HeaderError::Invalid(name))
    }

    /// Sixteen bytes that enter cryptography as the text they came in.
    fn application_key(&self, name: &'static str) -> Result<String, HeaderError> {
        self.bytes::<16>(name)?;
        self.required(name).map(str::to_owned)
    }

    fn version(&self, name: &'static str) -> Result<ProtocolVersion, HeaderError> {
        ProtocolVersion::parse(self.required(name)?).map_err(|_| HeaderError::Version)
    }
}

/// `X-PowerAuth-Authorization`: an online signature.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationHeader {
    /// The activation, in the letter case received.
    pub activation_id: String,
    /// Application key, Base64 text of 16 bytes.
    pub application_key: String,
    /// Signature nonce.
    pub nonce: [u8; 16],
    /// Which factors signed.
    pub signature_type: SignatureType,
    /// The signature text; its shape is checked, its format is compared with the version only by verification.
    pub signature: String,
    /// Protocol version.
    pub version: ProtocolVersion,
}

impl AuthorizationHeader {
    /// Reads and validates a header value.
    ///
    /// # Errors
    /// [`HeaderError`]; the answer is HTTP 401.
    pub fn parse(value: &str) -> Result<Self, HeaderError> {
        let pairs = Pairs::parse(value)?;
        let signature = pairs.required("pa_signature")?;
        if !is_signature_text(signature) {
            return Err(HeaderError::Invalid("pa_signature"));
        }
        let kind = SignatureType::parse(pairs.required("pa_signature_type")?);
        Ok(Self {
            activation_id: pairs.uuid("pa_activation_id")?,
            application_key: pairs.application_key("pa_application_key")?,
            nonce: pairs.bytes("pa_nonce")?,
            signature_type: kind.map_err(|_| HeaderError::Invalid("pa_signature_type"))?,
            signature: signature.to_owned(),
            version: pairs.version("pa_version")?,
        })
    }

    /// The header value.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!(
            "{PREFIX}pa_activation_id=\"{}\", pa_application_key=\"{}\", pa_nonce=\"{}\", pa_signature_type=\"{}\", \
             pa_signature=\"{}\", pa_version=\"{}\"",
            self.activation_id,
            self.application_key,
            base64::encode(&self.nonce),
            self.signature_type,
            self.signature,
            self.version,
        )
    }
}

impl fmt::Debug for AuthorizationHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            activation_id,
            application_key,
            nonce: _,
            signature_type,
            signature: _,
            version,
        } = self;
        f.debug_struct("AuthorizationHeader")
            .field("activation_id", activation_id)
            .field("application_key", application_key)
            .field("signature_type", signature_type)
            .field("version", version)
            .finish_non_exhaustive()
    }
}

/// The shapes a signature may have (spec 5.6): 8, 17 or 26 characters of decimal groups, or 24, 44 or 64 of Base64.
#[must_use]
pub fn is_signature_text(text: &str) -> bool {
    match text.len() {
        8 | 17 | 26 => text
            .split('-')
            .all(|group| group.len() == 8 && group.bytes().all(|c| c.is_ascii_digit())),
        24 | 44 | 64 => base64::decode(text).is_ok_and(|raw| (16..=48).contains(&raw.len())),
        _ => false,
    }
}

/// `X-PowerAuth-Token`: a MAC token.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenHeader {
    /// The token, in the letter case received.
    pub token_id: String,
    /// Digest over nonce, timestamp and version; see [`token`](super::token).
    pub digest: [u8; 32],
    /// Nonce of this use.
    pub nonce: [u8; 16],
    /// Unix time in milliseconds, 9 to 15 digits.
    pub timestamp: u64,
    /// Protocol version.
    pub version: ProtocolVersion,
}

impl TokenHeader {
    /// Reads and validates a header value.
    ///
    /// # Errors
    /// [`HeaderError`]; the answer is HTTP 401.
    pub fn parse(value: &str) -> Result<Self, HeaderError> {
        let pairs = Pairs::parse(value)?;
        let timestamp = pairs.required("timestamp")?;
        if !(9..=15).contains(&timestamp.len()) || !timestamp.bytes().all(|c| c.is_ascii_digit()) {
            return Err(HeaderError::Invalid("timestamp"));
        }
        Ok(Self {
            token_id: pairs.uuid("token_id")?,
            digest: pairs.bytes("token_digest")?,
            nonce: pairs.bytes("nonce")?,
            timestamp: timestamp.parse().map_err(|_| HeaderError::Invalid("timestamp"))?,
            version: pairs.version(match pairs.optional("version") {
                Some(_) => "version",
                // As a published reference spells it.
                None => "pa_version",
            })?,
        })
    }

    /// The header value; the timestamp with at least nine digits, as it is read.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!(
            "{PREFIX}token_id=\"{}\", token_digest=\"{}\", nonce=\"{}\", timestamp=\"{:09}\", version=\"{}\"",
            self.token_id,
            base64::encode(&self.digest),
            base64::encode(&self.nonce),
            self.timestamp,
            self.version,
        )
    }
}

impl fmt::Debug for TokenHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            token_id,
            digest: _,
            nonce: _,
            timestamp,
            version,
        } = self;
        f.debug_struct("TokenHeader")
            .field("token_id", token_id)
            .field("timestamp", timestamp)
            .field("version", version)
            .finish_non_exhaustive()
    }
}

/// `X-PowerAuth-Encryption`: an encrypted request without a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncryptionHeader {
    /// Protocol version.
    pub version: ProtocolVersion,
    /// Application key, Base64 text of 16 bytes.
    pub application_key: String,
    /// Present in activation scope, absent in application scope; in the letter case received.
    pub activation_id: Option<String>,
}

impl EncryptionHeader {
    /// Reads and validates a header value. Whether an activation ID belongs there, the endpoint knows.
    ///
    /// # Errors
    /// [`HeaderError`]; the answer is HTTP 400.
    pub fn parse(value: &str) -> Result<Self, HeaderError> {
        let pairs = Pairs::parse(value)?;
        let activation_id = match pairs.optional("activation_id") {
            Some(_) => Some(pairs.uuid("activation_id")?),
            None => None,
        };
        Ok(Self {
            version: pairs.version("version")?,
            application_key: pairs.application_key("application_key")?,
            activation_id,
        })
    }

    /// The header value.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = format!(
            "{PREFIX}version=\"{}\", application_key=\"{}\"",
            self.version, self.application_key
        );
        if let Some(id) = &self.activation_id {
            out.push_str(", activation_id=\"");
            out.push_str(id);
            out.push('"');
        }
        out
    }
}
