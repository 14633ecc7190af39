//! The phone's side of the protocol against a small server written with the primitives of `crypto` (not the engine), its
//! stored form, known answers and a recorded exchange of a deployed phone. `cargo test --features client --test client --
//! --nocapture` prints the counts.

#![cfg(feature = "client")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::unreachable,
    unreachable_pub,
    missing_docs
)]

#[path = "client/activation.rs"]
mod activation;
#[path = "client/counter.rs"]
mod counter;
#[path = "client/endpoints.rs"]
mod endpoints;
#[path = "client/flows.rs"]
mod flows;
#[path = "client/mobile.rs"]
mod mobile;
#[path = "client/offline.rs"]
mod offline;
#[path = "client/rig.rs"]
mod rig;
#[path = "client/server.rs"]
mod server;
#[path = "client/state.rs"]
mod state;
#[path = "client/support.rs"]
mod support;
#[path = "client/transcript.rs"]
mod transcript;
#[path = "client/vectors.rs"]
mod vectors;
