#!/usr/bin/env bash
# Runs the core's own tests on wasm32, in Node: compiled for WASI, because they print and read files. Needs Rust and Node 20;
# the target is installed when it is missing.
#
#     wasm/core.sh [options of the test programs, such as a part of a test's name]
#
# Left out:
#   - what needs threads, sockets or files of its own: lanes, races, stores with a database, adoption, losses of power
#   - what starts programs: documents, dependencies
#   - whole operations and phones (client, engine_operations and the folders): minutes here; wasm/test.sh plays the scenario
#   - pbkdf2_hmac_sha1 and wycheproof_files: so many rounds take minutes without optimisation
#   - bounds_hold_in_both_directions: Node's process ends in it with SIGABRT and no word; the cause is not known
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

triple=wasm32-wasip1
if [ ! -d "$(rustc --print target-libdir --target "$triple")" ]; then
    rustup target add "$triple"
fi
export CARGO_TARGET_WASM32_WASIP1_RUNNER="node --no-warnings=ExperimentalWarning $PWD/wasm/tests/wasi.mjs"
programs=(backends envelopes headers_and_jwt known_answers store_machine vectors wycheproof)
cargo test --locked --package countersign --features client,driver --target "$triple" \
    --lib "${programs[@]/#/--test=}" -- \
    --skip bounds_hold_in_both_directions --skip pbkdf2_hmac_sha1 --skip wycheproof_files "$@"
