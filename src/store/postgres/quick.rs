//! Commits in one round trip: nearly always every batch of a group fits, so all is written at once, and each statement
//! fails when it finds less than it expects. Then nothing of the group was written, and it takes the longer way, which
//! finds out what does not fit.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::future::{join, try_join4};
use tokio::time::timeout;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

use super::failure::{describe, of_commit};
use super::group::{Lines, Rows};
use super::statement::{Sql, Statement};
use super::write::{Failed, Writer, begin, lines, rows};
use crate::store::lines::{Line, lines_of, pack, to_column};
use crate::store::port::{Batch, Commit, Entries, Expect, IndexEntry, Key, StoreError, Write};

/// Replaces bodies, under the revisions that are expected. Locks in the order of the keys, as a loop over them does.
pub(super) const REPLACE: Sql = Sql {
    text: "WITH replaced AS (
        UPDATE cs_record r SET rev = v.rev, expires_at = v.expires_at, body = v.body
        FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::bigint[], $6::bytea[])
            AS v (collection, id, expected, rev, expires_at, body)
        WHERE r.collection = v.collection AND r.id = v.id AND r.rev = v.expected
        RETURNING 1)
     SELECT 1 / (CASE WHEN count(*) = cardinality($1) THEN 1 ELSE 0 END) FROM replaced",
    types: &[
        Type::TEXT_ARRAY,
        Type::TEXT_ARRAY,
        Type::BYTEA_ARRAY,
        Type::BYTEA_ARRAY,
        Type::INT8_ARRAY,
        Type::BYTEA_ARRAY,
    ],
};

/// Holds records at the revisions that are expected until the end of the transaction.
pub(super) const HOLD: Sql = Sql {
    text: "SELECT 1 / (CASE WHEN count(*) = cardinality($1) THEN 1 ELSE 0 END) FROM (
        SELECT 1 FROM unnest($1::text[], $2::text[], $3::bytea[]) WITH ORDINALITY AS k (collection, id, expected, n)
        JOIN cs_record r ON r.collection = k.collection AND r.id = k.id AND r.rev = k.expected
        ORDER BY k.n FOR SHARE OF r) AS held",
    types: &[Type::TEXT_ARRAY, Type::TEXT_ARRAY, Type::BYTEA_ARRAY],
};

/// What a group writes when every batch of it fits.
#[derive(Debug, Default)]
struct Quick<'a> {
    /// New bodies under an expected revision.
    replaced: BTreeMap<&'a Key, (&'a [u8], Row<'a>)>,
    inserted: BTreeMap<&'a Key, (Row<'a>, &'a [IndexEntry])>,
    held: BTreeMap<&'a Key, &'a [u8]>,
}

#[derive(Clone, Copy, Debug)]
struct Row<'a> {
    rev: &'a [u8],
    expires_at: Option<u64>,
    body: &'a [u8],
}

impl<'a> Quick<'a> {
    /// None when a group needs to know more of a record than its revision, or touches one in two ways.
    fn of(batches: &[&'a Batch]) -> Option<Self> {
        let mut quick = Self::default();
        for batch in batches {
            for write in &batch.writes {
                quick.take(&batch.rev.0, write)?;
            }
        }
        // Locked by two statements, one after the other: a collection belongs to one of them.
        let replaced: BTreeSet<&str> = quick.replaced.keys().map(|key| key.collection.0).collect();
        let apart = quick.held.keys().all(|key| !replaced.contains(key.collection.0));
        let once = quick.inserted.keys().all(|key| !quick.held.contains_key(key));
        (apart && once).then_some(quick)
    }

    fn take(&mut self, rev: &'a [u8], write: &'a Write) -> Option<()> {
        let known = match write {
            Write::Put {
                key,
                expect: Expect::At(expected),
                body,
                entries: Entries::Keep,
                expires_at,
            } => {
                let row = Row {
                    rev,
                    expires_at: *expires_at,
                    body,
                };
                self.replaced.insert(key, (&expected.0, row)).is_some()
            }
            Write::Put {
                key,
                expect: Expect::Absent,
                body,
                entries: Entries::Set(entries),
                expires_at,
            }
            | Write::Append {
                key,
                body,
                entries,
                expires_at,
            } => {
                let row = Row {
                    rev,
                    expires_at: *expires_at,
                    body,
                };
                self.inserted.insert(key, (row, entries)).is_some()
            }
            Write::Check {
                key,
                expect: Expect::At(expected),
            } => {
                let before = self.held.insert(key, &expected.0);
                before.is_some_and(|before| before != expected.0)
            }
            Write::Put { .. } | Write::Check { .. } => return None,
        };
        (!known).then_some(())
    }
}

/// Writes the batches when all of them fit; none when one may not, and nothing was written then.
pub(super) async fn commit(
    link: &Writer,
    limit: Duration,
    batches: &[&Batch],
) -> Result<Option<Vec<Commit>>, Failed> {
    let Some(quick) = Quick::of(batches) else {
        return Ok(None);
    };
    let [_, _, _, insert, _, _, insert_lines, _, _, replace_sql, hold_sql] = &link.statements;
    let lined: Vec<(&Key, Vec<Line<'_>>)> = quick
        .inserted
        .iter()
        .map(|(key, (_, entries))| (*key, lines_of(entries)))
        .collect();
    let packed: Vec<Option<Vec<u8>>> = lined.iter().map(|(_, lines)| pack(lines)).collect();
    let (mut inserts, mut new) = (Rows::default(), Lines::default());
    for ((key, (row, _)), packed) in quick.inserted.iter().zip(&packed) {
        inserts.collections.push(key.collection.0);
        inserts.ids.push(&key.id);
        inserts.revs.push(row.rev);
        inserts.expiries.push(row.expires_at.map(to_column));
        inserts.entries.push(packed.as_deref());
        inserts.bodies.push(row.body);
    }
    for (key, lines) in &lined {
        for line in lines {
            new.add(key.collection.0, &key.id, line);
        }
    }
    // Polled in this order, so sent in this order.
    let writing = try_join4(
        begin(link),
        replace(link, replace_sql, &quick),
        hold(link, hold_sql, &quick),
        async {
            let (inserted, lined) = join(rows(link, insert, &inserts), lines(link, insert_lines, &new)).await;
            inserted.and(lined)
        },
    );
    let both = join(writing, link.client.batch_execute("COMMIT"));
    let Ok((written, committed)) = timeout(limit, both).await else {
        return Err(Failed::Unknown(StoreError::Unknown(
            "the database did not confirm in time".into(),
        )));
    };
    match (written, committed) {
        (Ok(_), Ok(())) => Ok(Some(batches.iter().map(|_| Commit::Applied).collect())),
        // The commit was made a rollback.
        (Err(error), _) if is_misfit(&error) => Ok(None),
        (Err(error), _) if error.code().is_some() => Err(error.into()),
        (Err(error), _) => Err(Failed::Unknown(StoreError::Unknown(describe(&error)))),
        (Ok(_), Err(error)) => Err(match of_commit(&error) {
            unknown @ StoreError::Unknown(_) => Failed::Unknown(unknown),
            StoreError::NotApplied(_) => error.into(),
        }),
    }
}

/// Something was not found as expected, or is there already.
fn is_misfit(error: &Error) -> bool {
    let code = error.code();
    code == Some(&SqlState::DIVISION_BY_ZERO) || code == Some(&SqlState::UNIQUE_VIOLATION)
}

async fn replace(link: &Writer, statement: &Statement, quick: &Quick<'_>) -> Result<(), Error> {
    if quick.replaced.is_empty() {
        return Ok(());
    }
    let all = || quick.replaced.iter();
    let collections: Vec<&str> = all().map(|(key, _)| key.collection.0).collect();
    let ids: Vec<&str> = all().map(|(key, _)| key.id.as_str()).collect();
    let expected: Vec<&[u8]> = all().map(|(_, (expected, _))| *expected).collect();
    let revs: Vec<&[u8]> = all().map(|(_, (_, row))| row.rev).collect();
    let expiries: Vec<Option<i64>> = all().map(|(_, (_, row))| row.expires_at.map(to_column)).collect();
    let bodies: Vec<&[u8]> = all().map(|(_, (_, row))| row.body).collect();
    let columns: [&(dyn ToSql + Sync); 6] = [&collections, &ids, &expected, &revs, &expiries, &bodies];
    statement.query(&link.client, &columns).await.map(drop)
}

async fn hold(link: &Writer, statement: &Statement, quick: &Quick<'_>) -> Result<(), Error> {
    if quick.held.is_empty() {
        return Ok(());
    }
    let collections: Vec<&str> = quick.held.keys().map(|key| key.collection.0).collect();
    let ids: Vec<&str> = quick.held.keys().map(|key| key.id.as_str()).collect();
    let expected: Vec<&[u8]> = quick.held.values().copied().collect();
    let columns: [&(dyn ToSql + Sync); 3] = [&collections, &ids, &expected];
    statement.query(&link.client, &columns).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::port::{Collection, Index, Rev};

    const ACTIVATION: Collection = Collection("activation");
    const APPLICATION: Collection = Collection("application");

    fn put(id: &str, expect: Expect, entries: Entries) -> Write {
        Write::Put {
            key: Key::new(ACTIVATION, id),
            expect,
            body: vec![1],
            entries,
            expires_at: None,
        }
    }

    fn check(collection: Collection, id: &str, rev: u8) -> Write {
        Write::Check {
            key: Key::new(collection, id),
            expect: Expect::At(Rev([rev; 16])),
        }
    }

    fn append(id: &str) -> Write {
        Write::Append {
            key: Key::new(Collection("journal"), id),
            body: vec![1],
            entries: vec![IndexEntry {
                index: Index("signatures"),
                value: b"user".to_vec(),
                sort: 1,
            }],
            expires_at: None,
        }
    }

    /// Replaced, inserted and held records of batches; none where they take the longer way.
    fn counts(batches: &[Vec<Write>]) -> Option<(usize, usize, usize)> {
        let batches = batches.iter().map(|writes| Batch {
            rev: Rev([9; 16]),
            writes: writes.clone(),
        });
        let batches: Vec<Batch> = batches.collect();
        let quick = Quick::of(&batches.iter().collect::<Vec<_>>())?;
        Some((quick.replaced.len(), quick.inserted.len(), quick.held.len()))
    }

    #[test]
    fn groups_that_only_need_revisions_are_quick() {
        let at = || Expect::At(Rev([1; 16]));
        let verified = |id: &str| {
            vec![
                put(id, at(), Entries::Keep),
                check(APPLICATION, "bank", 1),
                append(id),
            ]
        };
        assert_eq!(counts(&[verified("a"), verified("b")]), Some((2, 2, 1)));
        let new = put("c", Expect::Absent, Entries::Set(Vec::new()));
        assert_eq!(counts(&[verified("a"), vec![new]]), Some((1, 2, 1)));

        // One after the other.
        assert_eq!(counts(&[verified("a"), verified("a")]), None);
        // One of them is wrong.
        let older = vec![check(APPLICATION, "bank", 2)];
        assert_eq!(counts(&[verified("a"), older]), None);
        // Old entries have to be known, or a key kept free.
        assert_eq!(counts(&[vec![put("a", at(), Entries::Set(Vec::new()))]]), None);
        let free = Write::Check {
            key: Key::new(APPLICATION, "bank"),
            expect: Expect::Absent,
        };
        assert_eq!(counts(&[vec![free]]), None);
        // Held and replaced in one collection: locked in the order of all its keys.
        let other = vec![check(ACTIVATION, "b", 1)];
        assert_eq!(counts(&[verified("a"), other]), None);
        assert_eq!(
            counts(&[vec![append("x"), check(Collection("journal"), "x", 1)]]),
            None
        );
    }
}
