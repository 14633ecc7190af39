//! The verification algorithm (part 1, section 7.3; protocol, sections 5.8, 5.9).
//!
//! ```text
//! unknown activation                       invalid, nothing written
//! not ACTIVE, or without hash counter      invalid, audited
//! no attempts left                         becomes BLOCKED, invalid, audited
//! too soon after a failure (an option)     invalid, audited
//! application version unknown, unsupported
//! or of another application                counted, invalid, audited
//! one of the next counter values matches   counter moves behind it, failures reset, valid
//! none matches                             counted, at the limit BLOCKED, invalid
//! ```
//!
//! Possession alone neither counts nor resets failures. Unlike the reference, the state is looked at
//! before the application key, so that a wrong key changes nothing about a removed activation.
//! Numeric counters, those of protocol 2, are not served; an upgrade creates the hash counter.

use zeroize::Zeroizing;

use crate::crypto::base::signed_bytes;
use crate::crypto::counter::HashCounter;
use crate::crypto::schedule::FactorKeys;
use crate::crypto::signature::{Matched, SignatureFormat, SignatureType, look_ahead};
use crate::engine::activation::{factor_keys, keep_keys, open_keys, save_log_and_notify, status};
use crate::engine::application;
use crate::engine::application_version::open_secret;
use crate::engine::{Engine, EngineStop, journal, pretend};
use crate::model::activation::{Activation, ActivationStatus, MAX_FAILED_ATTEMPTS};
use crate::model::application::{Application, ApplicationVersion};
use crate::model::journal::{Event, Signature, Subject};
use crate::store::Tx;

/// Where the secret at the end of the signed text comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Secret<'a> {
    /// The version with this application key.
    ApplicationVersion(&'a str),
    /// The word `offline`.
    Offline,
}

/// One attempt.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    pub(crate) activation: &'a str,
    pub(crate) secret: Secret<'a>,
    /// Signed texts without the secret, tried in order; the first stands in the audit.
    pub(crate) data: &'a [String],
    pub(crate) signature: &'a str,
    /// Factor combinations tried for each counter value; the first stands in the audit of a failure.
    pub(crate) types: &'a [SignatureType],
    pub(crate) format: SignatureFormat,
    /// Version text for the audit.
    pub(crate) version: Option<&'a str>,
    /// Pairs for the audit.
    pub(crate) additional: Vec<(String, String)>,
}

/// How it ended. Either way the caller's batch records it.
#[derive(Debug)]
pub(crate) enum Verification {
    /// The activation does not exist or its state did not allow an evaluation.
    Unusable { status: ActivationStatus },
    /// The signature was compared.
    Evaluated {
        valid: bool,
        signature_type: SignatureType,
        activation: Box<Activation>,
        roles: Vec<String>,
    },
}

impl Verification {
    /// The activation, when the signature was valid.
    pub(crate) fn valid(self) -> Option<(Box<Activation>, SignatureType)> {
        match self {
            Self::Evaluated {
                valid: true,
                activation,
                signature_type,
                ..
            } => Some((activation, signature_type)),
            _ => None,
        }
    }
}

/// Verifies, moves the counter, counts, blocks, audits.
pub(crate) fn verify(
    engine: &Engine,
    tx: &mut Tx<'_>,
    attempt: &Attempt<'_>,
) -> Result<Verification, EngineStop> {
    verify_as(engine, tx, attempt, false)
}

/// As [`verify`], also with the hash counter of an upgrade that waits for its commit (protocol,
/// section 5.10).
pub(crate) fn verify_upgrading(
    engine: &Engine,
    tx: &mut Tx<'_>,
    attempt: &Attempt<'_>,
) -> Result<Verification, EngineStop> {
    verify_as(engine, tx, attempt, true)
}

fn verify_as(
    engine: &Engine,
    tx: &mut Tx<'_>,
    attempt: &Attempt<'_>,
    upgrading: bool,
) -> Result<Verification, EngineStop> {
    tx.want::<Activation>(attempt.activation);
    let version = match attempt.secret {
        Secret::ApplicationVersion(key) => tx.get::<ApplicationVersion>(key)?,
        Secret::Offline => None,
    };
    // Records of before have no copy of the roles.
    if let Some(version) = version.as_ref().filter(|it| it.roles.is_none()) {
        tx.want::<Application>(&version.application);
    }
    tx.settle()?;
    let Some(mut activation) = tx.get::<Activation>(attempt.activation)? else {
        let nobody = pretend::read()?;
        let before = Before::of(&nobody);
        pretend::signature(engine, tx, attempt, version.as_ref())?;
        let event = event(&nobody, before, attempt, (INVALID_STATE, None));
        pretend::journal(tx, event)?;
        return Ok(Verification::Unusable {
            status: ActivationStatus::Removed,
        });
    };
    // Looked up before anything is computed: what is missing starts the decision again.
    let copied = version
        .as_ref()
        .filter(|it| it.application == activation.application);
    let roles = match copied.and_then(|it| it.roles.clone()) {
        Some(roles) => roles,
        None => application::roles(tx, &activation.application)?,
    };
    let before = Before::of(&activation);
    activation.last_used = tx.now();
    let counted = activation.version != Some(2) || (upgrading && activation.counter_data.is_some());
    if activation.status == ActivationStatus::Active {
        keep_keys(engine, tx, &mut activation)?;
    }
    let evaluation = match counted {
        true => evaluate(engine, &mut activation, version.as_ref(), attempt)?,
        false => (INVALID_STATE, None),
    };
    if evaluation.1.is_none() {
        pretend::signature(engine, tx, attempt, version.as_ref())?;
    }
    if matches!(evaluation.1, Some((true, _))) {
        tx.proven();
    }
    let blocked = before.status != activation.status;
    audit(tx, &mut activation, before, attempt, evaluation)?;
    if blocked {
        save_log_and_notify(engine, tx, &mut activation, None, None)?;
    } else {
        tx.put(&activation);
    }
    Ok(match evaluation.1 {
        None => Verification::Unusable {
            status: activation.status,
        },
        Some((valid, signature_type)) => Verification::Evaluated {
            valid,
            signature_type,
            activation: Box::new(activation),
            roles,
        },
    })
}

const INVALID_STATE: &str = "activation_invalid_state";

/// The word for the audit and, where the signature was compared, the outcome with its factors.
type Evaluation = (&'static str, Option<(bool, SignatureType)>);

/// Moves the counter, or counts.
fn evaluate(
    engine: &Engine,
    activation: &mut Activation,
    version: Option<&ApplicationVersion>,
    attempt: &Attempt<'_>,
) -> Result<Evaluation, EngineStop> {
    if activation.status != ActivationStatus::Active {
        return Ok((INVALID_STATE, None));
    }
    if activation.block_at_limit() {
        return Ok(("activation_invalid_state_ctr_mismatch", None));
    }
    let delay = engine.config.failure_delay;
    if guesses(attempt) && activation.waits(activation.last_used, delay) {
        return Ok(("activation_too_soon", None));
    }
    let secret = match (attempt.secret, version) {
        (Secret::Offline, _) => Zeroizing::new("offline".to_owned()),
        (Secret::ApplicationVersion(_), Some(version))
            if version.supported && version.application == activation.application =>
        {
            open_secret(engine, version)?
        }
        _ => {
            count(engine, activation, attempt);
            return Ok(("activation_invalid_application", None));
        }
    };
    let Some(found) = matched(engine, activation, attempt, &secret)? else {
        count(engine, activation, attempt);
        let kind = attempt.types.first().copied();
        let kind = kind.unwrap_or(SignatureType::Possession);
        return Ok(("signature_does_not_match", Some((false, kind))));
    };
    let kind = found.signature_type;
    activation.counter = activation
        .counter
        .saturating_add(u64::from(found.offset))
        .saturating_add(1);
    activation.counter_data = Some(found.next.as_bytes().to_vec());
    if kind.counts_failures() {
        activation.failed_attempts = 0;
        activation.last_failure = None;
    }
    Ok(("signature_ok", Some((true, kind))))
}

/// Possession alone is no guess of a secret that the user knows.
fn guesses(attempt: &Attempt<'_>) -> bool {
    attempt.types.first().is_some_and(|kind| kind.counts_failures())
}

fn count(engine: &Engine, activation: &mut Activation, attempt: &Attempt<'_>) {
    if guesses(attempt) {
        activation.count_failure();
        activation.last_failure = (engine.config.failure_delay > 0).then_some(activation.last_used);
    }
}

/// The first text and counter value that match the activation's keys.
fn matched(
    engine: &Engine,
    activation: &Activation,
    attempt: &Attempt<'_>,
    secret: &str,
) -> Result<Option<Matched>, EngineStop> {
    let (Some(keys), Some(counter)) = (open_keys(engine, activation)?, &activation.counter_data) else {
        return Ok(None);
    };
    let start = status::counter_of(counter)?;
    Ok(search(engine, &factor_keys(keys), &start, attempt, secret))
}

/// The first text and counter value, from `start` on, that match these keys.
pub(crate) fn search(
    engine: &Engine,
    keys: &FactorKeys,
    start: &HashCounter,
    attempt: &Attempt<'_>,
    secret: &str,
) -> Option<Matched> {
    let window = u32::from(engine.config.look_ahead);
    attempt.data.iter().find_map(|data| {
        let signed = Zeroizing::new(signed_bytes(data, secret));
        look_ahead(
            keys,
            attempt.types,
            start,
            window,
            &signed,
            attempt.format,
            attempt.signature,
        )
    })
}

/// What the audit says of the time before the attempt.
struct Before {
    counter: u64,
    counter_data: Option<Vec<u8>>,
    status: ActivationStatus,
}

impl Before {
    fn of(activation: &Activation) -> Self {
        Self {
            counter: activation.counter,
            counter_data: activation.counter_data.clone(),
            status: activation.status,
        }
    }
}

fn audit(
    tx: &mut Tx<'_>,
    activation: &mut Activation,
    before: Before,
    attempt: &Attempt<'_>,
    evaluation: Evaluation,
) -> Result<(), EngineStop> {
    let event = event(activation, before, attempt, evaluation);
    let subject = Subject::Activation(activation.id.clone());
    journal::append(tx, subject, &mut activation.journal, event)
}

/// What the audit says of an attempt.
fn event(
    activation: &Activation,
    before: Before,
    attempt: &Attempt<'_>,
    (note, evaluated): Evaluation,
) -> Event {
    let mut additional = attempt.additional.clone();
    if before.status != activation.status {
        additional.push(("BLOCKED_REASON".to_owned(), MAX_FAILED_ATTEMPTS.to_owned()));
    }
    let kind = evaluated
        .map(|(_, kind)| kind)
        .or_else(|| attempt.types.first().copied());
    let signature = Signature {
        user: activation.user.clone(),
        application: activation.application.clone(),
        counter: before.counter,
        counter_data: before.counter_data,
        status: before.status,
        additional,
        data: attempt.data.first().cloned().unwrap_or_default(),
        signature_type: kind
            .map(|kind| kind.as_upper_str().to_owned())
            .unwrap_or_default(),
        signature: attempt.signature.chars().take(255).collect(),
        signature_version: attempt.version.map(str::to_owned),
        note: note.to_owned(),
        valid: evaluated.is_some_and(|(valid, _)| valid),
        // What was compared was made with the hash counter.
        version: evaluated.map_or(activation.version.unwrap_or(0), |_| 3),
    };
    Event::Signature(Box::new(signature))
}
