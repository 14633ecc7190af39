//! What must hold even when calls fail: for stores that inject faults, and for real ones while
//! somebody pulls the plug.

use super::kit::{Probe, Verdict, append, batch, ensure, key, put};
use crate::store::port::{Answer, Commit, Expect, Query, Record, Store, StoreError};
use crate::store::simulated::Chance;

const ACCOUNTS: usize = 6;
const EACH: u64 = 100;
const PATIENCE: usize = 1_000;

/// What became of the commits of [`atomic_under_faults`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Answered as applied.
    pub applied: usize,
    /// Answered as a conflict.
    pub conflicts: usize,
    /// Answered as certainly not applied.
    pub not_applied: usize,
    /// Lost, and found to be applied later.
    pub unknown_applied: usize,
    /// Lost, and not found at the end.
    pub unknown_absent: usize,
    /// Reads that failed.
    pub failed_reads: usize,
}

async fn read(
    store: &dyn Store,
    queries: &[Query],
    tally: &mut Tally,
) -> Result<Vec<Option<Record>>, String> {
    for _ in 0..PATIENCE {
        match store.read(queries).await {
            Ok(answers) => {
                let records = answers.into_iter().map(|answer| match answer {
                    Answer::Record(record) => Ok(record),
                    Answer::Page(_) => Err("a get was answered with a page".to_owned()),
                });
                return records.collect();
            }
            Err(_) => tally.failed_reads += 1,
        }
    }
    Err("reads always fail".into())
}

fn balance(record: &Record) -> Result<u64, String> {
    let bytes = record.body.get(..8).and_then(|head| head.try_into().ok());
    bytes
        .map(u64::from_be_bytes)
        .ok_or_else(|| "an account has a strange body".to_owned())
}

/// Moves money between accounts, one caller, whatever the store answers: the sum never changes, an
/// applied batch is there, a refused one is not, and a lost one is there whole or not at all.
pub async fn atomic_under_faults(store: &dyn Store, seed: u64, transfers: u32) -> Result<Tally, String> {
    let probe = Probe::new(store);
    let (mut chance, mut tally) = (Chance::new(seed), Tally::default());
    let accounts: Vec<String> = (0..ACCOUNTS).map(|number| format!("account {number}")).collect();
    let all: Vec<Query> = accounts.iter().map(|id| Query::Get(key(id))).collect();
    let open = accounts
        .iter()
        .map(|id| put(id, Expect::Absent, &EACH.to_be_bytes()));
    let open = batch(probe.rev(), open.collect());
    for attempt in 0.. {
        let _ = store.commit(&open).await;
        if read(store, &all, &mut tally).await?.iter().all(Option::is_some) {
            break;
        }
        ensure!(attempt < PATIENCE, "the accounts are never opened");
    }
    let mut outcomes = Vec::new();
    for number in 0..transfers {
        let records = read(store, &all, &mut tally).await?;
        let records: Vec<Record> = records.into_iter().flatten().collect();
        sound(&records)?;
        let from = chance.index(ACCOUNTS);
        let to = (from + 1 + chance.index(ACCOUNTS - 1)) % ACCOUNTS;
        let (Some(from), Some(to)) = (records.get(from), records.get(to)) else {
            return Err("an account is missing".into());
        };
        let amount = chance.below(balance(from)? + 1);
        let receipt = format!("receipt {number}");
        let sent = batch(
            probe.rev(),
            vec![
                put(
                    &from.key.id,
                    Expect::At(from.rev),
                    &(balance(from)? - amount).to_be_bytes(),
                ),
                put(
                    &to.key.id,
                    Expect::At(to.rev),
                    &(balance(to)? + amount).to_be_bytes(),
                ),
                append(&receipt, b"moved"),
            ],
        );
        let outcome = store.commit(&sent).await;
        outcomes.push((receipt, sent.rev, outcome));
    }
    let records = read(store, &all, &mut tally).await?;
    sound(&records.into_iter().flatten().collect::<Vec<_>>())?;
    for (receipt, rev, outcome) in outcomes {
        let found = read(store, &[Query::Get(key(&receipt))], &mut tally)
            .await?
            .into_iter()
            .flatten()
            .next();
        let there = found.is_some();
        ensure!(
            found.is_none_or(|record| record.rev == rev),
            "{receipt} belongs to another batch"
        );
        match outcome {
            Ok(Commit::Applied) => {
                ensure!(there, "{receipt} was applied and is gone");
                tally.applied += 1;
            }
            // Delivered twice: the second copy is refused by the first.
            Ok(Commit::Conflict(list)) => {
                let own = list
                    .iter()
                    .any(|(_, record)| record.as_ref().is_some_and(|r| r.rev == rev));
                ensure!(
                    there == own,
                    "{receipt}: the conflict says {own}, the store says {there}"
                );
                tally.conflicts += 1;
            }
            Err(StoreError::NotApplied(_)) => {
                ensure!(!there, "{receipt} was not applied and is there");
                tally.not_applied += 1;
            }
            Err(StoreError::Unknown(_)) if there => tally.unknown_applied += 1,
            Err(StoreError::Unknown(_)) => tally.unknown_absent += 1,
        }
    }
    Ok(tally)
}

fn sound(records: &[Record]) -> Verdict {
    let mut sum = 0;
    for record in records {
        sum += balance(record)?;
    }
    let expected = EACH * u64::try_from(ACCOUNTS).unwrap_or(0);
    ensure!(sum == expected, "the accounts hold {sum} instead of {expected}");
    Ok(())
}
