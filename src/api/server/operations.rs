//! The rows of operations, their templates and callback URLs.

use super::{Body, Endpoint, row};
use crate::engine::callback::url as callback;
use crate::engine::operation::{act, create, read};
use crate::engine::template;

/// All rows.
#[rustfmt::skip] // one row, one line
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Body::{Ignored, Required};
    vec![
        row("/rest/v3/operation/create", "createOperation", |_| None, Required, create::create),
        row("/rest/v3/operation/detail", "operationDetail", |q| q.operation_id.as_ref(), Required, read::detail),
        row("/rest/v3/operation/list", "findAllOperationsForUser", |_| None, Required, read::list),
        row("/rest/v3/operation/list/pending", "findPendingOperationsForUser", |_| None, Required, read::list_pending),
        row("/rest/v3/operation/list/external", "findAllOperationsByExternalID", |_| None, Required, read::list_external),
        row("/rest/v3/operation/cancel", "cancelOperation", |q| q.operation_id.as_ref(), Required, act::cancel),
        row("/rest/v3/operation/approve", "approveOperation", |q| q.operation_id.as_ref(), Required, act::approve),
        row("/rest/v3/operation/approve/fail", "failApproveOperation", |q| q.operation_id.as_ref(), Required, act::fail_approval),
        row("/rest/v3/operation/reject", "rejectOperation", |q| q.operation_id.as_ref(), Required, act::reject),
        row("/rest/v3/operation/template/create", "createOperationTemplate", |_| None, Required, template::create),
        row("/rest/v3/operation/template/list", "getAllTemplates", |_| None, Ignored, template::list),
        row("/rest/v3/operation/template/detail", "getTemplateDetail", |_| None, Required, template::detail),
        row("/rest/v3/operation/template/update", "updateOperationTemplate", |_| None, Required, template::update),
        row("/rest/v3/operation/template/remove", "removeOperationTemplate", |_| None, Required, template::remove),
        row("/rest/v3/application/callback/create", "createCallbackUrl", |q| q.application_id.as_ref(), Required, callback::create),
        row("/rest/v3/application/callback/update", "updateCallbackUrl", |_| None, Required, callback::update),
        row("/rest/v3/application/callback/list", "getCallbackUrlList", |_| None, Required, callback::list),
        row("/rest/v3/application/callback/remove", "removeCallbackUrl", |_| None, Required, callback::remove),
    ]
}
