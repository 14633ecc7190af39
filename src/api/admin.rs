//! Administration: the texts that phones show of operations (mobile API specification, 4.1).
//!
//! | call | does |
//! |---|---|
//! | `POST /admin/operation-texts` | adds or replaces rows, all or none: a JSON array of [`TextRow`] |
//! | `GET /admin/operation-texts` | all rows |
//! | `DELETE /admin/operation-texts?placeholder=…&language=…` | removes one row |
//! | `GET /api/admin/template` | the same list in the reference's form |

use serde::Serialize;
use serde_json::Value;

use super::credentialed::{Asked, Style, row};
use super::endpoint::Endpoint;
use super::http::Response;
use crate::engine::operation_text::{self, TextRow};
use crate::engine::{Engine, Error, Outcome};
use crate::model::credential::Grant;
use crate::store::Tx;

const ADMINISTRATOR: Style = Style {
    grant: Grant::Administrator,
    refuse,
};

/// All rows.
pub fn endpoints() -> Vec<Endpoint> {
    let path = "/admin/operation-texts";
    vec![
        row(ADMINISTRATOR, ("POST", path, "putOperationTexts"), put, done),
        row(ADMINISTRATOR, ("GET", path, "listOperationTexts"), list, listed),
        row(
            ADMINISTRATOR,
            ("DELETE", path, "removeOperationText"),
            remove,
            done,
        ),
        row(
            ADMINISTRATOR,
            ("GET", "/api/admin/template", "listTextTemplates"),
            list,
            templates,
        ),
    ]
}

fn refuse(error: &Error) -> Response {
    Response::error(400, error.code.code(), error.text())
}

fn done((): ()) -> Response {
    Response::ok(&())
}

fn put(engine: &Engine, tx: &mut Tx<'_>, asked: &Asked) -> Outcome<()> {
    operation_text::put(engine, tx, &asked.object::<Vec<TextRow>>()?, asked.caller())
}

fn list(engine: &Engine, tx: &mut Tx<'_>, _: &Asked) -> Outcome<Vec<TextRow>> {
    operation_text::list(engine, tx)
}

fn remove(engine: &Engine, tx: &mut Tx<'_>, asked: &Asked) -> Outcome<()> {
    let row = TextRow {
        placeholder: asked.parameter("placeholder"),
        language: asked.parameter("language"),
        ..TextRow::default()
    };
    operation_text::remove(engine, tx, &row, asked.caller())
}

fn listed(rows: Vec<TextRow>) -> Response {
    Response::ok(&rows)
}

/// A row as the reference lists it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Template {
    name: Option<String>,
    title: Option<String>,
    message: Option<String>,
    attributes: Option<Value>,
    language: Option<String>,
    result_texts: Option<Value>,
}

fn templates(rows: Vec<TextRow>) -> Response {
    let rows = rows.into_iter().map(|row| Template {
        name: row.placeholder,
        title: row.title,
        message: row.message,
        attributes: row.attributes,
        language: row.language,
        result_texts: row.result_texts,
    });
    Response::json(200, &rows.collect::<Vec<_>>())
}
