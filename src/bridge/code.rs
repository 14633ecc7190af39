//! Results of calls across a language boundary: one table for all languages.
//!
//! Numbers stand in families of a hundred with gaps. They are promises: a number never changes its
//! meaning, a retired one is never used again. None of them concerns what the engine answered: a
//! refused request is a reply like any other.

use std::borrow::Cow;
use std::ffi::CStr;

use crate::store::wire::WireError;

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
#[non_exhaustive]
pub enum Code {
    /// It worked.
    Ok = 0,

    /// A pointer that must not be NULL is.
    NullPointer = 100,
    /// A length is larger than anything in memory, or larger than allowed.
    Length = 101,
    /// A text is not UTF-8.
    NotUtf8 = 102,
    /// An argument has a value that it may not have.
    Argument = 103,
    /// The structure's `size` is none that this version of the library knows.
    StructSize = 104,

    /// No handle with this number was ever given out.
    UnknownHandle = 200,
    /// The handle was freed.
    StaleHandle = 201,
    /// The handle is of another kind than the function takes.
    WrongHandle = 202,
    /// Another thread is inside a step of the same call.
    Busy = 203,
    /// More handles than the library gives out: something is not freed.
    TooManyHandles = 204,

    /// The message is not in the wire format. The call waits for the same answer as before.
    Malformed = 300,
    /// The message does not answer what was asked, or is missing. The call waits for the same answer
    /// as before.
    Unexpected = 301,
    /// The call has given its reply, or failed inside a step. It can only be freed.
    Finished = 302,
    /// Nothing to seal: the request was not encrypted, has not passed, or was answered already.
    NothingToSeal = 303,

    /// The engine has no store of its own: take steps.
    NoStore = 400,
    /// The engine has a store of its own: let it handle requests.
    OwnStore = 401,
    /// The built-in store cannot be opened, or this build does not have it.
    StoreOpen = 402,

    /// The system's clock is set before 1970.
    Clock = 900,
    /// A defect of the library was contained. The engine still works; the call does not.
    Panic = 901,
    /// A defect of the library that it noticed itself.
    Internal = 902,
}

impl Code {
    /// Every code.
    pub const ALL: &[Self] = &[
        Self::Ok,
        Self::NullPointer,
        Self::Length,
        Self::NotUtf8,
        Self::Argument,
        Self::StructSize,
        Self::UnknownHandle,
        Self::StaleHandle,
        Self::WrongHandle,
        Self::Busy,
        Self::TooManyHandles,
        Self::Malformed,
        Self::Unexpected,
        Self::Finished,
        Self::NothingToSeal,
        Self::NoStore,
        Self::OwnStore,
        Self::StoreOpen,
        Self::Clock,
        Self::Panic,
        Self::Internal,
    ];

    /// Its number.
    pub fn number(self) -> i32 {
        self as i32
    }

    /// The code with this number.
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.number() == number)
    }

    /// Its name where errors have texts for codes, as in JavaScript: `snake_case`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NullPointer => "null_pointer",
            Self::Length => "length",
            Self::NotUtf8 => "not_utf8",
            Self::Argument => "argument",
            Self::StructSize => "struct_size",
            Self::UnknownHandle => "unknown_handle",
            Self::StaleHandle => "stale_handle",
            Self::WrongHandle => "wrong_handle",
            Self::Busy => "busy",
            Self::TooManyHandles => "too_many_handles",
            Self::Malformed => "malformed",
            Self::Unexpected => "unexpected",
            Self::Finished => "finished",
            Self::NothingToSeal => "nothing_to_seal",
            Self::NoStore => "no_store",
            Self::OwnStore => "own_store",
            Self::StoreOpen => "store_open",
            Self::Clock => "clock",
            Self::Panic => "panic",
            Self::Internal => "internal",
        }
    }

    /// An English sentence, safe to log.
    pub fn c_text(self) -> &'static CStr {
        match self {
            Self::Ok => c"it worked",
            Self::NullPointer => c"a pointer is NULL",
            Self::Length => c"a length is too large",
            Self::NotUtf8 => c"a text is not UTF-8",
            Self::Argument => c"an argument has an impossible value",
            Self::StructSize => c"a structure has a size that this library does not know",
            Self::UnknownHandle => c"there is no such handle",
            Self::StaleHandle => c"the handle was freed",
            Self::WrongHandle => c"the handle is of another kind",
            Self::Busy => c"another thread is inside the same call",
            Self::TooManyHandles => c"too many handles are open",
            Self::Malformed => c"the message is not in the wire format",
            Self::Unexpected => c"the message does not answer what was asked",
            Self::Finished => c"the call is over",
            Self::NothingToSeal => c"there is nothing to seal",
            Self::NoStore => c"the engine has no store of its own",
            Self::OwnStore => c"the engine has a store of its own",
            Self::StoreOpen => c"the store cannot be opened",
            Self::Clock => c"the system's clock is set before 1970",
            Self::Panic => c"a defect of the library was contained",
            Self::Internal => c"a defect of the library",
        }
    }

    /// As [`Code::c_text`].
    pub fn text(self) -> &'static str {
        self.c_text().to_str().unwrap_or_default()
    }
}

/// A call that did not work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", .code.text())]
pub struct Error {
    /// Which of the codes; never [`Code::Ok`].
    pub code: Code,
    /// What exactly, safe to log: names of arguments and fields, never values.
    pub detail: Cow<'static, str>,
}

impl Error {
    /// An error with its detail.
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }
}

impl From<WireError> for Error {
    fn from(error: WireError) -> Self {
        let code = match error {
            WireError::Unexpected => Code::Unexpected,
            _ => Code::Malformed,
        };
        Self::new(code, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;
    use std::collections::HashSet;

    #[test]
    fn every_code_has_its_own_number_name_and_text() {
        for code in Code::ALL {
            assert_eq!(Code::from_number(code.number()), Some(*code));
            assert!(!code.text().is_empty());
            assert!(
                code.name()
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            );
        }
        let names = Code::ALL.iter().map(|code| code.name()).collect::<HashSet<_>>();
        let texts = Code::ALL.iter().map(|code| code.text()).collect::<HashSet<_>>();
        assert_eq!((names.len(), texts.len()), (Code::ALL.len(), Code::ALL.len()));
        let known = (-1_000..2_000).filter_map(Code::from_number).count();
        assert_eq!(known, Code::ALL.len());
        println!("{known} codes");
    }
}
