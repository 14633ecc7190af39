#!/usr/bin/env bash
# Builds the jars, with the native library of this machine inside: ffi/java/*/target/*.jar.
#
#     ffi/java/build.sh                    the library optimised, from cargo's profile "release"
#     PROFILE=dev ffi/java/build.sh        quicker to build
#
# To ship for several systems, put the libraries that were built there into
# countersign/natives/io/countersign/native/OS-ARCH/ first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

source ./native.sh
library="$(native_library "${PROFILE:-release}" jni)"
place="countersign/natives/io/countersign/native/$(native_platform)"
mkdir -p "$place"
cp "$library" "$place/"
mvn --batch-mode --quiet --no-transfer-progress package -DskipTests
ls -1 ./*/target/*.jar
