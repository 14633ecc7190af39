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
mod rules;

use countersign_core::api::Api;
use countersign_core::bridge::request::Request;
use countersign_core::bridge::{self, Code, Error, Settings, protocol, settings};
use countersign_core::crypto::backend::default_backend;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use zeroize::Zeroizing;

use error::thrown;
use host::{Browser, Generator};

/// An engine whose store is JavaScript.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    api: Api,
}

#[wasm_bindgen]
impl Engine {
    /// Opens an engine. `keys` are sealing keys of 32 bytes, one after the other, and `key_ids` their
    /// numbers: the first seals, the others still open what they have sealed. `settings` is a JSON object,
    /// see `countersign::bridge::settings`. `open`: the server API answers anybody.
    ///
    /// # Errors
    /// `argument` when a key has another length, two have one number, or the settings cannot be read.
    #[wasm_bindgen(constructor)]
    pub fn new(key_ids: Vec<u32>, keys: Vec<u8>, settings: &str, open: bool) -> Result<Self, JsValue> {
        let keys = Zeroizing::new(keys);
        let opened = || {
            let (chunks, rest) = keys.as_chunks::<32>();
            if !rest.is_empty() || chunks.len() != key_ids.len() {
                return Err(Error::new(Code::Argument, "a sealing key needs 32 bytes"));
            }
            let mut keys = key_ids
                .iter()
                .copied()
                .zip(chunks.iter().map(<[u8; 32]>::as_slice));
            let (key_id, key) = keys
                .next()
                .ok_or_else(|| Error::new(Code::Argument, "there is no sealing key"))?;
            let older: Vec<_> = keys.collect();
            let first = Settings { key_id, key, open };
            bridge::open_with(&first, &older, settings::read(settings)?, default_backend())
        };
        let api = opened().map_err(|error| thrown(&error))?;
        Ok(Self { api })
    }

    /// Begins a request, a message of `countersign::bridge::request`. Nothing is read or changed before
    /// the first step.
    ///
    /// # Errors
    /// `malformed` when the message is none.
    pub fn begin(&self, request: &[u8]) -> Result<Call, JsValue> {
        let request = Request::read(request).map_err(|error| thrown(&error.into()))?;
        Ok(Call {
            call: bridge::Call::new(self.api.call(&request.as_api())),
        })
    }

    /// Begins to judge a request to a route of the host's own. `proof` is 0 for none, 1 for a signature for
    /// `resource`, 2 for a token; `encryption` 0 for none, 1 in application scope, 2 in activation scope, 3 as
    /// 2 for a host that serves user information; `factors` a number of `countersign::bridge::passed::Factors`;
    /// `max_body` a length in bytes, 0 for the usual one.
    ///
    /// # Errors
    /// `malformed` when the message is none, `argument` when no request can keep the rules.
    pub fn check(
        &self,
        proof: u8,
        encryption: u8,
        factors: u8,
        resource: &str,
        max_body: usize,
        request: &[u8],
    ) -> Result<Call, JsValue> {
        let check = || {
            let guard = rules::guard(proof, encryption, factors, resource, max_body)?;
            let request = Request::read(request)?;
            Ok::<_, Error>(guard.check(self.api.engine(), &request.as_api()))
        };
        let check = check().map_err(|error| thrown(&error))?;
        Ok(Call {
            call: bridge::Call::check(check),
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

    /// Seals the one answer to an encrypted request that has passed: the message of a reply.
    ///
    /// # Errors
    /// `nothing_to_seal` when there is nothing, or no longer.
    pub fn seal(&mut self, plain: &[u8], now_ms: f64) -> Result<Vec<u8>, JsValue> {
        let sealed = Browser::at(now_ms).and_then(|host| self.call.seal(plain, &host));
        sealed.map_err(|error| thrown(&error))
    }
}

/// Carries out a command of `countersign::bridge::protocol`: JSON in, JSON out.
///
/// # Errors
/// `argument` when the command cannot be read.
#[wasm_bindgen(js_name = "protocol")]
pub fn perform(command: &str, now_ms: f64) -> Result<Vec<u8>, JsValue> {
    let result = Browser::at(now_ms).and_then(|host| {
        protocol::perform(command, countersign_core::store::Host::now(&host), &mut Generator)
    });
    result.map_err(|error| thrown(&error))
}
