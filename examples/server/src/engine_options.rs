//! The engine's settings on the command line.

use std::time::Duration;

use clap::Args;
use countersign::engine::spawn::SpawnRule;

use super::options::seconds;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use clap::Parser;

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
}
