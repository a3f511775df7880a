#!/bin/sh
# Make sure that a Chromium is there for the browser tests: Debian's without windows, which does the same in a third of
# the time; else one that is there, Debian's other one, or Playwright's.
# usage: get_chromium.sh PYTHON
set -eu
is_there() { [ -n "$1" ] && command -v "$1" >/dev/null 2>&1; }
get() {
    command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] || return 1
    echo "installing Debian's $1"
    patience="-o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o Acquire::Retries=1"
    apt-get update -qq $patience &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $patience "$1" fonts-dejavu-core >/dev/null
}
if is_there "${GEOMAP_CHROMIUM:-}" || is_there chromium-headless-shell; then exit 0; fi
if get chromium-headless-shell; then exit 0; fi
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if is_there $name; then exit 0; fi
done
if "$1" -c 'import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as p: sys.exit(not os.path.exists(p.chromium.executable_path))'; then exit 0; fi
if get chromium; then exit 0; fi
echo "installing Playwright's chromium"
exec "$1" -m playwright install chromium
