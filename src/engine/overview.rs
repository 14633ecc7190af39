//! What people who watch see: lists that are nobody's in particular, and what a phone would show. Consoles are made of
//! this beside the methods of the API; nothing here changes a record.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::activation::list::ActivationItem;
use super::form::{self, KINDS, Locale, Unknown};
use super::json::Moment;
use super::operation::{OperationDetail, data, parameters};
use super::{Engine, ErrorCode, Outcome};
use crate::model::activation::Activation;
use crate::model::callback::{CallbackEvent, EVENT_DEAD, EVENT_DUE};
use crate::model::journal::Head;
use crate::model::operation::{DUE, Operation, OperationStatus};
use crate::model::operation_text::OperationTexts;
use crate::store::{Range, Tx};

/// Records of one answer.
const MOST: u32 = 200;

/// Pending operations of all users (200 at most, those that end first), and the operations called `ids` in any state (200
/// at most; unknown ones are left out), newest first. Proximity codes are left out.
pub fn operations(_: &Engine, tx: &mut Tx<'_>, ids: &[String]) -> Outcome<Vec<OperationDetail>> {
    let asked = || ids.iter().take(200);
    let pending = tx.scan::<Operation>(Range::all(DUE, "", MOST));
    for id in asked() {
        tx.want::<Operation>(id);
    }
    let mut found = pending?.0;
    for id in asked() {
        if found.iter().any(|it| it.id == *id) {
            continue;
        }
        found.extend(tx.peek::<Operation>(id)?);
    }
    found.sort_by(|a, b| b.created.cmp(&a.created).then_with(|| a.id.cmp(&b.id)));
    let now = tx.now();
    let details = found.into_iter().map(|mut it| {
        // Written by whoever touches it next; nobody can decide it any more.
        if it.overdue(now) {
            let _ = it.expire();
        }
        OperationDetail::of(it)
    });
    Ok(Ok(details.collect::<Result<_, _>>()?))
}

/// The activations called `ids` (200 at most; unknown ones are left out), newest first.
pub fn activations(_: &Engine, tx: &mut Tx<'_>, ids: &[String]) -> Outcome<Vec<ActivationItem>> {
    let asked = || ids.iter().take(200);
    for id in asked() {
        tx.want::<Activation>(id);
    }
    let now = tx.now();
    let mut found = Vec::new();
    for id in asked() {
        if let Some(mut it) = tx.peek::<Activation>(id)? {
            if it.overdue(now) {
                it.remove();
            }
            found.push(it);
        }
    }
    found.sort_by_key(|it| std::cmp::Reverse(it.created));
    Ok(Ok(found.into_iter().map(ActivationItem::from).collect()))
}

/// An event on its way to a callback URL.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// The event, which is also the idempotency key.
    pub id: String,
    /// The JSON that is sent.
    pub body: String,
    /// Attempts so far.
    pub attempts: u32,
    /// Creation.
    pub timestamp_created: Moment,
    /// The next attempt; null once it was given up.
    pub timestamp_due: Option<Moment>,
}

/// What waits for a callback URL, and what was given up.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Deliveries {
    /// Waiting for an attempt, the next one first; 200 at most.
    pub waiting: Vec<Delivery>,
    /// Given up, newest first; 200 at most.
    pub dead: Vec<Delivery>,
}

/// Events for the URL with this id that are not delivered.
pub fn deliveries(_: &Engine, tx: &mut Tx<'_>, url: &str) -> Outcome<Deliveries> {
    let waiting = tx.scan::<CallbackEvent>(Range::all(EVENT_DUE, url, MOST));
    let dead = tx.scan::<CallbackEvent>(Range {
        newest_first: true,
        ..Range::all(EVENT_DEAD, url, MOST)
    });
    let list = |events: Vec<CallbackEvent>, due: bool| {
        let events = events.into_iter().map(|it| Delivery {
            id: it.id,
            body: it.body,
            attempts: it.attempts,
            timestamp_created: Moment::from_millis(it.created),
            timestamp_due: due.then(|| Moment::from_millis(it.due)),
        });
        events.collect()
    };
    Ok(Ok(Deliveries {
        waiting: list(waiting?.0, true),
        dead: list(dead?.0, false),
    }))
}

/// Request of [`preview`].
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PreviewRequest {
    /// Type of the operations.
    pub operation_type: String,
    /// Text of what is signed, with placeholders.
    pub data_template: String,
    /// Letters, each a flag.
    pub risk_flags: Option<String>,
    /// What the placeholders stand for: texts, numbers, booleans.
    #[serde(deserialize_with = "parameters")]
    pub parameters: Map<String, Value>,
}

/// What a phone with one language would show.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// The language of the text; null where the type has none, and the plain form is shown.
    pub language: Option<String>,
    /// What is signed.
    pub data: String,
    /// Title, message, rows and texts for the outcome, as phones get them; null where phones would not see the operation.
    pub form_data: Option<Value>,
    /// Hints for the app.
    pub ui: Option<Value>,
}

/// What phones would show of an operation in each language that its type has texts in; without texts, of its plain form,
/// where phones get this. ERR0024 when `data_template` cannot be filled.
pub fn preview(engine: &Engine, tx: &mut Tx<'_>, request: &PreviewRequest) -> Outcome<Vec<Preview>> {
    let kind = super::bounded(&request.operation_type)?;
    let data = data::fill(&request.data_template, &request.parameters);
    let data = data.map_err(|_| ErrorCode::InvalidRequest)?;
    let operation = sample(request, data.clone());
    let texts = match kind {
        "" => None,
        kind => tx.peek::<OperationTexts>(kind)?,
    };
    let shown = |language: Option<String>, form: Result<form::Form, form::Broken>| {
        let (form_data, ui) = match form {
            Ok(form) => (serde_json::to_value(&form.data).ok(), form.ui),
            Err(form::Broken) => (None, None),
        };
        Preview {
            language,
            data: data.clone(),
            form_data,
            ui,
        }
    };
    let texts = texts.map(|it| it.texts).unwrap_or_default();
    let mut previews = Vec::with_capacity(texts.len().max(1));
    for text in &texts {
        let locale = Locale::preferred(Some(&text.language));
        let form = form::form(&operation, text, &locale, KINDS, Unknown::KeyValue);
        previews.push(shown(Some(text.language.clone()), form));
    }
    if texts.is_empty() {
        previews.push(match engine.config.plain_forms {
            true => shown(None, form::plain(&operation)),
            false => shown(None, Err(form::Broken)),
        });
    }
    Ok(Ok(previews))
}

/// An operation that was never created.
fn sample(request: &PreviewRequest, data: String) -> Operation {
    Operation {
        id: String::new(),
        user: None,
        applications: Vec::new(),
        external_id: None,
        activation_flag: None,
        activation: None,
        operation_type: request.operation_type.clone(),
        template: String::new(),
        data,
        parameters: Value::Object(request.parameters.clone()).to_string(),
        additional_data: "{}".to_owned(),
        status: OperationStatus::Pending,
        status_reason: None,
        signature_types: Vec::new(),
        failure_count: 0,
        max_failure_count: 1,
        created: 0,
        expires: 0,
        finalized: None,
        risk_flags: request.risk_flags.clone(),
        totp_seed: None,
        journal: Head::default(),
        language: None,
        number: None,
    }
}
