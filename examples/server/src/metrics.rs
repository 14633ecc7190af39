//! Numbers about the server, in Prometheus' text form. Labels are names from our tables only.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::database::StoreCounts;

/// Upper bounds of the histogram in microseconds; one more bucket has none.
pub(crate) const BOUNDS: [u64; 13] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 10_000_000,
];

/// Counters of one server.
#[derive(Debug)]
pub(crate) struct Metrics {
    pub(crate) callbacks: DeliveryCounts,
    pub(crate) pushes: DeliveryCounts,
    requests: Mutex<BTreeMap<(&'static str, u16), Series>>,
    in_flight: AtomicU64,
    connections: AtomicU64,
    panics: AtomicU64,
    limited: AtomicU64,
    /// Spans that nobody will see.
    pub(crate) dropped: AtomicU64,
    started: u64,
}

/// Numbers about the delivery of callbacks, or of push messages.
#[derive(Debug, Default)]
pub(crate) struct DeliveryCounts {
    pub(crate) delivered: AtomicU64,
    pub(crate) failed: AtomicU64,
    pub(crate) given_up: AtomicU64,
    /// Undelivered events in the database, whoever will deliver them.
    pub(crate) waiting: AtomicU64,
    /// How long the oldest of them has waited.
    pub(crate) waiting_seconds: AtomicU64,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Series {
    pub(crate) count: u64,
    pub(crate) micros: u64,
    /// For each bound, how many took at most so long.
    pub(crate) buckets: [u64; BOUNDS.len()],
}

/// How a number moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Only up.
    Counter,
    /// Up and down.
    Gauge,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
        })
    }
}

/// Counts one as long as it lives.
pub(crate) struct Gauge<'a>(&'a AtomicU64);

impl Drop for Gauge<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            callbacks: DeliveryCounts::default(),
            pushes: DeliveryCounts::default(),
            requests: Mutex::default(),
            in_flight: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            panics: AtomicU64::new(0),
            limited: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            started: since.as_secs(),
        }
    }

    /// A request begins.
    pub(crate) fn request(&self) -> Gauge<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        Gauge(&self.in_flight)
    }

    /// A connection begins.
    pub(crate) fn connection(&self) -> Gauge<'_> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        Gauge(&self.connections)
    }

    /// A request panicked.
    pub(crate) fn panicked(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
    }

    /// A request was refused because its caller asks too often.
    pub(crate) fn limited(&self) {
        self.limited.fetch_add(1, Ordering::Relaxed);
    }

    /// A request was answered.
    pub(crate) fn answered(&self, endpoint: &'static str, status: u16, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let series = requests.entry((endpoint, status)).or_default();
        series.count += 1;
        series.micros = series.micros.saturating_add(micros);
        for (bucket, bound) in series.buckets.iter_mut().zip(BOUNDS) {
            *bucket += u64::from(micros <= bound);
        }
    }

    /// Everything as text, version 0.0.4 of the format.
    pub(crate) fn render(&self, store: &StoreCounts) -> String {
        let mut out = String::with_capacity(8 * 1024);
        // Writing to a `String` cannot fail.
        let _ = self.write_requests(&mut out);
        for (name, kind, help, value) in self.numbers(store) {
            let _ = writeln!(
                out,
                "# HELP countersign_{name} {help}\n# TYPE countersign_{name} {kind}\ncountersign_{name} {value}"
            );
        }
        out
    }

    /// Everything that is one number: name, kind, help and value.
    pub(crate) fn numbers(&self, store: &StoreCounts) -> Vec<(&'static str, Kind, &'static str, u64)> {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        vec![
            (
                "requests_in_flight",
                Kind::Gauge,
                "Requests not yet answered.",
                count(&self.in_flight),
            ),
            (
                "connections",
                Kind::Gauge,
                "Open connections.",
                count(&self.connections),
            ),
            (
                "panics_total",
                Kind::Counter,
                "Requests that ended in a panic.",
                count(&self.panics),
            ),
            (
                "requests_limited_total",
                Kind::Counter,
                "Requests refused because their caller asks too often.",
                count(&self.limited),
            ),
            (
                "traces_dropped_total",
                Kind::Counter,
                "Traced requests that the collector was too slow for.",
                count(&self.dropped),
            ),
            (
                "store_reads_total",
                Kind::Counter,
                "Reads the store answered.",
                count(&store.reads),
            ),
            (
                "store_recalls_total",
                Kind::Counter,
                "Reads that were answered from memory, and are judged again with what is written.",
                count(&store.recalls),
            ),
            (
                "store_commits_total",
                Kind::Counter,
                "Batches the store applied.",
                count(&store.applied),
            ),
            (
                "store_conflicts_total",
                Kind::Counter,
                "Batches the store refused because of a conflict.",
                count(&store.conflicts),
            ),
            (
                "store_failures_total",
                Kind::Counter,
                "Calls the store failed.",
                count(&store.failures),
            ),
            (
                "store_purged_total",
                Kind::Counter,
                "Expired records removed.",
                count(&store.purged),
            ),
            (
                "callbacks_delivered_total",
                Kind::Counter,
                "Callback events that receivers took from this process.",
                count(&self.callbacks.delivered),
            ),
            (
                "callbacks_failed_total",
                Kind::Counter,
                "Attempts to deliver a callback event that failed.",
                count(&self.callbacks.failed),
            ),
            (
                "callbacks_given_up_total",
                Kind::Counter,
                "Callback events that were tried too often.",
                count(&self.callbacks.given_up),
            ),
            (
                "callbacks_waiting",
                Kind::Gauge,
                "Undelivered callback events, at most 1000 counted per URL.",
                count(&self.callbacks.waiting),
            ),
            (
                "callbacks_waiting_seconds",
                Kind::Gauge,
                "Age of the oldest undelivered callback event.",
                count(&self.callbacks.waiting_seconds),
            ),
            (
                "pushes_delivered_total",
                Kind::Counter,
                "Push messages that platforms took from this process.",
                count(&self.pushes.delivered),
            ),
            (
                "pushes_failed_total",
                Kind::Counter,
                "Attempts to deliver a push message that failed.",
                count(&self.pushes.failed),
            ),
            (
                "pushes_given_up_total",
                Kind::Counter,
                "Push messages that will not be delivered.",
                count(&self.pushes.given_up),
            ),
            (
                "pushes_waiting",
                Kind::Gauge,
                "Undelivered push messages, at most 1000 counted per application and platform.",
                count(&self.pushes.waiting),
            ),
            (
                "pushes_waiting_seconds",
                Kind::Gauge,
                "Age of the oldest undelivered push message.",
                count(&self.pushes.waiting_seconds),
            ),
            (
                "start_time_seconds",
                Kind::Gauge,
                "When the server started, since the epoch.",
                self.started,
            ),
        ]
    }

    /// Requests by endpoint and status.
    pub(crate) fn requests(&self) -> BTreeMap<(&'static str, u16), Series> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// When the server started, in seconds since the epoch.
    pub(crate) fn started(&self) -> u64 {
        self.started
    }

    fn write_requests(&self, out: &mut String) -> std::fmt::Result {
        let requests = self.requests();
        writeln!(out, "# HELP countersign_requests_total Answered requests.")?;
        writeln!(out, "# TYPE countersign_requests_total counter")?;
        for ((endpoint, status), series) in &requests {
            writeln!(
                out,
                "countersign_requests_total{{endpoint=\"{endpoint}\",status=\"{status}\"}} {}",
                series.count
            )?;
        }
        let name = "countersign_request_duration_seconds";
        writeln!(
            out,
            "# HELP {name} Time from the head of a request to its answer."
        )?;
        writeln!(out, "# TYPE {name} histogram")?;
        for ((endpoint, status), series) in &requests {
            let labels = format!("endpoint=\"{endpoint}\",status=\"{status}\"");
            for (bound, bucket) in BOUNDS.iter().zip(series.buckets) {
                writeln!(
                    out,
                    "{name}_bucket{{{labels},le=\"{}\"}} {bucket}",
                    Seconds(*bound)
                )?;
            }
            writeln!(out, "{name}_bucket{{{labels},le=\"+Inf\"}} {}", series.count)?;
            writeln!(out, "{name}_sum{{{labels}}} {}", Seconds(series.micros))?;
            writeln!(out, "{name}_count{{{labels}}} {}", series.count)?;
        }
        Ok(())
    }
}

/// Microseconds, displayed as seconds.
struct Seconds(u64);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, rest) = (self.0 / 1_000_000, self.0 % 1_000_000);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        let digits = format!("{rest:06}");
        write!(f, "{whole}.{}", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders() {
        let metrics = Metrics::new();
        metrics.answered("verify", 200, Duration::from_micros(300));
        metrics.answered("verify", 200, Duration::from_secs(2));
        metrics.answered("verify", 503, Duration::from_secs(60));
        let _running = metrics.request();
        let text = metrics.render(&StoreCounts::default());
        for line in [
            "countersign_requests_total{endpoint=\"verify\",status=\"200\"} 2",
            "countersign_request_duration_seconds_bucket{endpoint=\"verify\",status=\"200\",le=\"0.00025\"} 0",
            "countersign_request_duration_seconds_bucket{endpoint=\"verify\",status=\"200\",le=\"0.0005\"} 1",
            "countersign_request_duration_seconds_bucket{endpoint=\"verify\",status=\"200\",le=\"1\"} 1",
            "countersign_request_duration_seconds_bucket{endpoint=\"verify\",status=\"200\",le=\"10\"} 2",
            "countersign_request_duration_seconds_bucket{endpoint=\"verify\",status=\"503\",le=\"10\"} 0",
            "countersign_request_duration_seconds_bucket{endpoint=\"verify\",status=\"503\",le=\"+Inf\"} 1",
            "countersign_request_duration_seconds_sum{endpoint=\"verify\",status=\"200\"} 2.0003",
            "countersign_requests_in_flight 1",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}\n{text}");
        }
    }
}
