//! The key that seals secrets is replaced by command: beside a running server, and killed again and again.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod support;

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use support::{Files, Server, basic, files};

const CREATE: &str = "/rest/v3/application/create";
const DETAIL: &str = "/rest/v3/application/detail";

fn command(files: &Files, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign-server"));
    let database = format!("sqlite:{}", files.database().display());
    command.args(arguments).args(["--database", &database]);
    command.arg("--master-key-file").arg(files.master_key());
    command.env_clear();
    command
}

/// Exit code and both outputs.
fn run(files: &Files, arguments: &[&str]) -> (Option<i32>, String, String) {
    let done = command(files, arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.code(), text(done.stdout), text(done.stderr))
}

fn admin(server: &Server, files: &Files, method: &str, path: &str, body: &str) -> (u16, Value) {
    let auth = basic(&files.administrator());
    let head = format!("{method} /admin/master-key{path} HTTP/1.1\r\nauthorization: {auth}");
    let (status, body) = support::raw(server, &head, body);
    (status, serde_json::from_str(&body).unwrap())
}

#[test]
fn killed_again_and_again_nothing_becomes_unreadable() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::start(&files, &[]);
    let auth = files.integration();
    let applications: Vec<Value> = (0..30)
        .map(|number| json!({ "applicationId": format!("bank-{number}") }))
        .collect();
    for application in &applications {
        server.ok(CREATE, &auth, application);
        for user in 0..4 {
            let mut user = json!({ "userId": format!("user-{user}") });
            user["applicationId"] = application["applicationId"].clone();
            server.ok("/rest/v3/activation/init", &auth, &user);
        }
    }
    let secrets = |server: &Server| -> Vec<Value> {
        let detail = |it| server.ok(DETAIL, &auth, it)["versions"].take();
        applications.iter().map(detail).collect()
    };
    let before = secrets(&server);
    // Nobody can remove the only key, and the server tells of it.
    assert_eq!(admin(&server, &files, "POST", "/retire", "{\"key\":1}").0, 400);
    let (status, body) = admin(&server, &files, "GET", "", "{}");
    assert_eq!((status, &body["responseObject"]["current"]), (200, &json!(1)));
    assert_eq!(server.stop().0, Some(0));

    let mut kills = 0;
    for round in 0..25 {
        let mut child = command(&files, &["rotate-master-key", "--alone"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Where it is hit is up to the machine.
        std::thread::sleep(Duration::from_millis(4 + 3 * (round % 12)));
        kills += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let server = Server::start(&files, &[]);
    assert_eq!(secrets(&server), before);
    server.stop();
    let (code, out, error) = run(&files, &["rotate-master-key", "--alone"]);
    assert_eq!((code, error.as_str()), (Some(0), ""), "{out}");
    assert!(out.ends_with(", 0 unreadable\n"), "{out}");
    let current: u32 = {
        let line = out.lines().find(|it| it.ends_with(": current")).unwrap();
        line.strip_prefix("key ")
            .unwrap()
            .split(':')
            .next()
            .unwrap()
            .parse()
            .unwrap()
    };
    for key in 1..current {
        // A key whose rotation was never finished may have been retired by none.
        let (code, _, error) = run(&files, &["retire-master-key", &key.to_string()]);
        assert_eq!(code, Some(0), "{key}: {error}");
    }
    let (code, _, error) = run(&files, &["retire-master-key", &current.to_string()]);
    assert_eq!(
        (code, error.contains("may still need")),
        (Some(1), true),
        "{error}"
    );
    let server = Server::start(&files, &[]);
    assert_eq!(secrets(&server), before);
    println!("{kills} kills, {} keys, {out}", current);
    assert!(kills >= 10, "{kills}");
}

#[test]
fn refused_without_the_right_file() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let (code, _, error) = run(&files, &["rotate-master-key"]);
    assert_eq!(code, Some(1), "{error}");
    assert!(!files.database().exists() && !files.master_key().exists());
    Server::start(&files, &[]).stop();
    std::fs::remove_file(files.master_key()).unwrap();
    let (code, _, error) = run(&files, &["rotate-master-key", "--alone"]);
    assert_eq!(
        (code, error.contains("does not exist")),
        (Some(1), true),
        "{error}"
    );
    let file = format!("{{\"current\":1,\"keys\":{{\"1\":\"{}\"}}}}", "ab".repeat(32));
    std::fs::write(files.master_key(), file).unwrap();
    let (code, _, error) = run(&files, &["rotate-master-key", "--alone"]);
    assert_eq!(
        (code, error.contains("does not fit the database")),
        (Some(1), true),
        "{error}"
    );
}
