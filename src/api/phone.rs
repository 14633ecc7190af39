//! What the phone-facing families share: the protocol's headers, signatures over the request,
//! tokens, and end-to-end encryption.
//!
//! A signature or token is verified in the same decision that does the work. Its writes (counter,
//! failed attempts, nonce) stay even when the work is refused, see [`Tx::part`].

use std::sync::Arc;

use super::contract::Contract;
use super::endpoint::{Access, Call, Endpoint, Mapped};
use super::http::{Request, Response};
use crate::crypto::base;
use crate::crypto::ecies::{EnvelopeRequest, Purpose, ResponseSealer};
use crate::crypto::header::{
    AUTHORIZATION_HEADER, AuthorizationHeader, ENCRYPTION_HEADER, EncryptionHeader, TOKEN_HEADER, TokenHeader,
};
use crate::crypto::query;
use crate::crypto::secret::SecretVec;
use crate::crypto::signature::{SignatureFormat, SignatureType};
use crate::engine::envelope::{self, Received, Recipient};
use crate::engine::json;
use crate::engine::signature::{Attempt, Secret, Verification, verify, verify_upgrading};
use crate::engine::token::{self, Presented};
use crate::engine::{Engine, EngineStop, ErrorCode, activation, application, application_version, pretend};
use crate::model::activation::Activation;
use crate::model::application::ApplicationVersion;
use crate::store::{Decision, Failure, Fault, Halt, Machine, Stop, Tx};

/// A header that is there once and readable, or not.
#[derive(Clone, Debug)]
pub(super) enum Header<T> {
    Absent,
    /// Malformed, repeated, or of a version that is not served.
    Bad,
    Good(T),
}

impl<T> Header<T> {
    fn of<E>(request: &Request<'_>, name: &str, parse: fn(&str) -> Result<T, E>) -> Self {
        match (request.count(name), request.header(name)) {
            (0, _) | (_, None) => Self::Absent,
            (1, Some(value)) => parse(value).map_or(Self::Bad, Self::Good),
            _ => Self::Bad,
        }
    }

    /// The header, when it is there and readable.
    pub(super) fn good(&self) -> Option<&T> {
        match self {
            Self::Good(header) => Some(header),
            Self::Absent | Self::Bad => None,
        }
    }
}

/// A request as a decision keeps it.
#[derive(Debug)]
pub(super) struct PhoneRequest {
    pub(super) method: String,
    query: Option<String>,
    pub(super) body: Vec<u8>,
    pub(super) authorization: Header<AuthorizationHeader>,
    pub(super) token: Header<TokenHeader>,
    pub(super) encryption: Header<EncryptionHeader>,
    pub(super) user_agent: Option<String>,
    pub(super) address: Option<String>,
    pub(super) accept_language: Option<String>,
}

impl PhoneRequest {
    pub(super) fn of(request: &Request<'_>) -> Self {
        let text = |name: &str| {
            request
                .header(name)
                .map(|value| value.chars().take(255).collect::<String>())
        };
        Self {
            method: request.method.to_owned(),
            query: request.query.map(str::to_owned),
            body: request.body.to_vec(),
            authorization: Header::of(request, AUTHORIZATION_HEADER, AuthorizationHeader::parse),
            token: Header::of(request, TOKEN_HEADER, TokenHeader::parse),
            encryption: Header::of(request, ENCRYPTION_HEADER, EncryptionHeader::parse),
            user_agent: text("user-agent"),
            address: request.peer.map(|it| it.chars().take(255).collect()),
            accept_language: text("accept-language"),
        }
    }

    /// The bytes that a signature covers: the body, or the canonical query of a GET.
    fn signed_data(&self) -> Option<Vec<u8>> {
        if self.method != "GET" {
            return Some(self.body.clone());
        }
        query::canonical(self.query.as_deref().unwrap_or_default())
            .ok()
            .map(String::into_bytes)
    }

    /// The activation that a signature or an encryption header names, for the lane.
    pub(super) fn lane(&self) -> Option<String> {
        let signed = self.authorization.good().map(|header| &header.activation_id);
        let encrypted = self
            .encryption
            .good()
            .and_then(|header| header.activation_id.as_ref());
        signed.or(encrypted).map(|id| id.to_ascii_lowercase())
    }
}

/// A row; `answer` is its decision.
pub(super) fn row<A>(
    method: &'static str,
    path: &'static str,
    name: &'static str,
    contract: Contract,
    answer: A,
) -> Endpoint
where
    A: Fn(&Engine, &mut Tx<'_>, &PhoneRequest) -> Decision<Response, Response> + Copy + Send + Sync + 'static,
{
    let handler = move |api: &super::Api, request: &Request<'_>| {
        let engine = Arc::clone(api.engine());
        let request = PhoneRequest::of(request);
        let lane = request.lane();
        let decide = move |tx: &mut Tx<'_>| answer(&engine, tx, &request);
        let respond = move |reply: Result<Response, Failure<Response>>| match reply {
            Ok(response) | Err(Failure::Refused(response)) => response,
            Err(Failure::Fault(fault)) => failure(&fault),
        };
        Call::new(Box::new(Mapped::new(Machine::new(lane, decide), respond)))
    };
    Endpoint {
        method,
        path,
        name,
        access: Access::Phone,
        contract: contract.refuses(503, &["ERROR_GENERIC"]),
        handler: Arc::new(handler),
    }
}

/// The machinery failed: not authenticated, but not the phone's fault either.
pub(super) fn failure(fault: &Fault) -> Response {
    Response::error(503, "ERROR_GENERIC", "UNKNOWN_ERROR").because(fault)
}

/// A verified signature.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) activation: Box<Activation>,
    pub(super) signature_type: SignatureType,
}

/// Verifies the signature header over the body. None means "not authenticated", for whatever
/// reason; what was counted must then still be committed.
pub(super) fn signed(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
    uri_id: &str,
    allowed: &[SignatureType],
) -> Result<Option<Signed>, EngineStop> {
    let data = request.signed_data();
    signed_by(verify, engine, tx, request, (uri_id, data.as_deref()), allowed)
}

/// As [`signed`], over what the body was before it was encrypted.
pub(super) fn signed_plain(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
    (uri_id, plain): (&str, &[u8]),
    allowed: &[SignatureType],
) -> Result<Option<Signed>, EngineStop> {
    signed_by(verify, engine, tx, request, (uri_id, Some(plain)), allowed)
}

/// As [`signed`], also by an activation whose upgrade waits for its commit.
pub(super) fn signed_upgrading(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
    uri_id: &str,
    allowed: &[SignatureType],
) -> Result<Option<Signed>, EngineStop> {
    let data = request.signed_data();
    signed_by(
        verify_upgrading,
        engine,
        tx,
        request,
        (uri_id, data.as_deref()),
        allowed,
    )
}

fn signed_by(
    verify: fn(&Engine, &mut Tx<'_>, &Attempt<'_>) -> Result<Verification, EngineStop>,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
    (uri_id, data): (&str, Option<&[u8]>),
    allowed: &[SignatureType],
) -> Result<Option<Signed>, EngineStop> {
    let Some(header) = request.authorization.good() else {
        return Ok(None);
    };
    let Some(data) = data else {
        return Ok(None);
    };
    if !allowed.contains(&header.signature_type) {
        return Ok(None);
    }
    let version = header.version.as_str();
    let format = SignatureFormat::for_version(version).map_err(|_| ErrorCode::UnableToComputeSignature)?;
    let id = header.activation_id.to_ascii_lowercase();
    let attempt = Attempt {
        activation: &id,
        secret: Secret::ApplicationVersion(&header.application_key),
        data: &[base::build(&request.method, uri_id, &header.nonce, data)],
        signature: &header.signature,
        types: &[header.signature_type],
        format,
        version: Some(version),
        additional: Vec::new(),
    };
    let verified = verify(engine, tx, &attempt)?.valid();
    if verified.is_none() && tx.peek::<Activation>(&id)?.is_none() {
        pretend::trace(tx)?;
    }
    Ok(verified.map(|(activation, signature_type)| Signed {
        activation,
        signature_type,
    }))
}

/// A token whose digest is right and whose activation is ACTIVE.
#[derive(Debug)]
pub(super) struct TokenHolder {
    pub(super) activation: Activation,
    pub(super) signature_type: SignatureType,
}

/// Verifies the token header. None means "not authenticated"; the nonce is used up all the same.
pub(super) fn with_token(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
    allowed: &[SignatureType],
) -> Result<Option<TokenHolder>, EngineStop> {
    let Some(header) = request.token.good() else {
        return Ok(None);
    };
    let presented = Presented {
        id: &header.token_id.to_ascii_lowercase(),
        digest: &header.digest,
        nonce: &header.nonce,
        timestamp: header.timestamp,
        version: header.version,
    };
    // A refusal says that it is outside its window, or replayed: no token.
    let holder = tx
        .part(|tx| Ok(Ok(token::authenticate(engine, tx, &presented)?)))?
        .unwrap_or_default();
    let Some(holder) = holder.filter(|holder| holder.valid) else {
        return Ok(None);
    };
    let kind = &holder.token.signature_type;
    let kind = allowed.iter().find(|allowed| allowed.as_upper_str() == kind);
    Ok(kind.map(|kind| TokenHolder {
        activation: holder.activation,
        signature_type: *kind,
    }))
}

/// A signed request has no header of its own for the encryption.
pub(super) fn encryption_of(signature: &AuthorizationHeader) -> EncryptionHeader {
    EncryptionHeader {
        application_key: signature.application_key.clone(),
        activation_id: Some(signature.activation_id.clone()),
        version: signature.version,
    }
}

/// The envelope in the body.
pub(super) fn envelope_of(body: &[u8], version: &str) -> Result<Received, EngineStop> {
    let fields: EnvelopeRequest = json::object(body).map_err(|_| ErrorCode::DecryptionFailed)?;
    Received::check(Some(version), fields, ErrorCode::DecryptionFailed)
}

/// Opens a request in application scope.
pub(super) fn open_for_application(
    engine: &Engine,
    tx: &mut Tx<'_>,
    header: &EncryptionHeader,
    body: &[u8],
    purpose: Purpose,
) -> Result<(SecretVec, ResponseSealer), EngineStop> {
    if header.activation_id.is_some() {
        return Err(ErrorCode::DecryptionFailed.into());
    }
    let version = application_version::supported_version(tx, &header.application_key)?
        .ok_or(ErrorCode::InvalidApplication)?;
    let application = application::find(tx, &version.application)?;
    let received = envelope_of(body, header.version.as_str())?;
    envelope::open(
        engine,
        tx,
        purpose,
        &received,
        &version,
        &Recipient::Application(&application),
        None,
    )
}

/// Opens a request in activation scope; whoever made it knows the transport key of the activation,
/// whatever state that is in.
pub(super) fn open_for_activation(
    engine: &Engine,
    tx: &mut Tx<'_>,
    header: &EncryptionHeader,
    body: &[u8],
    purpose: Purpose,
) -> Result<(Activation, SecretVec, ResponseSealer), EngineStop> {
    let id = header.activation_id.as_deref();
    let id = id.ok_or(ErrorCode::DecryptionFailed)?;
    let received = envelope_of(body, header.version.as_str())?;
    tx.want::<ApplicationVersion>(&header.application_key);
    let Some(activation) = tx.get::<Activation>(&id.to_ascii_lowercase())? else {
        pretend::envelope(engine, tx, &received, id, &header.application_key)?;
        return Err(ErrorCode::DecryptionFailed.into());
    };
    let version = activation::version_of(tx, &header.application_key, &activation)?;
    let recipient = Recipient::Activation(&activation);
    let (plain, sealer) = envelope::open(engine, tx, purpose, &received, &version, &recipient, Some(id))?;
    Ok((activation, plain, sealer))
}

/// The requestObject of an enveloped body; none when there is none of this form.
pub(super) fn request_object<T: serde::de::DeserializeOwned>(body: &[u8]) -> Option<T> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Enveloped<T> {
        request_object: Option<T>,
    }
    serde_json::from_slice::<Enveloped<T>>(body).ok()?.request_object
}

/// Runs the work behind an authentication; a refusal becomes a counted "no" made by `refused`.
pub(super) fn work<T>(
    tx: &mut Tx<'_>,
    refused: impl FnOnce(&crate::engine::Error) -> Response,
    work: impl FnOnce(&mut Tx<'_>) -> Decision<T, crate::engine::Error>,
    answer: impl FnOnce(T) -> Response,
) -> Decision<Response, Response> {
    match tx.part(work) {
        Ok(Ok(done)) => Ok(Ok(answer(done))),
        Ok(Err(error)) => Ok(Err(refused(&error))),
        Err(Halt::Need) => Err(Stop::Need),
        Err(Halt::Fault(fault)) => Err(Stop::Fault(fault)),
    }
}

/// Turns the engine's reasons to stop into those of a row; a refusal drops all writes.
pub(super) fn or_refuse<T>(
    result: Result<T, EngineStop>,
    refused: impl FnOnce(&crate::engine::Error) -> Response,
) -> Result<T, Stop<Response>> {
    result.map_err(|stop| match stop {
        Stop::Need => Stop::Need,
        Stop::Fault(fault) => Stop::Fault(fault),
        Stop::Refuse(error) => Stop::Refuse(refused(&error)),
    })
}
