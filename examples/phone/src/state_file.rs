//! The file the phone lives in: private, replaced atomically, durable before the caller goes on, one command at a time.

use crate::failure::{Failure, Outcome};
use countersign::client::DeviceState;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Content of the file.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Stored {
    /// Address of the server.
    pub(crate) url: String,
    /// Stands for the key store of a real phone: Base64 of 32 bytes the possession key is made of.
    pub(crate) device_secret: String,
    /// Stands for what a biometric check releases: Base64 of 16 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) biometry_key: Option<String>,
    /// The device.
    pub(crate) device: DeviceState,
}

/// The file, locked for this process until dropped.
pub(crate) struct StateFile {
    path: PathBuf,
    _lock: File,
}

impl StateFile {
    /// Waits until no other command uses the file. Two at a time would sign with one counter value.
    pub(crate) fn lock(path: &Path) -> Outcome<Self> {
        let lock_path = beside(path, ".lock");
        let lock = private(OpenOptions::new().create(true).truncate(false).write(true))
            .open(&lock_path)
            .map_err(Failure::file(&lock_path))?;
        lock.lock().map_err(Failure::file(&lock_path))?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    pub(crate) fn exists(&self) -> bool {
        self.path.exists()
    }

    /// Whether a phone could be stored: found out before the server learns of it.
    pub(crate) fn probe(&self) -> Outcome<()> {
        let path = beside(&self.path, ".tmp");
        private(OpenOptions::new().create(true).truncate(true).write(true))
            .open(&path)
            .map_err(Failure::file(&path))?;
        fs::remove_file(&path).map_err(Failure::file(&path))
    }

    pub(crate) fn read(&self) -> Outcome<Stored> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let path = self.path.display();
                return Err(Failure::usage(format!(
                    "{path}: no phone here; activate one first"
                )));
            }
            Err(error) => return Err(Failure::file(&self.path)(error)),
        };
        serde_json::from_str(&text)
            .map_err(|_| Failure::usage(format!("{}: not a file of this program", self.path.display())))
    }

    /// Replaces the file. When this returns, the new content survives a crash and the old one is gone.
    pub(crate) fn write(&self, stored: &Stored) -> Outcome<()> {
        let mut json =
            serde_json::to_vec_pretty(stored).map_err(|error| Failure::usage(error.to_string()))?;
        json.push(b'\n');
        let temporary = beside(&self.path, ".tmp");
        let mut file = private(OpenOptions::new().create(true).truncate(true).write(true))
            .open(&temporary)
            .map_err(Failure::file(&temporary))?;
        file.write_all(&json)
            .and_then(|()| file.sync_all())
            .map_err(Failure::file(&temporary))?;
        fs::rename(&temporary, &self.path).map_err(Failure::file(&self.path))?;
        sync_directory(&self.path)
    }

    /// Removes the phone.
    pub(crate) fn remove(&self) -> Outcome<()> {
        fs::remove_file(&self.path).map_err(Failure::file(&self.path))?;
        sync_directory(&self.path)
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Readable by its owner only.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// Makes a rename durable.
fn sync_directory(path: &Path) -> Outcome<()> {
    #[cfg(unix)]
    {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or_else(|| Path::new("."));
        File::open(parent)
            .and_then(|directory| directory.sync_all())
            .map_err(Failure::file(parent))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
