//! Who is logged in. Sessions live in the memory of this process: a restart ends them all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use countersign::crypto::encoding::base64url;
use countersign::crypto::symmetric::sha256;
use countersign::store::{EntropyError, Host};

/// Milliseconds without anything that a person did.
pub(super) const IDLE: u64 = 30 * 60_000;
/// Milliseconds in all.
pub(super) const ABSOLUTE: u64 = 8 * 3_600_000;
/// Sessions at the same time; one more ends the one that was idle for the longest time.
pub(super) const MOST: usize = 32;

/// Open sessions, by the hash of what the cookie holds.
pub(super) struct Sessions {
    host: Arc<dyn Host>,
    open: Mutex<HashMap<[u8; 32], Session>>,
}

struct Session {
    user: String,
    csrf: String,
    created: u64,
    used: u64,
}

/// What a new session is told, once.
pub(super) struct Opened {
    /// For the cookie.
    pub(super) id: String,
    /// For the page.
    pub(super) csrf: String,
}

/// Who asks.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    pub(super) user: String,
    pub(super) csrf: String,
}

impl Visitor {
    /// Whether `given` is the session's token against requests that other pages forge.
    pub(super) fn has_token(&self, given: &[u8]) -> bool {
        verify_slices_are_equal(self.csrf.as_bytes(), given).is_ok()
    }
}

/// Whether a request shows that somebody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// A person did something.
    Person,
    /// The page asks by itself, which must not keep a session alive.
    Page,
}

impl Session {
    fn over(&self, now: u64) -> bool {
        // A clock that was set back ends nothing early and prolongs nothing: both ends are moments.
        now >= self.created.saturating_add(ABSOLUTE) || now >= self.used.saturating_add(IDLE)
    }
}

impl Sessions {
    pub(super) fn new(host: Arc<dyn Host>) -> Self {
        Self {
            host,
            open: Mutex::default(),
        }
    }

    /// Opens a session for a user whose secret was right.
    pub(super) fn open(&self, user: &str) -> Result<Opened, EntropyError> {
        let (id, csrf) = (self.secret()?, self.secret()?);
        let now = self.host.now();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, session| !session.over(now));
        if open.len() >= MOST
            && let Some(idlest) = open.iter().min_by_key(|(_, it)| it.used).map(|(id, _)| *id)
        {
            open.remove(&idlest);
        }
        let session = Session {
            user: user.to_owned(),
            csrf: csrf.clone(),
            created: now,
            used: now,
        };
        open.insert(sha256(&[id.as_bytes()]), session);
        Ok(Opened { id, csrf })
    }

    /// Whose session it is; none when there is no such one, or it is over.
    pub(super) fn find(&self, id: &str, presence: Presence) -> Option<Visitor> {
        let now = self.host.now();
        let key = sha256(&[id.as_bytes()]);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let session = open.get_mut(&key)?;
        if session.over(now) {
            open.remove(&key);
            return None;
        }
        if presence == Presence::Person {
            session.used = session.used.max(now);
        }
        Some(Visitor {
            user: session.user.clone(),
            csrf: session.csrf.clone(),
        })
    }

    /// Ends a session.
    pub(super) fn close(&self, id: &str) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&sha256(&[id.as_bytes()]));
    }

    /// 256 random bits, 43 characters.
    fn secret(&self) -> Result<String, EntropyError> {
        let mut bytes = [0; 32];
        self.host.fill(&mut bytes)?;
        Ok(base64url::encode(&bytes))
    }
}
