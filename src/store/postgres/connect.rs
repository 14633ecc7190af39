//! Connections: made within the timeout, with all their statements prepared, and the tables' layout.

use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, Error, NoTls, Socket};

use super::failure::{ConnectError, describe, may_retry};
use super::statement::{Sql, Statement};
use super::tls::Encryption;

/// Scripts that lead from one layout to the next. A released one is never edited: layout *n* is what
/// the first *n* scripts make.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001_records.sql")];

/// The lengths of arrays make PostgreSQL plan each statement anew, which costs more than running it. And
/// without statistics, as in the first minutes, one plan for all lengths may read whole tables, where
/// every statement has an index to follow.
const PLANS: &str = "SET plan_cache_mode = force_generic_plan;
    SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

/// Where the database is, and how it is talked to.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) config: Config,
    pub(super) encryption: Encryption,
    /// A pool in between hands each transaction to another connection: nothing may be left behind on one.
    pub(super) pooled: bool,
}

/// An open connection with `N` statements.
pub(super) struct Link<const N: usize> {
    pub(super) client: Client,
    pub(super) statements: [Statement; N],
    pub(super) pooled: bool,
    /// How long somebody waits for an answer.
    pub(super) limit: Duration,
    traffic: JoinHandle<()>,
}

impl<const N: usize> Drop for Link<N> {
    fn drop(&mut self) {
        // Otherwise the socket would stay open until everything asked for is answered.
        self.traffic.abort();
    }
}

impl<const N: usize> Link<N> {
    /// `session` are settings that a session of its own has to take.
    pub(super) async fn open(
        target: &Target,
        limit: Duration,
        session: &str,
        sql: [Sql; N],
    ) -> Result<Self, ConnectError> {
        let opened = timeout(limit, async {
            let (client, traffic) = connect(target).await?;
            let statements = match target.pooled {
                true => Ok(sql.map(Statement::Sent)),
                false => prepared(&client, session, sql).await,
            };
            Ok(Self {
                client,
                statements: statements?,
                pooled: target.pooled,
                limit,
                traffic,
            })
        });
        opened
            .await
            .unwrap_or_else(|_| Err(ConnectError::Unreachable("no answer in time".into())))
    }
}

/// The session's settings, then all statements in one round trip.
async fn prepared<const N: usize>(
    client: &Client,
    session: &str,
    sql: [Sql; N],
) -> Result<[Statement; N], ConnectError> {
    let told = client.batch_execute(session).await;
    told.map_err(|error| unreachable_because(&error))?;
    // A database that does not know a setting has no such habit.
    let _ = client.batch_execute(PLANS).await;
    let statements = try_join_all(sql.map(|sql| client.prepare(sql.text))).await;
    let statements = statements.map_err(|error| unreachable_because(&error))?;
    let statements: Vec<Statement> = statements.into_iter().map(Statement::Prepared).collect();
    statements
        .try_into()
        .map_err(|_| ConnectError::Unreachable("an answer is missing".into()))
}

/// A connection to somebody else's database, encrypted as those to ours.
#[cfg(feature = "adopt")]
pub(crate) async fn guest(url: &str, roots: Option<&[u8]>) -> Result<(Client, JoinHandle<()>), ConnectError> {
    let config: Config = url.parse().map_err(|_| ConnectError::Address)?;
    let target = Target {
        encryption: super::tls::encryption(&config, roots)?,
        config,
        pooled: false,
    };
    connect(&target).await
}

async fn connect(target: &Target) -> Result<(Client, JoinHandle<()>), ConnectError> {
    match &target.encryption {
        Encryption::Plain => connect_with(&target.config, NoTls).await,
        #[cfg(feature = "postgres-tls")]
        Encryption::Tls(connector) => {
            let mut config = target.config.clone();
            // Also where only the authorities were named: nothing goes out in clear then.
            config.ssl_mode(tokio_postgres::config::SslMode::Require);
            connect_with(&config, connector.clone()).await
        }
    }
}

async fn connect_with<T>(config: &Config, tls: T) -> Result<(Client, JoinHandle<()>), ConnectError>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let (client, connection) = config
        .connect(tls)
        .await
        .map_err(|error| unreachable_because(&error))?;
    let traffic = tokio::spawn(async move {
        // Who waits for an answer learns of the end by not getting it.
        let _ = connection.await;
    });
    Ok((client, traffic))
}

fn unreachable_because(error: &Error) -> ConnectError {
    ConnectError::Unreachable(describe(error))
}

/// Looks at the database's promises, and brings its tables to the newest layout. Any number of nodes
/// may do so at the same time.
pub(super) async fn prepare(
    target: &Target,
    limit: Duration,
    accept_unsafe: bool,
) -> Result<(), ConnectError> {
    let (mut client, traffic) = timeout(limit, connect(target))
        .await
        .unwrap_or_else(|_| Err(ConnectError::Unreachable("no answer in time".into())))?;
    let mut prepared = durable(&client, accept_unsafe).await;
    if prepared.is_ok() {
        prepared = migrate(&mut client).await;
    }
    traffic.abort();
    prepared
}

async fn durable(client: &Client, accept_unsafe: bool) -> Result<(), ConnectError> {
    let settings = "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes')";
    let rows = client.query_typed(settings, &[]).await;
    for row in rows.map_err(|error| unreachable_because(&error))? {
        let read = |column| row.try_get(column).map_err(|error| unreachable_because(&error));
        let (name, setting): (&str, &str) = (read(0)?, read(1)?);
        if setting == "off" && !accept_unsafe {
            return Err(ConnectError::NotDurable(match name {
                "fsync" => "fsync",
                _ => "full_page_writes",
            }));
        }
    }
    Ok(())
}

const CREATE: &str = "CREATE TABLE IF NOT EXISTS cs_layout (
        only_row BOOLEAN PRIMARY KEY CHECK (only_row), version BIGINT NOT NULL);
    INSERT INTO cs_layout VALUES (true, 0) ON CONFLICT DO NOTHING";

async fn migrate(client: &mut Client) -> Result<(), ConnectError> {
    // Two nodes that create the same table refuse each other once.
    for _ in 0..10 {
        match version(client).await {
            Ok(found) if found == known() => return Ok(()),
            Ok(found) if found > known() => {
                return Err(ConnectError::Newer {
                    found,
                    known: known(),
                });
            }
            Ok(_) => match apply(client).await {
                Err(error) if may_retry(&error) => {}
                Err(error) => return Err(tables(&error)),
                Ok(()) => {}
            },
            Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => {
                match client.batch_execute(CREATE).await {
                    Err(error)
                        if !may_retry(&error)
                            && error.code() != Some(&SqlState::DUPLICATE_TABLE)
                            && error.code() != Some(&SqlState::DUPLICATE_OBJECT) =>
                    {
                        return Err(tables(&error));
                    }
                    _ => {}
                }
            }
            Err(error) => return Err(tables(&error)),
        }
    }
    Err(ConnectError::Tables("somebody else keeps changing them".into()))
}

async fn version(client: &Client) -> Result<i64, Error> {
    let row = client
        .query_typed_opt("SELECT version FROM cs_layout", &[])
        .await?;
    row.map_or(Ok(0), |row| row.try_get(0))
}

async fn apply(client: &mut Client) -> Result<(), Error> {
    let transaction = client.transaction().await?;
    transaction
        .batch_execute("INSERT INTO cs_layout VALUES (true, 0) ON CONFLICT DO NOTHING")
        .await?;
    // The others wait here, and then find nothing left to do.
    let row = transaction
        .query_typed_one("SELECT version FROM cs_layout FOR UPDATE", &[])
        .await?;
    let found: i64 = row.try_get(0)?;
    for (script, version) in MIGRATIONS.iter().zip(1_i64..) {
        if version > found {
            transaction.batch_execute(script).await?;
        }
    }
    if found < known() {
        let update = "UPDATE cs_layout SET version = $1";
        transaction
            .execute_typed(update, &[(&known(), Type::INT8)])
            .await?;
    }
    transaction.commit().await
}

fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

fn tables(error: &Error) -> ConnectError {
    if error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION) {
        ConnectError::ReadOnly
    } else {
        ConnectError::Tables(describe(error))
    }
}
