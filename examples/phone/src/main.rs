//! A command-line phone: activates, shows its status, lists, approves and rejects operations, on
//! line and off line, against any compatible server. Its state is one file.
//!
//! ```text
//! countersign-phone --state phone.json activate --url http://127.0.0.1:8080 \
//!     --sdk-config ARD6… --code AAAQE-AYEAU-DAOCA-JIICA --pin 1234
//! countersign-phone --state phone.json token
//! countersign-phone --state phone.json list
//! countersign-phone --state phone.json approve 3699a9c0-… --pin 1234
//! ```
//!
//! Exit status: 0 done, 1 the server said no, 2 usage or local state, 3 network or protocol.

mod activate;
mod failure;
mod http;
mod offline;
mod operations;
mod options;
mod status;
mod store;

use std::process::ExitCode;

use clap::Parser;

use failure::Failure;
use options::{Command, Options};

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(report) => {
            report.print(options.json);
            ExitCode::SUCCESS
        }
        Err(failure) => {
            failure.print(options.json);
            ExitCode::from(failure.status())
        }
    }
}

fn run(options: &Options) -> Result<options::Report, Failure> {
    match &options.command {
        Command::Activate(arguments) => activate::activate(options, arguments),
        Command::Show => status::show(options),
        Command::Status => status::status(options),
        Command::Token(arguments) => status::token(options, arguments),
        Command::Sign(arguments) => status::sign(options, arguments),
        Command::Remove(arguments) => status::remove(options, arguments),
        Command::List => operations::list(options),
        Command::Approve(arguments) => operations::approve(options, arguments),
        Command::Reject(arguments) => operations::reject(options, arguments),
        Command::ApproveOffline(arguments) => offline::approve(options, arguments),
        Command::ShowQr { text } => offline::show_qr(text),
    }
}
