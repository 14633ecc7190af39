//! The outbox: who delivers which event, what happens when that fails, and when it ends.
//!
//! ```text
//!            lease_due                     delivered
//!  waiting ─────────────▶ leased ──────────────────────▶ delivered
//!     ▲                     │ failed, or the lease ran out
//!     └─────────────────────┴──── last attempt ─────────▶ dead
//! ```
//!
//! A leased event is a waiting one whose due time lies at the end of the lease, so that a worker that
//! dies leaves nothing behind to clean up. Delivery is at least once: a receiver recognises a repetition
//! by the event's id, which is the idempotency key. All three decisions may be repeated.

use super::authentication::Authentication;
use crate::engine::{Engine, Outcome};
use crate::model::callback::{CallbackEvent, Callbacks, EVENT_DUE, EventState};
use crate::store::{Range, Tx};

/// Deliveries that are tried before an event is given up.
const MAX_ATTEMPTS: u32 = 12;
/// Milliseconds between the first failure and the second attempt; doubled each time.
const FIRST_PAUSE: u64 = 2_000;
/// Longest pause in milliseconds.
const LONGEST_PAUSE: u64 = 3_600_000;
/// Largest number of events of one lease.
const MAX_LIMIT: u32 = 200;

/// An event for a worker to deliver.
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
    /// End of the lease, in milliseconds since the epoch; [`failed`] asks for it.
    pub leased_until: u64,
}

/// Leases due events, the longest waiting first, at most `limit` (and 200), for `lease` milliseconds.
/// Nobody else gets them before that. Events that were tried too often, or whose URL is gone, are given
/// up instead.
pub fn lease_due(engine: &Engine, tx: &mut Tx<'_>, limit: u32, lease: u64) -> Outcome<Vec<Delivery>> {
    let now = tx.now();
    let range = Range {
        to: now,
        ..Range::all(EVENT_DUE, "", limit.clamp(1, MAX_LIMIT))
    };
    let (found, _) = tx.scan::<CallbackEvent>(range)?;
    for event in &found {
        tx.want::<CallbackEvent>(&event.id);
        tx.want::<Callbacks>(&event.application);
    }
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
        // Whether the URL was changed a moment ago does not matter.
        let urls = tx.peek::<Callbacks>(&event.application)?;
        let urls = urls.map_or_else(Vec::new, |it| it.urls);
        let url = urls.into_iter().find(|url| url.id == event.url);
        match url {
            Some(url) if event.attempts < MAX_ATTEMPTS => {
                event.attempts += 1;
                event.due = leased_until;
                deliveries.push(Delivery {
                    authentication: Authentication::open(engine, &url)?,
                    event: event.id.clone(),
                    url: url.url,
                    body: event.body.clone(),
                    attempt: event.attempts,
                    leased_until,
                });
            }
            _ => finish(engine, &mut event, EventState::Dead, now),
        }
        tx.put(&event);
    }
    Ok(Ok(deliveries))
}

fn finish(engine: &Engine, event: &mut CallbackEvent, state: EventState, now: u64) {
    event.state = state;
    event.retained_until = Some(now.saturating_add(engine.config.event_retention));
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
/// Answers whether it was news.
pub fn failed(engine: &Engine, tx: &mut Tx<'_>, event: &str, leased_until: u64) -> Outcome<bool> {
    let now = tx.now();
    let Some(mut event) = tx.get::<CallbackEvent>(event)? else {
        return Ok(Ok(false));
    };
    if event.state != EventState::Pending || event.due != leased_until {
        return Ok(Ok(false));
    }
    if event.attempts >= MAX_ATTEMPTS {
        finish(engine, &mut event, EventState::Dead, now);
    } else {
        event.due = now.saturating_add(pause(event.attempts));
        // The same moment would look like the lease that has just ended.
        if event.due == leased_until {
            event.due += 1;
        }
    }
    tx.put(&event);
    Ok(Ok(true))
}

/// Milliseconds before the attempt that follows attempt number `attempts`.
fn pause(attempts: u32) -> u64 {
    let doublings = attempts.saturating_sub(1).min(32);
    FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let pauses: Vec<u64> = (1..=MAX_ATTEMPTS).map(pause).collect();
        assert_eq!(pauses[..4], [2_000, 4_000, 8_000, 16_000]);
        assert!(pauses.iter().all(|it| *it <= LONGEST_PAUSE));
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
        println!(
            "{} pauses, {} ms in all",
            pauses.len(),
            pauses.iter().sum::<u64>()
        );
    }
}
