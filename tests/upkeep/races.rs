//! Two phones with the same PUK, and changes of many activations at once: under every order of steps, and
//! over a store that fails.

use countersign::crypto::version::ProtocolVersion;
use countersign::model::activation::{ACTIVATION, Activation, ActivationStatus};
use countersign::model::recovery::{PukStatus, RecoveryCode};
use countersign::store::simulated::{Faults, FaultyStore};
use countersign::store::{Entity, MemoryStore};
use pollster::block_on;
use serde_json::json;

use crate::support::explore::{Schedule, interleave};
use crate::support::records::get;
use crate::support::recovery::{confirmed, enable, recover};
use crate::support::{Answer, Ask, Clock, Phone, Prelude, World, engine};

/// A bank with a confirmed postcard, and two phones that will use its first PUK.
struct Recovery {
    prelude: Prelude,
    code: String,
    asks: [Ask; 2],
    /// Activations before.
    before: usize,
}

impl Recovery {
    fn new() -> Self {
        let mut prelude = Prelude::build(ProtocolVersion::V3_2, 0, |_| {});
        let application = prelude.application.clone();
        let mut made = None;
        prelude.extend(|world| {
            enable(world);
            let card = confirmed(world, &application, "joe", 2, 31);
            let ask = |seed| recover(world, &application, &card.code, &card.puks[0], seed);
            made = Some((card.id.to_string(), [ask(41), ask(42)]));
        });
        let (code, asks) = made.unwrap();
        let before = count(&prelude.memory());
        Self {
            prelude,
            code,
            asks,
            before,
        }
    }

    fn clock(&self, seed: u64) -> Clock {
        Clock::new(1_000 + seed, self.prelude.now + 1)
    }

    /// One PUK, one activation, at most one phone that was told so. Answers whether it was used.
    fn judge(&self, store: &MemoryStore, answers: &[Answer], case: &str) -> bool {
        let fresh = count(store) - self.before;
        let told = answers.iter().filter(|it| it.status == 200).count();
        let record: RecoveryCode = get(store, &self.code).unwrap();
        let used = record.puks[0].status == PukStatus::Used;
        assert!(fresh <= 1, "{case}: {fresh} activations by one PUK");
        assert_eq!(used, fresh == 1, "{case}: PUK and activation belong together");
        assert!(
            told <= fresh,
            "{case}: {told} phones were told, {fresh} are activated"
        );
        assert_eq!(record.puks[1].status, PukStatus::Valid, "{case}");
        assert!(
            record.failed_attempts <= 1,
            "{case}: {} wrong PUKs",
            record.failed_attempts
        );
        used
    }
}

fn count(store: &MemoryStore) -> usize {
    store.walk_now(ACTIVATION, None, 1_000).len()
}

#[test]
fn two_phones_use_one_puk_in_every_order() {
    let recovery = Recovery::new();
    let town = recovery.prelude.memory();
    let world = World::over(MemoryStore::new());
    let mut schedule = Some(Schedule::default());
    let mut orders = 0;
    while let Some(mut now) = schedule {
        let store = town.clone();
        let asks: Vec<&Ask> = recovery.asks.iter().collect();
        let answers = interleave(&world.api, &store, &recovery.clock(0), &asks, &mut now);
        assert!(
            recovery.judge(&store, &answers, &format!("{now:?}")),
            "{now:?}: nobody used it"
        );
        let told = answers.iter().filter(|it| it.status == 200).count();
        let late = answers.iter().filter(|it| it.code() == "ERR_RECOVERY").count();
        assert_eq!((told, late), (1, 1), "{now:?}");
        orders += 1;
        schedule = now.next();
    }
    println!("{orders} orders of two phones with one PUK");
    assert!(orders >= 10);
}

#[test]
fn two_phones_use_one_puk_over_a_failing_store() {
    let recovery = Recovery::new();
    let town = recovery.prelude.memory();
    let world = World::over(MemoryStore::new());
    let (mut used, mut both_failed) = (0, 0);
    for seed in 0..SEEDS {
        let store = FaultyStore::new(town.clone(), seed, Faults::rough());
        let asks: Vec<&Ask> = recovery.asks.iter().collect();
        let mut schedule = Schedule::thrown(seed);
        let answers = interleave(&world.api, &store, &recovery.clock(seed), &asks, &mut schedule);
        block_on(store.settle()).unwrap();
        used += usize::from(recovery.judge(store.store(), &answers, &format!("seed {seed}")));
        both_failed += usize::from(answers.iter().all(|it| it.status >= 500));
    }
    println!("{SEEDS} histories of two phones with one PUK: used in {used}, no answer in {both_failed}");
    assert!(used > 25);
}

/// Each costs several slow hashes.
const SEEDS: u64 = 40;

/// Ten activations at once, while others change one of them.
struct Bulk {
    prelude: Prelude,
    ids: Vec<String>,
}

impl Bulk {
    fn new() -> Self {
        let mut prelude = Prelude::build(ProtocolVersion::V3_2, 0, |_| {});
        let application = prelude.application.clone();
        let mut ids = Vec::new();
        prelude.extend(|world| {
            for seed in 0..6 {
                ids.push(Phone::activate(world, &application, "joe", 50 + seed).id());
            }
        });
        Self { prelude, ids }
    }

    fn states(&self, store: &MemoryStore) -> Vec<ActivationStatus> {
        let state = |id: &String| get::<Activation>(store, id).unwrap().status;
        self.ids.iter().map(state).collect()
    }
}

#[test]
fn a_change_of_many_happens_to_all_or_none() {
    use ActivationStatus::{Active, Blocked, Removed};
    let bulk = Bulk::new();
    let town = bulk.prelude.memory();
    assert_eq!(Activation::COLLECTION, ACTIVATION);
    let api = World::over(MemoryStore::new()).api;
    let clock = || Clock::new(9, bulk.prelude.now + 1);
    let many = Ask::rest(
        "/activation/status/update",
        &json!({ "activationIds": bulk.ids, "activationStatus": "BLOCKED" }),
    );
    // One of them is removed by somebody else: before, so that nothing happens, or after.
    let remove = Ask::rest("/activation/remove", &json!({ "activationId": bulk.ids[3] }));
    let (mut schedule, mut orders, mut refused) = (Some(Schedule::default()), 0, 0);
    while let Some(mut now) = schedule {
        let store = town.clone();
        let answers = interleave(&api, &store, &clock(), &[&many, &remove], &mut now);
        let states = bulk.states(&store);
        let others = if answers[0].status == 200 { Blocked } else { Active };
        refused += usize::from(answers[0].code() == "ERR0008");
        for (number, state) in states.iter().enumerate() {
            let expected = if number == 3 { Removed } else { others };
            assert_eq!(*state, expected, "{now:?}: {states:?}");
        }
        orders += 1;
        schedule = now.next();
    }
    assert!(refused > 0 && refused < orders, "{refused} of {orders}");
    let (mut done, mut histories) = (0, 0);
    for seed in 0..300 {
        let store = FaultyStore::new(town.clone(), seed, Faults::rough());
        let answers = interleave(&api, &store, &clock(), &[&many], &mut Schedule::thrown(seed));
        block_on(store.settle()).unwrap();
        let states = bulk.states(store.store());
        assert!(
            states.iter().all(|it| *it == states[0]),
            "seed {seed}: {states:?}"
        );
        assert!(answers[0].status != 200 || states[0] == Blocked, "seed {seed}");
        done += usize::from(states[0] == Blocked);
        histories += 1;
    }
    println!(
        "{orders} orders with a removal, refused in {refused}; {histories} histories with faults, done in {done}"
    );
}

/// What is overdue counts as removed, whoever notices: it cannot be overridden back to life.
#[test]
fn what_is_overdue_is_not_revived() {
    let mut prelude = Prelude::build(ProtocolVersion::V3_2, 0, |_| {});
    let application = prelude.application.clone();
    let mut id = String::new();
    prelude.extend(|world| {
        id = Phone::pending(world, &application, "joe", 60, &json!({})).id();
    });
    let set = |world: &World, status: &str| {
        let request = json!({ "activationIds": [id], "activationStatus": status });
        world.rest("/activation/status/update", &request).code()
    };
    for (late, expected) in [(0, ""), (300_001, "ERR0008")] {
        for status in ["ACTIVE", "BLOCKED"] {
            let world = World::with(
                engine(),
                std::sync::Arc::new(prelude.memory()),
                prelude_clock(&prelude),
            );
            world.host.advance(late);
            assert_eq!(set(&world, status), expected, "{status}, {late} ms later");
        }
    }
    let world = World::with(
        engine(),
        std::sync::Arc::new(prelude.memory()),
        prelude_clock(&prelude),
    );
    world.host.advance(300_001);
    assert_eq!(set(&world, "REMOVED"), "");
}

fn prelude_clock(prelude: &Prelude) -> Clock {
    Clock::new(70, prelude.now)
}
