//! Part 2, section 7.

use countersign::crypto::totp::Totp;
use countersign::engine::Place;
use countersign::model::operation::OPERATION;
use serde_json::{Value, json};

use super::world::{START, World, approval, text};

const STEP: u64 = 30_000;

fn seed(world: &World, id: &str) -> Vec<u8> {
    let place = Place {
        collection: OPERATION,
        id,
        field: "totp_seed",
    };
    let sealed = world.record(id).totp_seed.unwrap();
    world
        .engine
        .keyring
        .open(place, &sealed)
        .unwrap()
        .as_bytes()
        .to_vec()
}

fn attempt(world: &World, id: &str, otp: Value) -> String {
    let request = approval(id, json!({ "additionalData": { "proximity_otp": otp } }));
    text(&world.ok("operation/approve", request), "result")
}

fn audited(world: &World, id: &str) -> Value {
    let note = world.journal(id).pop().unwrap();
    serde_json::from_str::<Value>(&note.parameters).unwrap()["proximityCheckResult"].clone()
}

#[test]
fn window_of_codes() {
    let world = World::new();
    // In the middle of a step, at its first and at its last millisecond.
    let step_start = START - START % STEP;
    let mut checked = 0;
    for now in [step_start, step_start + 12_345, step_start + STEP - 1] {
        world.host.set(now);
        for steps in -3_i64..=2 {
            let id = world.new_id(json!({ "proximityCheckEnabled": true }));
            let seed = seed(&world, &id);
            assert_eq!(seed.len(), 16);
            let at = now.checked_add_signed(steps * 30_000).unwrap();
            let otp = Totp::default().generate(&seed, at / 1_000).unwrap();
            let expected = if matches!(steps, -1 | 0) {
                "APPROVED"
            } else {
                "APPROVAL_FAILED"
            };
            assert_eq!(attempt(&world, &id, json!(otp)), expected, "{steps} at {now}");
            let result = if expected == "APPROVED" {
                "SUCCESS"
            } else {
                "FAILED"
            };
            assert_eq!(audited(&world, &id), result);
            checked += 1;
        }
    }
    println!("{checked} codes");
}

#[test]
fn what_is_no_code() {
    let world = World::new();
    let id = world.new_id(json!({ "proximityCheckEnabled": true, "templateName": patient(&world) }));
    let right = text(&world.detail(&id), "proximityOtp");
    assert_eq!(right.len(), 8);
    let cases = [
        (json!(""), "ERROR"),
        (json!("1"), "ERROR"),
        (json!(format!("{right}0")), "ERROR"),
        (json!(&right[..7]), "ERROR"),
        (json!(format!(" {}", &right[..6])), "ERROR"),
        (json!("é234567"), "FAILED"),
        (json!("00000000"), "FAILED"),
        (json!([right]), "FAILED"),
        (json!(null), "FAILED"),
    ];
    let mut count = 0;
    for (otp, expected) in &cases {
        assert_eq!(attempt(&world, &id, otp.clone()), "APPROVAL_FAILED", "{otp}");
        assert_eq!(audited(&world, &id), *expected, "{otp}");
        count += 1;
        assert_eq!(world.record(&id).failure_count, count);
    }
    let without = approval(&id, json!({}));
    assert_eq!(
        world.ok("operation/approve", without)["result"],
        "APPROVAL_FAILED"
    );
    assert_eq!(audited(&world, &id), "FAILED");
    assert_eq!(attempt(&world, &id, json!(right)), "APPROVED");
    println!("{} wrong codes", cases.len() + 1);
}

/// A template with many attempts.
fn patient(world: &World) -> String {
    text(
        &world.template(json!({ "templateName": "patient", "maxFailureCount": 100 })),
        "templateName",
    )
}

#[test]
fn without_a_seed_a_code_is_only_stored() {
    let world = World::new();
    let id = world.new_id(json!({}));
    assert_eq!(attempt(&world, &id, json!("1")), "APPROVED");
    assert_eq!(audited(&world, &id), "DISABLED");
    assert_eq!(
        world.detail(&id)["additionalData"],
        json!({ "proximity_otp": "1" })
    );
}

#[test]
fn which_answers_show_the_code() {
    let world = World::new();
    let created = world.create(json!({ "proximityCheckEnabled": true, "externalId": "E" }));
    assert_eq!(created["proximityOtp"], Value::Null);
    let id = text(&created, "id");
    let expected = Totp::default()
        .generate(&seed(&world, &id), START / 1_000)
        .unwrap();
    assert_eq!(world.detail(&id)["proximityOtp"], json!(expected));
    let user = json!({ "userId": "user", "applications": ["app"] });
    assert_eq!(
        world.ok("operation/list/pending", user.clone())[0]["proximityOtp"],
        json!(expected)
    );
    assert_eq!(world.ok("operation/list", user)[0]["proximityOtp"], Value::Null);
    let external = json!({ "externalId": "E", "applications": ["app"] });
    assert_eq!(
        world.ok("operation/list/external", external)[0]["proximityOtp"],
        Value::Null
    );
    let canceled = world.ok("operation/cancel", json!({ "operationId": id }));
    assert_eq!(canceled["proximityOtp"], Value::Null);
    // Also when the operation is over.
    assert_eq!(world.detail(&id)["proximityOtp"], json!(expected));
    world.host.set(START + STEP);
    assert_ne!(world.detail(&id)["proximityOtp"], json!(expected));
}

#[test]
fn neither_journal_nor_callback_tells_code_or_seed() {
    let world = World::new();
    let id = world.new_id(json!({ "proximityCheckEnabled": true }));
    let otp = text(&world.detail(&id), "proximityOtp");
    let request = approval(
        &id,
        json!({ "data": "bad", "additionalData": { "proximity_otp": otp, "k": "v" } }),
    );
    world.ok("operation/approve", request);
    assert_eq!(attempt(&world, &id, json!(otp)), "APPROVED");
    let mut texts: Vec<String> = world
        .journal(&id)
        .into_iter()
        .map(|note| note.parameters)
        .collect();
    texts.extend(world.events().into_iter().map(|event| event.body));
    assert_eq!(texts.len(), 6);
    let seed = seed(&world, &id);
    let hex: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
    let base64 = countersign::crypto::encoding::base64::encode(&seed);
    for text in &texts {
        for secret in [&otp, &hex, &base64] {
            assert!(!text.contains(secret.as_str()), "{text}");
        }
    }
    assert!(texts[1].contains(r#""additionalData":{"k":"v"}"#), "{}", texts[1]);
    println!("{} texts", texts.len());
}
