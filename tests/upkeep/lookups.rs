//! Lists and lookups among 100,000 activations: how many records are read depends on the answer, not on
//! how many there are. (That the database finds them along an index is shown in `src/store/sqlite/rows.rs`
//! and `src/store/postgres`.)

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use countersign::model::activation::{ACTIVATION, Activation};
use countersign::store::{
    Answer as Got, Batch, Commit, Entity, Entries, Expect, Fut, Key, Query, Rev, SqliteStore, Store,
    StoreError, Write,
};
use pollster::block_on;
use serde_json::{Value, json};

use crate::support::{Town, World, engine};

const MANY: usize = 100_000;
const FEW: usize = 1_000;
/// Activations of the user who has the most.
const OF_ONE: usize = 450;

/// Counts what it hands over.
struct Counted {
    store: SqliteStore,
    records: AtomicU64,
    pages: AtomicU64,
}

impl Store for Counted {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Got>, StoreError>> {
        Box::pin(async move {
            let answers = self.store.read(queries).await?;
            for answer in &answers {
                let count = match answer {
                    Got::Record(record) => usize::from(record.is_some()),
                    Got::Page(page) => {
                        self.pages.fetch_add(1, Ordering::Relaxed);
                        page.records.len()
                    }
                };
                self.records
                    .fetch_add(u64::try_from(count).unwrap(), Ordering::Relaxed);
            }
            Ok(answers)
        })
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        self.store.commit(batch)
    }
}

/// The activation with another id, user and time.
fn another(original: &Activation, number: usize) -> Activation {
    let user = if number < OF_ONE {
        "crowd".to_owned()
    } else {
        format!("customer-{}", number / 3)
    };
    let moment = u64::try_from(number).unwrap();
    Activation {
        id: format!("00000000-0000-4000-8000-{number:012}"),
        user,
        created: original.created + moment,
        last_used: original.last_used + moment,
        ..original.clone()
    }
}

/// A bank with so many activations, its world, and what it counts.
fn bank(folder: &std::path::Path, many: usize) -> (World, Arc<Counted>) {
    let town = Town::build();
    let store = SqliteStore::open(folder.join(format!("{many}.sqlite"))).unwrap();
    town.fill(&store);
    let key = Key::new(ACTIVATION, town.phone().id());
    let answer = block_on(store.read(&[Query::Get(key)])).unwrap().pop();
    let Some(Got::Record(Some(record))) = answer else {
        panic!("{answer:?}")
    };
    let original = Activation::decode(&record.body).unwrap();
    let numbers: Vec<usize> = (0..many).collect();
    for (part, numbers) in numbers.chunks(500).enumerate() {
        let write = |number: &usize| {
            let activation = another(&original, *number);
            Write::Put {
                key: Key::new(ACTIVATION, activation.id.clone()),
                expect: Expect::Absent,
                body: activation.encode(),
                entries: Entries::Set(activation.entries()),
                expires_at: None,
            }
        };
        let batch = Batch {
            rev: Rev(u128::try_from(part + 1).unwrap().to_be_bytes()),
            writes: numbers.iter().map(write).collect(),
        };
        assert_eq!(block_on(store.commit(&batch)), Ok(Commit::Applied));
    }
    let counted = Arc::new(Counted {
        store,
        records: AtomicU64::new(0),
        pages: AtomicU64::new(0),
    });
    (World::with(engine(), counted.clone(), town.clock()), counted)
}

/// Records and pages read for an answer with so many items.
fn cost(world: &World, counted: &Counted, path: &str, object: &Value) -> (usize, u64, u64) {
    counted.records.store(0, Ordering::Relaxed);
    counted.pages.store(0, Ordering::Relaxed);
    let answer = world.rest(path, object).ok();
    let items = answer["activations"].as_array().map_or(1, Vec::len);
    (
        items,
        counted.records.load(Ordering::Relaxed),
        counted.pages.load(Ordering::Relaxed),
    )
}

#[test]
fn reads_what_it_shows_however_many_there_are() {
    let folder = std::env::temp_dir().join(format!("countersign-lookups-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let started = Instant::now();
    let (few, few_counted) = bank(&folder, FEW);
    let (many, many_counted) = bank(&folder, MANY);
    println!(
        "{FEW} and {MANY} activations stored in {:.1} s",
        started.elapsed().as_secs_f64()
    );
    let page = |number: usize| json!({ "userId": "crowd", "applicationId": "bank", "pageNumber": number, "pageSize": 50 });
    let mut cases = vec![
        (
            "/activation/list",
            json!({ "userId": "customer-300", "applicationId": "bank" }),
        ),
        (
            "/activation/list",
            json!({ "userId": "nobody", "applicationId": "bank" }),
        ),
        (
            "/activation/lookup",
            json!({ "userIds": ["customer-300", "customer-310", "nobody"] }),
        ),
        (
            "/activation/lookup",
            json!({ "userIds": ["customer-300"], "applicationIds": ["bank"], "activationStatus": "ACTIVE" }),
        ),
        (
            "/activation/flags/list",
            json!({ "activationId": format!("00000000-0000-4000-8000-{:012}", 900) }),
        ),
    ];
    cases.extend((0..10).map(|number| ("/activation/list", page(number))));
    for (path, object) in &cases {
        let small = cost(&few, &few_counted, path, object);
        let begun = Instant::now();
        let large = cost(&many, &many_counted, path, object);
        let took = begun.elapsed().as_secs_f64() * 1_000.0;
        println!(
            "{path} {object}: {} items, {} records in {} pages, {took:.2} ms",
            large.0, large.1, large.2
        );
        assert_eq!(small, large, "{path} {object}: depends on how many there are");
    }
    // A page by number costs itself and the pages before it.
    for number in 0..9 {
        let (items, records, _) = cost(&many, &many_counted, "/activation/list", &page(number));
        assert_eq!(items, 50);
        let before = u64::try_from(50 * number).unwrap();
        assert_eq!(records, before + 50, "page {number}");
    }
    drop((few, few_counted, many, many_counted));
    std::fs::remove_dir_all(&folder).unwrap();
}
