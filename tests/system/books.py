"""What a store proves by itself, whatever was killed when."""

from harness import run

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


def check_books(test, place):
    check_balances(test, place)
    check_ledger(test, place)
    check_events(test, place)
    code, out, err = run("store", "verify", place.store)
    test.assertEqual(code, 0, out + err)
