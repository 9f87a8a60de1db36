#!/bin/sh
# Whether the daily run is alive: one ended within two days, or a crawl wrote within the last hour (the first one takes long).
set -eu
cd "${GDFUPIN_OUTPUT:-output}"
[ -n "$(find . -maxdepth 1 -name daily.json -mmin -2880)" ] || [ -n "$(find crawls -maxdepth 2 -name 'capture-*' -mmin -60 | head -n 1)" ]
