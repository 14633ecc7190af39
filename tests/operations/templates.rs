//! Part 2, section 12.

use serde_json::{Value, json};

use super::world::{World, creation, merged, template_request};

const CREATE: &str = "operation/template/create";
const UPDATE: &str = "operation/template/update";
const DETAIL: &str = "operation/template/detail";
const REMOVE: &str = "operation/template/remove";

fn members(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn life_of_a_template() {
    let world = World::empty();
    assert_eq!(world.ok("operation/template/list", json!({})), json!([]));
    let first = world.ok(CREATE, template_request("a"));
    assert_eq!(
        members(&first),
        [
            "id",
            "templateName",
            "operationType",
            "dataTemplate",
            "signatureType",
            "maxFailureCount",
            "expiration",
            "riskFlags",
            "proximityCheckEnabled"
        ]
    );
    assert_eq!(first, merged(template_request("a"), json!({ "id": 1 })));
    let second = world.ok(
        CREATE,
        merged(template_request("b"), json!({ "riskFlags": null })),
    );
    assert_eq!((&second["id"], &second["riskFlags"]), (&json!(2), &Value::Null));
    assert_eq!(
        world.ok("operation/template/list", json!({})),
        json!([first, second])
    );
    assert_eq!(world.raw("operation/template/list", b"").0, 200);
    assert_eq!(world.ok(DETAIL, json!({ "id": 1 })), first);
    assert_eq!(world.ok(DETAIL, json!({ "id": "2" })), second);

    let update = json!({
        "id": 1, "templateName": "ignored", "operationType": "login", "dataTemplate": "A2",
        "signatureType": ["POSSESSION", "KNOWLEDGE"], "maxFailureCount": 9, "expiration": 60
    });
    let updated = world.ok(UPDATE, update);
    let expected = json!({
        "id": 1, "templateName": "a", "operationType": "login", "dataTemplate": "A2",
        "signatureType": ["POSSESSION", "KNOWLEDGE"], "maxFailureCount": 9, "expiration": 60,
        "riskFlags": null, "proximityCheckEnabled": false
    });
    assert_eq!(updated, expected);
    assert_eq!(world.ok(DETAIL, json!({ "id": 1 })), expected);

    let (status, body) = world.call(REMOVE, &json!({ "id": 1 }));
    assert_eq!((status, body), (200, json!({ "status": "OK" })));
    for path in [REMOVE, DETAIL] {
        assert_eq!(world.code(path, json!({ "id": 1 })), "ERR0033");
    }
    assert_eq!(world.ok("operation/template/list", json!({})), json!([second]));
}

#[test]
fn names_are_unique_and_released() {
    let world = World::empty();
    let mut checked = 0;
    // Names that do not fit into a key are claimed, too.
    for name in [
        "a".to_owned(),
        "ž".repeat(255),
        "nul\0".to_owned(),
        "x".repeat(255),
    ] {
        let created = world.ok(CREATE, template_request(&name));
        assert_eq!(world.code(CREATE, template_request(&name)), "ERR0039");
        world.ok(REMOVE, json!({ "id": created["id"] }));
        let again = world.ok(CREATE, template_request(&name));
        assert_ne!(again["id"], created["id"]);
        assert_eq!(world.code(CREATE, template_request(&name)), "ERR0039");
        checked += 1;
    }
    world.ok(CREATE, template_request("A"));
    println!("{checked} names");
}

#[test]
fn the_first_failing_check_wins() {
    let world = World::empty();
    // In the reference's order; each is also refused alone.
    let order = [
        ("templateName", json!(""), "name"),
        ("operationType", json!(""), "operation type"),
        ("signatureType", json!([]), "signature types must not be empty"),
        ("dataTemplate", json!(""), "data"),
        ("expiration", json!(0), "expiration"),
        ("maxFailureCount", json!(0), "failure count"),
    ];
    let mut checked = 0;
    for (at, (attribute, empty, expected)) in order.iter().enumerate() {
        for bad in [&Value::Null, empty] {
            let mut request = template_request("t");
            for (later, worse, _) in &order[at + 1..] {
                request[later] = worse.clone();
            }
            request[attribute] = bad.clone();
            let (status, body) = world.call(CREATE, &request);
            let object = &body["responseObject"];
            assert_eq!(
                (status, &object["code"]),
                (400, &json!("ERR0024")),
                "{attribute}: {body}"
            );
            let message = object["message"].as_str().unwrap();
            assert!(message.contains(expected), "{attribute}: {message}");
            assert_eq!(object["message"], object["localizedMessage"]);
            if *attribute != "templateName" {
                request["id"] = json!(99);
                assert_eq!(world.code(UPDATE, request.clone()), "ERR0024");
                request["id"] = Value::Null;
                let (_, body) = world.call(UPDATE, &request);
                assert_eq!(body["responseObject"]["message"], "Template ID must not be null.");
            }
            checked += 1;
        }
    }
    let refused = [
        ("signatureType", json!(["POSSESSION", "KNOWLEDGE", "POSSESSION"])),
        ("expiration", json!(-1)),
        ("maxFailureCount", json!(-1)),
        ("templateName", json!("x".repeat(256))),
        ("operationType", json!("x".repeat(256))),
        ("dataTemplate", json!("x".repeat(256))),
        ("riskFlags", json!("x".repeat(256))),
    ];
    for (attribute, value) in refused {
        let request = merged(template_request("t"), json!({ attribute: value }));
        assert_eq!(world.code(CREATE, request), "ERR0024", "{attribute}");
        checked += 1;
    }
    let unreadable = [
        ("signatureType", json!(["possession"])),
        ("signatureType", json!(["KNOWLEDGE_BIOMETRY"])),
        ("signatureType", json!([null])),
        ("signatureType", json!("POSSESSION")),
        ("expiration", json!("soon")),
        ("maxFailureCount", json!(true)),
        ("proximityCheckEnabled", json!({})),
    ];
    for (attribute, value) in unreadable {
        let request = merged(template_request("t"), json!({ attribute: value }));
        assert_eq!(world.code(CREATE, request), "ERROR_HTTP_REQUEST", "{attribute}");
        checked += 1;
    }
    for path in [DETAIL, REMOVE] {
        assert_eq!(world.code(path, json!({})), "ERR0024");
        for id in [json!(1), json!(-1), json!(i64::MAX)] {
            assert_eq!(world.code(path, json!({ "id": id })), "ERR0033");
            checked += 1;
        }
    }
    let missing = merged(template_request("t"), json!({ "id": 1 }));
    assert_eq!(world.code(UPDATE, missing), "ERR0033");
    assert_eq!(world.ok("operation/template/list", json!({})), json!([]));
    println!("{checked} refusals");
}

#[test]
fn spellings_of_the_proximity_flag() {
    let world = World::empty();
    let names = [
        "proximityCheckEnabled",
        "proximity_check_enabled",
        "enableProximityCheck",
    ];
    for (at, name) in names.iter().enumerate() {
        for flag in [true, false] {
            let base = merged(
                template_request(&format!("t{at}{flag}")),
                json!({ "proximityCheckEnabled": null }),
            );
            let created = world.ok(CREATE, merged(base, json!({ *name: flag })));
            assert_eq!(created["proximityCheckEnabled"], json!(flag), "{name}");
            for other in &names[1..] {
                assert!(created.get(other).is_none(), "{other}");
            }
        }
    }
    // The running servers' name counts when there are several.
    let both = merged(
        template_request("both"),
        json!({ "proximity_check_enabled": true }),
    );
    assert_eq!(world.ok(CREATE, both)["proximityCheckEnabled"], json!(false));
    println!("{} spellings", names.len());
}

#[test]
fn operations_do_not_follow_their_template() {
    let world = World::new();
    let before = world.create(json!({}));
    let update = merged(
        template_request("ignored"),
        json!({ "id": 1, "dataTemplate": "A2", "maxFailureCount": 1, "signatureType": ["POSSESSION"] }),
    );
    world.ok(UPDATE, update);
    let id = before["id"].as_str().unwrap();
    assert_eq!(world.detail(id), before);
    assert_eq!(world.create(json!({}))["data"], "A2");
    world.ok(REMOVE, json!({ "id": 1 }));
    assert_eq!(world.detail(id), before);
    assert_eq!(world.code("operation/create", creation(json!({}))), "ERR0033");
}
