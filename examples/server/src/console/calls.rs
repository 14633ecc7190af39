//! Methods of the APIs, by name, for somebody who is logged in.

use axum::response::Response;
use countersign::api;
use countersign::crypto::encoding::base64;
use countersign::crypto::query::form_encode;
use serde_json::{Value, json};

use super::session::Visitor;
use crate::service::{Service, into_response, run};

/// Methods that the pages use. Others stay behind their own credentials.
pub(super) const ALLOWED: &[&str] = &[
    "addActivationFlags",
    "addApplicationRoles",
    "blockActivation",
    "cancelOperation",
    "commitActivation",
    "createApplication",
    "createApplicationVersion",
    "createCallbackUrl",
    "createOperation",
    "createOperationTemplate",
    "getActivationHistory",
    "getActivationListForUser",
    "getActivationStatus",
    "getAllTemplates",
    "getApplicationDetail",
    "getApplicationList",
    "getCallbackUrlList",
    "getSignatureAuditLog",
    "initActivation",
    "listOperationTexts",
    "operationDetail",
    "putOperationTexts",
    "removeActivation",
    "removeCallbackUrl",
    "removeOperationTemplate",
    "removeOperationText",
    "supportApplicationVersion",
    "unblockActivation",
    "unsupportApplicationVersion",
    "updateOperationTemplate",
];

/// Methods whose requests name who asks; the page does not say who that is.
const NAMES_CALLER: &[&str] = &[
    "blockActivation",
    "commitActivation",
    "removeActivation",
    "unblockActivation",
];

/// Runs the method called `name` through its row; none when the console has no such method. The administrator's rows learn
/// the name of the visitor as they learn that of any caller.
pub(super) async fn answer(
    service: &Service,
    visitor: &Visitor,
    name: &str,
    mut given: Value,
) -> Option<Response> {
    let name = ALLOWED.iter().find(|known| **known == name)?;
    let api = &service.console.as_ref()?.api;
    let row = api.endpoints().iter().find(|row| row.name == *name)?;
    if NAMES_CALLER.contains(name)
        && let Value::Object(members) = &mut given
    {
        members.insert("externalUserId".to_owned(), visitor.user.clone().into());
    }
    let is_row_of_server = row.path.starts_with("/rest/");
    let query = match (row.method, &given) {
        ("POST", _) => None,
        (_, Value::Object(members)) => {
            let pairs = members.iter().filter_map(|(name, value)| {
                let (name, value) = (
                    form_encode(name.as_bytes()),
                    form_encode(value.as_str()?.as_bytes()),
                );
                Some(format!("{name}={value}"))
            });
            Some(pairs.collect::<Vec<_>>().join("&"))
        }
        _ => None,
    };
    let body = match (row.method, is_row_of_server) {
        ("POST", true) => json!({ "requestObject": given }).to_string(),
        ("POST", false) => given.to_string(),
        _ => String::new(),
    };
    let caller = format!(
        "Basic {}",
        base64::encode(format!("{}:", visitor.user).as_bytes())
    );
    let call = api.call(&api::Request {
        method: row.method,
        path: row.path,
        query: query.as_deref(),
        headers: &[("content-type", "application/json"), ("authorization", &caller)],
        body: body.as_bytes(),
        peer: None,
    });
    Some(into_response(run(service, call).await))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::views::View;

    #[test]
    fn the_names_are_in_the_tables_and_are_no_views() {
        let service = crate::testing::service(std::sync::Arc::new(countersign::store::MemoryStore::new()));
        for name in ALLOWED {
            assert!(
                service.api.endpoints().iter().any(|row| row.name == *name),
                "{name}"
            );
            assert!(View::named(name).is_none(), "{name}");
        }
        assert!(NAMES_CALLER.iter().all(|name| ALLOWED.contains(name)));
    }
}
