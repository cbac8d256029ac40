#!/usr/bin/env bash
# Says when openapi.json or the web app's generated types are not what they are made from.
# Usage: scripts/check-api.sh BINARY
set -euo pipefail
cd "$(dirname "$0")/.."

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

"$1" openapi >"$fresh/openapi.json"
if ! diff -u openapi.json "$fresh/openapi.json" >"$fresh/difference"; then
    head -40 "$fresh/difference" >&2
    echo "openapi.json is stale: run make api." >&2
    exit 1
fi

generated=web/src/api/schema.d.ts
(cd web && npx --no-install openapi-typescript ../openapi.json --output "$fresh/schema.d.ts" >/dev/null 2>&1)
if ! diff -q "$generated" "$fresh/schema.d.ts" >/dev/null; then
    echo "$generated is stale: run make api." >&2
    exit 1
fi
