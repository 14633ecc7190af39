//! I7 of what has no line in a history: every committed change has exactly one entry, a refused one none,
//! and the entries of one subject are a chain.

use std::sync::Arc;

use countersign::client::Application;
use countersign::crypto::version::ProtocolVersion;
use countersign::engine::journal;
use countersign::model::journal::{Entry, Event, Head, JOURNAL, Subject};
use countersign::model::template::Template;
use countersign::store::MemoryStore;
use serde_json::{Value, json};

use super::support::records::{activation, entries, get};
use super::support::{Answer, Ask, Clock, Factors, Phone, World, engine};

struct Watched {
    world: World,
    store: Arc<MemoryStore>,
}

impl Watched {
    fn new() -> Self {
        let store = Arc::new(MemoryStore::new());
        Self {
            world: World::with(engine(), store.clone(), Clock::new(1, 1_700_000_000_000)),
            store,
        }
    }

    fn count(&self) -> usize {
        let records = self.store.records();
        records.iter().filter(|it| it.key.collection == JOURNAL).count()
    }

    /// Asks; so many entries have to come of it.
    #[track_caller]
    fn costs(&self, expected: usize, path: &str, object: &Value) -> Answer {
        let before = self.count();
        let answer = self.world.rest(path, object);
        assert_eq!(self.count() - before, expected, "{path} {object}");
        answer
    }

    /// Kinds of the notes of an unbroken chain; a dash for what is no note.
    fn kinds(&self, subject: &Subject, head: &Head) -> Vec<String> {
        let entries = entries(&*self.store, subject, head);
        let mut previous = Vec::new();
        for (number, entry) in (0..).zip(&entries) {
            assert_eq!((entry.number, &entry.previous), (number, &previous));
            assert_eq!(entry.subject, *subject);
            previous = journal::hash(entry);
        }
        assert_eq!(head.hash, previous);
        assert!(get::<Entry>(&*self.store, &subject.entry_id(head.length)).is_none());
        let kind = |entry: Entry| match entry.event {
            Event::Note(note) => note.kind,
            Event::History(_) | Event::Signature(_) => "-".to_owned(),
        };
        entries.into_iter().map(kind).collect()
    }

    fn activation_kinds(&self, id: &str) -> Vec<String> {
        let head = activation(&*self.store, id).journal;
        self.kinds(&Subject::Activation(id.to_owned()), &head)
    }

    fn template_kinds(&self, id: u64) -> Vec<String> {
        let id = id.to_string();
        let head = get::<Template>(&*self.store, &id).unwrap().journal;
        self.kinds(&Subject::Template(id), &head)
    }
}

fn template(name: &str) -> Value {
    json!({
        "templateName": name, "operationType": "login", "dataTemplate": "A2",
        "signatureType": ["POSSESSION_KNOWLEDGE"], "maxFailureCount": 3, "expiration": 300
    })
}

#[test]
fn templates() {
    let watched = Watched::new();
    let (create, update, remove) = (
        "/operation/template/create",
        "/operation/template/update",
        "/operation/template/remove",
    );
    let id = watched.costs(1, create, &template("t")).ok()["id"]
        .as_u64()
        .unwrap();
    assert_eq!(watched.costs(0, create, &template("t")).code(), "ERR0039");
    assert_eq!(watched.costs(0, create, &template("")).code(), "ERR0024");
    let mut changed = template("ignored");
    changed["id"] = json!(id);
    changed["expiration"] = json!(60);
    watched.costs(1, update, &changed).ok();
    changed["expiration"] = json!(0);
    assert_eq!(watched.costs(0, update, &changed).code(), "ERR0024");
    changed["id"] = json!(id + 1);
    changed["expiration"] = json!(60);
    assert_eq!(watched.costs(0, update, &changed).code(), "ERR0033");
    watched.costs(1, remove, &json!({ "id": id })).ok();
    for unknown in [id, id + 1] {
        let code = watched.costs(0, remove, &json!({ "id": unknown })).code();
        assert_eq!(code, "ERR0033");
    }
    // The name is free again; the journal of the new template is its own.
    let next = watched.costs(1, create, &template("t")).ok()["id"]
        .as_u64()
        .unwrap();
    for read in ["/operation/template/list", "/operation/template/detail"] {
        watched.costs(0, read, &json!({ "id": next })).ok();
    }
    assert_eq!(
        watched.template_kinds(id),
        ["template_created", "template_updated", "template_removed"]
    );
    assert_eq!(watched.template_kinds(next), ["template_created"]);
    let subject = Subject::Template(id.to_string());
    let entry = get::<Entry>(&*watched.store, &subject.entry_id(1)).unwrap();
    let Event::Note(note) = entry.event else {
        panic!("{entry:?}")
    };
    let parameters: Value = serde_json::from_str(&note.parameters).unwrap();
    assert_eq!(
        (&parameters["templateName"], &parameters["expiration"]),
        (&json!("t"), &json!(60))
    );
}

/// The request of a back end that forwards a phone's envelope.
fn forwarded(watched: &Watched, phone: &mut Phone, application: &Application, changes: &Value) -> Value {
    phone.refresh(&watched.world);
    let now = watched.world.now();
    let call = phone.with(Factors::Pin, |device, authentication, rng| {
        device
            .create_token("forwarded", authentication, now, rng)
            .unwrap()
            .assume_saved()
    });
    let mut request: Value = serde_json::from_slice(&Ask::from(&call.request).body).unwrap();
    let object = request.as_object_mut().unwrap();
    object.insert("activationId".to_owned(), json!(phone.id()));
    object.insert("applicationKey".to_owned(), json!(application.key()));
    object.insert("protocolVersion".to_owned(), json!("3.2"));
    object.insert("signatureType".to_owned(), json!("POSSESSION_KNOWLEDGE"));
    object.extend(changes.as_object().unwrap().clone());
    request
}

#[test]
fn tokens() {
    let watched = Watched::new();
    let application = watched.world.application("app", ProtocolVersion::V3_2);
    let mut phone = Phone::activate(&watched.world, &application, "user", 7);
    let id = phone.id();
    let history = || {
        let answer = watched
            .world
            .rest("/activation/history", &json!({ "activationId": id }));
        answer.ok()["items"].as_array().unwrap().len()
    };
    let (changes, begun) = (history(), watched.activation_kinds(&id).len());

    // By the phone itself: its signature, and the token.
    let before = watched.count();
    phone.token(&watched.world, "own", Factors::Pin);
    assert_eq!(watched.count() - before, 2);
    // Through a back end, which verifies signatures by a call of their own.
    let request = forwarded(&watched, &mut phone, &application, &json!({}));
    watched.costs(1, "/token/create", &request).ok();
    assert_eq!(
        watched.costs(0, "/token/create", &request).code(),
        "ERR0024",
        "replayed"
    );
    for (changes, code) in [
        (json!({ "applicationKey": "AAAAAAAAAAAAAAAAAAAAAA==" }), "ERR0015"),
        (json!({ "activationId": "unknown" }), "ERR0009"),
        (
            json!({ "mac": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }),
            "ERR0018",
        ),
    ] {
        let request = forwarded(&watched, &mut phone, &application, &changes);
        assert_eq!(watched.costs(0, "/token/create", &request).code(), code);
    }

    let presented = phone.present("own", watched.world.now());
    let token = &presented["tokenId"];
    assert!(watched.costs(0, "/token/validate", &presented).valid());
    let remove = |expected: usize, object: Value| {
        watched.costs(expected, "/token/remove", &object).ok()["removed"].clone()
    };
    assert_eq!(
        remove(0, json!({ "tokenId": "unknown", "activationId": id })),
        false
    );
    assert_eq!(
        remove(0, json!({ "tokenId": token, "activationId": "another" })),
        false
    );
    assert_eq!(remove(1, json!({ "tokenId": token, "activationId": id })), true);
    assert_eq!(remove(0, json!({ "tokenId": token, "activationId": id })), false);

    let kinds = watched.activation_kinds(&id);
    assert_eq!(
        kinds[begun..],
        ["-", "token_created", "token_created", "token_removed"]
    );
    assert_eq!(history(), changes, "only changes of the state are history");
    println!("{} entries", kinds.len());
}
