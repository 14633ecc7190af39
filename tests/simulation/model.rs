//! What the specification says, as a sequential program: one request after the other, each at once.
//!
//! Written from the protocol, not from the engine. It knows nothing of revisions, conflicts or retries:
//! whatever the nodes do at the same time must look as if this had been done.

mod accounts;
mod deliveries;
mod payments;

use std::collections::{BTreeMap, BTreeSet};

use countersign::model::activation::ActivationStatus;
use countersign::model::callback::EventState;
use countersign::model::operation::OperationStatus;

use crate::keys::Keys;
use crate::order::{Code, Meaning, Said};
use crate::support::Factors;
use crate::support::prelude::APPLICATION;
use crate::town::{ATTEMPTS, LOOK_AHEAD, TEMPLATES, Template, Town};

const TOKEN_BACK: u64 = 7_200_000;
const TOKEN_FORWARD: u64 = 1_800_000;
const WINDOW: u64 = 60_000;
/// How long a worker keeps an event.
pub const LEASE: u64 = 30_000;
const DELIVERIES: u32 = 12;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: String,
    pub user: String,
    pub status: ActivationStatus,
    pub counter: u64,
    pub failed: u64,
    pub entries: u64,
    /// Whether its token was not removed.
    pub token: bool,
    /// When it is removed unless it was committed.
    pub expires: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    pub status: OperationStatus,
    pub user: Option<String>,
    pub data: String,
    pub template: usize,
    pub failures: u64,
    pub expires: u64,
    pub entries: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub url: String,
    pub due: u64,
    pub attempts: u32,
    pub state: EventState,
}

/// Something that changed, and what a callback says of it: activation or operation, and its state.
pub type News = (String, &'static str);

/// What one request did.
#[derive(Clone, Debug, Default)]
pub struct Effect {
    pub said: Said,
    /// Whether there is anything to commit.
    pub writes: bool,
    /// Journal entries, in order: whose, and of what kind.
    pub entries: Vec<(String, &'static str)>,
    /// Changes that the callbacks hear of.
    pub news: Vec<News>,
    /// Counter value that was accepted.
    pub accepted: Option<u64>,
    /// A `nonce` or an `envelope` that will not be accepted again.
    pub uses_up: Option<&'static str>,
    /// Tokens that were made or removed.
    pub tokens: usize,
}

impl Effect {
    fn said(said: Said) -> Self {
        Self {
            said,
            ..Self::default()
        }
    }

    fn no(status: u16, code: &str) -> Self {
        Self::said(Said::no(status, code))
    }
}

/// What only the committed batch tells: identifiers that were drawn, and what housekeeping chose.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// Activations in the batch.
    pub accounts: Vec<String>,
    /// Operations in the batch.
    pub operations: Vec<String>,
    /// Events in the batch that existed before, with their new due times.
    pub events: BTreeMap<String, u64>,
}

#[derive(Clone, Debug)]
pub struct Model {
    pub accounts: Vec<Account>,
    /// Whether the version of the application is served.
    pub supported: bool,
    pub payments: BTreeMap<String, Payment>,
    pub nonces: BTreeSet<String>,
    pub envelopes: BTreeSet<(usize, usize)>,
    pub events: BTreeMap<String, Event>,
    pub keys: Keys,
}

impl Model {
    pub fn new(town: &Town) -> Self {
        let account = |handset: &crate::town::Handset| Account {
            id: handset.id.clone(),
            user: handset.user.clone(),
            status: ActivationStatus::Active,
            counter: handset.first,
            failed: 0,
            entries: 0,
            token: !handset.token.is_empty(),
            expires: u64::MAX,
        };
        Self {
            accounts: town.handsets.iter().map(account).collect(),
            supported: true,
            payments: BTreeMap::new(),
            nonces: BTreeSet::new(),
            envelopes: BTreeSet::new(),
            events: BTreeMap::new(),
            keys: Keys::default(),
        }
    }

    /// Does what is asked for, at the moment `now` of some node.
    pub fn perform(&mut self, meaning: &Meaning, now: u64, drawn: &Drawn) -> Effect {
        match meaning {
            Meaning::Verify { phone, code } => self.login(*phone, *code),
            Meaning::Token {
                phone,
                nonce,
                at,
                genuine,
            } => self.token(*phone, nonce, *at, *genuine, now),
            Meaning::Envelope { phone, number, at } => self.envelope((*phone, *number), *at, now),
            Meaning::RemoveToken(phone) => self.remove_token(*phone),
            Meaning::Support(supported) => self.support(*supported),
            Meaning::Authorize {
                phone,
                code,
                operation,
                data,
            } => self.authorize(*phone, *code, operation, data, now),
            Meaning::Refuse {
                phone,
                code,
                operation,
            } => self.refuse(*phone, *code, operation, now),
            Meaning::Commit(phone) => self.confirm(*phone, now),
            Meaning::Status(phone) => self.status(*phone, now),
            Meaning::Rename(phone) => self.rename(*phone),
            Meaning::Block(phone) => self.switch(*phone, ActivationStatus::Blocked),
            Meaning::Unblock(phone) => self.switch(*phone, ActivationStatus::Active),
            Meaning::Remove(phone) => self.remove(*phone),
            Meaning::Create {
                template,
                user,
                amount,
            } => self.create(*template, user, *amount, now, drawn),
            Meaning::Look { operation, claimant } => self.look(operation, claimant.as_deref(), now),
            Meaning::Cancel(operation) => self.act(operation, now, "ERR0036", |payment, effect| {
                payment.end(operation, OperationStatus::Canceled, "operation_canceled", effect);
                ""
            }),
            Meaning::Fail(operation) => self.act(operation, now, "ERR0036", |payment, effect| {
                payment.fail(operation, effect)
            }),
            Meaning::Approve {
                operation,
                user,
                data,
                factors,
            } => self.act(operation, now, "ERR0037", |payment, effect| {
                payment.approve(operation, user, data, factors, effect)
            }),
            Meaning::Reject { operation, user } => self.act(operation, now, "ERR0038", |payment, effect| {
                payment.reject(operation, user, effect)
            }),
            Meaning::Lease(url) => self.lease(url, now, drawn),
            Meaning::Delivered(event) => self.delivered(event),
            Meaning::Failed(event, until) => self.failed(event, *until, now, drawn),
            Meaning::Released(events, until) => self.released(events, *until, now),
            Meaning::Expire => self.expire(now, drawn),
            Meaning::ExpireActivations => self.expire_accounts(now, drawn),
            Meaning::Keys(turn) => self.keys.perform(turn, now),
        }
    }

    fn expire(&mut self, now: u64, drawn: &Drawn) -> Effect {
        let mut effect = Effect::default();
        let overdue = |it: &Payment| it.status == OperationStatus::Pending && it.expires < now;
        // Which ones fit into the batch is the engine's choice; that some do is not.
        let chosen: Vec<String> = match drawn.operations.as_slice() {
            [] => self.payments.keys().cloned().collect(),
            some => some.to_vec(),
        };
        let mut count = 0;
        for id in chosen {
            if let Some(payment) = self.payments.get_mut(&id).filter(|it| overdue(it)) {
                payment.expire_if_due(&id, now, &mut effect);
                count += 1;
            }
        }
        effect.said = Said {
            status: 200,
            count: Some(count),
            ..Said::default()
        };
        effect
    }
}

impl Effect {
    fn news(news: bool) -> Self {
        Self {
            writes: news,
            said: Said {
                status: 200,
                valid: Some(news),
                ..Said::default()
            },
            ..Self::default()
        }
    }
}

/// Name in JSON.
pub fn state_name(status: ActivationStatus) -> &'static str {
    match status {
        ActivationStatus::Created => "CREATED",
        ActivationStatus::PendingCommit => "PENDING_COMMIT",
        ActivationStatus::Active => "ACTIVE",
        ActivationStatus::Blocked => "BLOCKED",
        ActivationStatus::Removed => "REMOVED",
    }
}
