//! The pure-Rust backend on the `p256` crate.

use super::{Backend, ImportedKey};
use crate::crypto::ecdsa::Signature;
use crate::crypto::key::{KeyError, PrivateKey, PublicKey, is_accepted_form};
use crate::crypto::secret::Secret;
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{SigningKey, VerifyingKey};

/// Pure Rust, on every platform. Signatures are deterministic (RFC 6979).
#[derive(Debug, Clone, Copy, Default)]
pub struct RustCrypto;

struct Imported {
    secret: p256::SecretKey,
    signing: SigningKey,
    public: PublicKey,
}

impl core::fmt::Debug for Imported {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self {
            secret: _,
            signing: _,
            public,
        } = self;
        f.debug_struct("RustCryptoKey")
            .field("public", public)
            .finish_non_exhaustive()
    }
}

fn secret_key(private: &PrivateKey) -> Result<p256::SecretKey, KeyError> {
    p256::SecretKey::from_bytes(private.as_bytes().into()).map_err(|_| KeyError::Private)
}

fn point(encoded: &[u8]) -> Result<p256::PublicKey, KeyError> {
    if !is_accepted_form(encoded) {
        return Err(KeyError::Public);
    }
    p256::PublicKey::from_sec1_bytes(encoded).map_err(|_| KeyError::Public)
}

fn agree(secret: &p256::SecretKey, peer: &p256::PublicKey) -> Secret<32> {
    let shared = p256::ecdh::diffie_hellman(secret.to_nonzero_scalar(), peer.as_affine());
    Secret::from_bytes((*shared.raw_secret_bytes()).into())
}

fn sign(key: &SigningKey, message: &[u8]) -> Result<Signature, KeyError> {
    let signature: p256::ecdsa::Signature = key.try_sign(message).map_err(|_| KeyError::Backend)?;
    Signature::from_jose(&signature.to_bytes()).map_err(|_| KeyError::Backend)
}

impl Backend for RustCrypto {
    fn public_key(&self, private: &PrivateKey) -> Result<PublicKey, KeyError> {
        PublicKey::from_p256(&secret_key(private)?.public_key())
    }

    fn import_public(&self, encoded: &[u8]) -> Result<PublicKey, KeyError> {
        PublicKey::from_p256(&point(encoded)?)
    }

    fn agree(&self, private: &PrivateKey, peer: &PublicKey) -> Result<Secret<32>, KeyError> {
        Ok(agree(&secret_key(private)?, &point(peer.as_bytes())?))
    }

    fn sign(&self, private: &PrivateKey, message: &[u8]) -> Result<Signature, KeyError> {
        sign(&SigningKey::from(secret_key(private)?), message)
    }

    fn verify(&self, public: &PublicKey, message: &[u8], signature: &Signature) -> bool {
        let Ok(key) = VerifyingKey::from_sec1_bytes(public.as_bytes()) else {
            return false;
        };
        let Ok(signature) = p256::ecdsa::Signature::from_slice(signature.as_jose()) else {
            return false;
        };
        key.verify(message, &signature).is_ok()
    }

    fn import_private(&self, private: &PrivateKey) -> Result<Box<dyn ImportedKey>, KeyError> {
        let secret = secret_key(private)?;
        let public = PublicKey::from_p256(&secret.public_key())?;
        let signing = SigningKey::from(&secret);
        Ok(Box::new(Imported {
            secret,
            signing,
            public,
        }))
    }
}

impl ImportedKey for Imported {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn agree(&self, peer: &PublicKey) -> Result<Secret<32>, KeyError> {
        self.agree_encoded(peer.as_bytes())
    }

    fn agree_encoded(&self, peer: &[u8]) -> Result<Secret<32>, KeyError> {
        Ok(agree(&self.secret, &point(peer)?))
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, KeyError> {
        sign(&self.signing, message)
    }
}
