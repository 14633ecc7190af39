//! Instructions per request, counted by callgrind.

use std::path::PathBuf;
use std::process::Command;

use crate::process::Programs;
use crate::say::say;

const PROGRAM: &str = "instructions";
/// Requests of the two runs per row; their difference leaves out what a process does once.
const FEW: u64 = 50;
const MANY: u64 = 250;

/// Prints the table.
pub(crate) fn run() -> Result<(), String> {
    say(&table()?);
    Ok(())
}

/// The table.
pub(crate) fn table() -> Result<String, String> {
    let options = [
        "--profile",
        "bench",
        // For the names that callgrind looks for.
        "--config",
        "profile.bench.debug='line-tables-only'",
        "--features",
        "client,simulation,aws-lc",
        "--bench",
        PROGRAM,
    ];
    let programs = Programs::build(&["countersign"], &options)?;
    let program = programs.find(PROGRAM)?;
    let rows = text(Command::new(program).arg("rows"))?;
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/instructions");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut table = String::from("| decision, in memory | instructions |\n|---|---:|");
    for row in rows.lines() {
        let counted = |requests: u64| -> Result<u64, String> {
            let out = folder.join("callgrind.out");
            let mut valgrind = Command::new("valgrind");
            valgrind
                .args([
                    "--tool=callgrind",
                    "--quiet",
                    "--toggle-collect=instructions::counted",
                ])
                .arg(format!("--callgrind-out-file={}", out.display()))
                .arg(program)
                .args([row, &requests.to_string()]);
            text(&mut valgrind)?;
            let report =
                std::fs::read_to_string(&out).map_err(|error| format!("{}: {error}", out.display()))?;
            let total = report.lines().find_map(|line| line.strip_prefix("totals: "));
            total
                .and_then(|total| total.trim().parse().ok())
                .ok_or_else(|| "callgrind's report has no totals".to_owned())
        };
        let (few, many) = (counted(FEW)?, counted(MANY)?);
        let each = many.saturating_sub(few) / (MANY - FEW);
        if each == 0 {
            return Err(format!("{row}: nothing was counted"));
        }
        table.push_str(&format!("\n| {row} | {each} |"));
    }
    Ok(table)
}

/// What a program prints.
fn text(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| format!("{name} cannot be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("{name} failed: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{name} printed something else than text"))
}
