#!/usr/bin/env bash
# Builds the library that this module links, and puts it into lib, with its header.
#
#     ffi/go/build.sh                          as it ships
#     ffi/go/build.sh --test-hooks             with the functions that only tests use, not optimised
#     ffi/go/build.sh --test-hooks --release   the same, optimised
#
# Needs Rust, and Go with a C compiler for what comes after.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$here/../.."

case "$*" in
    "") options=(--features postgres --release) ;;
    # As for the tests of C and Java: built once.
    --test-hooks) options=(--features jni,postgres,test-hooks) ;;
    "--test-hooks --release") options=(--features postgres,test-hooks --release) ;;
    *)
        echo "unknown options: $*" >&2
        exit 2
        ;;
esac
case " ${options[*]} " in
    *" --release "*) profile=release ;;
    *) profile=debug ;;
esac
# The functions for tests refuse to be built for a release; this is none.
[ "$*" != "--test-hooks --release" ] || export CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true
cargo build --locked --quiet --package countersign-ffi "${options[@]}"
mkdir -p "$here/lib"
cp include/countersign.h "${CARGO_TARGET_DIR:-target}/$profile/libcountersign.a" "$here/lib/"
case "$*" in
    --test-hooks*) cp ffi/tests/suite.h ffi/tests/c/countersign_test.h "$here/lib/" ;;
esac
