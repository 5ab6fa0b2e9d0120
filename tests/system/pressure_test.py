#!/usr/bin/env python3
"""A store that is slower than brokers and banks, and brokers that are slower than
the gateway: memory stays bounded, sessions stay up, all is done once."""

import collections
import os
import pathlib
import socket
import sqlite3
import threading
import time
import unittest

from harness import SOH, FixClient, Gateway, GatewayTest, eventually, fix_time, withdrawal

SHIM = os.path.join(os.environ.get("PENSTOCK_TOOLS", ""), "libfaulty_disk.so")
HEARTBEAT = 2
TEXT_SIZE = 6000


class Pourer(FixClient):
    """Sends withdrawals as fast as they are taken, and counts what comes back."""

    def __init__(self, gateway):
        super().__init__(gateway)
        self.counts = collections.Counter()
        self.ended = False
        self.lock = threading.Lock()

    def start(self, count):
        self.logon(heartbeat=HEARTBEAT)
        self.socket.settimeout(None)
        self.pouring = threading.Thread(target=self.pour, args=(count,), daemon=True)
        for thread in (self.pouring, threading.Thread(target=self.beat, daemon=True),
                       threading.Thread(target=self.read, daemon=True)):
            thread.start()

    def pour(self, count):
        for number in range(count):
            with self.lock:
                self.send("DY", *withdrawal(f"P{number}", "0.01"))

    def beat(self):
        while not self.ended:
            with self.lock:
                self.send("0")
            time.sleep(HEARTBEAT / 2)

    def read(self):
        """Until the connection ends."""
        rest = b""
        while not self.ended:
            data = self.socket.recv(1 << 20)
            self.ended = not data
            *lines, rest = (rest + data).split(b"\x0135=")
            self.counts.update(line.split(b"\x01")[0].decode() for line in lines[1:])
            rest = b"\x0135=" + rest


class Pressure(GatewayTest):
    started = False

    def setUp(self):
        super().setUp()
        if not os.path.exists(SHIM):
            self.skipTest(f"{SHIM} is not built")
        self.flag = self.place.folder / "fault"
        self.gateway = Gateway(self.place, LD_PRELOAD=SHIM, FAULTY_DISK=str(self.flag)).start()
        self.gateway.import_demo()

    def states(self):
        return dict(self.place.query("SELECT state, count(*) FROM instruction GROUP BY 1"))

    def test_a_store_that_is_slow_holds_its_brokers_back(self):
        count = 6000
        self.start_bank("--stay")
        before = self.memory("VmRSS")
        client = Pourer(self.gateway)
        self.addCleanup(client.close)
        self.flag.write_text("slow-4000 penstock.db-wal")
        client.start(count)
        time.sleep(3.5)  # all of them would have gathered meanwhile, at some 10 KB each
        self.assertLess(self.memory("VmHWM") - before, 40)
        self.flag.write_text("slow-50 penstock.db-wal")
        eventually(lambda: self.states() == {"settled": count}, "all are settled, once", 150)
        eventually(lambda: client.counts["DZ"] == count, "all are acknowledged, once")
        self.assertEqual(self.gateway.log().count("session-logon"), 1, "the session stayed up")
        self.assertFalse(client.ended)

    def echo(self, client, count):
        """Messages that come back; small parts at a time."""
        text = "x" * TEXT_SIZE
        for start in range(0, count, 50):
            for number in range(start, start + 50):
                client.send("D", (11, f"E{number}"), (55, "X"), (54, 1), (60, fix_time()), (40, 1), (58, text))
            for _ in range(50):
                client.receive_type("D")
            client.heard.clear()

    def test_a_broker_that_reads_slowly_gets_its_replay_in_its_own_time(self):
        count = 4000
        client = FixClient(self.gateway)
        client.logon()
        self.echo(client, count)
        client.close()
        slow = FixClient(self.gateway, next_out=client.next_out)
        self.addCleanup(slow.close)
        slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        eventually(lambda: "session-end" in self.gateway.log(), "the first connection is over")
        slow.logon()
        before = self.memory("VmRSS")
        pathlib.Path(f"/proc/{self.gateway.process.pid}/clear_refs").write_text("5")  # VmHWM begins anew
        slow.send("2", (7, 1), (16, 0))
        time.sleep(2)
        self.assertLess(self.memory("VmHWM") - before, 6)
        received, repeated, last = b"", 0, 0
        while repeated < count:
            received += slow.socket.recv(1 << 18)
            *messages, received = received.split(b"\x0110=")
            for message in messages:
                fields = dict(field.split(b"=", 1) for field in message.split(SOH) if b"=" in field)
                if fields.get(b"35") == b"D":
                    self.assertEqual(fields[b"43"], b"Y")
                    self.assertGreater(int(fields[b"34"]), last)
                    repeated, last = repeated + 1, int(fields[b"34"])
        self.assertEqual(self.gateway.log().count("session-end"), 1, "it was not cut off")

    def test_a_long_reader_of_the_store_is_told_and_the_log_is_moved_behind_it(self):
        client = FixClient(self.gateway)
        self.addCleanup(client.close)
        client.logon()
        reader = sqlite3.connect(self.place.store, isolation_level=None)
        self.addCleanup(reader.close)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM session").fetchone()
        self.echo(client, 2400)
        line = next(line for line in self.gateway.log().splitlines() if "store-log-long" in line)
        self.assertRegex(line, r"warning store-log-long size=\d{8} ")
        self.assertNotIn("store-log-short", self.gateway.log())
        reader.execute("ROLLBACK")
        self.echo(client, 50)
        self.assertRegex(self.gateway.log(), r"info store-log-short size=\d{1,7}\n")
        log = pathlib.Path(f"{self.place.store}-wal")
        self.assertLess(log.stat().st_size, 65 << 20)
        self.assertEqual(self.gateway.log().count("store-log-long"), 1)


if __name__ == "__main__":
    unittest.main()
