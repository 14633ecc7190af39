//! Who is being served in this process, and who rests because of trouble.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign::engine::callback::outbox;

/// Longest rest of a receiver in trouble, so that it is missed for a minute at most when it is back.
const LONGEST_REST: u64 = 60_000;
/// After that a receiver's trouble is forgotten.
const FORGET_AFTER: u64 = 3_600_000;

/// Receivers that are being served or rest, by name.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<HashMap<String, State>>);

#[derive(Clone, Copy, Debug, Default)]
struct State {
    busy: bool,
    /// Failures in a row.
    failures: u32,
    rests_until: u64,
}

/// The right to serve a receiver in this process.
#[derive(Debug)]
pub(crate) struct Turn {
    turns: Arc<Turns>,
    name: String,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.change(&self.name, |state| state.busy = false);
    }
}

impl Turns {
    /// The turn at a receiver, unless it is being served or rests.
    pub(crate) fn take(this: &Arc<Self>, name: &str, now: u64) -> Option<Turn> {
        let mut states = this.states();
        let state = states.entry(name.to_owned()).or_default();
        if state.busy || state.rests_until > now {
            return None;
        }
        state.busy = true;
        Some(Turn {
            turns: Arc::clone(this),
            name: name.to_owned(),
        })
    }

    /// Leaves a receiver in trouble alone for a while: longer each time, up to a minute, and for `at_least` so many
    /// milliseconds.
    pub(crate) fn rest(&self, name: &str, now: u64, at_least: u64) {
        self.change(name, |state| {
            state.failures = state.failures.saturating_add(1);
            let pause = outbox::pause(state.failures).min(LONGEST_REST).max(at_least);
            // Of several that fail together, the longest rest counts.
            state.rests_until = now.saturating_add(pause).max(state.rests_until);
        });
    }

    /// The receiver is well.
    pub(crate) fn recovered(&self, name: &str) {
        self.change(name, |state| state.failures = 0);
    }

    /// Receivers that were removed while they were in trouble never succeed again.
    pub(crate) fn forget_old(&self, now: u64) {
        let old = now.saturating_sub(FORGET_AFTER);
        self.states()
            .retain(|_, state| state.busy || state.rests_until > old);
    }

    /// Changes the state of a receiver, and forgets one that is as at the beginning.
    fn change(&self, name: &str, change: impl FnOnce(&mut State)) {
        let mut states = self.states();
        let state = states.entry(name.to_owned()).or_default();
        change(state);
        if !state.busy && state.failures == 0 {
            states.remove(name);
        }
    }

    fn states(&self) -> MutexGuard<'_, HashMap<String, State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_is_served_by_one_task_and_forgotten_afterwards() {
        let turns = Arc::new(Turns::default());
        let take = |name, now| Turns::take(&turns, name, now);
        let turn = take("a", 0);
        assert!(turn.is_some() && take("a", 0).is_none() && take("b", 0).is_some());
        drop(turn);
        assert!(take("a", 0).is_some());
        turns.rest("c", 0, 0);
        assert!(take("c", 1_999).is_none() && take("c", 2_000).is_some());
        turns.rest("d", 0, 90_000);
        turns.rest("d", 0, 0);
        assert!(take("d", 89_999).is_none() && take("d", 90_000).is_some());
        assert_eq!(turns.states().len(), 2);
        turns.forget_old(2 * FORGET_AFTER);
        assert_eq!(turns.states().len(), 0);
    }
}
