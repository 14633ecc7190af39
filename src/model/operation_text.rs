//! Texts of operations as phones show them: one record per type of operation, with all its languages.

use minicbor::{Decode, Encode};

use super::codec::entity;
use super::journal::Head;
use crate::store::{Collection, Index, IndexEntry};

/// Collection of [`OperationTexts`].
pub const OPERATION_TEXTS: Collection = Collection("operation_texts");
/// All types that have texts.
pub const TYPES: Index = Index("operation_texts");

/// The texts of one type of operation. A record without texts is what is left when all were removed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct OperationTexts {
    /// Type of the operations, 1 to 255 bytes.
    #[n(0)]
    pub operation_type: String,
    /// One text per language, in the order in which they came.
    #[n(1)]
    pub texts: Vec<OperationText>,
    /// Newest entry of its journal.
    #[n(2)]
    pub journal: Head,
}

/// A text in one language. Title, message and all texts inside the JSON may hold placeholders.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct OperationText {
    /// Primary subtag in lower case, at most 8 characters.
    #[n(0)]
    pub language: String,
    /// Title, 1 to 255 characters.
    #[n(1)]
    pub title: String,
    /// Message, not empty.
    #[n(2)]
    pub message: String,
    /// JSON array: definitions of the rows.
    #[n(3)]
    pub attributes: Option<String>,
    /// JSON object: hints for the app.
    #[n(4)]
    pub ui: Option<String>,
    /// JSON object: texts for the outcome.
    #[n(5)]
    pub result_texts: Option<String>,
}

entity!(OperationTexts, OPERATION_TEXTS,
id: |it| it.operation_type.clone(),
entries: |it| match it.texts.is_empty() {
    true => Vec::new(),
    false => vec![IndexEntry { index: TYPES, value: Vec::new(), sort: 0 }],
});

impl OperationTexts {
    /// The text for a language; else the English one; else any.
    pub fn choose(&self, language: &str) -> Option<&OperationText> {
        let of = |language: &str| self.texts.iter().find(|it| it.language == language);
        of(language).or_else(|| of("en")).or(self.texts.first())
    }

    /// Adds a text, or replaces the one of its language.
    pub fn set(&mut self, text: OperationText) {
        match self.texts.iter_mut().find(|it| it.language == text.language) {
            Some(known) => *known = text,
            None => self.texts.push(text),
        }
    }

    /// Removes the text of a language. Answers whether there was one.
    pub fn remove(&mut self, language: &str) -> bool {
        let before = self.texts.len();
        self.texts.retain(|it| it.language != language);
        self.texts.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::codec;
    use crate::store::Entity;

    fn text(language: &str, title: &str) -> OperationText {
        OperationText {
            language: language.to_owned(),
            title: title.to_owned(),
            message: "m".to_owned(),
            attributes: None,
            ui: Some("{}".to_owned()),
            result_texts: None,
        }
    }

    #[test]
    fn languages() {
        let mut texts = OperationTexts {
            operation_type: "login".to_owned(),
            texts: Vec::new(),
            journal: Head::default(),
        };
        assert_eq!(texts.choose("cs"), None);
        assert!(texts.entries().is_empty());
        texts.set(text("de", "1"));
        assert_eq!(texts.choose("cs").unwrap().title, "1");
        texts.set(text("en", "2"));
        assert_eq!(texts.choose("cs").unwrap().title, "2");
        texts.set(text("de", "3"));
        assert_eq!(
            (texts.choose("de").unwrap().title.as_str(), texts.texts.len()),
            ("3", 2)
        );
        assert!(texts.remove("de") && !texts.remove("de"));
        assert_eq!(texts.entries().len(), 1);
    }

    #[test]
    fn bodies_are_frozen() {
        let texts = OperationTexts {
            operation_type: "a".to_owned(),
            texts: vec![text("en", "t")],
            journal: Head::default(),
        };
        let body = b"\x01\x83\x61a\x81\x85\x62en\x61t\x61m\xf6\x62{}\x82\x00\x40";
        assert_eq!(codec::encode(&texts), body);
        assert_eq!(codec::decode(body), Ok(texts));
    }
}
