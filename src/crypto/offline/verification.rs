//! What the phone signs and how the server verifies the typed digits (spec 6.3, 6.4).

use super::OfflineError;
use crate::crypto::base::signed_bytes;
use crate::crypto::counter::HashCounter;
use crate::crypto::encoding::base64;
use crate::crypto::schedule::FactorKeys;
use crate::crypto::signature::{Matched, SignatureFormat, SignatureType, look_ahead};

/// Stands where an online signature has the application secret.
pub const OFFLINE_SECRET: &str = "offline";
/// Resource identifier of offline signatures.
pub const URI_ID: &str = "/operation/authorize/offline";

/// The base string of an offline signature. `nonce` is the text of the QR code.
#[must_use]
pub fn base_string(operation_id: &str, operation_data: &str, totp: Option<&str>, nonce: &str) -> String {
    let mut data = format!("{operation_id}&{operation_data}");
    if let Some(totp) = totp {
        data.push('&');
        data.push_str(totp);
    }
    format!(
        "POST&{}&{nonce}&{}",
        base64::encode(URI_ID.as_bytes()),
        base64::encode(data.as_bytes())
    )
}

/// Extends the data part of a base string with a one-time password (server, proximity check).
///
/// # Errors
/// [`OfflineError::Base`] when the last part is no Base64.
pub fn append_totp(base: &str, totp: &str) -> Result<String, OfflineError> {
    let (start, data) = base.rsplit_once('&').ok_or(OfflineError::Base)?;
    let mut data = base64::decode(data).map_err(|_| OfflineError::Base)?;
    data.push(b'&');
    data.extend_from_slice(totp.as_bytes());
    Ok(format!("{start}&{}", base64::encode(&data)))
}

/// The canonical text of a typed two-factor code: `length` digits, a dash, `length` digits.
///
/// Users type what they see: with or without dashes or spaces, in groups of four or of `length`. Only digits in the right
/// number count. `None` for anything else.
#[must_use]
pub fn canonical_code(typed: &str, length: u8) -> Option<String> {
    let length = usize::from(length);
    let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if digits.len() != length * 2 || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let (first, second) = digits.split_at_checked(length)?;
    Some(format!("{first}-{second}"))
}

/// The canonical text of digits typed in one of the forms that the cloud API publishes: 16 digits, two groups of eight or
/// four of four, with spaces around. `None` for anything else, which is then no attempt.
#[must_use]
pub fn typed_code(typed: &str) -> Option<String> {
    let typed = typed.trim_matches(' ');
    let lengths: Vec<usize> = typed.split('-').map(str::len).collect();
    let known = [&[16][..], &[8, 8], &[4, 4, 4, 4]].contains(&lengths.as_slice());
    let digits = typed.replace('-', "");
    if !known || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let (first, second) = digits.split_at_checked(8)?;
    Some(format!("{first}-{second}"))
}

/// One offline verification.
#[derive(Debug, Clone, Copy)]
pub struct Verification<'a> {
    /// Base string without the secret (and without a one-time password).
    pub base: &'a str,
    /// The signature in canonical text; see [`canonical_code`].
    pub signature: &'a str,
    /// Whether biometry may stand for knowledge.
    pub allow_biometry: bool,
    /// Digits per component, 4 to 8.
    pub component_length: u8,
    /// Candidate one-time passwords of a proximity check, newest first; see
    /// [`Totp::candidates`](crate::crypto::totp::Totp::candidates).
    pub totp: Option<&'a [String]>,
}

impl Verification<'_> {
    /// Tries every allowed type at every counter value of the window, for every candidate password. `None` is the answer
    /// "no", which counts as exactly one failure however many candidates were tried.
    ///
    /// # Errors
    /// [`OfflineError::Format`] for a component length outside 4 to 8 and [`OfflineError::Base`] for a base string that
    /// cannot carry a password: errors, not failed attempts.
    pub fn run(
        &self,
        keys: &FactorKeys,
        counter: &HashCounter,
        window: u32,
    ) -> Result<Option<Matched>, OfflineError> {
        let format = SignatureFormat::decimal(self.component_length)?;
        let types: &[SignatureType] = if self.allow_biometry {
            &[
                SignatureType::PossessionKnowledge,
                SignatureType::PossessionBiometry,
            ]
        } else {
            &[SignatureType::PossessionKnowledge]
        };
        let verify = |base: &str| {
            let data = signed_bytes(base, OFFLINE_SECRET);
            look_ahead(keys, types, counter, window, &data, format, self.signature)
        };
        let Some(passwords) = self.totp else {
            return Ok(verify(self.base));
        };
        for password in passwords {
            if let Some(matched) = verify(&append_totp(self.base, password)?) {
                return Ok(Some(matched));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::schedule::{ActivationKeys, MasterSecret};
    use crate::crypto::signature::compute;

    #[test]
    fn typed_forms() {
        for typed in [
            "1234-5678-9012-3456",
            "12345678-90123456",
            "1234567890123456",
            "1234 5678 9012 3456",
        ] {
            assert_eq!(
                canonical_code(typed, 8).as_deref(),
                Some("12345678-90123456"),
                "{typed}"
            );
        }
        assert_eq!(canonical_code("14351706", 4).as_deref(), Some("1435-1706"));
        for typed in [
            "",
            "123456789012345",
            "12345678901234567",
            "1234567890l23456",
            "12345678٣0123456",
        ] {
            assert_eq!(canonical_code(typed, 8), None, "{typed}");
        }
    }

    #[test]
    fn proximity_and_biometry() {
        let keys = ActivationKeys::from_master(&MasterSecret::from_bytes([5; 16])).factor_keys();
        let counter = HashCounter::from_bytes([6; 16]);
        let nonce = base64::encode(&[9; 16]);
        let base = base_string("op-1", "A2", None, &nonce);
        let phone = base_string("op-1", "A2", Some("12345678"), &nonce);
        assert_eq!(append_totp(&base, "12345678").as_deref(), Ok(phone.as_str()));
        let kind = SignatureType::PossessionBiometry;
        let data = signed_bytes(&phone, OFFLINE_SECRET);
        let signature = compute(
            &keys,
            kind,
            counter.next().as_bytes(),
            &data,
            SignatureFormat::DECIMAL_8,
        );
        let passwords = ["00000000".to_owned(), "12345678".to_owned()];
        let good = Verification {
            base: &base,
            signature: &signature,
            allow_biometry: true,
            component_length: 8,
            totp: Some(&passwords),
        };
        let matched = good.run(&keys, &counter, 20).unwrap().unwrap();
        assert_eq!((matched.offset, matched.signature_type), (1, kind));
        let refused = [
            Verification {
                allow_biometry: false,
                ..good
            },
            Verification { totp: None, ..good },
            Verification {
                totp: Some(&passwords[..1]),
                ..good
            },
            Verification {
                component_length: 7,
                ..good
            },
        ];
        for verification in refused {
            assert!(verification.run(&keys, &counter, 20).unwrap().is_none());
        }
        assert!(good.run(&keys, &counter, 1).unwrap().is_none());
        assert!(
            Verification {
                component_length: 9,
                ..good
            }
            .run(&keys, &counter, 20)
            .is_err()
        );
    }

    #[test]
    fn published_forms_and_no_others() {
        let expected = Some("93017407-10552502".to_owned());
        for typed in [
            "9301-7407-1055-2502",
            "93017407-10552502",
            " 93017407-10552502",
            "9301740710552502",
            "  9301740710552502  ",
        ] {
            assert_eq!(typed_code(typed), expected, "{typed}");
        }
        let wrong = [
            "",
            " ",
            "9301",
            "930174071055250",
            "93017407105525021",
            "9301 7407 1055 2502",
            "9301-74071055-2502",
            "9301-7407-10552502",
            "-9301740710552502",
            "93017407--10552502",
            "93017407-1055250x",
            "９３０１７４０７１０５５２５０２",
            "9301740710552502\n",
            "\t9301740710552502",
        ];
        for typed in wrong {
            assert_eq!(typed_code(typed), None, "{typed}");
        }
        println!("{} wrong forms", wrong.len());
    }
}
