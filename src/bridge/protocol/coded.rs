//! Bytes in JSON.

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use super::{Failure, malformed};
use crate::crypto::backend::{Backend, ImportedKey, default_backend};
use crate::crypto::encoding::base64;
use crate::crypto::key::{PrivateKey, PublicKey};
use crate::crypto::secret::Secret;
use crate::crypto::version::ProtocolVersion;

/// So many bytes; erased after use.
pub(super) struct Exactly<const N: usize>(Zeroizing<[u8; N]>);

impl<'de, const N: usize> Deserialize<'de> for Exactly<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let bytes = base64::decode_array(&text).map_err(|_| serde::de::Error::custom("Base64"))?;
        Ok(Self(Zeroizing::new(bytes)))
    }
}

impl<const N: usize> Exactly<N> {
    pub(super) fn bytes(&self) -> &[u8; N] {
        &self.0
    }

    pub(super) fn secret(&self) -> Secret<N> {
        Secret::from_bytes(*self.0)
    }
}

impl Exactly<32> {
    pub(super) fn private(&self) -> Result<Box<dyn ImportedKey>, Failure> {
        let key = PrivateKey::from_bytes(self.bytes()).map_err(malformed)?;
        default_backend().import_private(&key).map_err(malformed)
    }
}

/// Any number of bytes; erased after use.
pub(super) struct Bytes(Zeroizing<Vec<u8>>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let bytes = base64::decode(&text).map_err(|_| serde::de::Error::custom("Base64"))?;
        Ok(Self(Zeroizing::new(bytes)))
    }
}

impl Bytes {
    pub(super) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn public(&self) -> Result<PublicKey, Failure> {
        let backend: &dyn Backend = default_backend();
        PublicKey::from_bytes(backend, &self.0).map_err(malformed)
    }
}

/// A version of the protocol.
pub(super) struct Version(pub(super) ProtocolVersion);

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let version = ProtocolVersion::parse(&text).map_err(|_| serde::de::Error::custom("version"))?;
        Ok(Self(version))
    }
}
