#!/usr/bin/env python3
"""The pages of docs/ against the tables of the source, and their examples
against the program.

    docs.py PENSTOCK ROOT          checks
    docs.py PENSTOCK ROOT rows     prints the rows of functions, facts, faults and bugs as they should be

operations.md names each log event, state of an instruction, check and fault of
the store, each fault by its message and by the test that puts it in.  rules-and-maps.md has each operator, function and fact; each expression
in it has the value that the page says, each file in it is good or gets the
errors that stand below it.  simulator.md has each fault and bug, differences.md each difference.  schemas/README.md has each message.
ARCHITECTURE.md has
each room, and the files that the pages name are there."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PENSTOCK, ROOT = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()

findings = []


def finding(page, text):
    findings.append(f"{page}: {text}")


def rows_of(path, name):
    """The arguments of each NAME(...) of a table, as text."""
    text = re.sub(r"/\*.*?\*/", "", (ROOT / path).read_text(encoding="utf-8"), flags=re.S)
    for line in text.splitlines():
        found = re.match(name + r"\((.*)\)\s*$", line.strip())
        if found:
            yield [part.strip().strip('"') for part in
                   re.findall(r'\s*("(?:[^"\\]|\\.)*"|[^,"]+)\s*(?:,|$)', found.group(1))]


def compare_rows(page, what, wanted):
    """Each of the lines is in the page as it is."""
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    for line in wanted:
        if line not in lines:
            finding(page, f"this row of {what} is not there:\n  {line}")


def first_cells(page, heading):
    """What stands in backquotes in the first column of the first table below a heading."""
    text = (ROOT / page).read_text(encoding="utf-8")
    part = re.search(rf"^#+ {re.escape(heading)}$[^#]*?((?:^\|.*\n)+)", text, re.M)
    if part is None:
        finding(page, f'there is no table below "{heading}"')
        return []
    return re.findall(r"^\| `([^`]+)` \|", part.group(1), re.M)


def compare_names(page, heading, wanted):
    told = first_cells(page, heading)
    for name in wanted:
        if told.count(name) != 1:
            finding(page, f'{name} is {told.count(name)} times under "{heading}"')
    for name in told:
        if name not in wanted:
            finding(page, f'{name} under "{heading}" is in no table of the source')


# ---------------------------------------------------------------- operations.md


def check_tried_faults(page, text):
    """The faults that the page tells are those that the system test puts in."""
    tests = (ROOT / "tests/system/store_fault_test.py").read_text(encoding="utf-8")
    tried = re.findall(r'^    \("([^"]+)", ', tests, re.M)
    part = re.search(r"^## Faults of the store$(.*?)^## ", text, re.M | re.S)
    cells = re.findall(r"^\| ([^|]+) \|", part.group(1) if part else "", re.M)
    told = re.findall(r"`([^`]+)`", " ".join(cells))
    for name in tried:
        if name not in told:
            finding(page, f'the fault "{name}" is tested, but not under "Faults of the store"')
    for name in told:
        if name not in tried:
            finding(page, f'the fault "{name}" is told, but not tested')
    return tried


def check_operations():
    page = "docs/operations.md"
    events = list(rows_of("gateway/engine/log_events.def", "LOG_EVENT"))
    compare_names(page, "What the log says", [name for _, name, _, _ in events])
    text = (ROOT / page).read_text(encoding="utf-8")
    for _, name, level, _ in events:
        if f"| `{name}` | {level.lower()} |" not in text:
            finding(page, f"{name} has the level {level.lower()}")
    states = [name for _, name, *_ in rows_of("routing/custody/states.def", "STATE") if name != "none"]
    compare_names(page, "The states of an instruction", states)
    source = (ROOT / "gateway/store/store_common.c").read_text(encoding="utf-8")
    faults = re.findall(r'store_\w+ = \{\s*"store\.[\w-]+",\s*"([^"]+)"\s*\}', source)
    compare_names(page, "When the store is at fault", faults)
    checks = re.findall(r'^CHECK\("([^"]+)", "([^"]+)",$',
                        (ROOT / "gateway/store/checks.def").read_text(encoding="utf-8"), re.M)
    compare_names(page, "Is the store right?", [name for name, _ in checks])
    compare_rows(page, "checks", [f"| `{name}` | {sentence} |" for name, sentence in checks])
    tried = check_tried_faults(page, text)
    if not (events and states and faults and checks and tried):
        finding(page, "a table of the source could not be read")


# ---------------------------------------------------------------- rules-and-maps.md

ARGUMENTS = {"T": "text", "L": "texts", "C": "constant", "I": "number", "V": "value", "M": "time", "B": "condition"}


def function_rows():
    for name, arguments, _, _, _, presence, what in rows_of("routing/expression/functions.def", "FUNCTION"):
        signature = f"{name}({', '.join(ARGUMENTS[letter] for letter in arguments)})"
        yield f"| `{signature}` | {what} |"


def fact_rows():
    for _, name, kind, length, presence, what in rows_of("routing/facts.def", "FACT"):
        limit = "" if length == "0" else f", at most {length}"
        there = "always" if presence == "ALWAYS" else "perhaps"
        yield f"| `{name}` | {kind.lower()}{limit} | {there} | {what} |"


def operators():
    source = (ROOT / "routing/expression/lexer.c").read_text(encoding="utf-8")
    words = re.findall(r'SPELLING\("([^"]+)", TOKEN_', source)
    return [word for word in words if word not in "()[],"]


class Workshop:
    """The demo's configuration in a folder of its own, to try rules and maps in."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        shutil.copytree(ROOT / "schemas/maps", self.folder / "maps")
        shutil.copy(ROOT / "config/examples/demo-rules.yaml", self.folder / "rules.yaml")
        text = (ROOT / "config/examples/demo.yaml").read_text(encoding="utf-8")
        text = text.replace("../../schemas/maps", "maps").replace("demo-rules.yaml", "rules.yaml")
        (self.folder / "penstock.yaml").write_text(text.replace("../../schemas", str(ROOT / "schemas")))

    def run(self, *words):
        return subprocess.run([str(PENSTOCK), *words], cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def with_file(self, name, text, *words):
        """The outcome of a command while a file is another one."""
        path = self.folder / name
        before = path.read_text() if path.exists() else None
        path.write_text(text)
        done = self.run(*words)
        if before is None:
            path.unlink()
        else:
            path.write_text(before)
        return done


def value_of(workshop, expression, facts):
    """What the page may say of an expression: `value`, absent, or the error's text."""
    target = "settled_on" if expression.startswith("date(") else "text"
    quoted = expression.replace("'", "''")
    text = ("map: example\nuse: status\nfrom: facts\nto: {facts: status}\n"
            "tables:\n  words: {RJCT: refused, ACSC: settled}\n"
            f"read:\n  {target}: '={quoted}'\n")
    words = ["translate", "--map", "example"]
    for fact in facts:
        words += ["--fact", fact]
    done = workshop.with_file("maps/example.yaml", text, *words)
    if done.returncode != 0:
        return "error: " + re.sub(r"^maps/example\.yaml:\d+:\d+: ", "", done.stderr.strip())
    found = re.search(rf"^status\.{target} = (.*)$", done.stdout, re.M)
    return f"`{found.group(1)}`" if found else "absent"


def check_expressions(page, text, workshop):
    count = 0
    for table in re.findall(r"^\| expression \| facts \| value \|\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.M):
        for line in table.splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            expression = cells[0].strip("`")
            told = value_of(workshop, expression, re.findall(r"`([^`]+)`", cells[1]))
            if cells[2] != told:
                finding(page, f"{expression} with {cells[1] or 'no facts'} is {told}, not {cells[2]}")
            count += 1
    if count == 0:
        finding(page, "there is no expression to try")


def check_files(page, text, workshop):
    blocks = re.findall(r"^```yaml\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", text, re.M | re.S)
    for yaml, errors in blocks:
        name = "rules.yaml"
        if yaml.startswith("map:"):
            name = "maps/" + re.match(r"map: (\S+)", yaml).group(1) + ".yaml"
        done = workshop.with_file(name, yaml, "check", "-c", "penstock.yaml")
        if done.stderr != errors:
            finding(page, f"of this file check says:\n{done.stderr or '(nothing)'}\n{yaml}")
    if not any(errors for _, errors in blocks) or all(errors for _, errors in blocks):
        finding(page, "there is not both a good and a faulty file to try")


def check_language():
    page = "docs/rules-and-maps.md"
    functions, facts = list(function_rows()), list(fact_rows())
    compare_rows(page, "functions", functions)
    compare_rows(page, "facts", facts)
    compare_names(page, "Functions", [re.search("`(.*)`", row).group(1) for row in functions])
    compare_names(page, "Facts", [re.search("`(.*?)`", row).group(1) for row in facts])
    compare_names(page, "Operators", operators())
    text = (ROOT / page).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="penstock-docs-") as folder:
        workshop = Workshop(folder)
        check_expressions(page, text, workshop)
        check_files(page, text, workshop)


# ---------------------------------------------------------------- simulator.md


def fault_rows():
    for _, name, least, most, what in rows_of("tests/sim/faults.def", "FAULT"):
        yield f"| `{name}` | {int(least)} to {int(most)} | {what} |"


def bug_rows():
    for number, (name, broken, promise, _) in enumerate(rows_of("tests/sim/bugs/bugs.def", "BUG"), 1):
        yield f"| {number} | `{name}` | {broken} | {promise} |"


def check_simulator():
    page = "docs/simulator.md"
    faults = list(fault_rows())
    compare_rows(page, "faults", faults)
    compare_names(page, "Faults", [re.search("`(.*?)`", row).group(1) for row in faults])
    bugs = list(bug_rows())
    compare_rows(page, "bugs", bugs)
    if not faults or not bugs:
        finding(page, "the table of faults or that of bugs could not be read")


# ---------------------------------------------------------------- differences.md


def check_differences():
    page, table = "docs/differences.md", "tests/differential/differences.def"
    rows = [(name, right, clause) for kind in ("MEND", "REFUSE") for name, _, right, clause in rows_of(table, kind)]
    compare_rows(page, "differences", [f"| `{name}` | {right} | {clause} |" for name, right, clause in rows])
    if sorted(first_cells(page, "The differences")) != sorted(name for name, _, _ in rows) or not rows:
        finding(page, "its table has other differences than differences.def")


# ---------------------------------------------------------------- schemas/README.md


def check_schemas():
    page = "schemas/README.md"
    text = (ROOT / page).read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z]{4}\.\d{3}\.\d{3})` \| \w[^|]* \| ([\d, ]+) \|$", text, re.M)
    told = [f"{message}.{version}" for message, versions in rows for version in versions.split(", ")]
    here = sorted(path.stem for path in (ROOT / "schemas/iso20022").glob("*.xsd"))
    if told != here:
        finding(page, f"its messages are not the files: {' '.join(sorted(set(told) ^ set(here)))}")
    if f"{len(here)} files, {len(rows)} messages" not in text:
        finding(page, f"there are {len(here)} files, {len(rows)} messages")


# ---------------------------------------------------------------- ARCHITECTURE.md, and files in all pages

TOP_FOLDERS = ("codecs", "routing", "config", "gateway", "schemas", "tests", "docs", "scripts")
PAGES = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md",
         *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))]
# Names that stand for any.
EXAMPLES = re.compile(r"_x\.c$|^\*|[A-Z]{2,}(\.xml)?$")
FILE = re.compile(r"[\w./*-]+\.(c|h|def|md|yaml|xml|xsd|py|sh|csv|txt)|(" + "|".join(TOP_FOLDERS) + r")(/[\w*-]+)*/?")


def folders_with_sources():
    for top in ("codecs", "routing", "config", "gateway"):
        yield from {path.parent.relative_to(ROOT).as_posix() for path in (ROOT / top).rglob("*.c")}


def check_rooms():
    page = "ARCHITECTURE.md"
    text = (ROOT / page).read_text(encoding="utf-8")
    table = re.search(r"^\| room \|.*\n((?:\|.*\n)+)", text, re.M).group(1)
    rooms = {room for row in table.splitlines() for room in re.findall(r"`([\w/]+)`", row.split("|")[1])}
    for folder in sorted(set(folders_with_sources()) - rooms):
        finding(page, f"{folder} is not in the table of the rooms")


def check_files_named():
    names = {path.name for top in TOP_FOLDERS for path in (ROOT / top).rglob("*") if path.is_file()}
    for page in PAGES:
        for name in re.findall(r"`([^`\n]+)`", (ROOT / page).read_text(encoding="utf-8")):
            if not FILE.fullmatch(name) or EXAMPLES.search(name) or name in names:
                continue
            if not any(ROOT.glob(name.rstrip("/"))) and not any((ROOT / page).parent.glob(name.rstrip("/"))):
                finding(page, f"there is no {name}")


if sys.argv[3:] == ["rows"]:
    print("\n".join([*function_rows(), "", *fact_rows(), "", *fault_rows(), "", *bug_rows()]))
    sys.exit(0)
check_operations()
check_language()
check_simulator()
check_differences()
check_schemas()
check_rooms()
check_files_named()
print("\n".join(findings) if findings else "docs: no findings")
sys.exit(1 if findings else 0)
