//! Management of callback URLs (part 1, section 14.2).

use std::net::Ipv6Addr;

use serde::de::Deserializer;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::authentication::{Authentication, Given, PublicAuthentication};
use crate::engine::{Engine, EngineStop, ErrorCode, Outcome, application, bounded, required, uuid};
use crate::model::application::Application;
use crate::model::callback::{CallbackType, CallbackUrl, Callbacks};
use crate::model::replay::Claim;
use crate::store::Tx;

/// URLs of one type that one application may have, so that the events of a change fit into one batch.
const MAX_URLS: usize = 32;
/// Attributes of one URL.
const MAX_ATTRIBUTES: usize = 100;
/// Longest URL, in bytes.
const MAX_URL: usize = 1_024;

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
    authentication.check()?;
    if !matches!(request.authentication, Given::Null) {
        authentication.keep_passwords(Authentication::open(engine, url)?);
    }
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
#[serde(default, rename_all = "camelCase")]
pub struct CallbackListRequest {
    /// The application.
    pub application_id: Option<String>,
}

/// Answer of [`list`].
#[derive(Clone, Debug, Serialize)]
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
#[serde(default, rename_all = "camelCase")]
pub struct CallbackIdRequest {
    /// The URL's id.
    pub id: Option<String>,
}

/// Answer of [`remove`].
#[derive(Clone, Debug, Serialize)]
pub struct RemovedCallback {
    /// The URL's id.
    pub id: String,
    /// Whether there was one.
    pub removed: bool,
}

/// Removes a URL; events that wait for it are not delivered any more.
pub fn remove(_: &Engine, tx: &mut Tx<'_>, request: &CallbackIdRequest) -> Outcome<RemovedCallback> {
    let id = required(&request.id)?;
    let mut removed = false;
    if let Some(mut callbacks) = holder(tx, id)?
        && let Some(at) = callbacks.urls.iter().position(|url| url.id == *id)
    {
        let url = callbacks.urls.remove(at);
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
    let url = request.callback_url.as_deref().filter(|url| is_http_url(url));
    url.ok_or_else(|| ErrorCode::InvalidUrl.into())
}

/// Whether `url` is an absolute http or https URL in ASCII: a host name, IPv4 or bracketed IPv6 address,
/// perhaps a port, and whatever follows. Credentials have their own attribute.
fn is_http_url(url: &str) -> bool {
    if url.len() > MAX_URL || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return false;
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    if !["http", "https"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(scheme))
    {
        return false;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    is_authority(authority) && is_tail(tail)
}

fn is_authority(authority: &str) -> bool {
    if let Some(rest) = authority.strip_prefix('[') {
        return rest.split_once(']').is_some_and(|(address, port)| {
            address.parse::<Ipv6Addr>().is_ok()
                && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
        });
    }
    match authority.split_once(':') {
        Some((host, port)) => is_host(host) && is_port(port),
        None => is_host(authority),
    }
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
}

fn is_host(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        })
}

/// Path, query and fragment: no character that RFC 3986 leaves out, escapes complete.
fn is_tail(tail: &str) -> bool {
    let mut escapes = tail.split('%');
    let hex = |part: &str| {
        part.as_bytes()
            .first_chunk::<2>()
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let _ = escapes.next();
    !tail.contains(['"', '<', '>', '\\', '^', '`', '{', '|', '}']) && escapes.all(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let good = [
            "http://localhost",
            "HTTPS://bank.example/callback?x=1&y=%20#part",
            "http://127.0.0.1:8080/act",
            "https://[2001:db8::1]:8443/x",
            "https://[::1]",
            "https://my_service.internal.:443/",
            "http://h?activationFlag",
            "http://h/a:b@c//d",
        ];
        let bad = [
            "",
            "not a url",
            "123",
            "true",
            "zzz",
            "localhost/path",
            "//host/path",
            "ftp://127.0.0.1/x",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http:/host",
            "http://",
            "http:///path",
            "http://:80/",
            "http://host:/",
            "http://host:0/",
            "http://host:65536/",
            "http://host:+80/",
            "http://user@host/",
            "http://user:secret@host/",
            "http://ho st/",
            "http://höst/",
            "http://a..b/",
            "http://host/a b",
            "http://host/a\nb",
            "http://host/\u{0}",
            "http://host/<x>",
            "http://host/%2",
            "http://host/%zz",
            "http://host\\@evil/",
            "http://[::1",
            "http://[::1]x",
            "http://[::1]80",
            "http://[host]/",
            "http://::1/",
        ];
        for url in good {
            assert!(is_http_url(url), "{url}");
        }
        for url in bad {
            assert!(!is_http_url(url), "{url}");
        }
        assert!(is_http_url(&format!("http://h/{}", "x".repeat(MAX_URL - 9))));
        assert!(!is_http_url(&format!("http://h/{}", "x".repeat(MAX_URL - 8))));
        println!("{} good and {} bad URLs", good.len(), bad.len());
    }
}
