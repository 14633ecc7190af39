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

#[path = "store_sqlite/load.rs"]
mod load;
#[path = "store_sqlite/refusal.rs"]
mod refusal;
mod store_toy;
#[path = "store_sqlite/survival.rs"]
mod survival;

use std::fs;
use std::future::Future;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use countersign::store::conformance::{self, atomic_under_faults, wait};
use countersign::store::driver::drive;
use countersign::store::lane::Lanes;
use countersign::store::simulated::{Faults, FaultyStore, SimulatedHost};
use countersign::store::{
    Answer, Batch, Collection, Commit, Entity, Entries, Expect, Index, IndexEntry, Key, Machine, OpenError,
    Query, Record, Rev, Scan, SqliteOptions, SqliteStore, Store, StoreError, Write,
};
use rusqlite::Connection;
use store_toy::{BY_COUNTER, Counter, Entry, increment};

const THINGS: Collection = Collection("thing");
const COLOUR: Index = Index("colour");

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("countersign-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("store.sqlite")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Never copies the log into the file by itself.
fn without_checkpoints(path: PathBuf) -> SqliteStore {
    let mut options = SqliteOptions::new(path);
    options.checkpoint = Duration::from_secs(3_600);
    SqliteStore::open_with(options).unwrap()
}

fn rev(number: u64) -> Rev {
    Rev(u128::from(number).to_be_bytes())
}

fn put(id: &str, expect: Expect, body: &[u8]) -> Write {
    Write::Put {
        key: Key::new(THINGS, id),
        expect,
        body: body.to_vec(),
        entries: Entries::Set(vec![IndexEntry {
            index: COLOUR,
            value: b"red".to_vec(),
            sort: 1,
        }]),
        expires_at: None,
    }
}

fn commit(store: &SqliteStore, number: u64, writes: Vec<Write>) -> Result<Commit, StoreError> {
    wait(store.commit(&Batch {
        rev: rev(number),
        writes,
    }))
}

fn get(store: &SqliteStore, key: Key) -> Result<Option<Record>, StoreError> {
    match wait(store.read(&[Query::Get(key)]))?.pop() {
        Some(Answer::Record(record)) => Ok(record),
        other => panic!("{other:?}"),
    }
}

fn thing(store: &SqliteStore, id: &str) -> Result<Option<Record>, StoreError> {
    get(store, Key::new(THINGS, id))
}

fn count(store: &SqliteStore, collection: Collection, index: Index, value: &[u8]) -> usize {
    let mut scan = Scan {
        collection,
        index,
        value: value.to_vec(),
        from: 0,
        to: u64::MAX,
        newest_first: false,
        after: None,
        limit: 1_000,
    };
    let mut sum = 0;
    loop {
        match wait(store.read(&[Query::Scan(scan.clone())])).unwrap().pop() {
            Some(Answer::Page(page)) => {
                sum += page.records.len();
                match page.next {
                    Some(next) => scan.after = Some(next),
                    None => return sum,
                }
            }
            other => panic!("{other:?}"),
        }
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

#[test]
fn batches_are_atomic_whatever_fails() {
    let folder = Folder::new();
    for seed in 0..3 {
        let store = SqliteStore::open(folder.0.join(format!("{seed}.sqlite"))).unwrap();
        let store = FaultyStore::new(store, seed, Faults::rough());
        let tally = wait(atomic_under_faults(&store, seed, 60)).unwrap();
        wait(store.settle()).unwrap();
        println!("{tally:?}");
        assert!(tally.applied > 10);
    }
}
