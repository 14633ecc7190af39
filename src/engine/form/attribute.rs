//! Rows of a form (mobile API specification, 4.4).

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use super::Broken;
use super::amount::{self, Decimal};
use super::locale::Locale;

/// All kinds of rows.
pub(crate) const KINDS: &[&str] = &[
    "AMOUNT",
    "AMOUNT_CONVERSION",
    "KEY_VALUE",
    "NOTE",
    "HEADING",
    "ALERT",
    "PARTY_INFO",
    "IMAGE",
];
const KEY_VALUE: &str = "KEY_VALUE";

/// What becomes of a row of an unknown kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// A KEY_VALUE, if there is a value.
    KeyValue,
    /// A KEY_VALUE without value.
    Empty,
}

/// A row as the texts define it.
#[derive(Debug, Deserialize)]
pub(super) struct Definition {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    text: String,
    /// From a member of the row to the name of a parameter.
    #[serde(default)]
    params: Option<BTreeMap<String, String>>,
}

pub(super) fn definitions(json: &str) -> Result<Vec<Definition>, Broken> {
    serde_json::from_str(json).map_err(|_| Broken)
}

/// A row as phones get it.
#[derive(Debug)]
pub(crate) struct Attribute {
    /// Names and values in order.
    members: Vec<(&'static str, Member)>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Member {
    Text(String),
    Decimal(Decimal),
    Flag(bool),
    Level(u32),
    Party(Party),
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Party {
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    website_url: Option<String>,
}

impl Serialize for Attribute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.members.len()))?;
        for (name, member) in &self.members {
            map.serialize_entry(name, member)?;
        }
        map.end()
    }
}

impl Attribute {
    fn new(kind: &'static str, id: &str, label: &str) -> Self {
        let text = |text: &str| Member::Text(text.to_owned());
        Self {
            members: vec![("type", text(kind)), ("id", text(id)), ("label", text(label))],
        }
    }

    fn with(mut self, name: &'static str, member: Option<Member>) -> Self {
        self.members.extend(member.map(|member| (name, member)));
        self
    }

    fn with_text(self, name: &'static str, text: Option<&str>) -> Self {
        self.with(name, text.map(|text| Member::Text(text.to_owned())))
    }

    /// Its identifier.
    pub(crate) fn id(&self) -> &str {
        match self.members.get(1) {
            Some((_, Member::Text(id))) => id,
            _ => "",
        }
    }

    /// Without some members.
    pub(crate) fn without(&mut self, names: &[&str]) {
        self.members.retain(|(name, _)| !names.contains(name));
    }

    /// Number, its text and symbol, and both in one; a text that is no number has only the latter ones.
    fn with_money(
        self,
        [amount, currency, amount_text, currency_text, value_text]: [&'static str; 5],
        (given, code): (&str, &str),
        locale: &Locale,
    ) -> Self {
        let decimal = Decimal::parse(given);
        let shown = match &decimal {
            Some(decimal) => amount::format(decimal, code, locale),
            None => amount::as_given(given, code, locale),
        };
        self.with(amount, decimal.map(Member::Decimal))
            .with_text(currency, Some(code))
            .with_text(amount_text, Some(&shown.amount))
            .with_text(currency_text, Some(&shown.currency))
            .with_text(value_text, Some(&shown.value))
    }
}

/// Members of a row with an amount.
pub(crate) const AMOUNT: [&str; 5] = [
    "amount",
    "currency",
    "amountFormatted",
    "currencyFormatted",
    "valueFormatted",
];
pub(crate) const SOURCE: [&str; 5] = [
    "sourceAmount",
    "sourceCurrency",
    "sourceAmountFormatted",
    "sourceCurrencyFormatted",
    "sourceValueFormatted",
];
pub(crate) const TARGET: [&str; 5] = [
    "targetAmount",
    "targetCurrency",
    "targetAmountFormatted",
    "targetCurrencyFormatted",
    "targetValueFormatted",
];

/// The row of a definition; none when a parameter that it cannot do without is missing.
pub(super) fn attribute(
    it: &Definition,
    parameters: &Map<String, Value>,
    locale: &Locale,
    kinds: &[&str],
    unknown: Unknown,
) -> Option<Attribute> {
    let input = |member: &str| {
        let name = it.params.as_ref()?.get(member)?;
        parameters.get(name)?.as_str()
    };
    let known = KINDS
        .iter()
        .copied()
        .find(|kind| *kind == it.kind && kinds.contains(kind));
    let row = Attribute::new(known.unwrap_or(KEY_VALUE), &it.id, &it.text);
    Some(match known {
        Some("AMOUNT") => row.with_money(AMOUNT, (input("amount")?, input("currency")?), locale),
        Some("AMOUNT_CONVERSION") => {
            let source = (input("sourceAmount")?, input("sourceCurrency")?);
            let target = (input("targetAmount")?, input("targetCurrency")?);
            let dynamic = input("dynamic").is_some_and(|text| text.eq_ignore_ascii_case("true"));
            row.with("dynamic", Some(Member::Flag(dynamic)))
                .with_money(SOURCE, source, locale)
                .with_money(TARGET, target, locale)
        }
        Some("NOTE") => row.with_text("note", Some(input("note")?)),
        // A level that is none must not cost the user the whole operation.
        Some("HEADING") => {
            let level = input("level").and_then(|text| text.parse().ok()).unwrap_or(0);
            row.with("level", Some(Member::Level(level)))
        }
        Some("ALERT") => row
            .with_text("alertType", Some(alert(input("type"))))
            .with_text("title", input("title"))
            .with_text("message", input("message")),
        Some("PARTY_INFO") => {
            let text = |member| input(member).map(str::to_owned);
            let party = Party {
                logo_url: text("logoUrl"),
                name: text("name"),
                description: text("description"),
                website_url: text("websiteUrl"),
            };
            row.with("partyInfo", Some(Member::Party(party)))
        }
        Some("IMAGE") => row
            .with_text("thumbnailUrl", Some(input("thumbnailUrl")?))
            .with_text("originalUrl", input("originalUrl")),
        None if unknown == Unknown::Empty => row,
        _ => row.with_text("value", Some(input("value")?)),
    })
}

/// A parameter as a row.
pub(super) fn plain(name: &str, value: &Value) -> Option<Attribute> {
    Some(Attribute::new(KEY_VALUE, name, name).with_text("value", Some(value.as_str()?)))
}

fn alert(kind: Option<&str>) -> &'static str {
    let kind = kind.unwrap_or_default().to_uppercase();
    let known = ["SUCCESS", "WARNING", "ERROR"];
    known.into_iter().find(|it| *it == kind).unwrap_or("INFO")
}
