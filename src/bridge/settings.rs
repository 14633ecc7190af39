//! Settings of the engine as a host in another language writes them: a JSON object, every member optional.
//!
//! Names are those of [`Config`] in `camelCase` (`maxFailedAttempts`, `activationValidity` …), with its units, and
//! `families`: the API families that are served, of `server`, `standard`, `mobile`, `admin`, `cloud`; all when it is missing.

use serde::Deserialize;

use super::code::{Code, Error};
use super::unreadable;
use crate::api::Family;
use crate::engine::Config;
use crate::engine::spawn::SpawnRule;

/// An hour, a day and more: longer than this is a mistake of the unit.
const LONG: u64 = 366 * 24 * 3_600_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Spawn {
    from: String,
    requested: String,
    application: String,
    #[serde(default)]
    flags: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Served {
    Server,
    Standard,
    Mobile,
    Admin,
    Cloud,
}

macro_rules! settings {
    (
        values { $($value:ident: $type:ty),* $(,)? }
        numbers { $($number:ident: $integer:ty = $range:expr),* $(,)? }
    ) => {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Written {
            families: Option<Vec<Served>>,
            activation_spawn: Option<Vec<Spawn>>,
            max_pending_operations: Option<u8>,
            $($value: Option<$type>,)*
            $($number: Option<$integer>,)*
        }

        fn overlay(written: Written, config: &mut Config) -> Result<(), Error> {
            $(if let Some(value) = written.$value { config.$value = value; })*
            $(if let Some(value) = written.$number {
                if !($range).contains(&value) {
                    return Err(Error::new(Code::Argument, concat!("settings: ", stringify!($number))));
                }
                config.$number = value;
            })*
            if written.max_pending_operations == Some(0) {
                return Err(Error::new(Code::Argument, "settings: max_pending_operations"));
            }
            config.max_pending_operations = written.max_pending_operations;
            let rules = written.activation_spawn.unwrap_or_default().into_iter();
            config.activation_spawn = rules
                .map(|rule| SpawnRule {
                    from: rule.from,
                    requested: rule.requested,
                    application: rule.application,
                    flags: rule.flags,
                })
                .collect();
            Ok(())
        }
    };
}

settings! {
    values {
        application_name: String,
        application_display_name: String,
        application_environment: String,
        service_base_url: String,
        vault_with_biometry: bool,
        plain_forms: bool,
        number_matching: bool,
    }
    numbers {
        activation_validity: u64 = 1..=LONG,
        max_failed_attempts: u64 = 1..=100,
        max_recovery_attempts: u64 = 1..=64,
        look_ahead: u8 = 1..=64,
        offline_component_length: u8 = 4..=8,
        request_window: u64 = 1..=LONG,
        request_window_extended: u64 = 1..=LONG,
        token_validity: u64 = 1..=LONG,
        token_forward_validity: u64 = 0..=LONG,
        temporary_key_validity: u64 = 1..=LONG,
        proximity_otp_length: u8 = 6..=8,
        proximity_step: u64 = 1..=3_600,
        proximity_steps_back: u32 = 0..=100,
        default_page_size: u32 = 1..=1_000,
        max_page_size: u32 = 1..=1_000,
        event_retention: u64 = 1..=LONG,
        event_attempts: u32 = 1..=1_000,
        failure_delay: u64 = 0..=3_600_000,
    }
}

/// What the settings say of the engine, and which families are served.
///
/// # Errors
/// [`Code::Argument`] for a text that is no such object, an unknown member, or a number out of its range; the error names it.
pub fn read(text: &str) -> Result<(Config, Vec<Family>), Error> {
    let mut written: Written = serde_json::from_str(text).map_err(|error| unreadable("settings", &error))?;
    let families = written.families.take();
    let all = || {
        vec![
            Served::Server,
            Served::Standard,
            Served::Mobile,
            Served::Admin,
            Served::Cloud,
        ]
    };
    let families = families
        .unwrap_or_else(all)
        .into_iter()
        .map(|family| match family {
            Served::Server => Family::Server,
            Served::Standard => Family::Standard,
            Served::Mobile => Family::Mobile,
            Served::Admin => Family::Admin,
            Served::Cloud => Family::Cloud,
        });
    let families = families.collect();
    let mut config = Config::default();
    overlay(written, &mut config)?;
    Ok((config, families))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_counts() {
        let (config, families) = read("{}").unwrap();
        assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
        assert_eq!(families.len(), 5);
        let text = r#"{"maxFailedAttempts":3,"vaultWithBiometry":true,"serviceBaseUrl":"https://bank.example/",
            "maxPendingOperations":2,"families":["standard"],
            "activationSpawn":[{"from":"a","requested":"b","application":"c"}]}"#;
        let (config, families) = read(text).unwrap();
        assert_eq!(
            (config.max_failed_attempts, config.max_pending_operations),
            (3, Some(2))
        );
        assert!(config.vault_with_biometry && config.activation_spawn.len() == 1);
        assert_eq!(config.look_ahead, Config::default().look_ahead);
        assert_eq!(families.len(), 1);
    }

    #[test]
    fn mistakes_are_named_and_not_repeated() {
        for (text, word) in [
            ("", "JSON"),
            ("[]", "member"),
            (r#"{"maxFailedAttempts":0}"#, "max_failed_attempts"),
            (r#"{"lookAhead":65}"#, "look_ahead"),
            (r#"{"lookAhead":256}"#, "line 1"),
            (r#"{"maxPendingOperations":0}"#, "max_pending_operations"),
            (r#"{"secretWord":1}"#, "member"),
            (r#"{"families":["secretWord"]}"#, "member"),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.code, Code::Argument, "{text}");
            assert!(error.detail.contains(word), "{text}: {error}");
            assert!(!error.detail.contains("secretWord"), "{error}");
        }
    }
}
