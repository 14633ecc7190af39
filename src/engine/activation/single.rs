//! Single devices: at most one registration of a user in progress (cloud API, section 3).
//!
//! Whether one is in progress is looked up twice: in the user's activations, whoever made them, and in a claim of the
//! newest registration. The list may be stale, but of two registrations at once only one gets the claim.

use super::list::select;
use crate::engine::pages::PageBounds;
use crate::engine::{Engine, EngineStop, digest};
use crate::model::activation::Activation;
use crate::model::replay::Claim;
use crate::store::Tx;

fn claim(application: &str, user: &str) -> String {
    Claim::single_device(&digest(&[application, user]))
}

/// Whether an activation of the user waits for its phone or its commit.
pub(crate) fn in_progress(
    engine: &Engine,
    tx: &mut Tx<'_>,
    application: &str,
    user: &str,
) -> Result<bool, EngineStop> {
    let now = tx.now();
    let waits = |it: &Activation| it.pending() && !it.overdue(now);
    let held = tx.get::<Claim>(&claim(application, user))?;
    if let Some(newest) = held.and_then(|it| it.target)
        && tx.get::<Activation>(&newest)?.as_ref().is_some_and(waits)
    {
        return Ok(true);
    }
    let one = PageBounds { skip: 0, take: 1 };
    let keep = |it: &Activation| it.application == application && waits(it);
    Ok(!select(engine, tx, user, one, keep)?.is_empty())
}

/// Makes `activation` the user's newest one. The claim was read by [`in_progress`].
pub(crate) fn started(tx: &mut Tx<'_>, application: &str, user: &str, activation: &str) {
    tx.put(&Claim {
        name: claim(application, user),
        target: Some(activation.to_owned()),
    });
}
