//! Plays scenarios.

mod acts;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::dice;
use crate::ears::Ears;
use crate::handset::Handset;
use crate::matcher::{Difference, Matcher};
use crate::scenario::{Scenario, Step};
use crate::transport::Transport;
use crate::values::{FillError, Values};

/// Pause before a step is tried again.
const PAUSE: Duration = Duration::from_millis(50);

/// How scenarios are played.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the server lacks, of [`FEATURES`](crate::scenario::FEATURES).
    pub without: Vec<String>,
    /// Where receivers of callbacks listen.
    pub listen: IpAddr,
    /// Part of all names of this run: a used server works as well as an empty one.
    pub run: String,
}

impl Settings {
    /// A run against a server on this machine that has everything.
    #[must_use]
    pub fn local() -> Self {
        Self {
            without: Vec::new(),
            listen: IpAddr::from([127, 0, 0, 1]),
            run: dice::hex(4),
        }
    }
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As expected.
    Passed,
    /// Otherwise; with the exchange it was seen in.
    Different {
        /// Where.
        differences: Vec<Difference>,
        /// The last request and what came back, for people.
        exchange: String,
    },
    /// Not played, for want of what an earlier step should have brought.
    NotReached(String),
    /// Left out: the server lacks this.
    Skipped(String),
}

/// A step that was played.
#[derive(Clone, Debug)]
pub struct StepReport {
    /// Where it stands.
    pub at: String,
    /// What it is.
    pub title: String,
    /// How it ended.
    pub verdict: Verdict,
}

/// A scenario that was played.
#[derive(Clone, Debug)]
pub struct Played {
    /// Name of the scenario.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Where its expectations come from.
    pub source: Vec<String>,
    /// What the server lacks, when it was left out.
    pub skipped: Option<String>,
    /// Its steps.
    pub steps: Vec<StepReport>,
}

impl Played {
    /// No step was different or not reached.
    #[must_use]
    pub fn is_good(&self) -> bool {
        let good = |step: &StepReport| matches!(step.verdict, Verdict::Passed | Verdict::Skipped(_));
        self.steps.iter().all(good)
    }
}

/// Why a step was not carried through.
pub(crate) enum Stop {
    /// What it needs is not there.
    Missing(FillError),
    /// It cannot be carried out: a command that cannot be read, or no answer.
    Broken(String),
}

impl From<FillError> for Stop {
    fn from(error: FillError) -> Self {
        Self::Missing(error)
    }
}

/// What a step has seen.
#[derive(Default)]
struct Seen {
    differences: Vec<Difference>,
    /// What `as` saves.
    value: Value,
    exchange: String,
}

struct Player<'a> {
    transport: &'a dyn Transport,
    settings: &'a Settings,
    values: Values,
    phones: BTreeMap<String, Handset>,
    ears: BTreeMap<String, Ears>,
}

/// Plays one scenario.
#[must_use]
pub fn play(scenario: &Scenario, transport: &dyn Transport, settings: &Settings) -> Played {
    let mut player = Player {
        transport,
        settings,
        values: Values::default(),
        phones: BTreeMap::new(),
        ears: BTreeMap::new(),
    };
    player.values.save("run", settings.run.clone().into());
    player
        .values
        .save("id", format!("{}-{}", settings.run, dice::hex(4)).into());
    let mut played = Played {
        name: scenario.name.clone(),
        title: scenario.title.clone(),
        source: scenario.source.clone(),
        skipped: scenario.missing(&settings.without).map(str::to_owned),
        steps: Vec::new(),
    };
    if played.skipped.is_none() {
        let steps = scenario.steps.iter().map(|step| StepReport {
            at: step.at.clone(),
            title: step.title.clone(),
            verdict: player.play(step),
        });
        played.steps = steps.collect();
    }
    played
}

impl Player<'_> {
    fn play(&mut self, step: &Step) -> Verdict {
        if let Some(feature) = step.missing(&self.settings.without) {
            return Verdict::Skipped(feature.to_owned());
        }
        let deadline = step
            .until
            .map(|seconds| Instant::now() + Duration::from_secs(seconds));
        let seen = loop {
            match self.act(&step.act) {
                Ok(seen) if seen.differences.is_empty() => break seen,
                Ok(seen) => match deadline.filter(|deadline| Instant::now() < *deadline) {
                    Some(_) => std::thread::sleep(PAUSE),
                    None => break seen,
                },
                Err(Stop::Missing(error)) => return Verdict::NotReached(error.to_string()),
                Err(Stop::Broken(what)) => {
                    return Verdict::Different {
                        differences: vec![Difference {
                            place: "the step".to_owned(),
                            expected: "that it can be carried out".to_owned(),
                            got: what,
                        }],
                        exchange: String::new(),
                    };
                }
            }
        };
        if let Some(name) = &step.save {
            self.values.save(name, seen.value);
        }
        match seen.differences.is_empty() {
            true => Verdict::Passed,
            false => Verdict::Different {
                differences: seen.differences,
                exchange: seen.exchange,
            },
        }
    }

    /// Where `value` is other than `expected`, which is filled in first.
    fn compare(
        &self,
        place: &str,
        expected: &Value,
        value: Option<&Value>,
        found: &mut Vec<Difference>,
    ) -> Result<(), Stop> {
        let expected = self.values.fill(expected)?;
        let matcher = Matcher::parse(&expected).map_err(|error| Stop::Broken(error.to_string()))?;
        let differences = matcher.compare(value).into_iter();
        found.extend(differences.map(|mut it| {
            it.place = match it.place.as_str() {
                "/" => place.to_owned(),
                inside => format!("{place}{inside}"),
            };
            it
        }));
        Ok(())
    }
}
