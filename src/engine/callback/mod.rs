//! Callback URLs and the outbox of their events (part 1, section 14; part 2, section 11.1).
//!
//! An event is a record in the batch of the change that causes it: there is one exactly when the
//! change is committed. A worker of the host delivers it.
//!
//! | file | holds |
//! |---|---|
//! | `emit` | which changes cause events, and what is in them |
//! | [`url`] | management of the URLs |
//! | [`authentication`] | how a delivery authenticates itself |
//! | [`outbox`] | leases, retries and the end of events |
//! | [`again`] | events that were given up, sent once more |
//! | [`target`], [`request`] | the HTTP request of a delivery, and what its answer means |
//! | [`reach`] | which receivers may be connected to |

pub mod again;
pub mod authentication;
mod emit;
pub mod oauth2;
pub mod outbox;
pub mod reach;
pub mod request;
pub mod target;
pub mod url;

pub(crate) use emit::{activation_changed, operation_changed, writes};
