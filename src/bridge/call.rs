//! A prepared request whose steps are bytes.

use super::code::{Code, Error};
use super::reply;
use crate::api;
use crate::store::wire::{Asked, Kind, WireError, decode_input, encode_batch, encode_queries};
use crate::store::{Host, Input, Operation, Step, StoreError};

/// A request on its way through the machine.
#[derive(Debug)]
pub struct Call {
    operation: api::Call,
    state: State,
}

#[derive(Debug)]
enum State {
    Fresh,
    Asked(Asked),
    Finished,
}

impl Call {
    /// A call that was not stepped yet.
    pub fn new(operation: api::Call) -> Self {
        Self {
            operation,
            state: State::Fresh,
        }
    }

    /// Name of the use case; none when no endpoint fits.
    pub fn endpoint(&self) -> Option<&'static str> {
        self.operation.endpoint
    }

    /// Calls with the same lane should run one after the other inside one process: they will change
    /// the same record, and queueing is cheaper than conflicts.
    pub fn lane(&self) -> Option<&str> {
        self.operation.lane()
    }

    /// Takes one step: without `answer` first, then with the store's answer to the step before.
    ///
    /// Comes back with [`Kind::Queries`], [`Kind::Batch`] or at last [`Kind::Reply`], and the message.
    ///
    /// # Errors
    /// [`Code::Malformed`] or [`Code::Unexpected`]: the answer was not looked at any further and
    /// nothing has changed; the same question still waits. [`Code::Finished`] after the reply.
    pub fn step(&mut self, answer: Option<&[u8]>, host: &dyn Host) -> Result<(Kind, Vec<u8>), Error> {
        let mut input = match (&self.state, answer) {
            (State::Fresh, None) => Input::Start,
            (State::Asked(asked), Some(message)) => decode_input(message, asked)?,
            (State::Fresh, Some(_)) => {
                return Err(Error::new(Code::Unexpected, "the first step takes no answer"));
            }
            (State::Asked(_), None) => {
                return Err(Error::new(Code::Unexpected, "the step needs the store's answer"));
            }
            (State::Finished, _) => {
                return Err(Error::new(Code::Finished, "the reply was given"));
            }
        };
        // Whatever happens inside, a panic too: the call does not go on from where it was.
        self.state = State::Finished;
        // A second round only for a step that cannot be written: it fails as if the store had said no.
        for _ in 0..3 {
            let (kind, message) = match self.operation.step(input, host) {
                Step::Read(queries) => {
                    let message = encode_queries(&queries);
                    self.state = State::Asked(Asked::Read(queries));
                    (Kind::Queries, message)
                }
                Step::Commit(batch) => {
                    self.state = State::Asked(Asked::batch(&batch));
                    (Kind::Batch, encode_batch(&batch))
                }
                Step::Done(response) => {
                    self.state = State::Finished;
                    (Kind::Reply, reply::encode(&response))
                }
            };
            match message {
                Ok(message) => return Ok((kind, message)),
                Err(error) => input = unwritable(error),
            }
            if matches!(self.state, State::Finished) {
                break;
            }
        }
        self.state = State::Finished;
        Err(Error::new(Code::Internal, "a step cannot be written"))
    }
}

fn unwritable(error: WireError) -> Input {
    Input::Failed(StoreError::NotApplied(format!(
        "a step cannot be written: {error}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Response;
    use crate::store::wire::{encode_answers, encode_failure};
    use crate::store::{Answer, Collection, EntropyError, Key, Query};

    struct Still;
    impl Host for Still {
        fn now(&self) -> u64 {
            1
        }
        fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
            out.fill(1);
            Ok(())
        }
    }

    /// Reads `id`, then replies 200 or, when the store failed, 503.
    struct Reads {
        id: String,
    }
    impl Operation for Reads {
        type Reply = Response;
        fn lane(&self) -> Option<&str> {
            Some("lane")
        }
        fn step(&mut self, input: Input, _: &dyn Host) -> Step<Response> {
            match input {
                Input::Start => Step::Read(vec![Query::Get(Key::new(Collection("token"), self.id.clone()))]),
                Input::Answers(_) => Step::Done(Response::json(200, &1)),
                _ => Step::Done(Response::json(503, &1)),
            }
        }
    }

    fn call(id: &str) -> Call {
        Call::new(api::Call::new(Box::new(Reads { id: id.to_owned() })))
    }

    fn status(message: &[u8]) -> u16 {
        reply::Reply::read(message).unwrap().status
    }

    #[test]
    fn a_wrong_answer_changes_nothing() {
        let mut call = call("a");
        assert_eq!(call.lane(), Some("lane"));
        let good = encode_answers(&[Answer::Record(None)]).unwrap();
        assert_eq!(call.step(Some(&good), &Still).unwrap_err().code, Code::Unexpected);
        let (kind, _) = call.step(None, &Still).unwrap();
        assert_eq!(kind, Kind::Queries);
        for (wrong, code) in [
            (None, Code::Unexpected),
            (Some(&b""[..]), Code::Malformed),
            (Some(b"\x01\x12"), Code::Unexpected),
            (Some(&good[..good.len() - 1]), Code::Malformed),
        ] {
            assert_eq!(call.step(wrong, &Still).unwrap_err().code, code, "{wrong:?}");
        }
        let (kind, message) = call.step(Some(&good), &Still).unwrap();
        assert_eq!((kind, status(&message)), (Kind::Reply, 200));
        assert_eq!(call.step(Some(&good), &Still).unwrap_err().code, Code::Finished);
        assert_eq!(call.step(None, &Still).unwrap_err().code, Code::Finished);
    }

    #[test]
    fn a_failed_store_and_an_unwritable_step_end_closed() {
        let mut failed = call("a");
        failed.step(None, &Still).unwrap();
        let failure = encode_failure(&StoreError::NotApplied(String::new())).unwrap();
        let (_, message) = failed.step(Some(&failure), &Still).unwrap();
        assert_eq!(status(&message), 503);
        let (kind, message) = call(&"x".repeat(300)).step(None, &Still).unwrap();
        assert_eq!((kind, status(&message)), (Kind::Reply, 503));
    }
}
