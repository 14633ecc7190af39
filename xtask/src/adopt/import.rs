//! One run of `countersign-server adopt`, watched or killed.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A database that tables are taken over into.
pub(super) struct Import {
    pub(super) program: PathBuf,
    pub(super) tables: PathBuf,
    /// Of its files.
    pub(super) folder: PathBuf,
    pub(super) database: String,
}

/// What was seen of a run.
pub(super) struct Watched {
    /// Percent of the activations, and resident memory in KiB.
    pub(super) memory: Vec<(u32, u64)>,
    /// What the process computed for the activations, in hundredths of a second.
    pub(super) computed: u64,
    /// How long the activations took.
    pub(super) activations: Duration,
    /// How long everything took, checks included.
    pub(super) all: Duration,
}

/// Percent and table of a line of the log.
fn tenth(line: &str) -> Option<(&str, u32)> {
    let field = |name: &str| {
        line.split_whitespace()
            .find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    };
    Some((field("table")?.trim_matches('"'), field("percent")?.parse().ok()?))
}

fn resident(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Time that a process computed, in hundredths of a second.
fn computed(process: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Its name may have spaces.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

impl Import {
    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg(name)
            .arg("--from")
            .arg(&self.tables)
            .args(["--database", &self.database])
            .arg("--master-key-file")
            .arg(self.folder.join("key.json"))
            .stdin(Stdio::null());
        command
    }

    fn start(&self) -> Result<Child, String> {
        let mut command = self.command("adopt");
        command
            .args(["--resume"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
            .spawn()
            .map_err(|error| format!("cannot start the import: {error}"))
    }

    /// Runs it to its end, or goes on where it was.
    pub(super) fn run(&self) -> Result<Watched, String> {
        let began = Instant::now();
        let mut child = self.start()?;
        let mut watched = Watched {
            memory: Vec::new(),
            computed: 0,
            activations: Duration::ZERO,
            all: Duration::ZERO,
        };
        let mut rest = String::new();
        let errors = child.stderr.take().ok_or("no log")?;
        for line in BufReader::new(errors).lines().map_while(Result::ok) {
            if let Some(("pa_activation", percent)) = tenth(&line) {
                let memory = resident(child.id()).unwrap_or(0);
                watched.memory.push((percent, memory));
                watched.computed = computed(child.id()).unwrap_or(0);
                watched.activations = began.elapsed();
            } else if tenth(&line).is_none() {
                rest.push_str(&line);
                rest.push('\n');
            }
        }
        let mut said = String::new();
        if let Some(mut out) = child.stdout.take() {
            out.read_to_string(&mut said).map_err(|error| error.to_string())?;
        }
        let ended = child.wait().map_err(|error| error.to_string())?;
        watched.all = began.elapsed();
        match ended.success() {
            true => Ok(watched),
            false => Err(format!("the import failed: {ended}\n{said}{rest}")),
        }
    }

    /// Kills it after so long. Answers whether it was still running.
    pub(super) fn killed(&self, after: Duration) -> Result<bool, String> {
        let mut child = self.start()?;
        // Nobody reads what it says; its pipes are large enough for that.
        std::thread::sleep(after);
        let running = child.try_wait().map_err(|error| error.to_string())?.is_none();
        child.kill().map_err(|error| error.to_string())?;
        child.wait().map_err(|error| error.to_string())?;
        Ok(running)
    }

    /// Writes the tables of the way back; their folder.
    pub(super) fn back(&self) -> Result<PathBuf, String> {
        let folder = self.folder.join("back");
        let mut command = self.command("adopt-back");
        let output = command.arg("--to").arg(&folder).output();
        let output = output.map_err(|error| error.to_string())?;
        match output.status.success() {
            true => Ok(folder),
            false => Err(format!(
                "the way back failed: {}",
                String::from_utf8_lossy(&output.stderr)
            )),
        }
    }

    /// Frees what it takes on the disk.
    pub(super) fn forget(&self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
