//! The store behind the server: opened from its URL, counted, and its failures logged.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use countersign::model::callback::EVENT;
use countersign::model::push_message::PUSH_MESSAGE;
use countersign::store::driver::drive;
use countersign::store::lane::Lanes;
use countersign::store::{
    Answer, Batch, Collection, Commit, Expect, Failure, Fault, Fut, Halt, Machine, MemoryStore,
    PostgresOptions, PostgresStore, Query, Record, Remembering, SqliteOptions, SqliteStore, Stop, Store,
    StoreError, Tx, Write,
};

use tokio::sync::Notify;

use super::host::System;
use super::minutes::Minutes;
use super::options::{DATABASES, Database, Options};

/// A store and what runs operations against it.
pub(crate) struct Connection {
    pub(crate) store: Metered,
    pub(crate) lanes: Lanes,
}

impl Connection {
    /// Opens the database, creating it when it is missing.
    ///
    /// # Errors
    /// The store's own text.
    pub(crate) fn open(options: &Options) -> Result<Self, String> {
        Self::open_file(options, SqliteOptions::new)
    }

    /// The same, to be filled: a file is written with as little as possible, however long a single commit takes.
    ///
    /// # Errors
    /// The store's own text.
    pub(crate) fn open_to_fill(options: &Options) -> Result<Self, String> {
        Self::open_file(options, to_fill)
    }

    fn open_file(options: &Options, file: fn(PathBuf) -> SqliteOptions) -> Result<Self, String> {
        let store: Arc<dyn Store> = match &options.database {
            Database::Unknown => return Err(DATABASES.to_owned()),
            Database::Memory => Arc::new(MemoryStore::new()),
            Database::Postgres(url) => Arc::new(Remembering::new(postgres(url, options)?)),
            Database::Sqlite(path) => {
                let store = SqliteStore::open_with(file(path.clone()));
                Arc::new(Remembering::new(store.map_err(|error| error.to_string())?))
            }
        };
        let mut connection = Self::over(store);
        if options.console.no_console {
            connection.store.minutes = None;
        }
        Ok(connection)
    }

    pub(crate) fn over(store: Arc<dyn Store>) -> Self {
        Self {
            store: Metered {
                store,
                counts: StoreCounts::default(),
                events: Notify::new(),
                pushes: Notify::new(),
                minutes: Some(Minutes::default()),
            },
            lanes: Lanes::new(),
        }
    }

    /// Runs a decision that has no way to say "no".
    pub(crate) async fn run<T, F>(&self, mut decide: F) -> Result<T, Fault>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, Halt>,
    {
        let decide = |tx: &mut Tx<'_>| decide(tx).map(Ok).map_err(Stop::<Infallible>::from);
        let mut machine = Machine::new(None, decide);
        match drive(&mut machine, &self.store, &self.lanes, &System).await {
            Ok(reply) => Ok(reply),
            Err(Failure::Fault(fault)) => Err(fault),
            Err(Failure::Refused(never)) => match never {},
        }
    }
}

/// How a file is opened that is filled: pages that many commits change are copied out of the log once, and found in the
/// cache. The log stays below 64 MiB, as nobody else copies it meanwhile.
pub(crate) fn to_fill(path: PathBuf) -> SqliteOptions {
    let mut options = SqliteOptions::new(path);
    options.cache_kib = 64 * 1_024;
    options.checkpoint = Duration::from_secs(3_600);
    options.longest_log = 16_384;
    options
}

/// Opens a PostgreSQL database.
///
/// # Errors
/// A text without the address.
pub(crate) fn postgres(url: &str, settings: &Options) -> Result<PostgresStore, String> {
    let mut options = PostgresOptions::new(url);
    options.pooled = settings.database_pooled;
    if let Some(file) = &settings.database_ca {
        let pem = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        options.root_certificates = Some(pem);
    }
    PostgresStore::open(options).map_err(|error| error.to_string())
}

/// Calls of the store by outcome.
#[derive(Debug, Default)]
pub(crate) struct StoreCounts {
    pub(crate) reads: AtomicU64,
    pub(crate) recalls: AtomicU64,
    pub(crate) applied: AtomicU64,
    pub(crate) conflicts: AtomicU64,
    pub(crate) failures: AtomicU64,
    pub(crate) purged: AtomicU64,
}

/// Counts and logs, and tells of new callback events and push messages; changes nothing.
pub(crate) struct Metered {
    store: Arc<dyn Store>,
    pub(crate) counts: StoreCounts,
    /// An event to deliver was written here. Others' events are not noticed.
    pub(crate) events: Notify,
    /// The same for push messages.
    pub(crate) pushes: Notify,
    /// Verifications, for those who watch; none where nobody can.
    pub(crate) minutes: Option<Minutes>,
}

fn has_new(batch: &Batch, collection: Collection) -> bool {
    let is_new = |it: &Write| matches!(it, Write::Put { key, expect: Expect::Absent, .. } if key.collection == collection);
    batch.writes.iter().any(is_new)
}

impl Metered {
    fn failed(&self, call: &'static str, error: &StoreError) {
        self.counts.failures.fetch_add(1, Ordering::Relaxed);
        tracing::error!(call, %error, "the store failed");
    }
}

impl Store for Metered {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move {
            let result = self.store.read(queries).await;
            match &result {
                Ok(_) => _ = self.counts.reads.fetch_add(1, Ordering::Relaxed),
                Err(error) => self.failed("read", error),
            }
            result
        })
    }

    fn recall(&self, queries: &[Query]) -> Option<Vec<Answer>> {
        let answers = self.store.recall(queries)?;
        self.counts.recalls.fetch_add(1, Ordering::Relaxed);
        Some(answers)
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move {
            let result = self.store.commit(batch).await;
            match &result {
                Ok(Commit::Applied) => {
                    self.counts.applied.fetch_add(1, Ordering::Relaxed);
                    if let Some(minutes) = &self.minutes {
                        minutes.committed(batch);
                    }
                    if has_new(batch, EVENT) {
                        self.events.notify_one();
                    }
                    if has_new(batch, PUSH_MESSAGE) {
                        self.pushes.notify_one();
                    }
                }
                Ok(Commit::Conflict(_)) => _ = self.counts.conflicts.fetch_add(1, Ordering::Relaxed),
                Err(error) => self.failed("commit", error),
            }
            result
        })
    }

    fn purge<'a>(&'a self, before: u64, limit: u32) -> Fut<'a, Result<u64, StoreError>> {
        Box::pin(async move {
            let result = self.store.purge(before, limit).await;
            match &result {
                Ok(count) => _ = self.counts.purged.fetch_add(*count, Ordering::Relaxed),
                Err(error) => self.failed("purge", error),
            }
            result
        })
    }

    fn walk<'a>(
        &'a self,
        collection: Collection,
        after: Option<&'a str>,
        limit: u32,
    ) -> Fut<'a, Result<Vec<Record>, StoreError>> {
        Box::pin(async move {
            let result = self.store.walk(collection, after, limit).await;
            if let Err(error) = &result {
                self.failed("walk", error);
            }
            result
        })
    }
}
