#!/usr/bin/env python3
"""Starting: bad configurations, bad usage, places that cannot be used; and the
commands that need no gateway."""

import csv
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from harness import EXAMPLES, PENSTOCK, ROOT, SHARED, FixClient, Gateway, GatewayTest, fix_message, fix_time, run

SCHEMAS = ROOT / "schemas"


class Start(GatewayTest):
    started = False

    def start_fails(self):
        return run("run", "-c", self.place.config, place=self.place)

    def test_every_error_of_a_configuration_is_told_at_once_with_its_place(self):
        self.place.write_config({"heartbeat-max: 60s": "hartbeat-max: 60s"} if "heartbeat-max" in
                                (EXAMPLES / "demo.yaml").read_text() else {"deadline: 30s": "deadlin: 30s"},
                                rules="rules:\n  - name: broken\n    when: amount >>= 3\n    then: route {to: nowhere}\n")
        for command in ("run", "check"):
            code, out, err = run(command, "-c", self.place.config, place=self.place)
            self.assertEqual(code, 1, err)
            self.assertEqual(out, "")
            self.assertRegex(err, r"demo\.yaml:\d+:\d+: ")
            self.assertRegex(err, r"demo-rules\.yaml:3:\d+: ")
            self.assertNotIn("READY", out)

    def test_a_good_configuration_checks_as_such(self):
        for name in ("demo.yaml", "minimal.yaml", "echo.yaml"):
            code, out, err = run("check", "-c", EXAMPLES / name, place=self.place)
            self.assertEqual((code, err), (0, ""), name)
            self.assertIn("is good", out)

    @unittest.skipUnless(shutil.which("openssl"), "no openssl to make certificates with")
    def test_the_full_example_checks_once_its_certificates_are_made(self):
        shutil.copytree(EXAMPLES, self.place.folder / "config/examples", ignore=shutil.ignore_patterns("tls", "var"))
        (self.place.folder / "schemas").symlink_to(ROOT / "schemas")
        full = self.place.folder / "config/examples/full.yaml"
        code, _, err = run("check", "-c", full, place=self.place)
        self.assertEqual(code, 1)
        self.assertIn("tls/gateway.pem: cannot be used for TLS", err)
        subprocess.run([full.parent / "make-tls.sh"], check=True, stdout=subprocess.DEVNULL)
        code, out, err = run("check", "-c", full, place=self.place)
        self.assertEqual((code, err), (0, ""))
        self.assertIn("is good", out)

    def test_a_configuration_that_is_not_there(self):
        code, _, err = run("run", "-c", self.place.folder / "none.yaml")
        self.assertEqual(code, 1)
        self.assertIn("none.yaml", err)

    def test_a_store_that_cannot_be_opened(self):
        self.place.store.mkdir()
        code, out, err = self.start_fails()
        self.assertEqual((code, out), (3, ""))
        self.assertIn(str(self.place.store), err)

    def test_a_store_that_is_no_store(self):
        self.place.store.write_bytes(b"this is not a database, but long enough to look at" * 100)
        code, _, err = self.start_fails()
        self.assertEqual(code, 3, err)

    def test_an_address_that_is_in_use(self):
        self.gateway.start()
        other = self.place.environment(PENSTOCK_LISTEN=self.gateway.address, PENSTOCK_STORE=str(self.place.folder / "2.db"),
                                       PENSTOCK_ADMIN=str(self.place.folder / "2.sock"))
        done = subprocess.run([PENSTOCK, "run", "-c", str(self.place.config)], env=other, capture_output=True, timeout=20)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"address already in use", done.stderr)

    def test_a_second_gateway_on_the_same_store_is_kept_away(self):
        self.gateway.start()
        other = self.place.environment(PENSTOCK_ADMIN=str(self.place.folder / "2.sock"))
        done = subprocess.run([PENSTOCK, "run", "-c", str(self.place.config)], env=other, capture_output=True, timeout=20)
        self.assertEqual(done.returncode, 3, done.stderr)
        client = FixClient(self.gateway)
        self.addCleanup(client.close)
        client.logon()

    def test_a_terminated_gateway_logs_its_sessions_out_and_ends_well(self):
        self.gateway.start()
        client = FixClient(self.gateway)
        self.addCleanup(client.close)
        client.logon()
        self.gateway.process.terminate()
        logout = dict(client.receive_type("5"))
        self.assertEqual(logout[35], "5")
        client.send("5")
        self.assertEqual(self.gateway.process.wait(timeout=20), 0)
        self.gateway.process.stdout.close()

    def test_numbers_go_on_after_a_restart(self):
        self.gateway.start()
        client = FixClient(self.gateway)
        client.logon()
        for number in range(5):
            client.send("D", (11, f"A{number}"), (55, "X"), (54, 1), (60, fix_time()), (40, 1))
            client.receive_type("D")
        last = int(dict(client.heard[-1])[34])
        client.close()
        self.gateway.kill()
        self.gateway.start()
        again = FixClient(self.gateway, next_out=client.next_out)
        self.addCleanup(again.close)
        answer = dict(again.logon())
        self.assertGreater(int(answer[34]), last, "a number is never used twice")
        again.send("D", (11, "B"), (55, "X"), (54, 1), (60, fix_time()), (40, 1))
        self.assertEqual(dict(again.receive_type("D"))[11], "B")

    def test_no_command_and_wrong_words_are_usage_errors(self):
        for words in ([], ["runn"], ["run", "--config"], ["check", "--nonsense"], ["validate"], ["show"],
                      ["translate"], ["resolve", "X"], ["broker", "--connect", "nowhere"], ["bank"],
                      ["dictionary", "split"], ["run", "extra"], ["schema"], ["schema", "expotr"],
                      ["schema", "import"], ["schema", "import", "a", "b"], ["schema", "import", "a", "-c", "b"],
                      ["schema", "list", "a"], ["schema", "list", "--to", "a"],
                      ["schema", "list", "-c", "a", "--schemas", "b"]):
            code, out, err = run(*words)
            self.assertEqual((code, out), (2, ""), words)
            self.assertTrue(err.strip(), words)

    def test_a_close_word_is_suggested(self):
        self.assertIn("did you mean run?", run("runn")[2])
        self.assertIn("did you mean config?", run("run", "--confg", "x")[2])

    def test_every_command_has_help(self):
        code, out, _ = run("--help")
        self.assertEqual(code, 0)
        for line in out.splitlines():
            if line.startswith("  ") and not line.startswith("   "):
                code, text, err = run(line.split()[0], "--help")
                self.assertEqual((code, err), (0, ""), line)
                self.assertTrue(text.startswith("usage: penstock " + line.split()[0]), text)

    def test_the_version_is_told(self):
        code, out, _ = run("--version")
        self.assertEqual(code, 0)
        self.assertRegex(out, r"^penstock \d+\.\d+\.\d+\n$")

    def test_no_gateway_is_told_as_such(self):
        code, _, err = run("sessions", "--socket", self.place.folder / "none.sock")
        self.assertEqual(code, 3)
        self.assertIn("is it running?", err)


class Schemas(unittest.TestCase):
    """schema import, schema list."""

    def test_a_schema_in_the_normal_form_imports_as_itself(self):
        path = SCHEMAS / "iso20022/pacs.008.001.08.xsd"
        for word, stdin in ((path, None), ("-", path.read_bytes())):
            code, out, err = run("schema", "import", word, stdin=stdin)
            self.assertEqual((code, err), (0, ""))
            self.assertEqual(out, path.read_text())

    def test_the_official_schemas_import_as_the_ones_that_come_with_penstock(self):
        official = sorted((SHARED / "iso20022/xsd").glob("*.xsd"))
        if not official:
            self.skipTest("no official schemas at hand")
        with tempfile.TemporaryDirectory() as folder:
            code, out, err = run("schema", "import", *official, "--to", folder)
            self.assertEqual((code, err), (0, ""))
            self.assertEqual(out.splitlines(), [f"{folder}/{path.name}" for path in official])
            made = {path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir()}
        ours = {path.name: path.read_bytes() for path in (SCHEMAS / "iso20022").iterdir()}
        self.assertEqual(sorted(made), sorted(ours))
        self.assertEqual([name for name in made if made[name] != ours[name]], [])

    def test_nothing_is_imported_when_one_schema_is_at_fault(self):
        good = (SCHEMAS / "iso20022/admi.002.001.01.xsd").read_text()
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "good.xsd").write_text(good)
            (path / "bad.xsd").write_text(good.replace("<xs:sequence>", "<xs:all>").replace("</xs:sequence>", "</xs:all>"))
            (path / "to").mkdir()
            code, out, err = run("schema", "import", path / "good.xsd", path / "bad.xsd", "--to", path / "to")
            self.assertEqual((code, out), (1, ""))
            self.assertRegex(err, r"bad\.xsd:8:5: outside the subset of XML Schema: all in complexType\n")
            self.assertEqual(list((path / "to").iterdir()), [])
            code, out, err = run("schema", "import", path / "good.xsd", path / "good.xsd", "--to", path / "to")
            self.assertEqual((code, out), (1, ""))
            self.assertIn("is there twice: the schema of admi.002.001.01", err)
            code, out, err = run("schema", "import", path / "good.xsd", "--to", path / "none")
            self.assertEqual((code, out), (3, ""))
            self.assertIn("none/admi.002.001.01.xsd: cannot be written", err)

    def test_loaded_schemas_are_listed(self):
        names = sorted(path.stem for path in (SCHEMAS / "iso20022").glob("*.xsd"))
        for words in (["--schemas", SCHEMAS], ["-c", EXAMPLES / "demo.yaml"]):
            code, out, err = run("schema", "list", *words)
            self.assertEqual((code, err), (0, ""))
            _, *rows, whole = [line.split() for line in out.splitlines()]
            self.assertEqual([row[0] for row in rows], names)
            for name, version, element, types, size, milliseconds, path in rows:
                self.assertEqual(version, name.rpartition(".")[2])
                self.assertTrue(element and int(types) > 0 and int(size) > 0 and float(milliseconds) >= 0, name)
                self.assertEqual(pathlib.Path(path).resolve(), (SCHEMAS / "iso20022" / f"{name}.xsd").resolve())
            self.assertEqual(whole[:2], [str(len(names)), "schemas,"])
            self.assertLess(int(whole[2]), sum(int(row[3]) for row in rows), "types are shared")


class Files(unittest.TestCase):
    """validate, decode, dictionary merge."""

    def test_a_message_is_decoded_with_names_and_meanings(self):
        message = fix_message([(35, "DZ"), (49, "A"), (56, "B"), (34, 1), (52, fix_time()), (2812, "W1"), (2813, 0)])
        for text in (message, message.replace(b"\x01", b"|")):
            code, out, err = run("decode", stdin=text)
            self.assertEqual((code, err), (0, ""), out)
            self.assertRegex(out, r"2812 +PayRequestID +W1")
            self.assertRegex(out, r"2813 +PayRequestStatus +0 \(\w+\)")

    def test_a_message_that_is_not_valid_is_decoded_with_its_fault(self):
        code, out, _ = run("decode", stdin=b"8=FIX.4.4|9=5|35=0|10=000|")
        self.assertEqual(code, 1)
        self.assertIn("not valid", out)
        self.assertRegex(out, r"35 +MsgType +0 \(Heartbeat\)")

    def test_the_merged_dictionary_reads_as_one(self):
        code, merged, err = run("dictionary", "merge")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("PayManagementRequest", merged)
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write(merged)
            file.flush()
            code, again, err = run("dictionary", "merge", file.name)
            self.assertEqual((code, again), (0, merged), err)

    def test_what_cannot_be_translated_is_told_with_its_place(self):
        for text in (b"", b"\n", b"neither", b"<Document/>", b"8=FIX.4.4\x01", b"8=FIX.9.9\x019=5\x0135=0\x0110=000\x01"):
            code, out, err = run("translate", "-c", EXAMPLES / "demo.yaml", "--map", "withdrawal-request", stdin=text)
            self.assertEqual((code, out), (1, ""), text)
            self.assertRegex(err, r"^(standard input:\d+:\d+: )?\w", text)

    def fix_samples(self, kind):
        """Path and row of each sample in FIX.4.4."""
        folder = SHARED / "fix/samples" / kind
        if not folder.exists():
            self.skipTest("no samples at hand")
        with open(folder / "index.tsv", newline="") as index:
            rows = [row for row in csv.DictReader(index, delimiter="\t") if row["begin_string"] == "FIX.4.4"]
        return {str(folder / row["file"]): row for row in rows}

    def fix_verdicts(self, paths):
        """Verdict, message id and reason of each."""
        code, out, err = run("validate", "--tsv", *paths)
        lines = [line.split("\t") for line in out.splitlines()]
        self.assertEqual((code, err), (int(any(line[1] == "invalid" for line in lines)), ""))
        self.assertEqual([line[0] for line in lines], list(paths))
        return {line[0]: line[1:] for line in lines}

    def test_valid_fix_samples_are_valid_when_the_dictionary_has_their_message(self):
        rows = self.fix_samples("valid")
        dictionary = run("dictionary", "merge")[1]
        for path, found in self.fix_verdicts(rows).items():
            msg_type = rows[path]["msg_type"]
            if re.search(rf"msgtype=['\"]{msg_type}['\"]", dictionary):
                self.assertEqual(found, ["valid", msg_type, ""], path)
            else:
                self.assertEqual(found[:2], ["invalid", msg_type], path)
                self.assertIn("MsgType (35): Invalid MsgType", found[2])

    def test_malformed_fix_samples_are_refused_by_tag_and_fault(self):
        words = {"0": "Invalid tag number", "1": "missing", "2": "not defined for this message", "4": "without a value",
                 "5": "out of range", "6": "data format", "11": "Invalid MsgType", "13": "more than once",
                 "14": "out of required order", "15": "group fields out of order", "16": "NumInGroup"}
        garbled = re.compile(r"^\S+:\d+:\d+: .*(CheckSum|BodyLength|BeginString|tag=value)")
        # what only a session can know
        late = {"M35_possdup_no_orig.fix", "M37_reset_backwards.fix"}
        rows = self.fix_samples("malformed")
        for path, (verdict, msg_type, reason) in self.fix_verdicts(rows).items():
            row = rows[path]
            if row["class"] == "REJECT" and row["file"] not in late:
                fields = dict(field.split("=", 1) for field in row["reply"].split("|"))
                self.assertEqual((verdict, msg_type), ("invalid", fields["372"]), path)
                self.assertIn(f"({fields['371']}): ", reason, path)
                self.assertIn(words[fields["373"]], reason, path)
            elif row["class"] in ("GARBLED", "OK_AFTER_NOISE") or row["file"].startswith("M47"):
                self.assertEqual(verdict, "invalid", path)
                self.assertRegex(reason, garbled, path)
            elif row["file"].startswith("M46"):
                self.assertIn("MsgSeqNum (34): Required tag missing", reason)
            else:
                self.assertEqual((verdict, reason), ("valid", ""), path)

    def test_the_samples_get_the_expected_verdict(self):
        samples = SHARED / "iso20022/samples"
        if not samples.exists():
            self.skipTest("no samples at hand")
        wanted = {}
        for line in (samples / "index.tsv").read_text().splitlines()[1:]:
            name, message, _, expected, layer = line.split("\t")[:5]
            if message in ("head.001.001.02", "pacs.008.001.08", "pacs.002.001.10", "admi.002.001.01") and \
                    expected in ("valid", "invalid") and layer != "business":
                wanted[str(samples / name)] = expected
        code, out, _ = run("validate", "--tsv", *wanted)
        self.assertEqual(code, 1)
        found = {}
        for line in out.splitlines():
            path, verdict, _, reason = line.split("\t")
            found[path] = verdict
            if verdict == "invalid":
                self.assertRegex(reason, r"^\S+:\d+:\d+: ", path)
        self.assertEqual(found, wanted)


if __name__ == "__main__":
    unittest.main()
