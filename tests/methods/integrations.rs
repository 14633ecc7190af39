//! Integrations: credentials that open the server API, shown once, gone when they are removed.

use countersign::crypto::credential::verify_secret;
use countersign::crypto::encoding::base64;
use countersign::crypto::version::ProtocolVersion;
use countersign::model::credential::{Credential, Grant};
use countersign::model::integration::Integration;
use countersign::model::journal::{Event, Subject};
use serde_json::{Value, json};

use crate::bank::{Bank, UNKNOWN};
use crate::support::records::{entries, get};
use crate::support::{Answer, Ask, World};

/// A request with credentials.
fn with(token: &str, secret: &str, path: &str, object: &Value) -> Ask {
    let mut ask = Ask::rest(path, object);
    let basic = base64::encode(format!("{token}:{secret}").as_bytes());
    ask.headers.push(("Authorization", format!("Basic {basic}")));
    ask
}

fn create(world: &World, name: &str) -> [String; 3] {
    let created = world.rest("/integration/create", &json!({ "name": name })).ok();
    assert_eq!(created["name"], name);
    assert_eq!(created.as_object().unwrap().len(), 4);
    ["id", "clientToken", "clientSecret"].map(|name| created[name].as_str().unwrap().to_owned())
}

fn status(world: &World, token: &str, secret: &str) -> u16 {
    world.ask(&with(token, secret, "/status", &json!({}))).status
}

#[test]
fn they_open_the_server_api_until_they_are_removed() {
    let bank = Bank::new(ProtocolVersion::V3_2);
    let closed = bank.restricted();
    let [id, token, secret] = create(&bank.world, "core banking");
    let [_, other, other_secret] = create(&bank.world, "core banking");
    assert_eq!(closed.rest("/status", &json!({})).status, 401);
    for (token, secret, expected) in [
        (&token, &secret, 200),
        (&other, &other_secret, 200),
        (&token, &other_secret, 401),
        (&token, &String::new(), 401),
        (&id, &secret, 401),
    ] {
        assert_eq!(status(&closed, token, secret), expected);
    }
    let request = json!({ "id": id });
    let removed = closed.ask(&with(&other, &other_secret, "/integration/remove", &request));
    assert_eq!(removed.ok(), json!({ "id": id, "removed": true }));
    assert_eq!(status(&closed, &token, &secret), 401);
    assert_eq!(status(&closed, &token, ""), 401);
    assert_eq!(status(&closed, &other, &other_secret), 200);
    let again = bank.world.rest("/integration/remove", &request).ok();
    assert_eq!(again, json!({ "id": id, "removed": false }));
    // Nor when the tombstone has vanished.
    bank.world.host.advance(25 * 3_600_000);
    pollster::block_on(bank.world.store.purge(bank.world.now(), 1_000)).unwrap();
    assert_eq!(get::<Credential>(&*bank.world.store, &token), None);
    assert_eq!(status(&closed, &token, &secret), 401);
}

#[test]
fn a_secret_is_shown_once_and_stored_as_a_hash() {
    let bank = Bank::new(ProtocolVersion::V3_2);
    let [id, token, secret] = create(&bank.world, "core banking");
    let credential: Credential = get(&*bank.world.store, &token).unwrap();
    assert_eq!(
        (credential.grant, credential.name.as_str()),
        (Grant::Integration, "core banking")
    );
    assert!(verify_secret(&secret, &credential.hash));
    for record in bank.records() {
        let holds = |text: &str| {
            record
                .body
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        assert!(!holds(&secret), "{:?}", record.key);
    }
    let list = bank.world.rest("/integration/list", &json!({})).ok();
    let item = json!({ "id": id, "name": "core banking", "clientToken": token, "clientSecret": null });
    assert_eq!(list, json!({ "restrictedAccess": false, "items": [item] }));
    let restricted = bank
        .restricted()
        .ask(&with(&token, &secret, "/integration/list", &json!({})));
    assert_eq!(
        restricted.ok(),
        json!({ "restrictedAccess": true, "items": [item] })
    );

    bank.world.rest("/integration/remove", &json!({ "id": id })).ok();
    let credential: Credential = get(&*bank.world.store, &token).unwrap();
    assert!(credential.hash.is_empty());
    let list = bank.world.rest("/integration/list", &json!({})).ok();
    assert_eq!(list["items"], json!([]));
    let integration: Integration = get(&*bank.world.store, &id).unwrap();
    assert_eq!(integration.removed, Some(bank.world.now()));
    let journal = entries(
        &*bank.world.store,
        &Subject::Integration(id),
        &integration.journal,
    );
    let kinds: Vec<String> = journal
        .into_iter()
        .map(|entry| match entry.event {
            Event::Note(note) => note.kind,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(kinds, ["integration_created", "integration_removed"]);
}

#[test]
fn checks() {
    let bank = Bank::new(ProtocolVersion::V3_2);
    let told = |answer: Answer| (answer.status, answer.code());
    let refused = (400, "ERR0024".to_owned());
    let before = bank.records();
    for name in [Value::Null, json!("x".repeat(256))] {
        let answer = bank.world.rest("/integration/create", &json!({ "name": name }));
        assert_eq!(told(answer), refused);
    }
    assert_eq!(told(bank.world.rest("/integration/remove", &json!({}))), refused);
    let unknown = bank
        .world
        .rest("/integration/remove", &json!({ "id": UNKNOWN }))
        .ok();
    assert_eq!(unknown, json!({ "id": UNKNOWN, "removed": false }));
    assert!(bank.records() == before);
    create(&bank.world, "");
    create(&bank.world, &"x".repeat(255));
    let mut empty = Ask::rest("/integration/list", &json!({}));
    empty.body = Vec::new();
    let list = bank.world.ask(&empty).ok();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}
