//! Bugs that are planted on purpose, to see that they would be found.
//!
//! All of them stand between engine and store, so that nothing of them is in the product. An engine
//! that does not look at a field is one that is shown a record in which the field is harmless; an
//! engine that forgets a write is one whose batch arrives without it.

use countersign::model::activation::{ACTIVATION, Activation, ActivationStatus};
use countersign::model::application::{APPLICATION_VERSION, ApplicationVersion};
use countersign::model::callback::{CallbackEvent, EVENT};
use countersign::model::journal::{Entry, JOURNAL};
use countersign::model::operation::{OPERATION, Operation, OperationStatus};
use countersign::model::replay::REPLAY;
use countersign::model::sealing::{RESEALING, SEALING_KEYS, SealingKeys};
use countersign::store::planted::Planted;
use countersign::store::receipt::RECEIPT;
use countersign::store::{
    Answer, Batch, Collection, Entity, Entries, Expect, MemoryStore, Query, Record, Write,
};

use crate::keys::Turn;
use crate::order::Meaning;
use crate::support::Factors;
use crate::town::{ATTEMPTS, Town};

/// A bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// One of the store or of the step machine.
    Below(Planted),
    /// "Applied" is told before the batch is applied.
    AnswerBeforeCommit,
    /// One counter value too many is tried.
    FarSighted,
    /// A success does not move the counter.
    CounterForgotten,
    /// A wrong code is not counted.
    FailureForgotten,
    /// Possession alone resets the failures.
    PossessionResets,
    /// Blocked one failure too late.
    BlockedLate,
    /// Signatures of a blocked activation are evaluated.
    BlockIgnored,
    /// Codes of a version that is no longer served are evaluated.
    SupportIgnored,
    /// An activation is committed after its time.
    LateCommit,
    /// Token nonces and envelopes are not remembered.
    ReplayForgotten,
    /// Token nonces and envelopes are not looked up.
    ReplayIgnored,
    /// Operations are approved after their expiry.
    ExpiryIgnored,
    /// Other data are approved than those of the operation.
    DataIgnored,
    /// Other factors are enough.
    FactorsIgnored,
    /// Somebody else may act, or claim.
    UserIgnored,
    /// A terminal state is overwritten.
    EndOverwritten,
    /// Failed approvals are not counted.
    FailedApprovalForgotten,
    /// Each event is queued twice, under two keys.
    EventTwice,
    /// No event.
    EventForgotten,
    /// The event is not in the batch of its change.
    EventApart,
    /// A change without its journal entry.
    EntryForgotten,
    /// Entries that do not refer to those before them.
    ChainBroken,
    /// A lease that nobody remembers.
    LeaseForgotten,
    /// A delivery that nobody remembers.
    DeliveryForgotten,
    /// A worker that makes a new idempotency key for each attempt.
    DeliveryRenamed,
    /// A sealing key is removed although records may need it.
    KeyRetiredEarly,
    /// A page counts as sealed anew, and its records are forgotten.
    ResealForgotten,
    /// Keys of an activation are stored as they are.
    SealForgotten,
    /// A secret in the text of an error.
    SecretTold,
}

impl Bug {
    /// All that this simulation must find. Of the bugs of the store two are missing, which show in
    /// `tests/store_simulation.rs` only: the engine never appends a key twice, and what it only looks at does not change here.
    pub const ALL: [Self; 40] = [
        Self::Below(Planted::LostUpdate),
        Self::Below(Planted::DroppedCheck),
        Self::Below(Planted::TrustedMemory),
        Self::Below(Planted::NoReceipt),
        Self::Below(Planted::TornBatch),
        Self::Below(Planted::StaleEntries),
        Self::Below(Planted::EarlyPurge),
        Self::Below(Planted::UnknownAsApplied),
        Self::Below(Planted::UnknownAsRefused),
        Self::Below(Planted::FreshRevisionOnResend),
        Self::Below(Planted::SkippedProof),
        Self::AnswerBeforeCommit,
        Self::FarSighted,
        Self::CounterForgotten,
        Self::FailureForgotten,
        Self::PossessionResets,
        Self::BlockedLate,
        Self::BlockIgnored,
        Self::SupportIgnored,
        Self::LateCommit,
        Self::ReplayForgotten,
        Self::ReplayIgnored,
        Self::ExpiryIgnored,
        Self::DataIgnored,
        Self::FactorsIgnored,
        Self::UserIgnored,
        Self::EndOverwritten,
        Self::FailedApprovalForgotten,
        Self::EventTwice,
        Self::EventForgotten,
        Self::EventApart,
        Self::EntryForgotten,
        Self::ChainBroken,
        Self::LeaseForgotten,
        Self::DeliveryForgotten,
        Self::DeliveryRenamed,
        Self::KeyRetiredEarly,
        Self::ResealForgotten,
        Self::SealForgotten,
        Self::SecretTold,
    ];

    /// The record as the engine with the bug takes it.
    pub fn show(self, town: &Town, meaning: &Meaning, shown: &mut Option<Record>) {
        let Some(record) = shown else {
            return;
        };
        match (self, record.key.collection) {
            (Self::ReplayIgnored, REPLAY) => *shown = None,
            (Self::BlockedLate, ACTIVATION) => edit::<Activation>(record, |it| {
                it.max_failed_attempts += u64::from(it.failed_attempts + 1 == ATTEMPTS);
            }),
            (Self::BlockIgnored, ACTIVATION) if meaning.signer().is_some() => {
                edit::<Activation>(record, |it| {
                    if it.status == ActivationStatus::Blocked {
                        it.status = ActivationStatus::Active;
                    }
                });
            }
            (Self::SupportIgnored, APPLICATION_VERSION) if meaning.signer().is_some() => {
                edit::<ApplicationVersion>(record, |it| it.supported = true);
            }
            (Self::LateCommit, ACTIVATION) if matches!(meaning, Meaning::Commit(_)) => {
                edit::<Activation>(record, |it| it.expires = u64::MAX >> 12);
            }
            (Self::KeyRetiredEarly, SEALING_KEYS) => edit::<SealingKeys>(record, |it| {
                it.keys.iter_mut().for_each(|key| key.unused = true);
            }),
            (_, OPERATION) => edit::<Operation>(record, |it| self.mistake(town, meaning, it)),
            _ => {}
        }
    }

    /// What is not looked at, when an operation is decided.
    fn mistake(self, town: &Town, meaning: &Meaning, it: &mut Operation) {
        let (data, factors, user) = match meaning {
            Meaning::Authorize {
                data, code, phone, ..
            } => {
                let factors = match code.factors {
                    Factors::Possession => "POSSESSION",
                    Factors::Pin | Factors::WrongPin => "POSSESSION_KNOWLEDGE",
                    Factors::Biometry => "POSSESSION_BIOMETRY",
                };
                (Some(data), Some(factors), Some(&town.handsets[*phone].user))
            }
            Meaning::Approve {
                data, factors, user, ..
            } => (Some(data), Some(*factors), Some(user)),
            Meaning::Look { claimant, .. } => (None, None, claimant.as_ref()),
            Meaning::Refuse { phone, .. } => (None, None, Some(&town.handsets[*phone].user)),
            Meaning::Reject { user, .. } => (None, None, Some(user)),
            _ => (None, None, None),
        };
        match self {
            Self::ExpiryIgnored if data.is_some() => it.expires = u64::MAX >> 12,
            Self::DataIgnored => it.data = data.unwrap_or(&it.data).clone(),
            Self::FactorsIgnored => it.signature_types.extend(factors.map(str::to_owned)),
            Self::UserIgnored => it.user = user.or(it.user.as_ref()).cloned(),
            Self::EndOverwritten if matches!(meaning, Meaning::Cancel(_) | Meaning::Reject { .. }) => {
                it.status = OperationStatus::Pending;
                it.expires = u64::MAX >> 12;
            }
            _ => {}
        }
    }

    /// The batch as the engine with the bug sends it, and another one that comes later.
    pub fn write(
        self,
        town: &Town,
        meaning: &Meaning,
        batch: &Batch,
        store: &MemoryStore,
    ) -> (Batch, Option<Batch>) {
        let mut batch = batch.clone();
        let mut later = None;
        match self {
            Self::ReplayForgotten => batch.writes.retain(|it| it.key().collection != REPLAY),
            // Written over whatever is there.
            Self::ReplayIgnored => {
                let known = |write: &Write| stored(store, write).is_some();
                batch
                    .writes
                    .retain(|it| it.key().collection != REPLAY || !known(it));
            }
            Self::ResealForgotten if matches!(meaning, Meaning::Keys(Turn::Reseal(..))) => {
                let progress = [RESEALING, SEALING_KEYS, JOURNAL, RECEIPT];
                batch.writes.retain(|it| progress.contains(&it.key().collection));
            }
            Self::EventForgotten => batch.writes.retain(|it| !is_new(it, EVENT)),
            Self::EventTwice => {
                let events = batch.writes.iter().filter(|it| is_new(it, EVENT)).cloned();
                let doubles: Vec<Write> = events.map(renamed).collect();
                batch.writes.extend(doubles);
            }
            Self::EventApart => {
                let (apart, rest) = batch.writes.into_iter().partition(|it| is_new(it, EVENT));
                batch.writes = rest;
                let mut rev = batch.rev;
                rev.0[0] ^= 1;
                let apart: Vec<Write> = apart;
                later = (!apart.is_empty()).then_some(Batch { rev, writes: apart });
            }
            Self::EntryForgotten => {
                let entry = batch.writes.iter().position(|it| it.key().collection == JOURNAL);
                if let Some(entry) = entry {
                    batch.writes.remove(entry);
                }
            }
            Self::DeliveryForgotten if matches!(meaning, Meaning::Delivered(_)) => {
                batch.writes.retain(|it| it.key().collection != EVENT);
            }
            _ => {}
        }
        for write in &mut batch.writes {
            let old = stored(store, write);
            self.rewrite(meaning, write, old);
            if self == Self::SealForgotten
                && let Write::Put { key, body, .. } = write
                && key.collection == ACTIVATION
            {
                let mut it = Activation::decode(body).unwrap();
                it.keys = town.secrets.raw(&key.id).map(<[u8]>::to_vec);
                *body = it.encode();
            }
        }
        (batch, later)
    }

    /// Puts back what the engine was not shown, or leaves out what it forgets.
    fn rewrite(self, meaning: &Meaning, write: &mut Write, old: Option<Record>) {
        let (body, entries) = match write {
            Write::Put { body, entries, .. } => (body, entries),
            Write::Append { key, body, .. } if key.collection == JOURNAL => {
                if self == Self::ChainBroken {
                    let mut entry = Entry::decode(body).unwrap();
                    entry.previous.clear();
                    *body = entry.encode();
                }
                return;
            }
            _ => return,
        };
        let Some(old) = old else {
            return;
        };
        match old.key.collection {
            ACTIVATION => {
                let old = Activation::decode(&old.body).unwrap();
                again::<Activation>(body, entries, |it| self.misdeed(meaning, it, &old));
            }
            OPERATION => {
                let old = Operation::decode(&old.body).unwrap();
                again::<Operation>(body, entries, |it| {
                    match self {
                        Self::ExpiryIgnored | Self::EndOverwritten => it.expires = old.expires,
                        Self::DataIgnored => it.data.clone_from(&old.data),
                        Self::FactorsIgnored => it.signature_types.clone_from(&old.signature_types),
                        Self::FailedApprovalForgotten => it.failure_count = old.failure_count,
                        _ => {}
                    };
                });
            }
            EVENT if self == Self::LeaseForgotten && matches!(meaning, Meaning::Lease(_)) => {
                let old = CallbackEvent::decode(&old.body).unwrap();
                again::<CallbackEvent>(body, entries, |it| it.due = old.due);
            }
            _ => {}
        }
    }

    fn misdeed(self, meaning: &Meaning, it: &mut Activation, old: &Activation) {
        match self {
            Self::CounterForgotten => {
                it.counter = old.counter;
                it.counter_data.clone_from(&old.counter_data);
            }
            Self::FailureForgotten => it.failed_attempts = it.failed_attempts.min(old.failed_attempts),
            Self::PossessionResets => {
                if let Meaning::Verify { code, .. } = meaning
                    && code.factors == Factors::Possession
                    && it.counter > old.counter
                {
                    it.failed_attempts = 0;
                }
            }
            Self::BlockedLate => it.max_failed_attempts = ATTEMPTS,
            Self::LateCommit => it.expires = old.expires,
            Self::BlockIgnored if meaning.signer().is_some() => it.status = old.status,
            _ => {}
        }
    }
}

fn stored(store: &MemoryStore, write: &Write) -> Option<Record> {
    match store.read_now(&[Query::Get(write.key().clone())]).pop() {
        Some(Answer::Record(record)) => record,
        _ => None,
    }
}

fn is_new(write: &Write, collection: Collection) -> bool {
    let new = matches!(
        write,
        Write::Put {
            expect: Expect::Absent,
            ..
        }
    );
    new && write.key().collection == collection
}

/// The same event under another key.
fn renamed(write: Write) -> Write {
    let Write::Put {
        mut key,
        expect,
        body,
        entries,
        expires_at,
    } = write
    else {
        return write;
    };
    let mut event = CallbackEvent::decode(&body).unwrap();
    event.id.replace_range(..1, "x");
    key.id.clone_from(&event.id);
    Write::Put {
        key,
        expect,
        body: event.encode(),
        entries,
        expires_at,
    }
}

fn edit<R: Entity>(record: &mut Record, change: impl FnOnce(&mut R)) {
    let mut it = R::decode(&record.body).unwrap();
    change(&mut it);
    record.body = it.encode();
}

fn again<R: Entity>(body: &mut Vec<u8>, entries: &mut Entries, change: impl FnOnce(&mut R)) {
    let mut it = R::decode(body).unwrap();
    change(&mut it);
    *body = it.encode();
    *entries = Entries::Set(it.entries());
}
