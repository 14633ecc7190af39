//! The command line.

use std::net::{SocketAddr, ToSocketAddrs};

use clap::{Parser, ValueEnum};

use crate::failure::Failure;

/// What is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// `signature/verify` with valid signatures of two factors and fresh counters.
    Verify,
    /// `signature/verify` with a signature that matches no counter.
    Wrong,
    /// `token/validate` with valid digests and fresh nonces.
    Token,
    /// `activation/status`.
    Status,
    /// `operation/create`.
    Create,
    /// `operation/approve` of pending operations.
    Approve,
}

impl Scenario {
    /// The server API's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Verify => "signature/verify, valid",
            Self::Wrong => "signature/verify, no match",
            Self::Token => "token/validate, valid",
            Self::Status => "activation/status",
            Self::Create => "operation/create",
            Self::Approve => "operation/approve",
        }
    }
}

/// Plays phones and back ends against a server, and tells how fast it answers.
#[derive(Debug, Parser)]
#[command(name = "countersign-load", version)]
pub(crate) struct Options {
    /// What to play, one after the other; everything when absent.
    #[arg(value_enum)]
    scenario: Vec<Scenario>,
    /// Address of the server, plain HTTP: http://HOST:PORT.
    #[arg(long)]
    url: String,
    /// Path below which the server API is mounted.
    #[arg(long, default_value = "/rest/v3")]
    pub(crate) rest: String,
    /// Token of an integration, when the server asks for one.
    #[arg(long)]
    pub(crate) user: Option<String>,
    /// Its secret.
    #[arg(
        long,
        env = "COUNTERSIGN_LOAD_PASSWORD",
        hide_env_values = true,
        default_value = ""
    )]
    pub(crate) password: String,
    /// Connections, each with one request at a time.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub(crate) connections: u16,
    /// Activations to make; at least one per connection.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) phones: u32,
    /// Requests per scenario.
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) requests: u32,
    /// Seconds per scenario, after which it ends with fewer requests.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) seconds: u16,
    /// The server's process on this machine, to tell its CPU time and memory.
    #[arg(long)]
    pub(crate) pid: Option<u32>,
}

impl Options {
    /// Where the server listens.
    pub(crate) fn address(&self) -> Result<SocketAddr, Failure> {
        let usage = Failure::Usage("--url must be http://HOST:PORT");
        let Some(host) = self.url.trim_end_matches('/').strip_prefix("http://") else {
            return Err(usage);
        };
        host.to_socket_addrs()
            .ok()
            .and_then(|mut all| all.next())
            .ok_or(usage)
    }

    /// What is played.
    pub(crate) fn scenarios(&self) -> Vec<Scenario> {
        match self.scenario.as_slice() {
            [] => Scenario::value_variants().to_vec(),
            some => some.to_vec(),
        }
    }
}
