#!/usr/bin/env bash
# curl and jq, with which the examples of the API guide are run.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
for program in curl jq; do
    command -v "$program" >/dev/null || missing+=("$program")
done
[ ${#missing[@]} -eq 0 ] || ./apt-install.sh "${missing[@]}"
