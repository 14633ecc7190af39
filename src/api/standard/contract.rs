//! What the rows of the standard API promise.

use serde_json::json;

use super::activation::{StatusRequest, StatusResponse};
use crate::api::contract::{Contract, Form, Proof, Type};
use crate::crypto::ecies::{EnvelopeRequest, EnvelopeResponse};
use crate::engine::keystore::Jwt;

/// An encrypted body each way.
fn encrypted(text: &'static str, proof: &'static [Proof]) -> Contract {
    Contract::new(text)
        .proves(proof)
        .asks(Form::Bare(Type::of::<EnvelopeRequest>()))
        .answers(Form::Bare(Type::of::<EnvelopeResponse>()))
}

/// A signed body.
fn signed(text: &'static str) -> Contract {
    Contract::new(text)
        .proves(&[Proof::Signature])
        .refuses(401, &["ERR_AUTHENTICATION"])
}

pub(super) fn activation_create() -> Contract {
    encrypted(
        "Exchanges keys for an activation code or a recovery code. Both layers are encrypted in application scope.",
        &[Proof::Encryption],
    )
    .refuses(400, &["ERR_ACTIVATION", "INVALID_RECOVERY_CODE"])
}

pub(super) fn activation_status() -> Contract {
    Contract::new("The encrypted status of an activation. An unknown one gets noise of the same form.")
        .asks(Form::Object(Type::of::<StatusRequest>()))
        .answers(Form::Object(Type::of::<StatusResponse>()))
        .refuses(400, &["ERR_ACTIVATION"])
}

pub(super) fn activation_remove() -> Contract {
    signed("Removes the phone's own activation. Signed with two factors or three.")
        .asks(Form::Bytes)
        .answers(Form::Object(Type::written("RemovedByPhone", || {
            json!({
                "type": "object",
                "description": "The activation that is no more.",
                "required": ["activationId"],
                "properties": { "activationId": { "type": "string", "description": "UUID." } },
            })
        })))
        .refuses(400, &["ERR_ACTIVATION"])
}

pub(super) fn token_create() -> Contract {
    encrypted(
        "A token of the factors that signed. The signature covers the encrypted body.",
        &[Proof::Signature],
    )
    .refuses(401, &["ERR_AUTHENTICATION"])
}

pub(super) fn token_remove() -> Contract {
    let token = || {
        json!({
            "type": "object",
            "description": "A token.",
            "required": ["tokenId"],
            "properties": { "tokenId": { "type": "string", "description": "UUID." } },
        })
    };
    signed("Removes a token of the signing activation. An unknown one is no error.")
        .asks(Form::Object(Type::written("TokenName", token)))
        .answers(Form::Object(Type::written("TokenName", token)))
}

pub(super) fn signature_validate() -> Contract {
    signed("Tells whether the request is signed. Of GET and DELETE requests a signature covers the query or the body.")
        .asks(Form::Bytes)
}

pub(super) fn recovery_confirm() -> Contract {
    encrypted(
        "The user has the recovery code in hand. Signed with possession and knowledge over the encrypted body.",
        &[Proof::Signature],
    )
    .refuses(401, &["ERR_AUTHENTICATION"])
}

pub(super) fn vault_unlock() -> Contract {
    encrypted(
        "The vault key, against a signature over the encrypted body.",
        &[Proof::Signature],
    )
    .refuses(401, &["ERR_AUTHENTICATION"])
    .refuses(400, &["ERR_SECURE_VAULT"])
}

pub(super) fn upgrade_start() -> Contract {
    encrypted(
        "The hash counter for an activation of protocol 2. Encrypted in activation scope.",
        &[Proof::Encryption],
    )
    .refuses(401, &["ERR_AUTHENTICATION"])
    .refuses(400, &["ERR_UPGRADE"])
}

pub(super) fn upgrade_commit() -> Contract {
    signed("Completes the upgrade with a signature of the new version. The body must not be empty.")
        .asks(Form::Bytes)
        .refuses(400, &["ERR_UPGRADE"])
}

pub(super) fn user_info() -> Contract {
    encrypted(
        "Claims about the user of the activation. Encrypted in activation scope.",
        &[Proof::Encryption],
    )
    .refuses(400, &["ERR_ENCRYPTION", "ERR_USER_INFO"])
}

pub(super) fn keystore_create() -> Contract {
    Contract::new("A temporary encryption key of protocol 3.3.")
        .asks(Form::Object(Type::of::<Jwt>()))
        .answers(Form::Object(Type::of::<Jwt>()))
        .refuses(400, &["ERR_TEMPORARY_KEY"])
}

pub(super) fn server_status() -> Contract {
    let status = || {
        json!({
            "type": "object",
            "description": "The server as phones see it.",
            "required": ["serverTime", "application"],
            "properties": {
                "serverTime": {
                    "type": "integer", "format": "int64", "minimum": 0,
                    "description": "Milliseconds since the epoch.",
                },
                "application": {
                    "type": "object",
                    "required": ["name", "version"],
                    "properties": {
                        "name": { "type": "string", "description": "Configured name." },
                        "version": { "type": "string", "description": "Version of this product." },
                    },
                },
            },
        })
    };
    Contract::new("The server's clock, with which phones compare theirs before they encrypt.")
        .answers(Form::Object(Type::written("PhoneServerStatus", status)))
}
