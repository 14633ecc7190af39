//! What the specification says, as a sequential program: one request after the other, each at once.
//!
//! Written from the protocol, not from the engine. It knows nothing of revisions, conflicts or retries:
//! whatever the nodes do at the same time must look as if this had been done.

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

    /// Verifies a code; answers whether it was right, and what was said of the activation.
    fn verify(&mut self, phone: usize, code: Code, effect: &mut Effect) -> (bool, Option<u64>) {
        let account = &mut self.accounts[phone];
        account.note("signature", effect);
        if account.status != ActivationStatus::Active {
            return (false, None);
        }
        let known = self.supported;
        let near = code.position >= account.counter && code.position < account.counter + LOOK_AHEAD;
        if known && near && code.genuine && code.factors != Factors::WrongPin {
            account.counter = code.position + 1;
            effect.accepted = Some(code.position);
            if code.factors.counts() {
                account.failed = 0;
            }
            return (true, Some(ATTEMPTS));
        }
        if code.factors.counts() {
            account.failed += 1;
            if account.failed == ATTEMPTS {
                account.move_to(ActivationStatus::Blocked, effect);
            }
        }
        (false, known.then_some(ATTEMPTS - account.failed))
    }

    fn login(&mut self, phone: usize, code: Code) -> Effect {
        let mut effect = Effect::default();
        let (valid, count) = self.verify(phone, code, &mut effect);
        effect.said = Said {
            status: 200,
            valid: Some(valid),
            state: state_name(self.accounts[phone].status).to_owned(),
            count,
            ..Said::default()
        };
        effect
    }

    fn token(&mut self, phone: usize, nonce: &str, at: u64, genuine: bool, now: u64) -> Effect {
        if at + TOKEN_BACK < now {
            return Effect::no(400, "ERR0030");
        }
        if at > now + TOKEN_FORWARD {
            return Effect::no(400, "ERR0044");
        }
        let Account { status, token, .. } = self.accounts[phone];
        if !token {
            return Effect::news(false);
        }
        let mut effect = Effect::said(Said {
            status: 200,
            valid: Some(false),
            state: state_name(status).to_owned(),
            ..Said::default()
        });
        if status != ActivationStatus::Active {
            return effect;
        }
        if at > now + WINDOW || !self.nonces.insert(nonce.to_owned()) {
            return Effect::no(400, "ERR0024");
        }
        effect.writes = true;
        effect.uses_up = Some("nonce");
        effect.said.valid = Some(genuine);
        effect
    }

    fn envelope(&mut self, envelope: (usize, usize), at: u64, now: u64) -> Effect {
        if self.accounts[envelope.0].status != ActivationStatus::Active || !self.supported {
            return Effect::no(400, "");
        }
        if at + WINDOW < now || at > now + WINDOW || !self.envelopes.insert(envelope) {
            return Effect::no(400, "ERR0024");
        }
        let mut effect = Effect::said(Said {
            status: 200,
            ..Said::default()
        });
        effect.uses_up = Some("envelope");
        effect.tokens = 1;
        self.accounts[envelope.0].note("token_created", &mut effect);
        effect
    }

    fn remove_token(&mut self, phone: usize) -> Effect {
        let account = &mut self.accounts[phone];
        let removed = std::mem::take(&mut account.token);
        let mut effect = Effect::news(removed);
        if removed {
            effect.tokens = 1;
            account.note("token_removed", &mut effect);
        }
        effect
    }

    fn support(&mut self, supported: bool) -> Effect {
        let news = std::mem::replace(&mut self.supported, supported) != supported;
        let mut effect = Effect::news(news);
        effect.said.valid = Some(supported);
        if news {
            let application = APPLICATION.to_owned();
            effect.entries.push((application, "application_version_changed"));
        }
        effect
    }

    fn authorize(&mut self, phone: usize, code: Code, operation: &str, data: &str, now: u64) -> Effect {
        let mut effect = Effect::default();
        let (right, _) = self.verify(phone, code, &mut effect);
        let user = self.accounts[phone].user.clone();
        let Some(payment) = self.payments.get_mut(operation) else {
            return effect;
        };
        if !right {
            // One attempt of the operation is charged, but only where it is the signer's.
            let pending = payment.status == OperationStatus::Pending && payment.expires >= now;
            effect.said = if payment.user.as_ref() != Some(&user) {
                Said::no(401, "POWERAUTH_AUTH_FAIL")
            } else if !pending {
                Said::no(400, "INVALID_OPERATION")
            } else {
                payment.fail(operation, &mut effect);
                payment.over().unwrap_or(Said::no(401, "POWERAUTH_AUTH_FAIL"))
            };
            return effect;
        }
        payment.expire_if_due(operation, now, &mut effect);
        effect.said = payment.over().unwrap_or_else(|| {
            let factors = match code.factors {
                Factors::Possession => "POSSESSION",
                Factors::Pin | Factors::WrongPin => "POSSESSION_KNOWLEDGE",
                Factors::Biometry => "POSSESSION_BIOMETRY",
            };
            match payment.approve(operation, &user, data, factors, &mut effect) {
                "APPROVED" => Said {
                    status: 200,
                    ..Said::default()
                },
                _ => payment.over().unwrap_or(Said::no(401, "OPERATION_FAILED")),
            }
        });
        effect
    }

    fn refuse(&mut self, phone: usize, code: Code, operation: &str, now: u64) -> Effect {
        let mut effect = Effect::default();
        let (right, _) = self.verify(phone, code, &mut effect);
        effect.said = Said::no(401, "POWERAUTH_AUTH_FAIL");
        let user = self.accounts[phone].user.clone();
        let Some(payment) = self.payments.get_mut(operation).filter(|_| right) else {
            return effect;
        };
        payment.expire_if_due(operation, now, &mut effect);
        effect.said = payment
            .over()
            .unwrap_or_else(|| match payment.reject(operation, &user, &mut effect) {
                "REJECTED" => Said {
                    status: 200,
                    ..Said::default()
                },
                _ => Said::no(401, "OPERATION_FAILED"),
            });
        effect
    }

    fn confirm(&mut self, phone: usize, now: u64) -> Effect {
        let account = &mut self.accounts[phone];
        let mut effect = Effect::no(400, "");
        account.expire_if_due(now, &mut effect);
        if account.status == ActivationStatus::PendingCommit {
            account.move_to(ActivationStatus::Active, &mut effect);
            effect.said = Said::no(200, "");
        }
        effect
    }

    fn status(&mut self, phone: usize, now: u64) -> Effect {
        let account = &mut self.accounts[phone];
        let mut effect = Effect::default();
        account.expire_if_due(now, &mut effect);
        effect.said = Said {
            status: 200,
            state: state_name(account.status).to_owned(),
            count: Some(account.failed),
            ..Said::default()
        };
        effect
    }

    fn rename(&mut self, phone: usize) -> Effect {
        let account = &mut self.accounts[phone];
        if !matches!(
            account.status,
            ActivationStatus::PendingCommit | ActivationStatus::Active
        ) {
            return Effect::no(400, "");
        }
        let mut effect = Effect::said(Said {
            status: 200,
            state: state_name(account.status).to_owned(),
            ..Said::default()
        });
        account.note("history", &mut effect);
        effect
    }

    fn switch(&mut self, phone: usize, to: ActivationStatus) -> Effect {
        let account = &mut self.accounts[phone];
        if !matches!(
            account.status,
            ActivationStatus::Active | ActivationStatus::Blocked
        ) {
            return Effect::no(400, "");
        }
        let mut effect = Effect::said(Said {
            status: 200,
            state: state_name(to).to_owned(),
            ..Said::default()
        });
        if account.status != to {
            if to == ActivationStatus::Active {
                account.failed = 0;
            }
            account.move_to(to, &mut effect);
        }
        effect
    }

    fn remove(&mut self, phone: usize) -> Effect {
        let mut effect = Effect::said(Said {
            status: 200,
            ..Said::default()
        });
        self.accounts[phone].move_to(ActivationStatus::Removed, &mut effect);
        effect
    }

    fn create(
        &mut self,
        template: usize,
        user: &Option<String>,
        amount: u64,
        now: u64,
        drawn: &Drawn,
    ) -> Effect {
        let mut effect = Effect {
            writes: true,
            ..Effect::default()
        };
        if let [id] = drawn.operations.as_slice() {
            let mut payment = Payment {
                status: OperationStatus::Pending,
                user: user.clone(),
                data: format!("A1*A{amount}EUR"),
                template,
                failures: 0,
                expires: now + TEMPLATES[template].lifetime,
                entries: 0,
            };
            payment.note(id, "operation_created", true, &mut effect);
            effect.said = payment.shown();
            self.payments.insert(id.clone(), payment);
        }
        effect
    }

    fn look(&mut self, operation: &str, claimant: Option<&str>, now: u64) -> Effect {
        let mut effect = Effect::default();
        let Some(payment) = self.payments.get_mut(operation) else {
            return Effect::no(400, "ERR0034");
        };
        let claimable = payment.status == OperationStatus::Pending && payment.expires > now;
        if let Some(claimant) = claimant.filter(|_| claimable) {
            match &payment.user {
                Some(owner) if owner == claimant => {}
                Some(_) => return Effect::no(400, "ERR0034"),
                None => {
                    payment.user = Some(claimant.to_owned());
                    payment.note(operation, "operation_claimed", false, &mut effect);
                }
            }
        }
        payment.expire_if_due(operation, now, &mut effect);
        effect.said = payment.shown();
        effect
    }

    /// An action of a back end on a pending operation.
    fn act(
        &mut self,
        operation: &str,
        now: u64,
        refused: &str,
        action: impl FnOnce(&mut Payment, &mut Effect) -> &'static str,
    ) -> Effect {
        let mut effect = Effect::no(400, refused);
        let Some(payment) = self.payments.get_mut(operation) else {
            return effect;
        };
        payment.expire_if_due(operation, now, &mut effect);
        if payment.status == OperationStatus::Pending {
            let result = action(payment, &mut effect);
            effect.said = payment.shown();
            effect.said.code = result.to_owned();
        }
        effect
    }

    fn lease(&mut self, url: &str, now: u64, drawn: &Drawn) -> Effect {
        let mut effect = Effect::said(Said {
            status: 200,
            ..Said::default()
        });
        for id in drawn.events.keys() {
            let Some(event) = self.events.get_mut(id) else {
                continue;
            };
            if event.state != EventState::Pending || event.due > now || event.url != url {
                continue;
            }
            effect.writes = true;
            if event.attempts < DELIVERIES {
                event.attempts += 1;
                event.due = now + LEASE;
                effect.said.events.push(id.clone());
            } else {
                event.state = EventState::Dead;
            }
        }
        effect
    }

    fn delivered(&mut self, event: &str) -> Effect {
        let event = self.events.get_mut(event);
        let news = event.is_some_and(|event| {
            std::mem::replace(&mut event.state, EventState::Delivered) != EventState::Delivered
        });
        Effect::news(news)
    }

    fn failed(&mut self, id: &str, until: u64, now: u64, drawn: &Drawn) -> Effect {
        let event = self.events.get_mut(id);
        let Some(event) = event.filter(|it| it.is_leased(until)) else {
            return Effect::news(false);
        };
        if event.attempts < DELIVERIES {
            // Up to a quarter longer, by chance.
            let pause = (2_000 << (event.attempts - 1)).min(3_600_000);
            let due = drawn.events.get(id).copied().unwrap_or_default();
            event.due = due.clamp(now + pause, now + pause + pause / 4);
        } else {
            event.state = EventState::Dead;
        }
        Effect::news(true)
    }

    fn released(&mut self, events: &[String], until: u64, now: u64) -> Effect {
        let mut count = 0;
        for id in events {
            if let Some(event) = self.events.get_mut(id).filter(|it| it.is_leased(until)) {
                event.attempts -= 1;
                event.due = now.min(until - 1);
                count += 1;
            }
        }
        Effect {
            writes: count > 0,
            said: Said {
                status: 200,
                count: Some(count),
                ..Said::default()
            },
            ..Effect::default()
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

    fn expire_accounts(&mut self, now: u64, drawn: &Drawn) -> Effect {
        let mut effect = Effect::default();
        let mut count = 0;
        for account in self.accounts.iter_mut().filter(|it| it.overdue(now)) {
            if drawn.accounts.is_empty() || drawn.accounts.contains(&account.id) {
                account.expire_if_due(now, &mut effect);
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

impl Event {
    fn is_leased(&self, until: u64) -> bool {
        self.state == EventState::Pending && self.due == until
    }
}

impl Account {
    fn note(&mut self, kind: &'static str, effect: &mut Effect) {
        self.entries += 1;
        effect.writes = true;
        effect.entries.push((self.id.clone(), kind));
    }

    fn overdue(&self, now: u64) -> bool {
        self.status == ActivationStatus::PendingCommit && self.expires < now
    }

    fn expire_if_due(&mut self, now: u64, effect: &mut Effect) {
        if self.overdue(now) {
            self.move_to(ActivationStatus::Removed, effect);
        }
    }

    fn move_to(&mut self, status: ActivationStatus, effect: &mut Effect) {
        self.status = status;
        self.note("history", effect);
        effect.news.push((self.id.clone(), state_name(status)));
    }
}

impl Payment {
    fn template(&self) -> &'static Template {
        &TEMPLATES[self.template]
    }

    fn shown(&self) -> Said {
        Said {
            status: 200,
            state: self.status.name().to_owned(),
            count: Some(self.failures),
            ..Said::default()
        }
    }

    fn note(&mut self, id: &str, kind: &'static str, told: bool, effect: &mut Effect) {
        effect.writes = true;
        effect.entries.push((id.to_owned(), kind));
        self.entries += 1;
        if told {
            effect.news.push((id.to_owned(), self.status.name()));
        }
    }

    fn end(&mut self, id: &str, status: OperationStatus, kind: &'static str, effect: &mut Effect) {
        self.status = status;
        self.note(id, kind, true, effect);
    }

    fn expire_if_due(&mut self, id: &str, now: u64, effect: &mut Effect) {
        if self.status == OperationStatus::Pending && self.expires < now {
            self.end(id, OperationStatus::Expired, "operation_expired", effect);
        }
    }

    fn approve(
        &mut self,
        id: &str,
        user: &str,
        data: &str,
        factors: &str,
        effect: &mut Effect,
    ) -> &'static str {
        let own = self.user.as_deref().is_none_or(|owner| owner == user);
        if !own || data != self.data || !self.template().factors.contains(&factors) {
            return self.fail(id, effect);
        }
        self.user.get_or_insert_with(|| user.to_owned());
        self.end(id, OperationStatus::Approved, "operation_approved", effect);
        "APPROVED"
    }

    fn fail(&mut self, id: &str, effect: &mut Effect) -> &'static str {
        self.failures += 1;
        if self.failures == self.template().attempts {
            self.end(id, OperationStatus::Failed, "operation_failed", effect);
            "OPERATION_FAILED"
        } else {
            self.note(id, "operation_approval_failed", true, effect);
            "APPROVAL_FAILED"
        }
    }

    fn reject(&mut self, id: &str, user: &str, effect: &mut Effect) -> &'static str {
        if self.user.as_deref().is_none_or(|owner| owner == user) {
            self.user.get_or_insert_with(|| user.to_owned());
            self.end(id, OperationStatus::Rejected, "operation_rejected", effect);
            "REJECTED"
        } else {
            self.note(id, "operation_reject_failed", false, effect);
            "REJECT_FAILED"
        }
    }

    /// What a phone is told of an operation that ended.
    fn over(&self) -> Option<Said> {
        let code = match self.status {
            OperationStatus::Pending => return None,
            OperationStatus::Approved | OperationStatus::Rejected => "OPERATION_ALREADY_FINISHED",
            OperationStatus::Canceled => "OPERATION_ALREADY_CANCELED",
            OperationStatus::Failed => "OPERATION_ALREADY_FAILED",
            OperationStatus::Expired => "OPERATION_EXPIRED",
        };
        Some(Said::no(400, code))
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
