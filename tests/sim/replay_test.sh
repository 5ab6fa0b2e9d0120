#!/bin/sh
# A seed makes the same world each time, alone and behind another one.
set -eu
sim=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$sim" --seed 7 --trace --each >"$folder/once"
"$sim" --seed 6 --seeds 2 --trace --each >"$folder/behind"
# From seed 6's end to the end of seed 7, without what is measured.
sed '/^seed 7 /,$d' "$folder/once" >"$folder/alone"
sed '1,/^seed 6 /d; /^seed 7 /,$d' "$folder/behind" >"$folder/second"
[ "$(wc -l <"$folder/alone")" -gt 1000 ] || { echo "there is hardly anything in the trace"; exit 1; }
cmp "$folder/alone" "$folder/second"
