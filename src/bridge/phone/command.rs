//! Commands as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::crypto::ecies::Scope;

/// One of the table's rows, see the module.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub(super) enum Command {
    Activate(Box<Activate>),
    Status(Nothing),
    ValidateSignature(Factors),
    SignRequest(Signed),
    SignatureHeader(Signed),
    CreateToken(NamedToken),
    RemoveToken(NamedToken),
    TokenRequest(WithToken),
    TokenHeader(Named),
    EncryptRequest(Encrypted),
    ListOperations(Token),
    Operation(Identified),
    ClaimOperation(Identified),
    History(Factors),
    Approve(Approve),
    Reject(Reject),
    Offline(Offline),
    UnlockVault(UnlockVault),
    AddBiometry(Pin),
    RemoveBiometry(Nothing),
    ConfirmRecovery(ConfirmRecovery),
    Detail(Token),
    Rename(Rename),
    UserInfo(Nothing),
    Remove(Factors),
    RegisterPush(RegisterPush),
    ChangePin(ChangePin),
    SetVersion(SetVersion),
    Describe(Nothing),
    Save(Nothing),
    ServerStatus(Nothing),
}

impl Command {
    /// The scope of what is encrypted to a key of the server's.
    pub(super) fn encrypts(&self) -> Option<Scope> {
        match self {
            Self::Activate(_) => Some(Scope::Application),
            Self::EncryptRequest(request) => Some(request.scope.into()),
            Self::CreateToken(_)
            | Self::UnlockVault(_)
            | Self::AddBiometry(_)
            | Self::ConfirmRecovery(_)
            | Self::Detail(_)
            | Self::Rename(_)
            | Self::UserInfo(_) => Some(Scope::Activation),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Activate {
    pub(super) pin: String,
    pub(super) code: Option<String>,
    pub(super) recovery_code: Option<String>,
    pub(super) puk: Option<String>,
    pub(super) attributes: Option<BTreeMap<String, String>>,
    #[serde(default)]
    pub(super) biometry: bool,
    pub(super) name: Option<String>,
    pub(super) otp: Option<String>,
    pub(super) extras: Option<String>,
    pub(super) platform: Option<String>,
    pub(super) device_info: Option<String>,
    pub(super) external_id: Option<String>,
    pub(super) custom_attributes: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Factors {
    pub(super) factors: Option<String>,
    pub(super) pin: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Signed {
    pub(super) method: Option<String>,
    pub(super) path: Option<String>,
    pub(super) uri_id: String,
    pub(super) body: Option<String>,
    pub(super) body_base64: Option<String>,
    pub(super) factors: Option<String>,
    pub(super) pin: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedToken {
    pub(super) name: Option<String>,
    pub(super) factors: Option<String>,
    pub(super) pin: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WithToken {
    pub(super) method: Option<String>,
    pub(super) path: String,
    pub(super) body: Option<String>,
    pub(super) body_base64: Option<String>,
    pub(super) name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    pub(super) name: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum ScopeName {
    #[default]
    Activation,
    Application,
}

impl From<ScopeName> for Scope {
    fn from(name: ScopeName) -> Self {
        match name {
            ScopeName::Activation => Self::Activation,
            ScopeName::Application => Self::Application,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Encrypted {
    pub(super) path: String,
    #[serde(default)]
    pub(super) scope: ScopeName,
    pub(super) body: Option<String>,
    pub(super) body_base64: Option<String>,
    pub(super) token: Option<String>,
    pub(super) uri_id: Option<String>,
    pub(super) factors: Option<String>,
    pub(super) pin: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Token {
    pub(super) token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identified {
    pub(super) id: String,
    pub(super) token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Approve {
    pub(super) id: String,
    pub(super) data: String,
    pub(super) factors: Option<String>,
    pub(super) pin: Option<String>,
    pub(super) proximity: Option<Proximity>,
    pub(super) mobile_token_data: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proximity {
    pub(super) otp: String,
    #[serde(default)]
    pub(super) source: ProximitySource,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum ProximitySource {
    #[default]
    QrCode,
    Deeplink,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reject {
    pub(super) id: String,
    pub(super) reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Offline {
    pub(super) payload: String,
    pub(super) factors: Option<String>,
    pub(super) pin: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnlockVault {
    pub(super) pin: String,
    pub(super) reason: Option<String>,
    pub(super) factors: Option<String>,
    #[serde(default)]
    pub(super) index: u64,
    pub(super) sign: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pin {
    pub(super) pin: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmRecovery {
    pub(super) code: String,
    pub(super) pin: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rename {
    pub(super) name: String,
    pub(super) factors: Option<String>,
    pub(super) pin: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisterPush {
    pub(super) platform: String,
    pub(super) token: String,
    pub(super) environment: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangePin {
    pub(super) old: String,
    pub(super) new: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetVersion {
    pub(super) version: String,
}
