#!/usr/bin/env python3
"""The man pages against the program: each command has one, which names what
its --help names, has every section, and renders without a warning.

    man.py PENSTOCK FOLDER"""

import pathlib
import re
import shutil
import subprocess
import sys

PENSTOCK, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "EXAMPLES", "FILES", "SEE ALSO"]
OPTIONAL_SECTIONS = {"ENVIRONMENT"}

findings = []


def finding(page, text):
    findings.append(f"docs/man/{page.name}: {text}")


def help_of(*words):
    return subprocess.run([PENSTOCK, *words, "--help"], stdout=subprocess.PIPE, check=True, text=True).stdout


def commands():
    """{name: what it does}, as the program says."""
    return dict(re.findall(r"^  ([a-z-]+) +(\S.*)$", help_of(), re.M))


def plain(text):
    """Troff to what it says: no fonts, no macros, no escapes."""
    text = re.sub(r"\\f.", "", text)
    text = re.sub(r"^\.(?:B|I|BR|IR|RB)\s+", "", text, flags=re.M)
    return text.replace("\\-", "-").replace("\\&", "").replace("\\(aq", "'")


def sections_of(text):
    """[(name, its text)] in order."""
    parts = re.split(r"^\.SH (.*)$", text, flags=re.M)
    return list(zip(parts[1::2], parts[2::2]))


def check_sections(page, sections):
    names = [name for name, _ in sections if name not in OPTIONAL_SECTIONS]
    if names != SECTIONS:
        finding(page, f"its sections are {', '.join(names)}, not {', '.join(SECTIONS)}")
    for name, text in sections:
        if not text.strip():
            finding(page, f"{name} is empty")


def flags_in_help(text):
    """{(letter or '', name, argument or '')}"""
    return set(re.findall(r"^  (?:-(.), |    )--([a-z-]+)(?: ([A-Z][A-Z:=]*))?", text, re.M))


def flags_in_page(text):
    return set(re.findall(r"^\.TP\n(?:-(.), )?--([a-z-]+)(?: ([A-Z][A-Z:=]*))?$", plain(text), re.M))


def check_flags(page, section, helped):
    wanted, told = flags_in_help(helped), flags_in_page(section)
    for letter, name, argument in sorted(wanted - told):
        finding(page, f"OPTIONS lacks what --help has: -{letter} --{name} {argument}".replace("- ", ""))
    for letter, name, argument in sorted(told - wanted):
        finding(page, f"OPTIONS has what --help lacks: -{letter} --{name} {argument}".replace("- ", ""))


def check_command(name, what):
    page = FOLDER / f"penstock-{name}.1"
    if not page.exists():
        finding(page, f"there is none for the command {name}")
        return
    sections = sections_of(page.read_text(encoding="utf-8"))
    check_sections(page, sections)
    texts = dict(sections)
    helped = help_of(name)
    usage = re.match(r"usage: (.*)$", helped, re.M).group(1)
    if plain(texts.get("NAME", "")).strip() != f"penstock-{name} - {what}":
        finding(page, f"NAME does not say what `penstock --help` says: {what}")
    if plain(texts.get("SYNOPSIS", "")).strip() != usage:
        finding(page, f"SYNOPSIS is not the usage of --help: {usage}")
    check_flags(page, texts.get("OPTIONS", ""), helped)


def check_overview(names):
    page = FOLDER / "penstock.1"
    text = page.read_text(encoding="utf-8")
    check_sections(page, sections_of(text))
    told = re.findall(r"^\.TP\n\.BR penstock-([a-z-]+) \(1\)\n(.*)$", text.replace("\\-", "-"), re.M)
    if told != list(names.items()):
        finding(page, "its list of commands is not that of `penstock --help`")
    for other in sorted(FOLDER.glob("penstock-*.1")):
        if other.stem.removeprefix("penstock-") not in names:
            finding(other, "there is no such command")


def check_rendering():
    """Skipped where there is no groff."""
    if shutil.which("groff") is None:
        print("man: no groff here, so the pages were not rendered")
        return
    for page in sorted(FOLDER.glob("*.1")):
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-K", "utf8", str(page)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        if done.returncode != 0 or done.stderr or not done.stdout.strip():
            finding(page, f"groff: {done.stderr.strip() or 'nothing came out'}")


names = commands()
if not names:
    findings.append("penstock --help lists no commands")
for command, description in names.items():
    check_command(command, description)
check_overview(names)
check_rendering()
print("\n".join(findings) if findings else f"man: {len(names) + 1} pages, no findings")
sys.exit(1 if findings else 0)
