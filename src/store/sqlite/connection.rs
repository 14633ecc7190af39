//! Opening the file: its mode, its settings, its layout.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::failure::OpenError;

/// Scripts that lead from one layout to the next. A released one is never edited: layout *n* is what
/// the first *n* scripts make.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001_records.sql")];

/// `PRAGMA application_id` of our files: "CSgn".
const APPLICATION_ID: i64 = 0x4353_676e;

/// How a database is opened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SqliteOptions {
    /// The file. Created, readable by its owner only, when it does not exist; two more files with
    /// the endings `-wal` and `-shm` live beside it while it is open.
    pub path: PathBuf,
    /// How long to wait when another process holds the write lock. 5 seconds.
    pub busy_timeout: Duration,
    /// Commits that may wait for the writer; more are refused at once. 4,096.
    pub queue: usize,
    /// Batches written in one transaction at most. 256.
    pub group: usize,
    /// Memory for pages in the writer's cache, in KiB; each reader has a quarter. 8 MiB: the system
    /// caches the file as well, and SQLite walks through its own cache after many commits.
    pub cache_kib: u32,
    /// Size beyond which the file must not grow; commits that would need more are refused, with
    /// nothing written. `None`: as far as the disk goes.
    pub max_bytes: Option<u64>,
    /// How often the write-ahead log is copied into the file. 100 milliseconds; measured under load,
    /// 20 and 400 gave a longer p99, and SQLite's own checkpoint inside a commit twice as long.
    pub checkpoint: Duration,
    /// Pages in the write-ahead log from which on a commit copies it itself. Zero: none does.
    pub longest_log: u32,
}

impl SqliteOptions {
    /// The defaults for the file at `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            busy_timeout: Duration::from_secs(5),
            queue: 4_096,
            group: 256,
            cache_kib: 8 * 1_024,
            max_bytes: None,
            checkpoint: Duration::from_millis(100),
            longest_log: 0,
        }
    }
}

/// The writer's connection; creates the file and brings it to the newest layout.
pub(super) fn open_writer(options: &SqliteOptions) -> Result<Connection, OpenError> {
    create(&options.path)?;
    let mut connection = open(options, OpenFlags::SQLITE_OPEN_READ_WRITE, options.cache_kib)?;
    // Before anything is written: the file may not be ours to change.
    refuse_strangers(&connection)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(OpenError::NoWriteAheadLog);
    }
    connection.execute_batch(&format!(
        // A commit is on the disk before it is answered. Checkpoints have a thread of their own.
        "PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;
         PRAGMA wal_autocheckpoint = {};",
        options.longest_log
    ))?;
    migrate(&mut connection)?;
    if let Some(bytes) = options.max_bytes {
        let pages = bytes
            / u64::try_from(pragma(&connection, "page_size")?)
                .unwrap_or(4_096)
                .max(1);
        pragma(&connection, &format!("max_page_count = {pages}"))?;
    }
    Ok(connection)
}

/// A connection of a reader, after [`open_writer`].
pub(super) fn open_reader(options: &SqliteOptions) -> Result<Connection, OpenError> {
    open(options, OpenFlags::SQLITE_OPEN_READ_ONLY, options.cache_kib / 4)
}

/// A connection to a file that somebody else made, which is not changed in any way.
pub(super) fn open_guest(options: &SqliteOptions) -> Result<Connection, OpenError> {
    let connection = open_reader(options)?;
    refuse_strangers(&connection)?;
    match pragma(&connection, "user_version")? {
        found if found == known() => Ok(connection),
        // Empty, or of an older layout, which only a writer may bring to the newest.
        _ => Err(OpenError::Foreign),
    }
}

/// A connection that only copies the write-ahead log.
pub(super) fn open_checkpointer(options: &SqliteOptions) -> Result<Connection, OpenError> {
    let connection = open(options, OpenFlags::SQLITE_OPEN_READ_WRITE, 1_024)?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA checkpoint_fullfsync = ON; PRAGMA wal_autocheckpoint = 0;",
    )?;
    Ok(connection)
}

fn open(options: &SqliteOptions, access: OpenFlags, cache_kib: u32) -> Result<Connection, OpenError> {
    // Absolute, so that a name like "file:x" is a name and not an address.
    let path = std::path::absolute(&options.path)?;
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(options.busy_timeout)?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.execute_batch(&format!(
        "PRAGMA cache_size = -{cache_kib}; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;"
    ))?;
    Ok(connection)
}

/// Creates the file with mode 0600. SQLite gives its other files the same mode.
fn create(path: &Path) -> Result<(), OpenError> {
    let mut new = OpenOptions::new();
    new.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    match new.open(path) {
        Ok(file) => file.sync_all()?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    // The name must survive a power cut as well.
    #[cfg(unix)]
    if let Some(folder) = std::path::absolute(path)?.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, OpenError> {
    Ok(connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?)
}

fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

fn refuse_strangers(connection: &Connection) -> Result<(), OpenError> {
    let application = pragma(connection, "application_id")?;
    let found = pragma(connection, "user_version")?;
    let empty = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0));
    match (application, empty?) {
        (APPLICATION_ID, _) if found > known() => Err(OpenError::Newer {
            found,
            known: known(),
        }),
        (APPLICATION_ID, _) => Ok(()),
        (0, 0_i64) if found == 0 => Ok(()),
        _ => Err(OpenError::Foreign),
    }
}

fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    // Another process may be at it: look again under the lock.
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    refuse_strangers(&transaction)?;
    let found = pragma(&transaction, "user_version")?;
    for (script, version) in MIGRATIONS.iter().zip(1_i64..) {
        if version > found {
            transaction.execute_batch(script)?;
            transaction.execute_batch(&format!(
                "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version};"
            ))?;
        }
    }
    Ok(transaction.commit()?)
}
