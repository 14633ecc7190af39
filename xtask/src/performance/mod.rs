//! The tables of `docs/performance.md`, measured anew: server, database and load together on one core.
//!
//! | file | holds |
//! |---|---|
//! | `head` | the machine, and how it was measured |
//! | `probes` | what disk and database do by themselves, in the same run |
//! | `stores` | a fresh database with a server over it |
//! | `fill` | rows of activations that nobody uses, to see what many of them cost |

mod fill;
mod head;
mod probes;
mod stores;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::instructions;
use crate::process::{Folder, Programs};
use crate::say::say;
use stores::{Kind, Place};

pub(crate) use probes::flushes;
pub(crate) use stores::cluster;

pub(crate) const SERVER: &str = "countersign-server";
pub(crate) const LOAD: &str = "countersign-load";
const SCENARIOS: [&str; 6] = ["verify", "wrong", "token", "status", "create", "approve"];

/// How much is measured.
struct Plan {
    /// Requests and seconds per line, at most.
    requests: u32,
    seconds: u16,
    /// Requests before memory is looked at.
    many: u64,
    starts: u32,
    /// Activations in the database.
    sizes: &'static [u32],
    quick: bool,
    core: Option<String>,
    out: PathBuf,
    words: String,
}

impl Plan {
    fn read(words: &[&str]) -> Result<Self, String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut plan = Self {
            requests: 200_000,
            seconds: 15,
            many: 1_000_000,
            starts: 20,
            sizes: &[1_000, 10_000, 100_000, 1_000_000],
            quick: false,
            core: None,
            out: root.join("docs/performance.md"),
            words: words.join(" "),
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                // Shows that it works; nothing to publish.
                "--quick" => {
                    plan.requests = 2_000;
                    plan.seconds = 2;
                    plan.many = 2_000;
                    plan.starts = 2;
                    plan.sizes = &[1_000, 3_000];
                    plan.quick = true;
                    plan.out = root.join("target/performance.md");
                }
                "--core" => plan.core = Some((*words.next().ok_or("--core needs a number")?).to_owned()),
                "--out" => plan.out = words.next().ok_or("--out needs a file")?.into(),
                other => return Err(format!("there is no option {other}")),
            }
        }
        Ok(plan)
    }
}

/// Measures everything and writes the page.
pub(crate) fn run(words: &[&str]) -> Result<(), String> {
    let plan = Plan::read(words)?;
    let profile: &[&str] = match plan.quick {
        true => &[],
        false => &["--release"],
    };
    let programs = Programs::build(&[SERVER, LOAD], profile)?;
    let mut page = String::new();
    head::write(&mut page, &plan)?;
    if let Some(core) = &plan.core {
        // What is started from here stays there, too.
        let own = std::process::id().to_string();
        text(Command::new("taskset").args(["--cpu-list", "--pid", core, &own]))?;
    }
    let folder = Folder::create()?;
    for kind in [Kind::Sqlite, Kind::Postgres] {
        say(&format!("{} …", kind.name()));
        methods(&mut page, &plan, &programs, folder.path(), kind)?;
        save(&page, &plan)?;
    }
    say("memory, start, size …");
    figures(&mut page, &plan, &programs, folder.path())?;
    save(&page, &plan)?;
    for kind in [Kind::Sqlite, Kind::Postgres] {
        say(&format!("many activations, {} …", kind.name()));
        growth(&mut page, &plan, &programs, folder.path(), kind)?;
        save(&page, &plan)?;
    }
    if !plan.quick {
        say("instructions …");
        line(&mut page, "## Instructions\n");
        line(
            &mut page,
            "Counted by callgrind over a store in memory (`cargo xtask instructions`): the same on a busy machine.\n",
        );
        line(&mut page, &instructions::table()?);
    }
    save(&page, &plan)?;
    say(&format!("{page}\nwritten to {}", plan.out.display()));
    Ok(())
}

/// What is measured so far: a run takes half an hour, and may end early.
fn save(page: &str, plan: &Plan) -> Result<(), String> {
    std::fs::write(&plan.out, page).map_err(|error| format!("{}: {error}", plan.out.display()))
}

/// All methods on one kind of database, and what disk and database do by themselves before and after.
fn methods(
    page: &mut String,
    plan: &Plan,
    programs: &Programs,
    folder: &Path,
    kind: Kind,
) -> Result<(), String> {
    let place = Place::open(kind, &folder.join(format!("methods-{}", kind.name())))?;
    let before = place.probe(plan.seconds.min(5))?;
    let server = place.server(programs)?;
    let table = place.load(
        programs,
        &server,
        &[
            &[
                "--requests",
                &plan.requests.to_string(),
                "--seconds",
                &plan.seconds.to_string(),
            ][..],
            &SCENARIOS,
        ]
        .concat(),
    )?;
    drop(server);
    let after = place.probe(plan.seconds.min(5))?;
    line(page, &format!("## {}\n\n{table}", kind.title()));
    let verified = per_second(&table, "signature/verify, valid").unwrap_or(0);
    line(
        page,
        "| by themselves, in the same run | per second before | after | verified signatures for one |\n|---|---:|---:|---:|",
    );
    for ((name, before), (_, after)) in before.iter().zip(&after) {
        // Of both together.
        let hundredths = (verified * 200).checked_div(before + after).unwrap_or(0);
        let (whole, part) = (hundredths / 100, hundredths % 100);
        line(
            page,
            &format!("| {name} | {before} | {after} | {whole}.{part:02} |"),
        );
    }
    line(page, "");
    Ok(())
}

fn figures(page: &mut String, plan: &Plan, programs: &Programs, folder: &Path) -> Result<(), String> {
    line(
        page,
        "## Memory, start, size\n\n| | SQLite | PostgreSQL |\n|---|---:|---:|",
    );
    let mut columns = Vec::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let place = Place::open(kind, &folder.join(format!("figures-{}", kind.name())))?;
        let server = place.server(programs)?;
        let fresh = memory(server.id())?;
        let mut asked = 0;
        while asked < plan.many {
            let part = (plan.many - asked).min(100_000);
            let requests = part.to_string();
            place.load(
                programs,
                &server,
                &["--requests", &requests, "--seconds", "600", "verify"],
            )?;
            asked += part;
        }
        let used = memory(server.id())?;
        drop(server);
        let mut starts = Vec::new();
        for _ in 0..plan.starts {
            let begun = Instant::now();
            let server = place.server(programs)?;
            let answer = ureq::get(format!("{}/ready", server.url)).call();
            answer.map_err(|error| format!("the server is not ready: {error}"))?;
            starts.push(begun.elapsed());
        }
        starts.sort_unstable();
        let middle = starts.get(starts.len() / 2).copied().unwrap_or_default();
        columns.push((fresh, used, middle));
    }
    let row = |page: &mut String, name: &str, cell: &dyn Fn(&(u64, u64, Duration)) -> String| {
        let cells: Vec<String> = columns.iter().map(cell).collect();
        line(page, &format!("| {name} | {} |", cells.join(" | ")));
    };
    let mib = |bytes: u64| format!("{}.{} MiB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576);
    row(page, "memory of a fresh server", &|it| mib(it.0));
    let many = format!("memory after {} verified signatures", plan.many);
    row(page, &many, &|it| mib(it.1));
    let start = format!("start to the first answer of `/ready`, median of {}", plan.starts);
    row(page, &start, &|it| format!("{} ms", it.2.as_millis()));
    let binary = std::fs::metadata(programs.find(SERVER)?).map_err(|error| error.to_string())?;
    let size = mib(binary.len());
    line(
        page,
        &format!("| size of the program, with symbols | {size} | {size} |\n"),
    );
    Ok(())
}

/// What a verified signature costs beside more and more activations.
fn growth(
    page: &mut String,
    plan: &Plan,
    programs: &Programs,
    folder: &Path,
    kind: Kind,
) -> Result<(), String> {
    const PHONES: u32 = 512;
    let place = Place::open(kind, &folder.join(format!("growth-{}", kind.name())))?;
    line(page, &format!("## More activations, {}\n", kind.title()));
    line(
        page,
        &format!(
            "{PHONES} phones sign in turn; the other activations are rows of the same size and with the same index entries.\n"
        ),
    );
    let mut there = 0;
    let mut first = None;
    let mut headed = false;
    for size in plan.sizes {
        // One that is real shows how large they are.
        drop(place.server(programs)?);
        fill::upto(&place, programs, there, *size)?;
        there = *size;
        let server = place.server(programs)?;
        let table = place.load(
            programs,
            &server,
            &[
                "--phones",
                &PHONES.to_string(),
                "--requests",
                &plan.requests.to_string(),
                "--seconds",
                &plan.seconds.to_string(),
                "verify",
            ],
        )?;
        let mut lines = table.lines().filter(|line| line.starts_with('|'));
        let (title, rule) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        if !headed {
            headed = true;
            line(
                page,
                &format!("| activations {title} time per request, first = 1 |\n|---:{rule}---:|"),
            );
        }
        let rate = per_second(&table, "signature/verify, valid").filter(|it| *it > 0);
        let rate = rate.ok_or("the load told no rate")?;
        let one = *first.get_or_insert(rate);
        let hundredths = one * 100 / rate;
        let row = lines.next().unwrap_or_default();
        line(
            page,
            &format!("| {size} {row} {}.{:02} |", hundredths / 100, hundredths % 100),
        );
    }
    line(page, "");
    Ok(())
}

/// The rate in a table's row.
fn per_second(table: &str, row: &str) -> Option<u64> {
    let row = table
        .lines()
        .find(|line| line.starts_with(&format!("| {row} |")))?;
    row.split('|').nth(3)?.trim().parse().ok()
}

/// Resident bytes of a process.
fn memory(process: u32) -> Result<u64, String> {
    let file = format!("/proc/{process}/status");
    let status = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = resident.and_then(|it| it.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.map(|kib| kib * 1_024)
        .ok_or_else(|| format!("{file} does not tell"))
}

/// What a program prints.
fn text(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .map_err(|error| format!("{name} cannot be started: {error}"))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("{name} failed: {error}"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn line(page: &mut String, text: &str) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(page, "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_found_in_a_table() {
        let table = "64 activations, 32 connections\n\n| method | requests | per second | p50 ms |\n|---|---:|---:|---:|\n\
                     | signature/verify, valid | 50000 | 12345 | 2.10 |\n| token/validate, valid | 50000 | 777 | 1.00 |\n";
        assert_eq!(per_second(table, "signature/verify, valid"), Some(12_345));
        assert_eq!(per_second(table, "token/validate, valid"), Some(777));
        assert_eq!(per_second(table, "activation/status"), None);
    }

    #[test]
    fn plans() {
        let plan = Plan::read(&["--core", "1"]).unwrap();
        assert!(
            plan.core.as_deref() == Some("1") && !plan.quick && plan.out.ends_with("docs/performance.md")
        );
        let quick = Plan::read(&["--quick"]).unwrap();
        assert!(quick.quick && !quick.out.ends_with("docs/performance.md"));
        assert!(Plan::read(&["--slow"]).is_err() && Plan::read(&["--core"]).is_err());
    }
}
