"""A broker and a bank that go on, whatever becomes of the gateway between them."""

import hashlib
import os
import random
import re
import socket
import time

from books import check_exactly_once
from harness import CLIENT, Gateway, GatewayTest, end_party, eventually, start_party, withdraw_line
from records import Tail, content_of, fields_of

REFUSED_SHARE = 40  # one of so many the bank refuses
DEPOSIT_SHARE = 25  # for so many withdrawals one deposit


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def seed():
    return int(os.environ.get("PENSTOCK_SEED", random.randrange(1 << 32)))


class Acknowledged:
    """What the parties were told since the last look is in the store."""

    def __init__(self, test, place, journal):
        self.test, self.place = test, place
        self.broker, self.bank = Tail(journal), Tail(place.bank / "taken" / "journal")
        self.requests, self.ended = set(), set()
        self.documents = 0  # the highest row that was looked at
        self.given = set()  # documents that the bank did not have when we looked

    def check(self):
        """To be asked while the gateway is down."""
        self.check_messages()
        self.check_documents()

    def open(self):
        return len(self.requests) - len(self.ended)

    def check_messages(self):
        for word, rest in self.broker.lines():
            self.test.assertNotIn(word, ("problem", "failed"), rest)
            if word not in ("in", "out"):
                continue
            number, text = rest.split(" ", 1)
            values = dict(fields_of(text))
            if word == "out" and values[35] == "DY":
                self.requests.add(values[2812])
            elif word == "in":
                self.check_message(int(number), content_of(fields_of(text)))
                if values.get(2823) in ("3", "4"):
                    self.ended.add(values.get(2812))

    def check_message(self, number, content):
        found = self.place.query("SELECT CAST(bytes AS TEXT) FROM message_out WHERE number = ?", number)
        self.test.assertEqual([content_of(fields_of(row[0], "\x01")) for row in found], [content],
                              f"message {number}, which the broker has, is in the store")

    def check_documents(self):
        for word, rest in self.bank.lines():
            self.test.assertNotIn(word, ("differs", "invalid"), rest)
            if word == "took":
                self.check_taken(*rest.split()[:2])
        for row, name in self.place.query("SELECT rowid, id FROM document WHERE rowid > ?", self.documents):
            self.given.add(name)
            self.documents = max(self.documents, row)
        waiting = {row[0] for row in self.place.query("SELECT id FROM document WHERE state = 'waiting'")}
        for name in list(self.given):
            in_out = (self.place.bank / "out" / f"{name}.xml").exists()
            if (self.place.bank / "taken" / f"{name}.xml").exists():
                self.given.discard(name)  # the bank forgets nothing
            else:
                self.test.assertTrue(in_out or name in waiting, f"{name} is called taken: it is in out/, or at the bank")

    def check_taken(self, name, digest):
        found = self.place.query("SELECT bytes FROM document WHERE id = ?", name)
        self.test.assertEqual([hashlib.sha256(row[0]).hexdigest() for row in found], [digest],
                              f"document {name}, which the bank has, is in the store")


class LoadTest(GatewayTest):
    """A gateway that ends many times while withdrawals and deposits go on."""

    started = False
    rate = 150

    def start_load(self, count, patience_s=60):
        """count: how many withdrawals settle."""
        self.refused, self.deposits = max(5, count // REFUSED_SHARE), max(5, count // DEPOSIT_SHARE)
        self.settled = count
        self.journal = self.place.folder / "broker.journal"
        self.acknowledged = Acknowledged(self, self.place, self.journal)
        seconds = count / self.rate
        self.bank = self.start_bank("--rules", "--stay", "--script", self.bank_script(seconds))
        words = [word for key in ("client", "account", "currency", "bank", "payee", "payee-bank", "payee-name")
                 for word in ("--" + key, CLIENT[key])]
        self.broker = start_party(
            self.place, "broker", "--connect", self.gateway.address, "--quiet", "--patience", f"{patience_s}s",
            "--script", self.broker_script(seconds, patience_s), "--journal", self.journal, "--count", count,
            "--rate", self.rate, "--amount", "1.00", *words, output="broker.out")
        self.parties.append(self.broker)

    def bank_script(self, seconds):
        path = self.place.folder / "bank.txt"
        path.write_text("".join(
            f'deposit D-{i} client={CLIENT["client"]} account={CLIENT["account"]} amount=7.00 '
            f'currency=EUR payer={CLIENT["payee"]} payer-bank={CLIENT["payee-bank"]} payer-name=L\n'
            f"wait for={int(seconds * 1000 / self.deposits)}ms\n" for i in range(self.deposits)))
        return path

    def broker_script(self, seconds, patience_s):
        path = self.place.folder / "broker.txt"
        names = [f"R-{i}" for i in range(self.refused)]
        path.write_text("".join(withdraw_line(name, "2.12") + f"wait for={int(seconds * 1000 / self.refused)}ms\n"
                                for name in names) +
                        "".join(f"expect {name} refused reason=AC04 within={patience_s}s\n" for name in names) +
                        f"expect-deposits count={self.deposits} within={patience_s}s\n")
        return path

    def output(self, name):
        return (self.place.folder / name).read_text()

    def check_parties_go_on(self, when):
        for party, output in ((self.broker, "broker.out"), (self.bank, "bank.out")):
            if party.poll() not in (None, 0) or "PROBLEM" in self.output(output):
                self.fail(f"{output} {when}:\n{self.output(output)}")

    def end_load(self, seconds=120):
        """With a gateway that is left alone now, all comes to its end; then the proof."""
        code = self.broker.wait(timeout=seconds)
        self.assertEqual(code, 0, self.output("broker.out"))
        eventually(lambda: self.place.query("SELECT count(*) FROM instruction WHERE flow = 'deposit' "
                                            "AND state = 'settled'")[0][0] == self.deposits, "the deposits are settled")
        eventually(lambda: not any(file for folder in ("in", "out") for file in (self.place.bank / folder).glob("*.xml")),
                   "all documents are taken")
        self.assertEqual(end_party(self.bank), 0, self.output("bank.out"))
        self.assertEqual(self.gateway.stop(), 0)
        print(self.output("broker.out"), self.output("bank.out"), sep="\n", flush=True)
        self.check_outcome()

    def check_outcome(self):
        check_exactly_once(self, self.place, self.journal)
        states = dict(self.place.query("SELECT flow || ' ' || state, count(*) FROM instruction GROUP BY 1"))
        self.assertEqual(states, {"withdrawal settled": self.settled, "withdrawal refused": self.refused,
                                  "deposit settled": self.deposits})
        self.assert_documents_valid()
