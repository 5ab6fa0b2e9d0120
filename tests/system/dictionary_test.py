"""What `penstock dictionary merge` prints is read by another engine: libquickfix."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from harness import PENSTOCK, ROOT

SCHEMAS = ROOT / "schemas/fix"
READER = pathlib.Path(os.environ.get("PENSTOCK_TOOLS", "")) / "quickfix_dictionary"

# Version as libquickfix calls it, without service pack; messages without and with those of client money.
BASES = {"FIX40": ("FIX.4.0", 27), "FIX41": ("FIX.4.1", 28), "FIX42": ("FIX.4.2", 46), "FIX43": ("FIX.4.3", 68),
         "FIX44": ("FIX.4.4", 93), "FIX50": ("FIX.5.0", 93), "FIX50SP1": ("FIX.5.0", 105),
         "FIX50SP2": ("FIX.5.0", 156), "FIXT11": ("FIXT.1.1", 8)}
CASH = {"FIX42": 56, "FIX44": 104, "FIX50SP2": 161}


def read(*paths):
    done = subprocess.run([READER, *paths], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()


class Merge(unittest.TestCase):
    def merge(self, *names):
        done = subprocess.run([PENSTOCK, "dictionary", "merge", *(SCHEMAS / f"{name}.xml" for name in names)],
                              capture_output=True, check=True)
        file = tempfile.NamedTemporaryFile(suffix=".xml")
        self.addCleanup(file.close)
        file.write(done.stdout)
        file.flush()
        return file.name

    def test_every_version_is_read(self):
        for name, (version, count) in BASES.items():
            if name not in CASH:
                self.assertEqual(read(self.merge(name)), (0, [f"{version} {count}"]), name)

    def test_extensions_are_read_with_their_base(self):
        for name, count in CASH.items():
            self.assertEqual(read(self.merge(name, f"{name}-cash")), (0, [f"{BASES[name][0]} {count}"]), name)

    def test_a_file_is_read_as_it_is(self):
        self.assertEqual(read(SCHEMAS / "FIX44.xml"), (0, ["FIX.4.4 93"]))

    def test_the_reader_refuses_what_is_none(self):
        self.assertEqual(read(__file__)[0], 1)


if __name__ == "__main__":
    unittest.main()
