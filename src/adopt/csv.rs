//! Comma separated values as PostgreSQL writes them: an unquoted empty field is null, a quoted one is a text.

use std::io::{self, BufRead};

/// Longest row, in bytes. The longest column is unlimited text; requests that it was made of were not.
const MAX_ROW: usize = 4 << 20;
/// Most fields of a row.
const MAX_FIELDS: usize = 256;

/// Fields of a row, or nothing for one that cannot be taken apart.
pub(super) type Fields = Option<Vec<Option<String>>>;

/// Reads rows and counts bytes.
#[derive(Debug)]
pub(super) struct Reader<R> {
    input: R,
    offset: u64,
}

enum At {
    Start,
    Plain,
    Quoted,
    /// After a quote inside a quoted field: its end, or the first of two.
    Quote,
}

impl<R: BufRead> Reader<R> {
    /// Reads from `input`, whose first byte is number `offset` of the file.
    pub(super) fn new(input: R, offset: u64) -> Self {
        Self { input, offset }
    }

    /// Number of the next byte.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The next row; none at the end.
    pub(super) fn row(&mut self) -> io::Result<Option<Fields>> {
        let mut row = Building::default();
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(if row.touched { Some(row.end()) } else { None });
            }
            let mut used = 0;
            let mut done = false;
            for byte in buffer {
                used += 1;
                if row.push(*byte) {
                    done = true;
                    break;
                }
            }
            self.input.consume(used);
            self.offset = self
                .offset
                .saturating_add(u64::try_from(used).unwrap_or(u64::MAX));
            if done && row.blank {
                row = Building::default();
            } else if done {
                return Ok(Some(row.end()));
            }
        }
    }
}

struct Building {
    fields: Vec<Option<String>>,
    field: Vec<u8>,
    at: At,
    quoted: bool,
    size: usize,
    broken: bool,
    touched: bool,
    blank: bool,
}

impl Default for Building {
    fn default() -> Self {
        Self {
            fields: Vec::new(),
            field: Vec::new(),
            at: At::Start,
            quoted: false,
            size: 0,
            broken: false,
            touched: false,
            blank: true,
        }
    }
}

impl Building {
    /// Takes a byte; answers whether it ended the row.
    fn push(&mut self, byte: u8) -> bool {
        self.touched = true;
        self.size += 1;
        self.broken |= self.size > MAX_ROW;
        match (&self.at, byte) {
            (At::Quoted, b'"') => self.at = At::Quote,
            (At::Quoted, byte) => self.keep(byte),
            (At::Quote, b'"') => {
                self.keep(b'"');
                self.at = At::Quoted;
            }
            (At::Start | At::Plain | At::Quote, b'\n') => return true,
            (_, b',') => self.next(),
            (At::Start, b'"') => {
                self.at = At::Quoted;
                self.quoted = true;
                self.blank = false;
            }
            // Before a line feed; anywhere else it belongs into quotes.
            (At::Start | At::Plain | At::Quote, b'\r') => {}
            (At::Start | At::Plain, byte) => {
                self.at = At::Plain;
                self.blank = false;
                self.keep(byte);
            }
            (At::Quote, _) => self.broken = true,
        }
        false
    }

    fn keep(&mut self, byte: u8) {
        if !self.broken {
            self.field.push(byte);
        }
    }

    fn next(&mut self) {
        self.blank = false;
        let field = String::from_utf8(std::mem::take(&mut self.field));
        match field {
            Ok(field) if self.fields.len() < MAX_FIELDS => {
                self.fields
                    .push((self.quoted || !field.is_empty()).then_some(field));
            }
            _ => self.broken = true,
        }
        self.at = At::Start;
        self.quoted = false;
    }

    fn end(mut self) -> Fields {
        self.broken |= matches!(self.at, At::Quoted);
        self.next();
        (!self.broken).then_some(self.fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8]) -> Vec<Fields> {
        let mut reader = Reader::new(io::BufReader::with_capacity(3, text), 0);
        let mut rows = Vec::new();
        while let Some(row) = reader.row().unwrap() {
            rows.push(row);
        }
        assert_eq!(reader.offset(), u64::try_from(text.len()).unwrap());
        rows
    }

    fn fields(fields: &[Option<&str>]) -> Fields {
        Some(fields.iter().map(|field| field.map(str::to_owned)).collect())
    }

    #[test]
    fn nulls_quotes_and_lines() {
        assert_eq!(rows(b""), Vec::<Fields>::new());
        assert_eq!(rows(b"\n\r\n"), Vec::<Fields>::new());
        assert_eq!(
            rows(b"a,,\"\",\"b \"\"c\"\"\r\nd,\"\r\n\ne,\xC3\xA9"),
            [
                fields(&[Some("a"), None, Some(""), Some("b \"c\"\r\nd,")]),
                fields(&[Some("e"), Some("é")])
            ]
        );
        assert_eq!(rows(b",\n"), [fields(&[None, None])]);
    }

    #[test]
    fn damaged_rows_do_not_spoil_others() {
        assert_eq!(rows(b"\"a\"b,c\nd,e\n"), [None, fields(&[Some("d"), Some("e")])]);
        assert_eq!(rows(b"\xFF,c\nd\n"), [None, fields(&[Some("d")])]);
        assert_eq!(rows(b"d\n\"open"), [fields(&[Some("d")]), None]);
        let mut wide = vec![b','; MAX_FIELDS];
        wide.extend_from_slice(b"\nd\n");
        assert_eq!(rows(&wide), [None, fields(&[Some("d")])]);
        let mut long = vec![b'x'; MAX_ROW + 1];
        long.extend_from_slice(b"\nd\n");
        assert_eq!(rows(&long), [None, fields(&[Some("d")])]);
    }
}
