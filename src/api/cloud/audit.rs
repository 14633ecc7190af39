//! Events of a user.

use serde::Serialize;

use super::super::contract::{Contract, Form, Type};
use super::super::endpoint::Endpoint;
use super::super::http::Response;
use super::super::phone::or_refuse;
use super::answer::{Answer, ERROR_REQUEST, bare, refuse};
use super::call::{Case, nobody, row};
use crate::engine::pages::PageBounds;
use crate::engine::user_audit::{Window, events};
use crate::store::{Stop, Tx};

/// All rows.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let query = &[
        ("userId", "The user."),
        (
            "timestampFrom?",
            "Begin, in milliseconds since the epoch; 30 days ago when absent.",
        ),
        (
            "timestampTo?",
            "End, in milliseconds since the epoch; now when absent.",
        ),
        ("page?", "Page of 1,000 events, from 0 to 9."),
    ];
    vec![row(
        ("GET", "/audit/log", "cloudAuditLog"),
        Contract::new("What happened to registrations and operations of a user, newest first.")
            .queried(query)
            .answers(Form::Bare(Type::of::<AuditLog>()))
            .refuses(400, &["ERROR_AUDIT"]),
        nobody,
        log,
    )]
}

/// How far back an answer goes unless the caller says otherwise, in milliseconds.
const THIRTY_DAYS: u64 = 30 * 24 * 3_600_000;
/// Events of one answer.
const PAGE: usize = 1_000;
/// Last page: what lies behind it has to be asked for with an earlier end.
const LAST_PAGE: u64 = 9;

/// Events of a user.
#[derive(Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "CloudAuditLog")
)]
struct AuditLog {
    /// Newest first.
    items: Vec<AuditEvent>,
}

/// An event.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct AuditEvent {
    /// UUID of the registration, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    activation_id: Option<String>,
    /// For instance `signature_ok`.
    event_type: &'static str,
    /// Of signatures method, resource and body, line by line; of operations their id; of tokens theirs; of flags all of
    /// them; of activations why.
    #[serde(skip_serializing_if = "Option::is_none")]
    event_data: Option<String>,
    /// When, in milliseconds since the epoch.
    timestamp: u64,
}

fn unobtainable() -> Response {
    refuse("ERROR_AUDIT", "Unable to obtain an audit log information.")
}

/// A number of the query.
fn number(case: &Case<'_>, name: &str) -> Result<Option<u64>, Stop<Response>> {
    let Some(text) = case.asked.parameter(name).filter(|it| !it.is_empty()) else {
        return Ok(None);
    };
    let wrong = || format!("Parameter '{name}' must be a number");
    let number = text
        .parse()
        .map_err(|_| Stop::Refuse(refuse(ERROR_REQUEST, &wrong())))?;
    Ok(Some(number))
}

fn log(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let user = case.asked.mandatory("userId")?;
    let now = tx.now();
    let from = number(case, "timestampFrom")?.unwrap_or(now.saturating_sub(THIRTY_DAYS));
    let to = number(case, "timestampTo")?.unwrap_or(now);
    let page = number(case, "page")?.unwrap_or(0);
    if from > to || page > LAST_PAGE {
        return Err(Stop::Refuse(unobtainable()));
    }
    let skip = usize::try_from(page).unwrap_or(usize::MAX).saturating_mul(PAGE);
    let window = Window {
        from,
        to,
        bounds: PageBounds { skip, take: PAGE },
    };
    let found = or_refuse(events(tx, case.application, user, window), |_| unobtainable())?;
    let items = found.ok_or_else(|| Stop::Refuse(unobtainable()))?;
    let items = items.into_iter().map(|it| AuditEvent {
        activation_id: it.activation,
        event_type: it.kind,
        event_data: it.data,
        timestamp: it.at,
    });
    Ok(Ok(bare(&AuditLog {
        items: items.collect(),
    })))
}
