//! A phone for the tests of hosts in any language: one command goes in as JSON, requests come out, a result ends it.
//!
//! ```text
//!  test                          Phone                                server under test
//!   perform(command) ──────────▶ builds ─▶ Step::Request ───────────▶ method, path, headers, body
//!   answer(status, body) ──────▶ reads  ─▶ Step::Request again (a temporary key came first) …
//!                                        └▶ Step::Result   {"result":{…}} or {"error":{…}}
//! ```
//!
//! PINs, states and keys pass through JSON texts, and nothing waits until a state is stored: for tests, not for phones of
//! people. Those use [`client`](crate::client), which this is a face of.
//!
//! A phone with a seed makes the same bytes at the same moments every time, on the pure-Rust backend.
//!
//! # Commands
//!
//! A command is an object with `do`, the members below and no other. `?` marks what may be left out. `factors` is one of
//! `possession`, `knowledge`, `biometry` and their combinations (`possession_knowledge` …); left out it is
//! `possession_knowledge` where there is a `pin` and `possession` where there is none. Bodies are `body` (text) or `bodyBase64`.
//! Tokens have names; left out it is `possession_universal`.
//!
//! | `do` | members | `result` |
//! |---|---|---|
//! | `activate` | `pin`; `code` or `recoveryCode` and `puk` or `attributes`; `biometry`?, `name`?, `otp`?, `extras`?, `platform`?, `deviceInfo`?, `externalId`?, `customAttributes`? | `activationId`, `fingerprint`, `recovery` (`code`, `puk`), `customAttributes`, `userInfo` |
//! | `status` | | `status`, `failedAttempts`, `maxFailedAttempts`, `remainingAttempts`, `currentVersion`, `upgradeVersion`, `counter`, `customObject` |
//! | `validateSignature` | `factors`?, `pin`? | |
//! | `signRequest` | `path`, `uriId`, `method`?, body?, `factors`?, `pin`? | `status`, body |
//! | `signatureHeader` | `uriId`, `method`?, body?, `factors`?, `pin`? | `name`, `value`: no request |
//! | `createToken`, `removeToken` | `name`?, `factors`?, `pin`? | `name` |
//! | `tokenRequest` | `path`, `method`?, body?, `name`? | `status`, body |
//! | `tokenHeader` | `name`? | `name`, `value`: no request |
//! | `encryptRequest` | `path`, body?, `scope`? (`activation`, `application`), and `token`? or `uriId`?, `factors`?, `pin`? | `status`, body: decrypted |
//! | `listOperations` | `token`? | `operations`, `unreadable`, `currentTimestamp` |
//! | `operation`, `claimOperation` | `id`, `token`? | the operation |
//! | `history` | `factors`?, `pin`? | as `listOperations` |
//! | `approve` | `id`, `data`, `factors`?, `pin`?, `proximity`? (`otp`, `source`? `QR_CODE` or `DEEPLINK`), `mobileTokenData`? | |
//! | `reject` | `id`, `reason`? | |
//! | `offline` | `payload`, `factors`?, `pin`? | `code`, `grouped`, `operationId`, `title`, `message`, `data`, `baseString` (for `signature/offline/verify`): no request |
//! | `unlockVault` | `pin`, `reason`?, `factors`?, `index`?, `sign`? (text) | `dataKey`, `signature` (DER), `recovery` |
//! | `addBiometry` | `pin` | |
//! | `removeBiometry` | | no request |
//! | `confirmRecovery` | `code`, `pin` | `alreadyConfirmed` |
//! | `detail` | `token`? | `activationId`, `activationName` |
//! | `rename` | `name`, `factors`?, `pin`? | as `detail` |
//! | `userInfo` | | the claims |
//! | `remove` | `factors`?, `pin`? | |
//! | `registerPush` | `platform`, `token`, `environment`? | |
//! | `changePin` | `old`, `new` | no request |
//! | `setVersion` | `version` | no request |
//! | `describe` | | `activationId`, `fingerprint`, `version`, `tokens`, `biometry`, `recovery`: no request |
//! | `save` | | `state`: no request |
//! | `serverStatus` | | `serverTimeMs`, `name`, `version` |
//!
//! An error is `{"error":{"kind","message"}}`; `kind` is `refused` (the server said no: also `status`, `code`, and after a
//! wrong PUK `currentRecoveryPukIndex`), `reply` (it cannot be used), `request` (it cannot be built), `scan`, `argument` or
//! `notActivated`.

mod actions;
mod command;
mod failure;
mod manage;
mod message;
mod operations;
mod settings;

pub use message::PhoneRequest;

use serde_json::{Value, json};

use super::code::{Code, Error};
use super::seeded::Seeded;
use super::unreadable;
use crate::client::{Application, BiometryKey, Device, Request};
use crate::crypto::ecies::Scope;
use crate::crypto::random::{Random, RandomError};
use command::Command;
use failure::Failure;

/// A phone, with one device or none yet.
pub struct Phone {
    application: Application,
    rng: Source,
    device: Option<Device>,
    /// What the device's key store would hold.
    possession: [u8; 16],
    /// What a biometric check would release.
    biometry: Option<BiometryKey>,
    pending: Option<Pending>,
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Phone")
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}

/// Where a phone's randomness comes from.
enum Source {
    Seeded(Seeded),
    System(Box<dyn Random + Send>),
}

impl Random for Source {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        match self {
            Self::Seeded(seeded) => seeded.fill(out),
            Self::System(system) => system.fill(out),
        }
    }
}

/// What a phone comes back with.
#[derive(Clone, PartialEq, Eq)]
pub enum Step {
    /// Send this, a message for [`PhoneRequest::read`], and come back with [`Phone::answer`].
    Request(Vec<u8>),
    /// The end: a JSON object.
    Result(Vec<u8>),
}

impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Request(_) => "Request",
            Self::Result(_) => "Result",
        })
    }
}

/// Reads the reply to a request.
type Read = Box<dyn FnOnce(&mut Phone, u16, &[u8]) -> Result<Value, Failure> + Send>;

/// What a command becomes.
enum Prepared {
    Send(Request, Read),
    Done(Value),
}

/// What waits for a reply.
enum Pending {
    /// The end of a command.
    Last(Read),
    /// A temporary key, before this command.
    Key(Read, Box<Command>),
}

impl Phone {
    /// A phone from its settings: `{"seed"?, "version"?, "mobileSdkConfig"}`, or instead of the last `applicationKey`,
    /// `applicationSecret` and `masterPublicKey`; or `{"state"}` from `save`. `version` is `3.3` unless it says otherwise.
    /// A phone with a `seed` (any text) never asks `system` for randomness.
    ///
    /// # Errors
    /// [`Code::Argument`] when these cannot be read.
    pub fn new(settings: &str, system: Box<dyn Random + Send>) -> Result<Self, Error> {
        settings::open(settings, system)
    }

    /// Begins a command. One that still waits for a reply is given up.
    ///
    /// # Errors
    /// [`Code::Argument`] when the command cannot be read; nothing has changed then, nothing is given up.
    pub fn perform(&mut self, command: &str, now_ms: u64) -> Result<Step, Error> {
        let command: Command =
            serde_json::from_str(command).map_err(|error| unreadable("command", &error))?;
        self.pending = None;
        self.advance(command, false, now_ms)
    }

    /// Goes on with the reply to the last request.
    ///
    /// # Errors
    /// [`Code::Unexpected`] when no reply is waited for.
    pub fn answer(&mut self, status: u16, body: &[u8], now_ms: u64) -> Result<Step, Error> {
        let pending = self.pending.take();
        let pending = pending.ok_or_else(|| Error::new(Code::Unexpected, "the phone has asked nothing"))?;
        match pending {
            Pending::Last(read) => ended(read(self, status, body)),
            Pending::Key(read, command) => match read(self, status, body) {
                Ok(_) => self.advance(*command, true, now_ms),
                Err(failure) => ended(Err(failure)),
            },
        }
    }

    fn advance(&mut self, command: Command, has_key: bool, now_ms: u64) -> Result<Step, Error> {
        match self.needed_key(&command, now_ms) {
            Some(_) if has_key => ended(Err(Failure::Argument(
                "the clock of the phone is not the server's",
            ))),
            Some(scope) => match self.request_key(scope) {
                Ok((request, read)) => {
                    let message = message::encode(&request)?;
                    self.pending = Some(Pending::Key(read, Box::new(command)));
                    Ok(Step::Request(message))
                }
                Err(failure) => ended(Err(failure)),
            },
            None => match self.prepare(command, now_ms) {
                Ok(Prepared::Send(request, read)) => {
                    let message = message::encode(&request)?;
                    self.pending = Some(Pending::Last(read));
                    Ok(Step::Request(message))
                }
                Ok(Prepared::Done(value)) => ended(Ok(value)),
                Err(failure) => ended(Err(failure)),
            },
        }
    }

    /// The scope whose temporary key must be fetched first.
    fn needed_key(&self, command: &Command, now_ms: u64) -> Option<Scope> {
        let scope = command.encrypts()?;
        let needed = match (scope, &self.device) {
            (Scope::Application, _) => self.application.needs_temporary_key(now_ms),
            (Scope::Activation, Some(device)) => device.needs_temporary_key(now_ms),
            // Fails for another reason.
            (Scope::Activation, None) => false,
        };
        needed.then_some(scope)
    }

    fn request_key(&mut self, scope: Scope) -> Result<(Request, Read), Failure> {
        let Self {
            application,
            device,
            rng,
            ..
        } = self;
        let call = match scope {
            Scope::Application => application.request_temporary_key(rng)?,
            Scope::Activation => device
                .as_ref()
                .ok_or(Failure::NotActivated)?
                .request_temporary_key(rng)?,
        };
        let read: Read = Box::new(move |phone, status, body| {
            let key = call.pending.read(status, body)?;
            match scope {
                Scope::Application => phone.application.keep_temporary_key(key)?,
                Scope::Activation => phone.device()?.keep_temporary_key(key)?,
            }
            Ok(Value::Null)
        });
        Ok((call.request, read))
    }

    fn device(&mut self) -> Result<&mut Device, Failure> {
        self.device.as_mut().ok_or(Failure::NotActivated)
    }
}

fn ended(outcome: Result<Value, Failure>) -> Result<Step, Error> {
    let outcome = match outcome {
        // A command without a result has an empty one.
        Ok(Value::Null) => json!({ "result": {} }),
        Ok(result) => json!({ "result": result }),
        Err(failure) => json!({ "error": failure.to_json() }),
    };
    let text = serde_json::to_vec(&outcome);
    Ok(Step::Result(
        text.map_err(|_| Error::new(Code::Internal, "result"))?,
    ))
}
