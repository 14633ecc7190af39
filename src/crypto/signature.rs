//! Online and offline signatures: the HMAC chain over the factor keys and the hash counter (spec 5.3 to 5.8).
//!
//! The phone computes a signature with the factor keys it holds at that moment and its counter; the server derives the
//! same and searches a window of counter values ahead of its own. What is signed is the base string of
//! [`base`](super::base), so method, resource, nonce and body are authenticated; headers are not.
//!
//! ```text
//! aᵢ = HMAC(kᵢ, CTR_DATA)
//! dᵢ = aᵢ, then for j = 1 … i:  d ← HMAC(aⱼ, d)        the start key is kᵢ, not k₀
//! componentᵢ = HMAC(dᵢ, signed bytes)
//! ```
//!
//! ```
//! use countersign::crypto::counter::HashCounter;
//! use countersign::crypto::schedule::{ActivationKeys, MasterSecret};
//! use countersign::crypto::signature::{SignatureFormat, SignatureType, compute, look_ahead};
//!
//! let keys = ActivationKeys::from_master(&MasterSecret::from_bytes([7; 16])).factor_keys();
//! let server = HashCounter::from_bytes([1; 16]);
//! let phone = server.next(); // the phone is one signature ahead
//! let two_factors = SignatureType::PossessionKnowledge;
//! let signature = compute(&keys, two_factors, phone.as_bytes(), b"data", SignatureFormat::Base64);
//!
//! let matched = look_ahead(&keys, &[two_factors], &server, 20, b"data", SignatureFormat::Base64, &signature)
//!     .expect("within the window");
//! assert_eq!(matched.offset, 1);
//! assert!(matched.next.ct_eq(&phone.next()));
//! ```

use super::counter::HashCounter;
use super::encoding::{base64, truncate_decimal};
use super::hmac::HmacKey;
use super::schedule::FactorKeys;
use super::secret::{Secret, erase};
use super::symmetric::hmac_sha256;
use core::fmt;
use subtle::{Choice, ConstantTimeEq};
use thiserror::Error;

/// A name in a signature header or request cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// Not one of the six signature types.
    #[error("unknown signature type")]
    UnknownType,
    /// No signature format belongs to this version.
    #[error("no signature format for this version")]
    UnknownVersion,
    /// A component length outside 4 to 8 digits.
    #[error("component length must be 4 to 8")]
    ComponentLength,
}

/// The combination of factors that signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureType {
    /// The phone alone.
    Possession,
    /// PIN or password alone.
    Knowledge,
    /// Biometry alone.
    Biometry,
    /// Phone and PIN.
    PossessionKnowledge,
    /// Phone and biometry.
    PossessionBiometry,
    /// All three.
    PossessionKnowledgeBiometry,
}

/// One authentication factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Factor {
    /// Something the user has.
    Possession,
    /// Something the user knows.
    Knowledge,
    /// Something the user is.
    Biometry,
}

impl SignatureType {
    /// All six types.
    pub const ALL: [Self; 6] = [
        Self::Possession,
        Self::Knowledge,
        Self::Biometry,
        Self::PossessionKnowledge,
        Self::PossessionBiometry,
        Self::PossessionKnowledgeBiometry,
    ];
    /// The phone, whatever else comes with it: what endpoints of the protocol accept.
    pub const WITH_POSSESSION: &[Self] = &[
        Self::Possession,
        Self::PossessionKnowledge,
        Self::PossessionBiometry,
        Self::PossessionKnowledgeBiometry,
    ];
    /// The phone alone or with one more factor: what operations accept.
    pub const ONE_OR_TWO_FACTORS: &[Self] = &[
        Self::Possession,
        Self::PossessionKnowledge,
        Self::PossessionBiometry,
    ];
    /// The phone and one more factor.
    pub const TWO_FACTORS: &[Self] = &[Self::PossessionKnowledge, Self::PossessionBiometry];
    /// The phone and at least one more factor.
    pub const TWO_OR_THREE_FACTORS: &[Self] = &[
        Self::PossessionKnowledge,
        Self::PossessionBiometry,
        Self::PossessionKnowledgeBiometry,
    ];

    /// Reads a name in any letter case, for example `possession_knowledge` or `POSSESSION_KNOWLEDGE`.
    ///
    /// # Errors
    /// [`SignatureError::UnknownType`] for anything else; `knowledge_biometry` does not exist.
    pub fn parse(text: &str) -> Result<Self, SignatureError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(text))
            .ok_or(SignatureError::UnknownType)
    }

    /// The name in lower case, as clients send it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Possession => "possession",
            Self::Knowledge => "knowledge",
            Self::Biometry => "biometry",
            Self::PossessionKnowledge => "possession_knowledge",
            Self::PossessionBiometry => "possession_biometry",
            Self::PossessionKnowledgeBiometry => "possession_knowledge_biometry",
        }
    }

    /// The name in upper case, as the server interfaces write it.
    #[must_use]
    pub const fn as_upper_str(self) -> &'static str {
        match self {
            Self::Possession => "POSSESSION",
            Self::Knowledge => "KNOWLEDGE",
            Self::Biometry => "BIOMETRY",
            Self::PossessionKnowledge => "POSSESSION_KNOWLEDGE",
            Self::PossessionBiometry => "POSSESSION_BIOMETRY",
            Self::PossessionKnowledgeBiometry => "POSSESSION_KNOWLEDGE_BIOMETRY",
        }
    }

    /// The factors in the order of their components.
    #[must_use]
    pub const fn factors(self) -> &'static [Factor] {
        use Factor::{Biometry, Knowledge, Possession};
        match self {
            Self::Possession => &[Possession],
            Self::Knowledge => &[Knowledge],
            Self::Biometry => &[Biometry],
            Self::PossessionKnowledge => &[Possession, Knowledge],
            Self::PossessionBiometry => &[Possession, Biometry],
            Self::PossessionKnowledgeBiometry => &[Possession, Knowledge, Biometry],
        }
    }

    /// Whether a wrong signature of this type counts towards blocking (spec 5.9): all but possession alone.
    #[must_use]
    pub const fn counts_failures(self) -> bool {
        !matches!(self, Self::Possession)
    }
}

impl fmt::Display for SignatureType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How components become text (spec 5.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureFormat {
    /// The last 16 bytes of every component, joined, in Base64: 24, 44 or 64 characters.
    Base64,
    /// A group of decimal digits per component, joined with `-`.
    Decimal {
        /// Digits per component, 4 to 8. A value outside computes as the nearest allowed one and never verifies;
        /// [`SignatureFormat::decimal`] checks it.
        length: u8,
    },
}

impl SignatureFormat {
    /// The decimal format of online signatures in version 3.0 and the default of offline signatures.
    pub const DECIMAL_8: Self = Self::Decimal { length: 8 };

    /// The format that belongs to the version of a signature header: `3.0` decimal, `3.1` and greater numbers Base64.
    ///
    /// # Errors
    /// [`SignatureError::UnknownVersion`] for anything else.
    pub fn for_version(version: &str) -> Result<Self, SignatureError> {
        match version {
            "3.0" => return Ok(Self::DECIMAL_8),
            "3.1" => return Ok(Self::Base64),
            _ => {}
        }
        let (major, minor) = version.split_once('.').ok_or(SignatureError::UnknownVersion)?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        if !digits(major) || !digits(minor) {
            return Err(SignatureError::UnknownVersion);
        }
        match version.parse::<f64>() {
            Ok(number) if number > 3.1 => Ok(Self::Base64),
            _ => Err(SignatureError::UnknownVersion),
        }
    }

    /// The decimal format with a checked component length.
    ///
    /// # Errors
    /// [`SignatureError::ComponentLength`] outside 4 to 8.
    pub const fn decimal(length: u8) -> Result<Self, SignatureError> {
        match length {
            4..=8 => Ok(Self::Decimal { length }),
            _ => Err(SignatureError::ComponentLength),
        }
    }
}

const MAX_FACTORS: usize = 3;
/// The longest comparable form: three components of 16 bytes.
const MAX_RAW: usize = 48;

/// The factor keys a search needs, with their HMAC padding absorbed.
struct Prepared([Option<HmacKey>; MAX_FACTORS]);

/// `aᵢ` of every prepared factor at one counter value.
struct AtCounter([[u8; 32]; MAX_FACTORS]);

impl Drop for AtCounter {
    fn drop(&mut self) {
        erase(self.0.as_flattened_mut());
    }
}

impl Prepared {
    fn new(keys: &FactorKeys, types: &[SignatureType]) -> Self {
        let needed = |factor| types.iter().any(|kind| kind.factors().contains(&factor));
        let prepare = |factor, key: &Secret<16>| needed(factor).then(|| HmacKey::new(key.as_bytes()));
        Self([
            prepare(Factor::Possession, &keys.possession),
            prepare(Factor::Knowledge, &keys.knowledge),
            prepare(Factor::Biometry, &keys.biometry),
        ])
    }

    fn at(&self, counter: &[u8; 16]) -> AtCounter {
        let mut derived = [[0; 32]; MAX_FACTORS];
        for (slot, key) in derived.iter_mut().zip(&self.0) {
            if let Some(key) = key {
                *slot = key.mac(&[counter]);
            }
        }
        AtCounter(derived)
    }
}

impl AtCounter {
    const fn of(&self, factor: Factor) -> &[u8; 32] {
        let [possession, knowledge, biometry] = &self.0;
        match factor {
            Factor::Possession => possession,
            Factor::Knowledge => knowledge,
            Factor::Biometry => biometry,
        }
    }

    /// Writes the comparable form of all components: the Base64 payload, or the decimal text itself.
    fn write(
        &self,
        kind: SignatureType,
        data: &[u8],
        format: SignatureFormat,
        out: &mut [u8; MAX_RAW],
    ) -> usize {
        let factors = kind.factors();
        let mut length = 0;
        for (i, &factor) in factors.iter().enumerate() {
            let mut chained = *self.of(factor);
            for &outer in factors.iter().take(i + 1).skip(1) {
                chained = hmac_sha256(self.of(outer), &[&chained]);
            }
            let component = hmac_sha256(&chained, &[data]);
            erase(&mut chained);
            length = write_component(&component, format, i, length, out);
        }
        length
    }
}

/// Appends one component at `start` and returns the new length.
fn write_component(
    component: &[u8; 32],
    format: SignatureFormat,
    index: usize,
    start: usize,
    out: &mut [u8; MAX_RAW],
) -> usize {
    let rest = out.get_mut(start..).unwrap_or_default();
    match format {
        SignatureFormat::Base64 => {
            for (slot, &byte) in rest.iter_mut().zip(&component[16..]) {
                *slot = byte;
            }
            start + 16
        }
        SignatureFormat::Decimal { length } => {
            let digits = length.clamp(4, 8);
            let dash = usize::from(index > 0);
            if let (Some(slot), 1) = (rest.first_mut(), dash) {
                *slot = b'-';
            }
            let mut number = truncate_decimal(component, digits);
            for slot in rest.iter_mut().skip(dash).take(digits.into()).rev() {
                *slot = b'0' + u8::try_from(number % 10).unwrap_or_default();
                number /= 10;
            }
            start + dash + usize::from(digits)
        }
    }
}

/// A presented signature in the form that is compared.
struct Presented {
    bytes: [u8; MAX_RAW],
    length: usize,
}

impl Presented {
    fn read(text: &str, format: SignatureFormat) -> Option<Self> {
        let mut bytes = [0; MAX_RAW];
        let length = match format {
            SignatureFormat::Base64 => base64_into(text, &mut bytes)?,
            SignatureFormat::Decimal { length: 4..=8 } => {
                bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
                text.len()
            }
            SignatureFormat::Decimal { .. } => return None,
        };
        Some(Self { bytes, length })
    }

    fn equals(&self, computed: &[u8; MAX_RAW], length: usize) -> Choice {
        // Both buffers are zero behind their length, so the whole can be compared.
        self.bytes.ct_eq(computed) & Choice::from(u8::from(self.length == length))
    }
}

fn base64_into(text: &str, out: &mut [u8; MAX_RAW]) -> Option<usize> {
    use base64ct::{Base64, Encoding};
    Base64::decode(text, out).ok().map(<[u8]>::len)
}

/// Computes a signature.
///
/// `counter_data` is `CTR_DATA` before it moves (or [`numeric_data`](super::counter::numeric_data) of protocol 2);
/// `data` are the complete signed bytes, with the application secret or `offline` at their end. The phone must advance
/// and store its counter before it sends the result (spec 5.7).
#[must_use]
pub fn compute(
    keys: &FactorKeys,
    kind: SignatureType,
    counter_data: &[u8; 16],
    data: &[u8],
    format: SignatureFormat,
) -> String {
    let mut raw = [0; MAX_RAW];
    let length = Prepared::new(keys, &[kind])
        .at(counter_data)
        .write(kind, data, format, &mut raw);
    let raw = raw.get(..length).unwrap_or_default();
    match format {
        SignatureFormat::Base64 => base64::encode(raw),
        SignatureFormat::Decimal { .. } => raw.iter().copied().map(char::from).collect(),
    }
}

/// Where a signature matched.
#[derive(Debug, Clone)]
pub struct Matched {
    /// Steps from the server's counter to the matching value; 0 is the current value.
    pub offset: u32,
    /// The type that matched.
    pub signature_type: SignatureType,
    /// The value to store: one step **behind** the match (spec 5.8).
    pub next: HashCounter,
}

/// Searches `window` counter values, starting with `start`, for the one the signature was made with.
///
/// For each value every type of `types` is tried, in order; online verification passes one type, offline verification
/// one or two. All factors of a candidate are computed before anything is compared, and the comparison takes constant
/// time, so time tells at most the counter value that matched, never which factor was wrong. `None` is the answer "no".
#[must_use]
pub fn look_ahead(
    keys: &FactorKeys,
    types: &[SignatureType],
    start: &HashCounter,
    window: u32,
    data: &[u8],
    format: SignatureFormat,
    signature: &str,
) -> Option<Matched> {
    let presented = Presented::read(signature, format)?;
    let prepared = Prepared::new(keys, types);
    let mut counter = start.clone();
    for offset in 0..window {
        let derived = prepared.at(counter.as_bytes());
        let mut found = None;
        for &kind in types {
            let mut raw = [0; MAX_RAW];
            let length = derived.write(kind, data, format, &mut raw);
            if found.is_none() && bool::from(presented.equals(&raw, length)) {
                found = Some(kind);
            }
        }
        counter.advance();
        if let Some(signature_type) = found {
            return Some(Matched {
                offset,
                signature_type,
                next: counter,
            });
        }
    }
    None
}
