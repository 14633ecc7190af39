//! The power goes while the engine works over an SQLite file. Afterwards the file opens and is whole, nothing that was
//! answered is lost (I2), and no code that was valid is valid again (I1).
//!
//! A child of this program verifies signatures over the real adapter, under `strace`, which writes down every write, flush,
//! truncation and name. From that the files are rebuilt as a loss of power at any moment would leave them: what was flushed
//! is there; of what was not, nothing, all, some writes, or some sectors of some writes. The control is a disk that only
//! says that it flushes: there, answers must get lost.
//!
//! `cargo xtask power`: needs `strace`, and so Linux.
#![cfg(all(
    feature = "client",
    feature = "simulation",
    feature = "sqlite",
    target_os = "linux"
))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod disk;
#[path = "../support/mod.rs"]
mod support;
mod trace;

use std::fs::{self, File};
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use countersign::crypto::version::ProtocolVersion;
use countersign::model::journal::{Entry, Subject};
use countersign::store::simulated::Chance;
use countersign::store::{SqliteOptions, SqliteStore, Store};
use disk::{Disk, Loss};
use support::prelude::Prelude;
use support::{Clock, Factors, Signed, World, records};
use trace::{Event, Timed};

const PHONES: usize = 4;
/// Signatures of each phone.
const ROUNDS: usize = 60;
const FILE: &str = "store.sqlite";
/// Where the child says what was answered.
const ANSWERS: &str = "answers";

fn prelude() -> Prelude {
    Prelude::build(ProtocolVersion::V3_2, PHONES, |_| {})
}

/// The same every time: all that a phone will send.
fn signatures(prelude: &Prelude, phone: usize) -> Vec<Signed> {
    let mut phone = prelude.phone(phone, 50 + u64::try_from(phone).unwrap());
    (0..ROUNDS).map(|_| phone.login(Factors::Pin)).collect()
}

fn open(folder: &Path, checkpoint: Duration) -> Result<SqliteStore, String> {
    let mut options = SqliteOptions::new(folder.join(FILE));
    options.checkpoint = checkpoint;
    SqliteStore::open_with(options).map_err(|error| error.to_string())
}

/// The one that is traced.
#[test]
#[ignore = "the other half of the_power_goes"]
fn child() {
    let Ok(folder) = std::env::var("COUNTERSIGN_POWER_FOLDER") else {
        return;
    };
    let folder = PathBuf::from(folder);
    let prelude = prelude();
    // Short, so that the log is copied while it is written, and starts over often.
    let store: Arc<dyn Store> = Arc::new(open(&folder, Duration::from_millis(3)).unwrap());
    let answers = File::create(folder.join(ANSWERS)).unwrap();
    let tell = |word: &str, phone: usize, number: usize| {
        let line = format!("{word} {phone} {number}\n");
        (&answers).write_all(line.as_bytes()).unwrap();
    };
    prelude.replay(&*store);
    tell("ready", 0, 0);
    std::thread::scope(|scope| {
        for phone in 0..PHONES {
            let (prelude, store, tell) = (&prelude, store.clone(), &tell);
            scope.spawn(move || {
                let clock = Clock::new(500 + u64::try_from(phone).unwrap(), prelude.now);
                let world = World::with(support::engine(), store, clock);
                for (number, signed) in signatures(prelude, phone).iter().enumerate() {
                    tell("begin", phone, number);
                    assert!(world.ask(&signed.ask()).valid());
                    tell("valid", phone, number);
                }
            });
        }
    });
}

/// What the child does, event by event.
fn traced() -> Vec<Timed> {
    let folder = std::env::temp_dir().join(format!("countersign-power-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let files = folder.join("files");
    fs::create_dir_all(&files).unwrap();
    let log = folder.join("log");
    let calls =
        "trace=openat,lseek,write,pwrite64,fdatasync,fsync,ftruncate,unlink,rename,pwritev,writev,fallocate";
    let status = Command::new("strace")
        .args(["-f", "-y", "-xx", "-s", "10000000", "-e", calls, "-o"])
        .arg(&log)
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "child"])
        .env("COUNTERSIGN_POWER_FOLDER", &files)
        .status()
        .unwrap_or_else(|error| panic!("strace: {error} (apt-get install strace)"));
    assert!(status.success());
    let events = trace::read(&fs::read_to_string(&log).unwrap(), &files);
    fs::remove_dir_all(&folder).unwrap();
    events
}

/// What the child had said of each phone when the power went.
#[derive(Clone, Debug, Default)]
struct Said {
    ready: bool,
    begun: [usize; PHONES],
    valid: [usize; PHONES],
}

impl Said {
    fn take(&mut self, line: &[u8]) {
        let line = std::str::from_utf8(line).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        let (phone, number): (usize, usize) = (words[1].parse().unwrap(), words[2].parse().unwrap());
        match words[0] {
            "begin" => self.begun[phone] = number + 1,
            "valid" => self.valid[phone] = number + 1,
            _ => self.ready = true,
        }
    }
}

/// All that does not change from point to point.
struct Course {
    prelude: Prelude,
    signatures: Vec<Vec<Signed>>,
    /// Counter of each activation at the beginning.
    first: u64,
    folder: PathBuf,
}

impl Course {
    /// Opens what the disk has, and looks.
    fn judge(&self, disk: &Disk, said: &Said) -> Result<(), String> {
        let _ = fs::remove_dir_all(&self.folder);
        fs::create_dir_all(&self.folder).unwrap();
        disk.lay_out(&self.folder);
        let store: Arc<dyn Store> = Arc::new(open(&self.folder, Duration::from_secs(3_600))?);
        if said.ready {
            let clock = Clock::new(9_000, self.prelude.now);
            let world = World::with(support::engine(), store.clone(), clock);
            for phone in 0..PHONES {
                self.phone(&world, phone, said)?;
            }
        }
        drop(store);
        let connection = rusqlite::Connection::open(self.folder.join(FILE)).unwrap();
        let check: String = connection
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .map_err(|error| error.to_string())?;
        if check == "ok" { Ok(()) } else { Err(check) }
    }

    fn phone(&self, world: &World, phone: usize, said: &Said) -> Result<(), String> {
        let id = self.prelude.phones[phone].activation_id();
        let activation: countersign::model::activation::Activation =
            records::get(&*world.store, id).ok_or("an activation is gone")?;
        let moved = usize::try_from(activation.counter - self.first).unwrap();
        let (valid, begun) = (said.valid[phone], said.begun[phone]);
        if !(valid..=begun).contains(&moved) {
            return Err(format!(
                "phone {phone}: {valid} answered, {begun} begun, {moved} found"
            ));
        }
        // Its journal is as long as it says, without a hole.
        let subject = Subject::Activation(id.to_owned());
        let entry = |number| records::get::<Entry>(&*world.store, &subject.entry_id(number));
        if let Some(hole) = (0..activation.journal.length).find(|number| entry(*number).is_none()) {
            return Err(format!("phone {phone}: entry {hole} is missing"));
        }
        // What was answered last, again; then what comes next.
        if let Some(last) = moved.checked_sub(1)
            && world.ask(&self.signatures[phone][last].ask()).valid()
        {
            return Err(format!("phone {phone}: {last} was valid again"));
        }
        match self.signatures[phone].get(moved) {
            Some(next) if !world.ask(&next.ask()).valid() => Err(format!("phone {phone}: does not go on")),
            _ => Ok(()),
        }
    }
}

/// So many moments, spread over the whole course.
fn moments(events: &[Timed], points: usize) -> Vec<usize> {
    let last = events.iter().map(|event| event.ended).max().unwrap() + 1;
    (0..points).map(|point| point * last / points.max(1)).collect()
}

#[derive(Debug, Default)]
struct Tally {
    points: u64,
    failed: u64,
    answered: u64,
    dropped: u64,
    torn: u64,
    first: String,
}

/// Lets the power go at each of `points` moments.
fn play(course: &Course, events: &[Timed], points: usize, lies: bool) -> Tally {
    let mut tally = Tally::default();
    let (mut disk, mut said) = (Disk::default(), Said::default());
    // Flushes count from where they end, everything else, also an answer, from where it begins.
    let mut order: Vec<(usize, &Timed)> = events
        .iter()
        .map(|timed| match &timed.event {
            Event::Flush(_) | Event::FlushNames => (timed.ended, timed),
            _ => (timed.began, timed),
        })
        .collect();
    order.sort_by_key(|(at, _)| *at);
    let mut rest = order.into_iter().peekable();
    for (number, moment) in (0_u64..).zip(moments(events, points)) {
        while let Some((_, timed)) = rest.next_if(|(at, _)| *at < moment) {
            match &timed.event {
                Event::Write { name, bytes, .. } if name == ANSWERS => said.take(bytes),
                Event::Create(name) if name == ANSWERS => {}
                // The index of the log is in shared memory, and made anew.
                Event::Truncate { name, .. }
                | Event::Write { name, .. }
                | Event::Create(name)
                | Event::Unlink(name)
                | Event::Flush(name)
                    if name.ends_with("-shm") => {}
                _ => disk.take(timed),
            }
        }
        // The control begins with a whole file, too.
        disk.lies = lies && said.ready;
        let mut dice = Chance::new(number);
        let loss = if lies { Loss::All } else { Loss::ALL[dice.index(4)] };
        let after = disk.after(loss, &mut dice);
        tally.points += 1;
        tally.answered += said.valid.iter().sum::<usize>() as u64;
        tally.dropped += after.dropped;
        tally.torn += after.torn;
        let judged = catch_unwind(AssertUnwindSafe(|| course.judge(&after, &said)));
        if let Err(error) = judged.unwrap_or_else(|_| Err("unreadable".to_owned())) {
            tally.failed += 1;
            if tally.first.is_empty() {
                tally.first = format!("point {number}, line {moment}, {loss:?}: {error}");
            }
        }
    }
    tally
}

#[test]
#[ignore = "needs strace: cargo xtask power"]
fn the_power_goes() {
    let points = std::env::var("COUNTERSIGN_POWER_POINTS").ok();
    let points = points.map_or(10_000, |text| text.parse().unwrap());
    let events = traced();
    let count = |wanted: fn(&Event) -> bool| events.iter().filter(|it| wanted(&it.event)).count();
    let writes = count(|it| matches!(it, Event::Write { name, .. } if name.starts_with(FILE)));
    let flushes = count(|it| matches!(it, Event::Flush(_)));
    let copies = count(|it| matches!(it, Event::Flush(name) if name == FILE));
    let names = count(|it| matches!(it, Event::FlushNames));
    println!("{writes} writes, {flushes} flushes, {copies} of them of the file itself, {names} of names");
    assert!(copies > 3 && flushes > 100 && writes > 500);
    // In memory where there is such a folder: the files are made anew for each point.
    let shared = Path::new("/dev/shm");
    let folder = if shared.is_dir() {
        shared.into()
    } else {
        std::env::temp_dir()
    };
    let prelude = prelude();
    let first = prelude.memory();
    let first = support::activation(&first, prelude.phones[0].activation_id()).counter;
    let course = Course {
        signatures: (0..PHONES).map(|phone| signatures(&prelude, phone)).collect(),
        first,
        folder: folder.join(format!("countersign-power-{}", std::process::id())),
        prelude,
    };
    let honest = play(&course, &events, points, false);
    let lying = play(&course, &events, (points / 20).max(20), true);
    let _ = fs::remove_dir_all(&course.folder);
    println!("{honest:?}\na disk that lies: {lying:?}");
    assert_eq!(honest.failed, 0, "{}", honest.first);
    assert!(honest.dropped > 0 && honest.torn > 0 && honest.answered > 0);
    assert!(lying.failed * 2 > lying.points, "the control was not noticed");
}
