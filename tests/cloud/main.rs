//! The cloud API through a closed dispatcher: every call with the credentials that the API itself gave out.
//!
//! | module | holds |
//! |---|---|
//! | `rig` | two applications with credentials, administrator and integration, phones |
//! | `registrations`, `operations`, `offline`, `authentication`, `messages`, `audit`, `administration` | the example bodies and every listed error, by subject |
//! | `push` | credentials for push messages, and messages about new operations |
//! | `devices` | the life of a user with three phones |
//! | `isolation` | identifiers of another application at every endpoint |
#![cfg(all(feature = "client", feature = "simulation"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod administration;
mod audit;
mod authentication;
mod devices;
mod isolation;
mod messages;
mod offline;
mod operations;
mod push;
mod registrations;
mod rig;
#[path = "../support/mod.rs"]
mod support;
