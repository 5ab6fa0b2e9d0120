#!/usr/bin/env python3
"""Another engine, jspurefix, as a broker of echo.yaml: heartbeats of both sides, orders that come back, connections that are
cut with messages on the way in either direction, and a logout.  second_engine.sh installs what it needs and runs it."""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import threading
import unittest

from harness import EXAMPLES, Gateway, Place, eventually

HERE = pathlib.Path(__file__).resolve().parent
ENGINE = pathlib.Path(os.environ["PENSTOCK_SECOND_ENGINE"])  # the folder with its node_modules


class Wire:
    """Between the two: passes bytes on, or drops those of one side, until it is cut."""

    def __init__(self, gateway):
        self.gateway, self.drop, self.ends = gateway, None, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                broker = self.listener.accept()[0]
            except OSError:
                return
            gateway = socket.create_connection(self.gateway.host_and_port())
            self.drop = None
            self.ends += [broker, gateway]
            for side, source, sink in (("broker", broker, gateway), ("gateway", gateway, broker)):
                threading.Thread(target=self.carry, args=(side, source, sink), daemon=True).start()

    def carry(self, side, source, sink):
        try:
            while data := source.recv(65536):
                if self.drop != side:
                    sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            end.close()

    def cut(self):
        """All connections that there are: the engine may have begun a second one."""
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self.ends = []

    def close(self):
        self.listener.close()


class Broker:
    def __init__(self, port, version):
        description = {
            "application": {"type": "initiator", "name": "second", "protocol": "ascii", "tcp": {"host": "127.0.0.1", "port": port},
                            "dictionary": version["dictionary"], "resilient": True, "reconnectSeconds": 1,
                            "recoveryAttemptSeconds": 1, "backoffFailConnectSeconds": 1, "connectTimeoutSeconds": 10},
            "EncryptMethod": 0, "ResetSeqNumFlag": False, "HeartBtInt": 1, "SenderCompId": "TESTER", "TargetCompID": "PENSTOCK",
            "BeginString": version["begin"], "BodyLengthChars": 6, "Logon": version["logon"], "store": {"type": "memory"}}
        self.process = subprocess.Popen(["node", HERE / "second_engine.js", json.dumps(description)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env={**os.environ, "NODE_PATH": str(ENGINE / "node_modules")})
        self.said, self.claimed, self.news = [], set(), threading.Condition()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            with self.news:
                self.said.append(json.loads(line))
                self.news.notify()

    def say(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def story(self):
        """The last that happened, but for heartbeats."""
        return "\n".join(str(event) for event in self.said if event.get("type") != "0")[-5000:]

    def found(self, wanted):
        """The first that has all of these and that nobody has waited for before."""
        for number, event in enumerate(self.said):
            if number not in self.claimed and all(event.get(key) == value for key, value in wanted.items()):
                self.claimed.add(number)
                return True
        return False

    def wait(self, what, **wanted):
        with self.news:
            if not self.news.wait_for(lambda: self.found(wanted), timeout=15):
                raise AssertionError(f"{what}: not in 15 s; before:\n{self.story()}")


class SecondEngine:
    version = None

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.remove)
        self.place.config = EXAMPLES / "echo.yaml"
        self.gateway = Gateway(self.place).start()
        self.addCleanup(lambda: self.gateway.process.poll() is None and self.gateway.kill())
        self.wire = Wire(self.gateway)
        self.addCleanup(self.wire.close)
        self.broker = Broker(self.wire.port, self.version)
        self.addCleanup(self.broker.process.kill)
        self.broker.wait("the logon", event="ready")

    def order(self, name):
        self.broker.say(f"order {name}")
        self.broker.wait(f"{name} on its way", event="sent", type="D")

    def answer(self, name, again=False):
        self.broker.wait(f"{name} back", event="message", type="D", name=name, again=again)

    def cut(self):
        self.wire.cut()
        self.broker.wait("the next logon", event="ready")

    def log_out(self):
        self.broker.say("logout")
        self.broker.wait("our Logout", event="heard", type="5")
        self.assertEqual(self.broker.process.wait(timeout=20), 0)
        eventually(lambda: "Logout is complete" in self.gateway.log(), "the Logout")
        self.assertFalse([event for event in self.broker.said if event.get("type") in ("3", "j")], "somebody was refused")
        self.assertEqual(self.gateway.stop(), 0)

    def test_orders_come_back_and_silence_is_filled_with_heartbeats(self):
        for number in range(20):
            self.order(f"O-{number}")
        for number in range(20):
            self.answer(f"O-{number}")
        for _ in range(3):
            self.broker.wait("a Heartbeat of ours", event="heard", type="0")
            self.broker.wait("a Heartbeat of theirs", event="sent", type="0")
        self.order("O-20")
        self.answer("O-20")
        self.log_out()

    def test_what_was_lost_on_the_way_to_the_broker_comes_again(self):
        self.order("O-1")
        self.answer("O-1")
        self.wire.drop = "gateway"
        for number in (2, 3, 4):
            self.order(f"O-{number}")
        eventually(lambda: self.kept() == 4, "the echoes")
        self.cut()
        for number in (2, 3, 4):
            self.answer(f"O-{number}", again=True)
        self.order("O-5")
        self.answer("O-5")
        self.log_out()

    def kept(self):
        """Echoes under a number of ours."""
        return self.place.query("select count(*) from message_out")[0][0]

    def test_what_was_lost_on_the_way_to_us_is_asked_for(self):
        self.order("O-1")
        self.answer("O-1")
        self.wire.drop = "broker"
        for number in (2, 3, 4):
            self.order(f"O-{number}")
        self.cut()
        self.broker.wait("our ResendRequest", event="heard", type="2")
        for number in (2, 3, 4):
            self.answer(f"O-{number}")
        # The engine sends no gap fill for its Logon, the last of the range: that one had come.
        self.order("O-5")
        self.answer("O-5")
        self.log_out()

    def test_it_is_cut_off_again_and_again(self):
        for number in range(5):
            self.order(f"O-{number}")
            self.answer(f"O-{number}")
            self.cut()
        self.order("O-last")
        self.answer("O-last")
        self.log_out()


class Fix44(SecondEngine, unittest.TestCase):
    version = {"begin": "FIX.4.4", "dictionary": "data/FIX44.xml", "logon": {}}


class Fix50Sp2(SecondEngine, unittest.TestCase):
    version = {"begin": "FIXT.1.1", "dictionary": "data/FIX50SP2.xml", "logon": {"DefaultApplVerID": "9"}}


if __name__ == "__main__":
    unittest.main(verbosity=2)
