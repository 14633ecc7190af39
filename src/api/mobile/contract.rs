//! What the rows of the Mobile Token API promise, in each dialect.

use super::decide::{AuthorizeRequest, CancelRequest};
use super::dialect::Differences;
use super::error::{self, Refusal};
use super::inbox::{ListRequest, MessageRequest, MessageView, Page, UnreadCount};
use super::push::RegisterRequest;
use super::read::DetailRequest;
use super::view::OperationView;
use crate::api::contract::{Contract, Form, Proof, Type};
use crate::crypto::ecies::{EnvelopeRequest, EnvelopeResponse};

impl Contract {
    /// With the codes that phones of the dialect know.
    fn refused(mut self, rules: &Differences, refusals: &[Refusal]) -> Self {
        for refusal in refusals {
            let told = rules.told(*refusal);
            self = self.refuses(told.status, &[told.code]);
        }
        self
    }
}

fn object<T: crate::api::contract::Described>() -> Form {
    Form::Object(Type::of::<T>())
}

/// Which lists and details tell the time.
fn shown(rules: &Differences, object: Type) -> Form {
    match rules.current_timestamp {
        true => Form::Timed(object),
        false => Form::Object(object),
    }
}

pub(super) fn list(rules: &Differences) -> Contract {
    Contract::new(
        "Pending operations of the token's user in the token's application, newest first, at most 100.",
    )
    .proves(&[Proof::Token])
    .answers(shown(rules, Type::of::<Vec<OperationView>>()))
    .refused(rules, error::READING)
}

pub(super) fn list_signed(rules: &Differences) -> Contract {
    Contract::new("Pending operations of the user, newest first, at most 100. Signed by the phone alone.")
        .proves(&[Proof::Signature])
        .asks(Form::Bytes)
        .answers(shown(rules, Type::of::<Vec<OperationView>>()))
        .refused(rules, error::READING)
}

pub(super) fn detail(rules: &Differences) -> Contract {
    Contract::new("One pending operation.")
        .proves(&[Proof::Token])
        .asks(object::<DetailRequest>())
        .answers(shown(rules, Type::of::<OperationView>()))
        .refused(rules, error::READING)
        .refused(rules, error::STATES)
        .refused(rules, &[error::NO_TEXT, error::BROKEN_TEXT])
}

pub(super) fn claim(rules: &Differences) -> Contract {
    detail(rules).says("One pending operation, which becomes the token's user's unless it has a user.")
}

pub(super) fn history(rules: &Differences) -> Contract {
    Contract::new("Operations of the user in all states, newest first, at most 100. Signed with two factors.")
        .proves(&[Proof::Signature])
        .asks(Form::Bytes)
        .answers(object::<Vec<OperationView>>())
        .refused(rules, error::READING)
}

pub(super) fn authorize(rules: &Differences) -> Contract {
    Contract::new(
        "Approves an operation with a signature over the request. A wrong one costs an attempt of the operation.",
    )
    .proves(&[Proof::Signature])
    .asks(object::<AuthorizeRequest>())
    .refused(rules, error::READING)
    .refused(rules, error::STATES)
    .refused(rules, error::DECIDING)
}

pub(super) fn cancel(rules: &Differences) -> Contract {
    authorize(rules)
        .says("Rejects an operation. Signed by the phone alone.")
        .asks(object::<CancelRequest>())
}

pub(super) fn register(rules: &Differences) -> Contract {
    Contract::new("Registers the device for push messages, with a token or a signature of the phone alone.")
        .proves(&[Proof::Token, Proof::Signature])
        .asks(object::<RegisterRequest>())
        .refused(
            rules,
            &[
                error::UNREGISTRABLE,
                error::INVALID_REQUEST,
                error::NOT_REGISTERED,
            ],
        )
}

pub(super) fn register_by_token(rules: &Differences) -> Contract {
    register(rules)
        .says("Registers the device for push messages, with a token.")
        .proves(&[Proof::Token])
}

pub(super) fn register_signed(rules: &Differences) -> Contract {
    register(rules)
        .says("Registers the device for push messages. Signed by the phone alone.")
        .proves(&[Proof::Signature])
}

fn inbox(rules: &Differences, text: &'static str) -> Contract {
    Contract::new(text)
        .proves(&[Proof::Token])
        .refused(rules, &[error::UNAUTHENTICATED, error::INBOX_FAILED])
}

pub(super) fn inbox_count(rules: &Differences) -> Contract {
    inbox(rules, "Number of unread messages.").answers(object::<UnreadCount>())
}

pub(super) fn inbox_list(rules: &Differences) -> Contract {
    inbox(
        rules,
        "Part of the inbox, newest first, without the bodies of messages.",
    )
    .asks(Form::Optional(Type::of::<ListRequest>()))
    .answers(Form::Bare(Type::of::<Page>()))
    .refused(rules, &[error::INVALID_REQUEST])
}

pub(super) fn inbox_detail(rules: &Differences) -> Contract {
    inbox(rules, "One message with its body.")
        .asks(object::<MessageRequest>())
        .answers(match rules.message_in_list {
            true => object::<Vec<MessageView>>(),
            false => object::<MessageView>(),
        })
        .refused(rules, &[error::INVALID_REQUEST])
}

pub(super) fn inbox_read(rules: &Differences) -> Contract {
    inbox(rules, "Marks one message as read.")
        .asks(object::<MessageRequest>())
        .refused(rules, &[error::INVALID_REQUEST])
}

pub(super) fn inbox_read_all(rules: &Differences) -> Contract {
    inbox(rules, "Marks all messages as read.")
}

pub(super) fn activation_code(rules: &Differences) -> Contract {
    Contract::new(
        "An activation code for a sibling app of the same user. Signed with two factors, then encrypted in activation scope.",
    )
    .proves(&[Proof::Signature])
    .asks(Form::Bare(Type::of::<EnvelopeRequest>()))
    .answers(Form::Bare(Type::of::<EnvelopeResponse>()))
    .refused(
        rules,
        &[error::UNAUTHENTICATED, error::UNDECRYPTABLE, error::NO_CODE, error::INVALID_REQUEST],
    )
}
