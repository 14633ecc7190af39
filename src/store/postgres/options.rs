//! How a database is opened.

use std::fmt;
use std::time::Duration;

/// How a database is opened.
#[derive(Clone)]
#[non_exhaustive]
pub struct PostgresOptions {
    /// Where it is: `postgres://user:password@host:port/database?…` or `key=value …`, as libpq reads
    /// them. The name of the schema is the first of the user's search path. `sslmode=require` encrypts, and always verifies
    /// the certificate; `sslmode=disable` does not. One of the two is needed unless the database is on this machine.
    pub url: String,
    /// PEM of the authorities that the database's certificate has to lead to; Mozilla's list when absent. Connections are
    /// then encrypted whatever the address says, unless it says `sslmode=disable`.
    pub root_certificates: Option<Vec<u8>>,
    /// Whether a pool in between, such as PgBouncer with `pool_mode = transaction`, hands each transaction to another
    /// connection. Nothing is prepared then, at some cost for the database. Not needed where the pool carries prepared
    /// statements over (PgBouncer from 1.21 on, with `max_prepared_statements`), nor with sessions pooled whole. `false`.
    pub pooled: bool,
    /// Connections for reads; each carries any number of them at the same time. 4.
    pub readers: usize,
    /// Connections for commits, each with one transaction at a time. 2: more of them wait for each
    /// other's records and for the same disk.
    pub writers: usize,
    /// Batches in one transaction at most. 128.
    pub group: usize,
    /// Requests that may wait; more are refused at once. 4,096.
    pub queue: usize,
    /// How long a connection, a read or one half of a transaction may take. 5 seconds.
    pub timeout: Duration,
    /// Whether to open a database that may forget what it has confirmed (`fsync` or
    /// `full_page_writes` off). Never with anything of value. `false`.
    pub accept_unsafe_database: bool,
}

impl PostgresOptions {
    /// The defaults for the database at `url`.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            root_certificates: None,
            pooled: false,
            readers: 4,
            writers: 2,
            group: 128,
            queue: 4_096,
            timeout: Duration::from_secs(5),
            accept_unsafe_database: false,
        }
    }
}

/// Without the address: it may carry a password.
impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("pooled", &self.pooled)
            .field("readers", &self.readers)
            .field("writers", &self.writers)
            .field("group", &self.group)
            .field("queue", &self.queue)
            .field("timeout", &self.timeout)
            .field("accept_unsafe_database", &self.accept_unsafe_database)
            .finish_non_exhaustive()
    }
}
