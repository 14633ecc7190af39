//! Tables exported into files: `COPY table TO … (FORMAT csv, HEADER)`, one file per table and named after it.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufReader, ErrorKind, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use super::convert::{Context, readable};
use super::csv::{Fields, Reader};
use super::reason::Reason;
use super::row::{Layout, Row};
use super::source::{Item, Page, Source, SourceError};
use super::table::Table;
use super::zone::Zone;
use crate::engine::Engine;
use crate::store::Fut;

/// A folder of exported tables.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    zone: Zone,
    open: Option<Open>,
    known: Option<Known>,
}

/// A column of a whole table.
#[derive(Debug)]
struct Known {
    table: Table,
    column: &'static str,
    values: HashMap<Box<str>, Box<str>>,
}

/// A table that is being read.
#[derive(Debug)]
struct Open {
    table: Table,
    size: u64,
    reader: Reader<BufReader<File>>,
    columns: Columns,
}

/// Where the columns that are read stand in a file.
#[derive(Debug)]
pub(super) struct Columns {
    table: Table,
    width: usize,
    /// Per column that is read.
    places: Vec<Option<usize>>,
    layout: Arc<Layout>,
}

impl Columns {
    /// From the first line.
    pub(super) fn of(table: Table, header: &Fields, zone: Zone) -> Option<Self> {
        let header = header.as_ref()?;
        let wanted = table.columns();
        let place = |(name, _): &(&str, bool)| {
            let mut places = header.iter().enumerate().filter_map(|(at, known)| {
                let known = known.as_deref()?.trim();
                known.eq_ignore_ascii_case(name).then_some(at)
            });
            places.next()
        };
        let places: Vec<Option<usize>> = wanted.iter().map(place).collect();
        // Something else than names of columns stands there.
        let key = places.first().copied().flatten();
        key?;
        Some(Self {
            table,
            width: header.len(),
            layout: Arc::new(Layout {
                present: places.iter().map(Option::is_some).collect(),
                zone,
            }),
            places,
        })
    }

    /// The row of a line.
    pub(super) fn row(&self, fields: Fields) -> Result<Row, Reason> {
        let mut fields = fields.ok_or(Reason::BadRow)?;
        if fields.len() != self.width {
            return Err(Reason::BadRow);
        }
        let mut take = |place: &Option<usize>| fields.get_mut((*place)?)?.take();
        let values = self.places.iter().map(&mut take).collect();
        let row = Row::new(self.table, Arc::clone(&self.layout), values);
        let rest = Row::new(self.table, Arc::clone(&self.layout), fields);
        drop(rest);
        Ok(row)
    }
}

impl Folder {
    /// The tables in `path`, whose moments are UTC. Whether there are any shows when they are read.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            zone: Zone::default(),
            open: None,
            known: None,
        }
    }

    /// The same tables, with moments that were written in `zone`.
    #[must_use]
    pub fn in_zone(mut self, zone: Zone) -> Self {
        self.zone = zone;
        self
    }

    fn failed(table: Table, error: std::io::Error) -> SourceError {
        SourceError::File(format!("{}.csv", table.name()), error)
    }

    /// The table from byte `after` on; none when there is no such file.
    fn open(&self, table: Table, after: Option<u64>) -> Result<Option<Open>, SourceError> {
        let failed = |error| Self::failed(table, error);
        let file = match File::open(self.path.join(format!("{}.csv", table.name()))) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let size = file.metadata().map_err(failed)?.len();
        let mut reader = Reader::new(BufReader::with_capacity(1 << 16, file), 0);
        let header = reader.row().map_err(failed)?;
        let columns = header.and_then(|header| Columns::of(table, &header, self.zone.clone()));
        let columns = columns.ok_or_else(|| SourceError::Header(format!("{}.csv", table.name())))?;
        let reader = match after {
            None => reader,
            Some(after) if after < reader.offset() || after > size => {
                return Err(SourceError::Position(table.name()));
            }
            Some(after) => {
                let path = self.path.join(format!("{}.csv", table.name()));
                let mut file = File::open(path).map_err(failed)?;
                file.seek(SeekFrom::Start(after)).map_err(failed)?;
                Reader::new(BufReader::with_capacity(1 << 16, file), after)
            }
        };
        Ok(Some(Open {
            table,
            size,
            reader,
            columns,
        }))
    }

    fn read(&mut self, table: Table, after: Option<&str>, limit: usize) -> Result<Page, SourceError> {
        let wrong = || SourceError::Position(table.name());
        let after: Option<u64> = after.map(str::parse).transpose().map_err(|_| wrong())?;
        let continues = |open: &Open| open.table == table && after == Some(open.reader.offset());
        if !self.open.as_ref().is_some_and(continues) {
            self.open = self.open(table, after)?;
        }
        let Some(open) = &mut self.open else {
            return Ok(Page {
                items: Vec::new(),
                end: true,
            });
        };
        let mut items = Vec::with_capacity(limit);
        while items.len() < limit {
            let fields = open.reader.row().map_err(|error| Self::failed(table, error))?;
            let Some(fields) = fields else {
                return Ok(Page { items, end: true });
            };
            items.push(Item {
                row: open.columns.row(fields),
                position: open.reader.offset().to_string(),
            });
        }
        Ok(Page { items, end: false })
    }

    /// A column of a whole table by primary key, kept for the next question.
    fn known(&mut self, table: Table, column: &'static str) -> Result<&Known, SourceError> {
        let same = |known: &Known| known.table == table && known.column == column;
        if !self.known.as_ref().is_some_and(same) {
            let mut values = HashMap::new();
            if let Some(mut open) = self.open(table, None)? {
                while let Some(fields) = open.reader.row().map_err(|error| Self::failed(table, error))? {
                    let row = open.columns.row(fields);
                    if let Ok(row) = row
                        && let Ok(Some(value)) = row.text(column)
                    {
                        values.insert(row.key().into_boxed_str(), value.into());
                    }
                }
            }
            self.known = Some(Known {
                table,
                column,
                values,
            });
        }
        self.known.as_ref().ok_or(SourceError::Position(table.name()))
    }
}

impl Source for Folder {
    fn page<'a>(
        &'a mut self,
        table: Table,
        after: Option<&'a str>,
        limit: usize,
    ) -> Fut<'a, Result<Page, SourceError>> {
        Box::pin(async move { self.read(table, after, limit) })
    }

    fn lookup<'a>(
        &'a mut self,
        table: Table,
        column: &'static str,
        keys: &'a [String],
    ) -> Fut<'a, Result<Vec<Option<String>>, SourceError>> {
        Box::pin(async move {
            let known = self.known(table, column)?;
            let value = |key: &String| known.values.get(key.as_str()).map(|value| value.to_string());
            Ok(keys.iter().map(value).collect())
        })
    }

    fn share(&self, table: Table, position: Option<&str>) -> Option<f64> {
        let open = self.open.as_ref().filter(|open| open.table == table)?;
        let done: u32 = (position?.parse::<u64>().ok()? >> 10).try_into().ok()?;
        let all: u32 = ((open.size >> 10) + 1).try_into().ok()?;
        Some((f64::from(done) / f64::from(all)).min(1.0))
    }
}

/// Reads an exported table without taking it over, its numbers of applications being `applications`; answers how many of
/// its rows could be taken over, as far as the rows alone tell, and how many could not. None when the first line does not
/// name the columns.
pub fn inspect(
    engine: &Engine,
    table: Table,
    applications: &[(i64, &str)],
    text: &[u8],
) -> Option<(u64, u64)> {
    let context = Context {
        engine,
        old_key: None,
        applications: applications
            .iter()
            .map(|(number, name)| (*number, (*name).to_owned()))
            .collect(),
        secrets: HashSet::new(),
        follows: false,
    };
    let mut reader = Reader::new(text, 0);
    let mut next = || reader.row().ok().flatten();
    let columns = Columns::of(table, &next()?, Zone::default())?;
    let (mut sound, mut refused) = (0, 0);
    while let Some(fields) = next() {
        let row = [columns.row(fields)];
        match readable(&context, table, &row) {
            true => sound += 1,
            false => refused += 1,
        }
    }
    Some((sound, refused))
}
