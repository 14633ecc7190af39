//! The small server behind a socket, and runs of the program against it.

use crate::server::Server;
use crate::support::PIN;
use countersign::client::Request;
use countersign::crypto::header::{AUTHORIZATION_HEADER, ENCRYPTION_HEADER, TOKEN_HEADER};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

struct Shared {
    server: Server,
    forbidden: Vec<String>,
    clock_offset: i64,
    state: PathBuf,
    counters_checked: usize,
}

pub struct Host {
    pub url: String,
    pub directory: PathBuf,
    pub state: PathBuf,
    shared: Arc<Mutex<Shared>>,
}

/// What a run of the program left.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("{}{}", self.stdout, self.stderr))
    }
}

impl Host {
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let directory =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{number}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let state = directory.join("phone.json");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let shared = Arc::new(Mutex::new(Shared {
            server: Server::new(u64::from(number)),
            forbidden: Vec::new(),
            clock_offset: 0,
            state: state.clone(),
            counters_checked: 0,
        }));
        let serving = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let serving = Arc::clone(&serving);
                std::thread::spawn(move || serve(stream.unwrap(), &serving));
            }
        });
        Self {
            url,
            directory,
            state,
            shared,
        }
    }

    pub fn with<T>(&self, act: impl FnOnce(&mut Server) -> T) -> T {
        act(&mut self.shared.lock().unwrap().server)
    }

    pub fn forbid(&self, path: &str) {
        self.shared.lock().unwrap().forbidden.push(path.to_owned());
    }

    pub fn allow_all(&self) {
        self.shared.lock().unwrap().forbidden.clear();
    }

    pub fn set_clock_offset(&self, ms: i64) {
        self.shared.lock().unwrap().clock_offset = ms;
    }

    /// At how many signed requests the file was found to be ahead already.
    pub fn counters_checked(&self) -> usize {
        self.shared.lock().unwrap().counters_checked
    }

    pub fn command(&self, arguments: &[&str], json: bool) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign-phone"));
        command
            .args(arguments)
            .env_clear()
            .env("COUNTERSIGN_PHONE_STATE", &self.state)
            .env("COUNTERSIGN_PIN", PIN)
            .stdin(Stdio::null());
        if json {
            command.arg("--json");
        }
        command
    }

    pub fn run(&self, arguments: &[&str], json: bool) -> Run {
        finish(self.command(arguments, json))
    }

    pub fn run_as(&self, pin: &str, arguments: &[&str], json: bool) -> Run {
        let mut command = self.command(arguments, json);
        command.env_remove("COUNTERSIGN_PIN").args(["--pin", pin]);
        finish(command)
    }

    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        let mut child = self
            .command(arguments, true)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::new(),
        }
    }

    /// The JSON of a run that must succeed.
    pub fn ok(&self, arguments: &[&str]) -> Value {
        let run = self.run(arguments, true);
        assert_eq!(run.code, 0, "{arguments:?}: {}{}", run.stdout, run.stderr);
        run.json()
    }

    /// Activates with the text of a fresh QR code; `--otp` sets the OTP the server expects.
    pub fn try_activate(&self, more: &[&str]) -> Run {
        let otp = more.iter().skip_while(|argument| **argument != "--otp").nth(1);
        let (config, (_, qr)) = self.with(|server| (server.sdk_config(), server.init(otp.copied())));
        let mut arguments = vec![
            "activate",
            "--url",
            &self.url,
            "--sdk-config",
            &config,
            "--code",
            &qr,
        ];
        arguments.extend_from_slice(more);
        self.run(&arguments, true)
    }

    /// Activates, and gives the ID.
    pub fn activate(&self, more: &[&str]) -> String {
        let run = self.try_activate(more);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        let activated = run.json();
        assert_eq!(activated["fingerprint"].as_str().unwrap().len(), 8);
        assert!(activated["recovery"]["puk"].is_string());
        activated["activationId"].as_str().unwrap().to_owned()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

fn finish(mut command: Command) -> Run {
    let output = command.output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn serve(stream: TcpStream, shared: &Mutex<Shared>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    while let Some(request) = read(&mut reader) {
        let (status, body) = answer(&request, &mut shared.lock().unwrap());
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        if writer
            .write_all(head.as_bytes())
            .and_then(|()| writer.write_all(&body))
            .is_err()
        {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|count| *count > 0)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut headers, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        for known in [
            AUTHORIZATION_HEADER,
            TOKEN_HEADER,
            ENCRYPTION_HEADER,
            "Content-Type",
        ] {
            if name.eq_ignore_ascii_case(known) {
                headers.push((known, value.to_owned()));
            }
        }
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        method,
        path,
        headers,
        body,
    })
}

fn answer(request: &Request, shared: &mut Shared) -> (u16, Vec<u8>) {
    if shared.forbidden.contains(&request.path) {
        return (404, b"<html>".to_vec());
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    let now = i64::try_from(now).unwrap() + shared.clock_offset;
    shared.server.now = u64::try_from(now).unwrap();
    // What the file holds at the moment the request arrives.
    let file = std::fs::read(&shared.state).unwrap_or_default();
    let reply = shared.server.handle(request);
    if reply.0 == 200 && request.header(AUTHORIZATION_HEADER).is_some() {
        let stored: Value = serde_json::from_slice(&file).unwrap();
        let id = stored["device"]["activationId"].as_str().unwrap();
        let counter = shared.server.activation(id).counter.clone();
        let expected = countersign::crypto::encoding::base64::encode(counter.as_bytes());
        assert_eq!(
            stored["device"]["counter"]["data"],
            json!(expected),
            "the counter was stored before the request was sent"
        );
        shared.counters_checked += 1;
    }
    reply
}
