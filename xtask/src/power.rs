//! Lets the power go while SQLite writes: a test that the test run leaves out, because it needs `strace`.

use std::process::Command;

/// At `points` moments.
pub(crate) fn run(points: &str) -> Result<(), String> {
    match points.parse::<u32>() {
        Ok(20..=10_000_000) => {}
        _ => return Err("--points needs a number, 20 to 10000000".to_owned()),
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args([
            "test",
            "--package",
            "countersign",
            "--all-features",
            "--test",
            "power",
        ])
        .args(["--", "--ignored", "--exact", "--nocapture", "the_power_goes"])
        .env("COUNTERSIGN_POWER_POINTS", points)
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("the test failed: {status}"))
    }
}
