//! What is wrong with a request, collected, so that one answer tells all of it.

use serde_json::{Value, json};

use super::super::http::Response;
use super::answer::violated;
use crate::engine::labels;
use crate::store::Stop;

/// Characters of identifiers and names.
pub(super) const MAX_TEXT: usize = 255;
/// Characters of a flag.
const MAX_FLAG: usize = 64;

/// The violations found so far.
#[derive(Default)]
pub(super) struct Violations(Vec<Value>);

impl Violations {
    /// A violation that shows the value.
    pub(super) fn add(&mut self, field: &str, value: impl Into<Value>, hint: &str) {
        self.0
            .push(json!({ "fieldName": field, "invalidValue": value.into(), "hint": hint }));
    }

    /// A violation of something that is missing, or secret.
    pub(super) fn hide(&mut self, field: &str, hint: &str) {
        self.0.push(json!({ "fieldName": field, "hint": hint }));
    }

    /// A mandatory text of 1 to `max` characters. Answers it, or an empty text when it is missing.
    pub(super) fn text<'a>(&mut self, field: &str, given: &'a Option<String>, max: usize) -> &'a str {
        match given.as_deref() {
            None => {
                self.hide(field, "must not be empty");
                ""
            }
            Some(text) => {
                self.size(field, text, 1, max);
                text
            }
        }
    }

    /// A text of `min` to `max` characters, if it is there.
    pub(super) fn optional(&mut self, field: &str, given: &Option<String>, min: usize, max: usize) {
        if let Some(text) = given {
            self.size(field, text, min, max);
        }
    }

    fn size(&mut self, field: &str, text: &str, min: usize, max: usize) {
        let fits = (min..=max).contains(&text.chars().take(max + 1).count());
        if !fits {
            // What is far too long helps nobody.
            let shown: String = text.chars().take(2 * MAX_TEXT).collect();
            self.add(field, shown, &format!("size must be between {min} and {max}"));
        }
    }

    /// Flags, or roles: at most 100, each of 1 to 64 characters, letters, digits, `_`, `-`, `.`.
    pub(super) fn labels(&mut self, field: &str, given: &[String]) {
        if given.len() > labels::MAX {
            self.hide(field, &format!("size must be between 0 and {}", labels::MAX));
            return;
        }
        let usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        for label in given {
            if !(1..=MAX_FLAG).contains(&label.len()) || !label.chars().all(usual) {
                let shown: String = label.chars().take(MAX_TEXT).collect();
                self.add(field, shown, "must match [A-Za-z0-9_.-]{1,64}");
            }
        }
    }

    /// Refuses when there are any.
    pub(super) fn verdict(self) -> Result<(), Stop<Response>> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(Stop::Refuse(violated(&self.0))),
        }
    }
}
