//! Every check of the methods with an envelope, in its order: each request has the fault that is asked
//! for and later ones, so that only the order decides which is answered.

use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};

use crate::checks::{all, refused};
use crate::support::recovery::merged;
use crate::town::{APP, CONFIRM, RECOVER, REVOKE, Town, WRONG_PUK};

#[test]
fn confirmation() {
    let town = Town::new();
    let (joe, jane) = (town.active("joe", false), town.active("jane", false));
    let pending = town.pending("joe", false);
    let (mine, hers) = (town.postcard("joe", 1), town.postcard("jane", 1));
    let request = |code: &str| {
        let payload = json!({ "recoveryCode": code }).to_string();
        town.confirmation(&joe, payload.as_bytes()).0
    };
    let other = town.world.application("other", ProtocolVersion::V3_2);
    let unsupported = json!({ "applicationId": APP, "applicationVersionId": "old" });
    let old = town.world.rest("/application/version/create", &unsupported).ok();
    town.world
        .rest("/application/version/unsupport", &unsupported)
        .ok();

    // Attributes, activation, version, form of the envelope, state, application key.
    let spoil = |changes: Value| merged(request(&mine.code), &changes);
    let unknown = "11111111-2222-4333-8444-555555555555";
    let pending_id = pending.id.as_str();
    all(
        &town.world,
        &[
            (
                CONFIRM,
                spoil(json!({ "activationId": null, "protocolVersion": "9" })),
                "ERR0024",
            ),
            (
                CONFIRM,
                spoil(json!({ "applicationKey": null, "activationId": unknown })),
                "ERR0024",
            ),
            (
                CONFIRM,
                spoil(json!({ "activationId": unknown, "protocolVersion": "9" })),
                "ERR0009",
            ),
            (
                CONFIRM,
                spoil(json!({ "protocolVersion": "9", "mac": null })),
                "ERR0018",
            ),
            (
                CONFIRM,
                spoil(json!({ "protocolVersion": null, "activationId": pending_id })),
                "ERR0018",
            ),
            (
                CONFIRM,
                spoil(json!({ "mac": null, "activationId": pending_id })),
                "ERR0024",
            ),
            (
                CONFIRM,
                spoil(json!({ "nonce": null, "activationId": pending_id })),
                "ERR0024",
            ),
            (
                CONFIRM,
                spoil(json!({ "activationId": pending_id, "applicationKey": "x" })),
                "ERR0008",
            ),
            (
                CONFIRM,
                spoil(json!({ "applicationKey": "x", "timestamp": 1 })),
                "ERR0015",
            ),
            (
                CONFIRM,
                spoil(json!({ "applicationKey": other.key(), "timestamp": 1 })),
                "ERR0015",
            ),
            (
                CONFIRM,
                spoil(json!({ "applicationKey": old["applicationKey"], "timestamp": 1 })),
                "ERR0015",
            ),
            (
                CONFIRM,
                spoil(json!({ "timestamp": 1, "mac": "AAAA" })),
                "ERR0018",
            ),
            (CONFIRM, spoil(json!({ "timestamp": 1 })), "ERR0024"),
            (
                CONFIRM,
                spoil(json!({ "encryptedData": "AAAAAAAAAAAAAAAAAAAAAA==" })),
                "ERR0018",
            ),
        ],
    );
    // What is inside.
    for (payload, code) in [
        ("", "ERR0018"),
        ("[]", "ERR0018"),
        (r#"{"recoveryCode":7}"#, "ERR0018"),
        ("{}", "ERR0024"),
        (r#"{"recoveryCode":null}"#, "ERR0024"),
        (r#"{"recoveryCode":""}"#, "ERR0024"),
        (r#"{"recoveryCode":"AAAAA-AAAAA-AAAAA-AAAAB"}"#, "ERR0024"),
        (r#"{"recoveryCode":"BAAAA-AAAAA-AAAAA-AAAAA"}"#, "ERR0024"),
        (r#"{"recoveryCode":"AAAAA-AAAAA-AAAAA-AAAAA"}"#, "ERR0027"),
    ] {
        let (request, _) = town.confirmation(&joe, payload.as_bytes());
        refused(&town.world, CONFIRM, &request, code);
    }
    refused(&town.world, CONFIRM, &request(&hers.code), "ERR0024");
    assert_eq!(town.state("jane", hers.id).0, "CREATED");
    let fine = request(&mine.code);
    town.world.rest(CONFIRM, &fine).ok();
    refused(&town.world, CONFIRM, &fine, "ERR0024"); // a replay
    assert!(town.already_confirmed(&joe, &mine.code));
    assert!(!town.already_confirmed(&jane, &hers.code));
    town.world
        .rest(REVOKE, &json!({ "recoveryCodeIds": [mine.id] }))
        .ok();
    refused(&town.world, CONFIRM, &request(&mine.code), "ERR0024");
    // The settings are looked at before the state.
    town.configure(&json!({ "activationRecoveryEnabled": false }));
    let request = merged(request(&mine.code), &json!({ "activationId": pending.id }));
    refused(&town.world, CONFIRM, &request, "ERR0024");
}

#[test]
fn activation() {
    let town = Town::new();
    let fine = town.confirmed("joe", 3);
    let fresh = town.postcard("jane", 1);
    let puk = &fine.puks[0];
    let spoil = |changes: Value| merged(town.recovery(&fine.code, puk).request, &changes);
    let unsupported = json!({ "applicationId": APP, "applicationVersionId": "old" });
    let old = town.world.rest("/application/version/create", &unsupported).ok();
    town.world
        .rest("/application/version/unsupport", &unsupported)
        .ok();
    let unknown = "AAAAA-AAAAA-AAAAA-AAAAA";
    all(
        &town.world,
        &[
            (
                RECOVER,
                spoil(json!({ "recoveryCode": null, "protocolVersion": "9" })),
                "ERR0024",
            ),
            (
                RECOVER,
                spoil(json!({ "puk": null, "protocolVersion": "9" })),
                "ERR0024",
            ),
            (
                RECOVER,
                spoil(json!({ "applicationKey": null, "protocolVersion": "9" })),
                "ERR0024",
            ),
            (
                RECOVER,
                spoil(json!({ "protocolVersion": "9", "mac": null })),
                "ERR0018",
            ),
            (
                RECOVER,
                spoil(json!({ "protocolVersion": null, "applicationKey": "x" })),
                "ERR0018",
            ),
            (
                RECOVER,
                spoil(json!({ "protocolVersion": "3.3", "mac": null })),
                "ERR0018",
            ),
            (RECOVER, spoil(json!({ "mac": null, "timestamp": 1 })), "ERR0024"),
            (
                RECOVER,
                spoil(json!({ "applicationKey": "x", "mac": "AAAA" })),
                "ERR0024",
            ),
            (
                RECOVER,
                spoil(json!({ "applicationKey": old["applicationKey"], "mac": "AAAA" })),
                "ERR0024",
            ),
            (
                RECOVER,
                spoil(json!({ "timestamp": 1, "mac": "AAAA" })),
                "ERR0018",
            ),
            (
                RECOVER,
                spoil(json!({ "timestamp": 1, "recoveryCode": unknown })),
                "ERR0024",
            ),
            (
                RECOVER,
                spoil(json!({ "mac": "AAAA", "recoveryCode": unknown })),
                "ERR0018",
            ),
        ],
    );
    let with = |payload: Value, own: Value| {
        let sent = town.exchange(ProtocolVersion::V3_2, &payload);
        let code = json!({ "recoveryCode": fine.code, "puk": puk });
        merged(merged(sent.request, &code), &own)
    };
    let bad_code = json!({ "recoveryCode": unknown });
    let bad_max = json!({ "maxFailureCount": 0 });
    let no_point = json!({ "devicePublicKey": "AAAA" });
    all(
        &town.world,
        &[
            (
                RECOVER,
                with(json!({ "devicePublicKey": 7 }), bad_code.clone()),
                "ERR0011",
            ),
            (
                RECOVER,
                with(json!({ "devicePublicKey": " " }), bad_code.clone()),
                "ERR0024",
            ),
            (
                RECOVER,
                with(json!({ "devicePublicKey": null }), bad_code.clone()),
                "ERR0024",
            ),
            (RECOVER, with(no_point.clone(), bad_code), "ERR0024"),
            (
                RECOVER,
                with(
                    no_point.clone(),
                    json!({ "recoveryCode": fresh.code, "puk": fresh.puks[0] }),
                ),
                "ERR0024",
            ),
            // The PUK is right; what is wrong besides costs nothing.
            (RECOVER, with(no_point.clone(), bad_max.clone()), "ERR0040"),
            (
                RECOVER,
                with(json!({}), json!({ "maxFailureCount": -1, "activationOtp": "" })),
                "ERR0040",
            ),
            (
                RECOVER,
                with(no_point.clone(), json!({ "activationOtp": "" })),
                "ERR0024",
            ),
            (RECOVER, with(no_point.clone(), json!({})), "ERR0022"),
            (
                RECOVER,
                with(json!({ "devicePublicKey": "?" }), json!({})),
                "ERR0022",
            ),
        ],
    );
    assert_eq!(town.state("joe", fine.id).1, ["VALID"; 3], "no PUK was used up");
    // A wrong PUK is answered before all of these.
    let wrong = with(no_point, merged(bad_max, &json!({ "puk": WRONG_PUK })));
    let answer = town.world.rest(RECOVER, &wrong);
    assert_eq!(answer.code(), "ERR_RECOVERY");
    assert_eq!(answer.object()["message"], "Invalid recovery code.");
    assert_eq!(answer.object()["currentRecoveryPukIndex"], 1);
    refused(&town.world, RECOVER, &wrong, "ERR0024"); // a replay, not counted
    let right = town.recovery(&fine.code, puk).request;
    town.world.rest(RECOVER, &right).ok();
    refused(&town.world, RECOVER, &right, "ERR0024");
    town.configure(&json!({ "activationRecoveryEnabled": false }));
    let off = merged(
        town.recovery(&fine.code, &fine.puks[1]).request,
        &json!({ "mac": "AAAA" }),
    );
    refused(&town.world, RECOVER, &off, "ERR0024");
}
