//! The OpenAPI 3.1 documents, made from the endpoint tables.
//!
//! Each row brings its name, path, credentials, request, answer and refusals ([`Contract`](super::contract::Contract)); the
//! types behind it bring their JSON, with their comments as descriptions. What comments say in fixed words (`Base64 of 16
//! bytes`, `1 to 255 characters`) becomes keywords. Requests are shown as callers should send them; that more is accepted
//! (numbers as texts, `null` for what may be absent) is said in words.
//!
//! The documents are committed in `docs/openapi`: `cargo xtask openapi` writes them, a test compares.

mod components;
mod operations;
mod refusals;
mod tidy;

use serde_json::{Map, Value, json};

use super::{Dialect, Endpoint, Family, rows};
use components::Components;

/// A document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Name of its file, without `.json`.
    pub name: &'static str,
    /// The document itself.
    pub json: Value,
}

impl Document {
    /// The text of its file.
    pub fn text(&self) -> String {
        format!("{:#}\n", self.json)
    }
}

/// What a document covers: file, title, text, rows.
type Plan = (&'static str, &'static str, String, Vec<Endpoint>);

const SERVER: &str = "For back ends that link activations to users, verify signatures and have operations approved. \
    Every method is a POST with `{\"requestObject\": …}`; some take no request and ignore whatever body there is. \
    A text is also accepted as a number or boolean, a number as a text of digits, a boolean as `\"true\"` or a number, a \
    date as milliseconds since the epoch; `null` is the same as absent where nothing else is said. Unknown members are \
    ignored.";
const STANDARD: &str = "What every phone calls. Bodies are mostly encrypted: the envelope's contents are described in the \
    protocol. Which check failed is not told.";
const MOBILE: &str =
    "What phones call to show and decide operations, to register for push messages and to read their inbox.";
const CLOUD: &str = "For back ends of applications whose users have several phones. The application follows from the \
    caller's credentials, and nothing of another one is told: its identifiers are answered like unknown ones. Successful \
    answers are bare objects; moments are milliseconds since the epoch.";
const ADMIN: &str = "What administrators set up: the texts that phones show of operations.";

/// All documents: one for each API family, and one for each further dialect of phones.
pub fn documents() -> Vec<Document> {
    let of = |family| rows(&[family], Dialect::default());
    let mobile = |name, title, dialect, text: &str| -> Plan {
        (
            name,
            title,
            format!("{MOBILE} {text}"),
            rows(&[Family::Mobile], dialect),
        )
    };
    let plans: [Plan; 8] = [
        ("server", "Server API", SERVER.to_owned(), of(Family::Server)),
        (
            "standard",
            "Standard API of phones",
            STANDARD.to_owned(),
            of(Family::Standard),
        ),
        mobile(
            "mobile",
            "Mobile Token API",
            Dialect::Enrollment,
            "The newest published dialect, which servers have unless told otherwise.",
        ),
        mobile(
            "mobile-deployed-enrollment",
            "Mobile Token API, as deployed",
            Dialect::DeployedEnrollment,
            "The newest dialect with the shapes that its servers have where the published text shows others.",
        ),
        mobile(
            "mobile-early-enrollment",
            "Mobile Token API, early",
            Dialect::EarlyEnrollment,
            "The older dialect of the enrollment server.",
        ),
        mobile(
            "mobile-web-flow",
            "Mobile Token API, Web Flow",
            Dialect::WebFlow,
            "The dialect of Web Flow.",
        ),
        ("cloud", "Cloud API", CLOUD.to_owned(), of(Family::Cloud)),
        ("admin", "Administration", ADMIN.to_owned(), of(Family::Admin)),
    ];
    plans.into_iter().map(document).collect()
}

fn document((name, title, text, rows): Plan) -> Document {
    let mut components = Components::new();
    let paths = operations::paths(&rows, &mut components);
    let mut tags: Vec<&str> = rows.iter().map(operations::tag).collect();
    tags.sort_unstable();
    tags.dedup();
    let tags: Vec<Value> = tags.into_iter().map(|tag| json!({ "name": tag })).collect();
    let mut schemes = Map::new();
    for (scheme, definition) in operations::SCHEMES {
        let used = rows.iter().any(|row| operations::schemes(row).contains(scheme));
        if used {
            schemes.insert((*scheme).to_owned(), definition());
        }
    }
    let (schemas, renamed) = components.into_schemas();
    let mut json = json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("Countersign: {title}"),
            "summary": "Compatible with PowerAuth.",
            "description": text,
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT" },
        },
        "servers": [{ "url": "/", "description": "Where the host mounts it." }],
        "tags": tags,
        "paths": paths,
        "components": {
            "securitySchemes": schemes,
            "responses": refusals::shared(&rows),
            "schemas": schemas,
        },
    });
    components::settle(&mut json, &renamed);
    Document { name, json }
}
