//! Containers for secret bytes: zeroized when dropped, redacted in `Debug`, compared in constant time.
//!
//! Neither type has `Display`, `PartialEq` or `Serialize`: a secret leaves only through a named call.

use super::random::{Random, RandomError};
use core::fmt;
use subtle::ConstantTimeEq;
use zeroize::{ZeroizeOnDrop, optimization_barrier};

/// Overwrites `values` with zeros, which the compiler may not leave out. Whole words at a time: one volatile write per
/// byte costs more than the HMAC whose key it erases.
pub(crate) fn erase<T: Copy + Default>(values: &mut [T]) {
    values.fill(T::default());
    optimization_barrier(values);
}

/// A secret of exactly `N` bytes.
#[derive(Clone)]
pub struct Secret<const N: usize>([u8; N]);

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        erase(&mut self.0);
    }
}

impl<const N: usize> ZeroizeOnDrop for Secret<N> {}

impl<const N: usize> Secret<N> {
    /// Length in bytes.
    pub const LENGTH: usize = N;

    /// Takes over the given bytes. The caller's own copy stays the caller's to erase.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// Copies a slice of exactly `N` bytes; any other length gives `None`.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Draws a fresh secret.
    ///
    /// # Errors
    /// [`RandomError`] when the source fails; no secret exists then.
    pub fn generate(rng: &mut dyn Random) -> Result<Self, RandomError> {
        let mut out = Self([0; N]);
        rng.fill(&mut out.0)?;
        Ok(out)
    }

    /// The secret bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }

    pub(crate) fn as_mut_bytes(&mut self) -> &mut [u8; N] {
        &mut self.0
    }

    /// Compares in constant time.
    #[must_use]
    pub fn ct_eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_) = self;
        write!(f, "Secret<{N}>(..)")
    }
}

/// A secret of any length, on the heap.
#[derive(Clone)]
pub struct SecretVec(Vec<u8>);

impl Drop for SecretVec {
    fn drop(&mut self) {
        // Also what is behind the end.
        self.0.clear();
        self.0.resize(self.0.capacity(), 0);
        optimization_barrier(self.0.as_slice());
    }
}

impl ZeroizeOnDrop for SecretVec {}

impl SecretVec {
    /// Takes over the vector; it is erased when the secret is dropped.
    #[must_use]
    pub fn from_vec(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Copies a slice.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Self {
        Self::from_vec(bytes.to_vec())
    }

    /// The secret bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps the first `length` bytes. The rest is erased when the secret is dropped.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    /// Compares in constant time; the lengths are not secret.
    #[must_use]
    pub fn ct_eq(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

/// Where a text with secrets is written: what it leaves behind when it grows is erased.
#[derive(Debug)]
pub(crate) struct SecretWriter(SecretVec);

impl SecretWriter {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self(SecretVec::from_vec(Vec::with_capacity(256)))
    }

    /// What was written.
    pub(crate) fn written(self) -> SecretVec {
        self.0
    }
}

impl std::io::Write for SecretWriter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let SecretVec(known) = &mut self.0;
        let length = known.len().saturating_add(bytes.len());
        if length > known.capacity() {
            let mut grown = Vec::with_capacity(length.max(known.capacity().saturating_mul(2)));
            grown.extend_from_slice(known);
            self.0 = SecretVec::from_vec(grown);
        }
        self.0.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for SecretVec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_) = self;
        f.write_str("SecretVec(..)")
    }
}

/// Compares two byte strings in constant time; their lengths are not secret.
#[must_use]
pub fn ct_eq(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_bytes() {
        assert_eq!(format!("{:?}", Secret::from_bytes([7; 16])), "Secret<16>(..)");
        assert_eq!(format!("{:?}", SecretVec::from_slice(b"abc")), "SecretVec(..)");
    }

    #[test]
    fn a_writer_grows() {
        use std::io::Write;
        let mut writer = SecretWriter::new();
        let mut expected = Vec::new();
        for length in [0, 1, 255, 1, 3_000, 7] {
            let part = vec![b'0' + u8::try_from(expected.len() % 10).unwrap(); length];
            writer.write_all(&part).unwrap();
            expected.extend(part);
        }
        assert_eq!(writer.written().as_bytes(), expected);
    }

    #[test]
    fn comparison_sees_every_byte() {
        let base = Secret::from_bytes([0; 16]);
        for i in 0..16 {
            let mut other = [0; 16];
            other[i] = 1;
            assert!(!base.ct_eq(&Secret::from_bytes(other)));
        }
        assert!(base.ct_eq(&Secret::from_bytes([0; 16])));
        assert!(!ct_eq(b"ab", b"abc"));
    }
}
