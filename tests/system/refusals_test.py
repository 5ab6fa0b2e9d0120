#!/usr/bin/env python3
"""What gets a clear error, with nothing lost: requests that cannot be, and
peers that do not behave."""

import socket
import unittest

from harness import FixClient, GatewayTest, eventually, fix_time, withdrawal


class Refusals(GatewayTest):
    def client(self, **more):
        client = FixClient(self.gateway, **more)
        self.addCleanup(client.close)
        return client

    def logged_on(self):
        client = self.client()
        client.logon()
        return client

    def refusal_of(self, fields):
        """The EA that refuses a withdrawal; a DZ goes before it."""
        client = self.logged_on()
        client.send("DY", *fields)
        first = dict(client.receive_type("DZ", "EA", "3", "j"))
        self.assertEqual(first[35], "DZ", first)
        return dict(client.receive_type("EA", "3", "j"))

    def assert_refused(self, fields, code):
        report = self.refusal_of(fields)
        self.assertEqual((report[35], report[2804], report[2813], report[2823]), ("EA", "0", "2", "4"), report)
        self.assertEqual(report[1328][:4], code, report)
        self.assertEqual(self.place.query("SELECT sum(reserved_minor) FROM balance"), [(0,)])
        return report

    # ------------------------------------------------------------ sessions

    def test_a_logon_of_an_unknown_compid_is_refused_and_logged(self):
        client = self.client(sender="NOBODY")
        client.send("A", (98, 0), (108, 30))
        answer = client.receive()
        self.assertTrue(answer is None or dict(answer)[35] == "5", answer)
        if answer:
            self.assertIsNone(client.receive())
        eventually(lambda: "logon-unknown" in self.gateway.log(), "the log line")

    def test_a_second_connection_of_a_live_session_does_not_disturb_it(self):
        first = self.logged_on()
        second = self.client()
        second.send("A", (98, 0), (108, 30))
        answer = second.receive()
        self.assertTrue(answer is None or dict(answer)[35] == "5", answer)
        first.send("1", (112, "still there"))
        self.assertEqual(dict(first.receive_type("0"))[112], "still there")

    def test_a_connection_without_a_logon_is_closed(self):
        client = self.client()
        client.send_raw(b"GET / HTTP/1.1\r\n\r\n")
        self.assertIsNone(client.receive(seconds=20))

    def test_a_message_over_the_size_limit_does_not_end_the_gateway(self):
        client = self.logged_on()
        client.send("DY", *withdrawal("W1"), (58, "x" * 200000))
        client.send("DY", *withdrawal("W2"))
        self.assertEqual(dict(client.receive_type("DZ"))[2812], "W2")
        self.assertEqual(self.place.query("SELECT count(*) FROM instruction WHERE request_id = 'W1'"), [(0,)])

    def test_garbled_bytes_are_passed_over(self):
        client = self.logged_on()
        client.send_raw(b"8=FIX.4.4\x019=5\x0135=0\x0110=000\x01 noise ")
        client.send("1", (112, "still there"))
        self.assertEqual(dict(client.receive_type("0"))[112], "still there")

    def test_a_flood_of_connections_is_survived(self):
        crowd = []
        for _ in range(300):
            try:
                crowd.append(socket.create_connection(self.gateway.host_and_port(), timeout=5))
            except OSError:
                break
        for connection in crowd:
            connection.close()
        client = eventually(self.try_logon, "a logon after the flood")
        client.send("1", (112, "still there"))
        self.assertEqual(dict(client.receive_type("0"))[112], "still there")

    def test_no_more_files_to_open_is_told_and_survived(self):
        self.gateway.stop()
        self.gateway.files_max = 100
        self.gateway.start()
        crowd = [socket.create_connection(self.gateway.host_and_port(), timeout=5) for _ in range(100)]
        eventually(lambda: "connection-refused" in self.gateway.log(), "the log line")
        self.assertEqual(self.gateway.ask("sessions")[0], 0, "operators are still heard")
        for connection in crowd:
            connection.close()
        client = eventually(self.try_logon, "a logon after the flood")
        client.send("DY", *withdrawal("W1"))
        self.assertEqual(dict(client.receive_type("DZ"))[2812], "W1")

    def try_logon(self):
        client = self.client()
        client.send("A", (98, 0), (108, 30))
        answer = client.receive()
        return client if answer and dict(answer)[35] == "A" else None

    def test_a_peer_that_does_not_read_is_cut_off_and_memory_stays_bounded(self):
        client = self.logged_on()
        client.socket.settimeout(60)
        sent = 0
        try:
            for number in range(20000):
                client.send("D", (11, f"C{number}"), (55, "X"), (54, 1), (60, fix_time()), (40, 1), (58, "y" * 4000))
                sent += 1
        except OSError:
            pass
        self.assertLess(self.memory("VmRSS"), 400, f"MB after {sent} messages")
        self.assertIsNone(self.gateway.process.poll())

    # ------------------------------------------------------------ requests

    def test_a_missing_field_gets_a_reject_with_its_tag(self):
        client = self.logged_on()
        number = client.send("DY", *withdrawal("W1", without=(2817,)))
        reject = dict(client.receive_type("3"))
        self.assertEqual((reject[45], reject[371], reject[372], reject[373]), (str(number), "2817", "DY", "1"))
        client.send("DY", *withdrawal("W2"))
        self.assertEqual(dict(client.receive_type("DZ"))[2812], "W2")

    def test_amounts_that_are_none_are_refused_with_their_text(self):
        for amount in ("0", "0.00", "-5.00", "1.234", "12345678901234567890", "00000000000.00"):
            with self.subTest(amount):
                self.clean_up()
                self.setUp()
                report = self.assert_refused(withdrawal("W1", amount), "AM12")
                self.assertIn(amount, report[1328])

    def test_an_amount_with_an_exponent_is_no_amount(self):
        client = self.logged_on()
        client.send("DY", *withdrawal("W1", "1e3"))
        reject = dict(client.receive_type("3", "EA"))
        self.assertEqual((reject[35], reject[371], reject[373]), ("3", "2817", "6"))

    def test_a_currency_that_does_not_exist_is_refused(self):
        self.assert_refused(withdrawal("W1", currency="XQX"), "AM03")

    def test_an_unknown_client_is_refused(self):
        self.assert_refused(withdrawal("W1", client="C-9999"), "BE06")

    def test_an_account_that_is_not_linked_to_the_client_is_refused(self):
        self.assert_refused(withdrawal("W1", account="CMA-CNY-7001"), "MD01")

    def test_a_payee_that_is_not_the_clients_own_account_is_refused(self):
        self.assert_refused(withdrawal("W1", payee="DE73993040500071230455"), "MD01")

    def test_a_day_that_has_passed_is_refused(self):
        self.assert_refused(withdrawal("W1", replace={2826: "20200102"}.items()), "DT01")

    def test_a_bank_that_keeps_no_custody_account_is_refused(self):
        self.assert_refused(withdrawal("W1", bank="XXXXDEFFXXX"), "AGNT")

    def test_more_money_than_there_is_is_refused(self):
        self.assert_refused(withdrawal("W1", "499999.99", client="C-1004", payee="FR5299980000010007123045142",
                                       **{"payee-bank": "SEBXFRPPXXX"}), "AM04")

    def test_a_message_type_that_nobody_takes_gets_a_business_reject(self):
        client = self.logged_on()
        number = client.send("B", (148, "headline"), (33, 1), (58, "line"))
        reject = dict(client.receive_type("j"))
        self.assertEqual((reject[45], reject[372], reject[380]), (str(number), "B", "3"))

    def test_a_bank_that_no_channel_reaches_gets_a_business_reject(self):
        client = self.logged_on()
        client.send("DY", *withdrawal("W1"), header=[(128, "NOWHERE")])
        reject = dict(client.receive_type("j"))
        self.assertEqual((reject[372], reject[380]), ("DY", "7"))

    def test_a_cancel_is_answered(self):
        client = self.logged_on()
        fields = [(tag, 1 if tag == 2811 else value) for tag, value in withdrawal("W1")]
        client.send("DY", *fields)
        self.assertEqual(dict(client.receive_type("j"))[380], "5")

    # ------------------------------------------------------------ echo

    def test_an_order_is_echoed_byte_for_byte_under_a_new_header(self):
        client = self.logged_on()
        body = [(11, "TEST-1"), (55, "X|Y"), (54, 1), (60, "20250314-09:30:00"), (40, 1), (58, "  two  blanks ")]
        client.send("D", *body)
        echo = client.receive_type("D")
        self.assertEqual([(tag, str(value)) for tag, value in body],
                         [pair for pair in echo if pair[0] not in (8, 9, 35, 49, 56, 34, 52, 10)])
        self.assertEqual((dict(echo)[49], dict(echo)[56]), ("PENSTOCK", "BRKALPHA"))

    def test_an_order_that_is_sent_again_is_echoed_once(self):
        client = self.logged_on()
        for _ in range(2):
            client.send("D", (11, "TEST-1"), (55, "X"), (54, 1), (60, fix_time()), (40, 1), header=[(97, "Y")])
        client.send("1", (112, "done"))
        types = []
        while True:
            message = dict(client.receive())
            types.append(message[35])
            if message[35] == "0":
                break
        self.assertEqual(types.count("D"), 1, types)


if __name__ == "__main__":
    unittest.main()
