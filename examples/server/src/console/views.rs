//! What the console shows beside the methods of the APIs. All of it is read from the store, so that every node shows the
//! same; only the charts are those of the process that answers.

use std::time::Duration;

use axum::response::Response;
use countersign::api;
use countersign::crypto::encoding::base64url;
use countersign::crypto::symmetric::sha256;
use countersign::engine::overview::{self, PreviewRequest};
use countersign::engine::{audit, json as attributes};
use countersign::model::activation::{ACTIVATION, Activation};
use countersign::model::operation::{OPERATION, Operation};
use countersign::store::{Collection, Entity, Store};
use qrcodegen::{QrCode, QrCodeEcc};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use super::refused;
use crate::host::System;
use crate::service::{Service, into_response, unavailable};

/// Records of a collection that are looked through for the newest ones. Beyond that people search.
const FEW: usize = 500;
/// How many of them are shown.
const SHOWN: usize = 100;
/// How long a page waits for news.
const WAIT: Duration = Duration::from_secs(12);
/// Pauses between looks at the store.
const FIRST_PAUSE: Duration = Duration::from_millis(400);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// For a verification of all chains. Larger stores are verified from the command line.
const VERIFY_WITHIN: Duration = Duration::from_secs(60);

/// A view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    WatchOperations,
    RecentActivations,
    Deliveries,
    Preview,
    VerifyAudit,
    Charts,
    QrCode,
}

/// Why a view cannot be shown.
enum Trouble {
    /// The request is wrong.
    Request,
    /// The machinery failed; for the log.
    Machinery(String),
}

impl View {
    pub(super) const ALL: [(&str, Self); 7] = [
        ("watchOperations", Self::WatchOperations),
        ("recentActivations", Self::RecentActivations),
        ("deliveries", Self::Deliveries),
        ("preview", Self::Preview),
        ("verifyAudit", Self::VerifyAudit),
        ("charts", Self::Charts),
        ("qrCode", Self::QrCode),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, view)| *view)
    }
}

/// Whether pages ask for it again and again, with nobody there.
pub(super) fn asks_by_itself(name: &str) -> bool {
    matches!(View::named(name), Some(View::WatchOperations | View::Charts))
}

/// The answer of a view.
pub(super) async fn answer(service: &Service, view: View, given: Value) -> Response {
    let shown = match view {
        View::WatchOperations => watch(service, &given).await,
        View::RecentActivations => activations(service).await,
        View::Deliveries => deliveries(service, &given).await,
        View::Preview => preview(service, given).await,
        View::VerifyAudit => verify(service).await,
        View::Charts => charts(service),
        View::QrCode => qr_code(&given),
    };
    match shown {
        Ok(shown) => into_response(api::Response::ok(&shown)),
        Err(Trouble::Request) => refused(400, "ERROR_HTTP_REQUEST", "The request cannot be read."),
        Err(Trouble::Machinery(error)) => {
            tracing::error!(error, "a view of the console could not be shown");
            into_response(unavailable())
        }
    }
}

fn shown<T: Serialize>(value: T) -> Result<Value, Trouble> {
    serde_json::to_value(value).map_err(|error| Trouble::Machinery(error.to_string()))
}

fn text<'v>(given: &'v Value, name: &str) -> Option<&'v str> {
    given.get(name).and_then(Value::as_str)
}

/// Ids of the newest records, when there are few enough to look through; none otherwise.
async fn newest<R: Entity>(
    store: &dyn Store,
    collection: Collection,
    created: fn(&R) -> u64,
) -> Result<Option<Vec<String>>, Trouble> {
    let limit = u32::try_from(FEW + 1).unwrap_or(u32::MAX);
    let walked = store.walk(collection, None, limit).await;
    let records = walked.map_err(|error| Trouble::Machinery(error.to_string()))?;
    if records.len() > FEW {
        return Ok(None);
    }
    let mut found: Vec<(u64, String)> = records
        .into_iter()
        .filter_map(|record| Some((created(&R::decode(&record.body).ok()?), record.key.id)))
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    Ok(Some(found.into_iter().take(SHOWN).map(|(_, id)| id).collect()))
}

/// Takes out the one-time codes that phones have sent, or would have to: a page that lists operations needs none.
fn hide_codes(operations: &mut Value) {
    for operation in operations.as_array_mut().into_iter().flatten() {
        if let Some(code) = operation.get_mut("proximityOtp") {
            *code = Value::Null;
        }
        let additional = operation.get_mut("additionalData").and_then(Value::as_object_mut);
        if let Some(additional) = additional {
            additional.remove("proximity_otp");
        }
    }
}

/// Operations as they are now; waits a while for news when the page has `seen` these already.
async fn watch(service: &Service, given: &Value) -> Result<Value, Trouble> {
    let until = Instant::now() + WAIT;
    let known: Vec<String> = attributes::from_value(given.get("ids").cloned().unwrap_or_else(|| json!([])))
        .map_err(|_| Trouble::Request)?;
    let mut pause = FIRST_PAUSE;
    loop {
        let newest = newest::<Operation>(&service.connection.store, OPERATION, |it| it.created).await?;
        let complete = newest.is_some();
        let ids = newest.unwrap_or_else(|| known.clone());
        let found = service.decide(&System, |engine, tx| overview::operations(engine, tx, &ids));
        let mut operations = shown(found.await.map_err(Trouble::Machinery)?)?;
        hide_codes(&mut operations);
        let digest = base64url::encode(&sha256(&[operations.to_string().as_bytes()]));
        if text(given, "seen") != Some(&digest) || Instant::now() >= until || service.is_stopping() {
            return Ok(json!({ "seen": digest, "complete": complete, "operations": operations }));
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn activations(service: &Service) -> Result<Value, Trouble> {
    let newest = newest::<Activation>(&service.connection.store, ACTIVATION, |it| it.created).await?;
    let complete = newest.is_some();
    let ids = newest.unwrap_or_default();
    let found = service.decide(&System, |engine, tx| overview::activations(engine, tx, &ids));
    let activations = shown(found.await.map_err(Trouble::Machinery)?)?;
    Ok(json!({ "complete": complete, "activations": activations }))
}

async fn deliveries(service: &Service, given: &Value) -> Result<Value, Trouble> {
    let url = text(given, "id")
        .filter(|it| it.len() <= 64)
        .ok_or(Trouble::Request)?;
    let found = service.decide(&System, |engine, tx| overview::deliveries(engine, tx, url));
    shown(found.await.map_err(Trouble::Machinery)?)
}

async fn preview(service: &Service, given: Value) -> Result<Value, Trouble> {
    let request: PreviewRequest = attributes::from_value(given).map_err(|_| Trouble::Request)?;
    let found = service.decide(&System, |engine, tx| overview::preview(engine, tx, &request));
    shown(found.await.map_err(|_| Trouble::Request)?)
}

async fn verify(service: &Service) -> Result<Value, Trouble> {
    let console = service.console.as_ref().ok_or(Trouble::Request)?;
    let Ok(_turn) = console.verifying.try_acquire() else {
        return Ok(json!({ "state": "busy" }));
    };
    let began = Instant::now();
    let Ok(report) = timeout(VERIFY_WITHIN, audit::verify(&service.connection.store)).await else {
        return Ok(json!({ "state": "tooLarge", "seconds": VERIFY_WITHIN.as_secs() }));
    };
    let report = report.map_err(|error| Trouble::Machinery(error.to_string()))?;
    let findings = report.findings.iter().take(SHOWN).map(|it| {
        let (kind, id) = &it.subject;
        json!({ "kind": kind, "id": id, "number": it.number, "defect": it.defect.to_string() })
    });
    Ok(json!({
        "state": "verified",
        "chains": report.chains,
        "entries": report.entries,
        "broken": report.findings.len(),
        "findings": findings.collect::<Vec<_>>(),
        "millis": u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    }))
}

fn charts(service: &Service) -> Result<Value, Trouble> {
    let minutes = service
        .connection
        .store
        .minutes
        .as_ref()
        .ok_or(Trouble::Request)?;
    Ok(json!({ "now": minutes.now(), "minutes": minutes.all() }))
}

/// A QR code as its size and the path of its dark modules.
fn qr_code(given: &Value) -> Result<Value, Trouble> {
    use std::fmt::Write as _;
    let text = text(given, "text")
        .filter(|it| it.len() <= 2_000)
        .ok_or(Trouble::Request)?;
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| Trouble::Request)?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            // Writing to a `String` cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Ok(json!({ "size": size, "path": path }))
}
