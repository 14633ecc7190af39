//! What SQLite's errors mean for a caller. The texts carry no paths, no statements and no values.

use std::io;

use rusqlite::ErrorCode;

use crate::store::port::StoreError;

/// The database could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file or its folder cannot be created, read or written.
    #[error("the database file cannot be used: {0}")]
    Io(io::ErrorKind),
    /// A newer version of this library has changed the file's layout. Nothing was touched.
    #[error("the database has layout {found}, this version knows up to {known}")]
    Newer {
        /// Layout of the file.
        found: i64,
        /// Newest layout that this version knows.
        known: i64,
    },
    /// The file is a database of another program. Nothing was touched.
    #[error("the file is a database of another program")]
    Foreign,
    /// The file is not a database, or parts of it are unreadable.
    #[error("the database file is damaged")]
    Damaged,
    /// Somebody else keeps the file locked.
    #[error("the database is locked by somebody else")]
    Busy,
    /// The file system cannot hold a write-ahead log, which durability and speed rest on.
    #[error("the database cannot use a write-ahead log here")]
    NoWriteAheadLog,
    /// Anything else.
    #[error("the database cannot be opened: {0}")]
    Other(String),
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        Self::Io(error.kind())
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                Self::Io(io::ErrorKind::PermissionDenied)
            }
            Some(ErrorCode::DiskFull) => Self::Io(io::ErrorKind::StorageFull),
            _ => Self::Other(describe(&error)),
        }
    }
}

/// One line about an error, safe to log.
pub(super) fn describe(error: &rusqlite::Error) -> String {
    let Some(failure) = error.sqlite_error() else {
        return match error {
            rusqlite::Error::InvalidColumnType(..) | rusqlite::Error::FromSqlConversionFailure(..) => {
                "a row has an unexpected form".into()
            }
            _ => "the database library was used wrongly".into(),
        };
    };
    let what = match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => "locked by somebody else",
        ErrorCode::DiskFull => "the disk is full",
        ErrorCode::ReadOnly => "the database is read-only",
        ErrorCode::PermissionDenied | ErrorCode::CannotOpen => "the database file cannot be opened",
        ErrorCode::SystemIoFailure => "input or output failed",
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => "the database is damaged",
        ErrorCode::OutOfMemory => "out of memory",
        ErrorCode::TooBig => "a value is too big",
        _ => "the statement failed",
    };
    format!("{what} (SQLite {})", failure.extended_code)
}

/// For everything before `COMMIT`: the transaction is rolled back, or never came into being.
pub(super) fn not_applied(error: &rusqlite::Error) -> StoreError {
    StoreError::NotApplied(describe(error))
}

/// For an error of `COMMIT` itself. SQLite rolls back and goes on as if nothing had been written, but
/// the log on disk may already hold the commit, and a crash now would bring it back. Only "busy"
/// comes before the log is touched.
pub(super) fn of_commit(error: &rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy) => StoreError::NotApplied(describe(error)),
        _ => StoreError::Unknown(describe(error)),
    }
}

/// The store was closed before the request reached the database.
pub(super) fn closed() -> StoreError {
    StoreError::NotApplied("the store is closed".into())
}

#[cfg(test)]
mod tests {
    use rusqlite::{Error, ffi};

    use super::*;

    fn failure(code: i32) -> Error {
        Error::SqliteFailure(
            ffi::Error::new(code),
            Some("secret.sqlite: UNIQUE of user 4711".into()),
        )
    }

    #[test]
    fn only_busy_proves_that_a_commit_was_not_written() {
        assert!(matches!(
            of_commit(&failure(ffi::SQLITE_BUSY)),
            StoreError::NotApplied(_)
        ));
        for code in [
            ffi::SQLITE_FULL,
            ffi::SQLITE_IOERR,
            ffi::SQLITE_IOERR_FSYNC,
            ffi::SQLITE_IOERR_WRITE,
            ffi::SQLITE_NOMEM,
            ffi::SQLITE_CORRUPT,
            ffi::SQLITE_READONLY,
            ffi::SQLITE_INTERRUPT,
        ] {
            assert!(
                matches!(of_commit(&failure(code)), StoreError::Unknown(_)),
                "{code}"
            );
            assert!(
                matches!(not_applied(&failure(code)), StoreError::NotApplied(_)),
                "{code}"
            );
        }
    }

    #[test]
    fn errors_are_told_apart_and_tell_nothing_else() {
        let known = [
            (
                ffi::SQLITE_BUSY,
                "locked by somebody else (SQLite 5)",
                OpenError::Busy,
            ),
            (
                ffi::SQLITE_FULL,
                "the disk is full (SQLite 13)",
                OpenError::Io(io::ErrorKind::StorageFull),
            ),
            (
                ffi::SQLITE_CORRUPT,
                "the database is damaged (SQLite 11)",
                OpenError::Damaged,
            ),
            (
                ffi::SQLITE_NOTADB,
                "the database is damaged (SQLite 26)",
                OpenError::Damaged,
            ),
            (
                ffi::SQLITE_READONLY,
                "the database is read-only (SQLite 8)",
                OpenError::Io(io::ErrorKind::PermissionDenied),
            ),
            (
                ffi::SQLITE_CANTOPEN,
                "the database file cannot be opened (SQLite 14)",
                OpenError::Io(io::ErrorKind::PermissionDenied),
            ),
            (
                ffi::SQLITE_CONSTRAINT,
                "the statement failed (SQLite 19)",
                OpenError::Other("the statement failed (SQLite 19)".into()),
            ),
        ];
        for (code, text, error) in known {
            assert_eq!(describe(&failure(code)), text);
            assert_eq!(OpenError::from(failure(code)), error);
        }
    }
}
