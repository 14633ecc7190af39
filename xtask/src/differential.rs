//! Compares Countersign with the published Java library of the protocol: builds the Java side, then runs the test that the
//! test run leaves out.

use std::path::Path;
use std::process::Command;

use crate::process;
use crate::say::say;

const FOLDER: &str = "tests/differential/java";

/// Settings of the test, by option.
const OPTIONS: &[(&str, &str)] = &[
    ("--cases", "COUNTERSIGN_DIFFERENTIAL_CASES"),
    ("--seed", "COUNTERSIGN_DIFFERENTIAL_SEED"),
    ("--operation", "COUNTERSIGN_DIFFERENTIAL_OPERATION"),
    ("--case", "COUNTERSIGN_DIFFERENTIAL_CASE"),
];

/// Reads `--cases N`, `--seed S`, `--operation NAME`, `--case N`.
fn settings<'a>(words: &[&'a str]) -> Result<Vec<(&'static str, &'a str)>, String> {
    let mut settings = Vec::new();
    let mut words = words.iter();
    while let Some(name) = words.next() {
        let found = OPTIONS.iter().find(|(option, _)| option == name);
        let (_, setting) = found.ok_or_else(|| format!("differential knows no {name}"))?;
        let value = words.next().ok_or_else(|| format!("{name} needs a value"))?;
        if *name != "--operation" && value.parse::<u64>().is_err() {
            return Err(format!("{name} needs a number"));
        }
        settings.push((*setting, *value));
    }
    let has = |wanted: &str| settings.iter().any(|(name, _)| *name == wanted);
    if has("COUNTERSIGN_DIFFERENTIAL_CASE")
        && !(has("COUNTERSIGN_DIFFERENTIAL_OPERATION") && has("COUNTERSIGN_DIFFERENTIAL_SEED"))
    {
        return Err("--case needs --operation and --seed".to_owned());
    }
    Ok(settings)
}

/// Builds and compares.
pub(crate) fn run(words: &[&str]) -> Result<(), String> {
    let settings = settings(words)?;
    say("building the Java side …");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no root")?;
    let built = Command::new("mvn")
        .args([
            "--batch-mode",
            "--no-transfer-progress",
            "--quiet",
            "process-classes",
        ])
        .current_dir(root.join(FOLDER))
        .status()
        .map_err(|error| format!("mvn cannot be started: {error}"))?;
    if !built.success() {
        return Err(format!("Maven failed: {built}"));
    }
    let test = [
        "test",
        "--package",
        "countersign",
        "--all-features",
        "--test",
        "differential",
    ];
    let which = ["--", "--ignored", "--exact", "--nocapture", "both_say_the_same"];
    process::run(&[&test[..], &which].concat(), settings, "the comparison failed")
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn words() {
        let wanted = ["--seed", "7", "--operation", "token digest", "--case", "9"];
        assert_eq!(
            settings(&wanted).unwrap(),
            [
                ("COUNTERSIGN_DIFFERENTIAL_SEED", "7"),
                ("COUNTERSIGN_DIFFERENTIAL_OPERATION", "token digest"),
                ("COUNTERSIGN_DIFFERENTIAL_CASE", "9"),
            ]
        );
        assert_eq!(settings(&[]).unwrap(), []);
        for wrong in [
            &["--cases"][..],
            &["--cases", "x"],
            &["--what", "1"],
            &["--case", "1"],
            &["--seed", "1", "--case", "1"],
        ] {
            assert!(settings(wrong).is_err(), "{wrong:?}");
        }
    }
}
