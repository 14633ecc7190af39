//! Operations: made, shown, approved, rejected, expired.

use super::*;

impl Model {
    pub(super) fn authorize(
        &mut self,
        phone: usize,
        code: Code,
        operation: &str,
        data: &str,
        now: u64,
    ) -> Effect {
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

    pub(super) fn refuse(&mut self, phone: usize, code: Code, operation: &str, now: u64) -> Effect {
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

    pub(super) fn create(
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

    pub(super) fn look(&mut self, operation: &str, claimant: Option<&str>, now: u64) -> Effect {
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
    pub(super) fn act(
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
}

impl Payment {
    pub(super) fn template(&self) -> &'static Template {
        &TEMPLATES[self.template]
    }

    pub(super) fn shown(&self) -> Said {
        Said {
            status: 200,
            state: self.status.name().to_owned(),
            count: Some(self.failures),
            ..Said::default()
        }
    }

    pub(super) fn note(&mut self, id: &str, kind: &'static str, told: bool, effect: &mut Effect) {
        effect.writes = true;
        effect.entries.push((id.to_owned(), kind));
        self.entries += 1;
        if told {
            effect.news.push((id.to_owned(), self.status.name()));
        }
    }

    pub(super) fn end(&mut self, id: &str, status: OperationStatus, kind: &'static str, effect: &mut Effect) {
        self.status = status;
        self.note(id, kind, true, effect);
    }

    pub(super) fn expire_if_due(&mut self, id: &str, now: u64, effect: &mut Effect) {
        if self.status == OperationStatus::Pending && self.expires < now {
            self.end(id, OperationStatus::Expired, "operation_expired", effect);
        }
    }

    pub(super) fn approve(
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

    pub(super) fn fail(&mut self, id: &str, effect: &mut Effect) -> &'static str {
        self.failures += 1;
        if self.failures == self.template().attempts {
            self.end(id, OperationStatus::Failed, "operation_failed", effect);
            "OPERATION_FAILED"
        } else {
            self.note(id, "operation_approval_failed", true, effect);
            "APPROVAL_FAILED"
        }
    }

    pub(super) fn reject(&mut self, id: &str, user: &str, effect: &mut Effect) -> &'static str {
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
    pub(super) fn over(&self) -> Option<Said> {
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
