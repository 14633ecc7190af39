//! A cap on what a user can be asked at the same time, against fatigue. An option, see `Config::max_pending_operations`.
//!
//! Every user has so many places. A new operation takes one that nobody has, or whose holder has ended; two that want the
//! same place conflict, and the later one finds it taken. No transition of an operation has to give its place back.

use crate::engine::{Engine, EngineStop, Error, ErrorCode, digest};
use crate::model::operation::{Operation, OperationStatus};
use crate::model::replay::Claim;
use crate::store::Tx;

/// Takes a place for a new operation; ERR0041 when its user has none left. An operation without a user takes none, also
/// when somebody claims it: nobody was asked.
pub(super) fn take_place(engine: &Engine, tx: &mut Tx<'_>, operation: &Operation) -> Result<(), EngineStop> {
    let (Some(cap), Some(user)) = (engine.config.max_pending_operations, &operation.user) else {
        return Ok(());
    };
    let user = digest(&[user]);
    let places: Vec<String> = (0..cap)
        .map(|number| Claim::pending_operation(&user, number))
        .collect();
    for place in &places {
        tx.want::<Claim>(place);
    }
    let mut taken = Vec::new();
    let mut free = None;
    for place in &places {
        match tx.peek::<Claim>(place)?.and_then(|claim| claim.target) {
            Some(holder) => taken.push((place, holder)),
            None => free = free.or(Some(place)),
        }
    }
    for (_, holder) in &taken {
        tx.want::<Operation>(holder);
    }
    for (place, holder) in &taken {
        if free.is_some() {
            break;
        }
        // What has ended never begins again: an old look at it does no harm.
        let holder = tx.peek::<Operation>(holder)?;
        let waits = |it: &Operation| it.status == OperationStatus::Pending && !it.overdue(tx.now());
        free = (!holder.as_ref().is_some_and(waits)).then_some(*place);
    }
    let full = || {
        Error::with_detail(
            ErrorCode::OperationError,
            "The user has too many pending operations.",
        )
    };
    let place = free.ok_or_else(full)?;
    // Now it matters that the place is as it was seen.
    tx.get::<Claim>(place)?;
    tx.put(&Claim {
        name: place.clone(),
        target: Some(operation.id.clone()),
    });
    Ok(())
}
