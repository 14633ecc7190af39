//! Builds the module and its glue, prepares an activation, and runs `*.test.mjs` in Node.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test"
)]

#[path = "../../ffi/tests/fixture/mod.rs"]
mod fixture;

use std::path::Path;
use std::process::Command;

fn run(command: &mut Command) -> String {
    let shown = format!("{command:?}");
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{shown}: {error}"));
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{shown}: {}\n{text}", output.status);
    text
}

#[test]
fn steps_in_node() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("steps-js");
    fixture::write(&folder);
    run(Command::new("bash").arg(here.join("build.sh")));
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=tap"])
        .env("COUNTERSIGN_FIXTURE", &folder);
    let mut tests: Vec<_> = std::fs::read_dir(here.join("tests"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    tests.sort();
    assert!(!tests.is_empty());
    let report = run(node.args(&tests));
    println!("{report}");
    let count = |name: &str| -> u32 {
        let prefix = format!("# {name} ");
        let line = report.lines().rev().find(|line| line.starts_with(&prefix));
        line.and_then(|line| line[prefix.len()..].parse().ok())
            .unwrap_or_else(|| panic!("no count of {name} in\n{report}"))
    };
    assert!(count("pass") >= 20, "{report}");
    assert_eq!(
        (count("fail"), count("skipped"), count("cancelled")),
        (0, 0, 0),
        "{report}"
    );
}
