//! Delivery of push messages: what is due under a lease, what it looks like for its platform, and what an outcome means.
//! Nothing here connects to anything: that is a [`PushSender`] of the host's.
//!
//! ```text
//!              lease                      Delivered
//!  waiting ─────────────▶ leased ──────────────────────────────▶ delivered
//!     ▲                     │ Later, CredentialsRefused, or the lease ran out
//!     ├─────────────────────┤
//!     │                     │ Refused, last attempt, too late
//!     │                     ├──────────────────────────────────▶ dead
//!     │  token replaced     │ TokenInvalid: the registration goes
//!     └─────────────────────┴──────────────────────────────────▶ dead
//! ```
//!
//! | file | holds |
//! |---|---|
//! | [`credentials`], `check` | what administrators set up: keys for Apple, service accounts for Google |
//! | [`outbox`] | leases, retries and the end of messages |
//! | [`apns`], [`fcm`] | requests of the two platforms, and what their answers mean |
//! | `key` | private keys as the platforms hand them out |
//!
//! What a host does, again and again; each application and platform by itself:
//!
//! ```text
//! for waiting in waiting():                        whoever waits longest comes first
//!   for delivery in lease(waiting, 64, 60_000):    nobody else has them for a minute
//!     outcome = sender.send(delivery)              within the lease
//!     record(delivery, outcome)                    released(…) for what was not sent
//!     outcome.concerns_all(): leave this application and platform alone for a while
//! ```
//!
//! Delivery is at least once. A message keeps its id, whoever sends it and however often ([`PushDelivery::message`]): Apple
//! gets it as `apns-id` and `apns-collapse-id`, Google as `tag` of what is shown and as `messageId` of the data, so that a
//! device shows a repetition in place of the first and never next to it.

pub mod apns;
mod check;
pub mod credentials;
pub mod fcm;
mod key;
pub mod outbox;

pub use credentials::Credential;
use jiff::fmt::rfc2822::DateTimeParser;

use crate::store::Fut;

/// Longest payload that either platform takes, in bytes.
pub const MAX_PAYLOAD: usize = 4_096;
/// No answer is believed that asks for a longer pause, in milliseconds.
const LONGEST_PAUSE: u64 = 24 * 3_600_000;

/// Sends push messages: the host's part, with sockets and time-outs.
///
/// [`apns`] and [`fcm`] say what has to be sent and what an answer means; a sender may as well hand the message to a service
/// of its own.
pub trait PushSender: Send + Sync {
    /// Sends one message and tells what came of it. It must end within the lease ([`PushDelivery::leased_until`]).
    fn send<'a>(&'a self, delivery: &'a PushDelivery) -> Fut<'a, PushOutcome>;
}

/// A message for a device, leased.
#[derive(Clone)]
pub struct PushDelivery {
    /// UUID of the message: the idempotency key, the same at each attempt.
    pub message: String,
    /// Its application.
    pub application: String,
    /// The activation whose device gets it.
    pub activation: String,
    /// The platform's name of the device, 1 to 1,024 characters. It does not belong in logs.
    pub token: String,
    /// How to authenticate.
    pub credential: Credential,
    /// What is sent.
    pub content: PushContent,
    /// From then on nobody wants it any more, in milliseconds since the epoch.
    pub valid_until: u64,
    /// Number of this attempt, from 1.
    pub attempt: u32,
    /// End of the lease, in milliseconds since the epoch.
    pub leased_until: u64,
}

/// What a message says. Its texts do not belong in logs.
#[derive(Clone, Default)]
pub struct PushContent {
    /// Whether nothing is displayed.
    pub silent: bool,
    /// Title.
    pub title: Option<String>,
    /// Text.
    pub message: Option<String>,
    /// Name of a sound; the platform's own when absent.
    pub sound: Option<String>,
    /// JSON object for the app.
    pub extras: Option<String>,
}

impl std::fmt::Debug for PushDelivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PushDelivery")
            .field("message", &self.message)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PushContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PushContent")
            .field("silent", &self.silent)
            .finish_non_exhaustive()
    }
}

impl PushContent {
    /// The extras; none of them when they are no object.
    fn extras(&self) -> serde_json::Map<String, serde_json::Value> {
        let extras = self.extras.as_deref().unwrap_or("{}");
        serde_json::from_str(extras).unwrap_or_default()
    }
}

/// What came of sending a message. The words are for logs and operators: they never come from an answer, only from lists
/// of known ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushOutcome {
    /// The platform took it.
    Delivered,
    /// Not now.
    Later {
        /// For how many milliseconds the platform asked.
        after: Option<u64>,
        /// Whether others would fail, too: the platform is in trouble, or has had enough of this application.
        all: bool,
        /// Why.
        why: &'static str,
    },
    /// The platform does not know the device any more.
    TokenInvalid {
        /// Since when, in milliseconds since the epoch, where the platform says it.
        since: Option<u64>,
    },
    /// The application's credentials are refused. The message has to wait until they are set right.
    CredentialsRefused(
        /// Why.
        &'static str,
    ),
    /// This message will never be taken.
    Refused(
        /// Why.
        &'static str,
    ),
}

impl PushOutcome {
    /// Whether other messages of the application to the same platform would fail, too.
    pub fn concerns_all(&self) -> bool {
        matches!(self, Self::Later { all: true, .. } | Self::CredentialsRefused(_))
    }

    /// A word about it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::TokenInvalid { .. } => "the device is not registered",
            Self::Later { why, .. } | Self::CredentialsRefused(why) | Self::Refused(why) => why,
        }
    }
}

/// What an answer of a platform means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// That is the outcome.
    Outcome(PushOutcome),
    /// Our token is too old, or was withdrawn: the message may be sent again at once with a new one. The outcome is
    /// [`PushOutcome::CredentialsRefused`] when that is refused as well.
    RenewToken(
        /// Why.
        &'static str,
    ),
}

/// Milliseconds that a header `Retry-After` asks for (RFC 9110, 10.2.3: seconds, or a date); at most a day, none for what
/// cannot be read.
pub fn retry_after(header: &str, now: u64) -> Option<u64> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = header.parse::<u64>().unwrap_or(u64::MAX);
        return Some(seconds.saturating_mul(1_000).min(LONGEST_PAUSE));
    }
    let date = DateTimeParser::new().parse_timestamp(header).ok()?;
    let date = u64::try_from(date.as_millisecond()).ok()?;
    Some(date.saturating_sub(now).min(LONGEST_PAUSE))
}

/// The word of a list that is equal to `found`, or `other`.
fn known(list: &'static [&'static str], found: Option<&str>, other: &'static str) -> &'static str {
    let mut list = list.iter().copied();
    list.find(|it| Some(*it) == found).unwrap_or(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_that_are_asked_for() {
        let now = 784_111_770_000;
        for (header, expected) in [
            ("0", Some(0)),
            (" 120 ", Some(120_000)),
            ("99999999999999999999999", Some(LONGEST_PAUSE)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(7_000)),
            ("Tue, 06 Nov 1984 08:49:37 GMT", Some(0)),
            ("Sat, 06 Nov 2094 08:49:37 GMT", Some(LONGEST_PAUSE)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("Mon, 06 Nov 1994 08:49:37 GMT", None),
        ] {
            assert_eq!(retry_after(header, now), expected, "{header:?}");
        }
    }
}
