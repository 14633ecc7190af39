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
//! An operation may be told records from memory ([`Input::Recalled`]): its batch then expects their revisions, too. Unless
//! its caller has [proved](Tx::proven) to know a secret of theirs, it has them read after all before it goes on, all at once.
//!
//! The loop of a driver, in full (recalling is optional):
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
use super::port::{Answer, Batch, Collection, Host, Key, MAX_WRITES, Query, Record, Rev, StoreError};
use super::receipt;
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
    /// As [`Input::Answers`], from memory, which may be old; only for operations that [recall](Operation::recalls).
    Recalled(Vec<Answer>),
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
    /// Whether the read that it has just asked for may be answered with [`Input::Recalled`]. Those that forward their steps
    /// to another operation forward this, too.
    fn recalls(&self) -> bool {
        false
    }
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

/// A decision with its state.
pub struct Machine<T, E, F> {
    decide: F,
    core: Core,
    /// What the last run has decided: told when its batch is applied.
    outcome: Option<Result<T, E>>,
}

/// All of a machine but the types of its decision, so that there is one of it however many decisions there are.
struct Core {
    lane: Option<String>,
    limits: Limits,
    view: View,
    notes: Notes,
    now: u64,
    started: u64,
    attempts: u32,
    rounds: u32,
    /// Records that came from memory, or are taken for absent: nothing is decided by them until a store has confirmed it.
    recalled: Vec<Key>,
    /// That was wrong, or not enough: from now on everything is read.
    sure: bool,
    /// Records of these collections are not read but taken for absent.
    absent: &'static [Collection],
    state: State,
}

enum State {
    Fresh,
    Reading(Vec<Query>),
    /// Reading what was decided by, and what comes then.
    Confirming(Vec<Query>, Next),
    Committing(Sent),
    Proving(Sent, Vec<(Key, Option<Record>)>),
    Spent,
}

/// What a decision has come to.
enum Next {
    End(End),
    Commit(Sent),
}

struct Sent {
    batch: Arc<Batch>,
    unknown: bool,
}

/// What came of a run of the decision, whose outcome is kept beside it.
enum Run {
    Decided,
    /// As decided, but what it has written does not count.
    Refused,
    Need,
    Fault(Fault),
}

/// The end: the outcome that is kept counts, or the machinery failed.
type End = Result<(), Fault>;

type Decide<'a> = dyn FnMut(&mut Tx<'_>) -> Run + 'a;

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
            core: Core {
                lane,
                limits,
                view: View::default(),
                notes: Notes::default(),
                now: 0,
                started: 0,
                attempts: 0,
                rounds: 0,
                recalled: Vec::new(),
                sure: false,
                absent: &[],
                state: State::Fresh,
            },
            outcome: None,
        }
    }

    /// Takes records of these collections for absent instead of reading them first: for much that is new. Whether they are
    /// is checked with the commit; where one is there, and where nothing is written, it is decided again with what is there.
    #[must_use]
    pub fn supposing_absent(mut self, collections: &'static [Collection]) -> Self {
        self.core.absent = collections;
        self
    }
}

impl<T, E, F> Operation for Machine<T, E, F>
where
    F: FnMut(&mut Tx<'_>) -> Decision<T, E>,
{
    type Reply = Result<T, Failure<E>>;

    fn lane(&self) -> Option<&str> {
        self.core.lane.as_deref()
    }

    fn recalls(&self) -> bool {
        !self.core.sure && matches!(self.core.state, State::Reading(_))
    }

    fn step(&mut self, input: Input, host: &dyn Host) -> Step<Self::Reply> {
        let Self {
            decide,
            core,
            outcome,
        } = self;
        let step = core.step(input, host, &mut |tx| {
            let (kept, run) = match decide(tx) {
                Ok(decided) => (Some(decided), Run::Decided),
                Err(Stop::Refuse(error)) => (Some(Err(error)), Run::Refused),
                Err(Stop::Fault(fault)) => (None, Run::Fault(fault)),
                Err(Stop::Need) => (None, Run::Need),
            };
            *outcome = kept;
            run
        });
        step.map(|end| match (end, outcome.take()) {
            (Ok(()), Some(outcome)) => outcome.map_err(Failure::Refused),
            (Ok(()), None) => Err(Failure::Fault(Fault::Internal("nothing was decided"))),
            (Err(fault), _) => Err(Failure::Fault(fault)),
        })
    }
}

impl Core {
    fn run(&mut self, host: &dyn Host, decide: &mut Decide<'_>) -> Step<End> {
        let mut tx = Tx::new(&self.view, &mut self.notes, host, self.now);
        match decide(&mut tx) {
            Run::Decided => {}
            Run::Refused => return self.confirm(Next::End(Ok(()))),
            Run::Fault(fault) => return self.confirm(Next::End(Err(fault))),
            Run::Need => {
                let needs = tx.take_needs();
                self.rounds += 1;
                if needs.is_empty() || self.rounds > self.limits.rounds {
                    return Step::Done(Err(Fault::Internal("a decision never ends")));
                }
                let needs = self.missing(needs);
                if needs.is_empty() {
                    return self.run(host, decide);
                }
                self.state = State::Reading(needs.clone());
                return Step::Read(needs);
            }
        }
        let is_proven = tx.is_proven() || !self.absent.is_empty();
        let mut writes = match tx.into_writes(&self.recalled) {
            Ok(writes) => writes,
            Err(fault) => return self.confirm(Next::End(Err(fault))),
        };
        if writes.is_empty() {
            return self.confirm(Next::End(Ok(())));
        }
        let mut rev = [0; 16];
        if self.notes.draw(host, &mut rev).is_err() {
            return Step::Done(Err(Fault::Entropy));
        }
        let rev = Rev(rev);
        receipt::add(&mut writes, rev, self.now);
        if writes.len() > MAX_WRITES {
            let fault = Fault::Internal("too many writes in one batch");
            return self.confirm(Next::End(Err(fault)));
        }
        let sent = Sent {
            batch: Arc::new(Batch { rev, writes }),
            unknown: false,
        };
        match is_proven {
            true => self.commit(sent),
            false => self.confirm(Next::Commit(sent)),
        }
    }

    /// What of the needs has to be read.
    fn missing(&mut self, mut needs: Vec<Query>) -> Vec<Query> {
        if !self.sure {
            needs.retain(|need| {
                let Query::Get(key) = need else { return true };
                let supposed = self.absent.contains(&key.collection);
                if supposed {
                    self.view.records.insert(key.clone(), None);
                    self.recalled.push(key.clone());
                }
                !supposed
            });
        }
        needs
    }

    fn go_on(&mut self, next: Next) -> Step<End> {
        match next {
            Next::End(end) => Step::Done(end),
            Next::Commit(sent) => self.commit(sent),
        }
    }

    /// Goes on when what came from memory was read.
    fn confirm(&mut self, next: Next) -> Step<End> {
        if self.recalled.is_empty() || planted::is(Planted::TrustedMemory) {
            return self.go_on(next);
        }
        self.sure = true;
        let queries: Vec<Query> = self.recalled.drain(..).map(Query::Get).collect();
        self.state = State::Confirming(queries.clone(), next);
        Step::Read(queries)
    }

    fn commit(&mut self, sent: Sent) -> Step<End> {
        let batch = Arc::clone(&sent.batch);
        self.state = State::Committing(sent);
        Step::Commit(batch)
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

    /// Takes over what is known from memory.
    fn recall(&mut self, queries: Vec<Query>, answers: Vec<Answer>) -> Result<(), Fault> {
        let keys = queries.iter().filter_map(|query| match query {
            Query::Get(key) => Some(key.clone()),
            Query::Scan(_) => None,
        });
        self.recalled.extend(keys);
        self.learn(queries, answers)
    }

    /// Takes over the records as they are now and decides again.
    fn decide_again(
        &mut self,
        current: Vec<(Key, Option<Record>)>,
        host: &dyn Host,
        decide: &mut Decide<'_>,
    ) -> Step<End> {
        if !self.may_retry(host) {
            return Step::Done(Err(Fault::Contended));
        }
        self.view.pages.clear();
        self.sure = true;
        for (key, record) in current {
            if record.as_ref().is_some_and(|r| r.key != key) {
                return Step::Done(Err(Fault::Internal("a conflict over another record")));
            }
            self.recalled.retain(|known| *known != key);
            self.view.records.insert(key, record);
        }
        self.rounds = 0;
        self.now = host.now();
        self.run(host, decide)
    }

    fn conflict(
        &mut self,
        sent: Sent,
        current: Vec<(Key, Option<Record>)>,
        host: &dyn Host,
        decide: &mut Decide<'_>,
    ) -> Step<End> {
        // A network may deliver a request twice and answer with the second outcome.
        let seen = current
            .iter()
            .any(|(_, record)| record.as_ref().is_some_and(|r| r.rev == sent.batch.rev));
        if (!sent.unknown && !seen) || planted::is(Planted::SkippedProof) {
            return self.decide_again(current, host, decide);
        }
        // It may have been applied before: its append, which nobody overwrites, tells.
        let queries = receipt::proof(&sent.batch);
        self.state = State::Proving(sent, current);
        Step::Read(queries)
    }

    fn lost(
        &mut self,
        mut sent: Sent,
        detail: String,
        host: &dyn Host,
        decide: &mut Decide<'_>,
    ) -> Step<End> {
        if !self.may_retry(host) {
            return Step::Done(Err(Fault::Unknown(detail)));
        }
        sent.unknown = true;
        if planted::is(Planted::UnknownAsApplied) {
            return Step::Done(Ok(()));
        }
        if planted::is(Planted::UnknownAsRefused) {
            return self.decide_again(Vec::new(), host, decide);
        }
        if planted::is(Planted::FreshRevisionOnResend) {
            let _ = host.fill(&mut Arc::make_mut(&mut sent.batch).rev.0);
        }
        self.commit(sent)
    }

    fn step(&mut self, input: Input, host: &dyn Host, decide: &mut Decide<'_>) -> Step<End> {
        match (std::mem::replace(&mut self.state, State::Spent), input) {
            (State::Fresh, Input::Start) => {
                self.now = host.now();
                self.started = self.now;
                self.run(host, decide)
            }
            (State::Reading(queries), Input::Answers(answers)) => match self.learn(queries, answers) {
                Ok(()) => self.run(host, decide),
                Err(fault) => Step::Done(Err(fault)),
            },
            (State::Confirming(queries, next), Input::Answers(answers)) => {
                if self.view.agrees(&queries, &answers) {
                    return self.go_on(next);
                }
                match self.learn(queries, answers) {
                    Ok(()) => self.run(host, decide),
                    Err(fault) => Step::Done(Err(fault)),
                }
            }
            (State::Reading(queries), Input::Recalled(answers)) if !self.sure => {
                match self.recall(queries, answers) {
                    Ok(()) => self.run(host, decide),
                    Err(fault) => Step::Done(Err(fault)),
                }
            }
            (State::Committing(_), Input::Applied) => Step::Done(Ok(())),
            (State::Committing(sent), Input::Conflict(current)) => self.conflict(sent, current, host, decide),
            (State::Committing(sent), Input::Failed(StoreError::Unknown(detail))) => {
                self.lost(sent, detail, host, decide)
            }
            // A resend that failed says nothing about the first sending.
            (State::Committing(sent), Input::Failed(StoreError::NotApplied(detail))) if sent.unknown => {
                self.lost(sent, detail, host, decide)
            }
            (State::Proving(sent, current), Input::Answers(answers)) => {
                if receipt::proves(&sent.batch, &answers) {
                    return Step::Done(Ok(()));
                }
                self.decide_again(current, host, decide)
            }
            (State::Proving(sent, _), Input::Failed(error)) => {
                self.lost(sent, error.to_string(), host, decide)
            }
            (_, Input::Failed(error)) => Step::Done(Err(Fault::Store(error.to_string()))),
            _ => Step::Done(Err(Fault::Internal("a step out of order"))),
        }
    }
}
