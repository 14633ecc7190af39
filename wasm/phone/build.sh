#!/usr/bin/env bash
# Builds the phone for browsers into wasm/phone/pkg: the module, its glue, and the pages' own modules beside them. Needs
# nothing but Rust; the target is installed when it is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

triple=wasm32-unknown-unknown
if [ ! -d "$(rustc --print target-libdir --target "$triple")" ]; then
    rustup target add "$triple"
fi
cargo build --locked --package countersign-phone-wasm --target "$triple" --profile wasm-phone
target="${CARGO_TARGET_DIR:-$(cargo metadata --locked --no-deps --format-version 1 |
    sed 's/.*"target_directory":"\([^"]*\)".*/\1/')}"
rm -rf wasm/phone/pkg
cargo run --quiet --locked --package countersign-wasm-glue -- \
    "$target/$triple/wasm-phone/countersign_phone_wasm.wasm" wasm/phone/pkg phone_core
cp wasm/phone/js/* examples/server/console/icon.svg wasm/phone/pkg/
raw="$(wc -c <wasm/phone/pkg/phone_core_bg.wasm)"
packed="$(gzip -9 -c wasm/phone/pkg/phone_core_bg.wasm | wc -c)"
echo "phone module: $((raw / 1024)) KiB, $((packed / 1024)) KiB with gzip"
[ "$packed" -lt $((200 * 1024)) ] || { echo "the module is larger than 200 KiB with gzip"; exit 1; }
