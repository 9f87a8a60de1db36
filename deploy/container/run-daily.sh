#!/bin/sh
# What the crawler's container runs: `gdfupin daily` every day. SIGTERM ends a run in order; the next one goes on at its open step.
set -u
child=
ended() {
    [ -z "$child" ] || { kill -TERM "$child" 2> /dev/null; wait "$child"; }
    exit 0
}
trap ended TERM INT
while :; do
    gdfupin daily --quiet &
    child=$!
    wait "$child"  # whatever its code: the next run is tomorrow, and the run itself tells who should know
    sleep "${GDFUPIN_EVERY:-86400}" &
    child=$!
    wait "$child"
done
