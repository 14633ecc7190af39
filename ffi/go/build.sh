#!/usr/bin/env bash
# Builds the library that this module links, and puts it into lib, with its header.
#
#     ffi/go/build.sh                 as it ships
#     ffi/go/build.sh --test-hooks    with the functions that only tests use, not optimised
#
# Needs Rust, and Go with a C compiler for what comes after.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$here/../.."
target="${CARGO_TARGET_DIR:-target}"

if [ "${1:-}" = --test-hooks ]; then
    profile=debug
    cargo build --locked --quiet --package countersign-ffi --features test-hooks
    mkdir -p "$here/lib"
    cp ffi/tests/suite.h "$here/lib/"
else
    profile=release
    cargo build --locked --quiet --package countersign-ffi --release
fi
mkdir -p "$here/lib"
cp include/countersign.h "$target/$profile/libcountersign.a" "$here/lib/"
