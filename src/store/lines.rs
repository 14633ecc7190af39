//! How SQL adapters keep what their databases have no type for: 64 unsigned bits, and a record's index entries
//! beside it, so that the old ones are known when they change. And where a scan begins and ends.

use super::port::{IndexEntry, Scan};

/// 64 unsigned bits as 64 signed ones in the same order.
pub(crate) fn to_column(value: u64) -> i64 {
    (value ^ (1 << 63)).cast_signed()
}

/// The other way round.
pub(crate) fn from_column(value: i64) -> u64 {
    value.cast_unsigned() ^ (1 << 63)
}

/// The range of a scan, and the id after which it goes on inside the sort value where it begins.
pub(crate) fn window(scan: &Scan) -> (u64, u64, Option<&str>) {
    match &scan.after {
        Some(cursor) if !scan.newest_first && cursor.sort >= scan.from => {
            (cursor.sort, scan.to, Some(&cursor.id))
        }
        Some(cursor) if scan.newest_first && cursor.sort <= scan.to => {
            (scan.from, cursor.sort, Some(&cursor.id))
        }
        // A cursor before the range does not narrow it.
        _ => (scan.from, scan.to, None),
    }
}

/// An index entry as it is stored.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a [u8],
    pub(crate) sort: u64,
}

/// Sorted, without duplicates.
pub(crate) fn lines_of(entries: &[IndexEntry]) -> Vec<Line<'_>> {
    let mut lines: Vec<_> = entries
        .iter()
        .map(|entry| Line {
            name: entry.index.0,
            value: &entry.value,
            sort: entry.sort,
        })
        .collect();
    lines.sort();
    lines.dedup();
    lines
}

/// Lines in the form of the column `entries`: for each the length of the name (4 bytes, big endian),
/// the name, the length of the value (4 bytes), the value, and `sort` (8 bytes).
pub(crate) fn pack(lines: &[Line<'_>]) -> Option<Vec<u8>> {
    if lines.is_empty() {
        return None;
    }
    let mut packed = Vec::new();
    let text = |bytes: &[u8], packed: &mut Vec<u8>| {
        packed.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        packed.extend(bytes);
    };
    for line in lines {
        text(line.name.as_bytes(), &mut packed);
        text(line.value, &mut packed);
        packed.extend(line.sort.to_be_bytes());
    }
    Some(packed)
}

/// A packed column that [`pack`] did not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Damaged;

/// Reads what [`pack`] wrote.
pub(crate) fn unpack(packed: Option<&[u8]>) -> Result<Vec<Line<'_>>, Damaged> {
    fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
        let (head, tail) = rest.split_at_checked(length)?;
        *rest = tail;
        Some(head)
    }
    fn text<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
        let length = u32::from_be_bytes(take(rest, 4)?.try_into().ok()?);
        take(rest, usize::try_from(length).ok()?)
    }
    fn line<'a>(rest: &mut &'a [u8]) -> Option<Line<'a>> {
        Some(Line {
            name: std::str::from_utf8(text(rest)?).ok()?,
            value: text(rest)?,
            sort: u64::from_be_bytes(take(rest, 8)?.try_into().ok()?),
        })
    }
    let (mut rest, mut lines) = (packed.unwrap_or_default(), Vec::new());
    while !rest.is_empty() {
        lines.push(line(&mut rest).ok_or(Damaged)?);
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::port::Index;

    #[test]
    fn unsigned_order_is_kept() {
        let numbers = [0, 1, 255, 1 << 40, (1 << 63) - 1, 1 << 63, u64::MAX - 1, u64::MAX];
        let columns = numbers.map(to_column);
        assert!(columns.is_sorted_by(|a, b| a < b), "{columns:?}");
        assert_eq!(columns.map(from_column), numbers);
        // As the comment in the schema says.
        assert_eq!(to_column(1_700_000_000_000) + i64::MAX + 1, 1_700_000_000_000);
    }

    #[test]
    fn lines_are_packed_and_unpacked() {
        let entry = |name, value: &[u8], sort| IndexEntry {
            index: Index(name),
            value: value.to_vec(),
            sort,
        };
        let entries = [
            entry("b", b"", 0),
            entry("a", &[0, 255, 0], u64::MAX),
            entry("", &[7; 300], 1),
            entry("b", b"", 0),
        ];
        let lines = lines_of(&entries);
        assert_eq!(lines.len(), 3, "equal ones are one");
        let packed = pack(&lines).unwrap();
        assert!(unpack(Some(&packed)).is_ok_and(|unpacked| unpacked == lines));
        assert_eq!(pack(&[]), None);
        assert!(unpack(None).is_ok_and(|lines| lines.is_empty()));
        let mut whole = 0;
        for length in 0..packed.len() {
            if let Ok(part) = unpack(packed.get(..length)) {
                assert!(lines.starts_with(&part));
                whole += 1;
            }
        }
        assert_eq!(whole, 3, "only whole lines are read");
    }
}
