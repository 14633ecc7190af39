//! Wrong, right, used, blocked and revoked PUKs, and what they leave behind.

use countersign::crypto::version::ProtocolVersion;
use countersign::model::callback::{CallbackEvent, EVENT_DUE};
use countersign::model::journal::{Entry, Event, Subject};
use countersign::model::recovery::RecoveryCode;
use countersign::store::{Answer as Found, Entity, Query, Scan, Store};
use serde_json::{Value, json};

use crate::support::records::{entries, get};
use crate::support::recovery::{Printed, merged};
use crate::town::{APP, RECOVER, REVOKE, Town, UPDATE, WRONG_PUK};

/// Code and PUK index of an answer to a wrong PUK.
fn answer(town: &Town, printed: &Printed, puk: &str) -> (String, Option<u64>) {
    let answer = town.try_puk(&printed.code, puk);
    assert_eq!(answer.status, 400);
    let index = answer.object()["currentRecoveryPukIndex"].as_u64();
    (answer.code(), index)
}

/// Kinds in a code's journal, oldest first; each entry refers to the one before.
fn journal(town: &Town, id: i64) -> Vec<String> {
    let store: &dyn Store = &*town.world.store;
    let code: RecoveryCode = get(store, &id.to_string()).unwrap();
    let found = entries(store, &Subject::Recovery(id.to_string()), &code.journal);
    for pair in found.windows(2) {
        assert_eq!(pair[1].previous, countersign::engine::journal::hash(&pair[0]));
    }
    let kind = |entry: Entry| match entry.event {
        Event::Note(note) => note.kind,
        other => panic!("{other:?}"),
    };
    found.into_iter().map(kind).collect()
}

fn again(index: u64) -> (String, Option<u64>) {
    ("ERR_RECOVERY".to_owned(), Some(index))
}

fn ended(code: &str) -> (String, Option<u64>) {
    (code.to_owned(), None)
}

#[test]
fn wrong_puks_block_and_a_right_one_gives_all_attempts_back() {
    let town = Town::new();
    let card = town.confirmed("joe", 3);
    assert_eq!(answer(&town, &card, ""), again(1));
    assert_eq!(
        answer(&town, &card, &card.puks[1]),
        again(1),
        "a later one is wrong, too"
    );
    assert_eq!(answer(&town, &card, WRONG_PUK), again(1));
    assert_eq!(answer(&town, &card, &format!("{} ", card.puks[0])), again(1));
    town.recovered(&card.code, &card.puks[0]);
    assert_eq!(
        town.state("joe", card.id),
        (
            "ACTIVE".into(),
            vec!["USED".into(), "VALID".into(), "VALID".into()]
        )
    );
    assert_eq!(answer(&town, &card, &card.puks[0]), again(2), "it was used");
    for _ in 1..4 {
        assert_eq!(answer(&town, &card, WRONG_PUK), again(2));
    }
    assert_eq!(answer(&town, &card, WRONG_PUK), ended("ERR0028"));
    let blocked = (
        "BLOCKED".to_owned(),
        vec!["USED".into(), "INVALID".into(), "VALID".into()],
    );
    assert_eq!(town.state("joe", card.id), blocked);
    for puk in &card.puks {
        assert_eq!(answer(&town, &card, puk), ended("ERR0024"));
    }
    assert_eq!(town.state("joe", card.id), blocked);
    town.world
        .rest(REVOKE, &json!({ "recoveryCodeIds": [card.id] }))
        .ok();
    assert_eq!(town.state("joe", card.id).1, ["USED", "INVALID", "INVALID"]);
    let mut expected = vec!["recovery_code_created", "recovery_code_confirmed"];
    expected.extend(["recovery_puk_failed"; 4]);
    expected.push("recovery_puk_used");
    expected.extend(["recovery_puk_failed"; 4]);
    expected.extend(["recovery_code_blocked", "recovery_code_revoked"]);
    assert_eq!(journal(&town, card.id), expected);
}

#[test]
fn when_all_are_used_every_one_is_wrong() {
    let town = Town::new();
    let card = town.confirmed("joe", 2);
    for puk in &card.puks {
        town.recovered(&card.code, puk);
    }
    for _ in 0..7 {
        assert_eq!(answer(&town, &card, &card.puks[1]), ended("ERR0028"));
    }
    assert_eq!(
        town.state("joe", card.id),
        ("ACTIVE".into(), vec!["USED".into(); 2])
    );
}

#[test]
fn only_active_codes_are_tried() {
    let town = Town::new();
    let card = town.postcard("joe", 1);
    let bound = town.pending("joe", true).recovery.unwrap();
    for printed in [&card, &bound] {
        assert_eq!(answer(&town, printed, &printed.puks[0]), ended("ERR0024"));
        assert_eq!(answer(&town, printed, WRONG_PUK), ended("ERR0024"));
        assert_eq!(
            town.state("joe", printed.id),
            ("CREATED".into(), vec!["VALID".into()])
        );
    }
    // Nobody guesses codes of another application.
    let other = json!({ "applicationId": "other", "activationRecoveryEnabled": true });
    town.world.application("other", ProtocolVersion::V3_2);
    town.world.rest(UPDATE, &other).ok();
    let elsewhere = town.world.application("elsewhere", ProtocolVersion::V3_2);
    let confirmed = town.confirmed("jane", 1);
    let request = town.recovery(&confirmed.code, &confirmed.puks[0]).request;
    let request = merged(request, &json!({ "applicationKey": elsewhere.key() }));
    assert_eq!(town.world.rest(RECOVER, &request).code(), "ERR0024");
    assert_eq!(town.state("jane", confirmed.id).1, ["VALID"]);
}

#[test]
fn the_code_follows_its_activation() {
    let town = Town::new();
    let state = |id: i64| town.state("joe", id).0;
    // With the commit.
    let pending = town.pending("joe", true);
    let code = pending.recovery.unwrap();
    assert_eq!(state(code.id), "CREATED");
    let id = json!({ "activationId": pending.id });
    town.world.rest("/activation/commit", &id).ok();
    assert_eq!(state(code.id), "ACTIVE");
    assert_eq!(
        journal(&town, code.id),
        ["recovery_code_created", "recovery_code_activated"]
    );
    // Removal leaves it, unless told otherwise.
    town.world.rest("/activation/remove", &id).ok();
    assert_eq!(state(code.id), "ACTIVE");
    let told = merged(id, &json!({ "revokeRecoveryCodes": true }));
    town.world.rest("/activation/remove", &told).ok();
    assert_eq!(
        town.state("joe", code.id),
        ("REVOKED".into(), vec!["INVALID".into()])
    );
    // An activation that never was in use takes it along, and so does expiry.
    let pending = town.pending("joe", true);
    town.world
        .rest("/activation/remove", &json!({ "activationId": pending.id }))
        .ok();
    assert_eq!(state(pending.recovery.unwrap().id), "REVOKED");
    let pending = town.pending("joe", true);
    town.world.host.advance(300_001);
    assert_eq!(town.activation(&pending.id)["activationStatus"], "REMOVED");
    assert_eq!(state(pending.recovery.unwrap().id), "REVOKED");
    // ACTIVE from the start where an OTP was verified with the keys.
    let otp = json!({
        "userId": "joe", "applicationId": APP, "activationOtp": "1", "activationOtpValidation": "ON_KEY_EXCHANGE",
    });
    let init = town.world.rest("/activation/init", &otp).ok();
    let mut sent = town.exchange(ProtocolVersion::V3_1, &json!({ "activationOtp": "1" }));
    sent.request["activationCode"] = init["activationCode"].clone();
    sent.request["generateRecoveryCodes"] = json!(true);
    let prepared = town.world.rest("/activation/prepare", &sent.request).ok();
    assert_eq!(prepared["activationStatus"], "ACTIVE");
    assert_eq!(state(town.device(sent, &prepared).recovery.unwrap().id), "ACTIVE");
}

#[test]
fn who_gets_a_code() {
    let town = Town::new();
    let prepare = |changes: Value| {
        let init = json!({ "userId": "joe", "applicationId": APP });
        let init = town.world.rest("/activation/init", &init).ok();
        let mut sent = town.exchange(ProtocolVersion::V3_2, &json!({}));
        sent.request["activationCode"] = init["activationCode"].clone();
        sent.request = merged(sent.request, &changes);
        let answer = town.world.rest("/activation/prepare", &sent.request).ok();
        town.device(sent, &answer).recovery.is_some()
    };
    let create = |changes: Value| {
        let mut sent = town.exchange(ProtocolVersion::V3_0, &json!({}));
        let own = merged(json!({ "userId": "joe" }), &changes);
        sent.request = merged(sent.request, &own);
        let answer = town.world.rest("/activation/create", &sent.request).ok();
        town.device(sent, &answer).recovery.is_some()
    };
    let with = |wanted: Value| json!({ "generateRecoveryCodes": wanted });
    assert!(!prepare(json!({})), "not unless told");
    assert!(!prepare(with(json!(false))));
    assert!(prepare(with(json!(true))));
    assert!(create(json!({})), "unless told otherwise");
    assert!(create(with(json!(null))));
    assert!(!create(with(json!(false))));
    let card = town.confirmed("joe", 2);
    let mut sent = town.recovery(&card.code, &card.puks[0]);
    sent.request["generateRecoveryCodes"] = json!(false);
    let answer = town.world.rest(RECOVER, &sent.request).ok();
    assert!(town.device(sent, &answer).recovery.is_none());
    assert!(town.recovered(&card.code, &card.puks[1]).recovery.is_some());
    town.configure(&json!({ "activationRecoveryEnabled": false }));
    assert!(!prepare(with(json!(true))));
    assert!(!create(json!({})));
}

#[test]
fn a_new_activation_takes_the_place_of_the_old_one() {
    let town = Town::new();
    let old = town.active("joe", true);
    let (id, code) = (old.id.clone(), old.recovery.unwrap());
    let flags = json!({ "activationId": id, "activationFlags": ["B", "A"] });
    town.world.rest("/activation/flags/create", &flags).ok();
    town.world
        .rest("/activation/block", &json!({ "activationId": id }))
        .ok();
    let url = json!({
        "applicationId": APP, "name": "x", "type": "ACTIVATION_STATUS_CHANGE",
        "callbackUrl": "https://bank.example/", "attributes": ["activationStatus"],
    });
    let url = town.world.rest("/application/callback/create", &url).ok();
    let mut sent = town.recovery(&code.code, &code.puks[0]);
    sent.request["maxFailureCount"] = json!(2);
    sent.request["activationOtp"] = json!("77");
    let answer = town.world.rest(RECOVER, &sent.request).ok();
    let new = town.device(sent, &answer);
    let mut told = events(&town, url["id"].as_str().unwrap());
    told.sort_unstable();
    let mut expected = [
        (id.clone(), "REMOVED".to_owned()),
        (new.id.clone(), "CREATED".to_owned()),
        (new.id.clone(), "PENDING_COMMIT".to_owned()),
    ];
    expected.sort_unstable();
    assert_eq!(told, expected);
    assert_eq!(town.activation(&id)["activationStatus"], "REMOVED");
    assert_eq!(
        town.history(&id),
        ["CREATED", "PENDING_COMMIT", "ACTIVE", "BLOCKED", "REMOVED"]
    );
    assert_eq!(town.history(&new.id), ["CREATED", "PENDING_COMMIT"]);
    assert_eq!(
        town.state("joe", code.id),
        ("REVOKED".into(), vec!["USED".into()])
    );
    let status = town.activation(&new.id);
    assert_eq!(status["userId"], "joe");
    assert_eq!(status["activationName"], "phone");
    assert_eq!(status["maxFailedAttempts"], 2);
    assert_eq!(status["activationFlags"], json!(["A", "B"]));
    assert_eq!(status["activationOtpValidation"], "ON_COMMIT");
    let next = new.recovery.unwrap();
    assert_eq!(town.state("joe", next.id).0, "CREATED");
    let commit = json!({ "activationId": new.id, "activationOtp": "77" });
    town.world.rest("/activation/commit", &commit).ok();
    assert_eq!(town.state("joe", next.id).0, "ACTIVE");
    // A postcard replaces nothing and hands on no flags.
    let card = town.confirmed("joe", 1);
    let another = town.recovered(&card.code, &card.puks[0]);
    assert_eq!(town.activation(&new.id)["activationStatus"], "ACTIVE");
    assert_eq!(town.activation(&another.id)["activationFlags"], json!([]));
    assert_eq!(journal(&town, code.id).last().unwrap(), "recovery_code_revoked");
}

/// Activation and state of every event.
fn events(town: &Town, url: &str) -> Vec<(String, String)> {
    let scan = Scan {
        collection: CallbackEvent::COLLECTION,
        index: EVENT_DUE,
        value: url.as_bytes().to_vec(),
        from: 0,
        to: u64::MAX,
        newest_first: false,
        after: None,
        limit: 100,
    };
    let found = pollster::block_on(town.world.store.read(&[Query::Scan(scan)])).unwrap();
    let [Found::Page(page)] = found.as_slice() else {
        panic!("{found:?}");
    };
    let event = |body: &[u8]| -> (String, String) {
        let event = CallbackEvent::decode(body).unwrap();
        let body: Value = serde_json::from_str(&event.body).unwrap();
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        (text("activationId"), text("activationStatus"))
    };
    page.records.iter().map(|record| event(&record.body)).collect()
}

#[test]
fn the_store_holds_neither_codes_nor_puks() {
    let store = std::sync::Arc::new(countersign::store::MemoryStore::new());
    let town = Town::over(store.clone());
    let card = town.confirmed("joe", 10);
    let bound = town.active("joe", true).recovery.unwrap();
    town.recovered(&card.code, &card.puks[0]);
    let records = store.records();
    let holds = |text: &str| {
        let text = text.as_bytes();
        let inside = |body: &[u8]| body.windows(text.len()).any(|window| window == text);
        records
            .iter()
            .any(|it| inside(&it.body) || inside(it.key.id.as_bytes()))
    };
    assert!(holds("joe") && holds(&card.code[18..]));
    let secrets = [&card.code, &bound.code]
        .into_iter()
        .chain(&card.puks)
        .chain(&bound.puks);
    for secret in secrets {
        assert!(!holds(secret));
    }
    assert!(!holds("argon2i$"), "hashes are sealed");
    println!("{} records hold neither 2 codes nor 11 PUKs", records.len());
}
