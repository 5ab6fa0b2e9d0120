#!/usr/bin/env python3
"""penstock validate and penstock entries on statements of several sizes: what they say, and in how much memory.

    entries_test.py               20 MB
    entries_test.py --large       1 GB and a million entries; prints seconds of a processor, and memory"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import large_document
from harness import PENSTOCK, ROOT

MEMORY_MAX_MB = 64
GROWTH_MAX_MB = 2
PATHS = ("Stmt.Id", "Stmt.Ntry.NtryRef", "Stmt.Ntry.Amt.value", "Stmt.Ntry.Amt.Ccy",
         "Stmt.Ntry.NtryDtls.TxDtls.Refs.UETR", "Stmt.Ntry.NtryDtls.TxDtls.RmtInf.Ustrd")
ENTRIES = ["entries", "--each", "Stmt.Ntry", *(word for path in PATHS for word in ("--path", path))]
TRANSFERS = ["entries", "--each", "CdtTrfTxInf", "--path", "GrpHdr.MsgId", "--path", "CdtTrfTxInf.PmtId.UETR"]


# A process counts as its own what its parent had resident before it was started; this parent has little.
MEASURE = """import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
sys.stderr.write(f"\\n{usage.ru_maxrss} {usage.ru_utime + usage.ru_stime}")
sys.exit(os.waitstatus_to_exitcode(status))"""


def run(*words, output=subprocess.PIPE):
    """(exit code, output, errors, most resident memory in MB, seconds of a processor)"""
    environment = dict(os.environ, PENSTOCK_SCHEMAS=str(ROOT / "schemas"))
    done = subprocess.run([sys.executable, "-I", "-S", "-c", MEASURE, PENSTOCK, *map(str, words)], stdout=output,
                          stderr=subprocess.PIPE, env=environment, check=False, encoding="utf-8")
    errors, _, used = done.stderr.rpartition("\n")
    memory, seconds = used.split()
    return done.returncode, done.stdout, errors, int(memory) / 1024, float(seconds)


class Entries(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="penstock-entries-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def statement(self, size):
        """(path, number of entries)"""
        return self.document("camt.053.001.08", size)

    def document(self, message, size):
        path = self.folder / f"{message}-{size}.xml"
        with open(path, "wb") as file:
            return path, large_document.write(file, size, message)

    def assert_entry(self, line, number):
        told = json.loads(line)
        self.assertEqual(told["entry"], number)
        self.assertEqual(told["Stmt.Id"], "2026-11-20/1")
        self.assertEqual(told["Stmt.Ntry.NtryRef"], str(number))
        text = large_document.entry(number)
        self.assertIn(f'>{told["Stmt.Ntry.Amt.value"]}<', text)
        self.assertIn(f'<UETR>{told["Stmt.Ntry.NtryDtls.TxDtls.Refs.UETR"][0]}<', text)
        for line_of_text in told["Stmt.Ntry.NtryDtls.TxDtls.RmtInf.Ustrd"]:
            self.assertIn(f"<Ustrd>{line_of_text}</Ustrd>", text)

    def assert_fine(self, result):
        code, out, errors, memory, _ = result
        self.assertEqual((code, errors), (0, ""))
        self.assertLess(memory, MEMORY_MAX_MB)
        return out, memory

    def test_every_entry_comes_once_and_in_order(self):
        path, count = self.statement(3 * 10**6)
        lines = self.assert_fine(run(*ENTRIES, path))[0].splitlines()
        self.assertEqual(len(lines), count)
        for number, line in enumerate(lines, 1):
            self.assert_entry(line, number)
        for first, most in ((1, 1), (2, 1000), (999, 3), (1000, 1), (1001, 2000), (count, 5), (count + 1, 5)):
            out = self.assert_fine(run(*ENTRIES, "--from", first, "--count", most, path))[0]
            self.assertEqual(out.splitlines(), lines[first - 1:first - 1 + most])

    def test_memory_does_not_grow_with_the_document(self):
        memory = {"validate": [], "entries": []}
        for size in (5 * 10**6, 20 * 10**6):
            path, _ = self.statement(size)
            for name, words in (("validate", ["validate"]), ("entries", ENTRIES)):
                out, used = self.assert_fine(run(*words, path, output=subprocess.DEVNULL))
                memory[name].append(used)
        for name, (small, large) in memory.items():
            self.assertLess(large - small, GROWTH_MAX_MB, f"{name}: {small} and {large} MB")

    def test_nothing_is_printed_of_a_document_with_a_fault_at_its_end(self):
        path, count = self.statement(3 * 10**6)
        for old, new, told in (("</AddtlStmtInf>", "</AddtlStmtInf><More/>", "/Document/BkToCstmrStmt/Stmt[1]/More"),
                               ("</Document>", "", "not well-formed XML"),
                               (f"<NtryRef>{count}<", f"<NtryRef>{count:040}<", f"Ntry[{count}]/NtryRef")):
            faulty = self.folder / "faulty.xml"
            faulty.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
            code, out, errors, memory, _ = run(*ENTRIES, faulty)
            self.assertEqual((code, out), (1, ""))
            self.assertIn(told, errors)
            self.assertLess(memory, MEMORY_MAX_MB)

    def test_rules_beyond_the_schema_hold_before_anything_is_printed(self):
        path, count = self.document("pacs.008.001.08", 10**6)
        out = self.assert_fine(run(*TRANSFERS, "--profile", "iso", "--tsv", path))[0]
        self.assertEqual(len(out.splitlines()), count)
        last = re.findall(r"<UETR>(.*)</UETR>", large_document.entry(count, large_document.TRANSFER))[0]
        first = re.findall(r"<UETR>(.*)</UETR>", large_document.entry(1, large_document.TRANSFER))[0]
        self.assertEqual(out.splitlines()[-1].split("\t"), [str(count), "TRANSFERS-2026-11", last])
        path.write_text(path.read_text(encoding="utf-8").replace(last, first), encoding="utf-8")
        code, out, errors, _, _ = run(*TRANSFERS, "--profile", "iso", path)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("uetr-once", errors)
        self.assertEqual(run(*TRANSFERS, path)[0], 0)

    def test_what_is_asked_for_wrongly_is_told(self):
        path, _ = self.statement(1000)
        for code, words, told in (
                (2, ["entries", path], "--each is missing"),
                (2, ["entries", "--each", "Stmt.Ntry", path], "--path is missing"),
                (2, [*ENTRIES, "--from", "0", path], "the first entry has the number 1"),
                (1, [*ENTRIES, "--path", "Stmt.AddtlStmtInf", path], "it comes behind what is read one by one"),
                (1, [*ENTRIES, "--path", "Stmt.Ntry.Amount", path], "did you mean Amt?"),
                (1, [*ENTRIES, "/dev/null"], "it is not a regular file"),
                (1, [*ENTRIES, self.folder / "nowhere.xml"], "No such file")):
            status, out, errors, _, _ = run(*words)
            self.assertEqual((status, out), (code, ""), words)
            self.assertIn(told, errors)
        with open("/dev/full", "wb") as full:
            self.assertEqual(run(*ENTRIES, path, output=full)[0], 3)


def timed(what, *words, output):
    code, _, errors, memory, seconds = run(*words, output=output)
    print(f"{what}: {seconds:.1f} s, at most {memory:.1f} MB resident")
    if code != 0 or memory >= MEMORY_MAX_MB:
        sys.exit(f"it ended with {code}: {errors}")


def compare(whole, rest, count):
    """Each entry once and in order, and from 900,000 on the same in the rest."""
    number = 0
    for number, line in enumerate(whole, 1):
        if not line.startswith(f'{{"entry":{number},') or (number >= 900000 and rest.readline() != line):
            sys.exit(f"line {number} is {line}")
    if number != count or rest.read(1):
        sys.exit(f"{number} lines")
    print(f"all {count} entries in order; from 900000 on the same again")


def large():
    with tempfile.TemporaryDirectory(prefix="penstock-entries-") as name:
        folder = pathlib.Path(name)
        # To prove that no id of 1.4 million transfers comes twice takes more memory than a document has: strict refuses it.
        for message, words, profiles in (("camt.053.001.08", ENTRIES, ("schema", "strict")),
                                         ("pacs.008.001.08", TRANSFERS, ("schema",))):
            with open(folder / "large.xml", "wb") as file:
                count = large_document.write(file, 2**30, message)
            print(f"{message}: {(folder / 'large.xml').stat().st_size} bytes, {count} entries")
            for profile in profiles:
                timed(f"validate --profile {profile}", "validate", "--profile", profile, folder / "large.xml",
                      output=subprocess.DEVNULL)
            for name, start in (("all", 1), ("rest", 900000)):
                with open(folder / name, "wb") as out:
                    timed(f"entries --from {start}", *words, "--from", start, folder / "large.xml", output=out)
            with open(folder / "all", encoding="utf-8") as whole, open(folder / "rest", encoding="utf-8") as rest:
                compare(whole, rest, count)


if __name__ == "__main__":
    if sys.argv[1:] == ["--large"]:
        large()
    else:
        unittest.main(verbosity=2)
