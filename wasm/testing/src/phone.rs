//! The phone for tests.

use countersign_core::bridge::phone::{self, Step};
use countersign_core::bridge::{Code, Error};
use countersign_core::store::Host;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::error::thrown;
use crate::host::{Browser, Generator};

/// A phone, see `countersign::bridge::phone`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Phone {
    phone: phone::Phone,
}

fn given(step: Step) -> Vec<u8> {
    match step {
        Step::Request(message) | Step::Result(message) => message,
    }
}

#[wasm_bindgen]
impl Phone {
    /// A phone from its settings, JSON.
    ///
    /// # Errors
    /// `argument` when they cannot be read.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str) -> Result<Self, JsValue> {
        let phone = phone::Phone::new(settings, Box::new(Generator)).map_err(|error| thrown(&error))?;
        Ok(Self { phone })
    }

    /// Begins a command, JSON. Comes back with the message of a request (its first byte is 1), or with the JSON of
    /// the command's end (it begins with `{`).
    ///
    /// # Errors
    /// `argument` when the command cannot be read.
    pub fn perform(&mut self, command: &str, now_ms: f64) -> Result<Vec<u8>, JsValue> {
        let step = Browser::at(now_ms).and_then(|host| self.phone.perform(command, host.now()));
        step.map(given).map_err(|error| thrown(&error))
    }

    /// Goes on with the reply to the last request.
    ///
    /// # Errors
    /// `unexpected` when there is none; `argument` for a status that is none.
    pub fn answer(&mut self, status: u32, body: &[u8], now_ms: f64) -> Result<Vec<u8>, JsValue> {
        let step = Browser::at(now_ms).and_then(|host| {
            let status = u16::try_from(status).map_err(|_| Error::new(Code::Argument, "status"))?;
            self.phone.answer(status, body, host.now())
        });
        step.map(given).map_err(|error| thrown(&error))
    }
}
