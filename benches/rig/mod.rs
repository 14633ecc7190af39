//! What the benchmarks of durable work share: many callers in one thread, bare flushes to compare with, and
//! lines of a table.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    unreachable_pub,
    reason = "a program"
)]

use std::fs::{File, OpenOptions};
use std::future::Future;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

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
pub fn run_all<'a, T>(futures: Vec<Pin<Box<dyn Future<Output = T> + 'a>>>) -> Vec<T> {
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

pub fn micros(sorted: &[u32], per_mille: usize) -> u32 {
    sorted.get(sorted.len() * per_mille / 1_000).copied().unwrap_or(0)
}

pub fn line(name: &str, rate: f64, sorted: &[u32], raw: f64) {
    println!(
        "{name:<28} {rate:>9.0}/s {:>7} {:>7} {:>7} µs {:>6.2}",
        micros(sorted, 500),
        micros(sorted, 990),
        micros(sorted, 999),
        rate / raw
    );
}

/// Bare flushes of 4 KiB into a file that has its size already.
pub fn raw(file: &File, each: Duration) -> (f64, Vec<u32>) {
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

/// A file that has its size already, for [`raw`].
pub fn raw_file(folder: &Path) -> File {
    let mut options = OpenOptions::new();
    let file = options
        .write(true)
        .create_new(true)
        .open(folder.join("raw"))
        .unwrap();
    file.write_all_at(&vec![1; 4_096 * 4_096], 0).unwrap();
    file.sync_all().unwrap();
    file
}

/// Heads of the columns of [`line`].
pub fn heads() {
    println!(
        "{:<28} {:>11} {:>7} {:>7} {:>7}    {:>6}",
        "", "rate", "p50", "p99", "p99.9", "× raw"
    );
}

/// Whether the whole measurement is wanted (`cargo bench`); otherwise it only has to run.
pub fn whole() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

/// Runs `measure` in a folder of its own.
pub fn in_folder(measure: impl FnOnce(&Path)) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    measure(&folder);
    std::fs::remove_dir_all(&folder).unwrap();
}
