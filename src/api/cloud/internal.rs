//! What other internal systems tell.

use serde::Deserialize;

use super::super::contract::{Contract, Form, Type};
use super::super::endpoint::Endpoint;
use super::super::phone::or_refuse;
use super::answer::{Answer, done, missing};
use super::call::{Case, internal};
use super::registrations::invalid;
use crate::engine::operation::expire_if_due;
use crate::model::operation::Operation;
use crate::store::{Stop, Tx};

/// All rows.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let path = "/internal/callback/operation";
    vec![internal(
        ("POST", path, "cloudOperationCallback"),
        Contract::new(
            "Has an operation looked at: it expires if its time is over. Unknown ones are no error.",
        )
        .asks(Form::Bare(Type::of::<ChangedOperation>())),
        changed,
    )]
}

/// An operation that may have changed.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["operationId"])))]
#[serde(default, rename_all = "camelCase")]
struct ChangedOperation {
    /// UUID.
    operation_id: Option<String>,
}

/// Looks at the operation. When its time is over it expires, and the callbacks hear of that; whatever else changed it has
/// told them already.
fn changed(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let request: ChangedOperation = case.asked.body()?;
    let id = request.operation_id.filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Stop::Refuse(missing("operationId")))?;
    if let Some(mut operation) = tx.get::<Operation>(&id)? {
        or_refuse(expire_if_due(case.engine, tx, &mut operation), invalid)?;
    }
    Ok(Ok(done()))
}
