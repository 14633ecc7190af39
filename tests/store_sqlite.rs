//! The SQLite adapter: conformance, what survives, and what is refused.
#![allow(
    clippy::await_holding_refcell_ref,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test"
)]
#![cfg(all(feature = "sqlite", feature = "simulation"))]

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use countersign::store::{SqliteStore, conformance};

/// A folder of its own for each store, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("countersign-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("store.sqlite")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn sqlite_conforms() {
    let folder = Folder::new();
    let number = AtomicU64::new(0);
    let cases = conformance::run(|| {
        let number = number.fetch_add(1, Ordering::Relaxed);
        SqliteStore::open(folder.0.join(format!("{number}.sqlite"))).unwrap()
    })
    .unwrap();
    println!("{cases} cases");
    assert!(cases >= 35);
}
