//! Recovery codes with their PUKs, and the settings of recovery.
//!
//! ```text
//!  code:  CREATED ── commit, confirmation ──▶ ACTIVE ── wrong PUKs ──▶ BLOCKED
//!            └──────────── revocation ──────────┴─────▶ REVOKED ◀─────────┘
//!  PUK:   VALID ── right PUK ──▶ USED
//!            └──── the code is blocked on it, or revoked ──▶ INVALID
//! ```
//!
//! The code itself is not in the record, only its last group; a claim leads from the code's digest to
//! the record.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::codec::entity;
use super::journal::Head;
use crate::store::{Collection, Index, IndexEntry};

/// Collection of [`RecoveryCode`].
pub const RECOVERY_CODE: Collection = Collection("recovery_code");
/// Collection of [`RecoveryConfig`].
pub const RECOVERY_CONFIG: Collection = Collection("recovery_config");
/// Recovery codes of a user, by number.
pub const BY_USER: Index = Index("recovery_by_user");

/// State of a recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cbor(index_only)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RecoveryCodeStatus {
    /// Waits for the commit of its activation, or for its confirmation.
    #[n(1)]
    Created,
    /// In use.
    #[n(2)]
    Active,
    /// Too many wrong PUKs.
    #[n(3)]
    Blocked,
    /// The end.
    #[n(4)]
    Revoked,
}

/// State of a PUK.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cbor(index_only)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PukStatus {
    /// Can be used once those before it are gone.
    #[n(1)]
    Valid,
    /// Was used.
    #[n(2)]
    Used,
    /// Cannot be used any more.
    #[n(3)]
    Invalid,
}

/// A PUK. Its index is its place in the list, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Puk {
    /// The state.
    #[n(0)]
    pub status: PukStatus,
    /// Sealed Argon2 text; empty once the PUK is not VALID any more.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub hash: Vec<u8>,
    /// Last change of state.
    #[n(2)]
    pub last_change: Option<u64>,
}

/// A recovery code of a user, on paper (a postcard) or given to an activated phone.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RecoveryCode {
    /// Number shown by APIs: time-ordered, below 2^53.
    #[n(0)]
    pub id: u64,
    /// The application.
    #[n(1)]
    pub application: String,
    /// The user.
    #[n(2)]
    pub user: String,
    /// The activation that it came with and replaces; none for a postcard.
    #[n(3)]
    pub activation: Option<String>,
    /// Last group of the code, 5 characters.
    #[n(4)]
    pub ending: String,
    /// The state.
    #[n(5)]
    pub status: RecoveryCodeStatus,
    /// Wrong PUKs since the last right one.
    #[n(6)]
    pub failed_attempts: u64,
    /// Wrong PUKs that block.
    #[n(7)]
    pub max_failed_attempts: u64,
    /// The PUKs in order.
    #[n(8)]
    pub puks: Vec<Puk>,
    /// Creation.
    #[n(9)]
    pub created: u64,
    /// Last change of state, or wrong PUK.
    #[n(10)]
    pub last_change: Option<u64>,
    /// Newest entry of its journal.
    #[n(11)]
    pub journal: Head,
}

entity!(RecoveryCode, RECOVERY_CODE,
id: |it| it.id.to_string(),
entries: |it| vec![IndexEntry { index: BY_USER, value: it.user.as_bytes().to_vec(), sort: it.id }]);

/// The state of a code does not allow the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongState;

/// What a wrong PUK led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongPuk {
    /// The PUK of this index may be tried again.
    TryAgain(u64),
    /// It was the last attempt.
    Blocked,
    /// No PUK is VALID, so none could have been right.
    NoneLeft,
}

impl RecoveryCode {
    /// CREATED or ACTIVE.
    pub fn is_open(&self) -> bool {
        matches!(
            self.status,
            RecoveryCodeStatus::Created | RecoveryCodeStatus::Active
        )
    }

    /// CREATED becomes ACTIVE; ACTIVE stays as it is. Answers whether it changed.
    ///
    /// # Errors
    /// In any other state.
    pub fn activate(&mut self, now: u64) -> Result<bool, WrongState> {
        match self.status {
            RecoveryCodeStatus::Created => {
                self.status = RecoveryCodeStatus::Active;
                self.last_change = Some(now);
                Ok(true)
            }
            RecoveryCodeStatus::Active => Ok(false),
            _ => Err(WrongState),
        }
    }

    /// Any state becomes REVOKED, every VALID PUK INVALID. Answers whether it changed.
    pub fn revoke(&mut self, now: u64) -> bool {
        if self.status == RecoveryCodeStatus::Revoked {
            return false;
        }
        self.status = RecoveryCodeStatus::Revoked;
        self.last_change = Some(now);
        for puk in &mut self.puks {
            puk.end(PukStatus::Invalid, now);
        }
        true
    }

    /// Index and PUK that is asked for: the first VALID one.
    pub fn current_puk(&self) -> Option<(u64, &Puk)> {
        let mut numbered = (1..).zip(&self.puks);
        numbered.find(|(_, puk)| puk.status == PukStatus::Valid)
    }

    /// The current PUK was right: it is USED, and all attempts are back.
    pub fn use_puk(&mut self, now: u64) {
        self.failed_attempts = 0;
        if let Some(puk) = self.first_valid() {
            puk.end(PukStatus::Used, now);
        }
    }

    /// Counts a wrong PUK. At the limit the code becomes BLOCKED and the current PUK INVALID.
    pub fn count_wrong_puk(&mut self, now: u64) -> WrongPuk {
        self.failed_attempts = self.failed_attempts.saturating_add(1);
        let Some((index, _)) = self.current_puk() else {
            return WrongPuk::NoneLeft;
        };
        self.last_change = Some(now);
        if self.failed_attempts < self.max_failed_attempts {
            return WrongPuk::TryAgain(index);
        }
        self.status = RecoveryCodeStatus::Blocked;
        if let Some(puk) = self.first_valid() {
            puk.end(PukStatus::Invalid, now);
        }
        WrongPuk::Blocked
    }

    fn first_valid(&mut self) -> Option<&mut Puk> {
        self.puks.iter_mut().find(|puk| puk.status == PukStatus::Valid)
    }
}

impl Puk {
    /// A VALID PUK ends; its hash goes. Others stay as they are.
    fn end(&mut self, status: PukStatus, now: u64) {
        if self.status == PukStatus::Valid {
            self.status = status;
            self.hash = Vec::new();
            self.last_change = Some(now);
        }
    }
}

/// Settings of recovery in an application. Without a record everything is off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct RecoveryConfig {
    /// The application.
    #[n(0)]
    pub application: String,
    /// Whether there is recovery at all.
    #[n(1)]
    pub enabled: bool,
    /// Whether there are postcards.
    #[n(2)]
    pub postcard: bool,
    /// Whether a user may have several open postcards.
    #[n(3)]
    pub multiple: bool,
    /// Public key for postcards, 65 bytes; made when postcards are first enabled, then kept.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub public: Option<Vec<u8>>,
    /// Its sealed private scalar.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub private: Option<Vec<u8>>,
    /// Public key of the printing centre as its owner encoded it: 33 or 65 bytes.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub remote: Option<Vec<u8>>,
}

entity!(RecoveryConfig, RECOVERY_CONFIG, id: |it| it.application.clone());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Entity;
    use RecoveryCodeStatus::{Active, Blocked, Created, Revoked};

    fn code(status: RecoveryCodeStatus, puks: usize) -> RecoveryCode {
        let puk = Puk {
            status: PukStatus::Valid,
            hash: vec![0xAA, 0xBB],
            last_change: None,
        };
        RecoveryCode {
            id: 5,
            application: "a".into(),
            user: "u".into(),
            activation: None,
            ending: "JIICA".into(),
            status,
            failed_attempts: 0,
            max_failed_attempts: 2,
            puks: vec![puk; puks],
            created: 7,
            last_change: None,
            journal: Head::default(),
        }
    }

    fn states(code: &RecoveryCode) -> Vec<PukStatus> {
        code.puks.iter().map(|puk| puk.status).collect()
    }

    #[test]
    fn transitions() {
        for (from, activated, revoked) in [
            (Created, Ok(true), true),
            (Active, Ok(false), true),
            (Blocked, Err(WrongState), true),
            (Revoked, Err(WrongState), false),
        ] {
            let mut it = code(from, 1);
            assert_eq!(it.activate(9), activated, "{from:?}");
            assert_eq!(it.status, if activated.is_ok() { Active } else { from });
            let mut it = code(from, 1);
            assert_eq!(it.revoke(9), revoked, "{from:?}");
            assert_eq!(it.status, Revoked);
        }
    }

    #[test]
    fn puks_are_used_in_order_and_forgotten() {
        let mut it = code(Active, 3);
        assert_eq!(it.count_wrong_puk(9), WrongPuk::TryAgain(1));
        it.use_puk(9);
        assert_eq!(it.failed_attempts, 0);
        assert_eq!(it.current_puk().map(|(index, _)| index), Some(2));
        assert_eq!(it.count_wrong_puk(9), WrongPuk::TryAgain(2));
        assert_eq!(it.count_wrong_puk(9), WrongPuk::Blocked);
        assert_eq!(it.status, Blocked);
        assert_eq!(
            states(&it),
            [PukStatus::Used, PukStatus::Invalid, PukStatus::Valid]
        );
        assert!(it.revoke(9));
        assert_eq!(
            states(&it),
            [PukStatus::Used, PukStatus::Invalid, PukStatus::Invalid]
        );
        assert!(it.puks.iter().all(|puk| puk.hash.is_empty()));
    }

    #[test]
    fn without_a_valid_puk_nothing_is_blocked() {
        let mut it = code(Active, 1);
        it.use_puk(9);
        for failures in 1..5 {
            assert_eq!(it.count_wrong_puk(9), WrongPuk::NoneLeft);
            assert_eq!((it.status, it.failed_attempts), (Active, failures));
        }
    }

    /// Bodies that a release has written must be read for ever.
    #[test]
    fn frozen_bodies() {
        let mut it = code(Active, 1);
        it.activation = Some("x".into());
        it.last_change = Some(8);
        let frozen = [
            &[0x01, 0x8C, 0x05, 0x61, b'a', 0x61, b'u', 0x61, b'x', 0x65][..],
            b"JIICA",
            &[0x02, 0x00, 0x02, 0x81, 0x82, 0x01, 0x42, 0xAA, 0xBB, 0x07, 0x08],
            &[0x82, 0x00, 0x40],
        ]
        .concat();
        assert_eq!(Entity::encode(&it), frozen);
        assert_eq!(<RecoveryCode as Entity>::decode(&frozen), Ok(it));
        let config = RecoveryConfig {
            application: "a".into(),
            enabled: true,
            postcard: true,
            multiple: false,
            public: Some(vec![4]),
            private: Some(vec![5]),
            remote: None,
        };
        let frozen = [0x01, 0x86, 0x61, b'a', 0xF5, 0xF5, 0xF4, 0x41, 4, 0x41, 5];
        assert_eq!(Entity::encode(&config), frozen);
        assert_eq!(<RecoveryConfig as Entity>::decode(&frozen), Ok(config));
    }
}
