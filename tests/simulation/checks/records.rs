//! Records held against the model, kind by kind.

use countersign::model::operation::OperationStatus;

use super::*;

impl Judge<'_> {
    /// Tokens, and the version of the application.
    pub(super) fn tokens(
        &self,
        model: &Model,
        effect: &Effect,
        facts: &Facts,
        heads: &BTreeMap<String, Head>,
    ) -> Verdict {
        ensure!(
            facts.tokens.len() == effect.tokens,
            "I4: {} tokens for one request",
            facts.tokens.len()
        );
        for token in &facts.tokens {
            let removed = token.removed_until.is_some();
            ensure!(
                removed == effect.uses_up.is_none() && removed == token.secret.is_empty(),
                "I4: a token that is {}removed",
                if removed { "" } else { "not " }
            );
        }
        let changed = self.model().supported != model.supported;
        ensure!(
            facts.versions.len() == usize::from(changed)
                && facts.versions.iter().all(|it| it.supported == model.supported),
            "I5: the version is {}served",
            if model.supported { "not " } else { "" }
        );
        for (id, application) in &facts.applications {
            ensure!(
                changed && heads.get(id) == Some(&application.journal),
                "I7: the head of {id} does not fit"
            );
        }
        Ok(())
    }

    /// Sealing keys, and what is sealed with them.
    pub(super) fn keys(
        &self,
        meaning: &Meaning,
        model: &Model,
        facts: &Facts,
        heads: &BTreeMap<String, Head>,
    ) -> Verdict {
        let before = &self.model().keys;
        let work = facts
            .work
            .as_ref()
            .map(Work::from)
            .or_else(|| before.work.clone());
        let found = match &facts.keys {
            Some(keys) => {
                ensure!(
                    heads.get(&keys.id()) == Some(&keys.journal),
                    "I7: the head of the sealing keys does not fit"
                );
                Keys::of(keys, work)
            }
            None => Keys {
                work,
                ..before.clone()
            },
        };
        ensure!(
            found == model.keys,
            "I5: the sealing keys are {found:?}, not {:?}",
            model.keys
        );
        let current = model.keys.current;
        for token in facts.tokens.iter().filter(|_| self.keyed) {
            let sealed_with = sealed_with(&token.secret).unwrap_or(current);
            ensure!(
                token.removed_until.is_some() || sealed_with == current,
                "I8: a secret is sealed with key {sealed_with}, which {current} has replaced"
            );
        }
        match meaning {
            Meaning::Keys(turn) => {
                keys::page_is_sealed(model.keys.current, self.shelf.bodies(), turn, &facts.resealed)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn accounts(&self, model: &Model, facts: &Facts, heads: &BTreeMap<String, Head>) -> Verdict {
        for (before, account) in self.model().accounts.iter().zip(&model.accounts) {
            let id = &account.id;
            let Some(found) = facts.accounts.get(id) else {
                ensure!(before == account, "I2: activation {id} was not written");
                continue;
            };
            ensure!(before != account, "I2: activation {id} was written");
            ensure!(
                found.counter >= before.counter,
                "I2: the counter went back from {} to {}",
                before.counter,
                found.counter
            );
            ensure!(
                found.counter == account.counter,
                "I2: the counter went from {} to {}, not to {}",
                before.counter,
                found.counter,
                account.counter
            );
            ensure!(
                found.counter_data.as_ref() == self.town.counter_data(id, found.counter),
                "I2: counter data and counter {} do not fit",
                found.counter
            );
            ensure!(
                found.failed_attempts == account.failed,
                "I3: {} failures are counted, not {}",
                found.failed_attempts,
                account.failed
            );
            ensure!(
                found.status == account.status,
                "I5: the activation became {:?}, not {:?}",
                found.status,
                account.status
            );
            ensure!(
                heads.get(id) == Some(&found.journal),
                "I7: the head of {id} does not fit"
            );
        }
        Ok(())
    }

    pub(super) fn payments(&self, model: &Model, facts: &Facts, heads: &BTreeMap<String, Head>) -> Verdict {
        for (id, payment) in &model.payments {
            let before = self.model().payments.get(id);
            let Some(found) = facts.payments.get(id) else {
                ensure!(before == Some(payment), "I5: operation {id} was not written");
                continue;
            };
            ensure!(before != Some(payment), "I5: operation {id} was written");
            ensure!(
                found.status != OperationStatus::Approved || payment.status == found.status,
                "I6: approved, not {:?}",
                payment.status
            );
            ensure!(
                found.status == payment.status,
                "I5: the operation became {:?}, not {:?}",
                found.status,
                payment.status
            );
            ensure!(
                found.failure_count == payment.failures,
                "I3: {} failures of the operation, not {}",
                found.failure_count,
                payment.failures
            );
            ensure!(
                found.user == payment.user
                    && found.data == payment.data
                    && found.expires == payment.expires
                    && found.template == crate::town::TEMPLATES[payment.template].name,
                "I6: the operation is another one: {found:?}"
            );
            ensure!(
                heads.get(id) == Some(&found.journal),
                "I7: the head of {id} does not fit"
            );
        }
        let known = |id: &&String| model.payments.contains_key(*id);
        ensure!(
            facts.payments.keys().all(|id| known(&id)),
            "I5: an operation of nobody"
        );
        Ok(())
    }

    pub(super) fn records_are_the_models<'r>(
        &self,
        accounts: impl Iterator<Item = &'r Record>,
        payments: impl Iterator<Item = &'r Record>,
        events: impl Iterator<Item = &'r Record>,
    ) -> Verdict {
        let model = self.model();
        for record in accounts {
            let it = Activation::decode(&record.body).map_err(|_| "I5: an activation cannot be read")?;
            let known = model.accounts.iter().find(|account| account.id == it.id);
            let fits = known.is_some_and(|known| {
                (known.status, known.counter, known.failed) == (it.status, it.counter, it.failed_attempts)
            });
            ensure!(fits, "I2: the activation ended as {it:?}, not as {known:?}");
        }
        let mut count = 0;
        for record in payments {
            let it = Payment::decode(&record.body).map_err(|_| "I5: an operation cannot be read")?;
            let known = model.payments.get(&it.id);
            let fits = known.is_some_and(|known| {
                (known.status, known.failures, &known.user) == (it.status, it.failure_count, &it.user)
            });
            ensure!(fits, "I5: the operation ended as {it:?}, not as {known:?}");
            count += 1;
        }
        ensure!(count == model.payments.len(), "I5: an operation is lost");
        let mut found = BTreeMap::new();
        for record in events {
            let it = CallbackEvent::decode(&record.body).map_err(|_| "I7: an event cannot be read")?;
            found.insert(it.id.clone(), event_of(&it));
        }
        ensure!(found == model.events, "I7: the outbox is not what was committed");
        Ok(())
    }
}
