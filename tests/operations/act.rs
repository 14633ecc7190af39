//! Part 2, section 5: the table of states and actions, and what each outcome leaves behind.

use serde_json::{Value, json};

use super::world::{APP, DATA, OTHER_APP, START, USER, World, approval, merged, rejection, text};

const APPROVE: &str = "operation/approve";
const FAIL: &str = "operation/approve/fail";
const REJECT: &str = "operation/reject";
const CANCEL: &str = "operation/cancel";

/// What an action left behind.
#[derive(Debug, PartialEq)]
struct Traces {
    status: String,
    failures: u64,
    finalized: bool,
    additional: Value,
    callbacks: usize,
    kinds: Vec<String>,
}

fn traces(world: &World, id: &str) -> Traces {
    let record = world.record(id);
    Traces {
        status: record.status.name().to_owned(),
        failures: record.failure_count,
        finalized: record.finalized.is_some(),
        additional: serde_json::from_str(&record.additional_data).unwrap(),
        callbacks: world.bodies(id).len(),
        kinds: world.kinds(id),
    }
}

/// An operation in a state, with its template's three attempts.
fn in_state(world: &World, state: &str) -> String {
    let id = world.new_id(json!({}));
    let bad = approval(&id, json!({ "data": "bad" }));
    match state {
        "PENDING" => {}
        "LAST" => (0..2).for_each(|_| drop(world.ok(APPROVE, bad.clone()))),
        "FAILED" => (0..3).for_each(|_| drop(world.ok(APPROVE, bad.clone()))),
        "APPROVED" => drop(world.ok(APPROVE, approval(&id, json!({})))),
        "REJECTED" => drop(world.ok(REJECT, rejection(&id, json!({})))),
        "CANCELED" => drop(world.ok(CANCEL, json!({ "operationId": id }))),
        "EXPIRED" => {
            world.host.set(START + 300_001);
            assert_eq!(world.detail(&id)["status"], "EXPIRED");
        }
        "OVERDUE" => world.host.set(START + 300_001),
        other => panic!("{other}"),
    }
    id
}

/// The actions of the table, with their requests.
fn actions(id: &str) -> [(&'static str, &'static str, Value); 6] {
    let context = json!({ "additionalData": { "c": 1 } });
    let id_only = json!({ "operationId": id });
    [
        (
            "approve",
            APPROVE,
            merged(approval(id, json!({})), context.clone()),
        ),
        (
            "approve, condition fails",
            APPROVE,
            merged(approval(id, json!({ "data": "bad" })), context.clone()),
        ),
        ("approve/fail", FAIL, merged(id_only.clone(), context.clone())),
        (
            "reject",
            REJECT,
            merged(rejection(id, json!({})), context.clone()),
        ),
        (
            "reject, mismatch",
            REJECT,
            merged(rejection(id, json!({ "userId": "other" })), context.clone()),
        ),
        ("cancel", CANCEL, merged(id_only, context)),
    ]
}

#[test]
fn state_and_action_table_with_side_effects() {
    // Result, state afterwards, failures, finalized, merged, callbacks, kind.
    type Row = (&'static str, &'static str, u64, bool, bool, usize, &'static str);
    let pending: [Row; 6] = [
        ("APPROVED", "APPROVED", 0, true, true, 1, "operation_approved"),
        (
            "APPROVAL_FAILED",
            "PENDING",
            1,
            false,
            true,
            1,
            "operation_approval_failed",
        ),
        (
            "APPROVAL_FAILED",
            "PENDING",
            1,
            false,
            true,
            1,
            "operation_approval_failed",
        ),
        ("REJECTED", "REJECTED", 0, true, true, 1, "operation_rejected"),
        (
            "REJECT_FAILED",
            "PENDING",
            0,
            false,
            false,
            0,
            "operation_reject_failed",
        ),
        ("", "CANCELED", 0, false, true, 1, "operation_canceled"),
    ];
    let last: [Row; 6] = [
        ("APPROVED", "APPROVED", 2, true, true, 1, "operation_approved"),
        ("OPERATION_FAILED", "FAILED", 3, true, true, 1, "operation_failed"),
        ("OPERATION_FAILED", "FAILED", 3, true, true, 1, "operation_failed"),
        ("REJECTED", "REJECTED", 2, true, true, 1, "operation_rejected"),
        (
            "REJECT_FAILED",
            "PENDING",
            2,
            false,
            false,
            0,
            "operation_reject_failed",
        ),
        ("", "CANCELED", 2, false, true, 1, "operation_canceled"),
    ];
    let mut cells = 0;
    for (state, rows) in [("PENDING", pending), ("LAST", last)] {
        for (at, row) in rows.into_iter().enumerate() {
            let world = World::new();
            let id = in_state(&world, state);
            let before = traces(&world, &id);
            let (name, path, request) = actions(&id)[at].clone();
            let reply = world.ok(path, request);
            let (result, status, failures, finalized, merged, callbacks, kind) = row;
            let operation = if result.is_empty() {
                &reply
            } else {
                &reply["operation"]
            };
            if !result.is_empty() {
                assert_eq!(reply["result"], result, "{state} {name}");
                let members: Vec<&String> = reply.as_object().unwrap().keys().collect();
                assert_eq!(members, ["result", "operation"]);
            }
            let after = traces(&world, &id);
            let mut kinds = before.kinds;
            kinds.push(kind.to_owned());
            let expected = Traces {
                status: status.to_owned(),
                failures,
                finalized,
                additional: if merged { json!({ "c": 1 }) } else { json!({}) },
                callbacks: before.callbacks + callbacks,
                kinds,
            };
            assert_eq!(after, expected, "{state} {name}");
            assert_eq!(operation["status"], status, "{state} {name}");
            assert_eq!(operation["failureCount"], json!(failures), "{state} {name}");
            assert_eq!(operation["additionalData"], after.additional, "{state} {name}");
            assert_eq!(
                operation["timestampFinalized"].is_string(),
                finalized,
                "{state} {name}"
            );
            assert_eq!(world.detail(&id)["status"], status, "{state} {name}");
            cells += 1;
        }
    }
    let codes = ["ERR0037", "ERR0037", "ERR0036", "ERR0038", "ERR0038", "ERR0036"];
    for state in ["CANCELED", "EXPIRED", "OVERDUE", "APPROVED", "REJECTED", "FAILED"] {
        for (at, code) in codes.into_iter().enumerate() {
            let world = World::new();
            let id = in_state(&world, state);
            let mut before = traces(&world, &id);
            let (name, path, request) = actions(&id)[at].clone();
            assert_eq!(world.code(path, request), code, "{state} {name}");
            if state == "OVERDUE" {
                // Noticed on the way, and told exactly once although the request was refused.
                before.status = "EXPIRED".to_owned();
                before.callbacks += 1;
                before.kinds.push("operation_expired".to_owned());
            }
            assert_eq!(traces(&world, &id), before, "{state} {name}");
            let shown = if state == "OVERDUE" { "EXPIRED" } else { state };
            assert_eq!(world.detail(&id)["status"], shown);
            assert_eq!(traces(&world, &id), before, "{state} {name}");
            cells += 1;
        }
    }
    let world = World::new();
    let codes = ["ERR0037", "ERR0037", "ERR0034", "ERR0038", "ERR0038", "ERR0034"];
    for ((name, path, request), code) in actions("missing").into_iter().zip(codes) {
        assert_eq!(world.code(path, request), code, "missing {name}");
        cells += 1;
    }
    assert_eq!(
        world.code("operation/detail", json!({ "operationId": "missing" })),
        "ERR0034"
    );
    println!("{cells} cells");
}

#[test]
fn an_unknown_application_comes_before_the_state() {
    let mut checked = 0;
    for state in [
        "PENDING", "APPROVED", "REJECTED", "CANCELED", "EXPIRED", "OVERDUE", "FAILED",
    ] {
        let world = World::new();
        let id = in_state(&world, state);
        let before = traces(&world, &id);
        let nope = json!({ "applicationId": "nope" });
        assert_eq!(
            world.code(APPROVE, approval(&id, nope.clone())),
            "ERR0015",
            "{state}"
        );
        assert_eq!(world.code(REJECT, rejection(&id, nope)), "ERR0015", "{state}");
        assert_eq!(traces(&world, &id), before);
        checked += 2;
    }
    let world = World::new();
    let nope = json!({ "applicationId": "nope" });
    assert_eq!(world.code(APPROVE, approval("missing", nope.clone())), "ERR0037");
    assert_eq!(world.code(REJECT, rejection("missing", nope)), "ERR0038");
    println!("{} answers", checked + 2);
}

#[test]
fn each_condition_costs_one_attempt_and_is_not_told() {
    let world = World::new();
    let init = json!({ "userId": USER, "applicationId": APP });
    let activation = world.ok("activation/init", init)["activationId"].clone();
    let creation = json!({ "activationId": activation, "proximityCheckEnabled": true });
    world.template(json!({ "templateName": "one", "signatureType": ["POSSESSION"] }));
    let mut replies = Vec::new();
    let cases = [
        ("user", json!({ "userId": "other" })),
        ("application", json!({ "applicationId": OTHER_APP })),
        ("data", json!({ "data": format!("{DATA} ") })),
        (
            "signatureType",
            json!({ "signatureType": "POSSESSION_KNOWLEDGE" }),
        ),
        (
            "signatureType",
            json!({ "signatureType": "POSSESSION_KNOWLEDGE_BIOMETRY" }),
        ),
        (
            "proximity",
            json!({ "additionalData": { "activationId": activation } }),
        ),
        ("activation", json!({ "additionalData": {} })),
        (
            "activation",
            json!({ "additionalData": { "activationId": "other" } }),
        ),
    ];
    for (condition, change) in &cases {
        let id = world.new_id(merged(creation.clone(), json!({ "templateName": "one" })));
        let otp = text(&world.detail(&id), "proximityOtp");
        let context = json!({ "activationId": activation, "proximity_otp": otp });
        let good = approval(
            &id,
            json!({ "signatureType": "POSSESSION", "additionalData": context }),
        );
        let mut bad = merged(good.clone(), change.clone());
        if *condition == "activation" {
            bad["additionalData"]["proximity_otp"] = json!(otp);
        }
        let mut reply = world.ok(APPROVE, bad);
        assert_eq!(reply["operation"]["failureCount"], 1, "{condition}");
        // The journal tells which condition it was, the answer does not.
        let note = world.journal(&id).pop().unwrap();
        let parameters: Value = serde_json::from_str(&note.parameters).unwrap();
        assert_eq!(parameters["unmet"], json!([condition]));
        reply["operation"]["id"].take();
        reply["operation"]["additionalData"].take();
        replies.push(reply);
        assert_eq!(world.ok(APPROVE, good)["result"], "APPROVED", "{condition}");
    }
    assert!(replies.iter().all(|reply| *reply == replies[0]), "{replies:?}");
    // Several at once still cost one.
    let id = world.new_id(creation);
    let all = approval(
        &id,
        json!({ "userId": "o", "applicationId": OTHER_APP, "data": "x", "signatureType": "KNOWLEDGE" }),
    );
    assert_eq!(world.ok(APPROVE, all)["operation"]["failureCount"], 1);
    println!("{} conditions", cases.len());
}

#[test]
fn the_last_of_the_attempts() {
    let world = World::new();
    world.template(json!({ "templateName": "single", "maxFailureCount": 1 }));
    for (template, limit) in [("payment", 3_u64), ("single", 1)] {
        let id = world.new_id(json!({ "templateName": template }));
        for attempt in 1..=limit {
            let reply = world.ok(APPROVE, approval(&id, json!({ "data": "bad" })));
            let last = attempt == limit;
            assert_eq!(
                reply["result"],
                if last {
                    "OPERATION_FAILED"
                } else {
                    "APPROVAL_FAILED"
                }
            );
            assert_eq!(reply["operation"]["failureCount"], attempt);
            assert_eq!(
                reply["operation"]["status"],
                if last { "FAILED" } else { "PENDING" }
            );
        }
        assert_eq!(world.code(APPROVE, approval(&id, json!({}))), "ERR0037");
    }
}

#[test]
fn the_first_failing_check_wins() {
    let world = World::new();
    let id = world.new_id(json!({}));
    let before = traces(&world, &id);
    let mut checked = 0;
    let attributes = ["applicationId", "operationId", "userId", "data", "signatureType"];
    for attribute in attributes {
        for bad in [Value::Null, json!("")] {
            let code = if attribute == "signatureType" && bad == json!("") {
                "ERROR_HTTP_REQUEST"
            } else {
                "ERR0024"
            };
            let request = merged(approval(&id, json!({})), json!({ attribute: null }));
            let mut request = merged(request, json!({}));
            request[attribute] = bad.clone();
            assert_eq!(world.code(APPROVE, request), code, "approve {attribute}");
            if !["data", "signatureType"].contains(&attribute) {
                let mut request = rejection(&id, json!({}));
                request[attribute] = bad.clone();
                assert_eq!(world.code(REJECT, request), "ERR0024", "reject {attribute}");
            }
            checked += 1;
        }
    }
    for path in [APPROVE, REJECT] {
        let blank = approval(&id, json!({ "applicationId": " \t" }));
        assert_eq!(world.code(path, blank), "ERR0024");
    }
    for path in [CANCEL, FAIL, "operation/detail"] {
        for request in [json!({}), json!({ "operationId": "" })] {
            assert_eq!(world.code(path, request), "ERR0024", "{path}");
            checked += 1;
        }
        assert_eq!(
            world.code(path, json!({ "operationId": [] })),
            "ERROR_HTTP_REQUEST"
        );
    }
    let reason = |length: usize| json!({ "operationId": id, "statusReason": "é".repeat(length) });
    assert_eq!(world.code(CANCEL, reason(33)), "ERR0024");
    for (name, path, request) in actions(&id) {
        for bad in [json!([]), json!(true), json!(7), json!("")] {
            let request = merged(request.clone(), json!({ "additionalData": bad }));
            assert_eq!(world.code(path, request), "ERROR_HTTP_REQUEST", "{name}");
            checked += 1;
        }
    }
    for kind in ["possession_knowledge", "KNOWLEDGE_BIOMETRY", "FACE"] {
        let request = approval(&id, json!({ "signatureType": kind }));
        assert_eq!(world.code(APPROVE, request), "ERROR_HTTP_REQUEST");
        checked += 1;
    }
    assert_eq!(traces(&world, &id), before);
    assert_eq!(world.ok(CANCEL, reason(32))["statusReason"], "é".repeat(32));
    println!("{checked} refusals");
}

#[test]
fn a_non_personalised_operation_belongs_to_who_decides() {
    let world = World::new();
    let request = json!({ "userId": null });
    let approved = world.new_id(request.clone());
    let reply = world.ok(APPROVE, approval(&approved, json!({ "userId": "late" })));
    assert_eq!(
        (&reply["result"], &reply["operation"]["userId"]),
        (&json!("APPROVED"), &json!("late"))
    );
    let rejected = world.new_id(request.clone());
    let reply = world.ok(REJECT, rejection(&rejected, json!({ "userId": "late" })));
    assert_eq!(
        (&reply["result"], &reply["operation"]["userId"]),
        (&json!("REJECTED"), &json!("late"))
    );
    let failed = world.new_id(request);
    let reply = world.ok(
        APPROVE,
        approval(&failed, json!({ "userId": "late", "data": "bad" })),
    );
    assert_eq!(
        (&reply["result"], &reply["operation"]["userId"]),
        (&json!("APPROVAL_FAILED"), &Value::Null)
    );
    let list = json!({ "userId": "late", "applications": [APP] });
    assert_eq!(world.ok("operation/list", list).as_array().unwrap().len(), 2);
}

#[test]
fn additional_data_is_overlaid_and_the_device_computed() {
    let world = World::new();
    let agent = "PowerAuthNetworking/1.1.7 (en; cellular) com.example.MobileToken/2.0.0 (Apple; iOS/16.6.1; iphone12,3)";
    let id = world.new_id(json!({ "additionalData": { "a": 1, "b": { "x": 1 } } }));
    let fail = json!({ "operationId": id, "additionalData": { "b": [true], "userAgent": agent } });
    let reply = world.ok(FAIL, fail);
    let stored = json!({ "a": 1, "b": [true], "userAgent": agent });
    assert_eq!(reply["operation"]["additionalData"], stored);
    let device = json!({
        "networkVersion": "1.1.7", "language": "en", "connection": "cellular",
        "product": "com.example.MobileToken", "version": "2.0.0", "platform": "Apple", "os": "iOS",
        "osVersion": "16.6.1", "model": "iphone12,3"
    });
    let shown = merged(stored.clone(), json!({ "device": device }));
    assert_eq!(world.detail(&id)["additionalData"], shown);
    let listed = world.ok("operation/list", json!({ "userId": USER, "applications": [APP] }));
    assert_eq!(listed[0]["additionalData"], stored);
    let canceled = world.ok(CANCEL, json!({ "operationId": id, "statusReason": "WHY" }));
    assert_eq!(canceled["additionalData"], shown);
    assert_eq!(
        serde_json::from_str::<Value>(&world.record(&id).additional_data).unwrap(),
        stored
    );
    let note = world.journal(&id).pop().unwrap();
    let parameters: Value = serde_json::from_str(&note.parameters).unwrap();
    assert_eq!(
        (&parameters["additionalData"], &parameters["statusReason"]),
        (&shown, &json!("WHY"))
    );
}

#[test]
fn what_never_changes() {
    let world = World::new();
    let mut checked = 0;
    for (at, _) in actions("").iter().enumerate() {
        let id = world.new_id(json!({ "applications": [APP, OTHER_APP] }));
        let before = world.detail(&id);
        let (_, path, request) = actions(&id)[at].clone();
        world.ok(path, request);
        let after = world.detail(&id);
        let fixed = [
            "data",
            "parameters",
            "signatureType",
            "maxFailureCount",
            "riskFlags",
            "timestampCreated",
            "timestampExpires",
            "applications",
        ];
        for name in fixed {
            assert_eq!(before[name], after[name], "{name}");
            checked += 1;
        }
    }
    println!("{checked} members");
}
