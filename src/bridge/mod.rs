//! What every language binding shares: a request goes in, steps and a reply come out as bytes.
//!
//! ```text
//!  host                      binding                    bridge                      core
//!   begin(request) ─────────▶ check arguments ────────▶ Call ─────────────────────▶ api::Api::call
//!   step(answer bytes) ─────▶ handle, panics ─────────▶ Call::step: decode, step, encode ─▶ machine
//!   kind, bytes ◀────────────────────────────────────── store::wire, or the reply
//! ```
//!
//! The C interface and the WebAssembly module add what their language needs (pointers, handles,
//! JavaScript errors) and nothing else; numbers and texts of errors come from [`code`] in both.
//!
//! The loop of a host, in full. Operations of one [`Call::lane`] should run one after the other.
//!
//! ```
//! use countersign::bridge::{self, Call, Settings};
//! use countersign::store::wire::{self, Asked, Kind};
//! use countersign::store::{EntropyError, Host};
//!
//! struct System;
//! impl Host for System {
//!     fn now(&self) -> u64 { 1_700_000_000_000 }
//!     fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> { out.fill(7); Ok(()) } // not random
//! }
//!
//! # fn answer_from_the_host(_: Kind, _: &[u8]) -> Vec<u8> { Vec::new() }
//! let api = bridge::open(&Settings { key_id: 1, key: &[7; 32], open: true })?;
//! let request = countersign::api::Request {
//!     method: "POST", path: "/rest/v3/status", query: None, headers: &[], body: b"{}", peer: None,
//! };
//! let mut call = Call::new(api.call(&request));
//! let mut answer: Option<Vec<u8>> = None;
//! let reply = loop {
//!     let (kind, message) = call.step(answer.as_deref(), &System)?;
//!     if kind == Kind::Reply {
//!         break message;
//!     }
//!     answer = Some(answer_from_the_host(kind, &message));
//! };
//! assert_eq!(bridge::Reply::read(&reply)?.status, 200);
//! # Ok::<(), bridge::Error>(())
//! ```

pub mod call;
pub mod code;
pub mod passed;
#[cfg(feature = "client")]
pub mod phone;
pub mod protocol;
pub mod reply;
pub mod request;
pub mod seeded;
pub mod settings;

pub use call::Call;
pub use code::{Code, Error};
pub use passed::Passed;
pub use reply::Reply;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::api::{Api, Family};
use crate::crypto::backend::{Backend, default_backend};
use crate::crypto::secret::Secret;
use crate::engine::{Config, Engine, Keyring, SealingKey};

/// What a binding needs to know to open an engine.
#[derive(Clone, Copy)]
pub struct Settings<'a> {
    /// Number of the sealing key, written into everything it seals.
    pub key_id: u32,
    /// The sealing key: 32 random bytes.
    pub key: &'a [u8],
    /// Whether the server API answers anybody. Closed, it needs credentials of an integration.
    pub open: bool,
}

impl std::fmt::Debug for Settings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { key_id, key: _, open } = self;
        f.debug_struct("Settings")
            .field("key_id", key_id)
            .field("open", open)
            .finish_non_exhaustive()
    }
}

/// Every API family behind one dispatcher.
///
/// # Errors
/// [`Code::Argument`] when the key has another length than 32 bytes.
pub fn open(settings: &Settings<'_>) -> Result<Api, Error> {
    open_with(settings, &[], settings::read("{}")?, default_backend())
}

/// As [`open`], with older sealing keys (number and 32 bytes) that still open what they have sealed, other settings of the
/// engine, and another provider of P-256.
///
/// # Errors
/// As [`open`]; also when two keys have one number.
pub fn open_with(
    settings: &Settings<'_>,
    older: &[(u32, &[u8])],
    (config, families): (Config, Vec<Family>),
    backend: &'static dyn Backend,
) -> Result<Api, Error> {
    let sealing_key = |id: u32, key: &[u8]| {
        let key = Secret::from_slice(key);
        let key = key.ok_or_else(|| Error::new(Code::Argument, "a sealing key needs 32 bytes"))?;
        Ok(SealingKey { id, key })
    };
    let mut numbers = BTreeSet::from([settings.key_id]);
    if !older.iter().all(|(id, _)| numbers.insert(*id)) {
        return Err(Error::new(Code::Argument, "two sealing keys have one number"));
    }
    let older: Result<Vec<_>, Error> = older.iter().map(|(id, key)| sealing_key(*id, key)).collect();
    let engine = Engine {
        config,
        keyring: Keyring::new(sealing_key(settings.key_id, settings.key)?, older?),
        backend,
    };
    let api = Api::with_families(Arc::new(engine), &families);
    Ok(if settings.open { api.open_to_anybody() } else { api })
}

/// Where in a JSON text of the caller something is wrong, without a word of it.
pub(crate) fn unreadable(what: &str, error: &serde_json::Error) -> Error {
    let detail = match error.classify() {
        serde_json::error::Category::Data => "a member is missing, unknown or of another type",
        _ => "this is not JSON",
    };
    let (line, column) = (error.line(), error.column());
    Error::new(
        Code::Argument,
        format!("{what}: {detail} (line {line}, column {column})"),
    )
}
