//! A new operation from a template (server API, part 2, section 4.1).

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::context::{self, AdditionalData};
use super::{
    LAST_MOMENT, MAX_ACTIVATION_ID, MAX_APPLICATIONS, OperationDetail, all_exist, applications, cap, data,
    invite, kind, number, proximity, save_and_notify, text,
};
use crate::engine::json::{self, Moment};
use crate::engine::{Engine, EngineStop, Error, ErrorCode, Outcome, bounded, template, unique_uuid};
use crate::model::activation::Activation;
use crate::model::journal::Head;
use crate::model::operation::{Operation, OperationStatus};
use crate::store::Tx;

/// Request of [`create`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["templateName"])))]
#[serde(default, rename_all = "camelCase")]
pub struct CreateOperation {
    /// The user; none for an operation that waits for whoever claims it.
    pub user_id: Option<String>,
    /// Its applications, 1 to 12, each once.
    pub applications: Option<Vec<String>>,
    /// The same, when it is only one.
    pub application_id: Option<String>,
    /// Flag that an activation must carry to see it.
    pub activation_flag: Option<String>,
    /// Name of the template.
    pub template_name: Option<String>,
    /// Expiry, not before now; the template's lifetime from now on when absent.
    #[serde(deserialize_with = "json::moment")]
    pub timestamp_expires: Option<Moment>,
    /// The caller's identifier.
    pub external_id: Option<String>,
    /// Values of the placeholders: texts and nulls.
    #[serde(deserialize_with = "context::parameters")]
    pub parameters: Map<String, Value>,
    /// Initial context.
    pub additional_data: Option<AdditionalData>,
    /// Whether there is a TOTP seed; as the template says when absent. `proximity_check_enabled` and `enableProximityCheck`
    /// mean the same.
    #[serde(deserialize_with = "json::boolean")]
    pub proximity_check_enabled: Option<bool>,
    /// The same, in the spellings of the written reference.
    #[cfg_attr(feature = "openapi", schemars(skip))]
    #[serde(rename = "proximity_check_enabled", deserialize_with = "json::boolean")]
    pub proximity_check_documented: Option<bool>,
    /// The same, in the spellings of the written reference.
    #[cfg_attr(feature = "openapi", schemars(skip))]
    #[serde(deserialize_with = "json::boolean")]
    pub enable_proximity_check: Option<bool>,
    /// The only activation that may approve it.
    pub activation_id: Option<String>,
    /// Primary language subtag of its texts outside the phone; no attribute of the server API.
    #[serde(skip)]
    pub language: Option<String>,
    /// Whether the user has to type a number that the answer contains; as the settings say when absent.
    #[serde(deserialize_with = "json::boolean")]
    pub number_matching: Option<bool>,
}

/// A new operation in state PENDING, with the number for the page that asks the user, if it has one. ERR0041 when the user
/// has as many pending operations as the settings allow.
pub fn create(engine: &Engine, tx: &mut Tx<'_>, request: &CreateOperation) -> Outcome<OperationDetail> {
    let applications = applications(&request.applications, &request.application_id, MAX_APPLICATIONS)?;
    if request.user_id.as_deref() == Some("") {
        return Err(ErrorCode::InvalidRequest.into());
    }
    let template_name = text(&request.template_name)?;
    check_texts(request)?;
    let mut user = request.user_id.clone();
    let bound = activation(tx, request)?;
    if let (Some(user), Some(bound)) = (&user, &bound)
        && bound.as_ref().is_none_or(|activation| activation.user != *user)
    {
        return Err(ErrorCode::InvalidRequest.into());
    }
    let now = tx.now();
    let asked = request.timestamp_expires.map(Moment::millis);
    if asked.is_some_and(|expires| expires < now) {
        return Err(ErrorCode::InvalidRequest.into());
    }
    let template = template::by_name(tx, template_name)?.ok_or(ErrorCode::TemplateNotFound)?;
    let lifetime = template.expiration.saturating_mul(1_000);
    let expires = asked.unwrap_or_else(|| now.saturating_add(lifetime));
    if !all_exist(tx, applications)? {
        return Err(ErrorCode::InvalidApplication.into());
    }
    let id = unique_uuid::<Operation>(engine, tx, ErrorCode::UnableToGenerateToken)?;
    let data = data::render(&template.data_template, &request.parameters)
        .map_err(|error| Error::with_detail(ErrorCode::InvalidRequest, error.to_string()))?;
    if user.is_none()
        && let Some(bound) = bound
    {
        user = Some(bound.ok_or(ErrorCode::InvalidRequest)?.user);
    }
    let proximity_check = request
        .proximity_check_enabled
        .or(request.proximity_check_documented)
        .or(request.enable_proximity_check)
        .unwrap_or(template.proximity_check);
    let totp_seed = match proximity_check {
        true => Some(proximity::new_seed(engine, tx, &id)?),
        false => None,
    };
    let number = match request.number_matching.unwrap_or(engine.config.number_matching) {
        true => Some(number::new(engine, tx, &id)?),
        false => None,
    };
    let additional_data = request.additional_data.clone().unwrap_or_default();
    let mut operation = Operation {
        id,
        user,
        applications: applications.to_vec(),
        external_id: request.external_id.clone(),
        activation_flag: request.activation_flag.clone(),
        activation: request.activation_id.clone(),
        operation_type: template.operation_type,
        template: template.name,
        data,
        parameters: Value::Object(request.parameters.clone()).to_string(),
        additional_data: Value::Object(additional_data.0).to_string(),
        status: OperationStatus::Pending,
        status_reason: None,
        signature_types: template.signature_types,
        failure_count: 0,
        max_failure_count: template.max_failure_count,
        created: now,
        expires: expires.min(LAST_MOMENT),
        finalized: None,
        risk_flags: template.risk_flags,
        totp_seed,
        journal: Head::default(),
        language: request.language.clone(),
        number,
    };
    cap::take_place(engine, tx, &operation)?;
    let parameters = json!({
        "externalId": operation.external_id,
        "activationFlag": operation.activation_flag,
        "activationId": operation.activation,
        "operationType": operation.operation_type,
        "template": operation.template,
        "data": operation.data,
        "parameters": request.parameters,
        "allowedSignatureType": operation.signature_types,
        "timestampExpires": operation.expires,
        "proximityCheckEnabled": proximity_check,
    });
    save_and_notify(engine, tx, &mut operation, kind::CREATED, parameters)?;
    invite::send(engine, tx, &operation)?;
    let match_number = number::shown(engine, &operation)?;
    Ok(Ok(OperationDetail {
        match_number,
        ..OperationDetail::of(operation)?
    }))
}

/// Lengths and characters; ERR0024.
fn check_texts(request: &CreateOperation) -> Result<(), EngineStop> {
    let too_long = |id: &String| id.chars().count() > MAX_ACTIVATION_ID;
    if request.activation_id.as_ref().is_some_and(too_long) {
        return Err(ErrorCode::InvalidRequest.into());
    }
    let texts = [&request.user_id, &request.external_id, &request.activation_flag];
    for text in texts.into_iter().flatten() {
        bounded(text)?;
    }
    let mut values = request.parameters.values().filter_map(Value::as_str);
    if values.any(data::has_control_characters) {
        return Err(ErrorCode::InvalidRequest.into());
    }
    Ok(())
}

/// The activation that the request names: outer none when it names none, inner when there is no such one.
fn activation(tx: &mut Tx<'_>, request: &CreateOperation) -> Result<Option<Option<Activation>>, EngineStop> {
    match &request.activation_id {
        None => Ok(None),
        // Only its user matters here, which never changes.
        Some(id) => Ok(Some(tx.peek::<Activation>(id)?)),
    }
}
