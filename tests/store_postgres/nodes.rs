//! Several nodes over one database, and a database that goes away.

use super::*;

/// `threads` nodes' callers add to one counter until `until`; answers how often they were told that it
/// went well, and how often that nobody knows.
pub(crate) fn add(
    stores: &[PostgresStore],
    threads: usize,
    seed: u64,
    until: impl Fn(usize) -> bool + Sync,
) -> (u64, u64) {
    let (lanes, host) = (Lanes::new(), SimulatedHost::new(seed));
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..threads)
            .map(|thread| {
                let (lanes, host, until) = (&lanes, &host, &until);
                let store = &stores[thread % stores.len()];
                scope.spawn(move || {
                    let (mut told, mut open) = (0, 0);
                    for round in 0.. {
                        if until(round) {
                            break;
                        }
                        let who = u64::try_from(thread).unwrap();
                        let mut machine = Machine::new(None, |tx| increment(tx, "c", who, true));
                        match wait(drive(&mut machine, store, lanes, host)) {
                            Ok(_) => told += 1,
                            Err(_) => open += 1,
                        }
                    }
                    (told, open)
                })
            })
            .collect();
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap())
            .fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1))
    })
}

pub(crate) fn value(store: &PostgresStore) -> u64 {
    let record = get(store, Key::new(Counter::COLLECTION, "c")).unwrap();
    record.map_or(0, |record| Counter::decode(&record.body).unwrap().value)
}

pub(crate) fn lines(cluster: &Cluster, schema: &str) -> u64 {
    let collection = Entry::COLLECTION.0;
    let sql = format!("SELECT count(*) FROM {schema}.cs_record WHERE collection = '{collection}'");
    cluster.sql(&sql).parse().unwrap()
}

#[test]
fn nodes_on_one_database_count_together() {
    let cluster = Cluster::shared();
    for nodes in [2, 4] {
        let schema = cluster.schema();
        let stores: Vec<PostgresStore> = (0..nodes).map(|_| cluster.open(&schema).unwrap()).collect();
        let (told, open) = add(&stores, 8, 1, |round| round == 25);
        assert_eq!((told, open), (200, 0));
        for store in &stores {
            assert_eq!(value(store), 200);
        }
        assert_eq!(lines(&cluster, &schema), 200);
    }
}

#[test]
fn nodes_may_start_together() {
    let cluster = Cluster::shared();
    let schema = cluster.schema();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| cluster.open(&schema).unwrap());
        }
    });
    assert_eq!(
        cluster.sql(&format!("SELECT version FROM {schema}.cs_layout")),
        "1"
    );
}

/// Connections are cut again and again. Whatever was answered holds; what was not is there once or not at
/// all.
#[test]
fn cut_connections_count_nothing_twice() {
    let cluster = Cluster::new();
    let schema = cluster.schema();
    let stores = [cluster.open(&schema).unwrap(), cluster.open(&schema).unwrap()];
    let end = Instant::now() + Duration::from_secs(3);
    let cuts = std::thread::scope(|scope| {
        let cutter = scope.spawn(|| {
            let mut cuts = 0;
            while Instant::now() < end {
                let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                           WHERE pid <> pg_backend_pid() AND usename = 'bank'";
                cuts += cluster.sql(cut).parse::<u64>().unwrap();
            }
            cuts
        });
        let (told, open) = add(&stores, 8, 2, |_| Instant::now() >= end);
        let there = value(&cluster.open(&schema).unwrap());
        println!("{told} told, {open} left open, {there} there");
        assert!(told <= there && there <= told + open && told > 50);
        assert_eq!(lines(&cluster, &schema), there);
        cutter.join().unwrap()
    });
    println!("{cuts} connections cut");
    assert!(cuts > 20);
}

/// The database crashes and comes back. Errors come in time, and nobody has to be restarted.
#[test]
fn a_crashed_database_loses_nothing_it_has_confirmed() {
    let cluster = Cluster::new();
    let schema = cluster.schema();
    let stores = [cluster.open(&schema).unwrap(), cluster.open(&schema).unwrap()];
    let (mut all_told, mut all_open) = (0, 0);
    for crash in 0..5 {
        let down = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            let load = scope.spawn(|| {
                add(&stores, 8, 3 + crash, |_| {
                    down.load(std::sync::atomic::Ordering::Relaxed)
                })
            });
            std::thread::sleep(Duration::from_millis(150));
            cluster.stop("immediate");
            // Those who ask now are told soon.
            let asked = Instant::now();
            assert!(commit(&stores[0], 900 + crash, vec![put("down", Expect::Absent, b"1")]).is_err());
            assert!(get(&stores[0], Key::new(THINGS, "down")).is_err());
            assert!(asked.elapsed() < Duration::from_secs(10));
            down.store(true, std::sync::atomic::Ordering::Relaxed);
            let (told, open) = load.join().unwrap();
            all_told += told;
            all_open += open;
        });
        cluster.start();
        let back = Instant::now();
        while get(&stores[1], Key::new(THINGS, "x")).is_err() {
            assert!(
                back.elapsed() < Duration::from_secs(2),
                "the store does not come back"
            );
        }
        let there = value(&stores[1]);
        println!("{all_told} told, {all_open} left open, {there} there");
        assert!(all_told <= there && there <= all_told + all_open);
        assert_eq!(lines(&cluster, &schema), there);
    }
    assert!(all_told > 20);
}
