//! Several nodes over one PostgreSQL, as one store: each call goes to the next of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use countersign::store::{
    Answer, Batch, Collection, Commit, Fut, PostgresStore, Query, Record, Store, StoreError,
};

#[allow(
    dead_code,
    clippy::expect_used,
    reason = "the tests of the store use the rest"
)]
#[path = "../store_postgres/cluster.rs"]
mod cluster;

/// Nodes that share a database and nothing else.
pub struct Nodes {
    // Dropped first: a node lets go of the database.
    nodes: Vec<PostgresStore>,
    next: AtomicUsize,
    _database: Arc<cluster::Cluster>,
}

impl Nodes {
    /// An empty database with so many nodes.
    pub fn open(count: usize) -> Self {
        let database = cluster::Cluster::shared();
        let schema = database.schema();
        Self {
            nodes: (0..count).map(|_| database.open(&schema).unwrap()).collect(),
            next: AtomicUsize::new(0),
            _database: database,
        }
    }

    fn node(&self) -> &PostgresStore {
        &self.nodes[self.next.fetch_add(1, Ordering::Relaxed) % self.nodes.len()]
    }
}

impl Store for Nodes {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        self.node().read(queries)
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        self.node().commit(batch)
    }

    fn purge<'a>(&'a self, before: u64, limit: u32) -> Fut<'a, Result<u64, StoreError>> {
        self.node().purge(before, limit)
    }

    fn walk<'a>(
        &'a self,
        collection: Collection,
        after: Option<&'a str>,
        limit: u32,
    ) -> Fut<'a, Result<Vec<Record>, StoreError>> {
        self.node().walk(collection, after, limit)
    }
}
