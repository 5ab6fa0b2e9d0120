"""config/examples/echo.yaml as it is shipped, field for field: another engine's suite compares whole messages."""

import unittest

from harness import EXAMPLES, FixClient, Gateway, Place

VERSIONS = {"FIX.4.0": None, "FIX.4.1": None, "FIX.4.2": None, "FIX.4.3": None, "FIX.4.4": None,
            "FIX.5.0": 7, "FIX.5.0SP1": 8, "FIX.5.0SP2": 9}
HEADER = {8, 9, 35, 49, 56, 34, 52, 10}
ORDER = [(11, "O-1"), (55, "VOD"), (54, "1"), (38, "0100"), (40, "1"), (21, "1"), (58, "text")]
ORDER_42 = ORDER + [(60, "20261122-09:30:00")]


class Suite(FixClient):
    """A suite that speaks one version; on FIXT the one of its Logon."""

    def __init__(self, gateway, version):
        super().__init__(gateway, "TW", "ISLD")
        self.begin = b"FIXT.1.1" if VERSIONS[version] else version.encode()
        self.appl_ver_id = VERSIONS[version]
        self.order = ORDER if version in ("FIX.4.0", "FIX.4.1") else ORDER_42

    def logs_on(self, *fields):
        self.send("A", (98, 0), (108, 30), *([(1137, self.appl_ver_id)] if self.appl_ver_id else []), *fields)
        return self.receive()


def body(fields):
    return [(tag, value) for tag, value in fields if tag not in HEADER]


class Echo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = Place()
        cls.place.config = EXAMPLES / "echo.yaml"
        cls.gateway = Gateway(cls.place, PENSTOCK_COMP_ID="ISLD", PENSTOCK_PEER_ID="TW").start()

    @classmethod
    def tearDownClass(cls):
        cls.gateway.kill()
        cls.place.remove()

    def for_each_version(self, *names):
        for version in names or VERSIONS:
            with self.subTest(version):
                yield version

    def open(self, version):
        """Fresh numbers in a session that others had before."""
        suite = Suite(self.gateway, version)
        self.addCleanup(suite.close)
        suite.logs_on(*([] if version == "FIX.4.0" else [(141, "Y")]))
        return suite

    def end(self, suite):
        suite.send("5")
        self.assertEqual(body(suite.receive()), [])
        self.assertIsNone(suite.receive())

    def test_1_a_logon_is_answered_with_what_it_asked_for(self):
        for version in self.for_each_version("FIX.4.0", "FIX.4.1", "FIX.4.2", "FIX.4.3", "FIX.4.4", "FIX.5.0"):
            suite = Suite(self.gateway, version)
            self.addCleanup(suite.close)
            answer = body(suite.logs_on())
            self.assertEqual(answer, [(98, "0"), (108, "30")] + ([(1137, "7")] if suite.appl_ver_id else []))
            suite.send("D", *suite.order)
            self.assertEqual(body(suite.receive()), suite.order)
            self.end(suite)

    def test_2_a_message_that_is_not_served_is_refused(self):
        for version in self.for_each_version(*list(VERSIONS)[1:]):
            suite = self.open(version)
            number = str(suite.send("K", (66, "L-1"), *suite.order[7:]))
            refusal = dict(suite.receive())
            expected = {35: "3", 45: number}
            if version != "FIX.4.1":
                expected = {35: "j", 45: number, 372: "K", 380: "3"}
            self.assertEqual({tag: refusal[tag] for tag in refusal if tag not in HEADER - {35} and tag != 58}, expected)
            self.end(suite)

    def test_3_an_order_of_100_kilobytes_comes_back(self):
        for version in self.for_each_version(*list(VERSIONS)[1:]):
            suite = self.open(version)
            order = [(tag, "x" * 100_000 if tag == 58 else value) for tag, value in suite.order]
            suite.send("D", *order)
            self.assertEqual(body(suite.receive()), order)
            self.end(suite)

    def test_4_a_version_that_an_order_names_is_named_by_its_echo(self):
        for version in self.for_each_version("FIX.5.0", "FIX.5.0SP1", "FIX.5.0SP2"):
            suite = self.open(version)
            for named in VERSIONS.values():
                if named:
                    suite.send("D", *suite.order, header=[(1128, named)])
                    self.assertEqual(body(suite.receive()), [(1128, str(named)), *suite.order])
            suite.send("D", *suite.order)
            self.assertEqual(body(suite.receive()), suite.order)
            self.end(suite)


class OneCaseAfterTheOther(unittest.TestCase):
    """A suite that begins each case at 1, whatever the one before has left."""

    def test_each_connection_begins_at_1_and_nothing_of_another_comes(self):
        place = Place()
        self.addCleanup(place.remove)
        place.config = EXAMPLES / "echo.yaml"
        gateway = Gateway(place, PENSTOCK_COMP_ID="ISLD", PENSTOCK_PEER_ID="TW",
                          PENSTOCK_RESET_ON_DISCONNECT="true").start()
        self.addCleanup(gateway.kill)
        for version in VERSIONS:
            for encryption, answer in [(0, "A"), (1, "5"), (0, "A"), (0, "A")]:
                with self.subTest(version, encryption=encryption):
                    suite = Suite(gateway, version)
                    self.addCleanup(suite.close)
                    suite.send("A", (98, encryption), (108, 30),
                               *([(1137, suite.appl_ver_id)] if suite.appl_ver_id else []))
                    logon = dict(suite.receive())
                    self.assertEqual((logon[35], logon[34]), (answer, "1"))
                    if answer == "A":
                        suite.send("D", *suite.order)
                        self.assertEqual(body(suite.receive()), suite.order)
                    suite.close()


if __name__ == "__main__":
    unittest.main()
