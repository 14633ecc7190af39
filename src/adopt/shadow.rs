//! Which requests to the old server are decided here, too, and what can be said of the answers.

use serde::Deserialize;

use crate::api::http::deeper_than;
use crate::model::activation::Activation;
use crate::model::operation::Operation;
use crate::model::token::Token;
use crate::store::{Halt, Tx};

/// Deepest JSON that is looked at.
const DEPTH: usize = 32;
/// Longest identifier that is looked for.
const IDENTIFIER: usize = 64;
/// Most activations that one request may name.
const NAMED: usize = 100;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// Decided, and the answers compared but for members of these names.
    Compared(&'static [&'static str]),
    /// Decided for what it changes; what it answers holds keys and numbers that each server draws for itself. The outcomes
    /// are compared.
    Played,
    /// Not decided: it makes something that only the old server knows, or tells about that server.
    Left,
}

/// When something happened: by each server's own clock.
const CLOCK: &[&str] = &[
    "timestampLastUsed",
    "timestampLastChange",
    "timestampFinalized",
    "proximityOtp",
];
/// An encrypted answer.
const ENVELOPE: &[&str] = &["encryptedData", "mac", "nonce", "timestamp"];

/// What becomes of requests of the method called `name`; see [`crate::api::Endpoint::name`].
pub fn follow(name: &str) -> Follow {
    match name {
        "verifySignature"
        | "verifyOfflineSignature"
        | "verifyECDSASignature"
        | "validateToken"
        | "removeToken"
        | "commitActivation"
        | "updateActivationOtp"
        | "updateActivationName"
        | "removeActivation"
        | "blockActivation"
        | "unblockActivation"
        | "updateStatusForActivations"
        | "listActivationFlags"
        | "addActivationFlags"
        | "updateActivationFlags"
        | "removeActivationFlags"
        | "getEciesDecryptor"
        | "commitUpgrade"
        | "getApplicationList"
        | "getApplicationDetail"
        | "lookupApplicationByAppKey"
        | "supportApplicationVersion"
        | "unsupportApplicationVersion"
        | "addApplicationRoles"
        | "updateApplicationRoles"
        | "removeApplicationRoles"
        | "revokeRecoveryCodes"
        | "lookupRecoveryCodes"
        | "getRecoveryConfig"
        | "updateRecoveryConfig"
        | "getAllTemplates"
        | "getTemplateDetail"
        | "updateOperationTemplate"
        | "removeOperationTemplate"
        | "getCallbackUrlList" => Follow::Compared(&[]),
        // The answer names the application here, and its number there.
        "listApplicationRoles" => Follow::Compared(&["applicationId"]),
        "getActivationStatus" => Follow::Compared(&[
            "encryptedStatusBlob",
            "encryptedStatusBlobNonce",
            "timestampLastUsed",
            "timestampLastChange",
        ]),
        "getActivationListForUser"
        | "lookupActivations"
        | "operationDetail"
        | "findAllOperationsForUser"
        | "findPendingOperationsForUser"
        | "findAllOperationsByExternalID"
        | "cancelOperation"
        | "approveOperation"
        | "failApproveOperation"
        | "rejectOperation" => Follow::Compared(CLOCK),
        "vaultUnlock" | "confirmRecoveryCode" => Follow::Compared(ENVELOPE),
        "getActivationHistory" => Follow::Compared(&[]),
        // Signed data without the application secret; secrets of integrations are not kept.
        "getSignatureAuditLog" => Follow::Compared(&["dataBase64"]),
        "getIntegrationList" => Follow::Compared(&["clientSecret", "restrictedAccess"]),
        "recoveryCodeActivation" => Follow::Played,
        _ => Follow::Left,
    }
}

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "requestObject", default)]
    object: Option<Named>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Named {
    activation_id: Option<serde_json::Value>,
    activation_ids: Option<serde_json::Value>,
    token_id: Option<serde_json::Value>,
    operation_id: Option<serde_json::Value>,
    temporary_key_id: Option<serde_json::Value>,
}

/// What a request is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subjects {
    /// Activations.
    pub activations: Vec<String>,
    /// A token.
    pub token: Option<String>,
    /// An operation.
    pub operation: Option<String>,
    /// Whether it is encrypted with a temporary key, which only the server has that made it.
    pub temporary_key: bool,
}

fn identifier(value: Option<serde_json::Value>) -> Option<String> {
    match value {
        Some(serde_json::Value::String(text))
            if (1..=IDENTIFIER).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) =>
        {
            Some(text)
        }
        _ => None,
    }
}

impl Subjects {
    /// Reads them out of the body of a request: `{"requestObject":{…}}`, at most 32 levels deep. None of a body of another form;
    /// what is no identifier is not there.
    pub fn of(body: &[u8]) -> Option<Self> {
        if deeper_than(body, DEPTH) {
            return None;
        }
        let body: Body = serde_json::from_slice(body).ok()?;
        let named = body.object.unwrap_or_default();
        let mut activations: Vec<String> = identifier(named.activation_id).into_iter().collect();
        if let Some(serde_json::Value::Array(more)) = named.activation_ids {
            activations.extend(more.into_iter().take(NAMED).filter_map(|it| identifier(Some(it))));
        }
        Some(Self {
            activations,
            token: identifier(named.token_id),
            operation: identifier(named.operation_id),
            temporary_key: named.temporary_key_id.is_some_and(|it| !it.is_null()),
        })
    }

    /// What stands for all of them: requests of the same name are decided one after the other.
    pub fn name(&self) -> &str {
        let first = self.activations.first().or(self.token.as_ref());
        first.or(self.operation.as_ref()).map_or("", String::as_str)
    }
}

/// What is here of the subjects of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// All of it.
    Whole,
    /// An activation that had no keys when it was taken over, or is of protocol 2: it may have got keys at the old server since,
    /// which nobody else knows.
    Partly,
    /// Something was made at the old server since.
    Missing,
}

/// Looks for the subjects of a request, before it is decided.
///
/// # Errors
/// When a record was not read yet, or cannot be.
pub fn known(tx: &mut Tx<'_>, subjects: &Subjects) -> Result<Known, Halt> {
    let mut known = match subjects.temporary_key {
        true => Known::Missing,
        false => Known::Whole,
    };
    let mut activations = subjects.activations.clone();
    if let Some(token) = &subjects.token {
        match tx.peek::<Token>(token)? {
            Some(token) => activations.push(token.activation),
            None => known = Known::Missing,
        }
    }
    if let Some(operation) = &subjects.operation
        && tx.peek::<Operation>(operation)?.is_none()
    {
        known = Known::Missing;
    }
    for id in &activations {
        match tx.peek::<Activation>(id)? {
            None => known = Known::Missing,
            Some(it) if it.device_public.is_none() || it.version == Some(2) => {
                if known == Known::Whole {
                    known = Known::Partly;
                }
            }
            Some(_) => {}
        }
    }
    Ok(known)
}

/// The name of the queue that a request waits in: its activation, also where it names only a token of it.
///
/// # Errors
/// When a record was not read yet, or cannot be.
pub fn queue(tx: &mut Tx<'_>, subjects: &Subjects) -> Result<String, Halt> {
    if subjects.activations.is_empty()
        && let Some(token) = &subjects.token
        && let Some(token) = tx.peek::<Token>(token)?
    {
        return Ok(token.activation);
    }
    Ok(subjects.name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::server;

    #[test]
    fn methods_are_those_of_the_table() {
        let rows = server::endpoints();
        let of = |wanted: fn(&Follow) -> bool| rows.iter().filter(|row| wanted(&follow(row.name))).count();
        let compared = of(|it| matches!(it, Follow::Compared(_)));
        let played = of(|it| *it == Follow::Played);
        println!("{} methods, {compared} compared, {played} played", rows.len());
        assert!(compared >= 45 && played == 1);
        for name in [
            "createToken",
            "initActivation",
            "prepareActivation",
            "createOperation",
            "createCallbackUrl",
        ] {
            assert!(rows.iter().any(|row| row.name == name), "{name}");
            assert_eq!(follow(name), Follow::Left, "{name}");
        }
    }

    #[test]
    fn subjects() {
        let of = |text: &str| Subjects::of(text.as_bytes());
        let found =
            of(r#"{"requestObject":{"activationId":"a","tokenId":7,"temporaryKeyId":null}}"#).unwrap();
        assert_eq!(
            (found.name(), found.token.clone(), found.temporary_key),
            ("a", None, false)
        );
        let found = of(r#"{"requestObject":{"activationIds":["a","b",1],"temporaryKeyId":"k"}}"#).unwrap();
        assert_eq!((found.activations.len(), found.temporary_key), (2, true));
        assert_eq!(of("{}").unwrap().name(), "");
        let long = format!(r#"{{"requestObject":{{"operationId":"{}"}}}}"#, "x".repeat(65));
        assert_eq!(of(&long).unwrap().operation, None);
        for wrong in ["", "[1]", r#"{"requestObject":7}"#] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
