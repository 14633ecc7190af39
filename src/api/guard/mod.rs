//! Routes of the host's own that only phones may call: signed, with a token, end-to-end encrypted, or encrypted and one of
//! the two (protocol, sections 4.7, 5, 7.2 and 13.3).
//!
//! ```text
//! phone                          host                              engine
//!   POST /transfer ────────────▶ Guard::check ──▶ Check ─ driven ─▶ one decision: envelope, signature, counter
//!                                  │ Err(response): sent as it is
//!                                  ▼ Ok(Passed)
//!                                the route: who called, and what was in the envelope
//!                                  │
//!   ◀──────────────────────────── Sealer::seal (encrypted routes only)
//! ```
//!
//! A signature covers method, resource id and body (of a GET: the query, and only of a GET), never the path and never a
//! header; a token covers nothing of the request, but is accepted once. An envelope in activation scope can only have been
//! made by that phone, one in application scope by anybody who has the app. Whatever fails, the store included, ends in a
//! response and never in [`Passed`].
//!
//! ```
//! # use std::sync::Arc;
//! use countersign::api::Request;
//! use countersign::api::guard::Guard;
//! use countersign::crypto::secret::Secret;
//! use countersign::crypto::signature::SignatureType;
//! use countersign::engine::{Config, Engine, Keyring, SealingKey};
//! use countersign::store::{EntropyError, Host, Input, MemoryStore, Operation, Step};
//! # struct System;
//! # impl Host for System {
//! #     fn now(&self) -> u64 { 1_700_000_000_000 }
//! #     fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> { out.fill(7); Ok(()) }
//! # }
//!
//! let key = SealingKey { id: 1, key: Secret::from_bytes([7; 32]) };
//! let engine = Arc::new(Engine::new(Config::default(), Keyring::new(key, Vec::new())));
//! let transfer = Guard::signature("/transfer", SignatureType::TWO_FACTORS);
//!
//! let request = Request {
//!     method: "POST", path: "/my/transfer", query: None, headers: &[], body: br#"{"amount":"100"}"#, peer: None,
//! };
//! let mut check = transfer.check(&engine, &request);
//! // `store::driver::drive` (feature `driver`) does this against any store. Without a header nothing is asked of it.
//! let Step::Done(Err(response)) = check.step(Input::Start, &System) else { panic!() };
//! assert_eq!(response.status, 401);
//! ```

#[cfg(feature = "tower")]
mod layer;

#[cfg(feature = "tower")]
pub use layer::{Gate, GuardLayer, Guarded};

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::endpoint::Mapped;
use super::http::{Limits, Request, Response};
use super::phone::{
    PhoneRequest, encryption_of, failure, open_for_activation, open_for_application, or_refuse, signed,
    signed_plain, with_token,
};
use super::standard::{unauthenticated, undecryptable, user_info_failed};
use crate::crypto::ecies::{EciesError, Purpose, ResponseSealer};
use crate::crypto::secret::SecretVec;
use crate::crypto::signature::SignatureType;
use crate::crypto::version::ProtocolVersion;
use crate::engine::{Draw, Engine, application_version};
use crate::model::activation::{Activation, ActivationStatus};
use crate::store::{Decision, Failure, Host, Input, Machine, Operation, Step, Stop, Tx};

pub use crate::crypto::ecies::Scope;

/// What a route demands of its callers.
#[derive(Clone, Debug)]
pub struct Guard {
    proof: Option<Proof>,
    encryption: Option<Scope>,
    /// The answer to an activation that is not ACTIVE, where only its envelope speaks for it.
    inactive: fn() -> Response,
    limits: Limits,
}

#[derive(Clone, Debug)]
enum Proof {
    Signature {
        resource: String,
        factors: Vec<SignatureType>,
    },
    Token {
        factors: Vec<SignatureType>,
    },
}

impl Guard {
    fn new(proof: Option<Proof>, encryption: Option<Scope>) -> Self {
        Self {
            proof,
            encryption,
            inactive: undecryptable,
            limits: Limits::default(),
        }
    }

    /// A signature over the request, in `X-PowerAuth-Authorization`, made with one of these combinations of factors (none:
    /// nobody passes) for this resource id: the text that app and host have agreed on, which need not be the path.
    #[must_use]
    pub fn signature(resource: impl Into<String>, factors: &[SignatureType]) -> Self {
        let proof = Proof::Signature {
            resource: resource.into(),
            factors: factors.to_vec(),
        };
        Self::new(Some(proof), None)
    }

    /// A token in `X-PowerAuth-Token` that was made with one of these combinations of factors. The body is not covered:
    /// for reading, not for changing.
    #[must_use]
    pub fn token(factors: &[SignatureType]) -> Self {
        let proof = Proof::Token {
            factors: factors.to_vec(),
        };
        Self::new(Some(proof), None)
    }

    /// An encrypted POST, described by `X-PowerAuth-Encryption`. In activation scope the caller is an ACTIVE activation; in
    /// application scope the caller may be anybody.
    #[must_use]
    pub fn encryption(scope: Scope) -> Self {
        Self::new(None, Some(scope))
    }

    /// For a host that knows more about its users than the engine does, and serves `POST /pa/v3/user/info` itself: as
    /// [`Guard::encryption`] in activation scope, with the answer that phones expect when the activation is not ACTIVE. To
    /// be sealed as the answer: a JSON object of claims (`sub`, `given_name` …).
    #[must_use]
    pub fn user_info() -> Self {
        Self {
            inactive: user_info_failed,
            ..Self::encryption(Scope::Activation)
        }
    }

    /// The same proof, and the request is encrypted in activation scope. A signature covers what was encrypted, and its
    /// header describes the envelope, too; a token and its envelope must be of the same activation.
    #[must_use]
    pub fn encrypted(mut self) -> Self {
        self.encryption = Some(Scope::Activation);
        self
    }

    /// Other limits than the default ones (64 KiB of body, 8 KiB of each header, JSON 32 deep).
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The limits, for hosts that collect bodies.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The operation that judges `request`. Nothing is read or changed before it is driven, and then by one decision.
    /// `request.path` is not looked at.
    pub fn check(&self, engine: &Arc<Engine>, request: &Request<'_>) -> Check {
        let (guard, engine) = (self.clone(), Arc::clone(engine));
        let request = match self.limits.refuse(request) {
            Some(refusal) => Err(refusal),
            None => Ok(PhoneRequest::of(request)),
        };
        let lane = request.as_ref().ok().and_then(PhoneRequest::lane);
        let decide = move |tx: &mut Tx<'_>| match &request {
            Ok(request) => guard.decide(&engine, tx, request),
            Err(refusal) => Err(Stop::Refuse(refusal.clone())),
        };
        let respond = |reply: Result<Passed, Failure<Response>>| {
            reply.map_err(|failed| match failed {
                Failure::Refused(response) => response,
                Failure::Fault(fault) => failure(&fault),
            })
        };
        Check(Box::new(Mapped::new(Machine::new(lane, decide), respond)))
    }

    fn decide(&self, engine: &Engine, tx: &mut Tx<'_>, request: &PhoneRequest) -> Decision<Passed, Response> {
        let opened = self.opened(engine, tx, request)?;
        let caller = match &self.proof {
            Some(proof) => proof.holder(engine, tx, request, opened.as_ref())?,
            None => opened.as_ref().map(|opened| opened.caller.clone()),
        };
        let Some(caller) = caller else {
            // What the attempt has counted stays.
            return Ok(Err(unauthenticated()));
        };
        let (body, sealer) = opened.map(|it| (it.plain, Sealer(it.sealer))).unzip();
        Ok(Ok(Passed { caller, body, sealer }))
    }

    /// What was encrypted, where the route wants that. What does not open changes nothing.
    fn opened(
        &self,
        engine: &Engine,
        tx: &mut Tx<'_>,
        request: &PhoneRequest,
    ) -> Result<Option<Opened>, Stop<Response>> {
        let Some(scope) = self.encryption else {
            return Ok(None);
        };
        if request.method != "POST" {
            return Err(Stop::Refuse(undecryptable()));
        }
        let header = match &self.proof {
            Some(Proof::Signature { .. }) => {
                let signature = request.authorization.good();
                encryption_of(signature.ok_or_else(|| Stop::Refuse(unauthenticated()))?)
            }
            _ => {
                let header = request.encryption.good().cloned();
                header.ok_or_else(|| Stop::Refuse(undecryptable()))?
            }
        };
        let body = &request.body;
        let refuse = |_: &_| undecryptable();
        let caller = |application_id: &str, holder| Caller {
            application_id: application_id.to_owned(),
            version: header.version,
            holder,
        };
        Ok(Some(match scope {
            Scope::Application => {
                let opened = open_for_application(engine, tx, &header, body, Purpose::GenericApplication);
                let (plain, sealer) = or_refuse(opened, refuse)?;
                let version = application_version::supported_version(tx, &header.application_key);
                let version = or_refuse(version, refuse)?.ok_or_else(|| Stop::Refuse(undecryptable()))?;
                Opened {
                    caller: caller(&version.application, None),
                    plain,
                    sealer,
                }
            }
            Scope::Activation => {
                let opened = open_for_activation(engine, tx, &header, body, Purpose::GenericActivation);
                let (activation, plain, sealer) = or_refuse(opened, refuse)?;
                // Told only to whoever has its keys. A signature has its own answer for this.
                if self.proof.is_none() && activation.status != ActivationStatus::Active {
                    return Err(Stop::Refuse((self.inactive)()));
                }
                let application = activation.application.clone();
                Opened {
                    caller: caller(&application, Some(Holder::of(activation, None))),
                    plain,
                    sealer,
                }
            }
        }))
    }
}

struct Opened {
    caller: Caller,
    plain: SecretVec,
    sealer: ResponseSealer,
}

impl Proof {
    /// Whose signature or token it is; none when it is nobody's.
    fn holder(
        &self,
        engine: &Engine,
        tx: &mut Tx<'_>,
        request: &PhoneRequest,
        opened: Option<&Opened>,
    ) -> Result<Option<Caller>, Stop<Response>> {
        let found = match self {
            // Nothing covers what a GET brings in its body.
            Self::Signature { .. } if request.method == "GET" && !request.body.is_empty() => None,
            Self::Signature { resource, factors } => {
                let verified = match opened {
                    Some(opened) => {
                        let what = (resource.as_str(), opened.plain.as_bytes());
                        signed_plain(engine, tx, request, what, factors)
                    }
                    None => signed(engine, tx, request, resource, factors),
                };
                let verified = or_refuse(verified, |_| unauthenticated())?;
                let version = request.authorization.good().map(|header| header.version);
                verified
                    .zip(version)
                    .map(|(signed, version)| (*signed.activation, signed.signature_type, version))
            }
            Self::Token { factors } => {
                let verified = with_token(engine, tx, request, factors);
                let verified = or_refuse(verified, |_| unauthenticated())?;
                let version = request.token.good().map(|header| header.version);
                verified
                    .zip(version)
                    .map(|(token, version)| (token.activation, token.signature_type, version))
            }
        };
        let caller = found.map(|(activation, factors, version)| Caller {
            application_id: activation.application.clone(),
            version,
            holder: Some(Holder::of(activation, Some(factors))),
        });
        let envelope = opened.and_then(|opened| opened.caller.holder.as_ref());
        Ok(caller.filter(|caller| {
            let of = caller.holder.as_ref().map(|holder| &holder.activation_id);
            envelope.is_none_or(|envelope| of == Some(&envelope.activation_id))
        }))
    }
}

/// A request that is being judged: drive it against the store.
pub struct Check(Box<dyn Operation<Reply = Result<Passed, Response>> + Send>);

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").finish_non_exhaustive()
    }
}

impl Operation for Check {
    /// The caller, or the HTTP answer of the refusal.
    type Reply = Result<Passed, Response>;

    fn lane(&self) -> Option<&str> {
        self.0.lane()
    }

    fn recalls(&self) -> bool {
        self.0.recalls()
    }

    fn step(&mut self, input: Input, host: &dyn Host) -> Step<Self::Reply> {
        self.0.step(input, host)
    }
}

/// A request that may pass.
#[derive(Debug)]
pub struct Passed {
    /// Who called.
    pub caller: Caller,
    /// What the envelope contained; none where the request is not encrypted.
    pub body: Option<SecretVec>,
    /// Seals the answer; there together with `body`.
    pub sealer: Option<Sealer>,
}

/// Who called. As JSON: `{"applicationId","version","holder":{"activationId","userId","factors","flags"}}`, `holder` and
/// `factors` null where there are none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Caller {
    /// The application.
    pub application_id: String,
    /// Protocol version of the header.
    #[serde(serialize_with = "version")]
    pub version: ProtocolVersion,
    /// The activation; none in application scope, where anybody who has the app may call.
    pub holder: Option<Holder>,
}

/// An activation that has proved itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    /// The activation, in lower case.
    pub activation_id: String,
    /// Its user.
    pub user_id: String,
    /// Factors of the signature, or of the one that the token was made with, as JSON in lower case; none where only an
    /// envelope speaks for the activation: the phone has its keys, but nobody was asked for anything.
    #[serde(serialize_with = "factors")]
    pub factors: Option<SignatureType>,
    /// Flags of the activation.
    pub flags: Vec<String>,
}

impl Holder {
    fn of(activation: Activation, factors: Option<SignatureType>) -> Self {
        Self {
            activation_id: activation.id,
            user_id: activation.user,
            factors,
            flags: activation.flags,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
fn version<S: Serializer>(version: &ProtocolVersion, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(version.as_str())
}

#[expect(clippy::ref_option, reason = "what serde calls")]
fn factors<S: Serializer>(factors: &Option<SignatureType>, serializer: S) -> Result<S::Ok, S::Error> {
    factors.map(SignatureType::as_str).serialize(serializer)
}

/// Seals the one answer to an encrypted request. Refusals go out unencrypted.
#[derive(Debug)]
pub struct Sealer(ResponseSealer);

impl Sealer {
    /// The response for the phone, with status 200.
    ///
    /// # Errors
    /// [`EciesError::Random`] when the generator of `host` fails.
    pub fn seal(self, plain: &[u8], host: &dyn Host) -> Result<Response, EciesError> {
        let envelope = self.0.seal(plain, host.now(), &mut Draw(host))?;
        Ok(Response::json(200, &envelope))
    }
}
