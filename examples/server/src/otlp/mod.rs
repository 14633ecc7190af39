//! Traces and metrics for an OpenTelemetry collector: OTLP over HTTP with JSON.
//!
//! The encoding is small enough to be written here; the SDK would bring thirty packages, and a second way to count what
//! [`crate::metrics`] counts already. Nothing waits for the collector: spans that it is too slow for are dropped and counted.
//!
//! | file | holds |
//! |---|---|
//! | `trace` | whether a request is traced, and its span |
//! | `body` | what is sent |

mod body;
mod trace;

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use trace::Span;
pub(crate) use trace::Traces;

use super::options::seconds;
use super::service::Service;

/// Spans that wait for the collector.
const QUEUE: usize = 4_096;
/// Spans of one request to the collector.
const AT_ONCE: usize = 512;
const WITHIN: Duration = Duration::from_secs(5);
const ANSWER_BYTES: usize = 64 * 1024;

/// Options of what is told to a collector.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "OpenTelemetry")]
pub(crate) struct OtlpOptions {
    /// A collector that takes OTLP over HTTP in JSON, such as `http://127.0.0.1:4318`; without TLS, so on this machine or in
    /// a private network.
    #[arg(long, value_name = "URL", value_parser = collector)]
    pub(crate) otlp_endpoint: Option<Collector>,

    /// Between two reports.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    otlp_interval: Duration,

    /// Of a hundred requests, how many are traced whose `traceparent` does not say whether to.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
    otlp_traces: u8,
}

/// Where a collector is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Collector {
    /// Name or address, and port.
    authority: String,
    /// Before `/v1/…`, without a slash at the end.
    path: String,
}

fn collector(text: &str) -> Result<Collector, String> {
    let expected = || "expected `http://HOST:PORT`, and a path maybe".to_owned();
    let url: hyper::Uri = text.parse().map_err(|_| expected())?;
    let authority = url
        .authority()
        .filter(|it| !it.as_str().contains('@'))
        .ok_or_else(expected)?;
    if url.scheme_str() != Some("http") || url.query().is_some() {
        return Err(expected());
    }
    Ok(Collector {
        authority: format!("{}:{}", authority.host(), authority.port_u16().unwrap_or(4_318)),
        path: url.path().trim_end_matches('/').to_owned(),
    })
}

/// What was traced and not told yet.
pub(crate) struct Waiting(mpsc::Receiver<Span>);

/// Both ends of the way that spans take; none without a collector.
pub(crate) fn traces(options: &OtlpOptions) -> Option<(Traces, Waiting)> {
    options.otlp_endpoint.as_ref()?;
    let (sender, receiver) = mpsc::channel(QUEUE);
    Some((Traces::new(sender, options.otlp_traces), Waiting(receiver)))
}

/// Tells the collector again and again, and once more at the end.
pub(crate) async fn run(
    service: Arc<Service>,
    options: OtlpOptions,
    mut waiting: Waiting,
    mut stopping: watch::Receiver<bool>,
) {
    let Some(collector) = options.otlp_endpoint else {
        return;
    };
    let resource = body::resource(service.worker);
    let mut works = true;
    loop {
        let stopped = tokio::select! {
            () = tokio::time::sleep(options.otlp_interval) => false,
            _ = stopping.wait_for(|stop| *stop) => true,
        };
        let told = report(&service, &collector, &resource, &mut waiting).await;
        match &told {
            // Once per outage, not once per report.
            Err(error) if works => tracing::warn!(error, "the collector of OpenTelemetry was not reached"),
            Ok(()) if !works => tracing::info!("the collector of OpenTelemetry is back"),
            _ => {}
        }
        works = told.is_ok();
        if stopped {
            return;
        }
    }
}

async fn report(
    service: &Service,
    collector: &Collector,
    resource: &serde_json::Value,
    waiting: &mut Waiting,
) -> Result<(), &'static str> {
    let metrics = body::metrics(resource, &service.metrics, &service.connection.store.counts);
    send(collector, "metrics", &metrics).await?;
    let mut spans = Vec::new();
    // No more than were waiting: others come meanwhile.
    for _ in 0..QUEUE.div_ceil(AT_ONCE) {
        while spans.len() < AT_ONCE
            && let Ok(span) = waiting.0.try_recv()
        {
            spans.push(span);
        }
        if spans.is_empty() {
            break;
        }
        send(collector, "traces", &body::traces(resource, &spans)).await?;
        spans.clear();
    }
    Ok(())
}

async fn send(collector: &Collector, what: &str, body: &serde_json::Value) -> Result<(), &'static str> {
    let exchange = async {
        let stream = TcpStream::connect(&collector.authority);
        let stream = stream.await.map_err(|_| "no connection")?;
        let (mut requests, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|_| "no HTTP")?;
        let driver = tokio::spawn(connection);
        let request = hyper::Request::post(format!("{}/v1/{what}", collector.path))
            .header("host", &collector.authority)
            .header("content-type", "application/json")
            .header("connection", "close")
            .body(Full::new(Bytes::from(body.to_string())))
            .map_err(|_| "no request")?;
        let answer = requests.send_request(request).await.map_err(|_| "no answer");
        let answer = answer.map(|answer| {
            let good = answer.status().is_success();
            (good, Limited::new(answer.into_body(), ANSWER_BYTES))
        });
        let told = match answer {
            Ok((good, rest)) => {
                // What it says does not matter.
                let _ = rest.collect().await;
                if good {
                    Ok(())
                } else {
                    Err("it refused the report")
                }
            }
            Err(error) => Err(error),
        };
        driver.abort();
        told
    };
    timeout(WITHIN, exchange)
        .await
        .unwrap_or(Err("no answer in time"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collectors() {
        let found = collector("http://127.0.0.1:4318").unwrap();
        assert_eq!(
            (found.authority.as_str(), found.path.as_str()),
            ("127.0.0.1:4318", "")
        );
        let found = collector("http://collector/otlp/").unwrap();
        assert_eq!(
            (found.authority.as_str(), found.path.as_str()),
            ("collector:4318", "/otlp")
        );
        let found = collector("http://[::1]:1/").unwrap();
        assert_eq!(found.authority, "[::1]:1");
        for wrong in [
            "",
            "127.0.0.1:4318",
            "https://h:1",
            "http://u:p@h:1",
            "http://h:1/?a=b",
            "http://",
        ] {
            assert!(collector(wrong).is_err(), "{wrong}");
        }
    }
}
