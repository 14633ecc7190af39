#!/usr/bin/env bash
# Builds the library with the functions for tests, and runs the tests of the Go module under the race detector.
# Needs Rust, Go 1.25 or later, a C compiler and PostgreSQL's programs; says exactly what is missing.
#
#     ffi/go/test.sh [options of go test, such as -run TestProtect]
#
# Its own commands, because they take longer: load.sh, generate.sh --check, bench.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

missing=0
need() {
    echo "missing: $1"
    echo "         $2"
    missing=1
}
command -v cargo >/dev/null || need "cargo" "https://rustup.rs"
if command -v go >/dev/null; then
    [ "$(go env CGO_ENABLED)" = 1 ] || need "cgo" "a C compiler (cc), and CGO_ENABLED not set to 0"
    # An older Go would fetch a newer one by itself, where it may.
    go version >/dev/null 2>&1 || need "Go 1.25 or later" "https://go.dev/dl"
    if [ "$missing" -eq 0 ] && ! downloaded="$(go mod download 2>&1)"; then
        need "the modules that the tests need (go.sum)" "a connection to $(go env GOPROXY), or GOPROXY of your own"
        echo "$downloaded"
    fi
else
    need "Go 1.25 or later (go)" "https://go.dev/dl; Debian, Ubuntu: apt-get install golang"
fi
[ "$missing" -eq 0 ]

./build.sh --test-hooks

unformatted="$(gofmt -l .)"
[ -z "$unformatted" ] || {
    echo "not formatted: $unformatted"
    exit 1
}
go vet -tags countersign_testhooks ./...

# The race detector does not exist everywhere.
race=-race
go build -race -o /dev/null ./internal/wire 2>/dev/null || race=
[ -n "$race" ] || echo "without the race detector: $(go env GOOS)/$(go env GOARCH) has none"

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
status=0
go test -count=1 $race -tags countersign_testhooks -v "$@" ./... >"$log" 2>&1 || status=$?
# Memory is only looked at without the race detector.
[ -z "$race" ] || go test -count=1 -v -run '^TestLoad$' . >>"$log" 2>&1 || status=$?
if [ "$status" -eq 0 ]; then
    # Numbers that tests print, and how long each package took.
    grep -E '^ +[a-z_]+_test\.go:[0-9]+: [0-9]+ |^ok ' "$log" || true
else
    grep -vE '^=== |^ *--- PASS' "$log"
fi
passed="$(grep -cE '^ *--- PASS' "$log" || true)"
failed="$(grep -cE '^ *--- FAIL' "$log" || true)"
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed"
exit "$status"
