//! Countersign: a PowerAuth-compatible mobile-token authentication engine as an embeddable library.

#![forbid(unsafe_code)]

pub mod crypto;
pub mod model;
pub mod store;
