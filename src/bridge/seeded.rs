//! Repeatable bytes in place of randomness, for tests that compare whole transcripts.

use crate::crypto::random::{Random, RandomError};
use crate::crypto::symmetric::sha256;

/// SHA-256 of a label, a seed and the number of the block, from 1. Predictable: whoever knows the seed knows every key that
/// is made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeded {
    label: &'static str,
    seed: String,
    block: u64,
}

impl Seeded {
    /// The stream of `seed`; equal seeds under different labels have nothing in common.
    pub fn new(label: &'static str, seed: impl Into<String>) -> Self {
        Self::at(label, seed, 0)
    }

    /// The same stream after some blocks of 32 bytes.
    pub fn at(label: &'static str, seed: impl Into<String>, block: u64) -> Self {
        Self {
            label,
            seed: seed.into(),
            block,
        }
    }

    /// The seed.
    pub fn seed(&self) -> &str {
        &self.seed
    }

    /// How many blocks were drawn.
    pub fn block(&self) -> u64 {
        self.block
    }
}

impl Random for Seeded {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for chunk in out.chunks_mut(32) {
            self.block = self.block.wrapping_add(1);
            let block = self.block.to_be_bytes();
            let bytes = sha256(&[self.label.as_bytes(), self.seed.as_bytes(), &block]);
            for (slot, byte) in chunk.iter_mut().zip(bytes) {
                *slot = byte;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_goes_on_where_it_stood() {
        let mut whole = Seeded::new("label", "seed");
        let (mut first, mut second, mut other) = ([0; 32], [0; 40], [0; 32]);
        whole.fill(&mut first).unwrap();
        let mut later = Seeded::at("label", whole.seed(), whole.block());
        whole.fill(&mut second).unwrap();
        let mut again = [0; 40];
        later.fill(&mut again).unwrap();
        assert_eq!(again, second);
        Seeded::new("other label", "seed").fill(&mut other).unwrap();
        assert!(first != other && first != second[..32]);
    }
}
