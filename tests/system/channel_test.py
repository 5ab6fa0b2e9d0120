#!/usr/bin/env python3
"""Files of a bank, good and bad, and the traps of a folder as a channel."""

import os
import threading
import time
import unittest

from harness import STATUS, FixClient, GatewayTest, eventually, run_broker, withdraw_line, withdrawal


class Channel(GatewayTest):
    def setUp(self):
        super().setUp()
        eventually(lambda: (self.place.bank / "in").exists(), "the channel's folders")

    def tearDown(self):
        self.assert_documents_valid()

    def reason_of(self, name):
        eventually((self.place.bank / "refused" / name).exists, f"{name} in refused/")
        return (self.place.bank / "refused" / f"{name}.reason").read_text()

    def answers(self, definition):
        """Our documents of this type, waiting in out/."""
        return [path for path in (self.place.bank / "out").glob("*.xml") if definition in path.read_text()]

    def order(self, name, amount="10.00"):
        """A withdrawal whose order lies in out/; its document id."""
        client = FixClient(self.gateway)
        self.addCleanup(client.close)
        client.logon(reset=True)
        client.send("DY", *withdrawal(name, amount))
        client.receive_type("DZ")
        return eventually(lambda: self.place.query(
            "SELECT order_id FROM instruction WHERE request_id = ? AND state = 'sent'", name), "the order")[0][0]

    def status(self, **values):
        return STATUS.format(**{"id": "BANK-1", "request": "W1", **values})

    def state(self):
        return self.place.query("SELECT state FROM instruction")[0][0]

    def test_what_is_no_xml_is_refused_with_a_reason(self):
        self.bank_file("bad.xml", "this is no XML")
        self.assertTrue(self.reason_of("bad.xml").strip())
        self.assertEqual(self.answers("admi.002"), [], "there is no id to answer to")

    def test_a_document_over_the_limit_is_refused_without_being_read(self):
        before = self.memory("VmRSS")
        for name, size in (("large", 3 * 2**30), ("one-byte-more", 16 * 2**20 + 1)):
            hidden = self.place.bank / "in" / f".{name}.tmp"
            with open(hidden, "wb") as file:
                file.truncate(size)
            hidden.rename(self.place.bank / "in" / f"{name}.xml")
            self.assertIn(f"refused: {size} bytes, and document-size-max is {16 * 2**20}", self.reason_of(f"{name}.xml"))
        self.assertLess(self.memory("VmHWM") - before, 4)

    def test_what_is_not_valid_is_refused_and_the_bank_is_told(self):
        self.bank_file("bad.xml", self.status(order="X", status="ACSC").replace("TxSts", "TxStss"))
        self.assertIn("TxSts", self.reason_of("bad.xml"))
        eventually(lambda: self.answers("admi.002.001.01"), "an admi.002")

    def test_a_doctype_is_refused_before_anything_expands(self):
        text = self.status(order="X", status="ACSC").replace(
            "<RequestPayload>", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><RequestPayload>', 1)
        self.bank_file("doctype.xml", text)
        self.reason_of("doctype.xml")

    def test_a_refusal_is_never_answered_with_another(self):
        text = self.status(order="X", status="ACSC")
        document = text.index("<Document")
        text = text[:document].replace("pacs.002.001.10", "admi.002.001.01") + \
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:admi.002.001.01"><admi.002.001.01><Nonsense/>' \
            "</admi.002.001.01></Document></RequestPayload>\n"
        self.bank_file("refusal.xml", text)
        self.reason_of("refusal.xml")
        time.sleep(0.5)
        self.assertEqual(self.answers("admi.002.001.01"), [])

    def test_a_status_for_an_unknown_instruction_moves_nothing(self):
        self.bank_file("unknown.xml", self.status(order="PSTK-NOBODY-1-1", request="NOBODY", status="ACSC"))
        self.assertIn("unknown", self.reason_of("unknown.xml").lower())
        self.assertEqual(self.place.query("SELECT count(*) FROM instruction"), [(0,)])

    def test_the_same_document_again_changes_nothing(self):
        order = self.order("W1")
        for name in ("a.xml", "b.xml"):
            self.bank_file(name, self.status(order=order, status="ACSC"))
            eventually(lambda: (self.place.bank / "done" / name).exists() or
                       (self.place.bank / "refused" / name).exists(), name)
        self.assertEqual(self.state(), "settled")
        self.assert_books_balance()

    def test_the_same_id_with_other_content_is_refused(self):
        order = self.order("W1")
        self.bank_file("a.xml", self.status(order=order, status="ACSP"))
        eventually(lambda: self.state() == "pending", "pending")
        self.bank_file("b.xml", self.status(order=order, status="ACSC"))
        self.reason_of("b.xml")
        self.assertEqual(self.state(), "pending")

    def test_a_status_that_contradicts_the_end_is_an_alert_and_moves_no_money(self):
        order = self.order("W1")
        self.bank_file("a.xml", self.status(order=order, status="RJCT", id="BANK-1"))
        eventually(lambda: self.state() == "refused", "refused")
        self.bank_file("b.xml", self.status(order=order, status="ACSC", id="BANK-2"))
        eventually(lambda: "contradiction" in self.gateway.log(), "the alert")
        self.assertEqual(self.state(), "refused")
        self.assert_books_balance()

    def test_a_file_that_grows_slowly_is_taken_once_and_whole(self):
        order = self.order("W1")
        text = self.status(order=order, status="ACSC").encode()
        with open(self.place.bank / "in" / "slow.xml", "wb", buffering=0) as file:
            for start in range(0, len(text), 300):
                file.write(text[start:start + 300])
                time.sleep(0.7)
        eventually(lambda: self.state() == "settled", "settled")
        self.assertTrue((self.place.bank / "done" / "slow.xml").exists())
        self.assertFalse((self.place.bank / "refused" / "slow.xml").exists())

    def test_files_that_are_not_to_be_touched_stay(self):
        inbox = self.place.bank / "in"
        (inbox / ".hidden.xml").write_text("x")
        (inbox / "half.tmp").write_text("x")
        os.symlink("/etc/passwd", inbox / "link.xml")
        os.mkfifo(inbox / "pipe.xml")
        time.sleep(2.5)
        self.assertEqual(sorted(path.name for path in inbox.iterdir()),
                         [".hidden.xml", "half.tmp", "link.xml", "pipe.xml"])
        self.assertIn("file-fault", self.gateway.log())

    def test_a_file_that_came_while_the_gateway_was_down_is_taken(self):
        order = self.order("W1")
        self.gateway.stop()
        self.bank_file("a.xml", self.status(order=order, status="ACSC"))
        self.gateway.start()
        eventually(lambda: self.state() == "settled", "settled")

    def test_an_order_that_cannot_be_written_is_offered_again(self):
        out = self.place.bank / "out"
        for path in out.iterdir():
            path.unlink()
        out.rmdir()
        out.write_text("in the way")
        client = FixClient(self.gateway)
        self.addCleanup(client.close)
        client.logon(reset=True)
        client.send("DY", *withdrawal("W1"))
        client.receive_type("DZ")
        eventually(lambda: "channel-fault" in self.gateway.log(), "the alert")
        self.assertEqual(self.state(), "accepted")
        out.unlink()
        eventually(lambda: self.state() == "sent", "sent after all", seconds=30)

    def test_a_thousand_files_at_once_are_all_filed(self):
        for number in range(1000):
            self.bank_file(f"{number:04}.xml", self.status(order=f"NO-{number}", request=f"NO-{number}",
                                                           status="ACSC", id=f"BANK-{number}"))
        eventually(lambda: not list((self.place.bank / "in").glob("*.xml")), "an empty in/", seconds=60)
        filed = [path for folder in ("done", "refused") for path in (self.place.bank / folder).glob("*.xml")]
        self.assertEqual(len(filed), 1000)

    def test_broker_and_bank_agree_after_the_bank_was_killed(self):
        bank = self.start_bank("--stay", "--delay", "300ms")
        bank_killed = []

        def kill_and_start():
            bank.kill()
            bank.wait()
            bank_killed.append(self.start_bank("--stay"))

        timer = threading.Timer(1.0, kill_and_start)
        timer.start()
        lines = "".join(withdraw_line(f"W{i}", "1.00") for i in range(30))
        code, output = run_broker(self.gateway, lines + "".join(f"expect W{i} settled within=30s\n" for i in range(30)))
        timer.join()
        self.assertEqual(code, 0, output)
        self.assert_books_balance()


if __name__ == "__main__":
    unittest.main()
