//! Sealing keys are replaced while everything runs, and whatever dies meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use countersign::crypto::backend::RustCrypto;
use countersign::crypto::secret::Secret;
use countersign::crypto::version::ProtocolVersion;
use countersign::engine::rotation::{
    self, Caretaker, Keeper, KeeperError, LEARN_WITHIN, LocalKeeper, Progress, WorkError,
};
use countersign::engine::{Config, Engine, Keyring};
use countersign::store::lane::Lanes;
use countersign::store::{
    Answer as Got, Batch, Collection, Commit, Fut, Host, Input, MemoryStore, Operation, Query, Record, Step,
    Store, StoreError,
};
use pollster::block_on;
use serde_json::{Value, json};

use crate::support::keeper::{current, keeper, key};
use crate::support::{Answer, Ask, Clock, Factors, Phone, Prelude, Town, World};

/// A process: what it knows, and its API.
pub(super) struct Node {
    world: World,
    keyring: Keyring,
    keeper: Arc<dyn Keeper>,
    worker: u64,
    /// The clock of the caretaker: requests meanwhile must not seem to take the time that it waits.
    clock: Clock,
}

impl Node {
    pub(super) fn start(
        store: Arc<dyn Store>,
        clock: Clock,
        keeper: Arc<dyn Keeper>,
        worker: u64,
    ) -> Result<Self, WorkError> {
        let lanes = Lanes::new();
        let keyring = block_on(rotation::open(&*store, &lanes, &clock, &*keeper, vec![current()]))?;
        let mut engine = Engine::new(Config::default(), keyring.clone());
        engine.backend = &RustCrypto;
        Ok(Self {
            clock: Clock::new(worker, clock.now()),
            world: World::with(Arc::new(engine), store, clock),
            keyring,
            keeper,
            worker,
        })
    }

    fn caretaker(&self) -> Caretaker<'_> {
        Caretaker {
            keyring: &self.keyring,
            keeper: &*self.keeper,
            store: &*self.world.store,
            lanes: &self.world.lanes,
            host: &self.clock,
            worker: self.worker,
            learn_within: LEARN_WITHIN,
        }
    }

    fn admin(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.world.ask(&Ask {
            method: method.to_owned(),
            path: format!("/admin/master-key{path}"),
            headers: vec![("Content-Type", "application/json".to_owned())],
            body: body.to_string().into_bytes(),
        })
    }

    fn status(&self) -> Value {
        self.admin("GET", "", &json!({})).ok()
    }

    /// Does all that can be done, letting the time pass that it takes.
    fn work(&self) -> Result<(), WorkError> {
        loop {
            match block_on(self.caretaker().step())? {
                Progress::Done => {}
                Progress::Idle => return Ok(()),
                Progress::Later(milliseconds) => self.clock.advance(milliseconds),
            }
        }
    }

    pub(super) fn rotate(&self) -> Value {
        self.admin("POST", "/rotate", &json!({})).ok();
        self.work().unwrap();
        self.status()
    }
}

fn removable(status: &Value, key: u32) -> bool {
    let keys = status["keys"].as_array().unwrap();
    keys.iter().any(|it| it["key"] == key && it["removable"] == true)
}

#[test]
fn nothing_needs_the_old_key_afterwards() {
    let town = Town::build();
    let (mut asks, mut resealed) = (0, 0);
    for ask in &town.asks {
        let store = Arc::new(town.store());
        let node = Node::start(store.clone(), town.clock(), Arc::new(keeper()), 1).unwrap();
        assert_eq!(node.status()["phase"], "IDLE");
        node.admin("POST", "/rotate", &json!({})).ok();
        assert_eq!(node.status()["phase"], "ASKED");
        for refused in [1, 7, 8] {
            let answer = node.admin("POST", "/retire", &json!({ "key": refused }));
            assert_eq!(answer.status, 400, "{refused}");
        }
        let mut clock_moved = 0;
        loop {
            match block_on(node.caretaker().step()).unwrap() {
                Progress::Idle => break,
                Progress::Later(left) => {
                    node.clock.advance(left);
                    clock_moved += left;
                }
                Progress::Done => {}
            }
            if node.status()["phase"] != "IDLE" {
                assert_eq!(node.admin("POST", "/retire", &json!({ "key": 1 })).status, 400);
            }
        }
        assert_eq!(clock_moved, LEARN_WITHIN);
        let status = node.status();
        assert_eq!(
            (&status["current"], &status["unreadable"]),
            (&json!(7), &json!(0))
        );
        resealed = status["resealed"].as_u64().unwrap();
        assert!(removable(&status, 1) && !removable(&status, 7), "{status}");
        assert_eq!(node.admin("POST", "/retire", &json!({ "key": 7 })).status, 400);
        node.admin("POST", "/retire", &json!({ "key": 1 })).ok();

        // A process that never saw the old key, at the time at which the request was made.
        let sealed_before = [1, 0, 0, 0, 1];
        for record in store.records() {
            let collections = rotation::COLLECTIONS;
            let old = record.body.windows(5).any(|window| window == sealed_before);
            assert!(
                !old || !collections.contains(&record.key.collection),
                "{:?}",
                record.key
            );
        }
        let later = Node::start(store, town.clock(), Arc::new(keeper()), 2).unwrap();
        assert!(!later.keyring.knows(1));
        let answer = later.world.ask(ask);
        assert_eq!(
            answer.status,
            200,
            "{:?}: {}",
            ask.row(),
            String::from_utf8_lossy(&answer.body)
        );
        asks += 1;
    }
    println!("{asks} requests without the old key, {resealed} records sealed anew each time");
    assert!(asks >= 100 && resealed >= 15);
}

/// Signatures, tokens, new activations and new tokens, as fast as they go. Answers how many requests, and how
/// many errors.
fn load(
    node: &Node,
    prelude: &Prelude,
    number: usize,
    served: &AtomicUsize,
    stop: &AtomicBool,
) -> (usize, usize) {
    let (mut done, mut errors) = (0, 0);
    let mut phone = prelude.phone(number, 10 + u64::try_from(number).unwrap());
    let mut check = |right: bool| {
        done += 1;
        errors += usize::from(!right);
        served.fetch_add(1, Ordering::SeqCst);
    };
    for round in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        check(node.world.ask(&phone.login(Factors::Pin).ask()).valid());
        let presented = phone.present("login", node.world.now());
        check(node.world.rest("/token/validate", &presented).valid());
        let user = format!("new-{number}-{round}");
        let made = node.world.rest(
            "/activation/init",
            &json!({ "applicationId": "bank", "userId": user }),
        );
        check(made.status == 200);
        if round % 8 == 0 {
            let seed = 1_000 + u64::try_from(number * 10_000 + round).unwrap();
            let mut fresh = Phone::activate(&node.world, &prelude.application, &user, seed);
            check(node.world.ask(&fresh.login(Factors::Pin).ask()).valid());
            fresh.token(&node.world, "another", Factors::Pin);
        }
    }
    (done, errors)
}

const REQUESTS: usize = 400;

/// Answers rotations, requests meanwhile, and errors among them.
fn under_load(store: Arc<dyn Store>) -> (u32, usize, usize) {
    let prelude = bare(3);
    prelude.replay(&*store);
    let node = Node::start(store, clock_of(&prelude), Arc::new(keeper()), 1).unwrap();
    let (stop, served) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut rotations = 0;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..3)
            .map(|number| {
                let (node, stop, served, prelude) = (&node, &stop, &served, &prelude);
                scope.spawn(move || load(node, prelude, number, served, stop))
            })
            .collect();
        while rotations < 5 || served.load(Ordering::SeqCst) < REQUESTS {
            let status = node.rotate();
            rotations += 1;
            assert_eq!(
                (&status["current"], &status["unreadable"]),
                (&json!(rotations + 1), &json!(0))
            );
            node.admin("POST", "/retire", &json!({ "key": rotations })).ok();
            if threads.iter().any(std::thread::ScopedJoinHandle::is_finished) {
                break;
            }
        }
        stop.store(true, Ordering::SeqCst);
        let counts = threads.into_iter().map(|thread| thread.join().unwrap());
        let (done, errors) = counts.fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        (rotations, done, errors)
    })
}

#[test]
fn rotation_under_load_has_no_errors() {
    let (rotations, done, errors) = under_load(Arc::new(MemoryStore::new()));
    println!("memory: {done} requests during {rotations} rotations, {errors} errors");
    assert_eq!(errors, 0);
    assert!(done >= REQUESTS);
}

#[cfg(feature = "sqlite")]
#[test]
fn rotation_under_load_has_no_errors_on_sqlite() {
    let folder = std::env::temp_dir().join(format!("countersign-rotation-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let store = countersign::store::SqliteStore::open(folder.join("bank.sqlite")).unwrap();
    let (rotations, done, errors) = under_load(Arc::new(store));
    std::fs::remove_dir_all(&folder).unwrap();
    println!("SQLite: {done} requests during {rotations} rotations, {errors} errors");
    assert_eq!(errors, 0);
    assert!(done >= REQUESTS);
}

/// The process dies at a call of the store: the call is still done, or not, and nothing after it.
struct Mortal {
    store: Arc<MemoryStore>,
    left: AtomicUsize,
    last_is_done: bool,
}

impl Mortal {
    fn dies(&self) -> Option<bool> {
        let left = self.left.load(Ordering::SeqCst);
        self.left.store(left.saturating_sub(1), Ordering::SeqCst);
        match left {
            0 => Some(false),
            1 => Some(self.last_is_done),
            _ => None,
        }
    }
}

fn dead() -> StoreError {
    StoreError::Unknown("killed".into())
}

impl Store for Mortal {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Got>, StoreError>> {
        Box::pin(async move {
            match self.dies() {
                None => Ok(self.store.read_now(queries)),
                Some(_) => Err(dead()),
            }
        })
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move {
            match self.dies() {
                None => Ok(self.store.commit_now(batch)),
                Some(done) => {
                    if done {
                        self.store.commit_now(batch);
                    }
                    Err(dead())
                }
            }
        })
    }

    fn walk<'a>(
        &'a self,
        collection: Collection,
        after: Option<&'a str>,
        limit: u32,
    ) -> Fut<'a, Result<Vec<Record>, StoreError>> {
        Box::pin(async move {
            match self.dies() {
                None => Ok(self.store.walk_now(collection, after, limit)),
                Some(_) => Err(dead()),
            }
        })
    }
}

#[test]
fn a_rotation_killed_anywhere_goes_on() {
    let town = Town::build();
    let (mut kills, mut unreadable, mut records) = (0, 0, 0);
    for last_is_done in [false, true] {
        for n in 1.. {
            let store = Arc::new(town.store());
            Node::start(store.clone(), town.clock(), Arc::new(keeper()), 1)
                .unwrap()
                .admin("POST", "/rotate", &json!({}))
                .ok();
            // One process dies, the next one dies a little later, the third one finishes.
            let mut survived = true;
            for (worker, life) in [(2, n), (3, 40)] {
                let mortal = Mortal {
                    store: store.clone(),
                    left: AtomicUsize::new(life),
                    last_is_done,
                };
                let node = Node::start(Arc::new(mortal), town.clock(), Arc::new(keeper()), worker);
                let done = node.and_then(|node| node.work());
                survived &= worker != 2 || done.is_ok();
            }
            let last = Node::start(store.clone(), town.clock(), Arc::new(keeper()), 4).unwrap();
            last.clock.advance(60_000);
            last.work().unwrap();
            let status = last.status();
            assert_eq!(status["phase"], "IDLE", "call {n}: {status}");
            unreadable += status["unreadable"].as_u64().unwrap();
            records += status["seen"].as_u64().unwrap();
            assert_eq!(status["current"], 7, "call {n}");
            last.admin("POST", "/retire", &json!({ "key": 1 })).ok();
            let without = Node::start(store, town.clock(), Arc::new(keeper()), 5).unwrap();
            assert_eq!(without.rotate()["unreadable"], 0, "call {n}");
            if survived {
                break;
            }
            kills += 1;
        }
    }
    println!("{kills} kills, {records} rows, {unreadable} unreadable");
    assert_eq!(unreadable, 0);
    assert!(kills >= 100);
}

/// A process that decided before the switch commits nothing with the old key after it.
#[test]
fn what_was_decided_before_the_switch_is_decided_again() {
    let town = Town::build();
    let store = Arc::new(town.store());
    let node = Node::start(store.clone(), town.clock(), Arc::new(keeper()), 1).unwrap();
    let slow = Node::start(store.clone(), town.clock(), Arc::new(keeper()), 2).unwrap();
    node.admin("POST", "/rotate", &json!({})).ok();
    block_on(node.caretaker().step()).unwrap();
    // The other process learns the key in time.
    assert!(matches!(
        block_on(slow.caretaker().step()),
        Ok(Progress::Later(_))
    ));
    let user = json!({ "applicationId": "bank", "userId": "between" });
    let mut call = Ask::rest("/activation/init", &user).call(&slow.world.api);
    let (mut input, mut commits) = (Input::Start, 0);
    let answer: Answer = loop {
        input = match call.step(input, &*slow.world.host) {
            Step::Done(response) => break response.into(),
            Step::Read(queries) => Input::Answers(store.read_now(&queries)),
            Step::Commit(batch) => {
                if commits == 0 {
                    node.work().unwrap();
                    node.admin("POST", "/retire", &json!({ "key": 1 })).ok();
                }
                commits += 1;
                match store.commit_now(&batch) {
                    Commit::Applied => Input::Applied,
                    Commit::Conflict(current) => Input::Conflict(current),
                }
            }
        };
    };
    assert_eq!(commits, 2, "refused once");
    let id = answer.ok()["activationId"].clone();
    let fresh = Node::start(store, town.clock(), Arc::new(keeper()), 3).unwrap();
    assert!(!fresh.keyring.knows(1));
    assert_eq!(fresh.rotate()["unreadable"], 0);
    fresh
        .world
        .rest("/activation/status", &json!({ "activationId": id }))
        .ok();
}

/// Phones without keys in their store.
fn bare(phones: usize) -> Prelude {
    Prelude::build(ProtocolVersion::V3_2, phones, |_| {})
}

fn clock_of(prelude: &Prelude) -> Clock {
    Clock::new(5, prelude.now + 1)
}

/// A keeper in another house: counts, and is away when it should be.
#[derive(Default)]
struct Remote {
    away: AtomicBool,
    calls: AtomicU64,
}

impl Remote {
    fn answer<T>(&self, value: Option<T>) -> Result<T, KeeperError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if self.away.load(Ordering::SeqCst) {
            return Err(KeeperError::Unavailable("away".into()));
        }
        value.ok_or(KeeperError::Refused)
    }
}

const MASK: u8 = 0x5A;

impl Keeper for Remote {
    fn wrap<'a>(&'a self, id: u32, key: &'a Secret<32>) -> Fut<'a, Result<Vec<u8>, KeeperError>> {
        let mut wrapped = id.to_be_bytes().to_vec();
        wrapped.extend(key.as_bytes().iter().map(|byte| byte ^ MASK));
        Box::pin(async move { self.answer(Some(wrapped)) })
    }

    fn unwrap<'a>(&'a self, id: u32, wrapped: &'a [u8]) -> Fut<'a, Result<Secret<32>, KeeperError>> {
        let key = wrapped
            .strip_prefix(&id.to_be_bytes())
            .map(|rest| rest.iter().map(|byte| byte ^ MASK));
        let key = key.and_then(|bytes| Secret::from_slice(&bytes.collect::<Vec<_>>()));
        Box::pin(async move { self.answer(key) })
    }
}

#[test]
fn a_keeper_that_is_away_stops_only_the_rotation() {
    let town = bare(1);
    let store = Arc::new(town.memory());
    let remote = Arc::new(Remote::default());
    let node = Node::start(store.clone(), clock_of(&town), remote.clone(), 1).unwrap();
    let asked = remote.calls.load(Ordering::SeqCst);
    let verify = |node: &Node, phone: &mut Phone| node.world.ask(&phone.login(Factors::Pin).ask()).valid();
    let mut phone = town.phone(0, 5);
    assert!(verify(&node, &mut phone));
    assert_eq!(
        remote.calls.load(Ordering::SeqCst),
        asked,
        "no request asks the keeper"
    );

    remote.away.store(true, Ordering::SeqCst);
    let away = WorkError::Keeper(KeeperError::Unavailable("away".into()));
    node.admin("POST", "/rotate", &json!({})).ok();
    assert_eq!(node.work().unwrap_err(), away);
    assert_eq!(node.status()["phase"], "ASKED");
    assert!(verify(&node, &mut phone));
    let started = Node::start(store.clone(), clock_of(&town), remote.clone(), 2);
    assert_eq!(started.err().unwrap(), away);

    // Back again: the rotation goes on. Away once more between making a key and learning it.
    remote.away.store(false, Ordering::SeqCst);
    assert_eq!(block_on(node.caretaker().step()), Ok(Progress::Done));
    remote.away.store(true, Ordering::SeqCst);
    node.clock.advance(LEARN_WITHIN);
    assert_eq!(
        node.work().unwrap_err(),
        away,
        "nobody seals with a key that is not known here"
    );
    assert_eq!(node.status()["current"], 1);
    assert!(verify(&node, &mut phone));
    remote.away.store(false, Ordering::SeqCst);
    node.work().unwrap();
    assert_eq!(node.status()["current"], 2);
    assert!(verify(&node, &mut phone));

    // Another keeper, or the file of another installation.
    let other = Node::start(store, clock_of(&town), Arc::new(keeper()), 3);
    assert_eq!(other.err().unwrap(), WorkError::Keeper(KeeperError::Refused));
}

#[test]
fn a_new_master_key_wraps_anew() {
    let town = Town::build();
    let store = Arc::new(town.store());
    Node::start(store.clone(), town.clock(), Arc::new(keeper()), 1).unwrap();
    let host: Arc<dyn Host> = Arc::new(Clock::new(99, 0));
    let both = LocalKeeper::new(Keyring::new(key(10, 10), vec![key(9, 9)]), host.clone()).unwrap();
    let node = Node::start(store.clone(), town.clock(), Arc::new(both), 2).unwrap();
    node.work().unwrap();
    let only_new = LocalKeeper::new(Keyring::new(key(10, 10), vec![]), host).unwrap();
    let node = Node::start(store.clone(), town.clock(), Arc::new(only_new), 3).unwrap();
    assert!(node.world.ask(&town.phone().login(Factors::Pin).ask()).valid());
    let old = Node::start(store, town.clock(), Arc::new(keeper()), 4);
    assert_eq!(old.err().unwrap(), WorkError::Keeper(KeeperError::Refused));
}

/// Keys that the host gives are the host's to replace.
#[test]
fn keys_of_the_host_are_not_touched() {
    let world = World::over(MemoryStore::new());
    let ask = |method: &str, path: &str| Ask {
        method: method.to_owned(),
        path: format!("/admin/master-key{path}"),
        headers: vec![("Content-Type", "application/json".to_owned())],
        body: b"{\"key\":1}".to_vec(),
    };
    for (method, path) in [("GET", ""), ("POST", "/rotate"), ("POST", "/retire")] {
        assert_eq!(world.ask(&ask(method, path)).status, 400, "{method} {path}");
    }
}
