#!/usr/bin/env bash
# Builds penstock and shows its main job: a gateway between a simulated broker
# (FIX) and a simulated bank (ISO 20022), a few transfers of each kind.
#
#   ./run.sh           builds, runs the transfers, ends
#   ./run.sh --serve   builds, and leaves the gateway and the bank running for
#                      your own FIX client, until Ctrl-C
#
# Runs as root or with sudo (for apt only).  Nothing is written outside this
# folder's build/ and a new temporary folder.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p build
. scripts/setup.sh

serve=false
case "${1:-}" in
    "") ;;
    --serve) serve=true ;;
    -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;;
    *) fail "unknown option $1; --serve is the only one" ;;
esac

say "packages"
install_packages "${build_packages[@]}"

say "build (Release, in build/run)"
build run -DCMAKE_BUILD_TYPE=Release -DPENSTOCK_TESTS=OFF
penstock=$PWD/build/run/bin/penstock
"$penstock" --version

state=$(mktemp -d "${TMPDIR:-/tmp}/penstock-XXXXXX")
export PENSTOCK_STORE=$state/penstock.db PENSTOCK_ADMIN=$state/admin.sock PENSTOCK_BANK=$state/icbc
export PENSTOCK_LISTEN=${PENSTOCK_LISTEN:-127.0.0.1:0}
config=config/examples/demo.yaml
gateway= bank=

stop() {
    trap - EXIT INT TERM
    [ -z "$bank" ] || kill -TERM "$bank" 2>/dev/null || true
    [ -z "$gateway" ] || kill -TERM "$gateway" 2>/dev/null || true
    wait || true
}
trap stop EXIT
trap 'exit 0' INT TERM

say "the gateway, with $config and a new store in $state"
"$penstock" check -c "$config"
"$penstock" run -c "$config" >"$state/gateway.out" 2>"$state/gateway.log" &
gateway=$!
for _ in $(seq 100); do
    grep -q '^READY' "$state/gateway.out" && break
    kill -0 "$gateway" 2>/dev/null || { cat "$state/gateway.log"; fail "the gateway did not start"; }
    sleep 0.1
done
cat "$state/gateway.out"
address=$(sed -n 's/^READY .*fix=\([^ ]*\).*/\1/p' "$state/gateway.out")
[ -n "$address" ] || fail "the gateway did not get ready; see $state/gateway.log"

say "links between clients' accounts, and their opening balances"
"$penstock" links import --socket "$PENSTOCK_ADMIN" config/examples/demo-links.csv
"$penstock" balances import --socket "$PENSTOCK_ADMIN" config/examples/demo-balances.csv

if $serve; then
    "$penstock" dictionary merge >"$state/FIX44-penstock.xml"
    "$penstock" bank --directory "$PENSTOCK_BANK" --rules --stay --delay 200ms &
    bank=$!
    say "ready for your FIX client"
    cat <<TEXT
  connect to        $address (FIX.4.4, initiator)
  SenderCompID      BRKALPHA
  TargetCompID      PENSTOCK
  dictionary        $state/FIX44-penstock.xml (QuickFIX format; or schemas/fix/FIX44.xml and FIX44-cash.xml)
  a withdrawal      35=DY; clients, accounts and payees are in config/examples/demo-links.csv
  a test            any 35=D is echoed
  the bank          answers by the cents of the amount: .12, .13 and .15 are refused, .11, .14 and .16 end in doubt
                    (after 30 s at most), others settle
  ask it            build/run/bin/penstock sessions|instructions|show ID --socket $PENSTOCK_ADMIN
  a broker of ours  build/run/bin/penstock broker --connect $address --count 3 --bank ICBXCNBJXXX \\
                        --client C-1002 --account DE58990010020000470011 --payee DE73993040500071230455
  log               $state/gateway.log
Ctrl-C ends it.
TEXT
    wait "$gateway" || true
    exit 0
fi

say "transfers: each message on both sides"
"$penstock" bank --directory "$PENSTOCK_BANK" --rules --delay 100ms --script config/examples/demo-bank.txt \
    > >(tee "$state/bank.out") &
bank=$!
status=0
"$penstock" broker --connect "$address" --script config/examples/demo-broker.txt | tee "$state/broker.out" || status=1
wait "$bank" || status=1
bank=

say "what the gateway knows of it"
"$penstock" instructions --socket "$PENSTOCK_ADMIN"
first=$("$penstock" instructions --socket "$PENSTOCK_ADMIN" --json | grep -o 'PSTK-[A-Z0-9]*-1"' | head -1 | tr -d '"')
[ -z "$first" ] || "$penstock" show "$first" --socket "$PENSTOCK_ADMIN"

kill -TERM "$gateway"
wait "$gateway" || status=1
gateway=
say "summary"
sed -s -n '/: summary$/,$p' "$state/broker.out" "$state/bank.out"
[ "$status" -eq 0 ] || fail "something was not as expected; see above and $state/gateway.log"
echo "all transfers went as expected: settled, refused by a rule, refused for lack of money, refused by the bank,"
echo "announced by the bank and accepted, announced and refused.  The store, documents and log are in $state"
