//! Requests about one subject that the old server works on at the same time: nobody else knows which came first.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Subjects that are being worked on.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// How many run now, and how many have begun beside others, by subject. As many as there are running requests.
    running: Mutex<HashMap<String, (u32, u64)>>,
}

/// A request that runs.
#[derive(Debug)]
pub(super) struct Turn {
    subject: String,
    /// How many had begun beside others when it had.
    begun: u64,
    alone: bool,
}

impl Turns {
    fn running(&self) -> std::sync::MutexGuard<'_, HashMap<String, (u32, u64)>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request begins.
    pub(super) fn begin(&self, subject: &str) -> Turn {
        let mut running = self.running();
        let (count, begun) = running.entry(subject.to_owned()).or_default();
        let alone = *count == 0;
        *count += 1;
        *begun += u64::from(!alone);
        Turn {
            subject: subject.to_owned(),
            begun: *begun,
            alone,
        }
    }

    /// It ends. Answers whether no other one ran beside it.
    pub(super) fn end(&self, turn: &Turn) -> bool {
        let mut running = self.running();
        let Some((count, begun)) = running.get_mut(&turn.subject) else {
            return turn.alone;
        };
        let alone = turn.alone && *begun == turn.begun;
        *count = count.saturating_sub(1);
        if *count == 0 {
            running.remove(&turn.subject);
        }
        alone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_requests_are_known() {
        let turns = Turns::default();
        let first = turns.begin("a");
        let other = turns.begin("b");
        assert!(turns.end(&other));
        let second = turns.begin("a");
        assert!(!turns.end(&first));
        assert!(!turns.end(&second));
        let third = turns.begin("a");
        assert!(turns.end(&third));
        assert!(turns.running().is_empty());
    }
}
