# For build.sh and test.sh: where the native library is.

# native_library PROFILE FEATURES: builds it and prints its path.
native_library() {
    local root name
    root="$(cd ../.. && pwd)"
    (cd "$root" && cargo build --locked --package countersign-ffi --profile "$1" --features "$2" >&2)
    case "$(uname -s)" in
        Darwin) name=libcountersign.dylib ;;
        *) name=libcountersign.so ;;
    esac
    echo "${CARGO_TARGET_DIR:-$root/target}/$([ "$1" = dev ] && echo debug || echo "$1")/$name"
}

# As the loader names it (NativeLibrary.resource).
native_platform() {
    local os arch
    case "$(uname -s)" in
        Darwin) os=macos ;;
        *) os=linux ;;
    esac
    case "$(uname -m)" in
        arm64 | aarch64) arch=aarch64 ;;
        *) arch="$(uname -m)" ;;
    esac
    echo "$os-$arch"
}
