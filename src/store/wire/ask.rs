//! What the engine asks of a store: queries and batches.

use super::{Kind, MAX_ENTRIES, MAX_QUERIES, Reader, WireError, Writer};
use crate::store::port::{
    Batch, Collection, Entries, Expect, Index, IndexEntry, Key, MAX_PAGE, MAX_WRITES, Query, Scan, Write,
};

/// Names that a receiver knows. A message with another one is refused.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// Collections.
    pub collections: &'a [Collection],
    /// Indexes.
    pub indexes: &'a [Index],
}

/// A decoded request to a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Read these.
    Read(Vec<Query>),
    /// Commit this.
    Commit(Batch),
}

/// The message for `Step::Read`.
///
/// # Errors
/// [`WireError::Empty`], [`WireError::TooLong`] or [`WireError::Id`] when a bound is not kept.
pub fn encode_queries(queries: &[Query]) -> Result<Vec<u8>, WireError> {
    if queries.is_empty() {
        return Err(WireError::Empty);
    }
    let mut out = Writer::new(Kind::Queries);
    out.count(queries.len(), MAX_QUERIES)?;
    for query in queries {
        match query {
            Query::Get(key) => {
                out.u8(1);
                write_key(&mut out, key)?;
            }
            Query::Scan(scan) => {
                out.u8(2);
                write_scan(&mut out, scan)?;
            }
        }
    }
    out.finish()
}

/// The message for `Step::Commit`.
///
/// # Errors
/// [`WireError::Empty`], [`WireError::TooLong`], [`WireError::Id`] or [`WireError::Order`] when a
/// bound is not kept.
pub fn encode_batch(batch: &Batch) -> Result<Vec<u8>, WireError> {
    if batch.writes.is_empty() {
        return Err(WireError::Empty);
    }
    in_order(&batch.writes)?;
    let mut out = Writer::new(Kind::Batch);
    out.raw(&batch.rev.0);
    out.count(batch.writes.len(), MAX_WRITES)?;
    for write in &batch.writes {
        match write {
            Write::Put {
                key,
                expect,
                body,
                entries,
                expires_at,
            } => {
                out.u8(1);
                write_key(&mut out, key)?;
                write_expect(&mut out, *expect);
                out.body(body)?;
                out.moment(*expires_at);
                match entries {
                    Entries::Keep => out.u8(0),
                    Entries::Set(entries) => write_entries(&mut out, entries)?,
                }
            }
            Write::Check { key, expect } => {
                out.u8(2);
                write_key(&mut out, key)?;
                write_expect(&mut out, *expect);
            }
            Write::Append {
                key,
                body,
                entries,
                expires_at,
            } => {
                out.u8(3);
                write_key(&mut out, key)?;
                out.body(body)?;
                out.moment(*expires_at);
                write_entries(&mut out, entries)?;
            }
        }
    }
    out.finish()
}

/// Reads what [`encode_queries`] or [`encode_batch`] wrote: for stores written in Rust behind a
/// boundary.
///
/// # Errors
/// When the bytes are not such a message; see [`WireError`].
pub fn decode_ask(message: &[u8], names: Names<'_>) -> Result<Ask, WireError> {
    let (kind, mut reader) = Reader::open(message)?;
    let ask = match kind {
        Kind::Queries => {
            let queries = reader.list(MAX_QUERIES, |reader| read_query(reader, names))?;
            if queries.is_empty() {
                return Err(WireError::Empty);
            }
            Ask::Read(queries)
        }
        Kind::Batch => {
            let rev = reader.rev()?;
            let writes = reader.list(MAX_WRITES, |reader| read_write(reader, names))?;
            if writes.is_empty() {
                return Err(WireError::Empty);
            }
            in_order(&writes)?;
            Ask::Commit(Batch { rev, writes })
        }
        _ => return Err(WireError::Unexpected),
    };
    reader.close()?;
    Ok(ask)
}

/// One write per key, in the order of the keys.
fn in_order(writes: &[Write]) -> Result<(), WireError> {
    let mut neighbours = writes.iter().zip(writes.iter().skip(1));
    if neighbours.all(|(one, next)| one.key() < next.key()) {
        Ok(())
    } else {
        Err(WireError::Order)
    }
}

fn write_key(out: &mut Writer, key: &Key) -> Result<(), WireError> {
    out.name(key.collection.0)?;
    out.id(&key.id)
}

fn read_key(reader: &mut Reader<'_>, names: Names<'_>) -> Result<Key, WireError> {
    Ok(Key {
        collection: read_collection(reader, names)?,
        id: reader.id()?,
    })
}

fn read_collection(reader: &mut Reader<'_>, names: Names<'_>) -> Result<Collection, WireError> {
    let name = reader.name()?;
    let known = names.collections.iter().find(|known| known.0 == name);
    known.copied().ok_or(WireError::Name)
}

fn read_index(reader: &mut Reader<'_>, names: Names<'_>) -> Result<Index, WireError> {
    let name = reader.name()?;
    let known = names.indexes.iter().find(|known| known.0 == name);
    known.copied().ok_or(WireError::Name)
}

fn write_scan(out: &mut Writer, scan: &Scan) -> Result<(), WireError> {
    out.name(scan.collection.0)?;
    out.name(scan.index.0)?;
    out.value(&scan.value)?;
    out.u64(scan.from);
    out.u64(scan.to);
    out.u8(u8::from(scan.newest_first));
    out.cursor(scan.after.as_ref())?;
    out.u32(page_size(scan.limit)?);
    Ok(())
}

fn read_query(reader: &mut Reader<'_>, names: Names<'_>) -> Result<Query, WireError> {
    match reader.u8()? {
        1 => read_key(reader, names).map(Query::Get),
        2 => Ok(Query::Scan(Scan {
            collection: read_collection(reader, names)?,
            index: read_index(reader, names)?,
            value: reader.value()?,
            from: reader.u64()?,
            to: reader.u64()?,
            newest_first: reader.present()?,
            after: reader.cursor()?,
            limit: page_size(reader.u32()?)?,
        })),
        _ => Err(WireError::Tag),
    }
}

fn page_size(limit: u32) -> Result<u32, WireError> {
    match limit {
        0 => Err(WireError::Empty),
        1..=MAX_PAGE => Ok(limit),
        _ => Err(WireError::TooLong),
    }
}

fn write_expect(out: &mut Writer, expect: Expect) {
    match expect {
        Expect::Absent => out.u8(0),
        Expect::At(rev) => {
            out.u8(1);
            out.raw(&rev.0);
        }
    }
}

fn read_expect(reader: &mut Reader<'_>) -> Result<Expect, WireError> {
    if reader.present()? {
        reader.rev().map(Expect::At)
    } else {
        Ok(Expect::Absent)
    }
}

fn write_entries(out: &mut Writer, entries: &[IndexEntry]) -> Result<(), WireError> {
    out.u8(1);
    out.count(entries.len(), MAX_ENTRIES)?;
    for entry in entries {
        out.name(entry.index.0)?;
        out.value(&entry.value)?;
        out.u64(entry.sort);
    }
    Ok(())
}

fn read_entries(reader: &mut Reader<'_>, names: Names<'_>) -> Result<Entries, WireError> {
    if !reader.present()? {
        return Ok(Entries::Keep);
    }
    let entries = reader.list(MAX_ENTRIES, |reader| {
        Ok(IndexEntry {
            index: read_index(reader, names)?,
            value: reader.value()?,
            sort: reader.u64()?,
        })
    })?;
    Ok(Entries::Set(entries))
}

fn read_write(reader: &mut Reader<'_>, names: Names<'_>) -> Result<Write, WireError> {
    match reader.u8()? {
        1 => Ok(Write::Put {
            key: read_key(reader, names)?,
            expect: read_expect(reader)?,
            body: reader.body()?,
            expires_at: reader.moment()?,
            entries: read_entries(reader, names)?,
        }),
        2 => Ok(Write::Check {
            key: read_key(reader, names)?,
            expect: read_expect(reader)?,
        }),
        3 => Ok(Write::Append {
            key: read_key(reader, names)?,
            body: reader.body()?,
            expires_at: reader.moment()?,
            entries: match read_entries(reader, names)? {
                Entries::Set(entries) => entries,
                Entries::Keep => return Err(WireError::Tag),
            },
        }),
        _ => Err(WireError::Tag),
    }
}
