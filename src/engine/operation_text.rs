//! Administration of the texts that phones show of operations (mobile API specification, 4.1).
//!
//! A text belongs to a type of operation and a language. An upload is taken whole or not at all, and a row replaces the
//! one of the same type and language.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::form::{self, Broken, Form, Locale, Unknown};
use super::journal;
use super::pages::scan_all;
use super::{Engine, EngineStop, Error, ErrorCode, Outcome, bounded, digest};
use crate::model::journal::{Head, Subject};
use crate::model::operation::Operation;
use crate::model::operation_text::{OPERATION_TEXTS, OperationText, OperationTexts, TYPES};
use crate::store::{Key, Range, Tx};

/// Rows of one upload, and languages of one type.
const MAX_ROWS: usize = 200;
/// Characters of a language.
const MAX_LANGUAGE: usize = 8;
/// Bytes of a message, and of each of the JSON texts.
const MAX_PART: usize = 16 * 1024;

/// A row of an upload and of the list.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase")]
pub struct TextRow {
    /// Type of the operations, 1 to 255 bytes.
    #[cfg_attr(feature = "openapi", schemars(required))]
    pub placeholder: Option<String>,
    /// Primary language subtag, 1 to 8 letters in any case.
    #[cfg_attr(feature = "openapi", schemars(required))]
    pub language: Option<String>,
    /// Title, 1 to 255 characters, maybe with placeholders.
    #[cfg_attr(feature = "openapi", schemars(required))]
    pub title: Option<String>,
    /// Message, 1 to 16,384 bytes, maybe with placeholders.
    #[cfg_attr(feature = "openapi", schemars(required))]
    pub message: Option<String>,
    /// Definitions of rows: a JSON array, or its text.
    pub attributes: Option<Value>,
    /// Hints for the app: a JSON object, or its text.
    pub ui: Option<Value>,
    /// `success`, `failure`, `reject`: a JSON object, or its text.
    pub result_texts: Option<Value>,
}

fn refuse(text: &'static str) -> EngineStop {
    Error::with_detail(ErrorCode::InvalidRequest, text).into()
}

fn placeholder(given: &Option<String>) -> Result<&str, EngineStop> {
    given
        .as_deref()
        .filter(|it| Key::new(OPERATION_TEXTS, *it).is_valid())
        .ok_or_else(|| refuse("placeholder must have 1 to 255 bytes."))
}

fn language(given: &Option<String>) -> Result<String, EngineStop> {
    given
        .as_deref()
        .filter(|it| (1..=MAX_LANGUAGE).contains(&it.len()) && it.bytes().all(|c| c.is_ascii_alphabetic()))
        .map(str::to_ascii_lowercase)
        .ok_or_else(|| refuse("language must be a primary language subtag."))
}

/// JSON as text; none for null and for a blank text.
fn json_text(given: &Option<Value>) -> Result<Option<String>, EngineStop> {
    let text = match given {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    match text.len() <= MAX_PART {
        true => Ok(Some(text)),
        false => Err(refuse("A text is too long.")),
    }
}

impl TextRow {
    /// Whether an upload may hold it.
    pub fn is_usable(&self) -> bool {
        placeholder(&self.placeholder).is_ok() && self.check().is_ok()
    }

    fn check(&self) -> Result<OperationText, EngineStop> {
        let title = self.title.as_deref().filter(|it| !it.is_empty());
        let message = self
            .message
            .as_deref()
            .filter(|it| !it.is_empty() && it.len() <= MAX_PART);
        let text = OperationText {
            language: language(&self.language)?,
            title: bounded(title.ok_or_else(|| refuse("title must not be empty."))?)?.to_owned(),
            message: message
                .ok_or_else(|| refuse("message must have 1 to 16384 bytes."))?
                .to_owned(),
            attributes: json_text(&self.attributes)?,
            ui: json_text(&self.ui)?,
            result_texts: json_text(&self.result_texts)?,
        };
        form::check(&text).map_err(|_| refuse("attributes, ui or resultTexts have another form."))?;
        Ok(text)
    }

    fn of(operation_type: &str, text: OperationText) -> Self {
        let value = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Self {
            placeholder: Some(operation_type.to_owned()),
            language: Some(text.language),
            title: Some(text.title),
            message: Some(text.message),
            attributes: value(text.attributes),
            ui: value(text.ui),
            result_texts: value(text.result_texts),
        }
    }
}

/// Adds rows, or replaces those of the same type and language: all of them, or none. ERR0024 for a row that is not
/// complete or that phones would not understand. `caller` is who the journal names.
pub fn put(_: &Engine, tx: &mut Tx<'_>, rows: &[TextRow], caller: Option<&str>) -> Outcome<()> {
    if rows.is_empty() || rows.len() > MAX_ROWS {
        return Err(refuse("An upload has 1 to 200 rows."));
    }
    let mut checked = Vec::with_capacity(rows.len());
    for row in rows {
        checked.push((placeholder(&row.placeholder)?, row.check()?));
    }
    for (operation_type, _) in &checked {
        tx.want::<OperationTexts>(operation_type);
    }
    for (operation_type, text) in checked {
        let mut texts = find(tx, operation_type)?;
        let language = text.language.clone();
        texts.set(text);
        if texts.texts.len() > MAX_ROWS {
            return Err(refuse("A type has at most 200 languages."));
        }
        save_and_note(tx, &mut texts, &language, "operation_text_set", caller)?;
    }
    Ok(Ok(()))
}

/// Writes the texts of a type with an entry in their journal.
fn save_and_note(
    tx: &mut Tx<'_>,
    texts: &mut OperationTexts,
    language: &str,
    kind: &str,
    caller: Option<&str>,
) -> Result<(), EngineStop> {
    let parameters = json!({ "placeholder": texts.operation_type, "language": language });
    let subject = Subject::OperationTexts(digest(&[&texts.operation_type]));
    let caller = caller.map(str::to_owned);
    journal::note(tx, subject, &mut texts.journal, kind, caller, &parameters)?;
    tx.put(texts);
    Ok(())
}

fn find(tx: &mut Tx<'_>, operation_type: &str) -> Result<OperationTexts, EngineStop> {
    let known = tx.get::<OperationTexts>(operation_type)?;
    Ok(known.unwrap_or_else(|| OperationTexts {
        operation_type: operation_type.to_owned(),
        texts: Vec::new(),
        journal: Head::default(),
    }))
}

/// All rows, by type.
pub fn list(_: &Engine, tx: &mut Tx<'_>) -> Outcome<Vec<TextRow>> {
    let types = scan_all::<OperationTexts>(tx, Range::all(TYPES, "", 100))?;
    let rows = types.into_iter().flat_map(|it| {
        let OperationTexts {
            operation_type,
            texts,
            ..
        } = it;
        texts
            .into_iter()
            .map(move |text| TextRow::of(&operation_type, text))
    });
    Ok(Ok(rows.collect()))
}

/// Removes the row of a type and language; ERR0033 when there is none.
pub fn remove(_: &Engine, tx: &mut Tx<'_>, row: &TextRow, caller: Option<&str>) -> Outcome<()> {
    let mut texts = find(tx, placeholder(&row.placeholder)?)?;
    let language = language(&row.language)?;
    if !texts.remove(&language) {
        return Err(ErrorCode::TemplateNotFound.into());
    }
    save_and_note(tx, &mut texts, &language, "operation_text_removed", caller)?;
    Ok(Ok(()))
}

/// Which rows phones of one kind understand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    /// Their kinds.
    pub(crate) kinds: &'static [&'static str],
    /// What becomes of others.
    pub(crate) unknown: Unknown,
}

/// The form of an operation in a language; outer none when there is no text for its type.
pub(crate) fn form_of(
    engine: &Engine,
    tx: &mut Tx<'_>,
    operation: &Operation,
    locale: &Locale,
    rows: Rows,
) -> Result<Option<Result<Form, Broken>>, EngineStop> {
    // A text may change at any moment; the one of a moment ago does no harm.
    let texts = tx.peek::<OperationTexts>(&operation.operation_type)?;
    let text = texts.as_ref().and_then(|it| it.choose(locale.language()));
    Ok(match text {
        Some(text) => Some(form::form(operation, text, locale, rows.kinds, rows.unknown)),
        None => engine.config.plain_forms.then(|| form::plain(operation)),
    })
}

/// Announces the texts of operations.
pub(crate) fn want(tx: &mut Tx<'_>, operations: &[Operation]) {
    for it in operations {
        tx.want::<OperationTexts>(&it.operation_type);
    }
}
