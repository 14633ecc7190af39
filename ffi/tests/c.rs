//! Compiles `tests/c/*.c` against the static library and the header, with sanitizers where the
//! compiler has them, and runs it on a prepared activation.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test"
)]

#[cfg(feature = "postgres")]
#[path = "../../tests/store_postgres/cluster.rs"]
#[allow(dead_code, reason = "shared with the tests of the store")]
mod cluster;
mod fixture;
mod scenario;

// The name that the shared files know.
#[cfg(feature = "postgres")]
extern crate countersign_core as countersign;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const FLAGS: &[&str] = &["-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-g"];
const SANITIZERS: &[&str] = &[
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
];
#[cfg(target_os = "macos")]
const LIBRARIES: &[&str] = &[
    "-framework",
    "CoreFoundation",
    "-framework",
    "Security",
    "-liconv",
];
#[cfg(not(target_os = "macos"))]
const LIBRARIES: &[&str] = &["-lpthread", "-ldl", "-lm"];

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn scratch() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("steps");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn compiler() -> OsString {
    std::env::var_os("CC").unwrap_or_else(|| "cc".into())
}

/// Builds the library, with what tests need besides, once, and says where it is.
fn library() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(build).clone()
}

fn build() -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args([
            "build",
            "--locked",
            "-p",
            "countersign-ffi",
            "--features",
            "jni,postgres,test-hooks",
            "--message-format=json",
        ])
        .current_dir(here())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let messages = String::from_utf8(output.stdout).unwrap();
    let files = messages
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|it| {
            it["reason"] == "compiler-artifact"
                && it["manifest_path"] == here().join("Cargo.toml").to_str().unwrap()
        })
        .flat_map(|it| it["filenames"].as_array().cloned().unwrap_or_default())
        .filter_map(|it| it.as_str().map(PathBuf::from));
    let mut libraries = files.filter(|it| it.extension().is_some_and(|it| it == "a"));
    libraries.next().expect("a static library")
}

fn compile(sources: &[&str], flags: &[&str], extra: &[OsString], program: &Path) -> Result<(), String> {
    let output = Command::new(compiler())
        .args(FLAGS)
        .args(flags)
        .arg("-I")
        .arg(here().join("../include"))
        .args(sources.iter().map(|source| here().join("tests/c").join(source)))
        .args(extra)
        .arg("-o")
        .arg(program)
        .output()
        .map_err(|error| format!("{}: {error}", compiler().to_string_lossy()))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// The sanitizers' flags, if programs with them can be made and run here.
fn sanitizers() -> &'static [&'static str] {
    static WORK: OnceLock<bool> = OnceLock::new();
    let work = WORK.get_or_init(|| {
        let program = scratch().join("probe");
        let made = compile(&["probe.c"], SANITIZERS, &[], &program);
        let runs = || Command::new(&program).status().is_ok_and(|it| it.success());
        made.is_ok() && runs()
    });
    if *work { SANITIZERS } else { &[] }
}

/// Compiles and runs a program; what it printed.
fn run(program: &str, sources: &[&str], arguments: &[&Path]) -> String {
    let sanitizers = sanitizers();
    println!(
        "{} {}",
        compiler().to_string_lossy(),
        if sanitizers.is_empty() {
            "without sanitizers"
        } else {
            SANITIZERS[0]
        }
    );
    let program = scratch().join(program);
    let mut link = vec![library().into_os_string()];
    link.extend(LIBRARIES.iter().map(OsString::from));
    compile(sources, sanitizers, &link, &program).unwrap();
    let output = Command::new(&program).args(arguments).output().unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    println!("{out}");
    assert!(output.status.success(), "{}\n{err}", output.status);
    out.into_owned()
}

#[test]
fn steps() {
    let folder = scratch().join("fixture");
    fixture::write(&folder);
    let out = run("steps", &["steps.c", "host.c", "store.c"], &[&folder]);
    assert!(out.contains("checks passed"), "{out}");
}

#[test]
fn phones() {
    let out = run("phones", &["phones.c", "bank.c", "host.c", "store.c"], &[]);
    assert!(out.contains("checks passed"), "{out}");
}

/// The same on a PostgreSQL of the test's own.
#[test]
#[cfg(feature = "postgres")]
fn two_engines_on_one_database() {
    let cluster = cluster::Cluster::new();
    let url = cluster.options(&cluster.schema()).url;
    let sources = ["phones.c", "bank.c", "host.c", "store.c"];
    let out = run("phones-postgres", &sources, &[Path::new(&url)]);
    assert!(out.contains("checks passed"), "{out}");
}

/// The example: a server, its routes, and a phone that comes by the network.
#[test]
fn bank() {
    let sources = ["../../examples/bank/bank.c", "../../examples/bank/http.c"];
    let out = run("bank", &sources, &[]);
    assert!(out.ends_with("the bank sees the operation APPROVED\n"), "{out}");
}

/// What can be wrong with the arguments of each exported function, by their types.
fn mistakes() -> BTreeSet<String> {
    let header = std::fs::read_to_string(here().join("../include/countersign.h")).unwrap();
    let mut expected = BTreeSet::new();
    for prototype in header.split("\ncs_result ").skip(1) {
        let (name, rest) = prototype.split_once('(').unwrap();
        let (arguments, _) = rest.split_once(");").unwrap();
        let has = |words: &[&str]| words.iter().any(|word| arguments.contains(word));
        let mut expect = |result: &str| expected.insert(format!("{name} CS_RESULT_{result}"));
        expect("PANIC");
        if has(&["*"]) {
            expect("NULL_POINTER");
        }
        if has(&["cs_engine engine", "cs_call call", "cs_phone phone"]) || name == "cs_buf_free" {
            expect("WRONG_HANDLE");
            expect("STALE_HANDLE");
            expect("UNKNOWN_HANDLE");
        }
        let structures =
            has(&["cs_config *", "cs_request *request", "cs_guard *"]) && !name.ends_with("_read");
        if structures || has(&["cs_slice message", "cs_slice answer", "cs_slice body"]) {
            expect("LENGTH");
        }
        if structures || has(&["cs_slice settings", "cs_slice command"]) {
            expect("LENGTH");
            expect("NOT_UTF8");
        }
    }
    expected
}

/// Each function is called wrongly in every way that its arguments allow, and once panics.
#[test]
fn wrong_calls() {
    let out = run("wrong", &["wrong.c", "bank.c", "host.c", "store.c"], &[]);
    let tried: BTreeSet<String> = out
        .lines()
        .filter_map(|line| line.strip_prefix("tried "))
        .map(str::to_owned)
        .collect();
    let missing: Vec<_> = mistakes().difference(&tried).cloned().collect();
    assert!(missing.is_empty(), "nobody tried {missing:#?}");
    println!("{} mistakes tried, {} demanded", tried.len(), mistakes().len());
    assert!(mistakes().len() > 60);
}

/// The same programs without sanitizers under valgrind, where it is installed. The others take a minute and more:
/// `cargo test -p countersign-ffi --test c valgrind -- --ignored`.
fn under_valgrind(name: &str, sources: &[&str], arguments: &[&Path]) {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("valgrind is not here: {name} ran without it");
        return;
    }
    let program = scratch().join(format!("{name}-valgrind"));
    let mut link = vec![library().into_os_string()];
    link.extend(LIBRARIES.iter().map(OsString::from));
    compile(sources, &[], &link, &program).unwrap();
    let output = Command::new("valgrind")
        .args(["-q", "--error-exitcode=9", "--leak-check=full"])
        .args(["--errors-for-leak-kinds=definite", "--show-leak-kinds=definite"])
        .arg(&program)
        .args(arguments)
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{}\n{err}", output.status);
    assert!(out.contains("checks passed"), "{out}");
}

#[test]
fn wrong_calls_under_valgrind() {
    under_valgrind("wrong", &["wrong.c", "bank.c", "host.c", "store.c"], &[]);
}

#[test]
#[ignore = "takes a minute and more"]
fn the_rest_under_valgrind() {
    let folder = scratch().join("fixture-valgrind");
    fixture::write(&folder);
    under_valgrind("steps", &["steps.c", "host.c", "store.c"], &[&folder]);
    under_valgrind("phones", &["phones.c", "bank.c", "host.c", "store.c"], &[]);
}

/// One flow gives one transcript, in every language.
#[test]
fn scenario() {
    let folder = here().join("scenario");
    let flow = std::fs::read_to_string(folder.join("flow.txt")).unwrap();
    let (transcript, steps) = scenario::play(&flow);
    println!("{steps} steps, {} lines", transcript.lines().count());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(folder.join("expected.txt"), &transcript).unwrap();
    }
    let expected = std::fs::read_to_string(folder.join("expected.txt")).unwrap();
    same(&transcript, &expected, "Rust");
    let written = scratch().join("transcript.txt");
    let out = run(
        "scenario",
        &["scenario.c", "host.c", "store.c"],
        &[&folder.join("flow.txt"), &written],
    );
    assert!(out.contains("checks passed"), "{out}");
    same(&std::fs::read_to_string(written).unwrap(), &expected, "C");
}

fn same(found: &str, expected: &str, language: &str) {
    let pairs = found.lines().zip(expected.lines()).enumerate();
    for (number, (found, expected)) in pairs {
        assert_eq!(found, expected, "{language}, line {}", number + 1);
    }
    assert_eq!(found, expected, "{language}");
}

/// The header also stands alone in C++, and twice in one file.
#[test]
fn the_header_compiles_as_cpp() {
    let compiler = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
    let output = Command::new(&compiler)
        .args(["-std=c++11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I"])
        .arg(here().join("../include"))
        .arg(here().join("tests/c/header.cpp"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
