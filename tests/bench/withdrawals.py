#!/usr/bin/env python3
"""Whole withdrawals through the real gateway, over sockets and files, at 1, 10
and 100 sessions, and what they cost.

    withdrawals.py BIN [--compare BIN] [--rounds N] [--seconds N] [--folder DIR] [--write PAGE]

BIN is the folder of the binaries; nothing is built.  With --compare the gateway
of another build takes part: rounds of both alternate, and the tables say before
(that build) and after.  Each round has a gateway and a store of its own in DIR
(default: TMPDIR or /tmp), which are removed at the end; brokers and bank are those of
penstock-bench-load.  In front of each round stands a durable write on the same
disk, 4 KiB appended and synced, and times are also told as multiples of it.
Then penstock-bench-store measures the store alone.  Prints Markdown; --write
also puts it into a page, between the lines that begin with <!-- tables."""

import argparse
import collections
import contextlib
import os
import pathlib
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
import harness

# binaries: where the gateway is; tools: where the load and the counter are.
Build = collections.namedtuple("Build", "binaries tools")
# At most `window` withdrawals of a session are not settled; rate: per second in all, 0: what the
# windows allow; expected: about how many go through in a second.
Load = collections.namedtuple("Load", "name sessions window rate expected")
LOADS = (
    Load("1 session, 200 per second", 1, 64, 200, 200),
    Load("10 sessions, 200 per second", 10, 64, 200, 200),
    Load("100 sessions, 200 per second", 100, 64, 200, 200),
    Load("1 session, one at a time", 1, 1, 0, 400),
    Load("10 sessions, one at a time", 10, 1, 0, 1500),
    Load("100 sessions, one at a time", 100, 1, 0, 2000),
    Load("1 session, 16 at a time", 1, 16, 0, 2000),
    Load("10 sessions, 16 at a time", 10, 16, 0, 3000),
    Load("100 sessions, 16 at a time", 100, 16, 0, 3000),
)
TABLES = ("session", "message_in", "message_out", "instruction", "event", "balance", "ledger", "document", "inbox")
BLOCK_SIZE = 4096
BLOCK_COUNT = 100

RULES = """rules:
  - name: to-icbc
    when: flow == withdrawal and bank == "ICBXCNBJXXX"
    then: route {to: icbc, map: withdrawal-pacs008}
  - name: nothing-matched
    then: refuse {reason: RC01, text: "no bank serves this transfer"}
"""
SESSION = """  - name: s%03d
    dictionary: FIX.4.4
    sender-comp-id: PENSTOCK
    target-comp-id: BRK%03d
    bic: ALBRGB2LXXX
"""
LINKS_HEAD = "client,account,session,bank,payee_bank,payee_account,client_name,currency,legal_person\n"
LINK = "C-%03d,CMA-EUR-%03d,s%03d,ICBXCNBJXXX,RHBXDEFFXXX,DE51993040500071230463,Lindenhof Werkzeugbau GmbH,EUR,true\n"
BALANCES_HEAD = "client,account,currency,amount\n"
BALANCE = "C-%03d,CMA-EUR-%03d,EUR,100000000.00\n"


def durable_write_us(folder):
    """4 KiB appended and synced, one after the other: what one takes."""
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        start = time.perf_counter()
        for _ in range(BLOCK_COUNT):
            file.write(bytes(BLOCK_SIZE))
            os.fsync(file.fileno())
        return (time.perf_counter() - start) * 1e6 / BLOCK_COUNT


# ---------------------------------------------------------------- one gateway


def for_sessions(count, line):
    return "".join(line % ((number,) * line.count("%")) for number in range(1, count + 1))


def make_place(sessions):
    """A place whose configuration has so many sessions; links and balances lie beside it."""
    text = (harness.EXAMPLES / "demo.yaml").read_text()
    alpha = re.search(r"(?<=sessions:\n)(  .*\n)+", text).group()
    place = harness.Place({alpha: for_sessions(sessions, SESSION), "session: alpha": "session: s001"}, RULES)
    (place.folder / "links.csv").write_text(LINKS_HEAD + for_sessions(sessions, LINK))
    (place.folder / "balances.csv").write_text(BALANCES_HEAD + for_sessions(sessions, BALANCE))
    return place


@contextlib.contextmanager
def running(build, sessions, prepare=None):
    """A gateway that knows its clients; prepare() is given the store of the
    stopped gateway first.  It does not outlive this."""
    harness.PENSTOCK = str(build.binaries / "penstock")
    place = make_place(sessions)
    counter = build.tools / "libsync_counter.so"
    more = {"LD_PRELOAD": str(counter), "SYNC_COUNTER": str(place.folder / "syncs")} if counter.exists() else {}
    gateway = harness.Gateway(place, **more).start()
    try:
        gateway.tell("links", "import", place.folder / "links.csv")
        gateway.tell("balances", "import", place.folder / "balances.csv")
        if prepare:
            gateway.stop()
            prepare(place.store)
            gateway.start()
        yield gateway
        gateway.stop()
    finally:
        if gateway.process.poll() is None:
            gateway.kill()
        # The place goes with all others at the end: after many files are removed, the file
        # system takes longer to make new ones.


def standing(gateway):
    """What is counted before and after a load."""
    process, place = gateway.process.pid, gateway.place
    ticks = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    written = re.search(r"^write_bytes: (\d+)$", pathlib.Path(f"/proc/{process}/io").read_text(), re.M).group(1)
    syncs = place.folder / "syncs"
    return {"processor": sum(map(int, ticks)) * 1_000_000 / os.sysconf("SC_CLK_TCK"),
            "commits": place.query("SELECT last_batch FROM store")[0][0],
            "written": int(written) / 1000,
            "syncs": int.from_bytes(syncs.read_bytes(), sys.byteorder) if syncs.exists() else 0}


def run_load(build, gateway, load, seconds):
    """What the brokers measured."""
    count = max(1, round(load.expected * seconds / load.sessions)) * load.sessions
    words = [build.tools / "penstock-bench-load", gateway.address, gateway.place.bank, gateway.process.pid,
             load.sessions, count, load.window, load.rate]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise SystemExit(f"{load.name}: the load failed:\n{done.stdout}{done.stderr}{gateway.log()[-2000:]}")
    return {name: int(value) for name, value in (line.split() for line in done.stdout.splitlines())}


def run_round(build, load, seconds, folder):
    """One load on an empty store; all figures of it."""
    write_us = durable_write_us(folder)
    with running(build, load.sessions) as gateway:
        before = standing(gateway)
        told = run_load(build, gateway, load, seconds)
        after = standing(gateway)
    count = told["count"]
    figures = {name: (after[name] - before[name]) / count for name in before}
    figures.update({name: told[name + "_ns"] / 1000 for name in
                    ("receipt_p50", "receipt_p99", "settled_p50", "settled_p99")})
    figures["rate"] = count * 1e9 / told["ns"]
    figures["user"] = told.get("instructions", 0) / count / 1000
    figures["all"] = told.get("instructions_and_system", 0) / count / 1000
    figures["write"] = write_us
    figures["writes"] = figures["receipt_p50"] / write_us
    return figures


# ---------------------------------------------------------------- rows


def add_counters(path):
    """Triggers that count each row that is new or changed; the penalty is why
    such a round is not timed."""
    store = sqlite3.connect(path)
    store.execute("CREATE TABLE bench_rows (name TEXT PRIMARY KEY, new INTEGER, changed INTEGER)")
    for table in TABLES:
        store.execute("INSERT INTO bench_rows VALUES (?, 0, 0)", (table,))
        for verb, column in (("INSERT", "new"), ("UPDATE", "changed")):
            store.execute(f"CREATE TRIGGER bench_{table}_{column} AFTER {verb} ON {table} BEGIN"
                          f" UPDATE bench_rows SET {column} = {column} + 1 WHERE name = '{table}'; END")
    store.commit()
    store.close()


def count_rows(build, load, seconds):
    """{table: (new, changed)} per withdrawal."""
    query = "SELECT name, new, changed FROM bench_rows"
    with running(build, load.sessions, add_counters) as gateway:
        before = {name: values for name, *values in gateway.place.query(query)}
        count = run_load(build, gateway, load, seconds)["count"]
        after = {name: values for name, *values in gateway.place.query(query)}
    return {name: [(late - early) / count for early, late in zip(before[name], after[name])] for name in TABLES}


# ---------------------------------------------------------------- tables


# Figure, head of its column, decimals.
SPEED = (("rate", "withdrawals/s", 0), ("receipt_p50", "to DZ, p50, µs", 0), ("receipt_p99", "p99", 0),
         ("settled_p50", "to the final EA, p50, µs", 0), ("settled_p99", "p99", 0),
         ("writes", "to DZ, p50, in durable writes", 1))
COST = (("user", "thousand instructions", 0), ("all", "with the system's", 0), ("processor", "processor, µs", 0),
        ("commits", "commits", 2), ("syncs", "syncs", 2), ("written", "kB to disk", 1))


def spread(values, decimals):
    if len(values) == 1:
        return f"{values[0]:.{decimals}f}"
    return f"{statistics.median(values):.{decimals}f} ({min(values):.{decimals}f}..{max(values):.{decimals}f})"


def row_of(cells):
    return "| " + " | ".join(cells) + " |"


def head_of(heads):
    return row_of(heads) + "\n" + row_of(["---"] * len(heads))


def table_of(builds, loads, results, columns):
    """A line for each load and build; with two builds a third: after over before, round by round."""
    lines = [head_of(["load", "", *[head for _, head, _ in columns]])]
    for load in loads:
        rounds = [results[name][load.name] for name in builds]
        for name, figures in zip(builds, rounds):
            lines.append(row_of([load.name if figures is rounds[0] else "", name,
                                 *[spread([each[figure] for each in figures], decimals)
                                   for figure, _, decimals in columns]]))
        if len(builds) == 2:
            ratios = [[after[figure] / before[figure] for before, after in zip(*rounds) if before[figure]]
                      for figure, _, _ in columns]
            lines.append(row_of(["", "after / before", *[spread(ratio, 2) if ratio else "" for ratio in ratios]]))
    return "\n".join(lines) + "\n"


def rows_of(builds, loads, rows):
    lines = [head_of(["load", "", "rows", *TABLES])]
    for load in loads:
        for name in builds:
            counts = rows[name][load.name]
            lines.append(row_of([load.name, name, f"{sum(map(sum, counts.values())):.1f}",
                                 *[f"{new:.1f} + {changed:.1f}" for new, changed in counts.values()]]))
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------- all of it


def measure(builds, loads, options, folder):
    """(figures of each round, rows), each by build and load."""
    results = {name: {load.name: [] for load in loads} for name in builds}
    # Round by round through all of it, so that a slow minute of the machine hits everything.
    for _ in range(options.rounds):
        for load in loads:
            for name, build in builds.items():
                results[name][load.name].append(run_round(build, load, options.seconds, folder))
    rows = {name: {load.name: count_rows(build, load, options.seconds / 3) for load in loads}
            for name, build in builds.items()}
    return results, rows


def measure_store(tools, seconds, folder):
    done = subprocess.run([tools / "penstock-bench-store", folder, str(round(seconds * 500))], capture_output=True,
                          text=True, timeout=300)
    if done.returncode != 0:
        raise SystemExit(f"penstock-bench-store:\n{done.stderr}")
    return done.stdout


def text_of(builds, loads, results, rows, store):
    writes = [figures["write"] for each in results.values() for rounds in each.values() for figures in rounds]
    return "\n".join([f"One durable write: {spread(writes, 0)} µs.\n", table_of(builds, loads, results, SPEED),
                      table_of(builds, loads, results, COST), rows_of(builds, loads, rows),
                      "The store alone:\n", store])


def write_page(page, text):
    """Puts the text between the two lines of the page."""
    old = page.read_text()
    new = re.sub(r"(<!-- tables: [^\n]*-->\n).*(<!-- tables end -->)",
                 lambda found: f"{found.group(1)}\n{text}\n{found.group(2)}", old, flags=re.S)
    page.write_text(new)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("binaries", type=pathlib.Path, help="folder that holds penstock and penstock-bench-load")
    parser.add_argument("--compare", type=pathlib.Path, help="folder that holds the penstock of another build")
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds of each load (5)")
    parser.add_argument("--seconds", type=float, default=1.5, help="about how long a load is to take (1.5)")
    parser.add_argument("--folder", default=tempfile.gettempdir(), help="where stores and channels are made")
    parser.add_argument("--only", default="", help="only the loads whose name has this text")
    parser.add_argument("--write", type=pathlib.Path, help="page whose tables are replaced")
    options = parser.parse_args()
    tools = options.binaries.resolve()
    builds = {"before": Build(options.compare.resolve(), tools)} if options.compare else {}
    builds["after" if options.compare else ""] = Build(tools, tools)
    loads = [load for load in LOADS if options.only in load.name]
    folder = tempfile.mkdtemp(prefix="penstock-bench-", dir=options.folder)
    tempfile.tempdir = folder
    try:
        text = text_of(builds, loads, *measure(builds, loads, options, folder),
                       measure_store(tools, options.seconds, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(text)
    if options.write:
        write_page(options.write, text)


if __name__ == "__main__":
    main()
