//! Several nodes over one store, step by step in one thread.
//!
//! Every node has its own clock, key ring and lanes. A step is one call of the engine or one call of
//! the store; between any two steps somebody else may move, a message may get lost, a node may crash.

mod commits;
mod weather;
mod work;

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

pub use weather::Climate;
use weather::Disk;
use work::{Told, work};

/// Bytes that a node remembers of records.
const MEMORY: usize = 64 * 1024;
/// A message takes up to so many milliseconds.
const LATENCY: u64 = 20;

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
