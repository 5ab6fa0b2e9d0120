#!/usr/bin/env python3
"""Many sessions on one process, every other one over TLS: all are logged on at once and answer, and what an idle one costs
is printed.

    sessions_test.py [COUNT]     (default: 200)"""

import shutil
import sys
import unittest

from harness import EXAMPLES, ROOT, FixClient, GatewayTest, eventually
from tls_test import TlsClient, make_certificates

COUNT = 200


class Sessions(GatewayTest):
    started = False

    def write_config(self):
        folder = self.place.folder
        lines = ["gateway:", "  id: MANY", f"  store: {self.place.store}", f"  admin-socket: {self.place.admin}", "listeners:",
                 "  - {name: plain, address: '127.0.0.1:0'}",
                 "  - {name: tls, address: '127.0.0.1:0', certificate: tls/gateway.pem, key: tls/gateway.key}",
                 "dictionaries:", f"  - {{name: FIX.4.4, files: [{ROOT}/schemas/fix/FIX44.xml]}}",
                 f"rules: {EXAMPLES}/echo-rules.yaml", "channels: []", "sessions:"]
        for number in range(COUNT):
            lines.append(f"  - {{name: s{number}, dictionary: FIX.4.4, sender-comp-id: PENSTOCK, target-comp-id: B{number}, "
                         "bic: ALBRGB2LXXX, heartbeat-max: 1h}")
        self.place.config = folder / "many.yaml"
        self.place.config.write_text("\n".join(lines) + "\n")

    def connect(self, number, secure):
        host, port = self.gateway.address.split(",")[secure].rsplit(":", 1)
        self.gateway.host_and_port = lambda: (host, int(port))
        more = {"folder": self.place.folder / "tls", "certificate": None} if secure else {}
        client = (TlsClient if secure else FixClient)(self.gateway, sender=f"B{number}", **more)
        self.addCleanup(client.close)
        client.logon(heartbeat=600)
        return client

    def connect_all(self, secure):
        """Returns the clients, and KiB that the gateway has taken for each."""
        before = self.memory("VmRSS")
        clients = [self.connect(number, secure) for number in range(int(secure), COUNT, 2)]
        return clients, (self.memory("VmRSS") - before) * 1024 / len(clients)

    def assert_alive(self, clients):
        for client in clients:
            client.send("1", (112, client.sender))
        for client in clients:
            answer = dict(client.receive())
            self.assertEqual((answer[35], answer[112]), ("0", client.sender))

    def echo(self, client, name):
        client.send("D", (11, name), (55, "TEST"), (54, 1), (60, "20260101-00:00:00"), (38, 1), (40, 1))
        self.assertEqual(dict(client.receive())[11], name)

    @unittest.skipUnless(shutil.which("openssl"), "no openssl to make certificates with")
    def test_all_are_there_at_once(self):
        make_certificates(self.place.folder / "tls")
        self.write_config()
        self.gateway.start()
        plain, plain_size = self.connect_all(secure=False)
        secure, secure_size = self.connect_all(secure=True)
        clients = [*plain, *secure]
        self.assert_alive(clients)
        for client in (*plain[:5], *secure[:5]):
            self.echo(client, "O1")
        self.assert_alive(clients)
        print(f"{COUNT} sessions at once, memory of an idle one: plain {plain_size:.1f} KiB, over TLS {secure_size:.1f} KiB; "
              f"all of the gateway: {self.memory('VmRSS'):.0f} MiB")
        self.assertLess(plain_size, 64)
        self.assertLess(secure_size, 128)
        for client in clients:
            client.send("5")
        for client in clients:
            self.assertEqual(dict(client.receive())[35], "5")
        eventually(lambda: self.gateway.log().count("session-end") == COUNT, "all logged out")
        self.assertEqual(self.gateway.stop(), 0)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        COUNT = int(sys.argv.pop())
    unittest.main(verbosity=2)
