//! Verification of headers that phones sent to the caller: signatures, tokens.
//!
//! The activation is looked up before anything is verified: one of another application is neither told of nor counted on.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::super::contract::{Contract, Form, Type};
use super::super::endpoint::Endpoint;
use super::super::phone::or_refuse;
use super::answer::{Answer, refuse};
use super::call::{Asked, Case, nobody, row};
use super::check::{MAX_TEXT, Violations};
use super::registrations::invalid;
use super::verified::{Verified, What, unknown, verified};
use crate::crypto::base;
use crate::crypto::encoding::base64;
use crate::crypto::header::{AuthorizationHeader, TokenHeader};
use crate::crypto::query::canonical_pairs;
use crate::engine::signature::SignatureType;
use crate::engine::signature::online::{VerifySignature, verify_online};
use crate::engine::token::{Presented, authenticate};
use crate::engine::{activation, user_audit};
use crate::model::activation::Activation;
use crate::model::token::Token;
use crate::store::{Stop, Tx};

/// All rows.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let (signature, token) = ("/v2/signature/verify", "/v2/token/verify");
    vec![
        row(
            ("POST", signature, "cloudVerifySignature"),
            Contract::new("Verifies the signature of a request that a phone has sent to the caller.")
                .asks(Form::Bare(Type::of::<SignedRequest>()))
                .answers(Form::Bare(Type::of::<Verified<'static>>()))
                .refuses(400, &["ERROR_SIGNATURE_INVALID"]),
            signer,
            verify_signature,
        ),
        row(
            ("POST", token, "cloudVerifyToken"),
            Contract::new("Verifies the token of a request that a phone has sent to the caller.")
                .asks(Form::Bare(Type::of::<TokenHolder>()))
                .answers(Form::Bare(Type::of::<Verified<'static>>()))
                .refuses(400, &["ERROR_TOKEN_INVALID"]),
            nobody,
            verify_token,
        ),
    ]
}

/// Longest resource identifier.
const MAX_URI_ID: usize = 1_024;

/// A request that a phone has signed.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["method", "uriId", "authHeader"])))]
#[serde(default, rename_all = "camelCase")]
struct SignedRequest {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    method: Option<String>,
    /// Resource identifier, 1 to 1024 characters.
    uri_id: Option<String>,
    /// Value of the header `X-PowerAuth-Authorization`.
    auth_header: Option<String>,
    /// Base64 of the body, unless the method is GET.
    request_body: Option<String>,
    /// Query parameters of a GET, decoded.
    query_params: Option<BTreeMap<String, Option<String>>>,
}

/// The activation in the header, for the lane.
fn signer(asked: &Asked) -> Option<String> {
    let header = asked.body::<SignedRequest>().ok()?.auth_header?;
    let header = AuthorizationHeader::parse(&header).ok()?;
    Some(header.activation_id.to_ascii_lowercase())
}

impl SignedRequest {
    /// The bytes under the signature.
    fn signed(&self, found: &mut Violations) -> Vec<u8> {
        if self.method.as_deref() == Some("GET") {
            let given = self.query_params.iter().flatten();
            let pairs = given.map(|(name, value)| (name.clone(), value.clone().unwrap_or_default()));
            return canonical_pairs(pairs.collect()).into_bytes();
        }
        let body = self.request_body.as_deref().unwrap_or_default();
        base64::decode(body).unwrap_or_else(|_| {
            found.hide("requestBody", "must be Base64");
            Vec::new()
        })
    }
}

fn verify_signature(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let request: SignedRequest = case.asked.body()?;
    let mut found = Violations::default();
    let method = found.text("method", &request.method, MAX_TEXT);
    if !matches!(method, "" | "GET" | "POST" | "PUT" | "DELETE") {
        found.add("method", method, "must be GET, POST, PUT or DELETE");
    }
    let uri = found.text("uriId", &request.uri_id, MAX_URI_ID);
    if request.auth_header.is_none() {
        found.hide("authHeader", "must not be empty");
    }
    let data = request.signed(&mut found);
    found.verdict()?;
    let header = AuthorizationHeader::parse(request.auth_header.as_deref().unwrap_or_default());
    let bad = || {
        refuse(
            "ERROR_SIGNATURE_INVALID",
            "Signature HTTP header validation failed",
        )
    };
    let header = header.map_err(|_| Stop::Refuse(bad()))?;
    let id = header.activation_id.to_ascii_lowercase();
    let known = tx.get::<Activation>(&id)?;
    if known.is_none_or(|it| it.application != case.application) {
        return unknown(What::Signature { valid: false });
    }
    let verify = VerifySignature {
        activation_id: Some(id.clone()),
        application_key: Some(header.application_key),
        data: Some(base::build(method, uri, &header.nonce, &data)),
        signature: Some(header.signature),
        signature_type: Some(SignatureType(header.signature_type)),
        signature_version: Some(header.version.as_str().to_owned()),
        forced_signature_version: None,
    };
    let outcome = or_refuse(verify_online(case.engine, tx, &verify), |_| bad())?;
    let outcome = outcome.map_err(|error| Stop::Refuse(invalid(&error)))?;
    let kind = outcome.signature_type.map_or(header.signature_type, |it| it.0);
    let what = What::Signature {
        valid: outcome.signature_valid,
    };
    verified(case, tx, what, &id, Some(kind.as_upper_str()))
}

/// A token that a phone has shown.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["authHeader"])))]
#[serde(default, rename_all = "camelCase")]
struct TokenHolder {
    /// Value of the header `X-PowerAuth-Token`.
    auth_header: Option<String>,
}

fn verify_token(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let request: TokenHolder = case.asked.body()?;
    let mut found = Violations::default();
    if request.auth_header.is_none() {
        found.hide("authHeader", "must not be empty");
    }
    found.verdict()?;
    let header = TokenHeader::parse(request.auth_header.as_deref().unwrap_or_default());
    let bad = |_| {
        Stop::Refuse(refuse(
            "ERROR_TOKEN_INVALID",
            "Token HTTP header validation failed",
        ))
    };
    let header = header.map_err(bad)?;
    let id = header.token_id.to_ascii_lowercase();
    let nobody = What::Token { valid: false };
    let Some(token) = tx.get::<Token>(&id)?.filter(|it| it.removed_until.is_none()) else {
        return unknown(nobody);
    };
    let known = tx.get::<Activation>(&token.activation)?;
    if known.is_none_or(|it| it.application != case.application) {
        return unknown(nobody);
    }
    let presented = Presented {
        id: &id,
        digest: &header.digest,
        nonce: &header.nonce,
        timestamp: header.timestamp,
        version: header.version,
    };
    // A refusal says that it is outside its window, or replayed: no token.
    let holder = tx.part(|tx| Ok(Ok(authenticate(case.engine, tx, &presented)?)))?;
    let valid = holder.is_ok_and(|it| it.is_some_and(|it| it.valid));
    let kind = match valid {
        true => user_audit::TOKEN_OK,
        false => user_audit::TOKEN_FAILED,
    };
    let mut activation = or_refuse(activation::find(tx, &token.activation), invalid)?;
    let noted = activation::save_and_note(tx, &mut activation, kind, &json!({ "tokenId": id }));
    or_refuse(noted, invalid)?;
    verified(
        case,
        tx,
        What::Token { valid },
        &token.activation,
        Some(&token.signature_type),
    )
}
