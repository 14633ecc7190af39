//! Activation codes, recovery codes and PUKs (spec section 2).
//!
//! A code carries 80 random bits and a CRC that catches typing errors; the CRC authenticates nothing. What makes a
//! scanned activation code trustworthy is the signature of the application's master key inside the QR code. Codes and
//! PUKs are credentials: `Debug` does not show them.
//!
//! ```
//! use countersign::crypto::code::ActivationCode;
//! let code = ActivationCode::from_random([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
//! assert_eq!(code.as_str(), "AAAQE-AYEAU-DAOCA-JIICA");
//! assert!(ActivationCode::parse("AAAQE-AYEAU-DAOCA-JIICB").is_err());
//! ```

use super::backend::{Backend, ImportedKey};
use super::ecdsa::Signature;
use super::encoding::{base64, decimal_of};
use super::key::{KeyError, PublicKey};
use super::random::{Random, RandomError, bytes};
use super::secret::ct_eq;
use base32ct::{Base32UpperUnpadded, Encoding as _};
use core::fmt;
use crc::{CRC_16_ARC, Crc, NoTable};
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// A code, PUK or QR text is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CodeError {
    /// Wrong length, grouping, alphabet, ending or checksum of a code.
    #[error("invalid code")]
    Code,
    /// The part behind `#` is missing or no Base64.
    #[error("invalid signature of a code")]
    Signature,
    /// Not ten decimal digits.
    #[error("invalid PUK")]
    Puk,
}

const CODE_LENGTH: usize = 23;
/// Letters of a code, and bytes that they stand for.
const LETTERS: usize = 20;
const RAW_LENGTH: usize = 12;
/// Bit by bit: a table would be read where the code says.
const CRC: Crc<u16, NoTable> = Crc::<u16, NoTable>::new(&CRC_16_ARC);

/// CRC-16/ARC, the checksum inside codes.
#[must_use]
pub fn crc16(bytes: &[u8]) -> u16 {
    CRC.checksum(bytes)
}

/// An activation code in canonical text: four groups of five, 23 characters.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ActivationCode(String);

impl ActivationCode {
    /// Number of random bytes in a code.
    pub const RANDOM_LENGTH: usize = 10;

    /// Builds the code of ten random bytes.
    #[must_use]
    pub fn from_random(random: [u8; Self::RANDOM_LENGTH]) -> Self {
        let mut raw = Zeroizing::new([0; RAW_LENGTH]);
        let (start, checksum) = raw.split_at_mut(Self::RANDOM_LENGTH);
        start.copy_from_slice(&random);
        checksum.copy_from_slice(&crc16(&random).to_be_bytes());
        let mut letters = Zeroizing::new([0; LETTERS]);
        // Cannot fail: twelve bytes are twenty letters.
        let letters = Base32UpperUnpadded::encode(&*raw, &mut *letters).unwrap_or_default();
        let mut text = String::with_capacity(CODE_LENGTH);
        for (i, c) in letters.chars().enumerate() {
            if i > 0 && i % 5 == 0 {
                text.push('-');
            }
            text.push(c);
        }
        Self(text)
    }

    /// Draws a fresh code.
    ///
    /// # Errors
    /// [`RandomError`] when the source fails.
    pub fn generate(rng: &mut dyn Random) -> Result<Self, RandomError> {
        bytes(rng).map(Self::from_random)
    }

    /// Reads canonical text: length, dashes, alphabet (upper case only), checksum, and no stray bits in the last
    /// character.
    ///
    /// # Errors
    /// [`CodeError::Code`] for anything else.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        if text.len() != CODE_LENGTH {
            return Err(CodeError::Code);
        }
        let mut letters = Zeroizing::new(Vec::with_capacity(LETTERS));
        for (i, c) in text.bytes().enumerate() {
            match (i % 6, c) {
                (5, b'-') => {}
                (5, _) => return Err(CodeError::Code),
                _ => letters.push(c),
            }
        }
        let mut raw = Zeroizing::new([0; RAW_LENGTH]);
        let raw = Base32UpperUnpadded::decode(&*letters, &mut *raw).map_err(|_| CodeError::Code)?;
        let (random, _) = raw.split_first_chunk().ok_or(CodeError::Code)?;
        // Checksum and stray bits in one: the text must be the one of its ten bytes.
        let code = Self::from_random(*random);
        if ct_eq(code.0.as_bytes(), text.as_bytes()) {
            Ok(code)
        } else {
            Err(CodeError::Code)
        }
    }

    /// The 23 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Signs the text of the code with the master key of the application (server).
    ///
    /// # Errors
    /// [`KeyError`] when the backend fails.
    pub fn sign(&self, master: &dyn ImportedKey) -> Result<Signature, KeyError> {
        master.sign(self.0.as_bytes())
    }

    /// Verifies a signature of the code (phone).
    #[must_use]
    pub fn verify(&self, backend: &dyn Backend, master: &PublicKey, signature: &Signature) -> bool {
        backend.verify(master, self.0.as_bytes(), signature)
    }

    /// Content of the QR code: `code#B64(DER signature)`.
    #[must_use]
    pub fn to_qr(&self, signature: &Signature) -> String {
        format!("{}#{}", self.0, base64::encode(&signature.to_der()))
    }
}

impl fmt::Debug for ActivationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActivationCode(..)")
    }
}

/// Content of an activation QR code, or a code typed by hand (then without a signature).
#[derive(Debug, Clone)]
pub struct ActivationQr {
    /// The code.
    pub code: ActivationCode,
    /// The signature as it was scanned, Base64; `None` for a typed code.
    pub signature: Option<String>,
}

impl ActivationQr {
    /// Reads `code` or `code#signature`. The signature is not verified yet.
    ///
    /// # Errors
    /// [`CodeError::Signature`] when the part behind the first `#` is empty or no Base64, [`CodeError::Code`] for a bad
    /// code.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let (code, signature) = match text.split_once('#') {
            Some((code, signature)) => {
                scanned_base64(signature)?;
                (code, Some(signature.to_owned()))
            }
            None => (text, None),
        };
        Ok(Self {
            code: ActivationCode::parse(code)?,
            signature,
        })
    }

    /// Whether the signature is there and belongs to the master key.
    #[must_use]
    pub fn verify(&self, backend: &dyn Backend, master: &PublicKey) -> bool {
        let bytes = self
            .signature
            .as_deref()
            .and_then(|text| scanned_base64(text).ok());
        bytes
            .and_then(|der| Signature::from_der(&der).ok())
            .is_some_and(|signature| self.code.verify(backend, master, &signature))
    }

    /// The text of the QR code.
    #[must_use]
    pub fn to_text(&self) -> String {
        match &self.signature {
            Some(signature) => format!("{}#{signature}", self.code.as_str()),
            None => self.code.as_str().to_owned(),
        }
    }
}

/// Scanners accept stray bits in the last character; deployed codes may have them.
fn scanned_base64(text: &str) -> Result<Vec<u8>, CodeError> {
    if text.is_empty() {
        return Err(CodeError::Signature);
    }
    let bare = text.trim_end_matches('=');
    let spare = match text.len() - bare.len() {
        0 => 0,
        1 => 2,
        2 => 4,
        _ => return Err(CodeError::Signature),
    };
    let mut canonical = bare.to_owned();
    let last = canonical.pop().ok_or(CodeError::Signature)?;
    let value = BASE64.chars().position(|known| known == last);
    let cleared = value.and_then(|value| BASE64.chars().nth(value >> spare << spare));
    canonical.push(cleared.ok_or(CodeError::Signature)?);
    canonical.extend(text.chars().skip(bare.chars().count()));
    base64::decode(&canonical).map_err(|_| CodeError::Signature)
}

/// The signature is not secret.
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A recovery code; its text has the form of an activation code.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryCode(ActivationCode);

impl RecoveryCode {
    /// What stands before the code in a QR code, never in JSON.
    pub const PREFIX: &'static str = "R:";

    /// Builds the code of ten bytes; see spec 2.6.
    #[must_use]
    pub fn from_random(random: [u8; ActivationCode::RANDOM_LENGTH]) -> Self {
        Self(ActivationCode::from_random(random))
    }

    /// Reads the form of JSON, without the prefix.
    ///
    /// # Errors
    /// [`CodeError::Code`] for anything else.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        ActivationCode::parse(text).map(Self)
    }

    /// Reads the content of a recovery QR code, with or without the prefix.
    ///
    /// # Errors
    /// [`CodeError::Code`] for anything else, also for a signature.
    pub fn parse_qr(text: &str) -> Result<Self, CodeError> {
        Self::parse(text.strip_prefix(Self::PREFIX).unwrap_or(text))
    }

    /// The 23 characters, without the prefix.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Content of the QR code, with the prefix.
    #[must_use]
    pub fn to_qr(&self) -> String {
        format!("{}{}", Self::PREFIX, self.as_str())
    }

    /// The form for display to operators: all groups but the last are masked.
    #[must_use]
    pub fn masked(&self) -> String {
        let last = self.as_str().rsplit('-').next().unwrap_or_default();
        format!("XXXXX-XXXXX-XXXXX-{last}")
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(..)")
    }
}

/// A PUK: ten decimal digits, used once.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Puk(String);

impl Puk {
    /// Number of digits.
    pub const LENGTH: usize = 10;

    /// Reads exactly ten ASCII digits.
    ///
    /// # Errors
    /// [`CodeError::Puk`] for anything else.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        if text.len() == Self::LENGTH && text.bytes().all(|c| c.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(CodeError::Puk)
        }
    }

    /// The PUK of a number; digits above the tenth are dropped.
    #[must_use]
    pub(crate) fn from_number(number: u64) -> Self {
        Self(decimal_of(number, Self::LENGTH))
    }

    /// The ten digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares in constant time.
    #[must_use]
    pub fn ct_eq(&self, other: &Self) -> bool {
        ct_eq(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl fmt::Debug for Puk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Puk(..)")
    }
}

/// Typing aid: the character to show for the one typed into a code field, `None` when it must be refused.
///
/// Dashes are the business of the user interface.
#[must_use]
pub const fn correct_character(typed: char) -> Option<char> {
    match typed {
        'A'..='Z' | '2'..='7' => Some(typed),
        'a'..='z' => Some(typed.to_ascii_uppercase()),
        '0' => Some('O'),
        '1' => Some('I'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scanned_base64_may_have_stray_bits_and_nothing_else() {
        let mut lenient = data_encoding::BASE64.specification();
        lenient.check_trailing_bits = false;
        let lenient = lenient.encoding().unwrap();
        let mut stray = 0;
        for length in 1..80_u8 {
            let bytes: Vec<u8> = (0..length).map(|it| it.wrapping_mul(197) ^ length).collect();
            let text = base64::encode(&bytes);
            let bare = text.trim_end_matches('=');
            for last in BASE64.chars().chain("=-_ é\n".chars()) {
                let changed = format!("{}{last}{}", &bare[..bare.len() - 1], &text[bare.len()..]);
                let expected = lenient.decode(changed.as_bytes()).ok();
                assert_eq!(scanned_base64(&changed).ok(), expected, "{changed}");
                stray += usize::from(changed != text && expected.as_ref() == Some(&bytes));
            }
        }
        // Three or fifteen other letters where there are two or four bits to spare.
        assert_eq!(stray, 26 * 3 + 27 * 15);
        for wrong in ["", "=", "==", "====", "A", "AA", "AAA", "A===", "AA=", "AAA=="] {
            assert!(scanned_base64(wrong).is_err(), "{wrong}");
        }
    }
}
