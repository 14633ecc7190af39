//! The exported databases beside the project, imported into memory.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use countersign::adopt::{Adopter, Folder, Observer, Reason, Report, Source, Table};
use countersign::crypto::encoding::base64;
use countersign::crypto::secret::SecretVec;
use countersign::store::lane::Lanes;
use countersign::store::{
    Answer, Batch, Collection, Commit, Fut, MemoryStore, Query, Record, Store, StoreError,
};
use serde_json::Value;

use super::support::{Clock, World, engine};

/// When the checks were computed.
pub const NOW: u64 = 1_795_298_923_471;

/// The two databases.
pub const DATABASES: [&str; 2] = ["plain", "encrypted"];

/// A database beside the project; none when the project stands alone, which is not allowed where all must be tested.
pub fn folder(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/java-database");
    if !root.is_dir() {
        assert!(
            std::env::var_os("CI").is_none(),
            "../shared/java-database is missing"
        );
        println!("{name}: skipped, ../shared/java-database is absent");
        return None;
    }
    Some(root.join(name))
}

/// A file of a database.
pub fn json(folder: &Path, name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

/// The key that the old server encrypts with.
pub fn old_key(folder: &Path) -> Option<SecretVec> {
    let phones = json(folder, "phones.json");
    let key = phones["databaseMasterKey"].as_str();
    key.map(|key| SecretVec::from_vec(base64::decode(key).unwrap()))
}

/// Keeps every batch that was applied.
#[derive(Default)]
pub struct Recorder {
    pub store: MemoryStore,
    pub batches: Mutex<Vec<Batch>>,
}

impl Store for Recorder {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        self.store.read(queries)
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move {
            let outcome = self.store.commit(batch).await?;
            if outcome == Commit::Applied {
                self.batches.lock().unwrap().push(batch.clone());
            }
            Ok(outcome)
        })
    }

    fn walk<'a>(
        &'a self,
        collection: Collection,
        after: Option<&'a str>,
        limit: u32,
    ) -> Fut<'a, Result<Vec<Record>, StoreError>> {
        self.store.walk(collection, after, limit)
    }
}

/// Prints and keeps refusals.
#[derive(Default)]
pub struct Refusals(pub Vec<(Table, String, Reason)>);

impl Observer for Refusals {
    fn refused(&mut self, table: Table, key: &str, reason: Reason) {
        self.0.push((table, key.to_owned(), reason));
    }
}

/// Imports `source` into `store`.
pub fn import(
    store: &dyn Store,
    source: &mut dyn Source,
    old_key: Option<SecretVec>,
    seed: u64,
) -> (Report, Refusals) {
    let mut refusals = Refusals::default();
    let (engine, lanes, host) = (engine(), Lanes::new(), Clock::new(seed, NOW));
    let adopter = Adopter {
        engine: &engine,
        store,
        lanes: &lanes,
        host: &host,
        old_key,
        rows: 200,
        follows: false,
    };
    let report = pollster::block_on(adopter.run(source, &mut refusals, false)).unwrap();
    (report, refusals)
}

/// An imported database, to be copied as often as wanted.
pub struct Town {
    pub folder: PathBuf,
    pub report: Report,
    pub refusals: Refusals,
    batches: Vec<Batch>,
}

impl Town {
    /// Imports the database called `name`.
    pub fn of(name: &str) -> Option<Self> {
        let folder = folder(name)?;
        let recorder = Recorder::default();
        let (report, refusals) = import(&recorder, &mut Folder::new(&folder), old_key(&folder), 1);
        let batches = recorder.batches.into_inner().unwrap();
        Some(Self {
            folder,
            report,
            refusals,
            batches,
        })
    }

    /// A world that has just been imported.
    pub fn world(&self) -> World {
        let store = MemoryStore::new();
        for batch in &self.batches {
            assert_eq!(store.commit_now(batch), Commit::Applied);
        }
        World::with(engine(), Arc::new(store), Clock::new(2, NOW))
    }
}

/// Prints what became of each table.
pub fn print(name: &str, report: &Report) {
    for table in &report.tables {
        println!(
            "{name}: {}: {} read, {} imported, {} changed, {} unchanged, {} expired, {} ended, refused {:?}",
            table.table,
            table.read,
            table.imported,
            table.changed,
            table.unchanged,
            table.expired,
            table.ended,
            table.refused
        );
    }
}
