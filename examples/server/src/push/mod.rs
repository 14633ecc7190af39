//! Push messages: the loop that takes them out of the outbox and hands them to a sender.
//!
//! | file | holds |
//! |---|---|
//! | [`options`] | where the platforms are |
//! | `send` | one message, to Apple or Google, with tokens that are kept |
//! | `lines` | HTTP/2 connections |
//!
//! What is due and what an outcome means is decided in `countersign::engine::push_delivery`, so any number of processes may
//! do this on one database. An application and a platform are served by one task at a time; what it has leased is sent
//! together, over one connection.

mod lines;
pub(crate) mod options;
mod send;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use countersign::engine::push_delivery::outbox::{self, AfterPush, Waiting};
use countersign::engine::push_delivery::{PushDelivery, PushOutcome, PushSender};
use countersign::engine::{self, Engine};
use countersign::store::{Host, Tx};
use futures_util::future::join_all;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;

pub(crate) use self::send::Senders;
use crate::deliver::Turns;
use crate::service::Service;

/// Other processes' messages, and those whose next attempt is due, are noticed after so long.
const POLL: Duration = Duration::from_secs(1);
/// Changes that come together are looked for together.
const GATHER: Duration = Duration::from_millis(5);
/// Messages of one lease, which are sent at the same time.
const AT_ONCE: u32 = 32;
/// Applications and platforms that are served at the same time.
const PLACES: usize = 64;
/// A lease is so many times as long as a delivery may take.
const LEASE_FACTOR: u32 = 3;
/// Longest rest that a platform may ask for; what it asked for one message is kept with the message.
const LONGEST_REST: u64 = 600_000;
/// A message that is being sent at the end of the server may go on for so long.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Delivers messages.
pub(crate) struct PushCourier {
    service: Arc<Service>,
    host: Arc<dyn Host>,
    sender: Arc<dyn PushSender>,
    /// Longest time that the sender takes.
    timeout: Duration,
    turns: Arc<Turns>,
    places: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
    poll: Duration,
    last_words: Duration,
}

/// What became of an attempt.
enum Attempt {
    Done,
    /// Others would fail, too; the platform asked for so long a rest, in milliseconds.
    Trouble(u64),
    /// The server ends, and nobody knows whether this message arrived.
    Unknown,
}

impl PushCourier {
    pub(crate) fn new(
        service: &Arc<Service>,
        host: Arc<dyn Host>,
        sender: Arc<dyn PushSender>,
        timeout: Duration,
        stopping: watch::Receiver<bool>,
    ) -> Arc<Self> {
        Arc::new(Self {
            service: Arc::clone(service),
            host,
            sender,
            timeout,
            turns: Arc::default(),
            places: Arc::new(Semaphore::new(PLACES)),
            stopping,
            poll: POLL,
            last_words: LAST_WORDS,
        })
    }

    /// Delivers until the server stops; what was leased and not sent is then given back.
    pub(crate) async fn run(self: Arc<Self>) {
        let mut tasks = JoinSet::new();
        let mut stopping = self.stopping.clone();
        let stopped = async { _ = stopping.wait_for(|stop| *stop).await };
        let mut stopped = std::pin::pin!(stopped);
        loop {
            self.start(&mut tasks).await;
            tokio::select! {
                () = &mut stopped => break,
                () = sleep(self.poll) => {}
                () = self.service.connection.store.pushes.notified() => sleep(GATHER).await,
                Some(_) = tasks.join_next() => {}
            }
        }
        tasks.join_all().await;
    }

    /// Starts to serve what waits and nobody serves here, the longest waiting first.
    async fn start(self: &Arc<Self>, tasks: &mut JoinSet<()>) {
        let waiting = match self.decide(outbox::waiting).await {
            Ok(waiting) => waiting,
            Err(error) => {
                tracing::warn!(error, "push messages that are due are not known");
                return;
            }
        };
        let now = self.host.now();
        self.turns.forget_old(now);
        for from in waiting {
            let Some(turn) = Turns::take(&self.turns, &lane(&from), now) else {
                continue;
            };
            let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
                break;
            };
            let courier = Arc::clone(self);
            tasks.spawn(async move {
                if let Err(error) = courier.serve(&from).await {
                    let (application, platform) = (&from.application, from.platform.name());
                    tracing::warn!(
                        application,
                        platform,
                        error,
                        "what became of push messages is not recorded"
                    );
                    courier.turns.rest(&lane(&from), courier.host.now(), 0);
                }
                drop((turn, place));
            });
        }
    }

    /// Delivers what is due. An error is one of the store; leases end by themselves.
    async fn serve(&self, from: &Waiting) -> Result<(), String> {
        let lease = self.timeout.saturating_mul(LEASE_FACTOR);
        let lease = u64::try_from(lease.as_millis()).unwrap_or(u64::MAX);
        while !*self.stopping.borrow() {
            let leased = self
                .decide(|engine, tx| outbox::lease(engine, tx, from, AT_ONCE, lease))
                .await?;
            if leased.is_empty() {
                return Ok(());
            }
            let attempts = join_all(leased.iter().map(|delivery| self.deliver(from, delivery))).await;
            let mut unknown = Vec::new();
            let mut trouble = None;
            for (delivery, attempt) in leased.iter().zip(attempts) {
                match attempt? {
                    Attempt::Done => {}
                    Attempt::Trouble(rest) => trouble = trouble.max(Some(rest)),
                    Attempt::Unknown => unknown.push(delivery.message.clone()),
                }
            }
            if let (false, Some(first)) = (unknown.is_empty(), leased.first()) {
                let until = first.leased_until;
                self.decide(|engine, tx| outbox::released(engine, tx, &unknown, until))
                    .await?;
            }
            match trouble {
                None => self.turns.recovered(&lane(from)),
                Some(rest) => {
                    self.turns.rest(&lane(from), self.host.now(), rest);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    async fn deliver(&self, from: &Waiting, delivery: &PushDelivery) -> Result<Attempt, String> {
        let outcome = tokio::select! {
            outcome = self.sender.send(delivery) => outcome,
            () = self.last_words() => return Ok(Attempt::Unknown),
        };
        let after = self
            .decide(|engine, tx| outbox::record(engine, tx, delivery, &outcome))
            .await?;
        let counts = &self.service.metrics.pushes;
        let count = match (outcome, after) {
            (PushOutcome::Delivered, AfterPush::Delivered) => Some(&counts.delivered),
            (PushOutcome::Delivered, _) => None,
            _ => Some(&counts.failed),
        };
        if let Some(count) = count {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let (message, attempt, why) = (&delivery.message, delivery.attempt, outcome.word());
        let (application, platform) = (&from.application, from.platform.name());
        match after {
            AfterPush::Delivered => tracing::debug!(message, application, platform, "push message delivered"),
            AfterPush::GivenUp => {
                counts.given_up.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(
                    message,
                    application,
                    platform,
                    attempt,
                    why,
                    "push message given up"
                );
            }
            AfterPush::Again { .. } | AfterPush::Stale if outcome != PushOutcome::Delivered => {
                tracing::warn!(
                    message,
                    application,
                    platform,
                    attempt,
                    why,
                    "push message not delivered"
                );
            }
            AfterPush::Again { .. } | AfterPush::Stale => {}
        }
        if matches!(outcome, PushOutcome::CredentialsRefused(_)) {
            tracing::error!(
                application,
                platform,
                why,
                "credentials for push messages are refused"
            );
        }
        Ok(match outcome {
            PushOutcome::Later { after, all: true, .. } => {
                Attempt::Trouble(after.unwrap_or(0).min(LONGEST_REST))
            }
            _ if outcome.concerns_all() => Attempt::Trouble(0),
            _ => Attempt::Done,
        })
    }

    async fn last_words(&self) {
        let mut stopping = self.stopping.clone();
        _ = stopping.wait_for(|stop| *stop).await;
        sleep(self.last_words).await;
    }

    async fn decide<T>(
        &self,
        decide: impl Fn(&Engine, &mut Tx<'_>) -> engine::Outcome<T>,
    ) -> Result<T, String> {
        self.service.decide(&*self.host, decide).await
    }
}

fn lane(from: &Waiting) -> String {
    format!("{}/{}", from.platform.name(), from.application)
}
