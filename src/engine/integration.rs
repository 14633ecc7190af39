//! Integrations: the credentials of back ends (part 1, sections 1.6 and 13).
//!
//! Unlike the reference, which keeps and lists secrets in plain text, a secret is shown once and only
//! its hash is stored.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::pages::scan_all;
use super::system::Nothing;
use super::{Engine, ErrorCode, Outcome, bounded, journal, required, unique_uuid, uuid};
use crate::crypto::credential::hash_secret;
use crate::model::credential::{Credential, Grant};
use crate::model::integration::{INTEGRATIONS, Integration};
use crate::model::journal::{Head, Subject};
use crate::store::{Range, Tx};

/// Request of [`create`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["name"])))]
#[serde(default)]
pub struct CreateIntegration {
    /// Displayed name; need not be unique.
    pub name: Option<String>,
}

/// Answer of [`create`].
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NewIntegration {
    /// UUID.
    pub id: String,
    /// Displayed name.
    pub name: String,
    /// UUID: the user name.
    pub client_token: String,
    /// UUID: the password. Nobody can ask for it again.
    pub client_secret: String,
}

/// New credentials for a back end, good at once.
pub fn create(engine: &Engine, tx: &mut Tx<'_>, request: &CreateIntegration) -> Outcome<NewIntegration> {
    let name = bounded(required(&request.name)?)?.to_owned();
    let exhausted = ErrorCode::UnableToGenerateToken;
    let id = unique_uuid::<Integration>(engine, tx, exhausted)?;
    let token = unique_uuid::<Credential>(engine, tx, exhausted)?;
    let secret = uuid(tx)?;
    let hash = hash_secret(&secret, tx)?;
    tx.put(&Credential {
        user: token.clone(),
        hash,
        grant: Grant::Integration,
        name: name.clone(),
        application: None,
        created: tx.now(),
        removed_until: None,
    });
    let mut integration = Integration {
        id: id.clone(),
        name: name.clone(),
        token: token.clone(),
        created: tx.now(),
        removed: None,
        journal: Head::default(),
    };
    note(tx, &mut integration, "integration_created")?;
    tx.put(&integration);
    Ok(Ok(NewIntegration {
        id,
        name,
        client_token: token,
        client_secret: secret,
    }))
}

fn note(tx: &mut Tx<'_>, integration: &mut Integration, kind: &str) -> Result<(), super::EngineStop> {
    let subject = Subject::Integration(integration.id.clone());
    let parameters = json!({ "name": integration.name, "clientToken": integration.token });
    journal::note(tx, subject, &mut integration.journal, kind, None, &parameters)
}

/// Answer of [`list`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct IntegrationList {
    /// All of them, by creation.
    pub items: Vec<IntegrationItem>,
}

/// An integration in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct IntegrationItem {
    /// UUID.
    pub id: String,
    /// Displayed name.
    pub name: String,
    /// The user name.
    pub client_token: String,
    /// Always null: only a hash is stored.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<String>"))]
    pub client_secret: Option<()>,
}

/// All integrations.
pub fn list(_: &Engine, tx: &mut Tx<'_>, _: &Nothing) -> Outcome<IntegrationList> {
    let integrations = scan_all::<Integration>(tx, Range::all(INTEGRATIONS, "", 1_000))?;
    let item = |it: Integration| IntegrationItem {
        id: it.id,
        name: it.name,
        client_token: it.token,
        client_secret: None,
    };
    Ok(Ok(IntegrationList {
        items: integrations.into_iter().map(item).collect(),
    }))
}

/// Request of [`remove`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["id"])))]
#[serde(default)]
pub struct RemoveIntegration {
    /// The integration.
    pub id: Option<String>,
}

/// Answer of [`remove`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RemovedIntegration {
    /// As requested.
    pub id: String,
    /// Whether there was such an integration.
    pub removed: bool,
}

/// How long a removed credential is remembered, in milliseconds.
const TOMBSTONE: u64 = 24 * 3_600_000;

/// Removes an integration. Its credentials open nothing from then on.
pub fn remove(_: &Engine, tx: &mut Tx<'_>, request: &RemoveIntegration) -> Outcome<RemovedIntegration> {
    let id = required(&request.id)?;
    let found = tx.get::<Integration>(id)?.filter(|it| it.removed.is_none());
    let removed = found.is_some();
    if let Some(mut integration) = found {
        if let Some(mut credential) = tx.get::<Credential>(&integration.token)? {
            credential.hash = Vec::new();
            credential.removed_until = Some(tx.now().saturating_add(TOMBSTONE));
            tx.put(&credential);
        }
        note(tx, &mut integration, "integration_removed")?;
        integration.removed = Some(tx.now());
        tx.put(&integration);
    }
    Ok(Ok(RemovedIntegration {
        id: id.clone(),
        removed,
    }))
}
