//! Protocol versions 3.0 to 3.3 and what each of them does differently (spec 0.3).
//!
//! The version is a property of a request, not of an activation: it travels in the headers and selects the column of
//! the matrix. Version 4 will be further variants; nothing outside this module compares version strings.

use core::fmt;
use thiserror::Error;

/// The text is not the name of a supported protocol version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("unsupported protocol version")]
pub struct UnsupportedVersion;

/// A protocol version, ordered from old to new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ProtocolVersion {
    /// 3.0: decimal signatures, ECIES without a nonce.
    V3_0,
    /// 3.1: Base64 signatures, ECIES request nonce, status challenge.
    V3_1,
    /// 3.2: timestamps, associated data and replay protection in ECIES, version in token digests.
    V3_2,
    /// 3.3: temporary encryption keys.
    V3_3,
}

impl ProtocolVersion {
    /// All versions, oldest first.
    pub const ALL: [Self; 4] = [Self::V3_0, Self::V3_1, Self::V3_2, Self::V3_3];

    /// Reads the exact text of a header, for example `3.2`.
    ///
    /// # Errors
    /// [`UnsupportedVersion`] for any other text.
    pub fn parse(text: &str) -> Result<Self, UnsupportedVersion> {
        Self::ALL
            .into_iter()
            .find(|version| version.as_str() == text)
            .ok_or(UnsupportedVersion)
    }

    /// The text used in headers, key derivation and associated data.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V3_2 => "3.2",
            Self::V3_3 => "3.3",
        }
    }

    /// Whether online signatures are decimal (3.0) instead of Base64.
    #[must_use]
    pub const fn has_decimal_signature(self) -> bool {
        matches!(self, Self::V3_0)
    }

    /// Whether an encrypted request carries a nonce; where it does not, it must not.
    #[must_use]
    pub const fn has_request_nonce(self) -> bool {
        !matches!(self, Self::V3_0)
    }

    /// Whether an encrypted response carries a nonce of its own.
    #[must_use]
    pub const fn has_response_nonce(self) -> bool {
        matches!(self, Self::V3_2 | Self::V3_3)
    }

    /// Whether encrypted requests and responses carry a timestamp; where they do not, they must not.
    #[must_use]
    pub const fn has_timestamp(self) -> bool {
        matches!(self, Self::V3_2 | Self::V3_3)
    }

    /// Whether the version text is prefixed to `SharedInfo1`.
    #[must_use]
    pub const fn prefixes_shared_info1(self) -> bool {
        matches!(self, Self::V3_2 | Self::V3_3)
    }

    /// Whether `SharedInfo2` is structured and carries associated data.
    #[must_use]
    pub const fn has_associated_data(self) -> bool {
        matches!(self, Self::V3_2 | Self::V3_3)
    }

    /// Whether requests are encrypted to a temporary key; where they are not, they must not name one.
    #[must_use]
    pub const fn has_temporary_keys(self) -> bool {
        matches!(self, Self::V3_3)
    }

    /// Whether the version text is part of a token digest.
    #[must_use]
    pub const fn digests_version(self) -> bool {
        matches!(self, Self::V3_2 | Self::V3_3)
    }

    /// Whether the status call has a challenge and a nonce.
    #[must_use]
    pub const fn has_status_challenge(self) -> bool {
        !matches!(self, Self::V3_0)
    }

    /// Whether the server must remember encrypted requests to refuse their replay.
    #[must_use]
    pub const fn has_replay_protection(self) -> bool {
        matches!(self, Self::V3_2 | Self::V3_3)
    }
}

impl fmt::Display for ProtocolVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_names_parse() {
        for version in ProtocolVersion::ALL {
            assert_eq!(ProtocolVersion::parse(version.as_str()), Ok(version));
        }
        for bad in ["", "3", "3.", "3.4", "2.1", "4.0", " 3.1", "3.10", "V3_1"] {
            assert_eq!(ProtocolVersion::parse(bad), Err(UnsupportedVersion), "{bad}");
        }
    }
}
