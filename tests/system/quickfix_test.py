#!/usr/bin/env python3
"""A broker that nobody here wrote (libquickfix): logs on, sends withdrawals,
receives DZ and EA, is disconnected in mid-flow, and recovers by resend."""

import os
import select
import socket
import subprocess
import threading
import time
import unittest

from harness import CLIENT, GatewayTest, eventually, run

BROKER = os.path.join(os.environ.get("PENSTOCK_TOOLS", ""), "quickfix_broker")

SETTINGS = """[DEFAULT]
ConnectionType=initiator
ReconnectInterval=1
FileStorePath={folder}/quickfix
StartTime=00:00:00
EndTime=00:00:00
HeartBtInt=5
UseDataDictionary=Y
DataDictionary={dictionary}
ValidateUserDefinedFields=Y
SocketConnectHost=127.0.0.1
SocketConnectPort={port}
[SESSION]
BeginString=FIX.4.4
SenderCompID=BRKALPHA
TargetCompID=PENSTOCK
"""


class Line:
    """Between who connects and the target: can be cut, and can lose what goes "forth" to the target or "back"."""

    def __init__(self, target):
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.pairs = []
        self.losing = ()
        self.lost = {"forth": 0, "back": 0}
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                broker, _ = self.listener.accept()
            except OSError:
                return
            try:
                gateway = socket.create_connection(self.target(), timeout=5)
            except OSError:
                broker.close()
                continue
            self.pairs.append((broker, gateway))
            threading.Thread(target=self.carry, args=(broker, gateway), daemon=True).start()

    def carry(self, broker, gateway):
        other = {broker: (gateway, "forth"), gateway: (broker, "back")}
        try:
            while True:
                for ready in select.select([broker, gateway], [], [], 1)[0]:
                    data = ready.recv(65536)
                    if not data:
                        raise OSError
                    target, way = other[ready]
                    if way in self.losing:
                        self.lost[way] += len(data)
                    else:
                        target.sendall(data)
        except (OSError, ValueError):
            broker.close()
            gateway.close()

    def lose(self, ways):
        """From now on, until the line is cut."""
        self.lost = {"forth": 0, "back": 0}
        self.losing = ways

    def cut(self):
        for pair in self.pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        self.pairs = []
        self.losing = ()


class QuickFix(GatewayTest):
    def setUp(self):
        super().setUp()
        if not os.path.exists(BROKER):
            self.skipTest("the broker on libquickfix is not built")
        dictionary = self.place.folder / "FIX44.xml"
        code, merged, err = run("dictionary", "merge")
        self.assertEqual(code, 0, err)
        dictionary.write_text(merged)
        (self.place.folder / "quickfix").mkdir()
        self.line = Line(lambda: self.gateway.host_and_port())
        self.addCleanup(self.line.listener.close)
        self.settings = self.place.folder / "settings.cfg"
        self.settings.write_text(SETTINGS.format(folder=self.place.folder, dictionary=dictionary, port=self.line.port))
        self.broker = None
        self.bank = self.start_bank("--rules", "--stay")

    def start_broker(self):
        self.broker = subprocess.Popen([BROKER, str(self.settings)], stdin=subprocess.PIPE, text=True,
                                       stdout=open(self.place.folder / "quickfix.out", "a"), stderr=subprocess.STDOUT)
        self.parties.append(self.broker)
        self.addCleanup(self.broker.stdin.close)

    def say(self, line):
        self.broker.stdin.write(line + "\n")
        self.broker.stdin.flush()

    def withdraw(self, name, amount):
        date = time.strftime("%Y%m%d", time.gmtime(time.time() + 86400))
        self.say(f"withdraw {name} {amount} {CLIENT['client']} {CLIENT['account']} {CLIENT['currency']} "
                 f"{CLIENT['bank']} {CLIENT['payee']} {CLIENT['payee-bank']} {date}")

    def heard(self):
        return (self.place.folder / "quickfix.out").read_text().splitlines()

    def outcome(self, name):
        """Payment statuses of the request, in the order in which they came."""
        return [line.split()[4] for line in self.heard() if line.startswith(f"EA {name} ")]

    def assert_nothing_was_rejected(self):
        for line in self.heard():
            self.assertNotRegex(line, "^(reject|other 3|other j)")

    def test_logon_echo_and_withdrawals(self):
        self.start_broker()
        eventually(lambda: "logon BRKALPHA" in self.heard(), "the logon")
        self.say("echo TEST-1")
        eventually(lambda: "D TEST-1 BRKALPHA" in self.heard(), "the echo")
        self.withdraw("W1", "10.00")
        self.withdraw("W2", "10.12")
        self.withdraw("W3", "100000000.00")
        eventually(lambda: self.outcome("W1")[-1:] == ["3"], "W1 settled")
        eventually(lambda: self.outcome("W2")[-1:] == ["4"], "W2 refused by the bank")
        eventually(lambda: self.outcome("W3")[-1:] == ["4"], "W3 refused by a rule")
        self.assertIn("DZ W1 0", self.heard())
        self.assert_nothing_was_rejected()
        self.say("quit")
        self.assertEqual(self.broker.wait(timeout=30), 0)

    def test_what_was_lost_when_the_line_was_cut_comes_again(self):
        self.start_broker()
        eventually(lambda: "logon BRKALPHA" in self.heard(), "the logon")
        for number in range(40):
            self.withdraw(f"W{number}", "1.00")
            if number % 10 == 9:
                time.sleep(0.05)
                self.line.cut()
                eventually(lambda: self.heard().count("logon BRKALPHA") > number // 10 + 1, "logged on again")
        for number in range(40):
            eventually(lambda: self.outcome(f"W{number}")[-1:] == ["3"], f"W{number} settled", seconds=40)
        self.assert_settled_once(40)

    def test_a_killed_gateway_and_a_killed_broker_find_together_again(self):
        self.start_broker()
        eventually(lambda: "logon BRKALPHA" in self.heard(), "the logon")
        for number in range(20):
            self.withdraw(f"W{number}", "1.00")
        time.sleep(0.05)
        self.gateway.kill()
        self.gateway.start()
        eventually(lambda: self.heard().count("logon BRKALPHA") >= 2, "logged on again")
        for number in range(20, 30):
            self.withdraw(f"W{number}", "1.00")
        eventually(lambda: "DZ W29 0" in self.heard(), "the last receipt")
        self.broker.kill()
        self.broker.wait()
        self.start_broker()
        for number in range(30):
            eventually(lambda: "3" in self.outcome(f"W{number}"), f"W{number} settled", seconds=40)
        self.assert_settled_once(30)

    def assert_settled_once(self, count):
        self.assert_nothing_was_rejected()
        self.assertEqual(self.place.query("SELECT state, count(*) FROM instruction GROUP BY 1"), [("settled", count)])
        for number in range(count):
            finals = {line.split()[5] for line in self.heard()
                      if line.startswith(f"EA W{number} ") and line.split()[4] == "3"}
            self.assertEqual(len(finals), 1, f"W{number} has one outcome")
        self.assertEqual(self.gateway.stop(), 0)
        self.assert_books_balance()


if __name__ == "__main__":
    unittest.main()
