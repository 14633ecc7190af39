//! Many callers at the same time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier, Mutex};

use countersign::store::{MemoryStore, SqliteStore};

use crate::support::{Answer, Ask, World};

/// Callers of one round.
pub const CALLERS: usize = 64;

/// Threads that all send the same request at the same moment, round after round. `next` makes the
/// request of a round, `judge` sees all its answers.
pub fn crowd(
    rounds: usize,
    ask: impl Fn(&Ask) -> Answer + Sync,
    mut next: impl FnMut(usize) -> Ask,
    mut judge: impl FnMut(usize, &[Answer]),
) {
    let (start, end) = (Barrier::new(CALLERS + 1), Barrier::new(CALLERS + 1));
    let request: Mutex<Option<Arc<Ask>>> = Mutex::new(None);
    let answers = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                loop {
                    start.wait();
                    let Some(now) = request.lock().unwrap().clone() else {
                        return;
                    };
                    // A panic must not leave the others at the barrier for ever.
                    let answer = catch_unwind(AssertUnwindSafe(|| ask(&now)));
                    answers.lock().unwrap().push(answer);
                    end.wait();
                }
            });
        }
        let mut verdict = Ok(());
        for round in 0..rounds {
            *request.lock().unwrap() = Some(Arc::new(next(round)));
            start.wait();
            end.wait();
            let all = std::mem::take(&mut *answers.lock().unwrap());
            let all: Result<Vec<Answer>, _> = all.into_iter().collect();
            verdict = all.and_then(|all| catch_unwind(AssertUnwindSafe(|| judge(round, &all))));
            if verdict.is_err() {
                break;
            }
        }
        *request.lock().unwrap() = None;
        start.wait();
        if let Err(panic) = verdict {
            std::panic::resume_unwind(panic);
        }
    });
}

/// How calls reach the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// One process: the driver with its lanes.
    Lanes,
    /// Several processes: nothing but the store between them.
    NoLanes,
}

impl Way {
    /// Sends a request this way.
    pub fn ask(self, world: &World, ask: &Ask) -> Answer {
        match self {
            Self::Lanes => world.ask(ask),
            Self::NoLanes => world.ask_unfairly(ask),
        }
    }
}

/// A folder of its own, removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("countersign-invariants-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The store of this folder, as it was left.
    pub fn open(&self) -> SqliteStore {
        SqliteStore::open(self.0.join("bank.sqlite")).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// How many rounds of `many` are played on the store of this name: a database takes longer.
pub fn rounds(name: &str, many: usize) -> usize {
    match name.starts_with("postgres") {
        true => many.div_ceil(10).max(2),
        false => many,
    }
}

/// Runs `test` over a world in memory, one in a file, and one on four nodes over a PostgreSQL.
pub fn on_each(mut test: impl FnMut(&str, World)) {
    test("memory", World::over(MemoryStore::new()));
    let folder = Folder::new();
    test("sqlite", World::over(folder.open()));
    #[cfg(all(feature = "postgres", unix))]
    test("postgres, four nodes", World::over(crate::nodes::Nodes::open(4)));
}
