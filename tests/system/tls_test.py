#!/usr/bin/env python3
"""Brokers over TLS: who gets in, who does not and what both are told; certificates
that change while sessions live."""

import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import unittest

from harness import EXAMPLES, FixClient, Gateway, GatewayTest, Place, eventually, run

LISTENER = """listeners:
  - name: brokers
    address: 127.0.0.1:0
    certificate: tls/gateway.pem
    key: tls/gateway.key
"""
PLAIN = re.search(r"listeners:\n(?:  .*\n)+", (EXAMPLES / "demo.yaml").read_text()).group(0)


def make_certificates(folder):
    subprocess.run([EXAMPLES / "make-tls.sh", folder], check=True, stdout=subprocess.DEVNULL)


class TlsClient(FixClient):
    """The same broker, behind a handshake."""

    def __init__(self, gateway, folder, certificate="broker", first=b"", **more):
        super().__init__(gateway, **more)
        context = ssl.create_default_context(cafile=folder / "ca.pem")
        if certificate:
            context.load_cert_chain(folder / f"{certificate}.pem", folder / f"{certificate}.key")
        self.socket.sendall(first)
        self.socket = context.wrap_socket(self.socket, server_hostname="localhost")

    def certificate(self):
        return self.socket.getpeercert(binary_form=True)


@unittest.skipUnless(shutil.which("openssl"), "no openssl to make certificates with")
class Tls(unittest.TestCase):
    def start(self, listener="", session=""):
        place = Place({PLAIN: LISTENER + listener,
                       "    target-comp-id: BRKALPHA\n": "    target-comp-id: BRKALPHA\n" + session})
        self.addCleanup(place.remove)
        self.tls = place.folder / "tls"
        make_certificates(self.tls)
        self.gateway = Gateway(place).start()
        self.addCleanup(lambda: self.gateway.process.poll() is None and self.gateway.kill())
        return self.gateway

    def connect(self, **more):
        client = TlsClient(self.gateway, self.tls, **more)
        self.addCleanup(client.close)
        return client

    def assert_logged(self, text):
        eventually(lambda: text in self.gateway.log(), text)

    def test_a_broker_without_a_certificate_where_none_is_asked_for(self):
        self.start()
        client = self.connect(certificate=None)
        client.logon()
        client.send("5")
        self.assertEqual(dict(client.receive())[35], "5")
        client.close()
        self.assertEqual(self.gateway.stop(), 0)

    def test_a_broker_that_does_not_speak_tls_hears_no_fix(self):
        self.start()
        client = FixClient(self.gateway)
        client.send("A", (98, 0), (108, 30))
        self.assertNotIn(b"35=", client.socket.recv(1000))
        self.assert_logged("the peer does not speak TLS")
        client.close()

    def test_where_roots_are_named_a_certificate_of_theirs_is_needed(self):
        self.start("    trusted: tls/ca.pem\n    revoked: tls/revoked.pem\n")
        self.connect().logon()
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            stranger = self.connect(certificate=None)
            stranger.socket.recv(1)
        self.assert_logged("peer did not return a certificate")

    def test_a_session_has_a_certificate_of_its_own(self):
        self.start("    trusted: tls/ca.pem\n", '    certificate: "URI:fix:BRKALPHA"\n')
        other = self.connect(certificate="gateway")
        other.send("A", (98, 0), (108, 30))
        self.assertEqual(other.socket.recv(1000), b"")
        self.assert_logged("Logon without the certificate of the session")
        self.connect().logon()

    def test_certificates_change_and_sessions_live_on(self):
        self.start("    trusted: tls/ca.pem\n")
        before = self.connect()
        before.logon()
        old = before.certificate()
        make_certificates(self.tls)
        self.gateway.process.send_signal(signal.SIGHUP)
        self.assert_logged(" reloaded ")
        before.send("1", (112, "still here"))
        self.assertEqual(dict(before.receive())[112], "still here")
        before.send("5")
        before.receive()
        after = self.connect(next_out=before.next_out)
        self.assertNotEqual(after.certificate(), old)
        after.logon()

    def test_a_certificate_that_is_spoilt_is_not_taken(self):
        self.start()
        (self.tls / "gateway.key").write_text("no key")
        self.gateway.process.send_signal(signal.SIGHUP)
        self.assert_logged("no private key in PEM form")
        self.assertNotIn(" reloaded ", self.gateway.log())
        self.connect(certificate=None).logon()
        code, _, err = run("check", "-c", self.gateway.place.config, place=self.gateway.place)
        self.assertEqual(code, 1)
        self.assertIn("gateway.key: cannot be used for TLS", err)

    def test_what_a_broker_would_meet(self):
        self.start("    trusted: tls/ca.pem\n")
        words = ["tls-check", self.gateway.address, "--trusted", self.tls / "ca.pem"]
        code, out, err = run(*words, "--certificate", self.tls / "broker.pem", "--key", self.tls / "broker.key")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("TLSv1.3", out)
        self.assertIn("CN=gateway\nDNS:localhost\n", out)
        code, _, err = run(*words)
        self.assertEqual(code, 1)
        self.assertIn("the peer refuses: certificate required", err)
        code, _, err = run("tls-check", self.gateway.address, "--trusted", self.tls / "broker.pem")
        self.assertEqual(code, 1)
        self.assertIn("no way in: the peer's certificate: ", err)

    def test_one_byte_at_a_time(self):
        self.start()
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.create_default_context(cafile=self.tls / "ca.pem")
        speaker = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
        client = FixClient(self.gateway)
        self.addCleanup(client.close)
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def talk(step):
            while True:
                try:
                    result = step()
                except ssl.SSLWantReadError:
                    result = None
                for byte in outgoing.read():
                    client.socket.sendall(bytes([byte]))
                if result is not None:
                    return result
                incoming.write(client.socket.recv(1))

        talk(lambda: (speaker.do_handshake(), True)[1])
        sent = []
        client.send_raw = sent.append
        client.send("A", (98, 0), (108, 30))
        talk(lambda: speaker.write(sent[0]))
        self.assertIn(b"35=A", talk(lambda: speaker.read(1000)))


class Doors(unittest.TestCase):
    def start(self, listener):
        place = Place({PLAIN: "listeners:\n  - name: brokers\n    address: 127.0.0.1:0\n" + listener})
        self.addCleanup(place.remove)
        self.gateway = Gateway(place).start()
        self.addCleanup(lambda: self.gateway.process.poll() is None and self.gateway.kill())

    def test_only_from_networks_of_the_list(self):
        self.start("    allow: [10.0.0.0/8]\n")
        client = FixClient(self.gateway)
        self.addCleanup(client.close)
        self.assertIn(client.socket.recv(1), (b"",))
        eventually(lambda: "127.0.0.1: its address is not one that may connect" in self.gateway.log(), "the refusal")

    def test_behind_a_load_balancer(self):
        self.start("    proxy-protocol: true\n")
        client = FixClient(self.gateway)
        self.addCleanup(client.close)
        client.send_raw(b"\r\n\r\n\0\r\nQUIT\n" + struct.pack(">BBH4s4sHH", 0x21, 0x11, 12, bytes([192, 0, 2, 7]),
                                                              bytes([127, 0, 0, 1]), 50000, 9880))
        client.logon()
        eventually(lambda: "peer=192.0.2.7" in self.gateway.log(), "who is behind it")


if __name__ == "__main__":
    unittest.main(verbosity=2)
