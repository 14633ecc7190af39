//! The phone for browsers: one method makes a request, another reads its reply, synchronously.
//!
//! What pages use is `js/phone.mjs`: it sends the requests with `fetch`, and stores the state before a signature leaves, because
//! a counter must not be used twice. It relies on nothing being awaited between a call into Rust and its return.
//!
//! Errors are JavaScript `Error`s with a property `kind`; a refusal of the server also has `status` and `code`.

mod failure;
mod state;

use countersign::client::{ActivationStatus, Application};
use countersign::client::{
    Approval, Authentication, Call, Credentials, Device, Installation, Operation, OperationList,
    POSSESSION_UNIVERSAL, PendingActivation, PendingDone, PendingOperations, PendingRemoval, PendingStatus,
    PendingTemporaryKey, PendingToken, Pin, PossessionKey, RejectReason, Request,
};
use countersign::crypto::random::{Random, RandomError};
use countersign::crypto::status::BlobStatus;
use serde::Serialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use zeroize::Zeroizing;

use failure::Failure;

/// `crypto.getRandomValues`.
struct Browser;

impl Random for Browser {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(out).map_err(|_| RandomError)
    }
}

/// A phone, with one device or none yet.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Phone {
    application: Application,
    device: Option<Device>,
    /// What the key store of a device would hold.
    possession: Zeroizing<[u8; 16]>,
    pending: Option<Pending>,
}

/// Reads the reply to the last request.
#[derive(Debug)]
enum Pending {
    ApplicationKey(PendingTemporaryKey),
    DeviceKey(PendingTemporaryKey),
    Activation(Box<(PendingActivation, Pin)>),
    Status(PendingStatus),
    Token(PendingToken),
    Operations(PendingOperations),
    Done(PendingDone),
    Removal(PendingRemoval),
}

#[wasm_bindgen]
impl Phone {
    /// A phone that is not activated yet, for the application of `mobileSdkConfig`.
    ///
    /// # Errors
    /// `argument` when the configuration cannot be read.
    #[wasm_bindgen(constructor)]
    pub fn new(sdk_config: &str) -> Result<Self, Failure> {
        let application = Application::from_sdk_config(sdk_config);
        let mut possession = Zeroizing::new([0; 16]);
        Browser.fill(&mut *possession)?;
        Ok(Self {
            application: application.map_err(|error| Failure::argument(&error))?,
            device: None,
            possession,
            pending: None,
        })
    }

    /// A phone from the text of [`Phone::state`].
    ///
    /// # Errors
    /// `argument` when it is none.
    pub fn restore(state: &str) -> Result<Self, Failure> {
        state::restore(state)
    }

    /// An activated phone as JSON text, keys included. A request that waits for its reply is not part of it.
    ///
    /// # Errors
    /// `notActivated`.
    pub fn state(&self) -> Result<String, Failure> {
        state::save(
            self.device.as_ref().ok_or_else(Failure::not_activated)?,
            &self.possession,
        )
    }

    /// Digits that the back end shows, too; none before the activation.
    #[wasm_bindgen(getter)]
    pub fn fingerprint(&self) -> Option<String> {
        self.device.as_ref().map(Device::fingerprint)
    }

    /// Whether a token for lists is there, see [`Phone::create_token`].
    #[wasm_bindgen(getter, js_name = hasToken)]
    pub fn has_token(&self) -> bool {
        let mut names = self.device.iter().flat_map(Device::token_names);
        names.any(|name| name == POSSESSION_UNIVERSAL)
    }

    /// The request for a temporary key, which an activation, or a new token, needs first; none when there is one. The result
    /// is nothing.
    ///
    /// # Errors
    /// `request`.
    #[wasm_bindgen(js_name = temporaryKey)]
    pub fn temporary_key(&mut self, now_ms: f64) -> Result<Option<Message>, Failure> {
        let now = millis(now_ms)?;
        let (call, pending): (_, fn(_) -> _) = match &self.device {
            Some(device) if device.needs_temporary_key(now) => {
                (device.request_temporary_key(&mut Browser)?, Pending::DeviceKey)
            }
            None if self.application.needs_temporary_key(now) => (
                self.application.request_temporary_key(&mut Browser)?,
                Pending::ApplicationKey,
            ),
            Some(_) | None => return Ok(None),
        };
        Ok(Some(self.send(call, pending)))
    }

    /// Sends new keys for a code, typed or scanned. The result is `activationId` and `fingerprint`.
    ///
    /// # Errors
    /// `scan` when the code is not for this application, `argument` when the PIN is too short.
    pub fn activate(
        &mut self,
        code: &str,
        pin: &str,
        name: Option<String>,
        otp: Option<String>,
        now_ms: f64,
    ) -> Result<Message, Failure> {
        let now = millis(now_ms)?;
        let pin = Pin::new(pin).map_err(|error| Failure::argument(&error))?;
        let code = self.application.read_activation_code(code);
        let code = code.map_err(|error| Failure::scan(&error))?.code;
        let installation = Installation {
            name: name.as_deref(),
            otp: otp.as_deref(),
            platform: Some("browser"),
            ..Installation::default()
        };
        let credentials = Credentials::code(&code);
        let call = self
            .application
            .activate(&credentials, &installation, now, &mut Browser)?;
        Ok(self.send(call, |pending| Pending::Activation(Box::new((pending, pin)))))
    }

    /// Asks for the state. The result is `status` and the attempts.
    ///
    /// # Errors
    /// `notActivated`.
    pub fn status(&mut self) -> Result<Message, Failure> {
        let call = self.device()?.request_status(&mut Browser)?;
        Ok(self.send(call, Pending::Status))
    }

    /// Asks for the token for lists. The result is nothing.
    ///
    /// # Errors
    /// `notActivated`, `request` without a temporary key.
    #[wasm_bindgen(js_name = createToken)]
    pub fn create_token(&mut self, now_ms: f64) -> Result<Message, Failure> {
        let (now, factors) = (millis(now_ms)?, Authentication::Possession);
        let call = self
            .device()?
            .create_token(POSSESSION_UNIVERSAL, &factors, now, &mut Browser)?;
        Ok(self.send(call.assume_saved(), Pending::Token))
    }

    /// Asks for pending operations with the token. The result is an `OperationList`.
    ///
    /// # Errors
    /// `notActivated`, `request` without a token.
    pub fn list(&mut self, now_ms: f64) -> Result<Message, Failure> {
        let now = millis(now_ms)?;
        let call = self
            .device()?
            .list_operations(POSSESSION_UNIVERSAL, now, &mut Browser)?;
        Ok(self.send(call, Pending::Operations))
    }

    /// Asks for past operations. The result is as that of [`Phone::list`].
    ///
    /// # Errors
    /// `notActivated`, `argument` when the PIN is too short.
    pub fn history(&mut self, pin: &str) -> Result<Message, Failure> {
        let pin = Pin::new(pin).map_err(|error| Failure::argument(&error))?;
        let factors = Authentication::PossessionKnowledge(&pin);
        let call = self.device()?.request_history(&factors, &mut Browser)?;
        Ok(self.send(call.assume_saved(), Pending::Operations))
    }

    /// Approves `data` of an operation. The result is nothing.
    ///
    /// # Errors
    /// `notActivated`, `argument` when the PIN is too short.
    pub fn approve(&mut self, id: &str, data: &str, pin: &str, now_ms: f64) -> Result<Message, Failure> {
        let now = millis(now_ms)?;
        let pin = Pin::new(pin).map_err(|error| Failure::argument(&error))?;
        let factors = Authentication::PossessionKnowledge(&pin);
        let approval = Approval {
            operation_id: id,
            data,
            proximity: None,
            mobile_token_data: None,
        };
        let call = self
            .device()?
            .approve_operation(&approval, &factors, now, &mut Browser)?;
        Ok(self.send(call.assume_saved(), Pending::Done))
    }

    /// Rejects an operation. The result is nothing.
    ///
    /// # Errors
    /// `notActivated`.
    pub fn reject(&mut self, id: &str, reason: Option<String>) -> Result<Message, Failure> {
        let reason = reason
            .as_deref()
            .map_or(RejectReason::Unknown, RejectReason::Other);
        let call = self.device()?.reject_operation(id, reason, &mut Browser)?;
        Ok(self.send(call.assume_saved(), Pending::Done))
    }

    /// Ends the activation. The result is nothing.
    ///
    /// # Errors
    /// `notActivated`.
    pub fn remove(&mut self) -> Result<Message, Failure> {
        let call = self
            .device()?
            .remove_activation(&Authentication::Possession, &mut Browser)?;
        Ok(self.send(call.assume_saved(), Pending::Removal))
    }

    /// What the text of an operation's QR code says and the digits that approve it, as JSON; no request. The counter moves.
    ///
    /// # Errors
    /// `scan` when the text is not for this phone, `argument` when the PIN is too short.
    pub fn offline(&mut self, payload: &str, pin: &str) -> Result<String, Failure> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Offline<'a> {
            code: &'a str,
            grouped: String,
            operation_id: &'a str,
            title: &'a str,
            message: &'a str,
            data: &'a str,
        }
        let pin = Pin::new(pin).map_err(|error| Failure::argument(&error))?;
        let device = self.device()?;
        let operation = device.read_offline_operation(payload);
        let operation = operation.map_err(|error| Failure::scan(&error))?;
        let code = device.approve_offline(&operation, &Authentication::PossessionKnowledge(&pin))?;
        let code = code.assume_saved();
        failure::json(&Offline {
            code: code.as_str(),
            grouped: code.grouped(),
            operation_id: &operation.operation_id,
            title: &operation.title,
            message: &operation.message,
            data: &operation.operation_data,
        })
    }

    /// Reads the reply to the last request: JSON of its result, `null` for nothing.
    ///
    /// # Errors
    /// `refused`, `reply`; `argument` when no reply is waited for.
    pub fn answer(&mut self, status: u16, body: &[u8]) -> Result<String, Failure> {
        let pending = self.pending.take();
        let Self {
            application, device, ..
        } = self;
        let activated = || Failure::not_activated();
        match pending.ok_or_else(|| Failure::argument(&"the phone has asked nothing"))? {
            Pending::ApplicationKey(pending) => {
                application.keep_temporary_key(pending.read(status, body)?)?
            }
            Pending::DeviceKey(pending) => {
                let key = pending.read(status, body)?;
                device.as_mut().ok_or_else(activated)?.keep_temporary_key(key)?;
            }
            Pending::Token(pending) => pending.read(device.as_mut().ok_or_else(activated)?, status, body)?,
            Pending::Done(pending) => pending.read(status, body)?,
            Pending::Removal(pending) => {
                pending.read(status, body)?;
                *device = None;
            }
            Pending::Status(pending) => {
                let device = device.as_mut().ok_or_else(activated)?;
                return failure::json(&Status::of(&pending.read(device, status, body)?));
            }
            Pending::Operations(pending) => {
                return failure::json(&Operations::of(&pending.read(status, body)?));
            }
            Pending::Activation(waiting) => {
                let (pending, pin) = *waiting;
                let activation = pending.read(status, body)?;
                let possession = PossessionKey::from_bytes(*self.possession);
                let made = activation.protect(&pin, possession, None, &mut Browser)?;
                let result = failure::json(&Activated {
                    activation_id: made.activation_id(),
                    fingerprint: made.fingerprint(),
                });
                self.device = Some(made);
                return result;
            }
        }
        Ok("null".to_owned())
    }
}

impl Phone {
    fn device(&mut self) -> Result<&mut Device, Failure> {
        self.device.as_mut().ok_or_else(Failure::not_activated)
    }

    fn send<P>(&mut self, call: Call<P>, pending: impl FnOnce(P) -> Pending) -> Message {
        self.pending = Some(pending(call.pending));
        Message {
            request: call.request,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Activated<'a> {
    activation_id: &'a str,
    fingerprint: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    status: &'static str,
    failed_attempts: u8,
    max_failed_attempts: u8,
    remaining_attempts: u8,
}

impl Status {
    fn of(it: &ActivationStatus) -> Self {
        Self {
            status: match it.status {
                BlobStatus::Created => "CREATED",
                BlobStatus::PendingCommit => "PENDING_COMMIT",
                BlobStatus::Active => "ACTIVE",
                BlobStatus::Blocked => "BLOCKED",
                BlobStatus::Removed => "REMOVED",
            },
            failed_attempts: it.failed_attempts,
            max_failed_attempts: it.max_failed_attempts,
            remaining_attempts: it.remaining_attempts(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Operations<'a> {
    operations: &'a [Operation],
    unreadable: usize,
    current_timestamp: Option<&'a str>,
}

impl<'a> Operations<'a> {
    fn of(it: &'a OperationList) -> Self {
        Self {
            operations: &it.operations,
            unreadable: it.unreadable,
            current_timestamp: it.current_timestamp.as_deref(),
        }
    }
}

/// A request to send; its reply goes to [`Phone::answer`].
#[wasm_bindgen]
#[derive(Debug)]
pub struct Message {
    request: Request,
}

#[wasm_bindgen]
impl Message {
    /// Method, in upper case.
    #[wasm_bindgen(getter)]
    pub fn method(&self) -> String {
        self.request.method.clone()
    }

    /// Path with its query.
    #[wasm_bindgen(getter)]
    pub fn path(&self) -> String {
        self.request.path.clone()
    }

    /// Names and values of the headers, in turn.
    #[wasm_bindgen(getter)]
    pub fn headers(&self) -> Vec<String> {
        let headers = self.request.headers.iter();
        headers
            .flat_map(|(name, value)| [(*name).to_owned(), value.clone()])
            .collect()
    }

    /// The exact bytes to send.
    #[wasm_bindgen(getter)]
    pub fn body(&self) -> Vec<u8> {
        self.request.body.clone()
    }
}

fn millis(now_ms: f64) -> Result<u64, Failure> {
    /// Largest integer that JavaScript counts to exactly.
    const MAX_SAFE: f64 = 9_007_199_254_740_991.0;
    if !(0.0..=MAX_SAFE).contains(&now_ms) {
        return Err(Failure::argument(&"nowMs"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "in range, and parts of a millisecond do not count"
    )]
    let now = now_ms as u64;
    Ok(now)
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        failure.thrown()
    }
}
