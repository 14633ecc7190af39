//! Measures whether the time of a refusal tells that an activation exists: the test that the test run leaves out.

use crate::process;

/// Sends `requests` of each kind.
pub(crate) fn run(requests: &str) -> Result<(), String> {
    match requests.parse::<u32>() {
        Ok(100..=10_000_000) => {}
        _ => return Err("--requests needs a number, 100 to 10000000".to_owned()),
    }
    let test = [
        "test",
        "--package",
        "countersign",
        "--all-features",
        "--test",
        "faults",
    ];
    let which = [
        "--",
        "--ignored",
        "--exact",
        "--nocapture",
        "alike::the_same_time",
    ];
    let settings = [("COUNTERSIGN_ALIKE_REQUESTS", requests)];
    process::run(&[&test[..], &which].concat(), settings, "the measurement failed")
}
