"""The scenarios of tests/session against the real binary over sockets, for every version: one gateway, one port, a session
for each case and version.  The rule `echo` is the application: what the machine delivers comes back.

    cases_test.py            what is done at once
    cases_test.py --slow     those too that wait for a heartbeat

What only a machine can be told (`send`, `logout`, `keep`, `set` of what is no key of a session) is not played here."""

import concurrent.futures
import datetime
import pathlib
import re
import socket
import sys
import time

from harness import ROOT, SOH, Gateway, Place

CASES = ROOT / "tests/session/cases"
VERSION = re.compile(r'VERSION\("(?P<name>.*?)",\s*"(?P<begin>.*?)",\s*"(?P<file>.*?)",\s*(?P<transport>\S+),\s*'
                     r'(?P<id>\S+),\s*"(?P<other>.*?)",\s*(?P<plain>\S+),\s*(?P<reasons>\d+),\s*"(?P<lacks>.*?)"\)')
MACHINE_ONLY = {"send", "logout", "keep"}
# What `set` changes, and the key of a session for it.
KEYS = {"test-req-id": "test-req-id", "last-processed": "last-processed", "session-status": "session-status",
        "gap-messages": "gap-messages-max", "next-expected": "next-expected",
        "reset": "reset-on-logon"}
SWITCHES = {"last-processed", "session-status", "next-expected", "reset"}
FIRST = ("8", "9", "35", "49", "56", "34", "52", "10")
NOT_ECHOED = set(FIRST) | {"43", "50", "97", "115", "122", "128", "1128"}
WAIT_MAX, SLOW_WAIT_MAX = 2, 80  # seconds of a case


class NotHere(Exception):
    """The case is not for this version, or for the machine only."""


class Fails(Exception):
    pass


def versions():
    text = (ROOT / "tests/session/versions.def").read_text()
    found = [match.groupdict() for match in VERSION.finditer(text)]
    for version in found:
        version["id"] = None if version["id"] == "NULL" else version["id"].strip('"')
        version["lacks"] = set(version["lacks"].split())
    return found


def settings(steps):
    """(name, value in the configuration) of each `set`."""
    found = [rest.split(" ", 1) for _, verb, rest in steps if verb == "set"]
    return [(name, {"0": "false", "1": "true"}[value] if name in SWITCHES else value) for name, value in found]


def configuration(folder, sessions):
    schemas = ROOT / "schemas/fix"
    lines = ["gateway:", "  id: CASES", f"  store: {folder}/cases.db", f"  admin-socket: {folder}/admin.sock", "  logon-failures: 0",
             "listeners:", "  - {name: brokers, address: '127.0.0.1:0'}", "dictionaries:", "  - name: FIXT.1.1",
             f"    files: [{schemas}/FIXT11.xml]"]
    for version in versions():
        lines += [f"  - name: {version['name']}", f"    files: [{schemas}/{version['file']}.xml]"]
        lines += ["    transport: FIXT.1.1"] if version["id"] else []
    lines += ["rules: echo-rules.yaml", "channels: []", "sessions:"]
    for name, version, steps in sessions:
        lines += [f"  - name: {name}", f"    dictionary: {version['name']}", "    sender-comp-id: PENSTOCK",
                  f"    target-comp-id: {name}", "    bic: ALBRGB2LXXX", "    message-size-max: 4KiB"]
        lines += [f"    {KEYS[key]}: {value}" for key, value in settings(steps) if key in KEYS]
        lines += [f"    {rest.replace(' ', ': ', 1)}" for _, verb, rest in steps if verb == "key"
                  and not ("location" in rest and "142" in version["lacks"])]
        unchecked = [key for _, verb, rest in steps if verb == "unchecked" for key in rest.split()]
        lines += ["    validation: {" + ", ".join(f"{key}: false" for key in unchecked) + "}"]
    (folder / "cases.yaml").write_text("\n".join(lines) + "\n")
    (folder / "echo-rules.yaml").write_text("rules:\n  - name: all\n    then: echo\n")
    return folder / "cases.yaml"


def fields_of(message):
    return [tuple(field.split("=", 1)) for field in message.decode("latin-1").split("\x01") if field]


class Player:
    def __init__(self, address, name, version, steps, slow):
        self.address, self.name, self.version, self.steps, self.slow = address, name, version, steps, slow
        self.socket, self.bytes, self.echoes, self.logged_on, self.line = None, b"", 0, False, 0

    # ---- messages

    def time(self, text):
        shift = re.match(r"now(?:([+-]\d+)([sm]))?$", text)
        seconds = int(shift[1] or 0) * (60 if shift[2] == "m" else 1)
        at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
        return at.strftime("%Y%m%d-%H:%M:%S") + ("" if self.version["plain"] == "true" else f".{at.microsecond // 1000:03}")

    def written(self, text):
        """(tag, value) of each field; value None: it is absent."""
        fields = []
        for part in text.split("|") if text else []:
            tag, equals, value = part.partition("=")
            if not equals:
                fields.append((tag[1:], None))
                continue
            value = value.replace("BRKALPHA", self.name) if tag in ("49", "56") else value
            if (tag, value) == ("8", "other"):
                value = self.version["other"]
            elif (tag, value) == ("16", "all"):
                value = "999999" if self.version["plain"] == "true" else "0"
            elif (tag, value) == ("1128", "version"):
                value = self.version["id"]
            fields.append((tag, value))
        return fields

    def compose(self, text):
        fields = [(tag, self.time(value) if value and value.startswith("now") else value)
                  for tag, value in self.written(text)]
        given = dict(fields)
        defaults = {"8": self.version["begin"], "49": self.name, "56": "PENSTOCK", "52": self.time("now")}
        body = [(tag, given.get(tag, defaults.get(tag))) for tag in ("35", "49", "56", "34", "52")]
        body += [(tag.lstrip("+"), value) for tag, value in fields if tag not in FIRST and tag not in self.version["lacks"]]
        if self.version["id"] and given.get("35") == "A" and "1137" not in given:
            body.append(("1137", self.version["id"]))
        encoded = self.encode(body)
        head = self.encode([("8", given.get("8", defaults["8"])), ("9", given.get("9", str(len(encoded))))])
        whole = head + encoded
        return whole + self.encode([("10", given.get("10", f"{sum(whole) % 256:03}"))])

    @staticmethod
    def encode(fields):
        return b"".join(f"{tag}={value}\x01".encode() for tag, value in fields if value is not None)

    def receive(self, seconds=10):
        """The next message; None: the connection has ended."""
        self.socket.settimeout(seconds)
        while not (end := re.search(rb"\x0110=\d{3}\x01", self.bytes)):
            try:
                more = self.socket.recv(65536)
            except ConnectionResetError:
                more = b""
            except socket.timeout:
                raise Fails(f"nothing came in {seconds} s")
            if not more:
                return None
            self.bytes += more
        message, self.bytes = self.bytes[:end.end()], self.bytes[end.end():]
        return message

    def compare(self, message, text, passed=()):
        if message is None:
            raise Fails(f"the connection ended instead of {text}")
        got = dict(reversed(fields_of(message)))
        for tag, value in self.written(text):
            if tag in passed or (tag == "58" and self.is_refusal(got)):
                continue
            if tag in self.version["lacks"] or (tag == "373" and value and int(value) > int(self.version["reasons"])):
                value = None
            if tag == "34" and value:
                value = str(int(value) + self.echoes)
            is_free = value is not None and (value == "*" or value.startswith("now"))
            if (got.get(tag) is None) if is_free else got.get(tag) != value:
                raise Fails(f"{tag} is not {value} in {message.replace(SOH, b'|').decode('latin-1')}")

    @staticmethod
    def is_refusal(message):
        """Of a Logon, before there is a session: the gateway has its own words."""
        return message.get("35") == "5" and message.get("34") == "1"

    # ---- steps

    def do_connect(self, _=""):
        self.do_drop()
        host, port = self.address
        self.socket, self.bytes = socket.create_connection((host, port)), b""

    def do_drop(self, _=""):
        if self.socket:
            self.socket.close()
            time.sleep(0.1)  # the gateway has to see it before the next Logon
        self.socket = None

    def do_session(self, rest):
        """Numbers of both sides go up with TestRequests and their answers."""
        last_in, last_out = (int(number) for number in rest.split())
        self.do_connect()
        self.do_peer("35=A|34=1|98=0|108=30")
        self.compare(self.receive(), "35=A|34=1")
        for number in range(2, last_out):
            self.do_peer(f"35=1|34={number}|112=up")
            self.compare(self.receive(), f"35=0|34={number}|112=up")
        if last_in < last_out:
            raise NotHere
        if last_in > last_out:
            self.do_peer(f"35=4|34={last_out}|36={last_in}")

    def do_peer(self, rest):
        self.send(self.compose(rest))

    def do_bytes(self, rest):
        self.send(rest.replace("|", "\x01").encode("latin-1"))

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # what it has to say was said before

    def do_wait(self, rest):
        time.sleep(float(rest))

    def do_out(self, rest):
        self.compare(self.receive(40 if self.slow else 10), rest)

    def do_deliver(self, rest):
        """It comes back."""
        self.compare(self.receive(), rest, passed=NOT_ECHOED)
        self.echoes += 1

    def do_end(self, _):
        if message := self.receive():
            raise Fails(f"instead of the end there is {message.replace(SOH, b'|').decode('latin-1')}")

    def do_numbers(self, rest):
        """At the end of a case a TestRequest and its answer prove both."""
        if self.steps[-1][0] != self.line or self.steps[-2][1] == "end" or self.socket is None:
            return
        next_in, next_out = rest.split()
        self.do_peer(f"35=1|34={next_in}|112=numbers")
        self.compare(self.receive(), f"35=0|34={next_out}|112=numbers")

    def do_needs(self, rest):
        if rest in self.version["lacks"]:
            raise NotHere

    def do_only(self, rest):
        if self.version["begin"] not in rest.split():
            raise NotHere

    def do_reset(self, _):
        pass

    do_logon = do_fault = do_unchecked = do_key = do_set = do_reset

    def play(self):
        try:
            waits = sum(float(rest) for _, verb, rest in self.steps if verb == "wait")
            if any(verb in MACHINE_ONLY for _, verb, _ in self.steps):
                return "-", None
            if any(name not in KEYS for name, _ in settings(self.steps)):
                return "-", None
            if waits > (SLOW_WAIT_MAX if self.slow else WAIT_MAX):
                return "-", None
            for self.line, verb, rest in self.steps:
                getattr(self, f"do_{verb}")(rest)
            return "ok", None
        except NotHere:
            return "-", None
        except Fails as failure:
            return "FAILS", f"line {self.line}: {failure}"
        finally:
            if self.socket:
                self.socket.close()


def read_case(path):
    steps = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            verb, _, rest = line.strip().partition(" ")
            steps.append((number, verb, rest))
    return steps


def play_all(slow):
    cases = sorted(CASES.glob("*.def"))
    table = [(read_case(path), version, f"S{row}-{column}") for row, path in enumerate(cases)
             for column, version in enumerate(versions())]
    place = Place()
    place.config = configuration(place.folder, [(name, version, steps) for steps, version, name in table])
    gateway = Gateway(place).start()
    try:
        with concurrent.futures.ThreadPoolExecutor(128 if slow else 8) as pool:
            players = [Player(gateway.host_and_port(), name, version, steps, slow) for steps, version, name in table]
            outcomes = list(pool.map(Player.play, players))
    finally:
        gateway.kill()
        place.remove()
    return cases, table, outcomes


def main():
    cases, table, outcomes = play_all("--slow" in sys.argv)
    width = len(versions())
    for row, ((_, version, _), (word, why)) in enumerate(zip(table, outcomes)):
        if word == "FAILS":
            print(f"{cases[row // width].name} for {version['name']}: {why}")
    print("\n" + f"{'case':<36}" + "".join(f"{version['name']:<11}" for version in versions()))
    for row, path in enumerate(cases):
        words = [word for word, _ in outcomes[row * width:(row + 1) * width]]
        print(f"{path.stem:<36}" + "".join(f"{word:<11}" for word in words))
    counts = {kind: sum(word == kind for word, _ in outcomes) for kind in ("ok", "FAILS", "-")}
    print(f"{counts['ok']} hold, {counts['FAILS']} fail, {counts['-']} are not for a socket or do not apply")
    return 0 if counts["FAILS"] == 0 and counts["ok"] > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
