//! The PostgreSQL adapter: conformance, several nodes, what survives, and what is refused.
#![allow(
    clippy::await_holding_refcell_ref,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test"
)]
#![cfg(all(feature = "postgres", feature = "simulation", unix))]

#[path = "store_postgres/cluster.rs"]
mod cluster;
#[path = "store_postgres/nodes.rs"]
mod nodes;
#[path = "store_postgres/partitions.rs"]
mod partitions;
#[path = "store_postgres/pool.rs"]
mod pool;
#[path = "store_postgres/proxy.rs"]
mod proxy;
#[path = "store_postgres/refusal.rs"]
mod refusal;
mod store_toy;
#[cfg(feature = "postgres-tls")]
#[path = "store_postgres/tls.rs"]
mod tls;
#[path = "store_postgres/trouble.rs"]
mod trouble;

use std::time::{Duration, Instant};

use countersign::store::conformance::{self, wait};
use countersign::store::driver::drive;
use countersign::store::lane::Lanes;
use countersign::store::simulated::SimulatedHost;
use countersign::store::{
    Answer, Batch, Collection, Commit, ConnectError, Entity, Entries, Expect, Key, Machine, PostgresOptions,
    PostgresStore, Query, Record, Rev, Store, StoreError, Write,
};

use cluster::Cluster;
use store_toy::{Counter, Entry, increment};

const THINGS: Collection = Collection("thing");

fn rev(number: u64) -> Rev {
    Rev((u128::from(number) + 1).to_be_bytes())
}

fn put(id: &str, expect: Expect, body: &[u8]) -> Write {
    Write::Put {
        key: Key::new(THINGS, id),
        expect,
        body: body.to_vec(),
        entries: Entries::Keep,
        expires_at: None,
    }
}

fn commit(store: &PostgresStore, number: u64, writes: Vec<Write>) -> Result<Commit, StoreError> {
    wait(store.commit(&Batch {
        rev: rev(number),
        writes,
    }))
}

fn get(store: &PostgresStore, key: Key) -> Result<Option<Record>, StoreError> {
    match wait(store.read(&[Query::Get(key)]))?.pop() {
        Some(Answer::Record(record)) => Ok(record),
        other => panic!("{other:?}"),
    }
}

#[test]
fn postgres_conforms() {
    let cluster = Cluster::shared();
    let cases = conformance::run(|| cluster.store()).unwrap();
    println!("{cases} cases");
    assert!(cases >= 35);
}

#[test]
fn no_transaction_stays_open() {
    let cluster = Cluster::new();
    conformance::run(|| cluster.store()).unwrap();
    let store = cluster.store();
    commit(&store, 1, vec![put("a", Expect::Absent, b"1")]).unwrap();
    assert!(matches!(
        commit(&store, 2, vec![put("a", Expect::Absent, b"2")]),
        Ok(Commit::Conflict(_))
    ));
    let open = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'";
    assert_eq!(cluster.sql(open), "0");
}
