//! Records in one SQLite file: the default of an embedded engine.
//!
//! ```
//! use countersign::store::{Collection, Key, Query, SqliteStore, Store};
//!
//! # let folder = std::env::temp_dir().join(format!("countersign-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let path = folder.join("bank.sqlite");
//! let store = SqliteStore::open(&path)?;
//! let key = Key::new(Collection("activation"), "a");
//! let answers = pollster::block_on(store.read(&[Query::Get(key)]))?;
//! assert_eq!(answers.len(), 1);
//! store.close();
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! One thread writes. It takes all commits that wait, judges and writes them one after the other
//! inside one transaction, flushes the disk once, and answers (group commit). After a group it waits
//! a moment, at most 0.3 ms, until half of those who called are back: a larger group is cheaper for
//! each. Reads happen in the thread of the caller, over a connection of their own, and never wait for
//! the writer. A third thread copies the write-ahead log into the file, so that no commit has to.
//!
//! What durability rests on: a write-ahead log with `synchronous = FULL`, that is one flush per
//! group. The file must be on a local disk; network file systems lie about locks and flushes. Several
//! processes may use one file.
//!
//! On Linux, `LIBSQLITE3_FLAGS=-DHAVE_FDATASYNC=1` in the environment of the build lets SQLite flush
//! the log without its time stamps: as durable, and one journal entry of the file system less.

mod checkpoint;
mod connection;
mod failure;
mod reader;
mod rows;
mod writer;

use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

pub use self::connection::SqliteOptions;
pub use self::failure::OpenError;
use self::reader::Readers;
pub use self::reader::SqliteReader;
use self::writer::{Job, Writer};
use super::port::{Answer, Batch, Collection, Commit, Fut, Query, Record, Store, StoreError};

/// A store in an SQLite file.
///
/// Dropping it closes it.
pub struct SqliteStore {
    readers: Readers,
    jobs: SyncSender<Job>,
    threads: Mutex<Option<Threads>>,
}

struct Threads {
    writer: JoinHandle<()>,
    checkpoint: JoinHandle<()>,
    stop_checkpoint: SyncSender<()>,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens the file at `path`, with the defaults of [`SqliteOptions`]; creates it when it does not
    /// exist.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, OpenError> {
        Self::open_with(SqliteOptions::new(path))
    }

    /// As [`SqliteStore::open`], with options.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open_with(options: SqliteOptions) -> Result<Self, OpenError> {
        let connection = connection::open_writer(&options)?;
        let copier = connection::open_checkpointer(&options)?;
        let (jobs, waiting) = sync_channel(options.queue.max(1));
        let (stop_checkpoint, stop) = sync_channel(0);
        let (group, interval) = (options.group, options.checkpoint);
        let writer = Writer::new(connection, waiting, group);
        let writer = spawn("countersign-write", move || writer.run())?;
        let to_writer = jobs.clone();
        let checkpoint = spawn("countersign-copy", move || {
            checkpoint::keep_running(&copier, interval, &stop, &to_writer);
        })?;
        Ok(Self {
            readers: Readers::new(options),
            jobs,
            threads: Mutex::new(Some(Threads {
                writer,
                checkpoint,
                stop_checkpoint,
            })),
        })
    }

    /// Finishes the commits that wait, copies the log into the file and lets go of it. Later calls
    /// are refused. Blocks until it is done.
    pub fn close(&self) {
        let threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(threads) = threads else { return };
        // The last connection copies the log and removes it. Two that go at the same time each see the
        // other and leave it; and a reader may not. So the writer goes last, alone.
        self.readers.close();
        drop(threads.stop_checkpoint);
        // A thread that panicked has nothing left to finish.
        let _ = threads.checkpoint.join();
        // Waits for a place in the queue; fails only when the writer is gone already.
        let _ = self.jobs.send(Job::Close);
        let _ = threads.writer.join();
    }

    fn submit(&self, job: Job) -> Result<(), StoreError> {
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::NotApplied("too many commits are waiting".into()),
            TrySendError::Disconnected(_) => failure::closed(),
        })
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.close();
    }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, OpenError> {
    Ok(thread::Builder::new().name(name.into()).spawn(body)?)
}

/// The writer has dropped the request without an answer: it was closed or it panicked, before or
/// after the commit.
fn lost(_: oneshot::error::RecvError) -> StoreError {
    StoreError::Unknown("the writer stopped".into())
}

impl Store for SqliteStore {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move { self.readers.read(queries) })
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            self.submit(Job::Commit(batch.clone(), reply))?;
            answer.await.map_err(lost)?
        })
    }

    fn purge<'a>(&'a self, before: u64, limit: u32) -> Fut<'a, Result<u64, StoreError>> {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            self.submit(Job::Purge(before, limit, reply))?;
            answer.await.map_err(lost)?
        })
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
