//! Operations: creation, status, cancellation.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::contract::{Contract, Form, Type};
use super::super::endpoint::Endpoint;
use super::super::http::Response;
use super::super::phone::or_refuse;
use super::answer::{Answer, ERROR_REQUEST, NOT_FOUND, answer, bare, done, no_registration, refuse};
use super::call::{Case, nobody, row};
use super::check::{MAX_TEXT, Violations};
use super::registrations::invalid;
use crate::engine::activation::list::select;
use crate::engine::operation::act::{OperationRequest, cancel as cancel_operation};
use crate::engine::operation::create::{CreateOperation, create as create_operation};
use crate::engine::operation::data::lacks;
use crate::engine::operation::read::{DetailRequest, detail as operation_detail};
use crate::engine::operation::{OperationDetail, PROXIMITY_OTP, expire_if_due, parameters};
use crate::engine::pages::PageBounds;
use crate::engine::{Error, ErrorCode, template};
use crate::model::activation::{Activation, ActivationStatus};
use crate::model::operation::{Operation, OperationStatus};
use crate::store::{Stop, Tx};

/// All rows.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let one = "/v2/operations/{operationId}";
    vec![
        row(
            ("POST", "/v2/operations", "cloudCreateOperation"),
            Contract::new(
                "Asks a user for approval. The user needs an active registration that may approve.",
            )
            .asks(Form::Bare(Type::of::<NewOperation>()))
            .answers(Form::Bare(Type::of::<ShownOperation<'static>>()))
            .refuses(400, &[NOT_FOUND]),
            nobody,
            create,
        ),
        row(
            ("GET", one, "cloudOperationStatus"),
            Contract::new("State of an operation.")
                .answers(Form::Bare(Type::of::<ShownOperation<'static>>()))
                .refuses(400, &[NO_OPERATION]),
            nobody,
            detail,
        ),
        row(
            ("DELETE", one, "cloudCancelOperation"),
            Contract::new("Withdraws an operation that is pending.").refuses(400, &[NO_OPERATION, STATE]),
            nobody,
            cancel,
        ),
    ]
}

/// No such operation.
pub(super) const NO_OPERATION: &str = "ERROR_OPERATION_NOT_FOUND";
/// The operation is not in a state for this.
pub(super) const STATE: &str = "ERROR_OPERATION_STATE_CHANGE";

/// An operation that does not exist for the caller.
pub(super) fn no_operation() -> Response {
    refuse(
        "ERROR_OPERATION_NOT_FOUND",
        "Operation with given ID was not found",
    )
}

/// The operation is not in a state for this.
pub(super) fn wrong_state() -> Response {
    let text = "Operation is in invalid state for requested action";
    refuse(STATE, text)
}

/// The caller's operation.
pub(super) fn find(case: &Case<'_>, tx: &mut Tx<'_>, id: &str) -> Result<Operation, Stop<Response>> {
    let found = tx.get::<Operation>(id)?;
    found
        .filter(|it| it.applications.iter().any(|id| id == case.application))
        .ok_or_else(|| Stop::Refuse(no_operation()))
}

/// The same when it is pending. Inner error: an answer that the caller gives with the writes, which may hold its expiry.
pub(super) fn find_pending(
    case: &Case<'_>,
    tx: &mut Tx<'_>,
    id: &str,
) -> Result<Result<Operation, Response>, Stop<Response>> {
    let mut operation = find(case, tx, id)?;
    or_refuse(expire_if_due(case.engine, tx, &mut operation), invalid)?;
    Ok(match operation.status {
        OperationStatus::Pending => Ok(operation),
        _ => Err(wrong_state()),
    })
}

/// An operation to be approved.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["userId", "template"])))]
#[serde(default, rename_all = "camelCase")]
struct NewOperation {
    /// The user, 1 to 255 characters.
    user_id: Option<String>,
    /// Name of the template.
    template: Option<String>,
    /// Language of the texts in QR codes and push messages, two letters; `en` when absent.
    language: Option<String>,
    /// Identifier of the caller's, 1 to 255 characters; need not be unique.
    external_id: Option<String>,
    /// Flag that a registration must carry to see and decide it.
    flag: Option<String>,
    /// Values of the template's placeholders: texts.
    #[serde(deserialize_with = "parameters")]
    parameters: Map<String, Value>,
}

/// Registrations that are looked through for one that may approve.
const MAX_LOOKED: usize = 1_000;

fn create(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let request: NewOperation = case.asked.body()?;
    let mut found = Violations::default();
    let user = found.text("userId", &request.user_id, MAX_TEXT);
    let name = found.text("template", &request.template, MAX_TEXT);
    found.optional("externalId", &request.external_id, 1, MAX_TEXT);
    if let Some(language) = &request.language
        && (language.len() != 2 || !language.bytes().all(|c| c.is_ascii_alphabetic()))
    {
        let shown: String = language.chars().take(MAX_TEXT).collect();
        found.add("language", shown, "must be two letters");
    }
    found.labels("flag", request.flag.as_slice());
    if !name.is_empty() {
        match or_refuse(template::by_name(tx, name), invalid)? {
            None => found.add("template", name, "must be the name of a template"),
            Some(template) => {
                if let Some(lacking) = lacks(&template.data_template, &request.parameters) {
                    found.hide(&format!("parameters.{lacking}"), "must not be empty");
                }
            }
        }
    }
    found.verdict()?;
    if !has_registration(case, tx, user, request.flag.as_ref())? {
        let text = "No active registration found matching operation criteria";
        return Err(Stop::Refuse(no_registration(text)));
    }
    let create = CreateOperation {
        user_id: request.user_id.clone(),
        application_id: Some(case.application.to_owned()),
        activation_flag: request.flag,
        template_name: request.template.clone(),
        external_id: request.external_id,
        parameters: request.parameters,
        language: request.language.map(|it| it.to_ascii_lowercase()),
        ..CreateOperation::default()
    };
    answer(create_operation(case.engine, tx, &create), invalid, shown)
}

/// Whether the user has an ACTIVE registration here that carries the flag. What the index says is looked up by key.
fn has_registration(
    case: &Case<'_>,
    tx: &mut Tx<'_>,
    user: &str,
    flag: Option<&String>,
) -> Result<bool, Stop<Response>> {
    let fits = |it: &Activation| {
        it.application == case.application
            && it.user == user
            && it.status == ActivationStatus::Active
            && flag.is_none_or(|flag| it.flags.contains(flag))
    };
    let bounds = PageBounds {
        skip: 0,
        take: MAX_LOOKED,
    };
    for candidate in or_refuse(select(case.engine, tx, user, bounds, fits), invalid)? {
        if tx.get::<Activation>(&candidate.id)?.as_ref().is_some_and(fits) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An operation.
#[derive(Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "CloudOperation")
)]
#[serde(rename_all = "camelCase")]
struct ShownOperation<'a> {
    /// UUID.
    operation_id: &'a str,
    /// The user.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
    /// Identifier of the caller's.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    /// `PENDING`, `CANCELED`, `EXPIRED`, `APPROVED`, `REJECTED` or `FAILED`.
    status: &'a str,
    /// Name of its template.
    template: &'a str,
    /// Type of its template.
    operation_type: &'a str,
    /// Flag that a registration must carry to see and decide it.
    #[serde(skip_serializing_if = "Option::is_none")]
    flag: Option<&'a str>,
    /// Parameters as given.
    #[serde(skip_serializing_if = "Map::is_empty")]
    parameters: &'a Map<String, Value>,
    /// Context of what the user did, such as `activationId`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    additional_data: &'a Map<String, Value>,
    /// What the page that asks the user shows, 10 to 99, and the phone has to send; only with number matching.
    #[serde(skip_serializing_if = "Option::is_none")]
    match_number: Option<&'a str>,
    /// Failed approvals.
    failure_count: u64,
    /// Failed approvals that end it.
    max_failure_count: u64,
    /// Creation, in milliseconds since the epoch.
    timestamp_created: u64,
    /// Expiry, in milliseconds since the epoch.
    timestamp_expires: u64,
}

fn shown(mut it: OperationDetail) -> Response {
    // It may still be good.
    it.additional_data.shift_remove(PROXIMITY_OTP);
    bare(&ShownOperation {
        operation_id: &it.id,
        user_id: it.user_id.as_deref(),
        external_id: it.external_id.as_deref(),
        status: it.status,
        template: &it.template_name,
        operation_type: &it.operation_type,
        flag: it.activation_flag.as_deref(),
        parameters: &it.parameters,
        additional_data: &it.additional_data,
        match_number: it.match_number.as_deref(),
        failure_count: it.failure_count,
        max_failure_count: it.max_failure_count,
        timestamp_created: it.timestamp_created.millis(),
        timestamp_expires: it.timestamp_expires.millis(),
    })
}

fn detail(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let operation = find(case, tx, case.asked.id())?;
    let request = DetailRequest {
        operation_id: Some(operation.id),
        user_id: None,
    };
    answer(operation_detail(case.engine, tx, &request), refused, shown)
}

fn cancel(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let operation = find(case, tx, case.asked.id())?;
    let request = OperationRequest {
        operation_id: Some(operation.id),
        ..OperationRequest::default()
    };
    answer(cancel_operation(case.engine, tx, &request), refused, |_| done())
}

fn refused(error: &Error) -> Response {
    match error.code {
        ErrorCode::OperationNotFound => no_operation(),
        ErrorCode::OperationInvalidState => wrong_state(),
        _ => refuse(ERROR_REQUEST, error.text()),
    }
}
