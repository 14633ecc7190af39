//! What PostgreSQL's errors mean for a caller. The texts carry no statements and no values.

use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::store::port::StoreError;

/// The database could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The address cannot be read.
    #[error("the address of the database cannot be read")]
    Address,
    /// Nobody answers, the connection broke, or the login was refused.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// Whether the connection is encrypted is not settled, or it cannot be.
    #[error("{0}")]
    Encryption(&'static str),
    /// A newer version of this library has changed the tables. Nothing was touched.
    #[error("the database has layout {found}, this version knows up to {known}")]
    Newer {
        /// Layout of the tables.
        found: i64,
        /// Newest layout that this version knows.
        known: i64,
    },
    /// The database may forget what it has confirmed: the setting named is off.
    #[error("the database does not promise durability: {0} is off")]
    NotDurable(&'static str),
    /// It is a standby, which takes no writes.
    #[error("the database is read-only")]
    ReadOnly,
    /// The tables cannot be made or read.
    #[error("the tables cannot be prepared: {0}")]
    Tables(String),
}

/// One line about an error, safe to log: PostgreSQL's own texts may quote values.
pub(crate) fn describe(error: &Error) -> String {
    match error.code() {
        Some(code) => format!("{} (SQLSTATE {})", what(code), code.code()),
        None if error.is_closed() => "the connection is closed".into(),
        None => "the connection failed".into(),
    }
}

fn what(code: &SqlState) -> &'static str {
    match code.code().get(..2) {
        Some("08") => "the connection failed",
        Some("28") => "the login was refused",
        Some("3D") => "there is no such database",
        Some("40") => "the transaction was rolled back",
        Some("53") => "the database lacks resources",
        Some("55") => "a lock was not free in time",
        Some("57") => "the database stopped the statement",
        Some("58") => "the database's system failed",
        Some("25") => "the database is read-only",
        _ => "the statement failed",
    }
}

/// Whether the same transaction may succeed at once: somebody else was in the way.
pub(super) fn may_retry(error: &Error) -> bool {
    error.code().is_some_and(|code| {
        [
            SqlState::UNIQUE_VIOLATION,
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
        ]
        .contains(code)
    })
}

/// For an error of `COMMIT` itself: only an error that says "rolled back" is a promise.
pub(super) fn of_commit(error: &Error) -> StoreError {
    match error.code() {
        Some(code)
            if code.code().starts_with("40") && *code != SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN =>
        {
            not_applied(error)
        }
        _ => StoreError::Unknown(describe(error)),
    }
}

/// For everything before `COMMIT` was sent.
pub(super) fn not_applied(error: &Error) -> StoreError {
    StoreError::NotApplied(describe(error))
}

/// No answer in time, before `COMMIT` was sent.
pub(super) fn too_slow() -> StoreError {
    StoreError::NotApplied("the database did not answer in time".into())
}

/// The store was closed before the request reached the database.
pub(super) fn closed() -> StoreError {
    StoreError::NotApplied("the store is closed".into())
}
