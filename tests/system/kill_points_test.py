#!/usr/bin/env python3
"""Kills the gateway once at each call that changes what others may find (writes,
fsyncs, renames, names, sizes, messages) of one withdrawal, and of one deposit, from
the start of the gateway to its end: before the call, and when half of it is done.
The making of a store has many writes of the same kind: there it is each eighth
call, and with PENSTOCK_KILL_POINTS=all each."""

import concurrent.futures
import os
import pathlib
import queue
import shutil
import signal
import tempfile
import time
import unittest

from books import check_books, check_exactly_once
from harness import CLIENT, DEFINITIONS, Gateway, GatewayTest, Place, end_party, start_bank, start_party, withdraw_line
from load import free_port

LAYER = os.path.join(os.environ.get("PENSTOCK_TOOLS", ""), "libkill_point.so")
MOMENTS = ("before", "amid")
OPENING_STEP = 1 if os.environ.get("PENSTOCK_KILL_POINTS") == "all" else 8
AT_ONCE = 6
PATIENCE_S = 30


class Slot:
    """A place that is made again for each life, with a store that knows its configuration."""

    def __init__(self, filled):
        # Files that lay there at the start are read soon.
        self.place = Place({"deadline: 30s": "deadline: 30s\n    settle-time: 20ms"}, definitions=DEFINITIONS)
        self.address = f"127.0.0.1:{free_port()}"
        if filled:
            gateway = self.gateway(LD_PRELOAD=LAYER).start()
            gateway.import_demo()
            gateway.stop()
        self.kept = pathlib.Path(tempfile.mkdtemp(prefix="penstock-kept-"))
        shutil.copytree(self.place.folder, self.kept, symlinks=True, dirs_exist_ok=True)

    def gateway(self, **environment):
        return Gateway(self.place, PENSTOCK_LISTEN=self.address, **environment)

    def renew(self):
        self.place.remove()
        shutil.copytree(self.kept, self.place.folder, symlinks=True)

    def remove(self):
        self.place.remove()
        shutil.rmtree(self.kept)


class Life:
    """One place, in which the gateway is killed at one call, started again, and comes to its end."""

    def __init__(self, test, slot, point, moment):
        self.test, self.slot, self.place = test, slot, slot.place
        self.point, self.moment = point, moment
        self.calls = self.place.folder / "calls"
        self.journal = self.place.folder / "broker.journal"
        self.parties = []
        self.hit = False
        self.gateway = slot.gateway(LD_PRELOAD=LAYER, KILL_AT=f"{point} {moment}", KILL_LOG=str(self.calls))

    def start(self):
        """Started under the layer; when that kills it, once more without a call at which it ends."""
        try:
            self.gateway.start()
        except AssertionError:
            self.take_kill()

    def take_kill(self):
        """What has ended was killed by the layer, and only once."""
        self.test.assertFalse(self.hit, self)
        self.test.assertEqual(self.gateway.process.wait(), -signal.SIGKILL, self)
        self.gateway.process.stdout.close()
        self.hit = True
        self.gateway.environment = {"PENSTOCK_LISTEN": self.slot.address, "LD_PRELOAD": LAYER}
        self.gateway.start()

    def look(self):
        if self.gateway.process.poll() is not None:
            self.take_kill()

    def until(self, condition):
        end = time.monotonic() + PATIENCE_S
        while not condition():
            self.test.assertLess(time.monotonic(), end, f"{self} comes to its end:\n{self.gateway.log()}")
            self.look()
            time.sleep(0.003)

    def stop(self):
        self.until(self.is_quiet)
        if self.gateway.stop() != 0:
            self.take_kill()
            self.until(self.is_quiet)
            self.test.assertEqual(self.gateway.stop(), 0, self)

    def is_quiet(self):
        """The channel has all documents, and nothing is left in it."""
        return (self.place.query("SELECT 1 FROM document WHERE state = 'waiting'") == [] and
                not any(file for folder in ("in", "out") for file in (self.place.bank / folder).glob("*.xml")))

    def start_broker(self, script):
        path = self.place.folder / "broker.txt"
        path.write_text(script)
        self.parties.append(start_party(self.place, "broker", "--connect", self.slot.address, "--quiet", "--script", path,
                                        "--journal", self.journal, output="broker.out"))
        return self.parties[-1]

    def start_bank(self, *words):
        self.parties.append(start_bank(self.place, *words))
        return self.parties[-1]

    def taken(self):
        return [*(self.place.bank / "taken").glob("*.xml")]

    def end(self):
        for process in [*self.parties, self.gateway.process]:
            if process and process.poll() is None:
                process.kill()
                process.wait()

    def last_call(self):
        calls = self.calls.read_text().splitlines() if self.calls.exists() else []
        return calls[self.point - 1] if len(calls) >= self.point else "no call"

    def __str__(self):
        return f"killed {self.moment} call {self.point} ({self.last_call()}) in {self.place.folder}"


def withdrawal(life):
    """A broker's withdrawal settles."""
    bank = life.start_bank("--stay")
    broker = life.start_broker(withdraw_line("W-1", "1.00") + f"expect W-1 settled within={PATIENCE_S}s\n")
    life.start()
    life.until(lambda: broker.poll() is not None)
    life.stop()
    life.test.assertEqual((broker.returncode, end_party(bank)), (0, 0), life)
    check_exactly_once(life.test, life.place, life.journal)


def deposit(life):
    """A bank's deposit is credited."""
    script = life.place.folder / "bank.txt"
    script.write_text(f'deposit D-1 client={CLIENT["client"]} account={CLIENT["account"]} amount=7.00 currency=EUR '
                      f'payer={CLIENT["payee"]} payer-bank={CLIENT["payee-bank"]} payer-name=L\n')
    bank = life.start_bank("--stay", "--script", script)
    broker = life.start_broker(f"expect-deposits count=1 within={PATIENCE_S}s\nwait for={PATIENCE_S}s\n")
    life.start()
    life.until(lambda: any("<TxSts>ACSP" in file.read_text() for file in life.taken()))
    life.stop()
    life.test.assertEqual((end_party(bank), end_party(broker)), (0, 0), life)
    check_exactly_once(life.test, life.place, life.journal)


def import_once(life, kind):
    """As an operator does: after a failure one looks whether it has happened."""
    count = f"SELECT count(*) FROM {kind[:-1]}"
    code, _ = life.gateway.import_kind(kind)
    if code != 0:
        life.gateway.process.wait(timeout=PATIENCE_S)
        life.look()
    if life.place.query(count) == [(0,)]:
        life.test.assertNotEqual(code, 0, f"{life}: what was acknowledged is there")
        life.test.assertEqual(life.gateway.import_kind(kind)[0], 0, life)
    life.test.assertGreater(life.place.query(count)[0][0], 0, life)


def opening(life):
    """A new store is made, and gets links and balances, once."""
    life.start()
    import_once(life, "links")
    import_once(life, "balances")
    life.stop()
    check_books(life.test, life.place)
    life.test.assertEqual(life.place.query("SELECT total(free_minor) FROM balance"),
                          life.place.query("SELECT total(amount_minor) FROM ledger WHERE debit = 'opening'"))


class KillPoints(GatewayTest):
    started = False

    def setUp(self):
        super().setUp()
        if not os.path.exists(LAYER):
            self.skipTest(f"{LAYER} is not built")

    def live(self, flow, slots, point, moment):
        slot = slots.get()
        slot.renew()
        life = Life(self, slot, point, moment)
        try:
            flow(life)
        except BaseException as problem:
            print(f"{life}, kept for a look: {problem}", flush=True)
            raise
        finally:
            life.end()
        slots.put(slot)
        return life.hit

    def kill_at_each(self, flow, filled=True, step=1):
        """From the first call on, until a flow ends without having been hit."""
        start, kills = time.monotonic(), 0
        slots = queue.Queue()
        for _ in range(AT_ONCE):
            slots.put(Slot(filled))
        for moment in MOMENTS:
            point, hit = 1, True
            with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
                while hit:
                    points = range(point, point + 4 * AT_ONCE * step, step)
                    hits = list(pool.map(lambda at: self.live(flow, slots, at, moment), points))
                    hit, point, kills = hits[-1], point + len(hits) * step, kills + sum(hits)
        self.assertGreater(kills, 40, "the layer sees the calls")
        while not slots.empty():
            slots.get().remove()
        print(f"{flow.__name__}: {kills} kills, {' and '.join(MOMENTS)} each call, "
              f"in {time.monotonic() - start:.0f} s", flush=True)

    def test_a_withdrawal_survives_a_kill_at_each_call(self):
        self.kill_at_each(withdrawal)

    def test_a_deposit_survives_a_kill_at_each_call(self):
        self.kill_at_each(deposit)

    def test_a_new_store_survives_a_kill_at_each_call(self):
        self.kill_at_each(opening, filled=False, step=OPENING_STEP)


if __name__ == "__main__":
    unittest.main()
