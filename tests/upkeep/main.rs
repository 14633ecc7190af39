//! What is done with a database as a whole.
//!
//! | module | holds |
//! |---|---|
//! | `audit` | random edits of the journal, each found by the verifier |
//! | `sequences` | random sequences of all methods |
//! | `states` | the transition tables, in `docs/states.md` and in the specification |
//! | `lookups` | lists among 100,000 activations |
//! | `races` | one PUK and two phones; many activations at once; what is overdue |
//! | `releases` | what earlier releases wrote is served by the code of today |
//! | `rotation` | sealing keys replaced under load, and killed at every call |
//! | `sealed` | sealed secrets changed by a bit or moved to another row |
#![cfg(all(feature = "client", feature = "simulation"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod audit;
#[cfg(feature = "sqlite")]
mod lookups;
mod races;
mod releases;
mod rotation;
mod sealed;
mod sequences;
mod states;
#[path = "../support/mod.rs"]
mod support;
