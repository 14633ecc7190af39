//! Texts of results.

use std::ffi::c_char;

use countersign_core::bridge::Code;

use crate::guard;

/// What a result means: an English sentence, safe to log, valid for ever. For an unknown number, too.
#[unsafe(no_mangle)]
pub extern "C" fn cs_result_text(result: i32) -> *const c_char {
    match Code::from_number(result) {
        Some(code) => code.c_text().as_ptr(),
        None => c"an unknown result".as_ptr(),
    }
}

/// The calling thread's last result that was not `CS_RESULT_OK`, with what exactly was wrong: names
/// of arguments, never values, safe to log. Valid until the thread's next such result; never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn cs_last_error() -> *const c_char {
    guard::last()
}
