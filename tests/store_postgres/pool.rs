//! PgBouncer in between, which hands each transaction to another connection.

use std::process::{Child, Command, Stdio};

use super::*;

/// A running PgBouncer of few connections; it ends with the test.
struct Pool {
    child: Child,
    port: u16,
}

impl Pool {
    fn start(cluster: &Cluster) -> Self {
        let port = cluster::free_port();
        let folder = cluster.socket().parent().unwrap().to_owned();
        let settings = format!(
            "[databases]\npostgres = user=bank host={folder} dbname=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = any\nauth_file =\npool_mode = transaction\ndefault_pool_size = 3\n",
            folder = folder.display()
        );
        let file = folder.join(format!("pool-{port}.ini"));
        std::fs::write(&file, settings).unwrap();
        let child = cluster
            .around(Command::new(program()))
            .arg("--quiet")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("PgBouncer is needed: apt-get install pgbouncer");
        let until = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "PgBouncer does not start");
            std::thread::yield_now();
        }
        Self { child, port }
    }

    fn options(&self) -> PostgresOptions {
        let mut options = PostgresOptions::new(format!(
            "host=127.0.0.1 port={} user=bank dbname=postgres",
            self.port
        ));
        options.pooled = true;
        options
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Debian puts it where only administrators look.
fn program() -> &'static str {
    let debian = "/usr/sbin/pgbouncer";
    match std::path::Path::new(debian).exists() {
        true => debian,
        false => "pgbouncer",
    }
}

/// The schema comes from the role: a pool takes no settings of a session.
fn in_schema(cluster: &Cluster, schema: &str) {
    cluster.sql(&format!("ALTER ROLE bank SET search_path = {schema}"));
    // Connections of the pool that still have the old one.
    cluster.sql(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()
                 AND usename = 'bank'",
    );
}

#[test]
fn transactions_through_a_pool_conform() {
    let cluster = Cluster::new();
    let pool = Pool::start(&cluster);
    let schema = cluster.schema();
    in_schema(&cluster, &schema);
    drop(open(&pool));
    let cases = conformance::run(|| {
        cluster.empty(&schema);
        open(&pool)
    })
    .unwrap();
    println!("{cases} cases through a pool");
    assert!(cases >= 35);
    cluster.empty(&schema);
    // Nothing prepared and no setting was left behind on the connections that others get next.
    let store = [open(&pool), open(&pool)];
    let (told, open) = nodes::add(&store, 8, 11, |round| round == 25);
    assert_eq!((told, open, nodes::value(&store[0])), (200, 0, 200));
}

/// PgBouncer tells the first caller of a connection that the database has closed.
fn open(pool: &Pool) -> PostgresStore {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        match PostgresStore::open(pool.options()) {
            Ok(store) => return store,
            Err(error) => assert!(Instant::now() < until, "{error}"),
        }
    }
}
