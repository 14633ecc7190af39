//! Part 1, section 14.2.

use countersign::model::application::Application;
use countersign::model::callback::Callbacks;
use countersign::model::journal::{Entry, Event, Subject};
use serde_json::{Value, json};

use super::world::{APP, World, merged, text};

const CREATE: &str = "application/callback/create";
const UPDATE: &str = "application/callback/update";
const LIST: &str = "application/callback/list";
const REMOVE: &str = "application/callback/remove";

fn world() -> World {
    let world = World::empty();
    world.ok("application/create", json!({ "applicationId": APP }));
    world
}

fn request(changes: Value) -> Value {
    let base = json!({
        "applicationId": APP, "name": "cb", "type": "ACTIVATION_STATUS_CHANGE",
        "callbackUrl": "http://bank.example/act", "attributes": ["activationId", "bogus"]
    });
    merged(base, changes)
}

fn disabled() -> Value {
    json!({
        "certificate": {
            "enabled": false, "useCustomKeyStore": false, "keyStoreLocation": null,
            "keyStorePasswordSet": false, "keyAlias": null, "keyPasswordSet": false,
            "useCustomTrustStore": false, "trustStoreLocation": null, "trustStorePasswordSet": false
        },
        "httpBasic": { "enabled": false, "username": null, "passwordSet": false }
    })
}

fn all_settings() -> Value {
    json!({
        "certificate": {
            "enabled": true, "useCustomKeyStore": true, "keyStoreLocation": "/keys",
            "keyStorePassword": "secret-1", "keyAlias": "alias", "keyPassword": "secret-2",
            "useCustomTrustStore": true, "trustStoreLocation": "/trust", "trustStorePassword": "secret-3"
        },
        "httpBasic": { "enabled": true, "username": "u", "password": "secret-4" }
    })
}

fn list(world: &World) -> Value {
    world.ok(LIST, json!({ "applicationId": APP }))["callbackUrlList"].take()
}

fn passwords(authentication: &Value) -> [bool; 4] {
    let certificate = &authentication["certificate"];
    [
        &certificate["keyStorePasswordSet"],
        &certificate["keyPasswordSet"],
        &certificate["trustStorePasswordSet"],
        &authentication["httpBasic"]["passwordSet"],
    ]
    .map(|set| set.as_bool().unwrap())
}

#[test]
fn life_of_a_url() {
    let world = world();
    let created = world.ok(CREATE, request(json!({})));
    let id = text(&created, "id");
    let expected = json!({
        "id": id, "applicationId": APP, "name": "cb", "callbackUrl": "http://bank.example/act",
        "attributes": ["activationId", "bogus"], "authentication": disabled()
    });
    assert_eq!(created.to_string(), expected.to_string());

    let other = world.ok(
        CREATE,
        request(json!({ "name": "a", "type": "OPERATION_STATUS_CHANGE", "attributes": null })),
    );
    assert_eq!(other["attributes"], json!([]));
    let listed = list(&world);
    let names: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| text(it, "name"))
        .collect();
    assert_eq!(names, ["a", "cb"]);
    assert_eq!(listed[0]["type"], "OPERATION_STATUS_CHANGE");
    assert_eq!(listed[1]["type"], "ACTIVATION_STATUS_CHANGE");

    let update = json!({
        "id": id, "applicationId": "not compared", "name": "0", "type": "OPERATION_STATUS_CHANGE",
        "callbackUrl": "https://bank.example/2"
    });
    let updated = world.ok(UPDATE, update);
    let expected = json!({
        "id": id, "applicationId": APP, "name": "0", "type": "ACTIVATION_STATUS_CHANGE",
        "callbackUrl": "https://bank.example/2", "attributes": [], "authentication": disabled()
    });
    assert_eq!(updated.to_string(), expected.to_string());
    assert_eq!(list(&world)[0], expected);

    assert_eq!(
        world.ok(REMOVE, json!({ "id": id })),
        json!({ "id": id, "removed": true })
    );
    assert_eq!(
        world.ok(REMOVE, json!({ "id": id })),
        json!({ "id": id, "removed": false })
    );
    assert_eq!(
        world.ok(REMOVE, json!({ "id": "unknown" })),
        json!({ "id": "unknown", "removed": false })
    );
    assert_eq!(list(&world).as_array().unwrap().len(), 1);
    let mut gone = request(json!({}));
    gone["id"] = json!(id);
    assert_eq!(world.code(UPDATE, gone), "ERR0024");
    for unknown in [
        json!({}),
        json!({ "applicationId": "nope" }),
        json!({ "applicationId": "" }),
    ] {
        assert_eq!(world.ok(LIST, unknown), json!({ "callbackUrlList": [] }));
    }

    let application: Application = world.get(APP).unwrap();
    let notes: Vec<String> = (0..application.journal.length)
        .filter_map(|at| {
            match world
                .get::<Entry>(&Subject::Application(APP.to_owned()).entry_id(at))
                .unwrap()
                .event
            {
                Event::Note(note) if note.kind.starts_with("callback") => Some(note.kind),
                _ => None,
            }
        })
        .collect();
    assert_eq!(
        notes,
        [
            "callback_created",
            "callback_created",
            "callback_updated",
            "callback_removed"
        ]
    );
}

#[test]
fn refusals() {
    let world = world();
    let long = "x".repeat(256);
    let cases = [
        (json!({ "name": null, "callbackUrl": null }), "ERR0024"),
        (json!({ "callbackUrl": null, "applicationId": "nope" }), "ERR0014"),
        (json!({ "callbackUrl": "" }), "ERR0014"),
        (json!({ "callbackUrl": "not a url" }), "ERR0014"),
        (json!({ "callbackUrl": 123 }), "ERR0014"),
        (json!({ "callbackUrl": "ftp://bank.example/x" }), "ERR0014"),
        (json!({ "callbackUrl": "http://u:p@bank.example/" }), "ERR0014"),
        (json!({ "applicationId": null, "type": null }), "ERR0015"),
        (json!({ "applicationId": "" }), "ERR0015"),
        (json!({ "applicationId": "nope" }), "ERR0015"),
        (json!({ "type": null }), "ERR0024"),
        (json!({ "type": "BAD" }), "ERR0024"),
        (json!({ "type": "" }), "ERR0024"),
        (json!({ "type": true }), "ERR0024"),
        (json!({ "name": long }), "ERR0024"),
        (json!({ "attributes": [long] }), "ERR0024"),
        (json!({ "attributes": vec!["a"; 101] }), "ERR0024"),
        (
            json!({ "authentication": { "httpBasic": { "username": "x".repeat(1_001) } } }),
            "ERR0024",
        ),
        (json!({ "name": {} }), "ERROR_HTTP_REQUEST"),
        (json!({ "type": {} }), "ERROR_HTTP_REQUEST"),
        (json!({ "attributes": "" }), "ERROR_HTTP_REQUEST"),
        (json!({ "attributes": 1 }), "ERROR_HTTP_REQUEST"),
        (json!({ "authentication": "" }), "ERROR_HTTP_REQUEST"),
        (json!({ "authentication": "x" }), "ERROR_HTTP_REQUEST"),
        (json!({ "authentication": "[]" }), "ERROR_HTTP_REQUEST"),
        (json!({ "authentication": [] }), "ERROR_HTTP_REQUEST"),
        (json!({ "authentication": true }), "ERROR_HTTP_REQUEST"),
    ];
    for (changes, code) in &cases {
        assert_eq!(world.code(CREATE, request(changes.clone())), *code, "{changes}");
    }
    assert_eq!(list(&world), json!([]));
    let id = text(&world.ok(CREATE, request(json!({}))), "id");
    let mut checked = cases.len();
    for (attribute, value, code) in [
        ("id", Value::Null, "ERR0024"),
        ("id", json!("unknown"), "ERR0024"),
        ("id", json!("x".repeat(300)), "ERR0024"),
        ("applicationId", Value::Null, "ERR0024"),
        ("name", Value::Null, "ERR0024"),
        // An explicit null is not the same as an absent one.
        ("attributes", Value::Null, "ERR0024"),
        ("callbackUrl", Value::Null, "ERR0014"),
        ("callbackUrl", json!("zzz"), "ERR0014"),
    ] {
        let mut request = merged(request(json!({})), json!({ "id": id }));
        request[attribute] = value;
        assert_eq!(world.code(UPDATE, request), code, "{attribute}");
        checked += 1;
    }
    assert_eq!(world.code(REMOVE, json!({})), "ERR0024");
    println!("{checked} refusals");
}

#[test]
fn passwords_are_kept_replaced_and_cleared_but_never_shown() {
    let world = world();
    let created = world.ok(CREATE, request(json!({ "authentication": all_settings() })));
    assert_eq!(passwords(&created["authentication"]), [true; 4]);
    assert_eq!(
        created["authentication"]["certificate"]["keyStoreLocation"],
        "/keys"
    );
    let id = text(&created, "id");
    let update = |authentication: Option<Value>| {
        let mut request = merged(request(json!({})), json!({ "id": id }));
        if let Some(authentication) = authentication {
            request["authentication"] = authentication;
        }
        world.ok(UPDATE, request)["authentication"].take()
    };
    // Absent: disabled, and the passwords stay.
    let absent = update(None);
    assert_eq!(
        (&absent["httpBasic"]["enabled"], passwords(&absent)),
        (&json!(false), [true; 4])
    );
    // One is replaced, one is cleared, the rest stays.
    let some = json!({
        "certificate": { "enabled": true, "keyPassword": "" },
        "httpBasic": { "enabled": true, "username": "u2", "password": "new" }
    });
    let some = update(Some(some));
    assert_eq!(passwords(&some), [true, false, true, true]);
    assert_eq!(some["httpBasic"]["username"], "u2");
    // The written reference says that it is a text.
    let as_text = update(Some(json!(r#"{"httpBasic":{"enabled":true}}"#)));
    assert_eq!(
        (&as_text["httpBasic"]["enabled"], passwords(&as_text)[3]),
        (&json!(true), true)
    );
    assert_eq!(update(Some(json!({}))), as_text_disabled(&as_text));
    // Null clears everything.
    assert_eq!(update(Some(Value::Null)), disabled());
    assert_eq!(passwords(&update(None)), [false; 4]);

    update(Some(all_settings()));
    let record: Callbacks = world.get(APP).unwrap();
    let stored = countersign::store::Entity::encode(&record);
    let shown = list(&world).to_string();
    for secret in ["secret-1", "secret-2", "secret-3", "secret-4"] {
        assert!(!shown.contains(secret));
        assert!(
            !stored
                .windows(secret.len())
                .any(|window| window == secret.as_bytes())
        );
    }
}

/// The same settings with everything switched off.
fn as_text_disabled(settings: &Value) -> Value {
    let mut settings = settings.clone();
    settings["httpBasic"]["enabled"] = json!(false);
    settings
}

#[test]
fn as_many_urls_as_fit_into_a_batch() {
    let world = world();
    for kind in ["ACTIVATION_STATUS_CHANGE", "OPERATION_STATUS_CHANGE"] {
        for _ in 0..32 {
            world.ok(CREATE, request(json!({ "type": kind })));
        }
        assert_eq!(world.code(CREATE, request(json!({ "type": kind }))), "ERR0024");
    }
    // The largest change: twelve applications with as many URLs each.
    let mut applications = vec![APP.to_owned()];
    for at in 1..12 {
        let application = format!("app-{at}");
        world.ok("application/create", json!({ "applicationId": application }));
        for _ in 0..32 {
            let request = json!({ "applicationId": application, "type": "OPERATION_STATUS_CHANGE" });
            world.ok(CREATE, self::request(request));
        }
        applications.push(application);
    }
    world.template(json!({}));
    let id = world.new_id(json!({ "applications": applications }));
    assert_eq!(world.bodies(&id).len(), 12 * 32);
    let approved = world.ok("operation/approve", super::world::approval(&id, json!({})));
    assert_eq!(approved["result"], "APPROVED");
    println!("{} events in one batch", 12 * 32);
}
