//! `cargo xtask COMMAND`:
//!
//! | command | does |
//! |---|---|
//! | `story [--keep]` | starts the server on a fresh SQLite file and plays an activation and two payments with the phone |

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
        _ => Err("usage: cargo xtask story [--keep]".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}
