//! Administration of applications: creation, list, detail, roles, credentials, settings.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::contract::{Contract, Form, Type};
use super::super::endpoint::Endpoint;
use super::super::http::Response;
use super::super::phone::or_refuse;
use super::answer::{Answer, answer, bare, done, refuse};
use super::call::{Case, administration};
use super::check::Violations;
use crate::engine::application::{self, ApplicationDetail, ApplicationRequest, RolesRequest};
use crate::engine::application_credential::{self as credential, Issued};
use crate::engine::system::Nothing;
use crate::engine::{Error, ErrorCode};
use crate::model::application::MAX_APPLICATION_ID;
use crate::store::{Stop, Tx};

/// All rows.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let all = "/admin/applications";
    let (one, roles) = ("/admin/applications/detail", "/admin/applications/roles");
    let credentials = "/admin/applications/credentials";
    let settings = "/admin/applications/settings";
    vec![
        administration(
            ("POST", all, "cloudCreateApplication"),
            Contract::new("Creates an application with credentials, which are shown once.")
                .asks(Form::Bare(Type::of::<NewApplication>()))
                .answers(Form::Bare(Type::of::<ShownApplication>()))
                .refuses(400, &[ERROR_ADMIN]),
            create,
        ),
        administration(
            ("GET", all, "cloudListApplications"),
            Contract::new("All applications.").answers(Form::Bare(Type::of::<Applications>())),
            list,
        ),
        administration(
            ("GET", one, "cloudApplicationDetail"),
            Contract::new("An application with what its mobile app is configured with.")
                .queried(&[
                    ("id", "The application."),
                    (
                        "version?",
                        "A version of it; the first one that is enabled when absent.",
                    ),
                ])
                .answers(Form::Bare(Type::of::<ShownApplication>()))
                .refuses(400, &[ERROR_ADMIN]),
            detail,
        ),
        administration(
            ("POST", roles, "cloudAddRoles"),
            about_roles("Adds roles to an application. Those it has already are no error."),
            add_roles,
        ),
        administration(
            ("DELETE", roles, "cloudRemoveRoles"),
            about_roles("Removes roles from an application. Those it does not have are no error."),
            remove_roles,
        ),
        administration(
            ("POST", credentials, "cloudApplicationCredentials"),
            Contract::new("Issues a further pair of credentials of an application, or ends one.")
                .asks(Form::Bare(Type::of::<CredentialsRequest>()))
                .answers(Form::Bare(Type::of::<Credentials>()))
                .refuses(400, &[ERROR_ADMIN]),
            credentials_of,
        ),
        administration(
            ("POST", settings, "cloudApplicationSettings"),
            Contract::new("Changes settings of an application.")
                .asks(Form::Bare(Type::of::<ApplicationSettings>()))
                .refuses(400, &[ERROR_ADMIN]),
            set,
        ),
    ]
}

fn about_roles(text: &'static str) -> Contract {
    Contract::new(text)
        .asks(Form::Bare(Type::of::<ApplicationRoles>()))
        .refuses(400, &[ERROR_ADMIN])
}

/// The application, or what belongs to it, is not as it should be.
const ERROR_ADMIN: &str = "ERROR_ADMIN";

fn admin(message: &str) -> Response {
    refuse(ERROR_ADMIN, message)
}

fn failed(error: &Error) -> Response {
    admin(error.text())
}

/// An application to be created.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["id"])))]
#[serde(default, rename_all = "camelCase")]
struct NewApplication {
    /// Its id, 1 to 220 bytes.
    id: Option<String>,
    /// Its roles, each of 1 to 64 letters, digits, `_`, `-` and `.`; at most 100.
    roles: Option<Vec<String>>,
    /// Whether a user may have only one registration in progress.
    single_device: Option<bool>,
}

/// Roles of an application.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["id", "roles"])))]
#[serde(default)]
struct ApplicationRoles {
    /// The application.
    id: Option<String>,
    /// Roles, at least one.
    roles: Option<Vec<String>>,
}

/// Which pair of credentials.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["id"])))]
#[serde(default)]
struct CredentialsRequest {
    /// The application.
    id: Option<String>,
    /// User name of the pair to be ended; without it a pair is issued.
    revoke: Option<String>,
}

/// A pair of credentials, shown once; nothing but the status when one was ended.
#[derive(Default, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "ApplicationCredentials")
)]
struct Credentials {
    /// `OK` when a pair was ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    /// User name.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// Password. Nobody can ask for it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

/// Settings of an application.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["id"])))]
#[serde(default, rename_all = "camelCase")]
struct ApplicationSettings {
    /// The application.
    id: Option<String>,
    /// Whether a user may have only one registration in progress; unchanged when absent.
    single_device: Option<bool>,
    /// Whether the devices of a user get a push message about each new operation; unchanged when absent.
    operation_push: Option<bool>,
}

/// Looks at an id. Answers it, or an empty text when it is missing.
fn check_id<'a>(found: &mut Violations, id: &'a Option<String>) -> &'a str {
    match id.as_deref() {
        None => found.hide("id", "must not be empty"),
        Some(id) if id.trim().is_empty() => found.add("id", id, "must not be empty"),
        Some(id) if id.len() > MAX_APPLICATION_ID || id.chars().any(char::is_control) => {
            found.hide("id", &format!("size must be between 1 and {MAX_APPLICATION_ID}"));
        }
        Some(_) => {}
    }
    id.as_deref().unwrap_or_default()
}

fn roles_of(case: &Case<'_>) -> Result<RolesRequest, Stop<Response>> {
    let body: ApplicationRoles = case.asked.body()?;
    let mut found = Violations::default();
    check_id(&mut found, &body.id);
    match body.roles.as_deref() {
        None | Some([]) => found.hide("roles", "must not be empty"),
        Some(roles) => found.labels("roles", roles),
    }
    found.verdict()?;
    Ok(RolesRequest {
        application_id: body.id,
        application_roles: body.roles,
    })
}

/// An application with what its mobile apps and its back end are configured with.
#[derive(Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "CloudApplication")
)]
#[serde(rename_all = "camelCase")]
struct ShownApplication {
    /// Its id.
    id: String,
    /// Where phones reach the server.
    service_base_url: String,
    /// Application key, Base64 of 16 bytes.
    app_key: String,
    /// Application secret, Base64 of 16 bytes.
    app_secret: String,
    /// Master public key, Base64 of 65 bytes.
    master_server_public_key: String,
    /// Its roles.
    roles: Vec<String>,
    /// Whether a user may have only one registration in progress.
    single_device: bool,
    /// Whether the devices of a user get a push message about each new operation.
    operation_push: bool,
    /// User name of its back end; only when it was just created.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// Password of its back end; only when it was just created. Nobody can ask for it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    /// User names of its back ends, unless it was just created.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    usernames: Vec<String>,
}

/// All applications.
#[derive(Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "ApplicationNames")
)]
struct Applications {
    /// By creation.
    applications: Vec<ApplicationId>,
}

/// An application in a list.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct ApplicationId {
    /// Its id.
    id: String,
}

/// The application with the version of this id, or its first one that is enabled.
fn show(case: &Case<'_>, it: ApplicationDetail, version: Option<&str>) -> Option<ShownApplication> {
    let mut versions = it.versions.into_iter().filter(|it| it.supported);
    let version = versions.find(|it| version.is_none_or(|id| id == it.application_version_id))?;
    Some(ShownApplication {
        id: it.application_id,
        service_base_url: case.engine.config.service_base_url.clone(),
        app_key: version.application_key,
        app_secret: version.application_secret,
        master_server_public_key: it.master_public_key,
        roles: it.application_roles,
        single_device: false,
        operation_push: false,
        username: None,
        password: None,
        usernames: Vec::new(),
    })
}

fn no_version() -> Response {
    admin("No enabled application version was found")
}

fn create(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let body: NewApplication = case.asked.body()?;
    let mut found = Violations::default();
    let id = check_id(&mut found, &body.id);
    found.labels("roles", body.roles.as_deref().unwrap_or_default());
    found.verdict()?;
    let engine = case.engine;
    let request = ApplicationRequest {
        application_id: body.id.clone(),
    };
    or_refuse(application::create(engine, tx, &request), failed)?.map_err(|it| Stop::Refuse(failed(&it)))?;
    if body.roles.as_ref().is_some_and(|roles| !roles.is_empty()) {
        let roles = RolesRequest {
            application_id: body.id.clone(),
            application_roles: body.roles,
        };
        let added = application::add_roles(engine, tx, &roles);
        or_refuse(added, failed)?.map_err(|it| Stop::Refuse(failed(&it)))?;
    }
    let mut made = or_refuse(application::find(tx, id), failed)?;
    made.single_device = body.single_device.unwrap_or(false);
    let Issued { username, password } =
        or_refuse(credential::issue_in(engine, tx, &mut made, case.caller), failed)?;
    tx.put(&made);
    answer(application::detail(engine, tx, &request), failed, |it| {
        show(case, it, None).map_or_else(no_version, |shown| {
            bare(&ShownApplication {
                single_device: made.single_device,
                username: Some(username),
                password: Some(password),
                ..shown
            })
        })
    })
}

fn list(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let listed = application::list(case.engine, tx, &Nothing::default());
    answer(listed, failed, |it| {
        let items = it.applications.into_iter().map(|it| ApplicationId {
            id: it.application_id,
        });
        bare(&Applications {
            applications: items.collect(),
        })
    })
}

fn detail(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let id = case.asked.mandatory("id")?;
    let version = case.asked.parameter("version").filter(|it| !it.is_empty());
    let unknown = |error: &Error| match error.code {
        ErrorCode::InvalidApplication => no_version(),
        _ => failed(error),
    };
    let record = or_refuse(application::find(tx, id), unknown)?;
    let request = ApplicationRequest {
        application_id: Some(id.to_owned()),
    };
    answer(application::detail(case.engine, tx, &request), unknown, |it| {
        show(case, it, version).map_or_else(no_version, |shown| {
            bare(&ShownApplication {
                single_device: record.single_device,
                operation_push: record.operation_push,
                usernames: record.credentials,
                ..shown
            })
        })
    })
}

fn add_roles(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let request = roles_of(case)?;
    answer(application::add_roles(case.engine, tx, &request), failed, |_| {
        done()
    })
}

fn remove_roles(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let request = roles_of(case)?;
    answer(
        application::remove_roles(case.engine, tx, &request),
        failed,
        |_| done(),
    )
}

/// A further pair; with `revoke`, the end of that one instead.
fn credentials_of(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let body: CredentialsRequest = case.asked.body()?;
    let mut found = Violations::default();
    let id = check_id(&mut found, &body.id);
    found.verdict()?;
    match body.revoke {
        Some(username) => answer(credential::end(tx, id, &username, case.caller), failed, |()| {
            bare(&Credentials {
                status: Some("OK"),
                ..Credentials::default()
            })
        }),
        None => answer(
            credential::issue(case.engine, tx, id, case.caller),
            failed,
            |issued| {
                bare(&Credentials {
                    status: None,
                    username: Some(issued.username),
                    password: Some(issued.password),
                })
            },
        ),
    }
}

/// Settings of an application, those that are given.
fn set(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let body: ApplicationSettings = case.asked.body()?;
    let mut found = Violations::default();
    let id = check_id(&mut found, &body.id);
    if body.single_device.is_none() && body.operation_push.is_none() {
        found.hide("singleDevice", "must not be empty");
    }
    found.verdict()?;
    let mut record = or_refuse(application::find(tx, id), failed)?;
    let before = (record.single_device, record.operation_push);
    record.single_device = body.single_device.unwrap_or(before.0);
    record.operation_push = body.operation_push.unwrap_or(before.1);
    if (record.single_device, record.operation_push) != before {
        let parameters = json!({
            "singleDevice": record.single_device, "operationPush": record.operation_push, "by": case.caller,
        });
        let noted = application::note(tx, &mut record, "application_settings_changed", &parameters);
        or_refuse(noted, failed)?;
        tx.put(&record);
    }
    Ok(Ok(done()))
}
