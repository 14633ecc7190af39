//! What was found so far. Names from our tables and places of members only; never a value of a caller.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

use countersign::adopt::agree::Difference;
use serde_json::{Value, json};

/// Pairs of method and member that are counted by name; more are counted as `other`.
const PLACES: usize = 500;
/// Differing requests that are remembered.
const LATEST: usize = 100;

/// What became of a request to the old server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// Both servers answered the same.
    Agreed,
    /// They did not.
    Differed,
    /// They did not, and the old server worked on another request about the same at the same time: which one came first is
    /// not known here.
    Raced,
    /// It is about something that was made at the old server since the adoption.
    Unknown,
    /// It is not decided here.
    Skipped,
    /// It could not be decided here.
    Failed,
    /// Too many were waiting to be decided here.
    Dropped,
    /// The old server did not answer.
    Unanswered,
}

impl Outcome {
    const ALL: [Self; 8] = [
        Self::Agreed,
        Self::Differed,
        Self::Raced,
        Self::Unknown,
        Self::Skipped,
        Self::Failed,
        Self::Dropped,
        Self::Unanswered,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Differed => "differed",
            Self::Raced => "raced",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
            Self::Unanswered => "unanswered",
        }
    }
}

/// A request that was answered differently.
#[derive(Debug)]
struct Found {
    at: u64,
    method: &'static str,
    outcome: Outcome,
    activation: Option<String>,
    differences: Vec<Difference>,
}

#[derive(Debug, Default)]
struct Counts {
    outcomes: BTreeMap<(&'static str, Outcome), u64>,
    members: BTreeMap<(&'static str, String), u64>,
    compared: u64,
    latest: VecDeque<Found>,
}

/// Counts of one server.
#[derive(Debug)]
pub(super) struct Tally {
    since: u64,
    counts: Mutex<Counts>,
}

impl Tally {
    /// From `now` on, in milliseconds since the epoch.
    pub(super) fn new(now: u64) -> Self {
        Self {
            since: now,
            counts: Mutex::default(),
        }
    }

    fn counts(&self) -> std::sync::MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request.
    pub(super) fn count(&self, method: &'static str, outcome: Outcome) {
        *self.counts().outcomes.entry((method, outcome)).or_default() += 1;
    }

    /// Counts members that were compared.
    pub(super) fn compared(&self, members: u64) {
        let mut counts = self.counts();
        counts.compared = counts.compared.saturating_add(members);
    }

    /// Counts a request that was answered differently, and remembers it.
    pub(super) fn differed(
        &self,
        at: u64,
        (method, outcome): (&'static str, Outcome),
        activation: Option<&str>,
        differences: Vec<Difference>,
    ) {
        let mut counts = self.counts();
        *counts.outcomes.entry((method, outcome)).or_default() += 1;
        for difference in &differences {
            let mut place = (method, difference.member.clone());
            if counts.members.len() >= PLACES && !counts.members.contains_key(&place) {
                place.1 = "other".to_owned();
            }
            *counts.members.entry(place).or_default() += 1;
        }
        if counts.latest.len() >= LATEST {
            counts.latest.pop_front();
        }
        counts.latest.push_back(Found {
            at,
            method,
            outcome,
            // Only what looks like one: it is the caller's text.
            activation: activation.filter(|id| is_uuid(id)).map(str::to_owned),
            differences,
        });
    }

    /// For the administrator.
    pub(super) fn report(&self, old: &str, waiting: usize) -> Value {
        let counts = self.counts();
        let mut sums: BTreeMap<Outcome, u64> = Outcome::ALL.map(|outcome| (outcome, 0)).into();
        let mut methods: BTreeMap<&str, serde_json::Map<String, Value>> = BTreeMap::new();
        for ((method, outcome), count) in &counts.outcomes {
            *sums.entry(*outcome).or_default() += count;
            let method = methods.entry(method).or_default();
            method.insert(outcome.name().to_owned(), json!(count));
        }
        let sums: BTreeMap<&str, u64> = sums.into_iter().map(|(it, count)| (it.name(), count)).collect();
        let members = counts.members.iter();
        let members: Vec<Value> = members
            .map(|((method, member), count)| json!({ "method": method, "member": member, "count": count }))
            .collect();
        let shown = |it: &Difference| json!({ "member": it.member, "old": it.old.to_string(), "here": it.here.to_string() });
        let latest = counts.latest.iter().rev().map(|found| {
            json!({
                "at": found.at,
                "method": found.method,
                "outcome": found.outcome.name(),
                "activationId": found.activation,
                "members": found.differences.iter().map(shown).collect::<Vec<_>>(),
            })
        });
        json!({
            "old": old,
            "since": self.since,
            "waiting": waiting,
            "outcomes": sums,
            "membersCompared": counts.compared,
            "methods": methods,
            "differences": members,
            "latest": latest.collect::<Vec<_>>(),
        })
    }

    /// For Prometheus.
    pub(super) fn render(&self, out: &mut String, waiting: usize) -> std::fmt::Result {
        let counts = self.counts();
        let name = "countersign_shadow_requests_total";
        writeln!(
            out,
            "# HELP {name} Requests to the old server, and what ours would have said."
        )?;
        writeln!(out, "# TYPE {name} counter")?;
        for ((method, outcome), count) in &counts.outcomes {
            let outcome = outcome.name();
            writeln!(out, "{name}{{method=\"{method}\",outcome=\"{outcome}\"}} {count}")?;
        }
        let name = "countersign_shadow_differences_total";
        writeln!(out, "# HELP {name} Members of answers that differed.")?;
        writeln!(out, "# TYPE {name} counter")?;
        for ((method, member), count) in &counts.members {
            writeln!(out, "{name}{{method=\"{method}\",member=\"{member}\"}} {count}")?;
        }
        let name = "countersign_shadow_waiting";
        writeln!(out, "# HELP {name} Requests that wait to be decided here.")?;
        writeln!(out, "# TYPE {name} gauge\n{name} {waiting}")
    }
}

/// Whether it can be told in a log.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign::adopt::agree::Shown;

    #[test]
    fn counts_and_remembers_only_so_much() {
        let tally = Tally::new(5);
        let id = "f56d047f-64cb-4ca4-91f6-3c8d1e5d9d55";
        for number in 0..600 {
            let difference = Difference {
                member: format!("m{number}"),
                old: Shown::Flag(true),
                here: Shown::Nothing,
            };
            let activation = if number % 2 == 0 { id } else { "PIN 1234" };
            tally.differed(
                9,
                ("verifySignature", Outcome::Differed),
                Some(activation),
                vec![difference],
            );
        }
        tally.count("verifySignature", Outcome::Agreed);
        let report = tally.report("http://old", 3);
        assert_eq!(report["outcomes"]["differed"], 600);
        assert_eq!(report["outcomes"]["dropped"], 0);
        assert_eq!(report["methods"]["verifySignature"]["agreed"], 1);
        assert_eq!(report["differences"].as_array().unwrap().len(), PLACES + 1);
        assert_eq!(report["latest"].as_array().unwrap().len(), LATEST);
        assert_eq!(report["latest"][0]["activationId"], Value::Null);
        assert_eq!(report["latest"][1]["activationId"], id);
        let mut text = String::new();
        tally.render(&mut text, 3).unwrap();
        assert!(text.contains(
            "countersign_shadow_requests_total{method=\"verifySignature\",outcome=\"differed\"} 600\n"
        ));
        assert!(text.contains(
            "countersign_shadow_differences_total{method=\"verifySignature\",member=\"other\"} 100\n"
        ));
        assert!(text.ends_with("countersign_shadow_waiting 3\n") && !text.contains("1234"));
    }
}
