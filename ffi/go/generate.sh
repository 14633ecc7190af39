#!/usr/bin/env bash
# Writes the packages below api from docs/openapi, with oapi-codegen.
#
#     ffi/go/generate.sh            rewrites them
#     ffi/go/generate.sh --check    fails when they are not what would be written
#
# Its own command, because it downloads and compiles the generator (a minute on a small machine). The
# ordinary tests compare the documents' digests, which the generated files carry.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [ "${1:-}" != --check ]; then
    exec go run -C "$here/internal/gen" . "$here/../../docs/openapi" "$here/api"
fi
fresh="$(mktemp -d)"
trap 'rm -rf "$fresh"' EXIT
go run -C "$here/internal/gen" . "$here/../../docs/openapi" "$fresh"
diff -r "$here/api" "$fresh" && echo "1 passed, 0 failed"
