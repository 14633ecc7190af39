//! Activation: the key exchange that turns an installed application into a device of one user (spec 3.2 to 3.6).
//!
//! ```text
//! phone                                                          edge                      server
//! layer 1 ( type, code, layer 2 ( device public key, OTP … ) ) ─▶ opens layer 1 ─ layer 2 ─▶ opens layer 2
//!         ( layer 2 ( activation ID, server key, counter ) )   ◀─ seals layer 1 ◀─ layer 2 ─ seals layer 2
//! ```
//!
//! Both layers are sealed to the same key of the server, so nobody between sees the keys. What an attacker could still do
//! is to use the code for a phone of their own; the fingerprint both ends show, or the OTP, is what tells.

use super::application::Application;
use super::completion::NewActivation;
use super::error::{ReplyError, RequestError};
use super::message::{Call, Request, secret_json};
use super::seal::{open, parse};
use crate::crypto::code::{ActivationCode, Puk, RecoveryCode};
use crate::crypto::counter::HashCounter;
use crate::crypto::ecies::{EnvelopeRequest, EnvelopeResponse, Purpose, ResponseOpener};
use crate::crypto::encoding::base64;
use crate::crypto::identifier::is_uuid;
use crate::crypto::key::{KeyPair, PublicKey};
use crate::crypto::random::Random;
use crate::crypto::secret::SecretVec;
use core::fmt;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use zeroize::Zeroize;

const PATH: &str = "/pa/v3/activation/create";

/// What entitles to an activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Custom,
    Direct,
    Recovery,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "CODE",
            Self::Custom => "CUSTOM",
            Self::Direct => "DIRECT",
            Self::Recovery => "RECOVERY",
        }
    }
}

/// The credentials of an activation. `Debug` shows their kind only.
#[derive(Clone)]
pub struct Credentials {
    kind: Kind,
    attributes: BTreeMap<String, String>,
}

impl Credentials {
    fn new<'a>(kind: Kind, attributes: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self {
            kind,
            attributes: attributes.into_iter().map(own).collect(),
        }
    }

    /// An activation code; [`Application::read_activation_code`] reads what the user typed or scanned.
    #[must_use]
    pub fn code(code: &ActivationCode) -> Self {
        Self::new(Kind::Code, [("code", code.as_str())])
    }

    /// A recovery code with its PUK.
    #[must_use]
    pub fn recovery(code: &RecoveryCode, puk: &Puk) -> Self {
        Self::new(
            Kind::Recovery,
            [("recoveryCode", code.as_str()), ("puk", puk.as_str())],
        )
    }

    /// Attributes the edge's credential provider understands, such as a user name and a password.
    #[must_use]
    pub fn custom<'a>(attributes: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self::new(Kind::Custom, attributes)
    }

    /// Attributes of a direct activation; `method` selects how the edge reads them.
    #[must_use]
    pub fn direct<'a>(method: &'a str, attributes: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let method = [("method", method)];
        Self::new(Kind::Direct, attributes.into_iter().chain(method))
    }

    /// The outcome of an OpenID Connect login (a direct activation).
    #[must_use]
    pub fn oidc(provider_id: &str, code: &str, nonce: &str, code_verifier: Option<&str>) -> Self {
        let required = [("providerId", provider_id), ("code", code), ("nonce", nonce)];
        Self::direct(
            "oidc",
            required
                .into_iter()
                .chain(code_verifier.map(|text| ("codeVerifier", text))),
        )
    }
}

impl Drop for Credentials {
    fn drop(&mut self) {
        self.attributes.values_mut().for_each(Zeroize::zeroize);
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, attributes: _ } = self;
        f.debug_struct("Credentials")
            .field("kind", kind)
            .finish_non_exhaustive()
    }
}

/// What the phone tells of itself when it activates; everything is optional. `Debug` does not show the OTP.
#[derive(Clone, Copy, Default)]
pub struct Installation<'a> {
    /// Name for lists the user sees.
    pub name: Option<&'a str>,
    /// Free text of the application.
    pub extras: Option<&'a str>,
    /// One-time password delivered besides the code; with an activation code only.
    pub otp: Option<&'a str>,
    /// Platform, for example `ios`.
    pub platform: Option<&'a str>,
    /// Device model, for example `iPhone12,3`.
    pub device_info: Option<&'a str>,
    /// Identifier the application chooses; newer servers only.
    pub external_id: Option<&'a str>,
    /// Attributes for the edge, which may transform them.
    pub custom_attributes: Option<&'a Map<String, Value>>,
}

impl fmt::Debug for Installation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Installation")
            .field("platform", &self.platform)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Layer2<'a> {
    device_public_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    activation_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extras: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    activation_otp: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_info: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Layer1<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    identity_attributes: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_attributes: Option<&'a Map<String, Value>>,
    activation_data: EnvelopeRequest,
}

impl Application {
    /// Asks for an activation. Version 3.3 needs a temporary key of application scope first.
    ///
    /// # Errors
    /// [`RequestError::TemporaryKey`] as said, [`RequestError::Argument`] for an OTP without an activation code or for
    /// empty credentials, and failures of randomness.
    pub fn activate(
        &self,
        credentials: &Credentials,
        installation: &Installation<'_>,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingActivation>, RequestError> {
        if installation.otp.is_some() && credentials.kind != Kind::Code {
            return Err(RequestError::Argument("otp"));
        }
        if credentials.attributes.is_empty() {
            return Err(RequestError::Argument("credentials"));
        }
        let device = KeyPair::generate(self.backend(), rng)?;
        let inner_plain = secret_json(
            &Layer2 {
                device_public_key: &base64::encode(&device.public.to_compressed()),
                activation_name: installation.name,
                extras: installation.extras,
                activation_otp: installation.otp,
                platform: installation.platform,
                device_info: installation.device_info,
                external_id: installation.external_id,
            },
            "installation",
        )?;
        let binding = self.binding();
        let (envelope, inner) =
            binding.envelope(Purpose::ActivationLayer2, inner_plain.as_bytes(), now_ms, rng)?;
        let outer_plain = secret_json(
            &Layer1 {
                kind: credentials.kind.as_str(),
                identity_attributes: &credentials.attributes,
                custom_attributes: installation.custom_attributes,
                activation_data: envelope,
            },
            "credentials",
        )?;
        let (body, outer) = binding.body(Purpose::ActivationLayer1, outer_plain.as_bytes(), now_ms, rng)?;
        let (name, value) = self.encryption_header(None);
        Ok(Call {
            request: Request::post(PATH, body).with_header(name, value),
            pending: PendingActivation {
                application: self.clone(),
                device,
                outer,
                inner,
            },
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Layer1Reply {
    activation_data: EnvelopeResponse,
    custom_attributes: Option<Map<String, Value>>,
    user_info: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Layer2Reply {
    activation_id: String,
    server_public_key: String,
    ctr_data: String,
    activation_recovery: Option<RecoveryReply>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecoveryReply {
    recovery_code: String,
    puk: String,
}

impl Drop for RecoveryReply {
    fn drop(&mut self) {
        self.recovery_code.zeroize();
        self.puk.zeroize();
    }
}

/// A recovery code and its PUK, to be shown to the user once.
#[derive(Debug, Clone)]
pub struct RecoveryData {
    /// The code.
    pub code: RecoveryCode,
    /// The PUK.
    pub puk: Puk,
}

/// Reads the answer to an activation request.
#[derive(Debug)]
pub struct PendingActivation {
    application: Application,
    device: KeyPair,
    outer: ResponseOpener,
    inner: ResponseOpener,
}

impl PendingActivation {
    /// Opens both layers and checks their content (spec 3.6).
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused (a wrong PUK says which PUK is next) or the reply is not acceptable.
    pub fn read(self, status: u16, body: &[u8]) -> Result<NewActivation, ReplyError> {
        let outer: Layer1Reply = parse(&open(self.outer, status, body)?)?;
        let inner: SecretVec = self.inner.open(&outer.activation_data)?;
        let inner: Layer2Reply = parse(&inner)?;
        if !is_uuid(&inner.activation_id) {
            return Err(ReplyError::Malformed("activationId"));
        }
        let point =
            base64::decode(&inner.server_public_key).map_err(|_| ReplyError::Malformed("serverPublicKey"))?;
        let server = PublicKey::from_bytes(self.application.backend(), &point)
            .map_err(|_| ReplyError::Malformed("serverPublicKey"))?;
        let counter = base64::decode_array(&inner.ctr_data).map_err(|_| ReplyError::Malformed("ctrData"))?;
        let recovery = inner.activation_recovery.as_ref().map(|data| {
            Ok(RecoveryData {
                code: RecoveryCode::parse(&data.recovery_code)?,
                puk: Puk::parse(&data.puk)?,
            })
        });
        let recovery = recovery
            .transpose()
            .map_err(|_: crate::crypto::code::CodeError| ReplyError::Malformed("activationRecovery"))?;
        Ok(NewActivation {
            application: self.application,
            device: self.device,
            server,
            activation_id: inner.activation_id,
            counter: HashCounter::from_bytes(counter),
            recovery,
            custom_attributes: outer.custom_attributes,
            user_info: outer.user_info,
        })
    }
}
