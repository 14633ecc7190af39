//! A phone on the command line, for people who run a server and want to see it work: it activates, lists operations,
//! approves and rejects them, and answers offline codes.
//!
//! ```text
//! countersign-phone activate --url http://localhost:8080 --sdk-config ARD6… --code AAAQE-AYEAU-DAOCA-JIICA --pin 1234
//! countersign-phone list
//! countersign-phone approve 3699a9c0-… --pin 1234
//! ```
//!
//! The phone lives in one file (`--state`), written with mode 0600, atomically and durably, **before** a signature is
//! sent. The file holds the possession factor and a simulated biometry key: who has it has the phone. The PIN is not in
//! it.
//!
//! Exit codes: 0 done, 1 the server said no, 2 wrong usage, 3 network or protocol.

mod cli;
mod commands;
mod failure;
mod http;
mod phone;
mod pin;
mod report;
mod rng;
mod state_file;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let outcome = commands::run(&cli);
    report::print(cli.json, outcome)
}
