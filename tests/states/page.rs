//! `docs/state-diagrams.md`: drawn from what was visited.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use countersign::model::activation::ActivationStatus::{Active, Blocked, Created, PendingCommit, Removed};
use countersign::model::operation::OperationStatus;

use crate::check::{Kind, name};
use crate::explore::Found;

const HEAD: &str = "\
# State diagrams

What two phones and two operations can get into, with three attempts each, and what leads there. Drawn from what the
engine did: every request of phones, back ends and housekeeping was decided in every one of these states, and each
decision was held against the tables in [states.md](states.md), the specification and the invariants.
`UPDATE_DOCS=1 cargo test --all-features --test states` writes this page anew.

";

/// The page is what was found.
pub fn is_current(found: &Found) {
    let text = page(found);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/state-diagrams.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == text,
        "docs/state-diagrams.md is not what was found:\n{text}"
    );
}

fn page(found: &Found) -> String {
    let mut text = HEAD.to_owned();
    let [personal, open] = found.operations;
    let rows = [
        ("states", found.states.to_string()),
        ("transitions between them", found.transitions.to_string()),
        (
            "requests decided, in all states together",
            found.requests.to_string(),
        ),
        ("states of one phone", found.phones.to_string()),
        ("states of an operation of one user", personal.to_string()),
        (
            "states of an operation that waits for whoever claims it",
            open.to_string(),
        ),
    ];
    text.push_str("| | |\n|---|---:|\n");
    for (what, count) in rows {
        let _ = writeln!(text, "| {what} | {count} |");
    }
    text.push_str(
        "\nA state here is status, failures, owner, and whether a time is over, of all four things; counters count from\n\
         where the server stands.\n",
    );
    let activations = [Created, PendingCommit, Active, Blocked, Removed].map(name);
    diagram(&mut text, "Activation", Kind::Activation, &activations, found);
    let operations = OperationStatus::ALL.map(|it| it.name().to_owned());
    diagram(&mut text, "Operation", Kind::Operation, &operations, found);
    text
}

fn diagram(text: &mut String, title: &str, kind: Kind, states: &[String], found: &Found) {
    let mut labels: BTreeMap<(usize, usize), BTreeSet<&str>> = BTreeMap::new();
    let at = |state: &String| states.iter().position(|it| it == state).unwrap();
    for (of, from, to, row) in &found.check.edges {
        if *of == kind {
            labels.entry((at(from), at(to))).or_default().insert(row);
        }
    }
    let _ = writeln!(text, "\n## {title}\n\n```mermaid\nstateDiagram-v2");
    let _ = writeln!(text, "    [*] --> {}", states[0]);
    for ((from, to), rows) in &labels {
        let rows: Vec<&str> = rows.iter().copied().collect();
        let _ = writeln!(
            text,
            "    {} --> {}: {}",
            states[*from],
            states[*to],
            rows.join(" / ")
        );
    }
    for (number, state) in states.iter().enumerate() {
        if !labels.keys().any(|(from, _)| *from == number) {
            let _ = writeln!(text, "    {state} --> [*]");
        }
    }
    text.push_str("```\n");
}
