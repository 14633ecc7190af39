//! Who asks what.

/// A request, or the passing of time. Phones and operations go by number; phone 0 is the user's that
/// operation 0 is made for, operation 1 is made for nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// The phone sends its key.
    Exchange(usize),
    Commit(usize),
    Status(usize),
    Block(usize),
    Unblock(usize),
    Remove(usize),
    /// A login with a right code.
    Login(usize),
    /// A right code of the last counter value that the server tries.
    Skip(usize),
    /// A right code of the first one that it does not.
    TooFar(usize),
    /// A right code, and the same request again.
    Twice(usize),
    /// A wrong PIN.
    Wrong(usize),
    /// A wrong signature of the phone alone.
    WrongPossession(usize),
    Create(usize),
    Look(usize),
    /// Operation, phone of the claimant.
    Claim(usize, usize),
    Cancel(usize),
    /// A back end has seen a wrong signature.
    Fail(usize),
    /// A back end approves for the user of a phone: operation, phone.
    ApproveFor(usize, usize),
    /// The same with other data.
    ApproveOtherFor(usize, usize),
    /// The same with factors that are not enough.
    ApproveWeakFor(usize, usize),
    RejectFor(usize, usize),
    /// The phone approves: operation, phone.
    Approve(usize, usize),
    /// With a wrong PIN.
    ApproveWrong(usize, usize),
    /// What is sent are other data than the operation's, rightly signed.
    ApproveOther(usize, usize),
    /// With the phone alone.
    ApproveWeak(usize, usize),
    /// The phone rejects.
    Refuse(usize, usize),
    /// With a wrong signature.
    RefuseWrong(usize, usize),
    /// Housekeeping of operations.
    ExpireOperations,
    /// Housekeeping of activations.
    ExpireActivations,
    /// All times are over.
    Later,
}

/// What an act is about, and so what its decision may read and write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Phone(usize),
    Operation(usize),
    /// Operation, phone.
    Both(usize, usize),
    Operations,
    Phones,
    Time,
}

impl Act {
    /// All of them.
    pub fn all() -> Vec<Self> {
        let mut acts = Vec::new();
        for it in 0..2 {
            let of_phone = [
                Self::Exchange,
                Self::Commit,
                Self::Login,
                Self::Wrong,
                Self::Twice,
                Self::TooFar,
                Self::Skip,
                Self::WrongPossession,
                Self::Status,
                Self::Block,
                Self::Unblock,
                Self::Remove,
            ];
            acts.extend(of_phone.map(|act| act(it)));
            let of_operation = [Self::Create, Self::Look, Self::Cancel, Self::Fail];
            acts.extend(of_operation.map(|act| act(it)));
            for phone in 0..2 {
                let of_both = [
                    Self::Claim,
                    Self::ApproveFor,
                    Self::ApproveOtherFor,
                    Self::ApproveWeakFor,
                    Self::RejectFor,
                    Self::Approve,
                    Self::ApproveWrong,
                    Self::ApproveOther,
                    Self::ApproveWeak,
                    Self::Refuse,
                    Self::RefuseWrong,
                ];
                acts.extend(of_both.map(|act| act(it, phone)));
            }
        }
        acts.extend([Self::ExpireOperations, Self::ExpireActivations, Self::Later]);
        acts
    }

    /// What it is about.
    pub fn about(self) -> About {
        match self {
            Self::Exchange(phone)
            | Self::Commit(phone)
            | Self::Status(phone)
            | Self::Block(phone)
            | Self::Unblock(phone)
            | Self::Remove(phone)
            | Self::Login(phone)
            | Self::Skip(phone)
            | Self::TooFar(phone)
            | Self::Twice(phone)
            | Self::Wrong(phone)
            | Self::WrongPossession(phone) => About::Phone(phone),
            Self::Create(operation)
            | Self::Look(operation)
            | Self::Cancel(operation)
            | Self::Fail(operation)
            | Self::Claim(operation, _)
            | Self::ApproveFor(operation, _)
            | Self::ApproveOtherFor(operation, _)
            | Self::ApproveWeakFor(operation, _)
            | Self::RejectFor(operation, _) => About::Operation(operation),
            Self::Approve(operation, phone)
            | Self::ApproveWrong(operation, phone)
            | Self::ApproveOther(operation, phone)
            | Self::ApproveWeak(operation, phone)
            | Self::Refuse(operation, phone)
            | Self::RefuseWrong(operation, phone) => About::Both(operation, phone),
            Self::ExpireOperations => About::Operations,
            Self::ExpireActivations => About::Phones,
            Self::Later => About::Time,
        }
    }

    /// The row of `docs/states.md` that changes the phone's state, and what else it may do.
    pub fn rows_of_phone(self) -> &'static [&'static str] {
        match self {
            Self::Exchange(_) => &["key exchange"],
            Self::Commit(_) => &["commit", "expiry"],
            Self::Status(_) | Self::ExpireActivations => &["expiry"],
            Self::Block(_) => &["block"],
            Self::Unblock(_) => &["unblock"],
            Self::Remove(_) => &["remove"],
            Self::TooFar(_) | Self::Twice(_) | Self::Wrong(_) | Self::ApproveWrong(..) => {
                &["a wrong signature, attempts left", "the last wrong signature"]
            }
            _ => &[],
        }
    }

    /// The same for the operation.
    pub fn rows_of_operation(self) -> &'static [&'static str] {
        match self {
            Self::Look(_) | Self::Claim(..) | Self::ExpireOperations => &["expiry"],
            Self::Cancel(_) => &["cancel", "expiry"],
            Self::Approve(..) | Self::ApproveFor(..) => &[
                "approve",
                "a failed approval, attempts left",
                "the last failed approval",
                "expiry",
            ],
            Self::Fail(_)
            | Self::ApproveOther(..)
            | Self::ApproveWeak(..)
            | Self::ApproveOtherFor(..)
            | Self::ApproveWeakFor(..) => &[
                "a failed approval, attempts left",
                "the last failed approval",
                "expiry",
            ],
            Self::ApproveWrong(..) => &["a failed approval, attempts left", "the last failed approval"],
            Self::Refuse(..) | Self::RejectFor(..) => &["reject", "expiry"],
            _ => &[],
        }
    }
}
