#!/usr/bin/env bash
# Builds the native library with its switches for tests and runs the tests of the Java packages; needs Rust, a JDK from 17
# on and Maven. The library is not the one that ships: it goes nowhere but into the tests.
#
#     ffi/java/test.sh [options of Maven, such as -Dtest=EngineTest]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

source ./native.sh
# As for the tests of C and Go: built once.
library="$(native_library dev jni,postgres,test-hooks)"
# A copy: another build of the library must not change it under a running test.
mkdir -p target
cp "$library" target/
log=target/maven.log
rm -rf ./*/target/surefire-reports
set +e
mvn --batch-mode --no-transfer-progress --fail-at-end test -Dnative="$PWD/target/$(basename "$library")" "$@" 2>&1 | tee "$log" | grep -v '^\[INFO\] *$'
status=${PIPESTATUS[0]}
set -e
# What the JVM finds wrong with native methods is between the lines, or in files beside the reports.
if grep -rE '(WARNING|FATAL ERROR) in native method|WARNING: JNI' "$log" ./*/target/surefire-reports/ 2>/dev/null; then
    echo "-Xcheck:jni has complaints"
    status=1
fi
awk -v status="$status" '/^\[(INFO|WARNING|ERROR)\] .*Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+$/ {
         gsub(/[^0-9 ]/, ""); run += $1; failed += $2 + $3; skipped += $4 }
     END { passed = run - failed - skipped
           if (status != 0 && failed == 0) failed = 1
           if (skipped > 0) print skipped " skipped"
           print passed " passed, " failed " failed" }' "$log"
exit "$status"
