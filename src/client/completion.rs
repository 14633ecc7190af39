//! Completion of an activation on the phone (spec 3.6): show the fingerprint, wrap the keys, forget the rest.

use super::activation::RecoveryData;
use super::application::Application;
use super::device::{Counter, Device};
use super::error::RequestError;
use super::factors::{BiometryKey, Pin, PossessionKey, Wrapped, WrappedKnowledge};
use crate::crypto::counter::HashCounter;
use crate::crypto::fingerprint::fingerprint;
use crate::crypto::key::{KeyPair, PublicKey};
use crate::crypto::random::Random;
use crate::crypto::schedule::ActivationKeys;
use crate::crypto::vault::wrap_device_key;
use core::fmt;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// An activation whose keys have been exchanged but are not protected yet. It cannot sign: choose the factors with
/// [`NewActivation::protect`] first. `Debug` shows no secret and no personal data.
pub struct NewActivation {
    pub(super) application: Application,
    pub(super) device: KeyPair,
    pub(super) server: PublicKey,
    pub(super) activation_id: String,
    pub(super) counter: HashCounter,
    pub(super) recovery: Option<RecoveryData>,
    pub(super) custom_attributes: Option<Map<String, Value>>,
    pub(super) user_info: Option<Map<String, Value>>,
}

impl NewActivation {
    /// Identifier of the activation, as the server issued it.
    #[must_use]
    pub fn activation_id(&self) -> &str {
        &self.activation_id
    }

    /// Eight digits the user compares with what the server shows.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.device.public, &self.server, &self.activation_id)
    }

    /// Recovery code and PUK, where the server made them. To be shown to the user now.
    #[must_use]
    pub const fn recovery(&self) -> Option<&RecoveryData> {
        self.recovery.as_ref()
    }

    /// Custom attributes as the edge returned them.
    #[must_use]
    pub const fn custom_attributes(&self) -> Option<&Map<String, Value>> {
        self.custom_attributes.as_ref()
    }

    /// Claims about the user, where the edge returned them.
    #[must_use]
    pub const fn user_info(&self) -> Option<&Map<String, Value>> {
        self.user_info.as_ref()
    }

    /// Wraps the keys with the chosen factors. The master secret, the vault key and the device private key are erased;
    /// the device key stays encrypted with the vault key, which only the server can give back.
    ///
    /// Store the device before anything else happens: the server knows it already.
    ///
    /// # Errors
    /// [`RequestError`] when randomness or the backend fails.
    pub fn protect(
        self,
        pin: &Pin,
        possession: PossessionKey,
        biometry: Option<&BiometryKey>,
        rng: &mut dyn Random,
    ) -> Result<Device, RequestError> {
        let backend = self.application.backend();
        let keys = ActivationKeys::derive(backend, &self.device.private, &self.server)?;
        let recovery = self.recovery.as_ref().map(|data| data.seal(&keys.vault));
        Ok(Device {
            knowledge: WrappedKnowledge::wrap(pin, &keys.knowledge, rng)?,
            biometry: biometry.map(|key| Wrapped::wrap(key.secret(), &keys.biometry)),
            device_key: wrap_device_key(&keys.vault, &self.device.private),
            recovery: recovery.transpose()?,
            application: self.application,
            activation_id: self.activation_id,
            server: self.server,
            device: self.device.public,
            wrapping: possession,
            possession: keys.possession,
            transport: keys.transport,
            counter: Counter::Hash {
                value: self.counter,
                byte: Some(0),
                upgrading: false,
            },
            tokens: BTreeMap::new(),
            temporary_key: None,
        })
    }
}

impl fmt::Debug for NewActivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            application,
            device: _,
            server,
            activation_id,
            counter: _,
            recovery: _,
            custom_attributes: _,
            user_info: _,
        } = self;
        f.debug_struct("NewActivation")
            .field("application", application)
            .field("server", server)
            .field("activation_id", activation_id)
            .finish_non_exhaustive()
    }
}
