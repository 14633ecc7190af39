//! Time and randomness that follow a seed.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use countersign::crypto::random::{Random, RandomError};
use countersign::store::simulated::Chance;
use countersign::store::{EntropyError, Host};

/// Where every clock of the tests starts, in milliseconds since the epoch.
pub const START: u64 = 1_700_000_000_000;

/// A host whose clock is moved by hand.
#[derive(Debug)]
pub struct Clock {
    now: AtomicU64,
    draws: AtomicU64,
    failing: AtomicU64,
    chance: Mutex<Chance>,
}

impl Clock {
    /// A clock at `now` with the generator of `seed`.
    pub fn new(seed: u64, now: u64) -> Self {
        Self {
            now: AtomicU64::new(now),
            draws: AtomicU64::new(0),
            failing: AtomicU64::new(0),
            chance: Mutex::new(Chance::new(seed)),
        }
    }

    /// Lets `milliseconds` pass.
    pub fn advance(&self, milliseconds: u64) {
        self.now.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// Sets the clock.
    pub fn set(&self, now: u64) {
        self.now.store(now, Ordering::SeqCst);
    }

    /// Draws so far.
    pub fn draws(&self) -> u64 {
        self.draws.load(Ordering::SeqCst)
    }

    /// Lets the draw number `n` from now on fail, counted from 1, and no other; 0 for none.
    pub fn fail_draw(&self, n: u64) {
        self.draws.store(0, Ordering::SeqCst);
        self.failing.store(n, Ordering::SeqCst);
    }
}

impl Host for Clock {
    fn now(&self) -> u64 {
        self.now.load(Ordering::SeqCst)
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        let number = self.draws.fetch_add(1, Ordering::SeqCst) + 1;
        if self.failing.load(Ordering::SeqCst) == number {
            return Err(EntropyError);
        }
        self.chance.lock().unwrap().fill(out);
        Ok(())
    }
}

/// Randomness of a phone.
#[derive(Clone, Debug)]
pub struct Dice(pub Chance);

impl Dice {
    /// The sequence of `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Chance::new(seed))
    }
}

impl Random for Dice {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        self.0.fill(out);
        Ok(())
    }
}
