//! What the program does instead of serving.

mod adopt;
mod adopt_back;
mod health;
mod master_key;
mod old_database;
mod verify_audit;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Subcommand;

use super::master_key::KeyError;
use super::options::{Database, Options};

/// Exit code of a command that worked and found something wrong.
const FOUND: u8 = 3;

/// A command; without one the server runs.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Take over the database of a PowerAuth Server: no phone enrols again. Nothing in it is changed.
    ///
    /// May be run any number of times; a later run takes what changed. Exit code 0: all is here. 3: some rows were refused.
    /// 1: it could not be done.
    Adopt(adopt::AdoptOptions),
    /// The way back: write the records in the layout of the old tables, with the counters as they are now. No server may run.
    ///
    /// Exit code 0: all is written. 3: some records were left out, and named. 1: it could not be done.
    AdoptBack(adopt_back::BackOptions),
    /// Ask the server that listens on this machine whether it is ready, for containers without other tools.
    ///
    /// Exit code 0: it is. 3: it is not, or there is none.
    Health,
    /// Verify the journal: name the first edited, dropped, reordered or inserted entry of each chain.
    ///
    /// Only reads; the database may be in use. Exit code 0: all is sound. 3: something is wrong. 1: it
    /// could not be verified.
    VerifyAudit {
        /// Only the journal of this activation.
        #[arg(long, value_name = "ID")]
        activation: Option<String>,
    },
    /// Replace the key that seals secrets, and seal everything anew. Servers on the database may run.
    RotateMasterKey {
        /// No server runs on the database: do not wait until all have learned the new key.
        #[arg(long)]
        alone: bool,
    },
    /// Remove a replaced key that no record needs any more.
    RetireMasterKey {
        /// Its number, as `rotate-master-key` tells it.
        key: u32,
    },
}

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error("the database {0} cannot be opened: {1}")]
    Database(String, String),
    #[error("the database {0} cannot be read: {1}")]
    Read(String, String),
    #[error("there is no such activation")]
    NoActivation,
    #[error("the command works on a database, not on memory")]
    Memory,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("{0}")]
    Adoption(String),
    #[error("the key: {0}")]
    Rotation(String),
    #[error("the system: {0}")]
    System(#[from] io::Error),
}

impl CommandError {
    fn database(database: &Database, error: impl ToString) -> Self {
        Self::Database(database.to_string(), error.to_string())
    }

    fn read(database: &Database, error: impl ToString) -> Self {
        Self::Read(database.to_string(), error.to_string())
    }
}

/// Does `command`; answers the exit code.
///
/// # Errors
/// When it could not be done.
pub(crate) fn run(command: &Command, options: &Options) -> Result<ExitCode, CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(async {
        match command {
            Command::Adopt(adopt) => adopt::run(options, adopt).await,
            Command::AdoptBack(back) => adopt_back::run(options, back).await,
            Command::Health => health::run(options),
            Command::VerifyAudit { activation } => verify_audit::run(options, activation.as_deref()).await,
            Command::RotateMasterKey { alone } => master_key::rotate(options, *alone).await,
            Command::RetireMasterKey { key } => master_key::retire(options, *key).await,
        }
    });
    runtime.shutdown_background();
    done
}

/// A line on standard output.
fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}
