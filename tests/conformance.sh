#!/usr/bin/env bash
# Plays the conformance kit against the server, on a database in memory and on SQLite.
#
#     tests/conformance.sh [--flow 05 …]
#
# The kit is another project's: it is looked for beside this one (../shared/conformance), or where
# COUNTERSIGN_SHARED points. Needs Python 3.11 with the package `cryptography`; without that package a
# virtual environment is made in .cache. What is played and what may differ: conformance/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

kit="${COUNTERSIGN_SHARED:-$PWD/../shared}/conformance"
if [ ! -f "$kit/run.py" ]; then
    echo "conformance: no kit at $kit"
    [ -z "${CI:-}" ]
    exit
fi

python=python3
if ! command -v "$python" >/dev/null; then
    echo "conformance: python3 is missing; install Python 3.11 or later" >&2
    exit 1
fi
if ! "$python" -c 'import cryptography' 2>/dev/null; then
    if [ ! -x .cache/venv/bin/python ]; then
        "$python" -m venv .cache/venv
        .cache/venv/bin/pip install --quiet --requirement "$kit/requirements.txt"
    fi
    python=.cache/venv/bin/python
fi

server="${COUNTERSIGN_SERVER:-}"
if [ -z "$server" ]; then
    cargo build --locked --package countersign-server
    server="$(cargo metadata --locked --no-deps --format-version 1 |
        "$python" -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/debug/countersign-server"
fi

status=0
for database in memory sqlite; do
    echo "-- $database"
    "$python" conformance/play.py --kit "$kit" --server "$server" --database "$database" "$@" || status=1
done
exit $status
