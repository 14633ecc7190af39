//! Recovery codes (part 1, section 17; protocol, sections 2.4 to 2.6).
//!
//! A code and a PUK are shown to the user once and kept as a digest and an Argon2 text: whoever reads
//! the store learns neither. An activation has at most one code, whose number stands in its record, so
//! that nothing about revocation rests on a search.

pub mod config;
pub mod confirm;
pub mod manage;
pub mod postcard;

use serde_json::{Value, json};

use super::{Engine, EngineStop, ErrorCode, Place, digest, journal, password};
use crate::crypto::code;
use crate::crypto::recovery::{RecoveryError, generate_for_activation};
use crate::model::activation::{Activation, ActivationStatus};
use crate::model::journal::{Head, Subject};
use crate::model::recovery::{
    Puk, PukStatus, RECOVERY_CODE, RecoveryCode, RecoveryCodeStatus, RecoveryConfig,
};
use crate::model::replay::Claim;
use crate::store::{Fault, Tx};

impl From<RecoveryError> for EngineStop {
    fn from(error: RecoveryError) -> Self {
        match error {
            RecoveryError::Random(_) => Self::Fault(Fault::Entropy),
            RecoveryError::Exhausted => ErrorCode::GenericCryptographyError.into(),
        }
    }
}

/// The settings of an application where recovery is enabled.
pub(crate) fn enabled(tx: &mut Tx<'_>, application: &str) -> Result<Option<RecoveryConfig>, EngineStop> {
    Ok(tx
        .get::<RecoveryConfig>(application)?
        .filter(|config| config.enabled))
}

/// Key of the claim on a code.
pub(crate) fn claim_of(application: &str, code: &str) -> String {
    Claim::recovery_code(&digest(&[code, application]))
}

/// The record of a code in an application.
pub(crate) fn by_code(
    tx: &mut Tx<'_>,
    application: &str,
    code: &str,
) -> Result<Option<RecoveryCode>, EngineStop> {
    let claim = tx.get::<Claim>(&claim_of(application, code))?;
    match claim.and_then(|claim| claim.target) {
        Some(id) => Ok(tx.get::<RecoveryCode>(&id)?),
        None => Ok(None),
    }
}

/// A code with its PUKs, to be shown once.
#[derive(Debug)]
pub(crate) struct Fresh {
    pub(crate) code: code::RecoveryCode,
    pub(crate) puks: Vec<code::Puk>,
}

/// Whose a new code is.
struct Owner<'a> {
    application: &'a str,
    user: &'a str,
    activation: Option<&'a str>,
}

/// The code of a new activation with its only PUK; none where recovery is off. The caller writes the
/// activation.
pub(crate) fn issue(
    engine: &Engine,
    tx: &mut Tx<'_>,
    activation: &mut Activation,
) -> Result<Option<Fresh>, EngineStop> {
    if enabled(tx, &activation.application)?.is_none() {
        return Ok(None);
    }
    let status = match activation.status {
        ActivationStatus::PendingCommit => RecoveryCodeStatus::Created,
        ActivationStatus::Active => RecoveryCodeStatus::Active,
        _ => return Err(ErrorCode::ActivationIncorrectState.into()),
    };
    if activation.recovery.is_some() {
        return Err(ErrorCode::RecoveryCodeAlreadyExists.into());
    }
    let owner = Owner {
        application: &activation.application,
        user: &activation.user,
        activation: Some(&activation.id),
    };
    let (fresh, _) = unique(engine, tx, &owner, |tx| {
        let (code, puk) = generate_for_activation(tx)?;
        let puks = vec![puk];
        Ok((Fresh { code, puks }, ()))
    })?;
    let record = record(engine, tx, &owner, &fresh, status)?;
    activation.recovery = Some(record.id);
    Ok(Some(fresh))
}

/// Draws codes until one is new in its application; ERR0026 when all attempts collided.
fn unique<T>(
    engine: &Engine,
    tx: &mut Tx<'_>,
    owner: &Owner<'_>,
    mut draw: impl FnMut(&mut Tx<'_>) -> Result<(Fresh, T), EngineStop>,
) -> Result<(Fresh, T), EngineStop> {
    for _ in 0..engine.config.unique_attempts {
        let (fresh, more) = draw(tx)?;
        let name = claim_of(owner.application, fresh.code.as_str());
        if tx.get::<Claim>(&name)?.is_none() {
            return Ok((fresh, more));
        }
    }
    Err(ErrorCode::UnableToGenerateRecoveryCode.into())
}

/// Writes the record of a new code, and the claim that leads to it.
fn record(
    engine: &Engine,
    tx: &mut Tx<'_>,
    owner: &Owner<'_>,
    fresh: &Fresh,
    status: RecoveryCodeStatus,
) -> Result<RecoveryCode, EngineStop> {
    let id = number(engine, tx)?;
    let record_id = id.to_string();
    let mut puks = Vec::with_capacity(fresh.puks.len());
    for (index, puk) in (1..).zip(&fresh.puks) {
        let hash = password::hash(tx, puk.as_str())?;
        let place = puk_id(id, index);
        let hash = engine.keyring.seal(puk_place(&place), hash.as_bytes(), tx)?;
        puks.push(Puk {
            status: PukStatus::Valid,
            hash,
            last_change: None,
        });
    }
    let mut record = RecoveryCode {
        id,
        application: owner.application.to_owned(),
        user: owner.user.to_owned(),
        activation: owner.activation.map(str::to_owned),
        ending: fresh
            .code
            .as_str()
            .rsplit('-')
            .next()
            .unwrap_or_default()
            .to_owned(),
        status,
        failed_attempts: 0,
        max_failed_attempts: engine.config.max_recovery_attempts,
        puks,
        created: tx.now(),
        last_change: None,
        journal: Head::default(),
    };
    let parameters = json!({
        "application": record.application,
        "activation": record.activation,
        "status": record.status,
        "puks": record.puks.len(),
    });
    save(tx, &mut record, "recovery_code_created", &parameters)?;
    tx.put(&Claim {
        name: claim_of(owner.application, fresh.code.as_str()),
        target: Some(record_id),
    });
    Ok(record)
}

/// A number that no code has.
fn number(engine: &Engine, tx: &mut Tx<'_>) -> Result<u64, EngineStop> {
    for _ in 0..engine.config.unique_attempts {
        let id = journal::public_id(tx)?;
        if tx.get::<RecoveryCode>(&id.to_string())?.is_none() {
            return Ok(id);
        }
    }
    Err(ErrorCode::UnableToGenerateRecoveryCode.into())
}

pub(crate) fn puk_id(code: u64, index: u64) -> String {
    format!("{code}/{index}")
}

pub(crate) fn puk_place(id: &str) -> Place<'_> {
    Place {
        collection: RECOVERY_CODE,
        id,
        field: "puk",
    }
}

/// Whether a PUK is the current one of a code; none when it has no VALID one. ERR0022 when the stored
/// hash cannot be used.
pub(crate) fn is_current_puk(
    engine: &Engine,
    tx: &mut Tx<'_>,
    code: &RecoveryCode,
    supplied: &str,
) -> Result<Option<bool>, EngineStop> {
    let Some((index, puk)) = code.current_puk() else {
        return Ok(None);
    };
    let stored = engine
        .keyring
        .open(puk_place(&puk_id(code.id, index)), &puk.hash)?;
    let stored = std::str::from_utf8(stored.as_bytes()).ok();
    let right = stored.and_then(|stored| password::matches(tx, supplied, stored));
    right
        .map(Some)
        .ok_or_else(|| ErrorCode::GenericCryptographyError.into())
}

/// Writes a code with an entry in its journal.
pub(crate) fn save(
    tx: &mut Tx<'_>,
    code: &mut RecoveryCode,
    kind: &str,
    parameters: &Value,
) -> Result<(), EngineStop> {
    let subject = Subject::Recovery(code.id.to_string());
    let user = Some(code.user.clone());
    journal::note(tx, subject, &mut code.journal, kind, user, parameters)?;
    tx.put(code);
    Ok(())
}

/// Revokes a code that is not REVOKED yet. Answers whether it did.
pub(crate) fn revoke(tx: &mut Tx<'_>, code: &mut RecoveryCode) -> Result<bool, EngineStop> {
    let changed = code.revoke(tx.now());
    if changed {
        save(tx, code, "recovery_code_revoked", &json!({}))?;
    }
    Ok(changed)
}

fn of_activation(tx: &mut Tx<'_>, activation: &Activation) -> Result<Option<RecoveryCode>, EngineStop> {
    match activation.recovery {
        Some(id) => Ok(tx.get::<RecoveryCode>(&id.to_string())?),
        None => Ok(None),
    }
}

/// Revokes the code of an activation that ends.
pub(crate) fn revoke_of(tx: &mut Tx<'_>, activation: &Activation) -> Result<(), EngineStop> {
    if let Some(mut code) = of_activation(tx, activation)? {
        revoke(tx, &mut code)?;
    }
    Ok(())
}

/// The code of an activation becomes ACTIVE with it.
pub(crate) fn activate_of(tx: &mut Tx<'_>, activation: &Activation) -> Result<(), EngineStop> {
    if let Some(mut code) = of_activation(tx, activation)?
        && code.activate(tx.now()) == Ok(true)
    {
        save(tx, &mut code, "recovery_code_activated", &json!({}))?;
    }
    Ok(())
}
