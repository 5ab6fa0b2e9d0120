#!/bin/sh
# The linters over all C files, or over those that are named:
#
#     tests/tidy/lint.sh [-B BUILD-FOLDER] [FILE...]
#
# clang-format (.clang-format), clang-tidy (.clang-tidy, with the compile commands
# of the clang preset) and cppcheck (cppcheck.suppress beside this file).  Headers
# are looked at by clang-tidy and cppcheck through the files that include them.
# Ends with 0 (nothing found), 1 (findings), 2 (usage), 3 (a tool is missing or fails).
set -u

root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/clang
while getopts B: option; do
    case $option in
    B) build=$OPTARG ;;
    *) echo "usage: lint.sh [-B BUILD-FOLDER] [FILE...]" >&2; exit 2 ;;
    esac
done
shift $((OPTIND - 1))

missing=0
for tool in clang clang-format clang-tidy cppcheck cmake ninja; do
    command -v "$tool" >/dev/null && continue
    package=$tool
    [ "$tool" = ninja ] && package=ninja-build
    echo "lint: $tool is missing: apt-get install $package" >&2
    missing=1
done
[ $missing -eq 0 ] || exit 3

work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 3' HUP INT TERM

# The files, one in a line: all, and the sources among them.
if [ $# -gt 0 ]; then
    for file; do
        [ -f "$file" ] || { echo "lint: there is no file $file" >&2; exit 2; }
        realpath "$file"
    done
else
    find "$root/codecs" "$root/routing" "$root/config" "$root/gateway" "$root/tests" \
        -name '*.[ch]' | LC_ALL=C sort
fi | grep '\.[ch]$' >"$work/all"
grep '\.c$' "$work/all" >"$work/sources"

cd "$root" || exit 3
if [ -s "$work/sources" ]; then
    cmake --preset clang -B "$build" >"$work/cmake" 2>&1 || { cat "$work/cmake" >&2; exit 3; }
fi
jobs=$(nproc)
result=0

# report NAME FILE: what a tool has found; paths from the root.
report() {
    if [ -s "$2" ]; then
        echo "$1: findings"
        sed "s|$root/||g" "$2"
        result=1
    else
        echo "$1: nothing found"
    fi
}

xargs -r -d '\n' clang-format --dry-run -Werror <"$work/all" >"$work/format" 2>&1
report clang-format "$work/format"

# One output for each file, so that those of several processes do not mix.
mkdir "$work/tidy"
# shellcheck disable=SC2016
xargs -r -d '\n' -P "$jobs" -n 1 sh -c '
    name=$(printf %s "$3" | tr / _)
    clang-tidy -p "$1" --quiet "$3" >"$2/$name" 2>"$2/$name.stderr" ||
        [ -s "$2/$name" ] || cat "$2/$name.stderr" >"$2/$name"
    rm "$2/$name.stderr"
' sh "$build" "$work/tidy" <"$work/sources"
find "$work/tidy" -type f | LC_ALL=C sort | xargs -r -d '\n' cat >"$work/tidy.all"
report clang-tidy "$work/tidy.all"

xargs -r -d '\n' cppcheck --quiet -j "$jobs" --std=c11 --language=c \
    --enable=warning,performance,portability --error-exitcode=1 \
    --suppressions-list="$root/tests/tidy/cppcheck.suppress" \
    -I "$root" -I "$root/tests" -D_GNU_SOURCE <"$work/sources" >"$work/cppcheck" 2>&1
report cppcheck "$work/cppcheck"

exit $result
