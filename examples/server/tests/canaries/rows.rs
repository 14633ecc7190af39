//! Every row of every endpoint table, asked with canaries in each attribute, in the query and in the headers.

use std::collections::BTreeSet;

use countersign::crypto::encoding::base64;
use serde_json::{Map, Value, json};

use crate::bank::{Bank, Caller, repository};
use crate::story::Left;

const DOCUMENTS: &[&str] = &[
    "server",
    "standard",
    "mobile",
    "mobile-web-flow",
    "mobile-deployed-enrollment",
    "admin",
    "cloud",
];
/// Attributes are nested at most so deep.
const DEEPEST: usize = 6;

/// How attributes that are texts are filled.
#[derive(Clone, Copy)]
enum Fill {
    /// With the canary itself.
    Text,
    /// With its Base64, and with a name where one is needed, so that more of the request is looked at.
    Deeper,
}

struct Filler<'a> {
    bank: &'a Bank,
    document: &'a Value,
    fill: Fill,
    row: &'a str,
    activation: &'a str,
}

impl Filler<'_> {
    fn value(&self, schema: &Value, name: &str, depth: usize) -> Value {
        if let Some(target) = schema["$ref"].as_str() {
            let target = self.document.pointer(&target[1..]).unwrap();
            return if depth > DEEPEST {
                Value::Null
            } else {
                self.value(target, name, depth + 1)
            };
        }
        for several in ["anyOf", "oneOf", "allOf"] {
            if let Some(first) = schema[several].as_array().and_then(|it| it.first()) {
                return self.value(first, name, depth + 1);
            }
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.first().and_then(Value::as_str).unwrap_or_default(),
            kind => kind.as_str().unwrap_or_default(),
        };
        match kind {
            "integer" | "number" => json!(1),
            "boolean" => json!(true),
            "array" => json!([self.value(&schema["items"], name, depth + 1)]),
            "object" => {
                let mut object = Map::new();
                for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
                    object.insert(name.clone(), self.value(schema, name, depth + 1));
                }
                if object.is_empty() && schema["additionalProperties"] != json!(false) {
                    object.insert(
                        self.canary(&format!("{name}Name")),
                        json!(self.canary(&format!("{name}Member"))),
                    );
                }
                Value::Object(object)
            }
            _ => self.text(schema, name),
        }
    }

    fn canary(&self, name: &str) -> String {
        let text = format!("Canary-{name}-of-{}", self.row.replace(['/', '{', '}'], "."));
        self.bank.secret(&format!("attribute {name}"), &text);
        text
    }

    fn text(&self, schema: &Value, name: &str) -> Value {
        let canary = self.canary(name);
        let Fill::Deeper = self.fill else {
            return json!(canary);
        };
        if let Some(first) = schema["enum"].as_array().and_then(|it| it.first()) {
            return first.clone();
        }
        match name {
            "applicationId" | "appId" | "application" => json!("bank"),
            "activationId" | "registrationId" => json!(self.activation),
            "protocolVersion" | "signatureVersion" => json!("3.2"),
            "signatureType" => json!("POSSESSION_KNOWLEDGE"),
            "callbackUrl" => json!(format!("http://localhost/{canary}")),
            _ => json!(base64::encode(canary.as_bytes())),
        }
    }
}

/// Headers of the protocol with canaries, of the right form and of another.
fn headers(bank: &Bank, row: &str, well_formed: bool) -> Vec<(&'static str, String)> {
    let canary = |name: &str| {
        let text = format!("Canary-{name}-of-{}", row.replace(['/', '{', '}'], "."));
        bank.secret(&format!("header {name}"), &text);
        text
    };
    let sixteen = |name: &str| {
        let bytes = canary(name);
        let bytes = countersign::crypto::symmetric::sha256(&[bytes.as_bytes()]);
        bank.secret_bytes(&format!("header {name}"), &bytes[..16]);
        base64::encode(&bytes[..16])
    };
    let mut all = vec![
        ("cookie", format!("countersign_console={}", canary("cookie"))),
        ("user-agent", canary("userAgent")),
        ("referer", canary("referer")),
        ("x-request-id", format!("no id: {}", canary("requestId"))),
        ("x-csrf-token", canary("csrf")),
        ("accept-language", canary("language")),
        ("traceparent", canary("trace")),
    ];
    if well_formed {
        let id = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
        let (key, nonce, signature) = (sixteen("key"), sixteen("nonce"), sixteen("signature"));
        all.push((
            "x-powerauth-authorization",
            format!(
                "PowerAuth pa_activation_id=\"{id}\", pa_application_key=\"{key}\", pa_nonce=\"{nonce}\", \
                 pa_signature_type=\"possession\", pa_signature=\"{signature}\", pa_version=\"3.2\""
            ),
        ));
        all.push((
            "x-powerauth-encryption",
            format!("PowerAuth version=\"3.2\", application_key=\"{key}\", activation_id=\"{id}\""),
        ));
    } else {
        all.push((
            "x-powerauth-authorization",
            format!("PowerAuth pa_signature={}", canary("signature")),
        ));
        all.push((
            "x-powerauth-token",
            format!("PowerAuth token_digest=\"{}\"", canary("digest")),
        ));
        all.push(("x-powerauth-encryption", canary("encryption")));
    }
    all
}

/// Asks all of them; how many rows, and how many requests.
pub(crate) fn ask_all(bank: &Bank, left: &Left) -> (usize, usize) {
    let (mut rows, mut requests) = (BTreeSet::new(), 0);
    for name in DOCUMENTS {
        let document: Value =
            serde_json::from_str(&repository(&format!("docs/openapi/{name}.json"))).unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, row) in methods.as_object().unwrap() {
                if !rows.insert((method.clone(), path.clone())) {
                    continue;
                }
                requests += ask(bank, &document, path, method, row, left);
            }
        }
    }
    (rows.len(), requests)
}

fn ask(bank: &Bank, document: &Value, path: &str, method: &str, row: &Value, left: &Left) -> usize {
    let method = method.to_uppercase();
    let schema = &row["requestBody"]["content"]["application/json"]["schema"];
    let canary = format!("Canary-path-of-{}", path.replace(['/', '{', '}'], "."));
    bank.secret("part of a path", &canary);
    let query = format!("Canary-query-of-{}", path.replace(['/', '{', '}'], "."));
    bank.secret("query", &query);
    let mut target = path.to_owned();
    while let (Some(from), Some(to)) = (target.find('{'), target.find('}')) {
        target.replace_range(from..=to, &canary);
    }
    let mut asked: Vec<String> = vec![format!("q={query}")];
    for parameter in row["parameters"].as_array().into_iter().flatten() {
        if parameter["in"] == "query" {
            asked.push(format!("{}={query}", parameter["name"].as_str().unwrap()));
        }
    }
    let target = format!("{target}?{}", asked.join("&"));
    let mut requests = 0;
    for fill in [Fill::Text, Fill::Deeper] {
        let filler = Filler {
            bank,
            document,
            fill,
            row: path,
            activation: &left.activation,
        };
        let body = match schema {
            Value::Null => String::new(),
            schema => filler.value(schema, "body", 0).to_string(),
        };
        let cut: String = body.chars().take(body.chars().count() * 2 / 3).collect();
        for caller in [
            Caller::Basic(&bank.auth),
            Caller::Basic(&bank.admin),
            Caller::Basic(&left.application),
            Caller::Headers(headers(bank, path, matches!(fill, Fill::Deeper))),
        ] {
            bank.send(&method, &target, &caller, body.as_bytes());
            requests += 1;
        }
        if !cut.is_empty() {
            bank.send(&method, &target, &Caller::Basic(&bank.auth), cut.as_bytes());
            bank.send(&method, &target, &Caller::Nobody, cut.as_bytes());
            requests += 2;
        }
    }
    let wrong = (canary.clone(), query.clone());
    bank.secret("header with a wrong secret", &crate::support::basic(&wrong)[6..]);
    bank.send(&method, &target, &Caller::Basic(&wrong), b"{}");
    requests + 1
}
