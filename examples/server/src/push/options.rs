//! Where push messages are sent to.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use countersign::engine::callback::target::Target;

use crate::options::seconds;

/// Options of push messages. Credentials are the administrator's: `/admin/push-credentials`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Push messages")]
pub(crate) struct PushOptions {
    /// Apple's service for released apps.
    #[arg(
        long,
        value_name = "URL",
        env = "COUNTERSIGN_PUSH_APNS",
        default_value = "https://api.push.apple.com",
        value_parser = endpoint
    )]
    pub(crate) push_apns: String,

    /// Apple's service for apps under development.
    #[arg(
        long,
        value_name = "URL",
        env = "COUNTERSIGN_PUSH_APNS_DEVELOPMENT",
        default_value = "https://api.sandbox.push.apple.com",
        value_parser = endpoint
    )]
    pub(crate) push_apns_development: String,

    /// Google's service.
    #[arg(
        long,
        value_name = "URL",
        env = "COUNTERSIGN_PUSH_FCM",
        default_value = "https://fcm.googleapis.com",
        value_parser = endpoint
    )]
    pub(crate) push_fcm: String,

    /// PEM file with the authorities that the platforms' certificates are signed by, in place of the public ones: for a
    /// relay of one's own.
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_PUSH_TRUST")]
    pub(crate) push_trust: Option<PathBuf>,

    /// For one message, from resolving the name to the answer.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(crate) push_timeout: Duration,

    /// Send none: another process on this database does.
    #[arg(long)]
    pub(crate) no_push: bool,
}

/// An https URL without path.
fn endpoint(text: &str) -> Result<String, String> {
    let target = Target::parse(text).filter(|target| target.secure && target.path() == "/");
    match target {
        Some(_) => Ok(text.trim_end_matches('/').to_owned()),
        None => Err("expected https://HOST or https://HOST:PORT".to_owned()),
    }
}
