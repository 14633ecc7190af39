//! The container file and the unit for systemd say what the server understands, and give it no more than it needs.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::process::Command;

use support::{Server, files};

const CONTAINER: &str = include_str!("../deploy/Containerfile");
const UNIT: &str = include_str!("../deploy/countersign.service");
const PROGRAM: &str = env!("CARGO_BIN_EXE_countersign-server");

fn help() -> String {
    let output = Command::new(PROGRAM).arg("--help").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Instructions with their continued lines.
fn instructions(text: &str) -> Vec<(String, String)> {
    let plain: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .collect();
    let joined = plain.join("\n").replace("\\\n", " ");
    let split = |line: &str| {
        let (word, rest) = line.split_once(' ').unwrap();
        (word.to_owned(), rest.trim().to_owned())
    };
    joined.lines().map(split).collect()
}

#[test]
fn the_container_runs_as_nobody_and_is_looked_at() {
    let all = instructions(CONTAINER);
    let known = [
        "FROM",
        "WORKDIR",
        "COPY",
        "RUN",
        "USER",
        "VOLUME",
        "ENV",
        "EXPOSE",
        "STOPSIGNAL",
        "HEALTHCHECK",
        "ENTRYPOINT",
    ];
    for (word, _) in &all {
        assert!(known.contains(&word.as_str()), "{word}");
    }
    let images: Vec<&str> = all
        .iter()
        .filter(|it| it.0 == "FROM")
        .map(|it| it.1.as_str())
        .collect();
    assert_eq!(images.len(), 2);
    for image in images {
        let name = image.split(' ').next().unwrap();
        assert!(name.contains(':') && !name.ends_with(":latest"), "{name}");
    }
    let last = all.iter().rposition(|it| it.0 == "FROM").unwrap();
    let of = |word: &str| {
        let found = all[last..].iter().find(|it| it.0 == word);
        found.unwrap_or_else(|| panic!("no {word}")).1.as_str()
    };
    assert_eq!(of("USER"), "65532:65532");
    assert_eq!(of("STOPSIGNAL"), "SIGTERM");
    for (word, arguments) in [("HEALTHCHECK", 2), ("ENTRYPOINT", 1)] {
        let text = of(word);
        let command: Vec<String> = serde_json::from_str(&text[text.find('[').unwrap()..]).unwrap();
        assert_eq!(
            (command[0].as_str(), command.len()),
            ("/usr/local/bin/countersign-server", arguments)
        );
    }
    // Every variable is one of the server's, and nothing is kept outside of the volume.
    let (help, volume) = (help(), "/var/lib/countersign");
    assert!(of("VOLUME").contains(volume));
    let mut variables = 0;
    for (name, value) in of("ENV").split_whitespace().map(|it| it.split_once('=').unwrap()) {
        // With its value, unless that may be a secret.
        let known = ['=', ']']
            .iter()
            .any(|end| help.contains(&format!("[env: {name}{end}")));
        assert!(known, "{name}");
        let file = value.strip_prefix("sqlite:").unwrap_or(value);
        assert!(
            !file.starts_with('/') || file.starts_with(volume),
            "{name}={value}"
        );
        variables += 1;
    }
    assert!(variables >= 5);
}

#[test]
fn the_health_of_a_server_is_asked_for_without_other_tools() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::in_memory(&files(&folder), &[]);
    let health = |address: &str| {
        let mut command = Command::new(PROGRAM);
        command.args(["--listen", address, "health"]).env_clear();
        command.status().unwrap().code()
    };
    let address = server.address.to_string();
    assert_eq!(health(&address), Some(0));
    assert_eq!(health(&address.replace("127.0.0.1", "0.0.0.0")), Some(0));
    server.kill();
    assert_eq!(health(&address), Some(3));
}

#[test]
fn the_unit_is_good_and_exposes_little() {
    let options = help();
    let start = UNIT.replace("\\\n", " ");
    let start = start
        .lines()
        .find_map(|line| line.strip_prefix("ExecStart="))
        .unwrap();
    let asked: Vec<&str> = start
        .split_whitespace()
        .filter(|word| word.starts_with("--"))
        .collect();
    assert_eq!(asked.len(), 3);
    for option in asked {
        assert!(options.contains(&format!("{option} <")), "{option}");
    }
    for line in [
        "DynamicUser=yes",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "CapabilityBoundingSet=",
        "MemoryDenyWriteExecute=yes",
    ] {
        assert!(UNIT.lines().any(|it| it == line), "{line}");
    }
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        println!("no systemd-analyze: the unit was only read");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("countersign.service");
    // Where the program is here.
    std::fs::write(&unit, UNIT.replace("/usr/local/bin/countersign-server", PROGRAM)).unwrap();
    let analyze = |arguments: &[&str]| {
        let output = Command::new("systemd-analyze")
            .args(arguments)
            .arg(&unit)
            .output()
            .unwrap();
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        (output.status.success(), text)
    };
    let (good, text) = analyze(&["verify", "--recursive-errors=no", "--man=no"]);
    assert!(good && !text.contains("countersign.service:"), "{text}");
    // Exposure in tenths; an ordinary unit has about 92.
    let (good, text) = analyze(&["security", "--offline=yes", "--threshold=20", "--no-pager"]);
    assert!(good, "{text}");
}
