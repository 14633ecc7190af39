//! A database either follows an old server or is served from, never both.
//!
//! What follows has callback events that must not be sent, and counters that may be behind: phones must not depend on it.

use countersign::store::Fault;

use crate::database::Connection;
use crate::records::{FollowMark, Setup};

/// Why a database cannot be used this way.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MarkError {
    #[error(
        "the database was served from; shadow mode needs one of its own, with the old database adopted into it"
    )]
    Served,
    #[error(
        "the database follows an old server in shadow mode; adopt the old database into another one to serve from it"
    )]
    Follows,
    #[error("the database cannot be asked what it is for: {0}")]
    Store(#[from] Fault),
}

/// Whether the database follows an old server.
pub(crate) async fn follows(connection: &Connection) -> Result<bool, Fault> {
    let marked = connection.run(|tx| tx.peek::<FollowMark>(FollowMark::ID));
    Ok(marked.await?.is_some())
}

/// Makes sure that the database is for this: to follow an old server, or to be served from.
pub(crate) async fn mark(connection: &Connection, follows: bool) -> Result<(), MarkError> {
    enum Found {
        Fits,
        Served,
        Follows,
    }
    let found = connection.run(|tx| {
        let marked = tx.get::<FollowMark>(FollowMark::ID)?.is_some();
        let served = tx.get::<Setup>(Setup::ID)?.is_some();
        Ok(match (follows, marked, served) {
            (true, false, true) => Found::Served,
            (false, true, _) => Found::Follows,
            (true, false, false) => {
                tx.put(&FollowMark { since: tx.now() });
                Found::Fits
            }
            (true, true, _) | (false, false, _) => Found::Fits,
        })
    });
    match found.await? {
        Found::Fits => Ok(()),
        Found::Served => Err(MarkError::Served),
        Found::Follows => Err(MarkError::Follows),
    }
}
