//! A full disk, a full queue, callers that leave, long purges, a growing log.

use super::*;

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
