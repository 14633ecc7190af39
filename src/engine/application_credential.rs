//! Credentials of applications for the cloud API (cloud API, section 1).
//!
//! An application may have several pairs of user name and password, so that one can be replaced without a pause: issue a
//! new one, let the callers change over, end the old one. A password is shown once and only its hash is stored.

use serde_json::json;

use super::application::{find, note};
use super::{Engine, EngineStop, Error, ErrorCode, Outcome, unique_uuid};
use crate::crypto::credential::hash_secret;
use crate::crypto::encoding::base64url;
use crate::crypto::random;
use crate::model::application::Application;
use crate::model::credential::{Credential, Grant};
use crate::store::Tx;

/// Pairs that one application may have.
const MAX: usize = 10;
/// How long an ended credential is remembered, in milliseconds.
const TOMBSTONE: u64 = 24 * 3_600_000;

/// A new pair.
pub(crate) struct Issued {
    /// UUID.
    pub(crate) username: String,
    /// 43 characters, 256 random bits. Nobody can ask for it again.
    pub(crate) password: String,
}

/// A new pair of an application that the caller then writes, good at once. `by` is who the journal names.
pub(crate) fn issue_in(
    engine: &Engine,
    tx: &mut Tx<'_>,
    application: &mut Application,
    by: Option<&str>,
) -> Result<Issued, EngineStop> {
    if application.credentials.len() >= MAX {
        let text = "The application has too many credentials. End one that is no longer used.";
        return Err(Error::with_detail(ErrorCode::InvalidRequest, text).into());
    }
    let username = unique_uuid::<Credential>(engine, tx, ErrorCode::UnableToGenerateToken)?;
    let password = base64url::encode(&random::bytes::<32>(tx)?);
    let hash = hash_secret(&password, tx)?;
    tx.put(&Credential {
        user: username.clone(),
        hash,
        grant: Grant::Application,
        name: application.id.clone(),
        application: Some(application.id.clone()),
        created: tx.now(),
        removed_until: None,
    });
    application.credentials.push(username.clone());
    let parameters = json!({ "username": username, "by": by });
    note(tx, application, "application_credential_issued", &parameters)?;
    Ok(Issued { username, password })
}

/// A new pair of an existing application; ERR0015 for an unknown one, ERR0024 when it has too many.
pub(crate) fn issue(
    engine: &Engine,
    tx: &mut Tx<'_>,
    application: &str,
    by: Option<&str>,
) -> Outcome<Issued> {
    let mut application = find(tx, application)?;
    let issued = issue_in(engine, tx, &mut application, by)?;
    tx.put(&application);
    Ok(Ok(issued))
}

/// Ends a pair: it opens nothing from then on. ERR0015 unless the application exists and has it.
pub(crate) fn end(tx: &mut Tx<'_>, application: &str, username: &str, by: Option<&str>) -> Outcome<()> {
    let mut application = find(tx, application)?;
    let known = application.credentials.iter().any(|it| it == username);
    let credential = tx.get::<Credential>(username)?.filter(|_| known);
    let mut credential = credential.ok_or(ErrorCode::InvalidApplication)?;
    credential.hash = Vec::new();
    credential.removed_until = Some(tx.now().saturating_add(TOMBSTONE));
    tx.put(&credential);
    application.credentials.retain(|it| it != username);
    let parameters = json!({ "username": username, "by": by });
    note(tx, &mut application, "application_credential_ended", &parameters)?;
    tx.put(&application);
    Ok(Ok(()))
}
