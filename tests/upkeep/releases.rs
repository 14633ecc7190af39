//! Records as earlier releases wrote them, in `releases/`, served by the code of today: a town with all kinds of records, and
//! the requests that succeed in it.
//!
//! `COUNTERSIGN_FREEZE=1 cargo test --all-features --test upkeep releases` writes the file of the version in `Cargo.toml`;
//! once that version is released its file never changes again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use countersign::crypto::encoding::base64;
use countersign::engine::audit;
use countersign::model::{COLLECTIONS, INDEXES};
use countersign::store::{
    Answer as Got, Batch, Collection, Commit, Entries, Expect, Fut, Host, IndexEntry, Key, MemoryStore,
    Query, Rev, Store, StoreError, Write,
};
use pollster::block_on;
use serde_json::{Value, json};

use crate::support::{Ask, Clock, Town, World, engine};

/// Collections that no request of the town writes to. Two of them have a frozen body in `src/model` (`inbox`, `push_message`).
const WITHOUT: &[&str] = &[
    "adoption",
    "inbox_seen",
    "push_message",
    "temporary_key",
    "resealing",
];

/// What a record consists of beside its key.
struct Row {
    body: Vec<u8>,
    entries: Vec<IndexEntry>,
    expires_at: Option<u64>,
}

/// A store that remembers the index entries, which no store gives back.
#[derive(Default)]
struct Recorder {
    store: MemoryStore,
    rows: Mutex<BTreeMap<Key, Row>>,
}

impl Recorder {
    fn note(&self, batch: &Batch) {
        let mut rows = self.rows.lock().unwrap();
        for write in &batch.writes {
            let (key, body, entries, expires_at) = match write {
                Write::Put {
                    key,
                    body,
                    entries,
                    expires_at,
                    ..
                } => (key, body, entries.clone(), expires_at),
                Write::Append {
                    key,
                    body,
                    entries,
                    expires_at,
                } => (key, body, Entries::Set(entries.clone()), expires_at),
                Write::Check { .. } => continue,
            };
            let entries = match entries {
                Entries::Set(entries) => entries,
                Entries::Keep => rows.remove(key).map(|it| it.entries).unwrap_or_default(),
            };
            let row = Row {
                body: body.clone(),
                entries,
                expires_at: *expires_at,
            };
            rows.insert(key.clone(), row);
        }
    }

    fn json(&self) -> Vec<Value> {
        let rows = self.rows.lock().unwrap();
        let entry = |it: &IndexEntry| json!([it.index.0, base64::encode(&it.value), it.sort]);
        rows.iter()
            .map(|(key, row)| {
                json!({
                    "collection": key.collection.0,
                    "id": key.id,
                    "body": base64::encode(&row.body),
                    "entries": row.entries.iter().map(entry).collect::<Vec<_>>(),
                    "expires": row.expires_at,
                })
            })
            .collect()
    }
}

impl Store for Recorder {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Got>, StoreError>> {
        self.store.read(queries)
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async {
            let outcome = self.store.commit(batch).await?;
            if outcome == Commit::Applied {
                self.note(batch);
            }
            Ok(outcome)
        })
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upkeep/releases")
}

/// The town, its requests, and everything that stands there after them: one line each.
fn freeze(path: &Path) {
    let town = Town::build();
    let before = Recorder::default();
    town.fill(&before);
    let before = before.json();
    let store = Arc::new(Recorder::default());
    town.fill(&*store);
    let world = World::with(engine(), Arc::clone(&store) as Arc<dyn Store>, town.clock());
    for ask in &town.asks {
        world.ask(ask);
    }
    let asks = town.asks.iter().map(|ask| {
        json!({
            "method": ask.method,
            "path": ask.path,
            "headers": ask.headers,
            "body": base64::encode(&ask.body),
        })
    });
    let mut text = json!({ "now": town.clock().now() }).to_string();
    for (kind, values) in [("town", before), ("ask", asks.collect()), ("later", store.json())] {
        for value in values {
            text.push('\n');
            text.push_str(&json!({ kind: value }).to_string());
        }
    }
    text.push('\n');
    std::fs::create_dir_all(folder()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// What one release has left.
struct Release {
    now: u64,
    town: Vec<Value>,
    asks: Vec<Ask>,
    later: Vec<Value>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn bytes(value: &Value) -> Vec<u8> {
    base64::decode(value.as_str().unwrap()).unwrap()
}

impl Release {
    fn read(path: &Path) -> Self {
        let file = std::fs::read_to_string(path).unwrap();
        let mut lines = file
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let now = lines.next().unwrap()["now"].as_u64().unwrap();
        let (mut town, mut asks, mut later) = (Vec::new(), Vec::new(), Vec::new());
        for line in lines {
            let (kind, value) = line.as_object().unwrap().iter().next().unwrap();
            match kind.as_str() {
                "town" => town.push(value.clone()),
                "later" => later.push(value.clone()),
                "ask" => asks.push(Ask {
                    method: text(&value["method"]),
                    path: text(&value["path"]),
                    headers: serde_json::from_value::<Vec<(String, String)>>(value["headers"].clone())
                        .unwrap()
                        .into_iter()
                        .map(|(name, value)| (&*name.leak(), value))
                        .collect(),
                    body: bytes(&value["body"]),
                }),
                other => panic!("{other}"),
            }
        }
        Self {
            now,
            town,
            asks,
            later,
        }
    }
}

/// The records in a store, as they were.
fn filled(records: &[Value]) -> MemoryStore {
    let store = MemoryStore::new();
    for (number, record) in records.iter().enumerate() {
        let name = text(&record["collection"]);
        let collection = COLLECTIONS.iter().find(|it| it.0 == name).unwrap();
        let entries = record["entries"].as_array().unwrap().iter().map(|entry| {
            let name = text(&entry[0]);
            IndexEntry {
                index: *INDEXES.iter().find(|it| it.0 == name).unwrap(),
                value: bytes(&entry[1]),
                sort: entry[2].as_u64().unwrap(),
            }
        });
        let write = Write::Put {
            key: Key::new(*collection, text(&record["id"])),
            expect: Expect::Absent,
            body: bytes(&record["body"]),
            entries: Entries::Set(entries.collect()),
            expires_at: record["expires"].as_u64(),
        };
        let batch = Batch {
            rev: Rev((number as u128 + 1).to_be_bytes()),
            writes: vec![write],
        };
        assert_eq!(store.commit_now(&batch), Commit::Applied);
    }
    store
}

fn collections(records: &[Value]) -> BTreeSet<String> {
    records.iter().map(|it| text(&it["collection"])).collect()
}

#[test]
fn what_earlier_releases_wrote_is_served() {
    let own = folder().join(concat!(env!("CARGO_PKG_VERSION"), ".jsonl"));
    if std::env::var_os("COUNTERSIGN_FREEZE").is_some() {
        freeze(&own);
    }
    assert!(own.exists(), "this release has not been frozen");
    for file in std::fs::read_dir(folder()).unwrap() {
        let path = file.unwrap().path();
        let release = Release::read(&path);
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let ask = |store: MemoryStore, ask: &Ask| {
            World::with(engine(), Arc::new(store), Clock::new(77, release.now)).ask(ask)
        };
        for request in &release.asks {
            let answer = ask(filled(&release.town), request);
            assert_eq!(
                answer.status,
                200,
                "{name}: {} {}: {}",
                request.method,
                request.path,
                String::from_utf8_lossy(&answer.body)
            );
        }
        for records in [&release.town, &release.later] {
            let report = block_on(audit::verify(&filled(records))).unwrap();
            assert!(report.findings.is_empty(), "{name}: {:?}", report.findings);
        }
        // A request that did its work leaves what can still be listed.
        let lists = release.asks.iter().filter(|it| it.path.ends_with("/list"));
        let mut listed = 0;
        for request in lists {
            let answer = ask(filled(&release.later), request);
            assert!(matches!(answer.status, 200 | 401), "{name}: {}", request.path);
            listed += usize::from(answer.status == 200);
        }
        println!(
            "{name}: {} and {} records, {} requests, {listed} lists",
            release.town.len(),
            release.later.len(),
            release.asks.len()
        );
    }
    let release = Release::read(&own);
    let frozen = collections(&release.later);
    let missing: Vec<&str> = COLLECTIONS
        .iter()
        .map(|Collection(name)| *name)
        .filter(|name| !frozen.contains(*name))
        .collect();
    assert_eq!(missing, WITHOUT, "kinds of records that are not frozen");
}

/// The check sees a body that is no longer read.
#[test]
fn a_record_that_cannot_be_read_is_seen() {
    let own = folder().join(concat!(env!("CARGO_PKG_VERSION"), ".jsonl"));
    let mut release = Release::read(&own);
    for record in &mut release.town {
        let mut body = bytes(&record["body"]);
        body[0] = 0xff;
        record["body"] = json!(base64::encode(&body));
    }
    let world = World::with(
        engine(),
        Arc::new(filled(&release.town)),
        Clock::new(77, release.now),
    );
    let refused = release.asks.iter().filter(|it| world.ask(it).status != 200);
    assert!(refused.count() > release.asks.len() / 2);
}
