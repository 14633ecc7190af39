//! The secure vault: the server gives back the vault key for a moment (spec sections 8 and 11.3).
//!
//! ```text
//! phone ── signed with two factors, sealed: reason ──▶ server
//! phone ◀── sealed: vault key, wrapped with the transport key ── server
//! ```

use super::activation::RecoveryData;
use super::device::Device;
use super::error::{ReplyError, RequestError};
use super::factors::{Authentication, BiometryKey, Wrapped};
use super::message::{Call, secret_json};
use super::seal::{open, parse};
use super::unsaved::Unsaved;
use crate::crypto::backend::Backend;
use crate::crypto::code::{Puk, RecoveryCode};
use crate::crypto::ecdsa::Signature;
use crate::crypto::ecies::{Purpose, ResponseOpener};
use crate::crypto::encoding::base64;
use crate::crypto::jwt;
use crate::crypto::kdf;
use crate::crypto::key::{KeyError, PrivateKey};
use crate::crypto::random::Random;
use crate::crypto::schedule::ActivationKeys;
use crate::crypto::secret::Secret;
use crate::crypto::signature::SignatureType;
use crate::crypto::symmetric::{ZERO_IV, decrypt_cbc, encrypt_cbc};
use crate::crypto::vault::{unwrap_device_key, unwrap_vault_key};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// Why the vault is opened; the server records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VaultReason<'a> {
    /// To set up biometry.
    AddBiometry,
    /// To derive a key for data of the application.
    FetchEncryptionKey,
    /// To sign with the device key.
    SignWithDevicePrivateKey,
    /// To show the recovery code.
    RecoveryCode,
    /// Another reason: 3 to 255 letters, digits, `_`, `-` and `.`.
    Other(&'a str),
}

impl<'a> VaultReason<'a> {
    /// The text the server receives.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        match self {
            Self::AddBiometry => "ADD_BIOMETRY",
            Self::FetchEncryptionKey => "FETCH_ENCRYPTION_KEY",
            Self::SignWithDevicePrivateKey => "SIGN_WITH_DEVICE_PRIVATE_KEY",
            Self::RecoveryCode => "RECOVERY_CODE",
            Self::Other(text) => text,
        }
    }
}

#[derive(Serialize)]
struct UnlockRequest<'a> {
    reason: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UnlockReply {
    encrypted_vault_encryption_key: Option<String>,
}

/// Reads the answer to a vault unlock.
#[derive(Debug)]
pub struct PendingVault {
    opener: ResponseOpener,
}

impl PendingVault {
    /// Opens the vault and checks that its key belongs to this device: the device key opens with it and leads to it again.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused, or [`ReplyError::Vault`] when the key does not fit.
    pub fn read(self, device: &Device, status: u16, body: &[u8]) -> Result<Vault, ReplyError> {
        let reply: UnlockReply = parse(&open(self.opener, status, body)?)?;
        let wrapped = reply
            .encrypted_vault_encryption_key
            .and_then(|text| base64::decode(&text).ok())
            .ok_or(ReplyError::Malformed("encryptedVaultEncryptionKey"))?;
        let key = unwrap_vault_key(&device.transport, &wrapped).map_err(|_| ReplyError::Vault)?;
        let device_key = unwrap_device_key(&key, &device.device_key).map_err(|_| ReplyError::Vault)?;
        let backend = device.application.backend();
        let keys =
            ActivationKeys::derive(backend, &device_key, &device.server).map_err(|_| ReplyError::Vault)?;
        if !keys.vault.ct_eq(&key) {
            return Err(ReplyError::Vault);
        }
        Ok(Vault {
            backend,
            keys,
            device_key,
        })
    }
}

/// An open vault. Everything in it is erased when it is dropped; keep it no longer than needed.
#[derive(Debug)]
pub struct Vault {
    backend: &'static dyn Backend,
    keys: ActivationKeys,
    device_key: PrivateKey,
}

impl Vault {
    /// A key for data of the application; the index is the application's choice.
    #[must_use]
    pub fn data_key(&self, index: u64) -> Secret<16> {
        kdf::derive(&self.keys.vault, index)
    }

    /// Sets up biometry. Store the device afterwards.
    pub fn add_biometry(&self, device: &mut Device, key: &BiometryKey) {
        device.biometry = Some(Wrapped::wrap(key.secret(), &self.keys.biometry));
    }

    /// Signs with the private key of the device (ECDSA, SHA-256); take the DER or the JOSE form of the result.
    ///
    /// Deterministic with the pure-Rust backend; other backends draw randomness of their own.
    ///
    /// # Errors
    /// [`KeyError`] when the backend fails.
    pub fn sign(&self, data: &[u8]) -> Result<Signature, KeyError> {
        self.backend.sign(&self.device_key, data)
    }

    /// Signs the JSON text of claims as a JWT (`ES256`) with the private key of the device.
    ///
    /// # Errors
    /// [`KeyError`] when the backend fails.
    pub fn sign_jwt(&self, claims: &str) -> Result<String, KeyError> {
        let key = self.backend.import_private(&self.device_key)?;
        jwt::sign_es256(r#"{"alg":"ES256","typ":"JWT"}"#, claims, key.as_ref())
    }

    /// The recovery code that rests on the device, if any.
    ///
    /// # Errors
    /// [`ReplyError::Vault`] when it does not open with this vault.
    pub fn recovery(&self, device: &Device) -> Result<Option<RecoveryData>, ReplyError> {
        device
            .recovery
            .as_deref()
            .map(|sealed| RecoveryData::open(&self.keys.vault, sealed).ok_or(ReplyError::Vault))
            .transpose()
    }
}

/// The client-private form of a recovery code at rest.
#[derive(Serialize)]
struct StoredRecovery<'a> {
    code: &'a str,
    puk: &'a str,
}

#[derive(Deserialize)]
struct LoadedRecovery {
    code: String,
    puk: String,
}

impl Drop for LoadedRecovery {
    fn drop(&mut self) {
        self.code.zeroize();
        self.puk.zeroize();
    }
}

impl RecoveryData {
    pub(super) fn seal(&self, vault: &Secret<16>) -> Result<Vec<u8>, RequestError> {
        let stored = StoredRecovery {
            code: self.code.as_str(),
            puk: self.puk.as_str(),
        };
        let plain = secret_json(&stored, "recovery")?;
        Ok(encrypt_cbc(vault, &ZERO_IV, plain.as_bytes()))
    }

    fn open(vault: &Secret<16>, sealed: &[u8]) -> Option<Self> {
        let plain = decrypt_cbc(vault, &ZERO_IV, sealed).ok()?;
        let loaded: LoadedRecovery = serde_json::from_slice(plain.as_bytes()).ok()?;
        Some(Self {
            code: RecoveryCode::parse(&loaded.code).ok()?,
            puk: Puk::parse(&loaded.puk).ok()?,
        })
    }
}

impl Device {
    /// Asks the server to open the vault. Servers accept phone and PIN; phone and biometry only where configured.
    ///
    /// # Errors
    /// [`RequestError::Factors`] for other combinations, [`RequestError::Argument`] for a bad reason, and all of
    /// [`Device::sign`] and of encryption; the counter has not moved then.
    pub fn unlock_vault(
        &mut self,
        reason: VaultReason<'_>,
        authentication: &Authentication<'_>,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingVault>>, RequestError> {
        authentication.must_be(SignatureType::TWO_FACTORS)?;
        let reason = reason.as_str();
        let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.');
        if !(3..=255).contains(&reason.len()) || !reason.bytes().all(allowed) {
            return Err(RequestError::Argument("reason"));
        }
        let plain = secret_json(&UnlockRequest { reason }, "reason")?;
        let (body, opener) = self
            .binding()
            .body(Purpose::VaultUnlock, plain.as_bytes(), now_ms, rng)?;
        let signed = self.signed_post(
            "/pa/v3/vault/unlock",
            "/pa/vault/unlock",
            &body,
            authentication,
            rng,
        )?;
        Ok(signed.map(|request| Call {
            request,
            pending: PendingVault { opener },
        }))
    }
}
