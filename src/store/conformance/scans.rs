//! Order, equality, ranges, pages.

use super::kit::{
    COLOUR, OTHERS, Probe, SHAPE, Verdict, append_with, cursor, ensure, entry, ids, key, put_with, same, scan,
};
use crate::store::port::{Entries, Expect, IndexEntry, Key, MAX_PAGE, Scan, Store, Write};

fn reversed(ids: &[&str]) -> Vec<String> {
    ids.iter().rev().map(|id| (*id).to_owned()).collect()
}

fn owned(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

fn backwards(scan: &Scan) -> Scan {
    Scan {
        newest_first: true,
        ..scan.clone()
    }
}

async fn fill(probe: &Probe<'_>, records: &[(&str, &[IndexEntry])]) -> Verdict {
    let writes = records.iter().enumerate().map(|(number, (id, entries))| {
        if number % 2 == 0 {
            put_with(
                id,
                Expect::Absent,
                id.as_bytes(),
                Entries::Set(entries.to_vec()),
                None,
            )
        } else {
            append_with(id, id.as_bytes(), entries.to_vec(), None)
        }
    });
    probe.apply(writes.collect()).await.map(drop)
}

/// By `sort` as an unsigned number, then by id; the other way round when newest first.
pub async fn scans_are_ordered(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let at = |sort| [entry(COLOUR, b"red", sort)];
    let high = 1 << 63;
    fill(
        &probe,
        &[
            ("m", &at(256)),
            ("z", &at(0)),
            ("b", &at(1)),
            ("a", &at(u64::MAX)),
            ("y", &at(high)),
            ("k", &at(1)),
            ("B", &at(1)),
            ("x", &at(high - 1)),
            ("c", &at(255)),
            ("d", &at(u64::MAX - 1)),
        ],
    )
    .await?;
    let order = ["z", "B", "b", "k", "c", "m", "x", "y", "d", "a"];
    for limit in [1, 2, 3, 9, 10, 11, MAX_PAGE] {
        let forward = Scan {
            limit,
            ..scan(COLOUR, b"red")
        };
        same(
            &format!("oldest first, pages of {limit}"),
            &probe.walk(forward.clone()).await?,
            &owned(&order),
        )?;
        let newest = probe.walk(backwards(&forward)).await?;
        same(
            &format!("newest first, pages of {limit}"),
            &newest,
            &reversed(&order),
        )?;
    }
    let page = probe.scan(scan(COLOUR, b"red")).await?;
    for record in &page.records {
        let stored = probe.need(&record.key.id).await?;
        same("record of a scan", record, &stored)?;
    }
    Ok(())
}

/// Only entries with exactly the value asked for.
pub async fn values_are_exact(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let values: [&[u8]; 12] = [
        b"",
        b"\0",
        b"\0\0",
        b"a",
        b"A",
        b"a\0",
        b"a ",
        b"ab",
        b"\xff",
        b"\xff\xff",
        b"%",
        b"a%",
    ];
    for (number, value) in values.iter().enumerate() {
        fill(&probe, &[(&format!("id{number}"), &[entry(COLOUR, value, 3)])]).await?;
    }
    for (number, value) in values.iter().enumerate() {
        let found = probe.walk(scan(COLOUR, value)).await?;
        same(
            &format!("records under {value:?}"),
            &found,
            &vec![format!("id{number}")],
        )?;
        let none = probe.walk(scan(SHAPE, value)).await?;
        ensure!(none.is_empty(), "{value:?} shows up in another index");
    }
    ensure!(
        probe.walk(scan(COLOUR, b"b")).await?.is_empty(),
        "a value nobody has is found"
    );
    let long = [7; 1_000];
    fill(&probe, &[("long", &[entry(COLOUR, &long, 1)])]).await?;
    same(
        "records under a long value",
        &probe.walk(scan(COLOUR, &long)).await?,
        &owned(&["long"]),
    )
}

/// Both ends of a range belong to it.
pub async fn ranges_include_both_ends(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let at = |sort| [entry(COLOUR, b"red", sort)];
    fill(
        &probe,
        &[
            ("a", &at(0)),
            ("b", &at(5)),
            ("c", &at(5)),
            ("d", &at(9)),
            ("e", &at(u64::MAX)),
        ],
    )
    .await?;
    let cases: [(u64, u64, &[&str]); 11] = [
        (0, u64::MAX, &["a", "b", "c", "d", "e"]),
        (0, 0, &["a"]),
        (1, 4, &[]),
        (5, 5, &["b", "c"]),
        (4, 6, &["b", "c"]),
        (5, 9, &["b", "c", "d"]),
        (6, 8, &[]),
        (9, 5, &[]),
        (10, u64::MAX, &["e"]),
        (u64::MAX, u64::MAX, &["e"]),
        (10, u64::MAX - 1, &[]),
    ];
    for (from, to, want) in cases {
        for limit in [1, 2, 100] {
            let range = Scan {
                from,
                to,
                limit,
                ..scan(COLOUR, b"red")
            };
            let what = format!("{from} to {to} in pages of {limit}");
            same(&what, &probe.walk(range.clone()).await?, &owned(want))?;
            same(&what, &probe.walk(backwards(&range)).await?, &reversed(want))?;
        }
    }
    Ok(())
}

/// A full page says where to continue, the last page does not.
pub async fn pages_end(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let at = |sort| [entry(COLOUR, b"red", sort)];
    fill(
        &probe,
        &[("a", &at(1)), ("b", &at(2)), ("c", &at(3)), ("d", &at(4))],
    )
    .await?;
    for (limit, want) in [(1, Some((1, "a"))), (3, Some((3, "c"))), (4, None), (5, None)] {
        let page = probe
            .scan(Scan {
                limit,
                ..scan(COLOUR, b"red")
            })
            .await?;
        let next = want.map(|(sort, id)| cursor(sort, id));
        same(&format!("cursor after a page of {limit}"), &page.next, &next)?;
    }
    let empty = probe.scan(scan(COLOUR, b"none")).await?;
    same("cursor of nothing", &empty.next, &None)?;
    let last = probe
        .scan(Scan {
            limit: 2,
            after: Some(cursor(2, "b")),
            ..scan(COLOUR, b"red")
        })
        .await?;
    same("last page", &ids(&last), &vec!["c", "d"])?;
    same("cursor of the last page", &last.next, &None)?;
    let newest = probe
        .scan(Scan {
            limit: 3,
            newest_first: true,
            ..scan(COLOUR, b"red")
        })
        .await?;
    same("newest page", &ids(&newest), &vec!["d", "c", "b"])?;
    same("its cursor", &newest.next, &Some(cursor(2, "b")))
}

/// A cursor is a place, not a record: it holds when its entry vanishes and when others are added.
pub async fn cursors_are_places(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let at = |sort| [entry(COLOUR, b"red", sort)];
    fill(
        &probe,
        &[("a", &at(10)), ("c", &at(20)), ("e", &at(20)), ("g", &at(30))],
    )
    .await?;
    let rest = |newest_first| Scan {
        newest_first,
        after: Some(cursor(20, "c")),
        limit: 1,
        ..scan(COLOUR, b"red")
    };
    same("after c", &probe.walk(rest(false)).await?, &owned(&["e", "g"]))?;
    same("before c", &probe.walk(rest(true)).await?, &owned(&["a"]))?;
    let rev = probe.need("c").await?.rev;
    let moved = put_with("c", Expect::At(rev), b"c", Entries::Set(Vec::new()), None);
    let rev = probe.apply(vec![moved]).await?;
    same(
        "after c has left",
        &probe.walk(rest(false)).await?,
        &owned(&["e", "g"]),
    )?;
    same(
        "before c has left",
        &probe.walk(rest(true)).await?,
        &owned(&["a"]),
    )?;
    fill(
        &probe,
        &[("b", &at(20)), ("d", &at(20)), ("f", &at(25)), ("h", &at(5))],
    )
    .await?;
    same(
        "with others",
        &probe.walk(rest(false)).await?,
        &owned(&["d", "e", "f", "g"]),
    )?;
    same(
        "with others",
        &probe.walk(rest(true)).await?,
        &owned(&["b", "a", "h"]),
    )?;
    let back = put_with("c", Expect::At(rev), b"c", Entries::Set(at(27).to_vec()), None);
    probe.apply(vec![back]).await?;
    same(
        "with c again",
        &probe.walk(rest(false)).await?,
        &owned(&["d", "e", "f", "c", "g"]),
    )?;
    // A cursor outside the range neither hides nor adds anything.
    let outside = |sort, newest_first| Scan {
        from: 20,
        to: 25,
        newest_first,
        after: Some(cursor(sort, "zz")),
        ..scan(COLOUR, b"red")
    };
    let inside = ["b", "d", "e", "f"];
    same(
        "cursor below",
        &probe.walk(outside(1, false)).await?,
        &owned(&inside),
    )?;
    same(
        "cursor above",
        &probe.walk(outside(99, true)).await?,
        &reversed(&inside),
    )?;
    ensure!(
        probe.walk(outside(99, false)).await?.is_empty(),
        "a cursor above the range goes on"
    );
    ensure!(
        probe.walk(outside(1, true)).await?.is_empty(),
        "a cursor below the range goes on"
    );
    Ok(())
}

/// A record may have several entries, also under one value.
pub async fn records_may_have_several_entries(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let both = [
        entry(COLOUR, b"red", 1),
        entry(COLOUR, b"blue", 2),
        entry(SHAPE, b"red", 3),
    ];
    let twice = [entry(COLOUR, b"red", 0), entry(COLOUR, b"red", 5)];
    fill(&probe, &[("a", &both), ("b", &twice)]).await?;
    for limit in [1, 2, 3, 100] {
        let red = Scan {
            limit,
            ..scan(COLOUR, b"red")
        };
        same("red", &probe.walk(red.clone()).await?, &owned(&["b", "a", "b"]))?;
        same(
            "red, backwards",
            &probe.walk(backwards(&red)).await?,
            &owned(&["b", "a", "b"]),
        )?;
    }
    same("blue", &probe.walk(scan(COLOUR, b"blue")).await?, &owned(&["a"]))?;
    same(
        "red shape",
        &probe.walk(scan(SHAPE, b"red")).await?,
        &owned(&["a"]),
    )
}

/// The same index name in two collections is two indexes.
pub async fn indexes_belong_to_collections(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    fill(&probe, &[("a", &[entry(COLOUR, b"red", 1)])]).await?;
    let other = Write::Append {
        key: Key::new(OTHERS, "b"),
        body: b"b".to_vec(),
        entries: vec![entry(COLOUR, b"red", 1)],
        expires_at: None,
    };
    probe.apply(vec![other]).await?;
    same("things", &probe.walk(scan(COLOUR, b"red")).await?, &owned(&["a"]))?;
    let page = probe
        .scan(Scan {
            collection: OTHERS,
            ..scan(COLOUR, b"red")
        })
        .await?;
    let keys: Vec<_> = page.records.into_iter().map(|record| record.key).collect();
    same("others", &keys, &vec![Key::new(OTHERS, "b")])
}

/// A scan shows the records as they are now, at their place of now.
pub async fn scans_follow_updates(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    fill(
        &probe,
        &[
            ("a", &[entry(COLOUR, b"red", 1)]),
            ("b", &[entry(COLOUR, b"red", 2)]),
        ],
    )
    .await?;
    let rev = probe.need("a").await?.rev;
    let kept = put_with("a", Expect::At(rev), b"new", Entries::Keep, Some(super::kit::FAR));
    let rev = probe.apply(vec![kept]).await?;
    let page = probe.scan(scan(COLOUR, b"red")).await?;
    same("order", &ids(&page), &vec!["a", "b"])?;
    same(
        "record",
        &page.records.into_iter().next(),
        &probe.get_key(key("a")).await?,
    )?;
    let moved = Entries::Set(vec![entry(COLOUR, b"red", 3)]);
    probe
        .apply(vec![put_with("a", Expect::At(rev), b"newer", moved, None)])
        .await?;
    same(
        "order",
        &probe.walk(scan(COLOUR, b"red")).await?,
        &owned(&["b", "a"]),
    )
}

/// The largest page holds as many records as it may.
pub async fn the_largest_page_is_served(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let total = u64::from(MAX_PAGE) + 5;
    let all: Vec<u64> = (0..total).collect();
    for part in all.chunks(500) {
        let writes = part.iter().map(|number| {
            append_with(
                &format!("{number:05}"),
                b"x",
                vec![entry(COLOUR, b"red", *number)],
                None,
            )
        });
        probe.apply(writes.collect()).await?;
    }
    let page = probe.scan(scan(COLOUR, b"red")).await?;
    same(
        "records",
        &page.records.len(),
        &usize::try_from(MAX_PAGE).unwrap_or(0),
    )?;
    let mut rest = scan(COLOUR, b"red");
    rest.after = page.next;
    same("the rest", &probe.scan(rest).await?.records.len(), &5)
}
