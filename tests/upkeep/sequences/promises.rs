//! What has to hold after each step, and in each batch that is committed.

use std::collections::BTreeSet;

use countersign::engine::journal;
use countersign::model::activation::{ACTIVATION, Activation, ActivationStatus};
use countersign::model::application::{APPLICATION, Application};
use countersign::model::callback::{CALLBACKS, CallbackEvent, CallbackType, Callbacks, EVENT};
use countersign::model::journal::{Entry, Head, JOURNAL, Subject};
use countersign::model::operation::{OPERATION, Operation as Payment, OperationStatus};
use countersign::store::{Batch, Commit, Entity, Key, Query, Write};
use pollster::block_on;
use serde_json::Value;

use super::Verdict;
use super::story::{Outcome, Story};
use crate::support::Ask;

const LOOK_AHEAD: u64 = 20;

impl Story<'_> {
    /// What the answer says.
    pub(super) fn judge(&mut self, ask: &Ask, outcome: &Outcome) -> Verdict {
        let Outcome {
            answer,
            applied,
            failed,
        } = outcome;
        let text = String::from_utf8_lossy(&answer.body);
        ensure!(
            *failed || answer.status < 500,
            "I9: {} without a failure: {text}",
            answer.status
        );
        // A read that failed is the end; a commit that failed may have been sent again, and applied.
        ensure!(
            !failed || *applied || answer.status >= 500,
            "I9: {} in spite of a failure",
            answer.status
        );
        for secret in &self.ground.secrets {
            let shown = answer
                .body
                .windows(secret.len())
                .any(|window| window == &secret[..]);
            ensure!(!shown, "I8: a key is in the answer");
        }
        if answer.valid() {
            // A signature by the phone's own key stands for the key; it may be shown again.
            let ecdsa = ask.path.to_lowercase().contains("ecdsa");
            ensure!(ecdsa || *applied, "I2: valid, and nothing was written");
            let body: Value = serde_json::from_slice(&ask.body).unwrap_or_default();
            let request = &body["requestObject"];
            let code = match request["signature"].as_str() {
                Some(signature) => format!("{} {signature}", request["activationId"]),
                None => format!(
                    "{} {} {}",
                    request["tokenId"], request["nonce"], request["timestamp"]
                ),
            };
            ensure!(ecdsa || self.accepted.insert(code), "I1: accepted again");
        }
        // An envelope carries a key of its own; opening one for the host changes nothing.
        let object = answer.object();
        let opened = ["encryptedData", "secretKey"]
            .iter()
            .any(|it| object[it].is_string())
            || answer.json().get("encryptedData").is_some_and(Value::is_string);
        if answer.status == 200 && opened {
            let body: Value = serde_json::from_slice(&ask.body).unwrap_or_default();
            let inner = if body["requestObject"].is_object() {
                &body["requestObject"]
            } else {
                &body
            };
            if let (Some(key), Some(mac)) = (inner["ephemeralPublicKey"].as_str(), inner["mac"].as_str()) {
                ensure!(
                    self.accepted.insert(format!("{key} {mac}")),
                    "I4: an envelope was opened again"
                );
            }
        }
        Ok(())
    }

    pub(super) fn stored(&self, key: &Key) -> Option<Vec<u8>> {
        let query = Query::Get(key.clone());
        match block_on(self.store.read(&[query])).unwrap().pop() {
            Some(countersign::store::Answer::Record(record)) => record.map(|it| it.body),
            other => panic!("{other:?}"),
        }
    }

    /// Applies a batch, and holds it against what was there.
    pub(super) fn commit(&mut self, batch: &Batch) -> Result<Commit, String> {
        let puts = batch.writes.iter().filter_map(|write| match write {
            Write::Put { key, body, .. } | Write::Append { key, body, .. } => Some((key, body)),
            Write::Check { .. } => None,
        });
        type Change<'b> = (&'b Key, Option<Vec<u8>>, &'b Vec<u8>);
        let changes: Vec<Change<'_>> = puts.map(|(key, body)| (key, self.stored(key), body)).collect();
        let entries: Vec<Entry> = changes
            .iter()
            .filter(|(key, ..)| key.collection == JOURNAL)
            .map(|(_, _, body)| Entry::decode(body).unwrap())
            .collect();
        let urls = |application: &str, kind| -> usize {
            let callbacks = self.stored(&Key::new(CALLBACKS, application));
            let callbacks = callbacks.map(|body| Callbacks::decode(&body).unwrap());
            callbacks.map_or(0, |it| it.urls.iter().filter(|url| url.kind == kind).count())
        };
        let outcome = block_on(self.store.commit(batch)).unwrap();
        if outcome != Commit::Applied {
            return Ok(outcome);
        }
        let mut expected_events = 0;
        for (key, before, after) in &changes {
            match key.collection {
                ACTIVATION => {
                    let before = before.as_ref().map(|body| Activation::decode(body).unwrap());
                    let after = Activation::decode(after).unwrap();
                    let head = before.as_ref().map(|it| &it.journal);
                    chained(
                        &Subject::Activation(after.id.clone()),
                        head,
                        &after.journal,
                        &entries,
                    )?;
                    activation(before.as_ref(), &after)?;
                    if before.as_ref().is_none_or(|it| it.status != after.status) {
                        expected_events += urls(&after.application, CallbackType::ActivationStatusChange);
                    }
                }
                OPERATION => {
                    let before = before.as_ref().map(|body| Payment::decode(body).unwrap());
                    let after = Payment::decode(after).unwrap();
                    let head = before.as_ref().map(|it| &it.journal);
                    chained(
                        &Subject::Operation(after.id.clone()),
                        head,
                        &after.journal,
                        &entries,
                    )?;
                    operation(before.as_ref(), &after)?;
                    if before.as_ref().is_none_or(|it| it.status != after.status) {
                        for application in &after.applications {
                            expected_events += urls(application, CallbackType::OperationStatusChange);
                        }
                    }
                }
                APPLICATION => {
                    let before = before.as_ref().map(|body| Application::decode(body).unwrap());
                    let after = Application::decode(after).unwrap();
                    let head = before.as_ref().map(|it| &it.journal);
                    chained(
                        &Subject::Application(after.id.clone()),
                        head,
                        &after.journal,
                        &entries,
                    )?;
                }
                _ => {}
            }
        }
        let fresh = changes
            .iter()
            .filter(|(key, before, _)| key.collection == EVENT && before.is_none());
        let keys: BTreeSet<String> = fresh
            .clone()
            .map(|(_, _, body)| CallbackEvent::decode(body).unwrap().id)
            .collect();
        ensure!(keys.len() == fresh.count(), "I7: two events with one key");
        ensure!(
            keys.len() >= expected_events,
            "I7: {} events for {expected_events} URLs",
            keys.len()
        );
        Ok(outcome)
    }
}

/// The journal grows by exactly the entries of the batch, chained.
pub(super) fn chained(subject: &Subject, before: Option<&Head>, after: &Head, entries: &[Entry]) -> Verdict {
    let none = Head::default();
    let mut head = before.unwrap_or(&none).clone();
    let mut own: Vec<&Entry> = entries.iter().filter(|it| it.subject == *subject).collect();
    own.sort_by_key(|it| it.number);
    for entry in own {
        ensure!(
            entry.number == head.length && entry.previous == head.hash,
            "I7: a broken chain"
        );
        head.length += 1;
        head.hash = journal::hash(entry);
    }
    ensure!(
        head == *after,
        "I7: {subject:?} counts {} entries, not {}",
        after.length,
        head.length
    );
    Ok(())
}

pub(super) fn activation(before: Option<&Activation>, after: &Activation) -> Verdict {
    use ActivationStatus::{Active, Blocked, Created, PendingCommit, Removed};
    let Some(before) = before else {
        return Ok(());
    };
    let (from, to) = (before.status, after.status);
    ensure!(from != Removed || to == Removed, "I5: {from:?} to {to:?}");
    ensure!(to != Created || from == Created, "I5: {from:?} to {to:?}");
    let usable = matches!(to, PendingCommit | Active | Blocked);
    ensure!(
        !usable || after.keys.is_some() || from == to,
        "I5: {to:?} without keys"
    );
    let fixed = |it: &Activation| (it.id.clone(), it.application.clone(), it.user.clone(), it.created);
    ensure!(fixed(before) == fixed(after), "I6: another user or application");
    let unchanged = before.device_public.is_none() || before.device_public == after.device_public;
    ensure!(unchanged, "I6: another device key");
    ensure!(after.counter >= before.counter, "I2: the counter went back");
    ensure!(
        after.counter <= before.counter + LOOK_AHEAD + 1,
        "I2: the counter leapt"
    );
    if before.counter == after.counter && before.counter_data.is_some() {
        ensure!(
            before.counter_data == after.counter_data,
            "I2: another counter of the same number"
        );
    }
    ensure!(
        after.failed_attempts < after.max_failed_attempts || to != Active,
        "I3: {} of {} failures, and ACTIVE",
        after.failed_attempts,
        after.max_failed_attempts
    );
    ensure!(
        after.failed_attempts <= before.failed_attempts + 1,
        "I3: two failures at once"
    );
    Ok(())
}

pub(super) fn operation(before: Option<&Payment>, after: &Payment) -> Verdict {
    let Some(before) = before else {
        ensure!(
            after.status == OperationStatus::Pending,
            "I5: born {:?}",
            after.status
        );
        return Ok(());
    };
    let pending = before.status == OperationStatus::Pending;
    ensure!(
        pending || before.status == after.status,
        "I5: {:?} to {:?}",
        before.status,
        after.status
    );
    let fixed = |it: &Payment| {
        (
            (
                it.id.clone(),
                it.applications.clone(),
                it.data.clone(),
                it.parameters.clone(),
            ),
            (
                it.signature_types.clone(),
                it.operation_type.clone(),
                it.activation.clone(),
                it.expires,
            ),
            (
                it.activation_flag.clone(),
                it.max_failure_count,
                it.totp_seed.clone(),
                it.created,
            ),
        )
    };
    ensure!(
        fixed(before) == fixed(after),
        "I6: what never changes has changed"
    );
    ensure!(
        before.user.is_none() || before.user == after.user,
        "I6: another user"
    );
    let steps = after.failure_count.saturating_sub(before.failure_count);
    ensure!(
        steps <= 1 && after.failure_count >= before.failure_count,
        "I3: failures of an operation"
    );
    let failed = after.failure_count >= after.max_failure_count;
    ensure!(
        !failed || after.status != OperationStatus::Pending,
        "I3: too many failures, and PENDING"
    );
    Ok(())
}
