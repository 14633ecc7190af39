#!/usr/bin/env bash
# Runs every test of the project and ends with one line: how many passed, how many failed.
#
#     ./test.sh
#
# With COUNTERSIGN_LONG set, what takes long runs as well: the core's tests on wasm32, the times of what handles secrets,
# ten thousand losses of power, thousands of half-open connections, a minute of fuzzing for each target.
#
# Works from any directory. Installs what it can; what it cannot install is named, with the way to get it,
# and the run fails. A check that did not run is printed as skipped, never as passed. With CI set nothing
# may be absent: neither the material beside the project (../shared) nor an older compiler.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export CARGO_TERM_COLOR=never
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0
shared="${COUNTERSIGN_SHARED:-$PWD/../shared}"
msrv="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml).0"
logs="$PWD/target/test-logs"
rm -rf "$logs"
mkdir -p "$logs"

maven=https://repo.maven.apache.org/maven2/
npm="$(npm config get registry 2>/dev/null || echo https://registry.npmjs.org/)"

passed=0 failed=0 summary=""

note() {
    summary+="$(printf '%-32s %s' "$1" "$2")"$'\n'
}

skip() {
    printf '\n== %s: skipped, %s\n' "$1" "$2"
    note "$1" "skipped, $2"
}

# Adds up what a suite printed: cargo's "test result:" lines, node's "# pass N" and "# fail N", and lines
# that are only "N passed, M failed".
count() {
    awk '/^test result:/ { p += $4; f += $6 }
         /^# pass [0-9]+$/ { p += $3 }
         /^# fail [0-9]+$/ { f += $3 }
         /^[0-9]+ passed, [0-9]+ failed$/ { p += $1; f += $3 }
         END { print p + 0, f + 0 }' "$1"
}

# section NAME COMMAND…: its tests count one by one, a check without tests counts as one.
section() {
    local name="$1" log="$logs/${1//[^a-zA-Z0-9]/-}.log" began=$SECONDS status p f
    shift
    printf '\n== %s\n' "$name"
    set +e
    (set -euo pipefail && "$@") 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    set -e
    read -r p f < <(count "$log")
    [ "$status" -eq 0 ] || [ "$f" -gt 0 ] || f=1
    [ "$status" -ne 0 ] || [ $((p + f)) -gt 0 ] || p=1
    passed=$((passed + p)) failed=$((failed + f))
    note "$name" "$(printf '%6d passed %4d failed %6d s' "$p" "$f" $((SECONDS - began)))"
}

# online NAME SCRIPT CACHE REGISTRY: a section that downloads what is not in CACHE yet. With CI set it runs in any case, and
# fails where it cannot.
online() {
    if [ -n "${CI:-}" ] || [ -e "$3" ] || curl --fail --silent --head --max-time 20 "$4" >/dev/null; then
        section "$1" "$2"
    else
        skip "$1" "$4 cannot be reached, and nothing was downloaded from it before"
    fi
}

# Whether there is a compiler for Java 17.
jdk() {
    javac --release 17 --version
}

# Names every missing tool with the way to get it.
tools() {
    local missing=0
    need() {
        echo "missing: $1"
        echo "         $2"
        missing=1
    }
    command -v cc || need "a C compiler (cc)" "Debian, Ubuntu: apt-get install gcc; macOS: xcode-select --install"
    if ! command -v cargo; then
        need "cargo, Rust $msrv or later" "https://rustup.rs"
    elif command -v rustup; then
        cargo fmt --version || rustup component add rustfmt
        cargo clippy --version || rustup component add clippy
        rustup target list --installed | grep -x wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown
    else
        cargo fmt --version || need "rustfmt" "from where Rust came from"
        cargo clippy --version || need "clippy" "from where Rust came from"
        [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ] ||
            need "Rust's standard library for wasm32-unknown-unknown" "from where Rust came from"
    fi
    command -v curl || need "curl" "Debian, Ubuntu: apt-get install curl; https://curl.se"
    if ! ls /usr/lib/postgresql/*/bin/initdb && ! command -v initdb && [ -z "${COUNTERSIGN_POSTGRES_BIN:-}" ]; then
        if [ "$(id -u)" -eq 0 ] && command -v apt-get; then
            apt-get install --yes --no-install-recommends postgresql ||
                { apt-get update && apt-get install --yes --no-install-recommends postgresql; }
        fi
        ls /usr/lib/postgresql/*/bin/initdb ||
            need "PostgreSQL's programs (initdb, postgres)" \
                "Debian, Ubuntu: apt-get install postgresql; or set COUNTERSIGN_POSTGRES_BIN to their folder"
    fi
    if ! PATH="$PATH:/usr/sbin" command -v pgbouncer; then
        if [ "$(id -u)" -eq 0 ] && command -v apt-get; then
            apt-get install --yes --no-install-recommends pgbouncer ||
                { apt-get update && apt-get install --yes --no-install-recommends pgbouncer; }
        fi
        PATH="$PATH:/usr/sbin" command -v pgbouncer || need "PgBouncer (pgbouncer)" "Debian, Ubuntu: apt-get install pgbouncer"
    fi
    if [ "$(uname)" = Linux ] && ! command -v strace; then
        if [ "$(id -u)" -eq 0 ] && command -v apt-get; then
            apt-get install --yes --no-install-recommends strace ||
                { apt-get update && apt-get install --yes --no-install-recommends strace; }
        fi
        command -v strace || need "strace" "Debian, Ubuntu: apt-get install strace"
    fi
    if [ -d wasm ] && ! { node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' && npm --version; }; then
        need "Node.js 20 or later (node, npm)" "https://nodejs.org"
    fi
    if [ -d ffi/go ] && ! go version; then
        need "Go 1.25 or later (go)" "https://go.dev/dl"
    fi
    if ! jdk || ! mvn --version; then
        if [ "$(id -u)" -eq 0 ] && command -v apt-get; then
            apt-get install --yes --no-install-recommends openjdk-17-jdk-headless maven ||
                { apt-get update && apt-get install --yes --no-install-recommends openjdk-17-jdk-headless maven; }
        fi
        jdk || need "a JDK from 17 on (javac)" "Debian, Ubuntu: apt-get install openjdk-17-jdk-headless; https://adoptium.net"
        mvn --version || need "Maven (mvn)" "Debian, Ubuntu: apt-get install maven; https://maven.apache.org"
    fi
    if [ -d "$shared" ] && ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        need "Python 3.11 or later (python3)" "https://python.org; Debian, Ubuntu: apt-get install python3 python3-venv"
    fi
    [ -d "$shared" ] || [ -z "${CI:-}" ] || need "vectors, transcripts and kit ($shared)" "set COUNTERSIGN_SHARED"
    [ "$missing" -eq 0 ]
}

# Each feature alone, without the others that --all-features brings.
features() {
    local feature
    for feature in $(sed -n '/^\[features\]/,/^\[dependencies\]/s/^\([a-z-]*\) = \[.*/\1/p' Cargo.toml); do
        echo "feature: $feature"
        cargo clippy --locked --quiet --package countersign --lib --no-default-features --features "$feature" \
            -- -D warnings
    done
}

oldest_compiler() {
    cargo "+$msrv" check --locked --workspace --all-features --target-dir target/msrv
}

section "tools" tools
if [ "$failed" -gt 0 ]; then
    printf '\n%d passed, %d failed\n' "$passed" "$failed"
    exit 1
fi

section "format" cargo fmt --all --check
section "lints" cargo clippy --locked --workspace --all-features --all-targets -- -D warnings
section "tests" cargo test --locked --workspace --all-features --no-fail-fast
section "features alone" features
section "wasm32" cargo check --locked --package countersign --features client --target wasm32-unknown-unknown
section "documentation" env RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --all-features --no-deps

section "Go" ffi/go/test.sh

online "Node" wasm/test.sh wasm/node_modules "$npm"

if rustc "+$msrv" --version >/dev/null 2>&1 || rustup toolchain install "$msrv" --profile minimal; then
    section "Rust $msrv" oldest_compiler
elif [ -n "${CI:-}" ]; then
    section "Rust $msrv" false
else
    skip "Rust $msrv" "it is not installed and could not be downloaded"
fi

if cargo deny --version >/dev/null 2>&1; then
    section "cargo-deny" cargo deny --workspace --all-features check bans licenses sources
else
    skip "cargo-deny" "it is not installed; tests/dependencies.rs has checked the same rules"
fi
skip "advisories" "they need the RustSec database: cargo deny --workspace check advisories"

section "story" cargo xtask story

if [ "$(uname)" = Linux ]; then
    points=200
    [ -z "${COUNTERSIGN_LONG:-}" ] || points=10000
    section "loss of power" cargo xtask power --points "$points"
else
    skip "loss of power" "strace, which it needs, is a program of Linux"
fi

if [ -n "${COUNTERSIGN_LONG:-}" ]; then
    online "core on wasm32" wasm/core.sh "$(rustc --print target-libdir --target wasm32-wasip1)" https://static.rust-lang.org/
    section "times of secrets" cargo xtask dudect
    section "half-open connections" cargo xtask slow
    section "fuzzing" cargo xtask fuzz --seconds 60
fi

online "console in a browser" examples/server/browser/test.sh examples/server/browser/node_modules/playwright-core "$npm"
online "Java" ffi/java/test.sh "$HOME/.m2/repository/org/openapitools" "$maven"
online "against the Java library" tests/differential/test.sh "$HOME/.m2/repository/io/getlime/security" "$maven"

if [ -d "$shared/conformance" ]; then
    section "conformance" tests/conformance.sh
else
    skip "conformance" "there is no kit at $shared/conformance"
fi

printf '\n== summary\n%s\n' "$summary"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
