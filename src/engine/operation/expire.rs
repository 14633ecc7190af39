//! Housekeeping: what is overdue expires, with its journal entry and its callbacks, exactly once.
//!
//! Each function is one decision over a bounded batch. The host calls it until it answers 0, and again
//! after a while; several nodes may do so at the same time.

use super::expire_if_due;
use crate::engine::{Engine, EngineStop, Outcome, activation, callback};
use crate::model::activation::{self as activations_model, Activation};
use crate::model::callback::CallbackType;
use crate::model::operation::{self as operations_model, Operation};
use crate::model::recovery::RecoveryCode;
use crate::store::{Entity, Index, Range, Tx};

/// Largest number of records that one call looks at.
const MAX_LIMIT: u32 = 200;
/// Writes that expiries may put into one batch; a batch holds more, for whatever else is decided in it.
const MAX_WRITES: usize = 420;

/// Counts the writes of expiries, so that a batch does not outgrow the store's limit.
#[derive(Default)]
pub(crate) struct Room {
    used: usize,
}

impl Room {
    /// Whether the expiry of `operation` still fits; if so, its writes are counted. The first one always
    /// fits.
    pub(super) fn takes(&mut self, tx: &mut Tx<'_>, operation: &Operation) -> Result<bool, EngineStop> {
        let kind = CallbackType::OperationStatusChange;
        Ok(self.takes_writes(2 + callback::writes(tx, &operation.applications, kind)?))
    }

    /// The same for an activation.
    pub(crate) fn takes_activation(
        &mut self,
        tx: &mut Tx<'_>,
        activation: &Activation,
    ) -> Result<bool, EngineStop> {
        let kind = CallbackType::ActivationStatusChange;
        let events = callback::writes(tx, std::slice::from_ref(&activation.application), kind)?;
        // Activation and entry; its recovery code and the entry of that.
        let own = if activation.recovery.is_some() { 4 } else { 2 };
        Ok(self.takes_writes(own + events))
    }

    fn takes_writes(&mut self, writes: usize) -> bool {
        let fits = self.used == 0 || self.used + writes <= MAX_WRITES;
        if fits {
            self.used += writes;
        }
        fits
    }
}

/// Announces what the expiry of activations reads besides them, so that one read brings all of it.
pub(crate) fn want_recovery_codes<'a>(tx: &mut Tx<'_>, activations: impl Iterator<Item = &'a Activation>) {
    for code in activations.filter_map(|it| it.recovery) {
        tx.want::<RecoveryCode>(&code.to_string());
    }
}

/// Expires overdue operations, oldest expiry first, at most `limit` (and 200). Answers how many.
pub fn operations(engine: &Engine, tx: &mut Tx<'_>, limit: u32) -> Outcome<usize> {
    let mut room = Room::default();
    let mut expired = 0;
    for it in due::<Operation>(tx, operations_model::DUE, limit)? {
        if !room.takes(tx, &it)? {
            break;
        }
        if let Some(mut operation) = tx.get::<Operation>(&it.id)?
            && expire_if_due(engine, tx, &mut operation)?
        {
            expired += 1;
        }
    }
    Ok(Ok(expired))
}

/// Removes activations that were not committed in time, oldest expiry first, at most `limit` (and 200).
/// Answers how many.
pub fn activations(engine: &Engine, tx: &mut Tx<'_>, limit: u32) -> Outcome<usize> {
    let mut room = Room::default();
    let mut expired = 0;
    let due = due::<Activation>(tx, activations_model::DUE, limit)?;
    want_recovery_codes(tx, due.iter());
    for it in due {
        if !room.takes_activation(tx, &it)? {
            break;
        }
        if let Some(mut activation) = tx.get::<Activation>(&it.id)?
            && activation::expire_if_due(engine, tx, &mut activation)?
        {
            expired += 1;
        }
    }
    Ok(Ok(expired))
}

/// The oldest entries of a due-index whose time is over. The index may be stale: what expires is the
/// record that is then read by key.
fn due<R: Entity>(tx: &mut Tx<'_>, index: Index, limit: u32) -> Result<Vec<R>, EngineStop> {
    let range = Range {
        // At the very moment of its expiry nothing is overdue yet.
        to: tx.now().saturating_sub(1),
        ..Range::all(index, "", limit.clamp(1, MAX_LIMIT))
    };
    let (found, _) = tx.scan::<R>(range)?;
    for record in &found {
        tx.want::<R>(&record.id());
    }
    Ok(found)
}
