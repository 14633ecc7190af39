//! HMAC-SHA256 over the bare compression function (RFC 2104, FIPS 180-4).
//!
//! A verification is a dozen HMACs over a few bytes each. A general-purpose implementation spends more time on moving
//! and erasing its buffers than on hashing; this one absorbs a key once, and has one block to erase per message.

use super::secret::erase;
use core::fmt;
use sha2::{Digest, Sha256};
use zeroize::ZeroizeOnDrop;

const BLOCK: usize = 64;

/// The compression function. All that a verification computes goes through here.
fn compress256(state: &mut [u32; 8], blocks: &[[u8; BLOCK]]) {
    #[cfg(test)]
    counted::add(blocks.len());
    sha2::block_api::compress256(state, blocks);
}

/// How much a test computes: what says it without a clock.
#[cfg(test)]
pub(crate) mod counted {
    use std::cell::Cell;

    thread_local!(static BLOCKS: Cell<usize> = const { Cell::new(0) });

    pub(super) fn add(blocks: usize) {
        BLOCKS.set(BLOCKS.get() + blocks);
    }

    /// Blocks that this thread compresses in `body`.
    pub(crate) fn during<T>(body: impl FnOnce() -> T) -> (T, usize) {
        BLOCKS.set(0);
        let result = body();
        (result, BLOCKS.get())
    }
}
/// Where the length begins in the last block.
const LENGTH_AT: usize = BLOCK - 8;

/// The initial hash value of SHA-256 (FIPS 180-4, section 5.3.3).
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// A key that is absorbed already: the states after the inner and the outer padded key.
#[derive(Clone)]
pub(crate) struct HmacKey {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl Drop for HmacKey {
    fn drop(&mut self) {
        erase(&mut self.inner);
        erase(&mut self.outer);
    }
}

impl ZeroizeOnDrop for HmacKey {}

impl HmacKey {
    /// A key of any length; one of more than 64 bytes is hashed first.
    pub(crate) fn new(key: &[u8]) -> Self {
        let mut block = [0; BLOCK];
        if let Some(start) = block.get_mut(..key.len()) {
            start.copy_from_slice(key);
        } else {
            let digest = Sha256::digest(key);
            block[..32].copy_from_slice(&digest);
        }
        let (mut inner, mut outer) = (INITIAL, INITIAL);
        block.iter_mut().for_each(|byte| *byte ^= 0x36);
        compress256(&mut inner, &[block]);
        block.iter_mut().for_each(|byte| *byte ^= 0x36 ^ 0x5c);
        compress256(&mut outer, &[block]);
        erase(&mut block);
        Self { inner, outer }
    }

    /// The MAC of the concatenation of `parts`.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut block = [0; BLOCK];
        let inner = digest(self.inner, parts, &mut block);
        let outer = digest(self.outer, &[&inner], &mut block);
        erase(&mut block);
        outer
    }
}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacKey(..)")
    }
}

/// Goes on from a state behind one block, to the end of `parts` and of the padding.
fn digest(mut state: [u32; 8], parts: &[&[u8]], block: &mut [u8; BLOCK]) -> [u8; 32] {
    let mut used = 0;
    let mut length = BLOCK;
    for &part in parts {
        length = length.wrapping_add(part.len());
        let mut rest = part;
        if used > 0 {
            let (head, tail) = rest.split_at(rest.len().min(BLOCK - used));
            put(block, used, head);
            used += head.len();
            rest = tail;
            if used < BLOCK {
                continue;
            }
            compress256(&mut state, core::slice::from_ref(block));
        }
        let (whole, tail) = rest.as_chunks::<BLOCK>();
        compress256(&mut state, whole);
        put(block, 0, tail);
        used = tail.len();
    }
    put(block, used, &[0x80]);
    used += 1;
    if used > LENGTH_AT {
        clear(block, used);
        compress256(&mut state, core::slice::from_ref(block));
        used = 0;
    }
    clear(block, used);
    let bits = u64::try_from(length).unwrap_or(u64::MAX).wrapping_mul(8);
    put(block, LENGTH_AT, &bits.to_be_bytes());
    compress256(&mut state, core::slice::from_ref(block));
    let mut out = [0; 32];
    for (bytes, word) in out.as_chunks_mut::<4>().0.iter_mut().zip(&state) {
        *bytes = word.to_be_bytes();
    }
    erase(&mut state);
    out
}

fn put(block: &mut [u8; BLOCK], at: usize, bytes: &[u8]) {
    if let Some(slots) = block.get_mut(at..at + bytes.len()) {
        slots.copy_from_slice(bytes);
    }
}

fn clear(block: &mut [u8; BLOCK], from: usize) {
    if let Some(rest) = block.get_mut(from..) {
        rest.fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::{Hmac, KeyInit, Mac};

    fn reference(key: &[u8], message: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    /// Every length of key and message around the block's borders, and every way to cut a message in two.
    #[test]
    fn as_the_general_implementation() {
        let bytes: Vec<u8> = (0..=255).cycle().take(600).collect();
        let mut compared = 0;
        for key_length in [0, 1, 16, 32, 55, 63, 64, 65, 128, 200] {
            let key = &bytes[bytes.len() - key_length..];
            let ours = HmacKey::new(key);
            for length in (0..=200).chain([256, 511, 512, 513]) {
                let message = &bytes[..length];
                let expected = reference(key, message);
                assert_eq!(ours.mac(&[message]), expected, "{key_length} {length}");
                for cut in [0, 1, 8, 55, 56, 63, 64, 65, 127, 128, length] {
                    let (head, tail) = message.split_at(cut.min(length));
                    assert_eq!(ours.mac(&[head, tail]), expected, "{key_length} {length} {cut}");
                    assert_eq!(
                        ours.mac(&[head, &[], tail]),
                        expected,
                        "{key_length} {length} {cut}"
                    );
                    compared += 2;
                }
            }
        }
        println!("{compared} messages");
    }
}
