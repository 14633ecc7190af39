//! Starts, restarts and the end: credentials, master key, signals.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod support;

use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};
use support::{Files, Server, basic, file_contains, files, status_of};

const CREATE: &str = "/rest/v3/application/create";
const DETAIL: &str = "/rest/v3/application/detail";

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn everything_of_the_database(files: &Files, text: &str) -> bool {
    ["", "-wal", "-shm"].iter().any(|end| {
        let mut path = files.database().into_os_string();
        path.push(end);
        file_contains(Path::new(&path), text)
    })
}

#[test]
fn secrets_are_private_and_only_hashed() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::start(&files, &[]);
    let written = format!("credentials written, in {}", files.credentials().display());
    assert_eq!(server.out[0], written);
    for path in [files.credentials(), files.master_key(), files.database()] {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    let (integration, admin) = (files.integration(), files.administrator());
    let detail = {
        server.ok(CREATE, &integration, &json!({ "applicationId": "bank" }));
        server.ok(DETAIL, &integration, &json!({ "applicationId": "bank" }))
    };
    let secret = detail["versions"][0]["applicationSecret"]
        .as_str()
        .unwrap()
        .to_owned();
    let key: Value = serde_json::from_slice(&std::fs::read(files.master_key()).unwrap()).unwrap();
    let key = key["keys"]["1"].as_str().unwrap().to_owned();
    assert!(
        everything_of_the_database(&files, &integration.0),
        "user names are there"
    );
    let raw_secret = countersign::crypto::encoding::base64::decode(&secret).unwrap();
    for secret in [&integration.1, &admin.1, &secret, &key, &basic(&integration)] {
        assert!(!everything_of_the_database(&files, secret));
    }
    let database = std::fs::read(files.database()).unwrap();
    assert!(!database.windows(16).any(|window| window == raw_secret));

    // Later starts leave everything as it is.
    let before = std::fs::read(files.credentials()).unwrap();
    assert_eq!(server.stop().0, Some(0));
    assert!(!everything_of_the_database(&files, &integration.1));
    let server = Server::start(&files, &[]);
    assert_eq!(server.out.len(), 1, "{:?}", server.out);
    assert_eq!(std::fs::read(files.credentials()).unwrap(), before);
    assert_eq!(
        server.ok(DETAIL, &integration, &json!({ "applicationId": "bank" })),
        detail
    );
    // Nor do they need the file, or look at it.
    server.stop();
    std::fs::remove_file(files.credentials()).unwrap();
    let server = Server::start(&files, &[]);
    assert!(!files.credentials().exists());
    assert_eq!(
        server.ok(DETAIL, &integration, &json!({ "applicationId": "bank" })),
        detail
    );
}

/// The first credentials are an integration like any other: one makes its successor, which removes it.
#[test]
fn credentials_are_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::start(&files, &[]);
    let first = files.integration();
    let created = server.ok("/rest/v3/integration/create", &first, &json!({ "name": "core" }));
    let text = |name: &str| created[name].as_str().unwrap().to_owned();
    let second = (text("clientToken"), text("clientSecret"));
    let list = server.ok("/rest/v3/integration/list", &second, &json!({}));
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert!(items.iter().all(|item| item["clientSecret"].is_null()));
    let old = items.iter().find(|item| item["clientToken"] == first.0).unwrap();
    let removed = server.ok(
        "/rest/v3/integration/remove",
        &second,
        &json!({ "id": old["id"] }),
    );
    assert_eq!(removed["removed"], true);
    assert_eq!(server.post(CREATE, Some(&first), &json!({})).0, 401);
    assert!(!everything_of_the_database(&files, &second.1));
    // Also after a restart, although the file still has the old ones.
    server.stop();
    let server = Server::start(&files, &[]);
    assert_eq!(server.post(CREATE, Some(&first), &json!({})).0, 401);
    server.ok("/rest/v3/status", &second, &json!({}));
}

#[test]
fn credentials_may_be_brought_along() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let text = json!({
        "integration": { "token": "bank", "secret": "0123456789abcdef012345" },
        "admin": { "user": "root", "password": "0123456789abcdef012345" },
    })
    .to_string();
    std::fs::write(files.credentials(), &text).unwrap();
    let server = Server::in_memory(&files, &[]);
    assert!(server.out[0].starts_with("credentials taken"), "{:?}", server.out);
    server.ok("/rest/v3/status", &files.integration(), &json!({}));
    assert_eq!(std::fs::read_to_string(files.credentials()).unwrap(), text);
    drop(server);

    std::fs::write(
        files.credentials(),
        text.replace("0123456789abcdef012345", "guessable"),
    )
    .unwrap();
    let refused = Server::try_start(&files, &["--database", "memory:"])
        .err()
        .unwrap();
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.text.contains("at least 22 characters"),
        "{}",
        refused.text
    );
    assert!(!refused.text.contains("guessable"), "{}", refused.text);
}

#[test]
fn a_database_wants_its_own_key() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::start(&files, &[]);
    let auth = files.integration();
    server.ok(CREATE, &auth, &json!({ "applicationId": "bank" }));
    server.kill();
    let key = std::fs::read(files.master_key()).unwrap();

    std::fs::remove_file(files.master_key()).unwrap();
    let refused = Server::try_start(&files, &[]).err().unwrap();
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.text.contains("restore it from a backup"),
        "{}",
        refused.text
    );
    assert!(!files.master_key().exists(), "a new key was made");

    let elsewhere = tempfile::tempdir().unwrap();
    let others = support::files(&elsewhere);
    Server::start(&others, &[]).kill();
    std::fs::copy(others.master_key(), files.master_key()).unwrap();
    let refused = Server::try_start(&files, &[]).err().unwrap();
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.text.contains("does not fit the database"),
        "{}",
        refused.text
    );

    std::fs::write(files.master_key(), b"{}").unwrap();
    let refused = Server::try_start(&files, &[]).err().unwrap();
    assert!(refused.text.contains("is not of the form"), "{}", refused.text);

    std::fs::write(files.master_key(), key).unwrap();
    let server = Server::start(&files, &[]);
    server.ok(DETAIL, &auth, &json!({ "applicationId": "bank" }));
}

#[test]
fn a_new_master_key_takes_over() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::start(&files, &[]);
    let auth = files.integration();
    server.ok(CREATE, &auth, &json!({ "applicationId": "old" }));
    let old = server.ok(DETAIL, &auth, &json!({ "applicationId": "old" }));
    server.stop();
    let mut key: Value = serde_json::from_slice(&std::fs::read(files.master_key()).unwrap()).unwrap();
    key["current"] = json!(2);
    key["keys"]["2"] = json!("5a".repeat(32));
    std::fs::write(files.master_key(), key.to_string()).unwrap();
    let server = Server::start(&files, &[]);
    assert_eq!(server.ok(DETAIL, &auth, &json!({ "applicationId": "old" })), old);
    server.ok(CREATE, &auth, &json!({ "applicationId": "new" }));
    server.stop();
    // The new one has wrapped everything, so that the old one is not needed any more.
    let mut less = key.clone();
    less["keys"].as_object_mut().unwrap().remove("2");
    less["current"] = json!(1);
    std::fs::write(files.master_key(), less.to_string()).unwrap();
    let refused = Server::try_start(&files, &[]).err().unwrap();
    assert!(refused.text.contains("what key 2 has sealed"), "{}", refused.text);
    key["keys"].as_object_mut().unwrap().remove("1");
    std::fs::write(files.master_key(), key.to_string()).unwrap();
    let server = Server::start(&files, &[]);
    assert_eq!(server.ok(DETAIL, &auth, &json!({ "applicationId": "old" })), old);
}

#[test]
fn wrong_starts_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    for (arguments, code, text) in [
        (
            &["--database", "mysql://u:hunter2@h/d"][..],
            1,
            "expected `memory:`, `sqlite:PATH` or `postgres://…`",
        ),
        (
            &["--database", "postgres://u:hunter2@127.0.0.1:1/d"],
            1,
            "the database postgres: cannot be opened: the database cannot be reached",
        ),
        (&["--prefix", "x"], 2, "expected a path"),
        (&["--body-timeout", "0"], 2, "expected seconds"),
        (&["--max-failed-attempts", "101"], 2, "101"),
        (&["--database", "sqlite:/nowhere/x/db"], 1, "cannot be opened"),
    ] {
        let refused = Server::try_start(&files, arguments).err().unwrap();
        assert_eq!(refused.code, Some(code), "{}", refused.text);
        assert!(refused.text.contains(text), "{}", refused.text);
        assert!(!refused.text.contains("hunter2"), "{}", refused.text);
    }
    std::fs::write(
        files.database(),
        b"not a database at all, but long enough to be looked at",
    )
    .unwrap();
    let refused = Server::try_start(&files, &[]).err().unwrap();
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    assert!(!files.credentials().exists() && !files.master_key().exists());
}

#[test]
fn the_log_says_why_and_the_answer_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::start(&files, &[]);
    let auth = files.integration();
    server.ok(CREATE, &auth, &json!({ "applicationId": "bank" }));
    server.stop();
    let connection = rusqlite::Connection::open(files.database()).unwrap();
    let damage = "UPDATE record SET body = x'01ff' WHERE collection = 'application'";
    assert_eq!(connection.execute(damage, []).unwrap(), 1);
    drop(connection);
    let server = Server::start(&files, &[]);
    let (status, body) = server.post(DETAIL, Some(&auth), &json!({ "applicationId": "bank" }));
    assert_eq!(status, 500);
    assert_eq!(
        body["responseObject"]["message"],
        "The request could not be processed."
    );
    let (_, log) = server.stop();
    assert!(log.contains("a stored record cannot be read"), "{log}");
}

#[test]
fn stops_gracefully() {
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::INT] {
        let folder = tempfile::tempdir().unwrap();
        let files = files(&folder);
        let server = Server::start(&files, &[]);
        let auth = files.integration();
        let body = r#"{"requestObject":{"applicationId":"late"}}"#;
        let (first, second) = body.split_at(10);
        let mut running = server.connect();
        let mut idle = server.connect();
        running.send(format!(
            "POST {CREATE} HTTP/1.1\r\nhost: x\r\nauthorization: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{first}",
            basic(&auth),
            body.len()
        ));
        // The request is being worked on once it shows in the numbers.
        while !server
            .get("/metrics")
            .1
            .contains("countersign_requests_in_flight 2")
        {
            std::thread::yield_now();
        }
        server.signal(signal);
        assert_eq!(idle.rest(), "", "an idle connection is closed");
        while TcpStream::connect(server.address).is_ok() {
            std::thread::yield_now();
        }
        let response = running.send(second).rest();
        assert_eq!(status_of(&response), 200, "{response}");
        let (code, log) = server.wait();
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("stopped"), "{log}");

        let server = Server::start(&files, &[]);
        server.ok(DETAIL, &auth, &json!({ "applicationId": "late" }));
    }
}

#[test]
fn a_second_signal_ends_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::in_memory(&files(&folder), &[]);
    let mut running = server.connect();
    running.send("POST /rest/v3/status HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{");
    while !server
        .get("/metrics")
        .1
        .contains("countersign_requests_in_flight 2")
    {
        std::thread::yield_now();
    }
    server.signal(rustix::process::Signal::TERM);
    while TcpStream::connect(server.address).is_ok() {
        std::thread::yield_now();
    }
    server.signal(rustix::process::Signal::TERM);
    let (code, log) = server.wait();
    assert_eq!(code, Some(1), "{log}");
    assert!(log.contains("did not end in time"), "{log}");
}
