//! ECDSA signatures with P-256 and SHA-256 in their two encodings (spec 1.3, 11.3).
//!
//! DER is used for activation codes, offline payloads and device signatures; the fixed form is JOSE's, used in JWTs.
//! High `s` values are accepted on purpose: neither side of the protocol applies a low-S rule.

use thiserror::Error;

/// The bytes are not a signature in the expected encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("malformed ECDSA signature")]
pub struct MalformedSignature;

/// The numbers `r` and `s`, 32 bytes each. Their range is checked by verification, not by decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl Signature {
    /// Length of the JOSE form in bytes.
    pub const JOSE_LENGTH: usize = 64;
    /// Longest DER form in bytes.
    pub const MAX_DER_LENGTH: usize = 72;

    /// Reads the fixed form `r ‖ s`.
    ///
    /// # Errors
    /// [`MalformedSignature`] when there are not exactly 64 bytes.
    pub fn from_jose(bytes: &[u8]) -> Result<Self, MalformedSignature> {
        bytes.try_into().map(Self).map_err(|_| MalformedSignature)
    }

    /// The fixed form `r ‖ s`.
    #[must_use]
    pub const fn as_jose(&self) -> &[u8; 64] {
        &self.0
    }

    /// Reads strict DER: `SEQUENCE { INTEGER r, INTEGER s }`, minimal lengths, non-negative minimal integers, nothing
    /// after them.
    ///
    /// # Errors
    /// [`MalformedSignature`] for anything else, also for integers of more than 32 bytes.
    pub fn from_der(bytes: &[u8]) -> Result<Self, MalformedSignature> {
        let body = match bytes {
            // Two integers of at most 33 bytes always fit the one-byte length form.
            [0x30, length @ 0..=0x7F, body @ ..] if body.len() == usize::from(*length) => body,
            _ => return Err(MalformedSignature),
        };
        let mut out = [0; 64];
        let (r, s) = out.split_at_mut(32);
        let rest = read_integer(body, r)?;
        let rest = read_integer(rest, s)?;
        if rest.is_empty() {
            Ok(Self(out))
        } else {
            Err(MalformedSignature)
        }
    }

    /// The DER form, at most 72 bytes.
    #[must_use]
    pub fn to_der(self) -> Vec<u8> {
        let (r, s) = self.0.split_at(32);
        let mut out = Vec::with_capacity(Self::MAX_DER_LENGTH);
        out.extend_from_slice(&[0x30, 0]);
        write_integer(&mut out, r);
        write_integer(&mut out, s);
        let length = u8::try_from(out.len().saturating_sub(2)).unwrap_or(u8::MAX);
        if let Some(slot) = out.get_mut(1) {
            *slot = length;
        }
        out
    }
}

fn read_integer<'a>(input: &'a [u8], out: &mut [u8]) -> Result<&'a [u8], MalformedSignature> {
    let [0x02, length, rest @ ..] = input else {
        return Err(MalformedSignature);
    };
    let (integer, rest) = rest
        .split_at_checked(usize::from(*length))
        .ok_or(MalformedSignature)?;
    let magnitude = match integer {
        [0, magnitude @ ..] if magnitude.first().is_some_and(|&first| first >= 0x80) => magnitude,
        [0] => &[],
        [1..=0x7F, ..] => integer,
        _ => return Err(MalformedSignature),
    };
    let start = out.len().checked_sub(magnitude.len()).ok_or(MalformedSignature)?;
    out.get_mut(start..)
        .ok_or(MalformedSignature)?
        .copy_from_slice(magnitude);
    Ok(rest)
}

fn write_integer(out: &mut Vec<u8>, number: &[u8]) {
    let zeros = number.iter().take_while(|&&byte| byte == 0).count();
    let magnitude = number.get(zeros..).unwrap_or_default();
    let sign = magnitude.first().is_none_or(|&first| first >= 0x80);
    let length = magnitude.len() + usize::from(sign);
    out.extend_from_slice(&[0x02, u8::try_from(length).unwrap_or(u8::MAX)]);
    if sign {
        out.push(0);
    }
    out.extend_from_slice(magnitude);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn der_round_trip_of_extreme_numbers() {
        for (r, s) in [(0, 0), (1, 1), (0x7F, 0x80), (0x80, 0xFF)] {
            let mut raw = [0; 64];
            raw[31] = r;
            raw[32..].fill(s);
            let signature = Signature::from_jose(&raw).unwrap();
            assert_eq!(Signature::from_der(&signature.to_der()), Ok(signature));
        }
        assert_eq!(Signature([0xFF; 64]).to_der().len(), Signature::MAX_DER_LENGTH);
    }

    #[test]
    fn der_is_strict() {
        let good = [0x30, 6, 2, 1, 1, 2, 1, 2];
        assert!(Signature::from_der(&good).is_ok());
        let bad: [&[u8]; 13] = [
            &[],
            &[0x30],
            &[0x30, 7, 2, 1, 1, 2, 1, 2],
            &[0x30, 6, 2, 1, 1, 2, 1, 2, 0],
            &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 2],
            &[0x30, 0x80, 2, 1, 1, 2, 1, 2, 0, 0],
            &[0x31, 6, 2, 1, 1, 2, 1, 2],
            &[0x30, 6, 3, 1, 1, 2, 1, 2],
            &[0x30, 5, 2, 0, 2, 1, 2],
            &[0x30, 6, 2, 1, 0x80, 2, 1, 2],
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 2],
            &[0x30, 8, 2, 1, 1, 2, 1, 2, 5, 0],
            &[0x30, 3, 2, 1, 1],
        ];
        for bytes in bad {
            assert_eq!(
                Signature::from_der(bytes),
                Err(MalformedSignature),
                "{bytes:02x?}"
            );
        }
    }
}
