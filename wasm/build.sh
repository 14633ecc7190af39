#!/usr/bin/env bash
# Builds the module and its JavaScript glue into wasm/pkg. Needs nothing but Rust; the target is
# installed when it is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

triple=wasm32-unknown-unknown
if [ ! -d "$(rustc --print target-libdir --target "$triple")" ]; then
    rustup target add "$triple"
fi
cargo build --locked --package countersign-wasm --target "$triple" --profile wasm
target="${CARGO_TARGET_DIR:-$(cargo metadata --locked --no-deps --format-version 1 |
    sed 's/.*"target_directory":"\([^"]*\)".*/\1/')}"
rm -rf wasm/pkg
cargo run --quiet --locked --package countersign-wasm --example glue -- \
    "$target/$triple/wasm/countersign_wasm.wasm" wasm/pkg
