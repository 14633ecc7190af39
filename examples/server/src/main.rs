//! Countersign as a stand-alone server.
//!
//! ```text
//! cargo run -p countersign-server -- --database sqlite:bank.sqlite
//! ```
//!
//! | file | holds |
//! |---|---|
//! | [`options`], [`engine_options`], [`settings`] | the command line; environment and file |
//! | [`start`] | the order of a start, and the end |
//! | [`command`] | what the program does instead of serving |
//! | [`database`], [`records`] | the store, and what the server remembers in it |
//! | [`master_key`], [`credentials`], [`private_file`] | the two files of secrets |
//! | [`listen`], [`patience`], [`framing`], [`body`], [`rate`] | limits of connections, requests, bodies and callers |
//! | [`service`], [`heavy`] | a request's way to the dispatcher |
//! | [`docs`] | the documents of the APIs, and their page |
//! | [`console`] | the page of administrators, and the phone in the browser |
//! | [`observe`], [`metrics`], [`minutes`], [`logging`], [`otlp`] | what operators see |
//! | [`shadow`] | in front of an old server, comparing |
//! | [`housekeeping`], [`deliver`], [`push`] | what is done without a request; callbacks; push messages |
//!
//! TLS is terminated in front of it. Standard output has two kinds of lines, `credentials … in FILE`
//! and `listening on http://ADDRESS`; the log goes to standard error.

mod body;
mod command;
mod console;
mod credentials;
mod database;
mod deliver;
mod docs;
mod engine_options;
#[cfg(test)]
mod failure_tests;
mod framing;
mod heavy;
mod host;
mod housekeeping;
mod listen;
mod logging;
mod master_key;
mod metrics;
mod minutes;
mod observe;
mod options;
mod otlp;
mod patience;
mod private_file;
mod proxies;
mod push;
mod rate;
mod records;
mod service;
mod settings;
mod shadow;
mod start;
#[cfg(test)]
mod testing;

use std::process::ExitCode;

/// A request makes a hundred small allocations; this allocator answers them in half the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let options = match settings::load(std::env::args_os()) {
        Ok(options) => options,
        // Help and version, too.
        Err(told) => told.exit(),
    };
    logging::start(&options);
    let done = match &options.command {
        Some(command) => command::run(command, &options).map_err(|error| error.to_string()),
        None => start::run(options)
            .map(|()| ExitCode::SUCCESS)
            .map_err(|error| error.to_string()),
    };
    done.unwrap_or_else(|error| {
        start::complain(&error);
        ExitCode::FAILURE
    })
}
