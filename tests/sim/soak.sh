#!/bin/sh
# Many worlds of the simulator in parallel processes:
#
#     tests/sim/soak.sh [SEEDS] [JOBS] [FIRST]     100000 seeds from 1 on, a job per core
#
# Prints how often each fault struck in all of them, and the seeds, instructions
# and times.  PENSTOCK_SIM names the program (build/release/bin/penstock-sim);
# SOAK_OPTIONS are further options for it.  Ends with 0, or with 1 and the line
# that makes the first failure happen again; 2: usage, 3: no program.
set -u

seeds=${1:-100000}
jobs=${2:-$(nproc)}
first=${3:-1}
for number in "$seeds" "$jobs" "$first"; do
    case $number in
    '' | *[!0-9]* | 0) echo "usage: soak.sh [SEEDS] [JOBS] [FIRST]" >&2; exit 2 ;;
    esac
done
root=$(cd "$(dirname "$0")/../.." && pwd)
PENSTOCK_SIM=${PENSTOCK_SIM:-$root/build/release/bin/penstock-sim}
[ -x "$PENSTOCK_SIM" ] || { echo "soak: there is no $PENSTOCK_SIM; build it, or name it in PENSTOCK_SIM" >&2; exit 3; }
SOAK_OPTIONS=${SOAK_OPTIONS:-}
SOAK_FOLDER=$(mktemp -d) || exit 3
export PENSTOCK_SIM SOAK_OPTIONS SOAK_FOLDER
trap 'rm -rf "$SOAK_FOLDER"' EXIT
trap 'exit 3' HUP INT TERM

# Ranges so small that all jobs end at about the same time.
range=$((seeds / jobs / 8 + 1))
[ "$range" -le 500 ] || range=500
begin=$(date +%s)

# One range; a failure (255) keeps xargs from beginning another one.
# shellcheck disable=SC2016
run='
    "$PENSTOCK_SIM" --seed "$1" --seeds "$2" --each $SOAK_OPTIONS \
        >"$SOAK_FOLDER/$1.out" 2>"$SOAK_FOLDER/$1.failed" && exit 0
    exit 255
'
at=$first
while [ "$at" -lt $((first + seeds)) ]; do
    left=$((first + seeds - at))
    [ "$left" -le "$range" ] || left=$range
    echo "$at $left"
    at=$((at + left))
done | xargs -P "$jobs" -L 1 sh -c "$run" sh 2>"$SOAK_FOLDER/xargs"
result=$?

cat "$SOAK_FOLDER"/*.failed >&2
[ $result -eq 0 ] || { cat "$SOAK_FOLDER/xargs" >&2; result=1; }

# middle FIELD: the median of a field of the lines of seeds.
middle() {
    awk -v at="$1" '$1 == "seed" { print $at }' "$SOAK_FOLDER"/*.out | sort -n |
        awk '{ value[NR] = $1 } END { print NR ? value[int((NR + 1) / 2)] : 0 }'
}

awk '
    $1 == "fault" && !header { header = $0 }
    $2 ~ /^[0-9]+\.\.[0-9]+$/ {
        if (!($1 in struck)) { name[++faults] = $1; range[$1] = $2 }
        struck[$1] += $3
        words = $0
        sub(/^[^ ]+ +[^ ]+ +[^ ]+ +/, "", words)
        text[$1] = words
    }
    END {
        if (faults) print header
        for (i = 1; i <= faults; i++)
            printf "%-24s %14s %10d  %s\n", name[i], range[name[i]], struck[name[i]], text[name[i]]
    }
' "$SOAK_FOLDER"/*.out
awk -v time=$(($(date +%s) - begin)) -v median="$(middle 4)" -v us="$(middle 6)" '
    $1 == "seed" { seeds++; sum += $4; if (least == "" || $4 < least) least = $4 }
    END {
        printf "seeds %d, instructions %d: at least %d, median %d; CPU time: median %d us; %d s in all\n",
               seeds, sum, least, median, us, time
    }
' "$SOAK_FOLDER"/*.out
exit $result
