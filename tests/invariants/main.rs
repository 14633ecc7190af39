//! The standing promises I1 to I7, held against racing callers and against files that are reopened.
//!
//! | promise | module |
//! |---|---|
//! | I1 a valid code is never valid again, I4 what is accepted once | `once` |
//! | I2 the counter only moves forward and is durable before the answer | `counter` |
//! | I3 answered failures are counted, however parallel | `failures`, `vault`, `puks` |
//! | I5 actions on one activation are as one after the other | `activations` |
//! | I7 what has no line in a history has one entry | `journal` |
//! | I5 one action ends an operation, I6 an approval stands for what it was made for | `operations`, `triples` |
#![cfg(all(feature = "client", feature = "simulation", feature = "sqlite"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod activations;
mod counter;
mod crowd;
mod failures;
mod journal;
#[cfg(all(feature = "postgres", unix))]
mod nodes;
mod once;
mod operations;
mod puks;
#[path = "../support/mod.rs"]
mod support;
mod triples;
mod vault;
mod windows;
