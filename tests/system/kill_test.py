#!/usr/bin/env python3
"""Kills the gateway at random moments under load, and proves from the store,
the bank's files and the broker's journal that each instruction happened exactly
once."""

import collections
import os
import random
import re
import socket
import time
import unittest

from books import check_books
from harness import CLIENT, Gateway, GatewayTest, end_party, start_party, withdraw_line

KILLS = int(os.environ.get("PENSTOCK_KILLS", "100"))
LOAD = int(os.environ.get("PENSTOCK_KILL_LOAD", "1500"))
REFUSED = 40
DEPOSITS = 40


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Kills(GatewayTest):
    started = False

    def setUp(self):
        super().setUp()
        self.seed = int(os.environ.get("PENSTOCK_SEED", random.randrange(1 << 32)))
        print(f"seed {self.seed}: {KILLS} kills, {LOAD} withdrawals that settle, {REFUSED} that the bank refuses, "
              f"{DEPOSITS} deposits", flush=True)
        self.random = random.Random(self.seed)
        self.gateway = Gateway(self.place, PENSTOCK_LISTEN=f"127.0.0.1:{free_port()}").start()
        self.gateway.import_demo()

    def start_parties(self):
        bank_script = self.place.folder / "bank.txt"
        bank_script.write_text("".join(
            f'wait for=250ms\ndeposit D-{i} client={CLIENT["client"]} account={CLIENT["account"]} amount=7.00 '
            f'currency=EUR payer={CLIENT["payee"]} payer-bank={CLIENT["payee-bank"]} payer-name=L\n'
            for i in range(DEPOSITS)))
        broker_script = self.place.folder / "broker.txt"
        broker_script.write_text("".join(withdraw_line(f"R-{i}", "2.12") + "wait for=200ms\n"
                                         for i in range(REFUSED)) +
                                 "".join(f"expect R-{i} refused reason=AC04 within=120s\n" for i in range(REFUSED)) +
                                 f"expect-deposits count={DEPOSITS} within=120s\n")
        self.bank = self.start_bank("--rules", "--stay", "--script", bank_script)
        words = [word for key in ("client", "account", "currency", "bank", "payee", "payee-bank", "payee-name")
                 for word in ("--" + key, CLIENT[key])]
        self.broker = start_party(
            self.place, "broker", "--connect", self.gateway.address, "--quiet", "--script", broker_script,
            "--journal", self.place.folder / "broker.journal", "--count", LOAD, "--rate", "60",
            "--amount", "1.00", *words, output="broker.out")
        self.parties.append(self.broker)

    def kill_many_times(self):
        for kill in range(KILLS):
            time.sleep(self.random.random() * 0.25)
            self.gateway.kill()
            self.gateway.start()
            if self.broker.poll() is not None:
                self.fail(f"the broker ended after {kill} kills:\n" + (self.place.folder / "broker.out").read_text())

    def journal(self, path):
        for line in path.read_text().splitlines():
            _, word, rest = line.split(" ", 2)
            yield word, rest

    def check_store(self):
        check_books(self, self.place)
        states = dict(self.place.query("SELECT flow || ' ' || state, count(*) FROM instruction GROUP BY 1"))
        self.assertEqual(states, {"withdrawal settled": LOAD, "withdrawal refused": REFUSED,
                                  "deposit settled": DEPOSITS})
        orders = self.place.query("SELECT i.number, count(d.id) FROM instruction i LEFT JOIN document d "
                                  "ON d.instruction = i.number AND d.definition LIKE 'pacs.008%' "
                                  "WHERE i.flow = 'withdrawal' GROUP BY 1 HAVING count(d.id) <> 1")
        self.assertEqual(orders, [], "each withdrawal has one document, and no more")
        free, reserved = self.place.query("SELECT free_minor, reserved_minor FROM balance WHERE client = ?",
                                          CLIENT["client"])[0]
        self.assertEqual(free, 180000000 - LOAD * 100 + DEPOSITS * 700)
        self.assertEqual(reserved, 0)

    def check_bank(self):
        took = collections.Counter()
        for word, rest in self.journal(self.place.bank / "taken" / "journal"):
            self.assertNotIn(word, ("differs", "invalid"), rest)
            if word == "took" and "pacs.008" in rest:
                took[rest.split()[0]] += 1
        ids = {row[0] for row in self.place.query("SELECT order_id FROM instruction WHERE flow = 'withdrawal'")}
        self.assertEqual(set(took), ids)
        self.assertEqual(set(took.values()), {1})

    def check_broker(self):
        finals = collections.defaultdict(set)
        receipts = collections.Counter()
        for word, rest in self.journal(self.place.folder / "broker.journal"):
            self.assertNotIn(word, ("problem", "failed"), rest)
            fields = dict(re.findall(r"(\d+)=([^|]*)\|", rest))
            if word != "in":
                continue
            if fields.get("35") == "DZ":
                receipts[fields["2812"]] += 1
            elif fields.get("35") == "EA" and "2812" in fields and fields.get("2823") in ("3", "4"):
                finals[fields["2812"]].add((fields["2799"], fields["2823"]))
        wanted = {f"W{i}": "3" for i in range(1, LOAD + 1)} | {f"R-{i}": "4" for i in range(REFUSED)}
        self.assertEqual(set(finals), set(wanted))
        self.assertEqual(set(receipts), set(wanted))
        for name, reports in finals.items():
            self.assertEqual(len(reports), 1, f"{name} has one outcome: {reports}")
            self.assertEqual({status for _, status in reports}, {wanted[name]}, name)

    def test_each_instruction_happens_exactly_once_whatever_is_killed_when(self):
        self.start_parties()
        self.kill_many_times()
        code = self.broker.wait(timeout=200)
        output = (self.place.folder / "broker.out").read_text()
        print(output, flush=True)
        self.assertEqual(code, 0, output)
        time.sleep(1)
        self.assertEqual(end_party(self.bank), 0, (self.place.folder / "bank.out").read_text())
        print((self.place.folder / "bank.out").read_text(), flush=True)
        self.assertEqual(self.gateway.stop(), 0)
        self.check_store()
        self.assert_documents_valid()
        self.check_bank()
        self.check_broker()


if __name__ == "__main__":
    unittest.main()
