//! Bugs that tests plant on purpose, to see that they would be found.
//!
//! A test that never failed proves little. With the feature `simulation`, [`with`] switches one bug
//! on for the current thread while a closure runs; the code concerned asks [`is`]. Without the
//! feature that question is the constant `false` and nothing of it remains in the program.
//!
//! To plant another one: add a variant, ask for it at the place where the mistake would be made, and
//! let a simulation show that it breaks an invariant.

#![cfg_attr(
    not(feature = "simulation"),
    allow(unreachable_pub, dead_code, reason = "public for tests only")
)]

/// A bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Planted {
    /// Store: a put does not look at the revision it expects.
    LostUpdate,
    /// Store: an append does not look whether the record exists.
    AppendOverwrites,
    /// Store: a refused batch leaves the writes before the one that failed.
    TornBatch,
    /// Store: the entries of the revision before stay in the index.
    StaleEntries,
    /// Store: records are dropped before they expire.
    EarlyPurge,
    /// Simulated store: "applied" is answered before the batch is applied.
    AnswerBeforeCommit,
    /// Machine: records that were only consulted are not checked.
    DroppedCheck,
    /// Machine: what was decided by records from memory is answered without reading them.
    TrustedMemory,
    /// Machine: a batch does not expect the revisions of records from memory that were only looked at.
    UncheckedMemory,
    /// Machine: a lost answer is taken for a success.
    UnknownAsApplied,
    /// Machine: a lost answer is taken for a failure, and the decision runs again.
    UnknownAsRefused,
    /// Machine: a batch is sent again under another revision.
    FreshRevisionOnResend,
    /// Machine: a refused resend counts as a conflict without looking for the append.
    SkippedProof,
    /// Machine: batches without an append of their own carry no receipt.
    NoReceipt,
}

#[cfg(feature = "simulation")]
impl Planted {
    /// The bugs of the store and of the machine.
    pub const STORE: &[Self] = &[
        Self::LostUpdate,
        Self::AppendOverwrites,
        Self::TornBatch,
        Self::StaleEntries,
        Self::EarlyPurge,
        Self::AnswerBeforeCommit,
        Self::DroppedCheck,
        Self::TrustedMemory,
        Self::UncheckedMemory,
        Self::UnknownAsApplied,
        Self::UnknownAsRefused,
        Self::FreshRevisionOnResend,
        Self::SkippedProof,
        Self::NoReceipt,
    ];
}

#[cfg(feature = "simulation")]
thread_local! {
    static PLANTED: std::cell::Cell<Option<Planted>> = const { std::cell::Cell::new(None) };
}

/// Whether `bug` is planted in the current thread.
#[cfg(feature = "simulation")]
pub fn is(bug: Planted) -> bool {
    PLANTED.get() == Some(bug)
}

/// Whether `bug` is planted in the current thread: never in this build.
#[cfg(not(feature = "simulation"))]
#[inline(always)]
pub const fn is(_: Planted) -> bool {
    false
}

/// Runs `body` with `bug` planted in the current thread. Afterwards, also when `body` panics, the
/// thread is as before.
#[cfg(feature = "simulation")]
pub fn with<R>(bug: Planted, body: impl FnOnce() -> R) -> R {
    struct Restore(Option<Planted>);
    impl Drop for Restore {
        fn drop(&mut self) {
            PLANTED.set(self.0);
        }
    }
    let _restore = Restore(PLANTED.replace(Some(bug)));
    body()
}
