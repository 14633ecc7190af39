//! Commits at the same time: in one executor, and from threads.

use super::kit::{
    COLOUR, Probe, Verdict, append, append_with, batch, check, ensure, entry, key, put, put_with, same, scan,
    together,
};
use crate::store::port::{Batch, Commit, Entries, Expect, Fut, Rev, Store};

fn body_number(body: &[u8]) -> Result<u64, String> {
    let bytes = <[u8; 8]>::try_from(body).map_err(|_| format!("{body:?} is not a number"))?;
    Ok(u64::from_be_bytes(bytes))
}

/// Of many commits at the same time over one revision, exactly one is applied; the others learn the
/// record of the winner.
pub async fn one_put_wins(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let mut expect = Expect::Absent;
    for round in 0..5 {
        let batches: Vec<Batch> = (0..16)
            .map(|number: u8| batch(probe.rev(), vec![put("a", expect, &[round, number])]))
            .collect();
        let outcomes = together(batches.iter().map(|batch| store.commit(batch)).collect()).await;
        let record = probe.need("a").await?;
        let mut winners = 0;
        for (batch, outcome) in batches.iter().zip(outcomes) {
            match outcome.map_err(|error| error.to_string())? {
                Commit::Applied => {
                    winners += 1;
                    same("revision of the winner", &record.rev, &batch.rev)?;
                }
                Commit::Conflict(current) => {
                    let want = vec![(key("a"), Some(record.clone()))];
                    same("conflict of a loser", &current, &want)?;
                }
            }
        }
        same("winners", &winners, &1)?;
        expect = Expect::At(record.rev);
    }
    Ok(())
}

/// Of many appends at the same time under one id, exactly one is applied.
pub async fn one_append_wins(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let batches: Vec<Batch> = (0..16)
        .map(|number: u8| {
            let own = append_with(
                &format!("own {number:02}"),
                b"x",
                vec![entry(COLOUR, b"red", 1)],
                None,
            );
            batch(probe.rev(), vec![append("claim", &[number]), own])
        })
        .collect();
    let outcomes = together(batches.iter().map(|batch| store.commit(batch)).collect()).await;
    let applied = outcomes
        .iter()
        .filter(|outcome| **outcome == Ok(Commit::Applied))
        .count();
    same("winners", &applied, &1)?;
    same(
        "records of the winner",
        &probe.walk(scan(COLOUR, b"red")).await?.len(),
        &1,
    )
}

/// Commits over different records do not disturb each other.
pub async fn strangers_all_win(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    probe.apply(vec![put("shared", Expect::Absent, b"x")]).await?;
    let shared = probe.need("shared").await?.rev;
    let batches: Vec<Batch> = (0..300)
        .map(|number| {
            let own = put(&format!("{number:03}"), Expect::Absent, b"x");
            batch(probe.rev(), vec![own, check("shared", Expect::At(shared))])
        })
        .collect();
    let outcomes = together(batches.iter().map(|batch| store.commit(batch)).collect()).await;
    for (batch, outcome) in batches.iter().zip(outcomes) {
        same("outcome", &outcome, &Ok(Commit::Applied))?;
        for write in batch.writes.iter().filter(|write| write.key().id != "shared") {
            let rev = probe.get_key(write.key().clone()).await?.map(|record| record.rev);
            same("revision", &rev, &Some(batch.rev))?;
        }
    }
    Ok(())
}

/// Two decisions that each read what the other writes: not both.
pub async fn skewed_writes_exclude_each_other(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    for round in 0..8 {
        let (left, right) = (format!("left {round}"), format!("right {round}"));
        let rev = probe
            .apply(vec![
                put(&left, Expect::Absent, b"on"),
                put(&right, Expect::Absent, b"on"),
            ])
            .await?;
        let at = Expect::At(rev);
        let first = batch(probe.rev(), vec![put(&left, at, b"off"), check(&right, at)]);
        let second = batch(probe.rev(), vec![put(&right, at, b"off"), check(&left, at)]);
        let outcomes = together(vec![store.commit(&first), store.commit(&second)]).await;
        let applied = outcomes
            .iter()
            .filter(|outcome| **outcome == Ok(Commit::Applied))
            .count();
        same("applied", &applied, &1)?;
    }
    Ok(())
}

/// Batches over the same many keys, all at once: every one is answered, and what is left is the work
/// of one of them.
pub async fn overlapping_batches_end(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let name = |number: u64| format!("{number:02}");
    let first = probe
        .apply((0..20).map(|n| put(&name(n), Expect::Absent, b"x")).collect())
        .await?;
    let batches: Vec<Batch> = (0..12)
        .map(|start| {
            let writes = (0..20).map(|n| {
                let expect = Expect::At(first);
                if (n + start) % 3 == 0 {
                    check(&name(n), expect)
                } else {
                    put(&name(n), expect, b"y")
                }
            });
            batch(probe.rev(), writes.collect())
        })
        .collect();
    let outcomes = together(batches.iter().map(|batch| store.commit(batch)).collect()).await;
    let mut winners = Vec::new();
    for (batch, outcome) in batches.iter().zip(outcomes) {
        if outcome.map_err(|error| error.to_string())? == Commit::Applied {
            winners.push(batch);
        }
    }
    same("winners", &winners.len(), &1)?;
    for batch in winners {
        for write in &batch.writes {
            let rev = probe.get_key(write.key().clone()).await?.map(|record| record.rev);
            let checked = matches!(write, crate::store::port::Write::Check { .. });
            same("revision", &rev, &Some(if checked { first } else { batch.rev }))?;
        }
    }
    Ok(())
}

async fn add_one(store: &dyn Store, id: &str, mint: &(dyn Fn() -> Rev + Sync)) -> Result<u64, String> {
    let probe = Probe::new(store);
    let (mut conflicts, mut current) = (0_u64, probe.get(id).await?);
    loop {
        let (value, expect) = match &current {
            None => (0, Expect::Absent),
            Some(record) => (body_number(&record.body)?, Expect::At(record.rev)),
        };
        let rev = mint();
        let next = (value + 1).to_be_bytes();
        let counted = Entries::Set(vec![entry(COLOUR, id.as_bytes(), value + 1)]);
        let line = append_with(
            &format!("{id} {value}"),
            &next,
            vec![entry(COLOUR, b"lines", value)],
            None,
        );
        let sent = batch(rev, vec![put_with(id, expect, &next, counted, None), line]);
        match probe.commit(&sent).await? {
            Commit::Applied => return Ok(conflicts),
            Commit::Conflict(list) => {
                conflicts += 1;
                ensure!(conflicts < 10_000, "a caller never wins");
                let seen = list.into_iter().find(|(listed, _)| listed.id == id);
                current = match seen {
                    Some((_, record)) => record,
                    // Only the line was in the way: somebody else counted in between.
                    None => probe.get(id).await?,
                };
            }
        }
    }
}

async fn counted(store: &dyn Store, total: u64) -> Verdict {
    let probe = Probe::new(store);
    same(
        "counter",
        &body_number(&probe.need("counter").await?.body)?,
        &total,
    )?;
    let lines = probe.walk(scan(COLOUR, b"lines")).await?.len();
    same("lines", &u64::try_from(lines).unwrap_or(0), &total)?;
    same("entries", &probe.walk(scan(COLOUR, b"counter")).await?.len(), &1)
}

/// Increments at the same time, each tried again after a conflict, all count.
pub async fn increments_all_count(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let mint = || probe.rev();
    let callers: Vec<Fut<'_, Result<u64, String>>> = (0..12)
        .map(|_| -> Fut<'_, Result<u64, String>> { Box::pin(add_one(store, "counter", &mint)) })
        .collect();
    for outcome in together(callers).await {
        outcome?;
    }
    counted(store, 12).await
}

/// As [`increments_all_count`], from threads. Blocks the calling thread.
#[cfg(not(target_family = "wasm"))]
pub fn increments_from_threads_all_count(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let mint = || probe.rev();
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    (0..10).try_for_each(|_| super::wait(add_one(store, "counter", &mint)).map(drop))
                })
            })
            .collect();
        for caller in callers {
            caller.join().map_err(|_| "a caller panicked".to_owned())??;
        }
        Ok::<_, String>(())
    })?;
    super::wait(counted(store, 80))
}
