//! Temporary encryption keys of protocol 3.3 (protocol, section 4.9).

use serde::{Deserialize, Serialize};

use super::activation::init::master_private;
use super::activation::open_keys;
use super::application;
use super::application_version::{open_secret, supported_version};
use super::envelope::server_private;
use super::{Engine, EngineStop, ErrorCode, Outcome, Place, pretend, required, uuid};
use crate::crypto::encoding::base64;
use crate::crypto::jwt::{TemporaryKeyRequest, TemporaryKeyResponse, request_key};
use crate::crypto::key::{KeyPair, PrivateKey};
use crate::model::activation::{Activation, ActivationStatus};
use crate::model::replay::{TEMPORARY_KEY, TemporaryKey};
use crate::store::Tx;

pub(super) fn place(id: &str) -> Place<'_> {
    Place {
        collection: TEMPORARY_KEY,
        id,
        field: "private",
    }
}

/// Request of [`create`], and its answer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["jwt"])))]
#[serde(default)]
pub struct Jwt {
    /// Compact JWT.
    #[cfg_attr(feature = "openapi", schemars(with = "String"))]
    pub jwt: Option<String>,
}

/// A temporary key for an application or an activation. Every failure is ERR0045: the request
/// proves nothing but the knowledge of the secret.
pub fn create(engine: &Engine, tx: &mut Tx<'_>, request: &Jwt) -> Outcome<Jwt> {
    let refused = ErrorCode::TemporaryKeyFailure;
    let (claims, jwt) = TemporaryKeyRequest::parse(required(&request.jwt)?).map_err(|_| refused)?;
    if claims.challenge.len() > 64 {
        return Err(refused.into());
    }
    if let Some(id) = &claims.activation_id {
        tx.want::<Activation>(id);
    }
    engine.keyring.announce(tx);
    let version = supported_version(tx, &claims.application_key)?.ok_or(refused)?;
    let application = application::find(tx, &version.application)?;
    let secret = base64::decode_array::<16>(&open_secret(engine, &version)?).map_err(|_| refused)?;
    let mut activation = None;
    let transport = match &claims.activation_id {
        None => None,
        Some(id) => {
            let usable = |it: &Activation| {
                let state = matches!(it.status, ActivationStatus::Active | ActivationStatus::Blocked);
                state && it.application == version.application
            };
            activation = tx.get::<Activation>(id)?.filter(usable);
            match &activation {
                Some(found) => open_keys(engine, found)?.map(|keys| keys.transport),
                None => Some(pretend::transport(engine, tx)?),
            }
        }
    };
    let key = request_key(&secret, transport.as_ref());
    jwt.verify_hs256(&key).map_err(|_| refused)?;
    if claims.activation_id.is_some() != activation.is_some() {
        return Err(refused.into());
    }

    let pair = KeyPair::generate(engine.backend, tx).map_err(|_| refused)?;
    let id = uuid(tx)?;
    let expires = tx.now().saturating_add(engine.config.temporary_key_validity);
    let signer = match &activation {
        None => master_private(engine, &application)?,
        Some(activation) => server_private(engine, activation)?,
    };
    let response = TemporaryKeyResponse::answer(&claims, id.clone(), &pair.public, tx.now(), expires);
    let input = [id.as_bytes(), &tx.now().to_be_bytes()].concat();
    let signed = tx.once("temporary key", &input, |_| {
        let signer = engine.backend.import_private(&signer).ok()?;
        response.sign(signer.as_ref()).ok()
    });
    let private = engine.keyring.seal(place(&id), pair.private.as_bytes(), tx)?;
    tx.put(&TemporaryKey {
        private,
        id,
        application_key: claims.application_key,
        activation: claims.activation_id,
        expires,
    });
    Ok(Ok(Jwt {
        jwt: Some(signed.ok_or(refused)?),
    }))
}

/// The private half of a key for this application version and activation, or ERR0045.
pub(crate) fn private_key(
    engine: &Engine,
    tx: &mut Tx<'_>,
    id: &str,
    application_key: &str,
    activation: Option<&str>,
) -> Result<PrivateKey, EngineStop> {
    let refused = ErrorCode::TemporaryKeyFailure;
    // Clients may write the id in capitals; the associated data keeps their spelling.
    let id = id.to_ascii_lowercase();
    let key = tx.get::<TemporaryKey>(&id)?.ok_or(refused)?;
    if key.application_key != application_key
        || key.activation.as_deref() != activation
        || key.expires <= tx.now()
    {
        return Err(refused.into());
    }
    let private = engine.keyring.open(place(&id), &key.private)?;
    PrivateKey::from_bytes(private.as_bytes()).map_err(|_| refused.into())
}
