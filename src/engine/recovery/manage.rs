//! What a back end sees of recovery codes, and how it ends them (part 1, sections 17.4, 17.5).

use serde::{Deserialize, Serialize};

use super::config::application;
use super::{of_activation, revoke};
use crate::engine::pages::{PageBounds, scan_page};
use crate::engine::{Engine, ErrorCode, Outcome, json};
use crate::model::activation::Activation;
use crate::model::recovery::{BY_USER, PukStatus, RecoveryCode, RecoveryCodeStatus};
use crate::store::Tx;

/// Request of [`lookup`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase")]
pub struct LookupRecoveryCodes {
    /// The user.
    pub user_id: Option<String>,
    /// The activation that the codes came with.
    pub activation_id: Option<String>,
    /// The application; not alone.
    pub application_id: Option<String>,
    /// State of the codes; any when absent.
    pub recovery_code_status: Option<RecoveryCodeStatus>,
    /// Only PUKs of this state, and only codes that have one; any when absent.
    pub recovery_puk_status: Option<PukStatus>,
}

/// Answer of [`lookup`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LookedUpRecoveryCodes {
    /// Newest first.
    pub recovery_codes: Vec<RecoveryCodeItem>,
}

/// A recovery code in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodeItem {
    /// Number of the code.
    pub recovery_code_id: u64,
    /// The code with all groups but the last one masked.
    pub recovery_code_masked: String,
    /// The user.
    pub user_id: String,
    /// The application.
    pub application_id: String,
    /// The activation that it came with; null for a postcard.
    pub activation_id: Option<String>,
    /// Its state.
    pub status: RecoveryCodeStatus,
    /// Its PUKs in order.
    pub puks: Vec<PukItem>,
}

/// A PUK in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PukItem {
    /// From 1.
    pub puk_index: u64,
    /// Always 0: it is not kept.
    pub puk_derivation_index: i64,
    /// Its state.
    pub status: PukStatus,
}

fn item(code: RecoveryCode, only: Option<PukStatus>) -> RecoveryCodeItem {
    let numbered = (1..).zip(&code.puks).map(|(puk_index, puk)| PukItem {
        puk_index,
        puk_derivation_index: 0,
        status: puk.status,
    });
    RecoveryCodeItem {
        puks: numbered
            .filter(|puk| only.is_none_or(|status| status == puk.status))
            .collect(),
        recovery_code_id: code.id,
        recovery_code_masked: format!("XXXXX-XXXXX-XXXXX-{}", code.ending),
        user_id: code.user,
        application_id: code.application,
        activation_id: code.activation,
        status: code.status,
    }
}

/// Recovery codes of a user or of an activation. All given attributes must fit.
pub fn lookup(_: &Engine, tx: &mut Tx<'_>, request: &LookupRecoveryCodes) -> Outcome<LookedUpRecoveryCodes> {
    let invalid = ErrorCode::InvalidRequest;
    let (user, activation) = (&request.user_id, &request.activation_id);
    if user.is_none() && activation.is_none() {
        return Err(invalid.into());
    }
    if let Some(id) = &request.application_id {
        application(tx, id)?;
    }
    let only = request.recovery_puk_status;
    let fits = |it: &RecoveryCode| {
        user.as_ref().is_none_or(|id| *id == it.user)
            && (activation.is_none() || *activation == it.activation)
            && request
                .application_id
                .as_ref()
                .is_none_or(|id| *id == it.application)
            && request
                .recovery_code_status
                .is_none_or(|status| status == it.status)
            && only.is_none_or(|status| it.puks.iter().any(|puk| puk.status == status))
    };
    let found = match (activation, user) {
        (Some(id), _) => {
            let activation = tx.get::<Activation>(id)?;
            let code = match activation {
                Some(activation) => of_activation(tx, &activation)?,
                None => None,
            };
            code.into_iter().filter(fits).collect()
        }
        (None, Some(user)) => {
            let everything = PageBounds {
                skip: 0,
                take: usize::MAX,
            };
            scan_page(tx, BY_USER, user, everything, fits)?
        }
        (None, None) => Vec::new(),
    };
    Ok(Ok(LookedUpRecoveryCodes {
        recovery_codes: found.into_iter().map(|code| item(code, only)).collect(),
    }))
}

/// Request of [`revoke_codes`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["recoveryCodeIds"])))]
#[serde(default, rename_all = "camelCase")]
pub struct RevokeRecoveryCodes {
    /// Numbers of the codes, 1 to 100 of them.
    pub recovery_code_ids: Option<Vec<CodeNumber>>,
}

/// A number in a list, or null.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "RecoveryCodeNumber")
)]
#[serde(transparent)]
pub struct CodeNumber(#[serde(deserialize_with = "json::integer")] pub Option<i64>);

/// Answer of [`revoke_codes`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RevokedRecoveryCodes {
    /// Whether a code changed.
    pub revoked: bool,
}

/// Codes that one request may revoke.
const MAX_CODES: usize = 100;

/// Ends codes and their PUKs. Unknown and REVOKED ones are left out.
pub fn revoke_codes(
    _: &Engine,
    tx: &mut Tx<'_>,
    request: &RevokeRecoveryCodes,
) -> Outcome<RevokedRecoveryCodes> {
    let invalid = ErrorCode::InvalidRequest;
    let ids = match request.recovery_code_ids.as_deref() {
        None | Some([]) => return Err(invalid.into()),
        Some(ids) if ids.len() > MAX_CODES => return Err(invalid.into()),
        Some(ids) => ids,
    };
    let id = |number: &CodeNumber| number.0.and_then(|number| u64::try_from(number).ok());
    let ids: Option<Vec<String>> = ids.iter().map(|it| id(it).map(|id| id.to_string())).collect();
    let ids = ids.ok_or(invalid)?;
    for id in &ids {
        tx.want::<RecoveryCode>(id);
    }
    let mut revoked = false;
    for id in &ids {
        if let Some(mut code) = tx.get::<RecoveryCode>(id)? {
            revoked |= revoke(tx, &mut code)?;
        }
    }
    Ok(Ok(RevokedRecoveryCodes { revoked }))
}
