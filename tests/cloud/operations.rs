//! `/v2/operations`: creation, status, cancellation.

use serde_json::{Value, json};

use crate::rig::{A, Rig, UNKNOWN, USER, refused, violations};
use crate::support::host::START;

const NO_REGISTRATION: &str = "No active registration found matching operation criteria";

fn path(id: &str) -> String {
    format!("/v2/operations/{id}")
}

#[test]
fn an_operation_as_published() {
    let rig = Rig::new();
    rig.phone(USER, 1, &json!({ "flags": ["FLAG_1"] }));
    let request = json!({
        "userId": USER, "template": "login", "language": "en", "externalId": "77", "flag": "FLAG_1",
        "parameters": { "place": "home", "reference": 12 },
    });
    let made = rig.ok("POST", "/v2/operations", &request);
    let id = made["operationId"].as_str().unwrap();
    let mut expected = json!({
        "operationId": id, "userId": USER, "externalId": "77", "status": "PENDING", "template": "login",
        "operationType": "login", "flag": "FLAG_1",
        "parameters": { "place": "home", "reference": "12" },
        "failureCount": 0, "maxFailureCount": 5,
        "timestampCreated": START, "timestampExpires": START + 300_000,
    });
    assert_eq!(made, expected);
    assert_eq!(rig.ok("GET", &path(id), &Value::Null), expected);
    assert_eq!(
        rig.ok("DELETE", &path(id), &Value::Null),
        json!({ "status": "OK" })
    );
    expected["status"] = json!("CANCELED");
    assert_eq!(rig.ok("GET", &path(id), &Value::Null), expected);
    let wrong_state = "Operation is in invalid state for requested action";
    refused(
        &rig.call("DELETE", &path(id), &Value::Null),
        "ERROR_OPERATION_STATE_CHANGE",
        wrong_state,
    );

    let other = rig.operation(USER, &json!({}));
    rig.world.host.advance(300_001);
    assert_eq!(rig.ok("GET", &path(&other), &Value::Null)["status"], "EXPIRED");
    let third = rig.operation(USER, &json!({}));
    rig.world.host.advance(300_001);
    // Nobody has looked at it yet.
    refused(
        &rig.call("DELETE", &path(&third), &Value::Null),
        "ERROR_OPERATION_STATE_CHANGE",
        wrong_state,
    );
    assert_eq!(rig.ok("GET", &path(&third), &Value::Null)["status"], "EXPIRED");
    for method in ["GET", "DELETE"] {
        refused(
            &rig.call(method, &path(UNKNOWN), &Value::Null),
            "ERROR_OPERATION_NOT_FOUND",
            "Operation with given ID was not found",
        );
    }
}

#[test]
fn creation_needs_a_registration_that_can_approve() {
    let rig = Rig::new();
    let send = |more: Value| {
        let mut body = json!({ "userId": USER, "template": "login", "parameters": { "place": "home" } });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        rig.call("POST", "/v2/operations", &body)
    };
    let not_found = |more: Value| refused(&send(more), "ERROR_REGISTRATION_NOT_FOUND", NO_REGISTRATION);
    not_found(json!({}));
    rig.register(USER, &json!({}));
    rig.pending(USER, 1, &json!({}));
    not_found(json!({}));
    // One of another application does not help.
    rig.phone_of_b(USER, 2);
    not_found(json!({}));
    let phone = rig.phone(USER, 3, &json!({ "flags": ["FLAG_1"] }));
    assert_eq!(send(json!({})).status, 200);
    assert_eq!(send(json!({ "flag": "FLAG_1" })).status, 200);
    not_found(json!({ "flag": "FLAG_2" }));
    not_found(json!({ "userId": "another" }));
    let change = format!("/v2/registrations/{}", phone.id());
    rig.ok("PUT", &change, &json!({ "change": "BLOCK" }));
    not_found(json!({}));
    rig.ok("PUT", &change, &json!({ "change": "UNBLOCK" }));
    assert_eq!(send(json!({})).status, 200);
    rig.ok("DELETE", &change, &Value::Null);
    not_found(json!({}));
}

#[test]
fn what_is_wrong_with_a_creation() {
    let rig = Rig::new();
    rig.phone(USER, 1, &json!({}));
    let good = json!({ "userId": USER, "template": "login", "parameters": { "place": "home" } });
    let with = |more: Value| {
        let mut body = good.clone();
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        rig.call("POST", "/v2/operations", &body)
    };
    assert_eq!(with(json!({})).status, 200);
    for (more, expected) in [
        (json!({ "userId": null }), "userId"),
        (json!({ "template": null }), "template"),
        (json!({ "template": "nothing" }), "template"),
        (json!({ "language": "english" }), "language"),
        (json!({ "language": "e1" }), "language"),
        (json!({ "flag": "a b" }), "flag"),
        (json!({ "externalId": "x".repeat(256) }), "externalId"),
        (json!({ "parameters": {} }), "parameters.place"),
        (json!({ "parameters": { "place": null } }), "parameters.place"),
        (json!({ "parameters": null }), "parameters.place"),
    ] {
        assert_eq!(violations(&with(more.clone())), [expected], "{more}");
    }
    assert_eq!(
        violations(&rig.call("POST", "/v2/operations", &json!({}))),
        ["userId", "template"]
    );
    for more in [
        json!({ "parameters": { "place": "a\u{7}" } }),
        json!({ "parameters": { "place": [] } }),
    ] {
        let answer = with(more);
        assert_eq!((answer.status, answer.code().as_str()), (400, "ERROR_REQUEST"));
    }
}

#[test]
fn callbacks_hear_of_it_once_also_when_internal_systems_tell() {
    let rig = Rig::new();
    rig.phone(USER, 1, &json!({}));
    let url = json!({
        "applicationId": A, "name": "n", "type": "OPERATION_STATUS_CHANGE",
        "callbackUrl": "https://bank.example/", "attributes": ["status"],
    });
    rig.open.rest("/application/callback/create", &url).ok();
    let id = rig.operation(USER, &json!({}));
    let events = |store: &dyn countersign::store::Store| {
        use countersign::engine::callback::outbox;
        use countersign::store::{Machine, Tx, driver::drive, lane::Lanes};
        let engine = rig.world.api.engine();
        let mut machine = Machine::new(None, |tx: &mut Tx<'_>| outbox::backlog(engine, tx));
        pollster::block_on(drive(&mut machine, store, &Lanes::new(), &*rig.world.host))
            .unwrap()
            .events
    };
    let store = &*rig.world.store;
    let tell = |auth, id: &str| {
        let body = json!({ "operationId": id });
        rig.call_as(auth, "POST", "/internal/callback/operation", &body)
    };
    assert_eq!(events(store), 1);
    let ok = json!({ "status": "OK" });
    assert_eq!(tell(&rig.integration, &id).json(), ok);
    assert_eq!(events(store), 1, "nothing has changed");
    rig.world.host.advance(300_001);
    assert_eq!(tell(&rig.admin, &id).json(), ok);
    assert_eq!(events(store), 2);
    assert_eq!(tell(&rig.integration, &id).json(), ok);
    assert_eq!(tell(&rig.integration, UNKNOWN).json(), ok);
    assert_eq!(events(store), 2);
    assert_eq!(rig.ok("GET", &path(&id), &Value::Null)["status"], "EXPIRED");
    for body in [json!({}), json!({ "operationId": "" })] {
        refused(
            &rig.call_as(&rig.integration, "POST", "/internal/callback/operation", &body),
            "ERROR_REQUEST",
            "Required String parameter 'operationId' is not present",
        );
    }
}
