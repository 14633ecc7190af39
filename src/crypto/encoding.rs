//! Text and byte encodings shared by the whole protocol (spec 0.1, 1.4, 1.9, 4.4).

use thiserror::Error;

/// A text or byte string is not in the encoding the protocol demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EncodingError {
    /// Not canonical Base64: wrong alphabet, padding, or stray bits in the last character.
    #[error("not canonical Base64")]
    Base64,
    /// Decoded to another number of bytes than required.
    #[error("wrong length")]
    Length,
}

/// Standard Base64 with padding (RFC 4648 section 4), strict, constant time in the content.
pub mod base64 {
    use super::EncodingError;
    use base64ct::{Base64, Encoding};

    /// Encodes with padding and without line breaks.
    #[must_use]
    pub fn encode(bytes: &[u8]) -> String {
        Base64::encode_string(bytes)
    }

    /// Decodes canonical text only, so that `encode(decode(s)) == s`.
    ///
    /// # Errors
    /// [`EncodingError::Base64`] for anything else.
    pub fn decode(text: &str) -> Result<Vec<u8>, EncodingError> {
        Base64::decode_vec(text).map_err(|_| EncodingError::Base64)
    }

    /// Decodes canonical text of exactly `N` bytes.
    ///
    /// # Errors
    /// [`EncodingError::Base64`] for text that is not canonical, [`EncodingError::Length`] for another length.
    pub fn decode_array<const N: usize>(text: &str) -> Result<[u8; N], EncodingError> {
        if text.len() != N.div_ceil(3) * 4 {
            // Bad text and text of another length stay apart in the error; this path is never fast or common.
            return decode(text).and(Err(EncodingError::Length));
        }
        let mut out = [0; N];
        match Base64::decode(text, &mut out) {
            Ok(decoded) if decoded.len() == N => Ok(out),
            Ok(_) => Err(EncodingError::Length),
            Err(_) => decode(text).and(Err(EncodingError::Length)),
        }
    }
}

/// Base64url without padding (RFC 4648 section 5), as JWTs use it.
pub mod base64url {
    use super::EncodingError;
    use base64ct::{Base64UrlUnpadded, Encoding};

    /// Encodes without padding.
    #[must_use]
    pub fn encode(bytes: &[u8]) -> String {
        Base64UrlUnpadded::encode_string(bytes)
    }

    /// Decodes canonical text only.
    ///
    /// # Errors
    /// [`EncodingError::Base64`] for anything else.
    pub fn decode(text: &str) -> Result<Vec<u8>, EncodingError> {
        Base64UrlUnpadded::decode_vec(text).map_err(|_| EncodingError::Base64)
    }
}

/// Concatenates parts, each preceded by its length as `u32be`; an absent part is four zero bytes (`LP` of spec 0.1).
///
/// # Errors
/// [`EncodingError::Length`] when a part has 2³² bytes or more.
pub fn length_prefixed(parts: &[Option<&[u8]>]) -> Result<Vec<u8>, EncodingError> {
    let total = parts.iter().map(|part| 4 + part.map_or(0, <[u8]>::len)).sum();
    let mut out = Vec::with_capacity(total);
    for part in parts {
        let part = part.unwrap_or_default();
        let length = u32::try_from(part.len()).map_err(|_| EncodingError::Length)?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(part);
    }
    Ok(out)
}

/// `fold` of spec 1.4: the two halves of 32 bytes, combined with XOR.
#[must_use]
pub fn fold(bytes: &[u8; 32]) -> [u8; 16] {
    let mut out = [0; 16];
    let (left, right) = bytes.split_at(16);
    for (out, (a, b)) in out.iter_mut().zip(left.iter().zip(right)) {
        *out = a ^ b;
    }
    out
}

/// The number behind `decₙ` of spec 1.9: the last four bytes without the sign bit, modulo 10ⁿ.
#[must_use]
pub(crate) fn truncate_decimal(hash: &[u8; 32], digits: u8) -> u32 {
    let [.., a, b, c, d] = *hash;
    let number = u32::from_be_bytes([a, b, c, d]) & 0x7FFF_FFFF;
    10_u32
        .checked_pow(u32::from(digits))
        .map_or(number, |modulus| number % modulus)
}

/// `decₙ` of spec 1.9 as text, zero-padded to `digits`.
#[must_use]
pub(crate) fn decimal(hash: &[u8; 32], digits: u8) -> String {
    decimal_of(truncate_decimal(hash, digits).into(), digits.into())
}

/// The last `length` decimal digits of a number. As much work for a number with leading zeros as for any other.
#[must_use]
pub(crate) fn decimal_of(number: u64, length: usize) -> String {
    let mut rest = number;
    let mut digits = vec![b'0'; length];
    for digit in digits.iter_mut().rev() {
        *digit += u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
    }
    digits.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_strict() {
        assert_eq!(base64::decode("QUI=").as_deref(), Ok(b"AB".as_slice()));
        for bad in [
            "QUI", "QUJ=", "QUI=\n", " QUI=", "QU-=", "QUI==", "Q", "====", "QUI=QUI=",
        ] {
            assert_eq!(base64::decode(bad), Err(EncodingError::Base64), "{bad}");
        }
        assert_eq!(base64url::decode("QUI").as_deref(), Ok(b"AB".as_slice()));
        for bad in ["QUI=", "QUJ", "Q+I", "Q"] {
            assert_eq!(base64url::decode(bad), Err(EncodingError::Base64), "{bad}");
        }
    }

    #[test]
    fn arrays_have_exact_length() {
        assert_eq!(
            base64::decode_array::<16>("AAECAwQFBgcICQoLDA0ODw==").map(|a| a[15]),
            Ok(15)
        );
        assert_eq!(
            base64::decode_array::<16>("AAECAwQFBgcICQoLDA0ODxA="),
            Err(EncodingError::Length)
        );
        assert_eq!(
            base64::decode_array::<16>("AAECAwQFBgcICQoLDA0O"),
            Err(EncodingError::Length)
        );
        assert_eq!(
            base64::decode_array::<16>("AAECAwQFBgcICQoLDA0ODx=="),
            Err(EncodingError::Base64)
        );
        assert_eq!(base64::decode_array::<16>(""), Err(EncodingError::Length));
        assert_eq!(base64::decode_array::<16>("?"), Err(EncodingError::Base64));
    }

    #[test]
    fn decimals_are_padded() {
        let mut hash = [0xFF; 32];
        hash[28..].copy_from_slice(&[0x80, 0, 0, 7]);
        assert_eq!(decimal(&hash, 8), "00000007");
        assert_eq!(decimal(&hash, 4), "0007");
    }
}
