//! Measures whether the time of what handles secrets tells anything about them: a program of the benches.

use crate::process;

/// `--samples N` measurements, a million if it is not said, of each subject, or of those whose name contains `--subject`.
pub(crate) fn run(plan: &[&str]) -> Result<(), String> {
    let (mut samples, mut name) = ("1000000", "");
    let mut words = plan.iter();
    while let Some(option) = words.next() {
        let value = words.next().ok_or_else(|| format!("{option} needs a value"))?;
        match *option {
            "--samples" => samples = value,
            "--subject" => name = value,
            _ => return Err(format!("there is no option {option}")),
        }
    }
    match samples.parse::<u32>() {
        Ok(1_000..=1_000_000_000) => {}
        _ => return Err("--samples needs a number, 1000 to 1000000000".to_owned()),
    }
    let bench = ["bench", "--package", "countersign", "--features", "simulation"];
    let which = ["--bench", "dudect", "--", samples, name];
    let none: [(&str, &str); 0] = [];
    process::run(
        &[&bench[..], &which].concat(),
        none,
        "a subject is not as it should be",
    )
}
