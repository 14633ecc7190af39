#!/usr/bin/env bash
# Runs the tests of the C interface under Miri, which sees every access through a pointer: out of bounds, after the end of a
# value, not aligned, to what is not there yet.
#
#     ffi/miri.sh [filter of cargo test]
#
# Needs a nightly compiler; installs it and its parts with rustup. In a target folder of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

nightly="${COUNTERSIGN_NIGHTLY:-nightly}"
cargo "+$nightly" miri --version >/dev/null 2>&1 ||
    rustup toolchain install "$nightly" --profile minimal --component miri --component rust-src
# Random bytes and the clock are the system's.
export MIRIFLAGS="-Zmiri-disable-isolation ${MIRIFLAGS:-}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target/miri}"
# Neither SQLite nor aws-lc: Miri runs no C. The store's suite has no pointers, and would take an hour.
exec cargo "+$nightly" miri test --locked --package countersign-ffi --no-default-features --features phone,test-hooks --lib "$@" -- --skip a_good_store_passes_and_a_bad_one_does_not
