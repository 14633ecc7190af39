//! The cloud API: several devices per user.
//!
//! Every call in the name of an application authenticates with credentials of that application, and sees only what is
//! its own: an identifier of somebody else's gets the answer of one that never existed. Successful answers are bare
//! objects, errors `{"status":"ERROR","responseObject":{"code","message"}}`.
//!
//! | file | rows | callers |
//! |---|---|---|
//! | `registrations`, `changes` | `/v2/registrations…` | applications |
//! | `operations`, `offline` | `/v2/operations…` | applications |
//! | `authentication` | `/v2/signature/verify`, `/v2/token/verify` | applications |
//! | `messages` | `/v2/messages/send` | applications |
//! | `audit` | `/audit/log` | applications |
//! | `applications` | `/admin/applications…` | administrators |
//! | `internal` | `/internal/callback/operation` | integrations, administrators |
//!
//! | file | holds |
//! |---|---|
//! | `call` | rows: credentials, path, query, body |
//! | `answer`, `check` | answers, errors and what is wrong with a request |
//! | `verified` | the answer of verifications |

mod answer;
mod applications;
mod audit;
mod authentication;
mod call;
mod changes;
mod check;
mod internal;
mod messages;
mod offline;
mod operations;
mod registrations;
mod verified;

use super::endpoint::Endpoint;
use super::http::Response;

/// All rows.
pub fn endpoints() -> Vec<Endpoint> {
    [
        registrations::endpoints(),
        changes::endpoints(),
        operations::endpoints(),
        offline::endpoints(),
        authentication::endpoints(),
        messages::endpoints(),
        audit::endpoints(),
        applications::endpoints(),
        internal::endpoints(),
    ]
    .concat()
}

/// Whether a path, known or not, is under one of this API's roots.
pub(super) fn serves(path: &str) -> bool {
    ["/v2/", "/audit/", "/admin/applications", "/internal/"]
        .iter()
        .any(|root| path.starts_with(root))
}

/// The answer when no row fits, in this API's form.
pub(super) fn no_such_endpoint(response: Response) -> Response {
    match response.status {
        405 => {
            let refused = Response::error(405, answer::ERROR_REQUEST, "Method not allowed");
            Response {
                headers: response.headers,
                ..refused
            }
        }
        _ => response,
    }
}
