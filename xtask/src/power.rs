//! Lets the power go while SQLite writes: a test that the test run leaves out, because it needs `strace`.

use crate::process;

/// At `points` moments.
pub(crate) fn run(points: &str) -> Result<(), String> {
    match points.parse::<u32>() {
        Ok(20..=10_000_000) => {}
        _ => return Err("--points needs a number, 20 to 10000000".to_owned()),
    }
    let test = [
        "test",
        "--package",
        "countersign",
        "--all-features",
        "--test",
        "power",
    ];
    let which = ["--", "--ignored", "--exact", "--nocapture", "the_power_goes"];
    let settings = [("COUNTERSIGN_POWER_POINTS", points)];
    process::run(&[&test[..], &which].concat(), settings, "the test failed")
}
