//! The thread's work: connections that are made again when they break, reads at the same time, commits in
//! groups.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::{Mutex, Semaphore, mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout};

use super::connect::{Link, Target};
use super::failure::{ConnectError, not_applied, too_slow};
use super::options::PostgresOptions;
use super::statement::Sql;
use super::write::Failed;
use super::{read, write};
use crate::store::lines::to_column;
use crate::store::port::{Answer, Batch, Collection, Commit, Query, StoreError};

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// What is to be read.
pub(super) enum Wanted {
    Queries(Vec<Query>),
    /// Answered with one page.
    Walk {
        collection: Collection,
        after: String,
        limit: u32,
    },
}

pub(super) struct ReadJob {
    pub(super) wanted: Wanted,
    pub(super) reply: Reply<Vec<Answer>>,
}

pub(super) enum CommitJob {
    Commit(Batch, Reply<Commit>),
    Purge(u64, u32, Reply<u64>),
}

/// After a connection could not be made, how long the next one is not tried: a database that comes up
/// again should not be greeted by everybody who waits.
const PAUSE: Duration = Duration::from_millis(100);
/// Attempts for a batch that others got in the way of.
const ATTEMPTS: u32 = 10;
/// Records dropped in one transaction at most, so that commits in between do not wait.
const PURGE_SLICE: u32 = 256;

/// A place for a connection.
struct Slot<const N: usize> {
    target: Target,
    limit: Duration,
    session: String,
    sql: [Sql; N],
    state: Mutex<State<N>>,
}

struct State<const N: usize> {
    link: Option<Arc<Link<N>>>,
    failed: Option<(Instant, ConnectError)>,
}

impl<const N: usize> Slot<N> {
    fn new(target: &Target, limit: Duration, session: String, sql: [Sql; N]) -> Self {
        Self {
            target: target.clone(),
            limit,
            session,
            sql,
            state: Mutex::new(State {
                link: None,
                failed: None,
            }),
        }
    }

    /// The connection; a new one when there is none.
    async fn link(&self) -> Result<Arc<Link<N>>, StoreError> {
        let mut state = self.state.lock().await;
        if let Some(link) = &state.link
            && !link.client.is_closed()
        {
            return Ok(Arc::clone(link));
        }
        if let Some((at, error)) = &state.failed
            && at.elapsed() < PAUSE
        {
            return Err(StoreError::NotApplied(error.to_string()));
        }
        match Link::open(&self.target, self.limit, &self.session, self.sql).await {
            Ok(link) => {
                let link = Arc::new(link);
                *state = State {
                    link: Some(Arc::clone(&link)),
                    failed: None,
                };
                Ok(link)
            }
            Err(error) => {
                let told = StoreError::NotApplied(error.to_string());
                *state = State {
                    link: None,
                    failed: Some((Instant::now(), error)),
                };
                Err(told)
            }
        }
    }

    /// Forgets a connection that broke.
    async fn forget(&self, broken: &Arc<Link<N>>) {
        let mut state = self.state.lock().await;
        if state.link.as_ref().is_some_and(|link| Arc::ptr_eq(link, broken)) {
            state.link = None;
        }
    }
}

/// Serves both queues until they are closed and empty.
pub(super) async fn serve(
    target: Target,
    options: &PostgresOptions,
    reads: mpsc::Receiver<ReadJob>,
    commits: mpsc::Receiver<CommitJob>,
) {
    let limit = options.timeout;
    let commits = Arc::new(Mutex::new(commits));
    let mut tasks = vec![tokio::spawn(serve_reads(
        (0..options.readers.max(1))
            .map(|_| Arc::new(Slot::new(&target, limit, String::new(), read::SQL)))
            .collect(),
        reads,
        options.queue.max(1),
    ))];
    for _ in 0..options.writers.max(1) {
        let slot = Slot::new(&target, limit, write::session(limit), write::SQL);
        tasks.push(tokio::spawn(serve_commits(
            slot,
            Arc::clone(&commits),
            options.group.max(1),
        )));
    }
    join_all(tasks).await;
}

async fn serve_reads(slots: Vec<Arc<Slot<6>>>, mut jobs: mpsc::Receiver<ReadJob>, at_once: usize) {
    let places = Arc::new(Semaphore::new(at_once));
    for slot in (0..slots.len()).cycle() {
        let Some(slot) = slots.get(slot) else { return };
        let (Some(job), Ok(place)) = (jobs.recv().await, Arc::clone(&places).acquire_owned().await) else {
            break;
        };
        let slot = Arc::clone(slot);
        tokio::spawn(async move {
            let answer = read_twice(&slot, &job.wanted).await;
            // A caller that went away does not want to know.
            let _ = job.reply.send(answer);
            drop(place);
        });
    }
    // Those under way still answer.
    let all = u32::try_from(at_once).unwrap_or(u32::MAX);
    let _ = places.acquire_many(all).await;
}

/// A read changes nothing, so one that met a broken connection is simply made again.
async fn read_twice(slot: &Slot<6>, wanted: &Wanted) -> Result<Vec<Answer>, StoreError> {
    let mut error = too_slow();
    for _ in 0..2 {
        let link = slot.link().await?;
        match timeout(slot.limit, read::answer(&link, wanted)).await {
            Ok(Ok(answers)) => return Ok(answers),
            Ok(Err(failed)) if failed.code().is_some() && !failed.is_closed() => {
                return Err(not_applied(&failed));
            }
            Ok(Err(failed)) => {
                slot.forget(&link).await;
                error = not_applied(&failed);
            }
            Err(_) => {
                slot.forget(&link).await;
                return Err(too_slow());
            }
        }
    }
    Err(error)
}

async fn serve_commits(slot: Slot<11>, jobs: Arc<Mutex<mpsc::Receiver<CommitJob>>>, group: usize) {
    let mut waiting: Vec<CommitJob> = Vec::with_capacity(group);
    loop {
        // The lock is held while waiting: whoever has it takes everything that is there.
        if jobs.lock().await.recv_many(&mut waiting, group).await == 0 {
            return;
        }
        let mut batches = Vec::with_capacity(waiting.len());
        for job in waiting.drain(..) {
            match job {
                CommitJob::Commit(batch, reply) => batches.push((batch, reply)),
                CommitJob::Purge(before, limit, reply) => {
                    let _ = reply.send(purge(&slot, before, limit).await);
                }
            }
        }
        commit(&slot, batches).await;
    }
}

/// All in one transaction; when that fails, each for itself.
async fn commit(slot: &Slot<11>, waiting: Vec<(Batch, Reply<Commit>)>) {
    if waiting.is_empty() {
        return;
    }
    let batches: Vec<&Batch> = waiting.iter().map(|(batch, _)| batch).collect();
    let together = attempt(slot, &batches).await;
    let outcomes: Vec<Result<Commit, StoreError>> = match together {
        Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
        Err(Failed::Unknown(error)) => batches.iter().map(|_| Err(error.clone())).collect(),
        Err(Failed::NotApplied {
            error, broken: true, ..
        }) if batches.len() > 1 => batches.iter().map(|_| Err(error.clone())).collect(),
        Err(Failed::NotApplied { .. }) => {
            let mut outcomes = Vec::with_capacity(batches.len());
            for batch in batches {
                outcomes.push(alone(slot, batch).await);
            }
            outcomes
        }
    };
    for ((_, reply), outcome) in waiting.into_iter().zip(outcomes) {
        // A caller that went away does not want to know.
        let _ = reply.send(outcome);
    }
}

async fn alone(slot: &Slot<11>, batch: &Batch) -> Result<Commit, StoreError> {
    let mut last = too_slow();
    for number in 0..ATTEMPTS {
        match attempt(slot, &[batch]).await {
            Ok(outcomes) => return outcomes.into_iter().next().ok_or(last),
            Err(Failed::Unknown(error)) => return Err(error),
            Err(Failed::NotApplied { error, again, .. }) if !again => return Err(error),
            Err(Failed::NotApplied { error, .. }) => last = error,
        }
        sleep(Duration::from_millis(u64::from(number))).await;
    }
    Err(last)
}

/// One transaction. A connection that broke before anything was sent over it is replaced once.
async fn attempt(slot: &Slot<11>, batches: &[&Batch]) -> Result<Vec<Commit>, Failed> {
    let mut fresh = false;
    loop {
        let link = slot.link().await.map_err(|error| Failed::NotApplied {
            error,
            again: false,
            broken: true,
        })?;
        let outcome = write::commit(&link, slot.limit, batches).await;
        match &outcome {
            Err(Failed::NotApplied {
                broken: true, error, ..
            }) => {
                slot.forget(&link).await;
                if !fresh && *error != too_slow() {
                    fresh = true;
                    continue;
                }
            }
            Err(Failed::Unknown(_)) => slot.forget(&link).await,
            _ => {}
        }
        return outcome;
    }
}

async fn purge(slot: &Slot<11>, before: u64, limit: u32) -> Result<u64, StoreError> {
    let mut dropped = 0;
    loop {
        let left = u64::from(limit).saturating_sub(dropped);
        let slice = left.min(u64::from(PURGE_SLICE));
        if slice == 0 {
            return Ok(dropped);
        }
        let link = slot.link().await?;
        let count = i64::try_from(slice).unwrap_or(i64::MAX);
        match write::purge(&link, slot.limit, to_column(before), count).await {
            Ok(gone) => {
                dropped += gone;
                if gone < slice {
                    return Ok(dropped);
                }
            }
            Err(failed) => {
                let (error, broken) = match failed {
                    Failed::NotApplied { error, broken, .. } => (error, broken),
                    Failed::Unknown(error) => (error, true),
                };
                if broken {
                    slot.forget(&link).await;
                }
                return if dropped > 0 { Ok(dropped) } else { Err(error) };
            }
        }
    }
}
