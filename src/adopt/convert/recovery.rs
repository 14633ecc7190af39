//! `pa_recovery_config`, `pa_recovery_code`, `pa_recovery_puk`

use super::secret::{Stored, for_each};
use super::{Context, Convert, Outcome, Outcomes, announce, named, put_if_other, used_here};
use crate::adopt::reason::Reason;
use crate::adopt::row::Row;
use crate::crypto::code;
use crate::crypto::key::{PrivateKey, PublicKey};
use crate::crypto::password::PasswordHash;
use crate::crypto::record::RecordKind;
use crate::engine::digest;
use crate::engine::recovery::config::private_place;
use crate::engine::recovery::{claim_of, puk_id, puk_place};
use crate::model::activation::Activation;
use crate::model::application::Application;
use crate::model::journal::{Head, Subject};
use crate::model::recovery::{Puk, PukStatus, RecoveryCode, RecoveryCodeStatus, RecoveryConfig};
use crate::model::replay::Claim;
use crate::store::{Halt, Tx};

pub(super) struct Configs;

pub(super) struct Config {
    record: RecoveryConfig,
    /// Number of the application, which the old server encrypted with.
    number: String,
    private: Option<Stored>,
}

impl Convert for Configs {
    type Parsed = Config;

    fn parse(context: &Context<'_>, row: &Row) -> Result<Config, Reason> {
        let key = |column| -> Result<Option<Vec<u8>>, Reason> {
            let bytes = row.bytes(column)?.filter(|bytes| !bytes.is_empty());
            if let Some(bytes) = &bytes {
                PublicKey::from_bytes(context.engine.backend, bytes)
                    .map_err(|_| Reason::Malformed(column))?;
            }
            Ok(bytes)
        };
        let number: i64 = row.need_number("application_id")?;
        let private = "postcard_private_key_base64";
        let mode = "postcard_priv_key_encryption";
        Ok(Config {
            record: RecoveryConfig {
                application: context.application(row, "application_id")?,
                enabled: row.boolean("activation_recovery_enabled")?.unwrap_or(false),
                postcard: row.boolean("recovery_postcard_enabled")?.unwrap_or(false),
                multiple: row.boolean("allow_multiple_recovery_codes")?.unwrap_or(false),
                public: key("postcard_public_key_base64")?,
                private: None,
                remote: key("remote_public_key_base64")?,
            },
            number: number.to_string(),
            private: Stored::read(row, private, mode, RecordKind::Binary)?,
        })
    }

    fn decide(context: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Config]) -> Outcomes {
        for row in rows {
            tx.want::<RecoveryConfig>(&row.record.application);
            tx.want::<Application>(&row.record.application);
        }
        context.engine.keyring.announce(tx);
        tx.settle()?;
        let what: Vec<&str> = rows.iter().map(|row| row.number.as_str()).collect();
        let what = what.join("\0");
        let sealed = for_each(context.engine, tx, what.as_bytes(), 1, rows, |row, sealer| {
            let private = match postcard_key(context, row) {
                Ok(private) => private,
                Err(reason) => return Ok(Err(reason)),
            };
            let seal =
                |private: PrivateKey| sealer.seal(private_place(&row.record.application), private.as_bytes());
            Ok(Ok(private.map(seal).transpose()?))
        })?;
        let mut outcomes = Vec::with_capacity(rows.len());
        for (row, private) in rows.iter().zip(sealed) {
            outcomes.push(match private {
                Ok(private) => config(context, tx, &row.record, private)?,
                Err(reason) => Outcome::Refused(reason),
            });
        }
        Ok(outcomes)
    }
}

fn postcard_key(context: &Context<'_>, row: &Config) -> Result<Option<PrivateKey>, Reason> {
    let column = "postcard_private_key_base64";
    let Some(stored) = &row.private else {
        return match row.record.public {
            None => Ok(None),
            Some(_) => Err(Reason::Null(column)),
        };
    };
    let opened = stored.open(context.old_key, &[&row.number])?;
    let private = PrivateKey::from_bytes(opened.as_bytes()).map_err(|_| Reason::Sealed(column))?;
    let public = context.engine.backend.public_key(&private).ok();
    let public = public.map(|public| public.as_bytes().to_vec());
    if public != row.record.public {
        return Err(Reason::KeyMismatch(column));
    }
    Ok(Some(private))
}

fn config(
    context: &Context<'_>,
    tx: &mut Tx<'_>,
    row: &RecoveryConfig,
    private: Option<Vec<u8>>,
) -> Result<Outcome, Halt> {
    let Some(application) = tx.peek::<Application>(&row.application)? else {
        return Ok(Outcome::Refused(Reason::NoParent("pa_application")));
    };
    let old = tx.peek::<RecoveryConfig>(&row.application)?;
    let kept = old.as_ref().filter(|old| old.public == row.public);
    let new = RecoveryConfig {
        private: kept.map_or(private, |old| old.private.clone()),
        ..row.clone()
    };
    let subject = Subject::Application(application.id.clone());
    if old.as_ref().is_some_and(|old| *old != new) && used_here(context, tx, &subject, &application.journal)?
    {
        return Ok(Outcome::Refused(Reason::UsedHere));
    }
    Ok(put_if_other(tx, old.as_ref(), &new))
}

pub(super) struct Codes;

pub(super) struct Code {
    record: RecoveryCode,
    claim: String,
}

const STATUS: &[(i64, RecoveryCodeStatus)] = &[
    (1, RecoveryCodeStatus::Created),
    (2, RecoveryCodeStatus::Active),
    (3, RecoveryCodeStatus::Blocked),
    (4, RecoveryCodeStatus::Revoked),
];

fn newest_claim(record: &RecoveryCode) -> Option<String> {
    let postcard = record.activation.is_none();
    postcard.then(|| Claim::recovery_postcard(&digest(&[&record.user, &record.application])))
}

impl Convert for Codes {
    type Parsed = Code;

    fn parse(context: &Context<'_>, row: &Row) -> Result<Code, Reason> {
        let column = "recovery_code";
        let text = row.need(column)?;
        code::RecoveryCode::parse(text).map_err(|_| Reason::Malformed(column))?;
        let application = context.application(row, "application_id")?;
        let ending = text.rsplit('-').next().unwrap_or_default();
        Ok(Code {
            claim: claim_of(&application, text),
            record: RecoveryCode {
                id: row.need_number("id")?,
                application,
                user: row.name("user_id")?,
                activation: row.owned("activation_id", 255)?,
                ending: ending.to_owned(),
                status: named(row, "status", STATUS)?,
                failed_attempts: row.need_number("failed_attempts")?,
                max_failed_attempts: row.need_number("max_failed_attempts")?,
                puks: Vec::new(),
                created: row.need_moment("timestamp_created")?,
                last_change: row.moment("timestamp_last_change")?,
                journal: Head::default(),
            },
        })
    }

    fn decide(context: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Code]) -> Outcomes {
        for row in rows {
            tx.want::<RecoveryCode>(&row.record.id.to_string());
            tx.want::<Claim>(&row.claim);
            if let Some(newest) = newest_claim(&row.record) {
                tx.want::<Claim>(&newest);
            }
            if let Some(activation) = &row.record.activation {
                tx.want::<Activation>(activation);
            }
        }
        tx.settle()?;
        announce_codes(tx, rows.iter().map(|row| row.record.id.to_string()))?;
        let mut outcomes = Vec::with_capacity(rows.len());
        for row in rows {
            outcomes.push(code(context, tx, row)?);
        }
        Ok(outcomes)
    }
}

/// Reads what tells whether codes were used here.
fn announce_codes(tx: &mut Tx<'_>, ids: impl Iterator<Item = String>) -> Result<(), Halt> {
    for id in ids {
        if let Some(old) = tx.peek::<RecoveryCode>(&id)? {
            announce(tx, &Subject::Recovery(id), &old.journal);
        }
    }
    tx.settle()
}

fn code(context: &Context<'_>, tx: &mut Tx<'_>, row: &Code) -> Result<Outcome, Halt> {
    let refused = |reason| Ok(Outcome::Refused(reason));
    let id = row.record.id.to_string();
    let held = tx.peek::<Claim>(&row.claim)?.and_then(|claim| claim.target);
    if held.as_ref().is_some_and(|held| *held != id) {
        return refused(Reason::Duplicate("recovery_code"));
    }
    let mut activation = None;
    if let Some(of) = &row.record.activation {
        activation = tx.peek::<Activation>(of)?;
        match &activation {
            None => return refused(Reason::NoParent("pa_activation")),
            Some(it) if it.recovery.is_some_and(|other| other != row.record.id) => {
                return refused(Reason::Duplicate("activation_id"));
            }
            Some(_) => {}
        }
    }
    let old = tx.peek::<RecoveryCode>(&id)?;
    let mut new = row.record.clone();
    if let Some(old) = &old {
        new.puks.clone_from(&old.puks);
        new.journal.clone_from(&old.journal);
        if *old != new && used_here(context, tx, &Subject::Recovery(id.clone()), &old.journal)? {
            return refused(Reason::UsedHere);
        }
    }
    if held.is_none() {
        tx.put(&Claim {
            name: row.claim.clone(),
            target: Some(id.clone()),
        });
    }
    if let Some(name) = newest_claim(&row.record) {
        let newest = tx.peek::<Claim>(&name)?.and_then(|claim| claim.target);
        let newest = newest.and_then(|newest| newest.parse::<u64>().ok());
        if newest.is_none_or(|newest| newest < row.record.id) {
            tx.put(&Claim {
                name,
                target: Some(id),
            });
        }
    }
    if let Some(mut activation) = activation
        && activation.recovery.is_none()
    {
        activation.recovery = Some(row.record.id);
        tx.put(&activation);
    }
    Ok(put_if_other(tx, old.as_ref(), &new))
}

pub(super) struct Puks;

pub(super) struct PukRow {
    code: String,
    index: usize,
    status: PukStatus,
    stored: Option<Stored>,
    last_change: Option<u64>,
    /// The code itself, which the old server encrypted with.
    text: Option<String>,
}

const PUK_STATUS: &[(i64, PukStatus)] = &[
    (1, PukStatus::Valid),
    (2, PukStatus::Used),
    (3, PukStatus::Invalid),
];

/// More than any code has.
const MAX_PUKS: usize = 100;

impl Convert for Puks {
    type Parsed = PukRow;

    fn parse(_: &Context<'_>, row: &Row) -> Result<PukRow, Reason> {
        let code: u64 = row.need_number("recovery_code_id")?;
        let index: usize = row.need_number("puk_index")?;
        if !(1..=MAX_PUKS).contains(&index) {
            return Err(Reason::UnknownValue("puk_index"));
        }
        Ok(PukRow {
            code: code.to_string(),
            index,
            status: named(row, "status", PUK_STATUS)?,
            stored: Stored::read(row, "puk", "puk_encryption", RecordKind::Text)?,
            last_change: row.moment("timestamp_last_change")?,
            text: row.owned("recovery_code", 255)?,
        })
    }

    fn decide(context: &Context<'_>, tx: &mut Tx<'_>, rows: &[&PukRow]) -> Outcomes {
        for row in rows {
            tx.want::<RecoveryCode>(&row.code);
        }
        context.engine.keyring.announce(tx);
        tx.settle()?;
        announce_codes(tx, rows.iter().map(|row| row.code.clone()))?;
        let mut todo = Vec::with_capacity(rows.len());
        for row in rows {
            todo.push((*row, tx.peek::<RecoveryCode>(&row.code)?));
        }
        let codes: Vec<String> = rows
            .iter()
            .map(|row| format!("{}/{}", row.code, row.index))
            .collect();
        let what = codes.join("\0");
        let sealed = for_each(
            context.engine,
            tx,
            what.as_bytes(),
            1,
            &todo,
            |(row, code), sealer| {
                let Some(code) = code else {
                    return Ok(Err(Reason::NoParent("pa_recovery_code")));
                };
                let hash = match puk_hash(context, row, code) {
                    Ok(hash) => hash,
                    Err(reason) => return Ok(Err(reason)),
                };
                let place = puk_id(code.id, u64::try_from(row.index).unwrap_or(u64::MAX));
                let sealed = hash.map(|hash| sealer.seal(puk_place(&place), hash.as_bytes()));
                Ok(Ok(sealed.transpose()?.unwrap_or_default()))
            },
        )?;
        let mut outcomes = Vec::with_capacity(rows.len());
        for (row, sealed) in rows.iter().zip(sealed) {
            outcomes.push(match sealed {
                Ok(hash) => puk(context, tx, row, hash)?,
                Err(reason) => Outcome::Refused(reason),
            });
        }
        Ok(outcomes)
    }
}

/// The Argon2 text of a PUK that is VALID and not here yet; nothing is kept of others.
fn puk_hash(
    context: &Context<'_>,
    row: &PukRow,
    code: &RecoveryCode,
) -> Result<Option<crate::crypto::secret::SecretVec>, Reason> {
    let here = row.index.checked_sub(1).and_then(|at| code.puks.get(at));
    let known = here.is_some_and(|puk| puk.status == PukStatus::Valid && !puk.hash.is_empty());
    if row.status != PukStatus::Valid || known {
        return Ok(None);
    }
    let stored = row.stored.as_ref().ok_or(Reason::Null("puk"))?;
    let mut numbers = context.applications.iter();
    let number = numbers.find(|(_, name)| **name == code.application);
    let (number, _) = number.ok_or(Reason::NoParent("pa_application"))?;
    let (number, index) = (number.to_string(), row.index.to_string());
    let text = match (&row.text, stored.is_sealed()) {
        (Some(text), _) => text.as_str(),
        (None, false) => "",
        (None, true) => return Err(Reason::NoParent("pa_recovery_code")),
    };
    let hash = stored.open(context.old_key, &[&number, &code.user, text, &index])?;
    let parsed = std::str::from_utf8(hash.as_bytes()).ok().map(PasswordHash::parse);
    match parsed {
        Some(Ok(_)) => Ok(Some(hash)),
        _ if stored.is_sealed() => Err(Reason::Sealed("puk")),
        _ => Err(Reason::Malformed("puk")),
    }
}

fn puk(context: &Context<'_>, tx: &mut Tx<'_>, row: &PukRow, hash: Vec<u8>) -> Result<Outcome, Halt> {
    let Some(mut code) = tx.peek::<RecoveryCode>(&row.code)? else {
        return Ok(Outcome::Refused(Reason::NoParent("pa_recovery_code")));
    };
    let old = code.clone();
    // A place that a row to come will fill.
    let missing = Puk {
        status: PukStatus::Invalid,
        hash: Vec::new(),
        last_change: None,
    };
    let fresh = code.puks.len() < row.index;
    while code.puks.len() < row.index {
        code.puks.push(missing.clone());
    }
    let Some(place) = row.index.checked_sub(1).and_then(|at| code.puks.get_mut(at)) else {
        return Ok(Outcome::Refused(Reason::UnknownValue("puk_index")));
    };
    let filled = !fresh && *place != missing;
    let kept = place.status == PukStatus::Valid && !place.hash.is_empty();
    *place = Puk {
        status: row.status,
        hash: match (row.status, kept) {
            (PukStatus::Valid, true) => std::mem::take(&mut place.hash),
            _ => hash,
        },
        last_change: row.last_change,
    };
    if code == old {
        return Ok(Outcome::Unchanged);
    }
    if filled && used_here(context, tx, &Subject::Recovery(row.code.clone()), &old.journal)? {
        return Ok(Outcome::Refused(Reason::UsedHere));
    }
    tx.put(&code);
    Ok(match filled {
        true => Outcome::Changed,
        false => Outcome::Imported,
    })
}
