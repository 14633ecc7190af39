//! The command line, and what a command reports.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use countersign::client::Pin;
use serde_json::{Map, Value};

use crate::failure::Failure;

/// A command-line phone for any PowerAuth-compatible server.
#[derive(Parser)]
#[command(name = "countersign-phone", version)]
pub(crate) struct Options {
    /// File with the state of the phone.
    #[arg(
        long,
        global = true,
        default_value = "phone.json",
        env = "COUNTERSIGN_PHONE_STATE"
    )]
    pub(crate) state: PathBuf,
    /// Print JSON instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Activate with a code.
    Activate(Activate),
    /// Show what the phone knows, without asking the server.
    Show,
    /// Ask for the activation's status.
    Status,
    /// Get the token that lists need.
    Token(WithFactor),
    /// Prove the factors to the server, nothing else.
    Sign(WithFactor),
    /// List the operations that wait.
    List,
    /// Approve an operation.
    Approve(Approve),
    /// Reject an operation.
    Reject(Reject),
    /// Read an offline operation (QR content) and print the code to type.
    ApproveOffline(ApproveOffline),
    /// Remove the activation.
    Remove(WithFactor),
    /// Draw a QR code.
    ShowQr {
        /// Its content.
        text: String,
    },
}

#[derive(Args)]
pub(crate) struct Activate {
    /// Address of the server; the paths of the protocol follow it.
    #[arg(long)]
    pub(crate) url: String,
    /// Activation code, or the QR content `code#signature`.
    #[arg(long)]
    pub(crate) code: String,
    /// One-string mobile configuration.
    #[arg(long, required_unless_present = "app_key")]
    pub(crate) sdk_config: Option<String>,
    /// Application key, with secret and master key instead of --sdk-config.
    #[arg(long, requires_all = ["app_secret", "master_key"], conflicts_with = "sdk_config")]
    pub(crate) app_key: Option<String>,
    /// Application secret.
    #[arg(long)]
    pub(crate) app_secret: Option<String>,
    /// Master public key, Base64.
    #[arg(long)]
    pub(crate) master_key: Option<String>,
    /// Protocol version: 3.0, 3.1, 3.2 or 3.3.
    #[arg(long, default_value = "3.3")]
    pub(crate) protocol: String,
    /// Name of the phone.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Activation OTP, where the server asks for one.
    #[arg(long)]
    pub(crate) otp: Option<String>,
    #[command(flatten)]
    pub(crate) pin: PinOption,
}

#[derive(Args)]
pub(crate) struct PinOption {
    /// PIN; also from the environment, or asked for.
    #[arg(long, env = "COUNTERSIGN_PHONE_PIN", hide_env_values = true)]
    pin: Option<String>,
}

impl PinOption {
    /// The PIN given, or typed now.
    pub(crate) fn read(&self) -> Result<Pin, Failure> {
        if let Some(pin) = &self.pin {
            return Ok(Pin::new(pin)?);
        }
        let mut error = std::io::stderr();
        let _ = write!(error, "PIN: ").and_then(|()| error.flush());
        let mut typed = String::new();
        std::io::stdin()
            .read_line(&mut typed)
            .map_err(|_| Failure::usage("no PIN was given"))?;
        Ok(Pin::new(typed.trim_end_matches(['\r', '\n']))?)
    }
}

/// What is proven beside the possession of the phone.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Factor {
    /// The phone alone.
    Possession,
    /// Phone and PIN.
    Pin,
    /// Phone and biometry.
    Biometry,
}

#[derive(Args)]
pub(crate) struct WithFactor {
    /// What is proven beside the phone itself.
    #[arg(long, value_enum, default_value = "pin")]
    pub(crate) factor: Factor,
    #[command(flatten)]
    pub(crate) pin: PinOption,
}

#[derive(Args)]
pub(crate) struct Approve {
    /// Identifier of the operation.
    pub(crate) id: String,
    /// Proximity code, where the operation asks for one.
    #[arg(long)]
    pub(crate) proximity: Option<String>,
    #[command(flatten)]
    pub(crate) with: WithFactor,
}

#[derive(Args)]
pub(crate) struct Reject {
    /// Identifier of the operation.
    pub(crate) id: String,
    /// Why.
    #[arg(long, default_value = "UNKNOWN")]
    pub(crate) reason: String,
}

#[derive(Args)]
pub(crate) struct ApproveOffline {
    /// File with the QR content; `-` for standard input.
    #[arg(long, conflicts_with = "payload")]
    pub(crate) file: Option<PathBuf>,
    /// The QR content itself.
    #[arg(required_unless_present = "file")]
    pub(crate) payload: Option<String>,
    #[command(flatten)]
    pub(crate) with: WithFactor,
}

/// What a command has to say: names and values in order.
pub(crate) struct Report(Map<String, Value>);

impl Report {
    pub(crate) fn new() -> Self {
        Self(Map::new())
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn print(&self, json: bool) {
        let text = if json {
            format!("{}\n", Value::Object(self.0.clone()))
        } else {
            self.0.iter().map(|(name, value)| line(name, value)).collect()
        };
        // Nobody reads it any more when this fails.
        let _ = std::io::stdout().write_all(text.as_bytes());
    }
}

fn line(name: &str, value: &Value) -> String {
    match value {
        Value::String(text) if text.contains('\n') => format!("{name}:\n{text}\n"),
        Value::String(text) => format!("{name}: {text}\n"),
        Value::Array(items) => {
            let items: String = items.iter().map(|item| format!("  - {item}\n")).collect();
            format!("{name}:\n{items}")
        }
        other => format!("{name}: {other}\n"),
    }
}
