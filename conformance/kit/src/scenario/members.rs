//! Members of an object in a file, taken one by one; what nobody takes is a mistake.

use serde_json::{Map, Value};

use super::{Broken, FEATURES};

/// Where in which file something stands.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) file: String,
    pub(super) step: Option<usize>,
}

impl Spot {
    pub(super) fn broken(&self, place: &str, what: impl Into<String>) -> Broken {
        Broken {
            file: self.file.clone(),
            step: self.step,
            place: place.to_owned(),
            what: what.into(),
        }
    }
}

/// The members of an object.
pub(super) struct Members {
    spot: Spot,
    prefix: String,
    members: Map<String, Value>,
}

impl Members {
    pub(super) fn of(spot: &Spot, prefix: &str, value: Value) -> Result<Self, Broken> {
        match value {
            Value::Object(members) => Ok(Self {
                spot: spot.clone(),
                prefix: prefix.to_owned(),
                members,
            }),
            _ => Err(spot.broken(prefix, "an object is needed")),
        }
    }

    pub(super) fn broken(&self, name: &str, what: impl Into<String>) -> Broken {
        let place = match (self.prefix.is_empty(), name.is_empty()) {
            (true, _) => name.to_owned(),
            (false, true) => self.prefix.clone(),
            (false, false) => format!("{}.{name}", self.prefix),
        };
        self.spot.broken(&place, what)
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.members.shift_remove(name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Broken> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.broken(name, "a text is needed")),
        }
    }

    pub(super) fn needed(&mut self, name: &str) -> Result<String, Broken> {
        let text = self.text(name)?;
        text.ok_or_else(|| self.broken(name, "is missing"))
    }

    pub(super) fn integer(&mut self, name: &str) -> Result<Option<i64>, Broken> {
        match self.take(name) {
            None => Ok(None),
            Some(value) => match value.as_i64() {
                Some(number) => Ok(Some(number)),
                None => Err(self.broken(name, "a number is needed")),
            },
        }
    }

    pub(super) fn object(&mut self, name: &str) -> Result<Map<String, Value>, Broken> {
        match self.take(name) {
            None => Ok(Map::new()),
            Some(Value::Object(members)) => Ok(members),
            Some(_) => Err(self.broken(name, "an object is needed")),
        }
    }

    pub(super) fn list(&mut self, name: &str) -> Result<Vec<Value>, Broken> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(self.broken(name, "a list is needed")),
        }
    }

    /// A list of texts, or one text.
    pub(super) fn texts(&mut self, name: &str) -> Result<Vec<String>, Broken> {
        let items = match self.take(name) {
            Some(Value::Array(items)) => items,
            Some(item) => vec![item],
            None => Vec::new(),
        };
        let texts = items.into_iter().map(|item| match item {
            Value::String(text) => Ok(text),
            _ => Err(self.broken(name, "texts are needed")),
        });
        texts.collect()
    }

    /// Names of features.
    pub(super) fn needs(&mut self) -> Result<Vec<String>, Broken> {
        let needs = self.texts("needs")?;
        match needs
            .iter()
            .find(|need| FEATURES.iter().all(|(name, _)| name != need))
        {
            Some(unknown) => Err(self.broken("needs", format!("there is no feature `{unknown}`"))),
            None => Ok(needs),
        }
    }

    /// Nothing may be left.
    pub(super) fn end(self) -> Result<(), Broken> {
        match self.members.keys().next() {
            Some(name) => Err(self.broken(name, "nothing is known by this name here")),
            None => Ok(()),
        }
    }
}
