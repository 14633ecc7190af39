#!/usr/bin/env bash
# Builds the npm package: both modules and their JavaScript glue into wasm/pkg, then wasm/dist, which is what is
# published. Needs Rust and Node; the target is installed when it is missing, tools come from package-lock.json.
#
#     wasm/build.sh            for tests
#     wasm/build.sh --small    for publishing: takes a minute more, and the module is a bit smaller
set -euo pipefail
small="${1:-}"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

triple=wasm32-unknown-unknown
if [ ! -d "$(rustc --print target-libdir --target "$triple")" ]; then
    rustup target add "$triple"
fi
[ -x wasm/node_modules/.bin/esbuild ] || npm ci --prefix wasm --no-audit --no-fund

# One by one: together, the engine would be built with what only tests need.
for package in countersign-wasm countersign-wasm-testing; do
    cargo build --locked --package "$package" --target "$triple" --profile wasm
done
target="${CARGO_TARGET_DIR:-$(cargo metadata --locked --no-deps --format-version 1 |
    sed 's/.*"target_directory":"\([^"]*\)".*/\1/')}"
rm -rf wasm/pkg wasm/dist
glue() {
    cargo run --quiet --locked --package countersign-wasm-glue -- \
        "$target/$triple/wasm/$1.wasm" wasm/pkg "$2"
    [ "${small:-}" = --small ] || return 0
    # The features that the compiler uses by itself; the section that would say so is stripped.
    wasm/node_modules/.bin/wasm-opt -Oz --enable-bulk-memory --enable-bulk-memory-opt --enable-sign-ext \
        --enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types --enable-multivalue \
        "wasm/pkg/${2}_bg.wasm" -o "wasm/pkg/${2}_bg.wasm"
}
glue countersign_wasm countersign
glue countersign_wasm_testing testing
node wasm/dist.mjs
