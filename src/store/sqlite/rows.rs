//! Rows and statements.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use crate::store::lines::{Damaged, Line, from_column, lines_of, pack, to_column, unpack, window};
use crate::store::port::{
    Batch, Collection, Commit, Cursor, Entries, Expect, IndexEntry, Key, Page, Record, Rev, Scan, Write, fits,
};

fn rev_at(row: &Row<'_>, column: usize) -> Result<Rev> {
    row.get(column).map(Rev)
}

fn expiry_at(row: &Row<'_>, column: usize) -> Result<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(from_column))
}

/// The packed column is not what this adapter writes.
fn damaged(_: Damaged) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(0, "entries".into(), Type::Blob)
}

/// The record under `key`.
pub(super) fn get(connection: &Connection, key: &Key) -> Result<Option<Record>> {
    let mut statement = connection
        .prepare_cached("SELECT rev, expires_at, body FROM record WHERE collection = ?1 AND id = ?2")?;
    statement
        .query_row(params![key.collection.0, key.id], |row| {
            Ok(Record {
                key: key.clone(),
                rev: rev_at(row, 0)?,
                expires_at: expiry_at(row, 1)?,
                body: row.get(2)?,
            })
        })
        .optional()
}

macro_rules! scan_sql {
    ($place:literal, $order:literal) => {
        concat!(
            "SELECT e.sort, e.id, r.rev, r.expires_at, r.body FROM entry e CROSS JOIN record r ",
            "ON r.collection = e.collection AND r.id = e.id ",
            "WHERE e.collection = ?1 AND e.name = ?2 AND e.value = ?3 AND ",
            $place,
            " ORDER BY e.sort ",
            $order,
            ", e.id ",
            $order,
            " LIMIT ?6",
        )
    };
}

const DUE: &str =
    "SELECT collection, id, entries FROM record WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2";
const FORWARD: &str = scan_sql!("e.sort >= ?4 AND e.sort <= ?5 AND ?7 IS NULL", "ASC");
const FORWARD_AFTER: &str = scan_sql!("(e.sort, e.id) > (?4, ?7) AND e.sort <= ?5", "ASC");
const BACKWARD: &str = scan_sql!("e.sort >= ?4 AND e.sort <= ?5 AND ?7 IS NULL", "DESC");
const BACKWARD_AFTER: &str = scan_sql!("e.sort >= ?4 AND (e.sort, e.id) < (?5, ?7)", "DESC");

/// A page of an index.
pub(super) fn scan(connection: &Connection, scan: &Scan) -> Result<Page> {
    let (from, to, after) = window(scan);
    let sql = match (scan.newest_first, after) {
        (false, None) => FORWARD,
        (false, Some(_)) => FORWARD_AFTER,
        (true, None) => BACKWARD,
        (true, Some(_)) => BACKWARD_AFTER,
    };
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![
        scan.collection.0,
        scan.index.0,
        scan.value,
        to_column(from),
        to_column(to),
        // One more tells whether anything follows.
        i64::from(scan.limit) + 1,
        after,
    ])?;
    let limit = usize::try_from(scan.limit).unwrap_or(usize::MAX);
    let (mut page, mut last) = (Page::default(), None);
    while let Some(row) = rows.next()? {
        if page.records.len() == limit {
            page.next = last;
            break;
        }
        let id: String = row.get(1)?;
        last = Some(Cursor {
            sort: from_column(row.get(0)?),
            id: id.clone(),
        });
        page.records.push(Record {
            key: Key::new(scan.collection, id),
            rev: rev_at(row, 2)?,
            expires_at: expiry_at(row, 3)?,
            body: row.get(4)?,
        });
    }
    Ok(page)
}

const WALK: &str =
    "SELECT id, rev, expires_at, body FROM record WHERE collection = ?1 AND id > ?2 ORDER BY id LIMIT ?3";

/// Records of a collection by id. No id is empty, so everything follows the empty one.
pub(super) fn walk(
    connection: &Connection,
    collection: Collection,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<Record>> {
    let mut statement = connection.prepare_cached(WALK)?;
    let rows = statement.query_map(params![collection.0, after.unwrap_or_default(), limit], |row| {
        Ok(Record {
            key: Key::new(collection, row.get::<_, String>(0)?),
            rev: rev_at(row, 1)?,
            expires_at: expiry_at(row, 2)?,
            body: row.get(3)?,
        })
    })?;
    rows.collect()
}

/// What judging and overwriting a record needs of it.
struct Before {
    rev: Rev,
    expires_at: Option<u64>,
    entries: Option<Vec<u8>>,
}

fn before(connection: &Connection, key: &Key) -> Result<Option<Before>> {
    let mut statement = connection
        .prepare_cached("SELECT rev, expires_at, entries FROM record WHERE collection = ?1 AND id = ?2")?;
    statement
        .query_row(params![key.collection.0, key.id], |row| {
            Ok(Before {
                rev: rev_at(row, 0)?,
                expires_at: expiry_at(row, 1)?,
                entries: row.get(2)?,
            })
        })
        .optional()
}

/// Judges a batch and, when it fits, writes it. Inside the caller's transaction: a refused batch has
/// written nothing, an error leaves the transaction to be rolled back.
pub(super) fn commit(connection: &Connection, batch: &Batch) -> Result<Commit> {
    let mut found = Vec::with_capacity(batch.writes.len());
    let mut refused = false;
    for write in &batch.writes {
        let old = before(connection, write.key())?;
        let fits = fits(write, old.as_ref().map(|old| old.rev));
        refused |= !fits;
        found.push((fits, old));
    }
    if refused {
        let misfits = batch.writes.iter().zip(found).filter(|(_, (fits, _))| !fits);
        let current = misfits.map(|(write, _)| {
            let key = write.key();
            get(connection, key).map(|record| (key.clone(), record))
        });
        return current.collect::<Result<_>>().map(Commit::Conflict);
    }
    for (write, (_, old)) in batch.writes.iter().zip(found) {
        // Each write fitted by itself: only a batch that writes a record twice comes here.
        if !apply(connection, batch.rev, write, old)? {
            return Err(rusqlite::Error::StatementChangedRows(0));
        }
    }
    Ok(Commit::Applied)
}

/// Writes a batch without judging it first. Answers whether it fitted; if not, part of it may be written, and the
/// caller rolls back.
pub(super) fn write(connection: &Connection, batch: &Batch) -> Result<bool> {
    for write in &batch.writes {
        let written = match write {
            Write::Put {
                key,
                expect: Expect::At(rev),
                body,
                entries: Entries::Keep,
                expires_at,
            } => replace(connection, batch.rev, key, body, *expires_at, *rev)?,
            Write::Append { .. }
            | Write::Put {
                expect: Expect::Absent,
                ..
            } => apply(connection, batch.rev, write, None)?,
            Write::Put { .. } | Write::Check { .. } => false,
        };
        if written {
            continue;
        }
        let old = before(connection, write.key())?;
        if !fits(write, old.as_ref().map(|old| old.rev)) {
            return Ok(false);
        }
        apply(connection, batch.rev, write, old)?;
    }
    Ok(true)
}

/// Makes a write that fits `old`, the record as it is. Answers whether it was made: not when a record is there after
/// all.
fn apply(connection: &Connection, rev: Rev, write: &Write, old: Option<Before>) -> Result<bool> {
    match write {
        Write::Check { .. } => Ok(true),
        Write::Put {
            key,
            body,
            entries,
            expires_at,
            ..
        } => match (old, entries) {
            (Some(old), _) => update(connection, rev, key, body, entries, *expires_at, &old).map(|()| true),
            (None, Entries::Keep) => insert(connection, rev, key, body, &[], *expires_at),
            (None, Entries::Set(entries)) => insert(connection, rev, key, body, entries, *expires_at),
        },
        Write::Append {
            key,
            body,
            entries,
            expires_at,
        } => insert(connection, rev, key, body, entries, *expires_at),
    }
}

/// Replaces the body of a record, when it has this revision and expires at that time. Answers whether it does.
fn replace(
    connection: &Connection,
    rev: Rev,
    key: &Key,
    body: &[u8],
    expires_at: Option<u64>,
    expected: Rev,
) -> Result<bool> {
    let mut statement = connection.prepare_cached(
        "UPDATE record SET rev = ?3, body = ?4 WHERE collection = ?1 AND id = ?2 AND rev = ?5 AND expires_at IS ?6",
    )?;
    let expires_at = expires_at.map(to_column);
    statement
        .execute(params![
            key.collection.0,
            key.id,
            rev.0,
            body,
            expected.0,
            expires_at
        ])
        .map(|changed| changed == 1)
}

fn insert(
    connection: &Connection,
    rev: Rev,
    key: &Key,
    body: &[u8],
    entries: &[IndexEntry],
    expires_at: Option<u64>,
) -> Result<bool> {
    let lines = lines_of(entries);
    let mut statement = connection.prepare_cached(
        "INSERT INTO record (collection, id, rev, expires_at, entries, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (collection, id) DO NOTHING",
    )?;
    let inserted = statement.execute(params![
        key.collection.0,
        key.id,
        rev.0,
        expires_at.map(to_column),
        pack(&lines),
        body,
    ])?;
    if inserted == 0 {
        return Ok(false);
    }
    lines
        .iter()
        .try_for_each(|line| add_line(connection, key, line))?;
    Ok(true)
}

fn update(
    connection: &Connection,
    rev: Rev,
    key: &Key,
    body: &[u8],
    entries: &Entries,
    expires_at: Option<u64>,
    old: &Before,
) -> Result<()> {
    let packed = match entries {
        Entries::Keep => old.entries.clone(),
        Entries::Set(entries) => pack(&lines_of(entries)),
    };
    if packed == old.entries && expires_at == old.expires_at {
        let mut statement = connection
            .prepare_cached("UPDATE record SET rev = ?3, body = ?4 WHERE collection = ?1 AND id = ?2")?;
        return statement
            .execute(params![key.collection.0, key.id, rev.0, body])
            .map(drop);
    }
    if packed != old.entries {
        let (gone, new) = (
            unpack(old.entries.as_deref()).map_err(damaged)?,
            unpack(packed.as_deref()).map_err(damaged)?,
        );
        for line in gone.iter().filter(|line| !new.contains(line)) {
            remove_line(connection, key, line)?;
        }
        for line in new.iter().filter(|line| !gone.contains(line)) {
            add_line(connection, key, line)?;
        }
    }
    let mut statement = connection.prepare_cached(
        "UPDATE record SET rev = ?3, body = ?4, expires_at = ?5, entries = ?6 WHERE collection = ?1 AND id = ?2",
    )?;
    let expires_at = expires_at.map(to_column);
    statement
        .execute(params![key.collection.0, key.id, rev.0, body, expires_at, packed])
        .map(drop)
}

/// Drops up to `limit` records that expired before `before`; answers how many.
pub(super) fn purge(connection: &Connection, before: u64, limit: u32) -> Result<u64> {
    let mut statement = connection.prepare_cached(DUE)?;
    let due = statement.query_map(params![to_column(before), limit], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, Option<Vec<u8>>>(2)?,
        ))
    })?;
    let due = due.collect::<Result<Vec<_>>>()?;
    let mut dropped = 0;
    for (collection, id, entries) in due {
        for line in unpack(entries.as_deref()).map_err(damaged)? {
            delete_line(connection, &collection, &id, &line)?;
        }
        let mut statement =
            connection.prepare_cached("DELETE FROM record WHERE collection = ?1 AND id = ?2")?;
        statement.execute(params![collection, id])?;
        dropped += 1;
    }
    Ok(dropped)
}

fn add_line(connection: &Connection, key: &Key, line: &Line<'_>) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT OR IGNORE INTO entry (collection, name, value, sort, id) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let values = params![
        key.collection.0,
        line.name,
        line.value,
        to_column(line.sort),
        key.id
    ];
    statement.execute(values).map(drop)
}

fn remove_line(connection: &Connection, key: &Key, line: &Line<'_>) -> Result<()> {
    delete_line(connection, key.collection.0, &key.id, line)
}

fn delete_line(connection: &Connection, collection: &str, id: &str, line: &Line<'_>) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM entry WHERE collection = ?1 AND name = ?2 AND value = ?3 AND sort = ?4 AND id = ?5",
    )?;
    let values = params![collection, line.name, line.value, to_column(line.sort), id];
    statement.execute(values).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;

    #[test]
    fn scans_and_purges_follow_an_index_without_sorting() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(include_str!("migrations/0001_records.sql"))
            .unwrap();
        for (sql, index) in [
            (
                FORWARD,
                "SEARCH e USING PRIMARY KEY (collection=? AND name=? AND value=? AND sort>? AND sort<?)",
            ),
            (
                BACKWARD,
                "SEARCH e USING PRIMARY KEY (collection=? AND name=? AND value=? AND sort>? AND sort<?)",
            ),
            (
                FORWARD_AFTER,
                "(collection=? AND name=? AND value=? AND (sort,id)>(?,?) AND sort<?)",
            ),
            (
                BACKWARD_AFTER,
                "(collection=? AND name=? AND value=? AND sort>? AND (sort,id)<(?,?))",
            ),
            (DUE, "USING INDEX record_expires_at (expires_at<?)"),
            (WALK, "SEARCH record USING PRIMARY KEY (collection=? AND id>?)"),
        ] {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let (mut rows, mut plan) = (statement.raw_query(), String::new());
            while let Some(row) = rows.next().unwrap() {
                plan += &row.get::<_, String>(3).unwrap();
                plan += "; ";
            }
            assert!(plan.contains(index), "{plan}");
            assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN"), "{plan}");
        }
    }

    /// Steps of the database for a page of 100 out of `rows` entries under one value, from the middle on.
    fn steps_of_a_page(connection: &Connection, sql: &str, rows: i64) -> i32 {
        let mut statement = connection.prepare(sql).unwrap();
        let middle = format!("id-{:09}", rows / 2);
        let after = sql.contains("?7)").then_some(middle.as_str());
        let (from, to) = match (sql.contains("DESC"), after) {
            (false, Some(_)) => (rows / 2, rows),
            (true, Some(_)) => (0, rows / 2),
            _ => (0, rows),
        };
        let found = {
            let values = params!["activation", "by_user", b"u".as_slice(), from, to, 100, after];
            let mut found = statement.query(values).unwrap();
            let mut count = 0;
            while found.next().unwrap().is_some() {
                count += 1;
            }
            count
        };
        assert_eq!(found, 100);
        assert_eq!(statement.get_status(StatementStatus::Sort), 0);
        assert_eq!(statement.get_status(StatementStatus::FullscanStep), 0);
        statement.get_status(StatementStatus::VmStep)
    }

    #[test]
    fn a_page_costs_the_same_among_100_000_rows() {
        let mut costs = Vec::new();
        for rows in [1_000_i64, 100_000] {
            let connection = Connection::open_in_memory().unwrap();
            connection
                .execute_batch(include_str!("migrations/0001_records.sql"))
                .unwrap();
            connection
                .execute_batch(&format!(
                    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
                     INSERT INTO record (collection, id, rev, body)
                     SELECT 'activation', printf('id-%09d', i), zeroblob(16), zeroblob(400) FROM n;
                     INSERT INTO entry (collection, name, value, sort, id)
                     SELECT collection, 'by_user', CAST('u' AS BLOB), CAST(substr(id, 4) AS INTEGER), id FROM record;"
                ))
                .unwrap();
            let scans = [FORWARD, FORWARD_AFTER, BACKWARD, BACKWARD_AFTER];
            costs.push(scans.map(|sql| steps_of_a_page(&connection, sql, rows)));
        }
        println!(
            "steps of a page: {:?} among 1,000, {:?} among 100,000",
            costs[0], costs[1]
        );
        assert_eq!(costs[0], costs[1]);
    }
}
