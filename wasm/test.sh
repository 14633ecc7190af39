#!/usr/bin/env bash
# Builds the module and runs its tests in Node; needs Rust and Node 20, nothing from npm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec cargo test --locked --package countersign-wasm --test node -- --nocapture
