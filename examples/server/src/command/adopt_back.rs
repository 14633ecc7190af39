//! `countersign-server adopt-back`

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use countersign::adopt::export::{Exported, Exporter};
use countersign::adopt::load_script;
use countersign::engine::{Config, Engine};

use super::adopt::Scratch;
use super::old_database::OldDatabase;
use super::{CommandError, FOUND, say};
use crate::database::Connection;
use crate::host::System;
use crate::master_key;
use crate::options::{Database, Options};
use crate::private_file;

/// Where the old tables come from and go to.
#[derive(Args, Clone, Debug)]
pub(crate) struct BackOptions {
    #[command(flatten)]
    old: OldDatabase,

    /// The folder that the tables are written to, as `TABLE.csv` with a script `load.sql` for `psql`; made when it is not there.
    #[arg(long, value_name = "FOLDER", required_unless_present = "dry_run")]
    to: Option<PathBuf>,

    /// Write into a folder that is thrown away, and report.
    #[arg(long)]
    dry_run: bool,
}

/// Records left out that are named; the report counts all.
const NAMED: usize = 1_000;
/// The script beside the tables.
const SCRIPT: &str = "load.sql";

pub(super) async fn run(options: &Options, back: &BackOptions) -> Result<ExitCode, CommandError> {
    let old_key = back.old.key()?;
    if matches!(options.database, Database::Memory) {
        return Err(CommandError::Memory);
    }
    let mut old = back.old.open().await?;
    let scratch = Scratch::new()?;
    let folder = match &back.to {
        Some(folder) if !back.dry_run => empty(folder)?,
        _ => scratch.folder(),
    };
    let connection =
        Connection::open(options).map_err(|error| CommandError::database(&options.database, error))?;
    // A new master key would open nothing that is here.
    if !options.master_key_file.exists() {
        let name = options.master_key_file.display();
        return Err(CommandError::Adoption(format!("{name}: no such file")));
    }
    let (keyring, _) = master_key::load(&options.master_key_file, &connection).await?;
    let exporter = Exporter {
        engine: &Engine::new(Config::default(), keyring),
        store: &connection.store,
        host: &System,
        old_key,
        folder: folder.to_owned(),
        zone: back.old.zone(),
    };
    let exported = exporter.run(&mut *old).await;
    let exported = exported.map_err(|error| CommandError::Adoption(error.to_string()))?;
    private_file::create(&folder.join(SCRIPT), load_script(&exported).as_bytes())?;
    tell(&exported, back.dry_run)?;
    Ok(match exported.left_out.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(FOUND),
    })
}

/// A folder for its owner only, with nothing in it.
fn empty(folder: &Path) -> Result<&Path, CommandError> {
    let failed = |error: std::io::Error| CommandError::Adoption(format!("{}: {error}", folder.display()));
    if !folder.exists() {
        private_file::create_folder(folder).map_err(failed)?;
    }
    if std::fs::read_dir(folder).map_err(failed)?.next().is_some() {
        return Err(CommandError::Adoption(format!(
            "{}: the folder is not empty",
            folder.display()
        )));
    }
    Ok(folder)
}

fn tell(exported: &Exported, dry_run: bool) -> std::io::Result<()> {
    for (table, key) in exported.left_out.iter().take(NAMED) {
        say(&format!("{table} {key}: left out"))?;
    }
    for (table, rows) in &exported.rows {
        say(&format!("{table}: {rows} written"))?;
    }
    say(&format!("{} records left out", exported.left_out.len()))?;
    if !dry_run {
        say(&format!(
            "in the folder, on a copy of the old database: psql DATABASE --file {SCRIPT}"
        ))?;
    }
    std::io::stdout().flush()
}
