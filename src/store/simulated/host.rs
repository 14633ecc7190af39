//! Time and randomness that only depend on a seed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::chance::Chance;
use crate::store::port::{EntropyError, Host};

/// Where the simulated clock starts: 14 November 2023, in milliseconds since the epoch.
const START: u64 = 1_700_000_000_000;

/// A [`Host`] whose clock is moved by hand and whose generator follows a seed. Never for real keys.
#[derive(Debug)]
pub struct SimulatedHost {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    chance: Chance,
    elapsed: u64,
    offset: i64,
    draws: u64,
    failing: Option<u64>,
    fault: u16,
}

impl SimulatedHost {
    /// A host for `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            inner: Mutex::new(Inner {
                chance: Chance::new(seed),
                elapsed: 0,
                offset: 0,
                draws: 0,
                failing: None,
                fault: 0,
            }),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets `milliseconds` pass.
    pub fn advance(&self, milliseconds: u64) {
        self.inner().elapsed += milliseconds;
    }

    /// Makes the clock show the true time plus `milliseconds`; it may go backwards.
    pub fn set_offset(&self, milliseconds: i64) {
        self.inner().offset = milliseconds;
    }

    /// The true time, in milliseconds since the epoch, whatever the clock shows.
    pub fn true_time(&self) -> u64 {
        START + self.inner().elapsed
    }

    /// Draws from the generator so far.
    pub fn draws(&self) -> u64 {
        self.inner().draws
    }

    /// Lets the draw number `n` fail, counted from 1 over the host's whole life, and no other.
    pub fn fail_draw(&self, n: Option<u64>) {
        self.inner().failing = n;
    }

    /// Lets draws fail at random, in `per_mille` of 1,000 cases; 1,000 is always.
    pub fn fail_draws(&self, per_mille: u16) {
        self.inner().fault = per_mille;
    }
}

impl Host for SimulatedHost {
    fn now(&self) -> u64 {
        let inner = self.inner();
        (START + inner.elapsed).saturating_add_signed(inner.offset)
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        let mut inner = self.inner();
        inner.draws += 1;
        let fault = inner.fault;
        if inner.failing == Some(inner.draws) || inner.chance.hit(fault) {
            return Err(EntropyError);
        }
        inner.chance.fill(out);
        Ok(())
    }
}
