//! How often somebody may try to log in.
//!
//! Secrets have 256 bits, so that nobody guesses one; this bounds what guessing costs us, and what an operator's own weak
//! secret would be exposed to.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use countersign::store::Host;

use crate::proxies;

/// Milliseconds in which attempts are counted.
pub(super) const WINDOW: u64 = 10 * 60_000;
/// Wrong ones of one address in that time.
pub(super) const PER_ADDRESS: u32 = 10;
/// Wrong ones of everybody in that time.
pub(super) const IN_ALL: u32 = 200;

/// Wrong attempts, by address.
pub(super) struct Attempts {
    host: Arc<dyn Host>,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    /// Beginning of the window.
    since: u64,
    all: u32,
    /// At most [`IN_ALL`] entries, because each took an attempt.
    by_address: HashMap<IpAddr, u32>,
}

impl Attempts {
    pub(super) fn new(host: Arc<dyn Host>) -> Self {
        Self {
            host,
            counts: Mutex::default(),
        }
    }

    /// Counts an attempt before it is looked at, so that parallel ones count, too. Answers the seconds to wait when there
    /// were too many.
    pub(super) fn begin(&self, address: IpAddr) -> Result<(), u64> {
        let (now, customer) = (self.host.now(), proxies::customer(address));
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if now.abs_diff(counts.since) >= WINDOW {
            *counts = Counts {
                since: now,
                ..Counts::default()
            };
        }
        let wait = counts.since.saturating_add(WINDOW).saturating_sub(now) / 1_000 + 1;
        let own = counts.by_address.get(&customer).copied().unwrap_or(0);
        if counts.all >= IN_ALL || own >= PER_ADDRESS {
            return Err(wait);
        }
        counts.all += 1;
        counts.by_address.insert(customer, own + 1);
        Ok(())
    }

    /// The attempt was right: it does not count.
    pub(super) fn right(&self, address: IpAddr) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.all = counts.all.saturating_sub(1);
        if let Some(own) = counts.by_address.get_mut(&proxies::customer(address)) {
            *own = own.saturating_sub(1);
        }
    }
}
