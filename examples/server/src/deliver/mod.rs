//! Callbacks: the loop that takes events out of the outbox and sends them.
//!
//! ```text
//! a commit with an event ─┐
//! every second ───────────┼─▶ which URLs wait? ─▶ one task for each that is not being served ─▶ lease,
//! a task ended ───────────┘                       send one after the other, record what became of it
//! ```
//!
//! What is due, for how long it is leased and when it is tried again is decided in
//! `countersign::engine::callback::outbox`, so any number of processes may do this on one database. Here is
//! only what belongs to this process: sockets, the number of URLs served at the same time, and which URL
//! rests because its receiver is in trouble.

pub(crate) mod options;
mod send;
#[cfg(test)]
mod tests;
mod tls;
mod turns;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use countersign::engine::callback::outbox::{self, AfterFailure, Delivery, Waiting};
use countersign::engine::{self, Engine};
use countersign::store::{Host, Tx};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;

use self::options::CallbackOptions;
use self::send::Line;
pub(crate) use self::send::{SendError, Sender, reach_out};
pub(crate) use self::tls::{Tls, TlsError};
pub(crate) use self::turns::Turns;
use crate::service::Service;

/// Other processes' events, and those whose next attempt is due, are noticed after so long.
const POLL: Duration = Duration::from_secs(1);
/// Changes that come together are looked for together.
const GATHER: Duration = Duration::from_millis(5);
/// Events of one lease.
const AT_ONCE: u32 = 16;
/// A lease is so many times as long as a delivery may take.
const LEASE_FACTOR: u32 = 6;
/// A delivery that is being sent at the end of the server may go on for so long.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Delivers events.
pub(crate) struct Courier {
    service: Arc<Service>,
    host: Arc<dyn Host>,
    sender: Sender,
    /// URLs that are being served or rest.
    urls: Arc<Turns>,
    places: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
    poll: Duration,
    last_words: Duration,
}

impl Courier {
    /// # Errors
    /// When TLS cannot be set up.
    pub(crate) fn new(
        service: &Arc<Service>,
        host: Arc<dyn Host>,
        options: &CallbackOptions,
        stopping: watch::Receiver<bool>,
    ) -> Result<Arc<Self>, TlsError> {
        let tls = Tls::new(options.callback_stores.clone())?;
        Ok(Arc::new(Self {
            service: Arc::clone(service),
            host,
            sender: Sender::new(options.reach(), tls, options.callback_timeout),
            urls: Arc::default(),
            places: Arc::new(Semaphore::new(usize::from(options.callback_receivers))),
            stopping,
            poll: POLL,
            last_words: LAST_WORDS,
        }))
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
                () = self.service.connection.store.events.notified() => sleep(GATHER).await,
                Some(_) = tasks.join_next() => {}
            }
        }
        tasks.join_all().await;
    }

    /// Starts to serve the URLs that wait and that nobody serves here, the longest waiting first.
    async fn start(self: &Arc<Self>, tasks: &mut JoinSet<()>) {
        let waiting = match self.decide(outbox::waiting).await {
            Ok(waiting) => waiting,
            Err(error) => {
                tracing::warn!(error, "callbacks that are due are not known");
                return;
            }
        };
        let now = self.host.now();
        self.urls.forget_old(now);
        for from in waiting {
            let Some(turn) = Turns::take(&self.urls, &from.url, now) else {
                continue;
            };
            let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
                break;
            };
            let courier = Arc::clone(self);
            tasks.spawn(async move {
                if let Err(error) = courier.serve(&from).await {
                    tracing::warn!(url = from.url, error, "what became of callbacks is not recorded");
                    courier.urls.rest(&from.url, courier.host.now(), 0);
                }
                drop((turn, place));
            });
        }
    }

    /// Delivers what is due for one URL. An error is one of the store; leases end by themselves.
    async fn serve(&self, from: &Waiting) -> Result<(), String> {
        let lease = self.sender.timeout().saturating_mul(LEASE_FACTOR);
        let lease = u64::try_from(lease.as_millis()).unwrap_or(u64::MAX);
        while !*self.stopping.borrow() {
            let leased = self
                .decide(|engine, tx| outbox::lease(engine, tx, from, AT_ONCE, lease))
                .await?;
            if leased.is_empty() {
                return Ok(());
            }
            let mut line = None;
            let mut rest = leased.iter();
            let goes_on = loop {
                let Some(delivery) = rest.as_slice().first() else {
                    break true;
                };
                if !self.has_time(delivery) {
                    break true;
                }
                match self.deliver(&mut line, from, delivery).await? {
                    Next::Following => _ = rest.next(),
                    Next::Nothing => {
                        _ = rest.next();
                        break false;
                    }
                    Next::Stop => break false,
                }
            };
            self.give_back(rest.as_slice()).await?;
            if !goes_on {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Whether a whole attempt fits into what is left of the lease, and before the end of the server.
    fn has_time(&self, delivery: &Delivery) -> bool {
        let attempt = u64::try_from(self.sender.timeout().as_millis()).unwrap_or(u64::MAX);
        !*self.stopping.borrow() && self.host.now().saturating_add(attempt) <= delivery.leased_until
    }

    async fn deliver(
        &self,
        line: &mut Option<Line>,
        from: &Waiting,
        delivery: &Delivery,
    ) -> Result<Next, String> {
        let sent = tokio::select! {
            sent = self.sender.send(line, delivery) => sent,
            () = self.last_words() => return Ok(Next::Stop),
        };
        let counts = &self.service.metrics.callbacks;
        let event = delivery.event.as_str();
        match sent {
            Ok(()) => {
                self.urls.recovered(&from.url);
                let news = self
                    .decide(|engine, tx| outbox::delivered(engine, tx, event))
                    .await?;
                counts.delivered.fetch_add(u64::from(news), Ordering::Relaxed);
                tracing::debug!(event, url = from.url, "callback delivered");
                Ok(Next::Following)
            }
            Err(error) => {
                counts.failed.fetch_add(1, Ordering::Relaxed);
                let until = delivery.leased_until;
                let after = self
                    .decide(|engine, tx| outbox::failed(engine, tx, event, until))
                    .await?;
                self.tell(from, delivery, &error, after);
                if error.concerns_all() {
                    self.urls.rest(&from.url, self.host.now(), 0);
                    return Ok(Next::Nothing);
                }
                Ok(Next::Following)
            }
        }
    }

    fn tell(&self, from: &Waiting, delivery: &Delivery, error: &SendError, after: AfterFailure) {
        let (event, url, attempt) = (&delivery.event, &from.url, delivery.attempt);
        match after {
            AfterFailure::GivenUp => {
                let counts = &self.service.metrics.callbacks;
                counts.given_up.fetch_add(1, Ordering::Relaxed);
                tracing::error!(event, url, attempt, %error, "callback given up");
            }
            AfterFailure::Again { .. } | AfterFailure::Stale => {
                tracing::warn!(event, url, attempt, %error, "callback not delivered");
            }
        }
    }

    /// What was leased and not tried is somebody else's at once.
    async fn give_back(&self, rest: &[Delivery]) -> Result<(), String> {
        let Some(first) = rest.first() else {
            return Ok(());
        };
        let events: Vec<String> = rest.iter().map(|it| it.event.clone()).collect();
        self.decide(|engine, tx| outbox::released(engine, tx, &events, first.leased_until))
            .await?;
        Ok(())
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

/// What follows a delivery.
enum Next {
    /// The next event.
    Following,
    /// Nothing for now: the receiver is in trouble.
    Nothing,
    /// The server ends, and nobody knows whether this event arrived.
    Stop,
}
