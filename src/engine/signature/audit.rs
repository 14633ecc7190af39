//! getSignatureAuditLog (part 1, section 11).

use serde::{Deserialize, Serialize};

use crate::crypto::encoding::base64;
use crate::engine::json::{self, Moment};
use crate::engine::pages::journal;
use crate::engine::{Engine, Outcome, required};
use crate::model::activation::ActivationStatus;
use crate::model::journal::{Entry, Event, SIGNATURES, Subject};
use crate::store::Tx;

/// Request of [`list`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "SignatureAuditRequest", extend("required" = ["userId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct AuditRequest {
    /// The user.
    pub user_id: Option<String>,
    /// The application; all when absent.
    pub application_id: Option<String>,
    /// From, included; open when absent.
    #[serde(deserialize_with = "json::moment")]
    pub timestamp_from: Option<Moment>,
    /// To, included; open when absent.
    #[serde(deserialize_with = "json::moment")]
    pub timestamp_to: Option<Moment>,
}

/// Answer of [`list`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "SignatureAuditList")
)]
pub struct AuditList {
    /// Newest first.
    pub items: Vec<AuditItem>,
}

/// A key and its value.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "AuditPair")
)]
pub struct Pair {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// A verification attempt. Values of the activation are those before it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "SignatureAuditItem")
)]
#[serde(rename_all = "camelCase")]
pub struct AuditItem {
    /// Number, growing with time.
    pub id: u64,
    /// The user.
    pub user_id: String,
    /// The application.
    pub application_id: String,
    /// The activation.
    pub activation_id: String,
    /// Numeric counter.
    pub activation_counter: u64,
    /// Base64 of CTR_DATA.
    pub activation_ctr_data: Option<String>,
    /// State.
    pub activation_status: ActivationStatus,
    /// More about it.
    pub additional_info: Vec<Pair>,
    /// Base64 of the signed text, without the application secret.
    pub data_base64: String,
    /// Version of the signature header.
    pub signature_version: Option<String>,
    /// Factors.
    pub signature_type: String,
    /// The signature.
    pub signature: String,
    /// Outcome in a word.
    pub note: String,
    /// Outcome.
    pub valid: bool,
    /// Effective version.
    pub version: u8,
    /// When.
    pub timestamp_created: Moment,
}

/// Verification attempts of a user.
pub fn list(_: &Engine, tx: &mut Tx<'_>, request: &AuditRequest) -> Outcome<AuditList> {
    let user = required(&request.user_id)?;
    let entries = journal(tx, SIGNATURES, user, request.timestamp_from, request.timestamp_to)?;
    let items = entries.into_iter().filter_map(item);
    let fits = |it: &AuditItem| {
        request
            .application_id
            .as_ref()
            .is_none_or(|id| *id == it.application_id)
    };
    Ok(Ok(AuditList {
        items: items.filter(fits).collect(),
    }))
}

fn item(entry: Entry) -> Option<AuditItem> {
    let (Event::Signature(it), Subject::Activation(activation)) = (entry.event, entry.subject) else {
        return None;
    };
    Some(AuditItem {
        id: entry.public_id,
        user_id: it.user,
        application_id: it.application,
        activation_id: activation,
        activation_counter: it.counter,
        activation_ctr_data: it.counter_data.as_deref().map(base64::encode),
        activation_status: it.status,
        additional_info: it
            .additional
            .into_iter()
            .map(|(key, value)| Pair { key, value })
            .collect(),
        data_base64: base64::encode(it.data.as_bytes()),
        signature_version: it.signature_version,
        signature_type: it.signature_type,
        signature: it.signature,
        note: it.note,
        valid: it.valid,
        version: it.version,
        timestamp_created: Moment::from_millis(entry.at),
    })
}
