#!/usr/bin/env python3
"""Whole withdrawals through the real gateway, from the broker's DY to the bank's
document and back to the final EA, and what they cost the store.

    withdrawals.py BIN [--rounds N] [--count N] [--folder DIR]

BIN is the folder of the binaries; nothing is built.  Each round has a gateway,
a store and a simulated bank of its own in DIR (default: TMPDIR or /tmp), which
are removed.  In front of each round stands a durable write on the same disk:
4 KiB appended and synced.  All figures are also told as multiples of it."""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

# What the broker is told: how many without a receipt, how many per second (0: all it can).
LOADS = {
    "window 1": {"window": 1, "rate": 0, "share": 0.2},
    "window 16": {"window": 16, "rate": 0, "share": 1},
    "window 64": {"window": 64, "rate": 0, "share": 1},
    "200 per second": {"window": 64, "rate": 200, "share": 0.3},
}
TABLES = ("session", "message_in", "message_out", "instruction", "event", "balance", "ledger", "document", "inbox")
BLOCK_SIZE = 4096
BLOCK_COUNT = 200


def durable_writes_per_second(folder):
    """4 KiB appended and synced, one after the other."""
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        start = time.perf_counter()
        for _ in range(BLOCK_COUNT):
            file.write(bytes(BLOCK_SIZE))
            os.fsync(file.fileno())
        return BLOCK_COUNT / (time.perf_counter() - start)


# ---------------------------------------------------------------- one round


def bytes_written(process):
    """What the process has caused to be written to the disk."""
    text = pathlib.Path(f"/proc/{process.pid}/io").read_text()
    return int(re.search(r"^write_bytes: (\d+)$", text, re.M).group(1))


def processor_us(process):
    """User and system time that it has used."""
    ticks = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return sum(map(int, ticks)) * 1_000_000 / os.sysconf("SC_CLK_TCK")


def store_size(place):
    return place.query("PRAGMA page_count")[0][0] * place.query("PRAGMA page_size")[0][0]


def standing(gateway):
    """What is counted before and after a load."""
    return {"commits": gateway.place.query("SELECT last_batch FROM store")[0][0],
            "bytes of store": store_size(gateway.place),
            "bytes written": bytes_written(gateway.process),
            "processor": processor_us(gateway.process)}


def run_load(harness, gateway, load, count):
    """The figures that the broker prints."""
    client = harness.CLIENT
    words = ["broker", "--connect", gateway.address, "--quiet", "--count", count, "--window", load["window"],
             "--rate", load["rate"]]
    for name in ("client", "account", "currency", "bank", "payee", "payee-bank", "payee-name"):
        words += ["--" + name, client[name]]
    code, out, err = harness.run(*words, place=gateway.place, timeout=300)
    if code != 0:
        raise SystemExit(f"the load failed ({code}):\n{out}{err}{gateway.log()[-2000:]}")
    figures = {"per second": int(re.search(r"load .*: (\d+) per second", out).group(1))}
    for name, label in (("DZ", "receipt"), ("EA", "outcome")):
        p50, p99 = re.search(rf"to the {label} .* p50 (\d+) us, p99 (\d+) us", out).groups()
        figures[f"{name} p50"], figures[f"{name} p99"] = int(p50), int(p99)
    return figures


@contextlib.contextmanager
def running(harness, prepare=None):
    """A gateway with the demo's links and balances, and its bank; prepare() is
    given the store of the stopped gateway first.  None of them outlives it."""
    place = harness.Place()
    gateway = harness.Gateway(place).start()
    bank = None
    try:
        gateway.import_demo()
        if prepare:
            gateway.stop()
            prepare(place.store)
            gateway.start()
        bank = harness.start_bank(place)
        yield gateway
        harness.end_party(bank)
        gateway.stop()
    finally:
        for process in filter(None, (bank, gateway.process)):
            if process.poll() is None:
                process.kill()
                process.wait()
        place.remove()


def run_round(harness, load, count):
    """One load on an empty store; the figures of it."""
    with running(harness) as gateway:
        before = standing(gateway)
        figures = run_load(harness, gateway, load, count)
        after = standing(gateway)
    figures.update({name: (after[name] - before[name]) / count for name in before})
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


def count_rows(harness, load, count):
    """{table: (new, changed)} per withdrawal."""
    query = "SELECT name, new, changed FROM bench_rows"
    with running(harness, add_counters) as gateway:
        before = {name: values for name, *values in gateway.place.query(query)}
        run_load(harness, gateway, load, count)
        after = {name: values for name, *values in gateway.place.query(query)}
    return {name: [(late - early) / count for early, late in zip(before[name], after[name])] for name in TABLES}


# ---------------------------------------------------------------- the table


# (figure, what it is, decimals, its multiple of a durable write: of their rate, of their time or none)
FIGURES = (
    ("per second", "withdrawals per second", 0, "rate"),
    ("DZ p50", "to DZ, p50, us", 0, "time"),
    ("DZ p99", "to DZ, p99, us", 0, "time"),
    ("EA p50", "to the final EA, p50, us", 0, "time"),
    ("EA p99", "to the final EA, p99, us", 0, "time"),
    ("processor", "gateway's processor time each, us", 0, None),
    ("commits", "commits each", 2, None),
    ("bytes of store", "bytes that the store grows by each", 0, None),
    ("bytes written", "bytes written to disk each", 0, None),
)


def print_line(load, what, median, spread, multiple):
    print(f"{load:<16}{what:<36}{median:>9} {spread:>22} {multiple:>9}".rstrip())


def multiple_text(multiples):
    if not multiples:
        return ""
    middle = statistics.median(multiples)
    return f"{middle:.{0 if middle >= 100 else 1 if middle >= 1 else 3}f} x"


def print_figure(load, what, values, decimals, multiples=()):
    median, least, most = (f"{value:.{decimals}f}" for value in
                           (statistics.median(values), min(values), max(values)))
    print_line(load, what, median, f"({least}..{most})", multiple_text(multiples))


def multiples_of(rounds, figure, kind):
    """Each round beside the durable writes that stood in front of it."""
    return [figures[figure] / writes if kind == "rate" else figures[figure] * writes / 1e6
            for writes, figures in rounds] if kind else ()


def print_load(name, rounds, rows):
    """rounds: (durable writes per second, figures) of each."""
    for figure, what, decimals, kind in FIGURES:
        print_figure(name, what, [figures[figure] for _, figures in rounds], decimals,
                     multiples_of(rounds, figure, kind))
        name = ""
    print_line("", "rows written each", f"{sum(map(sum, rows.values())):.2f}", "", "")
    for table, (new, changed) in rows.items():
        print_line("", f"  {table}", f"{new + changed:.2f}", f"{new:.2f} new {changed:.2f} changed", "")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("binaries", help="folder that holds penstock")
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds of each load (5)")
    parser.add_argument("--count", type=int, default=2000, help="withdrawals of a round at the widest window (2000)")
    parser.add_argument("--folder", default=tempfile.gettempdir(), help="where stores and channels are made")
    options = parser.parse_args()
    os.environ["PENSTOCK"] = str(pathlib.Path(options.binaries).resolve() / "penstock")
    folder = tempfile.mkdtemp(prefix="penstock-bench-", dir=options.folder)
    tempfile.tempdir = folder
    import harness  # it takes its binary from the environment
    try:
        results = {name: [] for name in LOADS}
        # Round by round through all loads, so that a slow minute of the machine hits each of them.
        for _ in range(options.rounds):
            for name, load in LOADS.items():
                count = max(1, round(options.count * load["share"]))
                results[name].append((durable_writes_per_second(folder), run_round(harness, load, count)))
        writes = [each for rounds in results.values() for each, _ in rounds]
        print_line("load", "figure", "median", "(least..most)", "baseline")
        print_figure("baseline", "durable writes per second", writes, 0)
        print_figure("", "one durable write, us", [1e6 / each for each in writes], 0)
        for name, load in LOADS.items():
            count = max(1, round(options.count * load["share"] / 2))
            print_load(name, results[name], count_rows(harness, load, count))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
