#!/usr/bin/env bash
# Runs every test: builds with AddressSanitizer and UndefinedBehaviorSanitizer
# for what runs inside a process, and in Release for the tests that start, kill
# and restart the real binary.  Ends with a line "N passed, N failed".
#
#   ./test.sh          everything
#   ./test.sh LABEL    one kind: unit, session, golden, sim, system, tidy, ...
#
# Runs as root or with sudo (for apt only).  ../shared is used when it is there.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p build
. scripts/setup.sh
only=${1:-}

# Seconds that the tests of one kind may take together; test.sh fails beyond.
declare -A budgets=([tidy]=60 [unit]=240 [session]=60 [golden]=60 [sim]=240 [fuzz]=60 [differential]=30 [bench]=60 [system]=480)

say "packages"
install_packages "${build_packages[@]}" "${test_packages[@]}"

say "build with sanitizers (build/check)"
build check -DCMAKE_BUILD_TYPE=Debug -DPENSTOCK_SANITIZE=ON
say "build in Release (build/release)"
build release -DCMAKE_BUILD_TYPE=Release

passed=0 failed=0

# run_kind LABEL BUILD: all tests of a kind, against its budget.
run_kind() {
    local label=$1 folder=build/$2 budget=${budgets[$1]} start=$SECONDS log=build/test-$1-$2.log count bad
    [ -z "$only" ] || [ "$only" = "$label" ] || return 0
    ctest --test-dir "$folder" -N -L "^$label\$" | grep -q 'Total Tests: 0' && return 0
    say "$label, build/$2 (at most $budget s)"
    ctest --test-dir "$folder" -L "^$label\$" -j2 --output-on-failure >"$log" 2>&1 || true
    grep -E '^ *[0-9]+/[0-9]+ Test|tests passed' "$log" || true
    count=$(grep -cE '^ *[0-9]+/[0-9]+ Test .* Passed' "$log" || true)
    bad=$(grep -cE '^ *[0-9]+/[0-9]+ Test .*\*\*\*' "$log" || true)
    [ "$bad" -eq 0 ] || cat "$log"
    [ $((count + bad)) -gt 0 ] || { cat "$log"; bad=1; }
    passed=$((passed + count)) failed=$((failed + bad))
    echo "$label: $((SECONDS - start)) s of $budget s"
    if [ $((SECONDS - start)) -gt "$budget" ]; then
        echo "$label took longer than its budget"
        failed=$((failed + 1))
    fi
}

for folder in check release; do
    for label in $(ctest --test-dir "build/$folder" --print-labels | sed -n 's/^  //p'); do
        [ -n "${budgets[$label]:-}" ] || fail "the tests labelled $label have no budget in test.sh"
    done
done
[ -d ../shared ] || echo "no ../shared: the tests that compare with its reference data skip themselves"

for kind in tidy unit session golden sim differential fuzz; do
    run_kind "$kind" check
done
for kind in sim bench system; do
    run_kind "$kind" release
done

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
