//! Push messages that wait for delivery: one record per device, written when the message is accepted.
//!
//! ```text
//!              lease                      delivered
//!  waiting ─────────────▶ leased ──────────────────────▶ delivered
//!     ▲                     │ failed, or the lease ran out
//!     └─────────────────────┴──── last attempt ─────────▶ dead
//! ```

use minicbor::{Decode, Encode};

use super::callback::EventState;
use super::codec::entity;
use super::push::Platform;
use crate::store::{Collection, Index, IndexEntry};

/// Collection of [`PushMessage`].
pub const PUSH_MESSAGE: Collection = Collection("push_message");
/// Messages of an application waiting for delivery by a platform, by due time; see [`queue`].
pub const PUSH_DUE: Index = Index("push_message_due");
/// Messages of an application that were given up, by creation.
pub const PUSH_DEAD: Index = Index("push_message_dead");

/// A message for one device.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct PushMessage {
    /// UUID; also the idempotency key.
    #[n(0)]
    pub id: String,
    /// The application.
    #[n(1)]
    pub application: String,
    /// The activation whose device gets it; its token is looked up when the message is sent.
    #[n(2)]
    pub activation: String,
    /// Who delivers.
    #[n(3)]
    pub platform: Platform,
    /// Whether nothing is displayed.
    #[n(4)]
    pub silent: bool,
    /// Title, at most 255 characters.
    #[n(5)]
    pub title: Option<String>,
    /// Text, at most 4,000 characters.
    #[n(6)]
    pub message: Option<String>,
    /// Name of a sound; the platform's own when absent.
    #[n(7)]
    pub sound: Option<String>,
    /// JSON object for the app, at most 3 KiB.
    #[n(8)]
    pub extras: Option<String>,
    /// Creation.
    #[n(9)]
    pub created: u64,
    /// Next attempt.
    #[n(10)]
    pub due: u64,
    /// Attempts so far.
    #[n(11)]
    pub attempts: u32,
    /// State.
    #[n(12)]
    pub state: EventState,
    /// From then on nobody wants it any more, delivered or not.
    #[n(13)]
    pub expires: u64,
    /// From then on it is not sent any more; until [`PushMessage::expires`] when absent.
    #[n(14)]
    pub valid_until: Option<u64>,
    /// Why it was given up: a word of the platform's or of ours, for operators.
    #[n(15)]
    pub reason: Option<String>,
}

entity!(PushMessage, PUSH_MESSAGE,
id: |it| it.id.clone(),
entries: |it| match it.state {
    EventState::Pending => {
        vec![IndexEntry { index: PUSH_DUE, value: queue(&it.application, it.platform), sort: it.due }]
    }
    EventState::Delivered => Vec::new(),
    EventState::Dead => {
        vec![IndexEntry { index: PUSH_DEAD, value: it.application.as_bytes().to_vec(), sort: it.created }]
    }
},
expires_at: |it| Some(it.expires));

/// Value of [`PUSH_DUE`] for a platform and an application: one that nobody can deliver for holds up no other.
pub fn queue(application: &str, platform: Platform) -> Vec<u8> {
    format!("{}/{application}", platform.name()).into_bytes()
}

impl std::fmt::Debug for PushMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PushMessage")
            .field("id", &self.id)
            .field("platform", &self.platform)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::codec;
    use crate::store::Entity;

    #[test]
    fn bodies_are_frozen() {
        let mut message = PushMessage {
            id: "i".to_owned(),
            application: "b".to_owned(),
            activation: "a".to_owned(),
            platform: Platform::Fcm,
            silent: false,
            title: Some("canary".to_owned()),
            message: Some("m".to_owned()),
            sound: None,
            extras: Some("{}".to_owned()),
            created: 1,
            due: 2,
            attempts: 3,
            state: EventState::Pending,
            expires: 4,
            valid_until: None,
            reason: None,
        };
        let body = b"\x01\x8e\x61i\x61b\x61a\x01\xf4\x66canary\x61m\xf6\x62{}\x01\x02\x03\x00\x04";
        assert_eq!(codec::encode(&message), body);
        assert_eq!(codec::decode(body), Ok(message.clone()));
        assert!(!format!("{message:?}").contains("canary"));
        assert_eq!(message.entries().len(), 1);
        message.state = EventState::Delivered;
        assert_eq!(message.entries(), []);
        message.state = EventState::Dead;
        message.valid_until = Some(5);
        message.reason = Some("r".to_owned());
        let body = b"\x01\x90\x61i\x61b\x61a\x01\xf4\x66canary\x61m\xf6\x62{}\x01\x02\x03\x02\x04\x05\x61r";
        assert_eq!(codec::encode(&message), body);
        assert_eq!(codec::decode(body), Ok(message.clone()));
        assert_eq!(message.entries()[0].index, PUSH_DEAD);
    }
}
