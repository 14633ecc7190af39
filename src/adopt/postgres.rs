//! A running PostgreSQL of the old server, read in one read-only transaction: every table as it was at the same moment,
//! whatever the old server does meanwhile.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::{Client, Statement};

use super::row::{Layout, Row};
use super::source::{Item, Page, Source, SourceError};
use super::table::Table;
use super::zone::Zone;
use crate::store::Fut;
use crate::store::postgres::{describe, guest};

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The snapshot, and moments written so that they can be read.
const BEGIN: &str = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL TimeZone = 'UTC'; SET LOCAL statement_timeout = '60s'";

/// A database. Its tables are found on the user's search path.
pub struct Database {
    client: Client,
    traffic: JoinHandle<()>,
    zone: Zone,
    tables: HashMap<Table, Option<Reading>>,
}

/// Without the address: it may carry a password.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").finish_non_exhaustive()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.traffic.abort();
    }
}

/// How a table is read.
struct Reading {
    layout: Arc<Layout>,
    /// Columns that are selected, by their place among those that are read.
    places: Vec<usize>,
    first: Statement,
    next: Statement,
    /// Estimate of the database's own.
    rows: f64,
    read: f64,
}

fn failed(error: &tokio_postgres::Error) -> SourceError {
    SourceError::Database(describe(error))
}

/// The primary key in the order of its index, and the type of its numbers.
fn key(table: Table) -> (&'static [&'static str], &'static str) {
    match table {
        Table::Callback | Table::Integration | Table::Operation => (&["id"], "text"),
        Table::Activation => (&["activation_id"], "text"),
        Table::Token => (&["token_id"], "text"),
        Table::UniqueValue => (&["unique_value"], "text"),
        Table::OperationApplication => (&["application_id", "operation_id"], "text"),
        _ => (&["id"], "bigint"),
    }
}

/// Statements that read the first rows, and those after a key.
fn statements(table: Table, columns: &[&str]) -> (String, String) {
    let (keys, kind) = key(table);
    let fields: Vec<String> = columns.iter().map(|name| format!("{name}::text")).collect();
    let select = format!("SELECT {} FROM {}", fields.join(", "), table.name());
    // A bare name would mean the text that is selected under it.
    let own: Vec<String> = keys.iter().map(|key| format!("{}.{key}", table.name())).collect();
    let order = format!("ORDER BY {}", own.join(", "));
    let after = match keys {
        [one] => format!("{one} > $2::text::{kind}"),
        _ => format!("({}) > ($2::text::bigint, $3::text)", keys.join(", ")),
    };
    (
        format!("{select} {order} LIMIT $1::text::bigint"),
        format!("{select} WHERE {after} {order} LIMIT $1::text::bigint"),
    )
}

impl Database {
    /// Connects to `url`, `postgres://…` or `key=value …` as libpq reads them, and begins the transaction. Needs a Tokio
    /// runtime with IO and time.
    ///
    /// `sslmode` and `roots`, PEM of the authorities that its certificate has to lead to, decide about TLS as for our own
    /// database: see [`PostgresOptions`](crate::store::PostgresOptions). Moments were written in `zone`.
    ///
    /// # Errors
    /// [`SourceError::Database`].
    pub async fn connect(url: &str, roots: Option<&[u8]>, zone: Zone) -> Result<Self, SourceError> {
        let opened = timeout(PATIENCE, async {
            let connected = guest(url, roots).await;
            let (client, traffic) = connected.map_err(|error| SourceError::Database(error.to_string()))?;
            let database = Self {
                client,
                traffic,
                zone,
                tables: HashMap::new(),
            };
            let begun = database.client.batch_execute(BEGIN).await;
            begun.map_err(|error| failed(&error))?;
            Ok(database)
        });
        let late = |_| Err(SourceError::Database("no answer in time".to_owned()));
        opened.await.unwrap_or_else(late)
    }

    async fn prepare(&self, table: Table) -> Result<Option<Reading>, tokio_postgres::Error> {
        let known = "SELECT attname::text, (SELECT reltuples::text FROM pg_class WHERE oid = attrelid) FROM pg_attribute
            WHERE attrelid = to_regclass($1::text) AND attnum > 0 AND NOT attisdropped";
        let known = self.client.query(known, &[&table.name()]).await?;
        let mut rows = 0.0;
        let mut names = Vec::with_capacity(known.len());
        for row in &known {
            names.push(row.try_get::<_, String>(0)?);
            rows = row
                .try_get::<_, Option<String>>(1)?
                .and_then(|it| it.parse().ok())
                .unwrap_or(0.0);
        }
        if names.is_empty() {
            return Ok(None);
        }
        let wanted = table.columns().iter().map(|(name, _)| *name);
        let present: Vec<bool> = wanted
            .clone()
            .map(|name| names.iter().any(|known| known == name))
            .collect();
        let (places, columns): (Vec<usize>, Vec<&str>) = wanted
            .enumerate()
            .zip(&present)
            .filter(|(_, present)| **present)
            .map(|(column, _)| column)
            .unzip();
        let (first, next) = statements(table, &columns);
        Ok(Some(Reading {
            layout: Arc::new(Layout {
                present,
                zone: self.zone.clone(),
            }),
            places,
            first: self.client.prepare(&first).await?,
            next: self.client.prepare(&next).await?,
            rows,
            read: 0.0,
        }))
    }

    async fn read(
        &mut self,
        table: Table,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page, tokio_postgres::Error> {
        if !self.tables.contains_key(&table) {
            let reading = self.prepare(table).await?;
            self.tables.insert(table, reading);
        }
        let Some(Some(reading)) = self.tables.get_mut(&table) else {
            return Ok(Page {
                items: Vec::new(),
                end: true,
            });
        };
        let most = limit.to_string();
        let (keys, _) = key(table);
        let rows = match (after, keys) {
            (None, _) => self.client.query(&reading.first, &[&most]).await?,
            (Some(after), [_]) => self.client.query(&reading.next, &[&most, &after]).await?,
            (Some(after), _) => {
                let (first, second) = after.split_once('/').unwrap_or((after, ""));
                self.client
                    .query(&reading.next, &[&most, &first, &second])
                    .await?
            }
        };
        let end = rows.len() < limit;
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            let mut values = vec![None; reading.layout.present.len()];
            for (at, place) in reading.places.iter().enumerate() {
                if let Some(value) = values.get_mut(*place) {
                    *value = row.try_get(at)?;
                }
            }
            let value = |name: &str| {
                let place = table.columns().iter().position(|(known, _)| *known == name);
                let value: Option<&String> = place.and_then(|at| values.get(at)).and_then(Option::as_ref);
                value.cloned().unwrap_or_default()
            };
            let position: Vec<String> = keys.iter().map(|name| value(name)).collect();
            reading.read += 1.0;
            items.push(Item {
                position: position.join("/"),
                row: Ok(Row::new(table, Arc::clone(&reading.layout), values)),
            });
        }
        Ok(Page { items, end })
    }

    async fn look(
        &self,
        table: Table,
        column: &'static str,
        keys: &[String],
    ) -> Result<Vec<Option<String>>, tokio_postgres::Error> {
        let (key, kind) = key(table);
        let key = key.first().copied().unwrap_or_default();
        let name = table.name();
        let sql =
            format!("SELECT {key}::text, {column}::text FROM {name} WHERE {key} = ANY($1::text[]::{kind}[])");
        let mut values = HashMap::new();
        for row in self.client.query(&sql, &[&keys]).await? {
            if let Some(value) = row.try_get::<_, Option<String>>(1)? {
                values.insert(row.try_get::<_, String>(0)?, value);
            }
        }
        Ok(keys.iter().map(|key| values.get(key).cloned()).collect())
    }
}

impl Source for Database {
    fn page<'a>(
        &'a mut self,
        table: Table,
        after: Option<&'a str>,
        limit: usize,
    ) -> Fut<'a, Result<Page, SourceError>> {
        Box::pin(async move {
            self.read(table, after, limit)
                .await
                .map_err(|error| failed(&error))
        })
    }

    fn before(&self, _: Table, number: u64) -> Option<String> {
        Some(number.to_string())
    }

    fn lookup<'a>(
        &'a mut self,
        table: Table,
        column: &'static str,
        keys: &'a [String],
    ) -> Fut<'a, Result<Vec<Option<String>>, SourceError>> {
        Box::pin(async move {
            self.look(table, column, keys)
                .await
                .map_err(|error| failed(&error))
        })
    }

    fn share(&self, table: Table, _: Option<&str>) -> Option<f64> {
        let reading = self.tables.get(&table)?.as_ref()?;
        (reading.rows > 0.0).then(|| (reading.read / reading.rows).min(1.0))
    }
}
