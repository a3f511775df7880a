#!/bin/sh
# QGIS with its Python, from Debian, if it is not there.
set -eu
if /usr/bin/python3 -c 'import qgis.core' 2>/dev/null; then exit 0; fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "install QGIS and its Python bindings: apt-get install qgis python3-qgis qgis-providers" >&2
    exit 1
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends qgis python3-qgis qgis-providers >/dev/null
