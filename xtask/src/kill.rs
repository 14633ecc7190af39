//! Kills the server under load, again and again: tests of the test run, with more loops.

use std::process::Command;

/// Runs a test of the server with `loops` kills.
pub(crate) fn run(test: &str, loops: &str) -> Result<(), String> {
    match loops.parse::<u32>() {
        Ok(1..=100_000) => {}
        _ => return Err("--loops needs a number, 1 to 100000".to_owned()),
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["test", "--package", "countersign-server", "--test", test])
        .args(["--", "--nocapture"])
        .env(format!("COUNTERSIGN_{}_LOOPS", test.to_uppercase()), loops)
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("the test failed: {status}"))
    }
}
