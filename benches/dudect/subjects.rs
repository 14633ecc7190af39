//! What must not take longer for some secrets than for others. Each is measured through the function that the engine or the
//! phone calls. The classes of a comparison are what differs at its end only, and what differs from its beginning on; those
//! of the rest are one secret, and random ones.

use countersign::crypto::schedule::{ActivationKeys, FactorKeys, MasterSecret};
use countersign::store::simulated::Chance;

use crate::{comparisons, conversions};

/// A subject by its name, and whether it is one that leaks, planted to see that it is found.
pub struct Row {
    pub name: &'static str,
    pub leaks: bool,
    pub measure: fn(usize, u64) -> f64,
}

const fn row(name: &'static str, measure: fn(usize, u64) -> f64) -> Row {
    Row {
        name,
        leaks: false,
        measure,
    }
}

const fn control(name: &'static str, measure: fn(usize, u64) -> f64) -> Row {
    Row {
        name,
        leaks: true,
        measure,
    }
}

/// All of them.
pub const ROWS: &[Row] = &[
    control(
        "control: a comparison that stops",
        comparisons::stopping_comparison,
    ),
    control(
        "control: padding looked at until it is wrong",
        conversions::stopping_padding,
    ),
    control("control: Base64 read by cases", conversions::branching_base64),
    row("ct_eq, 32 bytes", comparisons::bytes_32),
    row("Secret::ct_eq, 16 bytes", comparisons::secret),
    row("SecretVec::ct_eq, 80 bytes", comparisons::secret_vec),
    row("Puk::ct_eq", comparisons::puk),
    row("HashCounter::ct_eq", comparisons::counter),
    row("token digest", comparisons::token_digest),
    row("secret of a caller", comparisons::credential),
    row("HS256 of a JWT", comparisons::jwt),
    row("one-time password, compared", comparisons::totp),
    row("MAC of an envelope", comparisons::envelope),
    row(
        "signature, Base64: which factor is wrong",
        comparisons::signature_factors,
    ),
    row(
        "signature, Base64: where it is wrong",
        comparisons::signature_base64,
    ),
    row(
        "signature, digits: where it is wrong",
        comparisons::signature_digits,
    ),
    row("Argon2 digest of a password or PUK", comparisons::password),
    row("counter digest of a status", comparisons::status),
    row("padding: where it is wrong", conversions::padding_wrong),
    row("padding: how long it is", conversions::padding_length),
    row("Base64, written", conversions::base64_encode),
    row("Base64, read", conversions::base64_decode),
    row("Base64, read into an array", conversions::base64_array),
    row("Base64url, written", conversions::base64url_encode),
    row("Base64url, read", conversions::base64url_decode),
    row("activation code, written", conversions::code_write),
    row("activation code, read", conversions::code_read),
    row(
        "signature in digits: leading zeros",
        conversions::digits_of_signature,
    ),
    row("one-time password: leading zeros", conversions::digits_of_totp),
];

/// Random bytes.
pub fn random<const N: usize>(dice: &mut Chance) -> [u8; N] {
    let mut out = [0; N];
    dice.fill(&mut out);
    out
}

pub fn factor_keys() -> FactorKeys {
    ActivationKeys::from_master(&MasterSecret::from_bytes([7; 16])).factor_keys()
}
