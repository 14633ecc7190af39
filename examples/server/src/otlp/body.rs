//! Reports in the JSON encoding of OTLP 1: 64-bit numbers are texts, ids are hexadecimal.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::trace::Span;
use crate::database::StoreCounts;
use crate::metrics::{BOUNDS, Kind, Metrics};

const SERVER: u8 = 2;
const CUMULATIVE: u8 = 2;
const ERROR: u8 = 2;

/// Who tells. `worker` differs between processes.
pub(super) fn resource(worker: u64) -> Value {
    json!({ "attributes": [
        text("service.name", "countersign-server"),
        text("service.version", env!("CARGO_PKG_VERSION")),
        text("service.instance.id", &format!("{worker:016x}")),
    ]})
}

pub(super) fn traces(resource: &Value, spans: &[Span]) -> Value {
    let spans: Vec<Value> = spans.iter().map(span).collect();
    json!({ "resourceSpans": [{ "resource": resource, "scopeSpans": [{ "scope": scope(), "spans": spans }] }] })
}

fn span(span: &Span) -> Value {
    let ended = span.started.checked_add(span.took).unwrap_or(span.started);
    // Without a parent the id is empty, as if it were not there.
    let parent = span.context.parent.map(|id| hex(&id)).unwrap_or_default();
    let status = match span.status {
        500.. => json!({ "code": ERROR }),
        _ => json!({}),
    };
    json!({
        "traceId": hex(&span.context.trace),
        "spanId": hex(&span.context.span),
        "parentSpanId": parent,
        "name": span.endpoint,
        "kind": SERVER,
        "startTimeUnixNano": nanos(span.started),
        "endTimeUnixNano": nanos(ended),
        "attributes": [
            text("http.request.method", span.method),
            text("http.route", span.endpoint),
            number("http.response.status_code", u64::from(span.status)),
        ],
        "status": status,
    })
}

pub(super) fn metrics(resource: &Value, metrics: &Metrics, store: &StoreCounts) -> Value {
    let now = nanos(SystemTime::now());
    let started = UNIX_EPOCH.checked_add(Duration::from_secs(metrics.started()));
    let started = nanos(started.unwrap_or(UNIX_EPOCH));
    let mut told: Vec<Value> = Vec::new();
    for (name, kind, help, value) in metrics.numbers(store) {
        let point = json!({
            "startTimeUnixNano": started,
            "timeUnixNano": now,
            "asInt": value.to_string(),
        });
        let name = format!("countersign.{}", name.trim_end_matches("_total"));
        told.push(match kind {
            Kind::Counter => json!({
                "name": name, "description": help,
                "sum": { "aggregationTemporality": CUMULATIVE, "isMonotonic": true, "dataPoints": [point] },
            }),
            Kind::Gauge => json!({ "name": name, "description": help, "gauge": { "dataPoints": [point] } }),
        });
    }
    let points: Vec<Value> = metrics
        .requests()
        .into_iter()
        .map(|((endpoint, status), series)| {
            // Ours count what is at most a bound, these what is between two.
            let mut below = 0;
            let mut buckets: Vec<String> = Vec::with_capacity(BOUNDS.len() + 1);
            for upto in series.buckets.into_iter().chain([series.count]) {
                buckets.push(upto.saturating_sub(below).to_string());
                below = upto;
            }
            json!({
                "startTimeUnixNano": started,
                "timeUnixNano": now,
                "attributes": [text("http.route", endpoint), number("http.response.status_code", u64::from(status))],
                "count": series.count.to_string(),
                "sum": Duration::from_micros(series.micros).as_secs_f64(),
                "bucketCounts": buckets,
                "explicitBounds": BOUNDS.map(|bound| Duration::from_micros(bound).as_secs_f64()),
            })
        })
        .collect();
    told.push(json!({
        "name": "http.server.request.duration", "unit": "s",
        "description": "Time from the head of a request to its answer.",
        "histogram": { "aggregationTemporality": CUMULATIVE, "dataPoints": points },
    }));
    json!({ "resourceMetrics": [{ "resource": resource, "scopeMetrics": [{ "scope": scope(), "metrics": told }] }] })
}

fn scope() -> Value {
    json!({ "name": "countersign-server" })
}

fn text(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": { "stringValue": value } })
}

fn number(key: &str, value: u64) -> Value {
    json!({ "key": key, "value": { "intValue": value.to_string() } })
}

fn nanos(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_nanos().to_string()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
