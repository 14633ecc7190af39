//! `pa_activation_history`, `pa_signature_audit`: entries in the journals of activations.
//!
//! Each entry is chained to the one before it, so the rows of these tables are taken over one batch after the other, and
//! the progress is written with them: no row comes twice.

use std::collections::BTreeMap;

use super::activation::STATUS;
use super::{Context, Decide, FIRST_OWN, Outcome, announce, named, used_here};
use crate::adopt::reason::Reason;
use crate::adopt::row::Row;
use crate::crypto::encoding::base64;
use crate::engine::journal::encoded;
use crate::model::activation::Activation;
use crate::model::adoption::Adoption;
use crate::model::journal::{self, Entry, Event, Subject};
use crate::store::{Halt, Tx};

/// A row of a journal.
pub(super) struct Line {
    number: u64,
    activation: String,
    at: u64,
    event: Event,
}

/// How the rows of a table become events.
pub(super) trait Lines {
    /// The event of a row.
    fn event(context: &Context<'_>, row: &Row) -> Result<Event, Reason>;
}

pub(super) struct Histories;

fn version(row: &Row, column: &'static str) -> Result<Option<u8>, Reason> {
    row.number(column)
}

impl Lines for Histories {
    fn event(_: &Context<'_>, row: &Row) -> Result<Event, Reason> {
        Ok(Event::History(journal::History {
            status: named(row, "activation_status", STATUS)?,
            reason: row.owned("event_reason", 255)?,
            external_user: row.owned("external_user_id", 255)?,
            name: row.owned("activation_name", 255)?,
            version: version(row, "activation_version")?,
        }))
    }
}

pub(super) struct Signatures;

#[derive(serde::Deserialize)]
struct Pair {
    key: String,
    #[serde(default)]
    value: Option<String>,
}

fn additional(row: &Row) -> Result<Vec<(String, String)>, Reason> {
    let column = "additional_info";
    let Some(text) = row.text(column)?.filter(|text| !text.is_empty()) else {
        return Ok(Vec::new());
    };
    let pairs: Vec<Pair> = serde_json::from_str(text).map_err(|_| Reason::Malformed(column))?;
    let pair = |pair: Pair| (pair.key, pair.value.unwrap_or_default());
    Ok(pairs.into_iter().map(pair).collect())
}

/// The signed text without the application secret, with which it ended.
fn data(context: &Context<'_>, row: &Row) -> Result<String, Reason> {
    let column = "data_base64";
    let bytes = row.text(column)?.map(base64::decode).transpose();
    let bytes = bytes.map_err(|_| Reason::Malformed(column))?.unwrap_or_default();
    let mut text = String::from_utf8(bytes).map_err(|_| Reason::Malformed(column))?;
    if let Some((rest, last)) = text.rsplit_once('&')
        && context.secrets.contains(last)
    {
        let length = rest.len();
        text.truncate(length);
    }
    Ok(text)
}

impl Lines for Signatures {
    fn event(context: &Context<'_>, row: &Row) -> Result<Event, Reason> {
        let ctr = row.array::<16>("activation_ctr_data")?;
        Ok(Event::Signature(Box::new(journal::Signature {
            // Of the activation, see `append`.
            user: String::new(),
            application: String::new(),
            counter: row.need_number("activation_counter")?,
            counter_data: ctr.map(|data| data.to_vec()),
            status: named(row, "activation_status", STATUS)?,
            additional: additional(row)?,
            data: data(context, row)?,
            signature_type: row.owned("signature_type", 255)?.unwrap_or_default(),
            signature: row.owned("signature", 255)?.unwrap_or_default(),
            signature_version: row.owned("signature_version", 255)?,
            note: row.owned("note", 255)?.unwrap_or_default(),
            valid: row.boolean("valid")?.unwrap_or(false),
            version: version(row, "version")?.unwrap_or(0),
        })))
    }
}

fn line<L: Lines>(context: &Context<'_>, row: &Row) -> Result<Line, Reason> {
    let number: u64 = row.need_number("id")?;
    if number >= FIRST_OWN {
        return Err(Reason::TooLarge("id"));
    }
    Ok(Line {
        number,
        activation: row.name("activation_id")?,
        at: row.need_moment("timestamp_created")?,
        event: L::event(context, row)?,
    })
}

/// Whether rows can be read.
pub(super) fn readable<L: Lines>(context: &Context<'_>, rows: &[Result<Row, Reason>]) -> bool {
    let sound = |row: &Result<Row, Reason>| row.as_ref().is_ok_and(|row| line::<L>(context, row).is_ok());
    rows.iter().all(sound)
}

/// The decision that takes over some rows and notes it in the progress.
pub(super) fn batch<'a, L: Lines + 'a>(context: &'a Context<'a>, rows: &[Result<Row, Reason>]) -> Decide<'a> {
    let line = |row: &Result<Row, Reason>| match row {
        Ok(row) => line::<L>(context, row),
        Err(reason) => Err(*reason),
    };
    let lines: Vec<Result<Line, Reason>> = rows.iter().map(line).collect();
    Box::new(move |tx, progress| {
        let mut none = Adoption::default();
        append(context, tx, &lines, progress.unwrap_or(&mut none))
    })
}

fn append(
    context: &Context<'_>,
    tx: &mut Tx<'_>,
    lines: &[Result<Line, Reason>],
    progress: &mut Adoption,
) -> Result<Vec<Outcome>, Halt> {
    let mut activations: BTreeMap<&str, Option<Activation>> = BTreeMap::new();
    let new = |line: &&Line| !progress.has(line.number);
    for line in lines.iter().flatten().filter(new) {
        tx.want::<Activation>(&line.activation);
        activations.insert(&line.activation, None);
    }
    tx.settle()?;
    for (id, place) in &mut activations {
        *place = tx.peek::<Activation>(id)?;
        if progress.run > 1
            && let Some(found) = place
        {
            announce(tx, &Subject::Activation(found.id.clone()), &found.journal);
        }
    }
    tx.settle()?;
    let mut used = Vec::new();
    for (id, place) in &activations {
        if progress.run > 1
            && let Some(found) = place
            && used_here(
                context,
                tx,
                &Subject::Activation(found.id.clone()),
                &found.journal,
            )?
        {
            used.push((*id).to_owned());
        }
    }
    let mut outcomes = Vec::with_capacity(lines.len());
    for line in lines {
        let line = match line {
            Ok(line) => line,
            Err(reason) => {
                outcomes.push(Outcome::Refused(*reason));
                continue;
            }
        };
        if progress.has(line.number) {
            outcomes.push(Outcome::Unchanged);
            continue;
        }
        let Some(Some(activation)) = activations.get_mut(line.activation.as_str()) else {
            outcomes.push(Outcome::Refused(Reason::NoParent("pa_activation")));
            continue;
        };
        if used.contains(&line.activation) {
            outcomes.push(Outcome::Refused(Reason::UsedHere));
            continue;
        }
        write(tx, activation, line);
        progress.take(line.number);
        outcomes.push(Outcome::Imported);
    }
    for activation in activations.values().flatten() {
        tx.put(activation);
    }
    Ok(outcomes)
}

fn write(tx: &mut Tx<'_>, activation: &mut Activation, line: &Line) {
    let mut event = line.event.clone();
    if let Event::Signature(signature) = &mut event {
        signature.user.clone_from(&activation.user);
        signature.application.clone_from(&activation.application);
    }
    let entry = Entry {
        subject: Subject::Activation(activation.id.clone()),
        number: activation.journal.length,
        previous: std::mem::take(&mut activation.journal.hash),
        at: line.at,
        public_id: line.number,
        event,
    };
    activation.journal.length += 1;
    let (body, hash) = encoded(&entry);
    activation.journal.hash = hash;
    tx.append_encoded(&entry, body);
}
