//! Writes journal entries: every change has one, in the same batch, chained to the one before.

use serde_json::Value;

use super::EngineStop;
use crate::crypto::random;
use crate::crypto::symmetric::sha256;
use crate::model::journal::{Entry, Event, Head, Note, Subject};
use crate::store::{Entity, Tx};

/// 2024-01-01, from which public ids count, so that they stay below 2^53 until 2058.
const EPOCH: u64 = 1_704_067_200_000;

/// Appends `event` to the journal of `subject` and moves `head`, which the caller then writes.
pub(crate) fn append(
    tx: &mut Tx<'_>,
    subject: Subject,
    head: &mut Head,
    event: Event,
) -> Result<(), EngineStop> {
    let at = tx.now();
    let public_id = public_id(tx)?;
    let entry = Entry {
        subject,
        number: head.length,
        previous: std::mem::take(&mut head.hash),
        at,
        public_id,
        event,
    };
    head.length += 1;
    let (body, hash) = encoded(&entry);
    head.hash = hash;
    tx.append_encoded(&entry, body);
    Ok(())
}

/// A number that APIs may show: time-ordered, below 2^53. Two of one millisecond may be equal.
pub(crate) fn public_id(tx: &mut Tx<'_>) -> Result<u64, EngineStop> {
    let low = u16::from_be_bytes(random::bytes(tx)?) & 0x1FFF;
    Ok((tx.now().saturating_sub(EPOCH) << 13) | u64::from(low))
}

/// Appends a note: what happened, who did it as far as known, and `parameters` as JSON.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    subject: Subject,
    head: &mut Head,
    kind: &str,
    user: Option<String>,
    parameters: &Value,
) -> Result<(), EngineStop> {
    let event = Event::Note(Note {
        kind: kind.to_owned(),
        user,
        parameters: parameters.to_string(),
    });
    append(tx, subject, head, event)
}

/// What the next entry refers to.
pub fn hash(entry: &Entry) -> Vec<u8> {
    encoded(entry).1
}

/// The body of an entry's record, and what the next entry refers to.
pub(crate) fn encoded(entry: &Entry) -> (Vec<u8>, Vec<u8>) {
    let body = entry.encode();
    let hash = sha256(&[&body]).to_vec();
    (body, hash)
}
