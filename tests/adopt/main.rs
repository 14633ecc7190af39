//! Databases of a PowerAuth Server are taken over, and their phones go on.
//!
//! | module | holds |
//! |---|---|
//! | `rig` | the exported databases beside the project, imported |
//! | `checks` | requests with the answers that the old server gave |
//! | `phones` | every phone, used through the client |
#![cfg(all(feature = "adopt", feature = "client", feature = "simulation"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod checks;
mod differences;
mod phones;
mod rig;
#[path = "../support/mod.rs"]
mod support;
