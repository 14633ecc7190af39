//! Runs the fuzz targets with libFuzzer.
//!
//! The crate in `fuzz` is built with the compiler's coverage pass, which the stable compiler has, too. Nothing else is
//! needed: libFuzzer comes as a crate, and takes a C++ compiler. Sanitizers are left out: the code under test has no
//! `unsafe`, and runs several times as often without them.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use countersign::crypto::encoding::base64;

use crate::say::say;

/// What cargo-fuzz would say, without a sanitizer.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Coverflow-checks";
/// Longest sample, in bytes.
const LONGEST: &str = "2048";
/// Seconds for one sample; memory of a whole process in MiB.
const LIMITS: [&str; 2] = ["-timeout=5", "-rss_limit_mb=512"];
/// Bytes of all kept samples of one target, in Base64: the smallest are kept.
const KEPT: usize = 6_000;

/// Targets that compute curve points or play whole use cases: what is expected of them is counted apart.
const CRYPTOGRAPHY: &[&str] = &[
    "call_steps",
    "device_state",
    "dispatcher",
    "enveloped",
    "envelope_request",
    "envelope_response",
    "jwt",
    "phone_command",
    "private_key",
    "protocol_command",
    "public_key",
    "push_credentials",
    "sdk_config",
    "sealed",
    "states",
    "stored_column",
];

struct Plan<'a> {
    seconds: u32,
    target: Option<&'a str>,
    keep: bool,
}

fn read<'a>(words: &[&'a str]) -> Result<Plan<'a>, String> {
    let mut plan = Plan {
        seconds: 60,
        target: None,
        keep: false,
    };
    let mut words = words.iter();
    while let Some(option) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{option} needs a value"));
        match *option {
            "--keep" => plan.keep = true,
            "--target" => plan.target = Some(value()?),
            "--seconds" => {
                let seconds = value()?.parse().ok().filter(|seconds| *seconds > 0);
                plan.seconds = seconds.ok_or("--seconds needs a number from 1 on")?;
            }
            _ => return Err(format!("there is no option {option}")),
        }
    }
    Ok(plan)
}

/// Where things lie.
struct Folders {
    fuzz: PathBuf,
    /// Programs.
    programs: PathBuf,
    /// What is found, a folder per target.
    found: PathBuf,
}

/// Builds, runs each target, prints the table.
pub(crate) fn run(words: &[&str]) -> Result<(), String> {
    let plan = read(words)?;
    let fuzz = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let folders = Folders {
        programs: fuzz.join("target").join(host()?).join("release"),
        found: fuzz.join("target/found"),
        fuzz,
    };
    build(&folders, plan.target)?;
    let corpora = names(&folders.fuzz.join("corpus"))?;
    let targets: Vec<&String> = corpora
        .iter()
        .filter(|name| plan.target.is_none_or(|wanted| wanted == *name))
        .collect();
    if targets.is_empty() {
        return Err("there is no such target".to_owned());
    }
    let (mut parsers, mut cryptography, mut failed) = (0, 0, Vec::new());
    say("| target | executions | samples kept |\n|---|---:|---:|");
    for target in targets {
        let (executions, sound) = play(&folders, target, plan.seconds)?;
        let kept = if plan.keep && sound {
            keep(&folders, target)?
        } else {
            unpack(&folders, target)?.len()
        };
        say(&format!("| `{target}` | {executions} | {kept} |"));
        match CRYPTOGRAPHY.contains(&target.as_str()) {
            true => cryptography += executions,
            false => parsers += executions,
        }
        if !sound {
            failed.push(target.as_str());
        }
    }
    say(&format!(
        "\n{parsers} executions of parsers, {cryptography} of cryptography and whole calls"
    ));
    match failed.as_slice() {
        [] => Ok(()),
        failed => Err(format!("{failed:?}: see fuzz/artifacts")),
    }
}

/// The triple of this machine: named, so that the coverage pass does not go into build scripts.
fn host() -> Result<String, String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .map_err(|error| format!("rustc cannot be started: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| "rustc names no host".to_owned())
}

/// With all programs, unless one is wanted.
fn build(folders: &Folders, target: Option<&str>) -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .args(["build", "--release", "--quiet", "--target", &host()?])
        .arg("--manifest-path")
        .arg(folders.fuzz.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(folders.fuzz.join("target"))
        .env("RUSTFLAGS", FLAGS);
    match target {
        Some(target) => build.args(["--bin", target]),
        None => build.arg("--bins"),
    };
    let status = build
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(
            "the fuzz targets cannot be built (libFuzzer needs a C++ compiler: apt-get install g++)"
                .to_owned(),
        )
    }
}

/// Names of what lies in a folder, sorted.
fn names(folder: &Path) -> Result<Vec<String>, String> {
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(told)? {
        names.push(entry.map_err(told)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

/// An empty folder.
fn fresh(path: &Path) -> Result<(), String> {
    let _ = std::fs::remove_dir_all(path);
    std::fs::create_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The committed file with what was found for a target.
fn file(folders: &Folders, target: &str) -> PathBuf {
    folders.fuzz.join("found").join(target)
}

/// What was found and committed: a sample per line, in Base64.
fn unpack(folders: &Folders, target: &str) -> Result<Vec<Vec<u8>>, String> {
    let Ok(text) = std::fs::read_to_string(file(folders, target)) else {
        return Ok(Vec::new());
    };
    let lines = text.lines().map(base64::decode);
    lines
        .collect::<Result<_, _>>()
        .map_err(|error| format!("fuzz/found/{target}: {error}"))
}

/// Runs a target. Answers how often, and whether nothing failed.
fn play(folders: &Folders, target: &str, seconds: u32) -> Result<(u64, bool), String> {
    let found = folders.found.join(target);
    fresh(&found)?;
    for (number, sample) in unpack(folders, target)?.iter().enumerate() {
        write(&found.join(number.to_string()), sample)?;
    }
    let artifacts = folders.fuzz.join("artifacts").join(target);
    std::fs::create_dir_all(&artifacts).map_err(|error| error.to_string())?;
    let mut prefix = OsString::from("-artifact_prefix=");
    prefix.push(artifacts);
    prefix.push("/");
    let output = Command::new(folders.programs.join(target))
        .args([&found, &folders.fuzz.join("corpus").join(target)])
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={LONGEST}"))
        .args(["-print_final_stats=1", "-seed=1"])
        .args(LIMITS)
        .arg(prefix)
        .output()
        .map_err(|error| format!("{target} cannot be started: {error}"))?;
    let log = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let end: Vec<&str> = log.lines().rev().take(30).collect();
        say(&end.into_iter().rev().collect::<Vec<_>>().join("\n"));
    }
    let executions = log
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    let executions = executions.and_then(|number| number.trim().parse().ok());
    Ok((executions.unwrap_or(0), output.status.success()))
}

/// Adds to the committed file what leads somewhere the committed samples do not, as long as the file stays small. What is in it
/// stays: it may be what once failed.
fn keep(folders: &Folders, target: &str) -> Result<usize, String> {
    // Merged into a copy: the samples with names stay what they are.
    let named = folders.fuzz.join("corpus").join(target);
    let all = folders.found.join(format!("{target}.all"));
    fresh(&all)?;
    for name in names(&named)? {
        std::fs::copy(named.join(&name), all.join(&name)).map_err(|error| error.to_string())?;
    }
    let mut lines = String::new();
    for (number, sample) in unpack(folders, target)?.iter().enumerate() {
        write(&all.join(number.to_string()), sample)?;
        lines.push_str(&line(sample));
    }
    let known = names(&all)?;
    let merged = Command::new(folders.programs.join(target))
        .arg("-merge=1")
        .arg(format!("-max_len={LONGEST}"))
        .args(LIMITS)
        .args([&all, &folders.found.join(target)])
        .output()
        .map_err(|error| format!("{target} cannot be started: {error}"))?;
    if !merged.status.success() {
        return Err(format!("{target}: its samples cannot be merged"));
    }
    let mut samples = BTreeSet::new();
    for name in names(&all)?.into_iter().filter(|name| !known.contains(name)) {
        let sample = std::fs::read(all.join(&name)).map_err(|error| error.to_string())?;
        samples.insert((sample.len(), sample));
    }
    for (_, sample) in &samples {
        let line = line(sample);
        if lines.len() + line.len() > KEPT {
            break;
        }
        lines.push_str(&line);
    }
    if lines.is_empty() {
        return Ok(0);
    }
    std::fs::create_dir_all(folders.fuzz.join("found")).map_err(|error| error.to_string())?;
    write(&file(folders, target), lines.as_bytes())?;
    Ok(lines.lines().count())
}

/// A sample in the committed file.
fn line(sample: &[u8]) -> String {
    base64::encode(sample) + "\n"
}
