//! A PostgreSQL of the tests' own, in a temporary folder, reached through a socket there.
//!
//! `COUNTERSIGN_POSTGRES_BIN` names the folder of its programs when they are neither on the path nor where
//! Debian puts them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use countersign::store::{ConnectError, PostgresOptions, PostgresStore};

/// A running server; it ends when the last test lets go of it.
pub(crate) struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    server: Mutex<Option<Child>>,
    schemas: AtomicU64,
    /// Where it listens for the network; on its socket only for 0.
    port: u16,
    settings: Vec<String>,
}

static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());

impl Cluster {
    /// The one that all tests share.
    pub(crate) fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let cluster = Arc::new(Self::new());
            *shared = Arc::downgrade(&cluster);
            cluster
        })
    }

    /// One that a test stops, starts and misconfigures.
    pub(crate) fn new() -> Self {
        let cluster = Self::create(0);
        cluster.start();
        cluster
    }

    /// One with these settings.
    #[allow(dead_code, reason = "benchmarks share this file")]
    pub(crate) fn with(settings: &[&str]) -> Self {
        let mut cluster = Self::create(0);
        cluster.settings = settings.iter().map(ToString::to_string).collect();
        cluster.start();
        cluster
    }

    /// One that also listens on 127.0.0.1.
    #[allow(dead_code, reason = "benchmarks share this file")]
    pub(crate) fn listening() -> Self {
        let mut cluster = Self::create(free_port());
        cluster.settings = vec!["listen_addresses=127.0.0.1".to_owned()];
        cluster.start();
        cluster
    }

    /// One that listens on 127.0.0.1 with the key and the certificate in `pem`, and answers nobody there in clear.
    #[allow(dead_code, reason = "benchmarks share this file")]
    pub(crate) fn encrypted(pem: &str) -> Self {
        let mut cluster = Self::create(free_port());
        let data = Path::new(&cluster.data()).to_owned();
        let rules = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n";
        fs::write(data.join("pg_hba.conf"), rules).unwrap();
        let file = data.join("server.pem");
        fs::write(&file, pem).unwrap();
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        if root() {
            run(Command::new("chown").arg("postgres").arg(&file));
        }
        let settings = [
            "listen_addresses=127.0.0.1",
            "ssl=on",
            "ssl_cert_file=server.pem",
            "ssl_key_file=server.pem",
        ];
        cluster.settings = settings.map(str::to_owned).to_vec();
        cluster.start();
        cluster
    }

    /// Where it listens on 127.0.0.1.
    #[allow(dead_code, reason = "benchmarks share this file")]
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Its socket.
    #[allow(dead_code, reason = "benchmarks share this file")]
    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// Its files; not started.
    fn create(port: u16) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        // Short: a socket's path has to fit into 107 bytes.
        let folder = std::env::temp_dir().join(format!("cs-pg-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let cluster = Self {
            folder,
            programs: programs(),
            server: Mutex::new(None),
            schemas: AtomicU64::new(0),
            port,
            settings: Vec::new(),
        };
        if root() {
            run(Command::new("chown").arg("postgres").arg(&cluster.folder));
        }
        run(cluster.program("initdb").args([
            "--pgdata",
            &cluster.data(),
            "--username=bank",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ]));
        cluster
    }

    fn data(&self) -> String {
        self.folder.join("data").to_str().unwrap().to_owned()
    }

    /// A program of PostgreSQL's. It refuses to be root.
    pub(crate) fn program(&self, name: &str) -> Command {
        self.around(Command::new(self.programs.join(name)))
    }

    /// A program as the user that PostgreSQL runs as, which is not root.
    pub(crate) fn around(&self, program: Command) -> Command {
        let mut command = if root() {
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid=postgres", "--regid=postgres", "--init-groups"])
                .arg(program.get_program());
            command
        } else {
            program
        };
        command.current_dir(&self.folder);
        if self.port > 0 {
            command.env("PGPORT", self.port.to_string());
        }
        command
    }

    /// Starts it and waits until it answers.
    pub(crate) fn start(&self) {
        let socket = self.folder.to_str().unwrap();
        let mut program = self.program("postgres");
        program.args(["-D", &self.data(), "-k", socket]);
        let usual = [
            "listen_addresses=",
            "max_connections=200",
            "max_wal_size=256MB",
            "deadlock_timeout=50ms",
        ];
        for setting in usual.into_iter().chain(self.settings.iter().map(String::as_str)) {
            program.args(["-c", setting]);
        }
        let child = program
            .stdout(Stdio::null())
            .stderr(fs::File::create(self.folder.join("log")).unwrap())
            .spawn()
            .unwrap();
        *self.server.lock().unwrap() = Some(child);
        let until = Instant::now() + Duration::from_secs(60);
        while !self.answers() {
            assert!(
                Instant::now() < until,
                "PostgreSQL does not start: {}",
                fs::read_to_string(self.folder.join("log")).unwrap_or_default()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn answers(&self) -> bool {
        let mut ask = self.program("pg_isready");
        let ask = ask.args(["--quiet", "--host"]).arg(&self.folder);
        ask.status().is_ok_and(|status| status.success())
    }

    /// Stops it: `immediate` as a crash would, `fast` in an orderly way.
    pub(crate) fn stop(&self, mode: &str) {
        if let Some(mut child) = self.server.lock().unwrap().take() {
            run(self
                .program("pg_ctl")
                .args(["stop", "--silent", "--pgdata", &self.data(), "--mode", mode]));
            child.wait().unwrap();
        }
    }

    /// Runs statements as the owner.
    pub(crate) fn sql(&self, statements: &str) -> String {
        let output = self
            .program("psql")
            .args([
                "--quiet",
                "--no-align",
                "--tuples-only",
                "--username=bank",
                "--dbname=postgres",
            ])
            .args(["--set=ON_ERROR_STOP=1", "--host"])
            .arg(&self.folder)
            .args(["--command", statements])
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{statements}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// The name of an empty schema.
    pub(crate) fn schema(&self) -> String {
        let name = format!("s{}", self.schemas.fetch_add(1, Ordering::Relaxed));
        self.sql(&format!("CREATE SCHEMA {name}"));
        name
    }

    /// Removes everything from the tables in a schema.
    #[allow(dead_code, reason = "benchmarks share this file")]
    pub(crate) fn empty(&self, schema: &str) {
        self.sql(&format!(
            "DELETE FROM {schema}.cs_record; DELETE FROM {schema}.cs_entry"
        ));
    }

    /// The same as one address, for a server.
    #[allow(dead_code, reason = "benchmarks share this file")]
    pub(crate) fn url(&self, schema: &str) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://bank@{folder}/postgres?options=-c%20search_path%3D{schema}")
    }

    /// Options for a store in a schema.
    pub(crate) fn options(&self, schema: &str) -> PostgresOptions {
        PostgresOptions::new(format!(
            "host={} user=bank dbname=postgres options='-c search_path={schema}'",
            self.folder.display()
        ))
    }

    /// A store in a schema.
    pub(crate) fn open(&self, schema: &str) -> Result<PostgresStore, ConnectError> {
        PostgresStore::open(self.options(schema))
    }

    /// An empty store.
    pub(crate) fn store(&self) -> PostgresStore {
        self.open(&self.schema()).unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop("immediate");
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A port that nobody listens on now.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|it| std::os::unix::fs::MetadataExt::uid(&it) == 0)
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Where `initdb` is.
fn programs() -> PathBuf {
    if let Some(named) = std::env::var_os("COUNTERSIGN_POSTGRES_BIN") {
        return named.into();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut debian: Vec<PathBuf> = debian
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    debian.sort();
    std::env::split_paths(&path)
        .chain(debian.into_iter().rev())
        // The one on the path may be a link, with its companions elsewhere.
        .find_map(|folder| fs::canonicalize(Path::new(&folder).join("initdb")).ok())
        .and_then(|initdb| initdb.parent().map(Path::to_path_buf))
        .expect("PostgreSQL's programs (initdb, postgres) are needed: apt-get install postgresql")
}
