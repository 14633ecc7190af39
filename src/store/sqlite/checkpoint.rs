//! Copies the write-ahead log into the database file, beside the writer instead of inside a commit.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use rusqlite::{Connection, Result};

use super::writer::Job;

/// Pages in the log from which on the writer is asked to let it start over.
const LONG: i64 = 8_192;

/// How far a checkpoint came, in pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    log: i64,
    copied: i64,
}

/// Copies what can be copied without disturbing anybody.
pub(super) fn run(connection: &Connection) -> Result<Progress> {
    let mut statement = connection.prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")?;
    statement.query_row([], |row| {
        Ok(Progress {
            log: row.get(1)?,
            copied: row.get(2)?,
        })
    })
}

/// Every `interval`, until the other end of `stop` is dropped. The log starts over by itself when it
/// was copied to the end and nobody reads from it. Under load the end moves while it is being
/// copied; when the log has become long, the writer copies the last pages between two groups.
pub(super) fn keep_running(
    connection: &Connection,
    interval: Duration,
    stop: &Receiver<()>,
    writer: &SyncSender<Job>,
) {
    let mut before = None;
    while stop.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
        // What fails is tried again.
        let Ok(progress) = run(connection) else { continue };
        if progress.log > LONG && progress.log != progress.copied && Some(progress) != before {
            let _ = writer.try_send(Job::Checkpoint);
        }
        before = Some(progress);
    }
}
