#!/usr/bin/env python3
"""Sessions in which the gateway connects to the broker: over TLS or not, to the next
address when one is dead, and again when the connection is lost."""

import shutil
import socket
import ssl
import unittest

from harness import FixClient, Gateway, Place, eventually, withdrawal
from tls_test import make_certificates


class Initiator(unittest.TestCase):
    def listen(self):
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(20)
        self.addCleanup(listener.close)
        return listener

    def start(self, *listeners, more="", place=None):
        addresses = ", ".join("127.0.0.1:%d" % each.getsockname()[1] for each in listeners)
        self.place = place or Place()
        self.addCleanup(self.place.remove)
        self.place.write_config({"    target-comp-id: BRKALPHA\n": "    target-comp-id: BRKALPHA\n    initiator:\n"
                                 f"      connect: [{addresses}]\n      heartbeat: 7s\n" + more})
        self.gateway = Gateway(self.place).start()
        self.addCleanup(lambda: self.gateway.process.poll() is None and self.gateway.kill())
        self.gateway.import_demo()

    def accept(self, listener, wrap=lambda raw: raw):
        connection = wrap(listener.accept()[0])
        connection.settimeout(20)
        client = FixClient(connection)
        self.addCleanup(client.close)
        return client

    def answer_logon(self, client):
        logon = dict(client.receive())
        self.assertEqual((logon[35], logon[49], logon[56], logon[108]), ("A", "PENSTOCK", "BRKALPHA", "7"))
        client.send("A", (98, 0), (108, 7))
        return int(logon[34])

    def test_a_withdrawal_over_a_connection_that_we_began(self):
        listener = self.listen()
        self.start(listener)
        client = self.accept(listener)
        self.assertEqual(self.answer_logon(client), 1)
        client.send("DY", *withdrawal("W-1", "10.00"))
        self.assertEqual(dict(client.receive_type("DZ"))[35], "DZ")
        eventually(lambda: list((self.place.bank / "out").glob("*.xml")), "the order")
        client.send("5")
        client.receive_type("5")
        client.close()
        self.assertEqual(self.gateway.stop(), 0)

    def test_a_lost_connection_is_begun_again_with_the_next_numbers(self):
        listener = self.listen()
        self.start(listener)
        first = self.accept(listener)
        self.answer_logon(first)
        eventually(lambda: "session-logon" in self.gateway.log(), "the Logon")
        first.close()
        second = self.accept(listener)
        second.next_out = first.next_out
        self.assertGreater(self.answer_logon(second), 1)

    def test_the_next_address_when_one_is_dead(self):
        dead, listener = self.listen(), self.listen()
        self.start(dead, listener, more="      local-address: 127.0.0.1:0\n")
        dead.close()
        self.gateway.stop()
        self.gateway.start()
        self.answer_logon(self.accept(listener))
        eventually(lambda: "dial-failed session=alpha" in self.gateway.log(), "the dead one")

    @unittest.skipUnless(shutil.which("openssl"), "no openssl to make certificates with")
    def test_over_tls_with_a_certificate_of_ours(self):
        listener, place = self.listen(), Place()
        tls = place.folder / "tls"
        make_certificates(tls)
        self.start(listener, place=place, more="      trusted: tls/ca.pem\n      certificate: tls/broker.pem\n"
                   "      key: tls/broker.key\n")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=tls / "ca.pem")
        context.load_cert_chain(tls / "gateway.pem", tls / "gateway.key")
        context.verify_mode = ssl.CERT_REQUIRED
        client = self.accept(listener, lambda raw: context.wrap_socket(raw, server_side=True))
        self.assertIn((("commonName", "Broker Alpha"),), client.socket.getpeercert()["subject"])
        self.answer_logon(client)

    @unittest.skipUnless(shutil.which("openssl"), "no openssl to make certificates with")
    def test_a_broker_that_is_somebody_else_hears_nothing(self):
        listener, place = self.listen(), Place()
        tls = place.folder / "tls"
        make_certificates(tls)
        self.start(listener, place=place, more="      trusted: tls/ca.pem\n      host: elsewhere.example\n")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(tls / "gateway.pem", tls / "gateway.key")
        with self.assertRaises(ssl.SSLError):
            self.accept(listener, lambda raw: context.wrap_socket(raw, server_side=True)).socket.recv(1)
        eventually(lambda: "hostname mismatch" in self.gateway.log(), "why")


if __name__ == "__main__":
    unittest.main(verbosity=2)
