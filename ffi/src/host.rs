//! The system's clock and generator.

use std::time::{SystemTime, UNIX_EPOCH};

use countersign_core::bridge::{Code, Error};
use countersign_core::crypto::random::{Random, RandomError};
use countersign_core::store::{EntropyError, Host};

use crate::types::CS_SYSTEM_CLOCK;

/// Time and randomness of one call.
pub(crate) struct System {
    start: u64,
    fixed: bool,
}

impl System {
    /// With the host's time, or the system's.
    pub(crate) fn at(now_ms: u64) -> Result<Self, Error> {
        let fixed = now_ms != CS_SYSTEM_CLOCK;
        let start = if fixed { Some(now_ms) } else { clock() };
        let start = start.ok_or_else(|| Error::new(Code::Clock, "set the clock"))?;
        Ok(Self { start, fixed })
    }

    /// The moment it was made.
    pub(crate) fn start(&self) -> u64 {
        self.start
    }
}

fn clock() -> Option<u64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    u64::try_from(since.as_millis()).ok()
}

/// The system's generator.
pub(crate) struct Generator;

impl Random for Generator {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        #[cfg(feature = "test-hooks")]
        if crate::hooks::fill(out) {
            return Ok(());
        }
        getrandom::fill(out).map_err(|_| RandomError)
    }
}

impl Host for System {
    fn now(&self) -> u64 {
        if self.fixed {
            return self.start;
        }
        clock().unwrap_or(self.start)
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        #[cfg(feature = "test-hooks")]
        if crate::hooks::fill(out) {
            return Ok(());
        }
        getrandom::fill(out).map_err(|_| EntropyError)
    }
}
