//! Which callbacks are sent, and how.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use countersign::engine::callback::reach::{Network, Reach};

use crate::options::seconds;

/// Options of callbacks.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Callbacks")]
pub(crate) struct CallbackOptions {
    /// Networks of receivers: `public` for the public internet, an address, or a network such as
    /// `10.20.0.0/16`; may be repeated. Link-local addresses and those of metadata services are never
    /// called.
    #[arg(
        long,
        value_name = "NET",
        env = "COUNTERSIGN_CALLBACK_NETWORK",
        value_delimiter = ',',
        default_value = "public"
    )]
    pub(crate) callback_network: Vec<Network>,

    /// Host names of receivers, `.bank.example` for all below it; may be repeated. Without it any.
    #[arg(
        long,
        value_name = "NAME",
        env = "COUNTERSIGN_CALLBACK_HOST",
        value_delimiter = ','
    )]
    pub(crate) callback_host: Vec<String>,

    /// Call no receiver over plain http.
    #[arg(long)]
    pub(crate) callback_https_only: bool,

    /// Folder with the PEM files that key stores and trust stores of callback URLs name.
    #[arg(long, value_name = "FOLDER", env = "COUNTERSIGN_CALLBACK_STORES")]
    pub(crate) callback_stores: Option<PathBuf>,

    /// For one delivery, from resolving the name to the answer.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(crate) callback_timeout: Duration,

    /// URLs that are called at the same time; one at a time each.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub(crate) callback_receivers: u16,

    /// Send none: another process on this database does.
    #[arg(long)]
    pub(crate) no_callbacks: bool,
}

impl CallbackOptions {
    pub(crate) fn reach(&self) -> Reach {
        Reach {
            networks: self.callback_network.clone(),
            hosts: self.callback_host.clone(),
            https_only: self.callback_https_only,
        }
    }
}
