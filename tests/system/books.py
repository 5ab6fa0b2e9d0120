"""What a store proves by itself, and what the records of the three parties prove
together, whatever was killed when."""

import collections
import decimal
import hashlib

from harness import run
from records import BankRecords, BrokerRecords, content_of, fields_of

LEDGER_OF = {
    # (flow, state): movements of an instruction in that state, in order
    ("withdrawal", "held"): [("free", "reserved")],
    ("withdrawal", "accepted"): [("free", "reserved")],
    ("withdrawal", "sent"): [("free", "reserved")],
    ("withdrawal", "pending"): [("free", "reserved")],
    ("withdrawal", "in_doubt"): [("free", "reserved")],
    ("withdrawal", "settled"): [("free", "reserved"), ("reserved", "outside")],
    ("deposit", "settled"): [("outside", "free")],
}


def check_balances(test, place):
    """Each balance is the sum of its ledger entries."""
    sums = {}
    for account, client, currency, debit, credit, amount in place.query(
            "SELECT account, client, currency, debit, credit, amount_minor FROM ledger"):
        for side, value in ((debit, -amount), (credit, amount)):
            key = (account, client, currency, side)
            sums[key] = sums.get(key, 0) + value
    for account, client, currency, free, reserved in place.query(
            "SELECT account, client, currency, free_minor, reserved_minor FROM balance"):
        key = (account, client, currency)
        test.assertEqual(sums.get((*key, "free"), 0), free, key)
        test.assertEqual(sums.get((*key, "reserved"), 0), reserved, key)


def check_ledger(test, place):
    """Each instruction moved its money exactly as its state says."""
    movements = {}
    for number, debit, credit, amount in place.query(
            "SELECT instruction, debit, credit, amount_minor FROM ledger WHERE instruction IS NOT NULL "
            "ORDER BY instruction, sequence"):
        movements.setdefault(number, []).append((debit, credit, amount))
    for number, flow, state, amount in place.query("SELECT number, flow, state, amount_minor FROM instruction"):
        moved = movements.get(number, [])
        sides = [(debit, credit) for debit, credit, _ in moved]
        if (flow, state) == ("withdrawal", "refused"):
            test.assertIn(sides, ([], [("free", "reserved"), ("reserved", "free")]), number)
        else:
            test.assertEqual(sides, LEDGER_OF.get((flow, state), []), (number, flow, state))
        for _, _, moved_amount in moved:
            test.assertEqual(moved_amount, amount, number)


def check_events(test, place):
    """The events of an instruction are a chain that ends in its state."""
    chains = {}
    for number, sequence, before, after in place.query(
            "SELECT instruction, sequence, state_from, state_to FROM event ORDER BY instruction, sequence"):
        chain = chains.setdefault(number, [])
        test.assertEqual(sequence, len(chain) + 1, number)
        test.assertEqual(before, chain[-1] if chain else "none", (number, sequence))
        chain.append(after)
    for number, state in place.query("SELECT number, state FROM instruction"):
        test.assertEqual(chains[number][-1], state, number)


def check_database(test, place):
    """The file itself, by SQLite's own means."""
    test.assertEqual(place.query("PRAGMA integrity_check"), [("ok",)])
    test.assertEqual(place.query("PRAGMA foreign_key_check"), [])


def check_books(test, place):
    check_balances(test, place)
    check_ledger(test, place)
    check_events(test, place)
    code, out, err = run("store", "verify", place.store)
    test.assertEqual(code, 0, out + err)


# ---------------------------------------------------------------- the three parties


def minor(amount):
    """An amount in cents."""
    return int(decimal.Decimal(amount) * 100)


class Parties:
    """What broker, gateway and bank have each written down of the same payments."""

    def __init__(self, test, place, journal):
        self.test, self.place = test, place
        self.broker, self.bank = BrokerRecords(journal), BankRecords(place.bank)
        self.withdrawals = {row[0]: row[1:] for row in place.query(
            "SELECT request_id, state, amount_minor, order_id, order_instruction, id FROM instruction "
            "WHERE flow = 'withdrawal'")}
        self.deposits = {row[0]: row[1:] for row in place.query(
            "SELECT request_id, state, amount_minor, report_id FROM instruction WHERE flow = 'deposit'")}

    def check(self):
        self.test.assertEqual(self.broker.problems, [])
        self.test.assertEqual(self.bank.problems, [])
        self.check_messages()
        self.check_requests()
        self.check_orders()
        self.check_deposits()
        self.check_documents()
        self.check_sums()

    def check_messages(self):
        """A number is one message, for the broker and for the gateway."""
        for name, table, theirs in (("to the broker", "message_out", self.broker.heard),
                                    ("from the broker", "message_in", self.broker.said)):
            ours = {number: content_of(fields_of(data, "\x01")) for number, data in self.place.query(
                f"SELECT number, CAST(bytes AS TEXT) FROM {table}")}
            for number, contents in theirs.items():
                self.test.assertEqual(len(contents), 1, f"number {number} {name} is one message: {contents}")
                self.test.assertEqual(ours.get(number), contents[0], f"number {number} {name} is recorded")

    def check_requests(self):
        """Each has one instruction, one receipt, and one outcome, which is the instruction's state."""
        self.test.assertEqual(set(self.broker.requests), set(self.withdrawals))
        for name, (state, amount, *_, ours) in self.withdrawals.items():
            self.test.assertEqual(minor(self.broker.requests[name]), amount, name)
            self.test.assertIn(name, self.broker.receipts, f"{name} was received")
            finals = self.broker.finals.get(name, set())
            self.test.assertEqual(len(finals), 1, f"{name} has one outcome: {finals}")
            report, status = next(iter(finals))
            self.test.assertEqual(status, {"settled": "3", "refused": "4"}[state], name)
            self.test.assertTrue(report.startswith(f"{ours}-R"), (name, report))
        for report, contents in self.broker.reports.items():
            self.test.assertEqual(len(contents), 1, f"report {report} says one thing: {contents}")

    def check_orders(self):
        """Each withdrawal that went to the bank is there as one order of the same amount."""
        orders = {order: (request, amount) for request, (_, amount, order, *_) in self.withdrawals.items() if order}
        self.test.assertEqual(set(self.bank.orders), set(orders))
        instructions = collections.Counter()
        for order, (request, amount) in orders.items():
            said = self.bank.orders[order]
            self.test.assertEqual(minor(said.amount), amount, order)
            instructions[said.end_to_end] += 1
            wanted = {"ACSC": "settled", "RJCT": "refused"}[self.bank.answers[order][-1]]
            self.test.assertEqual(self.withdrawals[request][0], wanted, request)
        self.test.assertEqual(set(instructions.values()) - {1}, set(), "one order for each payment")

    def check_deposits(self):
        """Each that the bank announced was announced to the broker once, and credited with its yes."""
        self.test.assertEqual(set(self.deposits), set(self.bank.announced))
        reports = {report: name for name, (_, _, report) in self.deposits.items()}
        self.test.assertEqual(set(self.broker.announcements), set(reports))
        for name, (state, amount, report) in self.deposits.items():
            self.test.assertEqual(minor(self.bank.announced[name]), amount, name)
            self.test.assertEqual(minor(self.broker.announcements[report]), amount, name)
            self.test.assertEqual(state, "settled", name)
            self.test.assertIn("1", self.broker.answers[report], name)
            self.test.assertIn("ACSP", self.bank.replies[name], name)
            self.test.assertLessEqual(self.bank.replies[name], {"RCVD", "PDNG", "ACSP"}, name)

    def check_documents(self):
        """Each document that left is at the bank with the same bytes, each of the bank's is in the inbox once."""
        ours = {name: (hashlib.sha256(data).hexdigest(), state) for name, data, state in self.place.query(
            "SELECT id, bytes, state FROM document")}
        self.test.assertEqual({name: (digest, "taken") for name, digest in self.bank.took.items()}, ours)
        inbox = {row[0] for row in self.place.query("SELECT id FROM inbox")}
        self.test.assertEqual(inbox, self.bank.written())

    def check_sums(self):
        """The same money for all three, and for the ledger."""
        settled = [sum(minor(self.broker.requests[name]) for name, finals in self.broker.finals.items()
                       if {status for _, status in finals} == {"3"}),
                   sum(amount for state, amount, *_ in self.withdrawals.values() if state == "settled"),
                   sum(minor(order.amount) for name, order in self.bank.orders.items()
                       if self.bank.answers[name][-1] == "ACSC"),
                   self.moved("reserved", "outside")]
        credited = [sum(minor(self.broker.announcements[report]) for report, answers in self.broker.answers.items()
                        if "1" in answers),
                    sum(amount for state, amount, _ in self.deposits.values() if state == "settled"),
                    sum(minor(amount) for amount in self.bank.announced.values()),
                    self.moved("outside", "free")]
        self.test.assertEqual(len(set(settled)), 1, f"broker, gateway, bank, ledger: {settled}")
        self.test.assertEqual(len(set(credited)), 1, f"broker, gateway, bank, ledger: {credited}")
        free, reserved = self.place.query("SELECT total(free_minor), total(reserved_minor) FROM balance")[0]
        self.test.assertEqual(reserved, 0, "nothing is reserved when all has ended")
        self.test.assertEqual(free, self.moved("opening", "free") - settled[0] + credited[0])

    def moved(self, debit, credit):
        return self.place.query("SELECT coalesce(sum(amount_minor), 0) FROM ledger WHERE debit = ? AND credit = ?",
                                debit, credit)[0][0]


def check_exactly_once(test, place, journal):
    """When all has ended: every instruction happened exactly once."""
    check_database(test, place)
    check_books(test, place)
    Parties(test, place, journal).check()
