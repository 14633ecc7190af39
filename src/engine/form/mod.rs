//! What a phone shows of an operation: texts in the user's language, rows, hints (mobile API specification, sections 4
//! and 5).
//!
//! Texts hold placeholders `${name}` for the operation's parameters, with the grammar of operation data. A value goes in
//! as it is, and only after JSON was parsed: it can neither leave its text nor add a row.

mod amount;
mod attribute;
mod locale;
mod ui;

use serde::Serialize;
use serde_json::{Map, Value};

pub use amount::{Decimal, Money, money};
#[cfg(feature = "openapi")]
pub(crate) use attribute::{AMOUNT, SOURCE, TARGET};
pub(crate) use attribute::{Attribute, KINDS, Unknown};
pub use locale::Locale;

use super::operation::data;
use crate::model::operation::Operation;
use crate::model::operation_text::OperationText;

/// A stored text cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

/// What is shown of an operation.
#[derive(Debug)]
pub(crate) struct Form {
    /// Title, message, rows, texts for the outcome.
    pub(crate) data: FormData,
    /// Hints for the app.
    pub(crate) ui: Option<Value>,
}

/// `formData`.
#[derive(Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "OperationFormData")
)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FormData {
    /// Title.
    pub(crate) title: String,
    /// Message, maybe of several lines.
    pub(crate) message: String,
    /// Rows, in the order of their definitions.
    pub(crate) attributes: Vec<Attribute>,
    /// `success`, `failure`, `reject`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) result_texts: Option<Map<String, Value>>,
}

/// The form of an operation in the words of `text`. Rows of other kinds than `kinds` are shown as `unknown` says.
///
/// # Errors
/// When the hints are none that phones understand.
pub(crate) fn form(
    operation: &Operation,
    text: &OperationText,
    locale: &Locale,
    kinds: &[&str],
    unknown: Unknown,
) -> Result<Form, Broken> {
    let parameters: Map<String, Value> = serde_json::from_str(&operation.parameters).map_err(|_| Broken)?;
    let filler = Filler(&parameters);
    let definitions = text
        .attributes
        .as_deref()
        .map(attribute::definitions)
        .transpose()?;
    let rows = definitions.unwrap_or_default();
    let attributes = rows
        .iter()
        .filter_map(|it| attribute::attribute(it, &parameters, locale, kinds, unknown));
    let result_texts = text.result_texts.as_deref().map(ui::result_texts).transpose()?;
    Ok(Form {
        data: FormData {
            title: filler.text(&text.title),
            message: filler.text(&text.message),
            attributes: attributes.collect(),
            result_texts: result_texts
                .map(|texts| filler.object(texts))
                .filter(|it| !it.is_empty()),
        },
        ui: ui::hints(operation, text.ui.as_deref(), &filler)?,
    })
}

/// Title and message of an operation in the words of `text`, without anything else.
pub(crate) fn words(operation: &Operation, text: &OperationText) -> Result<(String, String), Broken> {
    let parameters: Map<String, Value> = serde_json::from_str(&operation.parameters).map_err(|_| Broken)?;
    let filler = Filler(&parameters);
    Ok((filler.text(&text.title), filler.text(&text.message)))
}

/// A form without texts: the type as title, the data as message, the parameters as rows.
pub(crate) fn plain(operation: &Operation) -> Result<Form, Broken> {
    let parameters: Map<String, Value> = serde_json::from_str(&operation.parameters).map_err(|_| Broken)?;
    let rows = parameters
        .iter()
        .filter_map(|(name, value)| attribute::plain(name, value));
    Ok(Form {
        data: FormData {
            title: operation.operation_type.clone(),
            message: operation.data.clone(),
            attributes: rows.collect(),
            result_texts: None,
        },
        ui: ui::hints(operation, None, &Filler(&parameters))?,
    })
}

/// Whether the parts of a text are what phones understand, placeholders aside.
pub(crate) fn check(text: &OperationText) -> Result<(), Broken> {
    text.attributes
        .as_deref()
        .map(attribute::definitions)
        .transpose()?;
    text.result_texts.as_deref().map(ui::result_texts).transpose()?;
    text.ui.as_deref().map(ui::parse).transpose()?;
    Ok(())
}

/// Puts parameters into texts.
struct Filler<'a>(&'a Map<String, Value>);

impl Filler<'_> {
    /// A text that cannot be filled (a cycle, or too much) stays as it is.
    fn text(&self, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        data::fill(text, self.0).unwrap_or_else(|_| text.to_owned())
    }

    fn object(&self, object: Map<String, Value>) -> Map<String, Value> {
        let members = object.into_iter();
        members.map(|(name, value)| (name, self.value(value))).collect()
    }

    /// Every text inside.
    fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => Value::Array(items.into_iter().map(|it| self.value(it)).collect()),
            Value::Object(members) => Value::Object(self.object(members)),
            other => other,
        }
    }
}
