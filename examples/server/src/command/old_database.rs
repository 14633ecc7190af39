//! The database of the old server: where it is, and how it is read.

use std::path::{Path, PathBuf};

use clap::Args;
use countersign::adopt::{Database, Folder, Source, Zone};
use countersign::crypto::encoding::base64;
use countersign::crypto::secret::SecretVec;
use zeroize::Zeroizing;

use super::CommandError;

/// The database of the old server.
#[derive(Args, Clone, Debug)]
pub(crate) struct OldDatabase {
    /// The old database: `postgres://USER@HOST/DATABASE`, or a folder with its tables as `TABLE.csv`. An address with a
    /// password belongs into the environment, not on the command line.
    #[arg(
        long,
        value_name = "URL|FOLDER",
        env = "COUNTERSIGN_ADOPT_FROM",
        hide_env_values = true
    )]
    from: String,

    /// Authorities, in PEM, that the certificate of the old database has to lead to; Mozilla's list when absent.
    /// `sslmode=require` in its address, or this, encrypts.
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_ADOPT_CA")]
    old_database_ca: Option<PathBuf>,

    /// Time zone of the old server, as its tables say none: UTC, an offset like +01:00, or a name like Europe/Prague.
    #[arg(long, value_name = "ZONE", default_value = "UTC", allow_hyphen_values = true)]
    old_time_zone: Zone,

    /// File with the key that the old server encrypts records with, in Base64.
    #[arg(long, value_name = "FILE")]
    old_master_key_file: Option<PathBuf>,
}

impl OldDatabase {
    /// Opens it, or its exported tables.
    pub(super) async fn open(&self) -> Result<Box<dyn Source>, CommandError> {
        let zone = self.old_time_zone.clone();
        if self.from.starts_with("postgres://") || self.from.starts_with("postgresql://") {
            let roots = self.old_database_ca.as_deref().map(read).transpose()?;
            let database = Database::connect(&self.from, roots.as_deref(), zone).await;
            return Ok(Box::new(
                database.map_err(|error| CommandError::Adoption(error.to_string()))?,
            ));
        }
        let folder = Path::new(&self.from);
        if !folder.is_dir() {
            return Err(CommandError::Adoption(format!("{}: no such folder", self.from)));
        }
        Ok(Box::new(Folder::new(folder).in_zone(zone)))
    }

    /// Where its moments are written.
    pub(super) fn zone(&self) -> Zone {
        self.old_time_zone.clone()
    }

    /// The key that it encrypts with.
    pub(super) fn key(&self) -> Result<Option<SecretVec>, CommandError> {
        self.old_master_key_file.as_deref().map(read_key).transpose()
    }
}

fn read(path: &Path) -> Result<Vec<u8>, CommandError> {
    std::fs::read(path).map_err(|error| CommandError::Adoption(format!("{}: {error}", path.display())))
}

fn read_key(path: &Path) -> Result<SecretVec, CommandError> {
    let text = Zeroizing::new(read(path)?);
    let text = std::str::from_utf8(&text).ok().map(str::trim);
    let key = text.and_then(|text| base64::decode(text).ok());
    let key = key.ok_or_else(|| CommandError::Adoption(format!("{}: no Base64", path.display())))?;
    Ok(SecretVec::from_vec(key))
}
