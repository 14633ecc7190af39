//! What the Java package calls: `io.countersign.Native`. Arrays of bytes go in and come out; no object of Java's is kept,
//! no class looked up, nothing of Java's called.
//!
//! ```text
//! answer = 00 ‖ result                                    it worked
//!        │ 01 ‖ code u32 ‖ UTF-8 text, safe to log        the call did not work (`bridge::Code`)
//! ```
//!
//! Handles are those of C. Requests are messages of `bridge::request`, steps those of `store::wire`. A panic is an error
//! like any other. An answer is NULL only when Java has no memory for it and has its own error pending.
//!
//! | file | holds |
//! |---|---|
//! | [`array`](mod@array) | reading and making Java's arrays |
//! | [`engine`] | engines, requests, steps |
//! | [`route`] | requests to routes of the host's own |
//! | [`protocol`] | parts of the protocol that are useful alone |
//! | `phone` | the phone for tests |
//! | `hooks` | planted panics and repeatable randomness, for tests |
//! | `suite` | the contract of a store, for tests |

mod array;
mod engine;
#[cfg(feature = "test-hooks")]
mod hooks;
#[cfg(feature = "phone")]
mod phone;
mod protocol;
mod route;
#[cfg(feature = "test-hooks")]
mod suite;

use countersign_core::bridge::Error;
use jni_sys::{JNIEnv, jbyteArray};

use crate::guard;

/// Java's environment of the current thread, for the length of one native call.
pub(crate) type Env = *mut JNIEnv;

/// Runs the body of a native method and makes its answer.
///
/// # Safety
/// `env` is what Java passed to the native method that is running.
pub(crate) unsafe fn answer(env: Env, body: impl FnOnce() -> Result<Vec<u8>, Error>) -> jbyteArray {
    let (tag, content) = match guard::catch(body) {
        Ok(result) => (0, result),
        Err(error) => {
            let mut content = error.code.number().to_be_bytes().to_vec();
            content.extend(error.to_string().into_bytes());
            (1, content)
        }
    };
    // SAFETY: the same promise.
    unsafe { array::new(env, tag, &content) }
}

/// A handle as a result.
pub(crate) fn number(handle: u64) -> Vec<u8> {
    handle.to_be_bytes().to_vec()
}
