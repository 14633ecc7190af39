//! Random batches and scans, compared with the model in memory.

use super::kit::{COLOUR, FAR, OTHERS, Probe, SHAPE, THINGS, Verdict, batch, cursor, entry, same};
use crate::store::memory::MemoryStore;
use crate::store::port::{
    Answer, Batch, Commit, Entries, Expect, IndexEntry, Key, Query, Scan, Store, Write,
};
use crate::store::simulated::Chance;

const IDS: u64 = 7;

fn any_key(chance: &mut Chance) -> Key {
    let collection = if chance.hit(700) { THINGS } else { OTHERS };
    Key::new(collection, format!("id{}", chance.below(IDS)))
}

fn any_entries(chance: &mut Chance) -> Vec<IndexEntry> {
    (0..chance.below(4))
        .map(|_| {
            let index = if chance.hit(700) { COLOUR } else { SHAPE };
            entry(index, &any_value(chance), any_sort(chance))
        })
        .collect()
}

fn any_value(chance: &mut Chance) -> Vec<u8> {
    b"a".repeat(chance.index(3))
}

fn any_sort(chance: &mut Chance) -> u64 {
    match chance.below(8) {
        0 => u64::MAX,
        1 => 1 << 63,
        small => small,
    }
}

fn any_write(chance: &mut Chance, key: Key, model: &MemoryStore, probe: &Probe<'_>) -> Write {
    let known = match model.read_now(&[Query::Get(key.clone())]).pop() {
        Some(Answer::Record(record)) => record,
        _ => None,
    };
    let expect = match known {
        _ if chance.hit(60) => Expect::At(probe.rev()),
        _ if chance.hit(60) => Expect::Absent,
        Some(record) => Expect::At(record.rev),
        None => Expect::Absent,
    };
    let mut body = vec![0; chance.index(40)];
    chance.fill(&mut body);
    let expires_at = chance.hit(300).then(|| FAR + chance.below(5));
    match chance.below(10) {
        0..2 => Write::Check { key, expect },
        2..4 => Write::Append {
            key,
            body,
            entries: any_entries(chance),
            expires_at,
        },
        _ => Write::Put {
            key,
            expect,
            body,
            entries: if chance.hit(300) {
                Entries::Keep
            } else {
                Entries::Set(any_entries(chance))
            },
            expires_at,
        },
    }
}

fn any_batch(chance: &mut Chance, model: &MemoryStore, probe: &Probe<'_>) -> Batch {
    let mut keys: Vec<Key> = (0..=chance.below(5)).map(|_| any_key(chance)).collect();
    keys.sort();
    keys.dedup();
    let writes = keys
        .into_iter()
        .map(|key| any_write(chance, key, model, probe))
        .collect();
    batch(probe.rev(), writes)
}

fn any_query(chance: &mut Chance) -> Query {
    if chance.hit(300) {
        return Query::Get(any_key(chance));
    }
    let after = chance
        .hit(500)
        .then(|| cursor(any_sort(chance), &format!("id{}", chance.below(IDS))));
    Query::Scan(Scan {
        collection: if chance.hit(700) { THINGS } else { OTHERS },
        index: if chance.hit(700) { COLOUR } else { SHAPE },
        value: any_value(chance),
        from: if chance.hit(500) { 0 } else { any_sort(chance) },
        to: if chance.hit(500) {
            u64::MAX
        } else {
            any_sort(chance)
        },
        newest_first: chance.hit(500),
        after,
        limit: 1 + u32::try_from(chance.below(6)).unwrap_or(0),
    })
}

/// Random batches have the outcomes of the model, and random reads its answers.
pub async fn random_histories_agree(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let (model, mut chance) = (MemoryStore::new(), Chance::new(0x5eed));
    let mut applied = 0;
    for step in 0..400 {
        let sent = any_batch(&mut chance, &model, &probe);
        let mut outcome = probe.commit(&sent).await?;
        if let Commit::Conflict(list) = &mut outcome {
            list.sort_by(|a, b| a.0.cmp(&b.0));
        } else {
            applied += 1;
        }
        let expected = model.commit_now(&sent);
        same(&format!("outcome of step {step}"), &outcome, &expected)?;
        let queries: Vec<_> = (0..chance.below(6)).map(|_| any_query(&mut chance)).collect();
        let answers = probe.read(&queries).await?;
        for ((query, answer), expected) in queries.iter().zip(&answers).zip(model.read_now(&queries)) {
            same(
                &format!("answer to {query:?} after step {step}"),
                answer,
                &expected,
            )?;
        }
    }
    super::kit::ensure!(
        (100..400).contains(&applied),
        "only {applied} batches were applied"
    );
    Ok(())
}
