//! Commits: a group of batches in one transaction. Where `quick` cannot write it in one round trip, it takes two: the first
//! locks what the batches touch, the second writes and commits.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::time::Duration;

use futures_util::future::{try_join, try_join3, try_join4};
use tokio::time::timeout;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Row};

use super::connect::Link;
use super::failure::{describe, may_retry, not_applied, of_commit, too_slow};
use super::group::{Group, Lines, Plan, Rows, Stored, Verdict};
use super::quick;
use super::read::{asked, record, rev_of, select};
use super::statement::{KEYS, Sql, Statement};
use crate::store::lines::unpack;
use crate::store::port::{Batch, Commit, Key, Record, StoreError, Write};

/// A connection for commits; its statements are in the order of [`SQL`].
pub(super) type Writer = Link<11>;

macro_rules! keys {
    () => {
        "unnest($1::text[], $2::text[]) WITH ORDINALITY AS k (collection, id, n)
         JOIN cs_record r ON r.collection = k.collection AND r.id = k.id"
    };
}

const RECORDS: &[Type] = &[
    Type::TEXT_ARRAY,
    Type::TEXT_ARRAY,
    Type::BYTEA_ARRAY,
    Type::INT8_ARRAY,
    Type::BYTEA_ARRAY,
    Type::BYTEA_ARRAY,
];
const LINES: &[Type] = &[
    Type::TEXT_ARRAY,
    Type::TEXT_ARRAY,
    Type::BYTEA_ARRAY,
    Type::INT8_ARRAY,
    Type::TEXT_ARRAY,
];

const fn sql(types: &'static [Type], text: &'static str) -> Sql {
    Sql { text, types }
}

pub(super) const SQL: [Sql; 11] = [
    // Locked in the order of the keys, so that transactions wait for each other and never in a circle.
    sql(
        KEYS,
        concat!(
            "SELECT k.n, r.rev, r.entries FROM ",
            keys!(),
            " ORDER BY k.n FOR UPDATE OF r"
        ),
    ),
    sql(
        KEYS,
        concat!(
            "SELECT k.n, r.rev, r.entries FROM ",
            keys!(),
            " ORDER BY k.n FOR SHARE OF r"
        ),
    ),
    sql(
        KEYS,
        concat!("SELECT k.n, r.rev, r.expires_at, r.body FROM ", keys!()),
    ),
    sql(
        RECORDS,
        "INSERT INTO cs_record (collection, id, rev, expires_at, entries, body)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::bytea[], $6::bytea[])",
    ),
    sql(
        RECORDS,
        "UPDATE cs_record r SET rev = v.rev, expires_at = v.expires_at, entries = v.entries, body = v.body
     FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::bytea[], $6::bytea[])
        AS v (collection, id, rev, expires_at, entries, body)
     WHERE r.collection = v.collection AND r.id = v.id",
    ),
    sql(
        LINES,
        "DELETE FROM cs_entry e
     USING unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::text[])
        AS v (collection, name, value, sort, id)
     WHERE e.collection = v.collection AND e.name = v.name AND e.value = v.value
        AND e.sort = v.sort AND e.id = v.id",
    ),
    sql(
        LINES,
        "INSERT INTO cs_entry (collection, name, value, sort, id)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::text[])
     ON CONFLICT DO NOTHING",
    ),
    // Keeps a key free: whoever inserts it now waits for the end of this transaction.
    sql(
        KEYS,
        "WITH held AS (
        INSERT INTO cs_record (collection, id, rev, body)
        SELECT collection, id, decode('00000000000000000000000000000000', 'hex'), decode('00', 'hex')
        FROM unnest($1::text[], $2::text[]) AS k (collection, id)
        RETURNING collection, id)
     SELECT count(*) FROM held",
    ),
    sql(
        KEYS,
        "DELETE FROM cs_record r USING unnest($1::text[], $2::text[]) AS k (collection, id)
     WHERE r.collection = k.collection AND r.id = k.id
     RETURNING r.collection, r.id, r.entries",
    ),
    quick::REPLACE,
    quick::HOLD,
];

/// Everything a transaction needs to be durable and to end, whatever the session was before; `set` is how it is told. Who
/// waits for a lock learns of it before whoever asked gives up, so that it is certain that nothing was written.
fn settings(set: &str, limit: Duration) -> String {
    let patience = (limit * 4 / 5).as_millis().clamp(1, 4_000);
    format!(
        "{set} synchronous_commit = on; {set} lock_timeout = {patience}; {set} statement_timeout = 4000;
         {set} idle_in_transaction_session_timeout = 10000"
    )
}

/// What a session of our own is told once.
pub(super) fn session(limit: Duration) -> String {
    let settings = settings("SET", limit);
    format!("SET default_transaction_isolation = 'read committed'; {settings}")
}

/// Begins a transaction. In a session of others it is told everything, also to follow the indexes.
pub(super) async fn begin(link: &Writer) -> Result<(), Error> {
    if !link.pooled {
        return link.client.batch_execute("BEGIN").await;
    }
    let settings = settings("SET LOCAL", link.limit);
    let text = format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED; {settings}; SET LOCAL enable_seqscan = off;
         SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
    );
    link.client.batch_execute(&text).await
}

/// How a transaction ended without committing.
#[derive(Debug)]
pub(super) enum Failed {
    /// Nothing was written. `again`: it may go well at once.
    NotApplied {
        error: StoreError,
        again: bool,
        broken: bool,
    },
    /// The answer to `COMMIT` is missing. The connection is of no use any more.
    Unknown(StoreError),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::NotApplied {
            again: may_retry(&error),
            broken: error.is_closed() || error.code().is_none(),
            error: not_applied(&error),
        }
    }
}

/// One of the two round trips, in time.
async fn in_time<T>(limit: Duration, trip: impl Future<Output = Result<T, Error>>) -> Result<T, Failed> {
    match timeout(limit, trip).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(Failed::NotApplied {
            error: too_slow(),
            again: false,
            broken: true,
        }),
    }
}

/// Ends a transaction whose first half failed, so that the connection can be used again.
async fn rolled_back<T>(link: &Writer, limit: Duration, half: Result<T, Failed>) -> Result<T, Failed> {
    if let Err(Failed::NotApplied { broken: false, .. }) = &half {
        in_time(limit, link.client.batch_execute("ROLLBACK")).await?;
    }
    half
}

/// Writes the batches that fit, in one transaction, and answers for each.
pub(super) async fn commit(
    link: &Writer,
    limit: Duration,
    batches: &[&Batch],
) -> Result<Vec<Commit>, Failed> {
    if let Some(applied) = quick::commit(link, limit, batches).await? {
        return Ok(applied);
    }
    let stored = rolled_back(link, limit, in_time(limit, lock(link, batches)).await).await?;
    let mut group = Group::new(stored);
    let verdicts: Vec<Verdict> = batches.iter().map(|batch| group.judge(batch)).collect();
    let Ok(plan) = group.plan() else {
        let damaged = Failed::NotApplied {
            error: StoreError::NotApplied("a row has an unexpected form".into()),
            again: false,
            broken: false,
        };
        return rolled_back(link, limit, Err(damaged)).await;
    };
    // Records that a refused batch wants to see, where the group did not write them itself.
    let wanted: Vec<&Key> = verdicts
        .iter()
        .flat_map(|verdict| match verdict {
            Verdict::Refused(records) => records.as_slice(),
            Verdict::Fits => &[],
        })
        .filter_map(|(key, record)| record.is_none().then_some(key))
        .collect();
    let current = write(link, limit, &plan, &wanted).await?;
    Ok(verdicts
        .into_iter()
        .map(|verdict| match verdict {
            Verdict::Fits => Commit::Applied,
            Verdict::Refused(records) => Commit::Conflict(
                records
                    .into_iter()
                    .map(|(key, record)| {
                        let record = record.or_else(|| current.get(&key).cloned());
                        (key, record)
                    })
                    .collect(),
            ),
        })
        .collect())
}

/// Begins, and locks what the batches touch: collections that they write to against everybody, others against
/// writers.
///
/// Not key by key: each of the two statements locks in the order of the keys, but two transactions that write what
/// the other one checks would wait in a circle, and that ends after a second only.
async fn lock<'a>(link: &Writer, batches: &[&'a Batch]) -> Result<BTreeMap<&'a Key, Stored>, Error> {
    let mut keys: BTreeMap<&Key, bool> = BTreeMap::new();
    for write in batches.iter().flat_map(|batch| &batch.writes) {
        *keys.entry(write.key()).or_default() |= !matches!(write, Write::Check { .. });
    }
    let written: BTreeSet<&str> = keys
        .iter()
        .filter(|(_, written)| **written)
        .map(|(key, _)| key.collection.0)
        .collect();
    let part = |is: bool| -> Vec<&'a Key> {
        let part = keys.keys().filter(|key| written.contains(key.collection.0) == is);
        part.copied().collect()
    };
    let (written, checked) = (part(true), part(false));
    let [update, share, ..] = &link.statements;
    let client = &link.client;
    let locked = try_join(select(client, update, &written), select(client, share, &checked));
    // Polled first, so sent first.
    let begin = begin(link);
    let ((), (written_rows, checked_rows)) = try_join(begin, locked).await?;
    let mut stored = BTreeMap::new();
    for (rows, keys) in [(written_rows, &written), (checked_rows, &checked)] {
        for row in rows {
            if let Some((_, key)) = asked(&row, keys)? {
                let found = Stored {
                    rev: rev_of(row.try_get(1)?),
                    entries: row.try_get(2)?,
                };
                stored.insert(key, found);
            }
        }
    }
    Ok(stored)
}

/// Reads what refused batches want to see, writes the rest, and commits: one round trip.
async fn write(
    link: &Writer,
    limit: Duration,
    plan: &Plan<'_>,
    wanted: &[&Key],
) -> Result<BTreeMap<Key, Record>, Failed> {
    let [
        _,
        _,
        bodies,
        insert,
        update,
        delete_lines,
        insert_lines,
        reserve,
        release,
        ..,
    ] = &link.statements;
    let writing = async {
        let reserved = &plan.reserved;
        let (rows, _, _, _) = try_join4(
            select(&link.client, bodies, wanted),
            pairs(link, reserve, reserved),
            try_join(
                rows(link, insert, &plan.inserts),
                rows(link, update, &plan.updates),
            ),
            try_join3(
                lines(link, delete_lines, &plan.gone),
                lines(link, insert_lines, &plan.new),
                pairs(link, release, reserved),
            ),
        )
        .await?;
        // Before the outcome of the commit is looked at: a row that cannot be read must not make a
        // "not applied" of it.
        let mut current = BTreeMap::new();
        for row in rows {
            if let Some((_, key)) = asked(&row, wanted)? {
                current.insert(key.clone(), record(&row, key.clone())?);
            }
        }
        Ok::<_, Error>(current)
    };
    // Both are sent at once. When a statement fails, the database makes a rollback of the commit.
    let both = async { futures_util::future::join(writing, link.client.batch_execute("COMMIT")).await };
    let Ok((written, committed)) = timeout(limit, both).await else {
        return Err(Failed::Unknown(StoreError::Unknown(
            "the database did not confirm in time".into(),
        )));
    };
    match (written, committed) {
        (Ok(current), Ok(())) => Ok(current),
        // Refused by the database before the commit: certainly rolled back.
        (Err(error), _) if error.code().is_some() => Err(error.into()),
        (Err(error), _) => Err(Failed::Unknown(StoreError::Unknown(describe(&error)))),
        (Ok(_), Err(error)) => Err(match of_commit(&error) {
            unknown @ StoreError::Unknown(_) => Failed::Unknown(unknown),
            StoreError::NotApplied(_) => error.into(),
        }),
    }
}

pub(super) async fn rows(link: &Writer, statement: &Statement, rows: &Rows<'_>) -> Result<(), Error> {
    if rows.ids.is_empty() {
        return Ok(());
    }
    let columns: [&(dyn ToSql + Sync); 6] = [
        &rows.collections,
        &rows.ids,
        &rows.revs,
        &rows.expiries,
        &rows.entries,
        &rows.bodies,
    ];
    statement.execute(&link.client, &columns).await
}

pub(super) async fn lines(link: &Writer, statement: &Statement, lines: &Lines<'_>) -> Result<(), Error> {
    if lines.ids.is_empty() {
        return Ok(());
    }
    let columns: [&(dyn ToSql + Sync); 5] = [
        &lines.collections,
        &lines.names,
        &lines.values,
        &lines.sorts,
        &lines.ids,
    ];
    statement.execute(&link.client, &columns).await
}

async fn pairs(
    link: &Writer,
    statement: &Statement,
    (collections, ids): &(Vec<&str>, Vec<&str>),
) -> Result<Vec<Row>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    statement.query(&link.client, &[collections, ids]).await
}

/// Drops up to `limit` records that expired before `before`; answers how many. What somebody else
/// holds is left for another time.
pub(super) async fn purge(link: &Writer, limit: Duration, before: i64, count: i64) -> Result<u64, Failed> {
    let due = "SELECT collection, id FROM cs_record WHERE expires_at < $1
               ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED";
    let [.., delete_lines, _, _, release, _, _] = &link.statements;
    let due = async {
        let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&before, Type::INT8), (&count, Type::INT8)];
        let ((), rows) = try_join(begin(link), link.client.query_typed(due, &parameters)).await?;
        let mut keys: (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for row in rows {
            keys.0.push(row.try_get(0)?);
            keys.1.push(row.try_get(1)?);
        }
        release.query(&link.client, &[&keys.0, &keys.1]).await
    };
    let deleted = rolled_back(link, limit, in_time(limit, due).await).await?;
    let mut all: Vec<(&str, &str, Option<&[u8]>)> = Vec::with_capacity(deleted.len());
    for row in &deleted {
        let get = || Ok::<_, Error>((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        all.push(get()?);
    }
    let mut gone = Lines::default();
    for (collection, id, entries) in &all {
        for line in unpack(*entries).unwrap_or_default() {
            gone.add(collection, id, &line);
        }
    }
    let commit = async {
        let (_, ()) = try_join(
            lines(link, delete_lines, &gone),
            link.client.batch_execute("COMMIT"),
        )
        .await?;
        Ok::<(), Error>(())
    };
    match timeout(limit, commit).await {
        Ok(Ok(())) => Ok(u64::try_from(deleted.len()).unwrap_or(u64::MAX)),
        Ok(Err(error)) if error.code().is_some() => Err(error.into()),
        _ => Err(Failed::Unknown(StoreError::Unknown(
            "the database did not confirm in time".into(),
        ))),
    }
}
