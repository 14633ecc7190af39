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
use countersign::engine::rotation::{COLLECTIONS, LEARN_WITHIN};
use countersign::store::simulated::{Chance, Faults, Mishap};
use countersign::store::{
    Answer as StoreAnswer, Batch, Commit, Entries, EntropyError, Expect, Failure, Host, Input, Machine,
    MemoryStore, Operation, Query, Recent, Record, Rev, Step, StoreError, Tx, Write,
};

use crate::checks::{Course, Judge, Verdict};
use crate::keys::{self, Turn};
use crate::model::LEASE;
use crate::order::{Meaning, Order, Reply, Said};
use crate::planted::Bug;
use crate::support::prelude::APPLICATION;
use crate::tally::{Count, Tally};
use crate::town::Town;

/// Bytes that a node remembers of records.
const MEMORY: usize = 64 * 1024;
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
    /// How often a request or an answer gets lost, comes late or comes twice, each in cases out of 1,000.
    pub network: u16,
    /// How often something happens to the disk, in cases out of 1,000 steps.
    pub disk: u16,
}

/// The disk under the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Disk {
    Well,
    /// Nothing can be written.
    Full,
    /// Nothing can be read or written.
    Broken,
    /// Nothing is read, and what is written may be there when it is back.
    Silent,
}

impl Climate {
    /// Nothing fails.
    pub const CALM: Self = Self {
        faults: Faults::none(),
        skew: 0,
        node_crash: 0,
        night: 10,
        network: 0,
        disk: 0,
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
            network: 25,
            disk: 3,
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
        self.faults == Faults::none() && self.node_crash == 0 && self.disk == 0
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
    /// When it last looked for new sealing keys.
    looked: u64,
    offset: i64,
    lanes: BTreeMap<String, VecDeque<usize>>,
    /// What it saw last; the others may have written since.
    recent: Recent,
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
    /// When it came.
    came: u64,
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

    fn recalls(&self) -> bool {
        self.0.recalls()
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
    /// Whether the keys that seal are those of the store, to be replaced.
    keyed: bool,
    /// What is wrong with the disk, and until when.
    disk: (Disk, u64),
    pub tally: Tally,
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
            keyed: false,
            disk: (Disk::Well, 0),
            tally: Tally::default(),
        };
        world.keyed = world.chance.hit(600) && bug != Some(Bug::FarSighted);
        world.judge.keyed = world.keyed;
        for number in 0..count {
            let node = world.node(number % 2);
            world.nodes.push(node);
        }
        world
    }

    /// A node that starts, with one of two key rings, or with the keys that the store has.
    fn node(&mut self, ring: usize) -> Node {
        let api = match self.keyed {
            true => &self.town.knowing[self.keys_in_store() - 1],
            false => &self.apis()[ring],
        };
        Node {
            api: Arc::clone(api),
            looked: self.true_time,
            offset: self.some_offset(),
            lanes: BTreeMap::new(),
            recent: Recent::new(MEMORY),
        }
    }

    /// How many keys there ever were in the store.
    fn keys_in_store(&self) -> usize {
        let keys = &self.judge.model().keys;
        usize::try_from(keys.number() - 1).unwrap()
    }

    /// Whether sealing keys may be replaced.
    pub fn is_keyed(&self) -> bool {
        self.keyed && self.keys_in_store() < usize::try_from(keys::MOST).unwrap()
    }

    /// A node looks for new sealing keys, now and then, and in time.
    fn look_for_keys(&mut self, node: usize) {
        let waited = self.true_time - self.nodes[node].looked;
        if self.keyed && (waited >= LEARN_WITHIN / 2 || self.chance.hit(200)) {
            let known = self.keys_in_store();
            self.nodes[node].looked = self.true_time;
            self.nodes[node].api = Arc::clone(&self.town.knowing[known - 1]);
        }
    }

    /// All nodes start anew, with the current sealing key only.
    pub fn forget_older_keys(&mut self) {
        let current = usize::try_from(self.judge.model().keys.current).unwrap();
        for node in &mut self.nodes {
            node.api = Arc::clone(&self.town.only[current - 1]);
        }
        self.keyed = false;
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

    /// Whether something happens that happens so often, in cases out of 1,000. If so it is counted.
    pub fn happens(&mut self, per_mille: u16, what: Count) -> bool {
        let happens = self.chance.hit(per_mille);
        if happens {
            self.tally.count(what);
            self.note(&what);
        }
        happens
    }

    /// Hours later: what may vanish does.
    pub fn night(&mut self) {
        self.tally.count(Count::Nights);
        self.pass(10_800_000);
        let dropped = self.store.purge_now(self.true_time, u32::MAX);
        self.note(&("purged", dropped));
    }

    /// Everything works from now on, and all clocks are right.
    pub fn heal(&mut self) {
        self.climate = Climate::CALM;
        self.disk = (Disk::Well, 0);
        for node in &mut self.nodes {
            node.offset = 0;
        }
    }

    /// Sends a request to some node. Answers its number.
    pub fn start(&mut self, order: &Order) -> usize {
        let node = self.chance.index(self.nodes.len());
        self.look_for_keys(node);
        let meaning = self.filled_in(&order.meaning);
        let api = &self.nodes[node].api;
        let operation: Box<dyn Operation<Reply = Reply>> = match &order.ask {
            Some(ask) => Box::new(Told(ask.call(api), |it: Response| Reply::Answer(it.into()))),
            None => work(api, &meaning),
        };
        let number = self.tasks.len();
        if let Some(lane) = operation.lane() {
            let lane = lane.to_owned();
            self.nodes[node].lanes.entry(lane).or_default().push_back(number);
        }
        self.tasks.push(Task {
            node,
            meaning,
            operation,
            state: Some(State::Ready(Input::Start)),
            began: self.judge.commits(),
            came: self.true_time,
            readings: BTreeSet::new(),
            starved: false,
        });
        self.moving.push(number);
        let meaning = self.tasks[number].meaning.clone();
        self.note(&("request", number, "to node", node, meaning));
        number
    }

    /// The records of a page are those that the node finds.
    fn filled_in(&self, meaning: &Meaning) -> Meaning {
        let mut meaning = meaning.clone();
        if let Meaning::Keys(Turn::Reseal(_, collection, after, ids)) = &mut meaning {
            let collection = COLLECTIONS[usize::try_from(*collection).unwrap()];
            let records = self.store.walk_now(collection, after.as_deref(), keys::PAGE);
            *ids = records.into_iter().map(|it| it.key.id).collect();
        }
        meaning
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
            self.tally.count(Count::ClockJumps);
            self.note(&("clock of node", node, offset));
        }
        if self.true_time >= self.disk.1 && self.disk.0 != Disk::Well {
            self.disk.0 = Disk::Well;
            self.note(&"the disk is well");
        }
        if self.chance.hit(self.climate.disk) {
            let what = [Disk::Full, Disk::Broken, Disk::Silent][self.chance.index(3)];
            self.disk = (what, self.true_time + 50 + self.chance.below(600));
            self.note(&("the disk is", what));
        }
    }

    /// Whether the disk fails this call, and how.
    fn disk_fails(&mut self, writes: bool) -> Option<StoreError> {
        let failed = || StoreError::NotApplied("simulated disk".into());
        let (what, error) = match self.disk.0 {
            Disk::Full if writes => (Count::DiskFull, failed()),
            Disk::Broken => (Count::DiskBroken, failed()),
            Disk::Silent if writes => (Count::DiskSilent, StoreError::Unknown("simulated disk".into())),
            Disk::Silent => (Count::DiskSilent, failed()),
            Disk::Well | Disk::Full => return None,
        };
        self.tally.count(what);
        self.note(&what);
        Some(error)
    }

    /// A node vanishes with all that it was doing, and comes back with the other key ring.
    fn crash(&mut self, node: usize) {
        self.tally.count(Count::Crashes);
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
        let number = usize::from(Arc::ptr_eq(&self.nodes[node].api, &self.apis()[0]));
        self.nodes[node] = self.node(number);
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
                Step::Read(queries) => match self.recalled(number, &queries) {
                    Some(answers) => State::Ready(Input::Recalled(answers)),
                    None => State::Asked(queries),
                },
                Step::Commit(batch) => State::Sent(batch),
                Step::Done(reply) => return self.done(number, reply).map(Some),
            },
            State::Asked(queries) => State::Ready(self.read(number, &queries)),
            State::Sent(batch) => {
                let input = self.judge_commit(number, Arc::clone(&batch))?;
                self.remember(number, &batch, &input);
                State::Ready(input)
            }
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
        let starved = inner.starved;
        drop(inner);
        if starved {
            self.tally.count(Count::Entropy);
        }
        step
    }

    /// What the node of a request remembers.
    fn recalled(&mut self, number: usize, queries: &[Query]) -> Option<Vec<StoreAnswer>> {
        let task = &self.tasks[number];
        let answers = task
            .operation
            .recalls()
            .then(|| self.nodes[task.node].recent.recall(queries));
        let answers = answers.flatten()?;
        self.tally.count(Count::Recalls);
        if answers != self.store.read_now(queries) {
            self.tally.count(Count::Outdated);
        }
        Some(answers)
    }

    fn remember(&self, number: usize, batch: &Batch, input: &Input) {
        let outcome = match input {
            Input::Applied => Ok(Commit::Applied),
            Input::Conflict(current) => Ok(Commit::Conflict(current.clone())),
            Input::Failed(error) => Err(error.clone()),
            Input::Start | Input::Answers(_) | Input::Recalled(_) => return,
        };
        self.nodes[self.tasks[number].node]
            .recent
            .committed(batch, &outcome);
    }

    fn read(&mut self, number: usize, queries: &[Query]) -> Input {
        if let Some(error) = self.disk_fails(false) {
            return Input::Failed(error);
        }
        if self.happens(self.climate.faults.failed_read, Count::ReadsFailed) {
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
        self.nodes[self.tasks[number].node].recent.read(queries, &answers);
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
        if let Some(error) = self.disk_fails(true) {
            if matches!(error, StoreError::Unknown(_)) && self.chance.hit(500) {
                self.late.push((number, batch));
            }
            return Ok(Input::Failed(error));
        }
        let mishap = self.climate.faults.fate(&mut self.chance);
        if self.bug == Some(Bug::AnswerBeforeCommit) {
            self.late.push((number, batch));
            return Ok(Input::Applied);
        }
        if self.chance.hit(self.climate.faults.overtaken) {
            self.tally.count(Count::Overtaken);
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
            self.tally.more(of_mishap(mishap), 1);
            self.note(&("commit of request", number, mishap));
        }
        let failed = mishap.error().map(Input::Failed);
        Ok(failed.or(input).unwrap())
    }

    /// The batch arrives.
    fn apply(&mut self, number: usize, batch: &Batch) -> Result<Commit, String> {
        let mut changed = None;
        if let Some(bug) = self.bug {
            let (batch, also) = bug.write(self.town, &self.tasks[number].meaning, batch, &self.store);
            self.late.extend(also.map(|also| (number, Arc::new(also))));
            changed = Some(batch);
        }
        let batch = changed.as_ref().unwrap_or(batch);
        let outcome = self.store.commit_now(batch);
        if outcome != Commit::Applied {
            self.tally.count(Count::Conflicts);
            self.note(&("conflict of request", number));
            return Ok(outcome);
        }
        self.tally.count(Count::Commits);
        for write in &batch.writes {
            if let Write::Put { body, .. } | Write::Append { body, .. } = write {
                self.hash.write(body);
                if self.town.secrets.are_in(body) {
                    return Err(format!("I8: a secret in the record {:?}", write.key()));
                }
            }
        }
        self.note(&("commit of request", number, batch.rev));
        let task = &self.tasks[number];
        let course = Course {
            task: number,
            meaning: &task.meaning,
            began: task.began,
            waited: self.true_time - task.came,
            readings: &task.readings,
        };
        self.judge.committed(&course, batch)?;
        match &task.meaning {
            Meaning::Keys(Turn::Switch) => self.tally.count(Count::Switches),
            Meaning::Keys(Turn::Reseal(..)) => self.tally.count(Count::Resealed),
            _ => {}
        }
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

    fn done(&mut self, number: usize, mut reply: Reply) -> Result<(usize, Reply), String> {
        self.leave(number);
        if let Reply::Answer(answer) = &mut reply {
            if self.bug == Some(Bug::SecretTold) && answer.status != 200 {
                answer.body.extend(self.town.secrets.one());
            }
            if self.town.secrets.are_in(&answer.body) {
                return Err(format!(
                    "I8: a secret in the answer to {:?}",
                    self.tasks[number].meaning
                ));
            }
        }
        let task = &self.tasks[number];
        let said = Said::heard(&task.meaning, &reply);
        let course = Course {
            task: number,
            meaning: &task.meaning,
            began: task.began,
            waited: self.true_time - task.came,
            readings: &task.readings,
        };
        // A request that came before a new sealing key may not know it when its turn comes.
        let served = self.climate.is_calm() && !self.keyed;
        let verdict = self.judge.answered(&course, &said, task.starved, served);
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

/// What a mishap is counted as.
fn of_mishap(mishap: Mishap) -> Count {
    match mishap {
        Mishap::Refused => Count::Refused,
        Mishap::LostRequest => Count::BatchesLost,
        Mishap::LostAnswer => Count::ConfirmationsLost,
        Mishap::Delayed => Count::BatchesLate,
        _ => Count::BatchesTwice,
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
        Meaning::Keys(turn) => {
            let decide = move |tx: &mut Tx<'_>| keys::decide(&engine, tx, &turn);
            Box::new(Told(Machine::new(None, decide), |it: Result<_, _>| match it {
                Ok(news) => Reply::News(news),
                Err(Failure::Refused(_)) => Reply::Refused,
                Err(Failure::Fault(_)) => Reply::Broken,
            }))
        }
        other => panic!("{other:?} is no work"),
    }
}
