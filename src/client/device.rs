//! An activated device: everything of spec 3.6 in memory.
//!
//! Possession and transport key are open while the device is loaded; knowledge and biometry keys stay wrapped and are
//! opened for the moment of one signature.

use super::application::Application;
use super::error::RequestError;
use super::factors::{Authentication, BiometryKey, Pin, PossessionKey, Wrapped, WrappedKnowledge};
use super::seal::{ActivationBinding, Binding};
use super::temporary_key::TemporaryKey;
use super::token::Token;
use crate::crypto::counter::HashCounter;
use crate::crypto::ecies::Scope;
use crate::crypto::fingerprint::{fingerprint, fingerprint_v2};
use crate::crypto::key::PublicKey;
use crate::crypto::random::Random;
use crate::crypto::schedule::FactorKeys;
use crate::crypto::secret::Secret;
use core::fmt;
use std::collections::BTreeMap;

/// The counter, which differs between the generations of the protocol.
#[derive(Debug, Clone)]
pub(super) enum Counter {
    /// Protocol 2: a number. Such a device can only be upgraded.
    Numeric(u64),
    /// Protocol 3: a hash chain.
    Hash {
        value: HashCounter,
        /// Low byte of the numeric counter; not known right after an upgrade.
        byte: Option<u8>,
        /// The upgrade has been started but not committed.
        upgrading: bool,
    },
}

impl Counter {
    /// The next value and byte.
    pub(super) fn next(value: &HashCounter, byte: Option<u8>) -> (HashCounter, Option<u8>) {
        (value.next(), byte.map(|byte| byte.wrapping_add(1)))
    }
}

/// One activation on one phone.
///
/// Every method that signs moves the counter first and hands its result out inside [`Unsaved`](super::Unsaved): store the
/// state it carries before the result leaves. Signed requests must not be sent in parallel. There is no `Clone`: two
/// copies would use the same counter values. `Debug` shows no secret.
pub struct Device {
    pub(super) application: Application,
    pub(super) activation_id: String,
    pub(super) server: PublicKey,
    pub(super) device: PublicKey,
    pub(super) wrapping: PossessionKey,
    pub(super) possession: Secret<16>,
    pub(super) transport: Secret<16>,
    pub(super) knowledge: WrappedKnowledge,
    pub(super) biometry: Option<Wrapped>,
    pub(super) device_key: Vec<u8>,
    pub(super) recovery: Option<Vec<u8>>,
    pub(super) counter: Counter,
    pub(super) tokens: BTreeMap<String, Token>,
    pub(super) temporary_key: Option<TemporaryKey>,
}

impl Device {
    /// The application the device was activated for.
    #[must_use]
    pub const fn application(&self) -> &Application {
        &self.application
    }

    /// The application, to speak another protocol version or to keep a temporary key of application scope.
    pub const fn application_mut(&mut self) -> &mut Application {
        &mut self.application
    }

    /// Identifier of the activation.
    #[must_use]
    pub fn activation_id(&self) -> &str {
        &self.activation_id
    }

    /// Public key of the server for this activation.
    #[must_use]
    pub const fn server_public_key(&self) -> &PublicKey {
        &self.server
    }

    /// Public key of this device.
    #[must_use]
    pub const fn device_public_key(&self) -> &PublicKey {
        &self.device
    }

    /// The eight digits both ends show.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        match self.counter {
            Counter::Numeric(_) => fingerprint_v2(&self.device),
            Counter::Hash { .. } => fingerprint(&self.device, &self.server, &self.activation_id),
        }
    }

    /// Generation of the protocol: 3, or 2 until an upgrade has been started.
    #[must_use]
    pub const fn generation(&self) -> u8 {
        match self.counter {
            Counter::Numeric(_) => 2,
            Counter::Hash { .. } => 3,
        }
    }

    /// Whether an upgrade has been started but not committed; other signed calls wait for it.
    #[must_use]
    pub const fn is_upgrading(&self) -> bool {
        matches!(self.counter, Counter::Hash { upgrading: true, .. })
    }

    /// Whether biometry has been set up.
    #[must_use]
    pub const fn has_biometry(&self) -> bool {
        self.biometry.is_some()
    }

    /// Whether a recovery code rests on the device; [`Vault::recovery`](super::Vault::recovery) opens it.
    #[must_use]
    pub const fn has_recovery(&self) -> bool {
        self.recovery.is_some()
    }

    /// Removes the biometry factor from the device. Store the device afterwards.
    pub fn remove_biometry(&mut self) {
        self.biometry = None;
    }

    /// Exchanges the PIN. Store the device afterwards.
    ///
    /// A wrong old PIN cannot be recognised here and would destroy the knowledge factor: prove it first, with a request
    /// the server accepts ([`Device::validate_signature`]).
    ///
    /// # Errors
    /// [`RequestError::Random`] when the source fails; nothing has changed then.
    pub fn change_proven_pin(
        &mut self,
        old: &Pin,
        new: &Pin,
        rng: &mut dyn Random,
    ) -> Result<(), RequestError> {
        self.knowledge = WrappedKnowledge::wrap(new, &self.knowledge.open(old), rng)?;
        Ok(())
    }

    /// Whether a temporary key must be fetched before the next encrypted request in activation scope.
    #[must_use]
    pub fn needs_temporary_key(&self, now_ms: u64) -> bool {
        self.application.version().has_temporary_keys()
            && !self
                .temporary_key
                .as_ref()
                .is_some_and(|key| key.is_usable(now_ms))
    }

    /// Keeps a fetched temporary key.
    ///
    /// # Errors
    /// [`RequestError::TemporaryKey`] for a key of application scope or of another activation.
    pub fn keep_temporary_key(&mut self, key: TemporaryKey) -> Result<(), RequestError> {
        if key.activation_id() != Some(&self.activation_id) {
            return Err(RequestError::TemporaryKey(Scope::Application));
        }
        self.temporary_key = Some(key);
        Ok(())
    }

    /// Drops the temporary key, so that the next encrypted request needs a fresh one. Worth one retry after the server
    /// could not decrypt a request: it may have lost the key.
    pub fn forget_temporary_key(&mut self) {
        self.temporary_key = None;
    }

    pub(super) const fn transport(&self) -> &Secret<16> {
        &self.transport
    }

    pub(super) fn binding(&self) -> Binding<'_> {
        Binding {
            application: &self.application,
            activation: Some(ActivationBinding {
                id: &self.activation_id,
                transport: &self.transport,
                server: &self.server,
                temporary_key: self.temporary_key.as_ref(),
            }),
        }
    }

    /// The factor keys one signature needs; keys that are not needed are zeros.
    pub(super) fn factor_keys(
        &self,
        authentication: &Authentication<'_>,
    ) -> Result<FactorKeys, RequestError> {
        let unused = || Secret::from_bytes([0; 16]);
        let open = |key: &BiometryKey| match &self.biometry {
            Some(wrapped) => Ok(wrapped.open(key.secret())),
            None => Err(RequestError::NoBiometry),
        };
        Ok(FactorKeys {
            possession: self.possession.clone(),
            knowledge: authentication
                .pin()
                .map_or_else(unused, |pin| self.knowledge.open(pin)),
            biometry: authentication
                .biometry()
                .map(open)
                .transpose()?
                .unwrap_or_else(unused),
        })
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            application,
            activation_id,
            server,
            device,
            wrapping: _,
            possession: _,
            transport: _,
            knowledge: _,
            biometry,
            device_key: _,
            recovery: _,
            counter: _,
            tokens,
            temporary_key,
        } = self;
        f.debug_struct("Device")
            .field("application", application)
            .field("activation_id", activation_id)
            .field("server", server)
            .field("device", device)
            .field("has_biometry", &biometry.is_some())
            .field("tokens", &tokens.len())
            .field("temporary_key", temporary_key)
            .finish_non_exhaustive()
    }
}
