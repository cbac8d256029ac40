#!/usr/bin/env bash
# Installs Debian packages, as root or through sudo, and says what it does.
# Usage: scripts/apt-install.sh PACKAGE…
set -euo pipefail

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "Missing: $*. Please install with: apt-get install $*" >&2
        exit 1
    }
    as_root=(sudo)
fi

echo "Installing $* …" >&2
export DEBIAN_FRONTEND=noninteractive
install() { "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
# The lists of a fresh image are empty or old: fetch them only when the first attempt fails.
install "$@" 2>/dev/null || {
    "${as_root[@]}" apt-get update -qq
    install "$@"
}
