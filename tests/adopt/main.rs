//! Databases of a PowerAuth Server are taken over, and their phones go on.
//!
//! | module | holds |
//! |---|---|
//! | `rig` | the exported databases beside the project, imported |
//! | `tables` | tables as texts, to be changed; records with their secrets opened |
//! | `checks` | requests with the answers that the old server gave |
//! | `phones` | every phone, used through the client |
//! | `damage` | rows that are refused, and older lines |
//! | `again` | later runs, and runs that are interrupted |
//! | `back` | the way back |
//! | `postgres` | the same from a running database |
//! | `zones` | the same from a server that wrote local time |
#![cfg(all(feature = "adopt", feature = "client", feature = "simulation"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod again;
mod back;
mod checks;
#[cfg(all(feature = "postgres", unix))]
#[path = "../store_postgres/cluster.rs"]
#[allow(dead_code, reason = "of another test")]
mod cluster;
mod damage;
mod differences;
mod phones;
#[cfg(all(feature = "postgres", unix))]
mod postgres;
mod rig;
#[path = "../support/mod.rs"]
mod support;
mod tables;
mod zones;
