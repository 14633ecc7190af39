//! The inbox: what back ends post and phones read.

use countersign::api::{Api, Dialect};
use countersign::client::InboxPage;
use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};

use crate::rig::{APP, Rig, USER, merged, outcome, plain, with_token};
use crate::support::prelude::TOKEN;
use crate::support::{Answer, World};

fn message(changes: Value) -> Value {
    let message = json!({
        "userId": USER, "applications": [APP], "type": "text", "subject": "Example subject",
        "summary": "Example summary", "body": "Example message body",
    });
    merged(message, changes)
}

fn post(world: &World, changes: Value) -> Answer {
    world.ask(&plain("POST", "/inbox/messages", &message(changes)))
}

fn ask(rig: &mut Rig, world: &World, path: &str, body: &Value) -> Answer {
    let path = format!("/api/inbox/{path}");
    let ask = with_token(&mut rig.phone, &path, body, world.now());
    world.ask(&ask)
}

fn unread(rig: &mut Rig) -> u64 {
    let now = rig.world.now();
    let call = rig
        .phone
        .device
        .count_inbox(TOKEN, now, &mut rig.phone.rng)
        .unwrap();
    let answer = rig.world.send(&call.request);
    call.pending.read(answer.status, &answer.body).unwrap()
}

/// 2022-08-25T22:34:58.702Z
const POSTED: u64 = 1_661_466_898_702;

#[test]
fn the_examples_of_the_reference() {
    let mut rig = Rig::new();
    rig.world.host.set(POSTED);
    let posted = post(&rig.world, json!({})).ok();
    let id = posted["id"].clone();
    let full = json!({
        "id": id, "userId": USER, "applications": [APP], "type": "text", "subject": "Example subject",
        "summary": "Example summary", "body": "Example message body", "read": false,
        "timestampCreated": "2022-08-25T22:34:58.702+00:00",
    });
    assert_eq!(posted, full);
    let listed = json!({
        "id": id, "type": "text", "subject": "Example subject", "summary": "Example summary", "read": false,
        "timestampCreated": "2022-08-25T22:34:58.702+00:00",
    });
    let detailed = merged(listed.clone(), json!({ "body": "Example message body" }));
    let world = rig.world.clone();
    assert_eq!(
        ask(&mut rig, &world, "count", &json!({})).json(),
        json!({ "status": "OK", "responseObject": { "countUnread": 1 } })
    );
    let page = json!({ "requestObject": { "page": 0, "size": 10, "onlyUnread": false } });
    assert_eq!(
        ask(&mut rig, &world, "message/list", &page).json(),
        json!({ "status": "OK", "page": 0, "size": 10, "responseObject": [listed] })
    );
    let one = json!({ "requestObject": { "id": id } });
    assert_eq!(
        ask(&mut rig, &world, "message/detail", &one).json(),
        json!({ "status": "OK", "responseObject": [detailed] })
    );
    // The servers of that text answer with an object, and with seconds.
    let deployed = rig.speaking(Dialect::DeployedEnrollment);
    assert_eq!(
        ask(&mut rig, &deployed, "message/detail", &one).json(),
        json!({ "status": "OK",
                "responseObject": merged(detailed, json!({ "timestampCreated": "2022-08-25T22:34:58+0000" })) })
    );
    for path in ["message/read", "message/read", "message/read-all"] {
        assert_eq!(
            ask(&mut rig, &world, path, &one).json(),
            json!({ "status": "OK" }),
            "{path}"
        );
    }
    assert_eq!(unread(&mut rig), 0);
}

#[test]
fn pages_and_marks() {
    let mut rig = Rig::new();
    let world = rig.world.clone();
    let mut ids = Vec::new();
    for number in 0..25 {
        let answer = post(
            &world,
            json!({ "subject": format!("message {number}"), "type": "html" }),
        )
        .ok();
        ids.push(answer["id"].as_str().unwrap().to_owned());
        world.host.advance(1);
    }
    let list = |rig: &mut Rig, page: u32, size: u32, only_unread: bool| -> Vec<String> {
        let page = InboxPage {
            page,
            size,
            only_unread,
        };
        let now = rig.world.now();
        let call = rig
            .phone
            .device
            .list_inbox(&page, TOKEN, now, &mut rig.phone.rng)
            .unwrap();
        let answer = rig.world.send(&call.request);
        let messages = call.pending.read(answer.status, &answer.body).unwrap();
        assert!(messages.iter().all(|it| it.body.is_none() && it.kind == "html"));
        messages.into_iter().map(|it| it.id).collect()
    };
    let newest: Vec<String> = ids.iter().rev().cloned().collect();
    assert_eq!(list(&mut rig, 0, 10, false), newest[..10]);
    assert_eq!(list(&mut rig, 2, 10, false), newest[20..]);
    assert_eq!(list(&mut rig, 3, 10, true), Vec::<String>::new());
    let now = world.now();
    let call = rig
        .phone
        .device
        .mark_read(&newest[0], TOKEN, now, &mut rig.phone.rng)
        .unwrap();
    let answer = world.send(&call.request);
    call.pending.read(answer.status, &answer.body).unwrap();
    assert_eq!(list(&mut rig, 0, 10, true), newest[1..11]);
    assert_eq!(unread(&mut rig), 24);
    let call = rig
        .phone
        .device
        .request_message(&newest[0], TOKEN, now, &mut rig.phone.rng)
        .unwrap();
    let answer = world.send(&call.request);
    assert!(call.pending.read(answer.status, &answer.body).unwrap().read);
    let call = rig
        .phone
        .device
        .mark_all_read(TOKEN, now, &mut rig.phone.rng)
        .unwrap();
    let answer = world.send(&call.request);
    call.pending.read(answer.status, &answer.body).unwrap();
    assert_eq!((unread(&mut rig), list(&mut rig, 0, 100, true)), (0, Vec::new()));
    assert_eq!(list(&mut rig, 0, 100, false).len(), 25);
    // What comes in the same millisecond is new.
    post(&world, json!({ "type": "html" })).ok();
    assert_eq!((unread(&mut rig), list(&mut rig, 0, 100, true).len()), (1, 1));
    // Without page, or with an odd one.
    for (body, page, size, count) in [
        (json!({}), 0, 100, 26),
        (json!({ "requestObject": {} }), 0, 100, 26),
        (json!({ "requestObject": { "page": -1, "size": 5 } }), -1, 5, 5),
        (json!({ "requestObject": { "page": 0, "size": 0 } }), 0, 0, 26),
        (
            json!({ "requestObject": { "page": i64::MAX, "size": i64::MAX } }),
            i64::MAX,
            i64::MAX,
            0,
        ),
    ] {
        let answer = ask(&mut rig, &world, "message/list", &body).json();
        assert_eq!(
            (&answer["page"], &answer["size"]),
            (&json!(page), &json!(size)),
            "{body}"
        );
        assert_eq!(
            answer["responseObject"].as_array().unwrap().len(),
            count,
            "{body}"
        );
    }
}

#[test]
fn inboxes_are_separate() {
    let mut rig = Rig::new();
    let world = rig.world.clone();
    world.application("other", ProtocolVersion::V3_2);
    let refused = (400, "INBOX_FAILED".to_owned());
    let foreign = [
        post(&world, json!({ "userId": "user1" })).ok()["id"].clone(),
        post(&world, json!({ "applications": ["other"] })).ok()["id"].clone(),
        json!("11111111-2222-4333-8444-555555555555"),
        json!(""),
        json!("x".repeat(300)),
    ];
    for id in &foreign {
        for path in ["message/detail", "message/read"] {
            let answer = ask(&mut rig, &world, path, &json!({ "requestObject": { "id": id } }));
            assert_eq!(outcome(&answer), refused, "{path} {id}");
        }
    }
    for path in ["message/detail", "message/read", "message/list"] {
        for object in [json!(7), json!({ "id": 7, "page": "x" })] {
            let answer = ask(&mut rig, &world, path, &json!({ "requestObject": object }));
            assert_eq!(
                outcome(&answer),
                (400, "INVALID_REQUEST".to_owned()),
                "{path} {object}"
            );
        }
    }
    assert_eq!(unread(&mut rig), 0);
    // One message in two applications; reading all of one leaves the other's mark alone.
    post(&world, json!({ "applications": ["other", APP, APP] })).ok();
    assert_eq!(unread(&mut rig), 1);
    for path in [
        "count",
        "message/list",
        "message/detail",
        "message/read",
        "message/read-all",
    ] {
        let answer = world.ask(&plain("POST", &format!("/api/inbox/{path}"), &json!({})));
        assert_eq!(
            outcome(&answer),
            (401, "POWERAUTH_AUTH_FAIL".to_owned()),
            "{path}"
        );
    }
}

#[test]
fn what_back_ends_may_post() {
    let rig = Rig::new();
    let bad = [
        ("userId", json!(null)),
        ("userId", json!("")),
        ("userId", json!("x".repeat(256))),
        ("applications", json!([])),
        ("applications", json!(null)),
        ("type", json!("markdown")),
        ("type", json!(null)),
        ("subject", json!("seven..")),
        ("subject", json!("x".repeat(256))),
        ("summary", json!(null)),
        ("summary", json!("x".repeat(256))),
        ("body", json!("seven..")),
    ];
    for (name, value) in &bad {
        let answer = post(&rig.world, json!({ *name: value }));
        assert_eq!(
            outcome(&answer),
            (400, "ERROR_REQUEST".to_owned()),
            "{name} {value}"
        );
        assert_eq!(answer.object()["violations"][0]["fieldName"], *name);
    }
    let unknown = post(&rig.world, json!({ "applications": [APP, "nowhere"] }));
    assert_eq!(outcome(&unknown), (400, "ERROR_APP_NOT_FOUND".to_owned()));
    let unreadable = rig.world.ask(&plain("POST", "/inbox/messages", &json!([])));
    assert_eq!(outcome(&unreadable), (400, "ERROR_REQUEST".to_owned()));
    let closed = World {
        api: std::sync::Arc::new(Api::new(crate::support::engine())),
        ..rig.world.clone()
    };
    assert_eq!(post(&closed, json!({})).status, 401);
    post(&rig.world, json!({ "body": "x".repeat(60_000) })).ok();
    println!("{} bad messages", bad.len());
}
