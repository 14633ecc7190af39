//! Results for people and for machines.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::player::{Played, StepReport, Verdict};

/// How many steps ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// As expected.
    pub passed: usize,
    /// Otherwise.
    pub different: usize,
    /// For want of what an earlier step should have brought.
    pub not_reached: usize,
    /// The server lacks what they need; steps of scenarios that were left out whole are not among them.
    pub skipped: usize,
}

impl Counts {
    /// Counts steps.
    #[must_use]
    pub fn of<'a>(steps: impl IntoIterator<Item = &'a StepReport>) -> Self {
        let mut counts = Self::default();
        for step in steps {
            let place = match step.verdict {
                Verdict::Passed => &mut counts.passed,
                Verdict::Different { .. } => &mut counts.different,
                Verdict::NotReached(_) => &mut counts.not_reached,
                Verdict::Skipped(_) => &mut counts.skipped,
            };
            *place = place.saturating_add(1);
        }
        counts
    }
}

/// Counts the steps of all scenarios.
#[must_use]
pub fn total(played: &[Played]) -> Counts {
    Counts::of(played.iter().flat_map(|it| &it.steps))
}

/// A line for each scenario, every difference, and the sum.
///
/// # Errors
/// When it cannot be written.
pub fn print(out: &mut dyn Write, played: &[Played]) -> io::Result<()> {
    for it in played {
        match &it.skipped {
            Some(feature) => writeln!(out, "{:<44} left out: needs {feature}", it.name)?,
            None => {
                let counts = Counts::of(&it.steps);
                let bad = counts.different.saturating_add(counts.not_reached);
                let passed = counts.passed;
                let skipped = match counts.skipped {
                    0 => String::new(),
                    skipped => format!(", {skipped} left out"),
                };
                writeln!(out, "{:<44} {passed:>4} passed, {bad} failed{skipped}", it.name)?;
            }
        }
    }
    for it in played.iter().filter(|it| !it.is_good()) {
        writeln!(out, "\n{}: {}", it.name, it.title)?;
        writeln!(out, "  expected by: {}", it.source.join("; "))?;
        for step in &it.steps {
            match &step.verdict {
                Verdict::Different {
                    differences,
                    exchange,
                } => {
                    writeln!(out, "  {} ({})", step.title, step.at)?;
                    for difference in differences {
                        let place = &difference.place;
                        writeln!(out, "    {place}")?;
                        writeln!(out, "      - {}", difference.expected)?;
                        writeln!(out, "      + {}", difference.got)?;
                    }
                    for line in exchange.lines() {
                        writeln!(out, "      | {line}")?;
                    }
                }
                Verdict::NotReached(why) => {
                    writeln!(out, "  {} ({})\n    not reached: {why}", step.title, step.at)?;
                }
                Verdict::Passed | Verdict::Skipped(_) => {}
            }
        }
    }
    let counts = total(played);
    let left_out = played.iter().filter(|it| it.skipped.is_some()).count();
    writeln!(
        out,
        "\n{} scenarios, {left_out} left out; steps: {} as expected, {} different, {} not reached, {} left out",
        played.len(),
        counts.passed,
        counts.different,
        counts.not_reached,
        counts.skipped
    )?;
    let failed = counts.different.saturating_add(counts.not_reached);
    writeln!(out, "{} passed, {failed} failed", counts.passed)
}

/// Everything as JSON.
#[must_use]
pub fn json(played: &[Played]) -> Value {
    let step = |step: &StepReport| {
        let mut json = json!({ "at": step.at, "title": step.title });
        let (outcome, detail) = match &step.verdict {
            Verdict::Passed => ("passed", Value::Null),
            Verdict::Different {
                differences,
                exchange,
            } => {
                let differences = differences
                    .iter()
                    .map(|it| json!({ "place": it.place, "expected": it.expected, "got": it.got }));
                (
                    "different",
                    json!({ "differences": differences.collect::<Vec<_>>(), "exchange": exchange }),
                )
            }
            Verdict::NotReached(why) => ("notReached", why.clone().into()),
            Verdict::Skipped(feature) => ("skipped", feature.clone().into()),
        };
        if let Some(members) = json.as_object_mut() {
            members.insert("outcome".to_owned(), outcome.into());
            if !detail.is_null() {
                members.insert("detail".to_owned(), detail);
            }
        }
        json
    };
    let scenarios = played.iter().map(|it| {
        json!({
            "name": it.name,
            "title": it.title,
            "source": it.source,
            "skipped": it.skipped,
            "steps": it.steps.iter().map(step).collect::<Vec<_>>(),
        })
    });
    let counts = total(played);
    json!({
        "scenarios": scenarios.collect::<Vec<_>>(),
        "passed": counts.passed,
        "different": counts.different,
        "notReached": counts.not_reached,
        "skipped": counts.skipped,
    })
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            // Not allowed in XML.
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Everything as JUnit's XML: a suite for each scenario, a case for each step.
#[must_use]
pub fn junit(played: &[Played]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for it in played {
        let counts = Counts::of(&it.steps);
        let failures = counts.different.saturating_add(counts.not_reached);
        let (tests, skipped) = match it.skipped {
            Some(_) => (1, 1),
            None => (it.steps.len(), counts.skipped),
        };
        let name = escaped(&it.name);
        // Writing to a string does not fail.
        let _ = writeln!(
            out,
            "<testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" skipped=\"{skipped}\">"
        );
        if let Some(feature) = &it.skipped {
            let _ = writeln!(
                out,
                "<testcase classname=\"{name}\" name=\"{name}\"><skipped message=\"needs {}\"/></testcase>",
                escaped(feature)
            );
        }
        for step in &it.steps {
            let inside = match &step.verdict {
                Verdict::Passed => String::new(),
                Verdict::Skipped(feature) => format!("<skipped message=\"needs {}\"/>", escaped(feature)),
                Verdict::NotReached(why) => format!("<failure message=\"not reached: {}\"/>", escaped(why)),
                Verdict::Different {
                    differences,
                    exchange,
                } => {
                    let lines: Vec<_> = differences
                        .iter()
                        .map(|it| format!("{}: expected {}, got {}", it.place, it.expected, it.got))
                        .collect();
                    let (first, all) = (lines.first().cloned().unwrap_or_default(), lines.join("\n"));
                    format!(
                        "<failure message=\"{}\">{}</failure>",
                        escaped(&first),
                        escaped(&format!("{all}\n{exchange}"))
                    )
                }
            };
            let title = escaped(&format!("{} ({})", step.title, step.at));
            let _ = writeln!(
                out,
                "<testcase classname=\"{name}\" name=\"{title}\">{inside}</testcase>"
            );
        }
        out.push_str("</testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matcher::Difference;

    fn played() -> Vec<Played> {
        let step = |verdict| StepReport {
            at: "a.json, step 1".to_owned(),
            title: "POST /x".to_owned(),
            verdict,
        };
        let difference = Difference {
            place: "/responseObject/a".to_owned(),
            expected: "1".to_owned(),
            got: "\"<2>\"".to_owned(),
        };
        let scenario = |skipped: Option<&str>, steps| Played {
            name: "a".to_owned(),
            title: "A".to_owned(),
            source: vec!["the book".to_owned()],
            skipped: skipped.map(str::to_owned),
            steps,
        };
        let steps = vec![
            step(Verdict::Passed),
            step(Verdict::Different {
                differences: vec![difference],
                exchange: "POST".to_owned(),
            }),
            step(Verdict::NotReached("b".to_owned())),
            step(Verdict::Skipped("recovery".to_owned())),
        ];
        vec![scenario(None, steps), scenario(Some("phone"), Vec::new())]
    }

    #[test]
    fn every_form_tells_the_same() {
        let mut text = Vec::new();
        print(&mut text, &played()).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(
            text.contains("    /responseObject/a\n      - 1\n      + \"<2>\"\n      | POST\n"),
            "{text}"
        );
        assert!(text.contains("expected by: the book"), "{text}");
        assert!(text.contains("left out: needs phone"), "{text}");
        assert!(text.ends_with("1 passed, 2 failed\n"), "{text}");
        let json = json(&played());
        assert_eq!((&json["passed"], &json["different"]), (&json!(1), &json!(1)));
        assert_eq!(
            json["scenarios"][0]["steps"][1]["detail"]["differences"][0]["got"],
            "\"<2>\""
        );
        let xml = junit(&played());
        assert!(xml.contains("tests=\"4\" failures=\"2\" skipped=\"1\""), "{xml}");
        assert!(xml.contains("got &quot;&lt;2&gt;&quot;"), "{xml}");
        assert_eq!(
            xml.matches("<testcase").count(),
            xml.matches("</testcase>").count()
        );
    }
}
