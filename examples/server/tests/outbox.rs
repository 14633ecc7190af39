//! The server is killed (kill -9) while it commits changes and tells of them, again and again, on one SQLite file. In the
//! end, each committed change has exactly one event at the receiver of callbacks and one push message at the platform:
//! either may have arrived several times, with the same id, and nothing arrived that was not committed.
//!
//! 3 loops; `cargo xtask outbox --loops N` runs N.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "the tests inside the server use all of it")]
#[path = "../src/push/tests/platform.rs"]
mod platform;
mod support;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use countersign::client::PushRegistration;
use countersign::model::callback::{CallbackEvent, EVENT, EventState};
use countersign::model::operation::{OPERATION, Operation};
use countersign::model::push_message::{PUSH_MESSAGE, PushMessage};
use countersign::store::{Collection, Entity, SqliteStore, Store};
use platform::{Platform, Say};
use serde_json::{Value, json};
use support::phone::{Phone, SystemRandom, send};
use support::{Auth, Files, Server, basic, files};

const APPLICATION: &str = "bank";
const USER: &str = "user";
const CREATORS: usize = 3;
/// Nothing takes that long unless it never ends.
const LONG: Duration = Duration::from_secs(60);

fn tls_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls")
}

/// What arrived: ids by what they are about, and how often each arrived.
#[derive(Default)]
struct Arrivals {
    about: BTreeMap<String, BTreeSet<String>>,
    counts: HashMap<String, usize>,
}

impl Arrivals {
    fn note(&mut self, about: &str, id: &str) {
        self.about
            .entry(about.to_owned())
            .or_default()
            .insert(id.to_owned());
        *self.counts.entry(id.to_owned()).or_default() += 1;
    }

    fn repeated(&self) -> usize {
        self.counts.values().filter(|count| **count > 1).count()
    }

    /// Exactly one id about each of these, and nothing about anything else.
    fn check(&self, name: &str, committed: &BTreeSet<String>) {
        for about in committed {
            let ids = self.about.get(about).map_or(0, BTreeSet::len);
            assert_eq!(ids, 1, "{name}: ids about {about}");
        }
        for about in self.about.keys() {
            assert!(committed.contains(about), "{name}: {about} was never committed");
        }
        let ids: usize = self.about.values().map(BTreeSet::len).sum();
        assert_eq!(ids, self.counts.len(), "{name}: an id for two things");
    }
}

/// Takes callbacks and answers 200, on any number of connections.
fn receiver() -> (SocketAddr, Arc<Mutex<Arrivals>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let arrivals = Arc::new(Mutex::new(Arrivals::default()));
    let shared = Arc::clone(&arrivals);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let arrivals = Arc::clone(&shared);
            std::thread::spawn(move || _ = take(stream, &arrivals));
        }
    });
    (address, arrivals)
}

/// An error when the server was killed in the middle of a call: what it did not send whole, it sends again.
fn take(stream: TcpStream, arrivals: &Mutex<Arrivals>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while reader.read_line(&mut head)? > 2 {}
        let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
        let Some(length) = header("content-length: ") else {
            return Ok(());
        };
        let mut body = vec![0; length.parse().unwrap()];
        reader.read_exact(&mut body)?;
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["status"], "PENDING");
        let id = header("idempotency-key: ").unwrap();
        arrivals
            .lock()
            .unwrap()
            .note(body["operationId"].as_str().unwrap(), id);
        reader
            .get_mut()
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")?;
    }
}

/// A POST without envelope; an error when the server did not answer.
fn post(server: &Server, auth: &Auth, path: &str, body: &Value) -> Result<(u16, Value), ureq::Error> {
    let request = server
        .agent
        .post(server.url(path))
        .header("content-type", "application/json");
    let mut response = request
        .header("authorization", basic(auth))
        .send(body.to_string())?;
    let text = response.body_mut().read_to_string()?;
    Ok((
        response.status().as_u16(),
        serde_json::from_str(&text).unwrap_or(Value::Null),
    ))
}

/// What was answered with success, and how many requests were not answered.
#[derive(Default)]
struct Told {
    operations: BTreeSet<String>,
    messages: BTreeSet<String>,
    unanswered: usize,
}

/// Operations and messages are created until the server is gone.
fn load(server: Server, auth: &Auth, back_end: &Auth, told: &Mutex<Told>, after: Duration, number: u64) {
    std::thread::scope(|scope| {
        let server = &server;
        for _ in 0..CREATORS {
            scope.spawn(move || {
                let create = json!({
                    "userId": USER, "applications": [APPLICATION], "templateName": "login", "parameters": {}
                });
                loop {
                    match server.try_post("/rest/v3/operation/create", Some(auth), &create) {
                        Ok((200, body)) => {
                            let id = body["responseObject"]["id"].as_str().unwrap().to_owned();
                            told.lock().unwrap().operations.insert(id);
                        }
                        Ok((503, _)) | Err(_) => return told.lock().unwrap().unanswered += 1,
                        Ok(other) => panic!("{other:?}"),
                    }
                }
            });
        }
        scope.spawn(move || {
            for count in 0.. {
                let name = format!("message-{number}-{count}");
                let message = json!({ "userId": USER, "silent": true, "extras": { "about": name } });
                match post(server, back_end, "/v2/messages/send", &message) {
                    Ok((200, _)) => _ = told.lock().unwrap().messages.insert(name),
                    Ok((503, _)) | Err(_) => return told.lock().unwrap().unanswered += 1,
                    Ok(other) => panic!("{other:?}"),
                }
            }
        });
        std::thread::sleep(after);
        server.signal(rustix::process::Signal::KILL);
    });
    server.kill();
}

/// All records of a collection.
fn records<R: Entity>(store: &SqliteStore, collection: Collection) -> Vec<R> {
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = pollster::block_on(store.walk(collection, after.as_deref(), 500)).unwrap();
        let Some(last) = page.last() else { return all };
        after = Some(last.key.id.clone());
        all.extend(page.iter().map(|it| R::decode(&it.body).unwrap()));
    }
}

/// Application, callback, credentials, template and a phone. Answers the credentials of the application.
fn prepare(server: &Server, files: &Files, callback: SocketAddr) -> Auth {
    let (auth, administrator) = (files.integration(), files.administrator());
    let admin = |path: &str, body: &Value| {
        let (status, answer) = post(server, &administrator, path, body).unwrap();
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    };
    let made = admin("/admin/applications", &json!({ "id": APPLICATION }));
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    admin(
        "/admin/applications/settings",
        &json!({ "id": APPLICATION, "operationPush": true }),
    );
    let credentials = json!({
        "applicationId": APPLICATION, "platform": "apns", "environment": "production", "teamId": "TEAM123456",
        "keyId": "KEY1234567", "topic": "example.bank.app",
        "privateKey": include_str!("../../../tests/support/push/apns.pem"),
    });
    admin("/admin/push-credentials", &credentials);
    let url = json!({
        "applicationId": APPLICATION, "name": "cb", "type": "OPERATION_STATUS_CHANGE",
        "callbackUrl": format!("http://{callback}/hook"), "attributes": ["userId", "status"],
    });
    server.ok("/rest/v3/application/callback/create", &auth, &url);
    let template = json!({
        "templateName": "login", "operationType": "login", "dataTemplate": "A2",
        "signatureType": ["POSSESSION_KNOWLEDGE"], "maxFailureCount": 5, "expiration": 86_400,
    });
    server.ok("/rest/v3/operation/template/create", &auth, &template);
    let mut phone = Phone::activate(server, &auth, APPLICATION, USER);
    let registration = PushRegistration {
        platform: "ios",
        token: "5ec7e7d0",
        environment: None,
    };
    let call = phone
        .device
        .register_push_signed(&registration, &mut SystemRandom)
        .unwrap()
        .assume_saved();
    assert_eq!(send(server, &call.request).0, 200);
    (text("username"), text("password"))
}

/// What the platform got: about operations, and about other messages.
fn pushed(apns: &Platform) -> (Arrivals, Arrivals) {
    let (mut operations, mut messages) = (Arrivals::default(), Arrivals::default());
    for call in apns.calls() {
        let id = call.header("apns-id");
        match call.body["operationId"].as_str() {
            Some(operation) => operations.note(operation, id),
            None => messages.note(call.body["about"].as_str().unwrap(), id),
        }
    }
    (operations, messages)
}

#[test]
fn each_committed_change_has_one_event_and_one_message() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let loops = number("COUNTERSIGN_OUTBOX_LOOPS").unwrap_or(3);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let apns = runtime.block_on(Platform::start(|_, _| Say::Answer(200, "")));
    let (callback, events) = receiver();
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let (apns_url, trust) = (apns.url(), tls_folder().join("authority.pem"));
    // Leases are a few times as long as these, and are waited for in the end.
    let options = [
        "--log-level",
        "trace",
        "--callback-network",
        "127.0.0.0/8",
        "--callback-timeout",
        "1",
        "--push-timeout",
        "1",
        "--push-apns",
        &apns_url,
        "--push-trust",
        trust.to_str().unwrap(),
    ];
    let quiet: Vec<&str> = options
        .iter()
        .map(|it| if *it == "trace" { "warn" } else { it })
        .collect();
    let mut server = Server::start(&files, &quiet);
    let back_end = prepare(&server, &files, callback);
    let auth = files.integration();
    let told = Mutex::new(Told::default());
    for number in 0..loops {
        let mut random = [0; 1];
        getrandom::fill(&mut random).unwrap();
        let after = Duration::from_millis(50 + u64::from(random[0]));
        load(server, &auth, &back_end, &told, after, number);
        server = Server::start(&files, if number + 1 == loops { &options } else { &quiet });
    }

    // Whatever was leased when the server was killed is due again after its lease.
    let store = SqliteStore::open(files.database()).unwrap();
    let deadline = Instant::now() + LONG;
    let (stored_events, stored_messages) = loop {
        let events: Vec<CallbackEvent> = records(&store, EVENT);
        let messages: Vec<PushMessage> = records(&store, PUSH_MESSAGE);
        let mut states = events
            .iter()
            .map(|it| it.state)
            .chain(messages.iter().map(|it| it.state));
        if states.all(|state| state == EventState::Delivered) {
            break (events, messages);
        }
        assert!(Instant::now() < deadline, "something was never delivered");
        std::thread::sleep(Duration::from_millis(100));
    };
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));

    let told = told.into_inner().unwrap();
    let stored: Vec<Operation> = records(&store, OPERATION);
    let committed: BTreeSet<String> = stored.into_iter().map(|it| it.id).collect();
    assert!(
        told.operations.is_subset(&committed),
        "an acknowledged operation is gone"
    );
    let (operations, messages) = pushed(&apns);
    let events = events.lock().unwrap();
    events.check("callbacks", &committed);
    operations.check("push messages", &committed);
    let arrived: BTreeSet<String> = messages.about.keys().cloned().collect();
    assert!(
        told.messages.is_subset(&arrived),
        "an acknowledged message never arrived"
    );
    messages.check("messages", &arrived);
    // The ids are those of the records, and there is a record for each.
    let ids = |arrivals: &[&Arrivals]| {
        let ids = arrivals.iter().flat_map(|it| it.counts.keys());
        ids.cloned().collect::<BTreeSet<String>>()
    };
    let known: BTreeSet<String> = stored_events.into_iter().map(|it| it.id).collect();
    assert_eq!(ids(&[&events]), known);
    let known: BTreeSet<String> = stored_messages.into_iter().map(|it| it.id).collect();
    assert_eq!(ids(&[&operations, &messages]), known);
    for secret in ["5ec7e7d0", "bearer", "PRIVATE", "message-"] {
        assert!(!log.contains(secret), "{secret} in the log");
    }
    println!(
        "{loops} kills: {} operations and {} messages acknowledged, {} requests without an answer; {} operations and {} \
         messages committed, each told with one id; ids that arrived more than once: {} of callbacks, {} of push messages",
        told.operations.len(),
        told.messages.len(),
        told.unanswered,
        committed.len(),
        arrived.len(),
        events.repeated(),
        operations.repeated() + messages.repeated(),
    );
    assert!(
        told.operations.len() > usize::try_from(loops).unwrap() && !told.messages.is_empty(),
        "there was no load"
    );
}
