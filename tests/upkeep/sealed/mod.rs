//! Every sealed secret of every kind of record, changed by a bit or moved to another place: nothing opens it (I8).

mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use countersign::engine::rotation::{self, Keeper};
use countersign::model::sealing::ONLY;
use countersign::store::lane::Lanes;
use countersign::store::{
    Answer as Got, Batch, Collection, Commit, Entries, Expect, Fut, Key, MemoryStore, Query, Record, Store,
    StoreError, Write,
};
use pollster::block_on;
use serde_json::Value;

use super::rotation::Node;
use crate::support::keeper::keeper;
use crate::support::{Answer, Ask, World, engine};
use place::{KINDS, Place, Sealed, all_sealed, find, flipped, kind, moved};

fn counted(counts: &BTreeMap<&'static str, usize>) -> String {
    let all: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    all.join(", ")
}

/// How many records the engine cannot read when it seals all anew.
fn unreadable(store: Arc<dyn Store>, place: &Place) -> u64 {
    let node = Node::start(store, place.town.clock(), Arc::new(keeper()), 1).unwrap();
    node.rotate()["unreadable"].as_u64().unwrap()
}

#[test]
fn what_was_changed_or_moved_is_not_opened() {
    let place = Place::build();
    let all = all_sealed(&place.store.records());
    let mut kinds: BTreeMap<_, usize> = BTreeMap::new();
    for sealed in &all {
        *kinds.entry(kind(sealed, &all)).or_default() += 1;
    }
    // Every kind there is, twice at least; the engine seals each of them anew, so it knows its place.
    assert_eq!(
        kinds.keys().copied().collect::<BTreeSet<_>>(),
        KINDS.iter().copied().collect()
    );
    assert!(kinds.values().all(|count| *count >= 2), "{kinds:?}");
    assert_eq!(unreadable(Arc::new(place.store.clone()), &place), 0);

    let mut refused = BTreeMap::new();
    for sealed in &all {
        let mut changes = flipped(&place.store, sealed);
        let moves = moved(&place.store, sealed, &all);
        assert!(!moves.is_empty(), "{sealed:?} has nothing to be exchanged with");
        changes.extend(moves);
        for (name, bodies) in changes {
            let rows = bodies.len();
            let count = unreadable(place.with(bodies), &place);
            assert_eq!(count, u64::try_from(rows).unwrap(), "{sealed:?}: {name}");
            *refused.entry(name).or_default() += 1;
        }
    }
    println!(
        "{} sealed secrets of {} kinds, refused: {}",
        all.len(),
        kinds.len(),
        counted(&refused)
    );
}

/// Remembers which records were read.
struct Watched {
    store: Arc<MemoryStore>,
    seen: Mutex<BTreeSet<Key>>,
}

impl Store for Watched {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Got>, StoreError>> {
        Box::pin(async move {
            let answers = self.store.read_now(queries);
            let mut seen = self.seen.lock().unwrap();
            for answer in &answers {
                match answer {
                    Got::Record(record) => seen.extend(record.iter().map(|it| it.key.clone())),
                    Got::Page(page) => seen.extend(page.records.iter().map(|it| it.key.clone())),
                }
            }
            Ok(answers)
        })
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move { Ok(self.store.commit_now(batch)) })
    }

    fn walk<'a>(
        &'a self,
        collection: Collection,
        after: Option<&'a str>,
        limit: u32,
    ) -> Fut<'a, Result<Vec<Record>, StoreError>> {
        Box::pin(async move { Ok(self.store.walk_now(collection, after, limit)) })
    }
}

fn answer(place: &Place, store: Arc<dyn Store>, ask: &Ask) -> Answer {
    World::with(engine(), store, place.town.clock()).ask(ask)
}

/// What uses a secret that was changed ends in an error; what does not, answers as before.
#[test]
fn no_request_believes_it() {
    let place = Place::build();
    let all = all_sealed(&place.store.records());
    let (mut runs, mut untouched) = (0, 0);
    let mut noticed: BTreeMap<&'static str, usize> = BTreeMap::new();
    for ask in place.asks() {
        let watched = Arc::new(Watched {
            store: Arc::new(place.store.clone()),
            seen: Mutex::default(),
        });
        let before = answer(&place, watched.clone(), ask);
        assert_eq!(
            before.status,
            200,
            "{:?}: {}",
            ask.row(),
            String::from_utf8_lossy(&before.body)
        );
        let seen = watched.seen.lock().unwrap().clone();
        for sealed in all.iter().filter(|it| seen.contains(&it.key)) {
            let flips = flipped(&place.store, sealed).into_iter().skip(3).take(1);
            for (name, bodies) in flips.chain(moved(&place.store, sealed, &all).into_iter().take(1)) {
                let after = answer(&place, place.with(bodies), ask);
                runs += 1;
                if after == before {
                    untouched += 1;
                    continue;
                }
                let text = String::from_utf8_lossy(&after.body).into_owned();
                let refused = after.status >= 400 || is_noise(ask, &before, &after);
                assert!(refused, "{:?}: {sealed:?} {name}: {text}", ask.row());
                *noticed.entry(kind(sealed, &all).1).or_default() += 1;
            }
        }
    }
    println!(
        "{runs} requests over changed secrets: {untouched} do not need it, refused by secret: {}",
        counted(&noticed)
    );
    // Deliveries use the other ones: what callers and platforms are told with.
    for name in [
        "server_private",
        "keys",
        "master_private",
        "secret",
        "totp_seed",
        "number",
        "puk",
        "private",
    ] {
        assert!(noticed.contains_key(name), "no request uses {name}: {noticed:?}");
    }
}

/// The status of an activation is noise where it cannot be told.
fn is_noise(_: &Ask, before: &Answer, after: &Answer) -> bool {
    let blob = |answer: &Answer| answer.object()["encryptedStatusBlob"].clone();
    blob(before) != Value::Null && blob(before) != blob(after)
}

/// The sealing keys themselves, which the keeper wraps: a start is refused.
#[test]
fn wrapped_keys_are_not_opened_either() {
    let place = Place::build();
    let records = place.store.records();
    let keys = records
        .iter()
        .find(|it| it.key.id == ONLY && !find(&it.body, 9).is_empty())
        .unwrap();
    let wrapped: Vec<Sealed> = find(&keys.body, 9)
        .into_iter()
        .map(|at| Sealed {
            key: keys.key.clone(),
            at,
        })
        .collect();
    assert_eq!(wrapped.len(), 2);
    let mut refused = BTreeMap::new();
    for one in &wrapped {
        let changes = flipped(&place.store, one);
        for (name, bodies) in changes.into_iter().chain(moved(&place.store, one, &wrapped)) {
            let store = place.with(bodies);
            let keeper: Arc<dyn Keeper> = Arc::new(keeper());
            let opened = block_on(rotation::open(
                &*store,
                &Lanes::new(),
                &place.town.clock(),
                &*keeper,
                vec![],
            ));
            assert!(opened.is_err(), "{one:?}: {name}");
            *refused.entry(name).or_default() += 1;
        }
    }
    println!("{} wrapped keys, refused: {}", wrapped.len(), counted(&refused));
}

/// The same behind SQLite's back: rows of the file are changed with SQL.
#[cfg(feature = "sqlite")]
#[test]
fn nor_what_was_changed_in_a_file() {
    use countersign::store::SqliteStore;

    let place = Place::build();
    let records = place.store.records();
    let all = all_sealed(&records);
    let folder = std::env::temp_dir().join(format!("countersign-sealed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (whole, file) = (folder.join("whole.sqlite"), folder.join("bank.sqlite"));
    let store = SqliteStore::open(&whole).unwrap();
    for records in records.chunks(100) {
        let mut writes: Vec<Write> = records
            .iter()
            .map(|record| Write::Put {
                key: record.key.clone(),
                expect: Expect::Absent,
                body: record.body.clone(),
                entries: Entries::Set(Vec::new()),
                expires_at: record.expires_at,
            })
            .collect();
        writes.sort_by(|a, b| a.key().cmp(b.key()));
        let rev = records[0].rev;
        assert_eq!(
            block_on(store.commit(&Batch { rev, writes })).unwrap(),
            Commit::Applied
        );
    }
    store.close();

    let mut refused = BTreeMap::new();
    for sealed in &all {
        let flips = flipped(&place.store, sealed).into_iter().skip(3).take(1);
        for (name, bodies) in flips.chain(moved(&place.store, sealed, &all).into_iter().take(1)) {
            std::fs::copy(&whole, &file).unwrap();
            let rows = bodies.len();
            let connection = rusqlite::Connection::open(&file).unwrap();
            for (key, body) in bodies {
                let sql = "UPDATE record SET body = ?3 WHERE collection = ?1 AND id = ?2";
                let changed = connection
                    .execute(sql, (key.collection.0, &key.id, &body))
                    .unwrap();
                assert_eq!(changed, 1);
            }
            drop(connection);
            let count = unreadable(Arc::new(SqliteStore::open(&file).unwrap()), &place);
            assert_eq!(count, u64::try_from(rows).unwrap(), "{sealed:?}: {name}");
            *refused.entry(name).or_default() += 1;
            for left in ["bank.sqlite-wal", "bank.sqlite-shm"] {
                let _ = std::fs::remove_file(folder.join(left));
            }
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    println!(
        "SQLite: {} sealed secrets, refused: {}",
        all.len(),
        counted(&refused)
    );
}
