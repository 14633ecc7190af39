//! Events of changes (part 1, sections 14.4 and 14.5; part 2, section 11.1).

use serde_json::{Map, Value, json};

use crate::engine::operation::PROXIMITY_OTP;
use crate::engine::{Engine, EngineStop, uuid};
use crate::model::activation::Activation;
use crate::model::callback::{CallbackEvent, CallbackType, CallbackUrl, Callbacks, EventState};
use crate::model::operation::Operation;
use crate::store::Tx;

/// Queues an event for each URL of the activation's application that wants state changes.
pub(crate) fn activation_changed(
    engine: &Engine,
    tx: &mut Tx<'_>,
    activation: &Activation,
) -> Result<(), EngineStop> {
    let application = activation.application.clone();
    queue(
        engine,
        tx,
        &application,
        CallbackType::ActivationStatusChange,
        |url| activation_body(activation, url),
    )
}

/// Queues an event for each URL of the operation's applications that wants state changes.
pub(crate) fn operation_changed(
    engine: &Engine,
    tx: &mut Tx<'_>,
    operation: &Operation,
) -> Result<(), EngineStop> {
    for application in &operation.applications {
        tx.want::<Callbacks>(application);
    }
    for application in &operation.applications {
        queue(
            engine,
            tx,
            application,
            CallbackType::OperationStatusChange,
            |url| operation_body(operation, url),
        )?;
    }
    Ok(())
}

/// Writes that a change costs in these applications: a check for each, and the events.
pub(crate) fn writes(
    tx: &mut Tx<'_>,
    applications: &[String],
    kind: CallbackType,
) -> Result<usize, EngineStop> {
    for application in applications {
        tx.want::<Callbacks>(application);
    }
    let mut writes = applications.len();
    for application in applications {
        let urls = tx
            .peek::<Callbacks>(application)?
            .map_or_else(Vec::new, |it| it.urls);
        writes += urls.iter().filter(|url| url.kind == kind).count();
    }
    Ok(writes)
}

fn queue(
    _: &Engine,
    tx: &mut Tx<'_>,
    application: &str,
    kind: CallbackType,
    body: impl Fn(&CallbackUrl) -> Value,
) -> Result<(), EngineStop> {
    let Some(callbacks) = tx.get::<Callbacks>(application)? else {
        return Ok(());
    };
    for url in callbacks.urls.iter().filter(|url| url.kind == kind) {
        let event = CallbackEvent {
            id: uuid(tx)?,
            application: application.to_owned(),
            url: url.id.clone(),
            body: body(url).to_string(),
            created: tx.now(),
            due: tx.now(),
            attempts: 0,
            state: EventState::Pending,
            retained_until: None,
        };
        tx.put(&event);
    }
    Ok(())
}

fn select(url: &CallbackUrl, mut body: Map<String, Value>, values: impl Fn(&str) -> Option<Value>) -> Value {
    for attribute in &url.attributes {
        if let Some(value) = values(attribute) {
            body.insert(attribute.clone(), value);
        }
    }
    Value::Object(body)
}

fn activation_body(it: &Activation, url: &CallbackUrl) -> Value {
    let mut body = Map::new();
    body.insert("type".to_owned(), json!("ACTIVATION"));
    body.insert("activationId".to_owned(), json!(it.id));
    select(url, body, |attribute| {
        Some(match attribute {
            "userId" => json!(it.user),
            "activationName" => json!(it.name),
            "deviceInfo" => json!(it.device_info),
            "platform" => json!(it.platform),
            "activationFlags" => json!(it.flags),
            "activationStatus" => json!(it.status),
            "blockedReason" => json!(it.blocked_reason),
            "applicationId" => json!(it.application),
            _ => return None,
        })
    })
}

/// As in the API, but null when there are none, and without a proximity OTP: it may still be good.
fn additional_data(stored: &str) -> Value {
    let mut additional: Map<String, Value> = serde_json::from_str(stored).unwrap_or_default();
    additional.shift_remove(PROXIMITY_OTP);
    if additional.is_empty() {
        Value::Null
    } else {
        additional.into()
    }
}

fn operation_body(it: &Operation, url: &CallbackUrl) -> Value {
    let mut body = Map::new();
    body.insert("type".to_owned(), json!("OPERATION"));
    body.insert("operationId".to_owned(), json!(it.id));
    let object = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
    select(url, body, |attribute| {
        Some(match attribute {
            "userId" => json!(it.user),
            "applications" => json!(it.applications),
            "operationType" => json!(it.operation_type),
            "parameters" => object(&it.parameters),
            "additionalData" => additional_data(&it.additional_data),
            "activationFlag" => json!(it.activation_flag),
            "status" => json!(it.status.name()),
            "data" => json!(it.data),
            "failureCount" => json!(it.failure_count),
            "maxFailureCount" => json!(it.max_failure_count),
            "signatureType" => json!(it.signature_types),
            "externalId" => json!(it.external_id),
            "timestampCreated" => json!(it.created),
            "timestampExpires" => json!(it.expires),
            "timestampFinalized" => json!(it.finalized),
            _ => return None,
        })
    })
}
