//! What tests in other languages need to plant: panics, and randomness that repeats. Never in a release.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use countersign_core::bridge::Code;
use countersign_core::bridge::seeded::Seeded;
use countersign_core::crypto::random::Random;

use crate::guard;
use crate::raw;
use crate::types::cs_slice;

static ARMED: AtomicBool = AtomicBool::new(false);
static PLANTED: Mutex<String> = Mutex::new(String::new());
static DICE: Mutex<Option<Seeded>> = Mutex::new(None);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on the exported function with this name (of C or of Java) panics inside, in every thread; with an empty
/// name none does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_test_panic(function: cs_slice) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let name = unsafe { raw::text(&function, "function") }?;
        name.clone_into(&mut lock(&PLANTED));
        ARMED.store(!name.is_empty(), Ordering::SeqCst);
        Ok(())
    })
}

/// Panics when `body`, the name of a closure's type, belongs to the planted function.
pub(crate) fn panic_in(body: &'static str) {
    if ARMED.load(Ordering::SeqCst) {
        let planted = lock(&PLANTED).clone();
        assert!(body.split("::").all(|part| part != planted), "planted");
    }
}

/// From now on the engines of the process draw the bytes of this seed, and those opened from now on use the provider of
/// P-256 that has no randomness of its own. 0: the system's randomness again.
#[unsafe(no_mangle)]
pub extern "C" fn cs_test_seed(seed: u64) {
    *lock(&DICE) = (seed != 0).then(|| Seeded::new("countersign-engine", seed.to_string()));
}

pub(crate) fn is_seeded() -> bool {
    lock(&DICE).is_some()
}

/// Whether `out` was filled with the seed's bytes.
pub(crate) fn fill(out: &mut [u8]) -> bool {
    match lock(&DICE).as_mut() {
        Some(seeded) => seeded.fill(out).is_ok(),
        None => false,
    }
}
