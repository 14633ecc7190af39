//! The one-string configuration of mobile applications (spec 3.7).
//!
//! ```text
//! B64( 01 ‖ D(APP_KEY) ‖ D(APP_SECRET) ‖ C(number of keys) ‖ { key id ‖ D(public key) }… )
//! ```

use super::backend::Backend;
use super::encoding::base64;
use super::key::{KeyError, PublicKey};
use super::secret::Secret;
use thiserror::Error;

/// The text is not a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("malformed mobile configuration")]
pub struct MalformedConfiguration;

const FORMAT_VERSION: u8 = 1;
const KEY_ID_P256: u8 = 1;
const MAX_COUNT: u32 = 0x3FFF_FFFF;

/// Application key, application secret and master public key.
#[derive(Debug, Clone)]
pub struct SdkConfiguration {
    /// Application key, raw.
    pub application_key: [u8; 16],
    /// Application secret, raw.
    pub application_secret: Secret<16>,
    /// Master public key as written, 33 or 65 bytes; not validated, see [`SdkConfiguration::import_key`].
    pub master_public_key: Vec<u8>,
}

impl SdkConfiguration {
    /// Reads a configuration; keys with unknown identifiers are skipped.
    ///
    /// # Errors
    /// [`MalformedConfiguration`] when it is damaged, of another format version, or without a P-256 key.
    pub fn parse(text: &str) -> Result<Self, MalformedConfiguration> {
        let raw = base64::decode(text).map_err(|_| MalformedConfiguration)?;
        let mut reader = Reader(&raw);
        if reader.byte()? != FORMAT_VERSION {
            return Err(MalformedConfiguration);
        }
        let sixteen = |data: &[u8]| <[u8; 16]>::try_from(data).map_err(|_| MalformedConfiguration);
        let application_key = sixteen(reader.data()?)?;
        let application_secret = Secret::from_bytes(sixteen(reader.data()?)?);
        let mut master_public_key = None;
        for _ in 0..reader.count()? {
            let (id, data) = (reader.byte()?, reader.data()?);
            if id == KEY_ID_P256 && master_public_key.is_none() {
                master_public_key = Some(data.to_vec());
            }
        }
        let master_public_key = master_public_key.ok_or(MalformedConfiguration)?;
        let known_length = matches!(
            master_public_key.len(),
            PublicKey::COMPRESSED_LENGTH | PublicKey::LENGTH
        );
        if !known_length || !reader.0.is_empty() {
            return Err(MalformedConfiguration);
        }
        Ok(Self {
            application_key,
            application_secret,
            master_public_key,
        })
    }

    /// The text handed to application developers.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = vec![FORMAT_VERSION];
        write_data(&mut out, &self.application_key);
        write_data(&mut out, self.application_secret.as_bytes());
        out.extend_from_slice(&[1, KEY_ID_P256]);
        write_data(&mut out, &self.master_public_key);
        base64::encode(&out)
    }

    /// Validates the master public key.
    ///
    /// # Errors
    /// [`KeyError::Public`] when it is no point of the curve.
    pub fn import_key(&self, backend: &dyn Backend) -> Result<PublicKey, KeyError> {
        PublicKey::from_bytes(backend, &self.master_public_key)
    }
}

/// The size field `C(n)`: 1, 2 or 4 bytes. `None` above 2³⁰ − 1.
#[must_use]
pub fn encode_count(count: u32) -> Option<Vec<u8>> {
    match count {
        0..=0x7F => u8::try_from(count).ok().map(|byte| vec![byte]),
        0x80..=0x3FFF => u16::try_from(count)
            .ok()
            .map(|short| (0x8000 | short).to_be_bytes().to_vec()),
        0x4000..=MAX_COUNT => Some((0xC000_0000 | count).to_be_bytes().to_vec()),
        _ => None,
    }
}

/// Reads one size field; any of its widths is accepted for any value. Returns the rest.
///
/// # Errors
/// [`MalformedConfiguration`] when bytes are missing.
pub fn decode_count(bytes: &[u8]) -> Result<(u32, &[u8]), MalformedConfiguration> {
    match bytes {
        [n @ 0..=0x7F, rest @ ..] => Ok((u32::from(*n), rest)),
        [a @ 0x80..=0xBF, b, rest @ ..] => Ok((u32::from(u16::from_be_bytes([a & 0x3F, *b])), rest)),
        [a @ 0xC0..=0xFF, b, c, d, rest @ ..] => Ok((u32::from_be_bytes([a & 0x3F, *b, *c, *d]), rest)),
        _ => Err(MalformedConfiguration),
    }
}

fn write_data(out: &mut Vec<u8>, data: &[u8]) {
    // Keys are far below the limit of the size field.
    let count = u32::try_from(data.len())
        .ok()
        .and_then(encode_count)
        .unwrap_or_default();
    out.extend_from_slice(&count);
    out.extend_from_slice(data);
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8, MalformedConfiguration> {
        let (&byte, rest) = self.0.split_first().ok_or(MalformedConfiguration)?;
        self.0 = rest;
        Ok(byte)
    }

    fn count(&mut self) -> Result<u32, MalformedConfiguration> {
        let (count, rest) = decode_count(self.0)?;
        self.0 = rest;
        Ok(count)
    }

    fn data(&mut self) -> Result<&'a [u8], MalformedConfiguration> {
        let length = usize::try_from(self.count()?).map_err(|_| MalformedConfiguration)?;
        let (data, rest) = self.0.split_at_checked(length).ok_or(MalformedConfiguration)?;
        self.0 = rest;
        Ok(data)
    }
}
