//! A database that is slow, full, cut off or has no connection to give: an error in time, the truth afterwards, and a
//! store that works again within two seconds.

use super::proxy::Proxy;
use super::*;

const DEADLINE: Duration = Duration::from_millis(600);
/// Two halves of a transaction and a new connection, each within the deadline, and room for a busy machine.
const IN_TIME: Duration = Duration::from_secs(4);
const RECOVERY: Duration = Duration::from_secs(2);

/// Asks until it goes well; it has to soon.
fn recovers(store: &PostgresStore, number: u64) {
    let back = Instant::now();
    let id = format!("back-{number}");
    loop {
        let outcome = commit(store, number, vec![put(&id, Expect::Absent, b"1")]);
        match outcome {
            Ok(Commit::Applied) => break,
            // An attempt before has arrived without anybody knowing.
            Ok(Commit::Conflict(current)) => {
                assert_eq!(current[0].1.as_ref().map(|it| it.rev), Some(rev(number)));
                break;
            }
            Err(_) => assert!(back.elapsed() < RECOVERY, "{outcome:?}"),
        }
    }
    assert!(get(store, Key::new(THINGS, id)).unwrap().is_some());
    assert!(back.elapsed() < RECOVERY, "{:?}", back.elapsed());
}

#[test]
fn a_database_that_does_not_answer() {
    let cluster = Cluster::shared();
    let (schema, proxy) = (cluster.schema(), Proxy::start(&cluster));
    let mut options = proxy.options(&schema);
    options.timeout = DEADLINE;
    let store = PostgresStore::open(options).unwrap();
    let direct = cluster.open(&schema).unwrap();
    commit(&store, 1, vec![put("a", Expect::Absent, b"1")]).unwrap();
    for round in 0..3_u64 {
        proxy.mute(true);
        let asked = Instant::now();
        let id = format!("lost-{round}");
        let error = commit(&store, 10 + round, vec![put(&id, Expect::Absent, b"1")]).unwrap_err();
        assert!(get(&store, Key::new(THINGS, "a")).is_err());
        assert!(asked.elapsed() < IN_TIME, "{:?}", asked.elapsed());
        if matches!(error, StoreError::NotApplied(_)) {
            assert_eq!(get(&direct, Key::new(THINGS, id)).unwrap(), None);
        }
        proxy.mute(false);
        recovers(&store, 20 + round);
    }
    println!("{} bytes of answers kept back", proxy.kept());
    assert!(proxy.kept() > 0);
}

/// The confirmation of a commit gets lost: nobody is told "applied", nobody "not applied".
#[test]
fn a_confirmation_that_gets_lost_is_told_as_unknown() {
    let cluster = Cluster::shared();
    let (schema, proxy) = (cluster.schema(), Proxy::start(&cluster));
    let mut options = proxy.options(&schema);
    options.timeout = DEADLINE;
    let store = PostgresStore::open(options).unwrap();
    commit(&store, 1, vec![put("a", Expect::Absent, b"1")]).unwrap();
    // The second half takes long enough to look away in between; reads are not concerned.
    cluster.sql(&format!(
        "CREATE FUNCTION {schema}.slow() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END $$;
         CREATE TRIGGER slow BEFORE UPDATE ON {schema}.cs_record FOR EACH ROW EXECUTE FUNCTION {schema}.slow()"
    ));
    let error = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| commit(&store, 2, vec![put("a", Expect::At(rev(1)), b"2")]));
        let until = Instant::now() + IN_TIME;
        let asleep = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        while cluster.sql(asleep) == "0" {
            assert!(Instant::now() < until);
        }
        proxy.mute(true);
        waiting.join().unwrap().unwrap_err()
    });
    assert!(matches!(error, StoreError::Unknown(_)), "{error:?}");
    proxy.mute(false);
    // It is there; sent again unchanged it is refused, by the record that proves it.
    let back = Instant::now();
    let again = loop {
        match commit(&store, 2, vec![put("a", Expect::At(rev(1)), b"2")]) {
            Ok(outcome) => break outcome,
            Err(error) => assert!(back.elapsed() < RECOVERY, "{error:?}"),
        }
    };
    match again {
        Commit::Conflict(current) => assert_eq!(current[0].1.as_ref().unwrap().rev, rev(2)),
        Commit::Applied => panic!("applied twice"),
    }
}

#[test]
fn connections_that_are_reset_under_load_count_nothing_twice() {
    let cluster = Cluster::shared();
    let (schema, proxy) = (cluster.schema(), Proxy::start(&cluster));
    let stores = [PostgresStore::open(proxy.options(&schema)).unwrap()];
    let done = std::sync::atomic::AtomicBool::new(false);
    let ((told, open), cuts) = std::thread::scope(|scope| {
        let cutter = scope.spawn(|| {
            let mut cuts = 0;
            for _ in 0..15 {
                cuts += proxy.reset();
                let (cut, before) = (Instant::now(), nodes::lines(&cluster, &schema));
                while nodes::lines(&cluster, &schema) < before + 4 && cut.elapsed() < RECOVERY {}
                if cut.elapsed() >= RECOVERY {
                    break;
                }
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
            cuts
        });
        let added = nodes::add(&stores, 8, 7, |_| done.load(std::sync::atomic::Ordering::Relaxed));
        (added, cutter.join().unwrap())
    });
    recovers(&stores[0], 1);
    let there = nodes::value(&stores[0]);
    println!("{cuts} connections reset: {told} told, {open} left open, {there} there");
    assert!(cuts >= 15 && told > 15 && told <= there && there <= told + open);
}

/// As PostgreSQL tells of it: 53100, by a statement or by the commit itself.
#[test]
fn a_full_disk() {
    let cluster = Cluster::shared();
    let schema = cluster.schema();
    let store = cluster.open(&schema).unwrap();
    commit(&store, 1, vec![put("a", Expect::Absent, b"1")]).unwrap();
    cluster.sql(&format!(
        "CREATE FUNCTION {schema}.full() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
    ));
    let plain = "TRIGGER full_disk BEFORE INSERT OR UPDATE ON";
    let late = "CONSTRAINT TRIGGER full_disk AFTER INSERT OR UPDATE ON";
    for (number, trigger, deferred) in [(10, plain, ""), (20, late, "DEFERRABLE INITIALLY DEFERRED")] {
        cluster.sql(&format!(
            "CREATE {trigger} {schema}.cs_record {deferred} FOR EACH ROW EXECUTE FUNCTION {schema}.full()"
        ));
        let asked = Instant::now();
        let insert = commit(&store, number, vec![put("b", Expect::Absent, b"1")]).unwrap_err();
        let update = commit(&store, number + 1, vec![put("a", Expect::At(rev(1)), b"2")]).unwrap_err();
        for error in [insert, update] {
            // Of a commit itself only a rollback is a promise.
            assert_eq!(matches!(error, StoreError::Unknown(_)), number == 20, "{error:?}");
            let text = format!("{error:?}");
            assert!(text.contains("53100") && !text.contains("extend"), "{text}");
        }
        assert!(asked.elapsed() < IN_TIME);
        assert_eq!(get(&store, Key::new(THINGS, "b")).unwrap(), None);
        assert_eq!(get(&store, Key::new(THINGS, "a")).unwrap().unwrap().rev, rev(1));
        cluster.sql(&format!("DROP TRIGGER full_disk ON {schema}.cs_record"));
        recovers(&store, number + 2);
    }
}

#[test]
fn a_database_without_a_connection_to_give() {
    let cluster = Cluster::new();
    let schema = cluster.schema();
    cluster.sql(&format!(
        "CREATE ROLE teller LOGIN; GRANT ALL ON SCHEMA {schema} TO teller"
    ));
    let mut options = cluster.options(&schema);
    options.url = options.url.replace("user=bank", "user=teller");
    options.timeout = DEADLINE;
    let store = PostgresStore::open(options).unwrap();
    commit(&store, 1, vec![put("a", Expect::Absent, b"1")]).unwrap();
    cluster.sql("ALTER ROLE teller CONNECTION LIMIT 0");
    cluster.sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'teller'");
    let asked = Instant::now();
    let error = loop {
        match commit(&store, 2, vec![put("a", Expect::At(rev(1)), b"2")]) {
            Err(error @ StoreError::NotApplied(_)) => break error,
            Err(StoreError::Unknown(_)) => assert!(asked.elapsed() < IN_TIME),
            Ok(outcome) => panic!("{outcome:?}"),
        }
    };
    assert!(format!("{error:?}").contains("53300"), "{error:?}");
    assert!(asked.elapsed() < IN_TIME);
    cluster.sql("ALTER ROLE teller CONNECTION LIMIT -1");
    recovers(&store, 3);
}

/// More requests than may wait: refused at once, and the others are answered.
#[test]
fn a_queue_that_is_full_refuses_at_once() {
    let cluster = Cluster::shared();
    let schema = cluster.schema();
    let mut options = cluster.options(&schema);
    options.queue = 4;
    options.writers = 1;
    let store = PostgresStore::open(options).unwrap();
    commit(&store, 1, vec![put("a", Expect::Absent, b"1")]).unwrap();
    let hold = format!("BEGIN; SELECT 1 FROM {schema}.cs_record FOR UPDATE; SELECT pg_sleep(1.5); COMMIT");
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let holder = scope.spawn(|| cluster.sql(&hold));
        let held = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query LIKE '%{schema}.%'"
        );
        while cluster.sql(&held) == "0" {}
        let store = &store;
        let waiting: Vec<_> = (0..16_u64)
            .map(|caller| {
                scope.spawn(move || {
                    let asked = Instant::now();
                    let write = put("a", Expect::At(rev(1)), &caller.to_be_bytes());
                    (commit(store, 10 + caller, vec![write]), asked.elapsed())
                })
            })
            .collect();
        let outcomes = waiting.into_iter().map(|it| it.join().unwrap()).collect();
        holder.join().unwrap();
        outcomes
    });
    let refused = outcomes.iter().filter(|(it, took)| {
        let full = matches!(it, Err(StoreError::NotApplied(text)) if text.contains("waiting"));
        full && *took < Duration::from_millis(500)
    });
    let applied = outcomes.iter().filter(|(it, _)| *it == Ok(Commit::Applied));
    let (refused, applied) = (refused.count(), applied.count());
    println!("{refused} refused at once, {applied} applied");
    assert!(refused >= 8 && applied == 1, "{outcomes:?}");
    recovers(&store, 2);
}
