#!/usr/bin/env python3
"""Names and passwords, of brokers and of ours, over TLS and plain: who gets in, what the other one hears, and that no
password stands anywhere in what the gateway writes."""

import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import unittest

from harness import EXAMPLES, PENSTOCK, ROOT, FixClient, Gateway, Place, eventually, run
from tls_test import TlsClient, make_certificates

GATEWAY = """gateway: {{id: PSWD, store: penstock.db, admin-socket: admin.sock, logon-failures: {failures}, logon-pause: 2s}}
listeners:
  - {{name: plain, address: "127.0.0.1:0"}}
{tls}dictionaries:
  - {{name: FIX.4.4, files: [{schemas}/FIX44.xml]}}
  - {{name: FIXT.1.1, files: [{schemas}/FIXT11.xml]}}
  - {{name: FIX.5.0SP2, files: [{schemas}/FIX50SP2.xml], transport: FIXT.1.1}}
rules: {examples}/echo-rules.yaml
channels: []
sessions:
"""
TLS = """  - {name: tls, address: "127.0.0.1:0", certificate: tls/gateway.pem, key: tls/gateway.key}
"""
SESSION = "  - {{name: {name}, dictionary: {dictionary}, sender-comp-id: PENSTOCK, target-comp-id: {name}, bic: ALBRGB2LXXX, {more}}}\n"


class PasswordTest(unittest.TestCase):
    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.remove)
        self.place.config = self.place.folder / "passwords.yaml"
        self.gateway = Gateway(self.place)
        self.addCleanup(lambda: self.gateway.process and self.gateway.process.poll() is None and self.gateway.kill())
        self.secrets = []
        self.addCleanup(self.assert_nothing_was_told)

    def secret(self):
        self.secrets.append("pw-" + secrets.token_urlsafe(12))
        return self.secrets[-1]

    def write(self, *sessions, failures=0):
        """sessions: (name, dictionary, further keys)."""
        tls = TLS if (self.place.folder / "tls").exists() else ""
        lines = [SESSION.format(name=name, dictionary=dictionary, more=more) for name, dictionary, more in sessions]
        self.place.config.write_text(GATEWAY.format(failures=failures, tls=tls, schemas=ROOT / "schemas/fix",
                                                    examples=EXAMPLES) + "".join(lines))

    def reload(self):
        count = self.gateway.log().count(" reloaded ")
        self.gateway.process.send_signal(signal.SIGHUP)
        eventually(lambda: self.gateway.log().count(" reloaded ") > count, "the reload")

    def told(self):
        """All that was written: log, store, replies to operators, configuration. Not the files of the passwords."""
        written = {path.name: path.read_bytes() for path in self.place.folder.rglob("*")
                   if path.is_file() and not path.name.endswith(".password")}
        running = self.gateway.process and self.gateway.process.poll() is None
        for words in (("session", "list"), ("session", "show", "OPEN"), ("list",)) if running else ():
            written[" ".join(words)] = self.gateway.ask(*words)[1].encode()
        written["check"] = "".join(run("check", "-c", self.place.config, place=self.place)[1:]).encode()
        return written

    def assert_nothing_was_told(self):
        """Plain, and as a debugger or a dump would write it."""
        written = self.told()
        self.assertTrue(any(b"PENSTOCK" in text for text in written.values()), "nothing was looked at")
        for secret in self.secrets:
            for form in (secret, secret.encode().hex(), secret.encode().hex().upper()):
                where = [name for name, text in written.items() if form.encode() in text]
                self.assertEqual(where, [], "a password stands in the clear")


class OfBrokers(PasswordTest):
    def hash(self, password):
        code, out, err = run("password", stdin=password.encode() + b"\n")
        self.assertEqual((code, err), (0, ""))
        return out.strip()

    def start(self, more="password-without-tls: true", failures=0, tls=False):
        if tls:
            make_certificates(self.place.folder / "tls")
        self.right = self.secret()
        self.more = more
        self.set_password(self.right, failures)
        self.gateway.start()
        self.next_in = 1

    def set_password(self, password, failures=0):
        keys = f'username: penny, password: "{self.hash(password)}", {self.more}'
        self.write(("OPEN", "FIX.4.4", keys), ("MODERN", "FIX.5.0SP2", keys), failures=failures)

    def connect(self, name="OPEN", secure=False):
        host, port = self.gateway.address.split(",")[secure].rsplit(":", 1)
        self.gateway.host_and_port = lambda: (host, int(port))
        if secure:
            client = TlsClient(self.gateway, self.place.folder / "tls", certificate=None, sender=name)
        else:
            client = FixClient(self.gateway, sender=name)
        client.begin = b"FIXT.1.1" if name == "MODERN" else b"FIX.4.4"
        self.addCleanup(client.close)
        return client

    def log_on(self, *credentials, **where):
        """The answer, as a dictionary; None: the connection ended without a word."""
        client = self.connect(**where)
        version = ((1137, 9),) if client.begin == b"FIXT.1.1" else ()
        client.send("A", (98, 0), (108, 30), *version, *credentials, number=self.next_in)
        answer = client.receive()
        if answer is not None and (35, "A") in answer:
            self.next_in += 2
            client.send("5", number=self.next_in - 1)
            client.receive()
        self.assertIsNone(client.receive() if answer is not None else None)
        return answer and dict(answer)

    def assert_in(self, *credentials, **where):
        answer = self.log_on(*credentials, **where)
        self.assertEqual(answer[35], "A")
        self.assertNotIn(554, answer)

    def assert_refused(self, *credentials, **where):
        answer = self.log_on(*credentials, **where)
        self.assertEqual((answer[35], answer[58]), ("5", "Username or Password is not right"))
        return answer

    def wrong_ones(self):
        return ([(553, "penny"), (554, self.secret())], [(553, "peggy"), (554, self.right)], [(553, "penny")],
                [(554, self.right)], [(553, "penny"), (554, self.right[:-1])], [])

    def test_right_wrong_and_absent_without_tls(self):
        self.start()
        for wrong in self.wrong_ones():
            self.assertNotIn(1409, self.assert_refused(*wrong))
        self.assert_in((553, "penny"), (554, self.right))

    def test_on_fixt_a_number_says_why(self):
        self.start()
        for wrong in self.wrong_ones():
            self.assertEqual(self.assert_refused(*wrong, name="MODERN")[1409], "5")
        self.assert_in((553, "penny"), (554, self.right), name="MODERN")

    @unittest.skipUnless(shutil.which("openssl"), "no openssl to make certificates with")
    def test_right_and_wrong_over_tls_and_the_right_one_without_is_refused(self):
        self.start(more="password-without-tls: false", tls=True)
        self.assertIsNone(self.log_on((553, "penny"), (554, self.right)))
        self.assertIn("a password over a connection without TLS", self.gateway.log())
        for wrong in self.wrong_ones():
            self.assert_refused(*wrong, secure=True)
        self.assert_in((553, "penny"), (554, self.right), secure=True)

    def test_guesses_close_the_session_for_a_while(self):
        self.start(failures=3)
        right = (553, "penny"), (554, self.right)
        for _ in range(3):
            self.assert_refused((553, "penny"), (554, self.secret()))
        self.assertIsNone(self.log_on_closed(*right))
        self.assertIn("logon-throttled session=OPEN seconds=2", self.gateway.log())
        answer = eventually(lambda: self.log_on_closed(*right), "the end of the pause")
        self.assertEqual(answer[35], "A")

    def log_on_closed(self, *credentials):
        """As log_on(), while connections may be closed before the first byte."""
        try:
            return self.log_on(*credentials)
        except ConnectionError:
            return None

    def test_another_password_holds_from_the_reload_on(self):
        self.start()
        self.assert_in((553, "penny"), (554, self.right))
        old, self.right = self.right, self.secret()
        self.set_password(self.right)
        self.reload()
        self.assert_refused((553, "penny"), (554, old))
        self.assert_in((553, "penny"), (554, self.right))

    def test_a_new_password_is_not_taken_and_the_old_one_stays(self):
        self.start()
        for name, status in (("OPEN", None), ("MODERN", "3")):
            self.next_in = 1
            answer = self.log_on((553, "penny"), (554, self.right), (925, self.secret()), name=name)
            self.assertEqual((answer[35], answer.get(1409)), ("5", status))
            self.assertIn("ask us for another password", answer[58])
            self.assert_in((553, "penny"), (554, self.right), name=name)

    def test_one_that_is_logged_on_is_not_disturbed(self):
        self.start()
        inside = self.connect()
        inside.send("A", (98, 0), (108, 30), (553, "penny"), (554, self.right))
        self.assertEqual(dict(inside.receive())[35], "A")
        outside = self.connect()
        outside.send("A", (98, 0), (108, 30), (553, "penny"), (554, self.secret()))
        self.assertIsNone(outside.receive())
        inside.send("1", (112, "still here"))
        answer = dict(inside.receive())
        self.assertEqual((answer[34], answer[112]), ("2", "still here"))


class OfOurs(PasswordTest):
    def listen(self):
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(20)
        self.addCleanup(listener.close)
        self.port = listener.getsockname()[1]
        return listener

    def dial(self, keys, dictionary="FIX.4.4"):
        self.write(("OPEN", dictionary, f'initiator: {{connect: ["127.0.0.1:{self.port}"], username: us, {keys}}}'))

    def accept(self, listener, wrap=lambda raw: raw):
        connection = wrap(listener.accept()[0])
        connection.settimeout(20)
        client = FixClient(connection, sender="OPEN")
        self.addCleanup(client.close)
        logon = dict(client.receive())
        self.assertEqual((logon[35], logon[553]), ("A", "us"))
        return client, logon

    def put_into_file(self):
        (self.place.folder / "broker.password").write_text(self.secret() + "\n")
        return self.secrets[-1]

    @unittest.skipUnless(shutil.which("openssl"), "no openssl to make certificates with")
    def test_from_a_file_over_tls_and_another_one_from_the_reload_on(self):
        tls, listener = self.place.folder / "tls", self.listen()
        make_certificates(tls)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(tls / "gateway.pem", tls / "gateway.key")
        password = self.put_into_file()
        self.dial("trusted: tls/ca.pem, password: 'file:broker.password'")
        self.gateway.start()
        client, logon = self.accept(listener, lambda raw: context.wrap_socket(raw, server_side=True))
        self.assertEqual(logon[554], password)
        client.send("A", (98, 0), (108, 30))
        client.send("2", (7, 1), (16, 0))
        self.assertEqual(dict(client.receive_type("4"))[35], "4", "a Logon is not sent again")
        another = self.put_into_file()
        self.reload()
        client.close()
        self.assertEqual(self.accept(listener, lambda raw: context.wrap_socket(raw, server_side=True))[1][554], another)

    def test_from_a_variable_without_tls_when_that_is_allowed(self):
        listener, password = self.listen(), self.secret()
        self.gateway.environment = {"PENSTOCK_TEST_PASSWORD": password}
        self.place.environment = lambda **more: {**Place.environment(self.place, **more), "PENSTOCK_TEST_PASSWORD": password}
        self.dial("password-without-tls: true, password: 'env:PENSTOCK_TEST_PASSWORD'")
        self.gateway.start()
        client, logon = self.accept(listener)
        self.assertEqual(logon[554], password)
        client.send("5", (58, "no"))
        eventually(lambda: "session-end" in self.gateway.log(), "the end")

    def refusal(self):
        done = subprocess.run([PENSTOCK, "run", "-c", self.place.config], capture_output=True, text=True, timeout=30,
                              env=self.place.environment())
        self.assertNotEqual(done.returncode, 0)
        return done.stdout + done.stderr

    def test_what_would_give_it_away_does_not_start(self):
        self.listen()
        self.put_into_file()
        clear = self.secret()
        for keys, dictionary, why in (("password: 'file:broker.password'", "FIX.4.4", "there is no TLS"),
                                      (f"trusted: ca.pem, password: {clear}", "FIX.4.4", "neither env:NAME nor file:path"),
                                      ("trusted: ca.pem, password: 'file:absent'", "FIX.4.4", "No such file"),
                                      ("trusted: ca.pem, password: 'env:PENSTOCK_ABSENT'", "FIX.4.4", "is not set")):
            self.dial(keys, dictionary)
            said = self.refusal()
            self.assertIn(why, said)
            for secret in self.secrets:
                self.assertNotIn(secret, said)
        self.place.config.write_text(self.place.config.read_text().replace(clear, "gone"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
