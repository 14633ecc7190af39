#!/usr/bin/env bash
# A short comparison with the published Java library of the protocol, with a fresh seed that is printed; needs Rust, a JDK from
# 17 on and Maven. The library is a dependency of this test only: see java/pom.xml.
#
#     tests/differential/test.sh [options of cargo xtask differential]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

cargo xtask differential --cases 250 "$@"
