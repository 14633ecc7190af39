//! Applications, their versions and roles (server API, part 1, sections 5 and 19).

use serde::{Deserialize, Serialize};

use super::application_version::{open_secret, secret_place};
use super::pages::scan_all;
use super::system::Nothing;
use super::{Engine, EngineStop, ErrorCode, Outcome, Place, bounded, required};
use super::{journal, labels};
use crate::crypto::encoding::base64;
use crate::crypto::key::KeyPair;
use crate::crypto::random;
use crate::crypto::sdk_config::SdkConfiguration;
use crate::crypto::secret::Secret;
use crate::model::application::{
    APPLICATION, APPLICATIONS, Application, ApplicationVersion, COPIES, MAX_APPLICATION_ID, MasterKey,
    VersionRef,
};
use crate::model::journal::{Head, Subject};
use crate::store::{Range, Tx};

/// Place of an application's master private key.
pub(crate) fn master_key_place(application: &str) -> Place<'_> {
    Place {
        collection: APPLICATION,
        id: application,
        field: "master_private",
    }
}

/// The application, or ERR0015.
pub(crate) fn find(tx: &mut Tx<'_>, id: &str) -> Result<Application, EngineStop> {
    tx.get::<Application>(id)?
        .ok_or_else(|| ErrorCode::InvalidApplication.into())
}

/// The application's roles, for an answer; nothing rests on them.
pub(crate) fn roles(tx: &mut Tx<'_>, id: &str) -> Result<Vec<String>, EngineStop> {
    let application = tx.peek::<Application>(id)?;
    Ok(application.map(|it| it.roles).unwrap_or_default())
}

/// Answer of [`list`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ApplicationList {
    /// All of them, by creation.
    pub applications: Vec<ApplicationItem>,
}

/// An application in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationItem {
    /// Identifier.
    pub application_id: String,
    /// Roles.
    pub application_roles: Vec<String>,
}

/// All applications.
pub fn list(_: &Engine, tx: &mut Tx<'_>, _: &Nothing) -> Outcome<ApplicationList> {
    let applications = scan_all::<Application>(tx, Range::all(APPLICATIONS, "", 1_000))?;
    let item = |it: Application| ApplicationItem {
        application_id: it.id,
        application_roles: it.roles,
    };
    Ok(Ok(ApplicationList {
        applications: applications.into_iter().map(item).collect(),
    }))
}

/// Names an application.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["applicationId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct ApplicationRequest {
    /// Identifier.
    pub application_id: Option<String>,
}

/// Answer of [`detail`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationDetail {
    /// Identifier.
    pub application_id: String,
    /// Always null; the reference has the attribute.
    pub application_name: Option<String>,
    /// Roles.
    pub application_roles: Vec<String>,
    /// Base64 of 65 bytes.
    pub master_public_key: String,
    /// Versions by creation.
    pub versions: Vec<VersionDetail>,
}

/// A version with its credentials.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "ApplicationVersionDetail")
)]
#[serde(rename_all = "camelCase")]
pub struct VersionDetail {
    /// Identifier.
    pub application_version_id: String,
    /// Base64 of 16 bytes.
    pub application_key: String,
    /// Base64 of 16 bytes.
    pub application_secret: String,
    /// Compact client configuration, Base64 (protocol, section 3.7).
    pub mobile_sdk_config: String,
    /// Whether it is served.
    pub supported: bool,
}

/// One application with its versions.
pub fn detail(engine: &Engine, tx: &mut Tx<'_>, request: &ApplicationRequest) -> Outcome<ApplicationDetail> {
    let application = find(tx, required(&request.application_id)?)?;
    let master = application
        .master_key()
        .ok_or(ErrorCode::NoMasterKeyPair)?
        .public
        .clone();
    for version in &application.versions {
        tx.want::<ApplicationVersion>(&version.key);
    }
    let mut versions = Vec::with_capacity(application.versions.len());
    for VersionRef { key, .. } in &application.versions {
        let Some(version) = tx.get::<ApplicationVersion>(key)? else {
            continue;
        };
        let secret = open_secret(engine, &version)?;
        let broken = ErrorCode::GenericCryptographyError;
        let config = SdkConfiguration {
            application_key: base64::decode_array(&version.key).map_err(|_| broken)?,
            application_secret: Secret::from_bytes(base64::decode_array(&secret).map_err(|_| broken)?),
            master_public_key: master.clone(),
        };
        versions.push(VersionDetail {
            application_version_id: version.id,
            application_key: version.key,
            application_secret: (*secret).clone(),
            mobile_sdk_config: config.to_text(),
            supported: version.supported,
        });
    }
    Ok(Ok(ApplicationDetail {
        application_id: application.id,
        application_name: None,
        application_roles: application.roles,
        master_public_key: base64::encode(&master),
        versions,
    }))
}

/// Names an application version by its key.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["applicationKey"])))]
#[serde(default, rename_all = "camelCase")]
pub struct ApplicationKeyRequest {
    /// Base64 of 16 bytes.
    pub application_key: Option<String>,
}

/// Names an application.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationName {
    /// Identifier.
    pub application_id: String,
}

/// The application of a key, supported or not.
pub fn by_key(_: &Engine, tx: &mut Tx<'_>, request: &ApplicationKeyRequest) -> Outcome<ApplicationName> {
    let version = tx.get::<ApplicationVersion>(required(&request.application_key)?)?;
    let version = version.ok_or(ErrorCode::InvalidApplication)?;
    Ok(Ok(ApplicationName {
        application_id: version.application,
    }))
}

/// Answer of [`create`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatedApplication {
    /// Identifier.
    pub application_id: String,
    /// Always null; the reference has the attribute.
    pub application_name: Option<String>,
    /// None yet.
    pub application_roles: Vec<String>,
}

/// A new application with a master key pair and the version `default`.
pub fn create(engine: &Engine, tx: &mut Tx<'_>, request: &ApplicationRequest) -> Outcome<CreatedApplication> {
    let id = required(&request.application_id)?;
    if id.trim().is_empty() || id.len() > MAX_APPLICATION_ID || id.contains('\0') {
        return Err(ErrorCode::InvalidRequest.into());
    }
    if tx.get::<Application>(id)?.is_some() {
        return Err(ErrorCode::DuplicateApplication.into());
    }
    let pair = KeyPair::generate(engine.backend, tx).map_err(|_| ErrorCode::GenericCryptographyError)?;
    let private = engine
        .keyring
        .seal(master_key_place(id), pair.private.as_bytes(), tx)?;
    let master = MasterKey {
        public: pair.public.as_bytes().to_vec(),
        private,
        created: tx.now(),
    };
    let mut application = Application {
        id: id.to_owned(),
        roles: Vec::new(),
        master_keys: vec![master],
        versions: Vec::new(),
        created: tx.now(),
        journal: Head::default(),
        single_device: false,
        operation_push: false,
        credentials: Vec::new(),
    };
    note(
        tx,
        &mut application,
        "application_created",
        &serde_json::json!({}),
    )?;
    add_version(engine, tx, &mut application, "default")?;
    tx.put(&application);
    Ok(Ok(CreatedApplication {
        application_id: application.id,
        application_name: None,
        application_roles: Vec::new(),
    }))
}

/// A note in the application's journal; the caller writes the application.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    application: &mut Application,
    kind: &str,
    parameters: &serde_json::Value,
) -> Result<(), EngineStop> {
    let subject = Subject::Application(application.id.clone());
    journal::note(tx, subject, &mut application.journal, kind, None, parameters)
}

fn add_version(
    engine: &Engine,
    tx: &mut Tx<'_>,
    application: &mut Application,
    id: &str,
) -> Result<(ApplicationVersion, String), EngineStop> {
    let key = base64::encode(&random::bytes::<16>(tx)?);
    let secret = random::bytes::<16>(tx)?;
    let version = ApplicationVersion {
        application: application.id.clone(),
        id: id.to_owned(),
        secret: engine.keyring.seal(secret_place(&key), &secret, tx)?,
        key: key.clone(),
        supported: true,
        roles: (application.versions.len() < COPIES).then(|| application.roles.clone()),
    };
    application.versions.push(VersionRef {
        id: id.to_owned(),
        key,
    });
    note(
        tx,
        application,
        "application_version_created",
        &serde_json::json!({ "version": id }),
    )?;
    tx.put(&version);
    Ok((version, base64::encode(&secret)))
}

/// Names a version of an application.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ApplicationVersionRequest", extend("required" = ["applicationId", "applicationVersionId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct VersionRequest {
    /// Identifier of the application.
    pub application_id: Option<String>,
    /// Identifier of the version.
    pub application_version_id: Option<String>,
}

/// Answer of [`create_version`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "CreatedApplicationVersion")
)]
#[serde(rename_all = "camelCase")]
pub struct CreatedVersion {
    /// Identifier.
    pub application_version_id: String,
    /// Always null; the reference has the attribute.
    pub application_version_name: Option<String>,
    /// Base64 of 16 bytes.
    pub application_key: String,
    /// Base64 of 16 bytes.
    pub application_secret: String,
    /// True.
    pub supported: bool,
}

/// A new version with its own key and secret.
pub fn create_version(engine: &Engine, tx: &mut Tx<'_>, request: &VersionRequest) -> Outcome<CreatedVersion> {
    let application = required(&request.application_id)?;
    let id = bounded(required(&request.application_version_id)?)?;
    let mut application = find(tx, application)?;
    if application.version(id).is_some() {
        return Err(ErrorCode::DuplicateApplication.into());
    }
    let (version, secret) = add_version(engine, tx, &mut application, id)?;
    tx.put(&application);
    Ok(Ok(CreatedVersion {
        application_version_id: version.id,
        application_version_name: None,
        application_key: version.key,
        application_secret: secret,
        supported: true,
    }))
}

/// Answer of [`support_version`] and [`unsupport_version`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "ApplicationVersionSupport")
)]
#[serde(rename_all = "camelCase")]
pub struct VersionSupport {
    /// Identifier.
    pub application_version_id: String,
    /// Whether it is served now.
    pub supported: bool,
}

/// Serves the version again.
pub fn support_version(_: &Engine, tx: &mut Tx<'_>, request: &VersionRequest) -> Outcome<VersionSupport> {
    set_support(tx, request, true)
}

/// Serves the version no longer.
pub fn unsupport_version(_: &Engine, tx: &mut Tx<'_>, request: &VersionRequest) -> Outcome<VersionSupport> {
    set_support(tx, request, false)
}

fn set_support(tx: &mut Tx<'_>, request: &VersionRequest, supported: bool) -> Outcome<VersionSupport> {
    let (Some(application), Some(id)) = (&request.application_id, &request.application_version_id) else {
        return Err(ErrorCode::InvalidApplication.into());
    };
    let mut application = find(tx, application)?;
    let key = application
        .version(id)
        .ok_or(ErrorCode::InvalidApplication)?
        .key
        .clone();
    let mut version = tx
        .get::<ApplicationVersion>(&key)?
        .ok_or(ErrorCode::InvalidApplication)?;
    if version.supported != supported {
        version.supported = supported;
        tx.put(&version);
        let parameters = serde_json::json!({ "version": id, "supported": supported });
        note(tx, &mut application, "application_version_changed", &parameters)?;
        tx.put(&application);
    }
    Ok(Ok(VersionSupport {
        application_version_id: version.id,
        supported,
    }))
}

/// Request of the role methods.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ApplicationRolesRequest", extend("required" = ["applicationId", "applicationRoles"])))]
#[serde(default, rename_all = "camelCase")]
pub struct RolesRequest {
    /// Identifier of the application.
    pub application_id: Option<String>,
    /// Roles.
    pub application_roles: Option<Vec<String>>,
}

/// Answer of the role methods.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "ApplicationRoles")
)]
#[serde(rename_all = "camelCase")]
pub struct Roles {
    /// Identifier of the application.
    pub application_id: String,
    /// All its roles.
    pub application_roles: Vec<String>,
}

/// The application's roles.
pub fn list_roles(_: &Engine, tx: &mut Tx<'_>, request: &ApplicationRequest) -> Outcome<Roles> {
    let application = find(tx, required(&request.application_id)?)?;
    Ok(Ok(Roles {
        application_id: application.id,
        application_roles: application.roles,
    }))
}

/// Adds those not yet there; all in ascending order afterwards.
pub fn add_roles(_: &Engine, tx: &mut Tx<'_>, request: &RolesRequest) -> Outcome<Roles> {
    change_roles(tx, request, labels::add)
}

/// Replaces all roles, in ascending order.
pub fn update_roles(_: &Engine, tx: &mut Tx<'_>, request: &RolesRequest) -> Outcome<Roles> {
    change_roles(tx, request, |_, given| labels::sorted(given))
}

/// Removes those given.
pub fn remove_roles(_: &Engine, tx: &mut Tx<'_>, request: &RolesRequest) -> Outcome<Roles> {
    change_roles(tx, request, labels::remove)
}

fn change_roles(
    tx: &mut Tx<'_>,
    request: &RolesRequest,
    change: fn(&[String], &[String]) -> Vec<String>,
) -> Outcome<Roles> {
    let id = required(&request.application_id)?;
    let given = labels::given(&request.application_roles)?;
    let mut application = find(tx, id)?;
    let roles = change(&application.roles, given);
    if roles != application.roles {
        application.roles = roles;
        let parameters = serde_json::json!({ "roles": application.roles });
        note(tx, &mut application, "application_roles_changed", &parameters)?;
        tx.put(&application);
        let copies: Vec<&str> = application
            .versions
            .iter()
            .take(COPIES)
            .map(|it| it.key.as_str())
            .collect();
        for key in &copies {
            tx.want::<ApplicationVersion>(key);
        }
        for key in copies {
            if let Some(mut version) = tx.get::<ApplicationVersion>(key)? {
                version.roles = Some(application.roles.clone());
                tx.put(&version);
            }
        }
    }
    Ok(Ok(Roles {
        application_id: application.id,
        application_roles: application.roles,
    }))
}
