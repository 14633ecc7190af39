//! One comparison: what the other library is asked, and what its answer has to be.

use super::dice::Dice;

/// A value of a request or an answer; none where something is absent.
pub(crate) type Field = Option<Vec<u8>>;

/// What the other library did.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Values(Vec<Field>),
    /// It threw; class and message.
    Refused(String),
}

/// What the comparison found.
pub(crate) enum Verdict {
    /// The same; cases of one kind are counted together.
    Same(&'static str),
    /// Not the same, and that is known: the reason.
    Explained(&'static str),
    Different(String),
    /// So far the same; the other library is asked once more.
    Next(Case),
}

type Check = Box<dyn FnOnce(&Answer) -> Verdict>;

/// A request to the other library, and what is compared.
pub(crate) struct Case {
    pub(crate) function: &'static str,
    pub(crate) arguments: Vec<Field>,
    pub(crate) check: Check,
}

/// An operation: how its cases are made.
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) make: fn(&mut Dice) -> Case,
    /// One in so many of the cases of the others is played: what costs much.
    pub(crate) one_in: u64,
}

impl Operation {
    pub(crate) const fn new(name: &'static str, make: fn(&mut Dice) -> Case) -> Self {
        Self {
            name,
            make,
            one_in: 1,
        }
    }

    /// Of an operation that costs much.
    pub(crate) const fn slow(name: &'static str, make: fn(&mut Dice) -> Case) -> Self {
        Self {
            name,
            make,
            one_in: 500,
        }
    }
}

/// A request that is being made.
pub(crate) struct Ask {
    function: &'static str,
    arguments: Vec<Field>,
}

impl Ask {
    pub(crate) const fn new(function: &'static str) -> Self {
        Self {
            function,
            arguments: Vec::new(),
        }
    }

    pub(crate) fn bytes(mut self, value: impl AsRef<[u8]>) -> Self {
        self.arguments.push(Some(value.as_ref().to_vec()));
        self
    }

    pub(crate) fn maybe(mut self, value: Option<impl AsRef<[u8]>>) -> Self {
        self.arguments.push(value.map(|value| value.as_ref().to_vec()));
        self
    }

    pub(crate) fn number(self, value: impl Into<i64>) -> Self {
        let value: i64 = value.into();
        self.bytes(value.to_be_bytes())
    }

    pub(crate) fn maybe_number(self, value: Option<i64>) -> Self {
        self.maybe(value.map(i64::to_be_bytes))
    }

    pub(crate) fn compare(self, check: impl FnOnce(&Answer) -> Verdict + 'static) -> Case {
        Case {
            function: self.function,
            arguments: self.arguments,
            check: Box::new(check),
        }
    }

    /// The answer has to be these values.
    pub(crate) fn equals(self, class: &'static str, ours: Vec<Vec<u8>>) -> Case {
        self.compare(move |answer| match answer {
            Answer::Values(theirs) if *theirs == ours.iter().cloned().map(Some).collect::<Vec<_>>() => {
                Verdict::Same(class)
            }
            other => different(&ours.iter().map(|value| show(value)).collect::<Vec<_>>(), other),
        })
    }
}

impl Answer {
    /// The values, when there are so many.
    pub(crate) fn values<const N: usize>(&self) -> Option<&[Field; N]> {
        match self {
            Self::Values(values) => values.as_slice().try_into().ok(),
            Self::Refused(_) => None,
        }
    }

    /// The only value as yes or no.
    pub(crate) fn yes(&self) -> Option<bool> {
        match self.values::<1>()?.each_ref().map(Option::as_deref) {
            [Some([0])] => Some(false),
            [Some([1])] => Some(true),
            _ => None,
        }
    }
}

/// A text that has to be one.
pub(crate) fn text(field: &Field) -> &str {
    field
        .as_deref()
        .map_or("", |bytes| std::str::from_utf8(bytes).unwrap())
}

/// A text that may be absent.
pub(crate) fn maybe_text(field: &Field) -> Option<String> {
    field
        .as_deref()
        .map(|bytes| std::str::from_utf8(bytes).unwrap().to_owned())
}

/// A number that may be absent.
pub(crate) fn maybe_number(field: &Field) -> Option<i64> {
    let bytes: [u8; 8] = field.as_deref()?.try_into().unwrap();
    Some(i64::from_be_bytes(bytes))
}

pub(crate) fn different(ours: &impl core::fmt::Debug, theirs: &Answer) -> Verdict {
    Verdict::Different(format!("ours {ours:?}, theirs {}", shown(theirs)))
}

/// An answer in words.
pub(crate) fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Values(values) => {
            let all: Vec<String> = values
                .iter()
                .map(|it| it.as_deref().map_or("-".to_owned(), show))
                .collect();
            all.join(" ")
        }
        Answer::Refused(text) => format!("refused: {text}"),
    }
}

/// Readable text as it is, everything else in hexadecimal digits.
pub(crate) fn show(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() && text.chars().all(|it| it == ' ' || it.is_ascii_graphic()) => {
            format!("{text:?}")
        }
        _ => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}
