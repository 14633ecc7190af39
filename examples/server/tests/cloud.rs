//! The cloud API over HTTP: an application with its own credentials, a registration, credentials exchanged in between.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod support;

use countersign::client::{Application, Credentials, Installation, Pin, PossessionKey};
use countersign::crypto::encoding::base64;
use countersign::crypto::sdk_config::SdkConfiguration;
use countersign::crypto::secret::Secret;
use serde_json::{Value, json};
use support::phone::{SystemRandom, send};
use support::{Auth, Server, basic, file_contains, files, raw};

fn call(server: &Server, auth: &Auth, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let head = format!("{method} {path} HTTP/1.1\r\nauthorization: {}", basic(auth));
    let body = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    let (status, body) = raw(server, &head, &body);
    (status, serde_json::from_str(&body).unwrap())
}

#[track_caller]
fn ok(server: &Server, auth: &Auth, method: &str, path: &str, body: &Value) -> Value {
    let (status, answer) = call(server, auth, method, path, body);
    assert_eq!(status, 200, "{method} {path}: {answer}");
    answer
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}

fn pair(made: &Value) -> Auth {
    (text(made, "username"), text(made, "password"))
}

fn application(made: &Value) -> Application {
    let bytes = |name: &str| base64::decode_array(made[name].as_str().unwrap()).unwrap();
    let config = SdkConfiguration {
        application_key: bytes("appKey"),
        application_secret: Secret::from_bytes(bytes("appSecret")),
        master_public_key: base64::decode(&text(made, "masterServerPublicKey")).unwrap(),
    };
    Application::from_sdk_config(&config.to_text()).unwrap()
}

#[test]
fn a_registration_from_its_code_to_its_end_across_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let url = "https://mtoken.bank.example/";
    let options = ["--service-base-url", url];
    let server = Server::start(&files, &options);
    let admin = files.administrator();
    let new = json!({ "id": "MY_APP_01", "roles": ["ROLE1"] });
    let made = ok(&server, &admin, "POST", "/admin/applications", &new);
    assert_eq!(made["serviceBaseUrl"], url);
    let first = pair(&made);
    let request = json!({ "userId": "joan", "appId": "MY_APP_01", "otp": "0815", "flags": ["FLAG_1"] });
    let registered = ok(&server, &first, "POST", "/v2/registrations", &request);
    let one = format!("/v2/registrations/{}", text(&registered, "registrationId"));

    // A second pair, the end of the first one: no moment without access.
    let id = json!({ "id": "MY_APP_01" });
    let second = pair(&ok(
        &server,
        &admin,
        "POST",
        "/admin/applications/credentials",
        &id,
    ));
    assert_eq!(
        ok(&server, &second, "GET", &one, &Value::Null)["registrationStatus"],
        "CREATED"
    );
    let end = json!({ "id": "MY_APP_01", "revoke": first.0 });
    ok(&server, &admin, "POST", "/admin/applications/credentials", &end);
    let unauthorized = json!({
        "status": "ERROR", "responseObject": { "code": "HTTP_401", "message": "Unauthorized" },
    });
    assert_eq!(
        call(&server, &first, "GET", &one, &Value::Null),
        (401, unauthorized)
    );

    // What was answered is there after a crash.
    server.kill();
    let server = Server::start(&files, &options);
    let mut app = application(&made);
    let code = app
        .read_activation_code(&text(&registered, "activationQrCodeData"))
        .unwrap();
    let now = u64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    let mut rng = SystemRandom;
    if app.needs_temporary_key(now) {
        let call = app.request_temporary_key(&mut rng).unwrap();
        let (status, body) = send(&server, &call.request);
        app.keep_temporary_key(call.pending.read(status, &body).unwrap())
            .unwrap();
    }
    let credentials = Credentials::code(&code.code);
    let exchange = app
        .activate(&credentials, &Installation::default(), now, &mut rng)
        .unwrap();
    let (status, body) = send(&server, &exchange.request);
    let activation = exchange.pending.read(status, &body).unwrap();
    let key = PossessionKey::from_device_data(b"joan");
    let device = activation
        .protect(&Pin::new("2580").unwrap(), key, None, &mut rng)
        .unwrap();
    let pending = ok(&server, &second, "GET", &one, &Value::Null);
    assert_eq!(pending["activationFingerprint"], device.fingerprint().as_str());
    let commit = format!("{one}/commit");
    assert_eq!(
        call(&server, &second, "POST", &commit, &json!({ "otp": "1" })).0,
        400
    );
    ok(&server, &second, "POST", &commit, &json!({ "otp": "0815" }));
    assert_eq!(
        ok(&server, &second, "GET", &one, &Value::Null)["registrationStatus"],
        "ACTIVE"
    );
    ok(&server, &second, "DELETE", &one, &Value::Null);
    let (status, gone) = call(&server, &second, "GET", &one, &Value::Null);
    assert_eq!(
        (status, &gone["responseObject"]["code"]),
        (400, &json!("ERROR_REGISTRATION_NOT_FOUND"))
    );
    let log = ok(&server, &second, "GET", "/audit/log?userId=joan", &Value::Null);
    let items = log["items"].as_array().unwrap();
    let kinds: Vec<&str> = items.iter().map(|it| it["eventType"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        ["activation_removed", "activation_committed", "activation_created"]
    );

    let (_, log) = server.stop();
    for secret in [&first.1, &second.1, "0815"] {
        assert!(!log.contains(secret) && !file_contains(&files.database(), secret));
    }
    assert!(!log.contains("joan"));
    println!("{} events", kinds.len());
}
