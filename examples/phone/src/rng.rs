//! Randomness: the system's, or repeatable bytes for tests.

use countersign::crypto::random::{Random, RandomError};
use countersign::crypto::symmetric::sha256;

/// The system's generator.
struct System;

impl Random for System {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(out).map_err(|_| RandomError)
    }
}

/// SHA-256 of seed and block number. Predictable, so for tests only.
struct Seeded {
    seed: u64,
    block: u64,
}

impl Random for Seeded {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for chunk in out.chunks_mut(32) {
            self.block += 1;
            let bytes = sha256(&[
                b"countersign-phone",
                &self.seed.to_be_bytes(),
                &self.block.to_be_bytes(),
            ]);
            for (slot, byte) in chunk.iter_mut().zip(bytes) {
                *slot = byte;
            }
        }
        Ok(())
    }
}

pub(crate) fn source(seed: Option<u64>) -> Box<dyn Random> {
    match seed {
        Some(seed) => Box::new(Seeded { seed, block: 0 }),
        None => Box::new(System),
    }
}
