# Sourced by run.sh and test.sh: installs what is missing, and builds.

say() {
    printf '\n== %s\n' "$*"
}

fail() {
    printf '%s: %s\n' "$0" "$*" >&2
    exit 1
}

# install_packages NAME...: those that are missing, with apt.  Nothing is asked
# of the network when all are there.
install_packages() {
    local missing=() name as_root=()
    for name in "$@"; do
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$name")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        echo "all $# packages are installed"
        return
    fi
    echo "missing: ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "run it as root or install sudo; or install these packages: ${missing[*]}"
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# Recommended packages that are needed are named, because none are installed by
# themselves: libc6-dev (of gcc), ninja-build (of cmake).
build_packages=(gcc libc6-dev cmake ninja-build pkgconf libuv1-dev libxml2-dev libssl-dev libyaml-dev libsqlite3-dev)
test_packages=(g++ libstdc++-12-dev libcmocka-dev libquickfix-dev libxml2-utils python3 procps openssl)

# build FOLDER OPTION...: configures and builds build/FOLDER.
build() {
    local folder=build/$1
    shift
    cmake -S . -B "$folder" -G Ninja "$@" >"$folder.log" 2>&1 || { cat "$folder.log"; fail "cmake failed"; }
    ninja -C "$folder" >>"$folder.log" 2>&1 || { tail -50 "$folder.log"; fail "the build failed; see $folder.log"; }
}
