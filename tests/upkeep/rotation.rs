//! Sealing keys are replaced while everything runs, and whatever dies meanwhile.

mod interrupted;
mod keepers;

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

/// Phones without keys in their store.
fn bare(phones: usize) -> Prelude {
    Prelude::build(ProtocolVersion::V3_2, phones, |_| {})
}

fn clock_of(prelude: &Prelude) -> Clock {
    Clock::new(5, prelude.now + 1)
}
