//! Randomness of a test: repeatable, or the host's.

use crate::crypto::random::{Random, RandomError};
use crate::crypto::symmetric::sha256;

/// SHA-256 of seed and block number, or a generator of the host's.
pub(super) enum Source {
    /// Predictable, so for tests only.
    Seeded {
        seed: String,
        block: u64,
    },
    System(Box<dyn Random + Send>),
}

impl Random for Source {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        let (seed, block) = match self {
            Self::Seeded { seed, block } => (seed, block),
            Self::System(system) => return system.fill(out),
        };
        for chunk in out.chunks_mut(32) {
            *block = block.wrapping_add(1);
            let bytes = sha256(&[b"countersign-phone", seed.as_bytes(), &block.to_be_bytes()]);
            for (slot, byte) in chunk.iter_mut().zip(bytes) {
                *slot = byte;
            }
        }
        Ok(())
    }
}
