//! Whoever replaces keys dies, or others do not know of it yet.

use super::*;

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
