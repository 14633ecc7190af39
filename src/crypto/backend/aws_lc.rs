//! The accelerated backend on `aws-lc-rs`.
//!
//! Everything that decides about acceptance of an encoding (length, leading byte, DER strictness) happens before the
//! provider is asked, in the code both backends share; the provider itself also reads other forms.

use super::{Backend, ImportedKey};
use crate::crypto::ecdsa::Signature;
use crate::crypto::key::{KeyError, PrivateKey, PublicKey, is_accepted_form};
use crate::crypto::secret::Secret;
use aws_lc_rs::agreement::{self, ECDH_P256};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, ParsedPublicKey, UnparsedPublicKey,
};
use std::sync::OnceLock;

/// AWS-LC through `aws-lc-rs`. Signatures draw their nonce from the library's own generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct AwsLc;

struct Imported {
    private: PrivateKey,
    agreement: agreement::PrivateKey,
    /// Made when it is first asked for: encrypted requests never do, and it costs a fourth of an agreement.
    signing: OnceLock<Option<EcdsaKeyPair>>,
    public: PublicKey,
}

impl core::fmt::Debug for Imported {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self {
            private: _,
            agreement: _,
            signing: _,
            public,
        } = self;
        f.debug_struct("AwsLcKey")
            .field("public", public)
            .finish_non_exhaustive()
    }
}

fn agreement_key(private: &PrivateKey) -> Result<agreement::PrivateKey, KeyError> {
    agreement::PrivateKey::from_private_key(&ECDH_P256, private.as_bytes()).map_err(|_| KeyError::Private)
}

fn public_of(key: &agreement::PrivateKey) -> Result<PublicKey, KeyError> {
    let public = key.compute_public_key().map_err(|_| KeyError::Backend)?;
    public
        .as_ref()
        .try_into()
        .map(PublicKey::from_validated)
        .map_err(|_| KeyError::Backend)
}

/// The uncompressed form of an accepted encoding. The provider validates it again: its own decompression is slower by
/// half, and two implementations have to agree that the point is one.
fn uncompressed(encoded: &[u8]) -> Result<[u8; 65], KeyError> {
    if !is_accepted_form(encoded) {
        return Err(KeyError::Public);
    }
    match encoded.try_into() {
        Ok(point) => Ok(point),
        Err(_) => {
            let point = p256::PublicKey::from_sec1_bytes(encoded).map_err(|_| KeyError::Public)?;
            PublicKey::from_p256(&point).map(|key| *key.as_bytes())
        }
    }
}

fn agree(key: &agreement::PrivateKey, peer: &[u8]) -> Result<Secret<32>, KeyError> {
    let peer = agreement::UnparsedPublicKey::new(&ECDH_P256, uncompressed(peer)?);
    agreement::agree(key, peer, KeyError::Public, |shared| {
        Secret::from_slice(shared).ok_or(KeyError::Backend)
    })
}

fn signing_key(private: &PrivateKey, public: &PublicKey) -> Result<EcdsaKeyPair, KeyError> {
    EcdsaKeyPair::from_private_key_and_public_key(
        &ECDSA_P256_SHA256_FIXED_SIGNING,
        private.as_bytes(),
        public.as_bytes(),
    )
    .map_err(|_| KeyError::Private)
}

fn sign(key: &EcdsaKeyPair, message: &[u8]) -> Result<Signature, KeyError> {
    let signature = key
        .sign(&SystemRandom::new(), message)
        .map_err(|_| KeyError::Backend)?;
    Signature::from_jose(signature.as_ref()).map_err(|_| KeyError::Backend)
}

impl Backend for AwsLc {
    fn public_key(&self, private: &PrivateKey) -> Result<PublicKey, KeyError> {
        public_of(&agreement_key(private)?)
    }

    fn import_public(&self, encoded: &[u8]) -> Result<PublicKey, KeyError> {
        let point = uncompressed(encoded)?;
        ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).map_err(|_| KeyError::Public)?;
        Ok(PublicKey::from_validated(point))
    }

    fn agree(&self, private: &PrivateKey, peer: &PublicKey) -> Result<Secret<32>, KeyError> {
        agree(&agreement_key(private)?, peer.as_bytes())
    }

    fn sign(&self, private: &PrivateKey, message: &[u8]) -> Result<Signature, KeyError> {
        let public = self.public_key(private)?;
        sign(&signing_key(private, &public)?, message)
    }

    fn verify(&self, public: &PublicKey, message: &[u8], signature: &Signature) -> bool {
        // The provider converts the fixed form to DER itself, slower than we do.
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, public.as_bytes())
            .verify(message, &signature.to_der())
            .is_ok()
    }

    fn import_private(&self, private: &PrivateKey) -> Result<Box<dyn ImportedKey>, KeyError> {
        let agreement = agreement_key(private)?;
        let public = public_of(&agreement)?;
        Ok(Box::new(Imported {
            private: private.clone(),
            agreement,
            signing: OnceLock::new(),
            public,
        }))
    }
}

impl ImportedKey for Imported {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn agree(&self, peer: &PublicKey) -> Result<Secret<32>, KeyError> {
        agree(&self.agreement, peer.as_bytes())
    }

    fn agree_encoded(&self, peer: &[u8]) -> Result<Secret<32>, KeyError> {
        agree(&self.agreement, peer)
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, KeyError> {
        let key = self
            .signing
            .get_or_init(|| signing_key(&self.private, &self.public).ok());
        sign(key.as_ref().ok_or(KeyError::Private)?, message)
    }
}
