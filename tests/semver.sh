#!/usr/bin/env bash
# Whether the Rust API of the working copy keeps what its version promises, against what was released last.
#
#     tests/semver.sh [REV]
#
# REV is what to compare with: a tag or a commit; the newest tag `v*` when none is named. Nothing is published yet, so that there is
# nothing on crates.io to compare with. Ends with an error, and says what is missing, where it cannot tell.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! cargo semver-checks --version >/dev/null 2>&1; then
    echo "missing: cargo-semver-checks"
    echo "         cargo install --locked cargo-semver-checks"
    exit 1
fi
revision="${1:-$(git describe --tags --match 'v*' --abbrev=0 2>/dev/null || true)}"
if [ -z "$revision" ]; then
    echo "missing: what to compare with"
    echo "         there is no tag v* yet; name a commit: $0 REV"
    exit 1
fi
cargo semver-checks --package countersign --all-features --baseline-rev "$revision"
