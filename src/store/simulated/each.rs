//! Every store call of an operation fails in turn.

use std::sync::Arc;

use super::faults::Faults;
use super::scheduler::Simulation;
use crate::store::machine::Operation;
use crate::store::memory::MemoryStore;

/// How a store call fails. A read that does not crash simply fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallFault {
    /// Certainly not applied, and the caller learns it.
    Refused,
    /// Not applied, and the caller does not learn it.
    LostRequest,
    /// Applied, and the caller does not learn it.
    LostAnswer,
    /// Applied later, and the caller does not learn it.
    Delayed,
    /// The operation vanishes and its call with it.
    CrashBefore,
    /// The operation vanishes; its call arrives.
    CrashAfter,
}

impl CallFault {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Refused,
        Self::LostRequest,
        Self::LostAnswer,
        Self::Delayed,
        Self::CrashBefore,
        Self::CrashAfter,
    ];
}

/// One run of an operation with one failing call.
#[derive(Debug)]
pub struct Trial<R> {
    /// Number of the call that failed, from 1.
    pub call: u64,
    /// How it failed.
    pub fault: CallFault,
    /// What the operation answered; `None` when it crashed.
    pub reply: Option<R>,
    /// The records afterwards.
    pub store: Arc<MemoryStore>,
}

/// For every way to fail and every *n*: prepares records, runs one operation whose *n*-th store call
/// fails, and hands the result to `check`. Ends when the operation makes fewer calls. Answers the
/// number of trials.
pub fn each_failing_call<'a, R>(
    prepare: impl Fn() -> MemoryStore,
    operation: impl Fn() -> Box<dyn Operation<Reply = R> + 'a>,
    mut check: impl FnMut(Trial<R>),
) -> u64 {
    let mut trials = 0;
    for &fault in CallFault::ALL {
        for call in 1.. {
            let mut simulation = Simulation::over(Arc::new(prepare()), call, Faults::none());
            simulation.fail_call(call, fault);
            simulation.spawn(operation());
            let reply = simulation.run().pop().and_then(|(_, reply)| reply);
            if simulation.calls() < call {
                break;
            }
            trials += 1;
            check(Trial {
                call,
                fault,
                reply,
                store: Arc::clone(simulation.store()),
            });
        }
    }
    trials
}
