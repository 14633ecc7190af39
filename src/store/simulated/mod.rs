//! Stores with faults, reproducible by seed.

mod chance;

pub use chance::Chance;
