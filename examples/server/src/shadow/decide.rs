//! Requests that the old server has answered, decided here as well: one after the other where they are about the same.
//!
//! ```text
//!  answered requests ─▶ queue ─▶ sort ─┬─ by activation ─▶ worker 1 … N: known here? decide, compare, count
//!                                      └─ about none in particular: when all before it are done
//! ```

use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use countersign::adopt::agree::{Answer, Difference, compare};
use countersign::adopt::shadow::{Follow, Known, Subjects, known, queue};
use countersign::api::{Request, Response};
use countersign::store::{EntropyError, Host};
use futures_util::FutureExt;
use hyper::body::Bytes;
use tokio::sync::{OwnedRwLockReadGuard, RwLock, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::tally::{Outcome, Tally, is_uuid};
use crate::host::System;
use crate::service::{self, Service};

/// Requests that are decided at the same time.
const WORKERS: usize = 8;
/// Requests that wait in front of one worker.
const AT_HAND: usize = 16;
/// Bytes of requests and answers that wait.
const WAITING_BYTES: usize = 64 * 1024 * 1024;

/// A request with the old server's answer.
#[derive(Debug)]
pub(super) struct Job {
    /// Name of the method.
    pub(super) name: &'static str,
    pub(super) follow: Follow,
    /// Path as the dispatcher knows it.
    pub(super) path: String,
    pub(super) content_type: String,
    pub(super) subjects: Subjects,
    pub(super) body: Bytes,
    /// Status and body of the old server's answer.
    pub(super) old: (u16, Bytes),
    /// When the old server had answered, in milliseconds since the epoch.
    pub(super) at: u64,
    /// Whether no other request about the same ran beside it.
    pub(super) alone: bool,
}

impl Job {
    fn bytes(&self) -> usize {
        self.body.len().saturating_add(self.old.1.len())
    }
}

/// The end of the queue where requests come in.
#[derive(Debug)]
pub(super) struct Queue {
    jobs: mpsc::Sender<Job>,
    load: Arc<Load>,
}

/// What waits.
#[derive(Debug, Default)]
struct Load {
    requests: AtomicUsize,
    bytes: AtomicUsize,
}

impl Load {
    fn take(&self, bytes: usize) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn done(&self, bytes: usize) {
        self.requests.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// The other end.
pub(crate) struct Waiting {
    jobs: mpsc::Receiver<Job>,
    load: Arc<Load>,
}

/// A queue for so many requests.
pub(super) fn channel(length: usize) -> (Queue, Waiting) {
    let (jobs, waiting) = mpsc::channel(length);
    let load = Arc::new(Load::default());
    let waiting = Waiting {
        jobs: waiting,
        load: Arc::clone(&load),
    };
    (Queue { jobs, load }, waiting)
}

impl Queue {
    /// Takes a request, unless too many wait. Never waits.
    pub(super) fn offer(&self, job: Job) -> bool {
        let bytes = job.bytes();
        let held = self.load.bytes.load(Ordering::Relaxed);
        if held.saturating_add(bytes) > WAITING_BYTES {
            return false;
        }
        self.load.take(bytes);
        let taken = self.jobs.try_send(job).is_ok();
        if !taken {
            self.load.done(bytes);
        }
        taken
    }

    /// Requests that wait or are being decided.
    pub(super) fn waiting(&self) -> usize {
        self.load.requests.load(Ordering::Relaxed)
    }
}

/// A request on its way to be decided; who waits for all others waits for its guard.
type Sorted = (Job, OwnedRwLockReadGuard<()>);

/// Decides until the server stops, and then what is left, for as long as requests may take at the end.
pub(crate) async fn run(service: Arc<Service>, mut waiting: Waiting, mut stopping: watch::Receiver<bool>) {
    let mut workers = JoinSet::new();
    let lanes: Vec<mpsc::Sender<Sorted>> = (0..WORKERS)
        .map(|_| {
            let (lane, mut jobs) = mpsc::channel::<Sorted>(AT_HAND);
            let (service, load) = (Arc::clone(&service), Arc::clone(&waiting.load));
            workers.spawn(async move {
                while let Some((job, running)) = jobs.recv().await {
                    let bytes = job.bytes();
                    work(&service, job).await;
                    load.done(bytes);
                    drop(running);
                }
            });
            lane
        })
        .collect();
    let hashes = RandomState::new();
    let running = Arc::new(RwLock::new(()));
    let stopped = async { _ = stopping.wait_for(|stop| *stop).await };
    let mut stopped = std::pin::pin!(stopped);
    let mut ends = false;
    loop {
        let job = tokio::select! {
            biased;
            job = waiting.jobs.recv() => job,
            () = &mut stopped, if !ends => {
                // What is in the queue stays there to be taken.
                waiting.jobs.close();
                ends = true;
                continue;
            }
        };
        let Some(job) = job else { break };
        let name = service.connection.run(|tx| queue(tx, &job.subjects)).await;
        let name = name.unwrap_or_else(|_| job.subjects.name().to_owned());
        if name.is_empty() {
            // About nothing in particular, so about anything: after all before it, and before all after it.
            let _alone = running.write().await;
            let bytes = job.bytes();
            work(&service, job).await;
            waiting.load.done(bytes);
            continue;
        }
        let mut hasher = hashes.build_hasher();
        hasher.write(name.as_bytes());
        let lane = usize::try_from(hasher.finish() & 0xffff).unwrap_or(0) % WORKERS;
        if let Some(lane) = lanes.get(lane) {
            let guard = Arc::clone(&running).read_owned().await;
            // A worker ends only after its sender.
            _ = lane.send((job, guard)).await;
        }
    }
    drop(lanes);
    if timeout(service.bounds.stop_timeout, workers.join_all())
        .await
        .is_err()
    {
        tracing::warn!(
            left = waiting.load.requests.load(Ordering::Relaxed),
            "requests were not decided"
        );
    }
}

/// Decides one request and counts what comes of it.
async fn work(service: &Service, job: Job) {
    let Some(shadow) = &service.shadow else { return };
    let decided = AssertUnwindSafe(judge(service, &job)).catch_unwind();
    let judged = timeout(service.bounds.request_timeout, decided).await;
    let judged = match judged {
        Ok(Ok(judged)) => judged,
        Ok(Err(_)) | Err(_) => Judged::Counted(Outcome::Failed),
    };
    tell(&shadow.tally, &job, judged);
}

enum Judged {
    Counted(Outcome),
    Differs(Vec<Difference>),
}

async fn judge(service: &Service, job: &Job) -> Judged {
    let (status, text) = &job.old;
    let Some(old) = Answer::read(*status, text) else {
        return Judged::Counted(Outcome::Skipped);
    };
    let known = match service.connection.run(|tx| known(tx, &job.subjects)).await {
        Ok(Known::Missing) => return Judged::Counted(Outcome::Unknown),
        Ok(known) => known,
        Err(_) => return Judged::Counted(Outcome::Failed),
    };
    let response = decide(service, job).await;
    let here = match Answer::read(response.status, &response.body) {
        Some(here) if response.fault.is_none() => here,
        _ => return Judged::Counted(Outcome::Failed),
    };
    let mut compared = match job.follow {
        Follow::Compared(may_differ) => compare(&old, &here, may_differ),
        Follow::Played => compare(&old.outcome(), &here.outcome(), &[]),
        Follow::Left => return Judged::Counted(Outcome::Skipped),
    };
    if let Some(shadow) = &service.shadow {
        shadow.tally.compared(compared.members);
    }
    match (compared.differences.is_empty(), known) {
        (true, _) if compared.elsewhere > 0 => Judged::Counted(Outcome::Unknown),
        (true, _) => Judged::Counted(Outcome::Agreed),
        (false, Known::Partly) => Judged::Counted(Outcome::Unknown),
        (false, _) if old.is_ok() && here.is_not_found() => Judged::Counted(Outcome::Unknown),
        (false, _) => Judged::Differs(std::mem::take(&mut compared.differences)),
    }
}

/// Our answer, as of the moment at which the old server had answered.
async fn decide(service: &Service, job: &Job) -> Response {
    let call = service.api.call(&Request {
        method: "POST",
        path: &job.path,
        query: None,
        headers: &[("content-type", &job.content_type)],
        body: &job.body,
        peer: None,
    });
    let host = Past {
        behind: System.now().saturating_sub(job.at),
    };
    service::decide(service, call, &host).await
}

/// The system, with a clock that is behind.
#[derive(Debug)]
struct Past {
    behind: u64,
}

impl Host for Past {
    fn now(&self) -> u64 {
        System.now().saturating_sub(self.behind)
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        Host::fill(&System, out)
    }
}

fn tell(tally: &Tally, job: &Job, judged: Judged) {
    let (outcome, differences) = match judged {
        Judged::Counted(outcome) => {
            tally.count(job.name, outcome);
            if outcome == Outcome::Failed {
                tracing::error!(method = job.name, "a request in the shadow could not be decided");
            }
            return;
        }
        Judged::Differs(differences) if job.alone => (Outcome::Differed, differences),
        Judged::Differs(differences) => (Outcome::Raced, differences),
    };
    let activation = job.subjects.activations.first().map(String::as_str);
    let shown = activation.filter(|id| is_uuid(id));
    for it in &differences {
        let (method, member) = (job.name, it.member.as_str());
        let (old, here) = (it.old.to_string(), it.here.to_string());
        let outcome = outcome.name();
        tracing::warn!(
            method,
            member,
            old,
            here,
            activation = shown,
            outcome,
            "answered differently"
        );
    }
    tally.differed(job.at, (job.name, outcome), activation, differences);
}
