#!/usr/bin/env python3
"""A disk that is full or read-only: the gateway says so on the sessions, takes
no new business, loses nothing, and goes on when the disk is well again."""

import os
import unittest

from harness import FixClient, Gateway, GatewayTest, eventually, run_broker, withdraw_line, withdrawal

SHIM = os.path.join(os.environ.get("PENSTOCK_TOOLS", ""), "libfaulty_disk.so")


class StoreFault(GatewayTest):
    started = False

    def setUp(self):
        super().setUp()
        if not os.path.exists(SHIM):
            self.skipTest(f"{SHIM} is not built")
        self.flag = self.place.folder / "fault"
        self.gateway = Gateway(self.place, LD_PRELOAD=SHIM, FAULTY_DISK=str(self.flag)).start()
        self.gateway.import_demo()

    def logged_on(self, next_out=1):
        client = FixClient(self.gateway, next_out=next_out)
        self.addCleanup(client.close)
        client.logon()
        return client

    def try_logon(self, next_out):
        """A client that is logged on; None: it was refused."""
        client = FixClient(self.gateway, next_out=next_out)
        self.addCleanup(client.close)
        client.send("A", (98, 0), (108, 30))
        answer = client.receive()
        return client if answer and dict(answer)[35] == "A" else None

    def run_with_fault(self, word):
        client = self.logged_on()
        client.send("DY", *withdrawal("W1"))
        self.assertEqual(dict(client.receive_type("EA", "DZ"))[35], "DZ")
        eventually(lambda: self.place.query("SELECT state FROM instruction") == [("sent",)], "the first is sent")
        self.flag.write_text(word)
        client.send("DY", *withdrawal("W2"))
        logout = dict(client.receive_type("5", "DZ"))
        self.assertEqual(logout[35], "5", "new business is not acknowledged")
        self.assertIn("store", logout[58])
        eventually(lambda: "store-fault" in self.gateway.log(), "the alert")

        self.assertIsNone(self.try_logon(client.next_out), "no logon while nothing can be recorded")

        self.flag.unlink()
        eventually(lambda: "store-well" in self.gateway.log(), "the store is well again")
        bank = self.start_bank("--stay")
        again = eventually(lambda: self.try_logon(client.next_out), "a logon")
        # The second was never acknowledged, so it is asked for again.
        again.fill_gap(again.receive_type("2"))
        again.send("DY", *withdrawal("W2"))
        self.assertEqual(dict(again.receive_type("DZ"))[2812], "W2")
        eventually(lambda: self.place.query("SELECT state, count(*) FROM instruction GROUP BY 1") == [("settled", 2)],
                   "both are settled, once")
        again.close()
        self.assertIsNone(bank.poll())
        self.assertEqual(self.gateway.stop(), 0)
        self.assert_books_balance()

    def test_a_full_disk(self):
        self.run_with_fault("full")

    def test_a_read_only_disk(self):
        self.run_with_fault("read-only")

    def test_a_load_over_a_fault_is_settled_exactly_once(self):
        bank = self.start_bank("--stay")
        import threading
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


if __name__ == "__main__":
    unittest.main()
