//! The command line.

mod enroll;

pub(crate) use enroll::{InboxCommand, PushArgs, SiblingArgs, VaultCommand};

use clap::{Args, Parser, Subcommand, ValueEnum};
use countersign::crypto::version::ProtocolVersion;
use std::path::PathBuf;

/// A phone on the command line.
#[derive(Debug, Parser)]
#[command(name = "countersign-phone", version, about, long_about = None)]
#[command(after_help = "Exit codes: 0 done, 1 the server said no, 2 wrong usage, 3 network or protocol.")]
pub(crate) struct Cli {
    /// The file the phone lives in.
    #[arg(
        long,
        global = true,
        env = "COUNTERSIGN_PHONE_STATE",
        default_value = "countersign-phone.json"
    )]
    pub(crate) state: PathBuf,
    /// Print one JSON object instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Certificates to trust for https, PEM. Default: SSL_CERT_FILE, then those of the system.
    #[arg(long, global = true, value_name = "PEM FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// Allow http to other machines.
    #[arg(long, global = true)]
    pub(crate) insecure_http: bool,
    /// Take the time of the server instead of this machine's.
    #[arg(long, global = true)]
    pub(crate) server_time: bool,
    /// Draw "randomness" from this number: for deterministic tests only. A number used twice repeats nonces.
    #[arg(long, global = true, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Activate the phone.
    Activate(Box<ActivateArgs>),
    /// Ask for the status of the activation and bring the counters together.
    Status,
    /// Print a token header for one request; create the token where there is none.
    Token(TokenArgs),
    /// List the operations that wait.
    List,
    /// List the operations of all states.
    History(FactorArgs),
    /// Show one operation that waits.
    Detail {
        /// Identifier of the operation.
        id: String,
    },
    /// Take over an operation that belongs to nobody yet.
    Claim {
        /// Identifier of the operation.
        id: String,
    },
    /// Approve an operation.
    Approve(ApproveArgs),
    /// Reject an operation.
    Reject(RejectArgs),
    /// Answer the text of an offline QR code with the digits to type.
    ApproveOffline(OfflineArgs),
    /// Sign any request: print its header, or send it.
    Sign(SignArgs),
    /// Send an end-to-end encrypted request and print the opened reply.
    Encrypt(EncryptArgs),
    /// Messages for the user.
    #[command(subcommand)]
    Inbox(InboxCommand),
    /// Register for push messages.
    RegisterPush(PushArgs),
    /// Ask for an activation code of a sibling app.
    SiblingCode(SiblingArgs),
    /// Open the vault and use a key in it.
    #[command(subcommand)]
    Vault(VaultCommand),
    /// Confirm a recovery code that came on paper.
    ConfirmRecovery {
        /// Recovery code, with or without `R:`.
        code: String,
        #[command(flatten)]
        pin: PinArgs,
    },
    /// Ask for what the server knows about the user.
    UserInfo,
    /// Bring an activation of protocol 2 to protocol 3.
    Upgrade,
    /// Remove the activation at the server and the file of the phone.
    Remove(RemoveArgs),
    /// Show what the phone knows of itself, without secrets.
    Show,
    /// Draw a text as a QR code.
    ShowQr {
        /// The text.
        text: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ActivateArgs {
    /// Address of the server; the paths of the protocol stand below it.
    #[arg(long)]
    pub(crate) url: String,
    /// Activation code, or the text of its QR code.
    #[arg(long, group = "credentials", value_name = "CODE or QR TEXT")]
    pub(crate) code: Option<String>,
    /// Recovery code, with or without `R:`; needs --puk.
    #[arg(long, group = "credentials", requires = "puk", value_name = "CODE")]
    pub(crate) recovery_code: Option<String>,
    /// PUK of the recovery code.
    #[arg(
        long,
        requires = "recovery_code",
        env = "COUNTERSIGN_PUK",
        hide_env_values = true
    )]
    pub(crate) puk: Option<String>,
    /// Attributes for a credential provider of the server, repeatable.
    #[arg(long, group = "credentials", value_name = "NAME=VALUE")]
    pub(crate) credential: Vec<String>,
    /// The one-string mobile configuration.
    #[arg(long, conflicts_with_all = ["app_key", "app_secret", "master_key"])]
    pub(crate) sdk_config: Option<String>,
    /// Application key.
    #[arg(long, requires = "app_secret")]
    pub(crate) app_key: Option<String>,
    /// Application secret.
    #[arg(long, requires = "master_key")]
    pub(crate) app_secret: Option<String>,
    /// Master public key.
    #[arg(long, requires = "app_key")]
    pub(crate) master_key: Option<String>,
    /// Name of the phone in lists.
    #[arg(long, default_value = "countersign-phone")]
    pub(crate) name: String,
    /// One-time password delivered besides the code.
    #[arg(long, env = "COUNTERSIGN_OTP", hide_env_values = true)]
    pub(crate) otp: Option<String>,
    #[command(flatten)]
    pub(crate) pin: PinArgs,
    /// Protocol version.
    #[arg(long, value_enum, default_value_t = Version::V3_3)]
    pub(crate) protocol: Version,
    /// Go on with 3.2 when the server does not know 3.3.
    #[arg(long)]
    pub(crate) fallback: bool,
    /// Do not set up the simulated biometry.
    #[arg(long)]
    pub(crate) no_biometry: bool,
    /// Replace a phone that lives in the file already.
    #[arg(long)]
    pub(crate) force: bool,
}

/// Where the PIN comes from.
#[derive(Debug, Args)]
pub(crate) struct PinArgs {
    /// The PIN. Default: the environment, then a prompt.
    #[arg(long, env = "COUNTERSIGN_PIN", hide_env_values = true)]
    pub(crate) pin: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct FactorArgs {
    /// What stands besides the phone.
    #[arg(long, value_enum)]
    pub(crate) factor: Option<Factor>,
    #[command(flatten)]
    pub(crate) pin: PinArgs,
}

#[derive(Debug, Args)]
pub(crate) struct TokenArgs {
    /// Name of the token on the phone.
    #[arg(long, default_value = countersign::client::POSSESSION_UNIVERSAL)]
    pub(crate) name: String,
    /// Remove the token instead, at the server and here.
    #[arg(long)]
    pub(crate) remove: bool,
    #[command(flatten)]
    pub(crate) factor: FactorArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ApproveArgs {
    /// Identifier of the operation.
    pub(crate) id: String,
    /// Proximity code, or the link or QR text that holds it.
    #[arg(long, value_name = "CODE or LINK")]
    pub(crate) proximity: Option<String>,
    /// Number that the page shows which asks for the approval.
    #[arg(long)]
    pub(crate) number: Option<u8>,
    #[command(flatten)]
    pub(crate) factor: FactorArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RejectArgs {
    /// Identifier of the operation.
    pub(crate) id: String,
    /// UNKNOWN, INCORRECT_DATA, UNEXPECTED_OPERATION or another text.
    #[arg(long, default_value = "UNKNOWN")]
    pub(crate) reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct OfflineArgs {
    /// The text of the QR code. Default: standard input.
    #[arg(conflicts_with = "file")]
    pub(crate) payload: Option<String>,
    /// A file with the text.
    #[arg(long)]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) factor: FactorArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// Path below the address of the server, with the query where there is one.
    pub(crate) path: String,
    /// Resource identifier agreed with the server.
    #[arg(long)]
    pub(crate) uri_id: String,
    /// HTTP method.
    #[arg(long, default_value = "POST")]
    pub(crate) method: String,
    #[command(flatten)]
    pub(crate) body: BodyArgs,
    /// Send the request and print the reply.
    #[arg(long)]
    pub(crate) send: bool,
    #[command(flatten)]
    pub(crate) factor: FactorArgs,
}

/// Where the body comes from.
#[derive(Debug, Args)]
pub(crate) struct BodyArgs {
    /// The body.
    #[arg(long, conflicts_with = "body_file")]
    pub(crate) body: Option<String>,
    /// A file with the body.
    #[arg(long)]
    pub(crate) body_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct EncryptArgs {
    /// Path below the address of the server.
    pub(crate) path: String,
    #[command(flatten)]
    pub(crate) body: BodyArgs,
    /// Encrypt as anybody who has the app could: in application scope.
    #[arg(long, conflicts_with_all = ["uri_id", "token"])]
    pub(crate) application: bool,
    /// Sign, too, for this resource identifier.
    #[arg(long, conflicts_with = "token")]
    pub(crate) uri_id: Option<String>,
    /// Add the token of this name, which is made where there is none.
    #[arg(long, value_name = "NAME")]
    pub(crate) token: Option<String>,
    #[command(flatten)]
    pub(crate) factor: FactorArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    /// Forget the activation here without telling the server.
    #[arg(long)]
    pub(crate) local: bool,
    #[command(flatten)]
    pub(crate) factor: FactorArgs,
}

/// What stands besides the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Factor {
    /// The PIN.
    Pin,
    /// The simulated biometry.
    Biometry,
    /// Nothing: the phone alone.
    Possession,
}

/// A protocol version by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Version {
    /// 3.0
    #[value(name = "3.0")]
    V3_0,
    /// 3.1
    #[value(name = "3.1")]
    V3_1,
    /// 3.2
    #[value(name = "3.2")]
    V3_2,
    /// 3.3
    #[value(name = "3.3")]
    V3_3,
}

impl From<Version> for ProtocolVersion {
    fn from(version: Version) -> Self {
        match version {
            Version::V3_0 => Self::V3_0,
            Version::V3_1 => Self::V3_1,
            Version::V3_2 => Self::V3_2,
            Version::V3_3 => Self::V3_3,
        }
    }
}
