//! Verifications of the last hour by minute, as this process has committed them.

use std::sync::{Mutex, PoisonError};

use countersign::model::journal::{Entry, Event, SIGNATURES};
use countersign::store::{Batch, Entity, Host, Write};
use serde::Serialize;

use super::host::System;

/// Minutes that are kept.
const KEPT: usize = 60;

/// What happened within one minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Minute {
    /// Minutes since the epoch.
    pub(crate) at: u64,
    /// Signatures that were right.
    pub(crate) valid: u64,
    /// Signatures that were wrong, or of activations that are not active.
    pub(crate) invalid: u64,
    /// Answered requests.
    pub(crate) requests: u64,
    /// Requests that the machinery failed.
    pub(crate) failures: u64,
}

/// The last hour.
#[derive(Debug, Default)]
pub(crate) struct Minutes(Mutex<Vec<Minute>>);

impl Minutes {
    /// The minute that runs.
    pub(crate) fn now(&self) -> u64 {
        System.now() / 60_000
    }

    /// All minutes in which something happened, the oldest first.
    pub(crate) fn all(&self) -> Vec<Minute> {
        let minutes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        minutes.clone()
    }

    /// A request was answered.
    pub(crate) fn answered(&self, failed: bool) {
        self.change(self.now(), |minute| {
            minute.requests += 1;
            minute.failures += u64::from(failed);
        });
    }

    /// A batch was committed.
    pub(crate) fn committed(&self, batch: &Batch) {
        for write in &batch.writes {
            let Write::Append { body, entries, .. } = write else {
                continue;
            };
            if !entries.iter().any(|entry| entry.index == SIGNATURES) {
                continue;
            }
            let Ok(Entry {
                event: Event::Signature(signature),
                ..
            }) = Entry::decode(body)
            else {
                continue;
            };
            self.change(self.now(), |minute| match signature.valid {
                true => minute.valid += 1,
                false => minute.invalid += 1,
            });
        }
    }

    fn change(&self, now: u64, change: impl FnOnce(&mut Minute)) {
        let mut minutes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if minutes.last().is_none_or(|last| last.at < now) {
            if minutes.len() == KEPT {
                minutes.remove(0);
            }
            minutes.push(Minute {
                at: now,
                ..Minute::default()
            });
        }
        if let Some(minute) = minutes.last_mut() {
            change(minute);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_kept() {
        let minutes = Minutes::default();
        for at in 0..100 {
            minutes.change(at, |minute| minute.valid += 1);
            minutes.change(at, |minute| minute.valid += 1);
        }
        // The clock was set back: it counts where it stands.
        minutes.change(7, |minute| minute.invalid += 1);
        let all = minutes.all();
        assert_eq!((all.len(), all[0].at, all[KEPT - 1].at), (KEPT, 40, 99));
        assert!(all.iter().all(|it| it.valid == 2));
        assert_eq!(all[KEPT - 1].invalid, 1);
    }
}
