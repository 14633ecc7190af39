//! The schemas of a document, each under one name.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{SchemaGenerator, generate::Contract};
use serde_json::{Map, Value, json};

use super::{refusals, tidy};
use crate::api::contract::{Source, Type};

/// Where schemas are.
pub(super) const PATH: &str = "#/components/schemas/";
/// Where those of requests are until all are known: only then it shows which types have two forms.
pub(super) const REQUEST_PATH: &str = "#/requests/";

/// Which way an object goes: the JSON of some types differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// From the caller.
    Request,
    /// To the caller.
    Answer,
}

/// The schemas used so far.
pub(super) struct Components {
    requests: SchemaGenerator,
    answers: SchemaGenerator,
    named: BTreeMap<String, Value>,
    /// Which operations have a schema as their request or their answer.
    uses: BTreeMap<String, Vec<(Side, &'static str)>>,
}

/// A reference to a schema.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{PATH}{name}") })
}

fn generator(contract: Contract) -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
        settings.contract = contract;
    });
    settings.into_generator()
}

/// Comments of types name functions of ours; readers of the document know operations.
fn tell_uses(schema: &mut Value, uses: &[(Side, &'static str)]) {
    let Some(Value::String(text)) = schema.get_mut("description") else {
        return;
    };
    if !text.starts_with("Request of `") && !text.starts_with("Answer of `") {
        return;
    }
    let (_, rest) = text.split_once(['.', ';', ':']).unwrap_or_default();
    let of = |side: Side, word: &str| {
        let mut names: Vec<String> = uses
            .iter()
            .filter(|(used, _)| *used == side)
            .map(|(_, name)| format!("`{name}`"))
            .collect();
        names.dedup();
        (!names.is_empty()).then(|| format!("{word} of {}.", names.join(", ")))
    };
    let mut words: Vec<String> = [of(Side::Request, "Request"), of(Side::Answer, "Answer")]
        .into_iter()
        .flatten()
        .collect();
    if !rest.trim().is_empty() {
        words.push(super::operations::capitalised(rest.trim()));
    }
    *text = words.join(" ");
}

impl Components {
    pub(super) fn new() -> Self {
        Self {
            requests: generator(Contract::Deserialize),
            answers: generator(Contract::Serialize),
            named: refusals::schemas().into_iter().collect(),
            uses: BTreeMap::new(),
        }
    }

    /// The schema of a type, which is mostly a reference, for the operation `by`.
    pub(super) fn schema(&mut self, of: Type, side: Side, by: &'static str) -> Value {
        let schema = self.schema_of(of, side);
        let name = schema.get("$ref").and_then(Value::as_str);
        if let Some(name) = name.and_then(|name| name.rsplit('/').next()) {
            self.uses.entry(name.to_owned()).or_default().push((side, by));
        }
        schema
    }

    fn schema_of(&mut self, of: Type, side: Side) -> Value {
        let schema = match of.source {
            Source::Written(name, schema) => return self.named(name.to_owned(), schema()),
            Source::Derived(schema) => match side {
                Side::Request => schema(&mut self.requests),
                Side::Answer => schema(&mut self.answers),
            },
        };
        tidy::schema(schema.to_value(), side)
    }

    /// Keeps a schema under its name.
    pub(super) fn named(&mut self, name: String, schema: Value) -> Value {
        let reference = reference(&name);
        self.named.insert(name, schema);
        reference
    }

    /// All schemas, by name. Where requests and answers have different forms of a type, the former is called `…Input`.
    pub(super) fn into_schemas(mut self) -> (Value, Vec<String>) {
        let of = |definitions: Map<String, Value>, side| -> BTreeMap<String, Value> {
            let tidied = |(name, schema)| (name, tidy::schema(schema, side));
            definitions.into_iter().map(tidied).collect()
        };
        let mut requests = of(self.requests.take_definitions(true), Side::Request);
        let answers = of(self.answers.take_definitions(true), Side::Answer);
        requests.retain(|name, schema| answers.get(name) != Some(schema));
        for (name, schema) in answers {
            self.named.entry(name).or_insert(schema);
        }
        let renamed: Vec<String> = requests
            .keys()
            .filter(|name| self.named.contains_key(*name))
            .cloned()
            .collect();
        for (name, schema) in requests {
            let name = if renamed.contains(&name) {
                format!("{name}Input")
            } else {
                name
            };
            self.named.insert(name, schema);
        }
        for (name, schema) in &mut self.named {
            if let Some(uses) = self.uses.get(name.strip_suffix("Input").unwrap_or(name)) {
                tell_uses(schema, uses);
            }
        }
        (json!(self.named), renamed)
    }
}

/// Leads references of requests to the schemas of requests.
pub(super) fn settle(value: &mut Value, renamed: &[String]) {
    match value {
        Value::String(text) => {
            if let Some(name) = text.strip_prefix(REQUEST_PATH) {
                let suffix = if renamed.iter().any(|it| it == name) {
                    "Input"
                } else {
                    ""
                };
                *text = format!("{PATH}{name}{suffix}");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|it| settle(it, renamed)),
        Value::Object(members) => members.values_mut().for_each(|it| settle(it, renamed)),
        _ => {}
    }
}
