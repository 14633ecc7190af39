//! The rows of the server API.

use super::{Body, Endpoint, row};
use crate::engine::{application, system};

/// All rows.
pub fn endpoints() -> Vec<Endpoint> {
    use Body::{Ignored, Required};
    vec![
        row(
            "/rest/v3/status",
            "getSystemStatus",
            |_| None,
            Ignored,
            system::status,
        ),
        row(
            "/rest/v3/error/list",
            "getErrorCodeList",
            |_| None,
            Required,
            system::error_list,
        ),
        row(
            "/rest/v3/application/list",
            "getApplicationList",
            |_| None,
            Ignored,
            application::list,
        ),
        row(
            "/rest/v3/application/detail",
            "getApplicationDetail",
            |_| None,
            Required,
            application::detail,
        ),
        row(
            "/rest/v3/application/detail/version",
            "lookupApplicationByAppKey",
            |_| None,
            Required,
            application::by_key,
        ),
        row(
            "/rest/v3/application/create",
            "createApplication",
            |_| None,
            Required,
            application::create,
        ),
        row(
            "/rest/v3/application/version/create",
            "createApplicationVersion",
            |q| q.application_id.as_ref(),
            Required,
            application::create_version,
        ),
        row(
            "/rest/v3/application/version/support",
            "supportApplicationVersion",
            |q| q.application_id.as_ref(),
            Required,
            application::support_version,
        ),
        row(
            "/rest/v3/application/version/unsupport",
            "unsupportApplicationVersion",
            |q| q.application_id.as_ref(),
            Required,
            application::unsupport_version,
        ),
        row(
            "/rest/v3/application/roles/list",
            "listApplicationRoles",
            |_| None,
            Required,
            application::list_roles,
        ),
        row(
            "/rest/v3/application/roles/create",
            "addApplicationRoles",
            |q| q.application_id.as_ref(),
            Required,
            application::add_roles,
        ),
        row(
            "/rest/v3/application/roles/update",
            "updateApplicationRoles",
            |q| q.application_id.as_ref(),
            Required,
            application::update_roles,
        ),
        row(
            "/rest/v3/application/roles/remove",
            "removeApplicationRoles",
            |q| q.application_id.as_ref(),
            Required,
            application::remove_roles,
        ),
    ]
}
