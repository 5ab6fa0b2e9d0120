#!/usr/bin/env python3
"""libquickfix as initiator and as acceptor, plain and over TLS, in FIX.4.2, FIX.4.4 and FIX.5.0SP2: twelve sessions at
once.  What is sent is lost on the line in either direction, the line is cut, and in the end each order has come back once."""

import os
import shutil
import socket
import subprocess
import unittest

from harness import ROOT, Gateway, Place, eventually, run
from quickfix_test import BROKER, Line
from tls_test import make_certificates

# name, its file, BeginString
VERSIONS = (("FIX.4.2", "FIX42", "FIX.4.2"), ("FIX.4.4", "FIX44", "FIX.4.4"), ("FIX.5.0SP2", "FIX50SP2", "FIXT.1.1"))
ROUND_SIZE = 10
LOSSES = ((), ("forth",), ("back",), ("forth", "back"))


class Peer:
    """One process on libquickfix with a session for each version."""

    def __init__(self, place, role, tls):
        self.place, self.role, self.tls = place, role, tls
        self.name = f"{role}-{'tls' if tls else 'plain'}"
        self.out = place.folder / f"{self.name}.out"
        self.us = {version: f"{self.name}-{file}" for version, file, _ in VERSIONS}
        self.listens_at = free_port()  # only an acceptor does

    def settings(self, port):
        folder = self.place.folder / self.name
        folder.mkdir()
        lines = ["[DEFAULT]", f"ConnectionType={self.role}", "ReconnectInterval=1", f"FileStorePath={folder}",
                 "StartTime=00:00:00", "EndTime=00:00:00", "HeartBtInt=5", "UseDataDictionary=Y",
                 "SocketConnectHost=127.0.0.1", f"SocketConnectPort={port}", f"SocketAcceptPort={port}",
                 "SocketReuseAddress=Y"]
        if self.tls:
            lines += ["Tls=Y", "SSLProtocol=+TLSv1_2", f"ServerCertificateFile={self.place.folder}/tls/peer.pem",
                      f"ServerCertificateKeyFile={self.place.folder}/tls/peer.key",
                      f"CertificationAuthoritiesFile={self.place.folder}/tls/ca.pem"]
        for version, file, begin in VERSIONS:
            lines += ["[SESSION]", f"BeginString={begin}", f"SenderCompID={self.us[version]}", "TargetCompID=PENSTOCK"]
            path = self.place.folder / f"{file}.xml"
            if begin == "FIXT.1.1":
                lines += [f"DefaultApplVerID={version}", f"AppDataDictionary={path}",
                          f"TransportDataDictionary={self.place.folder}/FIXT11.xml"]
            else:
                lines += [f"DataDictionary={path}"]
        return "\n".join(lines) + "\n"

    def start(self, port):
        path = self.place.folder / f"{self.name}.cfg"
        path.write_text(self.settings(port))
        with open(self.out, "w", encoding="utf-8") as out:
            self.process = subprocess.Popen([BROKER, path], stdin=subprocess.PIPE, text=True, stdout=out,
                                            stderr=subprocess.STDOUT)

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def heard(self):
        return self.out.read_text().splitlines()

    def logons(self):
        """Of the session that has the fewest."""
        return min(self.heard().count(f"logon {us}") for us in self.us.values())

    def echoes(self, us):
        return [line.split()[1] for line in self.heard() if line.startswith("D ") and line.endswith(f" {us}")]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def make_rsa_certificate(folder):
    """libquickfix takes no others for its own side."""
    subject = ["-subj", "/CN=peer", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "peer.key", "-days", "7",
                    "-out", folder / "peer.pem", *subject], check=True, stderr=subprocess.DEVNULL)


@unittest.skipUnless(os.path.exists(BROKER), "the broker on libquickfix is not built")
@unittest.skipUnless(shutil.which("openssl"), "no openssl to make certificates with")
class Peers(unittest.TestCase):
    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.remove)
        make_certificates(self.place.folder / "tls")
        make_rsa_certificate(self.place.folder / "tls")
        for _, file, _ in (*VERSIONS, ("", "FIXT11", "")):
            self.write_dictionary(file)
        self.peers = [Peer(self.place, role, tls) for role in ("initiator", "acceptor") for tls in (False, True)]
        self.lines = {peer: self.line_of(peer) for peer in self.peers}
        self.write_config()
        self.gateway = Gateway(self.place)
        self.gateway.start()
        self.addCleanup(lambda: self.gateway.process.poll() is None and self.gateway.kill())
        for peer in self.peers:
            peer.start(self.lines[peer].port if peer.role == "initiator" else peer.listens_at)
            self.addCleanup(peer.process.wait)
            self.addCleanup(peer.process.kill)
            self.addCleanup(peer.process.stdin.close)

    def write_dictionary(self, file):
        code, merged, err = run("dictionary", "merge", ROOT / f"schemas/fix/{file}.xml")
        self.assertEqual(code, 0, err)
        (self.place.folder / f"{file}.xml").write_text(merged)

    def line_of(self, peer):
        def address():
            if peer.role == "acceptor":
                return "127.0.0.1", peer.listens_at
            host, port = self.gateway.address.split(",")[peer.tls].rsplit(":", 1)
            return host, int(port)

        line = Line(address)
        self.addCleanup(line.listener.close)
        return line

    def write_config(self):
        folder = self.place.folder
        lines = ["gateway:", "  id: PEERS", f"  store: {self.place.store}", f"  admin-socket: {self.place.admin}",
                 "listeners:", "  - {name: plain, address: '127.0.0.1:0'}",
                 f"  - {{name: tls, address: '127.0.0.1:0', certificate: {folder}/tls/gateway.pem, "
                 f"key: {folder}/tls/gateway.key}}",
                 "dictionaries:", f"  - {{name: FIXT.1.1, files: [{ROOT}/schemas/fix/FIXT11.xml]}}"]
        for version, file, begin in VERSIONS:
            transport = ", transport: FIXT.1.1" if begin == "FIXT.1.1" else ""
            lines += [f"  - {{name: {version}, files: [{ROOT}/schemas/fix/{file}.xml]{transport}}}"]
        lines += ["rules: rules.yaml", "channels: []", "sessions:"]
        for peer in self.peers:
            for version, us in peer.us.items():
                lines += [f"  - name: {us}", f"    dictionary: {version}", "    sender-comp-id: PENSTOCK",
                          f"    target-comp-id: {us}", "    bic: ALBRGB2LXXX"]
                if peer.role == "acceptor":
                    lines += ["    initiator:", f"      connect: ['127.0.0.1:{self.lines[peer].port}']",
                              "      heartbeat: 5s", "      pause-max: 1s"]
                    lines += [f"      trusted: {folder}/tls/peer.pem"] if peer.tls else []
        self.place.config = folder / "peers.yaml"
        self.place.config.write_text("\n".join(lines) + "\n")
        (folder / "rules.yaml").write_text("rules:\n  - name: all\n    then: echo\n")

    def all_are_logged_on(self, times):
        return all(peer.logons() >= times for peer in self.peers)

    def send(self, first):
        for number in range(first, first + ROUND_SIZE):
            for peer in self.peers:
                peer.say(f"echo O{number}")

    def cut(self, losses):
        if losses:
            eventually(lambda: all(line.lost[way] for line in self.lines.values() for way in losses),
                       f"something was lost on each line, {losses}")
        for line in self.lines.values():
            line.cut()

    def test_each_order_comes_back_once_whatever_the_line_loses(self):
        eventually(lambda: self.all_are_logged_on(1), "all twelve logged on", seconds=90)  # each peer reads its dictionaries first
        for turn, losses in enumerate(LOSSES):
            for line in self.lines.values():
                line.lose(losses)
            self.send(turn * ROUND_SIZE)
            self.cut(losses)
            eventually(lambda: self.all_are_logged_on(turn + 2), f"all logged on again after {losses}")
        self.send(len(LOSSES) * ROUND_SIZE)
        wanted = [f"O{number}" for number in range((len(LOSSES) + 1) * ROUND_SIZE)]
        for peer in self.peers:
            for us in peer.us.values():
                eventually(lambda: len(peer.echoes(us)) >= len(wanted), f"all orders of {us}")
                self.assertEqual(peer.echoes(us), wanted, us)
            self.assertFalse([line for line in peer.heard() if line.startswith(("reject", "other"))])
        for peer in self.peers:
            peer.say("quit")
            self.assertEqual(peer.process.wait(timeout=20), 0)
        self.assertEqual(self.gateway.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
