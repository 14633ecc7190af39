//! The rows of operations, their templates and callback URLs.

use super::methods;
use crate::engine::callback::url as callback;
use crate::engine::operation::{OperationDetail, act, create, read};
use crate::engine::system::Nothing;
use crate::engine::template;

methods! {
    /// A new operation in state PENDING.
    create_operation("/rest/v3/operation/create", "createOperation", Required): create::create, create::CreateOperation => OperationDetail;
    /// One operation, with the proximity code of now. With a user it is claimed: a pending operation without a user
    /// becomes theirs, one of somebody else does not exist for them.
    operation_detail("/rest/v3/operation/detail", "operationDetail", Required, |q| q.operation_id.as_ref()): read::detail, read::DetailRequest => OperationDetail;
    /// Operations of a user in any state, newest first.
    find_all_operations_for_user("/rest/v3/operation/list", "findAllOperationsForUser", Required): read::list, read::ListRequest => Vec<OperationDetail>;
    /// Pending operations of a user, newest first, with the proximity codes of now. Those that turn out to be expired
    /// are left out, so that a page may be shorter than asked for.
    find_pending_operations_for_user("/rest/v3/operation/list/pending", "findPendingOperationsForUser", Required): read::list_pending, read::ListRequest => Vec<OperationDetail>;
    /// Operations of an external id, of all users and in any state, newest first.
    find_all_operations_by_external_id("/rest/v3/operation/list/external", "findAllOperationsByExternalID", Required): read::list_external, read::ExternalListRequest => Vec<OperationDetail>;
    /// Withdraws an operation. The back end may do that whoever the user is.
    cancel_operation("/rest/v3/operation/cancel", "cancelOperation", Required, |q| q.operation_id.as_ref()): act::cancel, act::OperationRequest => OperationDetail;
    /// Approves an operation on behalf of a user whose signature the caller has verified.
    approve_operation("/rest/v3/operation/approve", "approveOperation", Required, |q| q.operation_id.as_ref()): act::approve, act::ApproveRequest => act::UserAction;
    /// Counts a failed approval; the caller has seen a wrong signature.
    fail_approve_operation("/rest/v3/operation/approve/fail", "failApproveOperation", Required, |q| q.operation_id.as_ref()): act::fail_approval, act::OperationRequest => act::UserAction;
    /// Rejects an operation on behalf of its user.
    reject_operation("/rest/v3/operation/reject", "rejectOperation", Required, |q| q.operation_id.as_ref()): act::reject, act::RejectRequest => act::UserAction;
    /// A new template; ERR0039 when the name is taken.
    create_operation_template("/rest/v3/operation/template/create", "createOperationTemplate", Required): template::create, template::TemplateRequest => template::TemplateDetail;
    /// All templates, by number.
    get_all_templates("/rest/v3/operation/template/list", "getAllTemplates", Ignored): template::list, Nothing => Vec<template::TemplateDetail>;
    /// One template.
    get_template_detail("/rest/v3/operation/template/detail", "getTemplateDetail", Required): template::detail, template::TemplateIdRequest => template::TemplateDetail;
    /// Replaces everything but number and name. Existing operations stay as they are.
    update_operation_template("/rest/v3/operation/template/update", "updateOperationTemplate", Required): template::update, template::TemplateRequest => template::TemplateDetail;
    /// Removes the template; its name is free again.
    remove_operation_template("/rest/v3/operation/template/remove", "removeOperationTemplate", Required): template::remove, template::TemplateIdRequest => ();
    /// A new callback URL.
    create_callback_url("/rest/v3/application/callback/create", "createCallbackUrl", Required, |q| q.application_id.as_ref()): callback::create, callback::CallbackRequest => callback::CreatedCallback;
    /// Replaces name, URL, attributes and authentication. Passwords that are not given stay.
    update_callback_url("/rest/v3/application/callback/update", "updateCallbackUrl", Required): callback::update, callback::CallbackRequest => callback::CallbackDetail;
    /// The URLs of an application; none for an unknown one.
    get_callback_url_list("/rest/v3/application/callback/list", "getCallbackUrlList", Required): callback::list, callback::CallbackListRequest => callback::CallbackList;
    /// Removes a URL; events that wait for it are given up.
    remove_callback_url("/rest/v3/application/callback/remove", "removeCallbackUrl", Required): callback::remove, callback::CallbackIdRequest => callback::RemovedCallback;
}
