//! The Mobile Token API: operations on the phone, `/api/auth/token/app/…`, and what belongs to them: registration for
//! push messages, the inbox, codes for sibling apps (mobile API specification, sections 1 to 7).
//!
//! Lists and details need a token, decisions a signature. Resource ids lack the prefix of the path. What phones of
//! different ages expect differs in details; [`Dialect`] has them in tables.

mod contract;
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

use super::contract::Contract;
use super::endpoint::Endpoint;
use super::http::Response;
use super::phone::{PhoneRequest, row};
use crate::engine::Engine;
use crate::store::{Decision, Tx};

/// The decision of a row.
type Answer = fn(&Differences, &Engine, &mut Tx<'_>, &PhoneRequest) -> Decision<Response, Response>;

/// What a row promises.
type Promise = fn(&Differences) -> Contract;

#[rustfmt::skip] // one row, one line
const ROWS: &[(&str, &str, Promise, Answer)] = &[
    ("/api/auth/token/app/operation/list", "mobileOperationList", contract::list, read::list),
    ("/api/auth/token/app/operation/list/signature", "mobileOperationListSigned", contract::list_signed, read::list_signed),
    ("/api/auth/token/app/operation/detail", "mobileOperationDetail", contract::detail, read::detail),
    ("/api/auth/token/app/operation/detail/claim", "mobileOperationClaim", contract::claim, read::claim),
    ("/api/auth/token/app/operation/history", "mobileOperationHistory", contract::history, read::history),
    ("/api/auth/token/app/operation/authorize", "mobileOperationAuthorize", contract::authorize, decide::authorize),
    ("/api/auth/token/app/operation/cancel", "mobileOperationCancel", contract::cancel, decide::cancel),
    ("/api/push/device/register", "mobilePushRegister", contract::register, push::register),
    ("/api/push/device/register/token", "mobilePushRegisterToken", contract::register_by_token, push::by_token),
    ("/api/push/device/register/signature", "mobilePushRegisterSigned", contract::register_signed, push::register_signed),
    ("/api/inbox/count", "mobileInboxCount", contract::inbox_count, inbox::count),
    ("/api/inbox/message/list", "mobileInboxList", contract::inbox_list, inbox::list),
    ("/api/inbox/message/detail", "mobileInboxDetail", contract::inbox_detail, inbox::detail),
    ("/api/inbox/message/read", "mobileInboxRead", contract::inbox_read, inbox::read),
    ("/api/inbox/message/read-all", "mobileInboxReadAll", contract::inbox_read_all, inbox::read_all),
    ("/api/activation/code", "mobileActivationCode", contract::activation_code, spawn::code),
];

/// All rows of a dialect.
pub fn endpoints(dialect: Dialect) -> Vec<Endpoint> {
    let rules = dialect.differences();
    let served = |name: &str| rules.served.is_none_or(|names| names.contains(&name));
    let rows = ROWS.iter().filter(|(_, name, ..)| served(name));
    rows.map(|&(path, name, promise, answer)| {
        let answer = move |engine: &Engine, tx: &mut Tx<'_>, request: &PhoneRequest| {
            answer(rules, engine, tx, request)
        };
        row("POST", path, name, promise(rules), answer)
    })
    .collect()
}
