#!/usr/bin/env bash
# What a crossing costs: calls from Go beside the time that the same calls spend inside the library. The library is
# optimised, with the functions for tests and debug assertions; building it takes minutes.
#
#     ffi/go/bench.sh [options of go test]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
./build.sh --test-hooks --release
go test -count=1 -tags countersign_testhooks -run '^$' -bench . -benchtime 5000x "$@" .
