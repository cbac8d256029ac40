#!/usr/bin/env bash
# The embedded SQLite is compiled from C, and Rust links with the C compiler.
set -euo pipefail
cd "$(dirname "$0")"

command -v cargo >/dev/null || {
    echo "Rust is missing: install it from https://rustup.rs or with your package manager (1.90 or newer)." >&2
    exit 1
}
command -v node >/dev/null && command -v npm >/dev/null || {
    echo "Node is missing: install Node 20 or newer with npm." >&2
    exit 1
}
command -v cc >/dev/null || ./apt-install.sh gcc libc6-dev
