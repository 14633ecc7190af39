//! A row, and how its fields are read.

use std::sync::Arc;

use jiff::civil::DateTime;
use zeroize::Zeroize;

use super::reason::Reason;
use super::table::Table;
use super::zone::Zone;
use crate::crypto::encoding::base64;

/// What the rows of a table have in common.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Which columns of [`Table::columns`] the source has.
    pub(super) present: Vec<bool>,
    /// Where moments were written.
    pub(super) zone: Zone,
}

/// A row in the order of the columns that are read. Erased when it is dropped: it may hold keys.
pub struct Row {
    table: Table,
    layout: Arc<Layout>,
    values: Vec<Option<String>>,
}

impl Drop for Row {
    fn drop(&mut self) {
        for value in self.values.iter_mut().flatten() {
            value.zeroize();
        }
    }
}

/// Without the values.
impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row")
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}

impl Row {
    /// A row of `table`; `values` in the order of its columns, null for those that are not present.
    pub(super) fn new(table: Table, layout: Arc<Layout>, values: Vec<Option<String>>) -> Self {
        Self {
            table,
            layout,
            values,
        }
    }

    /// Its primary key, as far as there is one: for reports.
    pub fn key(&self) -> String {
        let keys = self.values.iter().take(self.table.keys());
        let keys: Vec<&str> = keys.map(|key| key.as_deref().unwrap_or_default()).collect();
        let key = keys.join("/");
        key.chars()
            .filter(|letter| !letter.is_control())
            .take(80)
            .collect()
    }

    /// A text; none for null, and for columns that this line of the old server does not have.
    pub(super) fn text(&self, column: &'static str) -> Result<Option<&str>, Reason> {
        let columns = self.table.columns();
        let at = columns.iter().position(|(name, _)| *name == column);
        let at = at.ok_or(Reason::MissingColumn(column))?;
        let needed = columns.get(at).is_some_and(|(_, needed)| *needed);
        if needed && !self.layout.present.get(at).copied().unwrap_or(false) {
            return Err(Reason::MissingColumn(column));
        }
        Ok(self.values.get(at).and_then(Option::as_deref))
    }

    /// Joins a column of another table.
    pub(super) fn join(&mut self, column: &'static str, value: Option<String>) {
        let place = self.table.columns().iter().position(|(name, _)| *name == column);
        if let Some(field) = place.and_then(|at| self.values.get_mut(at)) {
            *field = value;
        }
    }

    /// A text that must be there.
    pub(super) fn need(&self, column: &'static str) -> Result<&str, Reason> {
        self.text(column)?.ok_or(Reason::Null(column))
    }

    /// A copy of a text of at most `limit` characters.
    pub(super) fn owned(&self, column: &'static str, limit: usize) -> Result<Option<String>, Reason> {
        let text = self.text(column)?;
        text.map(|text| within(column, text, limit)).transpose()
    }

    /// An identifier of at most 255 characters that is there and not empty.
    pub(super) fn name(&self, column: &'static str) -> Result<String, Reason> {
        let text = self.need(column)?;
        if text.is_empty() || text.contains('\0') {
            return Err(Reason::Malformed(column));
        }
        within(column, text, 255)
    }

    /// A number.
    pub(super) fn number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<Option<T>, Reason> {
        let number = |text: &str| {
            let number = text.parse::<i64>().ok();
            number
                .and_then(|number| T::try_from(number).ok())
                .ok_or(Reason::Malformed(column))
        };
        self.text(column)?.map(number).transpose()
    }

    /// A number that must be there.
    pub(super) fn need_number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, Reason> {
        self.number(column)?.ok_or(Reason::Null(column))
    }

    /// A boolean, as PostgreSQL and its exports write it.
    pub(super) fn boolean(&self, column: &'static str) -> Result<Option<bool>, Reason> {
        let boolean = |text: &str| match text {
            "t" | "true" | "1" => Ok(true),
            "f" | "false" | "0" => Ok(false),
            _ => Err(Reason::Malformed(column)),
        };
        self.text(column)?.map(boolean).transpose()
    }

    /// A moment in the source's time zone, as milliseconds since the epoch; the first of two.
    pub(super) fn moment(&self, column: &'static str) -> Result<Option<u64>, Reason> {
        let moment = |text| self.read_moment(column, text, Zone::first);
        self.text(column)?.map(moment).transpose()
    }

    fn read_moment(
        &self,
        column: &'static str,
        text: &str,
        of: impl FnOnce(&Zone, DateTime) -> Option<u64>,
    ) -> Result<u64, Reason> {
        let local = text.parse().ok();
        local
            .and_then(|local| of(&self.layout.zone, local))
            .ok_or(Reason::Malformed(column))
    }

    /// A moment that must be there.
    pub(super) fn need_moment(&self, column: &'static str) -> Result<u64, Reason> {
        self.moment(column)?.ok_or(Reason::Null(column))
    }

    /// The same; the last of two.
    pub(super) fn need_last_moment(&self, column: &'static str) -> Result<u64, Reason> {
        self.read_moment(column, self.need(column)?, Zone::last)
    }

    /// Bytes in Base64.
    pub(super) fn bytes(&self, column: &'static str) -> Result<Option<Vec<u8>>, Reason> {
        let bytes = |text: &str| base64::decode(text).map_err(|_| Reason::Malformed(column));
        self.text(column)?.map(bytes).transpose()
    }

    /// `N` bytes in Base64.
    pub(super) fn array<const N: usize>(&self, column: &'static str) -> Result<Option<[u8; N]>, Reason> {
        let array = |text: &str| base64::decode_array(text).map_err(|_| Reason::Malformed(column));
        self.text(column)?.map(array).transpose()
    }

    /// A JSON array of texts; none of them for null and the empty text.
    pub(super) fn labels(&self, column: &'static str) -> Result<Vec<String>, Reason> {
        match self.text(column)? {
            None | Some("") => Ok(Vec::new()),
            Some(text) => serde_json::from_str(text).map_err(|_| Reason::Malformed(column)),
        }
    }

    /// A JSON object as compact text; `{}` for null and the empty text.
    pub(super) fn object(&self, column: &'static str) -> Result<String, Reason> {
        match self.text(column)? {
            None | Some("") => Ok("{}".to_owned()),
            Some(text) => {
                let object: serde_json::Map<String, serde_json::Value> =
                    serde_json::from_str(text).map_err(|_| Reason::Malformed(column))?;
                Ok(serde_json::Value::Object(object).to_string())
            }
        }
    }

    /// Names of factor combinations in either case, separated by commas, as upper-case names.
    pub(super) fn signature_types(&self, column: &'static str) -> Result<Vec<String>, Reason> {
        let known = |name: &str| {
            let upper = name.trim().to_ascii_uppercase();
            let known = crate::engine::signature::SignatureType::from_name(&upper);
            known.map(|_| upper).ok_or(Reason::UnknownValue(column))
        };
        self.need(column)?.split(',').map(known).collect()
    }
}

fn within(column: &'static str, text: &str, limit: usize) -> Result<String, Reason> {
    if text.len() > limit && text.chars().count() > limit {
        return Err(Reason::TooLarge(column));
    }
    Ok(text.to_owned())
}
