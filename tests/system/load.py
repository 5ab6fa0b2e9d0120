"""A broker and a bank that go on, whatever becomes of the gateway between them."""

import hashlib
import os
import random
import signal
import socket

from books import check_exactly_once
from harness import CLIENT, DEFINITIONS, GatewayTest, end_party, eventually, start_party, withdraw_line
from records import Tail, content_of, fields_of

LOAD_MAX = 200000   # withdrawals, which nobody waits for
REFUSED_SHARE = 40  # for so many that settle the bank refuses one more
DEPOSIT_SHARE = 25  # for so many there is one deposit


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
        self.given = {}     # documents that the bank had not when we looked, with their digests

    def check(self):
        """To be asked while the gateway is down."""
        self.check_messages()
        self.check_documents()

    def open(self):
        return len(self.requests) - len(self.ended)

    def check_messages(self):
        heard = {}
        for word, rest in self.broker.lines():
            self.test.assertNotIn(word, ("problem", "failed"), rest)
            if word in ("in", "out"):
                number, text = rest.split(" ", 1)
                fields = fields_of(text)
                self.note(word, dict(fields))
                if word == "in":
                    heard[int(number)] = content_of(fields)
        if heard:
            kept = {number: content_of(fields_of(text, "\x01")) for number, text in self.place.query(
                "SELECT number, CAST(bytes AS TEXT) FROM message_out WHERE number BETWEEN ? AND ?",
                min(heard), max(heard))}
            for number, content in heard.items():
                self.test.assertEqual(kept.get(number), content,
                                      f"message {number}, which the broker has, is in the store")

    def note(self, word, values):
        if word == "out" and values[35] == "DY":
            self.requests.add(values[2812])
        elif word == "in" and values.get(2823) in ("3", "4"):
            self.ended.add(values.get(2812))

    def check_documents(self):
        taken = {}
        for word, rest in self.bank.lines():
            self.test.assertNotIn(word, ("differs", "invalid"), rest)
            if word == "took":
                name, digest, _ = rest.split()
                taken[name] = digest
        rows = self.place.query("SELECT rowid, id, bytes FROM document WHERE rowid > ?", self.documents)
        for row, name, data in rows:
            self.given[name] = hashlib.sha256(data).hexdigest()
            self.documents = max(self.documents, row)
        for name, digest in taken.items():
            self.test.assertEqual(self.given.pop(name, None), digest,
                                  f"document {name}, which the bank has, is in the store")
        self.check_given()

    def check_given(self):
        """What the bank does not have yet."""
        waiting = {row[0] for row in self.place.query("SELECT id FROM document WHERE state = 'waiting'")}
        for name in self.given:
            # In this order: the bank moves them while we look.
            there = any((self.place.bank / folder / f"{name}.xml").exists() for folder in ("out", "taken"))
            self.test.assertTrue(there or name in waiting,
                                 f"{name} is called taken, and is not in out/ nor at the bank")


class LoadTest(GatewayTest):
    """A gateway that ends many times while withdrawals and deposits go on."""

    # Files that lay there at the start are read soon: many lives are short.
    config = {"deadline: 30s": "deadline: 30s\n    settle-time: 20ms"}
    definitions = DEFINITIONS
    started = False
    rate = 100  # withdrawals per second, where the disk is as fast
    open_max = 20

    def start_load(self):
        """Goes on until end_load()."""
        self.journal = self.place.folder / "broker.journal"
        self.acknowledged = Acknowledged(self, self.place, self.journal)
        self.bank = self.start_slow_bank("--script", self.bank_script())
        words = [word for key in ("client", "account", "currency", "bank", "payee", "payee-bank", "payee-name")
                 for word in ("--" + key, CLIENT[key])]
        self.broker = self.start_broker("--script", self.broker_script(), "--count", LOAD_MAX, "--rate", self.rate,
                                        "--open", self.open_max, "--amount", "1.00", *words)

    def start_slow_bank(self, *words):
        """Of which something is always open."""
        return self.start_bank("--rules", "--stay", "--delay", "20ms", *words)

    def start_broker(self, *words):
        self.parties.append(start_party(self.place, "broker", "--connect", self.gateway.address, "--quiet",
                                        "--journal", self.journal, *words, output="broker.out"))
        return self.parties[-1]

    def script(self, name, lines, each_ms):
        path = self.place.folder / name
        path.write_text("".join(f"{line}wait for={each_ms}ms\n" for line in lines))
        return path

    def bank_script(self):
        return self.script("bank.txt", (
            f'deposit D-{i} client={CLIENT["client"]} account={CLIENT["account"]} amount=7.00 currency=EUR '
            f'payer={CLIENT["payee"]} payer-bank={CLIENT["payee-bank"]} payer-name=L\n'
            for i in range(LOAD_MAX // DEPOSIT_SHARE)), DEPOSIT_SHARE * 1000 // self.rate)

    def broker_script(self):
        return self.script("broker.txt", (withdraw_line(f"R-{i}", "2.12") for i in range(LOAD_MAX // REFUSED_SHARE)),
                           REFUSED_SHARE * 1000 // self.rate)

    def output(self, name):
        return (self.place.folder / name).read_text()

    def check_parties_go_on(self, when):
        for party, output in ((self.broker, "broker.out"), (self.bank, "bank.out")):
            if party.poll() is not None or "PROBLEM" in self.output(output):
                self.fail(f"{output} {when}:\n{self.output(output)}")

    def end_load(self):
        """With a gateway that is left alone now, all comes to its end; then the proof."""
        self.end_both(0)
        # With their journals they go on where they were, and nothing new comes.
        self.broker, self.bank = self.start_broker("--script", self.script("quiet.txt", [""], 3600000)), self.start_slow_bank()
        eventually(self.is_quiet, "all documents are taken and all has ended", 120)
        self.end_both(0, -signal.SIGTERM)  # there may have been nothing to do, not even to start
        code = self.start_broker("--patience", "20s").wait(timeout=60)
        self.assertEqual(code, 0, self.output("broker.out"))
        self.assertEqual(self.gateway.stop(), 0)
        print(self.output("broker.out"), self.output("bank.out"), sep="\n", flush=True)
        self.check_outcome()
    def end_both(self, *codes):
        for party, output in ((self.broker, "broker.out"), (self.bank, "bank.out")):
            self.assertIn(end_party(party), codes, self.output(output))

    def is_quiet(self):
        return (self.place.query("SELECT 1 FROM instruction WHERE state NOT IN ('settled', 'refused')") == [] and
                self.place.query("SELECT 1 FROM document WHERE state = 'waiting'") == [] and
                not any(file for folder in ("in", "out") for file in (self.place.bank / folder).glob("*.xml")))

    def check_outcome(self):
        check_exactly_once(self, self.place, self.journal)
        for name, state in self.place.query("SELECT request_id, state FROM instruction"):
            self.assertEqual(state, "refused" if name.startswith("R-") else "settled", name)
        self.assert_documents_valid()
        self.outcome = ", ".join(f"{count} {what}" for what, count in self.place.query(
            "SELECT flow || 's ' || state, count(*) FROM instruction GROUP BY 1"))
