#!/usr/bin/env python3
"""Cuts the power under load: the gateway ends at a random write, sync or rename,
and what was not synced by then is taken from its disk, all of it or any part of
it.  Broker and bank are other machines and go on.  PENSTOCK_POWER_CUTS says how
often."""

import collections
import os
import random
import signal
import sqlite3
import time
import unittest

from harness import Gateway
from load import LoadTest, free_port, seed
from power import Disk

CUTS = int(os.environ.get("PENSTOCK_POWER_CUTS", "30"))
CUTS_OF_A_NEW_STORE = max(10, CUTS // 5)
LAYER = os.path.join(os.environ.get("PENSTOCK_TOOLS", ""), "libpower_cut.so")
LIFE_S = 0.5       # a gateway that reaches no chosen call by then is killed
AT_START = 0.25    # so many lives end while they start
CUTS_TO_FIND = 40  # and by then a missing sync is found
STOPPED = 0.15     # so many are told to stop, and may come to their end
ONLY_KILLED = 0.2  # so many end without a cut: what they did not sync is the next one's

# What becomes of a store that loses what it has said to be durable.
STORE_FINDINGS = "is in the store|differs|damaged|malformed|problem|PROBLEM|called taken"


def last_line(problem):
    return str(problem).strip().splitlines()[-1]


class Dead(Exception):
    """The gateway cannot live on what the power cut has left."""


class PowerCuts(LoadTest):
    def setUp(self):
        super().setUp()
        if not os.path.exists(LAYER):
            self.skipTest(f"{LAYER} is not built")
        self.seed = seed()
        self.random = random.Random(self.seed)
        self.disk = Disk(self.place.folder, LAYER)
        self.place.store = self.disk.root / "var" / "store" / "penstock.db"
        self.place.bank = self.disk.root / "bank"
        self.address = f"127.0.0.1:{free_port()}"
        self.gateway = Gateway(self.place)
        self.endings = collections.Counter()

    def start_gateway(self, **layer):
        """False: the layer has ended it before it was ready."""
        self.gateway.environment = {"PENSTOCK_LISTEN": self.address, **self.disk.environment(**layer)}
        try:
            self.gateway.start()
            return True
        except AssertionError as problem:
            if self.gateway.process.wait() != -signal.SIGKILL:
                raise Dead(f"seed {self.seed}: {problem}") from None
            return False
        finally:
            if self.gateway.process.poll() is not None:
                self.gateway.process.stdout.close()

    def pause(self, process, paused):
        if process.poll() is None:
            process.send_signal(signal.SIGSTOP if paused else signal.SIGCONT)

    def choose_call(self):
        """At which the power goes, counted from the start or from when brokers may come."""
        if self.random.random() < AT_START:
            return {"calls": self.random.randint(1, 120)}
        most = self.random.choice((100, 2000))
        return {"calls": self.random.randint(1, most), "ready": True}

    def live_and_die(self, deaf=None):
        """One life, from a start to the call at which the power goes."""
        self.pause(self.bank, self.random.random() < 0.5)  # then nobody has read what is lost
        if not self.start_gateway(**self.choose_call(), slow_us=self.random.choice((1, 1000, 5000)), deaf=deaf):
            self.endings["while it started"] += 1
            return
        stop = LIFE_S * self.random.random() if self.random.random() < STOPPED else LIFE_S
        if not self.wait_for_end(stop) and stop < LIFE_S:
            self.gateway.process.send_signal(signal.SIGTERM)
            self.wait_for_end(LIFE_S)
        code = self.gateway.process.poll()
        self.endings[{None: "late", 0: "in good order"}.get(code, "at the chosen call")] += 1
        self.gateway.kill()

    def wait_for_end(self, seconds):
        end = time.monotonic() + seconds
        while self.gateway.process.poll() is None and time.monotonic() < end:
            time.sleep(0.002)
        return self.gateway.process.poll() is not None

    def cut_many_times(self, cuts, deaf=None):
        while self.disk.lost["cuts"] < cuts:
            self.live_and_die(deaf)
            if self.random.random() < ONLY_KILLED:
                self.endings["without a cut"] += 1
                continue
            self.disk.cut(self.random)
            self.endings["with withdrawals open"] += self.acknowledged.open() > 0
            self.check_parties_go_on(f"after {self.disk.lost['cuts']} cuts, seed {self.seed}")
            self.acknowledged.check()
        self.pause(self.bank, False)

    def begin(self):
        """A store with links and balances, which lost nothing by a cut."""
        self.assertTrue(self.start_gateway())
        self.gateway.import_demo()
        self.start_load()

    def test_each_instruction_happens_exactly_once_whatever_was_not_synced(self):
        self.begin()
        self.gateway.kill()
        start = time.monotonic()
        self.cut_many_times(CUTS)
        seconds = time.monotonic() - start
        self.assertTrue(self.start_gateway())
        self.end_load()
        print(f"seed {self.seed}: {CUTS} power cuts in {seconds:.0f} s; {dict(self.disk.lost)}; lives ended "
              f"{dict(self.endings)}; {self.outcome}", flush=True)

    def find_what_is_missing(self, deaf, finding):
        """The judge sees that syncs are not made: this test would fail without them."""
        self.begin()
        self.gateway.kill()
        with self.assertRaisesRegex((AssertionError, Dead, sqlite3.Error), finding) as found:
            self.cut_many_times(CUTS_TO_FIND, deaf)
        print(f"no sync of ...{deaf}: found after {self.disk.lost['cuts']} cuts: "
              f"{last_line(found.exception)}", flush=True)

    def test_a_missing_sync_of_the_log_is_found(self):
        self.find_what_is_missing(".db-wal", STORE_FINDINGS)

    def test_a_missing_sync_of_the_store_is_found(self):
        self.find_what_is_missing(".db", STORE_FINDINGS)

    def test_a_missing_sync_of_a_document_is_found(self):
        self.find_what_is_missing(".xml.tmp", "invalid")

    def test_a_missing_sync_of_the_folder_out_is_found(self):
        self.find_what_is_missing("/out", "is called taken")

    def test_a_store_that_was_just_made_is_there_or_can_be_made(self):
        """Cuts in the first moments of a store: what was acknowledged then is there."""
        for _ in range(CUTS_OF_A_NEW_STORE):
            self.cut_a_new_store()

    def cut_a_new_store(self):
        calls = self.random.randint(1, 700)
        imported = set()
        if self.start_gateway(calls=calls):
            for kind in ("links", "balances"):
                if self.gateway.process.poll() is None and self.gateway.import_kind(kind)[0] == 0:
                    imported.add(kind)
            self.gateway.kill()
        self.disk.cut(self.random)
        self.assertTrue(self.start_gateway())
        for kind in ("links", "balances"):
            count = self.place.query(f"SELECT count(*) FROM {kind[:-1]}")[0][0]
            self.assertTrue(count > 0 or kind not in imported, f"{kind} are there after call {calls}, seed {self.seed}")
            if count == 0:
                self.assertEqual(self.gateway.import_kind(kind)[0], 0)
        self.assertEqual(self.gateway.stop(), 0)
        self.assert_books_balance()
        self.disk.renew()


if __name__ == "__main__":
    unittest.main()
