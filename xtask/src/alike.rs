//! Measures whether the time of a refusal tells that an activation exists: the test that the test run leaves out.

use std::process::Command;

/// Sends `requests` of each kind.
pub(crate) fn run(requests: &str) -> Result<(), String> {
    match requests.parse::<u32>() {
        Ok(100..=10_000_000) => {}
        _ => return Err("--requests needs a number, 100 to 10000000".to_owned()),
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args([
            "test",
            "--package",
            "countersign",
            "--all-features",
            "--test",
            "faults",
        ])
        .args([
            "--",
            "--ignored",
            "--exact",
            "--nocapture",
            "alike::the_same_time",
        ])
        .env("COUNTERSIGN_ALIKE_REQUESTS", requests)
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("the measurement failed: {status}"))
    }
}
