#!/usr/bin/env bash
# What a crossing costs, with the library optimised and with its functions for tests:
#
#     ffi/java/bench.sh [options of JMH, such as -f 3 signature]
#
# The same without a crossing: cargo bench --package countersign-ffi --bench crossing
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

source ./native.sh
# The functions for tests refuse to be built for a release; this is none.
export CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true
library="${LIBRARY:-$(native_library "${PROFILE:-release}" jni,postgres,test-hooks)}"
mvn --batch-mode --quiet --no-transfer-progress --activate-profiles bench package -DskipTests --projects bench --also-make
exec java -cp "bench/target/classes:bench/target/lib/*" org.openjdk.jmh.Main -jvmArgsAppend "-Dio.countersign.library=$library" "$@"
