//! The program against the whole engine, over HTTP on this machine: the bank of `examples/protected`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use countersign::engine::Config;
use countersign::engine::spawn::SpawnRule;
use countersign_protected::{Bank, serve};
use serde_json::{Value, json};

const PHONE: &str = env!("CARGO_BIN_EXE_countersign-phone");
const PIN: &str = "2580";
const OTP: &str = "0123456789abcdef";

/// A bank that serves, and a folder for phones.
struct World {
    bank: Bank,
    url: String,
    folder: PathBuf,
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(work)
}

impl World {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = format!("bank-{}-{number}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        let bank = Bank::open(Config {
            plain_forms: true,
            activation_spawn: vec![SpawnRule {
                from: "bank".to_owned(),
                requested: "cards".to_owned(),
                application: "cards".to_owned(),
                flags: Vec::new(),
            }],
            ..Config::default()
        })
        .unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = bank.clone();
        std::thread::spawn(move || {
            wait(async { serve(tokio::net::TcpListener::from_std(listener).unwrap(), serving).await })
        });
        Self { bank, url, folder }
    }

    fn call(&self, path: &str, body: &Value) -> Value {
        wait(self.bank.call(path, body)).unwrap()
    }

    fn rest(&self, path: &str, object: &Value) -> Value {
        self.call(&format!("/rest/v3{path}"), &json!({ "requestObject": object }))
    }

    /// An ACTIVE phone of `user`.
    fn activate(&self, user: &str, more: &[&str]) -> Value {
        let invited = wait(self.bank.invite(user)).unwrap();
        let (configuration, code, otp) = (&*invited.configuration, &*invited.code, &*invited.otp);
        let credentials = ["--sdk-config", configuration, "--code", code, "--otp", otp];
        let arguments = [&["activate", "--url", &self.url], &credentials[..], more].concat();
        self.ok(user, &arguments)
    }

    fn run(&self, user: &str, arguments: &[&str]) -> (i32, Value) {
        let output = self.program(user, Command::new(PHONE).args(arguments).arg("--json"));
        let text = String::from_utf8(output.stdout).unwrap();
        let json = serde_json::from_str(&text);
        let json = json.unwrap_or_else(|_| panic!("{arguments:?}: {text} {}", errors(&output.stderr)));
        (output.status.code().unwrap(), json)
    }

    fn program(&self, user: &str, command: &mut Command) -> Output {
        command
            .env_clear()
            .env(
                "COUNTERSIGN_PHONE_STATE",
                self.folder.join(format!("{user}.json")),
            )
            .env("COUNTERSIGN_PIN", PIN);
        // Behind the phone come the system's programs.
        let here = Path::new(PHONE).parent().unwrap().display();
        let system = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{here}:{system}"));
        command.output().unwrap()
    }

    #[track_caller]
    fn ok(&self, user: &str, arguments: &[&str]) -> Value {
        let (code, json) = self.run(user, arguments);
        assert_eq!(code, 0, "{arguments:?}: {json}");
        json
    }

    /// HTTP status and code of a refusal.
    #[track_caller]
    fn refused(&self, user: &str, arguments: &[&str]) -> (u64, String) {
        let (code, json) = self.run(user, arguments);
        assert_eq!(code, 1, "{arguments:?}: {json}");
        let error = &json["error"];
        (
            error["status"].as_u64().unwrap(),
            error["code"].as_str().unwrap().to_owned(),
        )
    }
}

impl Drop for World {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn errors(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The lines that `docs/embedding.md` tells people to type, as they stand there.
#[test]
fn the_documented_lines_do_what_they_say() {
    let guide = include_str!("../../../docs/embedding.md");
    let typed: Vec<_> = guide
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("curl ") || line.starts_with("countersign-phone "))
        .collect();
    assert_eq!(typed.len(), 7, "{typed:?}");
    for protocol in ["3.0", "3.1", "3.2", "3.3"] {
        let world = World::new();
        world.activate("alice", &["--protocol", protocol]);
        let mut answers = Vec::new();
        for line in &typed {
            let line = line.replace("http://127.0.0.1:8081", &world.url);
            let output = world.program("alice", Command::new("sh").args(["-c", &line]));
            assert!(output.status.success(), "{line}: {}", errors(&output.stderr));
            answers.push(String::from_utf8(output.stdout).unwrap());
        }
        for refused in [&answers[0], &answers[3]] {
            assert!(refused.starts_with("HTTP/1.1 401 "), "{refused}");
            assert!(refused.contains(r#""code":"ERR_AUTHENTICATION""#), "{refused}");
        }
        let two = json!("possession_knowledge");
        let expected = [
            (1, json!("possession"), Value::Null),
            (2, two.clone(), json!({ "to": "CZ65" })),
            (4, two, json!({ "pin": "1379" })),
            (5, Value::Null, json!({ "text": "hello" })),
        ];
        for (place, factors, sent) in expected {
            let answer: Value = serde_json::from_str(&answers[place]).unwrap();
            let seen = &answer["responseObject"];
            let holder = &seen["caller"]["holder"];
            assert_eq!(
                (&holder["userId"], &holder["factors"]),
                (&json!("alice"), &factors)
            );
            assert_eq!(
                (&seen["caller"]["version"], &seen["sent"]),
                (&json!(protocol), &sent)
            );
        }
        let anybody: Value = serde_json::from_str(&answers[6]).unwrap();
        let caller = json!({ "applicationId": "bank", "version": protocol, "holder": null });
        assert_eq!(anybody["responseObject"]["caller"], caller);
    }
}

#[test]
fn more_of_the_protected_routes() {
    let world = World::new();
    world.activate("alice", &[]);
    let body = r#"{"to":"CZ65"}"#;
    // The header passes once.
    let sign = ["sign", "/transfer", "--uri-id", "/transfer", "--body", body];
    let signed = world.ok("alice", &sign);
    let header = format!("X-PowerAuth-Authorization: {}", signed["value"].as_str().unwrap());
    let curl = |more: &[&str]| {
        let url = format!("{}/transfer", world.url);
        let written = ["-s", "-w", "%{http_code}", "-o", "/dev/null"];
        let output = world.program("alice", Command::new("curl").args(written).args(more).arg(&url));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(curl(&["-d", body, "-H", &header, "-H", &header]), "401");
    assert_eq!(curl(&["-d", body, "-H", &header]), "200");
    assert_eq!(curl(&["-d", body, "-H", &header]), "401");
    assert_eq!(
        curl(&["-d", body, "-H", &format!("X-Long: {}", "a".repeat(8193))]),
        "431"
    );
    let large = "x".repeat(64 * 1024 + 1);
    assert_eq!(curl(&["-d", &large, "-H", &header]), "413");
    // One factor, another resource, another route.
    let no = (401, "ERR_AUTHENTICATION".to_owned());
    let sign = [
        "sign",
        "/transfer",
        "--uri-id",
        "/transfer",
        "--body",
        body,
        "--send",
    ];
    assert_eq!(
        world.refused("alice", &[&sign[..], &["--factor", "possession"]].concat()),
        no
    );
    let other = [
        "sign",
        "/transfer",
        "--uri-id",
        "/other",
        "--body",
        body,
        "--send",
    ];
    assert_eq!(world.refused("alice", &other), no);
    assert_eq!(
        world.ok("alice", &sign)["reply"]["responseObject"]["sent"]["to"],
        "CZ65"
    );
    assert_eq!(
        world.refused("alice", &["encrypt", "/card/pin", "--uri-id", "/note"]),
        no
    );
    let unreadable = (400, "ERR_ENCRYPTION".to_owned());
    assert_eq!(
        world.refused("alice", &["encrypt", "/note", "--application"]),
        unreadable
    );
    assert_eq!(world.refused("alice", &["encrypt", "/contact"]), unreadable);
    let with_token = world.ok("alice", &["encrypt", "/note", "--token", "mine", "--body", "{}"]);
    assert_eq!(with_token["reply"]["responseObject"]["sent"], json!({}));
}

#[test]
fn inbox_and_push_messages() {
    let world = World::new();
    world.activate("alice", &[]);
    let mut ids = Vec::new();
    for number in 1..=3 {
        let message = json!({
            "userId": "alice", "applications": ["bank"], "type": "text", "subject": format!("Message {number}"),
            "summary": "What it is about", "body": format!("Long text {number}"),
        });
        let posted = world.call("/inbox/messages", &json!({ "requestObject": message }));
        ids.push(posted["id"].as_str().unwrap().to_owned());
    }
    let inbox = |more: &[&str]| world.ok("alice", &[&["inbox"], more].concat());
    assert_eq!(inbox(&["count"])["unread"], 3);
    let listed = |more: &[&str]| {
        let listed = inbox(&[&["list"], more].concat())["messages"].clone();
        let subject = |message: &Value| message["subject"].as_str().unwrap().to_owned();
        let mut subjects: Vec<_> = listed.as_array().unwrap().iter().map(subject).collect();
        // Those of one millisecond have any order.
        subjects.sort();
        subjects
    };
    assert_eq!(listed(&[]), ["Message 1", "Message 2", "Message 3"]);
    let pages = [listed(&["--size", "2"]), listed(&["--size", "2", "--page", "1"])];
    assert_eq!(pages.map(|page| page.len()), [2, 1]);
    assert_eq!(inbox(&["show", &ids[0]])["body"], "Long text 1");
    assert_eq!(inbox(&["count"])["unread"], 3);
    assert_eq!(inbox(&["read", &ids[1]])["body"], "Long text 2");
    assert_eq!(inbox(&["count"])["unread"], 2);
    assert_eq!(listed(&["--unread"]), ["Message 1", "Message 3"]);
    inbox(&["read-all"]);
    assert_eq!(inbox(&["count"])["unread"], 0);
    assert_eq!(listed(&["--unread"]), Vec::<String>::new());
    let nothing = "3699a9c0-0000-4000-8000-000000000000";
    let failed = (400, "INBOX_FAILED".to_owned());
    assert_eq!(world.refused("alice", &["inbox", "show", nothing]), failed);

    let push = ["register-push", "--token", "device-token", "--platform"];
    for more in [&["ios"][..], &["android", "--signed"]] {
        world.ok("alice", &[&push[..], more].concat());
    }
    let invalid = (400, "INVALID_REQUEST".to_owned());
    assert_eq!(
        world.refused("alice", &[&push[..], &["pigeon"]].concat()),
        invalid
    );
}

#[test]
fn operations() {
    let world = World::new();
    world.activate("alice", &[]);
    let template = json!({
        "templateName": "payment", "operationType": "payment", "dataTemplate": "A1*A${amount}CZK",
        "signatureType": ["POSSESSION_KNOWLEDGE"], "maxFailureCount": 3, "expiration": 300,
    });
    world.rest("/operation/template/create", &template);
    let create = |more: Value| {
        let mut request = json!({
            "applicationId": "bank", "templateName": "payment", "parameters": { "amount": "100" },
        });
        request
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        world.rest("/operation/create", &request)["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let own = create(json!({ "userId": "alice", "proximityCheckEnabled": true }));
    let detail = world.ok("alice", &["detail", &own]);
    assert_eq!(detail["operation"]["data"], "A1*A100CZK");
    // Nobody's, until somebody takes it.
    let free = create(json!({}));
    let list = || {
        world.ok("alice", &["list"])["operations"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(list(), 1);
    assert_eq!(
        world.ok("alice", &["claim", &free])["operation"]["id"],
        json!(free)
    );
    assert_eq!(list(), 2);

    let failed = (401, "OPERATION_FAILED".to_owned());
    assert_eq!(world.refused("alice", &["approve", &own]), failed);
    assert_eq!(
        world.refused("alice", &["approve", &own, "--proximity", "00000000"]),
        failed
    );
    let shown = world.rest("/operation/detail", &json!({ "operationId": own }));
    let otp = shown["proximityOtp"].as_str().unwrap();
    let link = format!("bank://approve?oid={own}&potp={otp}");
    world.ok("alice", &["approve", &own, "--proximity", &link]);
    world.ok("alice", &["reject", &free, "--reason", "INCORRECT_DATA"]);
    let history = world.ok("alice", &["history"]);
    let states: Vec<_> = history["operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["status"])
        .collect();
    assert_eq!(states, ["REJECTED", "APPROVED"]);
    let matching = json!({
        "applicationId": "bank", "templateName": "payment", "parameters": { "amount": "7" }, "userId": "alice",
        "numberMatching": true,
    });
    let asked = world.rest("/operation/create", &matching);
    let (id, number) = (
        asked["id"].as_str().unwrap(),
        asked["matchNumber"].as_str().unwrap(),
    );
    assert_eq!(world.refused("alice", &["approve", id]), failed);
    world.ok("alice", &["approve", id, "--number", number]);
    let finished = (400, "OPERATION_ALREADY_FINISHED".to_owned());
    assert_eq!(world.refused("alice", &["detail", &own]), finished);
}

#[test]
fn a_sibling_app() {
    let world = World::new();
    world.activate("alice", &[]);
    world.rest("/application/create", &json!({ "applicationId": "cards" }));
    let detail = world.rest("/application/detail", &json!({ "applicationId": "cards" }));
    let configuration = detail["versions"][0]["mobileSdkConfig"].as_str().unwrap();
    let failed = (400, "ACTIVATION_CODE_FAILED".to_owned());
    assert_eq!(
        world.refused("alice", &["sibling-code", "other", "--otp", OTP]),
        failed
    );
    let invalid = (400, "INVALID_REQUEST".to_owned());
    assert_eq!(
        world.refused("alice", &["sibling-code", "cards", "--otp", "short"]),
        invalid
    );
    let spawned = world.ok("alice", &["sibling-code", "cards", "--otp", OTP]);
    let code = spawned["code"].as_str().unwrap();
    let sibling = ["--sdk-config", configuration, "--code", code, "--otp", OTP];
    let activated = world.ok(
        "cards",
        &[&["activate", "--url", &world.url], &sibling[..]].concat(),
    );
    assert_eq!(activated["activationId"], spawned["activationId"]);
    assert_eq!(world.ok("cards", &["status"])["status"], "ACTIVE");
}

#[test]
fn vault_recovery_and_user_info() {
    let world = World::new();
    // The first makes the application.
    world.activate("bob", &["--no-biometry"]);
    let config = json!({
        "applicationId": "bank", "activationRecoveryEnabled": true, "recoveryPostcardEnabled": false,
        "allowMultipleRecoveryCodes": false,
    });
    world.rest("/recovery/config/update", &config);
    let recovery = world.activate("alice", &[])["recovery"].clone();
    assert_eq!(world.ok("alice", &["vault", "recovery"]), recovery);
    let code = recovery["code"].as_str().unwrap();
    let confirmed = world.ok("alice", &["confirm-recovery", code]);
    assert_eq!(confirmed["alreadyConfirmed"], true);
    let no = (401, "ERR_AUTHENTICATION".to_owned());
    assert_eq!(world.refused("bob", &["confirm-recovery", code]), no);
    assert_eq!(world.run("bob", &["vault", "recovery"]).0, 2, "there is none");

    let key = |index: &str| world.ok("bob", &["vault", "key", index])["key"].clone();
    assert_eq!(key("1"), key("1"));
    assert_ne!(key("1"), key("2"));
    assert_eq!(world.refused("bob", &["vault", "key", "1", "--pin", "0852"]), no);
    let signature = world.ok("bob", &["vault", "sign", "hello"]);
    let verify = |data: &str| {
        let data = countersign::crypto::encoding::base64::encode(data.as_bytes());
        let id = world.ok("bob", &["show"])["activationId"].clone();
        let request = json!({ "activationId": id, "data": data, "signature": signature["signature"] });
        world.rest("/signature/ecdsa/verify", &request)["signatureValid"].clone()
    };
    assert_eq!((verify("hello"), verify("other")), (json!(true), json!(false)));

    let biometry = [
        "sign",
        "/transfer",
        "--uri-id",
        "/transfer",
        "--send",
        "--factor",
        "biometry",
    ];
    assert_eq!(world.run("bob", &biometry).0, 2, "none is set up");
    world.ok("bob", &["vault", "add-biometry"]);
    let seen = world.ok("bob", &biometry);
    let holder = &seen["reply"]["responseObject"]["caller"]["holder"];
    assert_eq!(holder["factors"], "possession_biometry");
    let claims = json!({ "sub": "bob", "iss": "the bank of examples/protected" });
    assert_eq!(world.ok("bob", &["user-info"])["claims"], claims);
}
