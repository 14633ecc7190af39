//! Stands between a store and its database, and gets in the way.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::*;

/// Forwards connections to a database's socket.
pub(crate) struct Proxy {
    port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// What the database answers is kept back.
    mute: AtomicBool,
    closed: AtomicBool,
    open: Mutex<Vec<(TcpStream, UnixStream)>>,
    /// Bytes of answers that never arrived.
    kept: AtomicU64,
}

impl Proxy {
    pub(crate) fn start(cluster: &Cluster) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State::default());
        let (socket, shared) = (cluster.socket(), Arc::clone(&state));
        std::thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                if shared.closed.load(Ordering::Relaxed) {
                    return;
                }
                // A database that is down: the caller sees the end of its connection.
                let Ok(database) = UnixStream::connect(&socket) else {
                    continue;
                };
                let pair = (caller.try_clone().unwrap(), database.try_clone().unwrap());
                shared.open.lock().unwrap().push(pair);
                let (questions, answers) = (caller.try_clone().unwrap(), database.try_clone().unwrap());
                std::thread::spawn(move || copy(questions, database, |_| false));
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || {
                    copy(answers, caller, |length| {
                        let mute = shared.mute.load(Ordering::Relaxed);
                        if mute {
                            shared.kept.fetch_add(length, Ordering::Relaxed);
                        }
                        mute
                    });
                });
            }
        });
        Self { port, state }
    }

    /// From now on the database's answers get lost, or do not any more.
    pub(crate) fn mute(&self, mute: bool) {
        self.state.mute.store(mute, Ordering::Relaxed);
    }

    /// Ends all connections in the middle of whatever they do; answers how many.
    pub(crate) fn reset(&self) -> usize {
        let open = std::mem::take(&mut *self.state.open.lock().unwrap());
        for (caller, database) in &open {
            let _ = caller.shutdown(Shutdown::Both);
            let _ = database.shutdown(Shutdown::Both);
        }
        open.len()
    }

    pub(crate) fn kept(&self) -> u64 {
        self.state.kept.load(Ordering::Relaxed)
    }

    /// A store in a schema, behind it.
    pub(crate) fn options(&self, schema: &str) -> PostgresOptions {
        PostgresOptions::new(format!(
            "host=127.0.0.1 port={} user=bank dbname=postgres options='-c search_path={schema}'",
            self.port
        ))
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.closed.store(true, Ordering::Relaxed);
        self.reset();
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn copy(mut from: impl Read, mut to: impl Write, lost: impl Fn(u64) -> bool) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        if !lost(u64::try_from(length).unwrap()) && to.write_all(&bytes[..length]).is_err() {
            return;
        }
    }
}
