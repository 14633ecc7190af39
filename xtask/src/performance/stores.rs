//! A fresh database with a server over it.

#[allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the tests' own PostgreSQL"
)]
#[path = "../../../tests/store_postgres/cluster.rs"]
pub(crate) mod cluster;

use std::path::{Path, PathBuf};
use std::process::Command;

use countersign::store::{SqliteStore, Store};

use super::{LOAD, SERVER, probes};
use crate::process::{Programs, Server};
use crate::story::{read_json, text};
use cluster::Cluster;

/// Where records are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A database, and the folder of the server's files.
pub(super) struct Place {
    folder: PathBuf,
    /// None: a file in the folder.
    postgres: Option<(Cluster, String)>,
}

impl Place {
    pub(super) fn open(kind: Kind, folder: &Path) -> Result<Self, String> {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let postgres = (kind == Kind::Postgres).then(|| {
            let cluster = Cluster::new();
            let schema = cluster.schema();
            (cluster, schema)
        });
        Ok(Self {
            folder: folder.to_owned(),
            postgres,
        })
    }

    fn file(&self) -> PathBuf {
        self.folder.join("countersign.sqlite")
    }

    pub(super) fn server(&self, programs: &Programs) -> Result<Server, String> {
        let url = match &self.postgres {
            None => format!("sqlite:{}", self.file().display()),
            Some((cluster, schema)) => cluster.url(schema),
        };
        Server::start(Command::new(programs.find(SERVER)?), &url, &self.folder)
    }

    /// The records themselves; no server may run on a file.
    pub(super) fn store(&self) -> Result<Box<dyn Store>, String> {
        match &self.postgres {
            None => {
                let store = SqliteStore::open(self.file()).map_err(|error| error.to_string())?;
                Ok(Box::new(store))
            }
            Some((cluster, schema)) => {
                let store = cluster.open(schema).map_err(|error| error.to_string())?;
                Ok(Box::new(store))
            }
        }
    }

    /// Lets the database look at what it has, as it does by itself in time.
    pub(super) fn settle(&self) {
        if let Some((cluster, schema)) = &self.postgres {
            cluster.sql(&format!("VACUUM ANALYZE {schema}.cs_record"));
            cluster.sql(&format!("VACUUM ANALYZE {schema}.cs_entry"));
            cluster.sql("CHECKPOINT");
        }
    }

    /// Rates of what disk and database do by themselves.
    pub(super) fn probe(&self, seconds: u16) -> Result<Vec<(&'static str, u64)>, String> {
        let mut all = vec![(
            "write 4 KiB and `fdatasync`, one at a time",
            probes::flushes(&self.folder)?,
        )];
        if let Some((cluster, _)) = &self.postgres {
            all.push((
                "BEGIN, SELECT, UPDATE, INSERT, COMMIT, each awaited, 32 connections (`pgbench`)",
                probes::commits(cluster, seconds.max(1))?,
            ));
        }
        Ok(all)
    }

    /// Plays the load; its table.
    pub(super) fn load(
        &self,
        programs: &Programs,
        server: &Server,
        words: &[&str],
    ) -> Result<String, String> {
        let credentials = read_json(&self.folder.join("credentials.json"))?;
        // It stands for phones and back ends elsewhere: an answer that it gets does not interrupt who sends the next one.
        let mut command = Command::new("chrt");
        command
            .args(["--batch", "0"])
            .arg(programs.find(LOAD)?)
            .args(["--url", &server.url, "--pid", &server.id().to_string()])
            .args(["--user", &text(&credentials, "/integration/token")?])
            .args(words)
            .env(
                "COUNTERSIGN_LOAD_PASSWORD",
                text(&credentials, "/integration/secret")?,
            );
        super::text(&mut command)
    }
}
