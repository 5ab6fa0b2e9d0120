#!/bin/sh
# The real binary, killed or cut off from its power many times:
#
#     tests/system/soak.sh kills [N]         SIGKILL at N random moments (1000)
#     tests/system/soak.sh power-cuts [N]    N power cuts that lose what was not synced (1000)
#     tests/system/soak.sh kill-points       once at each call that changes a file or speaks
#
# PENSTOCK names the program (build/release/bin/penstock), PENSTOCK_TOOLS the folder
# of the layers (that of the program), PENSTOCK_SEED the seed.  Ends with 0, or with 1
# and the folder of the test, which is kept; 2: usage, 3: no program.
set -u

root=$(cd "$(dirname "$0")/../.." && pwd)
PENSTOCK=${PENSTOCK:-$root/build/release/bin/penstock}
PENSTOCK_TOOLS=${PENSTOCK_TOOLS:-$(dirname "$PENSTOCK")}
export PENSTOCK PENSTOCK_TOOLS

usage() {
    echo "usage: soak.sh kills [N] | power-cuts [N] | kill-points" >&2
    exit 2
}

count=${2:-1000}
case $count in
'' | *[!0-9]* | 0) usage ;;
esac
case ${1:-} in
kills) PENSTOCK_KILLS=$count && export PENSTOCK_KILLS && test=kill ;;
power-cuts) PENSTOCK_POWER_CUTS=$count && export PENSTOCK_POWER_CUTS && test=power_cut ;;
kill-points) PENSTOCK_KILL_POINTS=all && export PENSTOCK_KILL_POINTS && test=kill_points ;;
*) usage ;;
esac
for file in "$PENSTOCK" "$PENSTOCK_TOOLS/libpower_cut.so" "$PENSTOCK_TOOLS/libkill_point.so"; do
    [ -e "$file" ] || { echo "soak: there is no $file: cmake --build --preset release makes it" >&2; exit 3; }
done
exec python3 -B "$root/tests/system/${test}_test.py"
