//! No panic crosses the boundary, and every error leaves its text.

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};

use countersign_core::bridge::{Code, Error};

thread_local! {
    static LAST: RefCell<CString> = RefCell::new(CString::default());
}

/// Runs the body of an exported function.
pub(crate) fn run(body: impl FnOnce() -> Result<(), Error>) -> Code {
    match catch(body) {
        Ok(()) => Code::Ok,
        Err(error) => {
            remember(&error.to_string());
            error.code
        }
    }
}

/// Runs `body`; a panic in it is an error.
pub(crate) fn catch<T, F: FnOnce() -> Result<T, Error>>(body: F) -> Result<T, Error> {
    let body = || {
        #[cfg(test)]
        planted();
        #[cfg(feature = "test-hooks")]
        crate::hooks::panic_in(std::any::type_name::<F>());
        body()
    };
    #[cfg(feature = "test-hooks")]
    let body = || crate::timing::counted(body);
    // State that a panic may leave behind: the tables of handles are only changed by code that does
    // not panic in between, a call marks itself as finished before it steps.
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        // Dropping it could panic again; what that leaves is given up.
        if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            std::mem::forget(again);
        }
        Err(Error::new(Code::Panic, "the call cannot go on"))
    })
}

fn remember(text: &str) {
    // Our texts have no NUL; a thread that is ending has no place for one.
    if let Ok(text) = CString::new(text) {
        let _ = LAST.try_with(|last| last.replace(text));
    }
}

/// Text of this thread's last error; valid until its next one.
pub(crate) fn last() -> *const c_char {
    LAST.try_with(|last| last.borrow().as_ptr())
        .unwrap_or(CStr::as_ptr(c""))
}

#[cfg(test)]
thread_local! {
    pub(crate) static PLANTED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

#[cfg(test)]
fn planted() {
    assert!(!PLANTED.get(), "planted");
}
