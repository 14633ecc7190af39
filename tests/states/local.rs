//! What a state is.

use countersign::model::activation::ActivationStatus;
use countersign::model::operation::OperationStatus;

/// Failed attempts that block a phone, and failed approvals that end an operation.
pub const ATTEMPTS: u64 = 3;

/// An activation, as far as it decides about the future.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Phone {
    pub status: ActivationStatus,
    pub failed: u64,
    /// Whether it was not committed in time. Nobody may have noticed yet.
    pub overdue: bool,
}

/// An operation, in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    pub status: OperationStatus,
    pub failures: u64,
    /// Whose it is: number of the phone.
    pub owner: Option<usize>,
    pub overdue: bool,
}

/// Both phones and both operations; none that was not created yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Whole {
    pub phones: [Phone; 2],
    pub operations: [Option<Operation>; 2],
}

impl Phone {
    pub fn pending(&self) -> bool {
        matches!(
            self.status,
            ActivationStatus::Created | ActivationStatus::PendingCommit
        )
    }

    /// After all times are over.
    pub fn later(self) -> Self {
        Self {
            overdue: self.pending(),
            ..self
        }
    }
}

impl Operation {
    pub fn pending(&self) -> bool {
        self.status == OperationStatus::Pending
    }

    pub fn later(self) -> Self {
        Self {
            overdue: self.pending(),
            ..self
        }
    }
}
