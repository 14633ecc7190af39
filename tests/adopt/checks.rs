//! The checks that belong to each database: requests computed in advance, and what the old server answered.

use std::collections::BTreeMap;

use countersign::crypto::ecies::EnvelopeResponse;
use countersign::crypto::encoding::base64;
use countersign::crypto::secret::Secret;
use countersign::crypto::status::StatusBlob;
use countersign::crypto::symmetric::decrypt_cbc;
use serde_json::{Value, json};

use super::differences::{Difference, Situation};
use super::rig::{DATABASES, Town, json as file, print};
use super::support::{Answer, Ask, World, activation};

/// Members that hold the time of an answer of the old server.
const CLOCK: [&str; 2] = ["timestampLastUsed", "timestampLastChange"];

#[derive(Default)]
struct Tally {
    steps: u64,
    members: u64,
    reasons: BTreeMap<&'static str, u64>,
    lost: Vec<Difference>,
}

impl Tally {
    /// Takes differences: what differs, what was expected, what came.
    fn judge(&mut self, path: &str, about: &str, found: Vec<(String, Value, Value)>, situation: Situation) {
        for (place, expected, actual) in found {
            let difference = Difference {
                path: path.to_owned(),
                about: about.to_owned(),
                place,
                expected,
                actual,
            };
            match difference.reason(situation) {
                Some(reason) => *self.reasons.entry(reason).or_default() += 1,
                None => self.lost.push(difference),
            }
        }
    }
}

/// What identifies an element of a list, whatever the order.
fn identity(item: &Value) -> Option<String> {
    let names = [
        "id",
        "activationId",
        "recoveryCodeId",
        "applicationVersionId",
        "applicationId",
    ];
    let name = names.into_iter().find(|name| !item[*name].is_null())?;
    Some(item[name].to_string())
}

/// Compares all members that are expected; lists of records by what identifies these.
fn compare(
    place: &str,
    expected: &Value,
    actual: &Value,
    skip: &[&str],
    found: &mut Vec<(String, Value, Value)>,
) -> u64 {
    match (expected, actual) {
        (Value::Object(members), Value::Object(_)) => members
            .iter()
            .filter(|(name, _)| !skip.contains(&name.as_str()))
            .map(|(name, value)| compare(&format!("{place}.{name}"), value, &actual[name], skip, found))
            .sum(),
        (Value::Array(items), Value::Array(others))
            if items.len() == others.len() && items.iter().all(|it| identity(it).is_some()) =>
        {
            let same = |item: &Value| others.iter().find(|other| identity(other) == identity(item));
            let compare =
                |item: &Value| compare(place, item, same(item).unwrap_or(&Value::Null), skip, found);
            items.iter().map(compare).sum()
        }
        _ => {
            if expected != actual {
                found.push((place.to_owned(), expected.clone(), actual.clone()));
            }
            1
        }
    }
}

/// The answer in the form of the checks.
fn shown(answer: &Answer, step: &Value) -> Value {
    let mut object = answer.object();
    if object.is_array() {
        object = json!({ "list": object });
    }
    if let Some(wanted) = step["expected"].get("containsRecoveryCode") {
        let codes = object["recoveryCodes"].as_array().cloned().unwrap_or_default();
        let found = codes.into_iter().find(|code| identity(code) == identity(wanted));
        object["containsRecoveryCode"] = found.unwrap_or(Value::Null);
    }
    if let Some(members) = object.as_object_mut() {
        members.insert("httpStatus".to_owned(), json!(answer.status));
        return object;
    }
    json!({ "httpStatus": answer.status })
}

fn key(text: &Value) -> Secret<16> {
    Secret::from_bytes(base64::decode_array(text.as_str().unwrap()).unwrap())
}

/// What the phone reads of its status.
fn blob(step: &Value, answer: &Value) -> Value {
    let transport = key(&step["blob"]["transportKey"]);
    let bytes = |text: &Value| base64::decode(text.as_str().unwrap_or_default()).unwrap();
    let encrypted: [u8; 32] = bytes(&answer["encryptedStatusBlob"]).try_into().unwrap();
    let challenge = bytes(&step["request"]["challenge"]).try_into().unwrap();
    let nonce = bytes(&answer["encryptedStatusBlobNonce"]).try_into().unwrap();
    let blob = StatusBlob::decrypt(&transport, &challenge, &nonce, &encrypted).unwrap();
    json!({
        "transportKey": step["blob"]["transportKey"],
        "status": blob.status.to_byte(),
        "currentVersion": blob.current_version,
        "upgradeVersion": blob.upgrade_version,
        "ctrByte": blob.counter_byte,
        "failCount": blob.failed_attempts,
        "maxFailCount": blob.max_failed_attempts,
        "lookAhead": blob.look_ahead,
        "ctrDataHash": base64::encode(&blob.counter_digest),
    })
}

/// What the phone finds in its vault.
fn vault(step: &Value, answer: &Value) -> Value {
    let envelope: EnvelopeResponse = serde_json::from_value(answer.clone()).unwrap();
    let encrypted = base64::decode(envelope.encrypted_data.as_deref().unwrap()).unwrap();
    let keys = &step["responseKeys"];
    let iv = base64::decode_array(keys["iv"].as_str().unwrap()).unwrap();
    let plain = decrypt_cbc(&key(&keys["encryption"]), &iv, &encrypted).unwrap();
    serde_json::from_slice(plain.as_bytes()).unwrap()
}

fn play(world: &World, step: &Value, first: bool, situation: Situation, tally: &mut Tally) {
    let path = step["path"].as_str().unwrap();
    let answer = world.ask(&Ask::rest(
        path.strip_prefix("/rest/v3").unwrap(),
        &step["request"],
    ));
    let actual = shown(&answer, step);
    let mut found = Vec::new();
    let skip: &[&str] = if first { &[] } else { &CLOCK };
    tally.steps += 1;
    tally.members += compare("", &step["expected"], &actual, skip, &mut found);
    if found.is_empty() && step.get("blob").is_some_and(|it| !it.is_null()) && answer.status == 200 {
        tally.members += compare(
            ".blob",
            &step["blob"],
            &blob(step, &answer.object()),
            &[],
            &mut found,
        );
    }
    if found.is_empty() && step.get("responsePlain").is_some_and(|it| !it.is_null()) {
        let plain = vault(step, &answer.object());
        tally.members += compare(".plain", &step["responsePlain"], &plain, &[], &mut found);
    }
    let about = format!("{} {}", step["step"], step["about"]);
    tally.judge(path, &about, found, situation);
}

/// The record once all steps of a phone are done.
fn after(world: &World, entry: &Value, situation: Situation, tally: &mut Tally) {
    let expected = &entry["after"];
    let record = activation(&*world.store, entry["activationId"].as_str().unwrap());
    let mut actual = json!({
        "status": serde_json::to_value(record.status).unwrap(),
        "counter": record.counter,
        "ctrData": record.counter_data.as_deref().map(base64::encode),
        "failedAttempts": record.failed_attempts,
    });
    // Before the key exchange there is none to be drawn.
    let drawn = record.counter_data.is_some() || record.device_public.is_none();
    if expected["ctrData"] == "random" && drawn {
        actual["ctrData"] = json!("random");
    }
    let mut found = Vec::new();
    tally.members += compare(".after", expected, &actual, &[], &mut found);
    tally.judge("after", &entry["name"].to_string(), found, situation);
}

/// Whether a step used a version that is not served on an activation that is not ACTIVE.
fn refused_version(world: &World, step: &Value) -> bool {
    let about = step["about"].as_str().unwrap_or_default();
    let id = step["request"]["activationId"].as_str();
    let Some(id) = id.filter(|_| about.contains("unsupported")) else {
        return false;
    };
    let status = activation(&*world.store, id).status;
    status != countersign::model::activation::ActivationStatus::Active
}

fn entries(town: &Town, entries: &Value, tally: &mut Tally) -> usize {
    let entries = entries.as_array().unwrap();
    for entry in entries {
        let world = town.world();
        let mut situation = Situation::default();
        for (at, step) in entry["steps"].as_array().unwrap().iter().enumerate() {
            if let Some(id) = entry["activationId"].as_str() {
                let record = activation(&*world.store, id);
                situation.generation_2 = record.version == Some(2);
                situation.refused_version_unused |= refused_version(&world, step);
            }
            play(&world, step, at == 0, situation, tally);
        }
        if entry.get("after").is_some_and(|after| !after.is_null()) {
            after(&world, entry, situation, tally);
        }
    }
    entries.len()
}

#[test]
fn every_check_gets_the_answer_of_the_old_server() {
    for name in DATABASES {
        let Some(town) = Town::of(name) else { return };
        print(name, &town.report);
        assert_eq!(town.refusals.0, [], "{name}");
        let checks = file(&town.folder, "checks.json");
        let mut tally = Tally::default();
        let world = town.world();
        for step in checks["reads"].as_array().unwrap() {
            play(&world, step, true, Situation::default(), &mut tally);
        }
        let reads = tally.steps;
        let phones = entries(&town, &checks["phones"], &mut tally);
        let operations = entries(&town, &checks["operations"], &mut tally);
        let codes = entries(&town, &checks["recoveryCodes"], &mut tally);
        println!(
            "{name}: {reads} reads, {phones} phones, {operations} operations, {codes} recovery codes: {} requests, {} \
             members compared, {} lost",
            tally.steps,
            tally.members,
            tally.lost.len()
        );
        for (reason, count) in &tally.reasons {
            println!("{name}: {count} members differ: {reason}");
        }
        for difference in tally.lost.iter().take(40) {
            println!("{name}: {difference:?}");
        }
        assert!(tally.lost.is_empty(), "{name}: {} lost", tally.lost.len());
        assert!(reads >= 45 && phones >= 23 && operations >= 9 && codes >= 2);
    }
}
