//! Protection of a host's own routes, called by the client library.
#![cfg(all(feature = "client", feature = "driver", feature = "simulation"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod encryption;
mod gatehouse;
mod headers;
mod signature;
mod stores;
#[path = "../support/mod.rs"]
mod support;
mod token;
