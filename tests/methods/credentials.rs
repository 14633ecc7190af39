//! Activation with credentials that only the host understands: look, identify, create.

use countersign::client::{
    Application, Credentials, Installation, NewActivation, PendingActivation, Request,
};
use countersign::crypto::header::ENCRYPTION_HEADER;
use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};

use crate::bank::{BANK, Bank, merged};
use crate::support::phone::with_temporary_key;
use crate::support::{Answer, Ask, Dice};

const OPEN: &str = "/activation/credentials/open";
const CREATE: &str = "/activation/credentials/create";

/// What a phone sends.
struct Sent {
    request: Request,
    pending: PendingActivation,
}

fn sent(bank: &Bank, application: &Application, credentials: &Credentials, rng: &mut Dice) -> Sent {
    let application = with_temporary_key(&bank.world, application.clone(), rng);
    let attributes = json!({ "colour": "blue" });
    let installation = Installation {
        name: Some("new phone"),
        custom_attributes: attributes.as_object(),
        ..Installation::default()
    };
    let call = application
        .activate(credentials, &installation, bank.world.now(), rng)
        .unwrap();
    Sent {
        request: call.request,
        pending: call.pending,
    }
}

/// What the host passes on.
fn passed_on(request: &Request) -> Value {
    json!({
        "encryptionHeader": request.header(ENCRYPTION_HEADER).unwrap(),
        "body": std::str::from_utf8(&request.body).unwrap(),
    })
}

/// What the phone makes of the host's answer.
fn read(sent: Sent, created: &Value) -> NewActivation {
    let body = created["response"].to_string();
    sent.pending.read(200, body.as_bytes()).unwrap()
}

fn login() -> Credentials {
    Credentials::custom([("username", "jane"), ("password", "secret")])
}

#[test]
fn a_user_whom_the_host_knows() {
    for version in ProtocolVersion::ALL {
        let bank = Bank::new(version);
        let enable = json!({ "applicationId": BANK, "activationRecoveryEnabled": true });
        bank.world.rest("/recovery/config/update", &enable).ok();
        let mut rng = Dice::new(8);
        let phone = sent(&bank, &bank.application, &login(), &mut rng);
        // The phone's own endpoint cannot know who that is.
        let alone = bank.world.send(&phone.request);
        assert_eq!((alone.status, alone.code().as_str()), (400, "ERR_ACTIVATION"));

        let request = passed_on(&phone.request);
        let before = bank.records();
        let expected = json!({
            "applicationId": BANK, "type": "CUSTOM",
            "identityAttributes": { "username": "jane", "password": "secret" },
            "customAttributes": { "colour": "blue" },
        });
        for _ in 0..2 {
            assert_eq!(bank.world.rest(OPEN, &request).ok(), expected, "{version}");
        }
        assert!(bank.records() == before, "a look changes nothing");

        let identified = merged(
            request.clone(),
            &json!({
                "userId": "jane", "commit": true, "maxFailureCount": 3,
                "customAttributes": { "colour": "red" }, "userInfo": { "sub": "jane" },
            }),
        );
        let created = bank.world.rest(CREATE, &identified).ok();
        assert_eq!(created["activationStatus"], "ACTIVE");
        assert_eq!(created["userId"], "jane");
        let id = created["activationId"].clone();
        let activation = read(phone, &created);
        assert_eq!(activation.activation_id(), id);
        assert_eq!(activation.custom_attributes().unwrap()["colour"], "red");
        assert_eq!(activation.user_info().unwrap()["sub"], "jane");
        let code = activation.recovery().unwrap().code.masked();
        let status = bank
            .world
            .rest("/activation/status", &json!({ "activationId": id }))
            .ok();
        assert_eq!(status["activationStatus"], "ACTIVE");
        assert_eq!(status["maxFailedAttempts"], 3);
        assert_eq!(status["activationName"], "new phone");
        assert_eq!(status["devicePublicKeyFingerprint"], activation.fingerprint());
        let codes = bank
            .world
            .rest("/recovery/lookup", &json!({ "activationId": id }))
            .ok();
        assert_eq!(codes["recoveryCodes"][0]["recoveryCodeMasked"], code);
        assert_eq!(codes["recoveryCodes"][0]["status"], "ACTIVE");
        if version.has_timestamp() {
            for path in [OPEN, CREATE] {
                assert_eq!(bank.world.rest(path, &identified).code(), "ERR0024", "a replay");
            }
        }
    }
}

#[test]
fn without_a_commit_it_waits() {
    let bank = Bank::new(ProtocolVersion::V3_2);
    let direct = Credentials::direct("sso", [("ticket", "1")]);
    let phone = sent(&bank, &bank.application, &direct, &mut Dice::new(8));
    let request = passed_on(&phone.request);
    let opened = bank.world.rest(OPEN, &request).ok();
    assert_eq!(opened["type"], "DIRECT");
    assert_eq!(
        opened["identityAttributes"],
        json!({ "method": "sso", "ticket": "1" })
    );
    let identified = merged(request, &json!({ "userId": "jane" }));
    let created = bank.world.rest(CREATE, &identified).ok();
    assert_eq!(created["activationStatus"], "PENDING_COMMIT");
    let id = json!({ "activationId": created["activationId"] });
    let activation = read(phone, &created);
    assert_eq!(activation.custom_attributes().unwrap()["colour"], "blue");
    assert!(activation.user_info().is_none() && activation.recovery().is_none());
    assert_eq!(bank.world.rest("/activation/commit", &id).ok()["activated"], true);
}

#[test]
fn checks_come_in_order_and_change_nothing() {
    let bank = Bank::new(ProtocolVersion::V3_2);
    let mut rng = Dice::new(8);
    let fine = passed_on(&sent(&bank, &bank.application, &login(), &mut rng).request);
    let init = json!({ "userId": "joe", "applicationId": BANK });
    let init = bank.world.rest("/activation/init", &init).ok();
    let code = init["activationCode"].as_str().unwrap();
    let code = bank.application.read_activation_code(code).unwrap();
    let by_code = sent(&bank, &bank.application, &Credentials::code(&code.code), &mut rng);
    let old = json!({ "applicationId": BANK, "applicationVersionId": "old" });
    let version = bank.world.rest("/application/version/create", &old).ok();
    bank.world.rest("/application/version/unsupport", &old).ok();
    let header = fine["encryptionHeader"].as_str().unwrap();
    let unsupported = header.replace(
        bank.application.key(),
        version["applicationKey"].as_str().unwrap(),
    );
    let activation = header.replace(
        "PowerAuth ",
        &format!("PowerAuth activation_id=\"{}\", ", bank.phone.id()),
    );
    // Any plaintext in the outer layer.
    let mut outer = |plain: &[u8]| {
        let path = "/pa/v3/activation/create";
        let call = bank.application.encrypt(path, plain, bank.world.now(), &mut rng);
        passed_on(&call.unwrap().request)
    };
    let envelope = json!({});
    let no_attributes = json!({ "type": "CUSTOM", "identityAttributes": {}, "activationData": envelope });
    let no_keys = json!({ "type": "CUSTOM", "identityAttributes": { "a": "b" }, "activationData": envelope });
    let cases = [
        (
            merged(fine.clone(), &json!({ "encryptionHeader": null, "body": null })),
            "ERR0024",
        ),
        (
            merged(fine.clone(), &json!({ "encryptionHeader": "x" })),
            "ERR0024",
        ),
        (merged(fine.clone(), &json!({ "body": null })), "ERR0024"),
        (
            merged(fine.clone(), &json!({ "encryptionHeader": activation })),
            "ERR0018",
        ),
        (
            merged(
                fine.clone(),
                &json!({ "encryptionHeader": unsupported, "body": "x" }),
            ),
            "ERR0015",
        ),
        (merged(fine.clone(), &json!({ "body": "x" })), "ERR0018"),
        (merged(fine.clone(), &json!({ "body": "{}" })), "ERR0018"),
        (outer(b"x"), "ERR0011"),
        (outer(br#"{"type":"OTHER"}"#), "ERR0011"),
        (passed_on(&by_code.request), "ERR0024"),
        (outer(no_attributes.to_string().as_bytes()), "ERR0024"),
    ];
    let user = json!({ "userId": "jane", "commit": true });
    for (request, code) in &cases {
        for path in [OPEN, CREATE] {
            refused(&bank, path, &merged(request.clone(), &user), code);
        }
    }
    for (changes, code) in [
        (json!({ "userId": null, "maxFailureCount": 0 }), "ERR0001"),
        (json!({ "userId": "", "maxFailureCount": 0 }), "ERR0001"),
        (
            json!({ "maxFailureCount": 0, "timestampActivationExpire": 1 }),
            "ERR0040",
        ),
        (json!({ "timestampActivationExpire": 1 }), "ERR0007"),
    ] {
        let request = merged(merged(fine.clone(), &user), &changes);
        refused(&bank, CREATE, &request, code);
    }
    let request = outer(no_keys.to_string().as_bytes());
    refused(&bank, CREATE, &merged(request.clone(), &user), "ERR0024");
    assert_eq!(bank.world.rest(OPEN, &request).status, 200);
    // Nobody without credentials of an integration sees what phones send.
    for path in [OPEN, CREATE] {
        let answer = bank
            .restricted()
            .ask(&Ask::rest(path, &merged(fine.clone(), &user)));
        assert_eq!(answer.status, 401);
    }
    bank.world.rest(CREATE, &merged(fine, &user)).ok();
}

fn refused(bank: &Bank, path: &str, request: &Value, code: &str) {
    let before = bank.records();
    let answer: Answer = bank.world.rest(path, request);
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, code),
        "{path} {request}"
    );
    assert!(bank.records() == before, "{path} {request}");
}
