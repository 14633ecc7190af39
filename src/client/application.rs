//! The application a phone runs: its keys at the server, and the protocol version it speaks (spec 0.4, 3.7).

use super::error::{ConfigurationError, RequestError};
use super::seal::Binding;
use super::temporary_key::TemporaryKey;
use crate::crypto::backend::{Backend, default_backend};
use crate::crypto::code::ActivationQr;
use crate::crypto::ecies::Scope;
use crate::crypto::encoding::base64;
use crate::crypto::header::{ENCRYPTION_HEADER, EncryptionHeader};
use crate::crypto::key::PublicKey;
use crate::crypto::sdk_config::SdkConfiguration;
use crate::crypto::secret::Secret;
use crate::crypto::version::ProtocolVersion;
use core::fmt;
use zeroize::Zeroizing;

/// Application key, application secret, master public key, and what is known of the server besides.
///
/// Everything in application scope starts here: an activation, encrypted requests without an activation, temporary
/// keys. `Debug` does not show the secret.
#[derive(Clone)]
pub struct Application {
    backend: &'static dyn Backend,
    key: String,
    secret: Zeroizing<String>,
    master: PublicKey,
    version: ProtocolVersion,
    pub(super) temporary_key: Option<TemporaryKey>,
}

impl Application {
    /// From application key, application secret (Base64 of 16 bytes each) and master public key (Base64 of 33 or 65
    /// bytes), as the server lists them. The protocol version is 3.3.
    ///
    /// # Errors
    /// [`ConfigurationError`] for the first that is not in its encoding.
    pub fn new(key: &str, secret: &str, master_public_key: &str) -> Result<Self, ConfigurationError> {
        let backend = default_backend();
        base64::decode_array::<16>(key).map_err(|_| ConfigurationError::Key)?;
        base64::decode_array::<16>(secret).map_err(|_| ConfigurationError::Secret)?;
        let point = base64::decode(master_public_key).map_err(|_| ConfigurationError::MasterKey)?;
        Ok(Self {
            backend,
            key: key.to_owned(),
            secret: Zeroizing::new(secret.to_owned()),
            master: PublicKey::from_bytes(backend, &point).map_err(|_| ConfigurationError::MasterKey)?,
            version: ProtocolVersion::V3_3,
            temporary_key: None,
        })
    }

    /// From the one-string mobile configuration. The protocol version is 3.3.
    ///
    /// # Errors
    /// [`ConfigurationError::SdkConfig`] for a damaged string, [`ConfigurationError::MasterKey`] for a bad point in it.
    pub fn from_sdk_config(text: &str) -> Result<Self, ConfigurationError> {
        let config = SdkConfiguration::parse(text).map_err(|_| ConfigurationError::SdkConfig)?;
        let secret = Zeroizing::new(base64::encode(config.application_secret.as_bytes()));
        Self::new(
            &base64::encode(&config.application_key),
            &secret,
            &base64::encode(&config.master_public_key),
        )
    }

    /// With another protocol version. It is a property of requests, so it may change during the life of a device; a
    /// server older than 3.3 needs this.
    #[must_use]
    pub const fn with_version(mut self, version: ProtocolVersion) -> Self {
        self.version = version;
        self
    }

    /// With another provider of the curve arithmetic.
    #[must_use]
    pub const fn with_backend(mut self, backend: &'static dyn Backend) -> Self {
        self.backend = backend;
        self
    }

    /// Application key, Base64 text.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Master public key.
    #[must_use]
    pub const fn master_public_key(&self) -> &PublicKey {
        &self.master
    }

    /// Protocol version of the requests.
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// Speaks another protocol version from now on.
    pub const fn set_version(&mut self, version: ProtocolVersion) {
        self.version = version;
    }

    /// Reads what the user typed or scanned: `code` or `code#signature`. A signature that is there must be the master
    /// key's; a code typed by hand has none (spec 2.3).
    ///
    /// # Errors
    /// [`ActivationCodeError`](super::ActivationCodeError) for a bad code or a signature of somebody else.
    pub fn read_activation_code(&self, text: &str) -> Result<ActivationQr, super::ActivationCodeError> {
        let qr = ActivationQr::parse(text)?;
        if qr.signature.is_some() && !qr.verify(self.backend, &self.master) {
            return Err(super::ActivationCodeError::Signature);
        }
        Ok(qr)
    }

    /// Whether a temporary key must be fetched before the next encrypted request in application scope.
    #[must_use]
    pub fn needs_temporary_key(&self, now_ms: u64) -> bool {
        self.version.has_temporary_keys()
            && !self
                .temporary_key
                .as_ref()
                .is_some_and(|key| key.is_usable(now_ms))
    }

    /// Keeps a fetched temporary key.
    ///
    /// # Errors
    /// [`RequestError::TemporaryKey`] for a key of activation scope.
    pub fn keep_temporary_key(&mut self, key: TemporaryKey) -> Result<(), RequestError> {
        if key.activation_id().is_some() {
            return Err(RequestError::TemporaryKey(Scope::Activation));
        }
        self.temporary_key = Some(key);
        Ok(())
    }

    /// Drops the temporary key, so that the next encrypted request needs a fresh one. Worth one retry after the server
    /// could not decrypt a request: it may have lost the key.
    pub fn forget_temporary_key(&mut self) {
        self.temporary_key = None;
    }

    pub(super) fn backend(&self) -> &'static dyn Backend {
        self.backend
    }

    /// The application secret as its Base64 text, the form that enters signatures.
    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// The application secret decoded, the form that enters JWT keys.
    pub(super) fn raw_secret(&self) -> Result<Secret<16>, RequestError> {
        // Checked on construction.
        let raw = base64::decode_array(&self.secret).map_err(|_| RequestError::Argument("secret"))?;
        Ok(Secret::from_bytes(raw))
    }

    pub(super) const fn binding(&self) -> Binding<'_> {
        Binding {
            application: self,
            activation: None,
        }
    }

    pub(super) fn encryption_header(&self, activation_id: Option<&str>) -> (&'static str, String) {
        let header = EncryptionHeader {
            version: self.version,
            application_key: self.key.clone(),
            activation_id: activation_id.map(str::to_owned),
        };
        (ENCRYPTION_HEADER, header.to_text())
    }
}

impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            backend,
            key,
            secret: _,
            master,
            version,
            temporary_key,
        } = self;
        f.debug_struct("Application")
            .field("backend", backend)
            .field("key", key)
            .field("master", master)
            .field("version", version)
            .field("temporary_key", temporary_key)
            .finish_non_exhaustive()
    }
}
