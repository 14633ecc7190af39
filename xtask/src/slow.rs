//! Measures what half-open connections cost honest callers: the test that the test run leaves out.

use std::process::Command;

/// Holds so many connections.
pub(crate) fn run(connections: &str) -> Result<(), String> {
    match connections.parse::<u32>() {
        Ok(1..=100_000) => {}
        _ => return Err("--connections needs a number, 1 to 100000".to_owned()),
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["test", "--package", "countersign-server", "--test", "edge", "--"])
        .args(["--ignored", "--exact", "--nocapture"])
        .arg("slow::thousands_of_half_open_connections_disturb_nobody")
        .env("COUNTERSIGN_HALF_OPEN", connections)
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("the measurement failed: {status}"))
    }
}
