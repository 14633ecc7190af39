//! A device at rest: what [`Device`] writes and reads, as JSON through `serde` (spec 3.6).
//!
//! Keys are wrapped: possession and transport key and token secrets with the [`PossessionKey`], which is not part of the
//! state, the knowledge key with the PIN, the biometry key with the [`BiometryKey`](super::BiometryKey), the device key and
//! the recovery code with the vault key. The state still is a secret: with it, PINs can be tried against a server that
//! can be asked. Keep it where only the application reads.

use super::application::Application;
use super::device::{Counter, Device};
use super::error::StateError;
use super::factors::{PossessionKey, Wrapped, WrappedKnowledge};
use super::token::Token;
use crate::crypto::counter::HashCounter;
use crate::crypto::encoding::base64;
use crate::crypto::identifier::is_uuid;
use crate::crypto::key::PublicKey;
use crate::crypto::version::ProtocolVersion;
use core::fmt;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zeroize::Zeroize;

const FORMAT: u32 = 1;

/// A device as it is stored. Made by [`Device::to_state`], read by [`Device::from_state`]; serialise it with `serde`, for
/// example as JSON. Erased when dropped; `Debug` shows the activation ID only.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceState {
    format: u32,
    application_key: String,
    application_secret: String,
    master_public_key: String,
    protocol_version: String,
    activation_id: String,
    server_public_key: String,
    device_public_key: String,
    possession_key: String,
    transport_key: String,
    knowledge_key: String,
    knowledge_salt: String,
    knowledge_iterations: u32,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    biometry_key: Option<String>,
    device_private_key: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    recovery: Option<String>,
    counter: CounterState,
    #[serde(default)]
    tokens: BTreeMap<String, TokenState>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
enum CounterState {
    Numeric {
        value: u64,
    },
    Hash {
        data: String,
        byte: Option<u8>,
        #[serde(default)]
        upgrading: bool,
    },
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenState {
    id: String,
    secret: String,
}

impl Drop for DeviceState {
    fn drop(&mut self) {
        self.application_secret.zeroize();
        self.possession_key.zeroize();
        self.transport_key.zeroize();
        self.knowledge_key.zeroize();
        self.biometry_key.zeroize();
        self.device_private_key.zeroize();
        self.recovery.zeroize();
        if let CounterState::Hash { data, .. } = &mut self.counter {
            data.zeroize();
        }
        self.tokens.values_mut().for_each(|token| token.secret.zeroize());
    }
}

impl fmt::Debug for DeviceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceState")
            .field("activation_id", &self.activation_id)
            .finish_non_exhaustive()
    }
}

impl DeviceState {
    /// Identifier of the activation.
    #[must_use]
    pub fn activation_id(&self) -> &str {
        &self.activation_id
    }

    /// The JSON text.
    ///
    /// # Errors
    /// [`StateError::Malformed`] never in practice: the state has nothing that JSON cannot hold.
    pub fn to_json(&self) -> Result<String, StateError> {
        serde_json::to_string_pretty(self).map_err(|_| StateError::Malformed)
    }

    /// Reads the JSON text. Whether its fields fit together, [`Device::from_state`] checks.
    ///
    /// # Errors
    /// [`StateError::Malformed`] for anything else.
    pub fn from_json(text: &str) -> Result<Self, StateError> {
        serde_json::from_str(text).map_err(|_| StateError::Malformed)
    }
}

impl Device {
    /// The device as it is to be stored. Temporary keys are not part of it.
    #[must_use]
    pub fn to_state(&self) -> DeviceState {
        let wrapped = |key: &_| base64::encode(&Wrapped::wrap(self.wrapping.secret(), key).0);
        let counter = match &self.counter {
            Counter::Numeric(value) => CounterState::Numeric { value: *value },
            Counter::Hash {
                value,
                byte,
                upgrading,
            } => CounterState::Hash {
                data: base64::encode(value.as_bytes()),
                byte: *byte,
                upgrading: *upgrading,
            },
        };
        let token = |(name, token): (&String, &Token)| {
            let state = TokenState {
                id: token.id.clone(),
                secret: wrapped(&token.secret),
            };
            (name.clone(), state)
        };
        DeviceState {
            format: FORMAT,
            application_key: self.application.key().to_owned(),
            application_secret: self.application.secret().to_owned(),
            master_public_key: base64::encode(self.application.master_public_key().as_bytes()),
            protocol_version: self.application.version().as_str().to_owned(),
            activation_id: self.activation_id.clone(),
            server_public_key: base64::encode(self.server.as_bytes()),
            device_public_key: base64::encode(self.device.as_bytes()),
            possession_key: wrapped(&self.possession),
            transport_key: wrapped(&self.transport),
            knowledge_key: base64::encode(&self.knowledge.key.0),
            knowledge_salt: base64::encode(&self.knowledge.salt),
            knowledge_iterations: self.knowledge.iterations,
            biometry_key: self.biometry.map(|key| base64::encode(&key.0)),
            device_private_key: base64::encode(&self.device_key),
            recovery: self.recovery.as_deref().map(base64::encode),
            counter,
            tokens: self.tokens.iter().map(token).collect(),
        }
    }

    /// Loads a stored device with the possession key it was stored with. A wrong possession key cannot be recognised:
    /// the server refuses what such a device signs.
    ///
    /// # Errors
    /// [`StateError`] when the state is damaged or of a newer format.
    pub fn from_state(state: &DeviceState, possession: PossessionKey) -> Result<Self, StateError> {
        if state.format != FORMAT {
            return Err(StateError::Format);
        }
        let version = ProtocolVersion::parse(&state.protocol_version)
            .map_err(|_| StateError::Field("protocolVersion"))?;
        let application = Application::new(
            &state.application_key,
            &state.application_secret,
            &state.master_public_key,
        )?
        .with_version(version);
        let point = |text: &str, name| {
            let encoded = base64::decode(text).map_err(|_| StateError::Field(name))?;
            PublicKey::from_bytes(application.backend(), &encoded).map_err(|_| StateError::Field(name))
        };
        let open = |text, name| Ok::<_, StateError>(Wrapped(array(text, name)?).open(possession.secret()));
        let counter = match &state.counter {
            CounterState::Numeric { value } => Counter::Numeric(*value),
            CounterState::Hash {
                data,
                byte,
                upgrading,
            } => Counter::Hash {
                value: HashCounter::from_bytes(array(data, "counter")?),
                byte: *byte,
                upgrading: *upgrading,
            },
        };
        let mut tokens = BTreeMap::new();
        for (name, token) in &state.tokens {
            if !is_uuid(&token.id) {
                return Err(StateError::Field("tokens"));
            }
            let secret = open(&token.secret, "tokens")?;
            let id = token.id.clone();
            tokens.insert(name.clone(), Token { id, secret });
        }
        if !is_uuid(&state.activation_id) {
            return Err(StateError::Field("activationId"));
        }
        if !(1..=WrappedKnowledge::MAX_ITERATIONS).contains(&state.knowledge_iterations) {
            return Err(StateError::Field("knowledgeIterations"));
        }
        let bytes = |text: &str, name| base64::decode(text).map_err(|_| StateError::Field(name));
        Ok(Self {
            activation_id: state.activation_id.clone(),
            server: point(&state.server_public_key, "serverPublicKey")?,
            device: point(&state.device_public_key, "devicePublicKey")?,
            possession: open(&state.possession_key, "possessionKey")?,
            transport: open(&state.transport_key, "transportKey")?,
            knowledge: WrappedKnowledge {
                salt: array(&state.knowledge_salt, "knowledgeSalt")?,
                iterations: state.knowledge_iterations,
                key: Wrapped(array(&state.knowledge_key, "knowledgeKey")?),
            },
            biometry: match &state.biometry_key {
                Some(text) => Some(Wrapped(array(text, "biometryKey")?)),
                None => None,
            },
            device_key: bytes(&state.device_private_key, "devicePrivateKey")?,
            recovery: match &state.recovery {
                Some(text) => Some(bytes(text, "recovery")?),
                None => None,
            },
            counter,
            tokens,
            wrapping: possession,
            temporary_key: None,
            application,
        })
    }
}

fn array<const N: usize>(text: &str, name: &'static str) -> Result<[u8; N], StateError> {
    base64::decode_array(text).map_err(|_| StateError::Field(name))
}
