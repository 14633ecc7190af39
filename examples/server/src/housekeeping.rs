//! What has to be done without a request.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use countersign::store::{Host, Store};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::database::Connection;
use super::host::System;
use super::service::Service;

type Work = Pin<Box<dyn Future<Output = Result<u64, String>> + Send>>;

/// Something that is done again and again. Answers how many records it was about.
struct Chore {
    name: &'static str,
    every: Duration,
    run: fn(Arc<Service>) -> Work,
}

const CHORES: &[Chore] = &[Chore {
    name: "purge",
    every: Duration::from_secs(60),
    run: |service| Box::pin(async move { purge(&service.connection).await }),
}];

/// Another node's clock may be behind ours; what expired must be gone for it, too.
const CLOCK_DIFFERENCE: u64 = 600_000;
const PURGE_AT_ONCE: u32 = 500;

/// Runs all chores until the set is dropped. A chore that fails or panics is tried again next time.
pub(crate) fn start(service: &Arc<Service>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    for chore in CHORES {
        let service = Arc::clone(service);
        tasks.spawn(async move {
            let mut clock = interval(chore.every);
            clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                clock.tick().await;
                let mut round = JoinSet::new();
                round.spawn((chore.run)(Arc::clone(&service)));
                match round.join_next().await {
                    Some(Ok(Ok(0))) | None => {}
                    Some(Ok(Ok(records))) => tracing::info!(chore = chore.name, records, "done"),
                    Some(Ok(Err(error))) => tracing::warn!(chore = chore.name, error, "failed"),
                    Some(Err(_)) => tracing::error!(chore = chore.name, "did not end regularly"),
                }
            }
        });
    }
    tasks
}

/// Removes what nobody can see any more, a little at a time, so that requests get their turns.
async fn purge(connection: &Connection) -> Result<u64, String> {
    let before = System.now().saturating_sub(CLOCK_DIFFERENCE);
    let mut total = 0;
    loop {
        let purged = connection
            .store
            .purge(before, PURGE_AT_ONCE)
            .await
            .map_err(|error| error.to_string())?;
        total += purged;
        if purged < u64::from(PURGE_AT_ONCE) {
            return Ok(total);
        }
        tokio::task::yield_now().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign::store::{Batch, Collection, Commit, Entries, Expect, Key, MemoryStore, Rev, Write};

    #[tokio::test]
    async fn purges_what_nobody_sees_and_nothing_else() {
        let store = MemoryStore::new();
        let now = System.now();
        let many = u64::from(PURGE_AT_ONCE) * 2 + 1;
        let expiries = (0..many)
            .map(Some)
            .chain([None, Some(now), Some(now - CLOCK_DIFFERENCE + 60_000)]);
        for (number, expires_at) in expiries.enumerate() {
            let put = Write::Put {
                key: Key::new(Collection("x"), number.to_string()),
                expect: Expect::Absent,
                body: vec![1],
                entries: Entries::Keep,
                expires_at,
            };
            let batch = Batch {
                rev: Rev([1; 16]),
                writes: vec![put],
            };
            assert_eq!(store.commit_now(&batch), Commit::Applied);
        }
        let connection = Connection::over(Arc::new(store));
        assert_eq!(purge(&connection).await, Ok(many));
        assert_eq!(purge(&connection).await, Ok(0));
    }
}
