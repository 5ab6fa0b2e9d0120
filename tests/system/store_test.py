#!/usr/bin/env python3
"""penstock store: what it proves and copies while the gateway works."""

import shutil
import sqlite3
import unittest

from harness import CLIENT, FixClient, Gateway, GatewayTest, Place, eventually, run, start_party, withdrawal

COPIES = 5
LOAD = 600


class Store(GatewayTest):

    def store(self, *words):
        return run("store", *words, place=self.place)

    def assert_holds(self, store):
        code, out, err = self.store("verify", store)
        self.assertEqual(code, 0, out + err)
        self.assertRegex(out, r"all \d+ checks hold\n$")
        self.assertNotIn("BROKEN", out)

    def start_load(self, count=LOAD, rate=150):
        words = [word for key in ("client", "account", "currency", "bank", "payee", "payee-bank", "payee-name")
                 for word in ("--" + key, CLIENT[key])]
        broker = start_party(self.place, "broker", "--connect", self.gateway.address, "--quiet", "--count", count,
                             "--rate", rate, "--amount", "1.00", *words, output="broker.out")
        self.parties.append(broker)
        eventually(lambda: self.count() > 0, "the first withdrawal")
        return broker

    def count(self, state="settled"):
        return self.place.query("SELECT count(*) FROM instruction WHERE state = ?", state)[0][0]

    def test_a_running_gateway_is_proved_and_copied_under_load(self):
        self.start_bank("--rules")
        broker = self.start_load()
        settled = []
        for number in range(COPIES):
            copy = self.place.folder / f"copy-{number}.db"
            code, out, err = self.store("backup", copy, "-c", self.place.config)
            self.assertEqual(code, 0, out + err)
            self.assert_holds(copy)
            self.assert_holds(self.place.store)
            copied = sqlite3.connect(copy)
            settled.append(copied.execute("SELECT count(*) FROM instruction WHERE state = 'settled'").fetchone()[0])
            copied.close()
        self.assertEqual(broker.wait(timeout=60), 0, (self.place.folder / "broker.out").read_text())
        self.assertEqual(settled, sorted(settled))
        self.assertLess(settled[0], LOAD, "the first copy was made while withdrawals were on their way")
        self.assertEqual(self.gateway.stop(), 0)
        self.assert_holds(self.place.store)
        self.assertEqual(sorted(path.name for path in self.place.folder.glob("*.db*")),
                         sorted([f"copy-{number}.db" for number in range(COPIES)] +
                                ["penstock.db", "penstock.db.lock"]))

    def test_a_gateway_works_on_a_copy_in_another_folder(self):
        self.start_bank("--rules")
        client = FixClient(self.gateway)
        client.logon()
        client.send("DY", *withdrawal("W-1"))
        eventually(lambda: self.count() == 1, "W-1 is settled")
        client.close()
        copy = self.place.folder / "copy.db"
        self.assertEqual(self.store("backup", copy, "-c", self.place.config)[0], 0)
        self.assertEqual(self.gateway.stop(), 0)

        other = Place()
        self.addCleanup(other.remove)
        shutil.move(copy, other.store)
        gateway = Gateway(other).start()
        try:
            self.assertIn("W-1", gateway.tell("show", "W-1"))
            client = FixClient(gateway)
            client.logon(reset=True)
            client.send("DY", *withdrawal("W-2"))
            self.assertEqual(dict(client.receive_type("DZ"))[2812], "W-2")
            client.close()
            self.assertEqual(gateway.stop(), 0)
        finally:
            if gateway.process.poll() is None:
                gateway.kill()
        self.assert_holds(other.store)

    def test_what_does_not_hold_is_named_and_the_exit_code_says_so(self):
        self.assertEqual(self.gateway.stop(), 0)
        store = sqlite3.connect(self.place.store)
        store.execute("UPDATE balance SET free_minor = free_minor + 1 WHERE client = ?", [CLIENT["client"]])
        store.commit()
        store.close()
        code, out, _ = self.store("verify", self.place.store)
        self.assertEqual(code, 1)
        self.assertIn(f"BROKEN  balances        each balance is the sum of its ledger lines, side by side: 1: "
                      f"{CLIENT['account']} {CLIENT['client']} EUR\n", out)
        self.assertRegex(out, r"2 of \d+ checks do not hold\n$")
        copy = self.place.folder / "copy.db"
        code, out, _ = self.store("backup", copy, "-c", self.place.config)
        self.assertEqual(code, 1, "a copy is as broken as what it is a copy of, and that is said")
        self.assertTrue(copy.exists())

    def test_usage_and_faults_of_the_system(self):
        self.assertEqual(self.store("verify", self.place.folder / "nothing.db")[0], 3)
        self.assertFalse((self.place.folder / "nothing.db").exists())
        self.assertEqual(self.store("verify", "-c", self.place.folder / "nothing.yaml")[0], 1)
        self.assertEqual(self.store("backup")[0], 2)
        self.assertEqual(self.store("burn")[0], 2)
        code, _, err = self.store("backup", self.place.log, "-c", self.place.config)
        self.assertEqual((code, err), (3, f"{self.place.log}: a file is there already: name a new one: "
                                          "nothing was done\n"))
        code, _, err = self.store("backup", "/nowhere/copy.db", "-c", self.place.config)
        self.assertEqual(code, 3)
        self.assertIn("No such file or directory", err)


if __name__ == "__main__":
    unittest.main()
