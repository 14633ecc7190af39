//! One operation, with a store call that fails.

use std::sync::Arc;

use countersign::api::Api;
use countersign::store::{Batch, Commit, Host, Input, MemoryStore, Operation, Step, StoreError};

use crate::support::{Answer, Ask};

/// How a call fails. A read has only two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Certainly not applied.
    NotApplied,
    /// Not applied, but nobody knows.
    LostRequest,
    /// Applied, but nobody knows.
    LostAnswer,
}

impl How {
    pub const ALL: [Self; 3] = [Self::NotApplied, Self::LostRequest, Self::LostAnswer];

    fn error(self) -> StoreError {
        match self {
            Self::NotApplied => StoreError::NotApplied("planned".into()),
            Self::LostRequest | Self::LostAnswer => StoreError::Unknown("planned".into()),
        }
    }
}

/// Which call fails; with `forever` all later ones, too. Number 0 is none.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub n: usize,
    pub how: How,
    pub forever: bool,
}

impl Plan {
    pub const fn none() -> Self {
        Self {
            n: 0,
            how: How::NotApplied,
            forever: false,
        }
    }
}

/// What happened.
pub struct Run {
    pub answer: Answer,
    /// Batches that were sent, in order.
    pub sent: Vec<Arc<Batch>>,
    /// Whether the planned call was made at all.
    pub failed: bool,
}

/// Runs `ask` to its end.
pub fn run(api: &Api, store: &MemoryStore, host: &dyn Host, ask: &Ask, plan: Plan) -> Run {
    let mut call = ask.call(api);
    let (mut calls, mut sent, mut failed) = (0, Vec::new(), false);
    let mut input = Input::Start;
    loop {
        let step = call.step(input, host);
        calls += 1;
        let fails = plan.n > 0 && (calls == plan.n || (plan.forever && calls > plan.n));
        input = match step {
            Step::Done(response) => {
                return Run {
                    answer: response.into(),
                    sent,
                    failed,
                };
            }
            Step::Read(_) if fails => Input::Failed(plan.how.error()),
            Step::Read(queries) => Input::Answers(store.read_now(&queries)),
            Step::Commit(batch) => {
                let outcome = (!fails || plan.how == How::LostAnswer).then(|| store.commit_now(&batch));
                sent.push(batch);
                match outcome {
                    _ if fails => Input::Failed(plan.how.error()),
                    Some(Commit::Conflict(current)) => Input::Conflict(current),
                    Some(Commit::Applied) | None => Input::Applied,
                }
            }
        };
        failed |= fails;
    }
}
