//! The engine for JavaScript: synchronous steps over bytes.
//!
//! What JavaScript programs use is in `js/`: the loop that awaits their store, the queues, typed
//! errors. It keeps to two rules that this side relies on: arguments have the right types, and nothing
//! is awaited between a call into Rust and its return.
//!
//! Errors are JavaScript `Error`s with a property `code`, one of `countersign::bridge::Code`'s names.
//! A defect inside ends in a trap, a `WebAssembly.RuntimeError`; the module must not be used after it.

mod error;
mod host;

use countersign_core::api::{Api, Request};
use countersign_core::bridge::{self, Code, Error, Settings};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use zeroize::Zeroizing;

use error::thrown;
use host::Browser;

/// An engine whose store is JavaScript.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    api: Api,
}

#[wasm_bindgen]
impl Engine {
    /// Opens an engine. `key` is the sealing key with number `key_id`: 32 random bytes. `open`: the
    /// server API answers anybody.
    ///
    /// # Errors
    /// `argument` when the key has another length.
    #[wasm_bindgen(constructor)]
    pub fn new(key_id: u32, key: Vec<u8>, open: bool) -> Result<Self, JsValue> {
        let key = Zeroizing::new(key);
        let settings = Settings {
            key_id,
            key: &key,
            open,
        };
        let api = bridge::open(&settings).map_err(|error| thrown(&error))?;
        Ok(Self { api })
    }

    /// Begins a request. `headers` are names and values in turn. Nothing is read or changed before
    /// the first step.
    ///
    /// # Errors
    /// `argument` when a header has no value.
    pub fn begin(
        &self,
        method: &str,
        path: &str,
        query: Option<String>,
        headers: Vec<String>,
        body: &[u8],
        peer: Option<String>,
    ) -> Result<Call, JsValue> {
        let (pairs, rest) = headers.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(thrown(&Error::new(Code::Argument, "headers")));
        }
        let headers: Vec<(&str, &str)> = pairs
            .iter()
            .map(|[name, value]| (name.as_str(), value.as_str()))
            .collect();
        let request = Request {
            method,
            path,
            query: query.as_deref(),
            headers: &headers,
            body,
            peer: peer.as_deref(),
        };
        Ok(Call {
            call: bridge::Call::new(self.api.call(&request)),
        })
    }
}

/// A request on its way through the engine.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Call {
    call: bridge::Call,
}

#[wasm_bindgen]
impl Call {
    /// Calls with the same lane should take turns; none for a call that changes nothing.
    #[wasm_bindgen(getter)]
    pub fn lane(&self) -> Option<String> {
        self.call.lane().map(str::to_owned)
    }

    /// Takes one step and comes back with a message of `countersign::store::wire`. Without `answer`
    /// first, then with the store's answer to the step before. `now_ms` are milliseconds since 1970.
    ///
    /// # Errors
    /// `malformed`, `unexpected`: the call still waits for the same answer. `finished` after the reply.
    pub fn step(&mut self, answer: Option<Vec<u8>>, now_ms: f64) -> Result<Vec<u8>, JsValue> {
        let step = Browser::at(now_ms).and_then(|host| self.call.step(answer.as_deref(), &host));
        match step {
            Ok((_, message)) => Ok(message),
            Err(error) => Err(thrown(&error)),
        }
    }
}
