//! Installs the library into a folder, as its users do, and builds programs against it with pkg-config and with CMake.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test"
)]
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::Command;

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}\n{out}\n{errors}");
    out
}

fn works(program: &Path, libraries: &Path) {
    let out = run(Command::new(program).env("LD_LIBRARY_PATH", libraries));
    assert_eq!(out, "status 200\n", "{}", program.display());
}

fn is_here(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").output().is_ok();
    if !found {
        println!("{tool} is not here: its part is left out");
    }
    found
}

#[test]
fn an_installed_library_is_found() {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("package");
    let _ = std::fs::remove_dir_all(&scratch);
    std::fs::create_dir_all(&scratch).unwrap();
    let prefix = scratch.join("prefix");
    let target: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("..");
    let script = here().join("package/install.sh");
    print!(
        "{}",
        run(Command::new(&script)
            .arg(&prefix)
            .arg("--debug")
            .env("CARGO_TARGET_DIR", &target))
    );
    let refused = Command::new(&script)
        .arg(scratch.join("none"))
        .args(["--debug", "--features", "test-hooks"])
        .output()
        .unwrap();
    assert!(!refused.status.success() && !scratch.join("none").exists());

    let libraries = prefix.join("lib");
    let source = here().join("tests/package/main.c");
    if is_here("pkg-config") {
        let flags = run(Command::new("pkg-config")
            .args(["--cflags", "--libs", "countersign"])
            .env("PKG_CONFIG_PATH", libraries.join("pkgconfig")));
        let program = scratch.join("by-pkg-config");
        let mut compiler = Command::new("cc");
        compiler
            .args(["-Wall", "-Werror", "-o"])
            .arg(&program)
            .arg(&source);
        run(compiler.args(flags.split_whitespace()));
        works(&program, &libraries);
    }
    if is_here("cmake") {
        let build = scratch.join("cmake");
        run(Command::new("cmake")
            .arg("-S")
            .arg(here().join("tests/package"))
            .arg("-B")
            .arg(&build)
            .arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display())));
        run(Command::new("cmake").arg("--build").arg(&build));
        works(&build.join("shared"), &libraries);
        works(&build.join("static"), &libraries);
    }
}
