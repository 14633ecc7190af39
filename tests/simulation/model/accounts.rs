//! Activations: what their phones and the bank do with them.

use super::*;

impl Model {
    /// Verifies a code; answers whether it was right, and what was said of the activation.
    pub(super) fn verify(&mut self, phone: usize, code: Code, effect: &mut Effect) -> (bool, Option<u64>) {
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

    pub(super) fn login(&mut self, phone: usize, code: Code) -> Effect {
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

    pub(super) fn token(&mut self, phone: usize, nonce: &str, at: u64, genuine: bool, now: u64) -> Effect {
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

    pub(super) fn envelope(&mut self, envelope: (usize, usize), at: u64, now: u64) -> Effect {
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

    pub(super) fn remove_token(&mut self, phone: usize) -> Effect {
        let account = &mut self.accounts[phone];
        let removed = std::mem::take(&mut account.token);
        let mut effect = Effect::news(removed);
        if removed {
            effect.tokens = 1;
            account.note("token_removed", &mut effect);
        }
        effect
    }

    pub(super) fn support(&mut self, supported: bool) -> Effect {
        let news = std::mem::replace(&mut self.supported, supported) != supported;
        let mut effect = Effect::news(news);
        effect.said.valid = Some(supported);
        if news {
            let application = APPLICATION.to_owned();
            effect.entries.push((application, "application_version_changed"));
        }
        effect
    }

    pub(super) fn confirm(&mut self, phone: usize, now: u64) -> Effect {
        let account = &mut self.accounts[phone];
        let mut effect = Effect::no(400, "");
        account.expire_if_due(now, &mut effect);
        if account.status == ActivationStatus::PendingCommit {
            account.move_to(ActivationStatus::Active, &mut effect);
            effect.said = Said::no(200, "");
        }
        effect
    }

    pub(super) fn status(&mut self, phone: usize, now: u64) -> Effect {
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

    pub(super) fn rename(&mut self, phone: usize) -> Effect {
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

    pub(super) fn switch(&mut self, phone: usize, to: ActivationStatus) -> Effect {
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

    pub(super) fn remove(&mut self, phone: usize) -> Effect {
        let mut effect = Effect::said(Said {
            status: 200,
            ..Said::default()
        });
        self.accounts[phone].move_to(ActivationStatus::Removed, &mut effect);
        effect
    }

    pub(super) fn expire_accounts(&mut self, now: u64, drawn: &Drawn) -> Effect {
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

impl Account {
    pub(super) fn note(&mut self, kind: &'static str, effect: &mut Effect) {
        self.entries += 1;
        effect.writes = true;
        effect.entries.push((self.id.clone(), kind));
    }

    pub(super) fn overdue(&self, now: u64) -> bool {
        self.status == ActivationStatus::PendingCommit && self.expires < now
    }

    pub(super) fn expire_if_due(&mut self, now: u64, effect: &mut Effect) {
        if self.overdue(now) {
            self.move_to(ActivationStatus::Removed, effect);
        }
    }

    pub(super) fn move_to(&mut self, status: ActivationStatus, effect: &mut Effect) {
        self.status = status;
        self.note("history", effect);
        effect.news.push((self.id.clone(), state_name(status)));
    }
}
