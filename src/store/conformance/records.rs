//! Records as such: bodies, identifiers, collections, and reads of several at once.

use super::kit::{
    COLOUR, OTHERS, Probe, THINGS, Verdict, append, ensure, entry, key, put, put_with, same, scan,
};
use crate::store::port::{Answer, Entries, Expect, Key, MAX_ID, Query, Store, Write};

/// Bodies of any bytes and of 64 KiB come back as they are.
pub async fn bodies_are_opaque(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let all: Vec<u8> = (0..=255).collect();
    let bodies = [
        Vec::new(),
        vec![0],
        vec![0, 0, 1],
        all.clone(),
        all.repeat(256),
        b"'; --".to_vec(),
    ];
    for (number, body) in bodies.into_iter().enumerate() {
        let (put_id, append_id) = (format!("p{number}"), format!("a{number}"));
        probe
            .apply(vec![
                put(&put_id, Expect::Absent, &body),
                append(&append_id, &body),
            ])
            .await?;
        for id in [put_id, append_id] {
            ensure!(
                probe.need(&id).await?.body == body,
                "a body of {} bytes changed",
                body.len()
            );
        }
    }
    Ok(())
}

/// A collection is listed in the order of its ids, in pages, also what expired. Being able to is optional.
pub async fn walks_list_a_collection(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    if store.walk(THINGS, None, 1).await.is_err() {
        return Ok(());
    }
    let mut wanted: Vec<String> = (0..40).map(|number| format!("{number}")).collect();
    wanted.extend(["a", "A", "ä", "\u{10ffff}", " ", "/", "Z"].map(str::to_owned));
    for id in &wanted {
        let other = Write::Append {
            key: Key::new(OTHERS, format!("{id} other")),
            body: Vec::new(),
            entries: Vec::new(),
            expires_at: None,
        };
        probe
            .apply(vec![put(id, Expect::Absent, id.as_bytes()), other])
            .await?;
    }
    wanted.sort_unstable();
    for limit in [1, 7, 47, 1_000] {
        let (mut listed, mut after) = (Vec::new(), None::<String>);
        loop {
            let page = store.walk(THINGS, after.as_deref(), limit).await;
            let page = page.map_err(|error| format!("walk failed: {error}"))?;
            ensure!(
                page.len() <= usize::try_from(limit).unwrap_or_default(),
                "a page of {} with limit {limit}",
                page.len()
            );
            let Some(last) = page.last() else { break };
            after = Some(last.key.id.clone());
            for record in page {
                ensure!(record.key.collection == THINGS, "a record of another collection");
                ensure!(
                    record == probe.need(&record.key.id).await?,
                    "not the record as it is"
                );
                listed.push(record.key.id);
            }
            ensure!(listed.len() <= wanted.len(), "the walk does not end");
        }
        same("walk", &listed, &wanted)?;
    }
    Ok(())
}

/// Identifiers are exact: case, accents, forms of Unicode, spaces and length all count.
pub async fn identifiers_are_exact(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let (longest, wide) = ("x".repeat(MAX_ID), "\u{10ffff}".repeat(MAX_ID / 4));
    let all = [
        "a",
        "A",
        "ä",
        "a\u{308}",
        "Å",
        "\u{212b}",
        "ss",
        "ß",
        "i",
        "ı",
        "İ",
        " a",
        "a ",
        "a\t",
        "a\n",
        " ",
        "%",
        "_",
        "a%",
        "'",
        "\"",
        "\\",
        "`a`",
        "--",
        "$1",
        "?1",
        "a/b",
        "a\u{1f}",
        "\u{7f}",
        "\u{feff}a",
        "\u{200d}",
        "😀",
        "👩‍👩‍👧",
        "\u{e000}",
        "\u{ffff}",
        "𐀀",
        "null",
        "NULL",
        "0",
        "00",
        "1e3",
        &longest,
        &wide,
    ];
    for (number, id) in all.iter().enumerate() {
        let body = number.to_string();
        let write = put_with(
            id,
            Expect::Absent,
            body.as_bytes(),
            Entries::Set(vec![entry(COLOUR, b"", 5)]),
            None,
        );
        probe
            .apply(vec![write])
            .await
            .map_err(|why| format!("id {id:?}: {why}"))?;
    }
    for (number, id) in all.iter().enumerate() {
        let record = probe.need(id).await?;
        same("id", &record.key.id.as_str(), id)?;
        same(
            &format!("body of {id:?}"),
            &record.body,
            &number.to_string().into_bytes(),
        )?;
    }
    // Ties are broken by the bytes of the id.
    let mut sorted: Vec<String> = all.iter().map(|id| (*id).to_owned()).collect();
    sorted.sort();
    for limit in [1_000, 7] {
        let mut forward = scan(COLOUR, b"");
        forward.limit = limit;
        same("order of ids", &probe.walk(forward.clone()).await?, &sorted)?;
        forward.newest_first = true;
        let backward: Vec<String> = sorted.iter().rev().cloned().collect();
        same("order of ids, backwards", &probe.walk(forward).await?, &backward)?;
    }
    Ok(())
}

/// The same id in two collections is two records.
pub async fn collections_are_separate(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let rev = probe.apply(vec![put("a", Expect::Absent, b"thing")]).await?;
    let other = Key::new(OTHERS, "a");
    ensure!(
        probe.get_key(other.clone()).await?.is_none(),
        "a record shows up in another collection"
    );
    let write = |expect| Write::Put {
        key: other.clone(),
        expect,
        body: b"other".to_vec(),
        entries: Entries::Set(Vec::new()),
        expires_at: None,
    };
    probe.refuse(vec![write(Expect::At(rev))]).await?;
    probe.apply(vec![write(Expect::Absent)]).await?;
    same("body", &probe.need("a").await?.body, &b"thing".to_vec())?;
    let body = probe.get_key(other).await?.map(|record| record.body);
    same("body", &body, &Some(b"other".to_vec()))
}

/// Answers come in the order of the queries, whatever they ask.
pub async fn answers_follow_queries(store: &dyn Store) -> Verdict {
    let probe = Probe::new(store);
    let red = Entries::Set(vec![entry(COLOUR, b"red", 1)]);
    probe
        .apply(vec![
            put_with("a", Expect::Absent, b"aa", red, None),
            append("b", b"bb"),
        ])
        .await?;
    same("answers to nothing", &probe.read(&[]).await?.len(), &0)?;
    let get = |id: &str| Query::Get(key(id));
    let some = |id: &str| Some(id.repeat(2).into_bytes());
    let round = [
        (get("b"), some("b")),
        (get("missing"), None),
        (Query::Scan(scan(COLOUR, b"red")), some("a")),
        (get("a"), some("a")),
        (Query::Scan(scan(COLOUR, b"none")), None),
        (get("b"), some("b")),
    ];
    let asked: Vec<_> = round.iter().cycle().take(120).collect();
    let queries: Vec<_> = asked.iter().map(|(query, _)| query.clone()).collect();
    for (answer, (query, want)) in probe.read(&queries).await?.into_iter().zip(asked) {
        let body = match (query, answer) {
            (Query::Get(_), Answer::Record(record)) => record.map(|record| record.body),
            (Query::Scan(_), Answer::Page(page)) => page.records.into_iter().next().map(|record| record.body),
            (query, answer) => return Err(format!("{query:?} was answered with {answer:?}")),
        };
        same("body", &body, want)?;
    }
    Ok(())
}
