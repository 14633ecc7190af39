//! Reads, in the caller's thread: a page that is in memory is found faster than another thread woken.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Result};

use super::connection::{SqliteOptions, open_guest, open_reader};
use super::failure::{OpenError, closed, not_applied};
use super::rows;
use crate::store::port::{Answer, Batch, Collection, Commit, Fut, Query, Record, Store, StoreError};

/// Connections that nobody uses at the moment, as many as there ever were reads at the same time;
/// `None` when the store is closed.
pub(super) struct Readers {
    options: SqliteOptions,
    idle: Mutex<Option<Vec<Connection>>>,
}

/// Idle connections kept at most.
const IDLE: usize = 16;

impl Readers {
    pub(super) fn new(options: SqliteOptions) -> Self {
        Self {
            options,
            idle: Mutex::new(Some(Vec::new())),
        }
    }

    pub(super) fn read(&self, queries: &[Query]) -> Result<Vec<Answer>, StoreError> {
        self.with(|connection| snapshot(connection, queries))
    }

    pub(super) fn walk(
        &self,
        collection: Collection,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError> {
        self.with(|connection| rows::walk(connection, collection, after, limit))
    }

    fn with<T>(&self, ask: impl FnOnce(&Connection) -> Result<T>) -> Result<T, StoreError> {
        let idle = self.idle().as_mut().ok_or_else(closed)?.pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open_reader(&self.options).map_err(|error| StoreError::NotApplied(error.to_string()))?,
        };
        let answers = ask(&connection);
        // One that is still inside a transaction would show old records for ever.
        if connection.is_autocommit()
            && let Some(idle) = self.idle().as_mut()
            && idle.len() < IDLE
        {
            idle.push(connection);
        }
        answers.map_err(|error| not_applied(&error))
    }

    pub(super) fn close(&self) {
        *self.idle() = None;
    }

    fn idle(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All answers from one state of the database.
fn snapshot(connection: &Connection, queries: &[Query]) -> Result<Vec<Answer>> {
    if let [query] = queries {
        return answer(connection, query).map(|answer| vec![answer]);
    }
    connection.prepare_cached("BEGIN")?.execute([])?;
    let answers = queries.iter().map(|query| answer(connection, query)).collect();
    connection.prepare_cached("ROLLBACK")?.execute([])?;
    answers
}

fn answer(connection: &Connection, query: &Query) -> Result<Answer> {
    match query {
        Query::Get(key) => rows::get(connection, key).map(Answer::Record),
        Query::Scan(scan) => rows::scan(connection, scan).map(Answer::Page),
    }
}

/// An SQLite file that is only read, also while a server uses it. It is neither created nor brought to
/// a newer layout, and commits are refused.
pub struct SqliteReader {
    readers: Readers,
}

impl std::fmt::Debug for SqliteReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteReader").finish_non_exhaustive()
    }
}

impl SqliteReader {
    /// Opens the file at `path`, which must exist.
    ///
    /// # Errors
    /// See [`OpenError`]; a file that holds no records yet is [`OpenError::Foreign`].
    pub fn open(path: impl Into<std::path::PathBuf>) -> Result<Self, OpenError> {
        let options = SqliteOptions::new(path);
        open_guest(&options)?;
        Ok(Self {
            readers: Readers::new(options),
        })
    }
}

impl Store for SqliteReader {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move { self.readers.read(queries) })
    }

    fn commit<'a>(&'a self, _: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async { Err(StoreError::NotApplied("the file was opened for reading".into())) })
    }

    fn walk<'a>(
        &'a self,
        collection: Collection,
        after: Option<&'a str>,
        limit: u32,
    ) -> Fut<'a, Result<Vec<Record>, StoreError>> {
        Box::pin(async move { self.readers.walk(collection, after, limit) })
    }
}
