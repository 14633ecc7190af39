//! Activations: the record and its transition table.
//!
//! ```text
//!            key exchange              commit
//!  CREATED ───────────────▶ PENDING_COMMIT ──▶ ACTIVE ◀──▶ BLOCKED
//!     │  └──── with a valid OTP ───────────────▲ │            │
//!     └────────────── expiry, remove ──▶ REMOVED ◀────────────┘
//! ```

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::codec::entity;
use super::journal::Head;
use crate::store::{Collection, Index, IndexEntry};

/// Collection of [`Activation`].
pub const ACTIVATION: Collection = Collection("activation");
/// Activations of a user, by creation.
pub const BY_USER: Index = Index("activation_by_user");
/// Activations that expire, by expiry.
pub const DUE: Index = Index("activation_due");

/// State of an activation. The numbers are those of the status blob, the names those of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cbor(index_only)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActivationStatus {
    /// A code was issued, there is no device key yet.
    #[n(1)]
    Created = 1,
    /// Keys were exchanged.
    #[n(2)]
    PendingCommit = 2,
    /// In use.
    #[n(3)]
    Active = 3,
    /// Not usable until unblocked.
    #[n(4)]
    Blocked = 4,
    /// The end.
    #[n(5)]
    Removed = 5,
}

/// At which step an activation OTP is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cbor(index_only)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OtpValidation {
    /// Never.
    #[n(0)]
    #[default]
    None,
    /// When the phone sends its key.
    #[n(1)]
    OnKeyExchange,
    /// When the back end commits.
    #[n(2)]
    OnCommit,
}

/// A device of a user in an application.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Activation {
    /// UUID.
    #[n(0)]
    pub id: String,
    /// The application.
    #[n(1)]
    pub application: String,
    /// The user.
    #[n(2)]
    pub user: String,
    /// The state.
    #[n(3)]
    pub status: ActivationStatus,
    /// Activation code, 23 characters.
    #[n(4)]
    pub code: String,
    /// Name of the device, chosen on it.
    #[n(5)]
    pub name: Option<String>,
    /// Whatever the app sent along.
    #[n(6)]
    pub extras: Option<String>,
    /// `ios`, `android` …
    #[n(7)]
    pub platform: Option<String>,
    /// Device model.
    #[n(8)]
    pub device_info: Option<String>,
    /// Flags, in order.
    #[n(9)]
    pub flags: Vec<String>,
    /// Failed attempts since the last success.
    #[n(10)]
    pub failed_attempts: u64,
    /// Failed attempts that block.
    #[n(11)]
    pub max_failed_attempts: u64,
    /// Why it is blocked.
    #[n(12)]
    pub blocked_reason: Option<String>,
    /// Numeric counter.
    #[n(13)]
    pub counter: u64,
    /// CTR_DATA, 16 bytes.
    #[cbor(n(14), with = "minicbor::bytes")]
    pub counter_data: Option<Vec<u8>>,
    /// Device public key, 65 bytes.
    #[cbor(n(15), with = "minicbor::bytes")]
    pub device_public: Option<Vec<u8>>,
    /// Server public key, 65 bytes.
    #[cbor(n(16), with = "minicbor::bytes")]
    pub server_public: Vec<u8>,
    /// Sealed server private scalar.
    #[cbor(n(17), with = "minicbor::bytes")]
    pub server_private: Vec<u8>,
    /// Sealed possession, knowledge, biometry, transport and vault keys: 5 × 16 bytes. None before the key exchange, and
    /// in a record that was taken over from another server until it is verified here.
    #[cbor(n(18), with = "minicbor::bytes")]
    pub keys: Option<Vec<u8>>,
    /// Argon2 text of the activation OTP.
    #[n(19)]
    pub otp: Option<String>,
    /// When the OTP is asked for.
    #[n(20)]
    pub otp_validation: OtpValidation,
    /// Protocol major version; unknown before the key exchange.
    #[n(21)]
    pub version: Option<u8>,
    /// Creation.
    #[n(22)]
    pub created: u64,
    /// Last verification attempt.
    #[n(23)]
    pub last_used: u64,
    /// Last change of state or name.
    #[n(24)]
    pub last_change: Option<u64>,
    /// When it expires unless it is ACTIVE by then.
    #[n(25)]
    pub expires: u64,
    /// Newest entry of its journal.
    #[n(26)]
    pub journal: Head,
    /// Number of the recovery code that came with it; at most one ever does.
    #[n(27)]
    pub recovery: Option<u64>,
    /// Last counted failure since the last success; kept where failures delay.
    #[n(28)]
    pub last_failure: Option<u64>,
}

entity!(Activation, ACTIVATION,
id: |it| it.id.clone(),
entries: |it| {
    let mut entries =
        vec![IndexEntry { index: BY_USER, value: it.user.as_bytes().to_vec(), sort: it.created }];
    if it.pending() {
        entries.push(IndexEntry { index: DUE, value: Vec::new(), sort: it.expires });
    }
    entries
});

/// The state does not allow the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongState;

/// Longest time after a failure in which nothing is evaluated, in milliseconds.
const LONGEST_DELAY: u64 = 3_600_000;

/// Reason of a block by failed attempts.
pub const MAX_FAILED_ATTEMPTS: &str = "MAX_FAILED_ATTEMPTS";
/// Reason of a block when the caller gives none.
pub const NOT_SPECIFIED: &str = "NOT_SPECIFIED";

impl Activation {
    /// Whether it can expire.
    pub fn pending(&self) -> bool {
        matches!(
            self.status,
            ActivationStatus::Created | ActivationStatus::PendingCommit
        )
    }

    /// Whether its expiry has passed.
    pub fn overdue(&self, now: u64) -> bool {
        self.pending() && now > self.expires
    }

    /// Key exchange: CREATED becomes PENDING_COMMIT, or ACTIVE when an OTP was verified with it.
    ///
    /// # Errors
    /// In any other state.
    pub fn exchange(&mut self, otp_verified: bool) -> Result<(), WrongState> {
        match self.status {
            ActivationStatus::Created if otp_verified => self.status = ActivationStatus::Active,
            ActivationStatus::Created => self.status = ActivationStatus::PendingCommit,
            _ => return Err(WrongState),
        }
        Ok(())
    }

    /// PENDING_COMMIT becomes ACTIVE.
    ///
    /// # Errors
    /// In any other state.
    pub fn commit(&mut self) -> Result<(), WrongState> {
        if self.status != ActivationStatus::PendingCommit {
            return Err(WrongState);
        }
        self.status = ActivationStatus::Active;
        Ok(())
    }

    /// ACTIVE becomes BLOCKED; BLOCKED stays as it is, reason included. Answers whether it changed.
    ///
    /// # Errors
    /// In any other state.
    pub fn block(&mut self, reason: &str) -> Result<bool, WrongState> {
        match self.status {
            ActivationStatus::Active => {
                self.status = ActivationStatus::Blocked;
                self.blocked_reason = Some(reason.to_owned());
                Ok(true)
            }
            ActivationStatus::Blocked => Ok(false),
            _ => Err(WrongState),
        }
    }

    /// BLOCKED becomes ACTIVE with all attempts; ACTIVE stays as it is. Answers whether it changed.
    ///
    /// # Errors
    /// In any other state.
    pub fn unblock(&mut self) -> Result<bool, WrongState> {
        match self.status {
            ActivationStatus::Blocked => {
                self.status = ActivationStatus::Active;
                self.blocked_reason = None;
                self.failed_attempts = 0;
                Ok(true)
            }
            ActivationStatus::Active => Ok(false),
            _ => Err(WrongState),
        }
    }

    /// ACTIVE of protocol 2 becomes ACTIVE of protocol 3, once it has a hash counter.
    ///
    /// # Errors
    /// In any other state, of any other version, and before the counter exists.
    pub fn upgrade(&mut self) -> Result<(), WrongState> {
        if !self.can_upgrade() || self.counter_data.is_none() {
            return Err(WrongState);
        }
        self.version = Some(3);
        Ok(())
    }

    /// Whether it is in use and still of protocol 2.
    pub fn can_upgrade(&self) -> bool {
        self.status == ActivationStatus::Active && self.version == Some(2)
    }

    /// Any state becomes REMOVED.
    pub fn remove(&mut self) {
        self.status = ActivationStatus::Removed;
    }

    /// Failed attempts that are left before the block.
    pub fn remaining_attempts(&self) -> u64 {
        self.max_failed_attempts.saturating_sub(self.failed_attempts)
    }

    /// Whether the last failure is so recent that nothing is evaluated yet: `delay` milliseconds, doubled by each further
    /// failure in a row, an hour at most. A clock that was set back does not prolong it.
    pub fn waits(&self, now: u64, delay: u64) -> bool {
        let further = self.failed_attempts.saturating_sub(1).min(32);
        let wait = delay.saturating_mul(1 << further).min(LONGEST_DELAY);
        let last = self.last_failure.filter(|_| self.failed_attempts > 0);
        last.is_some_and(|last| now.abs_diff(last) < wait)
    }

    /// Counts a failed signature; at the limit an ACTIVE activation becomes BLOCKED. Answers whether
    /// it did.
    pub fn count_failure(&mut self) -> bool {
        self.failed_attempts = self.failed_attempts.saturating_add(1);
        self.block_at_limit()
    }

    /// Blocks an ACTIVE activation without attempts left. Answers whether it did.
    pub fn block_at_limit(&mut self) -> bool {
        if self.remaining_attempts() > 0 || self.status != ActivationStatus::Active {
            return false;
        }
        self.status = ActivationStatus::Blocked;
        self.blocked_reason = Some(MAX_FAILED_ATTEMPTS.to_owned());
        true
    }

    /// Counts a wrong OTP; at the limit the activation is removed. Answers whether it was.
    pub fn count_wrong_otp(&mut self) -> bool {
        self.failed_attempts = self.failed_attempts.saturating_add(1);
        let removed = self.failed_attempts >= self.max_failed_attempts;
        if removed {
            self.status = ActivationStatus::Removed;
        }
        removed
    }
}
