#!/usr/bin/env python3
"""Kills the gateway at random moments under load, and proves from the store,
the bank's files and the broker's journal that each instruction happened exactly
once.  PENSTOCK_KILLS says how often."""

import os
import random
import time
import unittest

from harness import Gateway
from load import LoadTest, free_port, seed

KILLS = int(os.environ.get("PENSTOCK_KILLS", "100"))
LIFE_S = 0.25  # the longest that a gateway lives


class Kills(LoadTest):
    def setUp(self):
        super().setUp()
        self.seed = seed()
        self.random = random.Random(self.seed)
        self.gateway = Gateway(self.place, PENSTOCK_LISTEN=f"127.0.0.1:{free_port()}").start()
        self.gateway.import_demo()

    def kill_many_times(self):
        amid = 0
        for kill in range(KILLS):
            time.sleep(self.random.random() * LIFE_S)
            self.gateway.kill()
            self.check_parties_go_on(f"after {kill} kills, seed {self.seed}")
            self.acknowledged.check()
            amid += self.acknowledged.open() > 0
            self.gateway.start()
        return amid

    def test_each_instruction_happens_exactly_once_whatever_is_killed_when(self):
        self.start_load()
        start = time.monotonic()
        amid = self.kill_many_times()
        seconds = time.monotonic() - start
        self.end_load()
        print(f"seed {self.seed}: {KILLS} kills in {seconds:.0f} s, {amid} of them with withdrawals open; "
              f"{self.outcome}", flush=True)


if __name__ == "__main__":
    unittest.main()
