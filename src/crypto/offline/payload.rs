//! The text behind the QR code (spec 6.1).

use super::OfflineError;
use crate::crypto::backend::{Backend, ImportedKey};
use crate::crypto::ecdsa::Signature;
use crate::crypto::encoding::base64;
use crate::crypto::key::PublicKey;

/// Which key signs a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PayloadKind {
    /// `0`: the master key; the activation is not known when the code is shown.
    NonPersonalized,
    /// `1`: the server key of the activation.
    Personalized,
}

impl PayloadKind {
    const fn mark(self) -> char {
        match self {
            Self::NonPersonalized => '0',
            Self::Personalized => '1',
        }
    }
}

/// What the phone may do with an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each flag is a letter of the format"
)]
pub struct Flags {
    /// `B`: the biometric factor may be used.
    pub biometry: bool,
    /// `X`: approve and reject buttons are swapped.
    pub flip_buttons: bool,
    /// `F`: a fraud warning is shown.
    pub fraud_warning: bool,
    /// `C`: approval is blocked during a phone call.
    pub block_when_on_call: bool,
}

impl Flags {
    /// Reads the letters in any order; unknown ones are ignored.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self {
            biometry: text.contains('B'),
            flip_buttons: text.contains('X'),
            fraud_warning: text.contains('F'),
            block_when_on_call: text.contains('C'),
        }
    }
}

/// Builds a payload (server).
///
/// `data` are lines 0 to 4 (operation ID, title, message, operation data, flags), opaque here; `totp` is the one-time
/// password of a proximity check; `key` is the master key or the activation's server key, as `kind` says.
///
/// # Errors
/// [`OfflineError::Proximity`] for a one-time password in a non-personalised payload, [`OfflineError::Key`] when signing
/// fails.
pub fn build_payload(
    data: &str,
    totp: Option<&str>,
    nonce: &[u8; 16],
    kind: PayloadKind,
    key: &dyn ImportedKey,
) -> Result<String, OfflineError> {
    let mut text = data.to_owned();
    if let Some(totp) = totp {
        if kind != PayloadKind::Personalized {
            return Err(OfflineError::Proximity);
        }
        text.push('\n');
        text.push_str(totp);
    }
    text.push('\n');
    text.push_str(&base64::encode(nonce));
    text.push('\n');
    text.push(kind.mark());
    let signature = key.sign(text.as_bytes())?;
    text.push_str(&base64::encode(&signature.to_der()));
    Ok(text)
}

/// A payload as the phone reads it. Nothing in it is trustworthy before [`OfflinePayload::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflinePayload {
    /// Operation ID.
    pub operation_id: String,
    /// Title for display, escapes resolved.
    pub title: String,
    /// Message for display, escapes resolved.
    pub message: String,
    /// Operation data, raw: this very text is signed. [`OperationData`](super::OperationData) reads it.
    pub operation_data: String,
    /// Flags.
    pub flags: Flags,
    /// One-time password of a proximity check; personalised payloads only.
    pub totp: Option<String>,
    /// Nonce, Base64 text of 16 bytes; enters the signature as text.
    pub nonce: String,
    /// Which key signed.
    pub kind: PayloadKind,
    signed_length: usize,
    text: String,
    signature: Signature,
}

const SIGNATURE_BYTES: core::ops::RangeInclusive<usize> = 64..=255;

impl OfflinePayload {
    /// Reads a payload. Unknown lines between the flags and the nonce are skipped; they are still signed.
    ///
    /// # Errors
    /// [`OfflineError::Payload`] when lines, nonce or signature are malformed, [`OfflineError::Text`] for control
    /// characters or unknown escapes.
    pub fn parse(text: &str) -> Result<Self, OfflineError> {
        if text.chars().any(|c| c < ' ' && c != '\n') {
            return Err(OfflineError::Text);
        }
        let lines: Vec<&str> = text.split('\n').collect();
        let [
            operation_id,
            title,
            message,
            operation_data,
            flags,
            extra @ ..,
            nonce,
            signature_line,
        ] = lines.as_slice()
        else {
            return Err(OfflineError::Payload);
        };
        if operation_id.is_empty() {
            return Err(OfflineError::Payload);
        }
        base64::decode_array::<16>(nonce).map_err(|_| OfflineError::Payload)?;
        let kind = match signature_line.chars().next() {
            Some('0') => PayloadKind::NonPersonalized,
            Some('1') => PayloadKind::Personalized,
            _ => return Err(OfflineError::Payload),
        };
        let encoded = signature_line.get(1..).unwrap_or_default();
        let der = base64::decode(encoded).map_err(|_| OfflineError::Payload)?;
        if !SIGNATURE_BYTES.contains(&der.len()) {
            return Err(OfflineError::Payload);
        }
        let totp = extra.last().filter(|line| {
            kind == PayloadKind::Personalized && !line.is_empty() && line.bytes().all(|c| c.is_ascii_digit())
        });
        Ok(Self {
            operation_id: (*operation_id).to_owned(),
            title: unescape(title)?,
            message: unescape(message)?,
            operation_data: (*operation_data).to_owned(),
            flags: Flags::parse(flags),
            totp: totp.map(|line| (*line).to_owned()),
            nonce: (*nonce).to_owned(),
            kind,
            signed_length: text.len().saturating_sub(encoded.len()),
            text: text.to_owned(),
            signature: Signature::from_der(&der).map_err(|_| OfflineError::Payload)?,
        })
    }

    /// Verifies the signature: `key` is the application's master key for a non-personalised payload and the
    /// activation's server key for a personalised one.
    #[must_use]
    pub fn verify(&self, backend: &dyn Backend, key: &PublicKey) -> bool {
        let signed = self.text.get(..self.signed_length).unwrap_or_default();
        backend.verify(key, signed.as_bytes(), &self.signature)
    }

    /// The payload text as it was read.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The base string the phone signs for this payload.
    #[must_use]
    pub fn base_string(&self) -> String {
        super::base_string(
            &self.operation_id,
            &self.operation_data,
            self.totp.as_deref(),
            &self.nonce,
        )
    }
}

/// Resolves `\n` and `\\` of titles and messages.
///
/// # Errors
/// [`OfflineError::Text`] for control characters and any other escape.
pub fn unescape(text: &str) -> Result<String, OfflineError> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('\\') => '\\',
                _ => return Err(OfflineError::Text),
            },
            c if c < ' ' => return Err(OfflineError::Text),
            c => c,
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::backend::RustCrypto;
    use crate::crypto::key::{KeyPair, PrivateKey};

    const DATA: &str = "op-1\nTitle\nLine\\none\nA1*A100CZK\nBX";

    #[test]
    fn payload_round_trip_and_tampering() {
        let pair = KeyPair::from_private(&RustCrypto, PrivateKey::from_bytes(&[7; 32]).unwrap()).unwrap();
        let key = RustCrypto.import_private(&pair.private).unwrap();
        let text = build_payload(
            DATA,
            Some("01234567"),
            &[1; 16],
            PayloadKind::Personalized,
            key.as_ref(),
        )
        .unwrap();
        let payload = OfflinePayload::parse(&text).unwrap();
        assert_eq!(
            (payload.operation_id.as_str(), payload.message.as_str()),
            ("op-1", "Line\none")
        );
        assert_eq!(payload.totp.as_deref(), Some("01234567"));
        assert!(payload.flags.biometry && payload.flags.flip_buttons && !payload.flags.fraud_warning);
        assert!(payload.verify(&RustCrypto, &pair.public));

        // Every character before the signature is covered, also the key mark and unknown lines.
        for i in 0..payload.signed_length {
            let mut bytes = text.clone().into_bytes();
            bytes[i] = if bytes[i] == b'0' { b'1' } else { b'0' };
            let Ok(changed) = OfflinePayload::parse(core::str::from_utf8(&bytes).unwrap()) else {
                continue;
            };
            assert!(!changed.verify(&RustCrypto, &pair.public), "byte {i}");
        }
        let extended = text.replacen("\nBX\n", "\nBX\nfuture\n", 1);
        let extended = OfflinePayload::parse(&extended).unwrap();
        assert_eq!(extended.totp.as_deref(), Some("01234567"));
        assert!(!extended.verify(&RustCrypto, &pair.public));
    }

    #[test]
    fn proximity_needs_a_personalised_payload() {
        let key = RustCrypto
            .import_private(&PrivateKey::from_bytes(&[7; 32]).unwrap())
            .unwrap();
        let kind = PayloadKind::NonPersonalized;
        let built = build_payload(DATA, Some("01234567"), &[1; 16], kind, key.as_ref());
        assert_eq!(built, Err(OfflineError::Proximity));
        let text = build_payload(DATA, None, &[1; 16], kind, key.as_ref()).unwrap();
        let payload = OfflinePayload::parse(&text.replacen("\nBX\n", "\nBX\n01234567\n", 1)).unwrap();
        assert_eq!(payload.totp, None);
        assert!(OfflinePayload::parse(&format!("{text}\n")).is_err());
        assert!(OfflinePayload::parse(&text.replacen("op-1", "", 1)).is_err());
        assert!(OfflinePayload::parse(&text.replacen("\nBX\n", "\n", 1)).is_err());
        assert!(OfflinePayload::parse(&text.replacen("\n0", "\n2", 1)).is_err());
        assert!(OfflinePayload::parse(&text.replacen("Title", "Ti\ttle", 1)).is_err());
    }
}
