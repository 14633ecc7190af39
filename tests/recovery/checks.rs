//! Every check of the methods without an envelope, in its order.

use serde_json::{Value, json};

use crate::support::World;
use crate::support::recovery::merged;
use crate::town::{APP, CREATE, DETAIL, LOOKUP, REVOKE, Town, UPDATE};

/// A method, a request and the expected code.
pub type Case = (&'static str, Value, &'static str);

pub fn refused(world: &World, path: &str, request: &Value, code: &str) {
    let answer = world.rest(path, request);
    let object = answer.object();
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, code),
        "{path} {request}"
    );
    assert_eq!(object["message"], object["localizedMessage"]);
    assert_eq!(object.get("currentRecoveryPukIndex"), None, "{path} {request}");
}

pub fn all(world: &World, cases: &[Case]) {
    for (path, request, code) in cases {
        refused(world, path, request, code);
    }
}

#[test]
fn settings() {
    let town = Town::without_recovery();
    let off = json!({
        "applicationId": APP, "activationRecoveryEnabled": false, "recoveryPostcardEnabled": false,
        "allowMultipleRecoveryCodes": false, "postcardPublicKey": null, "remotePostcardPublicKey": null,
    });
    assert_eq!(town.config(), off);
    let garbage = json!({ "applicationId": APP, "remotePostcardPublicKey": "AAAA" });
    let text = json!({ "applicationId": APP, "remotePostcardPublicKey": "?" });
    all(
        &town.world,
        &[
            (DETAIL, json!({}), "ERR0024"),
            (DETAIL, json!({ "applicationId": "other" }), "ERR0024"),
            (UPDATE, json!({}), "ERR0024"),
            (UPDATE, json!({ "applicationId": "other" }), "ERR0024"),
            (UPDATE, garbage, "ERR0010"),
            (UPDATE, text, "ERR0010"),
        ],
    );
    assert_eq!(town.config(), off);
    town.configure(&json!({}));
    let on = town.config();
    let key = on["postcardPublicKey"].as_str().unwrap().to_owned();
    assert_eq!(on["activationRecoveryEnabled"], true);
    // What is absent is switched off; keys stay.
    town.world.rest(UPDATE, &json!({ "applicationId": APP })).ok();
    let expected = merged(
        off,
        &json!({ "postcardPublicKey": key, "remotePostcardPublicKey": on["remotePostcardPublicKey"] }),
    );
    assert_eq!(town.config(), expected);
    town.configure(&json!({ "remotePostcardPublicKey": "" }));
    let again = town.config();
    assert_eq!(again["remotePostcardPublicKey"], Value::Null);
    assert_eq!(again["postcardPublicKey"], key, "the pair is never replaced");
}

#[test]
fn creation() {
    let town = Town::without_recovery();
    let wrong = |changes: Value| {
        let request = json!({ "applicationId": APP, "userId": "joe", "pukCount": 1 });
        merged(request, &changes)
    };
    let mut cases: Vec<Case> = Vec::new();
    for changes in [
        json!({ "applicationId": null }),
        json!({ "userId": null }),
        json!({ "pukCount": null }),
        json!({ "pukCount": 0 }),
        json!({ "pukCount": -1 }),
        json!({ "pukCount": 101 }),
        json!({ "pukCount": i64::MAX }),
        json!({ "userId": "x".repeat(256) }),
        json!({ "applicationId": "other" }),
        json!({}), // recovery is off
    ] {
        cases.push((CREATE, wrong(changes), "ERR0024"));
    }
    all(&town.world, &cases);
    let request = wrong(json!({}));
    town.configure(&json!({ "recoveryPostcardEnabled": false }));
    refused(&town.world, CREATE, &request, "ERR0024");
    town.configure(&json!({ "activationRecoveryEnabled": false }));
    refused(&town.world, CREATE, &request, "ERR0024");
    town.configure(&json!({ "remotePostcardPublicKey": "" }));
    refused(&town.world, CREATE, &request, "ERR0029");
    town.configure(&json!({}));
    assert_eq!(town.codes(&json!({ "userId": "joe" })), Vec::<Value>::new());
    let first = town.postcard("joe", 1);
    refused(&town.world, CREATE, &request, "ERR0025");
    // Others of the user do not hinder: those of activations, and those that are over.
    town.active("joe", true);
    refused(&town.world, CREATE, &request, "ERR0025");
    town.postcard("jane", 1);
    town.world
        .rest(REVOKE, &json!({ "recoveryCodeIds": [first.id] }))
        .ok();
    town.postcard("joe", 1);
    refused(&town.world, CREATE, &request, "ERR0025");
    town.configure(&json!({ "allowMultipleRecoveryCodes": true }));
    town.postcard("joe", 1);
    let newest = town.postcard("joe", 1);
    town.configure(&json!({}));
    // The newest is over, an older one is not.
    town.world
        .rest(REVOKE, &json!({ "recoveryCodeIds": [newest.id] }))
        .ok();
    refused(&town.world, CREATE, &request, "ERR0025");
}

#[test]
fn lookup_and_revocation() {
    let town = Town::new();
    let mine = town.postcard("joe", 2);
    let bound = town.active("joe", true);
    let bound_id = bound.recovery.unwrap().id;
    all(
        &town.world,
        &[
            (LOOKUP, json!({}), "ERR0024"),
            (LOOKUP, json!({ "applicationId": APP }), "ERR0024"),
            (
                LOOKUP,
                json!({ "applicationId": "other", "userId": "joe" }),
                "ERR0024",
            ),
            (REVOKE, json!({}), "ERR0024"),
            (REVOKE, json!({ "recoveryCodeIds": [] }), "ERR0024"),
            (REVOKE, json!({ "recoveryCodeIds": [mine.id, null] }), "ERR0024"),
            (REVOKE, json!({ "recoveryCodeIds": [mine.id, -1] }), "ERR0024"),
            (
                REVOKE,
                json!({ "recoveryCodeIds": vec![mine.id; 101] }),
                "ERR0024",
            ),
        ],
    );
    let unreadable = json!({ "userId": "joe", "recoveryCodeStatus": "created" });
    assert_eq!(town.world.rest(LOOKUP, &unreadable).code(), "ERROR_HTTP_REQUEST");
    assert_eq!(
        town.state("joe", mine.id).0,
        "CREATED",
        "nothing was revoked by the way"
    );
    let found = |request: Value| -> Vec<i64> {
        let codes = town.codes(&request);
        codes
            .iter()
            .map(|it| it["recoveryCodeId"].as_i64().unwrap())
            .collect()
    };
    let id = &bound.id;
    for (request, expected) in [
        (json!({ "userId": "joe" }), vec![bound_id, mine.id]),
        (
            json!({ "userId": "joe", "applicationId": APP }),
            vec![bound_id, mine.id],
        ),
        (json!({ "activationId": id }), vec![bound_id]),
        (
            json!({ "activationId": id, "applicationId": APP }),
            vec![bound_id],
        ),
        (
            json!({ "activationId": id, "applicationId": APP, "userId": "joe" }),
            vec![bound_id],
        ),
        (json!({ "activationId": id, "userId": "joe" }), vec![bound_id]),
        (json!({ "activationId": id, "userId": "jane" }), vec![]),
        (json!({ "activationId": "unknown" }), vec![]),
        (json!({ "userId": "nobody" }), vec![]),
        (
            json!({ "userId": "joe", "recoveryCodeStatus": "ACTIVE" }),
            vec![bound_id],
        ),
        (
            json!({ "userId": "joe", "recoveryCodeStatus": "BLOCKED" }),
            vec![],
        ),
        (
            json!({ "userId": "joe", "recoveryPukStatus": "VALID" }),
            vec![bound_id, mine.id],
        ),
        (json!({ "userId": "joe", "recoveryPukStatus": "USED" }), vec![]),
    ] {
        assert_eq!(found(request.clone()), expected, "{request}");
    }
    let whole = town.codes(&json!({ "userId": "joe", "recoveryCodeStatus": "CREATED" }));
    let puk = |index: u64| json!({ "pukIndex": index, "pukDerivationIndex": 0, "status": "VALID" });
    let masked = format!("XXXXX-XXXXX-XXXXX-{}", &mine.code[18..]);
    let expected = json!({
        "recoveryCodeId": mine.id, "recoveryCodeMasked": masked, "userId": "joe", "applicationId": APP,
        "activationId": null, "status": "CREATED", "puks": [puk(1), puk(2)],
    });
    assert_eq!(whole, [expected]);
    let revoke = |ids: Value| town.world.rest(REVOKE, &json!({ "recoveryCodeIds": ids })).ok();
    assert_eq!(revoke(json!([999_999]))["revoked"], false);
    assert_eq!(revoke(json!([999_999, mine.id, mine.id]))["revoked"], true);
    assert_eq!(revoke(json!([mine.id]))["revoked"], false);
    assert_eq!(
        town.state("joe", mine.id),
        ("REVOKED".into(), vec!["INVALID".into(); 2])
    );
    assert_eq!(town.state("joe", bound_id).0, "ACTIVE");
}
