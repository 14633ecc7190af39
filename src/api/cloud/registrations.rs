//! Registrations: creation, commit, status, list. A registration is an activation, its id that of the activation.

use serde::{Deserialize, Serialize};

use super::super::contract::{Contract, Form, Type};
use super::super::endpoint::Endpoint;
use super::super::http::Response;
use super::super::phone::or_refuse;
use super::answer::{Answer, ERROR_REQUEST, NOT_FOUND, answer, bare, done, no_registration, refuse};
use super::call::{Case, named, nobody, row};
use super::check::{MAX_TEXT, Violations};
use crate::engine::activation::list::select;
use crate::engine::activation::manage::ActivationOtpRequest;
use crate::engine::activation::status::StatusRequest;
use crate::engine::activation::{expire_if_due, init, manage, single, status};
use crate::engine::pages::PageBounds;
use crate::engine::{Error, ErrorCode, application};
use crate::model::activation::{Activation, ActivationStatus, OtpValidation};
use crate::store::{Stop, Tx};

/// All rows.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let (all, one) = ("/v2/registrations", "/v2/registrations/{registrationId}");
    let commit_path = "/v2/registrations/{registrationId}/commit";
    vec![
        row(
            ("POST", all, "cloudCreateRegistration"),
            Contract::new("Starts a registration of a user. The answer is what a phone scans.")
                .asks(Form::Bare(Type::of::<NewRegistration>()))
                .answers(Form::Bare(Type::of::<RegistrationCode>()))
                .refuses(400, &["ERROR_REGISTRATION", "ERROR_REGISTRATION_NOT_ALLOWED"]),
            nobody,
            create,
        ),
        row(
            ("POST", commit_path, "cloudCommitRegistration"),
            Contract::new("Makes a registration active whose phone has sent its key.")
                .asks(Form::Bare(Type::of::<RegistrationCommit>()))
                .refuses(400, &["ERROR_REGISTRATION", CHANGE, NOT_FOUND]),
            named,
            commit,
        ),
        row(
            ("GET", one, "cloudRegistrationStatus"),
            Contract::new("State of a registration. A removed one is not found.")
                .answers(Form::Bare(Type::of::<Registration>()))
                .refuses(400, &[NOT_FOUND]),
            named,
            detail,
        ),
        row(
            ("GET", all, "cloudListRegistrations"),
            Contract::new("Registrations of a user, newest first, without removed ones.")
                .queried(&[("userId", "The user.")])
                .answers(Form::Bare(Type::of::<RegistrationList>())),
            nobody,
            list,
        ),
    ]
}

/// The registration is not in a state for this.
pub(super) const CHANGE: &str = "ERROR_REGISTRATION_CHANGE";

/// The caller's registration as it is now; none when there is none, or it is removed. The caller keeps the writes: they
/// may hold its expiry.
pub(super) fn find(case: &Case<'_>, tx: &mut Tx<'_>, id: &str) -> Result<Option<Activation>, Stop<Response>> {
    let found = tx.get::<Activation>(id)?;
    let Some(mut activation) = found.filter(|it| it.application == case.application) else {
        return Ok(None);
    };
    or_refuse(expire_if_due(case.engine, tx, &mut activation), invalid)?;
    Ok(Some(activation).filter(|it| it.status != ActivationStatus::Removed))
}

/// A "no" of the engine that the checks here should have seen.
pub(super) fn invalid(error: &Error) -> Response {
    refuse(ERROR_REQUEST, error.text())
}

/// A registration to be started.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["userId", "appId"])))]
#[serde(default, rename_all = "camelCase")]
struct NewRegistration {
    /// The user, 1 to 255 characters.
    user_id: Option<String>,
    /// The application of the credentials.
    app_id: Option<String>,
    /// One-time password, 1 to 255 characters.
    otp: Option<String>,
    /// When the OTP is asked for: `NONE`, `ON_KEY_EXCHANGE` or `ON_COMMIT`; the last one when there is an OTP and nothing
    /// is said.
    otp_validation: Option<String>,
    /// Flags, each of 1 to 64 letters, digits, `_`, `-` and `.`; at most 100.
    flags: Option<Vec<String>>,
}

impl NewRegistration {
    /// When the OTP is asked for.
    fn mode(&self, found: &mut Violations) -> OtpValidation {
        let mode = match self.otp_validation.as_deref() {
            None if self.otp.is_some() => OtpValidation::OnCommit,
            None | Some("NONE") => OtpValidation::None,
            Some("ON_KEY_EXCHANGE") => OtpValidation::OnKeyExchange,
            Some("ON_COMMIT") => OtpValidation::OnCommit,
            Some(other) => {
                let shown: String = other.chars().take(MAX_TEXT).collect();
                found.add(
                    "otpValidation",
                    shown,
                    "must be NONE, ON_KEY_EXCHANGE or ON_COMMIT",
                );
                return OtpValidation::None;
            }
        };
        let given = self.otp.as_deref();
        match mode {
            OtpValidation::None if given.is_some() => found.hide("otp", "must be absent without validation"),
            OtpValidation::None => {}
            _ if given.is_none_or(|otp| !(1..=MAX_TEXT).contains(&otp.len())) => {
                found.hide("otp", "size must be between 1 and 255");
            }
            _ => {}
        }
        mode
    }
}

fn create(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let request: NewRegistration = case.asked.body()?;
    let mut found = Violations::default();
    let user = found.text("userId", &request.user_id, MAX_TEXT);
    let named = found.text("appId", &request.app_id, MAX_TEXT);
    if !named.is_empty() && named != case.application {
        found.add("appId", named, "must be the application of the credentials");
    }
    let mode = request.mode(&mut found);
    found.labels("flags", request.flags.as_deref().unwrap_or_default());
    found.verdict()?;
    let application = or_refuse(application::find(tx, case.application), invalid)?;
    if application.single_device
        && or_refuse(
            single::in_progress(case.engine, tx, &application.id, user),
            invalid,
        )?
    {
        let text = "Registration is already in progress";
        return Err(Stop::Refuse(refuse("ERROR_REGISTRATION_NOT_ALLOWED", text)));
    }
    let init = init::InitActivation {
        user_id: request.user_id.clone(),
        application_id: Some(application.id.clone()),
        activation_otp_validation: Some(mode),
        activation_otp: request.otp.clone(),
        flags: request.flags.clone(),
        flags_in_order: true,
        ..init::InitActivation::default()
    };
    let made = init::init(case.engine, tx, &init);
    if let (true, Ok(Ok(made))) = (application.single_device, &made) {
        single::started(tx, &application.id, user, &made.activation_id);
    }
    let failed = |error: &Error| refuse("ERROR_REGISTRATION", error.text());
    answer(made, failed, |made| {
        bare(&RegistrationCode {
            activation_qr_code_data: format!("{}#{}", made.activation_code, made.activation_signature),
            registration_id: made.activation_id,
        })
    })
}

/// What a phone scans.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct RegistrationCode {
    /// Activation code, `#`, and its signature by the application's master key.
    activation_qr_code_data: String,
    /// UUID.
    registration_id: String,
}

/// Who commits a registration, and with what.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase")]
struct RegistrationCommit {
    /// Who acts, 1 to 255 characters.
    external_user_id: Option<String>,
    /// The OTP, where it is asked for now.
    otp: Option<String>,
}

fn commit(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let request: RegistrationCommit = case.asked.body()?;
    let mut found = Violations::default();
    found.optional("externalUserId", &request.external_user_id, 1, MAX_TEXT);
    if request.otp.as_ref().is_some_and(|otp| otp.len() > MAX_TEXT) {
        found.hide("otp", "size must be between 1 and 255");
    }
    found.verdict()?;
    let Some(activation) = find(case, tx, case.asked.id())? else {
        return Ok(Err(no_registration("Registration not found for commit")));
    };
    let commit = ActivationOtpRequest {
        activation_id: Some(activation.id.clone()),
        external_user_id: request.external_user_id,
        activation_otp: request.otp,
    };
    let refused = |error: &Error| match error.code {
        ErrorCode::ActivationIncorrectState => {
            let state = name(activation.status);
            let text = format!("Registration cannot be committed, unexpected state: {state}");
            refuse(CHANGE, &text)
        }
        ErrorCode::InvalidActivationOtp => refuse(CHANGE, "Registration cannot be committed, invalid OTP"),
        _ => refuse("ERROR_REGISTRATION", error.text()),
    };
    answer(manage::commit(case.engine, tx, &commit), refused, |_| done())
}

/// Name of a state in answers.
pub(super) fn name(status: ActivationStatus) -> &'static str {
    match status {
        ActivationStatus::Created => "CREATED",
        ActivationStatus::PendingCommit => "PENDING_COMMIT",
        ActivationStatus::Active => "ACTIVE",
        ActivationStatus::Blocked => "BLOCKED",
        ActivationStatus::Removed => "REMOVED",
    }
}

/// A registration. Which members there are depends on its state.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Registration {
    /// UUID.
    registration_id: String,
    /// Its state.
    registration_status: ActivationStatus,
    /// What a phone scans, while it is CREATED.
    #[serde(skip_serializing_if = "Option::is_none")]
    activation_qr_code_data: Option<String>,
    /// Name of the phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Platform of the phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<String>,
    /// Model of the phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    device_info: Option<String>,
    /// Eight digits that the phone shows, too, while it is PENDING_COMMIT.
    #[serde(skip_serializing_if = "Option::is_none")]
    activation_fingerprint: Option<String>,
    /// Its flags, in the order in which they came.
    flags: Vec<String>,
    /// Creation, in milliseconds since the epoch.
    timestamp_created: u64,
    /// Last verification, in milliseconds since the epoch.
    timestamp_last_used: u64,
}

/// Registrations of a user.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct RegistrationList {
    /// Newest first.
    registrations: Vec<Registration>,
}

fn detail(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let Some(activation) = find(case, tx, case.asked.id())? else {
        return Ok(Err(no_registration("Registration not found")));
    };
    let request = StatusRequest {
        activation_id: Some(activation.id),
        challenge: None,
    };
    answer(status::status(case.engine, tx, &request), invalid, |it| {
        let pending = it.activation_status == ActivationStatus::PendingCommit;
        let code = it.activation_code.zip(it.activation_signature);
        bare(&Registration {
            registration_id: it.activation_id,
            registration_status: it.activation_status,
            activation_qr_code_data: code.map(|(code, signature)| format!("{code}#{signature}")),
            name: it.activation_name,
            platform: it.platform,
            device_info: it.device_info,
            activation_fingerprint: it.device_public_key_fingerprint.filter(|_| pending),
            flags: it.activation_flags,
            timestamp_created: it.timestamp_created.millis(),
            timestamp_last_used: it.timestamp_last_used.millis(),
        })
    })
}

/// Registrations in one list.
const MAX_LISTED: usize = 1_000;

fn list(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let user = case.asked.mandatory("userId")?;
    let bounds = PageBounds {
        skip: 0,
        take: MAX_LISTED,
    };
    let there =
        |it: &Activation| it.application == case.application && it.status != ActivationStatus::Removed;
    let found = or_refuse(select(case.engine, tx, user, bounds, there), invalid)?;
    let items = found.into_iter().filter(there).map(|it| Registration {
        registration_id: it.id,
        registration_status: it.status,
        activation_qr_code_data: None,
        name: it.name,
        platform: None,
        device_info: None,
        activation_fingerprint: None,
        flags: it.flags,
        timestamp_created: it.created,
        timestamp_last_used: it.last_used,
    });
    Ok(Ok(bare(&RegistrationList {
        registrations: items.collect(),
    })))
}
