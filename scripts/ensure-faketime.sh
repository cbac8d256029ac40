#!/usr/bin/env bash
# The library that gives a program another clock, for the test of two servers whose clocks differ. Prints its path.
set -euo pipefail
cd "$(dirname "$0")"

find_library() { find /usr/lib /usr/local/lib -name libfaketimeMT.so.1 -print -quit 2>/dev/null | grep .; }
find_library || {
    ./apt-install.sh libfaketime >&2
    find_library
}
