//! Who wraps the keys: a keeper in another house, a new master key, a host with keys of its own.

use super::*;

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
