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

use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::future::Future;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
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

/// A task that became ready.
struct Ready {
    task: usize,
    queue: Arc<(Mutex<Vec<usize>>, Thread)>,
}

impl Wake for Ready {
    fn wake(self: Arc<Self>) {
        self.queue.0.lock().unwrap().push(self.task);
        self.queue.1.unpark();
    }
}

/// Runs all futures in this thread.
fn run_all<'a, T>(futures: Vec<Pin<Box<dyn Future<Output = T> + 'a>>>) -> Vec<T> {
    let queue = Arc::new((
        Mutex::new((0..futures.len()).collect::<Vec<_>>()),
        thread::current(),
    ));
    let wakers: Vec<Waker> = (0..futures.len())
        .map(|task| {
            Waker::from(Arc::new(Ready {
                task,
                queue: Arc::clone(&queue),
            }))
        })
        .collect();
    let mut running: Vec<_> = futures.into_iter().map(Some).collect();
    let mut results = Vec::new();
    while results.len() < running.len() {
        let ready = std::mem::take(&mut *queue.0.lock().unwrap());
        if ready.is_empty() {
            thread::park();
        }
        for task in ready {
            let Some(future) = &mut running[task] else {
                continue;
            };
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&wakers[task])) {
                results.push(value);
                running[task] = None;
            }
        }
    }
    results
}

fn micros(sorted: &[u32], per_mille: usize) -> u32 {
    sorted.get(sorted.len() * per_mille / 1_000).copied().unwrap_or(0)
}

fn line(name: &str, rate: f64, sorted: &[u32], raw: f64) {
    println!(
        "{name:<28} {rate:>9.0}/s {:>7} {:>7} {:>7} µs {:>6.2}",
        micros(sorted, 500),
        micros(sorted, 990),
        micros(sorted, 999),
        rate / raw
    );
}

/// Bare flushes of 4 KiB into a file that has its size already.
fn raw(file: &File, each: Duration) -> (f64, Vec<u32>) {
    let page = [5; 4_096];
    let (start, mut took) = (Instant::now(), Vec::new());
    while start.elapsed() < each {
        let flush = Instant::now();
        file.write_all_at(&page, (took.len() as u64 % 4_096) * 4_096)
            .unwrap();
        file.sync_data().unwrap();
        took.push(flush.elapsed().as_micros() as u32);
    }
    let rate = took.len() as f64 / start.elapsed().as_secs_f64();
    took.sort_unstable();
    (rate, took)
}

fn main() {
    let whole = std::env::args().any(|argument| argument == "--bench");
    let size = if whole {
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
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    measure(&folder, &size);
    std::fs::remove_dir_all(&folder).unwrap();
}

fn measure(folder: &Path, size: &Size) {
    let mut options = OpenOptions::new();
    let file = options
        .write(true)
        .create_new(true)
        .open(folder.join("raw"))
        .unwrap();
    file.write_all_at(&vec![1; 4_096 * 4_096], 0).unwrap();
    file.sync_all().unwrap();

    let store = SqliteStore::open(folder.join("store.sqlite")).unwrap();
    let start = Instant::now();
    fill(&store, size.records);
    println!("{} records written in {:.1?}", size.records, start.elapsed());
    println!(
        "{:<28} {:>11} {:>7} {:>7} {:>7}    {:>6}",
        "", "rate", "p50", "p99", "p99.9", "× raw"
    );

    let world = RefCell::new(World {
        revs: vec![0; size.records],
        drawn: 0,
    });
    let mut rows = Vec::new();
    let (mut flushes, mut rates) = (Vec::new(), Vec::new());
    for callers in [1, 8, 32, 128] {
        let (rate, took) = raw(&file, size.each / 4);
        rates.push(rate);
        flushes.extend(took);
        let start = Instant::now();
        let end = start + size.each;
        let tasks: Vec<Pin<Box<dyn Future<Output = Vec<u32>>>>> = (0..callers)
            .map(|caller| -> Pin<Box<dyn Future<Output = Vec<u32>>>> {
                Box::pin(call(&store, &world, caller, callers, end))
            })
            .collect();
        let mut took: Vec<u32> = run_all(tasks).into_iter().flatten().collect();
        let rate = took.len() as f64 / start.elapsed().as_secs_f64();
        took.sort_unstable();
        rows.push((format!("batches, {callers} callers"), rate, took));
    }
    rates.sort_by(f64::total_cmp);
    flushes.sort_unstable();
    let bare = (rates[1] + rates[2]) / 2.0;
    line("write 4 KiB + fdatasync", bare, &flushes, bare);
    for (name, rate, took) in rows {
        line(&name, rate, &took, bare);
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
    line("reads by key, 1 caller", rate, &took, bare);
}
