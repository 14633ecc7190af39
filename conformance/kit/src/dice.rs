//! Randomness of the system.

use countersign::crypto::random::{Random, RandomError};

/// The system's generator.
pub(crate) struct Dice;

impl Random for Dice {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(out).map_err(|_| RandomError)
    }
}

/// So many random bytes as hexadecimal digits; empty when the system has none.
pub(crate) fn hex(bytes: usize) -> String {
    let mut out = vec![0; bytes];
    match getrandom::fill(&mut out) {
        Ok(()) => out.iter().map(|byte| format!("{byte:02x}")).collect(),
        Err(_) => String::new(),
    }
}
