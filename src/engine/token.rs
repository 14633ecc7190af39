//! MAC tokens (part 1, section 9; protocol, section 7).

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::activation::{find, save_and_note, version_of};
use super::application;
use super::envelope::{self, Received, Recipient};
use super::json;
use super::pretend;
use super::replay::{self, Window};
use super::signature::SignatureType;
use super::{Engine, EngineStop, Enveloped, ErrorCode, Outcome, Place, required, unique_uuid};
use crate::crypto::ecies::{EnvelopeResponse, Purpose, replay_identifier};
use crate::crypto::encoding::base64;
use crate::crypto::secret::Secret;
use crate::crypto::token;
use crate::crypto::version::ProtocolVersion;
use crate::model::activation::{Activation, ActivationStatus};
use crate::model::application::ApplicationVersion;
use crate::model::token::{TOKEN, Token};
use crate::store::Tx;

pub(crate) fn place(id: &str) -> Place<'_> {
    Place {
        collection: TOKEN,
        id,
        field: "secret",
    }
}

/// Request of [`create`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["activationId", "applicationKey", "signatureType"])))]
#[serde(default, rename_all = "camelCase")]
pub struct CreateToken {
    /// The activation.
    pub activation_id: Option<String>,
    /// The application version.
    pub application_key: Option<String>,
    /// Factors of the signature that the caller has verified.
    pub signature_type: Option<SignatureType>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewToken<'a> {
    token_id: &'a str,
    token_secret: &'a str,
}

/// A new token, answered inside the envelope.
pub fn create(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &Enveloped<CreateToken>,
) -> Outcome<EnvelopeResponse> {
    let CreateToken {
        activation_id,
        application_key,
        signature_type,
    } = &request.attributes;
    let id = required(activation_id)?;
    let key = required(application_key)?;
    let kind = required(signature_type)?;
    tx.want::<ApplicationVersion>(key);
    let activation = find(tx, id)?;
    if activation.status != ActivationStatus::Active {
        return Err(ErrorCode::ActivationIncorrectState.into());
    }
    let version = version_of(tx, key, &activation)?;
    let received = request.received(ErrorCode::DecryptionFailed)?;
    Ok(Ok(issue(
        engine,
        tx,
        &activation,
        id,
        &version,
        *kind,
        &received,
    )?))
}

/// Opens the request, makes the token, seals the answer. `activation_id` is the spelling that the
/// phone used.
pub(crate) fn issue(
    engine: &Engine,
    tx: &mut Tx<'_>,
    activation: &Activation,
    activation_id: &str,
    version: &ApplicationVersion,
    kind: SignatureType,
    received: &Received,
) -> Result<EnvelopeResponse, EngineStop> {
    let recipient = Recipient::Activation(activation);
    engine.keyring.announce(tx);
    let (_, sealer) = envelope::open(
        engine,
        tx,
        Purpose::TokenCreate,
        received,
        version,
        &recipient,
        Some(activation_id),
    )?;
    let id = unique_uuid::<Token>(engine, tx, ErrorCode::UnableToGenerateToken)?;
    let secret = Secret::<16>::generate(tx)?;
    let sealed = engine.keyring.seal(place(&id), secret.as_bytes(), tx)?;
    let token = Token {
        id,
        activation: activation.id.clone(),
        secret: sealed,
        signature_type: kind.0.as_upper_str().to_owned(),
        created: tx.now(),
        removed_until: None,
    };
    tx.put(&token);
    note(tx, &token, "token_created")?;
    envelope::seal(
        tx,
        sealer,
        &NewToken {
            token_id: &token.id,
            token_secret: &zeroize::Zeroizing::new(base64::encode(secret.as_bytes())),
        },
    )
}

/// Request of [`validate`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["tokenId", "tokenDigest", "nonce", "timestamp", "protocolVersion"])))]
#[serde(default, rename_all = "camelCase")]
pub struct ValidateToken {
    /// The token.
    pub token_id: Option<String>,
    /// Base64 of 32 bytes.
    pub token_digest: Option<String>,
    /// Base64 of 16 bytes.
    pub nonce: Option<String>,
    /// Milliseconds since the epoch.
    #[serde(deserialize_with = "json::integer")]
    pub timestamp: Option<i64>,
    /// Protocol version, `3.0` to `3.3`.
    pub protocol_version: Option<String>,
}

/// Answer of [`validate`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ValidatedToken {
    /// The outcome.
    pub token_valid: bool,
    /// State of the activation.
    pub activation_status: Option<ActivationStatus>,
    /// Why it is blocked.
    pub blocked_reason: Option<String>,
    /// The activation.
    pub activation_id: Option<String>,
    /// The user.
    pub user_id: Option<String>,
    /// The application.
    pub application_id: Option<String>,
    /// Roles of the application.
    pub application_roles: Vec<String>,
    /// Flags of the activation.
    pub activation_flags: Vec<String>,
    /// Factors that the token was made with.
    pub signature_type: Option<SignatureType>,
}

/// The parts of a token header that are checked.
#[derive(Debug)]
pub(crate) struct Presented<'a> {
    pub(crate) id: &'a str,
    pub(crate) digest: &'a [u8; 32],
    pub(crate) nonce: &'a [u8; 16],
    pub(crate) timestamp: u64,
    pub(crate) version: ProtocolVersion,
}

/// A token whose record and activation were found.
#[derive(Debug)]
pub(crate) struct Holder {
    pub(crate) valid: bool,
    pub(crate) token: Token,
    pub(crate) activation: Activation,
}

/// Validates a token digest. The nonce is used up also by a wrong digest.
pub fn validate(engine: &Engine, tx: &mut Tx<'_>, request: &ValidateToken) -> Outcome<ValidatedToken> {
    let invalid = ErrorCode::InvalidRequest;
    let id = required(&request.token_id)?;
    let nonce = required(&request.nonce)?;
    let digest = required(&request.token_digest)?;
    let timestamp = request
        .timestamp
        .and_then(|time| u64::try_from(time).ok())
        .unwrap_or(0);
    check_time(engine, tx, timestamp)?;
    let Some((token, activation)) = lookup(tx, id)? else {
        return Ok(Ok(unknown()));
    };
    let roles = application::roles(tx, &activation.application)?;
    if activation.status != ActivationStatus::Active {
        return Ok(Ok(answer(false, token, activation, roles)));
    }
    let version = request.protocol_version.as_deref().ok_or(invalid)?;
    let version = ProtocolVersion::parse(version).map_err(|_| ErrorCode::GenericCryptographyError)?;
    if !base64_text(digest) || !base64_text(nonce) {
        return Err(invalid.into());
    }
    let (Ok(digest), Ok(nonce)) = (
        base64::decode_array::<32>(digest),
        base64::decode_array::<16>(nonce),
    ) else {
        // Not the digest of anything.
        return Ok(Ok(answer(false, token, activation, roles)));
    };
    let presented = Presented {
        id,
        digest: &digest,
        nonce: &nonce,
        timestamp,
        version,
    };
    let valid = check(engine, tx, &token, &presented)?;
    Ok(Ok(answer(valid, token, activation, roles)))
}

fn base64_text(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

fn check_time(engine: &Engine, tx: &Tx<'_>, timestamp: u64) -> Result<(), EngineStop> {
    if timestamp < tx.now().saturating_sub(engine.config.token_validity) {
        return Err(ErrorCode::TokenTimestampTooOld.into());
    }
    if timestamp > tx.now().saturating_add(engine.config.token_forward_validity) {
        return Err(ErrorCode::TokenTimestampTooFarAhead.into());
    }
    Ok(())
}

fn lookup(tx: &mut Tx<'_>, id: &str) -> Result<Option<(Token, Activation)>, EngineStop> {
    let Some(token) = tx.get::<Token>(id)?.filter(|token| token.removed_until.is_none()) else {
        return Ok(None);
    };
    let Some(activation) = tx.get::<Activation>(&token.activation)? else {
        return Ok(None);
    };
    Ok(Some((token, activation)))
}

/// The holder of a presented token; none when it is unknown, whose nonce is then used up all the same. `valid` also needs an
/// ACTIVE activation.
pub(crate) fn authenticate(
    engine: &Engine,
    tx: &mut Tx<'_>,
    presented: &Presented<'_>,
) -> Result<Option<Holder>, EngineStop> {
    check_time(engine, tx, presented.timestamp)?;
    let Some((token, activation)) = lookup(tx, presented.id)? else {
        pretend::token(engine, tx, presented.id)?;
        accept(engine, tx, presented.id, presented)?;
        return Ok(None);
    };
    let active = activation.status == ActivationStatus::Active;
    let valid = active && check(engine, tx, &token, presented)?;
    Ok(Some(Holder {
        valid,
        token,
        activation,
    }))
}

/// Accepts the nonce once and compares the digest in constant time.
fn check(
    engine: &Engine,
    tx: &mut Tx<'_>,
    token: &Token,
    presented: &Presented<'_>,
) -> Result<bool, EngineStop> {
    accept(engine, tx, &token.id, presented)?;
    let secret: Secret<16> = engine.keyring.open_array(place(&token.id), &token.secret)?;
    let valid = token::verify(
        &secret,
        presented.nonce,
        presented.timestamp,
        presented.version,
        presented.digest,
    );
    if valid {
        tx.proven();
    }
    Ok(valid)
}

/// Accepts the nonce once.
fn accept(engine: &Engine, tx: &mut Tx<'_>, id: &str, presented: &Presented<'_>) -> Result<(), EngineStop> {
    let value = replay_identifier(&[], presented.nonce, id);
    let window = Window {
        back: engine.config.token_validity,
        forward: replay::forward_window(engine, presented.version),
    };
    let look = |tx: &mut Tx<'_>, id: &str| tx.expect_absent(id);
    replay::accept_once(tx, look, value, presented.timestamp, window)
}

fn unknown() -> ValidatedToken {
    ValidatedToken {
        token_valid: false,
        activation_status: None,
        blocked_reason: None,
        activation_id: None,
        user_id: None,
        application_id: None,
        application_roles: Vec::new(),
        activation_flags: Vec::new(),
        signature_type: None,
    }
}

fn answer(valid: bool, token: Token, activation: Activation, roles: Vec<String>) -> ValidatedToken {
    ValidatedToken {
        token_valid: valid,
        activation_status: Some(activation.status),
        blocked_reason: activation.blocked_reason,
        activation_id: Some(activation.id),
        user_id: Some(activation.user),
        application_id: Some(activation.application),
        application_roles: roles,
        activation_flags: activation.flags,
        signature_type: SignatureType::from_name(&token.signature_type),
    }
}

/// Request of [`remove`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["tokenId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct RemoveToken {
    /// The token.
    pub token_id: Option<String>,
    /// Its activation; not compared when absent, as the written reference does not know it.
    pub activation_id: Option<String>,
}

/// Answer of [`remove`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RemovedToken {
    /// Whether there was such a token.
    pub removed: bool,
}

/// How long a removed token is remembered, in milliseconds.
const TOMBSTONE: u64 = 24 * 3_600_000;

/// Removes a token of an activation. Its secret goes at once.
pub fn remove(_: &Engine, tx: &mut Tx<'_>, request: &RemoveToken) -> Outcome<RemovedToken> {
    let id = required(&request.token_id)?;
    let removed = remove_in(tx, id, request.activation_id.as_deref())?;
    Ok(Ok(RemovedToken { removed }))
}

/// Removes the token when it exists and belongs to `activation`. Answers whether it did.
pub(crate) fn remove_in(tx: &mut Tx<'_>, id: &str, activation: Option<&str>) -> Result<bool, EngineStop> {
    let found = tx.get::<Token>(id)?.filter(|it| it.removed_until.is_none());
    let Some(mut token) = found.filter(|it| activation.is_none_or(|id| id == it.activation)) else {
        return Ok(false);
    };
    token.secret = Vec::new();
    token.removed_until = Some(tx.now().saturating_add(TOMBSTONE));
    tx.put(&token);
    note(tx, &token, "token_removed")?;
    Ok(true)
}

/// An entry in the journal of the token's activation.
fn note(tx: &mut Tx<'_>, token: &Token, kind: &str) -> Result<(), EngineStop> {
    let mut activation = find(tx, &token.activation)?;
    let parameters = json!({ "tokenId": token.id, "signatureType": token.signature_type });
    save_and_note(tx, &mut activation, kind, &parameters)
}
