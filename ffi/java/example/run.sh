#!/usr/bin/env bash
# Builds the bank and plays a phone against it:
#
#     ffi/java/example/run.sh            the demo
#     ffi/java/example/run.sh --serve    the bank alone, on http://127.0.0.1:8080
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PROFILE="${PROFILE:-dev}" ./build.sh >&2
export COUNTERSIGN_SEALING_KEY="${COUNTERSIGN_SEALING_KEY:-$(head -c 32 /dev/urandom | base64)}"
case "${1:-}" in
    --serve) exec java -jar example/target/countersign-example-*.jar ;;
    *) exec java -jar example/target/countersign-example-*.jar --server.port=0 --demo ;;
esac
