//! Time and randomness of the system.

use std::time::{SystemTime, UNIX_EPOCH};

use countersign::crypto::random::{Random, RandomError};
use countersign::store::{EntropyError, Host};

/// The system's clock and generator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct System;

impl Host for System {
    fn now(&self) -> u64 {
        // A clock before 1970 gives 0: everything is then in the future, and nothing is accepted.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(out).map_err(|_| EntropyError)
    }
}

impl Random for System {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        Host::fill(self, out).map_err(|_| RandomError)
    }
}
