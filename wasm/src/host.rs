//! Time from JavaScript, randomness from `crypto.getRandomValues`.

use countersign_core::bridge::{Code, Error};
use countersign_core::crypto::random::{Random, RandomError};
use countersign_core::store::{EntropyError, Host};

/// Largest integer that JavaScript counts to exactly.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// The host of one step.
pub(crate) struct Browser {
    now: u64,
}

impl Browser {
    /// With `Date.now()`.
    pub(crate) fn at(now_ms: f64) -> Result<Self, Error> {
        if !(0.0..=MAX_SAFE).contains(&now_ms) {
            return Err(Error::new(Code::Argument, "nowMs"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "in range, and parts of a millisecond do not count"
        )]
        let now = now_ms as u64;
        Ok(Self { now })
    }
}

impl Host for Browser {
    fn now(&self) -> u64 {
        self.now
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(out).map_err(|_| EntropyError)
    }
}

/// The browser's generator.
pub(crate) struct Generator;

impl Random for Generator {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(out).map_err(|_| RandomError)
    }
}
