//! Files and folders that only their owner reads.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Creates `path` with `content` and mode 0600, durably, all or nothing.
///
/// # Errors
/// `AlreadyExists` when there is a file already, which stays as it is; other errors of the system.
pub(crate) fn create(path: &Path, content: &[u8]) -> io::Result<()> {
    let unfinished = beside(path)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    // A link, because a rename would replace a file that appeared meanwhile.
    let linked = written.and_then(|()| fs::hard_link(&unfinished, path));
    fs::remove_file(&unfinished)?;
    linked?;
    sync_directory(path)
}

/// Creates a folder with mode 0700.
///
/// # Errors
/// Of the system; `AlreadyExists` when there is something already.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Whether others than the owner may read it.
pub(crate) fn is_exposed(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).is_ok_and(|it| it.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// A name that no other process chooses. What a crash leaves under it was never used by anybody.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let tag = getrandom::u64().map_err(io::Error::other)?;
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{tag:016x}.new"));
    Ok(PathBuf::from(name))
}

fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn creates_once_and_privately() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        create(&path, b"one").unwrap();
        assert!(!is_exposed(&path));
        assert_eq!(
            create(&path, b"two").unwrap_err().kind(),
            io::ErrorKind::AlreadyExists
        );
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
