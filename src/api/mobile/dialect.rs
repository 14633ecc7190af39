//! The published dialects of the Mobile Token API, as tables of their differences (mobile API specification, sections 10
//! and 12).

use super::error::{self, Refusal};
use crate::engine::form::{KINDS, Unknown};
use crate::engine::operation_text::Rows;

/// How phones of a mount speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// The Mobile Token API of Web Flow: list, authorize, cancel; five kinds of rows; seven error codes.
    WebFlow,
    /// The older API of the enrollment server: as Web Flow's, without its signed list.
    EarlyEnrollment,
    /// The newest published API: detail, claim, history, push registration, inbox, activation spawn; eight kinds of rows.
    #[default]
    Enrollment,
    /// As `Enrollment`, with the shapes that its servers have where the published text shows others.
    DeployedEnrollment,
}

impl Dialect {
    /// All dialects.
    pub const ALL: [Self; 4] = [
        Self::WebFlow,
        Self::EarlyEnrollment,
        Self::Enrollment,
        Self::DeployedEnrollment,
    ];

    pub(super) fn differences(self) -> &'static Differences {
        match self {
            Self::WebFlow => &WEB_FLOW,
            Self::EarlyEnrollment => &EARLY_ENROLLMENT,
            Self::Enrollment => &ENROLLMENT,
            Self::DeployedEnrollment => &DEPLOYED_ENROLLMENT,
        }
    }
}

/// What a dialect does in its own way.
#[derive(Debug)]
pub(super) struct Differences {
    /// Names of the rows that are served; none for all.
    pub(super) served: Option<&'static [&'static str]>,
    /// Optional members of an operation that are shown.
    pub(super) members: &'static [&'static str],
    /// Members of rows that are left out.
    pub(super) row_without: &'static [&'static str],
    /// Rows that phones understand.
    pub(super) rows: Rows,
    /// Whether a row replaces an earlier one of the same id.
    pub(super) unique_rows: bool,
    /// Whether lists and details tell the time.
    pub(super) current_timestamp: bool,
    /// Error codes that phones do not know, and what they are told instead.
    pub(super) replaced: &'static [(&'static str, Refusal)],
    /// Reasons of a rejection that are kept; others become the first one. None keeps any text.
    pub(super) reasons: Option<&'static [&'static str]>,
    /// Whether an operation of another activation is refused before anything is counted.
    pub(super) checks_activation: bool,
    /// Whether times in the inbox have milliseconds.
    pub(super) exact_inbox_times: bool,
    /// Whether a message of the inbox is a list of one.
    pub(super) message_in_list: bool,
    /// Names of push platforms.
    pub(super) platforms: &'static [&'static str],
    /// Whether their case matters.
    pub(super) exact_platforms: bool,
}

impl Differences {
    /// Whether operations have a member.
    pub(super) fn shows(&self, member: &str) -> bool {
        self.members.contains(&member)
    }

    /// The reason as it is kept.
    pub(super) fn reason<'a>(&self, given: &'a str) -> &'a str {
        let Some([unknown, ..]) = self.reasons else {
            return given;
        };
        let known = self.reasons.unwrap_or_default();
        let fits = |it: &&&'static str| it.eq_ignore_ascii_case(given);
        known.iter().find(fits).copied().unwrap_or(unknown)
    }
}

/// Codes of later releases, flattened as earlier ones did.
const FLATTENED: &[(&str, Refusal)] = &[
    (error::INVALID_OPERATION.code, error::UNAUTHENTICATED),
    (error::INVALID_APPLICATION.code, error::UNAUTHENTICATED),
    (error::OPERATION_FAILED.code, error::UNAUTHENTICATED),
    (error::REMOTE_COMMUNICATION_ERROR.code, error::UNAUTHENTICATED),
];
const FLATTENED_WEB_FLOW: &[(&str, Refusal)] = &[
    (error::INVALID_OPERATION.code, error::UNAUTHENTICATED),
    (error::INVALID_APPLICATION.code, error::UNAUTHENTICATED),
    (error::OPERATION_FAILED.code, error::UNAUTHENTICATED),
    (error::REMOTE_COMMUNICATION_ERROR.code, error::UNAUTHENTICATED),
    (error::REQUIRES_FLAG.code, error::INVALID_ACTIVATION),
];

const FIVE_KINDS: &[&str] = &["AMOUNT", "KEY_VALUE", "NOTE", "HEADING", "PARTY_INFO"];
const REASONS: &[&str] = &["UNKNOWN", "INCORRECT_DATA", "UNEXPECTED_OPERATION"];

const WEB_FLOW: Differences = Differences {
    served: Some(&[
        "mobileOperationList",
        "mobileOperationListSigned",
        "mobileOperationAuthorize",
        "mobileOperationCancel",
        "mobilePushRegister",
        "mobilePushRegisterToken",
        "mobilePushRegisterSigned",
    ]),
    members: &[],
    row_without: &["valueFormatted", "level"],
    rows: Rows {
        kinds: FIVE_KINDS,
        unknown: Unknown::Empty,
    },
    unique_rows: true,
    current_timestamp: false,
    replaced: FLATTENED_WEB_FLOW,
    reasons: Some(REASONS),
    checks_activation: true,
    exact_inbox_times: false,
    message_in_list: false,
    platforms: &["ios", "android"],
    exact_platforms: false,
};

const EARLY_ENROLLMENT: Differences = Differences {
    served: Some(&[
        "mobileOperationList",
        "mobileOperationAuthorize",
        "mobileOperationCancel",
        "mobilePushRegister",
        "mobilePushRegisterToken",
        "mobilePushRegisterSigned",
    ]),
    members: &[],
    row_without: &["valueFormatted", "level"],
    rows: Rows {
        kinds: FIVE_KINDS,
        unknown: Unknown::KeyValue,
    },
    unique_rows: false,
    current_timestamp: false,
    replaced: FLATTENED,
    reasons: None,
    checks_activation: false,
    exact_inbox_times: false,
    message_in_list: false,
    platforms: &["ios", "android"],
    exact_platforms: false,
};

const ENROLLMENT: Differences = Differences {
    served: None,
    members: &["status", "statusReason", "ui", "resultTexts", "numberMatching"],
    row_without: &[],
    rows: Rows {
        kinds: KINDS,
        unknown: Unknown::KeyValue,
    },
    unique_rows: false,
    current_timestamp: true,
    replaced: &[],
    reasons: None,
    checks_activation: false,
    exact_inbox_times: true,
    message_in_list: true,
    platforms: &["ios", "android", "huawei", "apns", "fcm", "hms"],
    exact_platforms: true,
};

const DEPLOYED_ENROLLMENT: Differences = Differences {
    exact_inbox_times: false,
    message_in_list: false,
    ..ENROLLMENT
};
