//! What decisions read of the versions of an application: whose a key is, and the secret that belongs to it.

use zeroize::Zeroizing;

use super::{Engine, EngineStop, Place};
use crate::crypto::encoding::base64;
use crate::model::application::{APPLICATION_VERSION, ApplicationVersion};
use crate::store::Tx;

/// Place of an application secret.
pub(crate) fn secret_place(key: &str) -> Place<'_> {
    Place {
        collection: APPLICATION_VERSION,
        id: key,
        field: "secret",
    }
}

/// The version of an application key, unless it is unknown or unsupported.
pub(crate) fn supported_version(
    tx: &mut Tx<'_>,
    key: &str,
) -> Result<Option<ApplicationVersion>, EngineStop> {
    Ok(tx
        .get::<ApplicationVersion>(key)?
        .filter(|version| version.supported))
}

/// The application secret as Base64 text.
pub(crate) fn open_secret(
    engine: &Engine,
    version: &ApplicationVersion,
) -> Result<Zeroizing<String>, EngineStop> {
    let secret = engine
        .keyring
        .open_often(secret_place(&version.key), &version.secret)?;
    Ok(Zeroizing::new(base64::encode(secret.as_bytes())))
}
