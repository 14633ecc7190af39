//! Management of callback URLs (part 1, section 14.2).

use serde::de::Deserializer;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::authentication::{Authentication, Given, PublicAuthentication};
use super::target::Target;
use crate::engine::{Engine, EngineStop, ErrorCode, Outcome, application, bounded, required, uuid};
use crate::model::application::Application;
use crate::model::callback::{CallbackType, CallbackUrl, Callbacks};
use crate::model::replay::Claim;
use crate::store::Tx;

/// URLs of one type that one application may have, so that the events of a change fit into one batch.
pub(crate) const MAX_URLS: usize = 32;
/// Removed URLs that are remembered until their events are given up.
const MAX_REMOVED: usize = 256;
/// Attributes of one URL.
pub(crate) const MAX_ATTRIBUTES: usize = 100;

const TYPES: [(CallbackType, &str); 2] = [
    (CallbackType::ActivationStatusChange, "ACTIVATION_STATUS_CHANGE"),
    (CallbackType::OperationStatusChange, "OPERATION_STATUS_CHANGE"),
];

fn type_name(kind: CallbackType) -> &'static str {
    TYPES
        .iter()
        .find(|(known, _)| *known == kind)
        .map_or("", |(_, name)| name)
}

/// Request of [`create`] and [`update`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["name", "callbackUrl"])))]
#[serde(default, rename_all = "camelCase")]
pub struct CallbackRequest {
    /// The URL's id; only for [`update`].
    pub id: Option<String>,
    /// The application; a URL keeps the one it was created for.
    pub application_id: Option<String>,
    /// Displayed name.
    pub name: Option<String>,
    /// `ACTIVATION_STATUS_CHANGE` or `OPERATION_STATUS_CHANGE`; a URL keeps the one it was created with.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", schemars(extend("enum" = ["ACTIVATION_STATUS_CHANGE", "OPERATION_STATUS_CHANGE"])))]
    pub kind: Option<String>,
    /// Where to: http or https.
    pub callback_url: Option<String>,
    /// Names of the members to send. Inner none: an explicit null.
    #[serde(deserialize_with = "given")]
    pub attributes: Option<Option<Vec<String>>>,
    /// How to authenticate.
    pub authentication: Given,
}

fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Vec<String>>>, D::Error> {
    Option::<Vec<String>>::deserialize(deserializer).map(Some)
}

/// Answer of [`create`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatedCallback {
    /// UUID.
    pub id: String,
    /// The application.
    pub application_id: String,
    /// Displayed name.
    pub name: String,
    /// Where to.
    pub callback_url: String,
    /// Names of the members to send.
    pub attributes: Vec<String>,
    /// How to authenticate, without passwords.
    pub authentication: PublicAuthentication,
}

/// A callback URL in answers.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CallbackDetail {
    /// UUID.
    pub id: String,
    /// The application.
    pub application_id: String,
    /// Displayed name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", schemars(extend("enum" = ["ACTIVATION_STATUS_CHANGE", "OPERATION_STATUS_CHANGE"])))]
    pub kind: &'static str,
    /// Where to.
    pub callback_url: String,
    /// Names of the members to send.
    pub attributes: Vec<String>,
    /// How to authenticate, without passwords.
    pub authentication: PublicAuthentication,
}

impl CallbackDetail {
    fn of(engine: &Engine, application: &str, url: CallbackUrl) -> Result<Self, EngineStop> {
        Ok(Self {
            authentication: Authentication::open(engine, &url)?.public(),
            id: url.id,
            application_id: application.to_owned(),
            name: url.name,
            kind: type_name(url.kind),
            callback_url: url.url,
            attributes: url.attributes,
        })
    }
}

/// A new callback URL.
pub fn create(engine: &Engine, tx: &mut Tx<'_>, request: &CallbackRequest) -> Outcome<CreatedCallback> {
    let name = bounded(required(&request.name)?)?;
    let url = checked_url(request)?;
    let id = request.application_id.as_deref();
    let mut application = application::find(tx, id.ok_or(ErrorCode::InvalidApplication)?)?;
    let asked = request.kind.as_deref();
    let kind = TYPES.iter().find(|(_, name)| asked == Some(name));
    let (kind, _) = *kind.ok_or(ErrorCode::InvalidRequest)?;
    let attributes = match &request.attributes {
        Some(Some(attributes)) => checked_attributes(attributes)?,
        Some(None) | None => Vec::new(),
    };
    let authentication = match &request.authentication {
        Given::Some(settings) => (**settings).clone(),
        Given::Absent | Given::Null => Authentication::default(),
    };
    authentication.check()?;
    let mut callbacks = tx.get::<Callbacks>(&application.id)?.unwrap_or(Callbacks {
        application: application.id.clone(),
        urls: Vec::new(),
        removed: Vec::new(),
    });
    if callbacks.urls.iter().filter(|it| it.kind == kind).count() >= MAX_URLS {
        return Err(ErrorCode::InvalidRequest.into());
    }
    let id = uuid(tx)?;
    tx.put(&Claim {
        name: Claim::callback(&id),
        target: Some(application.id.clone()),
    });
    let sealed = authentication.seal(engine, tx, &id)?;
    let url = CallbackUrl {
        id,
        kind,
        name: name.to_owned(),
        url: url.to_owned(),
        attributes,
        authentication: sealed,
    };
    let detail = CallbackDetail::of(engine, &application.id, url.clone())?;
    note(tx, &mut application, "callback_created", &url)?;
    callbacks.urls.push(url);
    save(tx, callbacks);
    Ok(Ok(CreatedCallback {
        id: detail.id,
        application_id: detail.application_id,
        name: detail.name,
        callback_url: detail.callback_url,
        attributes: detail.attributes,
        authentication: detail.authentication,
    }))
}

/// Replaces name, URL, attributes and authentication. Passwords that are not given stay.
pub fn update(engine: &Engine, tx: &mut Tx<'_>, request: &CallbackRequest) -> Outcome<CallbackDetail> {
    let id = required(&request.id)?;
    required(&request.application_id)?;
    let name = bounded(required(&request.name)?)?;
    let attributes = match &request.attributes {
        Some(None) => return Err(ErrorCode::InvalidRequest.into()),
        Some(Some(attributes)) => checked_attributes(attributes)?,
        None => Vec::new(),
    };
    let mut callbacks = holder(tx, id)?.ok_or(ErrorCode::InvalidRequest)?;
    let found = callbacks.urls.iter_mut().find(|url| url.id == *id);
    let url = found.ok_or(ErrorCode::InvalidRequest)?;
    checked_url(request)?.clone_into(&mut url.url);
    let mut authentication = match &request.authentication {
        Given::Some(settings) => (**settings).clone(),
        Given::Absent | Given::Null => Authentication::default(),
    };
    if !matches!(request.authentication, Given::Null) {
        authentication.keep_passwords(Authentication::open(engine, url)?);
    }
    authentication.check()?;
    url.authentication = authentication.seal(engine, tx, id)?;
    url.attributes = attributes;
    name.clone_into(&mut url.name);
    let url = url.clone();
    let mut application = application::find(tx, &callbacks.application)?;
    note(tx, &mut application, "callback_updated", &url)?;
    save(tx, callbacks);
    Ok(Ok(CallbackDetail::of(engine, &application.id, url)?))
}

/// Request of [`list`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase")]
pub struct CallbackListRequest {
    /// The application.
    pub application_id: Option<String>,
}

/// Answer of [`list`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CallbackList {
    /// By name.
    pub callback_url_list: Vec<CallbackDetail>,
}

/// The URLs of an application; none for an unknown one.
pub fn list(engine: &Engine, tx: &mut Tx<'_>, request: &CallbackListRequest) -> Outcome<CallbackList> {
    let application = request.application_id.as_deref().unwrap_or_default();
    let callbacks = match application {
        "" => None,
        id => tx.peek::<Callbacks>(id)?,
    };
    let urls = callbacks.map_or_else(Vec::new, |it| it.urls);
    let details = urls
        .into_iter()
        .map(|url| CallbackDetail::of(engine, application, url));
    Ok(Ok(CallbackList {
        callback_url_list: details.collect::<Result<_, _>>()?,
    }))
}

/// Request of [`remove`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["id"])))]
#[serde(default, rename_all = "camelCase")]
pub struct CallbackIdRequest {
    /// The URL's id.
    pub id: Option<String>,
}

/// Answer of [`remove`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RemovedCallback {
    /// The URL's id.
    pub id: String,
    /// Whether there was one.
    pub removed: bool,
}

/// Removes a URL; events that wait for it are given up.
pub fn remove(_: &Engine, tx: &mut Tx<'_>, request: &CallbackIdRequest) -> Outcome<RemovedCallback> {
    let id = required(&request.id)?;
    let mut removed = false;
    if let Some(mut callbacks) = holder(tx, id)?
        && let Some(at) = callbacks.urls.iter().position(|url| url.id == *id)
    {
        let url = callbacks.urls.remove(at);
        // A worker gives up what waits for it. A host without one does not collect these for ever.
        if callbacks.removed.len() >= MAX_REMOVED {
            callbacks.removed.remove(0);
        }
        callbacks.removed.push(id.clone());
        let mut application = application::find(tx, &callbacks.application)?;
        note(tx, &mut application, "callback_removed", &url)?;
        save(tx, callbacks);
        tx.put(&Claim {
            name: Claim::callback(id),
            target: None,
        });
        removed = true;
    }
    Ok(Ok(RemovedCallback {
        id: id.clone(),
        removed,
    }))
}

/// The record that holds the URL `id`.
fn holder(tx: &mut Tx<'_>, id: &str) -> Result<Option<Callbacks>, EngineStop> {
    // Ids are ours; a longer one would not fit into a key.
    let claim = match id.len() {
        1..=64 => tx.get::<Claim>(&Claim::callback(id))?,
        _ => None,
    };
    let Some(application) = claim.and_then(|claim| claim.target) else {
        return Ok(None);
    };
    Ok(tx.get::<Callbacks>(&application)?)
}

fn save(tx: &mut Tx<'_>, mut callbacks: Callbacks) {
    callbacks.urls.sort_by(|a, b| a.name.cmp(&b.name));
    tx.put(&callbacks);
}

/// An entry in the application's journal. The URL itself may hold a secret.
fn note(
    tx: &mut Tx<'_>,
    application: &mut Application,
    kind: &str,
    url: &CallbackUrl,
) -> Result<(), EngineStop> {
    let parameters = json!({ "id": url.id, "name": url.name, "type": type_name(url.kind) });
    application::note(tx, application, kind, &parameters)?;
    tx.put(application);
    Ok(())
}

fn checked_attributes(attributes: &[String]) -> Result<Vec<String>, EngineStop> {
    if attributes.len() > MAX_ATTRIBUTES {
        return Err(ErrorCode::InvalidRequest.into());
    }
    attributes.iter().try_for_each(|name| bounded(name).map(|_| ()))?;
    Ok(attributes.to_vec())
}

/// The URL of the request, or ERR0014.
fn checked_url(request: &CallbackRequest) -> Result<&str, EngineStop> {
    let url = request
        .callback_url
        .as_deref()
        .filter(|url| Target::parse(url).is_some());
    url.ok_or_else(|| ErrorCode::InvalidUrl.into())
}
