#!/usr/bin/env bash
# A million calls from 1,000 goroutines; memory must not grow. The ordinary tests make 20,000.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
[ -e lib/libcountersign.a ] || ./build.sh
COUNTERSIGN_CALLS="${1:-1000000}" go test -count=1 -timeout 60m -run '^TestLoad$' -v .
