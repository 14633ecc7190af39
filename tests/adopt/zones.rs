//! An old server that wrote local time.

use countersign::adopt::{Folder, Table, Zone};
use countersign::store::MemoryStore;

use super::back::export_in;
use super::rig::{DATABASES, folder, import, old_key};
use super::tables::{Copy, same};

/// Writes every moment of a table five and a half hours later.
fn later(copy: &Copy, table: &str) -> usize {
    let mut moved = 0;
    copy.change(table, |table| {
        let columns: Vec<usize> = (0..table.columns.len())
            .filter(|at| table.columns[*at].starts_with("timestamp_"))
            .collect();
        for row in &mut table.rows {
            for at in &columns {
                if let Some(text) = &mut row[*at] {
                    let moment: jiff::civil::DateTime = text.parse().unwrap();
                    let moment = moment + jiff::SignedDuration::from_mins(330);
                    *text = moment.strftime("%Y-%m-%d %H:%M:%S%.f").to_string();
                    moved += 1;
                }
            }
        }
    });
    moved
}

#[test]
fn local_time_is_read_and_written_as_such() {
    for name in DATABASES {
        let Some(old) = folder(name) else { return };
        let copy = Copy::of(&old, &format!("zone-{name}"));
        let moved: usize = Table::ALL.iter().map(|table| later(&copy, table.name())).sum();
        let zone: Zone = "+05:30".parse().unwrap();
        let [universal, local, again] = [MemoryStore::new(), MemoryStore::new(), MemoryStore::new()];
        import(&universal, &mut Folder::new(&old), old_key(&old), 1);
        let mut source = Folder::new(&copy.0).in_zone(zone.clone());
        let (_, refusals) = import(&local, &mut source, old_key(&old), 2);
        assert_eq!(refusals.0, []);
        let records = same(&universal, &local);
        println!("{name}: {moved} moments, {records} records equal");
        assert!(moved > 800, "{moved}");
        // And the way back.
        let (back, _) = export_in(&local, &old, &format!("zone-back-{name}"), zone.clone());
        std::fs::copy(
            copy.0.join("pa_unique_value.csv"),
            back.0.join("pa_unique_value.csv"),
        )
        .unwrap();
        let (_, refusals) = import(&again, &mut Folder::new(&back.0).in_zone(zone), old_key(&old), 3);
        assert_eq!(refusals.0, []);
        same(&universal, &again);
    }
}
