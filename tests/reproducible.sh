#!/usr/bin/env bash
# Builds the shared library and the WebAssembly module as they are released, twice: in two folders with names of different
# lengths, out of two copies of what is committed, with nothing built before. Ends with their SHA-256, and fails unless both
# times every byte is the same.
#
#     tests/reproducible.sh [library] [module]        both, when none is named
#
# Paths of the machine are replaced in what the compilers write: the sources become /countersign, packages /cargo, the standard
# library /rust. Whoever wants the same bytes takes the same compilers (`rustc -vV`, `cc --version`) and these flags.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

what=("$@")
[ "$#" -gt 0 ] || what=(library module)
cargo_home="${CARGO_HOME:-$HOME/.cargo}"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

# build FOLDER WHAT: builds there, and prints where the file is.
build() {
    local source="$1"
    local -x CARGO_TARGET_DIR="$source/target" CARGO_INCREMENTAL=0 SOURCE_DATE_EPOCH=0 TZ=UTC LC_ALL=C
    local -x RUSTFLAGS="--remap-path-prefix=$source=/countersign --remap-path-prefix=$cargo_home=/cargo"
    RUSTFLAGS+=" --remap-path-prefix=$(rustc --print sysroot)=/rust"
    local -x CFLAGS="-ffile-prefix-map=$source=/countersign -ffile-prefix-map=$cargo_home=/cargo"
    local -x CXXFLAGS="$CFLAGS"
    case "$2" in
        library)
            (cd "$source" && cargo build --locked --quiet --release --package countersign-ffi --lib)
            echo "$source/target/release/libcountersign.so"
            ;;
        module)
            (cd "$source" && cargo build --locked --quiet --profile wasm --package countersign-wasm \
                --target wasm32-unknown-unknown)
            echo "$source/target/wasm32-unknown-unknown/wasm/countersign_wasm.wasm"
            ;;
        *)
            echo "unknown: $2 (library, module)" >&2
            return 2
            ;;
    esac
}

passed=0 failed=0
for name in "${what[@]}"; do
    sums=()
    for place in a another-folder-with-a-longer-name; do
        source="$folder/$place"
        mkdir -p "$source"
        git archive HEAD | tar -x -C "$source"
        built="$(build "$source" "$name")"
        sum="$(sha256sum <"$built" | cut -d' ' -f1)"
        sums+=("$sum")
        echo "$name in $place: $sum, $(wc -c <"$built") bytes"
        if grep --text --quiet --fixed-strings "$folder" "$built"; then
            echo "$name: the folder's name is in it"
            failed=$((failed + 1))
        fi
        # Room for the next, and for a look at what differs.
        cp "$built" "$folder/$name.${#sums[@]}"
        rm -rf "$source"
    done
    if [ "${sums[0]}" = "${sums[1]}" ]; then
        passed=$((passed + 1))
    else
        echo "$name: not the same"
        cmp "$folder/$name.1" "$folder/$name.2" | head -n 1 || true
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
