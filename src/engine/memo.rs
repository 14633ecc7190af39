//! Results that a process keeps, to be quicker. Never the truth: whoever does not find a value here computes it, and what
//! follows is the same either way. So that decisions stay repeatable, nothing that is read from a store may depend on it.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, RwLock};

/// Enough for the application versions of a bank.
const LIMIT: usize = 1_024;

/// A small table that is shared by its clones and never waited for: decisions hold no lock while they compute.
#[derive(Clone)]
pub(crate) struct Memo<V>(Arc<RwLock<HashMap<Vec<u8>, V>>>);

impl<V: Clone> Memo<V> {
    /// The value that was kept under `key`; none also while somebody writes.
    pub(crate) fn recall(&self, key: &[u8]) -> Option<V> {
        self.0.try_read().ok()?.get(key).cloned()
    }

    /// Keeps a value, unless somebody else is at the table. A full table starts anew.
    pub(crate) fn keep(&self, key: &[u8], value: V) {
        if let Ok(mut known) = self.0.try_write() {
            if known.len() >= LIMIT {
                known.clear();
            }
            known.insert(key.to_vec(), value);
        }
    }
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<V> fmt::Debug for Memo<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_shared_and_bounded() {
        let memo = Memo::default();
        let other = memo.clone();
        memo.keep(b"a", 1);
        assert_eq!((other.recall(b"a"), other.recall(b"b")), (Some(1), None));
        other.keep(b"a", 2);
        assert_eq!(memo.recall(b"a"), Some(2));
        for number in 0..LIMIT {
            memo.keep(&number.to_be_bytes(), 0);
        }
        assert_eq!(memo.recall(b"a"), None);
        assert_eq!(memo.recall(&(LIMIT - 1).to_be_bytes()), Some(0));
        // Nobody waits.
        let reader = memo.0.read().unwrap();
        memo.keep(b"late", 1);
        drop(reader);
        assert_eq!(memo.recall(b"late"), None);
        let writer = memo.0.write().unwrap();
        assert_eq!(memo.recall(&(LIMIT - 1).to_be_bytes()), None);
        drop(writer);
    }
}
