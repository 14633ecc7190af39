//! Several servers on one PostgreSQL for a long time: tests of the test run, with more time or more loops.

use crate::process;

/// Runs one of them.
pub(crate) fn run(words: &[&str]) -> Result<(), String> {
    let (test, variable, amount) = match *words {
        ["crowd"] => ("a_crowd_on_few_activations", "CROWD", 600),
        ["crowd", "--minutes", minutes] => ("a_crowd_on_few_activations", "CROWD", number(minutes)? * 60),
        ["database"] => ("a_database_that_is_stopped_under_load", "DATABASE", 100),
        ["database", "--loops", loops] => (
            "a_database_that_is_stopped_under_load",
            "DATABASE",
            number(loops)?,
        ),
        ["nodes"] => ("servers_that_are_killed_beside_others", "NODES", 100),
        ["nodes", "--loops", loops] => ("servers_that_are_killed_beside_others", "NODES", number(loops)?),
        _ => {
            return Err(
                "usage: cargo xtask soak crowd [--minutes N] | database [--loops N] | nodes [--loops N]"
                    .to_owned(),
            );
        }
    };
    let all = ["test", "--package", "countersign-server", "--test", "soak"];
    let which = ["--", "--nocapture", "--exact", test];
    let settings = [(format!("COUNTERSIGN_SOAK_{variable}"), amount.to_string())];
    process::run(&[&all[..], &which].concat(), settings, "the test failed")
}

fn number(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(number @ 1..=100_000) => Ok(number),
        _ => Err("a number is needed, 1 to 100000".to_owned()),
    }
}
