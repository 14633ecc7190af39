//! How messages get into inboxes: `POST /inbox/messages`, for integrations (mobile API specification, 9.5).
//!
//! The body is a [`PostMessage`], with or without envelope; the answer is the message
//! as it is stored. No push message is sent.

use serde_json::json;

use super::contract::{Contract, Form, Type};
use super::credentialed::{Asked, Style, row};
use super::endpoint::{Access, Endpoint};
use super::http::Response;
use crate::engine::inbox::{MessageDetail, PostMessage, post as post_message};
use crate::engine::{Engine, Error, ErrorCode, Outcome};
use crate::model::credential::Grant;
use crate::store::Tx;

const INTEGRATION: Style = Style {
    access: Access::Integration,
    grants: &[Grant::Integration],
    refuse,
};

/// All rows.
pub fn endpoints() -> Vec<Endpoint> {
    vec![row(
        INTEGRATION,
        ("POST", "/inbox/messages", "postInboxMessage"),
        Contract::new("Puts a message into the inboxes of a user. No push message is sent.")
            .asks(Form::Object(Type::of::<PostMessage>()))
            .answers(Form::Object(Type::of::<MessageDetail>()))
            .refuses(400, &["ERROR_APP_NOT_FOUND", "ERROR_REQUEST"]),
        post,
        |message: MessageDetail| Response::ok(&message),
    )]
}

fn refuse(error: &Error) -> Response {
    if error.code == ErrorCode::InvalidApplication {
        return Response::error(400, "ERROR_APP_NOT_FOUND", error.text());
    }
    let mut object = json!({ "code": "ERROR_REQUEST", "message": "The request is not valid." });
    if let (Some(field), Some(object)) = (&error.detail, object.as_object_mut()) {
        // The value stays out: it may be somebody's letter.
        object.insert(
            "violations".to_owned(),
            json!([{ "fieldName": field, "hint": "missing, or out of bounds" }]),
        );
    }
    Response::json(400, &json!({ "status": "ERROR", "responseObject": object }))
}

fn post(engine: &Engine, tx: &mut Tx<'_>, asked: &Asked) -> Outcome<MessageDetail> {
    post_message(engine, tx, &asked.object()?)
}
