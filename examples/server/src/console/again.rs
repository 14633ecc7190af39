//! A callback that was given up, sent once more.

use axum::response::Response;
use countersign::api;
use countersign::engine::callback::again::{self, SendAgain};
use countersign::engine::json;
use serde_json::Value;

use super::refused;
use super::session::Visitor;
use crate::host::System;
use crate::service::{Service, into_response, unavailable};

/// Its name among the console's calls.
pub(super) const NAME: &str = "sendCallbackAgain";

/// Sends the event `id` again; the journal names the visitor.
pub(super) async fn answer(service: &Service, visitor: &Visitor, given: Value) -> Response {
    let unreadable = || refused(400, "ERROR_HTTP_REQUEST", "The request cannot be read.");
    let Ok(mut request) = json::from_value::<SendAgain>(given) else {
        return unreadable();
    };
    if request.id.as_deref().is_none_or(str::is_empty) {
        return unreadable();
    }
    request.external_user_id = Some(visitor.user.clone());
    let sent = service.decide(&System, |engine, tx| again::send_again(engine, tx, &request));
    match sent.await {
        Ok(sent) => into_response(api::Response::ok(&sent)),
        Err(error) => {
            tracing::error!(error, "a callback could not be sent again");
            into_response(unavailable())
        }
    }
}
