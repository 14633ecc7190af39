//! Fair queues inside one process: operations that will change the same record take turns instead
//! of conflicting in the database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as FairMutex, OwnedMutexGuard};

/// One queue per lane name; empty ones vanish.
#[derive(Debug, Default)]
pub struct Lanes {
    queues: Mutex<HashMap<String, Arc<FairMutex<()>>>>,
}

/// The right to run; the next in the queue follows when it is dropped.
#[derive(Debug)]
pub struct Turn<'a> {
    lanes: &'a Lanes,
    name: String,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Lanes {
    /// No queues yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits for the turn, in the order of arrival.
    pub async fn enter(&self, name: &str) -> Turn<'_> {
        // Made before waiting, so that a caller who gives up tidies as well.
        let mut turn = Turn {
            lanes: self,
            name: name.to_owned(),
            guard: None,
        };
        let queue = {
            let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(queues.entry(name.to_owned()).or_default())
        };
        turn.guard = Some(queue.lock_owned().await);
        turn
    }

    /// Number of queues with somebody in them.
    pub fn len(&self) -> usize {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether nobody runs or waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut queues = self.lanes.queues.lock().unwrap_or_else(PoisonError::into_inner);
        self.guard = None;
        // Ours is the map's reference; others hold one while they wait or run.
        if queues
            .get(&self.name)
            .is_some_and(|queue| Arc::strong_count(queue) == 1)
        {
            queues.remove(&self.name);
        }
    }
}
