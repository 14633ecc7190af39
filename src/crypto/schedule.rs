//! The key schedule of an activation (spec 1.6).
//!
//! Phone and server arrive at the same keys from opposite halves of one ECDH:
//!
//! ```text
//! Z = ECDH(device private, server public) = ECDH(server private, device public)      32 bytes
//! K_M = fold(Z)
//!   ├ 1    possession ┐
//!   ├ 2    knowledge  ├ factor keys: what a signature is made of
//!   ├ 3    biometry   ┘
//!   ├ 1000 transport     status blob, vault key transport, activation-scope encryption
//!   └ 2000 vault         encrypts the device key; never stored on the phone
//! ```
//!
//! The server may keep the derived keys sealed beside the private key, so that a verification needs no elliptic curve.

use super::backend::{Backend, ImportedKey};
use super::encoding::fold;
use super::kdf::derive;
use super::key::{KeyError, PrivateKey, PublicKey};
use super::secret::Secret;

/// `K_M`, the folded shared secret of an activation.
#[derive(Debug, Clone)]
pub struct MasterSecret(Secret<16>);

impl MasterSecret {
    /// Takes a known value.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Secret::from_bytes(bytes))
    }

    /// Folds an ECDH secret.
    #[must_use]
    pub fn from_shared(shared: &Secret<32>) -> Self {
        Self(Secret::from_bytes(fold(shared.as_bytes())))
    }

    /// Agrees on the secret: own private key, the other side's public key.
    ///
    /// # Errors
    /// [`KeyError`] when the backend refuses.
    pub fn agree(backend: &dyn Backend, private: &PrivateKey, public: &PublicKey) -> Result<Self, KeyError> {
        backend
            .agree(private, public)
            .map(|shared| Self::from_shared(&shared))
    }

    /// As [`agree`](Self::agree) with a private key the backend has already imported.
    ///
    /// # Errors
    /// [`KeyError`] when the backend refuses.
    pub fn agree_imported(private: &dyn ImportedKey, public: &PublicKey) -> Result<Self, KeyError> {
        private.agree(public).map(|shared| Self::from_shared(&shared))
    }

    /// The secret bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

/// The three factor keys.
#[derive(Debug, Clone)]
pub struct FactorKeys {
    /// `K_POS`: the phone.
    pub possession: Secret<16>,
    /// `K_KNO`: the PIN or password.
    pub knowledge: Secret<16>,
    /// `K_BIO`: fingerprint or face.
    pub biometry: Secret<16>,
}

/// All symmetric keys of an activation.
#[derive(Debug, Clone)]
pub struct ActivationKeys {
    /// `K_POS`
    pub possession: Secret<16>,
    /// `K_KNO`
    pub knowledge: Secret<16>,
    /// `K_BIO`
    pub biometry: Secret<16>,
    /// `K_T`
    pub transport: Secret<16>,
    /// `K_V`
    pub vault: Secret<16>,
}

impl ActivationKeys {
    /// Agrees and derives in one go.
    ///
    /// # Errors
    /// [`KeyError`] when the backend refuses.
    pub fn derive(backend: &dyn Backend, private: &PrivateKey, public: &PublicKey) -> Result<Self, KeyError> {
        MasterSecret::agree(backend, private, public).map(|master| Self::from_master(&master))
    }

    /// Derives all keys of a master secret.
    #[must_use]
    pub fn from_master(master: &MasterSecret) -> Self {
        let MasterSecret(master) = master;
        Self {
            possession: derive(master, 1),
            knowledge: derive(master, 2),
            biometry: derive(master, 3),
            transport: derive(master, 1000),
            vault: derive(master, 2000),
        }
    }

    /// A copy of the three factor keys.
    #[must_use]
    pub fn factor_keys(&self) -> FactorKeys {
        FactorKeys {
            possession: self.possession.clone(),
            knowledge: self.knowledge.clone(),
            biometry: self.biometry.clone(),
        }
    }
}
