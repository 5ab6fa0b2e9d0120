#!/usr/bin/env python3
"""A store of many old withdrawals: how soon it opens, what it takes of memory,
and how it serves beside an empty one.

    big_store.py BIN [--count N] [--ids sequential,random] [--rounds N] [--seconds N] [--folder DIR]

BIN is the folder of the binaries; nothing is built.  The store is made by SQL in
DIR (default: TMPDIR or /tmp), about 2.5 kB for each withdrawal, and removed; its
rows are as many as real ones and slimmer.  IDS says whether requests are named
one after the other or at random, in the old rows and in the load.  The first
start finds a store without filters and makes them.  A cold start is one whose
file is not in the system's cache.  Rounds on the old store and on an empty one
alternate, so that a slow minute of the machine hits both; the folders of the
empty ones are removed at the end only, because ext4 is slow for a while after
many files were removed.  Prints Markdown."""

import argparse
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time

import withdrawals
from withdrawals import Build, Load, harness, head_of, row_of, spread

SESSIONS = 10
STARTS = 3
LOADS = (Load("10 sessions, 16 at a time", SESSIONS, 16, 0, 2000),
         Load("10 sessions, 200 per second", SESSIONS, 64, 200, 200),
         Load("1 session, one at a time", 1, 1, 0, 400))
COMMITS = (1, 10, 100, 1000)

# ---------------------------------------------------------------- the rows of old withdrawals

# Withdrawal i (from 0) has the number 3 i + 1; the bank's two words have the two numbers behind it.
NAMES = {"sequential": "'W-old-' || i", "random": "printf('%08x-W-%d', (i * 2654435761) & 4294967295, i)"}
PARTS = """(SELECT i, 3 * i + 1 AS number, 1 + i % {sessions} AS client, 1700000000000000000 + i * 1000000 AS utc_ns,
    'PSTK-' || (SELECT identity FROM store) || '-' || (3 * i + 1) AS id, {name} AS name FROM
    (WITH RECURSIVE n (i) AS (VALUES ({first}) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {end}) SELECT i FROM n))"""
ROWS = (
    """INSERT INTO instruction (number, flow, state, amount_minor, content, configuration, created_utc_ns,
        changed_utc_ns, deadline_utc_ns, event_count, document_count, report_count, report_rank, reported,
        contradicted, id, asker, request_id, session, channel, client, account, bank, amount_text, currency,
        value_date, uetr, order_id, order_instruction, report_id, status_code, rule, map, request, report)
        SELECT number, 'withdrawal', 'settled', 100, zeroblob(32), (SELECT digest FROM configuration), utc_ns, utc_ns,
        0, 4, 1, 2, 3, 1, 0, id, printf('s%03d', client), name, printf('s%03d', client), 'icbc',
        printf('C-%03d', client), printf('CMA-EUR-%03d', client), 'ICBXCNBJXXX', '1.00', 'EUR', '2025-06-01',
        printf('%08x-0000-4000-8000-%012x', i, i), id || '-1', name, id || '-R2', 'ACSC', 'to-icbc',
        'withdrawal-pacs008', zeroblob(200), zeroblob(100) FROM {parts}""",
    """INSERT INTO event (instruction, sequence, utc_ns, state_from, state_to, cause, who, rule, map)
        SELECT number, column1, utc_ns, column2, column3, column4, 's001', 'to-icbc', 'withdrawal-pacs008' FROM {parts}
        CROSS JOIN (VALUES (1, 'none', 'accepted', 'request'), (2, 'accepted', 'sent', 'channel'),
                           (3, 'sent', 'pending', 'status'), (4, 'pending', 'settled', 'status'))""",
    """INSERT INTO ledger (instruction, sequence, utc_ns, account, client, currency, debit, credit, amount_minor)
        SELECT number, column1, utc_ns, printf('CMA-EUR-%03d', client), printf('C-%03d', client), 'EUR', column2,
        column3, 100 FROM {parts} CROSS JOIN (VALUES (1, 'free', 'reserved'), (4, 'reserved', 'outside'))""",
    """INSERT INTO document (id, channel, definition, instruction, utc_ns, state, bytes)
        SELECT id || '-1', 'icbc', 'pacs.008.001.08', number, utc_ns, 'taken', zeroblob(300) FROM {parts}""",
    """INSERT INTO inbox (channel, id, content, number, utc_ns, definition, verdict)
        SELECT 'icbc', id || '-1-A' || column1, zeroblob(32), number + column1, utc_ns, 'pacs.002.001.10', 'taken'
        FROM {parts} CROSS JOIN (VALUES (1), (2))""",
    """INSERT INTO message_in (session, generation, number, utc_ns, bytes)
        SELECT printf('s%03d', client), 0, 1 + i / {sessions}, utc_ns, zeroblob(100) FROM {parts}""",
    """INSERT INTO message_out (session, generation, number, utc_ns, bytes)
        SELECT printf('s%03d', client), 0, 3 * (i / {sessions}) + column1, utc_ns, zeroblob(60)
        FROM {parts} CROSS JOIN (VALUES (1), (2), (3))""",
)
INDEXES = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"


def fill(path, count, ids):
    """Puts so many settled withdrawals into a store that is not open."""
    store = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "foreign_keys = OFF",
                   "ignore_check_constraints = ON", "cache_size = -3000000", "threads = 1"):
        store.execute("PRAGMA " + pragma).fetchall()
    indexes = store.execute(INDEXES).fetchall()
    for name, _ in indexes:
        store.execute("DROP INDEX " + name)
    for rows in ROWS:
        parts = PARTS.format(sessions=SESSIONS, name=NAMES[ids], first=0, end=count)
        store.execute(rows.format(parts=parts, sessions=SESSIONS))
    for _, sql in indexes:
        store.execute(sql)
    store.execute("UPDATE store SET last_number = ?", (3 * count,))
    store.execute("PRAGMA journal_mode = WAL").fetchall()
    store.close()


def drop_from_cache(path):
    file = os.open(path, os.O_RDONLY)
    os.fsync(file)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(file)


# ---------------------------------------------------------------- starting


def start_seconds(gateway):
    start = time.perf_counter()
    gateway.start()
    return time.perf_counter() - start


def memory_mb(gateway):
    status = pathlib.Path(f"/proc/{gateway.process.pid}/status").read_text()
    return [int(re.search(name + r":\s+(\d+) kB", status).group(1)) / 1000 for name in ("VmRSS", "VmHWM")]


def starts_of(gateway, cold):
    """Seconds of each start, and the memory after the last one."""
    times = []
    for _ in range(STARTS):
        if cold:
            drop_from_cache(gateway.place.store)
        times.append(start_seconds(gateway))
        memory = memory_mb(gateway)
        gateway.stop()
    return times, memory


def new_gateway(build):
    """One that is not running, on a store with clients and nothing else."""
    harness.PENSTOCK = str(build.binaries / "penstock")
    gateway = harness.Gateway(withdrawals.make_place(SESSIONS)).start()
    for what in ("links", "balances"):
        gateway.tell(what, "import", gateway.place.folder / f"{what}.csv")
    gateway.stop()
    return gateway


# ---------------------------------------------------------------- serving


class Rounds:
    """Figures of rounds on the old store and on an empty one, side by side."""

    def __init__(self, build, options, ids):
        self.build, self.options, self.ids = build, options, ids
        self.names = self.served = 0
        self.results = {load.name: {"old": [], "empty": []} for load in LOADS}
        self.commits = {size: {"old": [], "empty": []} for size in COMMITS}

    def load(self, gateway, load):
        count = max(1, round(load.expected * self.options.seconds / load.sessions)) * load.sessions
        self.names += 1
        words = [self.build.tools / "penstock-bench-load", gateway.address, gateway.place.bank, gateway.process.pid,
                 load.sessions, count, load.window, load.rate,
                 "random" if self.ids == "random" else f"W-{self.names}"]
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise SystemExit(f"{load.name}: {done.stdout}{done.stderr}{gateway.log()[-2000:]}")
        told = {name: int(value) for name, value in (line.split() for line in done.stdout.splitlines())}
        return {"rate": count * 1e9 / told["ns"], "processor": told.get("instructions", 0) / count / 1000,
                **{name: told[name + "_ns"] / 1000 for name in ("receipt_p50", "receipt_p99", "settled_p50",
                                                                "settled_p99")}}

    def serve(self, gateway):
        """Each load once on the old store and once on an empty one; which of them comes first changes."""
        for load in LOADS:
            empty = new_gateway(self.build)
            sides = [("old", gateway), ("empty", empty)]
            self.served += 1
            for name, each in sides[::1 if self.served % 2 else -1]:
                each.place.bank = each.place.folder / f"bank-{self.served}"  # no files of rounds before
                each.start()
                self.results[load.name][name].append(self.load(each, load))
                each.stop()

    def commit_alone(self, gateway):
        for name in ("old", "empty"):
            words = [self.build.tools / "penstock-bench-store", gateway.place.folder,
                     round(self.options.seconds * 100)]
            if name == "old":
                words += [gateway.place.store, self.ids]
            done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=600)
            if done.returncode != 0:
                raise SystemExit(done.stdout + done.stderr)
            for size, rate in re.findall(r"^\| (\d+) \| (\d+)", done.stdout, re.M):
                self.commits[int(size)][name].append(int(rate))


def print_ratio(cells, old, empty, decimals):
    ratios = [a / b for a, b in zip(old, empty) if b]
    print(row_of([*cells, spread(old, decimals), spread(empty, decimals), spread(ratios, 2) if ratios else ""]))


def print_rounds(rounds):
    figures = (("rate", "withdrawals/s"), ("receipt_p50", "to DZ, p50, µs"), ("receipt_p99", "to DZ, p99, µs"),
               ("settled_p50", "to the final EA, p50, µs"), ("settled_p99", "to the final EA, p99, µs"),
               ("processor", "thousand instructions each"))
    print(head_of(["load", "", "old store", "empty store", "ratio"]))
    for name, sides in rounds.results.items():
        for figure, what in figures:
            print_ratio([name, what], *[[each[figure] for each in sides[side]] for side in ("old", "empty")], 0)
    for size, sides in rounds.commits.items():
        print_ratio([f"commits alone, {size} withdrawals each", "withdrawals/s"], sides["old"], sides["empty"], 0)
    print()


# ---------------------------------------------------------------- all of it


def measure(build, options, ids):
    gateway = new_gateway(build)
    store = gateway.place.store
    try:
        empty, empty_memory = starts_of(gateway, False)
        begin = time.perf_counter()
        fill(store, options.count, ids)
        made = time.perf_counter() - begin
        print(f"{options.count} withdrawals with {ids} ids, made in {made:.0f} s: {store.stat().st_size / 1e9:.2f} GB.\n")
        drop_from_cache(store)
        first = [start_seconds(gateway)]
        first_memory = memory_mb(gateway)
        gateway.stop()
        print(head_of(["start", "seconds", "memory, MB", "at most, MB"]))
        for name, times, memory in (("empty store", empty, empty_memory),
                                    ("first, without filters, cold", first, first_memory),
                                    ("cold", *starts_of(gateway, True)), ("warm", *starts_of(gateway, False))):
            print(row_of([name, spread(times, 2), *[f"{each:.0f}" for each in memory]]))
        print(flush=True)
        rounds = Rounds(build, options, ids)
        for _ in range(options.rounds):
            rounds.serve(gateway)
        for _ in range(options.rounds):
            rounds.commit_alone(gateway)
        print_rounds(rounds)
    finally:
        if gateway.process.poll() is None:
            gateway.kill()
        gateway.place.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("binaries", type=pathlib.Path, help="folder that holds penstock and the benchmarks' programs")
    parser.add_argument("--count", type=int, default=10_000_000, help="old withdrawals (10000000)")
    parser.add_argument("--ids", default="sequential,random", help="how requests are named (sequential,random)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each load (5)")
    parser.add_argument("--seconds", type=float, default=3, help="about how long a load is to take (3)")
    parser.add_argument("--folder", default=tempfile.gettempdir(), help="where stores are made")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="penstock-bench-", dir=options.folder)
    tempfile.tempdir = folder
    os.environ["SQLITE_TMPDIR"] = folder
    tools = options.binaries.resolve()
    try:
        for ids in options.ids.split(","):
            measure(Build(tools, tools), options, ids)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
