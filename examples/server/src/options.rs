//! The command line.

use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, ValueEnum};
use countersign::engine::callback::reach::Network;
use countersign::engine::spawn::SpawnRule;

use super::command::Command;
use super::deliver::options::CallbackOptions;
use super::proxies;
use super::push::options::PushOptions;

/// Countersign as a stand-alone server: every API over plain HTTP.
///
/// Put a reverse proxy in front of it that terminates TLS.
#[derive(Debug, Parser)]
#[command(name = "countersign-server", version)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

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
    pub(crate) callbacks: CallbackOptions,

    #[command(flatten)]
    pub(crate) push: PushOptions,

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

    /// For running requests after SIGTERM or SIGINT; a second signal ends at once.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) stop_timeout: Duration,
}

/// The engine's settings that operators change most.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Engine")]
pub(crate) struct EngineOptions {
    /// Name in `/rest/v3/status`.
    #[arg(long, value_name = "NAME", env = "COUNTERSIGN_APPLICATION_NAME")]
    application_name: Option<String>,

    /// Show phones operations of types without texts, in a plain form, instead of hiding them.
    #[arg(long, env = "COUNTERSIGN_PLAIN_FORMS")]
    plain_forms: bool,

    /// Environment in `/rest/v3/status`.
    #[arg(long, value_name = "NAME", env = "COUNTERSIGN_APPLICATION_ENVIRONMENT")]
    application_environment: Option<String>,

    /// Where phones reach this server; the cloud API tells administrators.
    #[arg(long, value_name = "URL", env = "COUNTERSIGN_SERVICE_BASE_URL")]
    service_base_url: Option<String>,

    /// How long a new activation may wait for its completion.
    #[arg(long, value_name = "SECONDS", env = "COUNTERSIGN_ACTIVATION_VALIDITY", value_parser = seconds)]
    activation_validity: Option<Duration>,

    /// Failed signatures that block an activation.
    #[arg(long, value_name = "N", env = "COUNTERSIGN_MAX_FAILED_ATTEMPTS",
          value_parser = clap::value_parser!(u64).range(1..=100))]
    max_failed_attempts: Option<u64>,

    /// Counter values tried per signature.
    #[arg(long, value_name = "N", env = "COUNTERSIGN_LOOK_AHEAD",
          value_parser = clap::value_parser!(u8).range(1..=64))]
    look_ahead: Option<u8>,

    /// To approve an operation, users type a number from the page that asks them, unless its creator says otherwise.
    #[arg(long, env = "COUNTERSIGN_NUMBER_MATCHING")]
    number_matching: bool,

    /// Pending operations that may have been created for one user. Default: any number.
    #[arg(long, value_name = "N", env = "COUNTERSIGN_MAX_PENDING_OPERATIONS",
          value_parser = clap::value_parser!(u8).range(1..=50))]
    max_pending_operations: Option<u8>,

    /// After a failed signature evaluate no other one for so long, doubled by each further failure. Default: no delay.
    #[arg(long, value_name = "SECONDS", env = "COUNTERSIGN_FAILURE_DELAY", value_parser = seconds)]
    failure_delay: Option<Duration>,

    /// An app that may activate another one: application of the first, name that it asks for, application of the second,
    /// and flags of the new activation; repeatable.
    #[arg(long, value_name = "FROM:NAME:APPLICATION[:FLAG,…]", env = "COUNTERSIGN_ACTIVATION_SPAWN",
          value_delimiter = ' ', value_parser = spawn_rule)]
    activation_spawn: Vec<SpawnRule>,
}

fn spawn_rule(text: &str) -> Result<SpawnRule, &'static str> {
    let mut parts = text.split(':');
    let mut part = || parts.next().filter(|it| !it.is_empty()).map(str::to_owned);
    let (Some(from), Some(requested), Some(application)) = (part(), part(), part()) else {
        return Err("expected FROM:NAME:APPLICATION, each not empty");
    };
    let flags: Vec<String> = match parts.next() {
        Some(flags) => flags.split(',').map(str::to_owned).collect(),
        None => Vec::new(),
    };
    if parts.next().is_some() || flags.iter().any(String::is_empty) {
        return Err("expected FROM:NAME:APPLICATION:FLAG,FLAG with flags that are not empty");
    }
    Ok(SpawnRule {
        from,
        requested,
        application,
        flags,
    })
}

impl EngineOptions {
    pub(crate) fn config(&self) -> countersign::engine::Config {
        let mut config = countersign::engine::Config::default();
        if let Some(name) = &self.application_name {
            config.application_name.clone_from(name);
        }
        if let Some(name) = &self.application_environment {
            config.application_environment.clone_from(name);
        }
        if let Some(url) = &self.service_base_url {
            config.service_base_url.clone_from(url);
        }
        if let Some(validity) = self.activation_validity {
            config.activation_validity = validity.as_secs().saturating_mul(1_000);
        }
        if let Some(attempts) = self.max_failed_attempts {
            config.max_failed_attempts = attempts;
        }
        if let Some(look_ahead) = self.look_ahead {
            config.look_ahead = look_ahead;
        }
        config.plain_forms = self.plain_forms;
        config.number_matching = self.number_matching;
        config.max_pending_operations = self.max_pending_operations;
        if let Some(delay) = self.failure_delay {
            config.failure_delay = delay.as_secs().saturating_mul(1_000);
        }
        config.activation_spawn.clone_from(&self.activation_spawn);
        config
    }
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
    fn what_the_engine_is_told() {
        let default = Options::parse_from(["server"]).engine.config();
        assert!(!default.number_matching && default.activation_spawn.is_empty());
        assert_eq!((default.max_pending_operations, default.failure_delay), (None, 0));
        let given = [
            "server",
            "--number-matching",
            "--max-pending-operations=5",
            "--failure-delay=2",
            "--activation-spawn=bank:cards:card-app:A,B",
            "--activation-spawn=bank:pay:pay-app",
        ];
        let config = Options::parse_from(given).engine.config();
        assert!(config.number_matching);
        assert_eq!(
            (config.max_pending_operations, config.failure_delay),
            (Some(5), 2_000)
        );
        let rule = |requested: &str, application: &str, flags: &[&str]| SpawnRule {
            from: "bank".to_owned(),
            requested: requested.to_owned(),
            application: application.to_owned(),
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
        };
        let rules = [
            rule("cards", "card-app", &["A", "B"]),
            rule("pay", "pay-app", &[]),
        ];
        assert_eq!(config.activation_spawn, rules);
        for wrong in ["", "a", "a:b", "a::c", ":b:c", "a:b:c:", "a:b:c:,", "a:b:c:d:e"] {
            assert!(spawn_rule(wrong).is_err(), "{wrong}");
        }
        for wrong in [
            "--max-pending-operations=0",
            "--failure-delay=0",
            "--activation-spawn=a",
        ] {
            assert!(Options::try_parse_from(["server", wrong]).is_err(), "{wrong}");
        }
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
