//! The command line.

use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, ValueEnum};
use countersign::engine::callback::reach::Network;

use super::command::Command;
use super::console::options::ConsoleOptions;
use super::deliver::options::CallbackOptions;
use super::engine_options::EngineOptions;
use super::otlp::OtlpOptions;
use super::proxies;
use super::push::options::PushOptions;
use super::rate::RateOptions;
use super::shadow::options::ShadowOptions;

/// Countersign as a stand-alone server: every API over plain HTTP.
///
/// Put a reverse proxy in front of it that terminates TLS.
#[derive(Debug, Parser)]
#[command(name = "countersign-server", version)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// A TOML file with these options: `max-body = 65536`. Command line and environment go before it.
    #[arg(long, global = true, value_name = "FILE", env = "COUNTERSIGN_CONFIG")]
    pub(crate) config: Option<PathBuf>,

    /// Address to listen on; port 0 takes a free one.
    #[arg(
        long,
        value_name = "ADDR",
        env = "COUNTERSIGN_LISTEN",
        default_value = "127.0.0.1:8080"
    )]
    pub(crate) listen: SocketAddr,

    /// Where records live: `memory:`, `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`. An
    /// address with a password belongs into the environment, not on the command line.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "COUNTERSIGN_DATABASE",
        hide_env_values = true,
        default_value = "sqlite:countersign.sqlite"
    )]
    pub(crate) database: Database,

    /// A file with the address of the database, in place of `--database`.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "COUNTERSIGN_DATABASE_FILE",
        conflicts_with = "database"
    )]
    pub(crate) database_file: Option<PathBuf>,

    /// Authorities, in PEM, that the certificate of a PostgreSQL database has to lead to; Mozilla's list when absent.
    /// `sslmode=require` in its address, or this, encrypts.
    #[arg(long, global = true, value_name = "FILE", env = "COUNTERSIGN_DATABASE_CA")]
    pub(crate) database_ca: Option<PathBuf>,

    /// A pool between here and PostgreSQL hands each transaction to another connection, and forgets prepared statements.
    #[arg(long, global = true, env = "COUNTERSIGN_DATABASE_POOLED")]
    pub(crate) database_pooled: bool,

    /// Credentials of callers. The first start on a database writes generated ones there, unless
    /// the file exists: then it takes those. The database holds hashes only.
    #[arg(
        long,
        value_name = "FILE",
        env = "COUNTERSIGN_CREDENTIALS",
        default_value = "countersign-credentials.json"
    )]
    pub(crate) credentials: PathBuf,

    /// The master key, which wraps the keys that seal secrets in the database; created on the first start.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "COUNTERSIGN_MASTER_KEY_FILE",
        default_value = "countersign-master-key.json"
    )]
    pub(crate) master_key_file: PathBuf,

    /// Serve everything also below this path, for instance `/powerauth-java-server`; may be repeated.
    #[arg(long, value_name = "PATH", env = "COUNTERSIGN_PREFIX")]
    pub(crate) prefix: Vec<Prefix>,

    /// A proxy whose `X-Forwarded-For` is believed, as address or network; may be repeated.
    #[arg(
        long,
        value_name = "NET",
        env = "COUNTERSIGN_TRUSTED_PROXY",
        value_delimiter = ',',
        value_parser = proxies::network
    )]
    pub(crate) trusted_proxy: Vec<Network>,

    /// What phones of the Mobile Token API expect.
    #[arg(
        long,
        value_enum,
        default_value = "enrollment",
        env = "COUNTERSIGN_MOBILE_DIALECT"
    )]
    pub(crate) mobile_dialect: MobileDialect,

    /// Development only: the server API needs no credentials. Loopback addresses only.
    #[arg(long)]
    pub(crate) open: bool,

    /// Leave out `/docs`, the documents of the APIs; they tell nothing that is not public.
    #[arg(long, env = "COUNTERSIGN_NO_DOCS")]
    pub(crate) no_docs: bool,

    /// A listener of its own for `/metrics`; without it the main one answers callers on loopback.
    #[arg(long, value_name = "ADDR", env = "COUNTERSIGN_METRICS")]
    pub(crate) metrics: Option<SocketAddr>,

    /// Form of the log, which goes to standard error.
    #[arg(
        long,
        value_name = "FORM",
        env = "COUNTERSIGN_LOG_FORMAT",
        default_value = "text"
    )]
    pub(crate) log_format: LogFormat,

    /// Least severe level in the log: error, warn, info, debug, trace or off.
    #[arg(
        long,
        value_name = "LEVEL",
        env = "COUNTERSIGN_LOG_LEVEL",
        default_value = "info"
    )]
    pub(crate) log_level: tracing_subscriber::filter::LevelFilter,

    #[command(flatten)]
    pub(crate) bounds: Bounds,

    #[command(flatten)]
    pub(crate) rates: RateOptions,

    #[command(flatten)]
    pub(crate) otlp: OtlpOptions,

    #[command(flatten)]
    pub(crate) callbacks: CallbackOptions,

    #[command(flatten)]
    pub(crate) push: PushOptions,

    #[command(flatten)]
    pub(crate) console: ConsoleOptions,

    #[command(flatten)]
    pub(crate) shadow: ShadowOptions,

    #[command(flatten)]
    pub(crate) engine: EngineOptions,
}

/// Bounds on what callers may use up.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Limits")]
pub(crate) struct Bounds {
    /// Largest request body.
    #[arg(long, value_name = "BYTES", default_value_t = 64 * 1024)]
    pub(crate) max_body: usize,

    /// Connections at the same time; more wait in the system's queue.
    #[arg(long, value_name = "N", default_value_t = 8_192, value_parser = at_least_one)]
    pub(crate) max_connections: usize,

    /// Requests worked on at the same time; more wait until their deadline.
    #[arg(long, value_name = "N", default_value_t = 1_024, value_parser = at_least_one)]
    pub(crate) max_requests: usize,

    /// For the whole head of a request, and for the pause before the next one.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(crate) header_timeout: Duration,

    /// For the whole body of a request.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) body_timeout: Duration,

    /// From the complete request to its answer.
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = seconds)]
    pub(crate) request_timeout: Duration,

    /// Without any progress while an answer is being sent.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) send_timeout: Duration,

    /// After SIGTERM or SIGINT, still take requests for so long while `/ready` says 503, so that a balancer looks elsewhere.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) drain: Option<Duration>,

    /// For running requests after SIGTERM or SIGINT; a second signal ends at once.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) stop_timeout: Duration,
}

/// A published dialect of the Mobile Token API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MobileDialect {
    /// Web Flow.
    WebFlow,
    /// Enrollment server, older text.
    EarlyEnrollment,
    /// Enrollment server, newest text.
    Enrollment,
    /// As the newest text, with the shapes of its running servers.
    DeployedEnrollment,
}

impl From<MobileDialect> for countersign::api::Dialect {
    fn from(dialect: MobileDialect) -> Self {
        match dialect {
            MobileDialect::WebFlow => Self::WebFlow,
            MobileDialect::EarlyEnrollment => Self::EarlyEnrollment,
            MobileDialect::Enrollment => Self::Enrollment,
            MobileDialect::DeployedEnrollment => Self::DeployedEnrollment,
        }
    }
}

/// Form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// One line of text per event.
    Text,
    /// One JSON object per line.
    Json,
}

/// Where records live.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Database {
    /// In memory, forgotten at the end.
    Memory,
    /// In a file.
    Sqlite(PathBuf),
    /// In a PostgreSQL database that other nodes may share.
    Postgres(String),
    /// What was given is none of these. It may hold a password, so the parser of the command line, which
    /// repeats what it refuses, must not see the mistake.
    Unknown,
}

/// What a database may be.
pub(crate) const DATABASES: &str = "expected `memory:`, `sqlite:PATH` or `postgres://…`";

impl FromStr for Database {
    type Err = Infallible;

    fn from_str(url: &str) -> Result<Self, Infallible> {
        match url.split_once(':') {
            Some(("memory", "")) => Ok(Self::Memory),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            Some(("postgres" | "postgresql", address)) if address.starts_with("//") => {
                Ok(Self::Postgres(url.to_owned()))
            }
            _ => Ok(Self::Unknown),
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory:"),
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            // The address may hold a password.
            Self::Postgres(_) => f.write_str("postgres:"),
            Self::Unknown => f.write_str("address"),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A mount point: begins with a slash, does not end with one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prefix(String);

impl Prefix {
    /// The path below the mount point; none when `path` is elsewhere.
    pub(crate) fn strip<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(&self.0).filter(|rest| rest.starts_with('/'))
    }
}

impl FromStr for Prefix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let path = text.trim_end_matches('/');
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
        if path.len() > 1 && path.starts_with('/') && path.chars().all(plain) {
            Ok(Self(path.to_owned()))
        } else {
            Err("expected a path such as `/powerauth-java-server`".to_owned())
        }
    }
}

pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<u32>() {
        Ok(count @ 1..=86_400) => Ok(Duration::from_secs(u64::from(count))),
        _ => Err("expected seconds, 1 to 86400".to_owned()),
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..=1_000_000) => Ok(count),
        _ => Err("expected a number, 1 to 1000000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Options::command().debug_assert();
    }

    #[test]
    fn databases() {
        assert_eq!("memory:".parse(), Ok(Database::Memory));
        assert_eq!(
            "sqlite:a:b.db".parse(),
            Ok(Database::Sqlite(PathBuf::from("a:b.db")))
        );
        for wrong in [
            "",
            "memory",
            "memory:x",
            "sqlite:",
            "sqlite",
            "postgres:u:secret@h/db",
            "mysql://u:secret@h/db",
        ] {
            assert_eq!(wrong.parse(), Ok(Database::Unknown), "{wrong}");
        }
        for url in ["postgres://u:secret@h/db", "postgresql://u:secret@h/db"] {
            let database: Database = url.parse().unwrap();
            assert_eq!(database, Database::Postgres(url.to_owned()));
            assert!(!format!("{database} {database:?}").contains("secret"));
        }
    }

    #[test]
    fn prefixes() {
        let prefix: Prefix = "/a/b/".parse().unwrap();
        assert_eq!(prefix.strip("/a/b/rest/v3/status"), Some("/rest/v3/status"));
        for other in ["/a/bc/rest", "/a/b", "/a", "/rest/v3/status"] {
            assert_eq!(prefix.strip(other), None, "{other}");
        }
        for wrong in ["", "/", "a", "/a b", "/a?b", "/%2e"] {
            assert!(wrong.parse::<Prefix>().is_err(), "{wrong}");
        }
    }
}
