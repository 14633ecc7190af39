//! What a store answers.

use super::{Kind, MAX_DETAIL, MAX_QUERIES, Reader, WireError, Writer};
use crate::store::machine::Input;
use crate::store::port::{
    Answer, Batch, Collection, Commit, Key, MAX_PAGE, MAX_WRITES, Page, Query, Record, Scan, StoreError,
};

/// What was asked last: an answer is read against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// These queries.
    Read(Vec<Query>),
    /// A batch with writes of these keys.
    Commit(Vec<Key>),
}

impl Asked {
    /// What a batch leaves to remember.
    pub fn batch(batch: &Batch) -> Self {
        Self::Commit(batch.writes.iter().map(|write| write.key().clone()).collect())
    }
}

/// The message for answers to a read.
///
/// # Errors
/// [`WireError::TooLong`] or [`WireError::Id`] when a bound is not kept.
pub fn encode_answers(answers: &[Answer]) -> Result<Vec<u8>, WireError> {
    let mut out = Writer::new(Kind::Answers);
    out.count(answers.len(), MAX_QUERIES)?;
    for answer in answers {
        match answer {
            Answer::Record(record) => {
                out.u8(1);
                write_found(&mut out, record.as_ref())?;
            }
            Answer::Page(page) => {
                out.u8(2);
                out.count(page.records.len(), page_bound(MAX_PAGE))?;
                for record in &page.records {
                    out.record(record)?;
                }
                out.cursor(page.next.as_ref())?;
            }
        }
    }
    out.finish()
}

/// The message for the outcome of `batch`.
///
/// # Errors
/// [`WireError::Mismatch`] when the conflict names a key that the batch does not write, or repeats
/// one; [`WireError::Empty`] when it names none; [`WireError::TooLong`] and [`WireError::Id`] when a
/// bound is not kept.
pub fn encode_commit(outcome: &Commit, batch: &Batch) -> Result<Vec<u8>, WireError> {
    let Commit::Conflict(current) = outcome else {
        return Writer::new(Kind::Applied).finish();
    };
    if current.is_empty() {
        return Err(WireError::Empty);
    }
    let mut places = Vec::with_capacity(current.len());
    for (key, record) in current {
        let place = batch.writes.iter().position(|write| write.key() == key);
        places.push((place.ok_or(WireError::Mismatch)?, record));
    }
    places.sort_by_key(|(place, _)| *place);
    let mut out = Writer::new(Kind::Conflict);
    out.count(places.len(), MAX_WRITES)?;
    let mut last = None;
    for (place, record) in places {
        if last.replace(place) == Some(place) {
            return Err(WireError::Mismatch);
        }
        out.count(place, MAX_WRITES)?;
        write_found(&mut out, record.as_ref())?;
    }
    out.finish()
}

/// The message for a store that failed. A text beyond [`MAX_DETAIL`] is cut.
///
/// # Errors
/// None in practice; the message is bounded.
pub fn encode_failure(error: &StoreError) -> Result<Vec<u8>, WireError> {
    let (kind, detail) = match error {
        StoreError::NotApplied(detail) => (Kind::NotApplied, detail),
        StoreError::Unknown(detail) => (Kind::Unknown, detail),
    };
    let mut end = detail.len().min(MAX_DETAIL);
    while !detail.is_char_boundary(end) {
        end -= 1;
    }
    let mut out = Writer::new(kind);
    out.text(detail.get(..end).unwrap_or_default(), MAX_DETAIL)?;
    out.finish()
}

/// Reads what a store answered to `asked`.
///
/// # Errors
/// When the bytes are not an answer to it; see [`WireError`]. Nothing was consumed then: the same
/// question can be answered again.
pub fn decode_input(message: &[u8], asked: &Asked) -> Result<Input, WireError> {
    let (kind, mut reader) = Reader::open(message)?;
    let input = match (kind, asked) {
        (Kind::Answers, Asked::Read(queries)) => Input::Answers(read_answers(&mut reader, queries)?),
        (Kind::Applied, Asked::Commit(_)) => Input::Applied,
        (Kind::Conflict, Asked::Commit(keys)) => Input::Conflict(read_conflict(&mut reader, keys)?),
        (Kind::NotApplied, _) => Input::Failed(StoreError::NotApplied(read_detail(&mut reader)?)),
        (Kind::Unknown, _) => Input::Failed(StoreError::Unknown(read_detail(&mut reader)?)),
        _ => return Err(WireError::Unexpected),
    };
    reader.close()?;
    Ok(input)
}

fn write_found(out: &mut Writer, record: Option<&Record>) -> Result<(), WireError> {
    match record {
        None => out.u8(0),
        Some(record) => {
            out.u8(1);
            out.record(record)?;
        }
    }
    Ok(())
}

fn read_answers(reader: &mut Reader<'_>, queries: &[Query]) -> Result<Vec<Answer>, WireError> {
    if usize::from(reader.u16()?) != queries.len() {
        return Err(WireError::Count);
    }
    let mut answers = Vec::new();
    for query in queries {
        answers.push(match (reader.u8()?, query) {
            (1, Query::Get(key)) => Answer::Record(read_found(reader, key)?),
            (2, Query::Scan(scan)) => Answer::Page(read_page(reader, scan)?),
            (1 | 2, _) => return Err(WireError::Mismatch),
            _ => return Err(WireError::Tag),
        });
    }
    Ok(answers)
}

fn read_page(reader: &mut Reader<'_>, scan: &Scan) -> Result<Page, WireError> {
    Ok(Page {
        records: reader.list(page_bound(scan.limit), |reader| {
            read_record(reader, scan.collection)
        })?,
        next: reader.cursor()?,
    })
}

fn page_bound(limit: u32) -> usize {
    usize::try_from(limit.min(MAX_PAGE)).unwrap_or_default()
}

/// The record with this key, or nothing.
fn read_found(reader: &mut Reader<'_>, key: &Key) -> Result<Option<Record>, WireError> {
    if !reader.present()? {
        return Ok(None);
    }
    let record = read_record(reader, key.collection)?;
    if record.key.id == key.id {
        Ok(Some(record))
    } else {
        Err(WireError::Mismatch)
    }
}

fn read_record(reader: &mut Reader<'_>, collection: Collection) -> Result<Record, WireError> {
    Ok(Record {
        key: Key {
            collection,
            id: reader.id()?,
        },
        rev: reader.rev()?,
        expires_at: reader.moment()?,
        body: reader.body()?,
    })
}

fn read_conflict(reader: &mut Reader<'_>, keys: &[Key]) -> Result<Vec<(Key, Option<Record>)>, WireError> {
    let mut last = None;
    let current = reader.list(MAX_WRITES, |reader| {
        let place = usize::from(reader.u16()?);
        if last.replace(place).is_some_and(|last| last >= place) {
            return Err(WireError::Order);
        }
        let key = keys.get(place).ok_or(WireError::Order)?;
        Ok((key.clone(), read_found(reader, key)?))
    })?;
    if current.is_empty() {
        return Err(WireError::Empty);
    }
    Ok(current)
}

fn read_detail(reader: &mut Reader<'_>) -> Result<String, WireError> {
    reader.text(MAX_DETAIL).map(str::to_owned)
}
