//! `adopt` over a small export made here.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod support;

use std::fs;

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
    let (code, _, error) = adopt(&files, &["--from", "/nowhere"]);
    assert_eq!(code, Some(1), "{error}");

    let server = Server::start(&files, &[]);
    let auth = files.integration();
    let list = server.ok("/rest/v3/application/list", &auth, &json!({}));
    assert_eq!(list["applications"][0]["applicationRoles"][0], "ROLE_A");
}
