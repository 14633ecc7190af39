//! What an answer has to be like, and where it is otherwise.

mod compare;
mod parse;

pub use parse::MatcherError;

use serde_json::Value;

/// One place of an answer that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where, as `/activations/0/userId`.
    pub place: String,
    /// What the scenario expects.
    pub expected: String,
    /// What came; `nothing` where the member is missing.
    pub got: String,
}

/// What is expected of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Matcher {
    /// This value: a text, a number, true, false or null.
    Equal(Value),
    /// An object with these members; with others too unless `exact`.
    Object {
        /// Names, and what is expected of them.
        members: Vec<(String, Matcher)>,
        /// No other members, except those that are null.
        exact: bool,
    },
    /// A list of just these, in order.
    List(Vec<Matcher>),
    /// A list of just these, in any order.
    Unordered(Vec<Matcher>),
    /// A list that has an element for each of these.
    Contains(Vec<Matcher>),
    /// A list all of whose elements are like this.
    Each(Box<Matcher>),
    /// A list or a text of so many elements or characters.
    Length(u64),
    /// There, and not null.
    Present,
    /// Missing or null.
    Absent,
    /// Of this JSON type.
    Type(Type),
    /// A text of this form.
    Text(Form),
    /// Base64 of so many bytes.
    Bytes(u64),
    /// So many decimal digits.
    Digits(u64),
    /// A number in this range, both ends included.
    Range(i64, i64),
    /// A moment, as text or in milliseconds, no further than so many seconds from this one in Unix milliseconds.
    Near(u64, u64),
    /// Like at least one of these.
    OneOf(Vec<Matcher>),
    /// Not like this.
    Not(Box<Matcher>),
}

/// JSON types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A text.
    String,
    /// Any number.
    Number,
    /// A number without fraction.
    Integer,
    /// True or false.
    Boolean,
    /// An object.
    Object,
    /// A list.
    Array,
}

impl Type {
    /// Names as they are written in scenarios.
    pub const ALL: [(&'static str, Self); 6] = [
        ("string", Self::String),
        ("number", Self::Number),
        ("integer", Self::Integer),
        ("boolean", Self::Boolean),
        ("object", Self::Object),
        ("array", Self::Array),
    ];

    fn fits(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Number => value.is_number(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Boolean => value.is_boolean(),
            Self::Object => value.is_object(),
            Self::Array => value.is_array(),
        }
    }
}

/// Forms of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Any text with at least one character.
    NotEmpty,
    /// `8-4-4-4-12` hexadecimal digits.
    Uuid,
    /// Base64 with padding, of any length above zero.
    Base64,
    /// `XXXXX-XXXXX-XXXXX-XXXXX` in Base32, with the right checksum.
    ActivationCode,
    /// A moment in ISO 8601.
    Timestamp,
}

impl Form {
    /// Names as they are written in scenarios.
    pub const ALL: [(&'static str, Self); 5] = [
        ("notEmpty", Self::NotEmpty),
        ("uuid", Self::Uuid),
        ("base64", Self::Base64),
        ("activationCode", Self::ActivationCode),
        ("timestamp", Self::Timestamp),
    ];
}

impl Matcher {
    /// Reads what a scenario says.
    ///
    /// # Errors
    /// [`MatcherError`] with the place inside of it.
    pub fn parse(value: &Value) -> Result<Self, MatcherError> {
        parse::matcher(value, "")
    }

    /// Where `value` is otherwise; `None` stands for a member that is missing.
    #[must_use]
    pub fn compare(&self, value: Option<&Value>) -> Vec<Difference> {
        let mut found = Vec::new();
        compare::into(self, value, "", &mut found);
        found
    }
}
