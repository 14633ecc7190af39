//! Randomness of one case: all of it follows from the seed, the operation's name and the number of the case.

use countersign::crypto::random::{Random, RandomError};

/// A generator (xoshiro256**, seeded by SplitMix64).
pub(crate) struct Dice([u64; 4]);

impl Dice {
    pub(crate) fn new(seed: u64, operation: &str, case: u64) -> Self {
        // FNV-1a, so that the same number draws other things for another operation.
        let named = operation.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        let mut state = seed ^ named ^ case.wrapping_mul(0xD134_2543_DE82_EF95);
        Self([(); 4].map(|()| {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        }))
    }

    pub(crate) fn number(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.0;
        let out = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        out
    }

    /// A number below `sides`.
    pub(crate) fn below(&mut self, sides: usize) -> usize {
        usize::try_from(self.number() % u64::try_from(sides).unwrap()).unwrap()
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.fill(&mut out).unwrap();
        out
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut out = vec![0; length];
        self.fill(&mut out).unwrap();
        out
    }

    /// Bytes of a length from 0 to `most`, short ones more often.
    pub(crate) fn some_bytes(&mut self, most: usize) -> Vec<u8> {
        let most = if self.once_in(4) { most } else { most.min(40) };
        let length = self.below(most + 1);
        self.bytes(length)
    }

    /// A text of up to `most` of these characters.
    pub(crate) fn text(&mut self, most: usize, from: &[char]) -> String {
        let length = self.below(most + 1);
        (0..length).map(|_| self.pick(from)).collect()
    }

    /// A text of up to `most` characters of any kind.
    pub(crate) fn any_text(&mut self, most: usize) -> String {
        const KINDS: &[char] = &[
            'a', 'Z', '5', ' ', '&', '=', '/', '?', '"', '\\', '*', '\n', '\t', '\u{0}', 'č', 'ß', '€', '漢',
            '😀', '\u{FFFF}', '\u{301}', '\u{202E}',
        ];
        self.text(most, KINDS)
    }

    /// A UUID of version 4, mostly in lower case.
    pub(crate) fn uuid(&mut self) -> String {
        let id = countersign::crypto::identifier::uuid_v4(self).unwrap();
        if self.once_in(8) { id.to_uppercase() } else { id }
    }

    /// One bit of `bytes` is changed.
    pub(crate) fn flip(&mut self, bytes: &mut [u8]) {
        if !bytes.is_empty() {
            let at = self.below(bytes.len());
            bytes[at] ^= 1 << self.below(8);
        }
    }

    /// One to three edits: a character replaced, inserted, removed, or two exchanged.
    pub(crate) fn edit(&mut self, text: &str, with: &[char]) -> String {
        let mut all: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(3) {
            let at = self.below(all.len() + 1);
            match self.below(4) {
                0 => all.insert(at, self.pick(with)),
                1 if at < all.len() => all[at] = self.pick(with),
                2 if at < all.len() => drop(all.remove(at)),
                3 if at < all.len() => {
                    let other = self.below(all.len());
                    all.swap(at, other);
                }
                _ => {}
            }
        }
        all.into_iter().collect()
    }
}

impl Random for Dice {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for chunk in out.chunks_mut(8) {
            let bytes = self.number().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}
