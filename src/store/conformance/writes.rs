//! Expectations, atomicity, appends, conflicts.

use super::kit::{
    COLOUR, FAR, Probe, Verdict, append, append_with, batch, check, ensure, entry, ids, key, put, put_with,
    same, scan,
};
use crate::store::port::{Answer, Commit, Entries, Expect, MAX_WRITES, Query, Rev, Store, Write};

/// A put over nothing creates a record that is read back as it was written.
pub async fn put_creates(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    probe.absent("a").await?;
    let write = put_with("a", Expect::Absent, b"one", Entries::Keep, Some(FAR));
    let rev = probe.apply(vec![write]).await?;
    let record = probe.need("a").await?;
    same("key", &record.key, &key("a"))?;
    same("revision", &record.rev, &rev)?;
    same("body", &record.body, &b"one".to_vec())?;
    same("expiry", &record.expires_at, &Some(FAR))
}

/// A put over a record needs its revision; nothing else will do.
pub async fn put_needs_the_revision(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let first = probe.apply(vec![put("a", Expect::Absent, b"one")]).await?;
    probe.refuse(vec![put("a", Expect::Absent, b"no")]).await?;
    probe
        .refuse(vec![put("a", Expect::At(probe.rev()), b"no")])
        .await?;
    probe.refuse(vec![put("b", Expect::At(first), b"no")]).await?;
    probe.absent("b").await?;
    same("body", &probe.need("a").await?.body, &b"one".to_vec())?;
    let second = probe.apply(vec![put("a", Expect::At(first), b"two")]).await?;
    let stale = probe.refuse(vec![put("a", Expect::At(first), b"no")]).await?;
    same("number of conflicts", &stale.len(), &1)?;
    let record = probe.need("a").await?;
    same("revision", &record.rev, &second)?;
    same("body", &record.body, &b"two".to_vec())
}

/// Revisions are compared byte by byte, whatever the bytes.
pub async fn revisions_are_opaque(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let mut expect = Expect::Absent;
    let text = *b"0123456789abcdef";
    let zero_inside = *b"ab\0cdefghijklm\0\0";
    for bytes in [[0; 16], [255; 16], text, zero_inside, [0x80; 16]] {
        let rev = Rev(bytes);
        let outcome = probe.commit(&batch(rev, vec![put("a", expect, b"x")])).await?;
        same("outcome", &outcome, &Commit::Applied)?;
        same("revision", &probe.need("a").await?.rev, &rev)?;
        let mut near = bytes;
        if let Some(last) = near.last_mut() {
            *last ^= 1;
        }
        probe.refuse(vec![put("a", Expect::At(Rev(near)), b"y")]).await?;
        expect = Expect::At(rev);
    }
    Ok(())
}

/// A check requires a state and changes nothing, not even the revision.
pub async fn checks_only_look(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let rev = probe.apply(vec![put("a", Expect::Absent, b"one")]).await?;
    let right = || vec![check("a", Expect::At(rev)), check("b", Expect::Absent)];
    let outcome = probe.commit(&batch(probe.rev(), right())).await?;
    same("outcome of checks alone", &outcome, &Commit::Applied)?;
    let mut writes = right();
    writes.push(put("c", Expect::Absent, b"three"));
    probe.apply(writes).await?;
    same("revision after a check", &probe.need("a").await?.rev, &rev)?;
    probe.absent("b").await?;
    for wrong in [
        check("a", Expect::Absent),
        check("a", Expect::At(probe.rev())),
        check("b", Expect::At(rev)),
    ] {
        probe.refuse(vec![wrong.clone()]).await?;
        probe.refuse(vec![wrong, put("d", Expect::Absent, b"no")]).await?;
        probe.absent("d").await?;
    }
    Ok(())
}

/// One write that does not fit undoes all the others, with their index entries.
pub async fn refused_batches_leave_nothing(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let entries = || vec![entry(COLOUR, b"red", 1)];
    let rev = probe
        .apply(vec![put_with(
            "m",
            Expect::Absent,
            b"old",
            Entries::Set(entries()),
            Some(FAR),
        )])
        .await?;
    // The offender first, in the middle and last, of each kind.
    for id in ["0", "n", "z"] {
        for offender in [put(id, Expect::At(rev), b"x"), check(id, Expect::At(rev))] {
            let blue = || vec![entry(COLOUR, b"blue", 7)];
            probe
                .refuse(vec![
                    offender,
                    append_with("b", b"new", blue(), None),
                    put_with("m", Expect::At(rev), b"new", Entries::Set(blue()), None),
                    put_with("p", Expect::Absent, b"new", Entries::Set(blue()), None),
                    append_with("y", b"new", blue(), None),
                ])
                .await?;
            for untouched in ["b", "p", "y", id] {
                probe.absent(untouched).await?;
            }
            let record = probe.need("m").await?;
            same("revision", &record.rev, &rev)?;
            same("body", &record.body, &b"old".to_vec())?;
            same("expiry", &record.expires_at, &Some(FAR))?;
            let none: Vec<&str> = Vec::new();
            same(
                "entries of a refused batch",
                &ids(&probe.scan(scan(COLOUR, b"blue")).await?),
                &none,
            )?;
            same(
                "entries before",
                &ids(&probe.scan(scan(COLOUR, b"red")).await?),
                &vec!["m"],
            )?;
        }
    }
    Ok(())
}

/// An append inserts once and never again.
pub async fn appends_insert_once(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let first = probe
        .apply(vec![append_with(
            "a",
            b"one",
            vec![entry(COLOUR, b"red", 1)],
            None,
        )])
        .await?;
    let again = probe
        .refuse(vec![append_with(
            "a",
            b"two",
            vec![entry(COLOUR, b"blue", 1)],
            Some(FAR),
        )])
        .await?;
    same("number of conflicts", &again.len(), &1)?;
    let record = probe.need("a").await?;
    same("revision", &record.rev, &first)?;
    same("body", &record.body, &b"one".to_vec())?;
    same("expiry", &record.expires_at, &None)?;
    ensure!(
        probe.scan(scan(COLOUR, b"blue")).await?.records.is_empty(),
        "a refused append left an entry"
    );
    same(
        "entry",
        &ids(&probe.scan(scan(COLOUR, b"red")).await?),
        &vec!["a"],
    )?;
    // Puts and appends share one space of keys.
    probe.apply(vec![put("b", Expect::Absent, b"put")]).await?;
    probe.refuse(vec![append("b", b"no")]).await?;
    probe.refuse(vec![put("a", Expect::Absent, b"no")]).await?;
    same("body", &probe.need("b").await?.body, &b"put".to_vec())
}

/// A conflict lists every key that does not fit, with its record as it is, and no other key.
pub async fn conflicts_list_current_records(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let a = probe
        .apply(vec![
            put("a", Expect::Absent, b"aa"),
            put("b", Expect::Absent, b"bb"),
        ])
        .await?;
    let b = probe
        .apply(vec![put_with(
            "b",
            Expect::At(a),
            b"b2",
            Entries::Keep,
            Some(FAR),
        )])
        .await?;
    let c = probe.apply(vec![append("c", b"cc")]).await?;
    let current = probe
        .refuse(vec![
            put("a", Expect::At(a), b"fits"),
            put("b", Expect::At(a), b"stale"),
            append("c", b"exists"),
            check("d", Expect::At(a)),
            check("e", Expect::Absent),
            put("f", Expect::Absent, b"fits"),
        ])
        .await?;
    let seen: Vec<_> = current.iter().map(|(key, _)| key.id.as_str()).collect();
    same("keys in conflict", &seen, &vec!["b", "c", "d"])?;
    for ((listed, record), rev) in current.iter().zip([Some(b), Some(c), None]) {
        same(
            "revision in a conflict",
            &record.as_ref().map(|record| record.rev),
            &rev,
        )?;
        let stored = probe.get_key(listed.clone()).await?;
        same("record in a conflict", record, &stored)?;
    }
    Ok(())
}

/// The same batch sent twice is refused the second time, over its own append: how the engine finds
/// out after a lost answer.
pub async fn resent_batches_recognise_themselves(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let before = probe.apply(vec![put("a", Expect::Absent, b"one")]).await?;
    let rev = probe.rev();
    let sent = batch(
        rev,
        vec![put("a", Expect::At(before), b"two"), append("z", b"receipt")],
    );
    same("first outcome", &probe.commit(&sent).await?, &Commit::Applied)?;
    // Even after somebody has overwritten the put.
    let after = probe.apply(vec![put("a", Expect::At(rev), b"three")]).await?;
    for _ in 0..3 {
        match probe.commit(&sent).await? {
            Commit::Applied => return Err("a batch was applied twice".into()),
            Commit::Conflict(current) => {
                let receipt = current.iter().find(|(listed, _)| *listed == key("z"));
                let seen = receipt
                    .and_then(|(_, record)| record.as_ref())
                    .map(|record| record.rev);
                same("revision of the append in the conflict", &seen, &Some(rev))?;
            }
        }
    }
    same("receipt", &probe.need("z").await?.rev, &rev)?;
    same("revision", &probe.need("a").await?.rev, &after)
}

/// `Keep` leaves the index entries, `Set` replaces them.
pub async fn entries_keep_or_set(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let set = |list: &[(&[u8], u64)]| {
        Entries::Set(
            list.iter()
                .map(|(value, sort)| entry(COLOUR, value, *sort))
                .collect(),
        )
    };
    let mut expect = Expect::Absent;
    let steps: [(Entries, [usize; 3]); 7] = [
        (Entries::Keep, [0, 0, 0]),
        (set(&[(b"red", 1), (b"blue", 1)]), [1, 1, 0]),
        (Entries::Keep, [1, 1, 0]),
        (set(&[(b"blue", 2), (b"green", 1)]), [0, 1, 1]),
        (set(&[(b"blue", 1), (b"blue", 2), (b"blue", 2)]), [0, 2, 0]),
        (set(&[]), [0, 0, 0]),
        (Entries::Keep, [0, 0, 0]),
    ];
    for (step, (entries, counts)) in steps.into_iter().enumerate() {
        let body = format!("body {step}");
        let write = put_with("a", expect, body.as_bytes(), entries, None);
        expect = Expect::At(probe.apply(vec![write]).await?);
        let values: [&[u8]; 3] = [b"red", b"blue", b"green"];
        for (value, count) in values.into_iter().zip(counts) {
            let page = probe.scan(scan(COLOUR, value)).await?;
            same(&format!("entries after step {step}"), &page.records.len(), &count)?;
            for record in page.records {
                same("body behind an entry", &record.body, &body.clone().into_bytes())?;
            }
        }
    }
    Ok(())
}

/// The largest batch is applied whole, and refused whole over its last write.
pub async fn big_batches_are_whole(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let name = |number: usize| format!("{number:04}");
    let red = || vec![entry(COLOUR, b"red", 1)];
    let all = |expect: Expect| -> Vec<Write> {
        (0..MAX_WRITES)
            .map(|number| put_with(&name(number), expect, b"x", Entries::Set(red()), None))
            .collect()
    };
    probe
        .apply(vec![put(&name(MAX_WRITES - 1), Expect::Absent, b"in the way")])
        .await?;
    same("conflicts", &probe.refuse(all(Expect::Absent)).await?.len(), &1)?;
    ensure!(
        probe.scan(scan(COLOUR, b"red")).await?.records.is_empty(),
        "a part of a refused batch remains"
    );
    let fits = all(Expect::Absent).into_iter().take(MAX_WRITES - 1).collect();
    let rev = probe.apply(fits).await?;
    same(
        "records",
        &probe.walk(scan(COLOUR, b"red")).await?.len(),
        &(MAX_WRITES - 1),
    )?;
    let stale = probe.refuse(all(Expect::Absent)).await?;
    same("conflicts", &stale.len(), &MAX_WRITES)?;
    let queries: Vec<_> = (0..MAX_WRITES - 1)
        .map(|number| Query::Get(key(&name(number))))
        .collect();
    for answer in probe.read(&queries).await? {
        let Answer::Record(Some(record)) = answer else {
            return Err(format!("{answer:?} where a record was written"));
        };
        same("revision", &record.rev, &rev)?;
    }
    Ok(())
}
