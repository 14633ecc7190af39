//! A bank's own routes behind phones: signed, with a token, end-to-end encrypted, and both (`docs/embedding.md`).
//!
//! | file | holds |
//! |---|---|
//! | `bank` | the engine, its store, and a code for a customer's phone |
//! | `routes` | the bank's routes, each with what it demands |

mod bank;
mod routes;

pub use bank::{Bank, Invitation};

/// What ends the program.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Serves the bank's routes, and what phones call of the engine.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: tokio::net::TcpListener, bank: Bank) -> std::io::Result<()> {
    axum::serve(listener, routes::router(bank)).await
}
