//! A server in memory, and what tests look at.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use countersign::api::{Api, Request};
use countersign::crypto::secret::Secret;
use countersign::engine::{Config, Engine, Keyring, Outcome, SealingKey, journal};
use countersign::model::callback::{CallbackEvent, EventState};
use countersign::model::journal::{Entry, Event, Note, Subject};
use countersign::model::operation::Operation as OperationRecord;
use countersign::store::{
    Answer, Commit, Entity, EntropyError, Host, Input, Key, Machine, MemoryStore, Operation, Query, Step, Tx,
};
use serde_json::{Value, json};

pub(super) const START: u64 = 1_700_000_000_000;
pub(super) const APP: &str = "app";
pub(super) const OTHER_APP: &str = "other-app";
pub(super) const USER: &str = "user";
pub(super) const TEMPLATE: &str = "payment";
pub(super) const DATA: &str = "A1*A100CZK*IX";

/// A clock of the test's, and a generator that repeats itself in the next run.
#[derive(Debug)]
pub(super) struct Still {
    now: AtomicU64,
    drawn: AtomicU64,
}

impl Still {
    pub(super) fn at(now: u64, seed: u64) -> Self {
        Self {
            now: AtomicU64::new(now),
            drawn: AtomicU64::new(seed << 32),
        }
    }

    pub(super) fn set(&self, now: u64) {
        self.now.store(now, Ordering::Relaxed);
    }
}

impl Host for Still {
    fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in out.chunks_mut(8) {
            // SplitMix64.
            let mut z = self
                .drawn
                .fetch_add(1, Ordering::Relaxed)
                .wrapping_mul(0x9E37_79B9_7F4A_7C15);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_be_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// One store interaction of an operation.
pub(super) fn answer<R>(store: &MemoryStore, step: Step<R>) -> Result<Input, R> {
    match step {
        Step::Read(queries) => Ok(Input::Answers(store.read_now(&queries))),
        Step::Commit(batch) => Ok(match store.commit_now(&batch) {
            Commit::Applied => Input::Applied,
            Commit::Conflict(current) => Input::Conflict(current),
        }),
        Step::Done(reply) => Err(reply),
    }
}

pub(super) struct World {
    pub(super) store: MemoryStore,
    pub(super) host: Still,
    pub(super) engine: Arc<Engine>,
    pub(super) api: Api,
}

impl World {
    /// No application, no template.
    pub(super) fn empty() -> Self {
        let key = SealingKey {
            id: 1,
            key: Secret::from_bytes([7; 32]),
        };
        let engine = Arc::new(Engine::new(Config::default(), Keyring::new(key, Vec::new())));
        Self {
            store: MemoryStore::new(),
            host: Still::at(START, 1),
            api: Api::new(Arc::clone(&engine)).open_to_anybody(),
            engine,
        }
    }

    /// Two applications, each with a callback URL for operations, and a template.
    pub(super) fn new() -> Self {
        let world = Self::empty();
        for app in [APP, OTHER_APP] {
            world.ok("application/create", json!({ "applicationId": app }));
            world.callback(app, &["status", "failureCount", "userId", "additionalData"]);
        }
        world.template(json!({}));
        world
    }

    pub(super) fn callback(&self, app: &str, attributes: &[&str]) -> String {
        let created = self.ok(
            "application/callback/create",
            json!({
                "applicationId": app, "name": "cb", "type": "OPERATION_STATUS_CHANGE",
                "callbackUrl": "https://bank.example/cb", "attributes": attributes
            }),
        );
        text(&created, "id")
    }

    /// The usual template with some attributes changed.
    pub(super) fn template(&self, changes: Value) -> Value {
        let request = merged(template_request(TEMPLATE), changes);
        self.ok("operation/template/create", request)
    }

    /// Answers one request: HTTP status and body.
    pub(super) fn call(&self, path: &str, object: &Value) -> (u16, Value) {
        let body = json!({ "requestObject": object }).to_string();
        self.raw(path, body.as_bytes())
    }

    pub(super) fn raw(&self, path: &str, body: &[u8]) -> (u16, Value) {
        let mut call = self.prepare(path, body);
        let response = self.drive(&mut call, &self.host);
        (response.status, serde_json::from_slice(&response.body).unwrap())
    }

    pub(super) fn prepare(&self, path: &str, body: &[u8]) -> countersign::api::Call {
        self.api.call(&Request {
            method: "POST",
            path: &format!("/rest/v3/{path}"),
            query: None,
            headers: &[("content-type", "application/json")],
            body,
            peer: None,
        })
    }

    pub(super) fn drive<O: Operation + ?Sized>(&self, operation: &mut O, host: &dyn Host) -> O::Reply {
        let mut input = Input::Start;
        loop {
            match answer(&self.store, operation.step(input, host)) {
                Ok(next) => input = next,
                Err(reply) => return reply,
            }
        }
    }

    /// Runs a decision that no endpoint has.
    pub(super) fn decide<T>(&self, decide: impl Fn(&Engine, &mut Tx<'_>) -> Outcome<T>) -> T {
        let mut machine = Machine::new(None, |tx: &mut Tx<'_>| decide(&self.engine, tx));
        match self.drive(&mut machine, &self.host) {
            Ok(reply) => reply,
            Err(failure) => panic!("{failure:?}"),
        }
    }

    /// The answer's object; anything but success fails the test.
    #[track_caller]
    pub(super) fn ok(&self, path: &str, object: Value) -> Value {
        let (status, mut body) = self.call(path, &object);
        assert_eq!(
            (status, &body["status"]),
            (200, &json!("OK")),
            "{path} {object}: {body}"
        );
        body["responseObject"].take()
    }

    /// The error code; success fails the test.
    #[track_caller]
    pub(super) fn code(&self, path: &str, object: Value) -> String {
        let (status, body) = self.call(path, &object);
        assert_eq!(
            (status, &body["status"]),
            (400, &json!("ERROR")),
            "{path} {object}: {body}"
        );
        text(&body["responseObject"], "code")
    }

    /// A new operation with some attributes changed.
    #[track_caller]
    pub(super) fn create(&self, changes: Value) -> Value {
        self.ok("operation/create", creation(changes))
    }

    #[track_caller]
    pub(super) fn new_id(&self, changes: Value) -> String {
        text(&self.create(changes), "id")
    }

    #[track_caller]
    pub(super) fn detail(&self, id: &str) -> Value {
        self.ok("operation/detail", json!({ "operationId": id }))
    }

    pub(super) fn get<R: Entity>(&self, id: &str) -> Option<R> {
        match self
            .store
            .read_now(&[Query::Get(Key::new(R::COLLECTION, id))])
            .pop()
        {
            Some(Answer::Record(record)) => record.map(|it| R::decode(&it.body).unwrap()),
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn record(&self, id: &str) -> OperationRecord {
        self.get(id).unwrap()
    }

    /// Notes of an operation's journal, after checking its chain from the first entry to the head.
    pub(super) fn journal(&self, id: &str) -> Vec<Note> {
        let head = self.record(id).journal;
        let mut previous = Vec::new();
        let mut notes = Vec::new();
        for number in 0..head.length {
            let entry: Entry = self
                .get(&Subject::Operation(id.to_owned()).entry_id(number))
                .unwrap();
            assert_eq!((entry.number, &entry.previous), (number, &previous), "{id}");
            previous = journal::hash(&entry);
            match entry.event {
                Event::Note(note) => notes.push(note),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(head.hash, previous, "{id}");
        let beyond = Subject::Operation(id.to_owned()).entry_id(head.length);
        assert!(self.get::<Entry>(&beyond).is_none(), "{id}");
        notes
    }

    pub(super) fn kinds(&self, id: &str) -> Vec<String> {
        self.journal(id).into_iter().map(|note| note.kind).collect()
    }

    /// All waiting events, oldest first.
    pub(super) fn events(&self) -> Vec<CallbackEvent> {
        let records = self.store.records().into_iter();
        let mut events: Vec<_> = records
            .filter(|it| it.key.collection == CallbackEvent::COLLECTION)
            .map(|it| CallbackEvent::decode(&it.body).unwrap())
            .filter(|it| it.state == EventState::Pending)
            .collect();
        events.sort_by(|a, b| (a.due, &a.id).cmp(&(b.due, &b.id)));
        events
    }

    /// Bodies of the waiting events of one operation.
    pub(super) fn bodies(&self, id: &str) -> Vec<Value> {
        let bodies = self
            .events()
            .into_iter()
            .map(|it| serde_json::from_str(&it.body).unwrap());
        bodies
            .filter(|body: &Value| body["operationId"] == json!(id))
            .collect()
    }
}

pub(super) fn template_request(name: &str) -> Value {
    json!({
        "templateName": name, "operationType": "authorize_payment",
        "dataTemplate": "A1*A${amount}${currency}*I${iban}",
        "signatureType": ["POSSESSION_KNOWLEDGE", "POSSESSION_BIOMETRY"],
        "maxFailureCount": 3, "expiration": 300, "riskFlags": "XF", "proximityCheckEnabled": false
    })
}

pub(super) fn creation(changes: Value) -> Value {
    let request = json!({
        "userId": USER, "applications": [APP], "templateName": TEMPLATE,
        "parameters": { "amount": "100", "currency": "CZK", "iban": "X" }
    });
    merged(request, changes)
}

pub(super) fn approval(id: &str, changes: Value) -> Value {
    let request = json!({
        "operationId": id, "userId": USER, "applicationId": APP, "data": DATA,
        "signatureType": "POSSESSION_KNOWLEDGE"
    });
    merged(request, changes)
}

pub(super) fn rejection(id: &str, changes: Value) -> Value {
    merged(
        json!({ "operationId": id, "userId": USER, "applicationId": APP }),
        changes,
    )
}

/// `request` with members replaced; null removes one.
pub(super) fn merged(mut request: Value, changes: Value) -> Value {
    let members = request.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => members.shift_remove(name),
            value => members.insert(name.clone(), value.clone()),
        };
    }
    request
}

#[track_caller]
pub(super) fn text(object: &Value, name: &str) -> String {
    object[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {object}"))
        .to_owned()
}
