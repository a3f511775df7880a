#!/bin/sh
# Make sure that a Chromium is there for the browser tests: one that is, else Debian's, else Playwright's.
# usage: get_chromium.sh PYTHON
set -eu
for name in "${GEOMAP_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if "$1" -c 'import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as p: sys.exit(not os.path.exists(p.chromium.executable_path))'; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "installing Debian's chromium"
    if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium fonts-dejavu-core >/dev/null; then exit 0; fi
fi
echo "installing Playwright's chromium"
exec "$1" -m playwright install chromium
