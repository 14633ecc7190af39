//! Changes of registrations: state by the published table, flags.

use serde::Deserialize;

use super::super::contract::{Contract, Form, Type};
use super::super::endpoint::Endpoint;
use super::super::http::Response;
use super::super::phone::or_refuse;
use super::answer::{Answer, NOT_FOUND, answer, done, no_registration, refuse};
use super::call::{Case, named, row};
use super::check::{MAX_TEXT, Violations};
use super::registrations::{CHANGE, find, invalid, name};
use crate::engine::activation::{flags, manage};
use crate::engine::{Error, Outcome, labels};
use crate::model::activation::ActivationStatus;
use crate::store::{Stop, Tx};

/// All rows.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let one = "/v2/registrations/{registrationId}";
    let flags = "/v2/registrations/{registrationId}/flags";
    let without = "/v2/registrations/{registrationId}/flags/remove";
    vec![
        row(
            ("PUT", one, "cloudChangeRegistration"),
            Contract::new(
                "Changes the state of a registration: ACTIVE may be blocked, BLOCKED unblocked, each removed.",
            )
            .asks(Form::Bare(Type::of::<RegistrationChange>()))
            .refuses(400, &[CHANGE, NOT_FOUND]),
            named,
            change,
        ),
        row(
            ("DELETE", one, "cloudRemoveRegistration"),
            Contract::new("Removes a registration, in whatever state.").refuses(400, &[NOT_FOUND]),
            named,
            |case, tx| change_to(case, tx, Change::Remove, manage::ActivationRequest::default()),
        ),
        row(
            ("POST", flags, "cloudAddFlags"),
            about_flags("Adds flags to a registration. Those it has already stay where they are."),
            named,
            |case, tx| change_flags(case, tx, labels::append),
        ),
        row(
            ("PUT", flags, "cloudReplaceFlags"),
            about_flags("Replaces the flags of a registration."),
            named,
            |case, tx| change_flags(case, tx, |_, given| labels::distinct(given)),
        ),
        row(
            ("POST", without, "cloudRemoveFlags"),
            about_flags("Removes flags from a registration. Those it does not have are no error."),
            named,
            |case, tx| change_flags(case, tx, labels::remove),
        ),
    ]
}

fn about_flags(text: &'static str) -> Contract {
    Contract::new(text)
        .asks(Form::Bare(Type::of::<RegistrationFlags>()))
        .refuses(400, &[NOT_FOUND])
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Block,
    Unblock,
    Remove,
}

/// A change of a registration's state.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["change"])))]
#[serde(default, rename_all = "camelCase")]
struct RegistrationChange {
    /// `BLOCK`, `UNBLOCK` or `REMOVE`.
    change: Option<String>,
    /// Who acts, 1 to 255 characters.
    external_user_id: Option<String>,
    /// Why it is blocked, 1 to 255 characters.
    block_reason: Option<String>,
}

fn change(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let request: RegistrationChange = case.asked.body()?;
    let mut found = Violations::default();
    let change = match found.text("change", &request.change, MAX_TEXT) {
        "BLOCK" => Some(Change::Block),
        "UNBLOCK" => Some(Change::Unblock),
        "REMOVE" => Some(Change::Remove),
        "" => None,
        other => {
            let shown: String = other.chars().take(MAX_TEXT).collect();
            found.add("change", shown, "must be BLOCK, UNBLOCK or REMOVE");
            None
        }
    };
    found.optional("externalUserId", &request.external_user_id, 1, MAX_TEXT);
    found.optional("blockReason", &request.block_reason, 1, MAX_TEXT);
    found.verdict()?;
    // A missing change is a violation.
    let change = change.unwrap_or(Change::Remove);
    let action = manage::ActivationRequest {
        external_user_id: request.external_user_id,
        reason: request.block_reason,
        ..manage::ActivationRequest::default()
    };
    change_to(case, tx, change, action)
}

/// Why the state does not allow the change; none when it does.
fn forbidden(status: ActivationStatus, change: Change) -> Option<String> {
    use ActivationStatus::{Active, Blocked};
    let allowed = match change {
        Change::Block => status == Active,
        Change::Unblock => status == Blocked,
        Change::Remove => true,
    };
    let possible = match status {
        Active => "BLOCK or REMOVE",
        Blocked => "UNBLOCK or REMOVE",
        _ => "REMOVE",
    };
    (!allowed).then(|| format!("Activation is {}, you can only {possible} it.", name(status)))
}

fn change_to(
    case: &Case<'_>,
    tx: &mut Tx<'_>,
    change: Change,
    mut action: manage::ActivationRequest,
) -> Answer {
    let Some(activation) = find(case, tx, case.asked.id())? else {
        return Ok(Err(no_registration("Registration not found for state change")));
    };
    if let Some(why) = forbidden(activation.status, change) {
        return Err(Stop::Refuse(wrong_change(&why)));
    }
    action.activation_id = Some(activation.id);
    let engine = case.engine;
    match change {
        Change::Block => told(manage::block(engine, tx, &action)),
        Change::Unblock => told(manage::unblock(engine, tx, &action)),
        Change::Remove => told(manage::remove(engine, tx, &action)),
    }
}

fn wrong_change(why: &str) -> Response {
    refuse(CHANGE, why)
}

fn told<T>(outcome: Outcome<T>) -> Answer {
    answer(outcome, |error: &Error| wrong_change(error.text()), |_| done())
}

/// Flags of a registration.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["flags"])))]
#[serde(default)]
struct RegistrationFlags {
    /// Flags, each of 1 to 64 letters, digits, `_`, `-` and `.`; at most 100.
    flags: Option<Vec<String>>,
}

fn change_flags(case: &Case<'_>, tx: &mut Tx<'_>, change: fn(&[String], &[String]) -> Vec<String>) -> Answer {
    let RegistrationFlags { flags: given } = case.asked.body()?;
    let mut found = Violations::default();
    match &given {
        None => found.hide("flags", "must not be empty"),
        Some(given) => found.labels("flags", given),
    }
    found.verdict()?;
    let Some(mut activation) = find(case, tx, case.asked.id())? else {
        return Ok(Err(no_registration("Registration not found")));
    };
    let changed = change(&activation.flags, &given.unwrap_or_default());
    if changed.len() > labels::MAX {
        let mut found = Violations::default();
        found.hide("flags", "a registration has at most 100 flags");
        found.verdict()?;
    }
    or_refuse(flags::set(tx, &mut activation, changed), invalid)?;
    Ok(Ok(done()))
}
