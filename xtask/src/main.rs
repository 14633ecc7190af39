//! `cargo xtask COMMAND`:
//!
//! | command | does |
//! |---|---|
//! | `story [--keep]` | starts the server on a fresh SQLite file and plays an activation and two payments with the phone |
//! | `kill [--loops N]` | kills the server under load N times (100) and checks that nothing answered is lost |

mod kill;
mod say;
mod story;

use std::process::ExitCode;

use say::say;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["story"] => story::play(false),
        ["story", "--keep"] => story::play(true),
        ["kill"] => kill::run("100"),
        ["kill", "--loops", loops] => kill::run(loops),
        _ => Err("usage: cargo xtask story [--keep] | kill [--loops N]".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}
