//! Which messages are due, who sends them, what happens when that fails, and when it ends. All decisions may be repeated,
//! on any number of nodes.

use super::credentials::open;
use super::{PushContent, PushDelivery, PushOutcome};
use crate::engine::callback::outbox::{Backlog, pause};
use crate::engine::pages::scan_all;
use crate::engine::{Engine, EngineStop, Outcome, push};
use crate::model::activation::{Activation, ActivationStatus};
use crate::model::callback::EventState;
use crate::model::push::{Platform, PushDevice};
use crate::model::push_message::{PUSH_DEAD, PUSH_DUE, PushMessage, queue};
use crate::model::push_settings::{PUSH_HOLDERS, PushSettings};
use crate::store::{Range, Tx};

/// Largest number of messages of one call.
const MAX_LIMIT: u32 = 200;
/// Messages of one application and platform that [`backlog`] counts.
const COUNTED: u32 = 1_000;
/// A message that waits for credentials is looked at again after so many milliseconds.
const NO_CREDENTIALS: u64 = 60_000;

/// An application and a platform with something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The application.
    pub application: String,
    /// The platform.
    pub platform: Platform,
    /// Since when its first message is due, in milliseconds since the epoch.
    pub since: u64,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterPush {
    /// Nothing new: it is finished, or somebody else tries it by now.
    Stale,
    /// It is delivered.
    Delivered,
    /// It waits for its next attempt.
    Again {
        /// When, in milliseconds since the epoch.
        due: u64,
    },
    /// It was given up.
    GivenUp,
}

/// Applications and platforms with due messages and credentials, the longest waiting first. Reads only.
pub fn waiting(_: &Engine, tx: &mut Tx<'_>) -> Outcome<Vec<Waiting>> {
    let now = tx.now();
    let mut found = Vec::new();
    for (application, platform) in lanes(tx)? {
        let first = tx.scan::<PushMessage>(due(&application, platform, now, 1));
        // All of them in one read.
        found.push((application, platform, first));
    }
    let mut waiting = Vec::new();
    for (application, platform, first) in found {
        if let Some(message) = first?.0.first() {
            waiting.push(Waiting {
                application,
                platform,
                since: message.due,
            });
        }
    }
    waiting.sort_by_key(|it| it.since);
    Ok(Ok(waiting))
}

/// What is to be done with a due message.
enum Next {
    Send(Box<PushDelivery>),
    /// Nobody will ever want it.
    GiveUp(&'static str),
    /// The device has moved to another platform.
    Move(Platform),
    /// There are no credentials for this device.
    Wait,
}

/// Leases due messages, the longest waiting first, at most `limit` (and 200), for `lease` milliseconds. Nobody else gets
/// them before that. Messages that came too late, were tried too often, or whose device or activation is gone, are given up
/// instead.
pub fn lease(
    engine: &Engine,
    tx: &mut Tx<'_>,
    from: &Waiting,
    limit: u32,
    lease: u64,
) -> Outcome<Vec<PushDelivery>> {
    let now = tx.now();
    let Some(settings) = tx.peek::<PushSettings>(&from.application)? else {
        return Ok(Ok(Vec::new()));
    };
    let range = due(&from.application, from.platform, now, limit.clamp(1, MAX_LIMIT));
    let (found, _) = tx.scan::<PushMessage>(range)?;
    for message in &found {
        tx.want::<PushMessage>(&message.id);
        tx.want::<PushDevice>(&message.activation);
        tx.want::<Activation>(&message.activation);
    }
    let leased_until = now.saturating_add(lease.max(1));
    let mut deliveries = Vec::with_capacity(found.len());
    for message in found {
        let Some(mut message) = tx.get::<PushMessage>(&message.id)? else {
            continue;
        };
        // The index may be stale.
        if message.state != EventState::Pending || message.due > now || message.platform != from.platform {
            continue;
        }
        match next(engine, tx, &settings, &message)? {
            Next::Send(mut delivery) => {
                message.attempts += 1;
                message.due = leased_until;
                delivery.attempt = message.attempts;
                delivery.leased_until = leased_until;
                deliveries.push(*delivery);
            }
            Next::GiveUp(why) => give_up(&mut message, why),
            Next::Move(platform) => message.platform = platform,
            Next::Wait => message.due = now.saturating_add(NO_CREDENTIALS),
        }
        tx.put(&message);
    }
    Ok(Ok(deliveries))
}

fn next(
    engine: &Engine,
    tx: &mut Tx<'_>,
    settings: &PushSettings,
    message: &PushMessage,
) -> Result<Next, EngineStop> {
    // What they were a moment ago does no harm: devices and activations change while a message is under way, too.
    let device = tx.peek::<PushDevice>(&message.activation)?;
    let activation = tx.peek::<Activation>(&message.activation)?;
    let valid_until = message.valid_until.unwrap_or(u64::MAX).min(message.expires);
    if valid_until <= tx.now() {
        return Ok(Next::GiveUp("too late"));
    }
    if message.attempts >= engine.config.event_attempts {
        return Ok(Next::GiveUp("tried too often"));
    }
    if activation.is_none_or(|it| it.status != ActivationStatus::Active) {
        return Ok(Next::GiveUp("the activation is not active"));
    }
    let Some((device, token)) = device.and_then(|mut it| it.token.take().map(|token| (it, token))) else {
        return Ok(Next::GiveUp("the device is not registered"));
    };
    if device.platform != message.platform {
        return Ok(Next::Move(device.platform));
    }
    let Some(credential) = open(engine, settings, device.platform, device.environment)? else {
        return Ok(Next::Wait);
    };
    Ok(Next::Send(Box::new(PushDelivery {
        message: message.id.clone(),
        application: message.application.clone(),
        activation: message.activation.clone(),
        token,
        credential,
        content: PushContent {
            silent: message.silent,
            title: message.title.clone(),
            message: message.message.clone(),
            sound: message.sound.clone(),
            extras: message.extras.clone(),
        },
        valid_until,
        attempt: 0,
        leased_until: 0,
    })))
}

/// Records what came of a delivery. Of a message, it says nothing once the lease is over and somebody else tries, unless
/// the message was delivered. A token that the platform does not know is forgotten, unless the device has registered since,
/// with another token or, where the platform says since when, with this one.
pub fn record(
    engine: &Engine,
    tx: &mut Tx<'_>,
    delivery: &PushDelivery,
    outcome: &PushOutcome,
) -> Outcome<AfterPush> {
    let now = tx.now();
    tx.want::<PushMessage>(&delivery.message);
    let forgotten = match *outcome {
        PushOutcome::TokenInvalid { since } => {
            push::forget(tx, &delivery.activation, &delivery.token, since)?
        }
        _ => false,
    };
    let Some(mut message) = tx.get::<PushMessage>(&delivery.message)? else {
        return Ok(Ok(AfterPush::Stale));
    };
    if matches!(outcome, PushOutcome::Delivered) {
        if message.state == EventState::Delivered {
            return Ok(Ok(AfterPush::Stale));
        }
        message.state = EventState::Delivered;
        message.reason = None;
        tx.put(&message);
        return Ok(Ok(AfterPush::Delivered));
    }
    if message.state != EventState::Pending || message.due != delivery.leased_until {
        return Ok(Ok(AfterPush::Stale));
    }
    let due = match *outcome {
        PushOutcome::Delivered | PushOutcome::Refused(_) => None,
        PushOutcome::TokenInvalid { .. } if forgotten => None,
        // There is another registration by now.
        PushOutcome::TokenInvalid { .. } => Some(now),
        PushOutcome::CredentialsRefused(_) => {
            message.attempts = message.attempts.saturating_sub(1);
            Some(now.saturating_add(NO_CREDENTIALS))
        }
        PushOutcome::Later { after, .. } => {
            let pause = pause(message.attempts);
            // Messages that failed together need not come back together.
            let mut random = [0; 4];
            tx.fill(&mut random)?;
            let jitter = u64::from(u32::from_be_bytes(random)) % (pause / 4).max(1);
            let pause = pause.max(after.unwrap_or(0)).saturating_add(jitter);
            Some(now.saturating_add(pause))
        }
    };
    let due = due.filter(|_| message.attempts < engine.config.event_attempts);
    let after = match due {
        None => {
            give_up(&mut message, outcome.word());
            AfterPush::GivenUp
        }
        Some(due) => {
            // The same moment would look like the lease that has just ended.
            message.due = if due == delivery.leased_until {
                due + 1
            } else {
                due
            };
            AfterPush::Again { due: message.due }
        }
    };
    tx.put(&message);
    Ok(Ok(after))
}

/// Messages that were leased until `leased_until` and not sent: they are due at once, and the attempt does not count.
/// Answers how many that was news about; looks at 200 at most.
pub fn released(_: &Engine, tx: &mut Tx<'_>, messages: &[String], leased_until: u64) -> Outcome<usize> {
    let now = tx.now();
    let limit = usize::try_from(MAX_LIMIT).unwrap_or(usize::MAX);
    let messages = || messages.iter().take(limit);
    for message in messages() {
        tx.want::<PushMessage>(message);
    }
    let mut released = 0;
    for message in messages() {
        let message = tx.get::<PushMessage>(message)?;
        let leased = |it: &PushMessage| it.state == EventState::Pending && it.due == leased_until;
        if let Some(mut message) = message.filter(leased) {
            message.attempts = message.attempts.saturating_sub(1);
            message.due = now.min(leased_until.saturating_sub(1));
            tx.put(&message);
            released += 1;
        }
    }
    Ok(Ok(released))
}

/// What is undelivered for applications and platforms with credentials, for people who watch. Reads only.
pub fn backlog(_: &Engine, tx: &mut Tx<'_>) -> Outcome<Backlog> {
    let mut pages = Vec::new();
    for (application, platform) in lanes(tx)? {
        pages.push(tx.scan::<PushMessage>(due(&application, platform, u64::MAX, COUNTED)));
    }
    let mut backlog = Backlog::default();
    for page in pages {
        for message in page?.0 {
            backlog.events += 1;
            backlog.oldest = Some(
                backlog
                    .oldest
                    .map_or(message.created, |it| it.min(message.created)),
            );
        }
    }
    Ok(Ok(backlog))
}

/// Messages of an application that were given up, newest first, at most `limit` (and 200). They are kept for
/// [`crate::engine::Config::event_retention`].
pub fn given_up(_: &Engine, tx: &mut Tx<'_>, application: &str, limit: u32) -> Outcome<Vec<PushMessage>> {
    let range = Range {
        newest_first: true,
        ..Range::all(PUSH_DEAD, application, limit.clamp(1, MAX_LIMIT))
    };
    Ok(Ok(tx.scan::<PushMessage>(range)?.0))
}

/// Applications with the platforms that they have credentials for.
fn lanes(tx: &mut Tx<'_>) -> Result<Vec<(String, Platform)>, EngineStop> {
    let holders = scan_all::<PushSettings>(tx, Range::all(PUSH_HOLDERS, "", MAX_LIMIT))?;
    let lanes = holders.into_iter().flat_map(|holder| {
        let platforms = holder.platforms().into_iter();
        platforms.map(move |platform| (holder.application.clone(), platform))
    });
    Ok(lanes.collect())
}

fn due(application: &str, platform: Platform, to: u64, limit: u32) -> Range {
    Range {
        to,
        ..Range::all(PUSH_DUE, queue(application, platform), limit)
    }
}

fn give_up(message: &mut PushMessage, why: &str) {
    message.state = EventState::Dead;
    message.reason = Some(why.to_owned());
}
