#!/usr/bin/env python3
"""What leaves is durable before it leaves: the order of writes, fsyncs, renames
and messages, as the system sees them."""

import os
import unittest

from harness import STATUS, FixClient, Gateway, GatewayTest, eventually, withdrawal

LOGGER = os.path.join(os.environ.get("PENSTOCK_TOOLS", ""), "libdisk_log.so")


class Durability(GatewayTest):
    started = False

    def setUp(self):
        super().setUp()
        if not os.path.exists(LOGGER):
            self.skipTest(f"{LOGGER} is not built")
        self.disk_log = self.place.folder / "disk.log"
        self.gateway = Gateway(self.place, LD_PRELOAD=LOGGER, DISK_LOG=str(self.disk_log)).start()
        self.gateway.import_demo()
        self.client = FixClient(self.gateway)
        self.addCleanup(self.client.close)
        self.client.logon()

    def lines(self):
        """(what, path or message type, new path) of each, paths from the test's folder."""
        folder = str(self.place.folder) + "/"
        for line in self.disk_log.read_text().splitlines():
            words = [word.replace(folder, "") for word in line.split()]
            yield words[0], words[1], words[2] if len(words) > 2 else None

    def withdraw(self, name):
        self.client.send("DY", *withdrawal(name))
        self.client.receive_type("DZ")
        return eventually(lambda: self.place.query(
            "SELECT order_id FROM instruction WHERE request_id = ? AND state = 'sent'", name), "sent")[0][0]

    def test_a_message_leaves_after_its_record_was_synced(self):
        for number in range(5):
            self.withdraw(f"W{number}")
        unsynced = False
        sent = 0
        for what, path, _ in self.lines():
            if path == "penstock.db-wal":
                unsynced = what == "write"
            if what == "send" and path in ("DZ", "EA"):
                self.assertFalse(unsynced, f"message {sent} left before its commit was synced")
                sent += 1
        self.assertEqual(sent, 5)

    def test_a_document_is_synced_then_renamed_then_its_folder_is_synced(self):
        order = self.withdraw("W1")
        hidden, name = f"bank/out/.{order}.xml.tmp", f"bank/out/{order}.xml"
        steps = [(what, path) for what, path, new in self.lines()
                 if path in (hidden, "bank/out") or new == name]
        while steps[0] == ("sync", "bank/out"):
            steps.pop(0)
        self.assertEqual([steps[0], steps[-3], steps[-2], steps[-1]],
                         [("write", hidden), ("sync", hidden), ("rename", hidden), ("sync", "bank/out")])

    def test_a_document_is_not_called_taken_before_its_folder_was_synced(self):
        self.withdraw("W1")
        lines = [(what, path) for what, path, _ in self.lines() if path in ("bank/out", "penstock.db-wal")]
        taken = max(index for index, line in enumerate(lines) if line == ("sync", "penstock.db-wal"))
        self.assertIn(("sync", "bank/out"), lines[:taken])

    def test_a_banks_document_moves_after_its_record_was_synced_and_both_folders_are_synced(self):
        order = self.withdraw("W1")
        self.bank_file("a.xml", STATUS.format(order=order, request="W1", status="ACSC", id="BANK-1"))
        eventually((self.place.bank / "done" / "a.xml").exists, "the file is filed")
        eventually(lambda: list(self.lines())[-1][:2] == ("sync", "bank/in"), "in/ is synced")
        lines = list(self.lines())
        moved = lines.index(("rename", "bank/in/a.xml", "bank/done/a.xml"))
        wal = [what for what, path, _ in lines[:moved] if path == "penstock.db-wal"]
        self.assertEqual(wal[-1], "sync", "the settlement was durable before the file moved")
        self.assertIn(("sync", "bank/done", None), lines[moved:])
        self.assertIn(("sync", "bank/in", None), lines[moved:])

    def test_a_refused_file_has_a_durable_reason_before_it_moves(self):
        self.bank_file("bad.xml", "no XML")
        eventually((self.place.bank / "refused" / "bad.xml").exists, "the file is filed")
        lines = list(self.lines())
        moved = lines.index(("rename", "bank/in/bad.xml", "bank/refused/bad.xml"))
        reason = lines.index(("rename", "bank/refused/.bad.xml.reason.tmp", "bank/refused/bad.xml.reason"))
        self.assertIn(("sync", "bank/refused/.bad.xml.reason.tmp", None), lines[:reason])
        self.assertIn(("sync", "bank/refused", None), lines[reason:moved])


if __name__ == "__main__":
    unittest.main()
