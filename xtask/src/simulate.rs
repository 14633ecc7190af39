//! Plays seeds of the simulation of the whole engine: the test of the test run, with other seeds, more
//! of them, or one again. Built to be fast, with the checks of a debug build, and on all processors.

use crate::process;
use crate::say::say;

/// What is played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Number of seeds.
    seeds: Option<u64>,
    /// The first one.
    from: Option<u64>,
    /// Only this one, with its story.
    seed: Option<u64>,
    /// How often each planted bug is looked for.
    bugs: Option<u64>,
}

impl Plan {
    /// Reads `--seeds N --from S`, `--seed S`, `--bugs N`.
    pub(crate) fn read(words: &[&str]) -> Result<Self, String> {
        let mut plan = Self::default();
        let mut words = words.iter();
        while let Some(name) = words.next() {
            let place = match *name {
                "--seeds" => &mut plan.seeds,
                "--from" => &mut plan.from,
                "--seed" => &mut plan.seed,
                "--bugs" => &mut plan.bugs,
                other => return Err(format!("simulate knows no {other}")),
            };
            let number = words.next().and_then(|word| word.parse().ok());
            *place = Some(number.ok_or_else(|| format!("{name} needs a number"))?);
        }
        let one = plan.seed.is_some();
        if one && (plan.seeds.is_some() || plan.from.is_some() || plan.bugs.is_some()) {
            return Err("--seed plays one seed and nothing else".to_owned());
        }
        if plan.seeds == Some(0) || plan.bugs == Some(0) {
            return Err("nothing to play".to_owned());
        }
        Ok(plan)
    }

    /// Tests to run, and their settings.
    fn tests(self) -> (Vec<&'static str>, Vec<(&'static str, u64)>) {
        let settings = [
            ("COUNTERSIGN_SIMULATION_SEED", self.seed),
            ("COUNTERSIGN_SIMULATION_SEEDS", self.seeds),
            ("COUNTERSIGN_SIMULATION_FROM", self.from),
            ("COUNTERSIGN_SIMULATION_TRIES", self.bugs),
        ];
        let settings = settings.into_iter();
        let settings = settings.filter_map(|(name, value)| Some((name, value?)));
        let mut tests = Vec::new();
        if self.bugs.is_none() || self.seeds.is_some() || self.from.is_some() {
            tests.push("every_promise_is_kept");
        }
        if self.bugs.is_some() {
            tests.push("planted_bugs_are_found");
        }
        (tests, settings.collect())
    }
}

/// Plays it.
pub(crate) fn run(words: &[&str]) -> Result<(), String> {
    let (tests, settings) = Plan::read(words)?.tests();
    say("building the simulation …");
    let test = ["test", "--package", "countersign", "--profile", "simulation"];
    let which = [
        "--features",
        "client,driver,simulation",
        "--test",
        "simulation",
        "--",
        "--exact",
        "--nocapture",
    ];
    let settings = settings
        .into_iter()
        .map(|(name, value)| (name, value.to_string()));
    process::run(
        &[&test[..], &which, &tests].concat(),
        settings,
        "the simulation failed",
    )
}

#[cfg(test)]
mod tests {
    use super::Plan;

    #[test]
    fn words() {
        let plan = Plan::read(&["--from", "7", "--seeds", "5"]).unwrap();
        assert_eq!(
            plan.tests(),
            (
                vec!["every_promise_is_kept"],
                vec![
                    ("COUNTERSIGN_SIMULATION_SEEDS", 5),
                    ("COUNTERSIGN_SIMULATION_FROM", 7)
                ]
            )
        );
        assert_eq!(
            Plan::read(&["--bugs", "9"]).unwrap().tests().0,
            ["planted_bugs_are_found"]
        );
        assert_eq!(Plan::read(&[]).unwrap().tests().1, []);
        for wrong in [
            &["--seed"][..],
            &["--seed", "x"],
            &["--seeds", "0"],
            &["--what", "1"],
            &["--seed", "1", "--bugs", "1"],
        ] {
            assert!(Plan::read(wrong).is_err(), "{wrong:?}");
        }
    }
}
