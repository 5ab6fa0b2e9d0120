"""What the system tests share: the real binary as gateway, broker and bank, a
place of its own for each test, and a FIX client made of nothing but sockets."""

import contextlib
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PENSTOCK = os.environ.get("PENSTOCK", str(ROOT / "build/release/bin/penstock"))
SHARED = ROOT.parent / "shared"
EXAMPLES = ROOT / "config/examples"

# One client of the demo: what a withdrawal of theirs says.
CLIENT = {"client": "C-1003", "account": "DE58990010020000470011", "currency": "EUR",
          "payee": "DE51993040500071230463", "payee-bank": "RHBXDEFFXXX", "bank": "ICBXCNBJXXX",
          "payee-name": "Lindenhof Werkzeugbau GmbH"}

# What the maps need.
DEFINITIONS = ("head.001.001.01", "head.001.001.02", "head.001.001.04", "pacs.008.001.08", "pacs.002.001.10",
               "admi.002.001.01")

# What a bank says of an order.
STATUS = """<?xml version="1.0" encoding="UTF-8"?>
<RequestPayload><AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><Fr><FIId><FinInstnId>\
<BICFI>ICBXCNBJXXX</BICFI></FinInstnId></FIId></Fr><To><FIId><FinInstnId><BICFI>ALBRGB2LXXX</BICFI></FinInstnId>\
</FIId></To><BizMsgIdr>{id}</BizMsgIdr><MsgDefIdr>pacs.002.001.10</MsgDefIdr><CreDt>2025-06-01T10:00:00Z</CreDt>\
</AppHdr><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.002.001.10"><FIToFIPmtStsRpt><GrpHdr><MsgId>{id}</MsgId>\
<CreDtTm>2025-06-01T10:00:00Z</CreDtTm></GrpHdr><TxInfAndSts><OrgnlGrpInf><OrgnlMsgId>{order}</OrgnlMsgId>\
<OrgnlMsgNmId>pacs.008.001.08</OrgnlMsgNmId></OrgnlGrpInf><OrgnlInstrId>{request}</OrgnlInstrId>\
<TxSts>{status}</TxSts></TxInfAndSts></FIToFIPmtStsRpt></Document></RequestPayload>
"""

SOH = b"\x01"


def eventually(condition, what, seconds=20):
    """Waits until the condition holds; fails with what it was about."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"not in {seconds} s: {what}")


class Place:
    """A folder with a configuration, a store and a bank of its own."""

    def __init__(self, config=None, rules=None, definitions=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="penstock-"))
        self.schemas = self.pick_schemas(definitions) if definitions else ROOT / "schemas"
        self.store = self.folder / "penstock.db"
        self.admin = self.folder / "admin.sock"
        self.bank = self.folder / "bank"
        self.log = self.folder / "gateway.log"
        self.config = EXAMPLES / "demo.yaml"
        if config or rules:
            self.write_config(config or {}, rules)

    def pick_schemas(self, definitions):
        """No others: a start reads all of them, and where lives are short that is most of it."""
        folder = self.folder / "schemas"
        (folder / "iso20022").mkdir(parents=True)
        for name in ("fix", "maps", *(f"iso20022/{definition}.xsd" for definition in definitions)):
            (folder / name).symlink_to(ROOT / "schemas" / name)
        return folder

    def write_config(self, replacements, rules=None):
        """The demo's configuration with some texts replaced, beside its rules."""
        text = (EXAMPLES / "demo.yaml").read_text()
        for old, new in replacements.items():
            assert old in text, old
            text = text.replace(old, new)
        text = text.replace("../../schemas", str(self.schemas))
        (self.folder / "demo.yaml").write_text(text)
        (self.folder / "demo-rules.yaml").write_text(rules or (EXAMPLES / "demo-rules.yaml").read_text())
        self.config = self.folder / "demo.yaml"

    def environment(self, **more):
        return {**os.environ, "PENSTOCK_STORE": str(self.store), "PENSTOCK_ADMIN": str(self.admin),
                "PENSTOCK_BANK": str(self.bank), "PENSTOCK_LISTEN": "127.0.0.1:0",
                "PENSTOCK_SCHEMAS": str(self.schemas), **more}

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def query(self, sql, *arguments):
        with contextlib.closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)) as store:
            return store.execute(sql, arguments).fetchall()


class Gateway:
    """A running gateway; started again on the same place it goes on where it was."""

    def __init__(self, place, **environment):
        self.place = place
        self.environment = environment
        self.process = None
        self.address = None
        self.files_max = None

    def limit_files(self):
        if self.files_max:
            resource.setrlimit(resource.RLIMIT_NOFILE, (self.files_max, self.files_max))

    def start(self):
        with open(self.place.log, "ab") as log:
            self.process = subprocess.Popen([PENSTOCK, "run", "-c", str(self.place.config)], stdout=subprocess.PIPE,
                                            stderr=log, env=self.place.environment(**self.environment),
                                            preexec_fn=self.limit_files)
        line = self.process.stdout.readline().decode()
        found = re.match(r"READY fix=(\S+) admin=(\S+)$", line)
        if not found:
            self.process.wait()
            raise AssertionError(f"no READY but {line!r}; log:\n{self.place.log.read_text()}")
        self.address = found.group(1)
        return self

    def host_and_port(self):
        host, port = self.address.rsplit(":", 1)
        return host, int(port)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        return code

    def ask(self, *words):
        """A command to it; (exit code, what was printed)."""
        done = subprocess.run([PENSTOCK, *words, "--socket", str(self.place.admin)], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=30, env=self.place.environment())
        return done.returncode, done.stdout.decode()

    def tell(self, *words):
        code, text = self.ask(*words)
        assert code == 0, f"{words}: {code}: {text}"
        return text

    def import_demo(self):
        for kind in ("links", "balances"):
            code, text = self.import_kind(kind)
            assert code == 0, f"{kind}: {code}: {text}"

    def import_kind(self, kind):
        return self.ask(kind, "import", str(EXAMPLES / f"demo-{kind}.csv"))

    def log(self):
        return self.place.log.read_text(errors="replace")


def run(*words, place=None, stdin=None, timeout=60):
    """The binary with these words; (exit code, standard output, standard error)."""
    environment = place.environment() if place else {**os.environ, "PENSTOCK_SCHEMAS": str(ROOT / "schemas")}
    done = subprocess.run([PENSTOCK, *[str(word) for word in words]], input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=timeout, env=environment)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def start_party(place, *words, output):
    """A broker or bank in the background; its output goes to a file of the place."""
    with open(place.folder / output, "ab") as out:
        return subprocess.Popen([PENSTOCK, *[str(word) for word in words]], stdout=out, stderr=out,
                                env=place.environment())


def start_bank(place, *words):
    return start_party(place, "bank", "--directory", place.bank, "--quiet", *words, output="bank.out")


def end_party(process, seconds=60):
    """SIGTERM; the exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=seconds)


def run_broker(gateway, script, *words, timeout=90):
    """A broker with this script against the gateway; (exit code, output)."""
    code, out, err = run("broker", "--connect", gateway.address, "--script", "-", "--quiet", *words,
                         place=gateway.place, stdin=script.encode(), timeout=timeout)
    return code, out + err


def withdraw_line(name, amount, **more):
    pairs = {**CLIENT, "amount": amount, **more}
    return f"withdraw {name} " + " ".join(f'{key}="{value}"' for key, value in pairs.items()) + "\n"


# ---------------------------------------------------------------- a FIX client of our own


def fix_time(at=None):
    now = time.time() if at is None else at
    return time.strftime("%Y%m%d-%H:%M:%S", time.gmtime(now)) + ".%03d" % (now % 1 * 1000)


def fix_message(fields, begin=b"FIX.4.4"):
    """fields: (tag, value) pairs from 35 on; adds 8, 9 and 10."""
    body = b"".join(b"%d=%s\x01" % (tag, value if isinstance(value, bytes) else str(value).encode())
                    for tag, value in fields)
    head = b"8=" + begin + SOH + b"9=%d" % len(body) + SOH
    total = sum(head + body) % 256
    return head + body + b"10=%03d\x01" % total


def parse_fields(message):
    return [(int(field.split(b"=", 1)[0]), field.split(b"=", 1)[1].decode("utf-8", "replace"))
            for field in message.split(SOH) if b"=" in field]


class FixClient:
    """A broker that does what a test tells it, right or wrong."""

    begin = b"FIX.4.4"

    def __init__(self, gateway, sender="BRKALPHA", target="PENSTOCK", next_out=1):
        """gateway: or a socket that is connected to it."""
        self.socket = (gateway if isinstance(gateway, socket.socket)
                       else socket.create_connection(gateway.host_and_port(), timeout=10))
        self.sender, self.target, self.next_out = sender, target, next_out
        self.received = b""
        self.heard = []

    def close(self):
        self.socket.close()

    def send_raw(self, data):
        self.socket.sendall(data)

    def send(self, msg_type, *fields, number=None, header=()):
        number = self.next_out if number is None else number
        self.next_out = number + 1
        self.send_raw(fix_message([(35, msg_type), (49, self.sender), (56, self.target), (34, number), *header,
                                   (52, fix_time()), *fields], self.begin))
        return number

    def logon(self, heartbeat=30, reset=False):
        fields = [(98, 0), (108, heartbeat)] + ([(141, "Y")] if reset else [])
        self.send("A", *fields)
        answer = self.receive()
        assert dict(answer).get(35) == "A", answer
        return answer

    def fill_gap(self, request):
        """Answers a ResendRequest: what was asked for again was not so important."""
        first = int(dict(request)[7])
        after = self.next_out
        self.send("4", (123, "Y"), (36, after), number=first, header=[(43, "Y"), (122, fix_time())])
        self.next_out = after

    def receive(self, seconds=10):
        """The next message as (tag, value) pairs; None: the connection has ended."""
        end = time.monotonic() + seconds
        while True:
            found = re.search(rb"8=FIX[^\x01]*\x01.*?\x0110=\d{3}\x01", self.received, re.S)
            if found:
                self.received = self.received[found.end():]
                fields = parse_fields(found.group())
                self.heard.append(fields)
                return fields
            self.socket.settimeout(max(0.01, end - time.monotonic()))
            try:
                data = self.socket.recv(65536)
            except socket.timeout:
                raise AssertionError(f"nothing came in {seconds} s; before: {self.heard}") from None
            except ConnectionError:
                return None
            if not data:
                return None
            self.received += data

    def receive_type(self, *types, seconds=10):
        """The next message of one of these types; heartbeats and the like are passed over."""
        end = time.monotonic() + seconds
        while True:
            fields = self.receive(max(0.01, end - time.monotonic()))
            if fields is None or dict(fields)[35] in types:
                return fields


def withdrawal(name, amount="10.00", without=(), replace=(), **texts):
    """The fields of a DY for the client above."""
    client = {**CLIENT, **texts}
    tomorrow = time.strftime("%Y%m%d", time.gmtime(time.time() + 86400))
    fields = [(2812, name), (2811, 0), (60, fix_time()), (453, 3),
              (448, "ALBRGB2LXXX"), (447, "B"), (452, 7),
              (448, client["client"]), (447, "D"), (452, 3),
              (448, client["bank"]), (447, "B"), (452, 28),
              (2824, "CASH"), (2817, amount), (2818, client["currency"]),
              (2825, time.strftime("%Y%m%d", time.gmtime())), (2826, tomorrow), (2819, 0),
              (2816, client["account"]),
              (1158, 1), (1164, 3), (781, 2), (782, client["payee-name"]), (783, "D"), (784, 32),
              (801, 2), (785, client["payee"]), (786, 15), (785, client["payee-name"]), (786, 23),
              (782, client["payee-bank"]), (783, "B"), (784, 109)]
    changed = dict(replace)
    return [(tag, changed.get(tag, value)) for tag, value in fields if tag not in without]


class GatewayTest(unittest.TestCase):
    """A test with a place of its own; a running gateway when it asks for one."""

    config = None
    rules = None
    definitions = None
    started = True

    def setUp(self):
        self.place = Place(self.config, self.rules, self.definitions)
        self.parties = []
        self.gateway = Gateway(self.place)
        self.addCleanup(self.clean_up)
        if self.started:
            self.gateway.start()
            self.gateway.import_demo()

    def clean_up(self):
        """Whatever went wrong, nothing runs on; the place stays when the test failed."""
        for party in self.parties:
            if party.poll() is None:
                party.kill()
                party.wait()
        if self.gateway.process and self.gateway.process.poll() is None:
            self.gateway.kill()
        result = self._outcome.result
        if any(test is self for test, _ in result.failures + result.errors):
            print(f"kept for a look: {self.place.folder}", file=sys.stderr)
        else:
            self.place.remove()

    def start_bank(self, *words):
        bank = start_bank(self.place, *words)
        self.parties.append(bank)
        return bank

    def memory(self, what):
        """VmRSS, or VmHWM, the most it ever was; in MB."""
        status = pathlib.Path(f"/proc/{self.gateway.process.pid}/status").read_text()
        return int(re.search(rf"^{what}:\s+(\d+) kB", status, re.M).group(1)) / 1024

    def bank_file(self, name, text):
        """Puts a file into the channel as a bank does: by a rename."""
        hidden = self.place.bank / "in" / f".{name}.tmp"
        hidden.write_bytes(text if isinstance(text, bytes) else text.encode())
        hidden.rename(self.place.bank / "in" / name)

    def assert_documents_valid(self):
        """All that we wrote, by the official schemas, when they are at hand."""
        schemas = SHARED / "iso20022/xsd"
        if not schemas.exists():
            print("not checked with xmllint: no official schemas at hand")
            return
        parts = {}
        for path in [*(self.place.bank / "taken").glob("*.xml"), *(self.place.bank / "out").glob("*.xml")]:
            for part in re.findall(r"<(?:AppHdr|Document) xmlns=.*?</(?:AppHdr|Document)>", path.read_text(), re.S):
                name = re.search(r"xsd:([a-z]+\.\d{3}\.\d{3}\.\d{2})", part).group(1)
                parts.setdefault(name, []).append(part)
        for name, texts in parts.items():
            with tempfile.TemporaryDirectory() as folder:
                for number, text in enumerate(texts):
                    (pathlib.Path(folder) / f"{number}.xml").write_text(text)
                for start in range(0, len(texts), 500):
                    files = [f"{folder}/{number}.xml" for number in range(start, min(start + 500, len(texts)))]
                    done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", schemas / f"{name}.xsd", *files],
                                          capture_output=True, text=True)
                    self.assertEqual(done.returncode, 0, done.stderr[-2000:])

    def assert_books_balance(self):
        """What every store must prove: balances are the sums of their ledger entries."""
        from books import check_books
        check_books(self, self.place)
