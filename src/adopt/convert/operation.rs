//! `pa_operation_template`, `pa_operation`, `pa_operation_application`

use super::secret::for_each;
use super::{Context, Convert, Outcome, Outcomes, announce, named, put_if_other, used_here};
use crate::adopt::reason::Reason;
use crate::adopt::row::Row;
use crate::crypto::secret::Secret;
use crate::engine::operation::proximity::place;
use crate::engine::template::{SEQUENCE, claim_name};
use crate::model::journal::{Head, Subject};
use crate::model::operation::{Operation, OperationStatus};
use crate::model::replay::{Claim, Sequence};
use crate::model::template::{Template, record_id};
use crate::store::{Halt, Tx};

pub(super) struct Templates;

impl Convert for Templates {
    type Parsed = Template;

    fn parse(_: &Context<'_>, row: &Row) -> Result<Template, Reason> {
        let id: u64 = row.need_number("id")?;
        if id == 0 {
            return Err(Reason::UnknownValue("id"));
        }
        Ok(Template {
            id,
            name: row.name("template_name")?,
            operation_type: row.name("operation_type")?,
            data_template: row.name("data_template")?,
            signature_types: row.signature_types("signature_type")?,
            max_failure_count: row.need_number("max_failure_count")?,
            expiration: row.need_number("expiration")?,
            risk_flags: row.owned("risk_flags", 255)?,
            proximity_check: row.boolean("proximity_check_enabled")?.unwrap_or(false),
            removed: false,
            journal: Head::default(),
        })
    }

    fn decide(context: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Template]) -> Outcomes {
        tx.want::<Sequence>(SEQUENCE);
        for row in rows {
            tx.want::<Template>(&record_id(row.id));
            tx.want::<Claim>(&claim_name(&row.name));
        }
        tx.settle()?;
        for row in rows {
            if let Some(old) = tx.peek::<Template>(&record_id(row.id))? {
                announce(tx, &Subject::Template(record_id(row.id)), &old.journal);
            }
        }
        tx.settle()?;
        let mut outcomes = Vec::with_capacity(rows.len());
        for row in rows {
            outcomes.push(template(context, tx, row)?);
        }
        Ok(outcomes)
    }
}

fn template(context: &Context<'_>, tx: &mut Tx<'_>, row: &Template) -> Result<Outcome, Halt> {
    let id = record_id(row.id);
    let name = claim_name(&row.name);
    let held = tx.peek::<Claim>(&name)?.and_then(|claim| claim.target);
    if held.as_ref().is_some_and(|held| *held != id) {
        return Ok(Outcome::Refused(Reason::Duplicate("template_name")));
    }
    let old = tx.peek::<Template>(&id)?;
    let mut new = row.clone();
    if let Some(old) = &old {
        new.journal.clone_from(&old.journal);
        if *old != new && used_here(context, tx, &Subject::Template(id.clone()), &old.journal)? {
            return Ok(Outcome::Refused(Reason::UsedHere));
        }
    }
    if held.is_none() {
        tx.put(&Claim {
            name,
            target: Some(id),
        });
    }
    let last = tx.peek::<Sequence>(SEQUENCE)?.map_or(0, |it| it.last);
    if last < row.id {
        tx.put(&Sequence {
            name: SEQUENCE.to_owned(),
            last: row.id,
        });
    }
    Ok(put_if_other(tx, old.as_ref(), &new))
}

pub(super) struct Operations;

pub(super) struct Parsed {
    /// Without applications and seed.
    record: Operation,
    seed: Option<Secret<16>>,
}

const STATUS: &[(i64, OperationStatus)] = &[
    (1, OperationStatus::Pending),
    (2, OperationStatus::Canceled),
    (3, OperationStatus::Expired),
    (4, OperationStatus::Approved),
    (5, OperationStatus::Rejected),
    (6, OperationStatus::Failed),
];

/// Longest text that becomes part of an operation, in characters.
const TEXT: usize = 32_768;

impl Convert for Operations {
    type Parsed = Parsed;

    fn parse(_: &Context<'_>, row: &Row) -> Result<Parsed, Reason> {
        let finalized = row.moment("timestamp_finalized")?;
        let seed = match row.text("totp_seed")? {
            None | Some("") => None,
            Some(_) => row.array("totp_seed")?.map(Secret::from_bytes),
        };
        Ok(Parsed {
            seed,
            record: Operation {
                id: row.name("id")?,
                user: row.owned("user_id", 255)?,
                applications: Vec::new(),
                external_id: row.owned("external_id", 255)?,
                activation_flag: row.owned("activation_flag", 255)?,
                activation: row.owned("activation_id", 255)?,
                operation_type: row.name("operation_type")?,
                template: row.owned("template_name", 255)?.unwrap_or_default(),
                data: row.owned("data", TEXT)?.ok_or(Reason::Null("data"))?,
                parameters: row.object("parameters")?,
                additional_data: row.object("additional_data")?,
                status: named(row, "status", STATUS)?,
                status_reason: row.owned("status_reason", 255)?,
                signature_types: row.signature_types("signature_type")?,
                failure_count: row.need_number("failure_count")?,
                max_failure_count: row.need_number("max_failure_count")?,
                created: row.need_moment("timestamp_created")?,
                expires: row.need_moment("timestamp_expires")?,
                finalized,
                risk_flags: row.owned("risk_flags", 255)?,
                totp_seed: None,
                journal: Head::default(),
                language: None,
                number: None,
            },
        })
    }

    fn decide(context: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Parsed]) -> Outcomes {
        for row in rows {
            tx.want::<Operation>(&row.record.id);
        }
        context.engine.keyring.announce(tx);
        tx.settle()?;
        for row in rows {
            if let Some(old) = tx.peek::<Operation>(&row.record.id)? {
                announce(tx, &Subject::Operation(old.id), &old.journal);
            }
        }
        tx.settle()?;
        let mut todo: Vec<&Parsed> = Vec::with_capacity(rows.len());
        let mut outcomes = Vec::with_capacity(rows.len());
        for row in rows {
            let outcome = operation(context, tx, &row.record)?;
            if outcome == Outcome::Imported {
                todo.push(*row);
            }
            outcomes.push(outcome);
        }
        let what: Vec<&str> = todo.iter().map(|row| row.record.id.as_str()).collect();
        let what = what.join("\0");
        let sealed = for_each(context.engine, tx, what.as_bytes(), 1, &todo, |row, sealer| {
            let seed = row.seed.as_ref();
            let sealed = seed.map(|seed| sealer.seal(place(&row.record.id), seed.as_bytes()));
            sealed.transpose()
        })?;
        for (row, totp_seed) in todo.iter().zip(sealed) {
            tx.put(&Operation {
                totp_seed,
                ..row.record.clone()
            });
        }
        Ok(outcomes)
    }
}

/// What becomes of an operation. A changed one is written; its seed never changes.
fn operation(context: &Context<'_>, tx: &mut Tx<'_>, row: &Operation) -> Result<Outcome, Halt> {
    let Some(old) = tx.peek::<Operation>(&row.id)? else {
        return Ok(Outcome::Imported);
    };
    let new = Operation {
        applications: old.applications.clone(),
        totp_seed: old.totp_seed.clone(),
        journal: old.journal.clone(),
        language: old.language.clone(),
        number: old.number.clone(),
        ..row.clone()
    };
    if old != new && used_here(context, tx, &Subject::Operation(old.id.clone()), &old.journal)? {
        return Ok(Outcome::Refused(Reason::UsedHere));
    }
    Ok(put_if_other(tx, Some(&old), &new))
}

pub(super) struct Applications;

/// Applications of one operation: the events of a change fit into one batch.
const MAX_APPLICATIONS: usize = 12;

impl Convert for Applications {
    type Parsed = (String, String);

    fn parse(context: &Context<'_>, row: &Row) -> Result<Self::Parsed, Reason> {
        Ok((
            row.name("operation_id")?,
            context.application(row, "application_id")?,
        ))
    }

    fn decide(_: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Self::Parsed]) -> Outcomes {
        for (operation, _) in rows {
            tx.want::<Operation>(operation);
        }
        tx.settle()?;
        let mut outcomes = Vec::with_capacity(rows.len());
        for (operation, application) in rows {
            let Some(mut operation) = tx.peek::<Operation>(operation)? else {
                outcomes.push(Outcome::Refused(Reason::NoParent("pa_operation")));
                continue;
            };
            if operation.applications.contains(application) {
                outcomes.push(Outcome::Unchanged);
            } else if operation.applications.len() >= MAX_APPLICATIONS {
                outcomes.push(Outcome::Refused(Reason::TooLarge("application_id")));
            } else {
                operation.applications.push(application.clone());
                tx.put(&operation);
                outcomes.push(Outcome::Imported);
            }
        }
        Ok(outcomes)
    }
}
