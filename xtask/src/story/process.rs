//! The server and the phone as processes of their own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A folder that goes with the story.
pub(super) struct Folder {
    path: PathBuf,
    kept: std::cell::Cell<bool>,
}

impl Folder {
    pub(super) fn create() -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("countersign-story-{}", std::process::id()));
        std::fs::create_dir(&path).map_err(|error| format!("cannot create {}: {error}", path.display()))?;
        Ok(Self {
            path,
            kept: std::cell::Cell::new(false),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn keep(&self) {
        self.kept.set(true);
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.kept.get() {
            // It is in the system's folder for things that may stay behind.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// Paths of the programs.
pub(super) struct Binaries {
    server: PathBuf,
    phone: PathBuf,
}

impl Binaries {
    /// Builds both; cargo says where they are.
    pub(super) fn build() -> Result<Self, String> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args([
                "build",
                "--locked",
                "--package",
                "countersign-server",
                "--package",
                "countersign-phone",
            ])
            .args(["--message-format", "json-render-diagnostics"])
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cannot run cargo: {error}"))?;
        if !output.status.success() {
            return Err("the build failed".to_owned());
        }
        let find = |name: &str| {
            let messages = output.stdout.split(|byte| *byte == b'\n');
            let messages = messages.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
            messages
                .filter(|message| message.pointer("/target/name").and_then(Value::as_str) == Some(name))
                .find_map(|message| message.get("executable")?.as_str().map(PathBuf::from))
                .ok_or_else(|| format!("cargo did not say where {name} is"))
        };
        Ok(Self {
            server: find("countersign-server")?,
            phone: find("countersign-phone")?,
        })
    }
}

/// A running server; it ends with its owner.
pub(super) struct Server {
    child: Child,
    pub(super) url: String,
}

impl Server {
    pub(super) fn start(binaries: &Binaries, folder: &Path) -> Result<Self, String> {
        let mut child = Command::new(&binaries.server)
            .args(["--listen", "127.0.0.1:0", "--log-level", "warn"])
            .arg("--database")
            .arg(format!("sqlite:{}", folder.join("countersign.sqlite").display()))
            .arg("--credentials")
            .arg(folder.join("credentials.json"))
            .arg("--master-key-file")
            .arg(folder.join("master-key.json"))
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start the server: {error}"))?;
        let out = child.stdout.take().ok_or("the server has no output")?;
        let mut lines = BufReader::new(out).lines().map_while(Result::ok);
        let url = lines.find_map(|line| line.strip_prefix("listening on ").map(str::to_owned));
        // Read on, so that the server never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let mut server = Self {
            child,
            url: String::new(),
        };
        server.url = url.ok_or("the server ended before it listened")?;
        Ok(server)
    }

    /// Ends the server as an operator would, and checks that it ends well.
    pub(super) fn stop(&mut self) -> Result<(), String> {
        let id = self.child.id().to_string();
        let asked = Command::new("kill")
            .arg(&id)
            .status()
            .map_err(|error| error.to_string())?;
        let ended = self.child.wait().map_err(|error| error.to_string())?;
        if asked.success() && ended.success() {
            Ok(())
        } else {
            Err(format!("the server ended with {ended}"))
        }
    }

    /// Waits until the server ends.
    pub(super) fn wait(&mut self) -> Result<(), String> {
        self.child.wait().map(drop).map_err(|error| error.to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already ended after `stop`.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command-line phone with its state file.
pub(super) struct Phone {
    program: PathBuf,
    state: PathBuf,
}

impl Phone {
    pub(super) fn new(binaries: &Binaries, folder: &Path) -> Self {
        Self {
            program: binaries.phone.clone(),
            state: folder.join("phone.json"),
        }
    }

    fn output(&self, arguments: &[&str]) -> Result<std::process::Output, String> {
        Command::new(&self.program)
            .arg("--json")
            .arg("--state")
            .arg(&self.state)
            .args(arguments)
            .env("COUNTERSIGN_PIN", "2580")
            .output()
            .map_err(|error| format!("cannot run the phone: {error}"))
    }

    /// What a command reports; an error unless it succeeds.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<Value, String> {
        let output = self.output(arguments)?;
        if !output.status.success() {
            return Err(format!(
                "the phone failed: {}",
                String::from_utf8_lossy(&output.stdout).trim()
            ));
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("the phone said nothing readable: {error}"))
    }

    /// The code of a refusal by the server; an error for any other end.
    pub(super) fn refused(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self.output(arguments)?;
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.code() != Some(1) {
            return Err(format!("the server should have refused, but: {said}"));
        }
        let answer: Value = serde_json::from_str(&said).map_err(|error| error.to_string())?;
        super::text(&answer, "/error/code")
    }
}
