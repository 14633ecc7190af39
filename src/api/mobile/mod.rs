//! The Mobile Token API: operations on the phone, `/api/auth/token/app/…`, and what belongs to them: registration for
//! push messages, the inbox, codes for sibling apps (mobile API specification, sections 1 to 7).
//!
//! Lists and details need a token, decisions a signature. Resource ids lack the prefix of the path. What phones of
//! different ages expect differs in details; [`Dialect`] has them in tables.

mod decide;
mod dialect;
mod error;
mod inbox;
mod push;
mod read;
mod spawn;
mod view;

pub use dialect::Dialect;
use dialect::Differences;

use super::endpoint::Endpoint;
use super::http::Response;
use super::phone::{PhoneRequest, row};
use crate::engine::Engine;
use crate::store::{Decision, Tx};

/// The decision of a row.
type Answer = fn(&Differences, &Engine, &mut Tx<'_>, &PhoneRequest) -> Decision<Response, Response>;

#[rustfmt::skip] // one row, one line
const ROWS: &[(&str, &str, Answer)] = &[
    ("/api/auth/token/app/operation/list", "mobileOperationList", read::list),
    ("/api/auth/token/app/operation/list/signature", "mobileOperationListSigned", read::list_signed),
    ("/api/auth/token/app/operation/detail", "mobileOperationDetail", read::detail),
    ("/api/auth/token/app/operation/detail/claim", "mobileOperationClaim", read::claim),
    ("/api/auth/token/app/operation/history", "mobileOperationHistory", read::history),
    ("/api/auth/token/app/operation/authorize", "mobileOperationAuthorize", decide::authorize),
    ("/api/auth/token/app/operation/cancel", "mobileOperationCancel", decide::cancel),
    ("/api/push/device/register", "mobilePushRegister", push::register),
    ("/api/push/device/register/token", "mobilePushRegisterToken", push::by_token),
    ("/api/push/device/register/signature", "mobilePushRegisterSigned", push::register_signed),
    ("/api/inbox/count", "mobileInboxCount", inbox::count),
    ("/api/inbox/message/list", "mobileInboxList", inbox::list),
    ("/api/inbox/message/detail", "mobileInboxDetail", inbox::detail),
    ("/api/inbox/message/read", "mobileInboxRead", inbox::read),
    ("/api/inbox/message/read-all", "mobileInboxReadAll", inbox::read_all),
    ("/api/activation/code", "mobileActivationCode", spawn::code),
];

/// All rows of a dialect.
pub fn endpoints(dialect: Dialect) -> Vec<Endpoint> {
    let rules = dialect.differences();
    let served = |name: &str| rules.served.is_none_or(|names| names.contains(&name));
    let rows = ROWS.iter().filter(|(_, name, _)| served(name));
    rows.map(|&(path, name, answer)| {
        let answer = move |engine: &Engine, tx: &mut Tx<'_>, request: &PhoneRequest| {
            answer(rules, engine, tx, request)
        };
        row("POST", path, name, answer)
    })
    .collect()
}
