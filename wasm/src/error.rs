//! Errors as JavaScript sees them.

use countersign_core::bridge::Error;
use wasm_bindgen::prelude::JsValue;

/// An `Error` with `code`.
pub(crate) fn thrown(error: &Error) -> JsValue {
    let thrown = js_sys::Error::new(&error.to_string());
    // Fails for frozen objects only.
    let _ = js_sys::Reflect::set(&thrown, &"code".into(), &error.code.name().into());
    thrown.into()
}
