//! The way back: exported again, everything is as it was; with new counters where phones went on.

use std::path::PathBuf;

use countersign::adopt::export::{Exported, Exporter};
use countersign::adopt::{Folder, Table, Zone};
use countersign::store::{MemoryStore, Store};
use serde_json::json;

use super::rig::{DATABASES, NOW, folder, import, json as file, old_key};
use super::support::{Ask, Clock, World, activation, engine};
use super::tables::{Copy, same};

/// The way back of `store`, into a folder of its own.
pub fn export(store: &dyn Store, old: &PathBuf, name: &str) -> (Copy, Exported) {
    export_in(store, old, name, Zone::default())
}

/// The same, with moments in `zone`.
pub fn export_in(store: &dyn Store, old: &PathBuf, name: &str, zone: Zone) -> (Copy, Exported) {
    let copy = Copy(std::env::temp_dir().join(format!("cs-adopt-{}-{name}", std::process::id())));
    let _ = std::fs::remove_dir_all(&copy.0);
    std::fs::create_dir_all(&copy.0).unwrap();
    let (engine, host) = (engine(), Clock::new(8, NOW));
    let exporter = Exporter {
        engine: &engine,
        store,
        host: &host,
        old_key: old_key(old),
        folder: copy.0.clone(),
        zone,
    };
    let exported = pollster::block_on(exporter.run(&mut Folder::new(old))).unwrap();
    (copy, exported)
}

#[test]
fn exported_and_imported_again_everything_is_equal() {
    for name in DATABASES {
        let Some(old) = folder(name) else { return };
        let store = MemoryStore::new();
        let (first, _) = import(&store, &mut Folder::new(&old), old_key(&old), 1);
        let (copy, exported) = export(&store, &old, &format!("back-{name}"));
        assert_eq!(exported.left_out, []);
        let again = MemoryStore::new();
        // Values that were seen are not part of the way back: the old server keeps them for a minute.
        std::fs::copy(
            old.join("pa_unique_value.csv"),
            copy.0.join("pa_unique_value.csv"),
        )
        .unwrap();
        let (second, refusals) = import(&again, &mut Folder::new(&copy.0), old_key(&old), 3);
        assert_eq!(refusals.0, []);
        let records = same(&store, &again);
        for table in Table::ALL {
            let read = |report: &countersign::adopt::Report| report.table(table).unwrap().read;
            assert_eq!(read(&first), read(&second), "{}", table.name());
        }
        println!("{name}: {records} records equal, {:?}", exported.rows);
    }
}

#[test]
fn counters_go_back_as_they_are_now() {
    let Some(old) = folder("encrypted") else { return };
    let checks = file(&old, "checks.json");
    let store = std::sync::Arc::new(MemoryStore::new());
    import(&*store, &mut Folder::new(&old), old_key(&old), 1);
    let world = World::with(engine(), store.clone(), Clock::new(9, NOW));
    let mut used = Vec::new();
    for entry in checks["phones"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["category"] == "active")
    {
        for step in entry["steps"].as_array().unwrap() {
            let path = step["path"].as_str().unwrap();
            world.ask(&Ask::rest(
                path.strip_prefix("/rest/v3").unwrap(),
                &step["request"],
            ));
        }
        used.push(entry["activationId"].as_str().unwrap().to_owned());
    }
    world
        .rest("/application/create", &json!({ "applicationId": "made here" }))
        .ok();
    let (copy, exported) = export(&*store, &old, "counters");
    let again = MemoryStore::new();
    let (_, refusals) = import(&again, &mut Folder::new(&copy.0), old_key(&old), 3);
    assert_eq!(refusals.0, []);
    for id in &used {
        let (now, back) = (activation(&*store, id), activation(&again, id));
        assert_eq!(
            (
                now.counter,
                &now.counter_data,
                now.status,
                now.failed_attempts,
                now.last_used
            ),
            (
                back.counter,
                &back.counter_data,
                back.status,
                back.failed_attempts,
                back.last_used
            )
        );
    }
    println!(
        "{} phones were used, their counters went back; left out: {:?}",
        used.len(),
        exported.left_out
    );
    assert!(used.len() >= 5);
}
