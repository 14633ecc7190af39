//! `adopt` over a small export made here.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::json;
use support::{Files, Server, command, files};

/// Exit code and both outputs.
fn adopt(files: &Files, more: &[&str]) -> (Option<i32>, String, String) {
    let (database, key) = (
        format!("sqlite:{}", files.database().display()),
        files.master_key().display().to_string(),
    );
    let first = ["adopt", "--database", &database, "--master-key-file", &key];
    command(first.iter().chain(more))
}

#[test]
fn takes_over_and_serves() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let export = folder.path().join("export");
    fs::create_dir(&export).unwrap();
    let write = |table: &str, text: &str| fs::write(export.join(format!("{table}.csv")), text).unwrap();
    write(
        "pa_application",
        "id,name,roles\n1,bank,\"[ \"\"ROLE_A\"\" ]\"\n2,,\n",
    );
    write(
        "pa_operation_template",
        "id,template_name,operation_type,data_template,signature_type,max_failure_count,expiration\n\
         7,login,login,A2,possession_knowledge,5,300\n",
    );
    let from = export.to_str().unwrap();
    let (code, out, error) = adopt(&files, &["--from", from, "--dry-run"]);
    assert_eq!(code, Some(3), "{out}{error}");
    assert!(!files.database().exists(), "a dry run leaves nothing");
    let (code, out, error) = adopt(&files, &["--from", from]);
    assert_eq!((code, error.contains("panic")), (Some(3), false), "{out}{error}");
    assert!(out.contains("pa_application 2: name: no value"), "{out}");
    assert!(out.contains("pa_application: 2 read, 1 imported"), "{out}");
    assert!(out.contains("pa_operation_template: 1 read, 1 imported"), "{out}");
    let (_, out, _) = adopt(&files, &["--from", from, "--resume"]);
    assert!(
        out.contains("pa_application: 2 read, 0 imported, 0 changed, 1 unchanged"),
        "{out}"
    );
    // One at a time.
    let held = fs::File::open(files.master_key()).unwrap();
    held.lock().unwrap();
    let (code, _, error) = adopt(&files, &["--from", from]);
    assert!(
        code == Some(1) && error.contains("somebody else adopts"),
        "{error}"
    );
    drop(held);
    let (code, _, error) = adopt(&files, &["--from", "/nowhere"]);
    assert_eq!(code, Some(1), "{error}");
    let (code, _, error) = adopt(&files, &["--from", from, "--old-time-zone", "Nowhere/Land"]);
    assert!(code == Some(2) && error.contains("time zone"), "{error}");
    // Not by oversight in clear, and with authorities that can be read.
    let (code, _, error) = adopt(&files, &["--from", "postgres://bank@db.bank.example/x"]);
    assert!(code == Some(1) && error.contains("sslmode=require"), "{error}");
    let with_authorities = |file: &str| {
        let elsewhere = "postgres://bank@db.bank.example/x?sslmode=require";
        adopt(&files, &["--from", elsewhere, "--old-database-ca", file])
    };
    let (code, _, error) = with_authorities("/nowhere.pem");
    assert!(code == Some(1) && error.contains("/nowhere.pem"), "{error}");
    let (code, _, error) = with_authorities(&format!("{from}/pa_application.csv"));
    assert!(
        code == Some(1) && error.contains("no PEM certificates"),
        "{error}"
    );
    let (code, out, error) = adopt(&files, &["--from", from, "--old-time-zone", "-03:30"]);
    assert_eq!(code, Some(3), "{out}{error}");

    let server = Server::start(&files, &[]);
    let auth = files.integration();
    let list = server.ok("/rest/v3/application/list", &auth, &json!({}));
    assert_eq!(list["applications"][0]["applicationRoles"][0], "ROLE_A");
}

/// The tables of a folder, by name.
fn tables(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let named = |file: fs::DirEntry| {
        (
            file.file_name().into_string().unwrap(),
            fs::read(file.path()).unwrap(),
        )
    };
    files.map(named).collect()
}

#[test]
fn adopted_used_and_given_back_it_can_be_adopted_again() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/java-database");
    if !root.is_dir() {
        assert!(
            std::env::var_os("CI").is_none(),
            "../shared/java-database is missing"
        );
        println!("skipped, ../shared/java-database is absent");
        return;
    }
    let old = root.join("plain");
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let (code, out, error) = adopt(&files, &["--from", old.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{out}{error}");
    // Phones go on here.
    let checks: serde_json::Value =
        serde_json::from_slice(&fs::read(old.join("checks.json")).unwrap()).unwrap();
    let server = Server::start(&files, &["--no-callbacks"]);
    let (mut accepted, mut signatures) = (0, 0);
    let mut used = Vec::new();
    for phone in checks["phones"].as_array().unwrap() {
        for step in phone["steps"].as_array().unwrap() {
            let path = step["path"].as_str().unwrap();
            let (_, answer) = server.post(path, Some(&files.integration()), &step["request"]);
            signatures += usize::from(path == "/rest/v3/signature/verify");
            accepted += usize::from(answer["responseObject"]["signatureValid"] == true);
        }
        used.push(phone["activationId"].as_str().unwrap_or_default().to_owned());
    }
    assert!(accepted > 60, "{accepted}");
    assert_eq!(server.stop().0, Some(0));

    let key = files.master_key().display().to_string();
    let database = format!("sqlite:{}", files.database().display());
    let back = |database: &str, key: &str, from: &Path, more: &[&str]| {
        let from = from.to_str().unwrap();
        let first = [
            "adopt-back",
            "--database",
            database,
            "--master-key-file",
            key,
            "--from",
            from,
        ];
        command(first.iter().chain(more))
    };
    let (code, out, error) = back(&database, &key, &old, &["--dry-run"]);
    // The server's own integration was made here: the old server could not know its secret.
    assert_eq!(code, Some(3), "{out}{error}");
    assert!(
        out.contains("1 records left out") && out.contains("pa_integration "),
        "{out}"
    );
    let to = folder.path().join("back");
    let (code, _, error) = back(&database, &key, &old, &["--to", to.to_str().unwrap()]);
    assert_eq!(code, Some(3), "{error}");
    let (code, _, error) = back(&database, &key, &old, &["--to", to.to_str().unwrap()]);
    assert!(code == Some(1) && error.contains("not empty"), "{error}");
    let (code, _, error) = back(&database, "/nowhere", &old, &["--dry-run"]);
    assert!(code == Some(1) && error.contains("no such file"), "{error}");

    // Adopted again and given back again, everything is the same, byte for byte.
    let second = tempfile::tempdir().unwrap();
    let second = support::Files(second.path().to_owned());
    fs::create_dir_all(&second.0).unwrap();
    let (code, out, error) = adopt(&second, &["--from", to.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{out}{error}");
    let again = folder.path().join("again");
    let database = format!("sqlite:{}", second.database().display());
    let key = second.master_key().display().to_string();
    let (code, out, error) = back(&database, &key, &to, &["--to", again.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{out}{error}");
    let (one, other) = (tables(&to), tables(&again));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, text) in &one {
        assert!(*text == other[name], "{name} is not the same");
    }
    // With the counters of today.
    let counters = |text: &[u8]| -> BTreeMap<String, String> {
        let text = String::from_utf8(text.to_vec()).unwrap();
        let row = |line: &str| (line[..36.min(line.len())].to_owned(), line.to_owned());
        text.lines().map(row).collect()
    };
    let (before, after) = (
        counters(&fs::read(old.join("pa_activation.csv")).unwrap()),
        counters(&one["pa_activation.csv"]),
    );
    let moved = used.iter().filter(|id| before.get(*id) != after.get(*id)).count();
    println!(
        "{signatures} signatures, {accepted} accepted; {} files the same, {moved} phones moved",
        one.len()
    );
    assert!(moved >= 15 && one.contains_key("load.sql"), "{moved}");
}
