//! Plays phones and back ends against a server that speaks the API, and tells how fast it answers.
//!
//! ```text
//! countersign-load --url http://127.0.0.1:8080 --user TOKEN --password SECRET [--pid PID] [SCENARIO …]
//! ```
//!
//! 1. Activates phones over the API, each with a token (`bank.rs`).
//! 2. Makes the requests of a scenario: signatures, digests and JSON, in the order of each phone's counter (`scenario.rs`).
//! 3. Sends them over a few connections that are kept, the next request when the answer is there, until all are sent or the
//!    time is over; only this is timed (`run.rs`).
//! 4. Prints a line: requests per second, times at the median, 99 % and 99.9 %, and what the server's process took
//!    (`report.rs`).
//!
//! A request that is not answered as expected ends the run: nothing wrong is counted as fast.

mod bank;
mod connection;
mod failure;
mod options;
mod phone;
mod process;
mod report;
mod run;
mod scenario;

use std::process::ExitCode;

use clap::Parser;

use bank::Bank;
use failure::Failure;
use options::Options;

fn main() -> ExitCode {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(play(&options)),
        Err(error) => Err(Failure::Io(error)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report::complain(&failure);
            ExitCode::FAILURE
        }
    }
}

async fn play(options: &Options) -> Result<(), Failure> {
    let address = options.address()?;
    let mut bank = Bank::open(address, options).await?;
    report::heads(options, bank.phones.len());
    for &scenario in &options.scenarios() {
        // Made in parts of one connection each: a phone's signatures count in one order.
        let requests = scenario::requests(scenario, &mut bank, options).await?;
        let result = run::run(&bank.address, &requests, scenario, options).await?;
        report::line(scenario, &result);
    }
    Ok(())
}
