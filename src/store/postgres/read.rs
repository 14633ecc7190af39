//! Reads: all queries of a call leave together, over a connection that others use at the same time.

use futures_util::future::{try_join, try_join_all};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Row};

use super::connect::Link;
use super::statement::{KEYS, Sql, Statement};
use super::work::Wanted;
use crate::store::lines::{from_column, to_column, window};
use crate::store::port::{Answer, Collection, Cursor, Key, Page, Query, Record, Rev, Scan};

/// The index is read first and alone, so that no plan sorts or joins more than a page.
macro_rules! scan_sql {
    ($place:literal, $order:literal) => {
        concat!(
            "SELECT e.sort, e.id, r.rev, r.expires_at, r.body FROM (
                SELECT e.sort, e.id FROM cs_entry e
                WHERE e.collection = $1 AND e.name = $2 AND e.value = $3 AND ",
            $place,
            " ORDER BY e.sort ",
            $order,
            ", e.id ",
            $order,
            " LIMIT $6) e
             CROSS JOIN LATERAL (
                SELECT r.rev, r.expires_at, r.body FROM cs_record r
                WHERE r.collection = $1 AND r.id = e.id OFFSET 0) r
             ORDER BY e.sort ",
            $order,
            ", e.id ",
            $order,
        )
    };
}
const fn scan_sql(text: &'static str) -> Sql {
    const TYPES: &[Type] = &[
        Type::TEXT,
        Type::TEXT,
        Type::BYTEA,
        Type::INT8,
        Type::INT8,
        Type::INT8,
        Type::TEXT,
    ];
    Sql { text, types: TYPES }
}

/// A connection for reads; its statements are in the order of [`SQL`].
pub(super) type Reader = Link<6>;

pub(super) const SQL: [Sql; 6] = [
    Sql {
        types: KEYS,
        text: "SELECT k.n, r.rev, r.expires_at, r.body
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k (collection, id, n)
     JOIN cs_record r ON r.collection = k.collection AND r.id = k.id",
    },
    scan_sql(scan_sql!(
        "e.sort >= $4 AND e.sort <= $5 AND $7::text IS NULL",
        "ASC"
    )),
    scan_sql(scan_sql!("(e.sort, e.id) > ($4, $7) AND e.sort <= $5", "ASC")),
    scan_sql(scan_sql!(
        "e.sort >= $4 AND e.sort <= $5 AND $7::text IS NULL",
        "DESC"
    )),
    scan_sql(scan_sql!("e.sort >= $4 AND (e.sort, e.id) < ($5, $7)", "DESC")),
    Sql {
        types: &[Type::TEXT, Type::TEXT, Type::INT8],
        text: "SELECT r.id, r.rev, r.expires_at, r.body FROM cs_record r
     WHERE r.collection = $1 AND r.id > $2 ORDER BY r.id LIMIT $3",
    },
];

/// Answers what is wanted.
pub(super) async fn answer(link: &Reader, wanted: &Wanted) -> Result<Vec<Answer>, Error> {
    match wanted {
        Wanted::Queries(queries) => answers(link, queries).await,
        Wanted::Walk {
            collection,
            after,
            limit,
        } => Ok(vec![Answer::Page(walk(link, *collection, after, *limit).await?)]),
    }
}

/// Records of a collection by id. No id is empty, so everything follows the empty one.
async fn walk(link: &Reader, collection: Collection, after: &str, limit: u32) -> Result<Page, Error> {
    let [.., walk] = &link.statements;
    let parameters: [&(dyn ToSql + Sync); 3] = [&collection.0, &after, &i64::from(limit)];
    let mut page = Page::default();
    for row in walk.query(&link.client, &parameters).await? {
        let id: String = row.try_get(0)?;
        page.records.push(record(&row, Key::new(collection, id))?);
    }
    Ok(page)
}

/// Answers the queries, in their order.
async fn answers(link: &Reader, queries: &[Query]) -> Result<Vec<Answer>, Error> {
    let keys: Vec<&Key> = queries
        .iter()
        .filter_map(|query| match query {
            Query::Get(key) => Some(key),
            Query::Scan(_) => None,
        })
        .collect();
    let scans = queries.iter().filter_map(|query| match query {
        Query::Get(_) => None,
        Query::Scan(it) => Some(scan(link, it)),
    });
    let (records, pages) = try_join(records(link, &keys), try_join_all(scans)).await?;
    let (mut records, mut pages) = (records.into_iter(), pages.into_iter());
    Ok(queries
        .iter()
        .map(|query| match query {
            Query::Get(_) => Answer::Record(records.next().flatten()),
            Query::Scan(_) => Answer::Page(pages.next().unwrap_or_default()),
        })
        .collect())
}

async fn records(link: &Reader, keys: &[&Key]) -> Result<Vec<Option<Record>>, Error> {
    let [get, ..] = &link.statements;
    let mut found = vec![None; keys.len()];
    for row in select(&link.client, get, keys).await? {
        if let Some((place, key)) = asked(&row, keys)?
            && let Some(slot) = found.get_mut(place)
        {
            *slot = Some(record(&row, key.clone())?);
        }
    }
    Ok(found)
}

/// Runs a statement over keys, unless there are none. Its rows begin with the number of the key.
pub(super) async fn select(client: &Client, statement: &Statement, keys: &[&Key]) -> Result<Vec<Row>, Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let collections: Vec<&str> = keys.iter().map(|key| key.collection.0).collect();
    let ids: Vec<&str> = keys.iter().map(|key| key.id.as_str()).collect();
    statement.query(client, &[&collections, &ids]).await
}

/// The key that a row of [`select`] belongs to, and its place; keys are counted from 1.
pub(super) fn asked<'a>(row: &Row, keys: &[&'a Key]) -> Result<Option<(usize, &'a Key)>, Error> {
    let number: i64 = row.try_get(0)?;
    let place = usize::try_from(number - 1).ok();
    Ok(place.and_then(|place| keys.get(place).map(|key| (place, *key))))
}

/// From the last three columns: `rev`, `expires_at`, `body`.
pub(super) fn record(row: &Row, key: Key) -> Result<Record, Error> {
    let first = row.len().saturating_sub(3);
    let rev: &[u8] = row.try_get(first)?;
    let expires_at: Option<i64> = row.try_get(first + 1)?;
    Ok(Record {
        key,
        rev: rev_of(rev),
        expires_at: expires_at.map(from_column),
        body: row.try_get(first + 2)?,
    })
}

/// The table holds 16 bytes; anything else would match no revision.
pub(super) fn rev_of(bytes: &[u8]) -> Rev {
    Rev(bytes.try_into().unwrap_or_default())
}

async fn scan(link: &Reader, scan: &Scan) -> Result<Page, Error> {
    let (from, to, after) = window(scan);
    let [_, forward, forward_after, backward, backward_after, _] = &link.statements;
    let statement = match (scan.newest_first, after) {
        (false, None) => forward,
        (false, Some(_)) => forward_after,
        (true, None) => backward,
        (true, Some(_)) => backward_after,
    };
    // One more tells whether anything follows.
    let limit = i64::from(scan.limit) + 1;
    let parameters: [&(dyn ToSql + Sync); 7] = [
        &scan.collection.0,
        &scan.index.0,
        &scan.value,
        &to_column(from),
        &to_column(to),
        &limit,
        &after,
    ];
    let rows = statement.query(&link.client, &parameters).await?;
    let limit = usize::try_from(scan.limit).unwrap_or(usize::MAX);
    let (mut page, mut last) = (Page::default(), None);
    for row in rows {
        if page.records.len() == limit {
            page.next = last;
            break;
        }
        let id: String = row.try_get(1)?;
        last = Some(Cursor {
            sort: from_column(row.try_get(0)?),
            id: id.clone(),
        });
        page.records.push(record(&row, Key::new(scan.collection, id))?);
    }
    Ok(page)
}
