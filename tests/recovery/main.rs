//! Recovery: postcards, codes that come with an activation, PUKs, and phones that use them.
//!
//! | module | holds |
//! |---|---|
//! | `town` | an application with recovery, a printing centre, phones of the server API |
//! | `checks`, `order` | every check of every method, in its order |
//! | `puks` | wrong, right, used, blocked and revoked PUKs, with history, journal and callbacks |
//! | `phones` | the same with the phones' own API |
#![cfg(all(feature = "client", feature = "simulation"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod checks;
mod order;
mod phones;
mod puks;
#[path = "../support/mod.rs"]
mod support;
mod town;
