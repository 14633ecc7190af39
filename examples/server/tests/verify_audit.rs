//! `verify-audit` over a file that a server uses, and over one that somebody edited.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod support;

use rusqlite::{Connection, params};
use serde_json::{Value, json};
use support::{Files, Server, command, files};

/// Exit code and both outputs.
fn verify(files: &Files, more: &[&str]) -> (Option<i32>, String, String) {
    let database = format!("sqlite:{}", files.database().display());
    let first = ["verify-audit", "--database", &database];
    command(first.iter().chain(more))
}

fn edit(files: &Files, sql: &str, values: impl rusqlite::Params) {
    let connection = Connection::open(files.database()).unwrap();
    assert_eq!(connection.execute(sql, values).unwrap(), 1, "{sql}");
}

#[test]
fn names_what_was_edited() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let (code, _, error) = verify(&files, &[]);
    assert_eq!(code, Some(1), "{error}");
    assert!(!files.database().exists(), "a check creates nothing");

    let server = Server::start(&files, &[]);
    let auth = files.integration();
    let ok = |path: &str, object: Value| server.ok(&format!("/rest/v3/{path}"), &auth, &object);
    ok("application/create", json!({ "applicationId": "bank" }));
    let mut ids = Vec::new();
    for number in 0..5 {
        let user = format!("user-{number}");
        let made = ok(
            "activation/init",
            json!({ "applicationId": "bank", "userId": user }),
        );
        let id = made["activationId"].as_str().unwrap().to_owned();
        for flags in 0..4 {
            let flags = json!({ "activationId": id, "activationFlags": [format!("f{flags}")] });
            ok("activation/flags/create", flags);
        }
        ids.push(id);
    }
    let (code, out, error) = verify(&files, &[]);
    assert_eq!((code, error.as_str()), (Some(0), ""), "{out}");
    assert!(out.ends_with(" 0 broken\n"), "{out}");
    let (code, out, _) = verify(&files, &["--activation", &ids[0]]);
    assert_eq!(code, Some(0));
    assert!(out.starts_with("1 chains, "), "{out}");
    let entries: u64 = out.split(' ').nth(2).unwrap().parse().unwrap();
    assert!(entries >= 5, "{out}");
    let (code, _, error) = verify(&files, &["--activation", "unknown"]);
    assert_eq!(
        (code, error.contains("no such activation")),
        (Some(1), true),
        "{error}"
    );

    let entry = |id: &str, number: u64| format!("a/{id}/{number:012x}");
    edit(
        &files,
        "DELETE FROM record WHERE collection = 'journal' AND id = ?1",
        [entry(&ids[1], 2)],
    );
    edit(
        &files,
        "UPDATE record SET body = CAST(body || x'00' AS BLOB) WHERE collection = 'journal' AND id = ?1",
        [entry(&ids[2], 1)],
    );
    edit(
        &files,
        "UPDATE record SET body = (SELECT body FROM record WHERE collection = 'journal' AND id = ?2)
         WHERE collection = 'journal' AND id = ?1",
        params![entry(&ids[3], 3), entry(&ids[3], 2)],
    );
    edit(
        &files,
        "DELETE FROM record WHERE collection = 'journal' AND id = ?1",
        [entry(&ids[4], entries - 1)],
    );
    let (code, out, _) = verify(&files, &[]);
    assert_eq!(code, Some(3), "{out}");
    for line in [
        format!("activation {}: entry 2 is missing", ids[1]),
        format!("activation {}: entry 1 is edited", ids[2]),
        format!("activation {}: entry 3 is out of place", ids[3]),
        format!("activation {}: entry {} is missing", ids[4], entries - 1),
    ] {
        assert!(out.lines().any(|it| it == line), "{line}\n{out}");
    }
    assert!(out.ends_with(" 4 broken\n"), "{out}");
    let (code, _, _) = verify(&files, &["--activation", &ids[3]]);
    assert_eq!(code, Some(3));
    let (code, _, _) = verify(&files, &["--activation", &ids[0]]);
    assert_eq!(code, Some(0));
    print!("{out}");
}
