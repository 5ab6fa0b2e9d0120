#!/usr/bin/env python3
"""Sessions that are open at times, by the real clock: a period that ends in some seconds, one that begins in some,
and what operators do with a session meanwhile."""

import time
import unittest

from harness import DEFINITIONS, FixClient, GatewayTest, eventually, withdrawal


def clock(seconds):
    """The time of day in UTC, so many seconds from now."""
    return time.strftime("%H:%M:%S", time.gmtime(time.time() + seconds))


class Schedule(GatewayTest):
    definitions = DEFINITIONS
    started = False

    def start(self, start, end):
        """Open from start to end, both seconds from now."""
        self.place.write_config({"    bic: ALBRGB2LXXX\n": "    bic: ALBRGB2LXXX\n    schedule: "
                                 f'{{start: "{clock(start)}", end: "{clock(end)}"}}\n'})
        self.gateway.start()

    def connect(self, next_out=1):
        client = FixClient(self.gateway, next_out=next_out)
        self.addCleanup(client.close)
        return client

    def row(self):
        return self.place.query("SELECT generation, untold_first FROM session WHERE name = 'alpha'")[0]

    def test_the_end_of_a_period_and_the_beginning_of_the_next(self):
        """The next period begins when the one before it ends."""
        self.start(6, 6)
        self.gateway.import_demo()
        client = self.connect()
        self.assertEqual(dict(client.logon())[34], "1")
        client.send("DY", *withdrawal("W-1"))
        client.receive_type("DZ")
        logout = dict(client.receive_type("5"))
        self.assertEqual(logout[58], "the period of the session has ended")
        client.send("5")
        self.assertIsNone(client.receive())
        eventually(lambda: self.row()[0] == 2, "the next generation")
        self.assertIn("session-period session=alpha period=begins", self.gateway.log())
        client = self.connect()
        self.assertEqual(dict(client.logon())[34], "2")
        client.send("2", (7, 1), (16, 0))
        again = dict(client.receive_type("DZ"))  # what the client has not shown to have
        self.assertEqual((again[34], again[43], again[2812]), ("1", "Y", "W-1"))

    def test_what_waits_outside_is_told_in_the_next_period_after_a_kill(self):
        self.start(-60, 6)
        self.gateway.import_demo()
        client = self.connect()
        client.logon()
        client.send("DY", *withdrawal("W-1"))
        client.receive_type("DZ")
        client.receive_type("5")
        client.send("5")
        self.assertIsNone(client.receive())
        refused = self.connect()
        refused.send("A", (98, 0), (108, 30))
        self.assertIn("the session is closed until", dict(refused.receive())[58])
        self.assertIsNone(refused.receive())
        self.start_bank("--stay")
        eventually(lambda: self.place.query("SELECT state FROM instruction") == [("settled",)], "settled")
        eventually(lambda: self.row()[1] > 0, "a report that waits")
        self.gateway.kill()
        self.start(2, 60)
        eventually(lambda: self.row()[0] == 2, "the next period")
        client = self.connect()
        logon = dict(client.logon())
        self.assertGreater(int(logon[34]), 1)
        client.send("2", (7, 1), (16, 0))
        report = dict(client.receive_type("EA"))
        self.assertEqual((report[43], report[2812]), ("Y", "W-1"))

    def test_operators_close_reset_and_open_a_session(self):
        self.gateway.start()
        client = self.connect()
        client.logon()
        code, text = self.gateway.ask("session", "show", "alpha")
        self.assertEqual(code, 0)
        self.assertIn("state: logged on\n", text)
        client.close()
        eventually(lambda: "session-end" in self.gateway.log(), "the end")
        self.assertEqual(self.gateway.tell("session", "disable", "alpha"), "alpha is disabled\n")
        self.gateway.kill()
        self.gateway.start()
        refused = self.connect(2)
        refused.send("A", (98, 0), (108, 30))
        self.assertEqual(dict(refused.receive())[58], "an operator has disabled the session")
        self.assertIn("begin at 1", self.gateway.tell("session", "reset", "alpha"))
        self.assertEqual(self.gateway.tell("session", "enable", "alpha"), "alpha is enabled\n")
        self.assertEqual(dict(self.connect().logon())[34], "1")
        self.assertRegex(self.gateway.log(), r'operator who=\S+ command="session reset" id=alpha done=yes')
        self.assertEqual(self.gateway.ask("session", "show", "nobody")[0], 1)
        self.assertEqual(self.gateway.ask("session", "show")[0], 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
