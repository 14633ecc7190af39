//! Runs an operation against a [`Store`].

use super::lane::Lanes;
use super::machine::{Input, Operation, Step};
use super::port::{Answer, Commit, Host, Query, Store};

/// Awaits the store until the operation is done. Operations of one lane wait for each other, first
/// come first served.
///
/// Dropping the future before the end leaves a batch either applied or not, as a crash would.
pub async fn drive<O: Operation + ?Sized>(
    operation: &mut O,
    store: &dyn Store,
    lanes: &Lanes,
    host: &dyn Host,
) -> O::Reply {
    let _turn = match operation.lane() {
        Some(lane) => Some(lanes.enter(lane).await),
        None => None,
    };
    let mut input = Input::Start;
    loop {
        input = match operation.step(input, host) {
            Step::Read(queries) => match recalled(operation, store, &queries) {
                Some(answers) => Input::Recalled(answers),
                None => match store.read(&queries).await {
                    Ok(answers) => Input::Answers(answers),
                    Err(error) => Input::Failed(error),
                },
            },
            Step::Commit(batch) => match store.commit(&batch).await {
                Ok(Commit::Applied) => Input::Applied,
                Ok(Commit::Conflict(current)) => Input::Conflict(current),
                Err(error) => Input::Failed(error),
            },
            Step::Done(reply) => return reply,
        };
    }
}

fn recalled<O: Operation + ?Sized>(
    operation: &O,
    store: &dyn Store,
    queries: &[Query],
) -> Option<Vec<Answer>> {
    operation.recalls().then(|| store.recall(queries)).flatten()
}
