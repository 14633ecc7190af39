//! The bank's offices: recovery, temporary keys, the cloud API, the console, audits, and what the server keeps sealed.

use countersign::client::{Application, Authentication, Credentials, Installation};
use countersign::crypto::backend::default_backend;
use countersign::crypto::code::{ActivationCode, Puk, RecoveryCode};
use countersign::crypto::encoding::base64;
use countersign::crypto::key::KeyPair;
use countersign::crypto::version::ProtocolVersion;
use countersign::engine::{Keyring, Place};
use countersign::model::activation::{ACTIVATION, Activation};
use countersign::model::application::{APPLICATION, Application as AppRecord};
use countersign::store::{Answer, Entity, Key, Query, Store};
use serde_json::{Value, json};

use super::phone::Phone;
use super::{USER, text};
use crate::bank::{Bank, Caller, Remembering, now};
use crate::support::Auth;

pub(super) fn recovery(bank: &Bank, application: &Application) {
    let printer = KeyPair::generate(default_backend(), &mut Remembering::default()).unwrap();
    let settings = json!({
        "applicationId": "bank", "activationRecoveryEnabled": true, "recoveryPostcardEnabled": true,
        "allowMultipleRecoveryCodes": true, "remotePostcardPublicKey": base64::encode(printer.public.as_bytes()),
    });
    bank.rest("/recovery/config/update", &settings);
    let init = bank.rest(
        "/activation/init",
        &json!({ "applicationId": "bank", "userId": "personal-user-of-recovery" }),
    );
    bank.secret("activation code", text(&init, "activationCode"));
    bank.secret("personal: user of recovery", "personal-user-of-recovery");
    let code = application
        .read_activation_code(text(&init, "activationCode"))
        .unwrap();
    let call = application
        .activate(
            &Credentials::code(&code.code),
            &Installation::default(),
            now(),
            &mut Remembering::default(),
        )
        .unwrap();
    let (status, body) = bank.phone(&call.request);
    let activated = call.pending.read(status, &body).unwrap();
    let made = activated.recovery().expect("a recovery code");
    let (code, puk) = (made.code.as_str().to_owned(), made.puk.as_str().to_owned());
    bank.secret("recovery code", &code);
    bank.secret("PUK", &puk);
    bank.rest(
        "/activation/commit",
        &json!({ "activationId": text(&init, "activationId") }),
    );
    bank.rest(
        "/recovery/lookup",
        &json!({ "userId": "personal-user-of-recovery" }),
    );
    bank.secret("a wrong PUK", "9876501234");
    for puk in ["9876501234", puk.as_str()] {
        let credentials =
            Credentials::recovery(&RecoveryCode::parse(&code).unwrap(), &Puk::parse(puk).unwrap());
        let call = application
            .activate(
                &credentials,
                &Installation::default(),
                now(),
                &mut Remembering::default(),
            )
            .unwrap();
        bank.phone(&call.request);
    }
    let card = json!({ "applicationId": "bank", "userId": "personal-user-of-recovery", "pukCount": 2 });
    let (_, body) = bank.send(
        "POST",
        "/rest/v3/recovery/create",
        &Caller::Basic(&bank.auth),
        json!({ "requestObject": card }).to_string().as_bytes(),
    );
    drop(body);
}

pub(super) fn temporary_keys(bank: &Bank, application: &Application) {
    let newest = application.clone().with_version(ProtocolVersion::V3_3);
    let call = newest.request_temporary_key(&mut Remembering::default()).unwrap();
    let body: Value = serde_json::from_slice(&call.request.body).unwrap();
    bank.secret("request for a temporary key", text(&body["requestObject"], "jwt"));
    assert_eq!(bank.phone(&call.request).0, 200);
    let broken = text(&body["requestObject"], "jwt").replace("eyJ", "eyK");
    let broken = json!({ "requestObject": { "jwt": broken } });
    bank.send(
        "POST",
        "/pa/v3/keystore/create",
        &Caller::Nobody,
        broken.to_string().as_bytes(),
    );
}

pub(super) fn cloud(bank: &Bank, phone: &mut Phone) -> Auth {
    let made = bank.ok(
        "POST",
        "/admin/applications/credentials",
        &Caller::Basic(&bank.admin),
        &json!({ "id": "bank" }),
    );
    let pair = (
        text(&made, "username").to_owned(),
        text(&made, "password").to_owned(),
    );
    bank.secret("password of an application", &pair.1);
    bank.secret(
        "header with an application's password",
        &crate::support::basic(&pair)[6..],
    );
    let caller = Caller::Basic(&pair);
    bank.secret("one-time password of a registration", "otp-of-a-registration-31");
    let registration = json!({ "userId": USER, "appId": "bank", "otp": "otp-of-a-registration-31", "otpValidation": "ON_COMMIT" });
    let made = bank.ok("POST", "/v2/registrations", &caller, &registration);
    let texts = made.as_object().unwrap().values().filter_map(Value::as_str);
    for code in texts.filter_map(|it| it.split('#').next()) {
        if ActivationCode::parse(code).is_ok() {
            bank.secret("activation code", code);
        }
    }
    bank.ok(
        "GET",
        &format!("/v2/registrations?userId={USER}"),
        &caller,
        &Value::Null,
    );
    let header = phone
        .device
        .authorize(
            "POST",
            "/login",
            b"{}",
            &Authentication::PossessionKnowledge(&phone.pin),
            &mut Remembering::default(),
        )
        .unwrap()
        .assume_saved();
    bank.secret("signature", &header.signature);
    let signed = json!({ "method": "POST", "uriId": "/login", "authHeader": header.to_text(), "requestBody": base64::encode(b"{}") });
    bank.ok("POST", "/v2/signature/verify", &caller, &signed);
    bank.ok("GET", &format!("/audit/log?userId={USER}"), &caller, &Value::Null);
    let wrong = (pair.0.clone(), "a-guess-at-the-password".to_owned());
    bank.secret("a guess at a password", &wrong.1);
    bank.send(
        "GET",
        &format!("/v2/registrations?userId={USER}"),
        &Caller::Basic(&wrong),
        b"",
    );
    pair
}

pub(super) fn console(bank: &Bank, activation: &str) {
    for path in [
        "/console/",
        "/console/app.js",
        "/console/server.js",
        "/console/console.css",
        "/docs",
    ] {
        bank.send("GET", path, &Caller::Nobody, b"");
    }
    bank.secret("a guess at the console's password", "console-password-guess-1");
    let login = |password: &str| json!({ "user": bank.admin.0, "password": password }).to_string();
    let (status, _) = bank.send(
        "POST",
        "/console/login",
        &Caller::Nobody,
        login("console-password-guess-1").as_bytes(),
    );
    assert_eq!(status, 401);
    let body = login(&bank.admin.1);
    let head = format!(
        "POST /console/login HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    // Not through `send`: head and body are where the session's secrets have to be.
    let answer = bank.server.connect().send(head).rest();
    let cookie = answer
        .split_once("countersign_console=")
        .unwrap()
        .1
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let csrf = serde_json::from_str::<Value>(body).unwrap()["csrf"]
        .as_str()
        .unwrap()
        .to_owned();
    bank.secret("session of the console", &cookie);
    bank.secret("token against forged requests", &csrf);
    let headers = || {
        Caller::Headers(vec![
            ("cookie", format!("countersign_console={cookie}")),
            ("x-csrf-token", csrf.clone()),
        ])
    };
    for (name, body) in [
        ("getApplicationList", json!({})),
        (
            "getActivationListForUser",
            json!({ "userId": USER, "applicationId": "bank" }),
        ),
        ("getActivationStatus", json!({ "activationId": activation })),
        ("getActivationHistory", json!({ "activationId": activation })),
        (
            "getSignatureAuditLog",
            json!({ "userId": USER, "applicationId": "bank" }),
        ),
        ("getCallbackUrlList", json!({ "applicationId": "bank" })),
        ("recentActivations", json!({})),
        ("watchOperations", json!({})),
        ("verifyAudit", json!({})),
        ("charts", json!({})),
        ("nothing", json!({ "userId": USER })),
        ("getActivationStatus", json!({ "activationId": USER })),
    ] {
        bank.send(
            "POST",
            &format!("/console/api/{name}"),
            &headers(),
            body.to_string().as_bytes(),
        );
    }
    bank.send("POST", "/console/logout", &headers(), b"{}");
    bank.send("GET", "/console/session", &headers(), b"");
}

pub(super) fn integrations(bank: &Bank) {
    let made = bank.rest("/integration/create", &json!({ "name": "another" }));
    bank.secret("secret of another integration", text(&made, "clientSecret"));
    bank.rest("/integration/list", &json!({}));
    let admin = Caller::Basic(&bank.admin);
    bank.ok("GET", "/admin/master-key", &admin, &Value::Null);
}

pub(super) fn audits(bank: &Bank, activation: &str) {
    let range = json!({ "userId": USER, "applicationId": "bank" });
    bank.rest("/signature/list", &range);
    bank.rest("/activation/history", &json!({ "activationId": activation }));
}

/// What the server alone knows: from its database, opened with its master key.
pub(super) fn sealed(bank: &Bank, activation: &str) {
    let store = bank.database();
    let keyring = bank.keyring(&store);
    let application: AppRecord = record(&store, "bank");
    let open = |keyring: &Keyring, place: Place<'_>, sealed: &[u8]| {
        keyring.open(place, sealed).unwrap().as_bytes().to_vec()
    };
    for key in &application.master_keys {
        let place = Place {
            collection: APPLICATION,
            id: "bank",
            field: "master_private",
        };
        bank.secret_bytes(
            "private key of an application",
            &open(&keyring, place, &key.private),
        );
    }
    let record: Activation = record(&store, activation);
    let place = Place {
        collection: ACTIVATION,
        id: activation,
        field: "server_private",
    };
    bank.secret_bytes(
        "private key of an activation",
        &open(&keyring, place, &record.server_private),
    );
    let counter = record.counter_data.unwrap();
    bank.secret_bytes("counter data, newest", &counter);
}

fn record<R: Entity>(store: &dyn Store, id: &str) -> R {
    let query = Query::Get(Key::new(R::COLLECTION, id));
    match pollster::block_on(store.read(&[query])).unwrap().pop() {
        Some(Answer::Record(Some(record))) => R::decode(&record.body).unwrap(),
        other => panic!("{other:?}"),
    }
}
