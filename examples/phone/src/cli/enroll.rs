//! Arguments of push registration, inbox, codes for sibling apps, and the vault.

use super::{FactorArgs, PinArgs};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum InboxCommand {
    /// How many messages are unread.
    Count,
    /// List messages, newest first.
    List {
        /// Page, from 0.
        #[arg(long, default_value_t = 0)]
        page: u32,
        /// Messages per page.
        #[arg(long, default_value_t = 20)]
        size: u32,
        /// Leave out what has been read.
        #[arg(long)]
        unread: bool,
    },
    /// Show one message; it stays unread.
    Show {
        /// Identifier of the message.
        id: String,
    },
    /// Show one message and mark it as read.
    Read {
        /// Identifier of the message.
        id: String,
    },
    /// Mark all messages as read.
    ReadAll,
}

#[derive(Debug, Args)]
pub(crate) struct PushArgs {
    /// `ios`, `android`, `huawei`; newer servers: `apns`, `fcm`, `hms`.
    #[arg(long)]
    pub(crate) platform: String,
    /// The platform's name of this device.
    #[arg(long)]
    pub(crate) token: String,
    /// `development` or `production`, for Apple's devices and newer servers.
    #[arg(long)]
    pub(crate) environment: Option<String>,
    /// Sign the request instead of using the token for lists.
    #[arg(long)]
    pub(crate) signed: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SiblingArgs {
    /// The other app, by the name that the server knows for it.
    pub(crate) application: String,
    /// What the other app has to present besides the code: 16 characters at least.
    #[arg(long, env = "COUNTERSIGN_OTP", hide_env_values = true)]
    pub(crate) otp: String,
    #[command(flatten)]
    pub(crate) factor: FactorArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VaultCommand {
    /// Print a key for data of the application, Base64.
    Key {
        /// Which one: the application's choice.
        index: u64,
        #[command(flatten)]
        pin: PinArgs,
    },
    /// Sign a text with the private key of the device: ECDSA, DER in Base64.
    Sign {
        /// The text.
        text: String,
        #[command(flatten)]
        pin: PinArgs,
    },
    /// Set up the simulated biometry, or a new one.
    AddBiometry(PinArgs),
    /// Show the recovery code that rests on this phone.
    Recovery(PinArgs),
}
