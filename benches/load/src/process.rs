//! What a process has used, as Linux tells; nothing elsewhere.

use std::time::Duration;

/// CPU time and memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    /// In user and kernel, all threads.
    pub(crate) cpu: Duration,
    /// Resident bytes.
    pub(crate) memory: u64,
}

impl Usage {
    /// The CPU time since `before`, and the memory of now.
    pub(crate) fn since(&self, before: &Self) -> Self {
        Self {
            cpu: self.cpu.saturating_sub(before.cpu),
            memory: self.memory,
        }
    }
}

/// What `pid` has used so far, with its threads that still run.
pub(crate) fn usage(pid: u32) -> Option<Usage> {
    let mut nanos = 0_u64;
    for thread in std::fs::read_dir(format!("/proc/{pid}/task")).ok()? {
        // The first number: nanoseconds on a CPU. The counters of `stat` tick a hundred times a second only.
        let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        nanos = nanos.saturating_add(text.split(' ').next()?.parse().ok()?);
    }
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = resident.trim().trim_end_matches(" kB").parse().ok()?;
    Some(Usage {
        cpu: Duration::from_nanos(nanos),
        memory: kib.saturating_mul(1_024),
    })
}
