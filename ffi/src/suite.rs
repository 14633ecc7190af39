//! The contract of a store, examined from a host's language (feature `test-hooks`, for tests).
//!
//! A case of `store::conformance` runs in a thread of its own. What it asks of its store is handed
//! out as messages of the wire format, several at a time when the case wants things to happen at the
//! same time; the host lets its store answer them, in whatever order.
//!
//! ```text
//! for number in 0.. while cs_suite_begin(number, &name, &suite) is OK:
//!     loop cs_suite_next(suite, &ask, &kind, &message)      waits until there is something
//!         kind 1, 2: the store reads or commits, as in a step; cs_suite_answer(suite, ask, answer)
//!         kind 4:    purge; message = before u64 ‖ limit u32; the answer: dropped u64 ‖ nothing,
//!                    or empty for a store without
//!         kind 3:    the case is over; the message says what is wrong, it is empty when nothing is
//!     cs_suite_free(suite)
//! ```
//!
//! Each case expects an empty store.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use countersign_core::bridge::{Code, Error};
use countersign_core::store::conformance::{self, CASES};
use countersign_core::store::wire::{Asked, decode_input, encode_batch, encode_queries};
use countersign_core::store::{Answer, Batch, Commit, Fut, Input, Query, Store, StoreError};

use crate::raw::{self, Out};
use crate::types::{CS_STEP_COMMIT, CS_STEP_READ, CS_STEP_REPLY, cs_buf, cs_slice};
use crate::{call, guard};

/// Drop what has expired; only a suite asks for it.
const PURGE: i32 = 4;

/// The case with threads of its own comes after all others.
const THREADS: &str = "increments_from_threads_all_count";

/// What an ask is answered with.
enum Given {
    Input(Input),
    Purged(u64),
}

#[derive(Default)]
struct Board {
    closed: bool,
    verdict: Option<String>,
    last: u32,
    fresh: VecDeque<(u32, i32, Vec<u8>)>,
    /// What was asked and not answered yet; nothing for a purge.
    open: BTreeMap<u32, (Option<Asked>, Option<Waker>)>,
    given: BTreeMap<u32, Given>,
}

/// Between the thread of a case and the host.
#[derive(Default)]
struct Desk {
    board: Mutex<Board>,
    news: Condvar,
}

impl Desk {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a question on the desk; the future is done when it is answered.
    async fn ask(&self, kind: i32, asked: Option<Asked>, message: Vec<u8>) -> Option<Given> {
        let number = {
            let mut board = self.board();
            board.last += 1;
            let number = board.last;
            board.open.insert(number, (asked, None));
            board.fresh.push_back((number, kind, message));
            number
        };
        self.news.notify_all();
        std::future::poll_fn(|context| {
            let mut board = self.board();
            if let Some(given) = board.given.remove(&number) {
                return Poll::Ready(Some(given));
            }
            if board.closed {
                return Poll::Ready(None);
            }
            if let Some((_, waker)) = board.open.get_mut(&number) {
                *waker = Some(context.waker().clone());
            }
            Poll::Pending
        })
        .await
    }

    /// Waits for a question or the end.
    fn next(&self) -> (u32, i32, Vec<u8>) {
        let mut board = self.board();
        loop {
            if let Some(ask) = board.fresh.pop_front() {
                return ask;
            }
            if let Some(verdict) = &board.verdict {
                return (0, CS_STEP_REPLY, verdict.clone().into_bytes());
            }
            board = self.news.wait(board).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn answer(&self, number: u32, message: &[u8]) -> Result<(), Error> {
        let mut board = self.board();
        let (asked, _) = board
            .open
            .get(&number)
            .ok_or_else(|| Error::new(Code::Unexpected, "ask"))?;
        let given = match asked {
            Some(asked) => Given::Input(decode_input(message, asked)?),
            None if message.is_empty() => Given::Purged(0),
            None => {
                let count = message.try_into().map(u64::from_be_bytes);
                Given::Purged(count.map_err(|_| Error::new(Code::Malformed, "answer to a purge"))?)
            }
        };
        let waker = board.open.remove(&number).and_then(|(_, waker)| waker);
        board.given.insert(number, given);
        drop(board);
        waker.into_iter().for_each(Waker::wake);
        Ok(())
    }

    fn end(&self, verdict: String) {
        self.board().verdict = Some(verdict);
        self.news.notify_all();
    }

    fn close(&self) {
        let mut board = self.board();
        board.closed = true;
        let wakers: Vec<Waker> = board
            .open
            .values_mut()
            .filter_map(|(_, waker)| waker.take())
            .collect();
        drop(board);
        wakers.into_iter().for_each(Waker::wake);
    }
}

/// The store that a case examines: the host's, behind the desk.
struct Remote(Arc<Desk>);

fn gone() -> StoreError {
    StoreError::NotApplied("the suite was freed, or a question cannot be written".into())
}

impl Store for Remote {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move {
            // The wire has no message for no questions.
            if queries.is_empty() {
                return Ok(Vec::new());
            }
            let message = encode_queries(queries).map_err(|_| gone())?;
            let asked = Asked::Read(queries.to_vec());
            match self.0.ask(CS_STEP_READ, Some(asked), message).await {
                Some(Given::Input(Input::Answers(answers))) => Ok(answers),
                Some(Given::Input(Input::Failed(error))) => Err(error),
                _ => Err(gone()),
            }
        })
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move {
            let message = encode_batch(batch).map_err(|_| gone())?;
            match self
                .0
                .ask(CS_STEP_COMMIT, Some(Asked::batch(batch)), message)
                .await
            {
                Some(Given::Input(Input::Applied)) => Ok(Commit::Applied),
                Some(Given::Input(Input::Conflict(current))) => Ok(Commit::Conflict(current)),
                Some(Given::Input(Input::Failed(error))) => Err(error),
                _ => Err(gone()),
            }
        })
    }

    fn purge<'a>(&'a self, before: u64, limit: u32) -> Fut<'a, Result<u64, StoreError>> {
        Box::pin(async move {
            let mut message = before.to_be_bytes().to_vec();
            message.extend(limit.to_be_bytes());
            match self.0.ask(PURGE, None, message).await {
                Some(Given::Purged(count)) => Ok(count),
                _ => Err(gone()),
            }
        })
    }
}

/// The cases that run, by their number.
#[derive(Default)]
struct Running {
    last: u64,
    desks: BTreeMap<u64, Arc<Desk>>,
}

static RUNNING: Mutex<Running> = Mutex::new(Running {
    last: 0,
    desks: BTreeMap::new(),
});

fn running() -> MutexGuard<'static, Running> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn desk(suite: u64) -> Result<Arc<Desk>, Error> {
    let found = running().desks.get(&suite).cloned();
    found.ok_or_else(|| Error::new(Code::UnknownHandle, "suite"))
}

/// Runs a case to its end; answers what is wrong.
fn run(number: usize, store: &Remote) -> Result<(), String> {
    match CASES.get(number) {
        Some(case) => conformance::wait((case.run)(store)),
        None => conformance::increments_from_threads_all_count(store),
    }
}

/// Begins case `number` of the suite, counted from 0. After the last one: `CS_RESULT_ARGUMENT`.
///
/// `name` gets the case's name, to be freed with `cs_buf_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_suite_begin(number: u32, name: *mut cs_buf, suite: *mut u64) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let (name, suite) = unsafe {
            (
                Out::new(name, cs_buf::EMPTY, "name")?,
                Out::new(suite, 0, "suite")?,
            )
        };
        let number = usize::try_from(number).map_err(|_| Error::new(Code::Argument, "number"))?;
        let title = match CASES.get(number) {
            Some(case) => case.name,
            None if number == CASES.len() => THREADS,
            None => return Err(Error::new(Code::Argument, "number")),
        };
        let desk = Arc::new(Desk::default());
        let remote = Remote(Arc::clone(&desk));
        let spawned = std::thread::Builder::new().name(title.into()).spawn(move || {
            let verdict = catch_unwind(AssertUnwindSafe(|| run(number, &remote)));
            remote.0.end(match verdict {
                Ok(Ok(())) => String::new(),
                Ok(Err(detail)) => detail,
                Err(_) => "the case panicked".into(),
            });
        });
        spawned.map_err(|error| Error::new(Code::Internal, error.to_string()))?;
        name.set(call::buffer(title.as_bytes().to_vec())?);
        let mut running = running();
        running.last += 1;
        let handle = running.last;
        running.desks.insert(handle, desk);
        suite.set(handle);
        Ok(())
    })
}

/// Waits for what the case asks next, or for its end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_suite_next(
    suite: u64,
    ask: *mut u32,
    kind: *mut i32,
    message: *mut cs_buf,
) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let (ask, kind, message) = unsafe {
            (
                Out::new(ask, 0, "ask")?,
                Out::new(kind, 0, "kind")?,
                Out::new(message, cs_buf::EMPTY, "message")?,
            )
        };
        let (number, step, bytes) = desk(suite)?.next();
        message.set(call::buffer(bytes)?);
        ask.set(number);
        kind.set(step);
        Ok(())
    })
}

/// Answers an ask. After `CS_RESULT_MALFORMED` and `CS_RESULT_UNEXPECTED` it still waits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_suite_answer(suite: u64, ask: u32, answer: cs_slice) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let answer = unsafe { raw::bytes(&answer, "answer") }?;
        desk(suite)?.answer(ask, answer)
    })
}

/// Ends a case, at any point.
#[unsafe(no_mangle)]
pub extern "C" fn cs_suite_free(suite: u64) -> Code {
    guard::run(|| {
        let removed = running().desks.remove(&suite);
        let desk = removed.ok_or_else(|| Error::new(Code::UnknownHandle, "suite"))?;
        desk.close();
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::undocumented_unsafe_blocks,
        reason = "locals as places for results, and slices of bytes that live long enough"
    )]

    use super::*;
    use countersign_core::store::wire::{Ask, Names, decode_ask, encode_answers, encode_commit};
    use countersign_core::store::{Collection, Index, MemoryStore};

    const NAMES: Names<'_> = Names {
        collections: &[Collection("conformance_thing"), Collection("conformance_other")],
        indexes: &[Index("colour"), Index("shape")],
    };

    fn taken(mut buf: cs_buf) -> Vec<u8> {
        let bytes = unsafe { std::slice::from_raw_parts(buf.data, buf.len) }.to_vec();
        assert_eq!(unsafe { call::cs_buf_free(&raw mut buf) }, Code::Ok);
        bytes
    }

    /// Runs a case over `answer`; its name and what is wrong, nothing after the last case.
    fn play(number: u32, mut answer: impl FnMut(i32, &[u8]) -> Vec<u8>) -> Option<(String, String)> {
        let (mut name, mut message) = (cs_buf::EMPTY, cs_buf::EMPTY);
        let (mut suite, mut ask, mut kind) = (0, 0, 0);
        if unsafe { cs_suite_begin(number, &raw mut name, &raw mut suite) } != Code::Ok {
            return None;
        }
        let name = String::from_utf8(taken(name)).unwrap();
        loop {
            let next = unsafe { cs_suite_next(suite, &raw mut ask, &raw mut kind, &raw mut message) };
            assert_eq!(next, Code::Ok);
            let bytes = taken(message);
            if kind == CS_STEP_REPLY {
                assert_eq!(cs_suite_free(suite), Code::Ok);
                assert_eq!(cs_suite_free(suite), Code::UnknownHandle);
                return Some((name, String::from_utf8(bytes).unwrap()));
            }
            let given = answer(kind, &bytes);
            let slice = cs_slice::of(&given);
            assert_eq!(unsafe { cs_suite_answer(suite, ask, slice) }, Code::Ok);
            assert_eq!(unsafe { cs_suite_answer(suite, ask, slice) }, Code::Unexpected);
        }
    }

    fn answer(store: &MemoryStore, kind: i32, message: &[u8]) -> Vec<u8> {
        if kind == PURGE {
            let (before, limit) = message.split_at(8);
            let before = u64::from_be_bytes(before.try_into().unwrap());
            let limit = u32::from_be_bytes(limit.try_into().unwrap());
            let dropped = conformance::wait(store.purge(before, limit)).unwrap();
            return dropped.to_be_bytes().to_vec();
        }
        match decode_ask(message, NAMES).unwrap() {
            Ask::Read(queries) => encode_answers(&conformance::wait(store.read(&queries)).unwrap()),
            Ask::Commit(batch) => encode_commit(&conformance::wait(store.commit(&batch)).unwrap(), &batch),
        }
        .unwrap()
    }

    #[test]
    fn a_good_store_passes_and_a_bad_one_does_not() {
        let (mut passed, mut caught) = (0, 0);
        for number in 0.. {
            let store = MemoryStore::new();
            let Some((name, wrong)) = play(number, |kind, message| answer(&store, kind, message)) else {
                break;
            };
            assert_eq!(wrong, "", "{name}");
            passed += 1;
            // Every commit is "applied", and nothing is.
            let store = MemoryStore::new();
            let (_, wrong) = play(number, |kind, message| match kind {
                CS_STEP_COMMIT => vec![1, 0x12],
                _ => answer(&store, kind, message),
            })
            .unwrap();
            caught += usize::from(!wrong.is_empty());
        }
        println!("{passed} cases, {caught} catch a store that forgets");
        assert_eq!(passed, CASES.len() + 1);
        assert!(caught > passed / 2, "{caught} of {passed}");
    }

    #[test]
    fn a_case_can_be_left() {
        let (mut name, mut message) = (cs_buf::EMPTY, cs_buf::EMPTY);
        let (mut suite, mut ask, mut kind) = (0, 0, 0);
        assert_eq!(
            unsafe { cs_suite_begin(0, &raw mut name, &raw mut suite) },
            Code::Ok
        );
        let next = |suite, ask: &mut u32, kind: &mut i32, message: &mut cs_buf| unsafe {
            cs_suite_next(suite, ask, kind, message)
        };
        assert_eq!(next(suite, &mut ask, &mut kind, &mut message), Code::Ok);
        assert!(!taken(message).is_empty() && !taken(name).is_empty());
        let answered = unsafe { cs_suite_answer(suite, ask, cs_slice::of(b"nonsense")) };
        assert_eq!(answered, Code::Malformed);
        assert_eq!(cs_suite_free(suite), Code::Ok);
        assert_eq!(
            next(suite, &mut ask, &mut kind, &mut message),
            Code::UnknownHandle
        );
    }
}
