//! Rows of activations that nobody uses.

use countersign::model::activation::{ACTIVATION, BY_USER};
use countersign::store::{Batch, Commit, Entries, Expect, IndexEntry, Key, Rev, Write};

use super::LOAD;
use super::stores::Place;
use crate::process::Programs;

/// Rows of one batch.
const PART: u32 = 256;

/// Adds rows from number `from` up to `to`, each as long as a real activation.
pub(super) fn upto(place: &Place, programs: &Programs, from: u32, to: u32) -> Result<(), String> {
    let mut found = sample(place)?;
    if found.is_none() {
        // Nobody has activated a phone yet.
        programs.find(LOAD)?;
        let server = place.server(programs)?;
        place.load(
            programs,
            &server,
            &["--connections", "1", "--phones", "1", "--requests", "1", "status"],
        )?;
        drop(server);
        found = sample(place)?;
    }
    let body = found.ok_or("there is no activation to copy")?;
    let store = place.store()?;
    let mut next = from;
    while next < to {
        let end = next.saturating_add(PART).min(to);
        let mut writes: Vec<Write> = (next..end).map(|number| row(number, &body)).collect();
        writes.sort_by(|a, b| a.key().cmp(b.key()));
        let batch = Batch {
            rev: rev(next),
            writes,
        };
        match pollster::block_on(store.commit(&batch)) {
            Ok(Commit::Applied) => next = end,
            other => return Err(format!("the database cannot be filled: {other:?}")),
        }
    }
    drop(store);
    place.settle();
    Ok(())
}

fn sample(place: &Place) -> Result<Option<Vec<u8>>, String> {
    let store = place.store()?;
    let page = pollster::block_on(store.walk(ACTIVATION, None, 1)).map_err(|error| format!("{error:?}"))?;
    Ok(page.into_iter().next().map(|record| record.body))
}

fn row(number: u32, body: &[u8]) -> Write {
    // Spread like random ids.
    let spread = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Write::Put {
        key: Key::new(ACTIVATION, format!("{spread:016x}-0000-4000-8000-{number:012x}")),
        expect: Expect::Absent,
        body: body.to_vec(),
        entries: Entries::Set(vec![IndexEntry {
            index: BY_USER,
            value: format!("filled-{spread:016x}").into_bytes(),
            sort: u64::from(number),
        }]),
        expires_at: None,
    }
}

fn rev(number: u32) -> Rev {
    Rev((u128::from(number) << 64 | 0x7f11).to_be_bytes())
}
