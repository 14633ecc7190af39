//! The outbox: which events are due, who delivers them, what happens when that fails, and when it ends.
//!
//! ```text
//!              lease                      delivered
//!  waiting ─────────────▶ leased ──────────────────────▶ delivered
//!     ▲                     │ released, failed, or the lease ran out
//!     └─────────────────────┴──── last attempt ─────────▶ dead ─ send_again ─▶ waiting
//! ```
//!
//! A leased event is a waiting one whose due time lies at the end of the lease, so that a worker that
//! dies leaves nothing behind to clean up. Delivery is at least once: a receiver recognises a repetition
//! by the event's id, which is the idempotency key. All decisions may be repeated, on any number of nodes.
//!
//! What a host does, again and again; each URL by itself, so that a slow receiver holds up nobody else:
//!
//! ```text
//! for waiting in waiting():                        whoever waits longest comes first
//!   for delivery in lease(waiting, 16, 60_000):    nobody else has them for a minute
//!     POST delivery.request() within the lease     one after the other keeps their order
//!     verdict(status): Taken       -> delivered(event)
//!                      Refused     -> failed(event, leased_until)
//!                      Unavailable -> failed(event, leased_until), released(the rest);
//!                                     leave this URL alone for pause(failures in a row)
//! ```

use super::authentication::Authentication;
use crate::engine::pages::scan_all;
use crate::engine::{Engine, EngineStop, Outcome};
use crate::model::callback::{CALLBACK_HOLDERS, CallbackEvent, Callbacks, EVENT_DEAD, EVENT_DUE, EventState};
use crate::store::{Range, Tx};

/// Milliseconds between the first failure and the second attempt; doubled each time.
const FIRST_PAUSE: u64 = 2_000;
/// Longest pause in milliseconds.
const LONGEST_PAUSE: u64 = 3_600_000;
/// Largest number of events of one call.
const MAX_LIMIT: u32 = 200;
/// Events of one URL that [`backlog`] counts.
const COUNTED: u32 = 1_000;

/// A URL with something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its application.
    pub application: String,
    /// The URL's id.
    pub url: String,
    /// Since when its first event is due, in milliseconds since the epoch.
    pub since: u64,
}

/// An event for a worker to deliver, see [`Delivery::request`].
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The event, which is also the idempotency key.
    pub event: String,
    /// Where to.
    pub url: String,
    /// JSON to send.
    pub body: String,
    /// How to authenticate.
    pub authentication: Authentication,
    /// Number of this attempt, from 1.
    pub attempt: u32,
    /// End of the lease, in milliseconds since the epoch; [`failed`] and [`released`] ask for it.
    pub leased_until: u64,
}

/// What became of an attempt that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// Nothing new: the event is finished, or somebody else tries it by now.
    Stale,
    /// The event waits for its next attempt.
    Again {
        /// When, in milliseconds since the epoch.
        due: u64,
    },
    /// That was the last attempt.
    GivenUp,
}

/// What waits in the outbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Undelivered events; of one URL at most 1,000 are counted.
    pub events: u64,
    /// Creation of the oldest of those counted, in milliseconds since the epoch.
    pub oldest: Option<u64>,
}

/// The URLs with due events, the longest waiting first. Removed URLs are among them as long as events
/// may be left. Reads only.
pub fn waiting(_: &Engine, tx: &mut Tx<'_>) -> Outcome<Vec<Waiting>> {
    let now = tx.now();
    let holders = holders(tx)?;
    let mut found = Vec::new();
    for (application, url, removed) in urls(&holders) {
        let first = tx.scan::<CallbackEvent>(due(url, now, 1));
        // All of them in one read.
        found.push((application, url, removed, first));
    }
    let mut waiting = Vec::new();
    for (application, url, removed, first) in found {
        let since = match first?.0.first() {
            Some(event) => event.due,
            None if removed => now,
            None => continue,
        };
        waiting.push(Waiting {
            application: application.to_owned(),
            url: url.to_owned(),
            since,
        });
    }
    waiting.sort_by_key(|it| it.since);
    Ok(Ok(waiting))
}

/// Leases due events of one URL, the longest waiting first, at most `limit` (and 200), for `lease`
/// milliseconds. Nobody else gets them before that. Events that were tried too often, or whose URL is
/// gone, are given up instead.
pub fn lease(
    engine: &Engine,
    tx: &mut Tx<'_>,
    from: &Waiting,
    limit: u32,
    lease: u64,
) -> Outcome<Vec<Delivery>> {
    let now = tx.now();
    let callbacks = tx.peek::<Callbacks>(&from.application)?;
    let Some(callbacks) = callbacks else {
        return Ok(Ok(Vec::new()));
    };
    let Some(url) = callbacks.urls.iter().find(|it| it.id == from.url) else {
        if callbacks.removed.contains(&from.url) {
            give_up_all(engine, tx, from)?;
        }
        return Ok(Ok(Vec::new()));
    };
    let (found, _) = tx.scan::<CallbackEvent>(due(&from.url, now, limit.clamp(1, MAX_LIMIT)))?;
    want(tx, &found);
    let leased_until = now.saturating_add(lease.max(1));
    let mut deliveries = Vec::with_capacity(found.len());
    for event in found {
        let Some(mut event) = tx.get::<CallbackEvent>(&event.id)? else {
            continue;
        };
        // The index may be stale.
        if event.state != EventState::Pending || event.due > now {
            continue;
        }
        if event.attempts < engine.config.event_attempts {
            event.attempts += 1;
            event.due = leased_until;
            deliveries.push(Delivery {
                authentication: Authentication::open(engine, url)?,
                event: event.id.clone(),
                url: url.url.clone(),
                body: event.body.clone(),
                attempt: event.attempts,
                leased_until,
            });
        } else {
            finish(engine, &mut event, EventState::Dead, now);
        }
        tx.put(&event);
    }
    Ok(Ok(deliveries))
}

/// The receiver took the event. Answers whether that was news.
pub fn delivered(engine: &Engine, tx: &mut Tx<'_>, event: &str) -> Outcome<bool> {
    let now = tx.now();
    let Some(mut event) = tx.get::<CallbackEvent>(event)? else {
        return Ok(Ok(false));
    };
    if event.state == EventState::Delivered {
        return Ok(Ok(false));
    }
    finish(engine, &mut event, EventState::Delivered, now);
    tx.put(&event);
    Ok(Ok(true))
}

/// The receiver did not take the event: it waits for its next attempt, or is given up after the last
/// one. Says nothing once the lease that ended at `leased_until` is over and somebody else tries.
pub fn failed(engine: &Engine, tx: &mut Tx<'_>, event: &str, leased_until: u64) -> Outcome<AfterFailure> {
    let now = tx.now();
    let Some(mut event) = leased(tx, event, leased_until)? else {
        return Ok(Ok(AfterFailure::Stale));
    };
    let outcome = if event.attempts >= engine.config.event_attempts {
        finish(engine, &mut event, EventState::Dead, now);
        AfterFailure::GivenUp
    } else {
        let pause = pause(event.attempts);
        // Events that failed together need not come back together.
        let mut random = [0; 4];
        tx.fill(&mut random)?;
        let jitter = u64::from(u32::from_be_bytes(random)) % (pause / 4).max(1);
        event.due = now.saturating_add(pause).saturating_add(jitter);
        // The same moment would look like the lease that has just ended.
        if event.due == leased_until {
            event.due += 1;
        }
        AfterFailure::Again { due: event.due }
    };
    tx.put(&event);
    Ok(Ok(outcome))
}

/// Events that were leased until `leased_until` and not tried: they are due at once, and the attempt does
/// not count. Answers how many that was news about; looks at 200 at most.
pub fn released(_: &Engine, tx: &mut Tx<'_>, events: &[String], leased_until: u64) -> Outcome<usize> {
    let now = tx.now();
    let events = || {
        events
            .iter()
            .take(usize::try_from(MAX_LIMIT).unwrap_or(usize::MAX))
    };
    for event in events() {
        tx.want::<CallbackEvent>(event);
    }
    let mut released = 0;
    for event in events() {
        if let Some(mut event) = leased(tx, event, leased_until)? {
            event.attempts = event.attempts.saturating_sub(1);
            event.due = now.min(leased_until.saturating_sub(1));
            tx.put(&event);
            released += 1;
        }
    }
    Ok(Ok(released))
}

/// What is undelivered, for people who watch. Reads only.
pub fn backlog(_: &Engine, tx: &mut Tx<'_>) -> Outcome<Backlog> {
    let holders = holders(tx)?;
    let mut pages = Vec::new();
    for (_, url, _) in urls(&holders) {
        pages.push(tx.scan::<CallbackEvent>(due(url, u64::MAX, COUNTED)));
    }
    let mut backlog = Backlog::default();
    for page in pages {
        for event in page?.0 {
            backlog.events += 1;
            backlog.oldest = Some(backlog.oldest.map_or(event.created, |it| it.min(event.created)));
        }
    }
    Ok(Ok(backlog))
}

/// Events for the URL with this id that were given up, newest first, at most `limit` (and 200). They are
/// kept for [`crate::engine::Config::event_retention`].
pub fn given_up(_: &Engine, tx: &mut Tx<'_>, url: &str, limit: u32) -> Outcome<Vec<CallbackEvent>> {
    let range = Range {
        newest_first: true,
        ..Range::all(EVENT_DEAD, url, limit.clamp(1, MAX_LIMIT))
    };
    Ok(Ok(tx.scan::<CallbackEvent>(range)?.0))
}

/// Milliseconds before the attempt that follows attempt number `attempts`: 2 seconds, doubled each time
/// up to an hour.
pub fn pause(attempts: u32) -> u64 {
    let doublings = attempts.saturating_sub(1).min(32);
    FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE)
}

/// Gives up what waits for a removed URL, and forgets the URL when nothing is left.
fn give_up_all(engine: &Engine, tx: &mut Tx<'_>, from: &Waiting) -> Result<(), EngineStop> {
    let now = tx.now();
    let (found, more) = tx.scan::<CallbackEvent>(due(&from.url, u64::MAX, MAX_LIMIT))?;
    want(tx, &found);
    for event in found {
        if let Some(mut event) = tx.get::<CallbackEvent>(&event.id)?
            && event.state == EventState::Pending
        {
            finish(engine, &mut event, EventState::Dead, now);
            tx.put(&event);
        }
    }
    if more.is_none()
        && let Some(mut callbacks) = tx.get::<Callbacks>(&from.application)?
    {
        callbacks.removed.retain(|it| *it != from.url);
        tx.put(&callbacks);
    }
    Ok(())
}

fn holders(tx: &mut Tx<'_>) -> Result<Vec<Callbacks>, EngineStop> {
    scan_all(tx, Range::all(CALLBACK_HOLDERS, "", MAX_LIMIT))
}

/// Application, id and whether it was removed, of each URL.
fn urls(holders: &[Callbacks]) -> impl Iterator<Item = (&str, &str, bool)> {
    holders.iter().flat_map(|holder| {
        let application = holder.application.as_str();
        let there = holder
            .urls
            .iter()
            .map(move |it| (application, it.id.as_str(), false));
        let removed = holder.removed.iter();
        there.chain(removed.map(move |id| (application, id.as_str(), true)))
    })
}

fn due(url: &str, to: u64, limit: u32) -> Range {
    Range {
        to,
        ..Range::all(EVENT_DUE, url, limit)
    }
}

fn want(tx: &mut Tx<'_>, events: &[CallbackEvent]) {
    for event in events {
        tx.want::<CallbackEvent>(&event.id);
    }
}

/// The event, if this lease of it is the last.
fn leased(tx: &mut Tx<'_>, event: &str, until: u64) -> Result<Option<CallbackEvent>, EngineStop> {
    let event = tx.get::<CallbackEvent>(event)?;
    Ok(event.filter(|it| it.state == EventState::Pending && it.due == until))
}

fn finish(engine: &Engine, event: &mut CallbackEvent, state: EventState, now: u64) {
    event.state = state;
    event.retained_until = Some(now.saturating_add(engine.config.event_retention));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let attempts = crate::engine::Config::default().event_attempts;
        let pauses: Vec<u64> = (1..attempts).map(pause).collect();
        assert_eq!(pauses[..4], [2_000, 4_000, 8_000, 16_000]);
        assert!(pauses.iter().all(|it| *it <= LONGEST_PAUSE));
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
        let hours = pauses.iter().sum::<u64>() / 3_600_000;
        assert!((12..24).contains(&hours), "a receiver may be away over night");
        println!("{} pauses, {hours} hours in all", pauses.len());
    }
}
