//! The tables of a PowerAuth Server database that are taken over, and their columns.

/// A table of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Table {
    /// `pa_application`
    Application,
    /// `pa_application_version`
    ApplicationVersion,
    /// `pa_master_keypair`
    MasterKeypair,
    /// `pa_recovery_config`
    RecoveryConfig,
    /// `pa_application_callback`
    Callback,
    /// `pa_integration`
    Integration,
    /// `pa_operation_template`
    Template,
    /// `pa_activation`
    Activation,
    /// `pa_recovery_code`
    RecoveryCode,
    /// `pa_recovery_puk`
    RecoveryPuk,
    /// `pa_token`
    Token,
    /// `pa_operation`
    Operation,
    /// `pa_operation_application`
    OperationApplication,
    /// `pa_activation_history`
    History,
    /// `pa_signature_audit`
    SignatureAudit,
    /// `pa_unique_value`
    UniqueValue,
}

/// Name of a column, and whether a table without it cannot be read. The others are missing in older or in newer lines.
pub(super) type Column = (&'static str, bool);

const fn needed(name: &'static str) -> Column {
    (name, true)
}

const fn optional(name: &'static str) -> Column {
    (name, false)
}

impl Table {
    /// All of them, in an order in which nothing precedes what it belongs to.
    pub const ALL: [Self; 16] = [
        Self::Application,
        Self::ApplicationVersion,
        Self::MasterKeypair,
        Self::RecoveryConfig,
        Self::Callback,
        Self::Integration,
        Self::Template,
        Self::Activation,
        Self::RecoveryCode,
        Self::RecoveryPuk,
        Self::Token,
        Self::Operation,
        Self::OperationApplication,
        Self::History,
        Self::SignatureAudit,
        Self::UniqueValue,
    ];

    /// A column of `pa_recovery_code` that rows of `pa_recovery_puk` are read with.
    pub(super) const JOINED: &'static str = "recovery_code";

    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Application => "pa_application",
            Self::ApplicationVersion => "pa_application_version",
            Self::MasterKeypair => "pa_master_keypair",
            Self::RecoveryConfig => "pa_recovery_config",
            Self::Callback => "pa_application_callback",
            Self::Integration => "pa_integration",
            Self::Template => "pa_operation_template",
            Self::Activation => "pa_activation",
            Self::RecoveryCode => "pa_recovery_code",
            Self::RecoveryPuk => "pa_recovery_puk",
            Self::Token => "pa_token",
            Self::Operation => "pa_operation",
            Self::OperationApplication => "pa_operation_application",
            Self::History => "pa_activation_history",
            Self::SignatureAudit => "pa_signature_audit",
            Self::UniqueValue => "pa_unique_value",
        }
    }

    /// Whether rows are only ever added, with growing numbers.
    pub const fn only_grows(self) -> bool {
        matches!(self, Self::History | Self::SignatureAudit)
    }

    /// Whether rows are numbered by a sequence of the database.
    pub(super) const fn is_numbered(self) -> bool {
        matches!(
            self,
            Self::Application
                | Self::ApplicationVersion
                | Self::MasterKeypair
                | Self::RecoveryConfig
                | Self::Template
                | Self::RecoveryCode
                | Self::RecoveryPuk
                | Self::History
                | Self::SignatureAudit
        )
    }

    /// The columns that are read; the first ones are the primary key, see [`Table::keys`].
    pub(super) const fn columns(self) -> &'static [Column] {
        match self {
            Self::Application => const { &[needed("id"), needed("name"), optional("roles")] },
            Self::ApplicationVersion => VERSION,
            Self::MasterKeypair => MASTER_KEYPAIR,
            Self::RecoveryConfig => RECOVERY_CONFIG,
            Self::Callback => CALLBACK,
            Self::Integration => INTEGRATION,
            Self::Template => TEMPLATE,
            Self::Activation => ACTIVATION,
            Self::RecoveryCode => RECOVERY_CODE,
            Self::RecoveryPuk => RECOVERY_PUK,
            Self::Token => TOKEN,
            Self::Operation => OPERATION,
            Self::OperationApplication => const { &[needed("operation_id"), needed("application_id")] },
            Self::History => HISTORY,
            Self::SignatureAudit => SIGNATURE_AUDIT,
            Self::UniqueValue => {
                const {
                    &[
                        needed("unique_value"),
                        needed("type"),
                        needed("timestamp_expires"),
                    ]
                }
            }
        }
    }

    /// Number of columns of the primary key: the first of [`Table::columns`].
    pub(super) const fn keys(self) -> usize {
        match self {
            Self::OperationApplication => 2,
            _ => 1,
        }
    }
}

const VERSION: &[Column] = &[
    needed("id"),
    needed("application_id"),
    needed("application_key"),
    needed("application_secret"),
    needed("name"),
    needed("supported"),
];

const MASTER_KEYPAIR: &[Column] = &[
    needed("id"),
    needed("application_id"),
    needed("master_key_private_base64"),
    needed("master_key_public_base64"),
    optional("name"),
    needed("timestamp_created"),
];

const RECOVERY_CONFIG: &[Column] = &[
    needed("id"),
    needed("application_id"),
    needed("activation_recovery_enabled"),
    needed("recovery_postcard_enabled"),
    needed("allow_multiple_recovery_codes"),
    needed("postcard_private_key_base64"),
    needed("postcard_public_key_base64"),
    needed("remote_public_key_base64"),
    optional("postcard_priv_key_encryption"),
];

const CALLBACK: &[Column] = &[
    needed("id"),
    needed("application_id"),
    needed("name"),
    needed("callback_url"),
    optional("type"),
    optional("attributes"),
    optional("authentication"),
    optional("encryption_mode"),
    optional("enabled"),
];

const INTEGRATION: &[Column] = &[
    needed("id"),
    needed("name"),
    needed("client_token"),
    needed("client_secret"),
];

const TEMPLATE: &[Column] = &[
    needed("id"),
    needed("template_name"),
    needed("operation_type"),
    needed("data_template"),
    needed("signature_type"),
    needed("max_failure_count"),
    needed("expiration"),
    optional("risk_flags"),
    optional("proximity_check_enabled"),
];

const ACTIVATION: &[Column] = &[
    needed("activation_id"),
    needed("application_id"),
    needed("user_id"),
    needed("activation_name"),
    needed("activation_code"),
    needed("activation_status"),
    optional("activation_otp"),
    optional("activation_otp_validation"),
    needed("blocked_reason"),
    needed("counter"),
    needed("ctr_data"),
    needed("device_public_key_base64"),
    optional("extras"),
    optional("platform"),
    optional("device_info"),
    optional("flags"),
    needed("failed_attempts"),
    needed("max_failed_attempts"),
    needed("server_private_key_base64"),
    optional("server_private_key_encryption"),
    needed("server_public_key_base64"),
    needed("timestamp_activation_expire"),
    needed("timestamp_created"),
    needed("timestamp_last_used"),
    optional("timestamp_last_change"),
    optional("master_keypair_id"),
    needed("version"),
    optional("protocol"),
];

const RECOVERY_CODE: &[Column] = &[
    needed("id"),
    needed("recovery_code"),
    needed("application_id"),
    needed("user_id"),
    needed("activation_id"),
    needed("status"),
    needed("failed_attempts"),
    needed("max_failed_attempts"),
    needed("timestamp_created"),
    optional("timestamp_last_used"),
    optional("timestamp_last_change"),
];

const RECOVERY_PUK: &[Column] = &[
    needed("id"),
    needed("recovery_code_id"),
    needed("puk"),
    optional("puk_encryption"),
    needed("puk_index"),
    needed("status"),
    optional("timestamp_last_change"),
    // Of another table; joined after reading.
    optional(Table::JOINED),
];

const TOKEN: &[Column] = &[
    needed("token_id"),
    needed("token_secret"),
    needed("activation_id"),
    needed("signature_type"),
    needed("timestamp_created"),
];

const OPERATION: &[Column] = &[
    needed("id"),
    needed("user_id"),
    needed("external_id"),
    optional("activation_flag"),
    needed("operation_type"),
    optional("template_name"),
    needed("data"),
    needed("parameters"),
    optional("additional_data"),
    needed("status"),
    needed("signature_type"),
    needed("failure_count"),
    needed("max_failure_count"),
    needed("timestamp_created"),
    needed("timestamp_expires"),
    needed("timestamp_finalized"),
    optional("risk_flags"),
    optional("totp_seed"),
    optional("activation_id"),
    optional("status_reason"),
];

const HISTORY: &[Column] = &[
    needed("id"),
    needed("activation_id"),
    needed("activation_status"),
    optional("event_reason"),
    optional("external_user_id"),
    needed("timestamp_created"),
    optional("activation_version"),
    optional("activation_name"),
];

const SIGNATURE_AUDIT: &[Column] = &[
    needed("id"),
    needed("activation_id"),
    needed("activation_counter"),
    optional("activation_ctr_data"),
    needed("activation_status"),
    optional("additional_info"),
    needed("data_base64"),
    optional("note"),
    needed("signature_type"),
    needed("signature"),
    optional("signature_metadata"),
    optional("signature_data_body"),
    needed("timestamp_created"),
    needed("valid"),
    optional("version"),
    optional("signature_version"),
];
