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

    # Old days.  No test lives that long: the store is told that all was earlier.

    def make_old(self, days):
        """What there is happened so many days ago."""
        self.assertEqual(self.gateway.stop(), 0)
        store = sqlite3.connect(self.place.store)
        for table, columns in (("instruction", ["created_utc_ns", "changed_utc_ns"]), ("event", ["utc_ns"]),
                               ("ledger", ["utc_ns"]), ("document", ["utc_ns"]), ("inbox", ["utc_ns"]),
                               ("message_in", ["utc_ns"]), ("message_out", ["utc_ns"])):
            for column in columns:
                store.execute(f"UPDATE {table} SET {column} = {column} - {days * 86400 * 10**9}")
        store.commit()
        store.close()

    def live(self, table="instruction"):
        return self.place.query(f"SELECT count(*) FROM {table}")[0][0]

    def archived(self, archive, table="instruction"):
        store = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
        count = store.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        store.close()
        return count

    def assert_holds_with(self, archive):
        code, out, err = self.store("verify", self.place.store, "--archive", archive)
        self.assertEqual(code, 0, out + err)

    def settle_some(self, count):
        self.start_bank("--rules")
        broker = self.start_load(count, 300)
        self.assertEqual(broker.wait(timeout=60), 0, (self.place.folder / "broker.out").read_text())
        self.assertEqual(self.count(), count)

    def test_old_days_leave_a_running_gateway_while_withdrawals_flow(self):
        self.settle_some(400)
        self.make_old(31)
        archive = self.place.folder / "old.db"
        self.gateway.start()
        words = [word for key in ("client", "account", "currency", "bank", "payee", "payee-bank", "payee-name")
                 for word in ("--" + key, CLIENT[key])]
        broker = start_party(self.place, "broker", "--connect", self.gateway.address, "--quiet", "--count", 300,
                             "--rate", 150, "--amount", "1.00", "--prefix", "V", *words,
                             output="broker.out")
        self.parties.append(broker)
        code, out, err = self.store("archive", "--to", archive, "-c", self.place.config)
        self.assertEqual(code, 0, out + err)
        self.assertRegex(out, rf"^400 instructions, 1600 messages and \d+ documents of banks moved to {archive}\n$")
        self.assert_holds(self.place.store)
        self.assert_holds_with(archive)
        self.assertEqual(broker.wait(timeout=60), 0, (self.place.folder / "broker.out").read_text())
        self.assertEqual(self.live(), 300)
        self.assertEqual(self.archived(archive), 400)
        self.assertEqual(self.gateway.stop(), 0)
        self.assert_holds(self.place.store)
        self.assert_holds_with(archive)
        self.gateway.start()
        self.assertEqual(self.gateway.ask("show", "V1")[0], 0)
        self.assertEqual(self.gateway.ask("show", "W1")[0], 1, "it is in the archive only")

    def test_the_gateway_is_killed_while_it_archives_and_nothing_is_lost(self):
        self.settle_some(600)
        self.make_old(31)
        archive = self.place.folder / "old.db"
        kills = 0
        while self.live() > 0:
            self.gateway.start()
            asker = start_party(self.place, "store", "archive", "--to", archive, "-c", self.place.config,
                                output="archive.out")
            self.parties.append(asker)
            before = self.live()
            try:
                eventually(lambda: self.live() < before or asker.poll() is not None, "some have left", 5)
                self.gateway.kill()
                kills += 1
            finally:
                asker.wait(timeout=20)
            self.assert_holds(self.place.store)
            if archive.exists():
                self.assert_holds_with(archive)
        self.assertGreater(kills, 2)
        self.assertEqual(self.archived(archive), 600)
        self.assertEqual(self.archived(archive, "ledger"), 1200)

    def test_without_a_gateway_the_command_does_it_itself(self):
        self.settle_some(30)
        self.make_old(31)
        code, out, err = self.store("archive", "-c", self.place.config)
        self.assertEqual((code, err), (0, ""))
        archive = f"{self.place.store}.archive"
        self.assertRegex(out, rf"^30 instructions, 120 messages and \d+ documents of banks moved to {archive}\n$")
        self.assert_holds(self.place.store)
        self.assert_holds_with(archive)
        code, out, _ = self.store("archive", "-c", self.place.config)
        self.assertEqual((code, out[:15]), (0, "0 instructions,"))

    def test_what_an_archive_cannot_be(self):
        for running in (True, False):
            code, _, err = self.store("archive", "--before", "2999-01-01", "-c", self.place.config)
            self.assertEqual(code, 1, err)
            self.assertIn("within store-window", err)
            code, _, err = self.store("archive", "--to", "/nowhere/old.db", "-c", self.place.config)
            self.assertEqual(code, 3, err)
            self.assertIn("/nowhere/old.db: the archive cannot be used", err)
            code, _, err = self.store("archive", "--to", self.place.store, "-c", self.place.config)
            self.assertEqual(code, 3, err)
            self.assertIn("not an archive of penstock", err)
            if running:
                self.assertEqual(self.gateway.stop(), 0)
        self.assert_holds(self.place.store)

    def test_no_store_is_made_to_be_archived(self):
        place = Place()
        self.addCleanup(place.remove)
        for empty in (False, True):
            if empty:
                place.store.touch()
            code, _, err = run("store", "archive", "-c", place.config, place=place)
            self.assertEqual(code, 3, err)
            self.assertIn("No such file", err)
            self.assertEqual(place.store.exists(), empty)
        self.assertEqual(place.store.stat().st_size, 0)

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
