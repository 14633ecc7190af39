//! The machine, and how it was measured.

use std::process::Command;

use super::{Plan, line, text};

/// The page's head.
pub(super) fn write(page: &mut String, plan: &Plan) -> Result<(), String> {
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let found = text.lines().find_map(|line| line.strip_prefix(name));
        found.map_or_else(
            || "unknown".to_owned(),
            |it| it.trim_start_matches([':', ' ', '\t']).to_owned(),
        )
    };
    let processor = field(&read("/proc/cpuinfo"), "model name");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = field(&read("/proc/meminfo"), "MemTotal");
    let kernel = read("/proc/sys/kernel/osrelease");
    let busy = read("/proc/loadavg");
    let busy = busy.split(' ').next().unwrap_or("unknown");
    let version = text(Command::new("git").args(["describe", "--always", "--dirty"]))?;
    let date = text(Command::new("date").args(["--utc", "+%Y-%m-%d"]))?;
    let compiler = text(Command::new("rustc").arg("--version"))?;
    let where_ = match &plan.core {
        Some(core) => format!("server, database and load together on core {core}"),
        None => format!("server, database and load together on all {cores} cores"),
    };
    let words = &plan.words;
    line(page, "# Performance\n");
    line(
        page,
        "Written by `cargo xtask performance`, which measures all of it anew; do not edit.\n",
    );
    line(page, "| | |\n|---|---|");
    line(
        page,
        &format!(
            "| command | `cargo xtask performance {words}` |",
            words = words.trim()
        ),
    );
    line(
        page,
        &format!("| date, version | {}, {} |", date.trim(), version.trim()),
    );
    line(
        page,
        &format!(
            "| machine | {processor}, {cores} cores, {memory}, Linux {} |",
            kernel.trim()
        ),
    );
    let profile = if plan.quick { "debug" } else { "release" };
    line(page, &format!("| compiler | {}, {profile} |", compiler.trim()));
    line(page, &format!("| where | {where_}, 32 connections |"));
    line(
        page,
        &format!("| others on the machine | load average {busy} before the start |\n"),
    );
    line(
        page,
        "Every answer is durable before it leaves. Times are those of the caller, whose CPU time is part of the same core's; \
         \"server\" is the server's process alone. The load runs under `SCHED_BATCH`: as on a machine of its own, an answer that it \
         gets does not interrupt the server. A wrong answer ends the run. What holds these rates: [profile.md](profile.md).\n",
    );
    Ok(())
}
