//! Administration: the texts that phones show of operations (mobile API specification, 4.1), and the keys that
//! seal secrets at rest.
//!
//! | call | does |
//! |---|---|
//! | `POST /admin/operation-texts` | adds or replaces rows, all or none: a JSON array of [`TextRow`] |
//! | `GET /admin/operation-texts` | all rows |
//! | `DELETE /admin/operation-texts?placeholder=…&language=…` | removes one row |
//! | `GET /api/admin/template` | the same list in the reference's form |
//! | `GET /admin/master-key` | which sealing keys there are, and how far a replacement has come |
//! | `POST /admin/master-key/rotate` | asks for a new one, with which everything is sealed anew meanwhile |
//! | `POST /admin/master-key/retire` | removes one that no record needs: `{"key": 1}` |

use serde::Serialize;
use serde_json::Value;

use super::contract::{Contract, Form, Type};
use super::credentialed::{Asked, Style, row};
use super::endpoint::{Access, Endpoint};
use super::http::Response;
use crate::engine::operation_text::{self, TextRow};
use crate::engine::rotation::{self, RetireKey, SealingStatus};
use crate::engine::system::Nothing;
use crate::engine::{Engine, Error, Outcome};
use crate::model::credential::Grant;
use crate::store::Tx;

pub(super) const ADMINISTRATOR: Style = Style {
    access: Access::Administrator,
    grants: &[Grant::Administrator],
    refuse,
};

/// All rows.
pub fn endpoints() -> Vec<Endpoint> {
    let path = "/admin/operation-texts";
    vec![
        row(
            ADMINISTRATOR,
            ("POST", path, "putOperationTexts"),
            putting(),
            put,
            done,
        ),
        row(
            ADMINISTRATOR,
            ("GET", path, "listOperationTexts"),
            listing(),
            list,
            listed,
        ),
        row(
            ADMINISTRATOR,
            ("DELETE", path, "removeOperationText"),
            removing(),
            remove,
            done,
        ),
        row(
            ADMINISTRATOR,
            ("GET", "/api/admin/template", "listTextTemplates"),
            listing().answers(Form::Bare(Type::of::<Vec<Template>>())),
            list,
            templates,
        ),
        row(
            ADMINISTRATOR,
            ("GET", "/admin/master-key", "sealingKeyStatus"),
            about_keys("Tells which keys seal secrets at rest, and how far a replacement has come."),
            |engine, tx, _| rotation::status(engine, tx, &Nothing {}),
            keys,
        ),
        row(
            ADMINISTRATOR,
            ("POST", "/admin/master-key/rotate", "rotateSealingKey"),
            about_keys("Asks for a new sealing key, with which everything is sealed anew meanwhile."),
            |engine, tx, asked| rotation::ask(engine, tx, asked.caller()),
            keys,
        ),
        row(
            ADMINISTRATOR,
            ("POST", "/admin/master-key/retire", "retireSealingKey"),
            about_keys("Removes a replaced sealing key that no record needs any more.")
                .asks(Form::Bare(Type::of::<RetireKey>())),
            |engine, tx, asked| rotation::retire(engine, tx, &asked.object()?, asked.caller()),
            keys,
        ),
    ]
}

fn putting() -> Contract {
    Contract::new("Adds or replaces texts of operations, all or none.")
        .asks(Form::Bare(Type::of::<Vec<TextRow>>()))
        .refuses(400, &["ERR…"])
}

fn listing() -> Contract {
    Contract::new("All texts of operations.").answers(Form::Object(Type::of::<Vec<TextRow>>()))
}

fn removing() -> Contract {
    Contract::new("Removes the text of a type of operations in a language.")
        .queried(&[
            ("placeholder", "Type of the operations, 1 to 255 bytes."),
            ("language", "Primary language subtag, 1 to 8 letters in any case."),
        ])
        .refuses(400, &["ERR…"])
}

fn about_keys(text: &'static str) -> Contract {
    Contract::new(text)
        .answers(Form::Object(Type::of::<SealingStatus>()))
        .refuses(400, &["ERR0024"])
}

fn keys(status: SealingStatus) -> Response {
    Response::ok(&status)
}

fn refuse(error: &Error) -> Response {
    Response::error(400, error.code.code(), error.text())
}

pub(super) fn done((): ()) -> Response {
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
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "TextTemplate")
)]
#[serde(rename_all = "camelCase")]
struct Template {
    /// Type of the operations.
    name: Option<String>,
    /// Title.
    title: Option<String>,
    /// Message.
    message: Option<String>,
    /// Definitions of rows.
    attributes: Option<Value>,
    /// Language.
    language: Option<String>,
    /// Texts for the outcome.
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
