//! Records as rows of the old tables.

use crate::crypto::encoding::base64;
use crate::crypto::key::PrivateKey;
use crate::model::activation::{Activation, OtpValidation};
use crate::model::application::{Application, ApplicationVersion};
use crate::model::callback::{CallbackType, CallbackUrl};
use crate::model::integration::Integration;
use crate::model::journal::{History, Signature};
use crate::model::operation::{Operation, OperationStatus};
use crate::model::recovery::{Puk, PukStatus, RecoveryCode, RecoveryCodeStatus, RecoveryConfig};
use crate::model::template::Template;
use crate::model::token::Token;

use super::table::Table;
use super::zone::Zone;

/// Columns that line 1.5 does not have.
const LATER: [(&str, &str); 5] = [
    ("pa_application_callback", "enabled"),
    ("pa_application_callback", "encryption_mode"),
    ("pa_activation", "protocol"),
    ("pa_operation", "activation_id"),
    ("pa_operation", "status_reason"),
];

fn columns(table: Table) -> impl Iterator<Item = &'static str> {
    let other = move |name: &str| {
        LATER.contains(&(table.name(), name)) || (table == Table::RecoveryPuk && name == Table::JOINED)
    };
    table
        .columns()
        .iter()
        .map(|(name, _)| *name)
        .filter(move |name| !other(name))
}

/// The names of the columns, as the first line of a file.
pub(super) fn header(table: Table) -> String {
    let names: Vec<&str> = columns(table).collect();
    format!("{}\n", names.join(","))
}

enum Field {
    Text(String),
    /// Milliseconds since the epoch.
    Moment(u64),
}

/// Fields of a row by column; those that are missing are null.
#[derive(Default)]
pub(super) struct Line(Vec<(&'static str, Field)>);

impl Line {
    fn set(mut self, column: &'static str, value: impl ToString) -> Self {
        self.0.push((column, Field::Text(value.to_string())));
        self
    }

    fn maybe(self, column: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.set(column, value),
            None => self,
        }
    }

    fn time(mut self, column: &'static str, millis: u64) -> Self {
        self.0.push((column, Field::Moment(millis)));
        self
    }

    fn when(self, column: &'static str, millis: Option<u64>) -> Self {
        match millis {
            Some(millis) => self.time(column, millis),
            None => self,
        }
    }

    fn bytes(self, column: &'static str, bytes: Option<&[u8]>) -> Self {
        self.maybe(column, bytes.map(base64::encode))
    }

    fn labels(self, column: &'static str, labels: &[String]) -> Self {
        self.set(column, serde_json::json!(labels))
    }

    /// As a line of a file, its moments in `zone`.
    pub(super) fn text(&self, table: Table, zone: &Zone) -> String {
        let field = |column: &str| match self.0.iter().find(|(name, _)| *name == column) {
            None => String::new(),
            Some((_, Field::Text(text))) => quoted(text),
            Some((_, Field::Moment(millis))) => zone.local(*millis),
        };
        let fields: Vec<String> = columns(table).map(field).collect();
        format!("{}\n", fields.join(","))
    }
}

/// Quoted where it must be: an empty text is not null.
fn quoted(text: &str) -> String {
    if text.is_empty() || text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn letter(value: bool) -> char {
    if value { 't' } else { 'f' }
}

pub(super) fn application(it: &Application, number: i64) -> Line {
    Line::default()
        .set("id", number)
        .set("name", &it.id)
        .labels("roles", &it.roles)
}

pub(super) fn pair(
    id: i64,
    number: i64,
    name: &str,
    private: &PrivateKey,
    public: &str,
    created: u64,
) -> Line {
    Line::default()
        .set("id", id)
        .set("application_id", number)
        .set(
            "master_key_private_base64",
            base64::encode(private.to_signed_bytes().as_bytes()),
        )
        .set("master_key_public_base64", public)
        .set("name", format!("{name} Default Keypair"))
        .time("timestamp_created", created)
}

pub(super) fn version(it: &ApplicationVersion, id: i64, number: i64, secret: &str) -> Line {
    Line::default()
        .set("id", id)
        .set("application_id", number)
        .set("application_key", &it.key)
        .set("application_secret", secret)
        .set("name", &it.id)
        .set("supported", letter(it.supported))
}

pub(super) fn activation(it: &Activation, number: i64, (mode, private): (i64, String)) -> Line {
    let otp_validation = match it.otp_validation {
        OtpValidation::None => 0,
        OtpValidation::OnKeyExchange => 1,
        OtpValidation::OnCommit => 2,
    };
    Line::default()
        .set("activation_id", &it.id)
        .set("application_id", number)
        .set("user_id", &it.user)
        .maybe("activation_name", it.name.as_ref())
        .set("activation_code", &it.code)
        .set("activation_status", it.status as u8)
        .maybe("activation_otp", it.otp.as_ref())
        .set("activation_otp_validation", otp_validation)
        .maybe("blocked_reason", it.blocked_reason.as_ref())
        .set("counter", it.counter)
        .bytes("ctr_data", it.counter_data.as_deref())
        .bytes("device_public_key_base64", it.device_public.as_deref())
        .maybe("extras", it.extras.as_ref())
        .maybe("platform", it.platform.as_ref())
        .maybe("device_info", it.device_info.as_ref())
        .labels("flags", &it.flags)
        .set("failed_attempts", it.failed_attempts)
        .set("max_failed_attempts", it.max_failed_attempts)
        .set("server_private_key_base64", private)
        .set("server_private_key_encryption", mode)
        .bytes("server_public_key_base64", Some(&it.server_public))
        .time("timestamp_activation_expire", it.expires)
        .time("timestamp_created", it.created)
        .time("timestamp_last_used", it.last_used)
        .when("timestamp_last_change", it.last_change)
        .maybe("version", it.version)
}

pub(super) fn token(it: &Token, secret: &str) -> Line {
    Line::default()
        .set("token_id", &it.id)
        .set("token_secret", secret)
        .set("activation_id", &it.activation)
        .set("signature_type", &it.signature_type)
        .time("timestamp_created", it.created)
}

pub(super) fn config(it: &RecoveryConfig, id: i64, number: i64, private: Option<(i64, String)>) -> Line {
    let (mode, private) = private.map_or((0, None), |(mode, private)| (mode, Some(private)));
    Line::default()
        .set("id", id)
        .set("application_id", number)
        .set("activation_recovery_enabled", letter(it.enabled))
        .set("recovery_postcard_enabled", letter(it.postcard))
        .set("allow_multiple_recovery_codes", letter(it.multiple))
        .maybe("postcard_private_key_base64", private)
        .bytes("postcard_public_key_base64", it.public.as_deref())
        .bytes("remote_public_key_base64", it.remote.as_deref())
        .set("postcard_priv_key_encryption", mode)
}

pub(super) fn code(it: &RecoveryCode, number: i64, code: &str) -> Line {
    let status = match it.status {
        RecoveryCodeStatus::Created => 1,
        RecoveryCodeStatus::Active => 2,
        RecoveryCodeStatus::Blocked => 3,
        RecoveryCodeStatus::Revoked => 4,
    };
    Line::default()
        .set("id", it.id)
        .set("recovery_code", code)
        .set("application_id", number)
        .set("user_id", &it.user)
        .maybe("activation_id", it.activation.as_ref())
        .set("status", status)
        .set("failed_attempts", it.failed_attempts)
        .set("max_failed_attempts", it.max_failed_attempts)
        .time("timestamp_created", it.created)
        .when("timestamp_last_change", it.last_change)
}

pub(super) fn puk(it: &Puk, id: u64, code: u64, index: u64, (mode, hash): (i64, String)) -> Line {
    let status = match it.status {
        PukStatus::Valid => 1,
        PukStatus::Used => 2,
        PukStatus::Invalid => 3,
    };
    Line::default()
        .set("id", id)
        .set("recovery_code_id", code)
        .set("puk", hash)
        .set("puk_encryption", mode)
        .set("puk_index", index)
        .set("status", status)
        .when("timestamp_last_change", it.last_change)
}

pub(super) fn operation(it: &Operation, seed: Option<String>) -> Line {
    let status = match it.status {
        OperationStatus::Pending => 1,
        OperationStatus::Canceled => 2,
        OperationStatus::Expired => 3,
        OperationStatus::Approved => 4,
        OperationStatus::Rejected => 5,
        OperationStatus::Failed => 6,
    };
    Line::default()
        .set("id", &it.id)
        .maybe("user_id", it.user.as_ref())
        .maybe("external_id", it.external_id.as_ref())
        .maybe("activation_flag", it.activation_flag.as_ref())
        .set("operation_type", &it.operation_type)
        .set("template_name", &it.template)
        .set("data", &it.data)
        .set("parameters", &it.parameters)
        .set("additional_data", &it.additional_data)
        .set("status", status)
        .set(
            "signature_type",
            it.signature_types.join(",").to_ascii_lowercase(),
        )
        .set("failure_count", it.failure_count)
        .set("max_failure_count", it.max_failure_count)
        .time("timestamp_created", it.created)
        .time("timestamp_expires", it.expires)
        .when("timestamp_finalized", it.finalized)
        .maybe("risk_flags", it.risk_flags.as_ref())
        .maybe("totp_seed", seed)
}

pub(super) fn operation_application(operation: &str, number: i64) -> Line {
    Line::default()
        .set("application_id", number)
        .set("operation_id", operation)
}

pub(super) fn template(it: &Template) -> Line {
    Line::default()
        .set("id", it.id)
        .set("template_name", &it.name)
        .set("operation_type", &it.operation_type)
        .set("data_template", &it.data_template)
        .set(
            "signature_type",
            it.signature_types.join(",").to_ascii_lowercase(),
        )
        .set("max_failure_count", it.max_failure_count)
        .set("expiration", it.expiration)
        .maybe("risk_flags", it.risk_flags.as_ref())
        .set("proximity_check_enabled", letter(it.proximity_check))
}

pub(super) fn url(it: &CallbackUrl, number: i64, authentication: Option<&str>) -> Line {
    let kind = match it.kind {
        CallbackType::ActivationStatusChange => "ACTIVATION_STATUS_CHANGE",
        CallbackType::OperationStatusChange => "OPERATION_STATUS_CHANGE",
    };
    Line::default()
        .set("id", &it.id)
        .set("application_id", number)
        .set("name", &it.name)
        .set("callback_url", &it.url)
        .set("type", kind)
        .labels("attributes", &it.attributes)
        .maybe("authentication", authentication)
}

pub(super) fn integration(it: &Integration, secret: &str) -> Line {
    Line::default()
        .set("id", &it.id)
        .set("name", &it.name)
        .set("client_token", &it.token)
        .set("client_secret", secret)
}

pub(super) fn history(it: &History, number: u64, activation: &str, at: u64) -> Line {
    Line::default()
        .set("id", number)
        .set("activation_id", activation)
        .set("activation_status", it.status as u8)
        .maybe("event_reason", it.reason.as_ref())
        .maybe("external_user_id", it.external_user.as_ref())
        .time("timestamp_created", at)
        .maybe("activation_version", it.version)
        .maybe("activation_name", it.name.as_ref())
}

pub(super) fn signature(it: &Signature, number: u64, activation: &str, at: u64) -> Line {
    let pair = |(key, value): &(String, String)| serde_json::json!({ "key": key, "value": value });
    let additional: Vec<serde_json::Value> = it.additional.iter().map(pair).collect();
    Line::default()
        .set("id", number)
        .set("activation_id", activation)
        .set("activation_counter", it.counter)
        .bytes("activation_ctr_data", it.counter_data.as_deref())
        .set("activation_status", it.status as u8)
        .set("additional_info", serde_json::Value::from(additional))
        .bytes("data_base64", Some(it.data.as_bytes()))
        .set("note", &it.note)
        .set("signature_type", &it.signature_type)
        .set("signature", &it.signature)
        .set("signature_metadata", "{}")
        .time("timestamp_created", at)
        .set("valid", letter(it.valid))
        .set("version", it.version)
        .maybe("signature_version", it.signature_version.as_ref())
}
