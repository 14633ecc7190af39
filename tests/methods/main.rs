//! Methods with an envelope or a key in their answer: vault, upgrade, decryptor, user info; credentials
//! of integrations, and those of users that only the host understands. Each through both of its doors, the server API and the phone's.
//!
//! Checks are proven in their order: of a request with several faults, the first one decides, and a
//! refused request changes nothing.
#![cfg(all(feature = "client", feature = "simulation"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod bank;
mod credentials;
mod decryptor;
mod integrations;
mod roles;
mod states;
#[path = "../support/mod.rs"]
mod support;
mod typed;
mod upgrade;
mod user_info;
mod vault;
