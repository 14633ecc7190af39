//! Values that are accepted once inside their window and never outside it (protocol, section 4.8).
//!
//! Unlike the reference, which forgets a value after a minute but accepts any old timestamp, the
//! window is closed at both ends, and a value is kept until its timestamp is refused anyway.

use super::{Engine, EngineStop, ErrorCode};
use crate::crypto::ecies::{Request, replay_identifier};
use crate::crypto::version::ProtocolVersion;
use crate::model::replay::Seen;
use crate::store::{Halt, Tx};

/// Margin for clocks that are set back, in milliseconds.
const MARGIN: u64 = 60_000;

/// How far a timestamp may be off, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) back: u64,
    pub(crate) forward: u64,
}

/// Accepts the value once, or refuses with ERR0024. The caller's batch records it. `look` finds out whether it was seen: by a
/// read, or, where what accepts it is always committed, by the commit.
pub(crate) fn accept_once(
    tx: &mut Tx<'_>,
    look: impl FnOnce(&mut Tx<'_>, &str) -> Result<Option<Seen>, Halt>,
    value: String,
    timestamp: u64,
    window: Window,
) -> Result<(), EngineStop> {
    let now = tx.now();
    let late = timestamp < now.saturating_sub(window.back);
    let early = timestamp > now.saturating_add(window.forward);
    if late || early || look(tx, &value)?.is_some() {
        return Err(ErrorCode::InvalidRequest.into());
    }
    let expires = timestamp
        .max(now)
        .saturating_add(window.back)
        .saturating_add(MARGIN);
    tx.put(&Seen { value, expires });
    Ok(())
}

/// The replay check of an encrypted request; those of 3.0 and 3.1 carry no timestamp and have none.
pub(crate) fn accept_envelope(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &Request,
    activation: Option<&str>,
) -> Result<(), EngineStop> {
    let (Some(nonce), Some(timestamp)) = (&request.nonce, request.timestamp) else {
        return Ok(());
    };
    let value = replay_identifier(&request.ephemeral_key, nonce, activation.unwrap_or_default());
    let window = Window {
        back: engine.config.request_window,
        forward: engine.config.request_window,
    };
    accept_once(tx, |tx, id| tx.get(id), value, timestamp, window)
}

/// The same for the parts of a request that somebody else opens. Without a timestamp nothing is
/// remembered: of the versions that have one, the request then does not open.
pub(crate) fn accept_parts(
    engine: &Engine,
    tx: &mut Tx<'_>,
    version: ProtocolVersion,
    parts: (&[u8], &[u8]),
    timestamp: Option<u64>,
    activation: Option<&str>,
) -> Result<(), EngineStop> {
    let Some(timestamp) = timestamp else {
        return Ok(());
    };
    let (ephemeral_key, nonce) = parts;
    let value = replay_identifier(ephemeral_key, nonce, activation.unwrap_or_default());
    let off = forward_window(engine, version);
    let window = Window {
        back: off,
        forward: off,
    };
    accept_once(tx, |tx, id| tx.get(id), value, timestamp, window)
}

/// How far ahead a request of `version` may be.
pub(crate) fn forward_window(engine: &Engine, version: ProtocolVersion) -> u64 {
    if version.has_timestamp() {
        engine.config.request_window
    } else {
        engine.config.request_window_extended
    }
}
