//! Later runs take what changed; interrupted ones go on.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use countersign::adopt::{Adopter, Folder, Reason, Report, Silent, Table};
use countersign::engine::audit;
use countersign::store::lane::Lanes;
use countersign::store::simulated::Chance;
use countersign::store::{
    Answer, Batch, Collection, Commit, Fut, MemoryStore, Query, Record, Store, StoreError,
};

use super::rig::{NOW, folder, import, old_key};
use super::support::{Clock, World, engine};
use super::tables::{Copy, same};

/// The database as it may have been a while before.
fn earlier(of: &std::path::Path) -> Copy {
    let copy = Copy::of(of, "earlier");
    copy.change("pa_activation", |table| {
        for row in 0..table.rows.len() {
            if table.get(row, "activation_status") == "3" && row % 3 == 0 {
                table.set(row, "counter", Some("0"));
                table.set(row, "ctr_data", Some("AAAAAAAAAAAAAAAAAAAAAA=="));
                table.set(row, "flags", Some("[\"EARLIER\"]"));
                table.set(row, "timestamp_last_used", Some("2026-11-21 21:00:00"));
            }
        }
        // Key exchanged since, and made since.
        let active = (0..table.rows.len()).find(|row| table.get(*row, "activation_status") == "3");
        let active = active.unwrap();
        table.set(active, "activation_status", Some("1"));
        for column in ["device_public_key_base64", "ctr_data", "version"] {
            table.set(active, column, None);
        }
        table.rows.remove(40);
    });
    copy.change("pa_operation", |table| {
        for row in (0..table.rows.len()).step_by(2) {
            table.set(row, "status", Some("1"));
            table.set(row, "timestamp_finalized", None);
        }
    });
    copy.change("pa_recovery_code", |table| table.set(2, "status", Some("1")));
    copy.change("pa_recovery_puk", |table| table.rows.truncate(20));
    copy.change("pa_application", |table| table.set(0, "roles", Some("[]")));
    copy.change("pa_application_version", |table| {
        table.set(3, "supported", Some("t"))
    });
    copy.change("pa_application_callback", |table| {
        table.set(0, "authentication", None)
    });
    copy.change("pa_operation_template", |table| {
        table.set(1, "max_failure_count", Some("9"))
    });
    for journal in ["pa_activation_history", "pa_signature_audit"] {
        copy.change(journal, |table| {
            // The last ones, and one in between that was written late.
            table.rows.truncate(150);
            table.rows.remove(70);
        });
    }
    copy.change("pa_token", |table| {
        let mut removed = table.rows[0].clone();
        removed[0] = Some("20000000-0000-4000-8000-000000000000".to_owned());
        table.rows.push(removed);
    });
    copy
}

#[test]
fn a_later_run_takes_what_changed() {
    for name in ["plain", "encrypted"] {
        let Some(now) = folder(name) else { return };
        let before = earlier(&now);
        let store = MemoryStore::new();
        import(&store, &mut Folder::new(&before.0), old_key(&now), 1);
        let (report, refusals) = import(&store, &mut Folder::new(&now), old_key(&now), 2);
        assert_eq!(refusals.0, []);
        let activations = report.table(Table::Activation).unwrap();
        assert_eq!(activations.imported, 1);
        assert!(activations.changed > 10 && activations.unchanged > 30);
        assert_eq!(report.table(Table::Token).unwrap().ended, 1);
        let fresh = MemoryStore::new();
        import(&fresh, &mut Folder::new(&now), old_key(&now), 3);
        // Only its tombstone is left of the removed token.
        let gone = "20000000-0000-4000-8000-000000000000";
        let token = super::support::records::get::<countersign::model::token::Token>(&store, gone).unwrap();
        assert!(token.secret.is_empty() && token.removed_until.is_some());
        let mut both = [super::tables::dump(&store), super::tables::dump(&fresh)];
        both[0].remove(&("token", gone.to_owned())).unwrap();
        for (key, value) in &both[1] {
            assert_eq!(both[0].get(key), Some(value), "{key:?}");
        }
        assert_eq!(both[0].len(), both[1].len());
        let audit = pollster::block_on(audit::verify(&store)).unwrap();
        assert_eq!(audit.findings, []);
        let (third, _) = import(&store, &mut Folder::new(&now), old_key(&now), 4);
        for table in &third.tables {
            assert_eq!(
                (table.imported, table.changed, table.ended),
                (0, 0, 0),
                "{}",
                table.table
            );
        }
        println!(
            "{name}: {} records equal after a second run, which changed {} activations; {} journal entries sound",
            both[1].len(),
            activations.changed,
            audit.entries
        );
    }
}

#[test]
fn what_was_used_here_is_not_overwritten() {
    let Some(now) = folder("plain") else { return };
    let store = std::sync::Arc::new(MemoryStore::new());
    import(&*store, &mut Folder::new(&now), None, 1);
    let world = World::with(engine(), store.clone(), Clock::new(9, NOW));
    let id = "f56d047f-64cb-4ca4-91f6-3c8d1e5d9d55";
    world
        .rest("/activation/block", &serde_json::json!({ "activationId": id }))
        .ok();
    let used = super::support::activation(&*store, id);
    let (report, refusals) = import(&*store, &mut Folder::new(&now), None, 2);
    assert_eq!(refusals.0, [(Table::Activation, id.to_owned(), Reason::UsedHere)]);
    assert_eq!(super::support::activation(&*store, id), used);
    assert_eq!(report.table(Table::Activation).unwrap().unchanged, 68);
}

/// Dies after so many calls, before or after the last one took effect, and stays dead.
struct Mortal<'a> {
    store: &'a MemoryStore,
    left: AtomicI64,
    calls: AtomicU64,
    applies: bool,
}

impl Mortal<'_> {
    fn lives(&self) -> Result<bool, StoreError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        match self.left.fetch_sub(1, Ordering::SeqCst) {
            1.. => Ok(true),
            0 if self.applies => Ok(false),
            _ => Err(StoreError::NotApplied("killed".into())),
        }
    }
}

impl Store for Mortal<'_> {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move {
            self.lives()?;
            self.store.read(queries).await
        })
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move {
            let lives = self.lives()?;
            let done = self.store.commit(batch).await?;
            match lives {
                true => Ok(done),
                false => Err(StoreError::Unknown("killed".into())),
            }
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

/// A run that may die; answers the calls it made.
fn attempt(store: &MemoryStore, from: &std::path::Path, left: i64, seed: u64) -> (Option<Report>, u64) {
    let mortal = Mortal {
        store,
        left: AtomicI64::new(left),
        calls: AtomicU64::new(0),
        applies: seed.is_multiple_of(2),
    };
    let (engine, lanes, host) = (engine(), Lanes::new(), Clock::new(seed, NOW));
    let adopter = Adopter {
        engine: &engine,
        store: &mortal,
        lanes: &lanes,
        host: &host,
        old_key: None,
        rows: 7,
        follows: false,
    };
    let done = pollster::block_on(adopter.run(&mut Folder::new(from), &mut Silent, true));
    (done.ok(), mortal.calls.into_inner())
}

#[test]
fn interrupted_runs_go_on() {
    let Some(plain) = folder("plain") else { return };
    let whole = MemoryStore::new();
    let (_, calls) = attempt(&whole, &plain, i64::MAX, 1);
    let (mut kills, mut finished, mut seed) = (0, 0, 2);
    let mut chance = Chance::new(11);
    while kills < 50 {
        let store = MemoryStore::new();
        loop {
            seed += 1;
            let left = i64::try_from(chance.below(calls / 3)).unwrap();
            match attempt(&store, &plain, left, seed) {
                (Some(_), _) => break,
                (None, _) => kills += 1,
            }
        }
        finished += 1;
        same(&whole, &store);
        let audit = pollster::block_on(audit::verify(&store)).unwrap();
        assert_eq!(audit.findings, []);
    }
    println!("{kills} kills among {calls} calls of the store, {finished} finished, all equal");
}
