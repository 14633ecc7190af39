//! Callback URLs of an application and the outbox of their events.

use minicbor::{Decode, Encode};

use super::codec::entity;
use crate::store::{Collection, Index, IndexEntry};

/// Collection of [`Callbacks`].
pub const CALLBACKS: Collection = Collection("callbacks");
/// Collection of [`CallbackEvent`].
pub const EVENT: Collection = Collection("event");
/// All [`Callbacks`], under the empty value.
pub const CALLBACK_HOLDERS: Index = Index("callback_holders");
/// Events waiting for delivery to a URL, by due time.
pub const EVENT_DUE: Index = Index("event_due");
/// Events for a URL that were given up, by creation.
pub const EVENT_DEAD: Index = Index("event_dead");

/// What a callback URL wants to hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum CallbackType {
    /// `ACTIVATION_STATUS_CHANGE`
    #[n(0)]
    ActivationStatusChange,
    /// `OPERATION_STATUS_CHANGE`
    #[n(1)]
    OperationStatusChange,
}

/// All callback URLs of one application, in one record, so that the change that causes an event
/// reads them by key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Callbacks {
    /// The application.
    #[n(0)]
    pub application: String,
    /// Its URLs, ordered by name.
    #[n(1)]
    pub urls: Vec<CallbackUrl>,
    /// Ids of removed URLs for which events may still wait; they are given up.
    #[cbor(n(2), default)]
    pub removed: Vec<String>,
}

entity!(Callbacks, CALLBACKS,
    id: |it| it.application.clone(),
    entries: |_| vec![IndexEntry { index: CALLBACK_HOLDERS, value: Vec::new(), sort: 0 }]);

/// One URL.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CallbackUrl {
    /// UUID.
    #[n(0)]
    pub id: String,
    /// Its type, immutable.
    #[n(1)]
    pub kind: CallbackType,
    /// Displayed name.
    #[n(2)]
    pub name: String,
    /// Where to.
    #[n(3)]
    pub url: String,
    /// Names of the members to send.
    #[n(4)]
    pub attributes: Vec<String>,
    /// Sealed JSON of the authentication settings; empty for none.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub authentication: Vec<u8>,
}

/// State of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum EventState {
    /// Waits for its due time.
    #[n(0)]
    Pending,
    /// The receiver took it.
    #[n(1)]
    Delivered,
    /// Given up.
    #[n(2)]
    Dead,
}

/// An event to be delivered to one URL, written with the change that causes it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CallbackEvent {
    /// UUID; also the idempotency key.
    #[n(0)]
    pub id: String,
    /// The application.
    #[n(1)]
    pub application: String,
    /// The URL's id.
    #[n(2)]
    pub url: String,
    /// JSON body.
    #[n(3)]
    pub body: String,
    /// Creation.
    #[n(4)]
    pub created: u64,
    /// Next attempt.
    #[n(5)]
    pub due: u64,
    /// Attempts so far.
    #[n(6)]
    pub attempts: u32,
    /// State.
    #[n(7)]
    pub state: EventState,
    /// When a finished event may vanish.
    #[n(8)]
    pub retained_until: Option<u64>,
}

entity!(CallbackEvent, EVENT,
    id: |it| it.id.clone(),
    entries: |it| {
        let entry = |index, sort| vec![IndexEntry { index, value: it.url.as_bytes().to_vec(), sort }];
        match it.state {
            EventState::Pending => entry(EVENT_DUE, it.due),
            EventState::Delivered => Vec::new(),
            EventState::Dead => entry(EVENT_DEAD, it.created),
        }
    },
    expires_at: |it| it.retained_until);
