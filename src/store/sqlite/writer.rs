//! The one thread that writes. Everything that waits is judged and written inside one transaction,
//! with one flush to the disk for all of it, and answered after that.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::checkpoint;
use super::failure::{not_applied, of_commit};
use super::rows;
use crate::store::port::{Batch, Commit, StoreError};

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// A request to the writer.
pub(super) enum Job {
    Commit(Batch, Reply<Commit>),
    Purge(u64, u32, Reply<u64>),
    /// Copy what is left of the log, now that nobody else writes.
    Checkpoint,
    /// Finish what waits, then stop.
    Close,
}

type Outcome = Result<Commit, StoreError>;

/// A transaction that was rolled back.
struct Failed {
    /// Otherwise it has nothing to do with the batches.
    begun: bool,
    error: rusqlite::Error,
}

struct Purge {
    before: u64,
    left: u32,
    dropped: u64,
    reply: Reply<u64>,
}

/// Records dropped in one transaction at most, so that commits in between do not wait.
const PURGE_SLICE: u32 = 128;

/// How long a group waits for those who were answered with the last one: about as long as a flush of the disk takes.
const PATIENCE: Duration = Duration::from_micros(300);

pub(super) struct Writer {
    connection: Connection,
    jobs: Receiver<Job>,
    group: usize,
    /// Batches of the last group: callers who were answered and may be back soon.
    answered: usize,
    purges: VecDeque<Purge>,
    closing: bool,
}

impl Writer {
    pub(super) fn new(connection: Connection, jobs: Receiver<Job>, group: usize) -> Self {
        Self {
            connection,
            jobs,
            group: group.max(1),
            answered: 0,
            purges: VecDeque::new(),
            closing: false,
        }
    }

    /// Until the store is closed and everything that waits is answered.
    pub(super) fn run(mut self) {
        let mut waiting = Vec::with_capacity(self.group);
        loop {
            let checkpoint = self.collect(&mut waiting);
            self.write(&mut waiting);
            self.purge_slice();
            if checkpoint {
                // What fails now is tried again; the log only grows meanwhile.
                let _ = checkpoint::run(&self.connection);
            }
            if self.closing && self.purges.is_empty() {
                return;
            }
        }
    }

    /// Takes everything that waits, up to a group; blocks when there is nothing to do. Answers
    /// whether a checkpoint is due.
    fn collect(&mut self, waiting: &mut Vec<(Batch, Reply<Commit>)>) -> bool {
        let mut checkpoint = false;
        let mut until = None;
        let mut next = if self.purges.is_empty() && !self.closing {
            self.jobs.recv().map_err(|_| TryRecvError::Disconnected)
        } else {
            self.jobs.try_recv()
        };
        loop {
            match next {
                Ok(Job::Commit(batch, reply)) => waiting.push((batch, reply)),
                Ok(Job::Purge(before, left, reply)) => self.purges.push_back(Purge {
                    before,
                    left,
                    dropped: 0,
                    reply,
                }),
                Ok(Job::Checkpoint) => checkpoint = true,
                Ok(Job::Close) => self.closing = true,
                Err(TryRecvError::Empty) => {
                    // Half of those who call at the moment; the others decide meanwhile.
                    let worth = (self.answered + waiting.len()) / 2;
                    if waiting.is_empty() || waiting.len() >= worth || self.closing {
                        return checkpoint;
                    }
                    let until = *until.get_or_insert_with(|| Instant::now() + PATIENCE);
                    let left = until.saturating_duration_since(Instant::now());
                    match self.jobs.recv_timeout(left) {
                        Ok(job) => {
                            next = Ok(job);
                            continue;
                        }
                        Err(_) => return checkpoint,
                    }
                }
                Err(TryRecvError::Disconnected) => {
                    self.closing = true;
                    return checkpoint;
                }
            }
            if waiting.len() >= self.group {
                return checkpoint;
            }
            next = self.jobs.try_recv();
        }
    }

    fn write(&mut self, waiting: &mut Vec<(Batch, Reply<Commit>)>) {
        self.answered = waiting.len();
        let batches: Vec<&Batch> = waiting.iter().map(|(batch, _)| batch).collect();
        let outcomes = match self.transact(&batches) {
            Ok(outcomes) => outcomes,
            // One batch must not take the others down: each for itself.
            Err(failed) if failed.begun && batches.len() > 1 => {
                batches.into_iter().flat_map(|batch| self.alone(batch)).collect()
            }
            Err(failed) => batches.iter().map(|_| Err(not_applied(&failed.error))).collect(),
        };
        for ((_, reply), outcome) in waiting.drain(..).zip(outcomes) {
            // A caller that went away does not want to know.
            let _ = reply.send(outcome);
        }
    }

    fn alone(&self, batch: &Batch) -> Vec<Outcome> {
        self.transact(&[batch])
            .unwrap_or_else(|failed| vec![Err(not_applied(&failed.error))])
    }

    /// One transaction around the batches. An error means that nothing was written; what happens to
    /// `COMMIT` itself is part of the outcomes.
    fn transact(&self, batches: &[&Batch]) -> Result<Vec<Outcome>, Failed> {
        if batches.is_empty() {
            return Ok(Vec::new());
        }
        self.execute("BEGIN IMMEDIATE")
            .map_err(|error| Failed { begun: false, error })?;
        let judged = self.judge(batches).map_err(|error| {
            self.roll_back();
            Failed { begun: true, error }
        })?;
        let Err(error) = self.execute("COMMIT") else {
            return Ok(judged.into_iter().map(Ok).collect());
        };
        self.roll_back();
        Ok(judged
            .into_iter()
            .map(|outcome| match outcome {
                Commit::Applied => Err(of_commit(&error)),
                Commit::Conflict(_) => Err(not_applied(&error)),
            })
            .collect())
    }

    /// Judges and writes, inside a transaction. Nearly always all fits: so it is written at once, and only when
    /// something does not fit is everything undone, and each batch judged before it is written.
    fn judge(&self, batches: &[&Batch]) -> rusqlite::Result<Vec<Commit>> {
        for batch in batches {
            if !rows::write(&self.connection, batch)? {
                self.execute("ROLLBACK")?;
                self.execute("BEGIN IMMEDIATE")?;
                let judged = batches.iter().map(|batch| rows::commit(&self.connection, batch));
                return judged.collect();
            }
        }
        Ok(batches.iter().map(|_| Commit::Applied).collect())
    }

    fn purge_slice(&mut self) {
        let Some(mut purge) = self.purges.pop_front() else {
            return;
        };
        let slice = purge.left.min(PURGE_SLICE);
        let dropped = self.purge_transaction(purge.before, slice);
        match dropped {
            Ok(dropped) => {
                purge.dropped += dropped;
                purge.left = purge
                    .left
                    .saturating_sub(u32::try_from(dropped).unwrap_or(u32::MAX));
                if dropped < u64::from(slice) || purge.left == 0 {
                    let _ = purge.reply.send(Ok(purge.dropped));
                } else {
                    self.purges.push_back(purge);
                }
            }
            Err(_) if purge.dropped > 0 => drop(purge.reply.send(Ok(purge.dropped))),
            Err(error) => drop(purge.reply.send(Err(error))),
        }
    }

    fn purge_transaction(&self, before: u64, limit: u32) -> Result<u64, StoreError> {
        let judged = self
            .execute("BEGIN IMMEDIATE")
            .and_then(|()| rows::purge(&self.connection, before, limit));
        let dropped = judged.map_err(|error| {
            self.roll_back();
            not_applied(&error)
        })?;
        self.execute("COMMIT").map_err(|error| {
            self.roll_back();
            of_commit(&error)
        })?;
        Ok(dropped)
    }

    fn execute(&self, sql: &'static str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute([]).map(drop)
    }

    /// SQLite rolls back by itself after some errors; then there is nothing left to do.
    fn roll_back(&self) {
        if !self.connection.is_autocommit() {
            let _ = self.execute("ROLLBACK");
        }
    }
}
