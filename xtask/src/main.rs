//! `cargo xtask COMMAND`:
//!
//! | command | does |
//! |---|---|
//! | `adopt [--activations N] [--shuffled] [--kills N] [--seed S]` | takes over the database of an old server with N activations (1,000,000), made up, into SQLite and into a PostgreSQL of its own: how fast, with how much memory; with `--kills` also killed N times and resumed, and compared |
//! | `story [--keep]` | starts the server on a fresh SQLite file and plays an activation and two payments with the phone |
//! | `differential [--cases N] [--seed S] [--operation NAME] [--case N]` | compares N cases (100,000) of each operation with the published Java library; `--case` plays one again and tells it |
//! | `console` | starts the server with its console and the phone in the browser, and something to look at |
//! | `kill [--loops N]` | kills the server under load N times (100) and checks that nothing answered is lost |
//! | `instructions` | counts the instructions of the decisions that are made all day, with valgrind's callgrind |
//! | `load [--database URL] [--core N] [OPTION …]` | starts the server on a fresh SQLite file, or on a database that is there, and plays phones against it over HTTP; the options of `benches/load` |
//! | `dudect [--samples N] [--subject NAME]` | measures N times (a million) each whether the time of what handles secrets tells anything about them |
//! | `power [--points N]` | writes to SQLite under `strace`, rebuilds its files as N losses of power (10,000) would leave them, and checks that nothing answered is lost |
//! | `outbox [--loops N]` | kills the server N times (100) while it tells of changes, and checks that each has one callback and one push message |
//! | `slow [--connections N]` | holds N half-open connections (5,000) to the server, and compares how long honest callers wait |
//! | `fuzz [--seconds N] [--target NAME] [--keep]` | runs every fuzz target with libFuzzer for N seconds (60), or one; `--keep` commits what leads further to `fuzz/found` |
//! | `sbom [--out FOLDER]` | writes what each product is made of, as CycloneDX 1.5, and the licences with their texts (`target/sbom`) |
//! | `openapi` | writes the OpenAPI documents of `docs/openapi` anew, from the endpoint tables |
//! | `alike [--requests N]` | sends N requests (100,000) of each kind about an activation that exists and about one that does not, and compares the medians of their times |
//! | `performance [--core N] [--out FILE] [--quick]` | measures the tables of `docs/performance.md` anew and writes them, with SQLite and with a PostgreSQL of its own; `--quick` only shows that it works |
//! | `simulate [--seeds N] [--from S] [--bugs N]` | plays N seeds of the whole engine from S on (10,000 from 0), optimised and on all processors, or looks N times for each planted bug |
//! | `soak crowd [--minutes N]` | 200 clients on 10 activations at two servers on a PostgreSQL of its own, for N minutes (10) |
//! | `soak database [--loops N]` | stops PostgreSQL as by a crash N times (100) under load, and checks that nothing answered is lost |
//! | `soak nodes [--loops N]` | kills one of three servers N times (100) under load, and checks the same |
//! | `simulate --seed S` | plays one seed and prints its story |

mod adopt;
mod alike;
mod console;
mod differential;
mod dudect;
mod fuzz;
mod instructions;
mod kill;
mod load;
mod openapi;
mod performance;
mod power;
mod process;
mod say;
mod sbom;
mod simulate;
mod slow;
mod soak;
mod story;

use std::process::ExitCode;

use say::say;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["adopt", plan @ ..] => adopt::run(plan),
        ["instructions"] => instructions::run(),
        ["console"] => console::run(),
        ["openapi"] => openapi::write(),
        ["differential", plan @ ..] => differential::run(plan),
        ["story"] => story::play(false),
        ["story", "--keep"] => story::play(true),
        ["kill"] => kill::run("kill", "100"),
        ["kill", "--loops", loops] => kill::run("kill", loops),
        ["outbox"] => kill::run("outbox", "100"),
        ["outbox", "--loops", loops] => kill::run("outbox", loops),
        ["load", plan @ ..] => load::run(plan),
        ["performance", plan @ ..] => performance::run(plan),
        ["soak", plan @ ..] => soak::run(plan),
        ["alike"] => alike::run("100000"),
        ["alike", "--requests", requests] => alike::run(requests),
        ["dudect", plan @ ..] => dudect::run(plan),
        ["power"] => power::run("10000"),
        ["power", "--points", points] => power::run(points),
        ["sbom", plan @ ..] => sbom::run(plan),
        ["slow"] => slow::run("5000"),
        ["slow", "--connections", connections] => slow::run(connections),
        ["fuzz", plan @ ..] => fuzz::run(plan),
        ["simulate", plan @ ..] => simulate::run(plan),
        _ => Err(usage()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// The table at the head of this file, as plain text.
fn usage() -> String {
    let rows = include_str!("main.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//! | `"));
    let mut text = "usage: cargo xtask COMMAND\n".to_owned();
    for row in rows {
        let (command, does) = row.split_once("` | ").unwrap_or((row, ""));
        text.push_str(&format!("\n  {command}\n      {}", does.trim_end_matches(" |")));
    }
    text
}
