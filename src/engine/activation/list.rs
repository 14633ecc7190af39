//! Lists of activations and their history (part 1, sections 6.9, 6.12, 12).

use serde::{Deserialize, Serialize};

use super::expire_if_due;
use crate::engine::json::{self, Moment};
use crate::engine::operation::expire::{Room, want_recovery_codes};
use crate::engine::pages::{PageBounds, journal, page, scan_page};
use crate::engine::{Engine, EngineStop, ErrorCode, Outcome, required};
use crate::model::activation::{Activation, ActivationStatus, BY_USER};
use crate::model::journal::{Event, HISTORY, History};
use crate::store::Tx;

/// An activation in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ActivationItem {
    /// UUID.
    pub activation_id: String,
    /// Its state.
    pub activation_status: ActivationStatus,
    /// Why it is blocked.
    pub blocked_reason: Option<String>,
    /// Its name.
    pub activation_name: Option<String>,
    /// What the app sent along.
    pub extras: Option<String>,
    /// Platform of the phone.
    pub platform: Option<String>,
    /// Model of the phone.
    pub device_info: Option<String>,
    /// Its flags.
    pub activation_flags: Vec<String>,
    /// Creation.
    pub timestamp_created: Moment,
    /// Last verification.
    pub timestamp_last_used: Moment,
    /// Last change.
    pub timestamp_last_change: Option<Moment>,
    /// The user.
    pub user_id: String,
    /// The application.
    pub application_id: String,
    /// Always null; the reference has the attribute.
    pub application_name: Option<String>,
    /// Protocol version; 0 when unknown.
    pub version: u8,
}

impl From<Activation> for ActivationItem {
    fn from(it: Activation) -> Self {
        Self {
            activation_id: it.id,
            activation_status: it.status,
            blocked_reason: it.blocked_reason,
            activation_name: it.name,
            extras: it.extras,
            platform: it.platform,
            device_info: it.device_info,
            activation_flags: it.flags,
            timestamp_created: Moment::from_millis(it.created),
            timestamp_last_used: Moment::from_millis(it.last_used),
            timestamp_last_change: it.last_change.map(Moment::from_millis),
            user_id: it.user,
            application_id: it.application,
            application_name: None,
            version: it.version.unwrap_or(0),
        }
    }
}

/// Request of [`list`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["userId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct ActivationListRequest {
    /// The user.
    pub user_id: Option<String>,
    /// The application; all when absent.
    pub application_id: Option<String>,
    /// Page, from 0.
    #[serde(deserialize_with = "json::integer")]
    pub page_number: Option<i64>,
    /// Entries per page, from 1.
    #[serde(deserialize_with = "json::integer")]
    pub page_size: Option<i64>,
}

/// Answer of [`list`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ActivationList {
    /// The user.
    pub user_id: String,
    /// Newest first.
    pub activations: Vec<ActivationItem>,
}

/// Activations of a user, newest first; overdue ones are removed on the way.
pub fn list(engine: &Engine, tx: &mut Tx<'_>, request: &ActivationListRequest) -> Outcome<ActivationList> {
    let user = required(&request.user_id)?;
    let bounds = page(engine, request.page_number, request.page_size)?;
    let fits = |it: &Activation| {
        request
            .application_id
            .as_ref()
            .is_none_or(|id| *id == it.application)
    };
    let found = select(engine, tx, user, bounds, fits)?;
    Ok(Ok(ActivationList {
        user_id: user.clone(),
        activations: found.into_iter().map(ActivationItem::from).collect(),
    }))
}

/// Activations of a user that `keep` keeps, newest first, as they are after their expiry.
pub(crate) fn select(
    engine: &Engine,
    tx: &mut Tx<'_>,
    user: &str,
    bounds: PageBounds,
    keep: impl FnMut(&Activation) -> bool,
) -> Result<Vec<Activation>, EngineStop> {
    let mut found = scan_page::<Activation>(tx, BY_USER, user, bounds, keep)?;
    let now = tx.now();
    let due = || found.iter().filter(|it| it.overdue(now));
    for it in due() {
        tx.want::<Activation>(&it.id);
    }
    want_recovery_codes(tx, due());
    // A page of overdue activations must not outgrow one batch; the rest is removed by the next call or the
    // housekeeping.
    let mut room = Room::default();
    for it in found.iter_mut().filter(|it| it.overdue(now)) {
        if room.takes_activation(tx, it)? {
            if let Some(mut current) = tx.get::<Activation>(&it.id)? {
                expire_if_due(engine, tx, &mut current)?;
                *it = current;
            }
        } else {
            it.remove();
        }
    }
    Ok(found)
}

/// Request of [`lookup`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ActivationLookupRequest", extend("required" = ["userIds"])))]
#[serde(default, rename_all = "camelCase")]
pub struct LookupRequest {
    /// The users, at least one.
    pub user_ids: Option<Vec<String>>,
    /// The applications; none means all.
    pub application_ids: Option<Vec<String>>,
    /// Last used before; not included.
    #[serde(deserialize_with = "json::moment")]
    pub timestamp_last_used_before: Option<Moment>,
    /// Last used from.
    #[serde(deserialize_with = "json::moment")]
    pub timestamp_last_used_after: Option<Moment>,
    /// State; any when absent.
    pub activation_status: Option<ActivationStatus>,
    /// Flags that it must all carry.
    pub activation_flags: Option<Vec<String>>,
}

/// Answer of [`lookup`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "LookedUpActivations")
)]
pub struct LookedUp {
    /// By user in the order given, newest first.
    pub activations: Vec<ActivationItem>,
}

/// Users that one lookup may name.
const MAX_USERS: usize = 100;

/// Activations of several users. Expires nothing.
pub fn lookup(_: &Engine, tx: &mut Tx<'_>, request: &LookupRequest) -> Outcome<LookedUp> {
    let users = match request.user_ids.as_deref() {
        None | Some([]) => return Err(ErrorCode::InvalidRequest.into()),
        Some(users) if users.len() > MAX_USERS => return Err(ErrorCode::InvalidRequest.into()),
        Some(users) => users,
    };
    let before = request
        .timestamp_last_used_before
        .map_or(u64::MAX, Moment::millis);
    let after = request.timestamp_last_used_after.map_or(1, Moment::millis);
    let applications = request.application_ids.as_deref().unwrap_or_default();
    let flags = request.activation_flags.as_deref().unwrap_or_default();
    let status = request.activation_status;
    let fits = |it: &Activation| {
        it.last_used < before
            && it.last_used >= after
            && (applications.is_empty() || applications.contains(&it.application))
            && status.is_none_or(|status| status == it.status)
            && flags.iter().all(|flag| it.flags.contains(flag))
    };
    let everything = PageBounds {
        skip: 0,
        take: usize::MAX,
    };
    let mut activations = Vec::new();
    let mut seen: Vec<&String> = Vec::new();
    for user in users {
        if seen.contains(&user) {
            continue;
        }
        seen.push(user);
        let found = scan_page::<Activation>(tx, BY_USER, user, everything, fits)?;
        activations.extend(found.into_iter().map(ActivationItem::from));
    }
    Ok(Ok(LookedUp { activations }))
}

/// Request of [`history`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ActivationHistoryRequest", extend("required" = ["activationId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct HistoryRequest {
    /// The activation.
    pub activation_id: Option<String>,
    /// From, included; open when absent.
    #[serde(deserialize_with = "json::moment")]
    pub timestamp_from: Option<Moment>,
    /// To, included; open when absent.
    #[serde(deserialize_with = "json::moment")]
    pub timestamp_to: Option<Moment>,
}

/// Answer of [`history`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "ActivationHistory")
)]
pub struct HistoryList {
    /// Newest first.
    pub items: Vec<HistoryItem>,
}

/// A line of the history.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "ActivationHistoryItem")
)]
#[serde(rename_all = "camelCase")]
pub struct HistoryItem {
    /// Number, growing with time.
    pub id: u64,
    /// The activation.
    pub activation_id: String,
    /// State after the change.
    pub activation_status: ActivationStatus,
    /// Why.
    pub event_reason: Option<String>,
    /// Who.
    pub external_user_id: Option<String>,
    /// Name of the activation.
    pub activation_name: Option<String>,
    /// When.
    pub timestamp_created: Moment,
    /// Protocol version.
    pub version: Option<u8>,
}

/// The history of an activation.
pub fn history(_: &Engine, tx: &mut Tx<'_>, request: &HistoryRequest) -> Outcome<HistoryList> {
    let id = required(&request.activation_id)?;
    let entries = journal(tx, HISTORY, id, request.timestamp_from, request.timestamp_to)?;
    let items = entries
        .into_iter()
        .filter_map(|entry| match entry.event {
            Event::History(History {
                status,
                reason,
                external_user,
                name,
                version,
            }) => Some(HistoryItem {
                id: entry.public_id,
                activation_id: id.clone(),
                activation_status: status,
                event_reason: reason,
                external_user_id: external_user,
                activation_name: name,
                timestamp_created: Moment::from_millis(entry.at),
                version,
            }),
            _ => None,
        })
        .collect();
    Ok(Ok(HistoryList { items }))
}
