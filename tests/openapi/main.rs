//! The OpenAPI documents are those of the endpoint tables, and true: requests that succeed, what comes back, and refusals
//! fit the schemas; what a schema demands cannot be left out, and what cannot be left out it demands.
#![cfg(all(feature = "client", feature = "openapi", feature = "simulation"))]
#![allow(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub
)]

mod committed;
mod schema;
#[path = "../support/mod.rs"]
mod support;
mod truth;
