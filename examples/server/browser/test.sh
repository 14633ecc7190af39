#!/usr/bin/env bash
# A real Chromium uses console and phone, end to end. Screenshots of every page are in target/console afterwards.
#
# Installs what it can: npm packages, as root on Debian Chromium, and the target for WebAssembly. What it cannot install is
# named, with the way to get it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root="$(cd ../../.. && pwd)"

if ! node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' || ! command -v npm >/dev/null; then
    echo "missing: Node.js 20 or later (node, npm)"
    echo "         https://nodejs.org"
    exit 1
fi

browser() {
    local name
    for name in "${COUNTERSIGN_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        if [ -n "$name" ] && command -v "$name"; then
            return
        fi
    done
    return 1
}
if ! COUNTERSIGN_CHROMIUM="$(browser)"; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        apt-get install --yes --no-install-recommends chromium ||
            { apt-get update && apt-get install --yes --no-install-recommends chromium; }
    fi
    COUNTERSIGN_CHROMIUM="$(browser)" || {
        echo "missing: Chromium"
        echo "         Debian: apt-get install chromium; or set COUNTERSIGN_CHROMIUM to the program of Chromium or Chrome"
        exit 1
    }
fi
export COUNTERSIGN_CHROMIUM

# What is installed is what package-lock.json names.
if ! cmp --silent package-lock.json node_modules/.lock; then
    npm ci --no-audit --no-fund --ignore-scripts || {
        echo "missing: the packages of examples/server/browser/package.json"
        echo "         npm ci in that folder, where the registry can be reached"
        exit 1
    }
    cp package-lock.json node_modules/.lock
fi

"$root/wasm/phone/build.sh"
# Together with the other phone, as `cargo xtask story` builds them: nothing is compiled twice.
cargo build --locked --quiet --package countersign-server --package countersign-phone
mkdir -p "$root/target/console"
exec node --test console.test.mjs
