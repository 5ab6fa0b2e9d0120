#!/usr/bin/env python3
"""Every fault of the store, with what an operator sees: the gateway says so on
the sessions, takes no new business, loses nothing, and goes on when the store is
well again, or ends and says what is to be done.

Each row of the tables is a test; its name stands in docs/operations.md too."""

import fcntl
import os
import re
import shutil
import sqlite3
import subprocess
import threading
import time
import unittest

from harness import (PENSTOCK, STATUS, FixClient, Gateway, GatewayTest, Place, eventually, run_broker, withdraw_line,
                     withdrawal)

SHIM = os.path.join(os.environ.get("PENSTOCK_TOOLS", ""), "libfaulty_disk.so")

FULL = "no room on the store's disk: free some, and work goes on by itself"
READ_ONLY = "the store cannot be written: see owner, permissions and mount of the file and its folder"
IO = "the store cannot be read or written: see the disk"
CORRUPT = "the store is damaged: keep the file for study and restore the last copy"
GONE = "the store has gone from its place: put its files back, then start again"
LOCKED = "another process uses the store: stop it first"
FENCED = "another owner has taken the store over: stop this one"
REFUSED = "the batch breaks a rule of the store, which is a fault of penstock: report it"
NEWER = "the store was written by a newer penstock: run that version"
CLOSED = "the store cannot be opened"

PAGE = 4096


class StoreFault(GatewayTest):
    started = False

    def setUp(self):
        super().setUp()
        if not os.path.exists(SHIM):
            self.skipTest(f"{SHIM} is not built")
        self.flag = self.place.folder / "fault"
        self.shim = {"LD_PRELOAD": SHIM, "FAULTY_DISK": str(self.flag)}
        self.gateway = Gateway(self.place, **self.shim)
        self.begin()

    def begin(self):
        self.gateway.start()
        self.gateway.import_demo()

    def clean_up(self):
        self.flag.unlink(missing_ok=True)
        super().clean_up()

    def logged_on(self, next_out=1):
        client = FixClient(self.gateway, next_out=next_out)
        self.addCleanup(client.close)
        client.logon()
        return client

    def try_logon(self, next_out):
        """(A client that is logged on or None, the answer as a dictionary)."""
        client = FixClient(self.gateway, next_out=next_out)
        self.addCleanup(client.close)
        client.send("A", (98, 0), (108, 30))
        answer = dict(client.receive() or {})
        if answer.get(35) == "A":
            return client, answer
        client.close()
        return None, answer

    def sql(self, *statements, keep=False):
        """Behind the gateway's back."""
        other = sqlite3.connect(self.place.store, isolation_level=None, check_same_thread=False)
        for statement in statements:
            other.execute(statement)
        if keep:
            self.addCleanup(other.close)
            return other
        other.close()
        return None

    def withdraw(self, client, name):
        client.send("DY", *withdrawal(name))
        self.assertEqual(dict(client.receive_type("DZ", "5"))[35], "DZ", name)

    def first_withdrawal(self):
        """A client whose W1 is with the bank, and what the bank will say of it."""
        client = self.logged_on()
        self.withdraw(client, "W1")
        order = eventually(lambda: self.place.query("SELECT order_id FROM instruction WHERE state = 'sent'"),
                           "the first is sent")[0][0]
        return client, STATUS.format(order=order, request="W1", status="ACSC", id="BANK-1")

    def assert_said(self, text, event):
        """The log has a line of this event with the text, the path of the store and SQLite's or our detail."""
        line = eventually(lambda: next((line for line in self.gateway.log().splitlines()
                                        if event in line and text in line), None), f"{event} with {text}")
        self.assertIn(str(self.place.store), line)
        return line

    # ------------------------------------------------------------ it goes on by itself

    def run_passing(self, begin, end, text, code, lasts=True):
        client, answer = self.first_withdrawal()
        begin(self)
        client.send("DY", *withdrawal("W2"))
        logout = dict(client.receive_type("5", "DZ"))
        self.assertEqual(logout[35], "5", "new business is not acknowledged")
        self.assertEqual(logout[58], "the store cannot write")
        client.close()
        self.assertIn(f"(SQLite {code})", self.assert_said(text, "store-fault"))
        self.bank_file("a.xml", answer)
        if lasts:
            self.check_closed_for_business(client, int(logout[34]))
        end(self)
        eventually(lambda: "store-well" in self.gateway.log(), "the store is well again")
        self.check_nothing_lost(client)

    def check_closed_for_business(self, client, number):
        for seconds in (1.2, 0):
            logged_on, logout = self.try_logon(client.next_out)
            self.assertIsNone(logged_on, "no logon while nothing can be recorded")
            self.assertEqual((logout.get(35), logout.get(58)), ("5", "the store cannot write"))
            self.assertGreater(int(logout[34]), number, "each word has a number of its own")
            number = int(logout[34])
            time.sleep(seconds)  # it is tried again meanwhile
        code, said = self.gateway.ask("links", "import", os.devnull)
        self.assertEqual(code, 3, said)
        self.assertIn("ask again later", said)
        self.assertTrue((self.place.bank / "in" / "a.xml").exists(), "the bank's document waits")

    def check_nothing_lost(self, client):
        again = eventually(lambda: self.try_logon(client.next_out)[0], "a logon")
        # The second was never acknowledged; it is asked for again, unless only the answer of the disk was lost.
        again.send("1", (112, "is the second there?"))
        answer = again.receive_type("2", "0")
        if dict(answer)[35] == "2":
            again.fill_gap(answer)
        self.withdraw(again, "W2")
        eventually(lambda: self.place.query("SELECT request_id, state FROM instruction ORDER BY 1") ==
                   [("W1", "settled"), ("W2", "sent")], "the first is settled, the second is sent, both once")
        eventually((self.place.bank / "done" / "a.xml").exists, "the bank's document is filed")
        again.close()
        self.assertEqual(self.gateway.stop(), 0)
        self.assert_books_balance()

    # ------------------------------------------------------------ it goes on and says nothing

    def run_unnoticed(self, begin, end):
        client, answer = self.first_withdrawal()
        begin(self)
        self.withdraw(client, "W2")
        self.bank_file("a.xml", answer)
        eventually((self.place.bank / "done" / "a.xml").exists, "the bank's document is filed")
        end(self)
        client.close()
        self.assertNotIn("store-fault", self.gateway.log())
        self.assertEqual(self.gateway.stop(), 0)
        self.assert_books_balance()

    # ------------------------------------------------------------ it ends

    def run_lasting(self, begin, mend, text, detail):
        client, answer = self.first_withdrawal()
        begin(self)
        client.send("DY", *withdrawal("W2"))
        logout = dict(client.receive_type("5", "DZ"))
        self.assertEqual((logout[35], logout[58]), ("5", "the store cannot write"))
        client.close()
        self.assertEqual(self.gateway.process.wait(timeout=20), 3)
        self.gateway.process.stdout.close()
        self.assertRegex(self.assert_said(text, "store-lost"), detail)
        self.assertIn(text, self.gateway.log().splitlines()[-1], "its last word is why it ended")
        self.flag.unlink(missing_ok=True)
        if mend is None:
            return
        mend(self)
        self.bank_file("a.xml", answer)
        self.gateway.start()
        self.check_nothing_lost(client)


class StoreAtStart(StoreFault):
    """A store with some history, copied for each test."""

    @classmethod
    def setUpClass(cls):
        place = Place()
        cls.addClassCleanup(place.remove)
        gateway = Gateway(place).start()
        gateway.import_demo()
        client = FixClient(gateway)
        client.logon()
        for number in range(5):
            client.send("DY", *withdrawal(f"W{number}"))
            client.receive_type("DZ")
        client.close()
        cls.killed, cls.stopped = place.folder / "killed", place.folder / "stopped"
        gateway.kill()
        cls.copy(place.folder, cls.killed)
        gateway.start()
        assert gateway.stop() == 0
        cls.copy(place.folder, cls.stopped)

    @staticmethod
    def copy(source, target):
        target.mkdir(exist_ok=True)
        for path in source.glob("penstock.db*"):
            shutil.copy(path, target)

    def begin(self):
        self.copy(self.stopped, self.place.folder)

    def run_at_start(self, prepare, text, detail):
        more = prepare(self) or {}
        done = subprocess.run([PENSTOCK, "run", "-c", str(self.place.config)], capture_output=True, timeout=30,
                              env=self.place.environment(**self.shim, **more))
        err = done.stderr.decode(errors="replace")
        self.assertEqual((done.returncode, done.stdout), (3, b""), err)
        self.assertIn(text, err)
        self.assertIn(more.get("PENSTOCK_STORE", str(self.place.store)), err)
        self.assertRegex(err, detail)


# ---------------------------------------------------------------- how faults are put in


def word(text):
    """The disk's fault, as tests/system/faulty_disk.c has it."""
    def begin(test):
        test.flag.write_text(text)
    return begin


def well(test):
    test.flag.unlink(missing_ok=True)


def nothing(_):
    pass


def hold_write_lock(test):
    test.other = test.sql("BEGIN IMMEDIATE", keep=True)


def let_go(test):
    test.other.execute("ROLLBACK")
    test.other.close()


def hold_write_lock_for_a_second(test):
    hold_write_lock(test)
    test.timer = threading.Timer(1.0, let_go, [test])
    test.timer.start()


def overwrite(path, first, size, byte=0):
    with open(path, "r+b") as file:
        file.seek(first)
        file.write(bytes([byte]) * size)


def damage_pages(test):
    """All pages but the first, which has the names of the tables."""
    overwrite(test.place.store, PAGE, test.place.store.stat().st_size - PAGE)


def damage_while_running(test):
    """What is in memory is as it was; so the store must be looked at again, after a fault that passes."""
    test.sql("PRAGMA wal_checkpoint(PASSIVE)")
    damage_pages(test)
    test.flag.write_text("sync-error-once penstock.db")


def flip_a_byte_of_the_log(test):
    """In the middle of what was committed, as a process leaves it that was killed."""
    test.copy(test.killed, test.place.folder)
    log = test.place.folder / "penstock.db-wal"
    place = log.stat().st_size // 2
    with open(log, "r+b") as file:
        file.seek(place)
        byte = file.read(1)
        file.seek(place)
        file.write(bytes([byte[0] ^ 1]))


def hold_lock_file(test):
    lock = open(test.place.folder / "penstock.db.lock", "r+")
    test.addCleanup(lock.close)
    fcntl.flock(lock, fcntl.LOCK_EX)


def other_program(test):
    test.place.store.unlink()
    test.sql("CREATE TABLE recipes (name TEXT)")


def trigger_that_refuses(test):
    test.sql("CREATE TRIGGER no BEFORE INSERT ON instruction BEGIN SELECT RAISE(ABORT, 'no more'); END")


def move_away(test):
    test.place.store.rename(test.place.folder / "moved")


def move_back(test):
    (test.place.folder / "moved").rename(test.place.store)


def truncate(size):
    return lambda test: os.truncate(test.place.store, size)


# The name; what happens; what ends it; the text of store-fault, and SQLite's code.
PASSING = [
    ("disk full", word("full"), well, FULL, 13),
    ("disk full in the middle of a write", word("half-full penstock.db"), well, FULL, 13),
    ("read-only file system", word("read-only"), well, READ_ONLY, 778),
    ("write error", word("write-error penstock.db"), well, IO, 778),
    ("one sync error", word("sync-error-once penstock.db"), nothing, IO, 1034),
    ("sync errors", word("sync-error penstock.db"), well, IO, 1034),
    ("another writer for long", hold_write_lock, let_go, LOCKED, 5),
]

# Nothing is said, for nothing is wrong yet.
UNNOTICED = [
    ("short writes", word("short penstock.db"), well),
    ("another writer for a second", hold_write_lock_for_a_second, lambda test: test.timer.join()),
    ("slow syncs", word("slow-300 penstock.db"), well),
]

# The gateway ends with 3; how it is mended, None: not at all; the text, and more of the line.
LASTING = [
    ("damaged while running", damage_while_running, None, CORRUPT, r"\(SQLite 11\)"),
    ("removed while running", move_away, move_back, GONE, "while it was in use"),
    ("taken over", lambda test: test.sql("UPDATE store SET epoch = epoch + 1"), nothing, FENCED, r"batch \d+ of epoch 1"),
    ("refused batch", trigger_that_refuses, lambda test: test.sql("DROP TRIGGER no"), REFUSED,
     r"instruction 2: no more \(SQLite 1811\)"),
]

# It does not start: exit code 3; the text, and more of the line.
AT_START = [
    ("disk full at start", word("full"), FULL, "SQLite"),
    ("read-only file system at start", word("read-only"), READ_ONLY, "SQLite"),
    ("write error at start", word("write-error penstock.db"), IO, "SQLite"),
    ("sync error at start", word("sync-error penstock.db"), IO, "sync|SQLite"),
    ("read error at start", word("read-error penstock.db"), IO, "SQLite"),
    ("no permission", word("no-permission penstock.db"), READ_ONLY, "Permission denied"),
    ("missing folder", lambda test: {"PENSTOCK_STORE": "/proc/none/penstock.db"}, CLOSED, "No such file"),
    ("flipped byte", lambda test: overwrite(test.place.store, PAGE, 1, 0x55), CORRUPT, r"\(SQLite 11\)"),
    ("damaged pages", damage_pages, CORRUPT, r"\(SQLite 11\)"),
    ("truncated file", truncate(5 * PAGE), CORRUPT, r"\(SQLite 11\)"),
    ("empty file", truncate(0), GONE, "it is empty, but was [A-Z2-7]{6}"),
    ("removed file", lambda test: test.place.store.unlink(), GONE, "remove .*penstock.db.lock too"),
    ("no database", lambda test: overwrite(test.place.store, 0, 9 * PAGE, 0x78), CORRUPT, r"\(SQLite 26\)"),
    ("database of another program", other_program, CLOSED, "a database of another program"),
    ("newer store", lambda test: test.sql("PRAGMA user_version = 99"), NEWER, "version 99"),
    ("damaged write-ahead log", flip_a_byte_of_the_log, CORRUPT, r"the write-ahead log is damaged behind byte \d+"),
    ("second gateway", lambda test: test.gateway.start() and None, LOCKED, r"process \d+"),
    ("lock file held", hold_lock_file, LOCKED, r"process \d+"),
    ("another writer at start", hold_write_lock, LOCKED, r"\(SQLite 5\)"),
]


def add_tests(case, table, runner):
    for name, *row in table:
        def test(self, row=row):
            runner(self, *row)
        setattr(case, "test_" + re.sub(r"\W", "_", name), test)


class StoreWhileRunning(StoreFault):
    def test_a_load_over_a_fault_is_settled_exactly_once(self):
        bank = self.start_bank("--stay")
        timers = []
        for second in (1.0, 2.5, 4.0):
            timers.append(threading.Timer(second, lambda: self.flag.write_text("full")))
            timers.append(threading.Timer(second + 0.5, lambda: self.flag.unlink(missing_ok=True)))
        for timer in timers:
            timer.start()
        lines = "".join(withdraw_line(f"W{i}", "1.00") + "wait for=50ms\n" for i in range(100))
        journal = self.place.folder / "broker.journal"
        code, output = run_broker(self.gateway, lines + "".join(f"expect W{i} settled within=60s\n" for i in range(100)),
                                  "--journal", journal, timeout=120)
        for timer in timers:
            timer.join()
        self.assertEqual(code, 0, output + self.gateway.log()[-3000:])
        self.assertEqual(self.place.query("SELECT state, count(*) FROM instruction GROUP BY 1"), [("settled", 100)])
        self.assertIsNone(bank.poll())
        self.assertEqual(self.gateway.stop(), 0)
        self.assert_books_balance()


add_tests(StoreWhileRunning, PASSING,
          lambda test, begin, end, text, code: test.run_passing(begin, end, text, code, end is not nothing))
add_tests(StoreWhileRunning, UNNOTICED, StoreFault.run_unnoticed)
add_tests(StoreWhileRunning, LASTING, StoreFault.run_lasting)
add_tests(StoreAtStart, AT_START, StoreAtStart.run_at_start)

if __name__ == "__main__":
    unittest.main()
