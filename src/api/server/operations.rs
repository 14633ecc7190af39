//! The rows of operations, their templates and callback URLs.

use super::{Body, Endpoint, row};
use crate::engine::callback::url as callback;
use crate::engine::template;

/// All rows.
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Body::{Ignored, Required};
    vec![
        row(
            "/rest/v3/operation/template/create",
            "createOperationTemplate",
            |_| None,
            Required,
            template::create,
        ),
        row(
            "/rest/v3/operation/template/list",
            "getAllTemplates",
            |_| None,
            Ignored,
            template::list,
        ),
        row(
            "/rest/v3/operation/template/detail",
            "getTemplateDetail",
            |_| None,
            Required,
            template::detail,
        ),
        row(
            "/rest/v3/operation/template/update",
            "updateOperationTemplate",
            |_| None,
            Required,
            template::update,
        ),
        row(
            "/rest/v3/operation/template/remove",
            "removeOperationTemplate",
            |_| None,
            Required,
            template::remove,
        ),
        row(
            "/rest/v3/application/callback/create",
            "createCallbackUrl",
            |q| q.application_id.as_ref(),
            Required,
            callback::create,
        ),
        row(
            "/rest/v3/application/callback/update",
            "updateCallbackUrl",
            |_| None,
            Required,
            callback::update,
        ),
        row(
            "/rest/v3/application/callback/list",
            "getCallbackUrlList",
            |_| None,
            Required,
            callback::list,
        ),
        row(
            "/rest/v3/application/callback/remove",
            "removeCallbackUrl",
            |_| None,
            Required,
            callback::remove,
        ),
    ]
}
