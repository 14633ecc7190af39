//! Where options come from: the command line, then the environment, then the file of `--config`, then the defaults.
//!
//! Every option has a variable (`--max-body` is `COUNTERSIGN_MAX_BODY`) and a key in the file (`max-body = 65536`), but
//! for `--open`, which has no variable.

use std::ffi::OsString;
use std::path::Path;

use clap::builder::ArgAction;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory, Error, FromArgMatches};
use toml::{Table, Value};

use super::options::{Database, Options};

/// The largest file of settings, and of a database's address.
const FILE_BYTES: u64 = 256 * 1024;

/// All options.
///
/// # Errors
/// What the command line's parser says; texts about the file tell its name and a key, never a value.
pub(crate) fn load(arguments: impl IntoIterator<Item = OsString>) -> Result<Options, Error> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let mut command = Options::command().mut_args(|option| match option.get_long() {
        Some(long) if option.get_env().is_none() && long != "open" => {
            let variable = format!("COUNTERSIGN_{}", long.replace('-', "_").to_uppercase());
            // Once per option and process.
            let variable: &'static str = Box::leak(variable.into_boxed_str());
            option.env(variable)
        }
        _ => option,
    });
    let mut matches = command.try_get_matches_from_mut(&arguments)?;
    if let Some(file) = matches.get_one::<std::path::PathBuf>("config").cloned() {
        let settings = read(&file)
            .and_then(|text| table(&text))
            .and_then(|table| as_arguments(&table, &command, &matches));
        let settings = settings.map_err(|text| {
            let text = format!("the settings in {}: {text}", file.display());
            command.error(ErrorKind::ValueValidation, text)
        })?;
        // Before the command line's own, so that a command may follow those.
        let program = arguments.iter().take(1).cloned();
        let rest = arguments.iter().skip(1).cloned();
        let all: Vec<OsString> = program.chain(settings).chain(rest).collect();
        matches = command.try_get_matches_from_mut(&all)?;
    }
    let mut options = Options::from_arg_matches(&matches)?;
    if let Some(file) = &options.database_file {
        let address = read(file).map_err(|text| {
            let text = format!("the database's address in {}: {text}", file.display());
            command.error(ErrorKind::ValueValidation, text)
        })?;
        // What it is not is told later, without repeating it.
        options.database = address.trim().parse().unwrap_or(Database::Unknown);
    }
    Ok(options)
}

fn read(file: &Path) -> Result<String, String> {
    let length = std::fs::metadata(file).map_err(|error| error.to_string())?.len();
    if length > FILE_BYTES {
        return Err("too large".to_owned());
    }
    std::fs::read_to_string(file).map_err(|error| error.to_string())
}

/// The parser's own texts would show the line that is wrong.
fn table(text: &str) -> Result<Table, String> {
    text.parse::<Table>().map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
        format!("line {line} is not TOML")
    })
}

/// What the file says and neither command line nor environment have said.
fn as_arguments(table: &Table, command: &Command, said: &ArgMatches) -> Result<Vec<OsString>, String> {
    let mut arguments = Vec::new();
    for (key, value) in table {
        let option = command
            .get_arguments()
            .find(|option| {
                option.get_long() == Some(key) && !["config", "help", "version"].contains(&key.as_str())
            })
            .ok_or_else(|| format!("there is no option {key:?}"))?;
        if matches!(
            said.value_source(option.get_id().as_str()),
            Some(ValueSource::CommandLine | ValueSource::EnvVariable)
        ) {
            continue;
        }
        match (option.get_action(), value) {
            (ArgAction::SetTrue, Value::Boolean(true)) => arguments.push(format!("--{key}").into()),
            (ArgAction::SetTrue, Value::Boolean(false)) => {}
            (ArgAction::SetTrue, _) => return Err(format!("{key} is true or false")),
            (ArgAction::Append, Value::Array(values)) => {
                for value in values {
                    arguments.push(argument(key, value)?);
                }
            }
            (_, value) => arguments.push(argument(key, value)?),
        }
    }
    Ok(arguments)
}

fn argument(key: &str, value: &Value) -> Result<OsString, String> {
    match value {
        Value::String(text) => Ok(format!("--{key}={text}").into()),
        Value::Integer(number) => Ok(format!("--{key}={number}").into()),
        _ => Err(format!("{key} is a text or a whole number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Options from a file with `text` and a command line.
    fn options(text: &str, arguments: &[&str]) -> Result<Options, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        std::fs::write(&file, text).unwrap();
        let mut all: Vec<OsString> = vec!["server".into(), "--config".into(), file.into()];
        all.extend(arguments.iter().map(OsString::from));
        load(all).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_says_what_the_command_line_does_not() {
        let text = "listen = \"127.0.0.1:9999\"\nmax-body = 1000\nnumber-matching = true\nplain-forms = false\n\
                    trusted-proxy = [\"10.0.0.1\", \"10.0.0.2\"]\nactivation-spawn = [\"a:b:c\", \"d:e:f:G,H\"]\n";
        let found = options(text, &[]).unwrap();
        assert_eq!((found.listen.port(), found.bounds.max_body), (9999, 1000));
        assert_eq!(found.trusted_proxy.len(), 2);
        let config = found.engine.config();
        assert!(config.number_matching && !config.plain_forms);
        assert_eq!(config.activation_spawn.len(), 2);
        let found = options(text, &["--max-body=2000", "--trusted-proxy=10.0.0.9"]).unwrap();
        assert_eq!((found.listen.port(), found.bounds.max_body), (9999, 2000));
        assert_eq!(found.trusted_proxy.len(), 1);
        // Also in front of a command, and said after it.
        let found = options(
            "master-key-file = \"a\"\ndatabase = \"memory:\"",
            &["verify-audit", "--database=sqlite:b"],
        );
        let found = found.unwrap();
        assert_eq!(found.database, Database::Sqlite("b".into()));
        assert_eq!(found.master_key_file, std::path::PathBuf::from("a"));
    }

    #[test]
    fn what_is_wrong_in_a_file_is_told_without_values() {
        for (text, told) in [
            ("lissten = \"x\"", "there is no option \"lissten\""),
            ("config = \"x\"", "there is no option \"config\""),
            ("help = true", "there is no option \"help\""),
            ("alone = true", "there is no option \"alone\""),
            ("[engine]\nlook-ahead = 5", "there is no option \"engine\""),
            ("max-body = 1.5", "max-body is a text or a whole number"),
            ("max-body = [1, 2]", "max-body is a text or a whole number"),
            ("number-matching = \"yes\"", "number-matching is true or false"),
            ("\ndatabase = postgres://u:hunter2@h/d", "line 2 is not TOML"),
            ("max-body = 1\nmax-body = 2", "line 2 is not TOML"),
            ("body-timeout = 0", "expected seconds"),
            (
                "database-file = \"/nowhere/hunter\"",
                "the database's address in /nowhere/hunter",
            ),
            (
                "database = \"memory:\"\ndatabase-file = \"x\"",
                "cannot be used with",
            ),
        ] {
            let error = options(text, &[]).err().unwrap();
            assert!(
                error.contains(told) && !error.contains("hunter2"),
                "{text}: {error}"
            );
        }
        let absent = load(["server", "--config", "/nowhere/at/all"].map(OsString::from));
        assert!(absent.unwrap_err().to_string().contains("/nowhere/at/all"));
    }

    #[test]
    fn the_address_of_the_database_may_be_a_secret_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("address");
        std::fs::write(&file, "postgres://u:hunter2@localhost/d\n").unwrap();
        let found = options(&format!("database-file = {:?}", file.display().to_string()), &[]).unwrap();
        assert_eq!(
            found.database,
            Database::Postgres("postgres://u:hunter2@localhost/d".into())
        );
        assert!(!format!("{found:?}").contains("hunter2"));
    }

    #[test]
    fn the_example_for_production_is_understood() {
        let found = options(include_str!("../deploy/settings.toml"), &[]).unwrap();
        assert_eq!((found.trusted_proxy.len(), found.listen.port()), (2, 8080));
    }

    #[test]
    fn every_option_has_a_variable() {
        let command = Options::command();
        let longs: Vec<&str> = command.get_arguments().filter_map(|it| it.get_long()).collect();
        println!("{} options", longs.len());
        assert!(longs.len() > 40);
        for option in command.get_arguments() {
            let (Some(long), Some(variable)) = (option.get_long(), option.get_env()) else {
                continue;
            };
            // By the same rule where they are written out.
            let expected = format!("COUNTERSIGN_{}", long.replace('-', "_").to_uppercase());
            assert_eq!(variable.to_str(), Some(expected.as_str()));
        }
    }
}
