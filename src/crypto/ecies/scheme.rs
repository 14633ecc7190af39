//! What both sides compute: purposes, shared information, the envelope key and the two directions (spec 4.1 to 4.5).

use super::EciesError;
use crate::crypto::encoding::length_prefixed;
use crate::crypto::kdf;
use crate::crypto::secret::{Secret, SecretVec, ct_eq};
use crate::crypto::symmetric::{ZERO_IV, decrypt_cbc, encrypt_cbc, hmac_sha256, sha256};
use crate::crypto::version::ProtocolVersion;

/// Whose keys an envelope is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Any installation of the application.
    Application,
    /// One activation.
    Activation,
}

/// What an envelope is for. Envelopes of different purposes cannot be opened in each other's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Application endpoints, application scope.
    GenericApplication,
    /// Application endpoints, activation scope.
    GenericActivation,
    /// Outer layer of an activation; the edge can read it. The same text as [`Purpose::GenericApplication`].
    ActivationLayer1,
    /// Inner layer of an activation; only the server can read it.
    ActivationLayer2,
    /// Protocol upgrade.
    UpgradeStart,
    /// Vault unlock.
    VaultUnlock,
    /// Token creation.
    TokenCreate,
    /// Confirmation of a recovery code.
    RecoveryConfirm,
}

impl Purpose {
    /// All eight purposes.
    pub const ALL: [Self; 8] = [
        Self::GenericApplication,
        Self::GenericActivation,
        Self::ActivationLayer1,
        Self::ActivationLayer2,
        Self::UpgradeStart,
        Self::VaultUnlock,
        Self::TokenCreate,
        Self::RecoveryConfirm,
    ];

    /// The `SharedInfo1` text.
    #[must_use]
    pub const fn shared_info1(self) -> &'static str {
        match self {
            Self::GenericApplication | Self::ActivationLayer1 => "/pa/generic/application",
            Self::GenericActivation => "/pa/generic/activation",
            Self::ActivationLayer2 => "/pa/activation",
            Self::UpgradeStart => "/pa/upgrade",
            Self::VaultUnlock => "/pa/vault/unlock",
            Self::TokenCreate => "/pa/token/create",
            Self::RecoveryConfirm => "/pa/recovery/confirm",
        }
    }

    /// The scope the purpose belongs to.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::GenericApplication | Self::ActivationLayer1 | Self::ActivationLayer2 => Scope::Application,
            Self::GenericActivation
            | Self::UpgradeStart
            | Self::VaultUnlock
            | Self::TokenCreate
            | Self::RecoveryConfirm => Scope::Activation,
        }
    }
}

/// The public parameters of an envelope. Texts enter the associated data exactly as the sender wrote them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameters<'a> {
    /// Protocol version of the request.
    pub version: ProtocolVersion,
    /// What the envelope is for.
    pub purpose: Purpose,
    /// Application key, Base64 text.
    pub application_key: &'a str,
    /// Activation ID; in activation scope only.
    pub activation_id: Option<&'a str>,
    /// ID of the temporary key; 3.3 only.
    pub temporary_key_id: Option<&'a str>,
}

/// `SharedInfo2` base (spec 4.3): of the application secret's Base64 text, and in activation scope of the transport key.
#[must_use]
pub fn shared_info2_base(application_secret: &str, transport: Option<&Secret<16>>) -> Secret<32> {
    let secret = application_secret.as_bytes();
    Secret::from_bytes(match transport {
        None => sha256(&[secret]),
        Some(transport) => hmac_sha256(transport.as_bytes(), &[secret]),
    })
}

/// Associated data (spec 4.4); empty up to 3.1.
///
/// # Errors
/// [`EciesError::Parameter`] when a parameter is missing or superfluous for version and scope.
pub fn associated_data(parameters: &Parameters<'_>) -> Result<Vec<u8>, EciesError> {
    let Parameters {
        version,
        purpose,
        application_key,
        activation_id,
        temporary_key_id,
    } = *parameters;
    if temporary_key_id.is_some() != version.has_temporary_keys() {
        return Err(EciesError::Parameter("temporary_key_id"));
    }
    if activation_id.is_some() != (purpose.scope() == Scope::Activation) {
        return Err(EciesError::Parameter("activation_id"));
    }
    if application_key.is_empty() {
        return Err(EciesError::Parameter("application_key"));
    }
    if !version.has_associated_data() {
        return Ok(Vec::new());
    }
    let parts = [
        Some(version.as_str()),
        Some(application_key),
        activation_id,
        temporary_key_id,
    ];
    let present: Vec<_> = parts
        .into_iter()
        .flatten()
        .map(|text| Some(text.as_bytes()))
        .collect();
    length_prefixed(&present).map_err(|_| EciesError::Parameter("application_key"))
}

/// The 48 bytes both directions of one request are protected with: encryption key, MAC key, IV key.
#[derive(Debug, Clone)]
pub struct EnvelopeKey(Secret<48>);

impl EnvelopeKey {
    /// Length in bytes.
    pub const LENGTH: usize = 48;

    /// Derives the key from the ECDH secret, the purpose and the ephemeral key **as transmitted**.
    #[must_use]
    pub fn derive(
        shared: &Secret<32>,
        version: ProtocolVersion,
        purpose: Purpose,
        ephemeral_key: &[u8],
    ) -> Self {
        let prefix = if version.prefixes_shared_info1() {
            version.as_str()
        } else {
            ""
        };
        Self::derive_from_info(
            shared,
            &[prefix.as_bytes(), purpose.shared_info1().as_bytes()],
            ephemeral_key,
        )
    }

    /// Derives the key from arbitrary `SharedInfo1` parts, which are concatenated.
    #[must_use]
    pub fn derive_from_info(shared: &Secret<32>, shared_info1: &[&[u8]], ephemeral_key: &[u8]) -> Self {
        let mut info = shared_info1.concat();
        info.extend_from_slice(ephemeral_key);
        let derived = kdf::x963(shared.as_bytes(), &info, Self::LENGTH);
        let mut key = Secret::from_bytes([0; Self::LENGTH]);
        key.as_mut_bytes().copy_from_slice(derived.as_bytes());
        Self(key)
    }

    /// Takes the key the server handed to the edge.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(Secret::from_bytes(bytes))
    }

    /// The key as the server hands it to the edge.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        self.0.as_bytes()
    }

    fn parts(&self) -> (Secret<16>, &[u8], &[u8]) {
        let (encryption, rest) = self.0.as_bytes().split_at(16);
        let (mac, iv) = rest.split_at(16);
        let mut key = Secret::from_bytes([0; 16]);
        key.as_mut_bytes().copy_from_slice(encryption);
        (key, mac, iv)
    }
}

/// Everything both directions of one request share.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) version: ProtocolVersion,
    pub(super) key: EnvelopeKey,
    pub(super) base: SecretVec,
    pub(super) associated_data: Vec<u8>,
}

/// What distinguishes one message of the context.
#[derive(Clone, Copy)]
pub(super) struct Message<'a> {
    pub(super) nonce: Option<&'a [u8; 16]>,
    pub(super) timestamp: Option<u64>,
    /// In requests only.
    pub(super) ephemeral_key: Option<&'a [u8]>,
}

impl Context {
    pub(super) fn seal(&self, message: Message<'_>, plain: &[u8]) -> Result<(Vec<u8>, [u8; 32]), EciesError> {
        let (encryption, mac_key, iv_key) = self.key.parts();
        let encrypted = encrypt_cbc(&encryption, &iv(iv_key, message), plain);
        let mac = hmac_sha256(mac_key, &[&encrypted, self.shared_info2(message)?.as_bytes()]);
        Ok((encrypted, mac))
    }

    pub(super) fn open(
        &self,
        message: Message<'_>,
        encrypted: &[u8],
        mac: &[u8; 32],
    ) -> Result<SecretVec, EciesError> {
        let (encryption, mac_key, iv_key) = self.key.parts();
        let expected = hmac_sha256(mac_key, &[encrypted, self.shared_info2(message)?.as_bytes()]);
        if !ct_eq(&expected, mac) {
            return Err(EciesError::Decryption);
        }
        decrypt_cbc(&encryption, &iv(iv_key, message), encrypted).map_err(|_| EciesError::Decryption)
    }

    fn shared_info2(&self, message: Message<'_>) -> Result<SecretVec, EciesError> {
        if !self.version.has_associated_data() {
            return Ok(self.base.clone());
        }
        let timestamp = message.timestamp.map(u64::to_be_bytes);
        let parts = [
            Some(self.base.as_bytes()),
            message.nonce.map(|nonce| nonce.as_slice()),
            timestamp.as_ref().map(|timestamp| timestamp.as_slice()),
            message.ephemeral_key,
            Some(&self.associated_data),
        ];
        let joined = length_prefixed(&parts).map(SecretVec::from_vec);
        joined.map_err(|_| EciesError::Field("ephemeralPublicKey"))
    }
}

fn iv(iv_key: &[u8], message: Message<'_>) -> [u8; 16] {
    message
        .nonce
        .map_or(ZERO_IV, |nonce| *kdf::derive_internal(iv_key, nonce).as_bytes())
}
