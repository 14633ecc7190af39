#!/usr/bin/env bash
# Builds the npm package and runs its tests in Node. Needs Rust, Node 20 and PostgreSQL's programs; says what is missing.
#
#     wasm/test.sh [options of node --test, such as --test-name-pattern=scenario]
#
# Its own commands, because they take longer: npm run soak, npm run bench.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

missing=0
need() {
    echo "missing: $1"
    echo "         $2"
    missing=1
}
command -v cargo >/dev/null || need "cargo" "https://rustup.rs"
node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null ||
    need "Node.js 20 or later (node)" "https://nodejs.org"
command -v npm >/dev/null || need "npm" "it comes with Node.js: https://nodejs.org"
[ "$missing" -eq 0 ]

# What the lock file says is installed, unless it is already.
if ! cmp -s package-lock.json node_modules/.installed; then
    if ! npm ci --no-audit --no-fund; then
        need "the packages that the tests need (package-lock.json)" "a connection to $(npm config get registry)"
        exit 1
    fi
    cp package-lock.json node_modules/.installed
fi

./build.sh
# As the tests of the workspace have built it, where they ran before.
cargo build --quiet --locked --workspace --all-features --example shared
node generate.mjs --check
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
status=0
node --test --test-reporter=tap "$@" tests/*.test.mjs >"$log" 2>&1 || status=$?
if [ "$status" -eq 0 ]; then
    # Numbers that tests print, and the counts.
    grep -E '^# ' "$log" | grep -vE '^# (Subtest|suites|todo|tests)'
else
    grep -vE '^\s+(duration_ms|type|\.\.\.|---)' "$log"
fi
exit "$status"
