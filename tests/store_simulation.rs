//! The step machine and the stores under every fault at once, many thousand histories.
#![allow(
    clippy::await_holding_refcell_ref,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test"
)]
#![cfg(feature = "simulation")]

mod store_toy;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use countersign::store::conformance::{self, atomic_under_faults, wait};
use countersign::store::planted::{self, Planted};
use countersign::store::receipt::RECEIPT;
use countersign::store::simulated::{
    CallFault, Chance, Event, Faults, FaultyStore, SimulatedHost, Simulation, each_failing_call,
};
use countersign::store::{
    Answer, Collection, Decision, Entity, Failure, Fault, Host, Machine, MemoryStore, Operation, Query,
    Record, Scan, Tx,
};
use store_toy::{BY_PARITY, Counter, Entry, Light, No, claim, increment, plain, turn_off};

const SEEDS: u64 = 10_000;

type Reply = Result<u64, Failure<No>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    /// Counts with a history line.
    Logged,
    /// Counts with nothing but the machine's receipt.
    Bare,
    /// Turns the left or the right light off.
    Off(bool),
    /// Takes the only place.
    Claim,
    /// Tells how far the first counter is, and writes that down or does not.
    Look(bool),
}

fn operation(task: Task, who: u64) -> Box<dyn Operation<Reply = Reply>> {
    match task {
        Task::Logged => {
            let lane = Some("logged".to_owned());
            Box::new(Machine::new(lane, move |tx| increment(tx, "logged", who, true)))
        }
        Task::Bare => Box::new(Machine::new(None, move |tx| increment(tx, "bare", who, false))),
        Task::Off(left) => Box::new(Machine::new(None, move |tx| {
            let (mine, other) = if left {
                ("left", "right")
            } else {
                ("right", "left")
            };
            turn_off(tx, mine, other).map(|outcome| outcome.map(|()| 0))
        })),
        Task::Claim => Box::new(Machine::new(None, move |tx| claim(tx, who))),
        Task::Look(writes) => {
            let lane = Some("logged".to_owned());
            Box::new(Machine::new(lane, move |tx| look(tx, who, writes)))
        }
    }
}

/// By a record that it does not ask to stay as it is.
fn look(tx: &mut Tx<'_>, who: u64, writes: bool) -> Decision<u64, No> {
    let value = tx.peek::<Counter>("logged")?.map_or(0, |counter| counter.value);
    tx.proven();
    if writes {
        tx.put(&Light {
            id: format!("seen by {who}"),
            on: value > 0,
        });
    }
    Ok(Ok(value))
}

struct World {
    /// What the first counter has reached before the second wave.
    reached: u64,
    /// The first of the second wave.
    second: u64,
    replies: BTreeMap<u64, (Task, Option<Reply>)>,
    records: Vec<Record>,
    store: Arc<MemoryStore>,
    events: Vec<Event>,
}

fn world(seed: u64, faults: Faults) -> World {
    let mut chance = Chance::new(seed ^ 0x00c0_ffee);
    let mut simulation = Simulation::new(seed, faults);
    let (mut tasks, mut replies) = (BTreeMap::new(), BTreeMap::new());
    let (mut reached, mut second) = (0, 0);
    // Two waves: the second finds the records of the first.
    for _ in 0..2 {
        let records = simulation.store().records();
        let counter = records.iter().find(|record| record.key.id == "logged");
        reached = counter.map_or(0, |record| Counter::decode(&record.body).unwrap().value);
        second = tasks.len() as u64;
        for _ in 0..2 + chance.below(5) {
            let task = match chance.below(9) {
                0..3 => Task::Logged,
                3..5 => Task::Bare,
                5 => Task::Off(chance.hit(500)),
                6 => Task::Claim,
                _ => Task::Look(chance.hit(500)),
            };
            let who = tasks.len() as u64;
            assert_eq!(simulation.spawn(operation(task, who)) as u64, who);
            tasks.insert(who, task);
        }
        for (who, reply) in simulation.run() {
            let who = who as u64;
            replies.insert(who, (tasks[&who], reply));
        }
    }
    World {
        reached,
        second,
        replies,
        records: simulation.store().records(),
        store: Arc::clone(simulation.store()),
        events: simulation.events().to_vec(),
    }
}

macro_rules! ensure {
    ($holds:expr, $($why:tt)+) => { if !$holds { return Err(format!($($why)+)); } };
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    answered: u64,
    refused: u64,
    faults: u64,
    crashed: u64,
    unanswered_but_applied: u64,
}

/// What an operation may have left behind, given its reply.
fn possible(reply: &Option<Reply>) -> std::ops::RangeInclusive<usize> {
    match reply {
        Some(Ok(_)) => 1..=1,
        // Nobody knows.
        None | Some(Err(Failure::Fault(Fault::Unknown(_)))) => 0..=1,
        Some(Err(_)) => 0..=0,
    }
}

fn verify(world: &World) -> Result<Tally, String> {
    let of = |collection: Collection| {
        world
            .records
            .iter()
            .filter(move |record| record.key.collection == collection)
    };
    let decode = |record: &Record| Entry::decode(&record.body).map_err(|error| error.to_string());
    let mut lines: BTreeMap<u64, Vec<Entry>> = BTreeMap::new();
    for record in of(Entry::COLLECTION) {
        let line = decode(record)?;
        lines.entry(line.who).or_default().push(line);
    }
    let counter = |id: &str| {
        let record = of(Counter::COLLECTION).find(|record| record.key.id == id);
        record.map_or(Ok(0), |record| {
            Counter::decode(&record.body).map(|counter| counter.value)
        })
    };
    let (logged, bare) = (
        counter("logged").map_err(|error| error.to_string())?,
        counter("bare").map_err(|error| error.to_string())?,
    );
    let mut tally = Tally::default();
    let (mut bare_range, mut bare_values) = (0..=0, BTreeSet::new());
    for (who, (task, reply)) in &world.replies {
        match reply {
            None => tally.crashed += 1,
            Some(Ok(_)) => tally.answered += 1,
            Some(Err(Failure::Refused(_))) => tally.refused += 1,
            Some(Err(Failure::Fault(_))) => tally.faults += 1,
        }
        let own = lines.remove(who).unwrap_or_default();
        match task {
            Task::Logged | Task::Claim => {
                ensure!(
                    possible(reply).contains(&own.len()),
                    "{task:?} answered {reply:?}, left {own:?}"
                );
                if let (Some(Ok(value)), Task::Logged, [line]) = (reply, task, own.as_slice()) {
                    ensure!(*value == line.value, "answered {value}, wrote {}", line.value);
                }
                tally.unanswered_but_applied += u64::from(!own.is_empty() && !matches!(reply, Some(Ok(_))));
            }
            Task::Bare => {
                let possible = possible(reply);
                bare_range = bare_range.start() + possible.start()..=bare_range.end() + possible.end();
                if let Some(Ok(value)) = reply {
                    ensure!(bare_values.insert(*value), "{value} was answered twice");
                }
            }
            Task::Look(_) => {
                if let Some(Ok(value)) = reply
                    && *who >= world.second
                {
                    ensure!(*value >= world.reached, "saw {value} after {}", world.reached);
                }
            }
            Task::Off(left) => {
                let mine = if *left { "left" } else { "right" };
                if let Some(Ok(_)) = reply {
                    let off = of(Light::COLLECTION).any(|record| record.key.id == mine);
                    ensure!(off, "{mine} should be off");
                }
            }
        }
    }
    ensure!(lines.is_empty(), "lines of nobody: {lines:?}");
    let mut values: Vec<u64> = Vec::new();
    for record in of(Entry::COLLECTION).filter(|record| record.key.id != "claim") {
        values.push(decode(record)?.value);
    }
    values.sort_unstable();
    ensure!(
        values == (1..=logged).collect::<Vec<_>>(),
        "counted {logged}, history {values:?}"
    );
    let claims = world
        .replies
        .values()
        .filter(|(task, reply)| *task == Task::Claim && matches!(reply, Some(Ok(_))));
    ensure!(claims.count() <= 1, "two took the only place");
    let lights = || of(Light::COLLECTION).filter(|record| !record.key.id.starts_with("seen"));
    ensure!(lights().count() <= 1, "both lights are off");
    let counted = usize::try_from(bare).unwrap_or(usize::MAX);
    ensure!(
        bare_range.contains(&counted),
        "counted {bare}, possible {bare_range:?}"
    );
    // Every batch without an append has its receipt: bare counts and lights.
    let receipts = of(RECEIPT).count();
    ensure!(
        receipts >= counted + lights().count(),
        "{receipts} receipts for {counted} counts"
    );
    for id in ["logged", "bare"] {
        let found: usize = [0, 1]
            .into_iter()
            .map(|parity| places(&world.store, id, parity))
            .sum();
        let exists = of(Counter::COLLECTION).any(|record| record.key.id == id);
        ensure!(found == usize::from(exists), "{id} is {found} times in the index");
    }
    Ok(tally)
}

/// How often a counter stands under a parity in the index.
fn places(store: &MemoryStore, id: &str, parity: u8) -> usize {
    let scan = Scan {
        collection: Counter::COLLECTION,
        index: BY_PARITY,
        value: vec![parity],
        from: 0,
        to: u64::MAX,
        newest_first: false,
        after: None,
        limit: 100,
    };
    match store.read_now(&[Query::Scan(scan)]).pop() {
        Some(Answer::Page(page)) => page.records.iter().filter(|record| record.key.id == id).count(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_counts_twice_or_gets_lost() {
    let mut sum = Tally::default();
    for seed in 0..SEEDS {
        let world = world(seed, Faults::rough());
        let tally = verify(&world).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        sum.answered += tally.answered;
        sum.refused += tally.refused;
        sum.faults += tally.faults;
        sum.crashed += tally.crashed;
        sum.unanswered_but_applied += tally.unanswered_but_applied;
    }
    println!("{SEEDS} seeds: {sum:?}");
    for number in [
        sum.answered,
        sum.refused,
        sum.faults,
        sum.crashed,
        sum.unanswered_but_applied,
    ] {
        assert!(number > SEEDS / 100, "{sum:?}");
    }
}

#[test]
fn without_faults_everything_is_answered() {
    for seed in 0..500 {
        let world = world(seed, Faults::none());
        let tally = verify(&world).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        assert_eq!((tally.faults, tally.crashed), (0, 0), "seed {seed}");
    }
}

#[test]
fn a_seed_tells_the_same_story_again() {
    let mut different = BTreeSet::new();
    let mut events = 0;
    for seed in 0..300 {
        let (one, two) = (world(seed, Faults::rough()), world(seed, Faults::rough()));
        assert_eq!(one.events, two.events, "seed {seed}");
        assert_eq!(one.records, two.records, "seed {seed}");
        assert_eq!(one.replies, two.replies, "seed {seed}");
        events += one.events.len();
        different.insert(format!("{:?}", one.events));
    }
    println!("{events} events");
    assert_eq!(different.len(), 300, "and another seed another story");
}

#[test]
fn planted_bugs_are_found() {
    const ENOUGH: u64 = 3_000;
    let mut report = Vec::new();
    for &bug in Planted::STORE {
        let found = (0..ENOUGH).find_map(|seed| {
            let verdict = planted::with(bug, || verify(&world(seed, Faults::rough())));
            verdict.err().map(|why| (seed, why))
        });
        let (seed, why) = found.unwrap_or_else(|| panic!("{bug:?} was not found in {ENOUGH} seeds"));
        assert!(
            verify(&world(seed, Faults::rough())).is_ok(),
            "seed {seed} is fine without {bug:?}"
        );
        report.push(format!("{bug:?} by seed {seed}: {why}"));
    }
    println!("{}", report.join("\n"));
    assert_eq!(report.len(), Planted::STORE.len());
}

#[test]
fn every_store_call_may_fail_in_every_way() {
    let prepare = |host: &SimulatedHost| {
        let store = MemoryStore::new();
        for who in [100, 101] {
            plain(
                Machine::new(None, |tx| increment(tx, "logged", who, true)),
                &store,
                host,
            )
            .unwrap();
        }
        store
    };
    let mut seen = BTreeSet::new();
    let trials = each_failing_call(
        || prepare(&SimulatedHost::new(1)),
        || operation(Task::Logged, 1),
        |trial| {
            let label = format!("call {} {:?}: {:?}", trial.call, trial.fault, trial.reply);
            let records = trial.store.records();
            let value = records
                .iter()
                .find(|record| record.key.collection == Counter::COLLECTION);
            let value = Counter::decode(&value.unwrap().body).unwrap().value;
            let lines = records
                .iter()
                .filter(|record| record.key.collection == Entry::COLLECTION)
                .count();
            assert_eq!(value, lines as u64, "{label}: a part was written");
            let own = usize::try_from(value - 2).unwrap();
            assert!(possible(&trial.reply).contains(&own), "{label}: left {own}");
            let lost = matches!(
                trial.fault,
                CallFault::LostAnswer | CallFault::LostRequest | CallFault::Delayed
            );
            if lost && trial.call == 2 {
                assert_eq!(trial.reply, Some(Ok(3)), "{label}: resolved by sending again");
            }
            seen.insert((trial.call, format!("{:?}", trial.fault)));
        },
    );
    println!("{trials} trials");
    // A read and a commit, each in six ways.
    assert_eq!((trials, seen.len()), (12, 12));
}

#[test]
fn every_draw_may_fail() {
    let mut trials = 0;
    for draw in 1.. {
        let mut simulation = Simulation::new(draw, Faults::none());
        simulation.host().fail_draw(Some(draw));
        simulation.spawn(operation(Task::Logged, 1));
        let (_, reply) = simulation.run().pop().unwrap();
        if simulation.host().draws() < draw {
            assert_eq!(reply, Some(Ok(1)));
            break;
        }
        trials += 1;
        assert_eq!(reply, Some(Err(Failure::Fault(Fault::Entropy))));
        assert_eq!(simulation.store().records(), []);
    }
    assert_eq!(trials, 1, "the line's id and the revision are drawn together");
}

#[test]
fn the_clock_of_a_simulation_jumps_and_its_generator_follows_the_seed() {
    let (one, two, other) = (
        SimulatedHost::new(1),
        SimulatedHost::new(1),
        SimulatedHost::new(2),
    );
    let draw = |host: &SimulatedHost| {
        let mut bytes = [0; 33];
        host.fill(&mut bytes).unwrap();
        bytes
    };
    assert_eq!(draw(&one), draw(&two));
    assert_ne!(draw(&one), draw(&other));
    let before = one.now();
    one.advance(5);
    one.set_offset(-1_000);
    assert_eq!(one.now(), before + 5 - 1_000);
    assert_eq!(one.true_time(), before + 5);
    one.fail_draws(1_000);
    assert!(one.fill(&mut [0; 1]).is_err());
}

#[test]
fn the_faulty_store_conforms_while_its_faults_are_off() {
    let cases = conformance::run(|| FaultyStore::new(MemoryStore::new(), 1, Faults::none())).unwrap();
    println!("{cases} cases");
}

#[test]
fn batches_are_atomic_whatever_fails() {
    let mut sum = conformance::Tally::default();
    for seed in 0..200 {
        let store = FaultyStore::new(MemoryStore::new(), seed, Faults::rough());
        let tally =
            wait(atomic_under_faults(&store, seed, 60)).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        sum.applied += tally.applied;
        sum.conflicts += tally.conflicts;
        sum.not_applied += tally.not_applied;
        sum.unknown_applied += tally.unknown_applied;
        sum.unknown_absent += tally.unknown_absent;
        sum.failed_reads += tally.failed_reads;
    }
    println!("{sum:?}");
    for number in [
        sum.applied,
        sum.conflicts,
        sum.not_applied,
        sum.unknown_applied,
        sum.unknown_absent,
    ] {
        assert!(number > 100, "{sum:?}");
    }
    assert!(sum.failed_reads > 100);
}

#[test]
fn torn_batches_would_be_noticed() {
    let found = (0..200).any(|seed| {
        let store = FaultyStore::new(MemoryStore::new(), seed, Faults::rough());
        planted::with(Planted::TornBatch, || wait(atomic_under_faults(&store, seed, 60))).is_err()
    });
    assert!(found);
}
