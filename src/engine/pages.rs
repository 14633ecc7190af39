//! Lists: parts of an index, and all of it (server API, part 1, sections 6.9, 11, 12).

use super::json::Moment;
use super::{Engine, EngineStop, Error, ErrorCode};
use crate::model::journal::Entry;
use crate::store::{Entity, Index, Range, Tx};

/// Part of a list: how many to skip, how many to take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageBounds {
    pub(crate) skip: usize,
    pub(crate) take: usize,
}

/// Checks page number and size: ERR0024 below 0 and 1. Larger pages than allowed are cut.
pub(crate) fn page(
    engine: &Engine,
    number: Option<i64>,
    size: Option<i64>,
) -> Result<PageBounds, EngineStop> {
    let config = &engine.config;
    let size = size.unwrap_or_else(|| i64::from(config.default_page_size));
    let number = number.unwrap_or(0);
    if number < 0 || size < 1 {
        return Err(ErrorCode::InvalidRequest.into());
    }
    let size = usize::try_from(size.min(i64::from(config.max_page_size))).unwrap_or(usize::MAX);
    let skip = usize::try_from(number).unwrap_or(usize::MAX).saturating_mul(size);
    Ok(PageBounds { skip, take: size })
}

/// Entries that the first scan brings, and those after it.
const FIRST_CHUNK: u32 = 500;
const CHUNK: u32 = 1_000;
/// Scans of one list, well below the reads that a decision may do: 39,500 entries.
const MAX_SCANS: u32 = 40;

/// A list that goes on behind all that one request may look at.
fn too_long() -> EngineStop {
    let text = "The list is too long. Narrow the request, or ask for an earlier page.";
    Error::with_detail(ErrorCode::InvalidRequest, text).into()
}

/// All records under an index value that `keep` keeps, newest first, within `bounds`. ERR0024 when they
/// lie too far back.
pub(crate) fn scan_page<R: Entity>(
    tx: &mut Tx<'_>,
    index: Index,
    value: impl AsRef<[u8]>,
    bounds: PageBounds,
    mut keep: impl FnMut(&R) -> bool,
) -> Result<Vec<R>, EngineStop> {
    // Often all that was skipped and is taken, and no more, when nothing is left out.
    let wanted = bounds.skip.saturating_add(bounds.take).max(1);
    let mut range = Range {
        newest_first: true,
        ..Range::all(
            index,
            value.as_ref(),
            u32::try_from(wanted).map_or(FIRST_CHUNK, |it| it.min(FIRST_CHUNK)),
        )
    };
    let mut skip = bounds.skip;
    let mut found = Vec::new();
    for _ in 0..MAX_SCANS {
        let (records, next) = tx.scan::<R>(range.clone())?;
        for record in records {
            if !keep(&record) {
                continue;
            }
            if skip > 0 {
                skip -= 1;
                continue;
            }
            found.push(record);
            if found.len() == bounds.take {
                return Ok(found);
            }
        }
        match next {
            Some(next) => range.after = Some(next),
            None => return Ok(found),
        }
        range.limit = CHUNK;
    }
    Err(too_long())
}

/// All records of `range`, page after page. ERR0024 when they are too many.
pub(crate) fn scan_all<R: Entity>(tx: &mut Tx<'_>, mut range: Range) -> Result<Vec<R>, EngineStop> {
    let mut found = Vec::new();
    for _ in 0..MAX_SCANS {
        let (records, next) = tx.scan::<R>(range.clone())?;
        found.extend(records);
        match next {
            Some(next) => range.after = Some(next),
            None => return Ok(found),
        }
        range.limit = CHUNK;
    }
    Err(too_long())
}

/// The newest entries of an index between two moments, both included, that `keep` makes something of; at most `most`.
/// ERR0024 when they lie too far back.
pub(crate) fn journal_page<T>(
    tx: &mut Tx<'_>,
    (index, value): (Index, &str),
    (from, to): (Moment, Moment),
    most: usize,
    keep: impl Fn(&Entry) -> Option<T>,
) -> Result<Vec<T>, EngineStop> {
    /// Several of these go into one decision.
    const SCANS: u32 = 12;
    let mut range = Range {
        newest_first: true,
        from: from.millis(),
        to: to.millis(),
        ..Range::all(index, value, FIRST_CHUNK)
    };
    let mut found = Vec::new();
    for _ in 0..SCANS {
        let (entries, next) = tx.scan::<Entry>(range.clone())?;
        let room = most.saturating_sub(found.len());
        found.extend(entries.iter().filter_map(&keep).take(room));
        match next {
            Some(next) if found.len() < most => range.after = Some(next),
            _ => return Ok(found),
        }
        range.limit = CHUNK;
    }
    Err(too_long())
}

/// Journal entries of an index between two moments, newest first. Entries of one millisecond keep
/// the order of their numbers.
pub(crate) fn journal(
    tx: &mut Tx<'_>,
    index: Index,
    value: &str,
    from: Option<Moment>,
    to: Option<Moment>,
) -> Result<Vec<Entry>, EngineStop> {
    let range = Range {
        newest_first: true,
        from: from.map_or(0, Moment::millis),
        to: to.map_or(u64::MAX, Moment::millis),
        ..Range::all(index, value, FIRST_CHUNK)
    };
    scan_all(tx, range)
}
