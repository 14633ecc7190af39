#!/bin/sh
# Installs the C library as `cargo cinstall -p countersign-ffi` does, for those who do not have cargo-c:
#
#     ffi/package/install.sh PREFIX [--debug] [--features LIST]
#
# Header, static and shared library, countersign.pc and the files for CMake's find_package(countersign). The shared
# library has the name of its interface's version, so that an incompatible one is not loaded.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
root=$(dirname "$here")
[ $# -ge 1 ] || { echo "usage: $0 PREFIX [--debug] [--features LIST]" >&2; exit 2; }
prefix=$1
shift
profile=release

features=
while [ $# -gt 0 ]; do
    case $1 in
        --debug) profile=debug ;;
        --features) shift; features=$1 ;;
        *) echo "$0: $1 is not known" >&2; exit 2 ;;
    esac
    shift
done
case ",$features," in
    *,test-hooks,*) echo "$0: test-hooks is not for anybody else" >&2; exit 2 ;;
esac

flags="--locked -p countersign-ffi --lib"
[ "$profile" = release ] && flags="$flags --release"
[ -n "$features" ] && flags="$flags --features $features"
built=${CARGO_TARGET_DIR:-$root/target}/$profile

version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1)
major=${version%%.*}
minor=${version#*.}
minor=${minor%%.*}
# As Cargo sees versions: below 1.0 the second number says what is compatible.
if [ "$major" = 0 ]; then name=0.$minor; else name=$major; fi

case $(uname -s) in
    Darwin) link= ;;
    *) link="-- -C link-arg=-Wl,-soname,libcountersign.so.$name" ;;
esac
# shellcheck disable=SC2086 # words
cargo rustc --manifest-path "$root/Cargo.toml" $flags $link

mkdir -p "$prefix/include" "$prefix/lib/pkgconfig" "$prefix/lib/cmake/countersign"
prefix=$(cd "$prefix" && pwd)
cp "$root/include/countersign.h" "$prefix/include/"
cp "$built/libcountersign.a" "$prefix/lib/"
case $(uname -s) in
    Darwin)
        shared=libcountersign.$name.dylib
        cp "$built/libcountersign.dylib" "$prefix/lib/$shared"
        install_name_tool -id "$prefix/lib/$shared" "$prefix/lib/$shared"
        ln -sf "$shared" "$prefix/lib/libcountersign.dylib"
        private="-framework CoreFoundation -framework Security -liconv"
        ;;
    *)
        shared=libcountersign.so.$version
        cp "$built/libcountersign.so" "$prefix/lib/$shared"
        ln -sf "$shared" "$prefix/lib/libcountersign.so.$name"
        ln -sf "libcountersign.so.$name" "$prefix/lib/libcountersign.so"
        private="-lpthread -ldl -lm"
        ;;
esac
for file in countersign.pc countersignConfig.cmake countersignConfigVersion.cmake; do
    case $file in
        *.pc) to=$prefix/lib/pkgconfig/$file ;;
        *) to=$prefix/lib/cmake/countersign/$file ;;
    esac
    sed -e "s|@PREFIX@|$prefix|g" -e "s|@VERSION@|$version|g" -e "s|@COMPATIBLE@|$name|g" \
        -e "s|@SHARED@|$shared|g" -e "s|@PRIVATE@|$private|g" "$here/package/$file.in" > "$to"
done
echo "countersign $version in $prefix"
