//! The append of every batch that proves, when an answer was lost, that the batch was applied.

use super::planted::{self, Planted};
use super::port::{Answer, Batch, Collection, Key, Query, Rev, Write};

/// Collection of the appends that only prove that a batch was applied.
pub const RECEIPT: Collection = Collection("receipt");
const RECEIPT_LIFETIME: u64 = 3_600_000;
/// An append that expires sooner does not prove anything to a slow retry.
const PROOF_LIFETIME: u64 = 600_000;

/// Every batch carries an append that outlives any retry, so that a lost answer can be resolved even
/// when others have overwritten all its puts.
pub(super) fn add(writes: &mut Vec<Write>, rev: Rev, now: u64) {
    let lasts = now.saturating_add(PROOF_LIFETIME);
    if writes.iter().any(|write| append_end(write) >= Some(lasts)) || planted::is(Planted::NoReceipt) {
        return;
    }
    let id = format!("{:032x}", u128::from_be_bytes(rev.0));
    let receipt = Write::Append {
        key: Key::new(RECEIPT, id),
        body: vec![1],
        entries: Vec::new(),
        expires_at: Some(now.saturating_add(RECEIPT_LIFETIME)),
    };
    let at = writes.partition_point(|write| write.key() < receipt.key());
    writes.insert(at, receipt);
}

/// The query for the batch's longest-lived append.
pub(super) fn proof(batch: &Batch) -> Vec<Query> {
    let append = batch
        .writes
        .iter()
        .filter(|write| append_end(write).is_some())
        .max_by_key(|write| append_end(write));
    append
        .map(|write| Query::Get(write.key().clone()))
        .into_iter()
        .collect()
}

/// When an append may vanish; `None` for the other writes.
fn append_end(write: &Write) -> Option<u64> {
    match write {
        Write::Append { expires_at, .. } => Some(expires_at.unwrap_or(u64::MAX)),
        Write::Put { .. } | Write::Check { .. } => None,
    }
}

/// Whether the batch's append was found.
pub(super) fn proves(batch: &Batch, answers: &[Answer]) -> bool {
    answers
        .iter()
        .any(|answer| matches!(answer, Answer::Record(Some(record)) if record.rev == batch.rev))
}
