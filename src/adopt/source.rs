//! Where rows come from.

use super::reason::Reason;
use super::row::Row;
use super::table::Table;
use crate::store::Fut;

/// Why nothing can be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// The first line of a file is not the names of its columns.
    #[error("{0}: the first line does not name the columns")]
    Header(String),
    /// A position that this source has not given.
    #[error("{0}: the source is not the one that was read before")]
    Position(&'static str),
    /// The database, without address and rows.
    #[error("the database of the old server: {0}")]
    Database(String),
}

/// A row and where the source goes on after it.
#[derive(Debug)]
pub struct Item {
    /// Where the source goes on.
    pub position: String,
    /// The row, or why it is none.
    pub row: Result<Row, Reason>,
}

/// Some rows in the order of the source.
#[derive(Debug, Default)]
pub struct Page {
    /// The rows.
    pub items: Vec<Item>,
    /// Whether these were the last ones.
    pub end: bool,
}

/// A database of the old server, or an export of it. Nothing in it is changed.
pub trait Source: Send {
    /// At most `limit` rows of `table` after `after`, a position that the same source gave; from the beginning for none.
    /// A table that is not there has no rows.
    fn page<'a>(
        &'a mut self,
        table: Table,
        after: Option<&'a str>,
        limit: usize,
    ) -> Fut<'a, Result<Page, SourceError>>;

    /// A position before the row numbered `number` of a table that only grows; none when the source must be read from
    /// the beginning.
    fn before(&self, table: Table, number: u64) -> Option<String> {
        let _ = (table, number);
        None
    }

    /// What stands in `column` of the rows with these primary keys, in their order; none for a row that is not there, and
    /// for null.
    fn lookup<'a>(
        &'a mut self,
        table: Table,
        column: &'static str,
        keys: &'a [String],
    ) -> Fut<'a, Result<Vec<Option<String>>, SourceError>>;

    /// How much of `table` lies before `position`, between 0 and 1, as far as that is known without counting.
    fn share(&self, table: Table, position: Option<&str>) -> Option<f64> {
        let _ = (table, position);
        None
    }
}
