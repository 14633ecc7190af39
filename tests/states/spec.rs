//! What the specification makes of a request, as a sequential program. Written from the protocol, not
//! from the engine.

use countersign::model::activation::ActivationStatus as A;
use countersign::model::operation::OperationStatus as O;

use crate::act::Act;
use crate::local::{ATTEMPTS, Operation, Phone, Whole};

/// Counter values that the server tries.
pub const LOOK_AHEAD: u64 = 20;

/// What a request does besides changing the state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Whether the answer is "yes".
    pub yes: bool,
    /// Callbacks that are told.
    pub news: usize,
    /// How far the phone's counter moves.
    pub steps: u64,
}

/// Does `act`; none where there is nothing to ask about.
pub fn perform(act: Act, whole: &mut Whole) -> Option<Effect> {
    let mut effect = Effect::default();
    let Whole { phones, operations } = whole;
    match act {
        Act::Exchange(phone) => {
            let it = &mut phones[phone];
            // The code of one that is overdue is refused; whoever asks about it by id notices its end.
            if it.status == A::Created && !it.overdue {
                it.status = A::PendingCommit;
                (effect.yes, effect.news) = (true, 1);
            }
        }
        Act::Commit(phone) => {
            let it = &mut phones[phone];
            if !it.expire(&mut effect) && it.status == A::PendingCommit {
                it.status = A::Active;
                (effect.yes, effect.news) = (true, 1);
            }
        }
        Act::Status(phone) => {
            phones[phone].expire(&mut effect);
            effect.yes = true;
        }
        Act::Block(phone) => phones[phone].switch(A::Active, A::Blocked, &mut effect),
        Act::Unblock(phone) => phones[phone].switch(A::Blocked, A::Active, &mut effect),
        Act::Remove(phone) => {
            let it = &mut phones[phone];
            (it.status, it.overdue) = (A::Removed, false);
            (effect.yes, effect.news) = (true, 1);
        }
        Act::Login(phone) => effect.yes = phones[phone].verify(Some(1), true, &mut effect),
        Act::Skip(phone) => effect.yes = phones[phone].verify(Some(LOOK_AHEAD), true, &mut effect),
        Act::TooFar(phone) | Act::Wrong(phone) => {
            phones[phone].verify(None, true, &mut effect);
        }
        Act::WrongPossession(phone) => {
            phones[phone].verify(None, false, &mut effect);
        }
        Act::Twice(phone) => {
            phones[phone].verify(Some(1), true, &mut effect);
            phones[phone].verify(None, true, &mut effect);
        }
        Act::Create(number) => {
            let new = Operation {
                status: O::Pending,
                failures: 0,
                owner: (number == 0).then_some(0),
                overdue: false,
            };
            if operations[number].replace(new).is_some() {
                return None;
            }
            (effect.yes, effect.news) = (true, 1);
        }
        Act::Look(number) => {
            operations[number].as_mut()?.expire(&mut effect);
            effect.yes = true;
        }
        Act::Claim(number, claimant) => {
            let it = operations[number].as_mut()?;
            effect.yes = true;
            if it.pending() && !it.overdue {
                effect.yes = *it.owner.get_or_insert(claimant) == claimant;
            } else {
                it.expire(&mut effect);
            }
        }
        Act::Cancel(number) => {
            let it = operations[number].as_mut()?;
            if it.waits(&mut effect) {
                it.end(O::Canceled, &mut effect);
            }
        }
        Act::Fail(number) => {
            let it = operations[number].as_mut()?;
            if it.waits(&mut effect) {
                it.fail(&mut effect);
            }
        }
        Act::ApproveFor(number, user) => operations[number].as_mut()?.approve(user, true, &mut effect),
        Act::ApproveOtherFor(number, user) | Act::ApproveWeakFor(number, user) => {
            operations[number].as_mut()?.approve(user, false, &mut effect);
        }
        Act::RejectFor(number, user) => operations[number].as_mut()?.reject(user, &mut effect),
        Act::Approve(number, phone) => {
            let it = operations[number].as_mut()?;
            match phones[phone].verify(Some(1), true, &mut effect) {
                true => it.approve(phone, true, &mut effect),
                false => it.charge(phone, &mut effect),
            }
        }
        Act::ApproveWrong(number, phone) => {
            let it = operations[number].as_mut()?;
            phones[phone].verify(None, true, &mut effect);
            it.charge(phone, &mut effect);
        }
        Act::ApproveOther(number, phone) | Act::ApproveWeak(number, phone) => {
            let it = operations[number].as_mut()?;
            let counts = matches!(act, Act::ApproveOther(..));
            match phones[phone].verify(Some(1), counts, &mut effect) {
                true => it.approve(phone, false, &mut effect),
                false => it.charge(phone, &mut effect),
            }
        }
        Act::Refuse(number, phone) => {
            let it = operations[number].as_mut()?;
            if phones[phone].verify(Some(1), false, &mut effect) {
                it.reject(phone, &mut effect);
            }
        }
        Act::RefuseWrong(number, phone) => {
            operations[number].as_ref()?;
            phones[phone].verify(None, false, &mut effect);
        }
        Act::ExpireOperations => {
            for it in operations.iter_mut().flatten() {
                it.expire(&mut effect);
            }
            effect.yes = true;
        }
        Act::ExpireActivations => {
            for it in phones {
                it.expire(&mut effect);
            }
            effect.yes = true;
        }
        Act::Later => {
            *phones = phones.map(Phone::later);
            *operations = operations.map(|it| it.map(Operation::later));
            effect.yes = true;
        }
    }
    Some(effect)
}

impl Phone {
    /// Whether it was overdue, and is now removed.
    fn expire(&mut self, effect: &mut Effect) -> bool {
        let overdue = std::mem::take(&mut self.overdue);
        if overdue {
            self.status = A::Removed;
            effect.news += 1;
        }
        overdue
    }

    fn switch(&mut self, from: A, to: A, effect: &mut Effect) {
        effect.yes = self.status == from || self.status == to;
        if self.status == from {
            self.status = to;
            effect.news += 1;
            if to == A::Active {
                self.failed = 0;
            }
        }
    }

    /// A signature, so many steps ahead of the counter when it is a right one. Whether it is accepted.
    fn verify(&mut self, ahead: Option<u64>, counts: bool, effect: &mut Effect) -> bool {
        if self.status != A::Active {
            return false;
        }
        if let Some(steps) = ahead {
            effect.steps += steps;
            if counts {
                self.failed = 0;
            }
        } else if counts {
            self.failed += 1;
            if self.failed == ATTEMPTS {
                self.status = A::Blocked;
                effect.news += 1;
            }
        }
        ahead.is_some()
    }
}

impl Operation {
    fn expire(&mut self, effect: &mut Effect) {
        if std::mem::take(&mut self.overdue) {
            self.status = O::Expired;
            effect.news += 1;
        }
    }

    /// Whether it waits for a decision; one whose time is over expires.
    fn waits(&mut self, effect: &mut Effect) -> bool {
        self.expire(effect);
        self.pending()
    }

    fn end(&mut self, status: O, effect: &mut Effect) {
        self.status = status;
        effect.news += 1;
        effect.yes = true;
    }

    fn fail(&mut self, effect: &mut Effect) {
        self.failures += 1;
        effect.news += 1;
        if self.failures == ATTEMPTS {
            self.status = O::Failed;
        }
    }

    fn owned_by(&self, user: usize) -> bool {
        self.owner.is_none_or(|owner| owner == user)
    }

    /// `exact`: with its very data and factors.
    fn approve(&mut self, user: usize, exact: bool, effect: &mut Effect) {
        if !self.waits(effect) {
            return;
        }
        if exact && self.owned_by(user) {
            self.owner = Some(user);
            self.end(O::Approved, effect);
        } else {
            self.fail(effect);
        }
    }

    fn reject(&mut self, user: usize, effect: &mut Effect) {
        if self.waits(effect) && self.owned_by(user) {
            self.owner = Some(user);
            self.end(O::Rejected, effect);
        }
    }

    /// A wrong signature costs an attempt of the signer's own operation.
    fn charge(&mut self, signer: usize, effect: &mut Effect) {
        if self.pending() && !self.overdue && self.owner == Some(signer) {
            self.fail(effect);
        }
    }
}
