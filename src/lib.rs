//! Countersign: a PowerAuth-compatible mobile-token authentication engine as an embeddable library.

#![forbid(unsafe_code)]

#[cfg(feature = "adopt")]
pub mod adopt;
pub mod api;
pub mod bridge;
#[cfg(feature = "client")]
pub mod client;
pub mod crypto;
pub mod engine;
pub mod model;
pub mod store;

/// Compiles and runs the example of the README.
#[cfg(all(doctest, feature = "sqlite"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// Compiles and runs the example of a bank.
#[cfg(all(doctest, feature = "client", feature = "driver"))]
#[doc = concat!("```\n", include_str!("../examples/bank.rs"), "```")]
struct Bank;
