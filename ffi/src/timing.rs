//! How much of a call is spent inside: what the packages around the library subtract to know their own part (feature
//! `test-hooks`).

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

static INSIDE: AtomicU64 = AtomicU64::new(0);

/// Runs `body` and counts its time.
pub(crate) fn counted<T>(body: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let value = body();
    let spent = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
    INSIDE.fetch_add(spent, Ordering::Relaxed);
    value
}

/// Nanoseconds that all threads have spent inside the exported functions since the last call of this one.
#[unsafe(no_mangle)]
pub extern "C" fn cs_test_inside() -> u64 {
    INSIDE.swap(0, Ordering::Relaxed)
}
