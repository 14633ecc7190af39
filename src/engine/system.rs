//! Status of the system and the list of error codes (server API, part 1, section 4).

use serde::{Deserialize, Serialize};

use super::json::Moment;
use super::{Engine, ErrorCode, Outcome};
use crate::store::Tx;

/// A request without attributes.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Nothing {}

/// Answer of [`status`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SystemStatus {
    /// `OK`.
    pub status: &'static str,
    /// Configured name.
    pub application_name: String,
    /// Configured displayed name.
    pub application_display_name: String,
    /// Configured environment.
    pub application_environment: String,
    /// Version of this product.
    pub version: &'static str,
    /// When this version was released; the time of the build would make builds differ.
    pub build_time: Moment,
    /// Now.
    pub timestamp: Moment,
}

/// 2026-11-21
const RELEASED: Moment = Moment(1_795_219_200_000);

/// Tells that the system runs. Reads nothing.
pub fn status(engine: &Engine, tx: &mut Tx<'_>, _: &Nothing) -> Outcome<SystemStatus> {
    Ok(Ok(SystemStatus {
        status: "OK",
        application_name: engine.config.application_name.clone(),
        application_display_name: engine.config.application_display_name.clone(),
        application_environment: engine.config.application_environment.clone(),
        version: env!("CARGO_PKG_VERSION"),
        build_time: RELEASED,
        timestamp: Moment::from_millis(tx.now()),
    }))
}

/// Request of [`error_list`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase")]
pub struct ErrorListRequest {
    /// Two-letter code; only English texts exist.
    pub language: Option<String>,
}

/// Answer of [`error_list`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ErrorList {
    /// All codes in ascending order.
    pub errors: Vec<ErrorText>,
}

/// A code and its text.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ErrorText {
    /// `ERR` and four digits.
    pub code: &'static str,
    /// English text.
    pub value: &'static str,
}

/// The codes of the published list: those of the 1.5 line. ERR0045, which protocol 3.3 brought, is
/// answered but not listed, because callers compare the list with their own.
pub fn error_list(_: &Engine, _: &mut Tx<'_>, _: &ErrorListRequest) -> Outcome<ErrorList> {
    let listed = |code: &&ErrorCode| **code != ErrorCode::TemporaryKeyFailure;
    let text = |code: &ErrorCode| ErrorText {
        code: code.code(),
        value: code.message(),
    };
    Ok(Ok(ErrorList {
        errors: ErrorCode::ALL.iter().filter(listed).map(text).collect(),
    }))
}
