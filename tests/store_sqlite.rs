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

mod store_toy;

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

#[test]
fn what_was_answered_is_there_after_reopening() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file()).unwrap();
    commit(&store, 1, vec![put("a", Expect::Absent, b"one")]).unwrap();
    let before = thing(&store, "a").unwrap();
    drop(store);
    let names: Vec<_> = fs::read_dir(&folder.0)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["store.sqlite"], "closing leaves one file");
    let store = SqliteStore::open(folder.file()).unwrap();
    assert_eq!(thing(&store, "a").unwrap(), before);
    assert_eq!(count(&store, THINGS, COLOUR, b"red"), 1);
    assert!(matches!(
        commit(&store, 2, vec![put("a", Expect::Absent, b"two")]),
        Ok(Commit::Conflict(_))
    ));
    assert_eq!(
        commit(&store, 3, vec![put("a", Expect::At(rev(1)), b"two")]),
        Ok(Commit::Applied)
    );
}

#[test]
fn two_stores_over_one_file_see_each_other() {
    let folder = Folder::new();
    let (one, two) = (
        SqliteStore::open(folder.file()).unwrap(),
        SqliteStore::open(folder.file()).unwrap(),
    );
    let (lanes, host) = (Lanes::new(), SimulatedHost::new(7));
    std::thread::scope(|scope| {
        for store in [&one, &two, &one, &two] {
            let (lanes, host) = (&lanes, &host);
            scope.spawn(move || {
                for who in 0..25 {
                    let mut machine = Machine::new(None, |tx| increment(tx, "c", who, true));
                    wait(drive(&mut machine, store, lanes, host)).unwrap();
                }
            });
        }
    });
    for store in [&one, &two] {
        let record = get(store, Key::new(Counter::COLLECTION, "c")).unwrap().unwrap();
        assert_eq!(Counter::decode(&record.body).unwrap().value, 100);
        assert_eq!(count(store, Entry::COLLECTION, BY_COUNTER, b"all"), 100);
    }
}

/// A copy of the files as a power cut would leave them, the log cut to `length`.
fn power_cut(from: &Path, to: &Path, length: Option<u64>) {
    let name = |path: &Path| path.with_extension("sqlite-wal");
    fs::copy(from, to).unwrap();
    fs::copy(name(from), name(to)).unwrap();
    if let Some(length) = length {
        fs::OpenOptions::new()
            .write(true)
            .open(name(to))
            .unwrap()
            .set_len(length)
            .unwrap();
    }
}

#[test]
fn a_power_cut_leaves_whole_batches_only() {
    let folder = Folder::new();
    let store = without_checkpoints(folder.file());
    let mut lengths = Vec::new();
    let wal = folder.file().with_extension("sqlite-wal");
    for number in 1..=20 {
        let mut writes = Vec::new();
        for id in ["a", "b", "c"] {
            let expect = if number == 1 {
                Expect::Absent
            } else {
                Expect::At(rev(number - 1))
            };
            writes.push(put(id, expect, &[9; 1_500]));
        }
        assert_eq!(commit(&store, number, writes), Ok(Commit::Applied));
        lengths.push(fs::metadata(&wal).unwrap().len());
    }
    let copy = folder.0.join("copy.sqlite");
    power_cut(&folder.file(), &copy, None);
    let whole = SqliteStore::open(&copy).unwrap();
    assert_eq!(
        thing(&whole, "a").unwrap().unwrap().rev,
        rev(20),
        "nothing answered is lost"
    );
    whole.close();
    let full = *lengths.last().unwrap();
    let mut cuts = 0;
    for cut in (0..=full).step_by(997).chain(lengths.iter().copied()) {
        power_cut(&folder.file(), &copy, Some(cut));
        let store = SqliteStore::open(&copy).unwrap();
        let revs: Vec<_> = ["a", "b", "c"]
            .iter()
            .map(|id| thing(&store, id).unwrap().map(|record| record.rev))
            .collect();
        // As many batches as lie in the log completely.
        let survived = lengths.iter().filter(|length| **length <= cut).count() as u64;
        let expected = (survived > 0).then(|| rev(survived));
        assert_eq!(revs, [expected; 3], "cut at {cut}");
        store.close();
        cuts += 1;
    }
    println!("{cuts} cuts");
    assert!(cuts > 100);
}

#[test]
fn a_damaged_log_ends_where_it_is_damaged() {
    let folder = Folder::new();
    let store = without_checkpoints(folder.file());
    for number in 1..=10 {
        let expect = if number == 1 {
            Expect::Absent
        } else {
            Expect::At(rev(number - 1))
        };
        commit(
            &store,
            number,
            vec![put("a", expect, b"x"), put("b", expect, b"x")],
        )
        .unwrap();
    }
    let copy = folder.0.join("copy.sqlite");
    let wal = copy.with_extension("sqlite-wal");
    let full = fs::metadata(folder.file().with_extension("sqlite-wal"))
        .unwrap()
        .len();
    let mut seen = std::collections::BTreeSet::new();
    for at in (32..full).step_by(1_013) {
        power_cut(&folder.file(), &copy, None);
        let mut bytes = fs::read(&wal).unwrap();
        bytes[usize::try_from(at).unwrap()] ^= 0x40;
        fs::write(&wal, bytes).unwrap();
        let store = SqliteStore::open(&copy).unwrap();
        let (a, b) = (thing(&store, "a").unwrap(), thing(&store, "b").unwrap());
        assert_eq!(
            a.as_ref().map(|record| record.rev),
            b.map(|record| record.rev),
            "flipped at {at}"
        );
        seen.insert(a.map(|record| record.rev));
    }
    assert!(seen.len() > 5, "{seen:?}");
}

/// The other half of [`a_killed_process_loses_nothing_it_has_answered`].
#[test]
fn child_that_counts_until_it_is_killed() {
    let Ok(path) = std::env::var("COUNTERSIGN_TEST_CHILD") else {
        return;
    };
    let store = SqliteStore::open(path).unwrap();
    let seed = u64::from(std::process::id());
    let (lanes, host) = (Lanes::new(), SimulatedHost::new(seed));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let mut machine = Machine::new(Some("c".into()), |tx| increment(tx, "c", seed, true));
                    let value = wait(drive(&mut machine, &store, &lanes, &host)).unwrap();
                    println!("counted {value}");
                }
            });
        }
    });
}

#[test]
fn a_killed_process_loses_nothing_it_has_answered() {
    let folder = Folder::new();
    let mut answered = 0;
    for round in 1..=6_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_that_counts_until_it_is_killed", "--nocapture"])
            .env("COUNTERSIGN_TEST_CHILD", folder.file())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let counted =
            |line: std::io::Result<String>| line.ok()?.strip_prefix("counted ")?.parse::<u64>().ok();
        let goal = answered + 5 + round * 7;
        while answered < goal {
            answered = answered.max(lines.next().and_then(counted).unwrap_or(0));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        answered = lines.filter_map(counted).fold(answered, u64::max);
        let store = SqliteStore::open(folder.file()).unwrap();
        let record = get(&store, Key::new(Counter::COLLECTION, "c")).unwrap().unwrap();
        let value = Counter::decode(&record.body).unwrap().value;
        assert!(
            (answered..=answered + 4).contains(&value),
            "answered {answered}, found {value}"
        );
        assert_eq!(count(&store, Entry::COLLECTION, BY_COUNTER, b"all") as u64, value);
        answered = value;
    }
    println!("{answered} increments over 6 kills");
}

#[test]
fn a_newer_layout_is_refused_and_left_alone() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file()).unwrap();
    commit(&store, 1, vec![put("a", Expect::Absent, b"one")]).unwrap();
    store.close();
    Connection::open(folder.file())
        .unwrap()
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    let before = fs::read(folder.file()).unwrap();
    let refused = SqliteStore::open(folder.file()).unwrap_err();
    assert_eq!(refused, OpenError::Newer { found: 99, known: 1 });
    assert_eq!(fs::read(folder.file()).unwrap(), before);
    Connection::open(folder.file())
        .unwrap()
        .execute_batch("PRAGMA user_version = 1")
        .unwrap();
    let store = SqliteStore::open(folder.file()).unwrap();
    assert!(thing(&store, "a").unwrap().is_some());
}

#[test]
fn databases_of_others_are_refused_and_left_alone() {
    for sql in [
        "CREATE TABLE users (name TEXT)",
        "PRAGMA user_version = 1",
        "PRAGMA application_id = 7",
        "CREATE TABLE record (id TEXT); PRAGMA user_version = 1",
    ] {
        let folder = Folder::new();
        Connection::open(folder.file())
            .unwrap()
            .execute_batch(sql)
            .unwrap();
        let before = fs::read(folder.file()).unwrap();
        assert_eq!(
            SqliteStore::open(folder.file()).unwrap_err(),
            OpenError::Foreign,
            "{sql}"
        );
        assert_eq!(fs::read(folder.file()).unwrap(), before, "{sql}");
    }
}

#[test]
fn files_that_are_no_databases_are_errors() {
    let folder = Folder::new();
    for (number, bytes) in [
        vec![0; 4_096],
        vec![b'x'; 10_000],
        b"SQLite format 3\0".repeat(600),
    ]
    .iter()
    .enumerate()
    {
        let path = folder.0.join(format!("{number}"));
        fs::write(&path, bytes).unwrap();
        assert_eq!(
            SqliteStore::open(&path).unwrap_err(),
            OpenError::Damaged,
            "file {number}"
        );
        assert_eq!(&fs::read(&path).unwrap(), bytes);
    }
    assert!(
        matches!(SqliteStore::open(&folder.0), Err(OpenError::Io(_))),
        "a folder"
    );
    let missing = folder.0.join("missing/store.sqlite");
    assert_eq!(
        SqliteStore::open(missing).unwrap_err(),
        OpenError::Io(std::io::ErrorKind::NotFound)
    );
    // An empty file is a database that was not written yet.
    fs::write(folder.file(), b"").unwrap();
    SqliteStore::open(folder.file()).unwrap();
}

#[test]
fn damaged_pages_are_errors_and_never_panics() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file()).unwrap();
    for number in 0..40_u64 {
        let writes = (0..5).map(|part| put(&format!("{number:02} {part}"), Expect::Absent, &[7; 900]));
        commit(&store, number + 1, writes.collect()).unwrap();
    }
    store.close();
    let sound = fs::read(folder.file()).unwrap();
    let (mut failed, mut opened) = (0, 0);
    for page in 0..sound.len() / 4_096 {
        for pattern in [0x00_u8, 0xff, 0x5a] {
            let mut bytes = sound.clone();
            // The first page keeps its magic so that the rest of it is looked at.
            let start = page * 4_096 + if page == 0 { 100 } else { 0 };
            bytes[start..(page + 1) * 4_096].fill(pattern);
            let copy = folder.0.join("copy.sqlite");
            fs::write(&copy, bytes).unwrap();
            let Ok(store) = SqliteStore::open(&copy) else {
                failed += 1;
                continue;
            };
            opened += 1;
            for number in (0..40_u64).step_by(3) {
                let id = format!("{number:02} 0");
                failed += usize::from(thing(&store, &id).is_err());
                let scan = Scan {
                    collection: THINGS,
                    index: COLOUR,
                    value: b"red".to_vec(),
                    from: 0,
                    to: u64::MAX,
                    newest_first: true,
                    after: None,
                    limit: 1_000,
                };
                failed += usize::from(wait(store.read(&[Query::Scan(scan)])).is_err());
                let outcome = commit(
                    &store,
                    1_000 + number,
                    vec![put(&id, Expect::At(rev(number + 1)), b"new")],
                );
                failed += usize::from(outcome.is_err());
            }
            let _ = wait(store.purge(u64::MAX, 10));
            fs::remove_file(&copy).unwrap();
        }
    }
    println!("{failed} errors in {opened} opened files");
    assert!(failed > 100 && opened > 20);
}

#[test]
#[cfg(unix)]
fn the_files_belong_to_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file()).unwrap();
    commit(&store, 1, vec![put("a", Expect::Absent, b"one")]).unwrap();
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder.0).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(
            entry.metadata().unwrap().permissions().mode() & 0o777,
            0o600,
            "{entry:?}"
        );
        names.push(entry.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(names, ["store.sqlite", "store.sqlite-shm", "store.sqlite-wal"]);
}

#[test]
fn a_locked_file_refuses_commits_and_serves_reads() {
    let folder = Folder::new();
    let mut options = SqliteOptions::new(folder.file());
    options.busy_timeout = Duration::from_millis(50);
    let store = SqliteStore::open_with(options.clone()).unwrap();
    commit(&store, 1, vec![put("a", Expect::Absent, b"one")]).unwrap();
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let start = Instant::now();
    let refused = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..20_u64)
            .map(|number| {
                let store = &store;
                scope.spawn(move || {
                    commit(
                        store,
                        10 + number,
                        vec![put(&format!("{number}"), Expect::Absent, b"x")],
                    )
                })
            })
            .collect();
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap())
            .collect::<Vec<_>>()
    });
    for outcome in refused {
        assert!(matches!(outcome, Err(StoreError::NotApplied(_))), "{outcome:?}");
    }
    // They wait together, not one after the other.
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(thing(&store, "a").unwrap().is_some());
    assert_eq!(SqliteStore::open_with(options).unwrap_err(), OpenError::Busy);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(
        commit(&store, 2, vec![put("a", Expect::At(rev(1)), b"two")]),
        Ok(Commit::Applied)
    );
    assert_eq!(count(&store, THINGS, COLOUR, b"red"), 1);
}

#[test]
fn a_full_disk_refuses_what_does_not_fit_and_nothing_else() {
    let folder = Folder::new();
    let mut options = SqliteOptions::new(folder.file());
    options.max_bytes = Some(200_000);
    let store = SqliteStore::open_with(options).unwrap();
    commit(&store, 1, vec![put("a", Expect::Absent, b"one")]).unwrap();
    let big = [7; 20_000];
    let mut fitted = 0;
    let refused = loop {
        match commit(
            &store,
            10 + fitted,
            vec![put(&format!("{fitted}"), Expect::Absent, &big)],
        ) {
            Ok(outcome) => {
                assert_eq!(outcome, Commit::Applied);
                fitted += 1;
            }
            Err(error) => break error,
        }
    };
    assert_eq!(
        refused,
        StoreError::NotApplied("the disk is full (SQLite 13)".into())
    );
    assert!((3..10).contains(&fitted), "{fitted}");
    // In one group with batches that do not fit, the small ones are written.
    let outcomes = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..16_u64)
            .map(|number| {
                let (store, big) = (&store, &big);
                scope.spawn(move || {
                    let body = if number % 2 == 0 { big.as_slice() } else { b"s" };
                    (
                        number,
                        commit(
                            store,
                            100 + number,
                            vec![put(&format!("g{number}"), Expect::Absent, body)],
                        ),
                    )
                })
            })
            .collect();
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap())
            .collect::<Vec<_>>()
    });
    for (number, outcome) in outcomes {
        let there = thing(&store, &format!("g{number}")).unwrap().is_some();
        assert_eq!(outcome.is_ok(), number % 2 == 1, "{number}: {outcome:?}");
        assert_eq!(there, number % 2 == 1);
    }
    assert_eq!(
        commit(&store, 2, vec![put("a", Expect::At(rev(1)), b"two")]),
        Ok(Commit::Applied)
    );
    assert_eq!(count(&store, THINGS, COLOUR, b"red") as u64, 1 + fitted + 8);
}

#[test]
fn closing_answers_what_waits_and_refuses_the_rest() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file()).unwrap();
    let batches: Vec<Batch> = (0..200_u64)
        .map(|number| Batch {
            rev: rev(number),
            writes: vec![put(&format!("{number}"), Expect::Absent, b"x")],
        })
        .collect();
    let mut waiting: Vec<_> = batches.iter().map(|batch| store.commit(batch)).collect();
    let mut context = Context::from_waker(Waker::noop());
    for future in &mut waiting {
        // Some may be answered already.
        let _ = pin!(future).poll(&mut context);
    }
    store.close();
    assert!(matches!(
        commit(&store, 999, vec![put("late", Expect::Absent, b"x")]),
        Err(StoreError::NotApplied(_))
    ));
    assert!(matches!(thing(&store, "1"), Err(StoreError::NotApplied(_))));
    assert!(matches!(wait(store.purge(1, 1)), Err(StoreError::NotApplied(_))));
    store.close();
    drop(waiting);
    drop(store);
    let store = SqliteStore::open(folder.file()).unwrap();
    assert_eq!(count(&store, THINGS, COLOUR, b"red"), 200);
    assert_eq!(thing(&store, "late").unwrap(), None);
}

#[test]
fn a_caller_that_goes_away_disturbs_nobody() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file()).unwrap();
    let mut context = Context::from_waker(Waker::noop());
    for number in 0..50 {
        let batch = Batch {
            rev: rev(number),
            writes: vec![put(&format!("{number}"), Expect::Absent, b"x")],
        };
        let mut future = store.commit(&batch);
        if number % 2 == 0 {
            let _ = future.as_mut().poll(&mut context);
        }
        drop(future);
    }
    // The queue is in order: this one comes after all the others.
    commit(&store, 100, vec![put("last", Expect::Absent, b"x")]).unwrap();
    assert_eq!(
        count(&store, THINGS, COLOUR, b"red"),
        26,
        "sent or not, never half"
    );
}

#[test]
fn a_full_queue_refuses_at_once() {
    let folder = Folder::new();
    let mut options = SqliteOptions::new(folder.file());
    options.queue = 4;
    options.busy_timeout = Duration::from_millis(300);
    let store = SqliteStore::open_with(options).unwrap();
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let batches: Vec<Batch> = (0..500_u64)
        .map(|number| Batch {
            rev: rev(number),
            writes: vec![put(&format!("{number:03}"), Expect::Absent, b"x")],
        })
        .collect();
    let mut waiting: Vec<_> = batches.iter().map(|batch| store.commit(batch)).collect();
    let mut context = Context::from_waker(Waker::noop());
    let start = Instant::now();
    let mut refused = 0;
    for future in &mut waiting {
        if let std::task::Poll::Ready(outcome) = future.as_mut().poll(&mut context) {
            assert_eq!(
                outcome,
                Err(StoreError::NotApplied("too many commits are waiting".into()))
            );
            refused += 1;
        }
    }
    assert!(
        start.elapsed() < Duration::from_millis(250),
        "{:?}",
        start.elapsed()
    );
    assert!(refused >= 200, "{refused} refused");
    other.execute_batch("ROLLBACK").unwrap();
}

#[test]
fn long_purges_let_commits_pass() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file()).unwrap();
    for part in 0..10_u64 {
        let writes = (0..100).map(|number| Write::Append {
            key: Key::new(THINGS, format!("{part}-{number:03}")),
            body: b"x".to_vec(),
            entries: vec![IndexEntry {
                index: COLOUR,
                value: b"red".to_vec(),
                sort: 1,
            }],
            expires_at: Some(1_000 + part),
        });
        commit(&store, part, writes.collect()).unwrap();
    }
    let (dropped, applied) = std::thread::scope(|scope| {
        let purge = scope.spawn(|| wait(store.purge(1_005, 10_000)).unwrap());
        let mut applied = 0;
        for number in 0..20_u64 {
            let write = put(&format!("kept {number}"), Expect::Absent, b"x");
            applied += usize::from(commit(&store, 100 + number, vec![write]) == Ok(Commit::Applied));
        }
        (purge.join().unwrap(), applied)
    });
    assert_eq!((dropped, applied), (500, 20));
    assert_eq!(count(&store, THINGS, COLOUR, b"red"), 520);
    assert_eq!(wait(store.purge(u64::MAX, 333)).unwrap(), 333);
    assert_eq!(wait(store.purge(u64::MAX, 333)).unwrap(), 167);
}

#[test]
fn the_log_is_copied_and_does_not_grow_for_ever() {
    let folder = Folder::new();
    let mut options = SqliteOptions::new(folder.file());
    options.checkpoint = Duration::from_millis(5);
    let store = SqliteStore::open_with(options).unwrap();
    let wal = folder.file().with_extension("sqlite-wal");
    let mut longest = 0;
    for number in 1..=400 {
        let expect = if number == 1 {
            Expect::Absent
        } else {
            Expect::At(rev(number - 1))
        };
        commit(&store, number, vec![put("a", expect, &[3; 40_000])]).unwrap();
        longest = longest.max(fs::metadata(&wal).unwrap().len());
        if number % 50 == 0 {
            std::thread::sleep(Duration::from_millis(30));
        }
    }
    let written = 400 * 44_000;
    println!("{written} bytes written, log of {longest}");
    assert!(longest < written / 2);
    let file = fs::metadata(folder.file()).unwrap().len();
    assert!(file > 40_000, "the file holds the record: {file}");
}
