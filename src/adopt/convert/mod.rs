//! Rows become records. Each table has a decision that takes a batch of its rows: it reads what is here, computes what
//! is missing, and writes what differs, so that it may run any number of times.

mod activation;
mod application;
mod callback;
mod journal;
mod operation;
mod recovery;
mod replay;
mod secret;
mod token;

use std::collections::{HashMap, HashSet};

use super::reason::Reason;
use super::row::Row;
use super::table::Table;
use crate::crypto::secret::SecretVec;
use crate::engine::Engine;
use crate::model::activation::ACTIVATION;
use crate::model::adoption::Adoption;
use crate::model::journal::{Entry, Head, Subject};
use crate::model::operation::OPERATION;
use crate::model::replay::CLAIM;
use crate::model::token::TOKEN;
use crate::store::{Collection, Entity, Halt, Tx};

pub(super) use application::identifier;
use secret::Sealer;
pub(super) use token::end_missing;

/// What conversions know besides rows and records.
pub(super) struct Context<'a> {
    pub(super) engine: &'a Engine,
    /// Master database key of the old server.
    pub(super) old_key: Option<&'a SecretVec>,
    /// Identifiers of applications by their numbers in the old database.
    pub(super) applications: HashMap<i64, String>,
    /// Application secrets as they stand in signed data: Base64.
    pub(super) secrets: HashSet<String>,
    /// Whether ours only follows the old server: its rows win.
    pub(super) follows: bool,
}

impl Context<'_> {
    /// The application that `column` refers to.
    fn application(&self, row: &Row, column: &'static str) -> Result<String, Reason> {
        let number: i64 = row.need_number(column)?;
        let known = self.applications.get(&number);
        known.cloned().ok_or(Reason::NoParent("pa_application"))
    }
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Imported,
    Changed,
    Unchanged,
    Expired,
    Refused(Reason),
}

/// What became of each row of a batch.
pub(super) type Outcomes = Result<Vec<Outcome>, Halt>;

/// How the rows of a table become records.
pub(super) trait Convert {
    /// A row that was read.
    type Parsed;

    /// Reads a row.
    fn parse(context: &Context<'_>, row: &Row) -> Result<Self::Parsed, Reason>;

    /// Takes over a batch of rows, and answers what became of each.
    fn decide(context: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Self::Parsed]) -> Outcomes;
}

/// Rows of a table, read.
pub(super) struct Batch<C: Convert> {
    rows: Vec<Result<C::Parsed, Reason>>,
}

impl<C: Convert> Batch<C> {
    fn parse(context: &Context<'_>, rows: &[Result<Row, Reason>]) -> Self {
        let parse = |row: &Result<Row, Reason>| match row {
            Ok(row) => C::parse(context, row),
            Err(reason) => Err(*reason),
        };
        Self {
            rows: rows.iter().map(parse).collect(),
        }
    }

    fn decide(&self, context: &Context<'_>, tx: &mut Tx<'_>) -> Outcomes {
        let sound: Vec<&C::Parsed> = self.rows.iter().filter_map(|row| row.as_ref().ok()).collect();
        let mut decided = C::decide(context, tx, &sound)?.into_iter();
        let outcome = |row: &Result<C::Parsed, Reason>| match row {
            Ok(_) => decided.next().unwrap_or(Outcome::Refused(Reason::BadRow)),
            Err(reason) => Outcome::Refused(*reason),
        };
        Ok(self.rows.iter().map(outcome).collect())
    }
}

/// Whether a row of `table` can be read; `row` holds one.
pub(super) fn readable(context: &Context<'_>, table: Table, row: &[Result<Row, Reason>]) -> bool {
    fn sound<C: Convert>(context: &Context<'_>, row: &[Result<Row, Reason>]) -> bool {
        Batch::<C>::parse(context, row).rows.iter().all(Result::is_ok)
    }
    match table {
        Table::Application => sound::<application::Applications>(context, row),
        Table::ApplicationVersion => sound::<application::Versions>(context, row),
        Table::MasterKeypair => sound::<application::MasterKeys>(context, row),
        Table::RecoveryConfig => sound::<recovery::Configs>(context, row),
        Table::Callback => sound::<callback::Urls>(context, row),
        Table::Integration => sound::<callback::Integrations>(context, row),
        Table::Template => sound::<operation::Templates>(context, row),
        Table::Activation => sound::<activation::Activations>(context, row),
        Table::RecoveryCode => sound::<recovery::Codes>(context, row),
        Table::RecoveryPuk => sound::<recovery::Puks>(context, row),
        Table::Token => sound::<token::Tokens>(context, row),
        Table::Operation => sound::<operation::Operations>(context, row),
        Table::OperationApplication => sound::<operation::Applications>(context, row),
        Table::History => journal::readable::<journal::Histories>(context, row),
        Table::SignatureAudit => journal::readable::<journal::Signatures>(context, row),
        Table::UniqueValue => sound::<replay::Values>(context, row),
    }
}

/// A decision over some rows.
pub(super) type Decide<'a> = Box<dyn FnMut(&mut Tx<'_>, Option<&mut Adoption>) -> Outcomes + Send + 'a>;

/// The decision that takes over `rows` of `table`.
pub(super) fn batch<'a>(context: &'a Context<'a>, table: Table, rows: &[Result<Row, Reason>]) -> Decide<'a> {
    fn plain<'a, C: Convert + 'a>(context: &'a Context<'a>, rows: &[Result<Row, Reason>]) -> Decide<'a>
    where
        C::Parsed: Send,
    {
        let batch = Batch::<C>::parse(context, rows);
        Box::new(move |tx, _| batch.decide(context, tx))
    }
    match table {
        Table::Application => plain::<application::Applications>(context, rows),
        Table::ApplicationVersion => plain::<application::Versions>(context, rows),
        Table::MasterKeypair => plain::<application::MasterKeys>(context, rows),
        Table::RecoveryConfig => plain::<recovery::Configs>(context, rows),
        Table::Callback => plain::<callback::Urls>(context, rows),
        Table::Integration => plain::<callback::Integrations>(context, rows),
        Table::Template => plain::<operation::Templates>(context, rows),
        Table::Activation => plain::<activation::Activations>(context, rows),
        Table::RecoveryCode => plain::<recovery::Codes>(context, rows),
        Table::RecoveryPuk => plain::<recovery::Puks>(context, rows),
        Table::Token => plain::<token::Tokens>(context, rows),
        Table::Operation => plain::<operation::Operations>(context, rows),
        Table::OperationApplication => plain::<operation::Applications>(context, rows),
        Table::History => journal::batch::<journal::Histories>(context, rows),
        Table::SignatureAudit => journal::batch::<journal::Signatures>(context, rows),
        Table::UniqueValue => plain::<replay::Values>(context, rows),
    }
}

/// Collections whose records the rows of a large table make, one by one.
pub(super) const fn made(table: Table) -> &'static [Collection] {
    match table {
        Table::Activation => &[ACTIVATION, CLAIM],
        Table::Token => &[TOKEN],
        Table::Operation => &[OPERATION],
        _ => &[],
    }
}

/// Numbers of our own journal entries begin far above those of rows of the old server.
pub(super) const FIRST_OWN: u64 = 1 << 40;

/// Announces what [`used_here`] will read.
fn announce(tx: &mut Tx<'_>, subject: &Subject, head: &Head) {
    if let Some(last) = head.length.checked_sub(1) {
        tx.want::<Entry>(&subject.entry_id(last));
    }
}

/// Whether the newest entry of a journal was written here: the record was used since it was taken over. It does not count
/// where ours only follows.
fn used_here(context: &Context<'_>, tx: &mut Tx<'_>, subject: &Subject, head: &Head) -> Result<bool, Halt> {
    if context.follows {
        return Ok(false);
    }
    let Some(last) = head.length.checked_sub(1) else {
        return Ok(false);
    };
    let entry = tx.peek::<Entry>(&subject.entry_id(last))?;
    Ok(entry.is_none_or(|entry| entry.public_id >= FIRST_OWN))
}

/// Writes `new` unless it is here already.
fn put_if_other<R: Entity + PartialEq>(tx: &mut Tx<'_>, old: Option<&R>, new: &R) -> Outcome {
    match old {
        None => {
            tx.put(new);
            Outcome::Imported
        }
        Some(old) if old == new => Outcome::Unchanged,
        Some(_) => {
            tx.put(new);
            Outcome::Changed
        }
    }
}

/// The number of a JSON-less enumeration, or why it is none.
fn named<T: Copy>(row: &Row, column: &'static str, values: &[(i64, T)]) -> Result<T, Reason> {
    let number: i64 = row.need_number(column)?;
    let known = values.iter().find(|(known, _)| *known == number);
    known.map(|(_, value)| *value).ok_or(Reason::UnknownValue(column))
}
