//! The contract of a [`Store`], as tests that any implementation can run.
//!
//! Each case is a function over an empty store and answers what is wrong instead of panicking, so
//! that adapters in other languages can run it through their binding:
//!
//! ```
//! use countersign::store::{MemoryStore, conformance};
//!
//! let cases = conformance::run(MemoryStore::new)?;
//! assert!(cases > 30);
//! # Ok::<(), conformance::Violation>(())
//! ```
//!
//! [`run`] blocks the calling thread while it waits. A store whose futures need the executor of the
//! same thread runs [`run_async`] there instead; only the case with threads is left out.
//!
//! The suite expects a quiet store: nobody else writes to it, and no purge runs but its own. It takes
//! for granted that a scan sees the commits before it, which the contract does not promise on a busy
//! system.

mod expiry;
mod faults;
mod kit;
mod model;
mod races;
mod records;
mod scans;
mod writes;

use std::future::Future;

pub use expiry::{
    dropped_records_are_absent, nothing_vanishes_early, purges_are_bounded, puts_move_the_expiry,
};
pub use faults::{Tally, atomic_under_faults};
pub use model::random_histories_agree;
#[cfg(not(target_family = "wasm"))]
pub use races::increments_from_threads_all_count;
pub use races::{
    increments_all_count, one_append_wins, one_put_wins, overlapping_batches_end,
    skewed_writes_exclude_each_other, strangers_all_win,
};
pub use records::{
    answers_follow_queries, bodies_are_opaque, collections_are_separate, identifiers_are_exact,
    walks_list_a_collection,
};
pub use scans::{
    cursors_are_places, indexes_belong_to_collections, pages_end, ranges_include_both_ends,
    records_may_have_several_entries, scans_are_ordered, scans_follow_updates, the_largest_page_is_served,
    values_are_exact,
};
pub use writes::{
    appends_insert_once, big_batches_are_whole, checks_only_look, conflicts_list_current_records,
    entries_keep_or_set, put_creates, put_needs_the_revision, refused_batches_leave_nothing,
    resent_batches_recognise_themselves, revisions_are_opaque,
};

use super::port::{Fut, Store};

/// One test of the contract.
#[derive(Clone, Copy)]
pub struct Case {
    /// What it is about, in snake case.
    pub name: &'static str,
    /// Runs it over an empty store; answers what is wrong.
    pub run: for<'a> fn(&'a dyn Store) -> Fut<'a, Result<(), String>>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Case").field(&self.name).finish()
    }
}

/// A store breaks the contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{case}: {detail}")]
pub struct Violation {
    /// Name of the case.
    pub case: &'static str,
    /// What it found.
    pub detail: String,
}

macro_rules! cases {
    ($($case:ident),+ $(,)?) => {
        /// All cases but the one with threads.
        pub const CASES: &[Case] = &[$(Case {
            name: stringify!($case),
            run: |store| Box::pin($case(store)),
        }),+];
    };
}

cases![
    put_creates,
    put_needs_the_revision,
    revisions_are_opaque,
    checks_only_look,
    refused_batches_leave_nothing,
    appends_insert_once,
    conflicts_list_current_records,
    resent_batches_recognise_themselves,
    entries_keep_or_set,
    bodies_are_opaque,
    identifiers_are_exact,
    collections_are_separate,
    walks_list_a_collection,
    big_batches_are_whole,
    answers_follow_queries,
    scans_are_ordered,
    values_are_exact,
    ranges_include_both_ends,
    pages_end,
    cursors_are_places,
    records_may_have_several_entries,
    indexes_belong_to_collections,
    scans_follow_updates,
    the_largest_page_is_served,
    nothing_vanishes_early,
    purges_are_bounded,
    puts_move_the_expiry,
    dropped_records_are_absent,
    one_put_wins,
    one_append_wins,
    strangers_all_win,
    skewed_writes_exclude_each_other,
    overlapping_batches_end,
    increments_all_count,
    random_histories_agree,
];

/// Runs every case, each over a fresh store from `make`; answers how many.
///
/// # Errors
/// The first case that fails.
pub async fn run_async<S, F>(make: impl Fn() -> F) -> Result<usize, Violation>
where
    S: Store,
    F: Future<Output = S>,
{
    for case in CASES {
        let store = make().await;
        (case.run)(&store).await.map_err(|detail| Violation {
            case: case.name,
            detail,
        })?;
    }
    Ok(CASES.len())
}

/// Runs every case, each over a fresh store from `make`, blocking the thread; answers how many.
///
/// # Errors
/// The first case that fails.
#[cfg(not(target_family = "wasm"))]
pub fn run<S: Store>(make: impl Fn() -> S) -> Result<usize, Violation> {
    let count = wait(run_async(|| std::future::ready(make())))?;
    increments_from_threads_all_count(&make()).map_err(|detail| Violation {
        case: "increments_from_threads_all_count",
        detail,
    })?;
    Ok(count + 1)
}

/// Blocks the thread until `future` is done.
#[cfg(not(target_family = "wasm"))]
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = std::task::Waker::from(std::sync::Arc::new(Unpark(std::thread::current())));
    let mut context = std::task::Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(value) => return value,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}
