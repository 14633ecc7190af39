//! What may vanish, and when.

use super::kit::{COLOUR, FAR, Probe, Verdict, append_with, check, ensure, entry, ids, put_with, same, scan};
use crate::store::port::{Entries, Expect, Store};

fn red() -> Vec<crate::store::port::IndexEntry> {
    vec![entry(COLOUR, b"red", 1)]
}

/// Purging takes what expired before the moment given, and nothing else. Implementing it is optional.
pub async fn nothing_vanishes_early(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    for (id, expires_at) in [
        ("before", Some(FAR - 1)),
        ("exactly", Some(FAR)),
        ("after", Some(FAR + 1)),
        ("last", Some(u64::MAX)),
        ("never", None),
    ] {
        let write = put_with(id, Expect::Absent, b"x", Entries::Set(red()), expires_at);
        let also = append_with(&format!("{id} append"), b"x", red(), expires_at);
        probe.apply(vec![write, also]).await?;
    }
    same("dropped early", &probe.purge(FAR - 1, 100).await?, &0)?;
    same("dropped early", &probe.purge(0, 100).await?, &0)?;
    same("records", &probe.walk(scan(COLOUR, b"red")).await?.len(), &10)?;
    let dropped = probe.purge(FAR, 100).await?;
    ensure!(
        dropped == 0 || dropped == 2,
        "{dropped} dropped where two expired"
    );
    let mut kept = 0;
    for id in ["exactly", "after", "last", "never"] {
        probe.need(id).await?;
        probe.need(&format!("{id} append")).await?;
        kept += 2;
    }
    if dropped > 0 {
        probe.absent("before").await?;
        probe.absent("before append").await?;
        same("records", &probe.walk(scan(COLOUR, b"red")).await?.len(), &kept)?;
    }
    let all = probe.purge(u64::MAX, 100).await?;
    ensure!(all == 0 || all == 4, "{all} dropped where four expired");
    probe.need("never").await?;
    probe.need("last").await?;
    probe.need("never append").await.map(drop)
}

/// A purge drops at most what it was allowed to, oldest or not, and the next one continues.
pub async fn purges_are_bounded(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let writes = (0..50).map(|number| append_with(&format!("{number:02}"), b"x", red(), Some(FAR + number)));
    probe.apply(writes.collect()).await?;
    same("dropped with limit 0", &probe.purge(u64::MAX, 0).await?, &0)?;
    let mut left = 50;
    for limit in [1, 7, 0, 30, 100, 100] {
        let dropped = probe.purge(FAR + 1_000, limit).await?;
        left -= usize::try_from(dropped).unwrap_or(usize::MAX).min(left);
        same(
            "records left",
            &probe.walk(scan(COLOUR, b"red")).await?.len(),
            &left,
        )?;
    }
    ensure!(left == 0 || left == 50, "{left} of 50 records are never purged");
    Ok(())
}

/// A put decides anew when its record expires.
pub async fn puts_move_the_expiry(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    for (id, before, after) in [
        ("later", Some(FAR), Some(FAR + 100)),
        ("never", Some(FAR), None),
        ("same", Some(FAR + 100), Some(FAR + 100)),
    ] {
        for entries in [Entries::Keep, Entries::Set(red())] {
            let id = format!("{id} {}", entries == Entries::Keep);
            let write = put_with(&id, Expect::Absent, b"x", Entries::Set(red()), before);
            let rev = probe.apply(vec![write]).await?;
            let write = put_with(&id, Expect::At(rev), b"y", entries, after);
            probe.apply(vec![write]).await?;
            same("expiry", &probe.need(&id).await?.expires_at, &after)?;
        }
    }
    same("dropped", &probe.purge(FAR + 50, 100).await?, &0)?;
    same("records", &probe.walk(scan(COLOUR, b"red")).await?.len(), &6)?;
    let write = put_with("sooner", Expect::Absent, b"x", Entries::Set(red()), None);
    let rev = probe.apply(vec![write]).await?;
    let write = put_with("sooner", Expect::At(rev), b"x", Entries::Keep, Some(FAR));
    probe.apply(vec![write]).await?;
    let dropped = probe.purge(FAR + 50, 100).await?;
    ensure!(dropped <= 1, "{dropped} dropped where one expired");
    let left = probe.walk(scan(COLOUR, b"red")).await?.len();
    same("records left", &left, &if dropped == 1 { 6 } else { 7 })
}

/// What was dropped is absent: for reads, scans, expectations and new records.
pub async fn dropped_records_are_absent(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let old = probe
        .apply(vec![
            put_with("a", Expect::Absent, b"old", Entries::Set(red()), Some(FAR)),
            append_with("b", b"old", red(), Some(FAR)),
        ])
        .await?;
    if probe.purge(FAR + 1, 100).await? == 0 {
        return Ok(());
    }
    probe.absent("a").await?;
    probe.absent("b").await?;
    ensure!(
        probe.scan(scan(COLOUR, b"red")).await?.records.is_empty(),
        "an entry outlives its record"
    );
    let gone = probe.refuse(vec![check("a", Expect::At(old))]).await?;
    same(
        "record in the conflict",
        &gone.into_iter().next().map(|(_, record)| record),
        &Some(None),
    )?;
    probe
        .apply(vec![
            put_with("a", Expect::Absent, b"new", Entries::Keep, None),
            append_with("b", b"new", Vec::new(), None),
        ])
        .await?;
    let none: Vec<&str> = Vec::new();
    same(
        "entries of the records before",
        &ids(&probe.scan(scan(COLOUR, b"red")).await?),
        &none,
    )?;
    same("dropped", &probe.purge(u64::MAX, 100).await?, &0)?;
    same("body", &probe.need("b").await?.body, &b"new".to_vec())
}
