//! Operations interleaved step by step, in one thread.

use std::sync::Arc;

use super::chance::Chance;
use super::each::CallFault;
use super::faults::{Faults, Mishap, rewrite, victim};
use super::host::SimulatedHost;
use crate::store::machine::{Input, Operation, Step};
use crate::store::memory::MemoryStore;
use crate::store::planted::{self, Planted};
use crate::store::port::{Answer, Batch, Commit, Query, Rev, StoreError};
use crate::store::recent::Recent;

/// Half an hour: shorter than what proves a batch lives, see [`Faults::clock_jump`].
const JUMP: u64 = 1_800_000;
/// A message takes up to so many milliseconds.
const LATENCY: u64 = 20;
/// Bytes that a node remembers of records.
const MEMORY: usize = 64 * 1024;
/// Events after which a run gives up; operations end by themselves long before.
const MOST_EVENTS: usize = 1_000_000;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// True time, in milliseconds since the epoch.
    pub at: u64,
    /// What happened.
    pub what: What,
}

/// See [`Event`]. Tasks are named by the number that [`Simulation::spawn`] answered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// A task asked the store.
    Asked(usize, usize),
    /// A task sent a batch of this revision.
    Sent(usize, Rev),
    /// A task ended with a reply.
    Done(usize),
    /// A read reached the store, or failed.
    Read(usize, bool),
    /// A batch reached the store, or did not, and this is what its sender sees.
    Judged(usize, Mishap, bool),
    /// A batch that nobody waits for any more reached the store and was applied, or not.
    Late(Rev, bool),
    /// A record of the batch was rewritten by somebody else.
    Overtaken(usize),
    /// A task vanished.
    Crashed(usize),
    /// The clock now shows the true time plus this.
    Clock(i64),
    /// So many records were dropped.
    Purged(u64),
}

enum State {
    Ready(Input),
    Asked(Vec<Query>),
    Sent(Arc<Batch>),
}

struct Task<'a, R> {
    operation: Box<dyn Operation<Reply = R> + 'a>,
    /// `None` when it ended or crashed.
    state: Option<State>,
    reply: Option<R>,
}

/// A world of its own: a store, a clock, and operations that run at the same time.
pub struct Simulation<'a, R> {
    chance: Chance,
    faults: Faults,
    host: Arc<SimulatedHost>,
    store: Arc<MemoryStore>,
    tasks: Vec<Task<'a, R>>,
    answered: usize,
    late: Vec<Arc<Batch>>,
    calls: u64,
    failing: Option<(u64, CallFault)>,
    events: Vec<Event>,
    /// What each of two nodes saw last; operations belong to them in turn.
    recent: (Recent, Recent),
}

impl<'a, R> Simulation<'a, R> {
    /// An empty store and a world that follows `seed`.
    pub fn new(seed: u64, faults: Faults) -> Self {
        Self::over(Arc::new(MemoryStore::new()), seed, faults)
    }

    /// As [`Simulation::new`], over records that exist already.
    pub fn over(store: Arc<MemoryStore>, seed: u64, faults: Faults) -> Self {
        let mut chance = Chance::new(seed);
        let host = SimulatedHost::new(chance.draw());
        host.fail_draws(faults.failed_entropy);
        Self {
            chance,
            faults,
            host: Arc::new(host),
            store,
            tasks: Vec::new(),
            answered: 0,
            late: Vec::new(),
            calls: 0,
            failing: None,
            events: Vec::new(),
            recent: (Recent::new(MEMORY), Recent::new(MEMORY)),
        }
    }

    /// The records.
    pub fn store(&self) -> &Arc<MemoryStore> {
        &self.store
    }

    /// Time and randomness of all operations.
    pub fn host(&self) -> &Arc<SimulatedHost> {
        &self.host
    }

    /// What happened so far. Two simulations with the same seed and the same operations have the
    /// same events.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Reads and commits that were sent to the store so far.
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// Lets the store call number `n` fail, counted from 1 over the whole life of the simulation.
    pub fn fail_call(&mut self, n: u64, how: CallFault) {
        self.failing = Some((n, how));
    }

    /// Adds an operation; it begins to move in [`Simulation::run`]. Answers its number.
    pub fn spawn(&mut self, operation: Box<dyn Operation<Reply = R> + 'a>) -> usize {
        self.tasks.push(Task {
            operation,
            state: Some(State::Ready(Input::Start)),
            reply: None,
        });
        self.tasks.len() - 1
    }

    /// Runs until every operation has ended and every late batch has arrived. Answers the operations
    /// spawned since the last run, with their replies; `None` for those that crashed.
    pub fn run(&mut self) -> Vec<(usize, Option<R>)> {
        for _ in 0..MOST_EVENTS {
            if !self.tick() {
                break;
            }
        }
        let fresh = self.tasks.iter_mut().enumerate().skip(self.answered);
        let replies = fresh.map(|(number, task)| (number, task.reply.take())).collect();
        self.answered = self.tasks.len();
        replies
    }

    fn tick(&mut self) -> bool {
        let moving = self.tasks.iter().enumerate().skip(self.answered);
        let moving: Vec<usize> = moving
            .filter(|(_, task)| task.state.is_some())
            .map(|(number, _)| number)
            .collect();
        let choices = moving.len() + self.late.len();
        if choices == 0 {
            return false;
        }
        self.host.advance(self.chance.below(LATENCY));
        self.weather();
        let choice = self.chance.index(choices);
        match moving.get(choice) {
            Some(&number) => self.advance(number),
            None => {
                let batch = self.late.swap_remove(choice - moving.len());
                let applied = self.store.commit_now(&batch) == Commit::Applied;
                self.note(What::Late(batch.rev, applied));
            }
        }
        true
    }

    /// What happens without anybody's doing.
    fn weather(&mut self) {
        if self.chance.hit(self.faults.clock_jump) {
            let distance = i64::try_from(self.chance.below(JUMP)).unwrap_or(0);
            let offset = if self.chance.hit(500) { distance } else { -distance };
            self.host.set_offset(offset);
            self.note(What::Clock(offset));
        }
        if self.chance.hit(self.faults.purge) {
            let limit = u32::try_from(self.chance.below(10)).unwrap_or(0);
            let dropped = self.store.purge_now(self.host.true_time(), limit);
            self.note(What::Purged(dropped));
        }
    }

    fn advance(&mut self, number: usize) {
        let crash = self.chance.hit(self.faults.crash);
        let Some(state) = self.tasks.get_mut(number).and_then(|task| task.state.take()) else {
            return;
        };
        if crash {
            self.crash(number, state);
            return;
        }
        let next = match state {
            State::Ready(input) => self.step(number, input),
            State::Asked(queries) => self.read(number, &queries),
            State::Sent(batch) => {
                let next = self.judge(number, Arc::clone(&batch));
                self.remember(number, &batch, next.as_ref());
                next
            }
        };
        if let Some(task) = self.tasks.get_mut(number) {
            task.state = next;
        }
    }

    fn crash(&mut self, number: usize, state: State) {
        if let State::Sent(batch) = state
            && self.chance.hit(500)
        {
            self.late.push(batch);
        }
        self.note(What::Crashed(number));
    }

    fn step(&mut self, number: usize, input: Input) -> Option<State> {
        let task = self.tasks.get_mut(number)?;
        match task.operation.step(input, &*self.host) {
            Step::Read(queries) => {
                let recalls = task.operation.recalls();
                self.note(What::Asked(number, queries.len()));
                let answers = recalls.then(|| self.recent(number).recall(&queries)).flatten();
                Some(match answers {
                    Some(answers) => State::Ready(Input::Recalled(answers)),
                    None => State::Asked(queries),
                })
            }
            Step::Commit(batch) => {
                self.note(What::Sent(number, batch.rev));
                Some(State::Sent(batch))
            }
            Step::Done(reply) => {
                task.reply = Some(reply);
                self.note(What::Done(number));
                None
            }
        }
    }

    /// The failure that was ordered for this call.
    fn ordered(&mut self) -> Option<CallFault> {
        self.calls += 1;
        self.failing.filter(|(n, _)| *n == self.calls).map(|(_, how)| how)
    }

    fn read(&mut self, number: usize, queries: &[Query]) -> Option<State> {
        let ordered = self.ordered();
        let failed = ordered.is_some() || self.chance.hit(self.faults.failed_read);
        self.note(What::Read(number, failed));
        if matches!(ordered, Some(CallFault::CrashBefore | CallFault::CrashAfter)) {
            self.note(What::Crashed(number));
            return None;
        }
        let input = if failed {
            Input::Failed(StoreError::NotApplied("simulated".into()))
        } else {
            let answers = self.store.read_now(queries);
            self.recent(number).read(queries, &answers);
            Input::Answers(answers)
        };
        Some(State::Ready(input))
    }

    fn judge(&mut self, number: usize, batch: Arc<Batch>) -> Option<State> {
        let mishap = match self.ordered() {
            None => self.faults.fate(&mut self.chance),
            Some(CallFault::Refused) => Mishap::Refused,
            Some(CallFault::LostRequest) => Mishap::LostRequest,
            Some(CallFault::LostAnswer) => Mishap::LostAnswer,
            Some(CallFault::Delayed) => Mishap::Delayed,
            Some(CallFault::CrashBefore) => return self.vanish(number),
            Some(CallFault::CrashAfter) => {
                self.store.commit_now(&batch);
                return self.vanish(number);
            }
        };
        if planted::is(Planted::AnswerBeforeCommit) {
            self.late.push(batch);
            return Some(State::Ready(Input::Applied));
        }
        if self.chance.hit(self.faults.overtaken) {
            self.overtake(number, &batch);
        }
        let (mut applied, mut input) = (false, None);
        if !matches!(mishap, Mishap::Refused | Mishap::LostRequest | Mishap::Delayed) {
            let mut outcome = self.store.commit_now(&batch);
            applied = outcome == Commit::Applied;
            if mishap == Mishap::DuplicatedSecond {
                outcome = self.store.commit_now(&batch);
            }
            input = Some(match outcome {
                Commit::Applied => Input::Applied,
                Commit::Conflict(current) => Input::Conflict(current),
            });
        }
        if matches!(mishap, Mishap::Delayed | Mishap::Duplicated) {
            self.late.push(batch);
        }
        self.note(What::Judged(number, mishap, applied));
        mishap.error().map(Input::Failed).or(input).map(State::Ready)
    }

    fn recent(&self, number: usize) -> &Recent {
        match number % 2 {
            0 => &self.recent.0,
            _ => &self.recent.1,
        }
    }

    fn remember(&self, number: usize, batch: &Batch, next: Option<&State>) {
        let outcome = match next {
            Some(State::Ready(Input::Applied)) => Ok(Commit::Applied),
            Some(State::Ready(Input::Conflict(current))) => Ok(Commit::Conflict(current.clone())),
            Some(State::Ready(Input::Failed(error))) => Err(error.clone()),
            _ => return,
        };
        self.recent(number).committed(batch, &outcome);
    }

    fn vanish(&mut self, number: usize) -> Option<State> {
        self.note(What::Crashed(number));
        None
    }

    fn overtake(&mut self, number: usize, batch: &Batch) {
        let Some(key) = victim(batch, &mut self.chance) else {
            return;
        };
        if let Some(Answer::Record(Some(record))) = self.store.read_now(&[Query::Get(key)]).pop() {
            let other = rewrite(record, &mut self.chance);
            self.store.commit_now(&other);
            self.note(What::Overtaken(number));
        }
    }

    fn note(&mut self, what: What) {
        let at = self.host.true_time();
        self.events.push(Event { at, what });
    }
}
