//! Operations: what a user is asked to approve. The record and its transition table.
//!
//! ```text
//!             ┌── approve ─────────▶ APPROVED
//!             ├── reject ──────────▶ REJECTED
//!  PENDING ───┼── cancel ──────────▶ CANCELED
//!             ├── expiry ──────────▶ EXPIRED
//!             └── last failure ────▶ FAILED
//! ```

use minicbor::{Decode, Encode};

use super::codec::entity;
use super::journal::Head;
use crate::store::{Collection, Index, IndexEntry};

/// Collection of [`Operation`].
pub const OPERATION: Collection = Collection("operation");
/// Operations of a user, by creation.
pub const BY_USER: Index = Index("operation_by_user");
/// Pending operations of a user, by creation.
pub const PENDING: Index = Index("operation_pending");
/// Operations by external id, by creation.
pub const BY_EXTERNAL_ID: Index = Index("operation_by_external_id");
/// Pending operations, by expiry.
pub const DUE: Index = Index("operation_due");

/// State of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum OperationStatus {
    /// Waits for the user.
    #[n(1)]
    Pending,
    /// Withdrawn by the back end.
    #[n(2)]
    Canceled,
    /// Too late.
    #[n(3)]
    Expired,
    /// Approved by the user.
    #[n(4)]
    Approved,
    /// Rejected by the user.
    #[n(5)]
    Rejected,
    /// Too many failed approvals.
    #[n(6)]
    Failed,
}

impl OperationStatus {
    /// All states.
    pub const ALL: [Self; 6] = [
        Self::Pending,
        Self::Canceled,
        Self::Expired,
        Self::Approved,
        Self::Rejected,
        Self::Failed,
    ];

    /// Name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Canceled => "CANCELED",
            Self::Expired => "EXPIRED",
            Self::Approved => "APPROVED",
            Self::Rejected => "REJECTED",
            Self::Failed => "FAILED",
        }
    }
}

/// A unit of work for the user's decision. Everything but the state, the failures, the additional
/// data and (once) the user is fixed at creation.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Operation {
    /// UUID.
    #[n(0)]
    pub id: String,
    /// The user; none while a non-personalised operation is unclaimed.
    #[n(1)]
    pub user: Option<String>,
    /// Applications that may show it, at least one.
    #[n(2)]
    pub applications: Vec<String>,
    /// The caller's identifier, not unique.
    #[n(3)]
    pub external_id: Option<String>,
    /// Flag that an activation must carry to see it.
    #[n(4)]
    pub activation_flag: Option<String>,
    /// The only activation that may approve it.
    #[n(5)]
    pub activation: Option<String>,
    /// Type, key of the localised texts.
    #[n(6)]
    pub operation_type: String,
    /// Name of its template.
    #[n(7)]
    pub template: String,
    /// What is signed.
    #[n(8)]
    pub data: String,
    /// Parameters as given: JSON object of texts and nulls.
    #[n(9)]
    pub parameters: String,
    /// Context of the user's actions: JSON object.
    #[n(10)]
    pub additional_data: String,
    /// The state.
    #[n(11)]
    pub status: OperationStatus,
    /// Why it was cancelled.
    #[n(12)]
    pub status_reason: Option<String>,
    /// Allowed factor combinations, upper-case names, in template order.
    #[n(13)]
    pub signature_types: Vec<String>,
    /// Failed approvals.
    #[n(14)]
    pub failure_count: u64,
    /// Failed approvals that end it.
    #[n(15)]
    pub max_failure_count: u64,
    /// Creation.
    #[n(16)]
    pub created: u64,
    /// Expiry.
    #[n(17)]
    pub expires: u64,
    /// When it was approved, rejected or failed.
    #[n(18)]
    pub finalized: Option<u64>,
    /// Letters, each a flag.
    #[n(19)]
    pub risk_flags: Option<String>,
    /// Sealed TOTP seed of the proximity check, 16 bytes.
    #[cbor(n(20), with = "minicbor::bytes")]
    pub totp_seed: Option<Vec<u8>>,
    /// Newest entry of its journal.
    #[n(21)]
    pub journal: Head,
    /// Primary language subtag of its texts outside the phone, in lower case; English when absent.
    #[n(22)]
    pub language: Option<String>,
    /// Sealed number that the user has to type, 1 byte.
    #[cbor(n(23), with = "minicbor::bytes")]
    pub number: Option<Vec<u8>>,
}

entity!(Operation, OPERATION,
id: |it| it.id.clone(),
entries: |it| {
    let entry = |index, value: &str, sort| IndexEntry { index, value: value.as_bytes().to_vec(), sort };
    let mut entries = Vec::with_capacity(4);
    if let Some(user) = &it.user {
        entries.push(entry(BY_USER, user, it.created));
        if it.status == OperationStatus::Pending {
            entries.push(entry(PENDING, user, it.created));
        }
    }
    if it.status == OperationStatus::Pending {
        entries.push(entry(DUE, "", it.expires));
    }
    if let Some(external) = &it.external_id {
        entries.push(entry(BY_EXTERNAL_ID, external, it.created));
    }
    entries
});

/// The operation is not pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPending;

/// What a failed approval did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// One attempt less.
    Counted,
    /// It was the last one.
    Finally,
}

impl Operation {
    /// Whether it is pending past its expiry. At the very instant of expiry it is still pending.
    pub fn overdue(&self, now: u64) -> bool {
        self.status == OperationStatus::Pending && self.expires < now
    }

    fn leave_pending(&mut self, status: OperationStatus, finalized: Option<u64>) -> Result<(), NotPending> {
        if self.status != OperationStatus::Pending {
            return Err(NotPending);
        }
        self.status = status;
        self.finalized = finalized;
        Ok(())
    }

    /// PENDING becomes APPROVED.
    ///
    /// # Errors
    /// In any other state.
    pub fn approve(&mut self, now: u64) -> Result<(), NotPending> {
        self.leave_pending(OperationStatus::Approved, Some(now))
    }

    /// PENDING becomes REJECTED.
    ///
    /// # Errors
    /// In any other state.
    pub fn reject(&mut self, now: u64) -> Result<(), NotPending> {
        self.leave_pending(OperationStatus::Rejected, Some(now))
    }

    /// PENDING becomes CANCELED.
    ///
    /// # Errors
    /// In any other state.
    pub fn cancel(&mut self) -> Result<(), NotPending> {
        self.leave_pending(OperationStatus::Canceled, None)
    }

    /// PENDING becomes EXPIRED.
    ///
    /// # Errors
    /// In any other state.
    pub fn expire(&mut self) -> Result<(), NotPending> {
        self.leave_pending(OperationStatus::Expired, None)
    }

    /// Counts a failed approval; the last one makes it FAILED.
    ///
    /// # Errors
    /// Unless it is pending.
    pub fn fail(&mut self, now: u64) -> Result<Failed, NotPending> {
        if self.status != OperationStatus::Pending {
            return Err(NotPending);
        }
        let count = self.failure_count.saturating_add(1);
        if count < self.max_failure_count {
            self.failure_count = count;
            return Ok(Failed::Counted);
        }
        self.failure_count = self.max_failure_count;
        self.leave_pending(OperationStatus::Failed, Some(now))?;
        Ok(Failed::Finally)
    }
}
