//! The real binary on a free port, and callers of it.
#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod customer;
pub(crate) mod phone;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};

/// User name and secret.
pub(crate) type Auth = (String, String);

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) out: Vec<String>,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
    pub(crate) agent: ureq::Agent,
}

/// How a start went wrong.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) code: Option<i32>,
    pub(crate) text: String,
}

/// Runs the program with these arguments, and nothing in its environment: exit code and both outputs.
pub(crate) fn command<A: AsRef<std::ffi::OsStr>>(
    arguments: impl IntoIterator<Item = A>,
) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign-server"));
    let done = command.args(arguments).env_clear().output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.code(), text(done.stdout), text(done.stderr))
}

/// Files of a server in a folder.
pub(crate) struct Files(pub(crate) PathBuf);

impl Files {
    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("db.sqlite")
    }

    pub(crate) fn credentials(&self) -> PathBuf {
        self.0.join("credentials.json")
    }

    pub(crate) fn master_key(&self) -> PathBuf {
        self.0.join("key.json")
    }

    pub(crate) fn integration(&self) -> Auth {
        let file: Value = serde_json::from_slice(&std::fs::read(self.credentials()).unwrap()).unwrap();
        let text = |name: &str| file["integration"][name].as_str().unwrap().to_owned();
        (text("token"), text("secret"))
    }

    pub(crate) fn administrator(&self) -> Auth {
        let file: Value = serde_json::from_slice(&std::fs::read(self.credentials()).unwrap()).unwrap();
        let text = |name: &str| file["admin"][name].as_str().unwrap().to_owned();
        (text("user"), text("password"))
    }
}

pub(crate) fn files(folder: &tempfile::TempDir) -> Files {
    Files(folder.path().to_owned())
}

impl Server {
    /// Starts over `files` with the SQLite file there.
    pub(crate) fn start(files: &Files, more: &[&str]) -> Self {
        Self::try_start(files, more).unwrap()
    }

    /// As [`Server::start`], in memory.
    pub(crate) fn in_memory(files: &Files, more: &[&str]) -> Self {
        let mut arguments = vec!["--database", "memory:"];
        arguments.extend(more);
        Self::try_start(files, &arguments).unwrap()
    }

    /// As [`Server::start`], on the database that `more` leads to.
    pub(crate) fn configured(files: &Files, more: &[&str]) -> Self {
        Self::launch(files, more, false).unwrap()
    }

    /// As [`Server::configured`], of which the start is refused.
    pub(crate) fn configured_or_refused(files: &Files, more: &[&str]) -> Refused {
        match Self::launch(files, more, false) {
            Ok(_) => panic!("the server started"),
            Err(refused) => refused,
        }
    }

    pub(crate) fn try_start(files: &Files, more: &[&str]) -> Result<Self, Refused> {
        Self::launch(files, more, !more.contains(&"--database"))
    }

    fn launch(files: &Files, more: &[&str], with_database: bool) -> Result<Self, Refused> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign-server"));
        if !more.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        command.arg("--credentials").arg(files.credentials());
        command.arg("--master-key-file").arg(files.master_key());
        if with_database {
            command
                .arg("--database")
                .arg(format!("sqlite:{}", files.database().display()));
        }
        command.args(more).current_dir(&files.0).env_clear();
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();

        let log = Arc::new(Mutex::new(String::new()));
        let (stderr, sink) = (child.stderr.take().unwrap(), Arc::clone(&log));
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let mut log = sink.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        let mut out = Vec::new();
        let mut address = None;
        let mut lines = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        for line in &mut lines {
            address = line
                .strip_prefix("listening on http://")
                .map(|it| it.parse::<SocketAddr>().unwrap());
            out.push(line);
            if address.is_some() {
                break;
            }
        }
        let Some(address) = address else {
            let code = child.wait().unwrap().code();
            reader.join().unwrap();
            let text = log.lock().unwrap().clone();
            return Err(Refused { code, text });
        };
        // Kept open, so that later lines do not fail; read along for the test of separate metrics.
        std::thread::spawn(move || lines.for_each(drop));
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .max_idle_connections(256)
            .max_idle_connections_per_host(256)
            .build();
        Ok(Self {
            child,
            address,
            out,
            log,
            reader: Some(reader),
            agent: config.into(),
        })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Posts `{"requestObject": object}`.
    pub(crate) fn post(&self, path: &str, auth: Option<&Auth>, object: &Value) -> (u16, Value) {
        self.try_post(path, auth, object).unwrap()
    }

    /// As [`Server::post`]; an error when the server did not answer.
    pub(crate) fn try_post(
        &self,
        path: &str,
        auth: Option<&Auth>,
        object: &Value,
    ) -> Result<(u16, Value), ureq::Error> {
        let body = json!({ "requestObject": object }).to_string();
        let mut request = self
            .agent
            .post(self.url(path))
            .header("content-type", "application/json");
        if let Some(auth) = auth {
            request = request.header("authorization", basic(auth));
        }
        let mut response = request.send(&body)?;
        let text = response.body_mut().read_to_string()?;
        let value = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok((response.status().as_u16(), value))
    }

    /// As [`Server::post`], for a call that has to succeed: the response object.
    pub(crate) fn ok(&self, path: &str, auth: &Auth, object: &Value) -> Value {
        let (status, mut body) = self.post(path, Some(auth), object);
        assert_eq!((status, &body["status"]), (200, &json!("OK")), "{path} {body}");
        body["responseObject"].take()
    }

    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let mut response = self.agent.get(self.url(path)).call().unwrap();
        (
            response.status().as_u16(),
            response.body_mut().read_to_string().unwrap(),
        )
    }

    /// A connection without a client library.
    pub(crate) fn connect(&self) -> Raw {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Raw(stream)
    }

    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, signal).unwrap();
    }

    /// The log so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits for the end: exit code and the whole log.
    pub(crate) fn wait(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        self.reader.take().unwrap().join().unwrap();
        (code, self.log.lock().unwrap().clone())
    }

    /// SIGTERM, and the end.
    pub(crate) fn stop(self) -> (Option<i32>, String) {
        self.signal(rustix::process::Signal::TERM);
        self.wait()
    }

    /// kill -9.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A plain connection.
pub(crate) struct Raw(pub(crate) TcpStream);

impl Raw {
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.0.write_all(bytes.as_ref()).unwrap();
        self
    }

    /// Everything until the other side closes (a reset counts as closing).
    pub(crate) fn rest(&mut self) -> String {
        let mut all = Vec::new();
        let mut some = [0; 4096];
        loop {
            match self.0.read(&mut some) {
                Ok(0) => break,
                Ok(count) => all.extend_from_slice(&some[..count]),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
                Err(error) => panic!("{error}, after {:?}", String::from_utf8_lossy(&all)),
            }
        }
        String::from_utf8(all).unwrap()
    }
}

/// Status and body of a raw request, after which the connection is closed.
pub(crate) fn raw(server: &Server, head: &str, body: &str) -> (u16, String) {
    let request = format!(
        "{head}\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let response = server.connect().send(request).rest();
    let body = response.split_once("\r\n\r\n").unwrap().1.to_owned();
    (status_of(&response), body)
}

/// Status of a raw response.
pub(crate) fn status_of(response: &str) -> u16 {
    let code = response.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
    code.unwrap_or_else(|| panic!("{response:?}")).parse().unwrap()
}

/// `Basic …`
pub(crate) fn basic((user, secret): &Auth) -> String {
    let text = format!("{user}:{secret}");
    format!(
        "Basic {}",
        countersign::crypto::encoding::base64::encode(text.as_bytes())
    )
}

/// Whether a file contains the text.
pub(crate) fn file_contains(path: &Path, text: &str) -> bool {
    let bytes = std::fs::read(path).unwrap_or_default();
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
