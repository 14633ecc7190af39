//! Recovery codes on paper (part 1, section 17.2).
//!
//! Server and printing centre derive code and PUKs from a shared secret, a nonce and an index for each
//! PUK. Nonce and indexes leave with the answer and are not kept, so that nobody can derive them later.

use serde::{Deserialize, Serialize};

use super::config::{application, private_place};
use super::{Fresh, Owner, digest, enabled, record, unique};
use crate::crypto::encoding::base64;
use crate::crypto::key::{PrivateKey, PublicKey};
use crate::crypto::random;
use crate::crypto::recovery::RecoveryDerivation;
use crate::crypto::secret::Secret;
use crate::engine::pages::{PageBounds, scan_page};
use crate::engine::{Engine, EngineStop, ErrorCode, Outcome, bounded, json, required};
use crate::model::application::Application;
use crate::model::recovery::{BY_USER, PukStatus, RecoveryCode, RecoveryCodeStatus, RecoveryConfig};
use crate::model::replay::Claim;
use crate::store::Tx;

/// PUKs that a code may have.
const MAX_PUKS: usize = 100;

/// Request of [`create`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["applicationId", "userId", "pukCount"])))]
#[serde(default, rename_all = "camelCase")]
pub struct CreateRecoveryCode {
    /// The application.
    pub application_id: Option<String>,
    /// The user, at most 255 characters.
    pub user_id: Option<String>,
    /// Number of PUKs, 1 to 100.
    #[serde(deserialize_with = "json::integer")]
    pub puk_count: Option<i64>,
}

/// Answer of [`create`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatedRecoveryCode {
    /// Base64 of 32 bytes, for the printing centre.
    pub nonce: String,
    /// The user.
    pub user_id: String,
    /// Number of the code.
    pub recovery_code_id: u64,
    /// The code with all groups but the last one masked.
    pub recovery_code_masked: String,
    /// CREATED.
    pub status: RecoveryCodeStatus,
    /// The PUKs in order.
    pub puks: Vec<PostcardPuk>,
}

/// How the printing centre derives a PUK.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PostcardPuk {
    /// From 1.
    pub puk_index: u64,
    /// Any 64 bits.
    pub puk_derivation_index: i64,
    /// VALID.
    pub status: PukStatus,
}

/// A new code on paper for a user.
pub fn create(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &CreateRecoveryCode,
) -> Outcome<CreatedRecoveryCode> {
    let invalid = ErrorCode::InvalidRequest;
    let application_id = required(&request.application_id)?;
    let user = bounded(required(&request.user_id)?)?;
    let count = usize::try_from(*required(&request.puk_count)?).map_err(|_| invalid)?;
    if !(1..=MAX_PUKS).contains(&count) {
        return Err(invalid.into());
    }
    let newest = Claim::recovery_postcard(&digest(&[user, application_id]));
    tx.want::<Application>(application_id);
    tx.want::<RecoveryConfig>(application_id);
    tx.want::<Claim>(&newest);
    application(tx, application_id)?;
    let config = enabled(tx, application_id)?.filter(|config| config.postcard);
    let config = config.ok_or(invalid)?;
    let (Some(private), Some(remote)) = (&config.private, &config.remote) else {
        return Err(ErrorCode::InvalidRecoveryConfiguration.into());
    };
    if has_open(tx, application_id, user, &newest)? && !config.multiple {
        return Err(ErrorCode::RecoveryCodeAlreadyExists.into());
    }
    let secret = agree(engine, application_id, private, remote)?;
    let owner = Owner {
        application: application_id,
        user,
        activation: None,
    };
    let (fresh, (nonce, indexes)) = unique(engine, tx, &owner, |tx| {
        let nonce = random::bytes::<32>(tx)?;
        let derivation = RecoveryDerivation::new(secret.as_bytes(), &nonce);
        let (indexes, puks): (Vec<_>, Vec<_>) = derivation.draw_puks(count, tx)?.into_iter().unzip();
        let code = derivation.code().clone();
        Ok((Fresh { code, puks }, (nonce, indexes)))
    })?;
    let record = record(engine, tx, &owner, &fresh, RecoveryCodeStatus::Created)?;
    tx.put(&Claim {
        name: newest,
        target: Some(record.id.to_string()),
    });
    let puks = (1..)
        .zip(indexes)
        .map(|(puk_index, puk_derivation_index)| PostcardPuk {
            puk_index,
            puk_derivation_index,
            status: PukStatus::Valid,
        });
    Ok(Ok(CreatedRecoveryCode {
        nonce: base64::encode(&nonce),
        user_id: record.user,
        recovery_code_id: record.id,
        recovery_code_masked: fresh.code.masked(),
        status: record.status,
        puks: puks.collect(),
    }))
}

/// Whether the user has a CREATED or ACTIVE postcard. The search may miss one that is being made at
/// this moment; the claim, which every creation rewrites, does not.
fn has_open(tx: &mut Tx<'_>, application: &str, user: &str, newest: &str) -> Result<bool, EngineStop> {
    let newest = tx.get::<Claim>(newest)?.and_then(|claim| claim.target);
    if let Some(id) = newest
        && tx.get::<RecoveryCode>(&id)?.is_some_and(|code| code.is_open())
    {
        return Ok(true);
    }
    let one = PageBounds { skip: 0, take: 1 };
    let open = |it: &RecoveryCode| it.application == application && it.activation.is_none() && it.is_open();
    Ok(!scan_page(tx, BY_USER, user, one, open)?.is_empty())
}

/// The secret shared with the printing centre; ERR0010 when one of the keys is broken.
fn agree(
    engine: &Engine,
    application: &str,
    private: &[u8],
    remote: &[u8],
) -> Result<Secret<32>, EngineStop> {
    let invalid = ErrorCode::InvalidKeyFormat;
    let private = engine.keyring.open(private_place(application), private)?;
    let private = PrivateKey::from_bytes(private.as_bytes()).map_err(|_| invalid)?;
    let remote = PublicKey::from_bytes(engine.backend, remote).map_err(|_| invalid)?;
    engine
        .backend
        .agree(&private, &remote)
        .map_err(|_| invalid.into())
}
