//! The step machine: runs a decision against a store that somebody else talks to.
//!
//! ```text
//!            ┌────────────── Read ◀── a record is missing
//!  Start ──▶ decide ──▶ Done          (nothing to write)
//!            │   ▲
//!            ▼   └── Conflict: decide again with the current records
//!          Commit ──▶ Done            (applied)
//!            │
//!            └── Unknown: send the same batch again; refused ⇒ look for our own revision
//! ```
//!
//! The loop of a driver, in full:
//!
//! ```text
//! input = Start
//! loop:
//!   match operation.step(input, host):
//!     Read(queries) -> input = Answers(store.read(queries))   or Failed(error)
//!     Commit(batch) -> input = Applied | Conflict(..)         or Failed(error)
//!     Done(reply)   -> return reply
//! ```

use std::sync::Arc;

use super::planted::{self, Planted};
use super::port::{
    Answer, Batch, Collection, Expect, Host, Key, MAX_WRITES, Query, Record, Rev, StoreError, Write,
};
use super::stop::{Decision, Fault, Stop};
use super::tx::Tx;
use super::view::{Notes, View};

/// How an operation ended without a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure<E> {
    /// The answer is an error that the decision chose.
    Refused(E),
    /// The machinery failed; fail closed.
    Fault(Fault),
}

/// What the driver does next.
#[derive(Debug)]
pub enum Step<R> {
    /// Read these and come back with [`Input::Answers`].
    Read(Vec<Query>),
    /// Commit this and come back with [`Input::Applied`] or [`Input::Conflict`].
    Commit(Arc<Batch>),
    /// The end.
    Done(R),
}

impl<R> Step<R> {
    /// The same step of an operation whose reply is made from this one's.
    pub fn map<S>(self, reply: impl FnOnce(R) -> S) -> Step<S> {
        match self {
            Self::Read(queries) => Step::Read(queries),
            Self::Commit(batch) => Step::Commit(batch),
            Self::Done(done) => Step::Done(reply(done)),
        }
    }
}

/// What the driver brings.
#[derive(Debug)]
pub enum Input {
    /// Begin.
    Start,
    /// Answers to [`Step::Read`], in the order of the queries.
    Answers(Vec<Answer>),
    /// The batch was applied.
    Applied,
    /// The batch was refused; the records whose expectation failed, as they are now.
    Conflict(Vec<(Key, Option<Record>)>),
    /// The store failed.
    Failed(StoreError),
}

/// Anything that a driver can run.
pub trait Operation {
    /// What comes out.
    type Reply;
    /// Operations with the same lane should run one after the other inside one process: they will
    /// change the same record.
    fn lane(&self) -> Option<&str>;
    /// One step. After [`Step::Done`] the operation is spent.
    fn step(&mut self, input: Input, host: &dyn Host) -> Step<Self::Reply>;
}

/// Bounds of one operation.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Milliseconds after which a conflict or a lost answer is no longer retried; well below ten
    /// minutes, for which a batch is certain to be recognised.
    pub deadline: u64,
    /// Conflicts and lost answers after which the operation gives up, whatever the clock says.
    pub attempts: u32,
    /// Rounds of reads of one run.
    pub rounds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadline: 10_000,
            attempts: 200,
            rounds: 64,
        }
    }
}

/// Collection of the appends that only prove that a batch was applied.
pub const RECEIPT: Collection = Collection("receipt");
const RECEIPT_LIFETIME: u64 = 3_600_000;
/// An append that expires sooner does not prove anything to a slow retry.
const PROOF_LIFETIME: u64 = 600_000;

/// A decision with its state.
pub struct Machine<T, E, F> {
    decide: F,
    lane: Option<String>,
    limits: Limits,
    view: View,
    notes: Notes,
    now: u64,
    started: u64,
    attempts: u32,
    rounds: u32,
    state: State<T, E>,
}

enum State<T, E> {
    Fresh,
    Reading(Vec<Query>),
    Committing(Sent<T, E>),
    Proving(Sent<T, E>, Vec<(Key, Option<Record>)>),
    Spent,
}

struct Sent<T, E> {
    batch: Arc<Batch>,
    outcome: Result<T, E>,
    unknown: bool,
}

impl<T, E, F> Machine<T, E, F>
where
    F: FnMut(&mut Tx<'_>) -> Decision<T, E>,
{
    /// A machine for `decide`. Operations with the same `lane` should not run at the same time.
    pub fn new(lane: Option<String>, decide: F) -> Self {
        Self::with_limits(lane, Limits::default(), decide)
    }

    /// As [`Machine::new`], with bounds.
    pub fn with_limits(lane: Option<String>, limits: Limits, decide: F) -> Self {
        Self {
            decide,
            lane,
            limits,
            view: View::default(),
            notes: Notes::default(),
            now: 0,
            started: 0,
            attempts: 0,
            rounds: 0,
            state: State::Fresh,
        }
    }

    fn run(&mut self, host: &dyn Host) -> Step<Result<T, Failure<E>>> {
        let mut tx = Tx::new(&self.view, &mut self.notes, host, self.now);
        let outcome = match (self.decide)(&mut tx) {
            Ok(outcome) => outcome,
            Err(Stop::Refuse(error)) => return Self::done(Failure::Refused(error)),
            Err(Stop::Fault(fault)) => return Self::done(Failure::Fault(fault)),
            Err(Stop::Need) => {
                let needs = tx.take_needs();
                self.rounds += 1;
                if needs.is_empty() || self.rounds > self.limits.rounds {
                    return Self::done(Failure::Fault(Fault::Internal("a decision never ends")));
                }
                self.state = State::Reading(needs.clone());
                return Step::Read(needs);
            }
        };
        let mut writes = match tx.into_writes() {
            Ok(writes) => writes,
            Err(fault) => return Self::done(Failure::Fault(fault)),
        };
        if writes.is_empty() {
            return Step::Done(outcome.map_err(Failure::Refused));
        }
        let mut rev = [0; 16];
        if self.notes.draw(host, &mut rev).is_err() {
            return Self::done(Failure::Fault(Fault::Entropy));
        }
        let rev = Rev(rev);
        add_receipt(&mut writes, rev, self.now);
        if writes.len() > MAX_WRITES {
            return Self::done(Failure::Fault(Fault::Internal("too many writes in one batch")));
        }
        self.commit(Sent {
            batch: Arc::new(Batch { rev, writes }),
            outcome,
            unknown: false,
        })
    }

    fn commit(&mut self, sent: Sent<T, E>) -> Step<Result<T, Failure<E>>> {
        let batch = Arc::clone(&sent.batch);
        self.state = State::Committing(sent);
        Step::Commit(batch)
    }

    fn done(failure: Failure<E>) -> Step<Result<T, Failure<E>>> {
        Step::Done(Err(failure))
    }

    fn may_retry(&mut self, host: &dyn Host) -> bool {
        self.attempts += 1;
        self.attempts <= self.limits.attempts
            && host.now().saturating_sub(self.started) <= self.limits.deadline
    }

    fn learn(&mut self, queries: Vec<Query>, answers: Vec<Answer>) -> Result<(), Fault> {
        if queries.len() != answers.len() {
            return Err(Fault::Internal("the store answered another number of queries"));
        }
        queries
            .into_iter()
            .zip(answers)
            .try_for_each(|(query, answer)| self.view.learn(query, answer))
    }

    /// Takes over the records as they are now and decides again.
    fn decide_again(
        &mut self,
        current: Vec<(Key, Option<Record>)>,
        host: &dyn Host,
    ) -> Step<Result<T, Failure<E>>> {
        if !self.may_retry(host) {
            return Self::done(Failure::Fault(Fault::Contended));
        }
        self.view.pages.clear();
        for (key, record) in current {
            if record.as_ref().is_some_and(|r| r.key != key) {
                return Self::done(Failure::Fault(Fault::Internal("a conflict over another record")));
            }
            self.view.records.insert(key, record);
        }
        self.rounds = 0;
        self.now = host.now();
        self.run(host)
    }

    fn conflict(
        &mut self,
        sent: Sent<T, E>,
        current: Vec<(Key, Option<Record>)>,
        host: &dyn Host,
    ) -> Step<Result<T, Failure<E>>> {
        // A network may deliver a request twice and answer with the second outcome.
        let seen = current
            .iter()
            .any(|(_, record)| record.as_ref().is_some_and(|r| r.rev == sent.batch.rev));
        if (!sent.unknown && !seen) || planted::is(Planted::SkippedProof) {
            return self.decide_again(current, host);
        }
        // It may have been applied before: its append, which nobody overwrites, tells.
        let queries = proof(&sent.batch);
        self.state = State::Proving(sent, current);
        Step::Read(queries)
    }

    fn lost(&mut self, mut sent: Sent<T, E>, detail: String, host: &dyn Host) -> Step<Result<T, Failure<E>>> {
        if !self.may_retry(host) {
            return Self::done(Failure::Fault(Fault::Unknown(detail)));
        }
        sent.unknown = true;
        if planted::is(Planted::UnknownAsApplied) {
            return Step::Done(sent.outcome.map_err(Failure::Refused));
        }
        if planted::is(Planted::UnknownAsRefused) {
            return self.decide_again(Vec::new(), host);
        }
        if planted::is(Planted::FreshRevisionOnResend) {
            let _ = host.fill(&mut Arc::make_mut(&mut sent.batch).rev.0);
        }
        self.commit(sent)
    }
}

impl<T, E, F> Operation for Machine<T, E, F>
where
    F: FnMut(&mut Tx<'_>) -> Decision<T, E>,
{
    type Reply = Result<T, Failure<E>>;

    fn lane(&self) -> Option<&str> {
        self.lane.as_deref()
    }

    fn step(&mut self, input: Input, host: &dyn Host) -> Step<Self::Reply> {
        match (std::mem::replace(&mut self.state, State::Spent), input) {
            (State::Fresh, Input::Start) => {
                self.now = host.now();
                self.started = self.now;
                self.run(host)
            }
            (State::Reading(queries), Input::Answers(answers)) => match self.learn(queries, answers) {
                Ok(()) => self.run(host),
                Err(fault) => Self::done(Failure::Fault(fault)),
            },
            (State::Committing(sent), Input::Applied) => Step::Done(sent.outcome.map_err(Failure::Refused)),
            (State::Committing(sent), Input::Conflict(current)) => self.conflict(sent, current, host),
            (State::Committing(sent), Input::Failed(StoreError::Unknown(detail))) => {
                self.lost(sent, detail, host)
            }
            // A resend that failed says nothing about the first sending.
            (State::Committing(sent), Input::Failed(StoreError::NotApplied(detail))) if sent.unknown => {
                self.lost(sent, detail, host)
            }
            (State::Proving(sent, current), Input::Answers(answers)) => {
                if proves(&sent.batch, &answers) {
                    return Step::Done(sent.outcome.map_err(Failure::Refused));
                }
                self.decide_again(current, host)
            }
            (State::Proving(sent, _), Input::Failed(error)) => self.lost(sent, error.to_string(), host),
            (_, Input::Failed(error)) => Self::done(Failure::Fault(Fault::Store(error.to_string()))),
            _ => Self::done(Failure::Fault(Fault::Internal("a step out of order"))),
        }
    }
}

/// Every batch carries an append that outlives any retry, so that a lost answer can be resolved even
/// when others have overwritten all its puts.
fn add_receipt(writes: &mut Vec<Write>, rev: Rev, now: u64) {
    let lasts = now.saturating_add(PROOF_LIFETIME);
    if writes.iter().any(|write| append_end(write) >= Some(lasts)) || planted::is(Planted::NoReceipt) {
        return;
    }
    let id = format!("{:032x}", u128::from_be_bytes(rev.0));
    let receipt = Write::Append {
        key: Key::new(RECEIPT, id),
        body: vec![1],
        entries: Vec::new(),
        expires_at: Some(now.saturating_add(RECEIPT_LIFETIME)),
    };
    let at = writes.partition_point(|write| write.key() < receipt.key());
    writes.insert(at, receipt);
}

/// The query for the batch's longest-lived append.
fn proof(batch: &Batch) -> Vec<Query> {
    let append = batch
        .writes
        .iter()
        .filter(|write| append_end(write).is_some())
        .max_by_key(|write| append_end(write));
    append
        .map(|write| Query::Get(write.key().clone()))
        .into_iter()
        .collect()
}

/// When an append may vanish; `None` for the other writes.
fn append_end(write: &Write) -> Option<u64> {
    match write {
        Write::Append { expires_at, .. } => Some(expires_at.unwrap_or(u64::MAX)),
        Write::Put { .. } | Write::Check { .. } => None,
    }
}

fn proves(batch: &Batch, answers: &[Answer]) -> bool {
    answers
        .iter()
        .any(|answer| matches!(answer, Answer::Record(Some(record)) if record.rev == batch.rev))
}

/// Whether a write may happen to a record that has the revision `rev` now, or that is absent. For
/// adapters that compare in code.
pub fn fits(write: &Write, rev: Option<Rev>) -> bool {
    match write {
        Write::Put { expect, .. } | Write::Check { expect, .. } => match expect {
            Expect::Absent => rev.is_none(),
            Expect::At(expected) => rev == Some(*expected),
        },
        Write::Append { .. } => rev.is_none(),
    }
}
