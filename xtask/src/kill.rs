//! Kills the server under load, again and again: tests of the test run, with more loops.

use crate::process;

/// Runs a test of the server with `loops` kills.
pub(crate) fn run(test: &str, loops: &str) -> Result<(), String> {
    match loops.parse::<u32>() {
        Ok(1..=100_000) => {}
        _ => return Err("--loops needs a number, 1 to 100000".to_owned()),
    }
    let words = [
        "test",
        "--package",
        "countersign-server",
        "--test",
        test,
        "--",
        "--nocapture",
    ];
    let settings = [(format!("COUNTERSIGN_{}_LOOPS", test.to_uppercase()), loops)];
    process::run(&words, settings, "the test failed")
}
