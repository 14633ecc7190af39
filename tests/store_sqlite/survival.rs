//! What was answered is there afterwards: reopened, cut off, damaged, killed.

use super::*;

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
fn closing_leaves_one_file_however_busy_the_machine() {
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..40 {
                    let folder = Folder::new();
                    let store = SqliteStore::open(folder.file()).unwrap();
                    commit(&store, 1, vec![put("a", Expect::Absent, b"one")]).unwrap();
                    store.close();
                    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1);
                }
            });
        }
    });
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
            .args([
                "--exact",
                "survival::child_that_counts_until_it_is_killed",
                "--nocapture",
            ])
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
