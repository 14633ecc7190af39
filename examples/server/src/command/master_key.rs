//! `countersign-server rotate-master-key` and `retire-master-key`

use std::process::ExitCode;
use std::time::Duration;

use countersign::engine::rotation::{
    self, Caretaker, LEARN_WITHIN, Phase, Progress, RetireKey, SealingStatus,
};
use countersign::engine::system::Nothing;
use countersign::engine::{Config, Engine, Outcome};
use countersign::store::driver::drive;
use countersign::store::{Failure, Machine, Tx};

use super::{CommandError, say};
use crate::database::Connection;
use crate::host::System;
use crate::master_key;
use crate::options::{Database, Options};

/// Others may have the work meanwhile.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

pub(super) async fn rotate(options: &Options, alone: bool) -> Result<ExitCode, CommandError> {
    let connection = open(options)?;
    let (keyring, keeper) = master_key::load(&options.master_key_file, &connection).await?;
    let caretaker = Caretaker {
        keyring: &keyring,
        keeper: &keeper,
        store: &connection.store,
        lanes: &connection.lanes,
        host: &System,
        worker: getrandom::u64().map_err(std::io::Error::other)?,
        learn_within: if alone { 0 } else { LEARN_WITHIN },
    };
    let engine = Engine::new(Config::default(), keyring.clone());
    let mut status = decide(&connection, |tx| rotation::ask(&engine, tx, None)).await?;
    let mut told = None;
    while status.phase != Phase::Idle {
        if told != Some(status.phase) {
            told = Some(status.phase);
            match status.phase {
                Phase::Learning => say("waiting until running servers know the new key")?,
                Phase::Resealing => say(&format!("sealing everything with key {}", status.current))?,
                Phase::Asked | Phase::Idle => {}
            }
        }
        let step = caretaker.step().await;
        match step.map_err(|error| CommandError::Rotation(error.to_string()))? {
            Progress::Done => {}
            Progress::Idle => tokio::time::sleep(LOOK_AGAIN).await,
            Progress::Later(milliseconds) => {
                tokio::time::sleep(Duration::from_millis(milliseconds).min(LOOK_AGAIN)).await;
            }
        }
        status = decide(&connection, |tx| rotation::status(&engine, tx, &Nothing {})).await?;
    }
    tell(&status)?;
    Ok(match status.unreadable {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::from(super::FOUND),
    })
}

pub(super) async fn retire(options: &Options, key: u32) -> Result<ExitCode, CommandError> {
    let connection = open(options)?;
    let (keyring, _) = master_key::load(&options.master_key_file, &connection).await?;
    let engine = Engine::new(Config::default(), keyring);
    let request = RetireKey { key: Some(key) };
    tell(&decide(&connection, |tx| rotation::retire(&engine, tx, &request, None)).await?)?;
    Ok(ExitCode::SUCCESS)
}

fn tell(status: &SealingStatus) -> std::io::Result<()> {
    for key in &status.keys {
        let state = match (key.key == status.current, key.removable) {
            (true, _) => "current",
            (false, true) => "not needed any more",
            (false, false) => "may still be needed",
        };
        say(&format!("key {}: {state}", key.key))?;
    }
    say(&format!(
        "{} records looked at, {} sealed anew, {} unreadable",
        status.seen, status.resealed, status.unreadable
    ))
}

fn open(options: &Options) -> Result<Connection, CommandError> {
    let database = &options.database;
    match database {
        Database::Memory => Err(CommandError::Memory),
        Database::Sqlite(path) if !path.exists() => Err(CommandError::database(database, "there is none")),
        database => Connection::open(options).map_err(|error| CommandError::database(database, error)),
    }
}

async fn decide(
    connection: &Connection,
    decide: impl Fn(&mut Tx<'_>) -> Outcome<SealingStatus>,
) -> Result<SealingStatus, CommandError> {
    let mut machine = Machine::new(None, decide);
    let done = drive(&mut machine, &connection.store, &connection.lanes, &System).await;
    done.map_err(|failure| {
        CommandError::Rotation(match failure {
            Failure::Refused(error) => error.text().to_owned(),
            Failure::Fault(fault) => fault.to_string(),
        })
    })
}
