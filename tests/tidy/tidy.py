#!/usr/bin/env python3
"""The house rules as a test: which way includes point, who may include what,
how long functions and files are, and that each source file has a test.

Run from anywhere: tidy.py [ROOT].  Prints one line per finding and exits 1
when there is one."""

import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
if ROOT.is_file():
    ROOT = ROOT.parents[2]

# A room may include its own headers and those of the rooms named here.
ROOMS = {
    "codecs/base": [],
    "codecs": ["codecs/base"],
    "codecs/fix": ["codecs", "codecs/base"],
    "codecs/iso20022": ["codecs", "codecs/base"],
    "routing": ["routing/expression", "codecs", "codecs/base"],
    "routing/expression": ["routing", "codecs", "codecs/base"],
    "routing/custody": ["routing", "codecs", "codecs/base"],
    "config": ["routing", "routing/expression", "codecs", "codecs/base", "codecs/fix", "codecs/iso20022"],
    "gateway/engine": ["config", "routing", "routing/expression", "routing/custody", "codecs", "codecs/base",
                       "codecs/fix", "codecs/iso20022"],
    "gateway/store": ["gateway/engine", "routing/custody", "codecs", "codecs/base"],
}
GATEWAY = ["gateway", "gateway/engine", "gateway/store", "gateway/net", "gateway/channel", "gateway/ops",
           "gateway/parties", "gateway/commands", "config", "routing", "routing/expression", "routing/custody",
           "codecs", "codecs/base", "codecs/fix", "codecs/iso20022"]
for room in ("gateway", "gateway/net", "gateway/channel", "gateway/ops", "gateway/parties", "gateway/commands"):
    ROOMS[room] = GATEWAY

# Foreign headers, and the only places that may include them.
DOORS = [
    (r"libxml/", r"codecs/base/xml\.c"),
    (r"openssl/", r"codecs/base/(digest|password)\.c|gateway/net/"),
    (r"iconv\.h", r"codecs/base/gb18030\.c"),
    (r"yaml\.h", r"config/"),
    (r"uv\.h", r"gateway/(?!engine/|store/)"),
    (r"sqlite3\.h", r"gateway/store/"),
    (r"(sys/.*|unistd|fcntl|dirent|pthread|time|poll|signal|pwd)\.h", r"gateway/(?!engine/)|config/"),
]

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 700

# No test of their own: what they do shows in the tests of what uses them.
WITHOUT_TEST = re.compile(r"gateway/main\.c|gateway/commands/|gateway/parties/|codecs/fix/fault\.c|codecs/shape\.c")

findings = []


def finding(path, line, text):
    findings.append(f"{path}:{line}: {text}")


def sources():
    for folder in ("codecs", "routing", "config", "gateway"):
        for path in sorted((ROOT / folder).rglob("*.[ch]")):
            yield path.relative_to(ROOT)


def check_includes(path, lines):
    room = path.parent.as_posix()
    allowed = ROOMS.get(room)
    if allowed is None:
        finding(path, 1, f"{room} is not a room: add it to tests/tidy/tidy.py and ARCHITECTURE.md")
        return
    for number, line in enumerate(lines, 1):
        own = re.match(r'#include "([^"]+)"', line)
        if own:
            target = pathlib.PurePosixPath(own.group(1)).parent.as_posix()
            if target != room and target not in allowed:
                finding(path, number, f"{room} may not include {target}: the arrows point the other way")
        foreign = re.match(r"#include <([^>]+)>", line)
        if foreign:
            for header, where in DOORS:
                if re.match(header + "$" if not header.endswith("/") else header, foreign.group(1)) and \
                        not re.match(where, path.as_posix()):
                    finding(path, number, f"<{foreign.group(1)}> may be included only in {where}")


def check_clocks(path, lines):
    if path.as_posix().startswith("gateway/") and not path.as_posix().startswith("gateway/engine/"):
        return
    for number, line in enumerate(lines, 1):
        if re.search(r"\b(clock_gettime|gettimeofday|time|fopen|printf|getrandom|rand)\(", line) and \
                not re.search(r"[a-z_](clock_gettime|gettimeofday|time|fopen|printf|rand)\(|\"", line):
            if not (path.as_posix().startswith("config/") and "fopen" in line):
                finding(path, number, "no clock, file, output or randomness in this room")


def check_money(path, lines):
    for number, line in enumerate(lines, 1):
        if re.search(r"\b(double|float)\b", line) and not re.match(r"\s*(/\*|\*|//)", line) and \
                not re.search(r"/\*[^/]*\b(double|float)\b|\"[^\"]*\b(double|float)\b", line):
            finding(path, number, "no binary floating point in production code")


def check_lengths(path, lines):
    if len(lines) > FILE_LINES_MAX:
        finding(path, len(lines), f"{len(lines)} lines: split it by noun (at most {FILE_LINES_MAX})")
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            if number - start - 1 > FUNCTION_LINES_MAX:
                finding(path, start, f"a function of {number - start - 1} lines (at most {FUNCTION_LINES_MAX})")
            start = None


def check_opening(path, lines):
    if not lines or not lines[0].startswith("/*"):
        finding(path, 1, "the first comment of a file says its job")


def check_test(path):
    if path.suffix != ".c" or WITHOUT_TEST.search(path.as_posix()):
        return
    folder = ROOT / "tests" / "unit" / path.parent
    stem = path.stem
    while stem:
        if (folder / f"{stem}_test.c").exists():
            return
        stem = stem.rpartition("_")[0]
    room = path.parent.name
    if (folder / f"{room}_test.c").exists():
        return
    finding(path, 1, f"no tests/unit/{path.parent}/{path.stem}_test.c (nor one of a shorter name)")


def check_left_overs(path, lines):
    for number, line in enumerate(lines, 1):
        if re.search(r"\b(TODO|FIXME|HACK)\b", line) and '"' not in line:
            finding(path, number, "left-over")


for source in sources():
    text = (ROOT / source).read_text(encoding="utf-8").splitlines()
    check_includes(source, text)
    check_clocks(source, text)
    check_money(source, text)
    check_lengths(source, text)
    check_opening(source, text)
    check_left_overs(source, text)
    check_test(source)

print("\n".join(findings) if findings else "tidy: no findings")
sys.exit(1 if findings else 0)
