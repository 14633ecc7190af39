//! `pa_activation`

use std::collections::HashSet;

use super::secret::{Stored, for_each};
use super::{Context, Convert, Outcome, Outcomes, Sealer, announce, named, used_here};
use crate::adopt::reason::Reason;
use crate::adopt::row::Row;
use crate::crypto::code::ActivationCode;
use crate::crypto::key::{PrivateKey, PublicKey};
use crate::crypto::password::PasswordHash;
use crate::crypto::record::RecordKind;
use crate::engine::activation::private_place;
use crate::model::activation::{Activation, ActivationStatus, OtpValidation};
use crate::model::journal::{Head, Subject};
use crate::model::replay::Claim;
use crate::store::{Fault, Halt, Tx};

pub(super) struct Activations;

pub(super) struct Parsed {
    /// Without secrets.
    record: Activation,
    private: Stored,
    claim: String,
}

pub(super) const STATUS: &[(i64, ActivationStatus)] = &[
    (1, ActivationStatus::Created),
    (2, ActivationStatus::PendingCommit),
    (3, ActivationStatus::Active),
    (4, ActivationStatus::Blocked),
    (5, ActivationStatus::Removed),
];

const OTP_VALIDATION: &[(i64, OtpValidation)] = &[
    (0, OtpValidation::None),
    (1, OtpValidation::OnKeyExchange),
    (2, OtpValidation::OnCommit),
];

/// Longest text from a phone, in characters; what [`super::super`] imports may be longer than the old columns of 255.
const TEXT: usize = 4_000;

/// A public key of 65 bytes.
fn point(row: &Row, column: &'static str) -> Result<Option<Vec<u8>>, Reason> {
    let bytes = row.array::<{ PublicKey::LENGTH }>(column)?;
    if bytes.is_some_and(|bytes| bytes.first() != Some(&4)) {
        return Err(Reason::Malformed(column));
    }
    Ok(bytes.map(|bytes| bytes.to_vec()))
}

fn otp(row: &Row) -> Result<Option<String>, Reason> {
    let column = "activation_otp";
    let text = row.owned(column, TEXT)?.filter(|text| !text.is_empty());
    match text {
        Some(text) if PasswordHash::parse(&text).is_err() => Err(Reason::Malformed(column)),
        text => Ok(text),
    }
}

fn version(row: &Row) -> Result<Option<u8>, Reason> {
    match row.number::<u8>("version")? {
        Some(known @ (2 | 3)) => Ok(Some(known)),
        None => Ok(None),
        Some(_) => Err(Reason::UnknownValue("version")),
    }
}

impl Convert for Activations {
    type Parsed = Parsed;

    fn parse(context: &Context<'_>, row: &Row) -> Result<Parsed, Reason> {
        if row
            .text("protocol")?
            .is_some_and(|protocol| protocol != "powerauth")
        {
            return Err(Reason::UnknownValue("protocol"));
        }
        let column = "activation_code";
        let code = row.need(column)?;
        ActivationCode::parse(code).map_err(|_| Reason::Malformed(column))?;
        let otp_validation = match row.text("activation_otp_validation")? {
            None => OtpValidation::None,
            Some(_) => named(row, "activation_otp_validation", OTP_VALIDATION)?,
        };
        let server_public = "server_public_key_base64";
        let private = "server_private_key_base64";
        let mode = "server_private_key_encryption";
        let record = Activation {
            id: row.name("activation_id")?,
            application: context.application(row, "application_id")?,
            user: row.name("user_id")?,
            status: named(row, "activation_status", STATUS)?,
            code: code.to_owned(),
            name: row.owned("activation_name", TEXT)?,
            extras: row.owned("extras", TEXT)?,
            platform: row.owned("platform", TEXT)?,
            device_info: row.owned("device_info", TEXT)?,
            flags: row.labels("flags")?,
            failed_attempts: row.need_number("failed_attempts")?,
            max_failed_attempts: row.need_number("max_failed_attempts")?,
            blocked_reason: row.owned("blocked_reason", TEXT)?,
            counter: row.need_number("counter")?,
            counter_data: row.array::<16>("ctr_data")?.map(|data| data.to_vec()),
            device_public: point(row, "device_public_key_base64")?,
            server_public: point(row, server_public)?.ok_or(Reason::Null(server_public))?,
            server_private: Vec::new(),
            keys: None,
            otp: otp(row)?,
            otp_validation,
            version: version(row)?,
            created: row.need_moment("timestamp_created")?,
            last_used: row.need_moment("timestamp_last_used")?,
            last_change: row.moment("timestamp_last_change")?,
            expires: row.need_moment("timestamp_activation_expire")?,
            journal: Head::default(),
            recovery: None,
            last_failure: None,
        };
        Ok(Parsed {
            private: Stored::read(row, private, mode, RecordKind::Binary)?.ok_or(Reason::Null(private))?,
            claim: Claim::activation_code(&record.application, &record.code),
            record,
        })
    }

    fn decide(context: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Parsed]) -> Outcomes {
        for row in rows {
            tx.want::<Activation>(&row.record.id);
            tx.want::<Claim>(&row.claim);
        }
        context.engine.keyring.announce(tx);
        tx.settle()?;
        let mut plans = Vec::with_capacity(rows.len());
        for row in rows {
            plans.push(plan(tx, row)?);
        }
        for plan in &plans {
            if let Plan::Write { old: Some(old), .. } = plan {
                announce(tx, &Subject::Activation(old.id.clone()), &old.journal);
            }
        }
        tx.settle()?;
        for plan in &mut plans {
            if let Plan::Write { old: Some(old), .. } = plan
                && used_here(context, tx, &Subject::Activation(old.id.clone()), &old.journal)?
            {
                *plan = Plan::End(Outcome::Refused(Reason::UsedHere));
            }
        }
        write(context, tx, rows, plans)
    }
}

/// What is to be done about a row.
enum Plan {
    End(Outcome),
    Write {
        old: Option<Box<Activation>>,
        claim: bool,
        /// Whether its secrets are those of the record that is here.
        sealed: bool,
    },
}

fn plan(tx: &mut Tx<'_>, row: &Parsed) -> Result<Plan, Halt> {
    let held = tx.peek::<Claim>(&row.claim)?.and_then(|claim| claim.target);
    if held.as_ref().is_some_and(|id| *id != row.record.id) {
        return Ok(Plan::End(Outcome::Refused(Reason::Duplicate("activation_code"))));
    }
    let old = tx.peek::<Activation>(&row.record.id)?;
    let sealed = old.as_ref().is_some_and(|old| same_keys(old, &row.record));
    if let Some(old) = &old
        && sealed
        && merged(&row.record, old) == *old
    {
        return Ok(Plan::End(Outcome::Unchanged));
    }
    Ok(Plan::Write {
        claim: held.is_none(),
        old: old.map(Box::new),
        sealed,
    })
}

fn same_keys(old: &Activation, new: &Activation) -> bool {
    old.server_public == new.server_public && old.device_public == new.device_public
}

/// The record of a row with what only the record here has.
fn merged(row: &Activation, old: &Activation) -> Activation {
    Activation {
        server_private: old.server_private.clone(),
        keys: old.keys.clone(),
        journal: old.journal.clone(),
        recovery: old.recovery,
        last_failure: old.last_failure,
        ..row.clone()
    }
}

fn write(context: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Parsed], plans: Vec<Plan>) -> Outcomes {
    let todo: Vec<&Parsed> = rows
        .iter()
        .zip(&plans)
        .filter(|(_, plan)| matches!(plan, Plan::Write { sealed: false, .. }))
        .map(|(row, _)| *row)
        .collect();
    let what: Vec<&str> = todo.iter().map(|row| row.record.id.as_str()).collect();
    let what = what.join("\0");
    let made = for_each(context.engine, tx, what.as_bytes(), 1, &todo, |row, sealer| {
        secrets(context, row, sealer)
    })?;
    let mut made = made.into_iter();
    // Of rows that are taken over: a refused one takes nothing from others.
    let (mut ids, mut claims) = (HashSet::new(), HashSet::new());
    let mut outcomes = Vec::with_capacity(rows.len());
    for (row, plan) in rows.iter().zip(plans) {
        let (old, claim, sealed) = match plan {
            Plan::End(outcome) => {
                outcomes.push(outcome);
                continue;
            }
            Plan::Write { old, claim, sealed } => (old, claim, sealed),
        };
        let mut record = old
            .as_ref()
            .map_or_else(|| row.record.clone(), |old| merged(&row.record, old));
        if !sealed {
            match made.next() {
                Some(Ok(private)) => {
                    record.server_private = private;
                    // Agreeing on them costs more than all the rest: the first verification does.
                    record.keys = None;
                }
                Some(Err(reason)) => {
                    outcomes.push(Outcome::Refused(reason));
                    continue;
                }
                None => return Err(Fault::Internal("a secret was not made").into()),
            }
        }
        if !ids.insert(row.record.id.as_str()) {
            outcomes.push(Outcome::Refused(Reason::Duplicate("activation_id")));
            continue;
        }
        if claim && !claims.insert(row.claim.as_str()) {
            outcomes.push(Outcome::Refused(Reason::Duplicate("activation_code")));
            continue;
        }
        if claim {
            tx.put(&Claim {
                name: row.claim.clone(),
                target: Some(record.id.clone()),
            });
        }
        tx.put(&record);
        outcomes.push(match old {
            None => Outcome::Imported,
            Some(_) => Outcome::Changed,
        });
    }
    Ok(outcomes)
}

/// The private key, sealed, if it belongs to the public one and the device's key is one.
fn secrets(
    context: &Context<'_>,
    row: &Parsed,
    sealer: &mut Sealer<'_>,
) -> Result<Result<Vec<u8>, Reason>, Fault> {
    let record = &row.record;
    let opened = row.private.open(context.old_key, &[&record.user, &record.id]);
    let opened = opened.and_then(|opened| {
        let private = PrivateKey::from_bytes(opened.as_bytes());
        private.map_err(|_| Reason::Sealed("server_private_key_base64"))
    });
    let private = match opened {
        Ok(private) => private,
        Err(reason) => return Ok(Err(reason)),
    };
    let backend = context.engine.backend;
    let public = backend.public_key(&private);
    let public = public.map_err(|_| Fault::Internal("a private key was not imported"))?;
    if public.as_bytes().as_slice() != record.server_public {
        return Ok(Err(Reason::KeyMismatch("server_private_key_base64")));
    }
    if let Some(device) = &record.device_public
        && backend.import_public(device).is_err()
    {
        return Ok(Err(Reason::Malformed("device_public_key_base64")));
    }
    Ok(Ok(sealer.seal(private_place(&record.id), private.as_bytes())?))
}
