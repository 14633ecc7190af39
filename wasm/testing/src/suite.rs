//! The contract of a store, examined from JavaScript.
//!
//! A case of `store::conformance` is a future that is polled here. What it asks of its store is handed out as
//! messages of the wire format, several at a time when the case wants things to happen at the same time; JavaScript
//! lets its store answer them, in whatever order, and polls again.
//!
//! ```text
//! loop: suite.poll() is true when the case is over; suite.verdict says what is wrong, it is empty when nothing is
//!       while message = suite.next():  number u32 ‖ kind u8 ‖ message
//!           kind 1, 2: the store reads or commits, as in a step; suite.answer(number, answer)
//!           kind 4:    purge; message = before u64 ‖ limit u32; the answer: dropped u64, or nothing for a store without
//! ```

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use countersign_core::bridge::{Code, Error};
use countersign_core::store::conformance::CASES;
use countersign_core::store::wire::{Asked, decode_input, encode_batch, encode_queries};
use countersign_core::store::{Answer, Batch, Commit, Fut, Input, Query, Store, StoreError};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::error::thrown;

const READ: u8 = 1;
const COMMIT: u8 = 2;
const PURGE: u8 = 4;

/// What an ask is answered with.
enum Given {
    Input(Input),
    Purged(u64),
}

#[derive(Default)]
struct Board {
    last: u32,
    fresh: VecDeque<Vec<u8>>,
    /// What was asked and not answered yet; nothing for a purge.
    open: BTreeMap<u32, Option<Asked>>,
    given: BTreeMap<u32, Given>,
}

/// The store that a case examines: the host's, behind the board.
#[derive(Clone, Default)]
struct Remote(Arc<Mutex<Board>>);

impl Remote {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a question on the board; the future is done when it is answered.
    async fn ask(&self, kind: u8, asked: Option<Asked>, message: Vec<u8>) -> Given {
        let number = {
            let mut board = self.board();
            board.last += 1;
            let number = board.last;
            board.open.insert(number, asked);
            let mut fresh = number.to_be_bytes().to_vec();
            fresh.push(kind);
            fresh.extend(message);
            board.fresh.push_back(fresh);
            number
        };
        // Whoever answers polls again, so nobody has to be woken.
        std::future::poll_fn(|_| match self.board().given.remove(&number) {
            Some(given) => Poll::Ready(given),
            None => Poll::Pending,
        })
        .await
    }
}

fn unwritable() -> StoreError {
    StoreError::NotApplied("a question cannot be written".into())
}

impl Store for Remote {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move {
            // The wire has no message for no questions.
            if queries.is_empty() {
                return Ok(Vec::new());
            }
            let message = encode_queries(queries).map_err(|_| unwritable())?;
            let asked = Asked::Read(queries.to_vec());
            match self.ask(READ, Some(asked), message).await {
                Given::Input(Input::Answers(answers)) => Ok(answers),
                Given::Input(Input::Failed(error)) => Err(error),
                _ => Err(unwritable()),
            }
        })
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move {
            let message = encode_batch(batch).map_err(|_| unwritable())?;
            match self.ask(COMMIT, Some(Asked::batch(batch)), message).await {
                Given::Input(Input::Applied) => Ok(Commit::Applied),
                Given::Input(Input::Conflict(current)) => Ok(Commit::Conflict(current)),
                Given::Input(Input::Failed(error)) => Err(error),
                _ => Err(unwritable()),
            }
        })
    }

    fn purge<'a>(&'a self, before: u64, limit: u32) -> Fut<'a, Result<u64, StoreError>> {
        Box::pin(async move {
            let mut message = before.to_be_bytes().to_vec();
            message.extend(limit.to_be_bytes());
            match self.ask(PURGE, None, message).await {
                Given::Purged(count) => Ok(count),
                Given::Input(_) => Err(unwritable()),
            }
        })
    }
}

type Running = Pin<Box<dyn Future<Output = Result<(), String>>>>;

/// A case of the suite on its way.
#[wasm_bindgen]
pub struct Suite {
    name: &'static str,
    board: Remote,
    case: Option<Running>,
    verdict: String,
}

impl std::fmt::Debug for Suite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Suite").field(&self.name).finish()
    }
}

#[wasm_bindgen]
impl Suite {
    /// Begins a case, by its number from 0; nothing after the last one.
    pub fn begin(number: usize) -> Option<Suite> {
        let case = CASES.get(number)?;
        let board = Remote::default();
        let remote = board.clone();
        Some(Self {
            name: case.name,
            board,
            case: Some(Box::pin(async move { (case.run)(&remote).await })),
            verdict: String::new(),
        })
    }

    /// What the case is about.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.name.to_owned()
    }

    /// What is wrong, when the case is over.
    #[wasm_bindgen(getter)]
    pub fn verdict(&self) -> String {
        self.verdict.clone()
    }

    /// Lets the case go on as far as it can. Whether it is over.
    pub fn poll(&mut self) -> bool {
        let Some(case) = &mut self.case else {
            return true;
        };
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(outcome) = case.as_mut().poll(&mut context) else {
            return false;
        };
        self.case = None;
        self.verdict = outcome.err().unwrap_or_default();
        true
    }

    /// The next question.
    #[wasm_bindgen(js_name = "next")]
    pub fn question(&mut self) -> Option<Vec<u8>> {
        self.board.board().fresh.pop_front()
    }

    /// Answers a question.
    ///
    /// # Errors
    /// `malformed`, `unexpected`: it still waits.
    pub fn answer(&mut self, number: u32, message: &[u8]) -> Result<(), JsValue> {
        let answered = || {
            let mut board = self.board.board();
            let asked = board.open.get(&number);
            let given = match asked.ok_or_else(|| Error::new(Code::Unexpected, "number"))? {
                Some(asked) => Given::Input(decode_input(message, asked)?),
                None if message.is_empty() => Given::Purged(0),
                None => {
                    let count = message.try_into().map(u64::from_be_bytes);
                    Given::Purged(count.map_err(|_| Error::new(Code::Malformed, "answer to a purge"))?)
                }
            };
            board.open.remove(&number);
            board.given.insert(number, given);
            Ok::<(), Error>(())
        };
        answered().map_err(|error| thrown(&error))
    }
}
