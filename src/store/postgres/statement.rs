//! Statements: prepared once per connection, or sent whole where a pool in between hands each transaction to another one.

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Row};

/// A statement and the types of its parameters.
#[derive(Clone, Copy)]
pub(super) struct Sql {
    pub(super) text: &'static str,
    pub(super) types: &'static [Type],
}

/// A statement as a connection knows it.
pub(super) enum Statement {
    /// The connection has it.
    Prepared(tokio_postgres::Statement),
    /// It is sent each time, without a name.
    Sent(Sql),
}

impl Statement {
    /// Runs it in one round trip.
    pub(super) async fn query(
        &self,
        client: &Client,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Error> {
        match self {
            Self::Prepared(statement) => client.query(statement, parameters).await,
            Self::Sent(sql) => {
                let typed: Vec<_> = parameters
                    .iter()
                    .copied()
                    .zip(sql.types.iter().cloned())
                    .collect();
                client.query_typed(sql.text, &typed).await
            }
        }
    }

    /// Runs it in one round trip, for its effect.
    pub(super) async fn execute(
        &self,
        client: &Client,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<(), Error> {
        match self {
            Self::Prepared(statement) => client.execute(statement, parameters).await.map(drop),
            Self::Sent(_) => self.query(client, parameters).await.map(drop),
        }
    }
}

/// Parameters that are the collections and the ids of records.
pub(super) const KEYS: &[Type] = &[Type::TEXT_ARRAY, Type::TEXT_ARRAY];
