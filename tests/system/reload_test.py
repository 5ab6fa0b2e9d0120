#!/usr/bin/env python3
"""SIGHUP: another configuration while withdrawals flow, and what is not taken."""

import re
import signal
import socket
import unittest

from harness import EXAMPLES, FixClient, GatewayTest, eventually, fix_time, run, withdrawal

RULES = (EXAMPLES / "demo-rules.yaml").read_text()
LOWER = RULES.replace("amount > 5000000.00 EUR", "amount > 5.00 EUR").replace("name: too-large", "name: far-too-large")


class Reload(GatewayTest):
    config = {"deadline: 30s": "deadline: 60s"}

    def setUp(self):
        super().setUp()
        self.client = FixClient(self.gateway)
        self.addCleanup(self.client.close)
        self.client.logon()

    def ask(self, name, amount="10.00"):
        self.client.send("DY", *withdrawal(name, amount))

    def answer_to(self, name):
        """What the broker is told of it: the last report, or None while there is none."""
        reports = [dict(fields) for fields in self.client.heard if (35, "EA") in fields and (2812, name) in fields]
        return reports[-1] if reports else None

    def hear_of(self, name):
        while self.answer_to(name) is None:
            fields = self.client.receive_type("EA", "5")
            self.assertIsNotNone(fields, "the connection has ended")
        return self.answer_to(name)

    def reload(self, event):
        count = self.gateway.log().count(f" {event} ")
        self.gateway.process.send_signal(signal.SIGHUP)
        eventually(lambda: self.gateway.log().count(f" {event} ") > count, event)

    def refused(self):
        return re.findall(r" reload-refused (.*)", self.gateway.log())

    def assert_goes_on(self, name):
        """The rules of the start decide, and nobody lost a connection."""
        self.ask(name)
        self.assertNotEqual(self.hear_of(name).get(2813), "2")
        self.assertNotIn("session-end", self.gateway.log())
        self.assertNotIn(" reloaded ", self.gateway.log())

    def test_a_rule_changes_while_withdrawals_flow_and_no_connection_drops(self):
        self.start_bank("--stay")
        for number in range(40):
            self.ask(f"A{number}")
        self.place.write_config(self.config, LOWER)
        self.gateway.process.send_signal(signal.SIGHUP)
        for number in range(40):
            self.ask(f"B{number}")
        eventually(lambda: " reloaded " in self.gateway.log(), "the reload")
        for number in range(40):
            self.ask(f"C{number}")
        told = [self.hear_of(f"{letter}{number}") for letter in "ABC" for number in range(40)]
        for report in told[80:]:
            self.assertEqual(report.get(2813), "2")
            self.assertIn("AM02", report.get(1328))
        self.assertNotIn("session-end", self.gateway.log())
        self.assertNotIn("connection was lost", self.gateway.log())
        # Each has the configuration and the rule that decided it, and they belong together.
        decided = set(self.place.query("SELECT rule, hex(configuration) FROM instruction"))
        self.assertEqual({rule for rule, _ in decided}, {"to-icbc", "far-too-large"})
        self.assertEqual(len(decided), 2, decided)
        eventually(lambda: self.place.query(
            "SELECT count(*) FROM instruction WHERE rule = 'to-icbc' AND state <> 'settled'") == [(0,)], "settled")
        self.assert_books_balance()

    def test_a_broken_file_is_told_with_its_place_and_the_old_one_goes_on(self):
        self.start_bank("--stay")
        self.place.write_config(self.config, RULES.replace("amount >= 5000000.00 CNY", "amount >>= 5000000.00 CNY"))
        self.reload("reload-refused")
        self.assertRegex(self.refused()[0], r"demo-rules\.yaml:12:\d+: ")
        code, _, err = run("check", "-c", self.place.config, place=self.place)
        self.assertEqual(code, 1)
        self.assertEqual(len(self.refused()), len(err.strip().splitlines()))
        self.assert_goes_on("W1")
        self.place.write_config(self.config, LOWER)
        self.reload("reloaded")
        self.ask("W2")
        self.assertEqual(self.hear_of("W2").get(2813), "2")

    def test_what_only_a_start_can_change_is_refused_by_the_name_of_its_key(self):
        self.start_bank("--stay")
        self.place.write_config({**self.config, "target-comp-id: BRKALPHA": "target-comp-id: BRKOMEGA",
                                 "id: PSTK": "id: OTHER", "deadline: 30s": "deadline: 50s"})
        self.reload("reload-refused")
        told = " ".join(self.refused())
        self.assertIn("gateway: id", told)
        self.assertIn("session alpha: target-comp-id", told)
        self.assertNotIn("deadline", told)
        self.assert_goes_on("W1")

    def test_a_channel_neither_comes_nor_goes(self):
        self.place.write_config({**self.config, "  - name: icbc": "  - name: other", "deadline: 30s": "deadline: 60s"},
                                RULES.replace("to: icbc", "to: other"))
        self.reload("reload-refused")
        told = " ".join(self.refused())
        self.assertIn("icbc is gone", told)
        self.assertIn("other is new", told)

    def test_a_session_that_is_new_may_log_on_at_once(self):
        second = ("    bic: ALBRGB2LXXX\n\n  - name: beta\n    dictionary: FIX.4.4\n    sender-comp-id: PENSTOCK\n"
                  "    target-comp-id: BRKBETA\n    bic: BTBRGB2LXXX\n")
        self.place.write_config({**self.config, "    bic: ALBRGB2LXXX\n": second})
        self.reload("reloaded")
        other = FixClient(self.gateway, sender="BRKBETA")
        self.addCleanup(other.close)
        other.logon()
        other.send("D", (11, "A"), (55, "X"), (54, 1), (60, fix_time()), (40, 1))
        self.assertEqual(dict(other.receive_type("D"))[11], "A")
        self.assertNotIn("session-end", self.gateway.log())

    def test_a_session_that_is_removed_is_logged_out(self):
        second = ("    bic: ALBRGB2LXXX\n\n  - name: beta\n    dictionary: FIX.4.4\n    sender-comp-id: PENSTOCK\n"
                  "    target-comp-id: BRKBETA\n    bic: BTBRGB2LXXX\n")
        self.place.write_config({**self.config, "    bic: ALBRGB2LXXX\n": second})
        self.reload("reloaded")
        other = FixClient(self.gateway, sender="BRKBETA")
        self.addCleanup(other.close)
        other.logon()
        self.place.write_config(self.config)
        self.reload("reloaded")
        self.assertEqual(dict(other.receive_type("5"))[58], "the session has been removed")
        other.send("5")
        self.assertIsNone(other.receive())
        self.assert_still_there()

    def test_what_is_kept_of_a_removed_session_is_there_when_it_comes_back(self):
        second = ("    bic: ALBRGB2LXXX\n\n  - name: beta\n    dictionary: FIX.4.4\n    sender-comp-id: PENSTOCK\n"
                  "    target-comp-id: BRKBETA\n    bic: BTBRGB2LXXX\n")
        added = {**self.config, "    bic: ALBRGB2LXXX\n": second}
        self.place.write_config(added)
        self.reload("reloaded")
        other = FixClient(self.gateway, sender="BRKBETA")
        self.addCleanup(other.close)
        other.logon()
        other.send("D", (11, "A"), (55, "X"), (54, 1), (60, fix_time()), (40, 1))
        self.assertEqual(dict(other.receive_type("D"))[34], "2")
        self.place.write_config(self.config)
        self.reload("reloaded")
        self.assertEqual(dict(other.receive_type("5"))[34], "3")
        other.send("5")
        self.assertIsNone(other.receive())
        again = FixClient(self.gateway, sender="BRKBETA")
        again.next_out = other.next_out
        again.send("A", (98, 0), (108, 30))
        self.assertEqual(dict(again.receive())[58], "no session has these CompIDs")
        again.close()
        self.place.write_config(added)
        self.reload("reloaded")
        back = FixClient(self.gateway, sender="BRKBETA")
        self.addCleanup(back.close)
        back.next_out = other.next_out
        back.send("A", (98, 0), (108, 30))
        logon = dict(back.receive())
        self.assertEqual((logon[35], logon[34]), ("A", "4"))
        self.assert_still_there()

    def test_a_dictionary_changes_with_the_next_connection(self):
        extension = self.place.folder / "venue.xml"
        extension.write_text("<fix major='4' minor='4'><header/><trailer/><messages><message name='NewOrderSingle' msgtype='D' "
                             "msgcat='app'><field name='VenueNote' required='N'/></message></messages><components/><fields>"
                             "<field number='6001' name='VenueNote' type='STRING'/></fields></fix>")
        order = ((11, "A"), (55, "X"), (54, 1), (60, fix_time()), (40, 1), (6001, "note"))
        self.client.send("D", *order)
        self.assertEqual(dict(self.client.receive_type("3"))[371], "6001")
        self.place.write_config({**self.config, "FIX44-cash.xml]": f"FIX44-cash.xml, {extension}]"})
        self.reload("reloaded")
        self.client.send("D", *order)
        self.assertEqual(dict(self.client.receive_type("3"))[371], "6001")
        self.client.send("5")
        self.client.receive_type("5")
        self.client.close()
        next_client = FixClient(self.gateway)
        self.addCleanup(next_client.close)
        next_client.next_out = self.client.next_out
        next_client.send("A", (98, 0), (108, 30))
        self.assertEqual(dict(next_client.receive())[35], "A")
        next_client.send("D", *order)
        self.assertEqual(dict(next_client.receive_type("D"))[6001], "note")

    def test_a_session_that_we_begin_is_dialled_when_it_is_new_and_not_when_it_is_removed(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        listener.settimeout(20)
        second = ("    bic: ALBRGB2LXXX\n\n  - name: beta\n    dictionary: FIX.4.4\n    sender-comp-id: PENSTOCK\n"
                  "    target-comp-id: BRKBETA\n    bic: BTBRGB2LXXX\n    initiator:\n"
                  f"      connect: [127.0.0.1:{listener.getsockname()[1]}]\n      pause: 1s\n")
        self.place.write_config({**self.config, "    bic: ALBRGB2LXXX\n": second})
        self.reload("reloaded")
        connection = listener.accept()[0]
        connection.settimeout(20)
        broker = FixClient(connection, sender="BRKBETA")
        self.addCleanup(broker.close)
        self.assertEqual(dict(broker.receive())[56], "BRKBETA")
        broker.send("A", (98, 0), (108, 30))
        eventually(lambda: "session-logon session=beta" in self.gateway.log(), "the logon")
        self.place.write_config(self.config)
        self.reload("reloaded")
        self.assertEqual(dict(broker.receive_type("5"))[58], "the session has been removed")
        broker.send("5")
        self.assertIsNone(broker.receive())
        listener.settimeout(4)
        with self.assertRaises(socket.timeout):
            listener.accept()
        self.assert_still_there()

    def test_a_broker_by_a_template_has_its_session_after_a_restart_too(self):
        template = ("    bic: ALBRGB2LXXX\n\n  - name: brokers\n    dictionary: FIX.4.4\n    sender-comp-id: PENSTOCK\n"
                    "    target-comp-id: '*'\n    any-comp-id: true\n    bic: BTBRGB2LXXX\n")
        self.place.write_config({**self.config, "    bic: ALBRGB2LXXX\n": template})
        self.reload("reloaded")
        other = FixClient(self.gateway, sender="BRKNEW")
        self.addCleanup(other.close)
        other.logon()
        other.send("D", (11, "A"), (55, "X"), (54, 1), (60, fix_time()), (40, 1))
        self.assertEqual(dict(other.receive_type("D"))[11], "A")
        self.gateway.kill()
        self.gateway.start()
        code, out, _ = run("sessions", "-c", self.place.config, place=self.place)
        self.assertEqual(code, 0)
        self.assertIn("brokers:BRKNEW", out)
        back = FixClient(self.gateway, sender="BRKNEW", next_out=other.next_out)
        self.addCleanup(back.close)
        back.send("A", (98, 0), (108, 30))
        logon = dict(back.receive())
        self.assertEqual((logon[35], logon[56]), ("A", "BRKNEW"))
        self.assertGreater(int(logon[34]), 2)

    def assert_still_there(self):
        self.client.send("1", (112, "there?"))
        self.assertEqual(dict(self.client.receive_type("0"))[112], "there?")

    def test_a_session_with_something_open_stays(self):
        """Nobody reads what the bank is sent: the withdrawal is open."""
        self.ask("W1")
        eventually(lambda: self.place.query("SELECT state FROM instruction") == [("sent",)], "sent")
        gone = {"name: alpha": "name: omega", "BRKALPHA": "BRKOMEGA", "session: alpha": "session: omega"}
        self.place.write_config({**self.config, **gone}, RULES.replace("alpha", "omega"))
        self.reload("reload-refused")
        self.assertIn("session alpha must stay until", self.refused()[0])
        self.gateway.kill()
        code, out, err = run("run", "-c", self.place.config, place=self.place)
        self.assertEqual((code, out), (3, ""))
        self.assertIn("session alpha must stay until", err)
        self.place.write_config(self.config)
        self.gateway.start()

    def test_signals_that_come_fast_are_one_reload_more_at_most(self):
        for _ in range(50):
            self.gateway.process.send_signal(signal.SIGHUP)
        eventually(lambda: " reloaded " in self.gateway.log(), "a reload")
        self.place.write_config(self.config, LOWER)
        self.gateway.process.send_signal(signal.SIGHUP)
        eventually(lambda: len(self.place.query("SELECT 1 FROM configuration")) == 2, "the last one is taken")
        self.ask("W1")
        self.assertEqual(self.hear_of("W1").get(2813), "2")
        self.assertEqual(self.gateway.process.poll(), None)


if __name__ == "__main__":
    unittest.main()
