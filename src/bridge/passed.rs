//! The end of a check that passed, as bytes.
//!
//! ```text
//! passed = 01 ‖ 04 ‖ application text ‖ version text ‖ opt holder ‖ opt body bytes
//! holder = activation text ‖ user text ‖ factors u8 ‖ list (flag text)
//! ```
//!
//! In the terms of `store::wire`. `factors` is a number of [`Factors`], 0 where only an envelope speaks for the activation;
//! the body is what the envelope contained, none where the request is not encrypted.

use crate::api::guard;
use crate::crypto::signature::SignatureType;
use crate::store::wire::{Kind, MAX_MESSAGE, Reader, WireError, Writer};

/// Longest text, in bytes: names are far shorter, and so are flags.
const MAX_TEXT: usize = 4 * 1024;
/// Most flags of an activation.
const MAX_FLAGS: usize = 1_024;

/// Combinations of factors as bits, so that several of them are one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factors(pub u8);

impl Factors {
    /// The bit of a combination.
    pub fn of(combination: SignatureType) -> Self {
        Self(match combination {
            SignatureType::Possession => 1,
            SignatureType::Knowledge => 2,
            SignatureType::Biometry => 4,
            SignatureType::PossessionKnowledge => 8,
            SignatureType::PossessionBiometry => 16,
            SignatureType::PossessionKnowledgeBiometry => 32,
        })
    }

    /// The combinations whose bits are set; none when another bit is.
    pub fn combinations(self) -> Option<Vec<SignatureType>> {
        let all = SignatureType::ALL.into_iter();
        let found: Vec<_> = all.filter(|it| self.0 & Self::of(*it).0 != 0).collect();
        let known = found.iter().fold(0, |bits, it| bits | Self::of(*it).0);
        (known == self.0).then_some(found)
    }
}

/// The message of a check that passed.
///
/// # Errors
/// [`WireError::TooLong`] when a bound is not kept.
pub fn encode(passed: &guard::Passed) -> Result<Vec<u8>, WireError> {
    let caller = &passed.caller;
    let mut out = Writer::new(Kind::Passed);
    out.text(&caller.application_id, MAX_TEXT)?;
    out.text(caller.version.as_str(), MAX_TEXT)?;
    out.u8(u8::from(caller.holder.is_some()));
    if let Some(holder) = &caller.holder {
        out.text(&holder.activation_id, MAX_TEXT)?;
        out.text(&holder.user_id, MAX_TEXT)?;
        out.u8(holder.factors.map_or(0, |factors| Factors::of(factors).0));
        out.count(holder.flags.len(), MAX_FLAGS)?;
        for flag in &holder.flags {
            out.text(flag, MAX_TEXT)?;
        }
    }
    out.u8(u8::from(passed.body.is_some()));
    if let Some(body) = &passed.body {
        out.bytes(body.as_bytes(), MAX_MESSAGE)?;
    }
    out.finish()
}

/// Who called and with what, borrowed from its message.
#[derive(Clone, PartialEq, Eq)]
pub struct Passed<'a> {
    /// The application.
    pub application_id: &'a str,
    /// Protocol version of the header, such as `3.3`.
    pub version: &'a str,
    /// The activation; none in application scope.
    pub holder: Option<Holder<'a>>,
    /// What the envelope contained; none where the request is not encrypted.
    pub body: Option<&'a [u8]>,
}

impl std::fmt::Debug for Passed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            application_id,
            version,
            holder,
            body: _,
        } = self;
        f.debug_struct("Passed")
            .field("application_id", application_id)
            .field("version", version)
            .field("holder", holder)
            .finish_non_exhaustive()
    }
}

/// An activation that has proved itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder<'a> {
    /// The activation.
    pub activation_id: &'a str,
    /// Its user.
    pub user_id: &'a str,
    /// The factors; no bit where only an envelope speaks for the activation.
    pub factors: Factors,
    /// Flags of the activation.
    pub flags: Vec<&'a str>,
}

impl<'a> Passed<'a> {
    /// Reads the message of a check's last step.
    ///
    /// # Errors
    /// When the bytes are no such message.
    pub fn read(message: &'a [u8]) -> Result<Self, WireError> {
        let (kind, mut reader) = Reader::open(message)?;
        if kind != Kind::Passed {
            return Err(WireError::Unexpected);
        }
        let passed = Self {
            application_id: reader.text(MAX_TEXT)?,
            version: reader.text(MAX_TEXT)?,
            holder: match reader.present()? {
                true => Some(Holder {
                    activation_id: reader.text(MAX_TEXT)?,
                    user_id: reader.text(MAX_TEXT)?,
                    factors: Factors(reader.u8()?),
                    flags: reader.list(MAX_FLAGS, |reader| reader.text(MAX_TEXT))?,
                }),
                false => None,
            },
            body: match reader.present()? {
                true => Some(reader.bytes(MAX_MESSAGE)?),
                false => None,
            },
        };
        reader.close()?;
        Ok(passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::secret::SecretVec;
    use crate::crypto::version::ProtocolVersion;

    #[test]
    fn bytes_as_documented() {
        let passed = guard::Passed {
            caller: guard::Caller {
                application_id: "b".to_owned(),
                version: ProtocolVersion::V3_3,
                holder: Some(guard::Holder {
                    activation_id: "a".to_owned(),
                    user_id: "u".to_owned(),
                    factors: Some(SignatureType::PossessionKnowledge),
                    flags: vec!["F".to_owned()],
                }),
            },
            body: Some(SecretVec::from_slice(b"{}")),
            sealer: None,
        };
        let message = encode(&passed).unwrap();
        let expected = b"\x01\x04\0\x01b\0\x033.3\x01\0\x01a\0\x01u\x08\0\x01\0\x01F\x01\0\0\0\x02{}";
        assert_eq!(message, expected);
        let read = Passed::read(&message).unwrap();
        assert_eq!(read.holder.as_ref().unwrap().flags, ["F"]);
        assert_eq!(read.body, Some(&b"{}"[..]));
        assert!(!format!("{read:?}").contains("{}"));
        for end in 0..message.len() {
            assert_eq!(Passed::read(&message[..end]), Err(WireError::Truncated));
        }
        assert_eq!(Passed::read(b"\x01\x12"), Err(WireError::Unexpected));
    }

    #[test]
    fn combinations_are_bits() {
        for (at, combination) in SignatureType::ALL.into_iter().enumerate() {
            assert_eq!(Factors::of(combination).0, 1 << at);
            assert_eq!(Factors::of(combination).combinations(), Some(vec![combination]));
        }
        assert_eq!(Factors(63).combinations().map(|it| it.len()), Some(6));
        assert_eq!(Factors(64).combinations(), None);
        assert_eq!(Factors(0).combinations(), Some(vec![]));
    }
}
