//! Durable commits per second of the SQLite store, beside bare flushes of the same disk.
//!
//! `cargo bench --features sqlite --bench store`; about 15 seconds. Each batch updates one of 100,000
//! records of 350 bytes, checks another one and appends a line of 200 bytes with two index entries:
//! what one verification of a signature writes. All callers live in one thread, as in a server.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a program"
)]

mod rig;

use std::cell::RefCell;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::time::{Duration, Instant};

use countersign::store::{
    Batch, Collection, Commit, Entries, Expect, Index, IndexEntry, Key, Query, Rev, SqliteStore, Store, Write,
};

const ACTIVATION: Collection = Collection("activation");
const APPLICATION: Collection = Collection("application");
const HISTORY: Collection = Collection("history");
const BY_ACTIVATION: Index = Index("activation");
const BY_USER: Index = Index("user");

struct Size {
    records: usize,
    each: Duration,
}

fn id(number: u64) -> String {
    // Spread like random identifiers.
    format!("{:016x}-{number:08x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn rev(number: u64) -> Rev {
    Rev((u128::from(number) << 64 | u128::from(!number)).to_be_bytes())
}

fn put(number: u64, expect: Expect, entries: Entries) -> Write {
    Write::Put {
        key: Key::new(ACTIVATION, id(number)),
        expect,
        body: vec![7; 350],
        entries,
        expires_at: None,
    }
}

fn fill(store: &SqliteStore, records: usize) {
    let mut all: Vec<u64> = (0..records as u64).collect();
    // In the order of the table, which is the quickest way to fill it.
    all.sort_by_key(|number| id(*number));
    for part in all.chunks(500) {
        let mut writes: Vec<Write> = part
            .iter()
            .map(|&number| {
                let user = IndexEntry {
                    index: BY_USER,
                    value: id(number / 2).into_bytes(),
                    sort: number,
                };
                put(number, Expect::Absent, Entries::Set(vec![user]))
            })
            .collect();
        writes.sort_by(|a, b| a.key().cmp(b.key()));
        let applied = pollster::block_on(store.commit(&Batch { rev: rev(0), writes })).unwrap();
        assert_eq!(applied, Commit::Applied);
    }
    let application = Write::Put {
        key: Key::new(APPLICATION, "bank"),
        expect: Expect::Absent,
        body: vec![1; 500],
        entries: Entries::Keep,
        expires_at: None,
    };
    let applied = pollster::block_on(store.commit(&Batch {
        rev: rev(0),
        writes: vec![application],
    }))
    .unwrap();
    assert_eq!(applied, Commit::Applied);
}

/// What the callers share: the revision of each record, and a source of numbers.
struct World {
    revs: Vec<u64>,
    drawn: u64,
}

impl World {
    fn draw(&mut self) -> u64 {
        self.drawn += 1;
        self.drawn
    }
}

async fn call(
    store: &SqliteStore,
    world: &RefCell<World>,
    caller: usize,
    callers: usize,
    end: Instant,
) -> Vec<u32> {
    let mut took = Vec::new();
    while Instant::now() < end {
        let (number, batch) = {
            let mut world = world.borrow_mut();
            let stamp = world.draw();
            // Own records only: one lane per activation.
            let slots = (world.revs.len() / callers) as u64;
            let slot = stamp.wrapping_mul(0x9e37_79b9_7f4a_7c15) % slots;
            let number = slot as usize * callers + caller;
            let line = Write::Append {
                key: Key::new(HISTORY, format!("{stamp:020}")),
                body: vec![3; 200],
                entries: vec![
                    IndexEntry {
                        index: BY_ACTIVATION,
                        value: id(number as u64).into_bytes(),
                        sort: stamp,
                    },
                    IndexEntry {
                        index: BY_USER,
                        value: id(number as u64 / 2).into_bytes(),
                        sort: stamp,
                    },
                ],
                expires_at: None,
            };
            let writes = vec![
                put(number as u64, Expect::At(rev(world.revs[number])), Entries::Keep),
                Write::Check {
                    key: Key::new(APPLICATION, "bank"),
                    expect: Expect::At(rev(0)),
                },
                line,
            ];
            (
                number,
                Batch {
                    rev: rev(stamp),
                    writes,
                },
            )
        };
        let start = Instant::now();
        assert_eq!(store.commit(&batch).await.unwrap(), Commit::Applied);
        took.push(start.elapsed().as_micros() as u32);
        let stamp = u64::from_be_bytes(batch.rev.0[..8].try_into().unwrap());
        world.borrow_mut().revs[number] = stamp;
    }
    took
}

fn main() {
    let size = if rig::whole() {
        Size {
            records: 100_000,
            each: Duration::from_millis(2_000),
        }
    } else {
        // As a test: it runs, nothing more.
        Size {
            records: 2_000,
            each: Duration::from_millis(50),
        }
    };
    rig::in_folder(|folder| measure(folder, &size));
}

fn measure(folder: &Path, size: &Size) {
    let file = rig::raw_file(folder);
    let store = SqliteStore::open(folder.join("store.sqlite")).unwrap();
    let start = Instant::now();
    fill(&store, size.records);
    println!("{} records written in {:.1?}", size.records, start.elapsed());
    rig::heads();

    let world = RefCell::new(World {
        revs: vec![0; size.records],
        drawn: 0,
    });
    let mut rows = Vec::new();
    let (mut flushes, mut rates) = (Vec::new(), Vec::new());
    for callers in [1, 8, 32, 128] {
        let (rate, took) = rig::raw(&file, size.each / 4);
        rates.push(rate);
        flushes.extend(took);
        let start = Instant::now();
        let end = start + size.each;
        let tasks: Vec<Pin<Box<dyn Future<Output = Vec<u32>>>>> = (0..callers)
            .map(|caller| -> Pin<Box<dyn Future<Output = Vec<u32>>>> {
                Box::pin(call(&store, &world, caller, callers, end))
            })
            .collect();
        let mut took: Vec<u32> = rig::run_all(tasks).into_iter().flatten().collect();
        let rate = took.len() as f64 / start.elapsed().as_secs_f64();
        took.sort_unstable();
        rows.push((format!("batches, {callers} callers"), rate, took));
    }
    rates.sort_by(f64::total_cmp);
    flushes.sort_unstable();
    let bare = (rates[1] + rates[2]) / 2.0;
    rig::line("write 4 KiB + fdatasync", bare, &flushes, bare);
    for (name, rate, took) in rows {
        rig::line(&name, rate, &took, bare);
    }

    let (start, mut took) = (Instant::now(), Vec::new());
    while start.elapsed() < size.each / 4 {
        let number = took.len() as u64 * 7_919 % size.records as u64;
        let query = [Query::Get(Key::new(ACTIVATION, id(number)))];
        let read = Instant::now();
        assert_eq!(pollster::block_on(store.read(&query)).unwrap().len(), 1);
        took.push(read.elapsed().as_micros() as u32);
    }
    let rate = took.len() as f64 / start.elapsed().as_secs_f64();
    took.sort_unstable();
    rig::line("reads by key, 1 caller", rate, &took, bare);
}
