#!/usr/bin/env bash
# npm's jspurefix as a broker of config/examples/echo.yaml, FIX.4.4 and FIX.5.0SP2: heartbeats, orders that come back, cut
# connections and resends (second_engine.py).
#
#   tests/system/second_engine.sh [FOLDER]
#
# The engine is installed into the folder, or into one that is removed at the end.  Needs node, npm, its registry, and
# build/release (or the binary that PENSTOCK names).
set -euo pipefail
cd "$(dirname "$0")/../.."
engine=jspurefix@5.11.4

for tool in node npm python3; do
    command -v "$tool" >/dev/null || { echo "there is no $tool here"; exit 1; }
done
folder=${1:-$(mktemp -d)}
[ -n "${1:-}" ] || trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder"
npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error "$engine" ||
    { echo "$engine cannot be installed: is npm's registry within reach?"; exit 1; }
PENSTOCK_SECOND_ENGINE=$folder python3 -B -W ignore::ResourceWarning tests/system/second_engine.py
