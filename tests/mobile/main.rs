//! The Mobile Token API through the dispatcher, called by the client library.
#![cfg(all(feature = "client", feature = "driver", feature = "simulation"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod amounts;
mod decisions;
mod dialects;
mod fatigue;
mod inbox;
mod push;
mod refusals;
mod rig;
mod spawn;
#[path = "../support/mod.rs"]
mod support;
mod texts;
