#!/usr/bin/env bash
# Verification of signatures in Node against native Rust in one run, and requests per second of the Express example. Wants a
# quiet machine. Builds what it measures; needs what wasm/test.sh needs.
#
#     wasm/bench.sh [number of signatures, 5000]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
count="${1:-5000}"
[ -f dist/countersign_bg.wasm ] || ./build.sh
cargo build --quiet --locked --release --package countersign-wasm-testing --example verify
target="${CARGO_TARGET_DIR:-../target}"
for round in 1 2; do
    echo "round $round"
    "$target/release/examples/verify" "$count"
    node tests/bench.mjs verify "$count"
done
node tests/bench.mjs express "$count"
