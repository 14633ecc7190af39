//! `countersign-server adopt`

use std::fs::{File, TryLockError};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use countersign::adopt::{Adopter, Observer, Reason, Table, run, verify};
use countersign::crypto::secret::Secret;
use countersign::engine::{Config, Engine, Keyring, SealingKey};
use countersign::model::adoption::Adoption;
use countersign::store::SqliteStore;

use super::old_database::OldDatabase;
use super::{CommandError, FOUND, say};
use crate::database::{Connection, to_fill};
use crate::host::System;
use crate::master_key;
use crate::options::{Database, Options};
use crate::private_file;
use crate::shadow;

/// What is taken over, and how.
#[derive(Args, Clone, Debug)]
pub(crate) struct AdoptOptions {
    #[command(flatten)]
    old: OldDatabase,

    /// Take over into a database that is thrown away, and report.
    #[arg(long)]
    dry_run: bool,

    /// Go on where a run was interrupted.
    #[arg(long)]
    resume: bool,
}

/// Refused rows that are named on standard output; the report counts all.
const NAMED: u64 = 1_000;

pub(super) async fn run(options: &Options, adopt: &AdoptOptions) -> Result<ExitCode, CommandError> {
    let old_key = adopt.old.key()?;
    let mut source = adopt.old.open().await?;
    let scratch = adopt.dry_run.then(Scratch::new).transpose()?;
    let mut alone = None;
    let (connection, keyring) = match &scratch {
        Some(scratch) => scratch.open()?,
        None => {
            if matches!(options.database, Database::Memory) {
                return Err(CommandError::Memory);
            }
            let connection = Connection::open_to_fill(options)
                .map_err(|error| CommandError::database(&options.database, error))?;
            let (keyring, _) = master_key::load(&options.master_key_file, &connection).await?;
            alone = Some(lock(&options.master_key_file)?);
            (connection, keyring)
        }
    };
    // In shadow mode the old server's word is what counts.
    let follows = match shadow::follows(&connection).await {
        Ok(follows) => follows,
        Err(error) => return Err(CommandError::read(&options.database, error)),
    };
    let engine = Engine::new(Config::default(), keyring);
    let failed = |error: countersign::adopt::AdoptError| CommandError::Adoption(error.to_string());
    let adopter = Adopter {
        engine: &engine,
        store: &connection.store,
        lanes: &connection.lanes,
        host: &System,
        old_key,
        rows: run::MAX_ROWS,
        follows,
    };
    let mut teller = Teller::new();
    let report = adopter.run(&mut *source, &mut teller, adopt.resume).await;
    teller.clear();
    let report = report.map_err(failed)?;
    for table in &report.tables {
        tell(table)?;
    }
    let verified = verify(&engine, &connection.store).await.map_err(failed)?;
    for unsound in verified.unsound.iter().take(100) {
        say(&format!(
            "{} {}: {} is not sound",
            unsound.collection, unsound.id, unsound.what
        ))?;
    }
    say(&format!(
        "{} records verified, {} secrets opened, {} unsound",
        verified.records,
        verified.secrets,
        verified.unsound.len()
    ))?;
    drop(alone);
    let sound = report.refusals() == 0 && verified.unsound.is_empty();
    Ok(if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FOUND)
    })
}

/// Held as long as it is open, also by a process that is killed: two adopters would spoil each other's progress.
fn lock(master_key: &Path) -> Result<File, CommandError> {
    let file = File::open(master_key)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let name = master_key.display();
            Err(CommandError::Adoption(format!(
                "somebody else adopts with {name}"
            )))
        }
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn tell(table: &Adoption) -> io::Result<()> {
    say(&format!(
        "{}: {} read, {} imported, {} changed, {} unchanged, {} expired, {} ended, {} refused",
        table.table,
        table.read,
        table.imported,
        table.changed,
        table.unchanged,
        table.expired,
        table.ended,
        table.refusals()
    ))?;
    for (reason, count) in &table.refused {
        say(&format!("  {count} × {reason}"))?;
    }
    Ok(())
}

/// A folder that vanishes, and a database in it.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn new() -> io::Result<Self> {
        let number = getrandom::u64().map_err(io::Error::other)?;
        let folder = std::env::temp_dir().join(format!("countersign-adopt-{number:016x}"));
        private_file::create_folder(&folder)?;
        Ok(Self(folder))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.0
    }

    fn open(&self) -> Result<(Connection, Keyring), CommandError> {
        let store = SqliteStore::open_with(to_fill(self.0.join("scratch.sqlite")));
        let store = store.map_err(|error| CommandError::Adoption(error.to_string()))?;
        let key = Secret::generate(&mut System).map_err(io::Error::other)?;
        let keyring = Keyring::new(SealingKey { id: 1, key }, Vec::new());
        Ok((Connection::over(Arc::new(store)), keyring))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Names refused rows, and tells how far it is: on a terminal all the time, in a log after each tenth of a table.
struct Teller {
    named: u64,
    shows: bool,
    table: String,
    /// Of that table.
    tenths: u32,
    began: Instant,
}

impl Teller {
    fn new() -> Self {
        Self {
            named: 0,
            shows: io::stderr().is_terminal(),
            table: String::new(),
            tenths: 0,
            began: Instant::now(),
        }
    }

    fn clear(&self) {
        if self.shows {
            let _ = write!(io::stderr(), "\r\x1B[K");
        }
    }
}

/// How much is done, of 20 characters and in percent.
fn bar(share: f64) -> String {
    let letter = |at: u8| match f64::from(at) < share * 20.0 {
        true => '#',
        false => '-',
    };
    let bar: String = (0..20).map(letter).collect();
    format!(" [{bar}] {:3.0} %", share * 100.0)
}

impl Observer for Teller {
    fn refused(&mut self, table: Table, key: &str, reason: Reason) {
        if self.named < NAMED {
            self.named += 1;
            self.clear();
            let _ = say(&format!("{} {key}: {reason}", table.name()));
        }
    }

    fn progress(&mut self, progress: &Adoption, share: Option<f64>) {
        if self.table != progress.table {
            self.table.clone_from(&progress.table);
            self.tenths = 0;
            self.began = Instant::now();
        }
        let rows = progress.read;
        let rate = rows / self.began.elapsed().as_secs().max(1);
        if self.shows {
            let done = share.map_or_else(String::new, bar);
            let table = &progress.table;
            let _ = write!(io::stderr(), "\r\x1B[K{table}{done} {rows} rows, {rate}/s");
            return;
        }
        if rows == 0 {
            return;
        }
        let (before, share) = (self.tenths, share.unwrap_or(0.0));
        while self.tenths < 10 && share * 10.0 >= f64::from(self.tenths + 1) {
            self.tenths += 1;
        }
        if self.tenths > before {
            let (table, percent) = (progress.table.as_str(), self.tenths * 10);
            tracing::info!(table, percent, rows, rate, "adopting");
        }
    }
}
