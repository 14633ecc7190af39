//! Records in PostgreSQL: for any number of nodes over one database.
//!
//! ```no_run
//! use countersign::store::{PostgresOptions, PostgresStore};
//!
//! let store = PostgresStore::open(PostgresOptions::new("postgres://bank@localhost/countersign"))?;
//! # Ok::<(), countersign::store::ConnectError>(())
//! ```
//!
//! A thread of its own talks to the database; callers need no runtime. Reads leave at once, all queries
//! of a call together. Commits that wait are written together, in one transaction. When everything is as they expect, which
//! is nearly always, that takes one round trip; otherwise, and where old index entries have to be known, two:
//!
//! ```text
//! BEGIN, write, COMMIT        ──▶                     every statement fails when it finds less than expected
//!                             ◀──  confirmed          each caller is answered
//!
//! BEGIN, lock and look        ──▶
//!                             ◀──  revisions          each batch is judged over the ones before it
//! insert, update, COMMIT      ──▶
//!                             ◀──  confirmed          each caller is answered
//! ```
//!
//! Records of a collection that the group writes to are locked against everybody, those that it only checks
//! against writers, both in the order of their keys; a key that has to stay free is inserted and deleted
//! again. A transaction that failed is tried again batch by batch, so that one does not take the others
//! down. The statements are prepared when a connection is made; through a pool that hands each transaction
//! to another connection they are sent whole ([`PostgresOptions::pooled`]).
//!
//! | file | holds |
//! |---|---|
//! | `options` | how a database is opened |
//! | `connect` | connections, the durability check, the tables' layout |
//! | `tls` | whether and how connections are encrypted |
//! | `statement` | prepared, or sent whole through a pool |
//! | `read` | one round trip per call |
//! | `group` | what a group of batches does to the records, as plain data |
//! | `quick` | the transaction of one round trip |
//! | `write` | the transaction of two |
//! | `work` | the thread: who waits for what |
//! | `failure` | errors, without values |

mod connect;
mod failure;
mod group;
mod options;
mod quick;
mod read;
mod statement;
mod tls;
mod work;
mod write;

use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::{mpsc, oneshot};

#[cfg(feature = "adopt")]
pub(crate) use connect::guest;
pub use failure::ConnectError;
#[cfg(feature = "adopt")]
pub(crate) use failure::describe;
pub use options::PostgresOptions;

use super::port::{Answer, Batch, Collection, Commit, Fut, Query, Record, Store, StoreError};
use connect::Target;
use work::{CommitJob, ReadJob, Wanted};

/// A store in a PostgreSQL database.
///
/// Dropping it closes it.
pub struct PostgresStore {
    open: Mutex<Option<Open>>,
}

struct Open {
    reads: mpsc::Sender<ReadJob>,
    commits: mpsc::Sender<CommitJob>,
    thread: JoinHandle<()>,
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Opens the database and brings its tables to the newest layout; blocks until that is done.
    ///
    /// # Errors
    /// See [`ConnectError`]. Nothing was changed, except that tables may exist.
    pub fn open(options: PostgresOptions) -> Result<Self, ConnectError> {
        let config = tokio_postgres::Config::from_str(&options.url).map_err(|_| ConnectError::Address)?;
        let target = Target {
            encryption: tls::encryption(&config, options.root_certificates.as_deref())?,
            config,
            pooled: options.pooled,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| ConnectError::Unreachable(error.kind().to_string()))?;
        let (reads, read_jobs) = mpsc::channel(options.queue.max(1));
        let (commits, commit_jobs) = mpsc::channel(options.queue.max(1));
        let (ready, prepared) = std::sync::mpsc::sync_channel(1);
        let body = move || {
            runtime.block_on(async move {
                let outcome =
                    connect::prepare(&target, options.timeout, options.accept_unsafe_database).await;
                let good = outcome.is_ok();
                let _ = ready.send(outcome);
                if good {
                    work::serve(target, &options, read_jobs, commit_jobs).await;
                }
            });
        };
        let thread = thread::Builder::new().name("countersign-postgres".into());
        let thread = thread
            .spawn(body)
            .map_err(|error| ConnectError::Unreachable(error.kind().to_string()))?;
        match prepared.recv() {
            Ok(Ok(())) => Ok(Self {
                open: Mutex::new(Some(Open {
                    reads,
                    commits,
                    thread,
                })),
            }),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(ConnectError::Unreachable("the thread stopped".into())),
        }
    }

    /// Finishes what waits and lets go of the database. Later calls are refused. Blocks until it is
    /// done.
    pub fn close(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Open {
            reads,
            commits,
            thread,
        }) = open
        {
            drop((reads, commits));
            // A thread that panicked has nothing left to finish.
            let _ = thread.join();
        }
    }

    fn ask<J>(&self, sender: impl FnOnce(&Open) -> &mpsc::Sender<J>, job: J) -> Result<(), StoreError> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let open = open.as_ref().ok_or_else(failure::closed)?;
        sender(open).try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => {
                StoreError::NotApplied("too many requests are waiting".into())
            }
            mpsc::error::TrySendError::Closed(_) => failure::closed(),
        })
    }
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        self.close();
    }
}

/// The thread has dropped the request without an answer.
fn lost(_: oneshot::error::RecvError) -> StoreError {
    StoreError::Unknown("the store stopped".into())
}

impl Store for PostgresStore {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            self.ask(
                |open| &open.reads,
                ReadJob {
                    wanted: Wanted::Queries(queries.to_vec()),
                    reply,
                },
            )?;
            answer.await.map_err(|_| failure::closed())?
        })
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            self.ask(|open| &open.commits, CommitJob::Commit(batch.clone(), reply))?;
            answer.await.map_err(lost)?
        })
    }

    fn purge<'a>(&'a self, before: u64, limit: u32) -> Fut<'a, Result<u64, StoreError>> {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            self.ask(|open| &open.commits, CommitJob::Purge(before, limit, reply))?;
            answer.await.map_err(lost)?
        })
    }

    fn walk<'a>(
        &'a self,
        collection: Collection,
        after: Option<&'a str>,
        limit: u32,
    ) -> Fut<'a, Result<Vec<Record>, StoreError>> {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            let wanted = Wanted::Walk {
                collection,
                after: after.unwrap_or_default().to_owned(),
                limit,
            };
            self.ask(|open| &open.reads, ReadJob { wanted, reply })?;
            match answer.await.map_err(|_| failure::closed())??.pop() {
                Some(Answer::Page(page)) => Ok(page.records),
                _ => Err(failure::closed()),
            }
        })
    }
}
