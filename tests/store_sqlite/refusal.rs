//! Files that are not ours, not whole, or locked.

use super::*;

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
