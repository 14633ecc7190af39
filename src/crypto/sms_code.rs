//! One-time authorisation codes typed by users, SMS style (spec 6.6).
//!
//! The code is bound to the items it was made for (an amount, an account); it has nothing to do with factor keys. The
//! key ("salt") must be kept secret until the code has been used.

use super::secret::Secret;
use super::symmetric::hmac_sha256;
use thiserror::Error;

/// The length of a code is outside 4 to 9 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an authorisation code has 4 to 9 digits")]
pub struct CodeLengthError;

/// Default number of digits.
pub const DEFAULT_LENGTH: u8 = 8;

/// The code over `items`, joined with `&`, zero-padded to `length` digits.
///
/// # Errors
/// [`CodeLengthError`] outside 4 to 9 digits.
pub fn generate(key: &Secret<16>, items: &[&str], length: u8) -> Result<String, CodeLengthError> {
    let modulus = match length {
        4..=9 => 10_u64.pow(length.into()),
        _ => return Err(CodeLengthError),
    };
    let hash = hmac_sha256(key.as_bytes(), &[items.join("&").as_bytes()]);
    // The hash is a signed number: two's complement, so a negative one is congruent to itself minus 2^256.
    let mut remainder = 0_u64;
    let mut wrap = 1_u64;
    for byte in hash {
        remainder = (remainder * 256 + u64::from(byte)) % modulus;
        wrap = wrap * 256 % modulus;
    }
    if hash[0] >= 0x80 {
        remainder = (remainder + modulus - wrap) % modulus;
    }
    Ok(format!("{remainder:0width$}", width = usize::from(length)))
}
