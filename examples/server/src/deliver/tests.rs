//! Deliveries to receivers on this machine, on the test's clock.

mod oauth2;
mod receiver;
mod tls;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use countersign::engine::callback::outbox;
use countersign::model::callback::{CallbackEvent, EventState};
use countersign::store::{Answer, Collection, Entity, Key, MemoryStore, Query, SqliteStore, Store};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::receiver::{Receiver, Reply};
use super::Courier;
use super::options::CallbackOptions;
use crate::service::Service;
use crate::testing::{Steered, ask, service};

const APP: &str = "app";
/// Nothing in these tests takes that long unless it never ends.
const LONG: Duration = Duration::from_secs(20);
const HOUR: u64 = 3_600_000;

fn options() -> CallbackOptions {
    CallbackOptions {
        callback_network: vec!["127.0.0.1".parse().unwrap()],
        callback_host: Vec::new(),
        callback_https_only: false,
        callback_stores: None,
        callback_timeout: Duration::from_secs(10),
        callback_receivers: 8,
        no_callbacks: false,
    }
}

/// One process: a server, its courier, and how it is stopped.
struct Node {
    service: Arc<Service>,
    host: Arc<Steered>,
    courier: Arc<Courier>,
    stop: watch::Sender<bool>,
}

impl Node {
    fn new(store: Arc<dyn Store>, host: &Arc<Steered>, options: &CallbackOptions) -> Self {
        let service = service(store);
        let (stop, stopping) = watch::channel(false);
        let clock: Arc<dyn countersign::store::Host> = Arc::clone(host) as _;
        let mut courier = Courier::new(&service, clock, options, stopping).unwrap();
        // Whatever is noticed is noticed because somebody told.
        let inner = Arc::get_mut(&mut courier).unwrap();
        inner.poll = LONG * 10;
        inner.last_words = Duration::from_millis(20);
        Self {
            service,
            host: Arc::clone(host),
            courier,
            stop,
        }
    }

    fn in_memory(options: &CallbackOptions) -> Self {
        Self::new(Arc::new(MemoryStore::new()), &Steered::new(), options)
    }

    fn on(file: &Path, host: &Arc<Steered>) -> Self {
        Self::new(Arc::new(SqliteStore::open(file).unwrap()), host, &options())
    }

    async fn ask(&self, path: &str, object: Value) -> Value {
        ask(&self.service, &*self.host, path, object).await
    }

    async fn application(&self) {
        self.ask("application/create", json!({ "applicationId": APP }))
            .await;
    }

    /// The id of a new callback URL.
    async fn url(&self, name: &str, url: &str, authentication: Value) -> String {
        let request = json!({
            "applicationId": APP, "name": name, "type": "ACTIVATION_STATUS_CHANGE", "callbackUrl": url,
            "attributes": ["userId"], "authentication": authentication
        });
        let created = self.ask("application/callback/create", request).await;
        created["id"].as_str().unwrap().to_owned()
    }

    /// New activations, a millisecond apart, each with an event for each URL.
    async fn changes(&self, count: usize) {
        for number in 0..count {
            let user = format!("user-{number}");
            self.ask("activation/init", json!({ "applicationId": APP, "userId": user }))
                .await;
            self.host.advance(1);
        }
    }

    /// Delivers what is due and waits until nobody works any more.
    async fn round(&self) {
        let mut tasks = JoinSet::new();
        self.courier.start(&mut tasks).await;
        tokio::time::timeout(LONG, tasks.join_all()).await.unwrap();
    }

    async fn event(&self, id: &str) -> CallbackEvent {
        let key = Key::new(Collection("event"), id);
        let answers = self.service.connection.store.read(&[Query::Get(key)]).await;
        match answers.unwrap().pop() {
            Some(Answer::Record(Some(record))) => CallbackEvent::decode(&record.body).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    async fn waiting(&self) -> u64 {
        let backlog = self.service.decide(&*self.host, outbox::backlog).await;
        backlog.unwrap().events
    }

    fn counts(&self) -> (u64, u64, u64) {
        let counts = &self.service.metrics.callbacks;
        let of = |it: &std::sync::atomic::AtomicU64| it.load(Ordering::Relaxed);
        (of(&counts.delivered), of(&counts.failed), of(&counts.given_up))
    }
}

/// How often each event arrived.
fn arrivals(receiver: &Receiver) -> BTreeMap<String, usize> {
    let mut arrivals = BTreeMap::new();
    for call in receiver.calls() {
        *arrivals.entry(call.key).or_default() += 1;
    }
    arrivals
}

#[tokio::test(flavor = "multi_thread")]
async fn each_event_arrives_once_and_in_order() {
    let node = Node::in_memory(&options());
    let receiver = Receiver::start(|_| Reply::Status(200)).await;
    node.application().await;
    let basic = json!({ "httpBasic": { "enabled": true, "username": "u", "password": "p" } });
    node.url("cb", &receiver.url("/a?b=c"), basic).await;
    node.changes(50).await;
    node.round().await;
    node.round().await;
    let calls = receiver.calls();
    let users: Vec<_> = calls.iter().map(|it| it.body["userId"].clone()).collect();
    let expected: Vec<_> = (0..50).map(|number| json!(format!("user-{number}"))).collect();
    assert_eq!(users, expected);
    for call in &calls {
        assert_eq!((call.method.as_str(), call.path.as_str()), ("POST", "/a?b=c"));
        assert_eq!(call.header("content-type"), "application/json");
        assert_eq!(call.header("accept"), "application/json");
        assert_eq!(call.header("authorization"), "Basic dTpw");
        assert_eq!(call.header("host"), receiver.address().to_string());
    }
    assert_eq!(arrivals(&receiver).len(), 50);
    assert!(receiver.connections() <= 4, "{}", receiver.connections());
    assert_eq!((node.counts(), node.waiting().await), ((50, 0, 0), 0));
    println!("50 events over {} connections", receiver.connections());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_in_trouble_is_tried_again_with_the_same_key() {
    for trouble in [Reply::Status(500), Reply::Status(429), Reply::Hang, Reply::Close] {
        let mut options = options();
        if trouble == Reply::Hang {
            options.callback_timeout = Duration::from_millis(50);
        }
        let node = Node::in_memory(&options);
        let sick = trouble;
        let receiver =
            Receiver::start(move |number| if number < 3 { sick } else { Reply::Status(204) }).await;
        node.application().await;
        node.url("cb", &receiver.url("/"), Value::Null).await;
        node.changes(3).await;
        let mut rounds = 0;
        while node.waiting().await > 0 {
            node.round().await;
            let before = receiver.calls().len();
            node.round().await;
            assert_eq!(receiver.calls().len(), before, "it rests");
            node.host.advance(10_000);
            rounds += 1;
            assert!(rounds < 10, "{trouble:?}");
        }
        let mut bodies = BTreeMap::new();
        for call in receiver.calls() {
            let body = bodies.entry(call.key).or_insert_with(|| call.body.clone());
            assert_eq!(*body, call.body);
        }
        assert_eq!(bodies.len(), 3);
        assert_eq!(receiver.calls().len(), 6, "{trouble:?}: one attempt per round");
        assert_eq!(node.counts(), (3, 3, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_event_holds_up_no_other_and_is_given_up_in_the_end() {
    let node = Node::in_memory(&options());
    let elsewhere = Receiver::start(|_| Reply::Status(200)).await;
    let there = elsewhere.url("/secret");
    let receiver = Receiver::start_with(move |call| match call.body["userId"].as_str() {
        Some("user-0") => Reply::Status(400),
        Some("user-1") => Reply::Redirect,
        _ => Reply::Status(200),
    })
    .await;
    receiver.redirect_to(&there);
    node.application().await;
    let url = node.url("cb", &receiver.url("/"), Value::Null).await;
    node.changes(5).await;
    node.round().await;
    assert_eq!((node.counts(), node.waiting().await), ((3, 2, 0), 2));
    for _ in 0..40 {
        node.host.advance(2 * HOUR);
        node.round().await;
    }
    assert_eq!((node.counts(), node.waiting().await), ((3, 48, 2), 0));
    assert_eq!(elsewhere.calls().len(), 0, "a redirect was followed");
    let dead = node
        .service
        .decide(&*node.host, |engine, tx| outbox::given_up(engine, tx, &url, 10))
        .await
        .unwrap();
    let users: HashSet<bool> = dead.iter().map(|it| it.body.contains("user-0")).collect();
    assert_eq!((dead.len(), users.len()), (2, 2));
    assert!(
        dead.iter()
            .all(|it| it.attempts == 24 && it.state == EventState::Dead)
    );
    println!("{} calls, 2 given up", receiver.calls().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_on_one_database_never_send_the_same_event() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("db.sqlite");
    let host = Steered::new();
    let nodes = [Node::on(&file, &host), Node::on(&file, &host)];
    let receivers = [
        Receiver::start(|_| Reply::Status(200)).await,
        Receiver::start(|_| Reply::Status(200)).await,
    ];
    nodes[0].application().await;
    for (number, receiver) in receivers.iter().enumerate() {
        let name = format!("cb-{number}");
        nodes[0].url(&name, &receiver.url("/"), Value::Null).await;
    }
    nodes[0].changes(100).await;
    tokio::join!(nodes[0].round(), nodes[1].round());
    for receiver in &receivers {
        let arrivals = arrivals(receiver);
        assert_eq!(arrivals.len(), 100);
        assert!(arrivals.values().all(|count| *count == 1), "{arrivals:?}");
    }
    let shares = nodes.each_ref().map(|node| node.counts().0);
    assert_eq!(shares.iter().sum::<u64>(), 200);
    println!("200 events, by node {shares:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_worker_is_taken_over_after_its_lease() {
    let node = Node::in_memory(&options());
    let receiver = Receiver::start(|_| Reply::Status(200)).await;
    node.application().await;
    node.url("cb", &receiver.url("/"), Value::Null).await;
    node.changes(3).await;
    let waiting = node.service.decide(&*node.host, outbox::waiting).await.unwrap();
    // Somebody leases, and is never heard of again.
    let leased = node
        .service
        .decide(&*node.host, |engine, tx| {
            outbox::lease(engine, tx, &waiting[0], 2, 60_000)
        })
        .await
        .unwrap();
    assert_eq!(leased.len(), 2);
    node.round().await;
    assert_eq!(receiver.calls().len(), 1);
    node.host.advance(59_999);
    node.round().await;
    assert_eq!(receiver.calls().len(), 1);
    node.host.advance(1);
    node.round().await;
    let arrivals = arrivals(&receiver);
    assert_eq!(arrivals.len(), 3);
    for delivery in &leased {
        assert_eq!(arrivals[&delivery.event], 1);
        assert_eq!(node.event(&delivery.event).await.attempts, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_receiver_holds_up_nobody_and_its_event_is_given_back() {
    let node = Node::in_memory(&options());
    let slow = Receiver::start(|_| Reply::Hang).await;
    let quick = Receiver::start(|_| Reply::Status(200)).await;
    node.application().await;
    node.url("a-slow", &slow.url("/"), Value::Null).await;
    node.url("b-quick", &quick.url("/"), Value::Null).await;
    let run = tokio::spawn(Arc::clone(&node.courier).run());
    // Woken by the changes alone: the poll is too far away.
    node.changes(20).await;
    quick.wait_for(20).await;
    slow.wait_for(1).await;
    assert_eq!(arrivals(&quick).len(), 20);
    assert_eq!(slow.calls().len(), 1, "one at a time");
    node.stop.send(true).unwrap();
    tokio::time::timeout(LONG, run).await.unwrap().unwrap();
    let event = node.event(&slow.calls()[0].key).await;
    assert_eq!((event.state, event.attempts), (EventState::Pending, 0));
    assert!(event.due <= node.courier.host.now());
    assert_eq!(node.waiting().await, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("db.sqlite");
    let host = Steered::new();
    let receiver = Receiver::start(|_| Reply::Status(200)).await;
    let first = Node::on(&file, &host);
    first.application().await;
    for name in ["a", "b", "c"] {
        first.url(name, &receiver.url("/"), Value::Null).await;
    }
    first.changes(60).await;
    let run = tokio::spawn(Arc::clone(&first.courier).run());
    receiver.wait_for(20).await;
    first.stop.send(true).unwrap();
    tokio::time::timeout(LONG, run).await.unwrap().unwrap();
    let sent = first.counts().0;
    drop(first);
    // The next process has all that is left at once: no lease to wait for.
    let second = Node::on(&file, &host);
    second.round().await;
    let arrivals = arrivals(&receiver);
    assert_eq!(arrivals.len(), 180);
    let twice = arrivals.values().filter(|count| **count > 1).count();
    assert!(twice <= 3, "more than what was under way: {twice}");
    assert_eq!(sent + second.counts().0, 180);
    println!("180 events, {sent} before the stop, {twice} sent twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_are_not_listed_are_not_connected_to() {
    let receiver = Receiver::start(|_| Reply::Status(200)).await;
    let port = receiver.address().port();
    let hosts = [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "127.1",
        "0177.0.0.1",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
    ];
    let mut default = options();
    default.callback_network = vec!["public".parse().unwrap()];
    let mut other_name = options();
    other_name.callback_host = vec!["bank.example".to_owned()];
    let mut only_https = options();
    only_https.callback_https_only = true;
    for options in [default, other_name, only_https] {
        let node = Node::in_memory(&options);
        node.application().await;
        for (number, host) in hosts.iter().enumerate() {
            let url = format!("http://{host}:{port}/");
            node.url(&format!("cb-{number}"), &url, Value::Null).await;
        }
        node.changes(1).await;
        node.round().await;
        assert_eq!(node.counts(), (0, 8, 0));
    }
    assert_eq!(receiver.connections(), 0);
    // The same receiver is called when its network is listed.
    let node = Node::in_memory(&options());
    node.application().await;
    node.url("cb", &receiver.url("/"), Value::Null).await;
    node.changes(1).await;
    node.round().await;
    assert_eq!(receiver.connections(), 1);
    println!("{} ways to say 127.0.0.1", hosts.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_any_length_are_answers() {
    let node = Node::in_memory(&options());
    let receiver = Receiver::start(|_| Reply::Endless).await;
    node.application().await;
    node.url("cb", &receiver.url("/"), Value::Null).await;
    node.changes(3).await;
    node.round().await;
    assert_eq!(node.counts(), (3, 0, 0));
    assert!(receiver.sent() < 32 << 20, "{}", receiver.sent());
    println!("{} bytes of answers were sent", receiver.sent());
}
