//! How fast the database of an old server is taken over, with how much memory, and that killing it changes nothing.
//!
//! | file | holds |
//! |---|---|
//! | `tables` | tables of an old server, made up |
//! | `import` | one run of `countersign-server adopt`, watched |

mod import;
mod tables;

use std::path::Path;
use std::time::Duration;

use crate::performance::cluster::Cluster;
use crate::process::{Folder, Programs};
use crate::say::say;
use import::{Import, Watched};
use tables::Order;

const SERVER: &str = "countersign-server";
/// As for any database that much is written to at once; the defaults are for a very small one.
const SETTINGS: [&str; 3] = [
    "shared_buffers=1GB",
    "max_wal_size=2GB",
    "checkpoint_timeout=15min",
];
/// Activations per second that are wanted.
const WANTED: f64 = 20_000.0;

struct Plan {
    activations: u64,
    kills: u32,
    seed: u64,
    order: Order,
    profile: &'static [&'static str],
}

impl Plan {
    fn read(words: &[&str]) -> Result<Self, String> {
        let mut plan = Self {
            activations: 1_000_000,
            kills: 0,
            seed: 1,
            order: Order::ById,
            profile: &["--release"],
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut number = || {
                let text = words.next().ok_or_else(|| format!("{word} needs a number"))?;
                text.parse::<u64>().map_err(|_| format!("{word} needs a number"))
            };
            match *word {
                "--activations" => plan.activations = number()?.max(1),
                "--kills" => plan.kills = u32::try_from(number()?).map_err(|error| error.to_string())?,
                "--seed" => plan.seed = number()?,
                "--shuffled" => plan.order = Order::Shuffled,
                // Shows that it works; its rates mean nothing.
                "--debug" => plan.profile = &[],
                other => return Err(format!("there is no option {other}")),
            }
        }
        Ok(plan)
    }
}

/// Takes made-up tables over into SQLite and into a PostgreSQL of its own.
pub(crate) fn run(words: &[&str]) -> Result<(), String> {
    let plan = Plan::read(words)?;
    let programs = Programs::build(&[SERVER], plan.profile)?;
    let program = programs.find(SERVER)?;
    let folder = Folder::create()?;
    let tables = made(folder.path(), "tables")?;
    say(&format!("{} activations, seed {} …", plan.activations, plan.seed));
    tables::write(&tables, plan.activations, plan.order, plan.seed)?;
    let busy = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let busy = busy.split(' ').next().unwrap_or("unknown");
    say(&format!("load average {busy} before the start"));
    let cluster = Cluster::with(&SETTINGS);
    for kind in ["sqlite", "postgres"] {
        let place = |name: &str| -> Result<Import, String> {
            let folder = made(folder.path(), &format!("{kind}-{name}"))?;
            let database = match kind {
                "sqlite" => format!("sqlite:{}", folder.join("db.sqlite").display()),
                _ => cluster.url(&cluster.schema()),
            };
            Ok(Import {
                program: program.to_owned(),
                tables: tables.clone(),
                folder,
                database,
            })
        };
        let whole = place("whole")?;
        let watched = whole.run()?;
        tell(kind, &plan, &watched);
        if plan.kills > 0 {
            let killed = killed(&plan, &watched, &place)?;
            same(&whole, &killed)?;
            say(&format!("{kind}: the same as without kills"));
            killed.forget();
        }
        whole.forget();
    }
    Ok(())
}

fn made(folder: &Path, name: &str) -> Result<std::path::PathBuf, String> {
    let path = folder.join(name);
    std::fs::create_dir(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

/// Numbers as they are shown; nobody has as many activations as do not fit.
fn real(number: u64) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

fn tell(kind: &str, plan: &Plan, watched: &Watched) {
    let seconds = watched.activations.as_secs_f64();
    let rate = real(plan.activations) / seconds;
    let verdict = if rate >= WANTED { "" } else { ", fewer than wanted" };
    say(&format!(
        "{kind}: {} activations in {seconds:.1} s: {rate:.0}/s{verdict}; all in {:.1} s",
        plan.activations,
        watched.all.as_secs_f64()
    ));
    let micros = real(watched.computed) * 10_000.0 / real(plan.activations);
    say(&format!(
        "{kind}: the process computed {micros:.1} µs for each activation"
    ));
    let memory: Vec<String> = watched
        .memory
        .iter()
        .map(|(percent, kilobytes)| format!("{percent} %: {:.1} MiB", real(*kilobytes) / 1024.0))
        .collect();
    say(&format!("{kind}: resident memory at {}", memory.join(", ")));
}

/// Imports that are killed at random moments and resumed, as often as planned; the last of them.
fn killed(
    plan: &Plan,
    watched: &Watched,
    place: &dyn Fn(&str) -> Result<Import, String>,
) -> Result<Import, String> {
    let mut seeded = tables::Seeded(plan.seed);
    let (mut kills, mut imports) = (0, 0);
    // On average a run gets that far before it is killed.
    let part = watched.all * 2 / plan.kills.max(1) + Duration::from_millis(300);
    let micros = u64::try_from(part.as_micros())
        .map_err(|error| error.to_string())?
        .max(1);
    loop {
        let import = place(&format!("killed-{imports}"))?;
        imports += 1;
        while kills < plan.kills {
            let after = Duration::from_micros(seeded.next() % micros);
            if import.killed(after)? {
                kills += 1;
            } else {
                break;
            }
        }
        if kills >= plan.kills {
            import.run()?;
            say(&format!("{kills} kills in {imports} imports"));
            return Ok(import);
        }
        import.forget();
    }
}

/// Whether both databases hold the same, in the layout of the old tables.
fn same(left: &Import, right: &Import) -> Result<(), String> {
    let (left, right) = (left.back()?, right.back()?);
    let mut compared = 0;
    for file in std::fs::read_dir(&left).map_err(|error| error.to_string())? {
        let name = file.map_err(|error| error.to_string())?.file_name();
        let [one, other] = [&left, &right].map(|folder| std::fs::read(folder.join(&name)));
        if one.map_err(|error| error.to_string())? != other.map_err(|error| error.to_string())? {
            return Err(format!("{} is not the same", name.display()));
        }
        compared += 1;
    }
    match compared {
        0 => Err("nothing was compared".to_owned()),
        _ => Ok(()),
    }
}
