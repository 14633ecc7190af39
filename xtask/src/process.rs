//! Programs of this workspace as processes of their own.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A folder that goes with the story.
pub(crate) struct Folder {
    path: PathBuf,
    kept: std::cell::Cell<bool>,
}

impl Folder {
    pub(crate) fn create() -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("countersign-story-{}", std::process::id()));
        std::fs::create_dir(&path).map_err(|error| format!("cannot create {}: {error}", path.display()))?;
        Ok(Self {
            path,
            kept: std::cell::Cell::new(false),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn keep(&self) {
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

/// The cargo that runs this program.
fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Has cargo run tests or a bench, with settings in the environment; `failed` says what it means when they fail.
pub(crate) fn run(
    arguments: &[&str],
    settings: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>,
    failed: &str,
) -> Result<(), String> {
    let status = cargo().args(arguments).envs(settings).status();
    let status = status.map_err(|error| format!("cargo cannot be started: {error}"))?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{failed}: {status}")),
    }
}

/// Programs that cargo has built: names and paths.
pub(crate) struct Programs(Vec<(String, PathBuf)>);

impl Programs {
    /// Builds programs of packages; cargo says where they are.
    pub(crate) fn build(packages: &[&str], options: &[&str]) -> Result<Self, String> {
        let mut build = cargo();
        build.args(["build", "--locked", "--message-format", "json-render-diagnostics"]);
        build.args(options);
        for package in packages {
            build.args(["--package", package]);
        }
        let output = build
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cannot run cargo: {error}"))?;
        if !output.status.success() {
            return Err("the build failed".to_owned());
        }
        let messages = output.stdout.split(|byte| *byte == b'\n');
        let built = messages.filter_map(|line| {
            let message: Value = serde_json::from_slice(line).ok()?;
            let name = message.pointer("/target/name")?.as_str()?.to_owned();
            Some((name, PathBuf::from(message.get("executable")?.as_str()?)))
        });
        Ok(Self(built.collect()))
    }

    /// Where a program is.
    pub(crate) fn find(&self, name: &str) -> Result<&Path, String> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found
            .map(|(_, path)| path.as_path())
            .ok_or_else(|| format!("cargo did not say where {name} is"))
    }
}

/// A running server; it ends with its owner.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
}

impl Server {
    /// Number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Starts `command`, which runs the server's program, on a database; its credentials and keys are in `folder`.
    pub(crate) fn start(mut command: Command, database: &str, folder: &Path) -> Result<Self, String> {
        let mut child = command
            .args(["--listen", "127.0.0.1:0", "--log-level", "warn"])
            .arg("--database")
            .arg(database)
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
    pub(crate) fn stop(&mut self) -> Result<(), String> {
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
    pub(crate) fn wait(&mut self) -> Result<(), String> {
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
