//! Detail, claim and lists (server API, part 2, sections 4.2 to 4.6).

use serde::Deserialize;
use serde_json::json;

use super::expire::Room;
use super::{
    MAX_ACTIVATION_ID, OperationDetail, all_exist, applications, expire_if_due, find, kind, number,
    proximity, save, text,
};
use crate::engine::pages::{PageBounds, page, scan_page};
use crate::engine::{Engine, EngineStop, Error, ErrorCode, Outcome, json as attribute};
use crate::model::activation::Activation;
use crate::model::operation::{BY_EXTERNAL_ID, BY_USER, Operation, OperationStatus, PENDING};
use crate::store::{Index, Tx};

/// Request of [`detail`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "OperationName", extend("required" = ["operationId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct DetailRequest {
    /// The operation.
    pub operation_id: Option<String>,
    /// Who claims it.
    pub user_id: Option<String>,
}

/// One operation, with the proximity code of now and its number. With a user it is claimed: a pending operation without
/// a user becomes theirs, one of somebody else does not exist for them.
pub fn detail(engine: &Engine, tx: &mut Tx<'_>, request: &DetailRequest) -> Outcome<OperationDetail> {
    let id = text(&request.operation_id)?;
    let claimant = match &request.user_id {
        None => None,
        given => Some(text(given)?),
    };
    let mut operation = find(tx, id)?.ok_or(ErrorCode::OperationNotFound)?;
    if let Some(user) = claimant {
        claim_in(tx, &mut operation, user)?;
    }
    expire_if_due(engine, tx, &mut operation)?;
    let proximity_otp = proximity::code(engine, &operation, tx.now())?;
    let match_number = number::shown(engine, &operation)?;
    let mut detail = OperationDetail::of(operation)?.with_device();
    detail.proximity_otp = proximity_otp;
    detail.match_number = match_number;
    Ok(Ok(detail))
}

/// Gives a pending operation without a user to `user`; ERR0034 when it is somebody else's. An operation
/// that is not pending any more, or past its expiry, stays as it is, whoever asks.
pub(crate) fn claim_in(tx: &mut Tx<'_>, operation: &mut Operation, user: &str) -> Result<(), EngineStop> {
    if operation.status != OperationStatus::Pending || operation.expires <= tx.now() {
        return Ok(());
    }
    match &operation.user {
        Some(owner) if owner == user => Ok(()),
        Some(_) => Err(ErrorCode::OperationNotFound.into()),
        None => {
            operation.user = Some(user.to_owned());
            save(tx, operation, kind::CLAIMED, json!({}))
        }
    }
}

/// Request of [`list`] and [`list_pending`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "OperationListRequest", extend("required" = ["userId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct ListRequest {
    /// The user.
    pub user_id: Option<String>,
    /// Applications, at least one; operations of any of them are listed.
    pub applications: Option<Vec<String>>,
    /// The same, when it is only one.
    pub application_id: Option<String>,
    /// Only what this activation may see.
    pub activation_id: Option<String>,
    /// Page, from 0.
    #[serde(deserialize_with = "attribute::integer")]
    pub page_number: Option<i64>,
    /// Entries per page, from 1.
    #[serde(deserialize_with = "attribute::integer")]
    pub page_size: Option<i64>,
}

/// Applications that a list may name.
const MAX_LISTED: usize = 100;

/// Operations of a user in any state, newest first.
pub fn list(engine: &Engine, tx: &mut Tx<'_>, request: &ListRequest) -> Outcome<Vec<OperationDetail>> {
    let found = of_user(engine, tx, request, BY_USER)?;
    let details = found.into_iter().map(OperationDetail::of);
    Ok(Ok(details.collect::<Result<_, _>>()?))
}

/// Pending operations of a user, newest first, with the proximity codes of now and the numbers. Those that turn out to be
/// expired are left out, so that a page may be shorter than asked for.
pub fn list_pending(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &ListRequest,
) -> Outcome<Vec<OperationDetail>> {
    let mut details = Vec::new();
    for operation in of_user(engine, tx, request, PENDING)? {
        if operation.status == OperationStatus::Pending {
            let proximity_otp = proximity::code(engine, &operation, tx.now())?;
            let match_number = number::shown(engine, &operation)?;
            let mut detail = OperationDetail::of(operation)?;
            detail.proximity_otp = proximity_otp;
            detail.match_number = match_number;
            details.push(detail);
        }
    }
    Ok(Ok(details))
}

fn of_user(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &ListRequest,
    index: Index,
) -> Result<Vec<Operation>, EngineStop> {
    let applications = applications(&request.applications, &request.application_id, MAX_LISTED)?;
    let user = text(&request.user_id)?;
    let too_long = |id: &String| id.chars().count() > MAX_ACTIVATION_ID;
    if request.activation_id.as_ref().is_some_and(too_long) {
        return Err(ErrorCode::InvalidRequest.into());
    }
    let bounds = page(engine, request.page_number, request.page_size)?;
    check_applications(tx, applications)?;
    let viewer = match &request.activation_id {
        None => None,
        Some(id) => Some(Viewer::of(tx, id)?),
    };
    let fits = |it: &Operation| viewer.as_ref().is_none_or(|viewer| viewer.sees(it));
    select(engine, tx, (index, user), applications, bounds, fits)
}

/// An activation that looks at a list.
pub(crate) struct Viewer<'a> {
    id: &'a str,
    flags: Vec<String>,
}

impl<'a> Viewer<'a> {
    /// The activation with its flags; none when it is unknown.
    pub(crate) fn of(tx: &mut Tx<'_>, id: &'a str) -> Result<Self, EngineStop> {
        let flags = tx.peek::<Activation>(id)?.map(|it| it.flags).unwrap_or_default();
        Ok(Self { id, flags })
    }

    /// Whether the operation is not bound to another activation and needs no flag that this one lacks.
    /// An activation without flags sees operations with any flag (part 2, section 4.3).
    pub(crate) fn sees(&self, operation: &Operation) -> bool {
        let here = operation.activation.as_deref().is_none_or(|id| id == self.id);
        let flagged = operation
            .activation_flag
            .as_ref()
            .is_none_or(|flag| self.flags.is_empty() || self.flags.contains(flag));
        here && flagged
    }
}

/// Request of [`list_external`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ExternalOperationListRequest", extend("required" = ["externalId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct ExternalListRequest {
    /// The caller's identifier.
    pub external_id: Option<String>,
    /// Applications, at least one; operations of any of them are listed.
    pub applications: Option<Vec<String>>,
    /// The same, when it is only one.
    pub application_id: Option<String>,
    /// Page, from 0.
    #[serde(deserialize_with = "attribute::integer")]
    pub page_number: Option<i64>,
    /// Entries per page, from 1.
    #[serde(deserialize_with = "attribute::integer")]
    pub page_size: Option<i64>,
}

/// Operations of an external id, of all users and in any state, newest first.
pub fn list_external(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &ExternalListRequest,
) -> Outcome<Vec<OperationDetail>> {
    let applications = applications(&request.applications, &request.application_id, MAX_LISTED)?;
    let external = text(&request.external_id)?;
    let bounds = page(engine, request.page_number, request.page_size)?;
    check_applications(tx, applications)?;
    let found = select(
        engine,
        tx,
        (BY_EXTERNAL_ID, external),
        applications,
        bounds,
        |_| true,
    )?;
    let details = found.into_iter().map(OperationDetail::of);
    Ok(Ok(details.collect::<Result<_, _>>()?))
}

/// The lists report an unknown application with the text of ERR0015 under ERR0000.
fn check_applications(tx: &mut Tx<'_>, ids: &[String]) -> Result<(), EngineStop> {
    if all_exist(tx, ids)? {
        return Ok(());
    }
    let text = ErrorCode::InvalidApplication.message();
    Err(Error::with_detail(ErrorCode::UnknownError, text).into())
}

/// A page of an index: operations of any of `applications` that `fits` keeps, newest first, as they are
/// after their expiry.
pub(crate) fn select(
    engine: &Engine,
    tx: &mut Tx<'_>,
    (index, value): (Index, &str),
    applications: &[String],
    bounds: PageBounds,
    fits: impl Fn(&Operation) -> bool,
) -> Result<Vec<Operation>, EngineStop> {
    let keep = |it: &Operation| it.applications.iter().any(|id| applications.contains(id)) && fits(it);
    let mut found = scan_page::<Operation>(tx, index, value, bounds, keep)?;
    let now = tx.now();
    for it in found.iter().filter(|it| it.overdue(now)) {
        tx.want::<Operation>(&it.id);
    }
    let mut room = Room::default();
    for it in found.iter_mut().filter(|it| it.overdue(now)) {
        // The page may be stale; what is shown, and expires, is the record.
        let Some(current) = tx.peek::<Operation>(&it.id)? else {
            continue;
        };
        *it = current;
        if !it.overdue(now) {
            continue;
        }
        if room.takes(tx, it)? {
            if let Some(mut current) = find(tx, &it.id)? {
                expire_if_due(engine, tx, &mut current)?;
                *it = current;
            }
        } else {
            // Shown as it will be; the next reader or the housekeeping writes it.
            let _ = it.expire();
        }
    }
    Ok(found)
}
