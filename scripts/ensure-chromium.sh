#!/usr/bin/env bash
# The browser of the stories and screenshots, with a font for Chinese.
# STAGECRAFT_CHROMIUM names another browser to use.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
[ -n "${STAGECRAFT_CHROMIUM:-}" ] || [ -x /usr/bin/chromium ] || missing+=(chromium)
find /usr/share/fonts -iname 'NotoSansCJK*' 2>/dev/null | grep -q . || missing+=(fonts-noto-cjk)
[ ${#missing[@]} -eq 0 ] || ./apt-install.sh "${missing[@]}"
