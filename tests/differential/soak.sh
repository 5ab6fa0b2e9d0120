#!/bin/sh
# Many documents, judged by penstock and by libxml2:
#
#     tests/differential/soak.sh [DOCUMENTS] [FIRST] [JOBS]     20000 from seed 1 on, a job per core
#
# PENSTOCK_DIFFERENTIAL names the program (build/release/bin/penstock-differential).
# Prints what was found and how often each listed difference came, job by job.  Ends
# with 0; 1: a difference that is not listed; 2: usage; 3: no program.
set -u

documents=${1:-20000}
first=${2:-1}
jobs=${3:-$(nproc)}
for number in "$documents" "$first" "$jobs"; do
    case $number in
    '' | *[!0-9]* | 0) echo "usage: soak.sh [DOCUMENTS] [FIRST] [JOBS]" >&2; exit 2 ;;
    esac
done
root=$(cd "$(dirname "$0")/../.." && pwd)
program=${PENSTOCK_DIFFERENTIAL:-$root/build/release/bin/penstock-differential}
[ -x "$program" ] || { echo "soak: there is no $program; build it, or name it in PENSTOCK_DIFFERENTIAL" >&2; exit 3; }
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT
trap 'exit 3' HUP INT TERM

share=$(((documents + jobs - 1) / jobs)) at=$first running=
while [ "$at" -lt $((first + documents)) ]; do
    left=$((first + documents - at))
    [ "$left" -lt "$share" ] || left=$share
    "$program" --seed "$at" --count "$left" --xmllint 40 >"$folder/$at" 2>/dev/null &
    running="$running $!"
    at=$((at + left))
done
result=0
for job in $running; do
    wait "$job" || result=1
done
for job in "$folder"/*; do
    echo "from seed ${job##*/}:"
    cat "$job"
done
exit $result
