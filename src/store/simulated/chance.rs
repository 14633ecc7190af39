//! Numbers that only depend on a seed.

/// A small generator for simulations (SplitMix64). Fast, reproducible on every platform, and of no
/// use for secrets.
#[derive(Clone, Debug)]
pub struct Chance {
    state: u64,
}

impl Chance {
    /// The sequence of `seed`.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        // The bias of a remainder does not matter here.
        self.draw().checked_rem(bound).unwrap_or(0)
    }

    /// A position in something with `len` elements; 0 when it is empty.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(u64::try_from(len).unwrap_or(u64::MAX))).unwrap_or(0)
    }

    /// True in `per_mille` of 1,000 cases.
    pub fn hit(&mut self, per_mille: u16) -> bool {
        // Draws nothing when switched off, so that a seed tells the same story without the fault.
        per_mille > 0 && self.below(1_000) < u64::from(per_mille)
    }

    /// Fills `out`.
    pub fn fill(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            for (byte, random) in chunk.iter_mut().zip(self.draw().to_be_bytes()) {
                *byte = random;
            }
        }
    }
}
