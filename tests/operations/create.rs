//! Part 2, sections 3 and 4.1.

use countersign::model::operation::OperationStatus;
use serde_json::{Value, json};

use super::world::{APP, DATA, OTHER_APP, START, USER, World, creation, merged, template_request};

const CREATE: &str = "operation/create";
const CREATED: &str = "2023-11-14T22:13:20.000+00:00";

#[test]
fn answer_record_journal_and_callback() {
    let world = World::new();
    let created =
        world.create(json!({ "externalId": "E", "activationFlag": "F", "additionalData": { "k": 1 } }));
    let id = created["id"].as_str().unwrap();
    assert_eq!(id.len(), 36);
    assert_eq!(&id[14..15], "4");
    let expected = json!({
        "id": id, "userId": USER, "applications": [APP], "externalId": "E", "activationFlag": "F",
        "operationType": "authorize_payment", "templateName": "payment", "data": DATA,
        "parameters": { "amount": "100", "currency": "CZK", "iban": "X" },
        "additionalData": { "k": 1 }, "status": "PENDING", "statusReason": null,
        "signatureType": ["POSSESSION_KNOWLEDGE", "POSSESSION_BIOMETRY"],
        "failureCount": 0, "maxFailureCount": 3, "timestampCreated": CREATED,
        "timestampExpires": "2023-11-14T22:18:20.000+00:00", "timestampFinalized": null,
        "riskFlags": "XF", "proximityOtp": null, "activationId": null
    });
    // The order of the members is part of the specification.
    assert_eq!(created.to_string(), expected.to_string());
    assert_eq!(world.detail(id).to_string(), expected.to_string());

    let notes = world.journal(id);
    assert_eq!(notes.len(), 1);
    assert_eq!(
        (notes[0].kind.as_str(), notes[0].user.as_deref()),
        ("operation_created", Some(USER))
    );
    let parameters: Value = serde_json::from_str(&notes[0].parameters).unwrap();
    let told = [
        ("id", json!(id)),
        ("userId", json!(USER)),
        ("applications", json!([APP])),
        ("externalId", json!("E")),
        ("activationFlag", json!("F")),
        ("activationId", json!(null)),
        ("operationType", json!("authorize_payment")),
        ("template", json!("payment")),
        ("data", json!(DATA)),
        ("parameters", created["parameters"].clone()),
        ("additionalData", json!({ "k": 1 })),
        ("status", json!("PENDING")),
        ("allowedSignatureType", created["signatureType"].clone()),
        ("maxFailureCount", json!(3)),
        ("timestampExpires", json!(START + 300_000)),
        ("proximityCheckEnabled", json!(false)),
    ];
    for (name, value) in told {
        assert_eq!(parameters[name], value, "{name}");
    }
    let body = json!({
        "type": "OPERATION", "operationId": id, "status": "PENDING", "failureCount": 0, "userId": USER,
        "additionalData": { "k": 1 }
    });
    assert_eq!(world.bodies(id), [body]);
}

#[test]
fn every_attribute_of_a_callback() {
    let world = World::new();
    let all = [
        "userId",
        "applications",
        "operationType",
        "parameters",
        "additionalData",
        "activationFlag",
        "status",
        "data",
        "failureCount",
        "maxFailureCount",
        "signatureType",
        "externalId",
        "timestampCreated",
        "timestampExpires",
        "timestampFinalized",
        "riskFlags",
        "templateName",
        "proximityOtp",
    ];
    world.callback(APP, &all);
    let created = world.create(json!({ "proximityCheckEnabled": true }));
    let bodies = world.bodies(created["id"].as_str().unwrap());
    let expected = json!({
        "type": "OPERATION", "operationId": created["id"], "userId": USER, "applications": [APP],
        "operationType": "authorize_payment", "parameters": created["parameters"], "additionalData": null,
        "activationFlag": null, "status": "PENDING", "data": DATA, "failureCount": 0, "maxFailureCount": 3,
        "signatureType": ["POSSESSION_KNOWLEDGE", "POSSESSION_BIOMETRY"], "externalId": null,
        "timestampCreated": START, "timestampExpires": START + 300_000, "timestampFinalized": null
    });
    assert!(bodies.contains(&expected), "{bodies:?}");
    println!("{} attributes", all.len());
}

#[test]
fn the_first_failing_check_wins() {
    let world = World::new();
    let long = json!("x".repeat(256));
    let past = json!(START - 1);
    let cases = [
        (
            json!({ "applications": null, "userId": "", "templateName": "" }),
            "ERR0024",
        ),
        (json!({ "applications": [] }), "ERR0024"),
        (json!({ "userId": "", "templateName": "nope" }), "ERR0024"),
        (json!({ "templateName": null }), "ERR0024"),
        (json!({ "templateName": "", "applications": ["nope"] }), "ERR0024"),
        (
            json!({ "activationId": "x".repeat(38), "templateName": "nope" }),
            "ERR0024",
        ),
        (
            json!({ "activationId": "unknown", "templateName": "nope" }),
            "ERR0024",
        ),
        (
            json!({ "parameters": { "a": "\t" }, "templateName": "nope" }),
            "ERR0024",
        ),
        (
            json!({ "timestampExpires": past, "templateName": "nope" }),
            "ERR0024",
        ),
        (
            json!({ "templateName": "nope", "applications": ["nope"] }),
            "ERR0033",
        ),
        (json!({ "applications": ["nope"] }), "ERR0015"),
        (json!({ "applications": [APP, "nope"] }), "ERR0015"),
        (json!({ "applications": [APP, APP] }), "ERR0015"),
        (json!({ "applications": vec![APP; 13] }), "ERR0024"),
        (json!({ "userId": long }), "ERR0024"),
        (json!({ "externalId": long }), "ERR0024"),
        (json!({ "activationFlag": long }), "ERR0024"),
        (json!({ "templateName": long }), "ERR0024"),
        (
            json!({ "parameters": { "amount": "${iban}", "iban": "${amount}" } }),
            "ERR0024",
        ),
        (
            json!({ "parameters": { "amount": "x".repeat(33_000) } }),
            "ERR0024",
        ),
        (json!({ "applications": APP }), "ERROR_HTTP_REQUEST"),
        (json!({ "applications": {} }), "ERROR_HTTP_REQUEST"),
        (json!({ "userId": {} }), "ERROR_HTTP_REQUEST"),
        (json!({ "parameters": [] }), "ERROR_HTTP_REQUEST"),
        (json!({ "parameters": "x" }), "ERROR_HTTP_REQUEST"),
        (json!({ "parameters": { "amount": {} } }), "ERROR_HTTP_REQUEST"),
        (json!({ "parameters": { "amount": [1] } }), "ERROR_HTTP_REQUEST"),
        (json!({ "additionalData": [] }), "ERROR_HTTP_REQUEST"),
        (json!({ "timestampExpires": "tomorrow" }), "ERROR_HTTP_REQUEST"),
        (json!({ "proximityCheckEnabled": "x" }), "ERROR_HTTP_REQUEST"),
    ];
    for (changes, expected) in &cases {
        assert_eq!(
            world.code(CREATE, creation(changes.clone())),
            *expected,
            "{changes}"
        );
    }
    assert_eq!(world.events().len(), 0);
    println!("{} refusals", cases.len());
}

#[test]
fn expiry() {
    let world = World::new();
    let cases = [
        (json!(START), CREATED),
        (json!("2023-11-14T22:13:20Z"), CREATED),
        (
            json!("2023-11-14T22:13:20.5+00:00"),
            "2023-11-14T22:13:20.500+00:00",
        ),
        (json!("2024-01-01"), "2024-01-01T00:00:00.000+00:00"),
        (json!(i64::MAX), "9999-12-31T23:59:59.999+00:00"),
    ];
    for (asked, expected) in &cases {
        assert_eq!(
            world.create(json!({ "timestampExpires": asked }))["timestampExpires"],
            *expected
        );
    }
    world.template(json!({ "templateName": "forever", "expiration": i64::MAX }));
    let forever = world.create(json!({ "templateName": "forever" }));
    assert_eq!(forever["timestampExpires"], "9999-12-31T23:59:59.999+00:00");
    println!("{} moments", cases.len() + 1);
}

#[test]
fn parameters() {
    let world = World::new();
    let cases = [
        (json!({ "amount": "1" }), "A1*A1${currency}*I${iban}"),
        (json!({}), "A1*A${amount}${currency}*I${iban}"),
        (
            json!({ "amount": "", "currency": "CZK", "iban": "x" }),
            "A1*ACZK*Ix",
        ),
        (
            json!({ "amount": 100, "currency": true, "iban": "x" }),
            "A1*A100true*Ix",
        ),
        (
            json!({ "amount": null, "currency": "CZK", "iban": "x" }),
            "A1*A${amount}CZK*Ix",
        ),
        (
            json!({ "amount": "${currency}", "currency": "EUR", "iban": "X" }),
            "A1*AEUREUR*IX",
        ),
        (
            json!({ "amount": "1*2\n3", "currency": "€", "iban": "\\*" }),
            "A1*A1\\*2\\n3€*I\\*",
        ),
    ];
    for (parameters, expected) in &cases {
        let created = world.create(json!({ "parameters": parameters }));
        assert_eq!(created["data"], *expected);
        for (name, value) in parameters.as_object().unwrap() {
            let echoed = match value {
                Value::Number(_) | Value::Bool(_) => json!(value.to_string()),
                value => value.clone(),
            };
            assert_eq!(created["parameters"][name], echoed, "{name}");
        }
    }
    world.template(json!({ "templateName": "defaults", "dataTemplate": "A1*N${note:-none}*T$${note}" }));
    let with = |parameters: Value| {
        let created = world.create(json!({ "templateName": "defaults", "parameters": parameters }));
        created["data"].as_str().unwrap().to_owned()
    };
    assert_eq!(with(json!({})), "A1*Nnone*T${note}");
    assert_eq!(with(json!({ "note": "a" })), "A1*Na*T${note}");
    println!("{} maps of parameters", cases.len() + 2);
}

#[test]
fn proximity_flag_overrides_the_template() {
    let world = World::new();
    world.template(json!({ "templateName": "proximity", "proximityCheckEnabled": true }));
    let mut checked = 0;
    for (template, from_template) in [("payment", false), ("proximity", true)] {
        for asked in [Some(true), Some(false), None] {
            for name in [
                "proximityCheckEnabled",
                "proximity_check_enabled",
                "enableProximityCheck",
            ] {
                let id = world.new_id(json!({ "templateName": template, name: asked }));
                let seed = world.record(&id).totp_seed;
                assert_eq!(
                    seed.is_some(),
                    asked.unwrap_or(from_template),
                    "{template} {asked:?}"
                );
                // Version, key id, nonce, 16 bytes, tag: sealed.
                assert!(seed.is_none_or(|seed| seed.len() == 1 + 4 + 12 + 16 + 16));
                assert_eq!(
                    world.detail(&id)["proximityOtp"].is_string(),
                    asked.unwrap_or(from_template)
                );
                checked += 1;
            }
        }
    }
    println!("{checked} combinations");
}

#[test]
fn nothing_is_idempotent() {
    let world = World::new();
    let first = world.create(json!({ "externalId": "same" }));
    let second = world.create(json!({ "externalId": "same" }));
    assert_ne!(first["id"], second["id"]);
    let single = creation(json!({ "applications": null, "applicationId": APP }));
    assert_eq!(world.ok(CREATE, single)["applications"], json!([APP]));
    let shared = world.create(json!({ "applications": [OTHER_APP, APP] }));
    assert_eq!(shared["applications"], json!([OTHER_APP, APP]));
    // One event for each of the two applications.
    assert_eq!(world.bodies(shared["id"].as_str().unwrap()).len(), 2);
}

#[test]
fn bound_to_an_activation() {
    let world = World::new();
    let init = json!({ "userId": USER, "applicationId": APP });
    let activation = world.ok("activation/init", init)["activationId"].clone();
    let bound = world.create(json!({ "activationId": activation }));
    assert_eq!(
        (&bound["activationId"], &bound["userId"]),
        (&activation, &json!(USER))
    );
    // The user follows from the activation.
    let derived = world.create(json!({ "userId": null, "activationId": activation }));
    assert_eq!(
        (&derived["activationId"], &derived["userId"]),
        (&activation, &json!(USER))
    );
    let somebody_else = creation(json!({ "userId": "other", "activationId": activation }));
    assert_eq!(world.code(CREATE, somebody_else), "ERR0024");
    let unknown = creation(json!({ "userId": null, "activationId": "unknown" }));
    assert_eq!(world.code(CREATE, unknown), "ERR0024");
    let nobodys = world.create(json!({ "userId": null }));
    assert_eq!(
        (&nobodys["userId"], &nobodys["activationId"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn many_templates_at_their_limits() {
    let world = World::new();
    let template = merged(template_request("limits"), json!({ "maxFailureCount": i64::MAX }));
    world.ok("operation/template/create", template);
    let id = world.new_id(json!({ "templateName": "limits", "externalId": "", "additionalData": null }));
    let record = world.record(&id);
    assert_eq!(record.max_failure_count, u64::try_from(i64::MAX).unwrap());
    assert_eq!(
        (record.status, record.external_id.as_deref()),
        (OperationStatus::Pending, Some(""))
    );
    assert_eq!(world.detail(&id)["maxFailureCount"], json!(i64::MAX));
}
