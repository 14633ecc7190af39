//! A prepared request whose steps are bytes.

use super::code::{Code, Error};
use super::{passed, reply};
use crate::api;
use crate::api::guard::{Check, Passed, Sealer};
use crate::store::wire::{Asked, Kind, WireError, decode_input, encode_batch, encode_queries};
use crate::store::{Host, Input, Operation, Step, StoreError};

/// A request on its way through the machine.
#[derive(Debug)]
pub struct Call {
    operation: Work,
    state: State,
    /// What is left of a check that an encrypted request has passed.
    sealer: Option<Sealer>,
}

#[derive(Debug)]
enum Work {
    Api(api::Call),
    Check(Check),
    Done,
}

/// How a call ends.
enum End {
    Reply(api::Response),
    Passed(Box<Passed>),
}

impl From<Result<Passed, api::Response>> for End {
    fn from(outcome: Result<Passed, api::Response>) -> Self {
        outcome.map_or_else(Self::Reply, |passed| Self::Passed(Box::new(passed)))
    }
}

impl Work {
    fn step(&mut self, input: Input, host: &dyn Host) -> Step<End> {
        match self {
            Self::Api(call) => call.step(input, host).map(End::Reply),
            Self::Check(check) => check.step(input, host).map(End::from),
            Self::Done => Step::Done(End::Reply(api::Response::error(
                500,
                "ERROR_GENERIC",
                "The call is already done.",
            ))),
        }
    }
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
        Self::of(Work::Api(operation))
    }

    /// The check of a request to a route of the host's own, not stepped yet.
    pub fn check(check: Check) -> Self {
        Self::of(Work::Check(check))
    }

    fn of(operation: Work) -> Self {
        Self {
            operation,
            state: State::Fresh,
            sealer: None,
        }
    }

    /// A check that somebody else has driven to its end: kind and message of its last step, and the call, good for
    /// [`Call::seal`] only; none when there is nothing to seal.
    ///
    /// # Errors
    /// [`Code::Malformed`] when the end is longer than a message can be.
    pub fn ended(outcome: Result<Passed, api::Response>) -> Result<(Kind, Vec<u8>, Option<Self>), Error> {
        let mut call = Self::of(Work::Done);
        call.state = State::Finished;
        let (kind, message) = call.end(outcome.into());
        let call = call.sealer.is_some().then_some(call);
        Ok((kind, message?, call))
    }

    fn end(&mut self, end: End) -> (Kind, Result<Vec<u8>, WireError>) {
        match end {
            End::Reply(response) => (Kind::Reply, reply::encode(&response)),
            End::Passed(mut passed) => {
                self.sealer = passed.sealer.take();
                (Kind::Passed, passed::encode(&passed))
            }
        }
    }

    /// Seals the one answer to an encrypted request that has passed: the message of a reply, to be sent.
    ///
    /// # Errors
    /// [`Code::NothingToSeal`] when the request was not encrypted, has not passed, or was answered already;
    /// [`Code::Internal`] when there is no randomness.
    pub fn seal(&mut self, plain: &[u8], host: &dyn Host) -> Result<Vec<u8>, Error> {
        let sealer = self.sealer.take();
        let sealer = sealer.ok_or_else(|| Error::new(Code::NothingToSeal, "call"))?;
        let response = sealer.seal(plain, host);
        let response = response.map_err(|error| Error::new(Code::Internal, error.to_string()))?;
        Ok(reply::encode(&response)?)
    }

    /// Name of the use case; none when no endpoint fits.
    pub fn endpoint(&self) -> Option<&'static str> {
        match &self.operation {
            Work::Api(call) => call.endpoint,
            Work::Check(_) | Work::Done => None,
        }
    }

    /// Calls with the same lane should run one after the other inside one process: they will change
    /// the same record, and queueing is cheaper than conflicts.
    pub fn lane(&self) -> Option<&str> {
        match &self.operation {
            Work::Api(call) => call.lane(),
            Work::Check(check) => check.lane(),
            Work::Done => None,
        }
    }

    /// Takes one step: without `answer` first, then with the store's answer to the step before.
    ///
    /// Comes back with [`Kind::Queries`], [`Kind::Batch`] or at last [`Kind::Reply`] (or, of a check,
    /// [`Kind::Passed`]), and the message.
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
                Step::Done(end) => {
                    self.state = State::Finished;
                    self.end(end)
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
