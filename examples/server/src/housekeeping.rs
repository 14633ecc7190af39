//! What has to be done without a request.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use countersign::engine::callback::outbox::{self, Backlog};
use countersign::engine::operation::expire;
use countersign::engine::push_delivery::outbox as push_outbox;
use countersign::engine::rotation::{LEARN_WITHIN, Progress};
use countersign::engine::{Engine, Outcome};
use countersign::store::{Host, Store, Tx};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::database::Connection;
use super::host::System;
use super::metrics::DeliveryCounts;
use super::service::Service;

type Work = Pin<Box<dyn Future<Output = Result<u64, String>> + Send>>;

/// Something that is done again and again. Answers how many records it was about.
struct Chore {
    name: &'static str,
    every: Duration,
    run: fn(Arc<Service>) -> Work,
}

const CHORES: &[Chore] = &[
    Chore {
        name: "purge",
        every: Duration::from_secs(60),
        run: |service| Box::pin(async move { purge(&service.connection).await }),
    },
    Chore {
        name: "expire operations",
        every: Duration::from_secs(5),
        run: |service| Box::pin(async move { expire(&service, &System, expire::operations).await }),
    },
    Chore {
        name: "expire activations",
        every: Duration::from_secs(5),
        run: |service| Box::pin(async move { expire(&service, &System, expire::activations).await }),
    },
    Chore {
        name: "look after sealing keys",
        every: Duration::from_millis(LEARN_WITHIN / 3),
        run: |service| Box::pin(async move { look_after_keys(&service).await }),
    },
    Chore {
        name: "count callbacks",
        every: Duration::from_secs(15),
        run: |service| Box::pin(async move { count_callbacks(&service, &System).await }),
    },
    Chore {
        name: "count push messages",
        every: Duration::from_secs(15),
        run: |service| Box::pin(async move { count_pushes(&service, &System).await }),
    },
];

/// Another node's clock may be behind ours; what expired must be gone for it, too.
const CLOCK_DIFFERENCE: u64 = 600_000;
const PURGE_AT_ONCE: u32 = 500;
/// Records of one decision, so that requests get their turns in between.
const EXPIRE_AT_ONCE: u32 = 100;

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

/// Ends what is overdue, with its journal entries and callbacks, until nothing is. Several processes may
/// do so at the same time.
async fn expire(
    service: &Service,
    host: &dyn Host,
    decide: fn(&Engine, &mut Tx<'_>, u32) -> Outcome<usize>,
) -> Result<u64, String> {
    let mut total = 0;
    loop {
        let expired = service
            .decide(host, |engine, tx| decide(engine, tx, EXPIRE_AT_ONCE))
            .await?;
        if expired == 0 {
            return Ok(total);
        }
        total += u64::try_from(expired).unwrap_or(u64::MAX);
        tokio::task::yield_now().await;
    }
}

/// Learns new keys, and seals records anew when one was replaced.
async fn look_after_keys(service: &Service) -> Result<u64, String> {
    let caretaker = service.caretaker();
    let mut steps = 0;
    while caretaker.step().await.map_err(|error| error.to_string())? == Progress::Done {
        steps += 1;
        tokio::task::yield_now().await;
    }
    Ok(steps)
}

/// Sets the numbers of undelivered callbacks.
async fn count_callbacks(service: &Service, host: &dyn Host) -> Result<u64, String> {
    let backlog = service.decide(host, outbox::backlog).await?;
    set_backlog(&service.metrics.callbacks, backlog, host);
    Ok(0)
}

/// Sets the numbers of undelivered push messages.
async fn count_pushes(service: &Service, host: &dyn Host) -> Result<u64, String> {
    let backlog = service.decide(host, push_outbox::backlog).await?;
    set_backlog(&service.metrics.pushes, backlog, host);
    Ok(0)
}

fn set_backlog(counts: &DeliveryCounts, backlog: Backlog, host: &dyn Host) {
    let age = backlog
        .oldest
        .map_or(0, |it| host.now().saturating_sub(it) / 1_000);
    counts.waiting.store(backlog.events, Ordering::Relaxed);
    counts.waiting_seconds.store(age, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Steered, ask, service};
    use serde_json::json;

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

    /// Activations and operations that nobody looks at.
    #[tokio::test(flavor = "multi_thread")]
    async fn ends_what_is_overdue_once_and_whoever_does_it() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let nodes = [service(Arc::clone(&store)), service(store)];
        let host = Steered::new();
        let (node, clock) = (&nodes[0], &*host);
        ask(node, clock, "application/create", json!({ "applicationId": "a" })).await;
        for kind in ["ACTIVATION", "OPERATION"] {
            let url = json!({
                "applicationId": "a", "name": kind, "type": format!("{kind}_STATUS_CHANGE"),
                "callbackUrl": "https://bank.example/", "attributes": ["status", "activationStatus"]
            });
            ask(node, clock, "application/callback/create", url).await;
        }
        let template = json!({
            "templateName": "t", "operationType": "login", "dataTemplate": "A2",
            "signatureType": ["POSSESSION_KNOWLEDGE"], "maxFailureCount": 3, "expiration": 300
        });
        ask(node, clock, "operation/template/create", template).await;
        let many = usize::try_from(EXPIRE_AT_ONCE).unwrap() * 2 + 1;
        for number in 0..many {
            let user = format!("user-{number}");
            let activation = json!({ "applicationId": "a", "userId": user });
            ask(node, clock, "activation/init", activation).await;
            let operation = json!({ "applications": ["a"], "userId": user, "templateName": "t" });
            ask(node, clock, "operation/create", operation).await;
        }
        let operations = |node| expire(node, &*host, expire::operations);
        let activations = |node| expire(node, &*host, expire::activations);
        assert_eq!((operations(node).await, activations(node).await), (Ok(0), Ok(0)));

        host.advance(300_001);
        let (first, second) = tokio::join!(operations(&nodes[0]), operations(&nodes[1]));
        assert_eq!(first.unwrap() + second.unwrap(), u64::try_from(many).unwrap());
        let (first, second) = tokio::join!(activations(&nodes[0]), activations(&nodes[1]));
        assert_eq!(first.unwrap() + second.unwrap(), u64::try_from(many).unwrap());
        assert_eq!((operations(node).await, activations(node).await), (Ok(0), Ok(0)));

        // One event for the beginning and one for the end of each.
        let waiting = node.decide(&*host, outbox::waiting).await.unwrap();
        assert_eq!(waiting.len(), 2);
        let mut ends = 0;
        for from in &waiting {
            let mut left = Vec::new();
            loop {
                let leased = node.decide(&*host, |engine, tx| outbox::lease(engine, tx, from, 200, 60_000));
                match leased.await.unwrap() {
                    leased if leased.is_empty() => break,
                    leased => left.extend(leased),
                }
            }
            assert_eq!(left.len(), 2 * many);
            let over = |body: &str| body.contains("EXPIRED") || body.contains("REMOVED");
            ends += left.iter().filter(|it| over(&it.body)).count();
        }
        assert_eq!(ends, 2 * many);
        count_callbacks(node, &*host).await.unwrap();
        let text = node.metrics.render(&node.connection.store.counts);
        let line = format!("countersign_callbacks_waiting {}\n", 4 * many);
        assert!(text.contains(&line), "{text}");
        assert!(
            text.contains("countersign_callbacks_waiting_seconds 300\n"),
            "{text}"
        );
        println!("{ends} ends");
    }
}
