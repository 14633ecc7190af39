//! Opens encrypted requests and seals their responses on behalf of the use cases (protocol, section
//! 4; server API, part 1, section 3.6).

use serde::Serialize;

use super::activation::init::master_private;
use super::activation::{open_keys, private_place};
use super::application_version::open_secret;
use super::{Engine, EngineStop, ErrorCode, keystore, replay};
use crate::crypto::backend::ImportedKey;
use crate::crypto::ecies::{
    Decryptor, EnvelopeRequest, EnvelopeResponse, Parameters, Purpose, Request, ResponseSealer, Scope,
    shared_info2_base,
};
use crate::crypto::key::PrivateKey;
use crate::crypto::secret::{Secret, SecretVec, SecretWriter};
use crate::crypto::version::ProtocolVersion;
use crate::model::activation::Activation;
use crate::model::application::{Application, ApplicationVersion};
use crate::store::Tx;

/// An envelope whose fields fit its version.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) version: ProtocolVersion,
    fields: EnvelopeRequest,
}

impl Received {
    /// Checks version and presence of the fields: ERR0018 for a version that is not served, `misfit`
    /// for a missing or superfluous field.
    pub(crate) fn check(
        version: Option<&str>,
        fields: EnvelopeRequest,
        misfit: ErrorCode,
    ) -> Result<Self, EngineStop> {
        let version = ProtocolVersion::parse(version.unwrap_or_default());
        let version = version.map_err(|_| ErrorCode::DecryptionFailed)?;
        // A caller that never heard of temporary keys cannot mean 3.3.
        if version.has_temporary_keys() && fields.temporary_key_id.is_none() {
            return Err(ErrorCode::DecryptionFailed.into());
        }
        let complete =
            fields.ephemeral_public_key.is_some() && fields.encrypted_data.is_some() && fields.mac.is_some();
        let fits = complete
            && fields.nonce.is_some() == version.has_request_nonce()
            && fields.timestamp.is_some() == version.has_timestamp()
            && (fields.temporary_key_id.is_none() || version.has_temporary_keys());
        if !fits {
            return Err(misfit.into());
        }
        Ok(Self { version, fields })
    }

    /// The fields as bytes, without accepting them; none when they are unreadable.
    pub(crate) fn peek(&self) -> Option<Request> {
        self.fields.decode(self.version).ok()
    }

    /// The fields as bytes, accepted once: ERR0018 when one is not Base64 or has a wrong length,
    /// ERR0024 for a replay. `activation` is the spelling that the phone used, in activation scope.
    pub(crate) fn accept(
        &self,
        engine: &Engine,
        tx: &mut Tx<'_>,
        activation: Option<&str>,
    ) -> Result<Accepted, EngineStop> {
        let request = self.fields.decode(self.version);
        let request = request.map_err(|_| ErrorCode::DecryptionFailed)?;
        replay::accept_envelope(engine, tx, &request, activation)?;
        Ok(Accepted {
            version: self.version,
            request,
        })
    }
}

/// An envelope that was not seen before.
#[derive(Debug)]
pub(crate) struct Accepted {
    version: ProtocolVersion,
    request: Request,
}

/// Who an envelope is for.
pub(crate) enum Recipient<'a> {
    /// The application's key.
    Application(&'a Application),
    /// The activation's key. The phone proves the transport key with the MAC.
    Activation(&'a Activation),
}

/// Accepts the envelope once and opens it. ERR0024 for a replay, ERR0018 when it does not open.
pub(crate) fn open(
    engine: &Engine,
    tx: &mut Tx<'_>,
    purpose: Purpose,
    received: &Received,
    application_version: &ApplicationVersion,
    recipient: &Recipient<'_>,
    activation_id: Option<&str>,
) -> Result<(SecretVec, ResponseSealer), EngineStop> {
    let scope_id = scope_id(purpose, activation_id);
    let accepted = received.accept(engine, tx, scope_id)?;
    open_accepted(
        engine,
        tx,
        purpose,
        &accepted,
        application_version,
        recipient,
        scope_id,
    )
}

fn scope_id(purpose: Purpose, activation_id: Option<&str>) -> Option<&str> {
    match purpose.scope() {
        Scope::Application => None,
        Scope::Activation => activation_id,
    }
}

/// Opens an accepted envelope. ERR0018 when it does not open.
pub(crate) fn open_accepted(
    engine: &Engine,
    tx: &mut Tx<'_>,
    purpose: Purpose,
    accepted: &Accepted,
    application_version: &ApplicationVersion,
    recipient: &Recipient<'_>,
    activation_id: Option<&str>,
) -> Result<(SecretVec, ResponseSealer), EngineStop> {
    let Accepted { version, request } = accepted;
    let base = shared_base(engine, application_version, recipient)?;
    let key_id = request.temporary_key_id.as_deref();
    let private = recipient_key(engine, tx, *version, key_id, application_version, recipient)?;
    let parameters = Parameters {
        version: *version,
        purpose,
        application_key: &application_version.key,
        activation_id: scope_id(purpose, activation_id),
        temporary_key_id: key_id,
    };
    Decryptor::new(private.as_ref(), &parameters, &base, request)
        .and_then(|decryptor| decryptor.open(request))
        .map_err(|_| ErrorCode::DecryptionFailed.into())
}

/// The base of `SharedInfo2` (protocol, section 4.3).
pub(crate) fn shared_base(
    engine: &Engine,
    application_version: &ApplicationVersion,
    recipient: &Recipient<'_>,
) -> Result<Secret<32>, EngineStop> {
    let secret = open_secret(engine, application_version)?;
    Ok(match recipient {
        Recipient::Application(_) => shared_info2_base(&secret, None),
        Recipient::Activation(activation) => {
            let keys = open_keys(engine, activation)?.ok_or(ErrorCode::ActivationIncorrectState)?;
            shared_info2_base(&secret, Some(&keys.transport))
        }
    })
}

/// The private key of protocol section 4.2, ready for use.
pub(crate) fn recipient_key(
    engine: &Engine,
    tx: &mut Tx<'_>,
    version: ProtocolVersion,
    temporary_key_id: Option<&str>,
    application_version: &ApplicationVersion,
    recipient: &Recipient<'_>,
) -> Result<Box<dyn ImportedKey>, EngineStop> {
    let private = if version.has_temporary_keys() {
        let id = temporary_key_id.unwrap_or_default();
        let activation = match recipient {
            Recipient::Application(_) => None,
            Recipient::Activation(activation) => Some(activation.id.as_str()),
        };
        keystore::private_key(engine, tx, id, &application_version.key, activation)?
    } else {
        match recipient {
            Recipient::Application(application) => master_private(engine, application)?,
            Recipient::Activation(activation) => server_private(engine, activation)?,
        }
    };
    let imported = engine.backend.import_private(&private);
    imported.map_err(|_| ErrorCode::InvalidKeyFormat.into())
}

/// The activation's server private key; ERR0010 when it is broken.
pub(crate) fn server_private(engine: &Engine, activation: &Activation) -> Result<PrivateKey, EngineStop> {
    let private = engine
        .keyring
        .open(private_place(&activation.id), &activation.server_private)?;
    PrivateKey::from_bytes(private.as_bytes()).map_err(|_| ErrorCode::InvalidKeyFormat.into())
}

/// Seals a JSON answer; ERR0017 when that fails.
pub(crate) fn seal<T: Serialize>(
    tx: &mut Tx<'_>,
    sealer: ResponseSealer,
    answer: &T,
) -> Result<EnvelopeResponse, EngineStop> {
    let mut plain = SecretWriter::new();
    serde_json::to_writer(&mut plain, answer).map_err(|_| ErrorCode::EncryptionFailed)?;
    let now = tx.now();
    sealer
        .seal(plain.written().as_bytes(), now, tx)
        .map_err(|_| ErrorCode::EncryptionFailed.into())
}
