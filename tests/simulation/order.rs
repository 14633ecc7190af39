//! Requests, with what they mean: what the model needs to know to judge the answer.

use countersign::engine::callback::outbox::Delivery;
use serde_json::{Value, json};

use crate::keys::Turn;
use crate::support::prelude::APPLICATION;
use crate::support::{Answer, Ask, Factors};
use crate::town::Town;

/// A signature of a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Counter value it was made with.
    pub position: u64,
    pub factors: Factors,
    /// Whether it is sent for the text that was signed.
    pub genuine: bool,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A back end has a login verified.
    Verify {
        phone: usize,
        code: Code,
    },
    /// A back end has a token header verified.
    Token {
        phone: usize,
        nonce: String,
        at: u64,
        genuine: bool,
    },
    /// An encrypted request for a token.
    Envelope {
        phone: usize,
        number: usize,
        at: u64,
    },
    /// A back end removes the phone's token.
    RemoveToken(usize),
    /// The version of the application is served, or no longer.
    Support(bool),
    /// The phone approves.
    Authorize {
        phone: usize,
        code: Code,
        operation: String,
        data: String,
    },
    /// The phone rejects.
    Refuse {
        phone: usize,
        code: Code,
        operation: String,
    },
    /// A back end confirms the activation.
    Commit(usize),
    /// A back end looks at an activation.
    Status(usize),
    Rename(usize),
    Block(usize),
    Unblock(usize),
    Remove(usize),
    /// A new operation from a template, by number; without a user it waits for whoever claims it.
    Create {
        template: usize,
        user: Option<String>,
        amount: u64,
    },
    /// A back end looks at an operation, perhaps on behalf of somebody who claims it.
    Look {
        operation: String,
        claimant: Option<String>,
    },
    Cancel(String),
    /// A back end has seen a wrong signature.
    Fail(String),
    /// A back end approves on behalf of a user.
    Approve {
        operation: String,
        user: String,
        data: String,
        factors: &'static str,
    },
    /// A back end rejects on behalf of a user.
    Reject {
        operation: String,
        user: String,
    },
    /// A worker wants events of a URL to deliver.
    Lease(String),
    /// A worker has delivered.
    Delivered(String),
    /// A worker could not deliver.
    Failed(String, u64),
    /// A worker did not get round to these.
    Released(Vec<String>, u64),
    /// Housekeeping of operations.
    Expire,
    /// Housekeeping of activations.
    ExpireActivations,
    /// The sealing keys.
    Keys(Turn),
}

impl Meaning {
    /// Whether a phone asks, to whom other codes are answered.
    pub fn is_mobile(&self) -> bool {
        matches!(self, Self::Authorize { .. } | Self::Refuse { .. })
    }

    /// The phone whose signature is verified.
    pub fn signer(&self) -> Option<usize> {
        match self {
            Self::Verify { phone, .. } | Self::Authorize { phone, .. } | Self::Refuse { phone, .. } => {
                Some(*phone)
            }
            _ => None,
        }
    }

    /// The request of a back end.
    pub fn rest(&self, town: &Town) -> Option<Ask> {
        let id = |phone: &usize| town.handsets[*phone].id.clone();
        let one = |operation: &String| json!({ "operationId": operation });
        let (path, object) = match self {
            Self::Commit(phone) => ("/activation/commit", json!({ "activationId": id(phone) })),
            Self::Status(phone) => ("/activation/status", json!({ "activationId": id(phone) })),
            Self::Rename(phone) => {
                let request = json!({ "activationId": id(phone), "activationName": "phone" });
                ("/activation/name/update", request)
            }
            Self::Block(phone) => ("/activation/block", json!({ "activationId": id(phone) })),
            Self::Unblock(phone) => ("/activation/unblock", json!({ "activationId": id(phone) })),
            Self::Remove(phone) => ("/activation/remove", json!({ "activationId": id(phone) })),
            Self::RemoveToken(phone) => {
                let token = &town.handsets[*phone].token;
                let request = json!({ "tokenId": token, "activationId": id(phone) });
                ("/token/remove", request)
            }
            Self::Support(supported) => {
                let path = match supported {
                    true => "/application/version/support",
                    false => "/application/version/unsupport",
                };
                let version = json!({
                    "applicationId": APPLICATION, "applicationVersionId": "default",
                });
                (path, version)
            }
            Self::Create {
                template,
                user,
                amount,
            } => {
                let request = json!({
                    "userId": user, "applicationId": APPLICATION,
                    "templateName": crate::town::TEMPLATES[*template].name,
                    "parameters": { "amount": amount.to_string() },
                });
                ("/operation/create", request)
            }
            Self::Look { operation, claimant } => {
                let mut request = one(operation);
                if let Some(user) = claimant {
                    request["userId"] = json!(user);
                }
                ("/operation/detail", request)
            }
            Self::Cancel(operation) => ("/operation/cancel", one(operation)),
            Self::Fail(operation) => ("/operation/approve/fail", one(operation)),
            Self::Approve {
                operation,
                user,
                data,
                factors,
            } => {
                let request = json!({
                    "operationId": operation, "userId": user, "applicationId": APPLICATION,
                    "data": data, "signatureType": factors,
                });
                ("/operation/approve", request)
            }
            Self::Reject { operation, user } => {
                let request = json!({
                    "operationId": operation, "userId": user, "applicationId": APPLICATION,
                });
                ("/operation/reject", request)
            }
            _ => return None,
        };
        Some(Ask::rest(path, &object))
    }
}

/// A request that can be sent any number of times; workers' ones have no bytes.
#[derive(Clone, Debug)]
pub struct Order {
    pub meaning: Meaning,
    pub ask: Option<Ask>,
}

/// What an operation of the engine came back with.
#[derive(Clone, Debug)]
pub enum Reply {
    Answer(Answer),
    Deliveries(Vec<Delivery>),
    News(bool),
    Count(usize),
    /// A worker, or an operator, asked for what is not allowed.
    Refused,
    /// The machinery failed under a worker.
    Broken,
}

/// The part of an answer that promises something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// HTTP status; 200 for what a worker was told.
    pub status: u16,
    /// Error code, or the result of an action.
    pub code: String,
    pub valid: Option<bool>,
    /// State of the activation or operation.
    pub state: String,
    /// Attempts left or used, or how many things were done.
    pub count: Option<u64>,
    /// The events that were leased.
    pub events: Vec<String>,
}

impl Said {
    /// A refusal.
    pub fn no(status: u16, code: &str) -> Self {
        Self {
            status,
            code: code.to_owned(),
            ..Self::default()
        }
    }

    /// What `reply` says. An operation that was created is told beside it.
    pub fn heard(meaning: &Meaning, reply: &Reply) -> Self {
        match reply {
            Reply::Answer(answer) => Self::of_answer(meaning, answer),
            Reply::Deliveries(deliveries) => {
                let mut events: Vec<String> = deliveries.iter().map(|it| it.event.clone()).collect();
                events.sort_unstable();
                Self {
                    status: 200,
                    events,
                    ..Self::default()
                }
            }
            Reply::News(news) => Self {
                status: 200,
                valid: Some(*news),
                ..Self::default()
            },
            Reply::Count(count) => Self {
                status: 200,
                count: Some(u64::try_from(*count).unwrap()),
                ..Self::default()
            },
            Reply::Refused => Self::no(400, ""),
            Reply::Broken => Self::no(500, ""),
        }
    }

    fn of_answer(meaning: &Meaning, answer: &Answer) -> Self {
        let object = answer.object();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        if answer.status != 200 {
            return Self::no(answer.status, &text(&object["code"]));
        }
        let mut said = Self {
            status: 200,
            ..Self::default()
        };
        match meaning {
            Meaning::Verify { .. } => {
                said.valid = object["signatureValid"].as_bool();
                said.state = text(&object["activationStatus"]);
                said.count = object["remainingAttempts"].as_u64();
            }
            Meaning::Token { .. } => {
                said.valid = object["tokenValid"].as_bool();
                said.state = text(&object["activationStatus"]);
            }
            Meaning::RemoveToken(_) => said.valid = object["removed"].as_bool(),
            Meaning::Support(_) => said.valid = object["supported"].as_bool(),
            Meaning::Status(_) => {
                said.state = text(&object["activationStatus"]);
                said.count = object["failedAttempts"].as_u64();
            }
            Meaning::Block(_) | Meaning::Unblock(_) | Meaning::Rename(_) => {
                said.state = text(&object["activationStatus"])
            }
            Meaning::Approve { .. } | Meaning::Reject { .. } | Meaning::Fail(_) => {
                said.code = text(&object["result"]);
                said.state = text(&object["operation"]["status"]);
                said.count = object["operation"]["failureCount"].as_u64();
            }
            Meaning::Create { .. } | Meaning::Look { .. } | Meaning::Cancel(_) => {
                said.state = text(&object["status"]);
                said.count = object["failureCount"].as_u64();
            }
            _ => {}
        }
        said
    }

    /// Whether it claims that something was accepted or done.
    pub fn is_positive(&self) -> bool {
        self.status == 200 && self.valid != Some(false)
    }
}
