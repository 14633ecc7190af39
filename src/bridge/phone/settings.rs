//! How a phone begins, and its state between two tests.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::failure::Failure;
use super::{Phone, Source};
use crate::bridge::code::{Code, Error};
use crate::bridge::seeded::Seeded;
use crate::bridge::unreadable;
use crate::client::{Application, BiometryKey, Device, DeviceState, PossessionKey};
use crate::crypto::backend::RustCrypto;
use crate::crypto::encoding::base64;
use crate::crypto::random::Random;
use crate::crypto::version::ProtocolVersion;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Settings {
    seed: Option<String>,
    version: Option<String>,
    mobile_sdk_config: Option<String>,
    application_key: Option<String>,
    application_secret: Option<String>,
    master_public_key: Option<String>,
    state: Option<State>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    application_key: String,
    application_secret: String,
    master_public_key: String,
    version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<String>,
    #[serde(default)]
    block: u64,
    possession_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    biometry_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<DeviceState>,
}

fn wrong(what: &'static str) -> Error {
    Error::new(Code::Argument, what)
}

fn version(text: &str) -> Result<ProtocolVersion, Error> {
    ProtocolVersion::parse(text).map_err(|_| wrong("settings: version"))
}

pub(super) fn open(settings: &str, system: Box<dyn Random + Send>) -> Result<Phone, Error> {
    let settings: Settings =
        serde_json::from_str(settings).map_err(|error| unreadable("settings", &error))?;
    let keys = (
        settings.application_key,
        settings.application_secret,
        settings.master_public_key,
    );
    let application = match (settings.mobile_sdk_config, keys, settings.state) {
        (None, (None, None, None), Some(state)) if settings.seed.is_none() && settings.version.is_none() => {
            return restore(state, system);
        }
        (Some(config), (None, None, None), None) => Application::from_sdk_config(&config),
        (None, (Some(key), Some(secret), Some(master)), None) => Application::new(&key, &secret, &master),
        _ => return Err(wrong("settings: one way to name the application")),
    };
    let mut application = application.map_err(|error| Error::new(Code::Argument, error.to_string()))?;
    if settings.seed.is_some() {
        // Other providers sign with randomness of their own.
        application = application.with_backend(&RustCrypto);
    }
    if let Some(text) = settings.version {
        application.set_version(version(&text)?);
    }
    let mut rng = source(settings.seed, 0, system);
    let mut possession = [0; 16];
    rng.fill(&mut possession)
        .map_err(|error| Error::new(Code::Internal, error.to_string()))?;
    Ok(Phone {
        application,
        rng,
        device: None,
        possession,
        biometry: None,
        pending: None,
    })
}

fn source(seed: Option<String>, block: u64, system: Box<dyn Random + Send>) -> Source {
    match seed {
        Some(seed) => Source::Seeded(Seeded::at("countersign-phone", seed, block)),
        None => Source::System(system),
    }
}

fn restore(state: State, system: Box<dyn Random + Send>) -> Result<Phone, Error> {
    let damaged = || wrong("settings: state");
    let key = |text: &str| base64::decode_array::<16>(text).map_err(|_| damaged());
    let application = Application::new(
        &state.application_key,
        &state.application_secret,
        &state.master_public_key,
    );
    let mut application = application.map_err(|_| damaged())?;
    if state.seed.is_some() {
        application = application.with_backend(&RustCrypto);
    }
    let possession = key(&state.possession_key)?;
    let device = state.device.as_ref();
    let device = device.map(|device| Device::from_state(device, PossessionKey::from_bytes(possession)));
    let mut device = device.transpose().map_err(|_| damaged())?;
    if let Some(device) = device.as_mut().filter(|_| state.seed.is_some()) {
        let seeded = device.application().clone().with_backend(&RustCrypto);
        *device.application_mut() = seeded;
    }
    Ok(Phone {
        application: application.with_version(version(&state.version)?),
        rng: source(state.seed, state.block, system),
        device,
        possession,
        biometry: match &state.biometry_key {
            Some(text) => Some(BiometryKey::from_bytes(key(text)?)),
            None => None,
        },
        pending: None,
    })
}

impl Phone {
    /// The phone as it is to be stored; temporary keys are not part of it.
    pub(super) fn save(&self) -> Result<Value, Failure> {
        let (seed, block) = match &self.rng {
            Source::Seeded(seeded) => (Some(seeded.seed().to_owned()), seeded.block()),
            Source::System(_) => (None, 0),
        };
        let state = State {
            application_key: self.application.key().to_owned(),
            application_secret: self.application.secret().to_owned(),
            master_public_key: base64::encode(self.application.master_public_key().as_bytes()),
            version: self.application.version().as_str().to_owned(),
            seed,
            block,
            possession_key: base64::encode(&self.possession),
            biometry_key: self.biometry.as_ref().map(|key| base64::encode(key.as_bytes())),
            device: self.device.as_ref().map(Device::to_state),
        };
        let state = serde_json::to_value(state).map_err(|_| Failure::Argument("state"))?;
        Ok(json!({ "state": state }))
    }
}
