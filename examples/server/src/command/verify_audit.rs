//! `countersign-server verify-audit`

use std::process::ExitCode;
use std::sync::Arc;

use countersign::engine::audit;
use countersign::store::{SqliteReader, Store};

use super::{CommandError, FOUND, say};
use crate::database;
use crate::options::{DATABASES, Database, Options};

pub(super) async fn run(options: &Options, activation: Option<&str>) -> Result<ExitCode, CommandError> {
    let database = &options.database;
    let store = open(options)?;
    let report = match activation {
        Some(id) => audit::verify_activation(&*store, id).await,
        None => audit::verify(&*store).await,
    };
    let report = report.map_err(|error| CommandError::read(database, error))?;
    if activation.is_some() && report.chains == 0 {
        return Err(CommandError::NoActivation);
    }
    for finding in &report.findings {
        let (kind, id) = &finding.subject;
        say(&format!(
            "{kind} {id}: entry {} is {}",
            finding.number, finding.defect
        ))?;
    }
    let broken = report.findings.len();
    say(&format!(
        "{} chains, {} entries, {broken} broken",
        report.chains, report.entries
    ))?;
    Ok(match broken {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::from(FOUND),
    })
}

/// For reading. A database that does not exist is not made.
fn open(options: &Options) -> Result<Arc<dyn Store>, CommandError> {
    let database = &options.database;
    let failed = |error: &dyn ToString| CommandError::database(database, error.to_string());
    Ok(match database {
        Database::Unknown => return Err(failed(&DATABASES)),
        Database::Memory => return Err(CommandError::Memory),
        Database::Postgres(url) => {
            let store = database::postgres(url, options);
            Arc::new(store.map_err(|error| failed(&error))?)
        }
        Database::Sqlite(path) => Arc::new(SqliteReader::open(path).map_err(|error| failed(&error))?),
    })
}
