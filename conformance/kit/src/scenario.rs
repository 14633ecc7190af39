//! Scenarios as they are played, and the files they come from.

mod members;
mod parameters;
mod read;
mod step;

use std::path::Path;

use serde_json::{Map, Value};
use thiserror::Error;

pub use read::library;

/// What a server may lack: names that scenarios and steps need, and what each means.
pub const FEATURES: [(&str, &str); 13] = [
    ("phone", "the standard API of phones below `/pa/v3`"),
    ("mobile-token", "the Mobile Token API below `/api/auth/token/app`"),
    (
        "texts",
        "texts of operations can be set through `/admin/operation-texts`",
    ),
    ("protocol-3.0", "phones of protocol version 3.0"),
    ("protocol-3.1", "phones of protocol version 3.1"),
    ("protocol-3.2", "phones of protocol version 3.2"),
    (
        "protocol-3.3",
        "phones of protocol version 3.3, with temporary keys",
    ),
    ("recovery", "recovery codes"),
    ("callbacks", "callback URLs"),
    (
        "callback-delivery",
        "callbacks reach the kit, which listens on its own machine",
    ),
    (
        "operation-details",
        "the detail and claim of one operation in the Mobile Token API",
    ),
    (
        "details",
        "name and rename of an activation in the standard API of phones",
    ),
    (
        "escaped-parameters",
        "parameters of operations are escaped before they are inserted",
    ),
];

/// A file that cannot be read as a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}{step}: {place}{what}", step = .step.map_or(String::new(), |it| format!(", step {it}")), place = if place.is_empty() { String::new() } else { format!("`{place}`: ") })]
pub struct Broken {
    /// Name of the file.
    pub file: String,
    /// Which step, counted from 1.
    pub step: Option<usize>,
    /// Which member, as `send.activationId`; empty for the whole.
    pub place: String,
    /// What is wrong.
    pub what: String,
}

/// A scenario: steps that are played one after the other.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Name of the file, and in brackets the values of `each` it is played with.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// The published documentation that the expectations come from.
    pub source: Vec<String>,
    /// What the server must have.
    pub needs: Vec<String>,
    /// The steps, those of included files too.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it stands, as `signature.json, step 3` or `signature.json, step 3 > fragments/phone.json, step 1`.
    pub at: String,
    /// One line for people.
    pub title: String,
    /// What the server must have; otherwise the step is left out.
    pub needs: Vec<String>,
    /// What is done and expected.
    pub act: Act,
    /// The name that what comes back is saved as.
    pub save: Option<String>,
    /// Repeated for so many seconds until the answer is as expected.
    pub until: Option<u64>,
}

/// Whom a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// The server API, `/rest/v3`, with credentials of a back end.
    Server,
    /// What phones call.
    Edge,
    /// The administrators' API.
    Admin,
}

/// Body of a request.
#[derive(Clone, Debug)]
pub enum Body {
    /// None at all.
    None,
    /// `{"requestObject": …}`.
    Wrapped(Value),
    /// A JSON document.
    Json(Value),
    /// A text as it is.
    Raw(Value),
}

/// A request that the kit makes as it is.
#[derive(Clone, Debug)]
pub struct Call {
    /// Whom it is for.
    pub to: Base,
    /// Method, in upper case.
    pub method: String,
    /// Path below the address, with the query.
    pub path: Value,
    /// Names and values.
    pub headers: Map<String, Value>,
    /// Body.
    pub body: Body,
}

/// What is expected of an answer over HTTP.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The status; by default 200, with `error` 400.
    pub http: Option<Value>,
    /// `responseObject.code`.
    pub error: Option<Value>,
    /// `responseObject`.
    pub object: Option<Value>,
    /// The whole body.
    pub answer: Option<Value>,
}

/// What is expected of a command of a phone, or of a computation.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It succeeds, with this result.
    Result(Value),
    /// The server refuses: expected of `status` and `code`.
    Refused(Value),
    /// It ends with an error of this kind.
    Fails(Value),
}

/// Damage done to a request between the phone and the server.
#[derive(Clone, Debug)]
pub struct Damage {
    /// What is damaged.
    pub place: Damaged,
    /// How.
    pub how: How,
}

/// What is damaged.
#[derive(Clone, Debug)]
pub enum Damaged {
    /// A header, or one field of it.
    Header(String, Option<String>),
    /// A member of the JSON body.
    Body(String),
}

/// How something is damaged.
#[derive(Clone, Debug)]
pub enum How {
    /// The last bit of Base64, the last digit or the last character is another.
    Flip,
    /// It is left out.
    Drop,
    /// It is this.
    Set(Value),
}

/// A command of a phone.
#[derive(Clone, Debug)]
pub struct Command {
    /// Which phone.
    pub phone: String,
    /// The command, as `countersign::bridge::phone` describes.
    pub command: Value,
    /// How wrong the clock of the phone is, in seconds.
    pub clock: i64,
    /// What happens to the request on its way.
    pub damage: Vec<Damage>,
    /// A method of the server API that gets what the phone sends, in place of the API of phones: path and request object,
    /// in which `{{request…}}` is what the phone sends.
    pub through: Option<(String, Value)>,
    /// What is expected of the answer over HTTP.
    pub reply: Option<Reply>,
    /// What is expected of the phone; nothing when it is not given the answer.
    pub outcome: Option<Outcome>,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum Act {
    /// A request of a back end or of anybody.
    Call(Box<Call>, Reply),
    /// A command of a phone.
    Phone(Box<Command>),
    /// A new phone, from its settings.
    New(String, Value),
    /// A second phone with all that the first one has now.
    Copy(String, String),
    /// The last request of a phone, once more.
    Resend(String, Reply),
    /// A computation, as `countersign::bridge::protocol` describes.
    Compute(Value, Outcome),
    /// A new key pair: `privateKey` and `publicKey`.
    Keys,
    /// Values.
    Set(Map<String, Value>),
    /// A value, and what is expected of it.
    Check(Value, Value),
    /// A receiver of callbacks, with its `url`.
    Listen(String),
    /// What a receiver has got: a list of bodies.
    Heard(String, Value),
}

impl Scenario {
    /// The first of what it needs that is not there.
    #[must_use]
    pub fn missing<'a>(&'a self, without: &[String]) -> Option<&'a str> {
        missing(&self.needs, without)
    }
}

impl Step {
    /// The first of what it needs that is not there.
    #[must_use]
    pub fn missing<'a>(&'a self, without: &[String]) -> Option<&'a str> {
        missing(&self.needs, without)
    }
}

fn missing<'a>(needs: &'a [String], without: &[String]) -> Option<&'a str> {
    needs
        .iter()
        .find(|need| without.contains(need))
        .map(String::as_str)
}

/// Reads one scenario from texts: its file, and the fragments it may include by name.
///
/// # Errors
/// [`Broken`] for the first thing that is wrong.
pub fn parse(
    name: &str,
    text: &str,
    fragment: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<Scenario>, Broken> {
    read::scenarios(name, text, fragment)
}

/// Name of a file without folder and extension.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
