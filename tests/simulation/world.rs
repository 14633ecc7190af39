//! Several nodes over one store, step by step in one thread.
//!
//! Every node has its own clock, key ring and lanes. A step is one call of the engine or one call of
//! the store; between any two steps somebody else may move, a message may get lost, a node may crash.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::{self, Debug, Write as _};
use std::hash::Hasher;
use std::sync::{Arc, Mutex, MutexGuard};

use countersign::api::{Api, Response};
use countersign::engine::callback::outbox::{self, AfterFailure};
use countersign::engine::operation::expire;
use countersign::store::simulated::{Chance, Faults, Mishap};
use countersign::store::{
    Answer as StoreAnswer, Batch, Commit, Entries, EntropyError, Expect, Host, Input, Machine, MemoryStore,
    Operation, Query, Record, Rev, Step, StoreError, Tx, Write,
};

use crate::checks::{Course, Judge, Verdict};
use crate::model::LEASE;
use crate::order::{Meaning, Order, Reply, Said};
use crate::planted::Bug;
use crate::support::prelude::APPLICATION;
use crate::town::Town;

/// A message takes up to so many milliseconds.
const LATENCY: u64 = 20;

/// The weather of one history.
#[derive(Clone, Copy, Debug)]
pub struct Climate {
    pub faults: Faults,
    /// How far the clocks of the nodes may be off, in milliseconds.
    pub skew: u64,
    /// How often a node crashes before a step, in cases out of 1,000.
    pub node_crash: u16,
    /// How often hours pass, in cases out of 1,000 requests. Clocks that are off by more than a minute
    /// and a purge in between are more than replay protection stands.
    pub night: u16,
}

impl Climate {
    /// Nothing fails.
    pub const CALM: Self = Self {
        faults: Faults::none(),
        skew: 0,
        node_crash: 0,
        night: 10,
    };

    /// One of several.
    fn of(chance: &mut Chance) -> Self {
        let mild = Self {
            faults: Faults {
                failed_entropy: 3,
                ..Faults::rough()
            },
            skew: 20_000,
            node_crash: 5,
            night: 20,
        };
        match chance.below(8) {
            0 => Self::CALM,
            1 | 2 => Self {
                skew: 1_800_000,
                node_crash: 15,
                night: 0,
                ..mild
            },
            _ => mild,
        }
    }

    /// Whether every request must be served.
    pub fn is_calm(&self) -> bool {
        self.faults == Faults::none() && self.node_crash == 0
    }
}

/// The clock and generator of the node whose turn it is.
struct Dial {
    inner: Mutex<Inner>,
}

struct Inner {
    now: u64,
    chance: Chance,
    failing: u16,
    starved: bool,
    readings: BTreeSet<u64>,
}

impl Dial {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }
}

impl Host for Dial {
    fn now(&self) -> u64 {
        let mut inner = self.inner();
        let now = inner.now;
        inner.readings.insert(now);
        now
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        let mut inner = self.inner();
        let failing = inner.failing;
        if inner.chance.hit(failing) {
            inner.starved = true;
            return Err(EntropyError);
        }
        inner.chance.fill(out);
        Ok(())
    }
}

struct Node {
    api: Arc<Api>,
    offset: i64,
    lanes: BTreeMap<String, VecDeque<usize>>,
}

enum State {
    Ready(Input),
    Asked(Vec<Query>),
    Sent(Arc<Batch>),
}

struct Task {
    node: usize,
    meaning: Meaning,
    operation: Box<dyn Operation<Reply = Reply>>,
    state: Option<State>,
    began: usize,
    readings: BTreeSet<u64>,
    starved: bool,
}

/// An operation with its reply in another form.
struct Told<O, F>(O, F);

impl<O: Operation, F: Fn(O::Reply) -> Reply> Operation for Told<O, F> {
    type Reply = Reply;

    fn lane(&self) -> Option<&str> {
        self.0.lane()
    }

    fn step(&mut self, input: Input, host: &dyn Host) -> Step<Reply> {
        match self.0.step(input, host) {
            Step::Read(queries) => Step::Read(queries),
            Step::Commit(batch) => Step::Commit(batch),
            Step::Done(reply) => Step::Done((self.1)(reply)),
        }
    }
}

/// Text on its way into a hash.
struct Hashed<'h>(&'h mut DefaultHasher);

impl fmt::Write for Hashed<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

pub struct World<'t> {
    town: &'t Town,
    pub chance: Chance,
    pub climate: Climate,
    bug: Option<Bug>,
    nodes: Vec<Node>,
    store: MemoryStore,
    dial: Dial,
    true_time: u64,
    tasks: Vec<Task>,
    moving: Vec<usize>,
    /// Batches that nobody waits for, with the task that sent them.
    late: Vec<(usize, Arc<Batch>)>,
    judge: Judge<'t>,
    hash: DefaultHasher,
    story: Option<Vec<String>>,
    pub commits: u64,
    pub crashes: u64,
    pub faults: u64,
}

impl<'t> World<'t> {
    /// The world of `seed`; with `told` its story is kept.
    pub fn new(town: &'t Town, seed: u64, bug: Option<Bug>, told: bool) -> Self {
        let mut chance = Chance::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x51b1);
        let climate = Climate::of(&mut chance);
        let inner = Inner {
            now: 0,
            chance: Chance::new(chance.draw()),
            failing: 0,
            starved: false,
            readings: BTreeSet::new(),
        };
        let count = 2 + chance.index(2);
        let mut world = Self {
            town,
            climate,
            bug,
            nodes: Vec::new(),
            store: town.store(),
            dial: Dial {
                inner: Mutex::new(inner),
            },
            true_time: town.prelude.now,
            tasks: Vec::new(),
            moving: Vec::new(),
            late: Vec::new(),
            judge: Judge::new(town),
            hash: DefaultHasher::new(),
            story: told.then(Vec::new),
            chance,
            commits: 0,
            crashes: 0,
            faults: 0,
        };
        for number in 0..count {
            let api = Arc::clone(&world.apis()[number % 2]);
            let offset = world.some_offset();
            let lanes = BTreeMap::new();
            world.nodes.push(Node { api, offset, lanes });
        }
        world
    }

    fn apis(&self) -> &'t [Arc<Api>] {
        match self.bug {
            Some(Bug::FarSighted) => &self.town.far_sighted,
            _ => &self.town.apis,
        }
    }

    fn some_offset(&mut self) -> i64 {
        let distance = i64::try_from(self.chance.below(self.climate.skew + 1)).unwrap();
        if self.chance.hit(500) { distance } else { -distance }
    }

    /// The true time.
    pub fn now(&self) -> u64 {
        self.true_time
    }

    /// Requests on their way.
    pub fn in_flight(&self) -> usize {
        self.moving.len()
    }

    /// What is true.
    pub fn judge(&self) -> &Judge<'t> {
        &self.judge
    }

    /// What happened, in short: the same for the same seed.
    pub fn hash(&self) -> u64 {
        self.hash.finish()
    }

    /// The story, when it was to be kept.
    pub fn story(&mut self) -> Vec<String> {
        self.story.take().unwrap_or_default()
    }

    /// Takes a line into hash and story.
    pub fn note(&mut self, what: &dyn Debug) {
        let at = self.true_time - self.town.prelude.now;
        // Writing to a hash never fails.
        let _ = write!(Hashed(&mut self.hash), "{at} {what:?}");
        if let Some(story) = &mut self.story {
            story.push(format!("{at:>9} ms  {what:?}"));
        }
    }

    /// Lets time pass.
    pub fn pass(&mut self, milliseconds: u64) {
        self.true_time += milliseconds;
        self.note(&("time passes", milliseconds));
    }

    /// Hours later: what may vanish does.
    pub fn night(&mut self) {
        self.pass(10_800_000);
        let dropped = self.store.purge_now(self.true_time, u32::MAX);
        self.note(&("purged", dropped));
    }

    /// Everything works from now on, and all clocks are right.
    pub fn heal(&mut self) {
        self.climate = Climate::CALM;
        for node in &mut self.nodes {
            node.offset = 0;
        }
    }

    /// Sends a request to some node. Answers its number.
    pub fn start(&mut self, order: &Order) -> usize {
        let node = self.chance.index(self.nodes.len());
        let api = &self.nodes[node].api;
        let operation: Box<dyn Operation<Reply = Reply>> = match &order.ask {
            Some(ask) => Box::new(Told(ask.call(api), |it: Response| Reply::Answer(it.into()))),
            None => work(api, &order.meaning),
        };
        let number = self.tasks.len();
        if let Some(lane) = operation.lane() {
            let lane = lane.to_owned();
            self.nodes[node].lanes.entry(lane).or_default().push_back(number);
        }
        self.tasks.push(Task {
            node,
            meaning: order.meaning.clone(),
            operation,
            state: Some(State::Ready(Input::Start)),
            began: self.judge.commits(),
            readings: BTreeSet::new(),
            starved: false,
        });
        self.moving.push(number);
        self.note(&("request", number, "to node", node, &order.meaning));
        number
    }

    /// Something happens. Answers a request that was answered; an error is a broken promise.
    pub fn tick(&mut self) -> Result<Option<(usize, Reply)>, String> {
        self.true_time += self.chance.below(LATENCY);
        self.weather();
        let ready = self.moving.iter().copied().filter(|it| self.may_move(*it));
        let ready: Vec<usize> = ready.collect();
        let choices = ready.len() + self.late.len();
        if choices == 0 {
            return Ok(None);
        }
        let choice = self.chance.index(choices);
        let Some(&number) = ready.get(choice) else {
            let (task, batch) = self.late.swap_remove(choice - ready.len());
            let applied = self.apply(task, &batch)? == Commit::Applied;
            self.note(&("a late batch of request", task, applied));
            return Ok(None);
        };
        let node = self.tasks[number].node;
        if self.chance.hit(self.climate.node_crash) {
            self.crash(node);
            return Ok(None);
        }
        self.advance(number)
    }

    /// Whether nothing is on its way any more.
    pub fn is_still(&self) -> bool {
        self.moving.is_empty() && self.late.is_empty()
    }

    fn may_move(&self, number: usize) -> bool {
        let task = &self.tasks[number];
        let first = |lane| {
            let queue = self.nodes[task.node].lanes.get(lane);
            queue.is_none_or(|queue| queue.front() == Some(&number))
        };
        task.operation.lane().is_none_or(first)
    }

    fn weather(&mut self) {
        if self.chance.hit(self.climate.faults.clock_jump) {
            let offset = self.some_offset();
            let node = self.chance.index(self.nodes.len());
            self.nodes[node].offset = offset;
            self.note(&("clock of node", node, offset));
        }
    }

    /// A node vanishes with all that it was doing, and comes back with the other key ring.
    fn crash(&mut self, node: usize) {
        self.crashes += 1;
        let lost: Vec<usize> = self.moving.clone();
        for number in lost {
            if self.tasks[number].node != node {
                continue;
            }
            if let Some(State::Sent(batch)) = self.tasks[number].state.take()
                && self.chance.hit(500)
            {
                self.late.push((number, batch));
            }
            self.leave(number);
        }
        let offset = self.some_offset();
        let number = usize::from(Arc::ptr_eq(&self.nodes[node].api, &self.apis()[0]));
        self.nodes[node] = Node {
            api: Arc::clone(&self.apis()[number]),
            offset,
            lanes: BTreeMap::new(),
        };
        self.note(&("crash of node", node));
    }

    fn leave(&mut self, number: usize) {
        self.moving.retain(|it| *it != number);
        let task = &self.tasks[number];
        let lanes = &mut self.nodes[task.node].lanes;
        if let Some(queue) = task.operation.lane().and_then(|lane| lanes.get_mut(lane)) {
            queue.retain(|it| *it != number);
        }
    }

    fn advance(&mut self, number: usize) -> Result<Option<(usize, Reply)>, String> {
        let Some(state) = self.tasks[number].state.take() else {
            return Ok(None);
        };
        let next = match state {
            State::Ready(input) => match self.step(number, input) {
                Step::Read(queries) => State::Asked(queries),
                Step::Commit(batch) => State::Sent(batch),
                Step::Done(reply) => return self.done(number, reply).map(Some),
            },
            State::Asked(queries) => State::Ready(self.read(number, &queries)),
            State::Sent(batch) => State::Ready(self.judge_commit(number, batch)?),
        };
        self.tasks[number].state = Some(next);
        Ok(None)
    }

    fn step(&mut self, number: usize, input: Input) -> Step<Reply> {
        let task = &mut self.tasks[number];
        let node = &self.nodes[task.node];
        {
            let mut inner = self.dial.inner();
            inner.now = self.true_time.saturating_add_signed(node.offset);
            inner.failing = match task.meaning.is_mobile() {
                // A signature stays used although what came with it was refused: nothing to compare.
                true => 0,
                false => self.climate.faults.failed_entropy,
            };
            inner.starved = false;
        }
        let step = task.operation.step(input, &self.dial);
        let mut inner = self.dial.inner();
        task.readings.append(&mut inner.readings);
        task.starved |= inner.starved;
        step
    }

    fn read(&mut self, number: usize, queries: &[Query]) -> Input {
        if self.chance.hit(self.climate.faults.failed_read) {
            self.note(&("a read fails", number));
            return Input::Failed(StoreError::NotApplied("simulated".into()));
        }
        let mut answers = self.store.read_now(queries);
        let meaning = &self.tasks[number].meaning;
        for answer in &mut answers {
            match answer {
                StoreAnswer::Record(record) => self.lie(meaning, record),
                StoreAnswer::Page(_) => {}
            }
        }
        Input::Answers(answers)
    }

    /// Shows a record as the planted bug would see it.
    fn lie(&self, meaning: &Meaning, record: &mut Option<Record>) {
        if let Some(bug) = self.bug {
            bug.show(self.town, meaning, record);
        }
    }

    /// What becomes of a batch, and what its sender learns.
    fn judge_commit(&mut self, number: usize, batch: Arc<Batch>) -> Result<Input, String> {
        let mishap = self.climate.faults.fate(&mut self.chance);
        if self.bug == Some(Bug::AnswerBeforeCommit) {
            self.late.push((number, batch));
            return Ok(Input::Applied);
        }
        if self.chance.hit(self.climate.faults.overtaken) {
            self.overtake(&batch);
        }
        let mut input = None;
        if !matches!(mishap, Mishap::Refused | Mishap::LostRequest | Mishap::Delayed) {
            let mut outcome = self.apply(number, &batch)?;
            if mishap == Mishap::DuplicatedSecond {
                outcome = self.apply(number, &batch)?;
            }
            input = Some(match outcome {
                Commit::Applied => Input::Applied,
                Commit::Conflict(mut current) => {
                    let meaning = &self.tasks[number].meaning;
                    current
                        .iter_mut()
                        .for_each(|(_, record)| self.lie(meaning, record));
                    Input::Conflict(current)
                }
            });
        }
        if matches!(mishap, Mishap::Delayed | Mishap::Duplicated) {
            self.late.push((number, batch));
        }
        if mishap != Mishap::None {
            self.faults += 1;
            self.note(&("commit of request", number, mishap));
        }
        let failed = mishap.error().map(Input::Failed);
        Ok(failed.or(input).unwrap())
    }

    /// The batch arrives.
    fn apply(&mut self, number: usize, batch: &Batch) -> Result<Commit, String> {
        let mut changed = None;
        if let Some(bug) = self.bug {
            let (batch, also) = bug.write(&self.tasks[number].meaning, batch, &self.store);
            self.late.extend(also.map(|also| (number, Arc::new(also))));
            changed = Some(batch);
        }
        let batch = changed.as_ref().unwrap_or(batch);
        let outcome = self.store.commit_now(batch);
        if outcome != Commit::Applied {
            self.note(&("conflict of request", number));
            return Ok(outcome);
        }
        self.commits += 1;
        for write in &batch.writes {
            if let Write::Put { body, .. } | Write::Append { body, .. } = write {
                self.hash.write(body);
            }
        }
        self.note(&("commit of request", number, batch.rev));
        let task = &self.tasks[number];
        let course = Course {
            task: number,
            meaning: &task.meaning,
            began: task.began,
            readings: &task.readings,
        };
        self.judge.committed(&course, batch)?;
        Ok(outcome)
    }

    /// Somebody else writes one of the batch's records again, under a new revision.
    fn overtake(&mut self, batch: &Batch) {
        let open: Vec<&Write> = batch
            .writes
            .iter()
            .filter(|write| {
                matches!(
                    write,
                    Write::Put {
                        expect: Expect::At(_),
                        ..
                    }
                )
            })
            .collect();
        let Some(write) = open.get(self.chance.index(open.len())) else {
            return;
        };
        let query = Query::Get(write.key().clone());
        if let Some(StoreAnswer::Record(Some(record))) = self.store.read_now(&[query]).pop() {
            let mut rev = [0; 16];
            self.chance.fill(&mut rev);
            let same = Write::Put {
                key: record.key,
                expect: Expect::At(record.rev),
                body: record.body,
                entries: Entries::Keep,
                expires_at: record.expires_at,
            };
            self.store.commit_now(&Batch {
                rev: Rev(rev),
                writes: vec![same],
            });
            self.note(&"overtaken");
        }
    }

    fn done(&mut self, number: usize, reply: Reply) -> Result<(usize, Reply), String> {
        self.leave(number);
        let task = &self.tasks[number];
        let said = Said::heard(&task.meaning, &reply);
        let course = Course {
            task: number,
            meaning: &task.meaning,
            began: task.began,
            readings: &task.readings,
        };
        let verdict = self
            .judge
            .answered(&course, &said, task.starved, self.climate.is_calm());
        if let Reply::Answer(answer) = &reply {
            self.hash.write(&answer.body);
        }
        self.note(&("answer to request", number, &said));
        verdict?;
        Ok((number, reply))
    }

    /// What is left at the end.
    pub fn finish(&self) -> Verdict {
        self.judge.finished(&self.store)
    }
}

/// What a worker of a node does.
fn work(api: &Arc<Api>, meaning: &Meaning) -> Box<dyn Operation<Reply = Reply>> {
    let engine = Arc::clone(api.engine());
    match meaning.clone() {
        Meaning::Lease(url) => {
            let from = outbox::Waiting {
                application: APPLICATION.to_owned(),
                url,
                since: 0,
            };
            let lease = move |tx: &mut Tx<'_>| outbox::lease(&engine, tx, &from, 10, LEASE);
            Box::new(Told(Machine::new(None, lease), |it: Result<_, _>| {
                it.map_or(Reply::Broken, Reply::Deliveries)
            }))
        }
        Meaning::Delivered(event) => {
            let delivered = move |tx: &mut Tx<'_>| outbox::delivered(&engine, tx, &event);
            Box::new(Told(Machine::new(None, delivered), |it: Result<_, _>| {
                it.map_or(Reply::Broken, Reply::News)
            }))
        }
        Meaning::Failed(event, until) => {
            let failed = move |tx: &mut Tx<'_>| outbox::failed(&engine, tx, &event, until);
            Box::new(Told(Machine::new(None, failed), |it: Result<_, _>| {
                it.map_or(Reply::Broken, |it| Reply::News(it != AfterFailure::Stale))
            }))
        }
        Meaning::Released(events, until) => {
            let released = move |tx: &mut Tx<'_>| outbox::released(&engine, tx, &events, until);
            Box::new(Told(Machine::new(None, released), |it: Result<_, _>| {
                it.map_or(Reply::Broken, Reply::Count)
            }))
        }
        Meaning::Expire => {
            let expire = move |tx: &mut Tx<'_>| expire::operations(&engine, tx, 10);
            Box::new(Told(Machine::new(None, expire), |it: Result<_, _>| {
                it.map_or(Reply::Broken, Reply::Count)
            }))
        }
        Meaning::ExpireActivations => {
            let expire = move |tx: &mut Tx<'_>| expire::activations(&engine, tx, 10);
            Box::new(Told(Machine::new(None, expire), |it: Result<_, _>| {
                it.map_or(Reply::Broken, Reply::Count)
            }))
        }
        other => panic!("{other:?} is no work"),
    }
}
