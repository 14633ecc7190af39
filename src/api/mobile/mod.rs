//! The Mobile Token API: operations on the phone, `/api/auth/token/app/…` (mobile API
//! specification, sections 1 to 3).
//!
//! Lists and details need a token, decisions a signature. Resource ids lack the prefix of the path.

mod decide;
mod error;
mod read;
mod view;

use serde_json::json;

use super::endpoint::Endpoint;
use super::http::Response;
use super::phone::row;

/// All rows.
#[rustfmt::skip] // one row, one line
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        row("POST", "/api/auth/token/app/operation/list", "mobileOperationList", read::list),
        row("POST", "/api/auth/token/app/operation/detail", "mobileOperationDetail", read::detail),
        row("POST", "/api/auth/token/app/operation/authorize", "mobileOperationAuthorize", decide::authorize),
        row("POST", "/api/auth/token/app/operation/cancel", "mobileOperationCancel", decide::cancel),
    ]
}

/// `{"status":"OK"}`
fn ok() -> Response {
    Response::json(200, &json!({ "status": "OK" }))
}
