//! What may go wrong, and how often.

use super::chance::Chance;
use crate::store::port::{Batch, Entries, Expect, Key, Record, Rev, StoreError, Write};

/// How often each fault happens, in cases out of 1,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// A read fails.
    pub failed_read: u16,
    /// Just before a batch is judged, somebody else rewrites one of its records.
    pub overtaken: u16,
    /// A commit is refused for no reason: certainly not applied.
    pub refused: u16,
    /// A commit never arrives, and its sender does not learn that.
    pub lost_request: u16,
    /// A commit is applied or judged, but the answer never arrives.
    pub lost_answer: u16,
    /// A commit arrives later than its sender waits.
    pub delayed: u16,
    /// A commit arrives twice; the sender sees the answer to one of the copies.
    pub duplicated: u16,
    /// An operation vanishes between two steps; a commit on its way may still arrive.
    pub crash: u16,
    /// The clock jumps, by up to half an hour off the true time.
    pub clock_jump: u16,
    /// Expired records are dropped.
    pub purge: u16,
    /// The random generator fails.
    pub failed_entropy: u16,
}

impl Faults {
    /// None. Operations are still interleaved.
    pub const fn none() -> Self {
        Self {
            failed_read: 0,
            overtaken: 0,
            refused: 0,
            lost_request: 0,
            lost_answer: 0,
            delayed: 0,
            duplicated: 0,
            crash: 0,
            clock_jump: 0,
            purge: 0,
            failed_entropy: 0,
        }
    }

    /// All of them, so often that most histories see several.
    pub const fn rough() -> Self {
        Self {
            failed_read: 20,
            overtaken: 60,
            refused: 30,
            lost_request: 60,
            lost_answer: 80,
            delayed: 60,
            duplicated: 60,
            crash: 20,
            clock_jump: 20,
            purge: 20,
            failed_entropy: 5,
        }
    }

    /// Decides what becomes of a commit.
    pub fn fate(&self, chance: &mut Chance) -> Mishap {
        let order = [
            (self.refused, Mishap::Refused),
            (self.lost_request, Mishap::LostRequest),
            (self.lost_answer, Mishap::LostAnswer),
            (self.delayed, Mishap::Delayed),
        ];
        for (per_mille, mishap) in order {
            if chance.hit(per_mille) {
                return mishap;
            }
        }
        if chance.hit(self.duplicated) {
            return if chance.hit(500) {
                Mishap::Duplicated
            } else {
                Mishap::DuplicatedSecond
            };
        }
        Mishap::None
    }
}

/// What becomes of one commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mishap {
    /// Nothing special.
    None,
    /// See [`Faults::refused`].
    Refused,
    /// See [`Faults::lost_request`].
    LostRequest,
    /// See [`Faults::lost_answer`].
    LostAnswer,
    /// See [`Faults::delayed`].
    Delayed,
    /// Arrives now and once more later; the sender sees the first answer.
    Duplicated,
    /// Arrives twice at once; the sender sees the second answer.
    DuplicatedSecond,
}

impl Mishap {
    /// The error that the sender sees, where there is one.
    pub fn error(self) -> Option<StoreError> {
        match self {
            Self::None | Self::Duplicated | Self::DuplicatedSecond => None,
            Self::Refused => Some(StoreError::NotApplied("simulated".into())),
            Self::LostRequest | Self::LostAnswer | Self::Delayed => {
                Some(StoreError::Unknown("simulated".into()))
            }
        }
    }
}

/// A record of `batch` for somebody else to rewrite before. Records that others rely on never to
/// change are left alone.
pub(super) fn victim(batch: &Batch, chance: &mut Chance) -> Option<Key> {
    let open: Vec<&Write> = batch
        .writes
        .iter()
        .filter(|write| {
            matches!(
                write,
                Write::Put {
                    expect: Expect::At(_),
                    ..
                }
            )
        })
        .collect();
    open.get(chance.index(open.len()))
        .map(|write| write.key().clone())
}

/// The batch of somebody who writes the same content again, under a new revision.
pub(super) fn rewrite(record: Record, chance: &mut Chance) -> Batch {
    let mut rev = [0; 16];
    chance.fill(&mut rev);
    Batch {
        rev: Rev(rev),
        writes: vec![Write::Put {
            key: record.key,
            expect: Expect::At(record.rev),
            body: record.body,
            entries: Entries::Keep,
            expires_at: record.expires_at,
        }],
    }
}
