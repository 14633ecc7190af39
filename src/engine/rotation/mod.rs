//! The keys that seal secrets at rest, kept in the store, and how one is replaced while everything runs.
//!
//! ```text
//!  keeper's key (file, KMS, HSM) ──wraps──▶ sealing keys (in the store, wrapped) ──seal──▶ secrets in records
//! ```
//!
//! Replacing a sealing key: [`ask`] notes that one is wanted; a worker has a fresh one wrapped and
//! [`add`]s it; once every process had the time to learn it, [`switch`] makes it the current one; then
//! [`reseal()`] goes through all records, a leased page at a time; [`retire`] removes a key that no record
//! needs any more, and refuses any other.
//!
//! Whoever seals a secret has read which key is current, and the commit checks that it still is. So
//! after the switch nothing is written with an older key, by no process, and one walk through all
//! records finds whatever is left.
//!
//! The keeper is asked outside of decisions ([`Keeper`]); what it unwraps stays in the memory of the
//! process ([`Keyring`](super::Keyring)). `work::Caretaker` (feature `driver`) does all of it.

mod keeper;
mod reseal;
#[cfg(feature = "driver")]
mod work;

use serde::{Deserialize, Serialize};
use serde_json::json;

pub use keeper::{Keeper, KeeperError, LocalKeeper};
pub use reseal::{COLLECTIONS, Page, lease, reseal};
#[cfg(feature = "driver")]
pub use work::{Caretaker, Progress, WorkError, open};

use super::json::Moment;
use super::system::Nothing;
use super::{Engine, EngineStop, Error, ErrorCode, Outcome, journal, required};
use crate::model::journal::Subject;
use crate::model::sealing::{ONLY, Resealing, SealingKeys, WrappedKey};
use crate::store::{Halt, Tx};

/// How long a new key only opens, in milliseconds, so that every process learns it before one seals with
/// it. Processes have to look for new keys more often than that.
pub const LEARN_WITHIN: u64 = 15_000;

/// Answer of [`status`], [`ask`] and [`retire`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SealingStatus {
    /// Number of the key that seals.
    pub current: u32,
    /// What happens at the moment.
    pub phase: Phase,
    /// All keys, by number.
    pub keys: Vec<KeyStatus>,
    /// Records looked at by the last sealing anew.
    pub seen: u64,
    /// Records that it has sealed anew.
    pub resealed: u64,
    /// Records with a secret that no known key opens.
    pub unreadable: u64,
}

/// What happens with the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Phase {
    /// Nothing.
    Idle,
    /// A key is wanted, nobody has made it yet.
    Asked,
    /// A key was made and is not used yet.
    Learning,
    /// Records are being sealed with the current key.
    Resealing,
}

/// A key, without itself.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct KeyStatus {
    /// Its number.
    pub key: u32,
    /// When it was added.
    pub timestamp_added: Moment,
    /// Whether it may be removed: it was replaced, and no record needs it.
    pub removable: bool,
}

impl SealingStatus {
    fn of(keys: &SealingKeys, work: &Resealing) -> Self {
        let phase = match keys {
            SealingKeys { next: Some(_), .. } => Phase::Learning,
            SealingKeys { asked: Some(_), .. } => Phase::Asked,
            _ if is_running(work) => Phase::Resealing,
            _ => Phase::Idle,
        };
        let status = |key: &WrappedKey| KeyStatus {
            key: key.id,
            timestamp_added: Moment::from_millis(key.added),
            removable: key.unused,
        };
        Self {
            current: keys.current,
            phase,
            keys: keys.keys.iter().map(status).collect(),
            seen: work.seen,
            resealed: work.resealed,
            unreadable: work.unreadable,
        }
    }
}

fn is_running(work: &Resealing) -> bool {
    work.key != 0 && work.finished.is_none()
}

/// ERR0024 where the keys are the host's and not in the store.
fn find(tx: &mut Tx<'_>) -> Result<(SealingKeys, Resealing), EngineStop> {
    tx.want::<Resealing>(ONLY);
    let keys = tx.get::<SealingKeys>(ONLY)?;
    let work = tx.get::<Resealing>(ONLY)?.unwrap_or_default();
    let keys = keys.ok_or_else(|| refuse("The keys of this installation are not kept in its store."))?;
    Ok((keys, work))
}

fn refuse(detail: &'static str) -> EngineStop {
    crate::store::Stop::Refuse(Error::with_detail(ErrorCode::InvalidRequest, detail))
}

fn note(
    tx: &mut Tx<'_>,
    keys: &mut SealingKeys,
    kind: &str,
    caller: Option<&str>,
    parameters: &serde_json::Value,
) -> Result<(), EngineStop> {
    let subject = Subject::SealingKeys(ONLY.to_owned());
    let caller = caller.map(str::to_owned);
    journal::note(tx, subject, &mut keys.journal, kind, caller, parameters)?;
    tx.put(keys);
    Ok(())
}

/// Tells which keys there are and what happens with them.
pub fn status(_: &Engine, tx: &mut Tx<'_>, _: &Nothing) -> Outcome<SealingStatus> {
    let (keys, work) = find(tx)?;
    Ok(Ok(SealingStatus::of(&keys, &work)))
}

/// Asks for a new key; a worker does the rest. While a change is under way, asking changes nothing.
pub fn ask(_: &Engine, tx: &mut Tx<'_>, caller: Option<&str>) -> Outcome<SealingStatus> {
    let (mut keys, work) = find(tx)?;
    if keys.asked.is_none() && keys.next.is_none() && !is_running(&work) {
        keys.asked = Some(tx.now());
        note(tx, &mut keys, "sealing_key_asked_for", caller, &json!({}))?;
    }
    Ok(Ok(SealingStatus::of(&keys, &work)))
}

/// Request of [`retire`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RetireKey {
    /// Number of the key.
    pub key: Option<u32>,
}

/// Removes a key for good. ERR0024 for the current one, the next one, an unknown one, and one that records
/// may still need.
pub fn retire(
    _: &Engine,
    tx: &mut Tx<'_>,
    request: &RetireKey,
    caller: Option<&str>,
) -> Outcome<SealingStatus> {
    let id = *required(&request.key)?;
    let (mut keys, work) = find(tx)?;
    let key = keys.key(id).ok_or_else(|| refuse("There is no such key."))?;
    if keys.current == id || keys.next == Some(id) || !key.unused {
        return Err(refuse("Records may still need this key."));
    }
    keys.keys.retain(|key| key.id != id);
    note(
        tx,
        &mut keys,
        "sealing_key_removed",
        caller,
        &json!({ "key": id }),
    )?;
    Ok(Ok(SealingStatus::of(&keys, &work)))
}

/// The keys of the store; those of `first`, the current one first, when there are none yet.
///
/// # Errors
/// When the store fails.
pub fn create(tx: &mut Tx<'_>, first: &[WrappedKey]) -> Result<SealingKeys, EngineStop> {
    if let Some(known) = tx.get::<SealingKeys>(ONLY)? {
        return Ok(known);
    }
    let mut keys = SealingKeys {
        keys: first.to_vec(),
        current: first.first().map_or(0, |key| key.id),
        ..SealingKeys::default()
    };
    let numbers: Vec<u32> = first.iter().map(|key| key.id).collect();
    note(
        tx,
        &mut keys,
        "sealing_keys_created",
        None,
        &json!({ "keys": numbers }),
    )?;
    Ok(keys)
}

/// Adds the key that was asked for. False when somebody else did, or nobody asks any more.
///
/// # Errors
/// When the store fails.
pub fn add(tx: &mut Tx<'_>, id: u32, wrapped: &[u8]) -> Result<bool, EngineStop> {
    let (mut keys, _) = find(tx)?;
    if keys.asked.is_none() || keys.next.is_some() || next_number(&keys) != Some(id) {
        return Ok(false);
    }
    keys.keys.push(WrappedKey {
        id,
        wrapped: wrapped.to_vec(),
        added: tx.now(),
        unused: false,
    });
    keys.next = Some(id);
    keys.asked = None;
    note(tx, &mut keys, "sealing_key_added", None, &json!({ "key": id }))?;
    Ok(true)
}

/// A number that no key of the store ever had: the newest key is never removed.
fn next_number(keys: &SealingKeys) -> Option<u32> {
    keys.keys.iter().map(|key| key.id).max()?.checked_add(1)
}

/// Makes the next key the current one and begins to seal everything anew, once it is `learn_within`
/// milliseconds old: [`LEARN_WITHIN`], or less where no other process runs. Answers for how many milliseconds it has to wait
/// yet; `None` when there is nothing to switch to.
///
/// # Errors
/// When the store fails.
pub fn switch(tx: &mut Tx<'_>, learn_within: u64) -> Result<Option<u64>, EngineStop> {
    let (mut keys, _) = find(tx)?;
    let Some(next) = keys
        .next
        .and_then(|id| keys.key(id))
        .map(|key| (key.id, key.added))
    else {
        return Ok(None);
    };
    let (id, added) = next;
    let left = added.saturating_add(learn_within).saturating_sub(tx.now());
    if left > 0 {
        return Ok(Some(left));
    }
    keys.current = id;
    keys.next = None;
    for key in &mut keys.keys {
        key.unused = false;
    }
    tx.put(&Resealing {
        key: id,
        ..Resealing::default()
    });
    note(tx, &mut keys, "sealing_key_switched", None, &json!({ "key": id }))?;
    Ok(Some(0))
}

/// Replaces the wrapping of a key. False when it is not wrapped as `before` any more.
///
/// # Errors
/// When the store fails.
pub fn rewrap(tx: &mut Tx<'_>, id: u32, before: &[u8], wrapped: &[u8]) -> Result<bool, EngineStop> {
    let (mut keys, _) = find(tx)?;
    let Some(key) = keys
        .keys
        .iter_mut()
        .find(|key| key.id == id && key.wrapped == before)
    else {
        return Ok(false);
    };
    key.wrapped = wrapped.to_vec();
    note(
        tx,
        &mut keys,
        "sealing_key_wrapped_anew",
        None,
        &json!({ "key": id }),
    )?;
    Ok(true)
}

/// The keys of the store, if it has any.
///
/// # Errors
/// When they were not read yet.
pub fn keys(tx: &mut Tx<'_>) -> Result<Option<SealingKeys>, Halt> {
    tx.peek::<SealingKeys>(ONLY)
}
