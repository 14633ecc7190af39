#!/bin/sh
# Builds the library and the example, and runs it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
cargo build --locked --manifest-path "$root/Cargo.toml" -p countersign-ffi
case $(uname -s) in
    Darwin) libraries="-framework CoreFoundation -framework Security -liconv" ;;
    *) libraries="-lpthread -ldl -lm" ;;
esac
# shellcheck disable=SC2086 # words
"${CC:-cc}" -std=c11 -Wall -Wextra -O1 -g -I "$root/include" "$here/bank.c" "$here/http.c" \
    "$target/debug/libcountersign.a" $libraries -o "$target/debug/bank-in-c"
exec "$target/debug/bank-in-c" "$@"
