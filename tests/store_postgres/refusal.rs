//! What is refused, and how clearly.

use super::*;

fn refused(cluster: &Cluster, setting: &str) -> ConnectError {
    cluster.sql(&format!("ALTER SYSTEM SET {setting} = off"));
    cluster.sql("SELECT pg_reload_conf()");
    let until = Instant::now() + Duration::from_secs(10);
    while cluster.sql(&format!("SHOW {setting}")) == "on" {
        assert!(Instant::now() < until);
    }
    let error = cluster.open(&cluster.schema()).unwrap_err();
    let mut options = cluster.options(&cluster.schema());
    options.accept_unsafe_database = true;
    PostgresStore::open(options).unwrap();
    cluster.sql(&format!("ALTER SYSTEM RESET {setting}"));
    cluster.sql("SELECT pg_reload_conf()");
    while cluster.sql(&format!("SHOW {setting}")) == "off" {
        assert!(Instant::now() < until);
    }
    error
}

#[test]
fn a_database_that_may_forget_is_refused() {
    let cluster = Cluster::new();
    for setting in ["fsync", "full_page_writes"] {
        assert_eq!(refused(&cluster, setting), ConnectError::NotDurable(setting));
    }
    // A session's own wish does not weaken a commit.
    cluster.sql("ALTER ROLE bank SET synchronous_commit = off");
    let store = cluster.store();
    commit(&store, 1, vec![put("a", Expect::Absent, b"1")]).unwrap();
}

#[test]
fn a_newer_layout_is_refused_and_left_alone() {
    let cluster = Cluster::shared();
    let schema = cluster.schema();
    let store = cluster.open(&schema).unwrap();
    commit(&store, 1, vec![put("a", Expect::Absent, b"1")]).unwrap();
    drop(store);
    cluster.sql(&format!("UPDATE {schema}.cs_layout SET version = 99"));
    assert_eq!(
        cluster.open(&schema).unwrap_err(),
        ConnectError::Newer { found: 99, known: 1 }
    );
    assert_eq!(
        cluster.sql(&format!("SELECT count(*) FROM {schema}.cs_record")),
        "1"
    );
}

#[test]
fn a_read_only_database_is_an_error_and_still_read() {
    let cluster = Cluster::new();
    let schema = cluster.schema();
    let store = cluster.open(&schema).unwrap();
    commit(&store, 1, vec![put("a", Expect::Absent, b"1")]).unwrap();
    cluster.sql("ALTER SYSTEM SET default_transaction_read_only = on");
    cluster.sql("SELECT pg_reload_conf()");
    let until = Instant::now() + Duration::from_secs(10);
    let refused = loop {
        match commit(&store, 2, vec![put("a", Expect::At(rev(1)), b"2")]) {
            Err(error) => break error,
            // The setting has not arrived yet.
            Ok(_) => assert!(Instant::now() < until),
        }
        let back = vec![put("a", Expect::At(rev(2)), b"1")];
        let _ = commit(&store, 1, back);
    };
    assert!(matches!(refused, StoreError::NotApplied(_)), "{refused:?}");
    assert!(get(&store, Key::new(THINGS, "a")).unwrap().is_some());
    assert_eq!(
        cluster.open(&cluster_schema(&cluster)).unwrap_err(),
        ConnectError::ReadOnly
    );
}

/// A new schema, made by a session that may write.
fn cluster_schema(cluster: &Cluster) -> String {
    let name = "fresh".to_owned();
    cluster.sql(&format!("BEGIN READ WRITE; CREATE SCHEMA {name}; COMMIT"));
    name
}

#[test]
fn addresses_that_lead_nowhere_are_told_without_their_password() {
    let open = |url: &str| PostgresStore::open(PostgresOptions::new(url)).unwrap_err();
    assert_eq!(open("no url"), ConnectError::Address);
    let nowhere = "postgres://bank:secret@127.0.0.1:1/bank";
    let error = open(nowhere);
    assert!(matches!(error, ConnectError::Unreachable(_)), "{error:?}");
    assert!(!format!("{error} {error:?} {:?}", PostgresOptions::new(nowhere)).contains("secret"));
    let cluster = Cluster::shared();
    let options = cluster.options("public");
    let stranger = options.url.replace("user=bank", "user=nobody_known");
    assert!(matches!(open(&stranger), ConnectError::Unreachable(_)));
}

#[test]
fn a_closed_store_refuses() {
    let store = Cluster::shared().store();
    store.close();
    assert!(matches!(
        commit(&store, 1, vec![put("a", Expect::Absent, b"1")]),
        Err(StoreError::NotApplied(_))
    ));
    assert!(get(&store, Key::new(THINGS, "a")).is_err());
    store.close();
}

/// Somebody keeps a record locked for longer than a commit may take.
#[test]
fn a_lock_that_is_not_free_in_time_is_an_error() {
    let cluster = Cluster::new();
    let schema = cluster.schema();
    let mut options = cluster.options(&schema);
    options.timeout = Duration::from_millis(500);
    let store = PostgresStore::open(options).unwrap();
    commit(&store, 1, vec![put("a", Expect::Absent, b"1")]).unwrap();
    let hold = format!("BEGIN; SELECT 1 FROM {schema}.cs_record FOR UPDATE; SELECT pg_sleep(3); COMMIT");
    std::thread::scope(|scope| {
        let holder = scope.spawn(|| cluster.sql(&hold));
        std::thread::sleep(Duration::from_millis(300));
        let start = Instant::now();
        let refused = commit(&store, 2, vec![put("a", Expect::At(rev(1)), b"2")]);
        assert!(matches!(refused, Err(StoreError::NotApplied(_))), "{refused:?}");
        assert!(start.elapsed() < Duration::from_secs(2));
        holder.join().unwrap();
        let applied = commit(&store, 3, vec![put("a", Expect::At(rev(1)), b"3")]);
        assert_eq!(applied, Ok(Commit::Applied));
    });
}
