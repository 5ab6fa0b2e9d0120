"""What the simulated broker and bank have written down, read as a witness does."""

import collections
import re

Order = collections.namedtuple("Order", "amount end_to_end")

# What differs when a message is sent again, or is no part of what it says.
FRAME = {8, 9, 10, 43, 52, 122}
HEADER = FRAME | {34, 35, 49, 56, 97}

# What a session heals by itself: what a kill has lost on its way is asked for, and may come twice
# when new messages and those that are sent again pass each other.
HEALED = ("messages are missing from this number on: asked for", "PossDup of a number that was taken already")


def fields_of(text, separator="|"):
    return [(int(tag), value) for tag, value in (field.split("=", 1) for field in text.split(separator) if "=" in field)]


def content_of(fields, without=frozenset(FRAME)):
    return tuple(field for field in fields if field[0] not in without)


class Tail:
    """The whole lines that a journal has got since the last look: (word, rest)."""

    def __init__(self, path):
        self.path, self.offset = path, 0

    def lines(self):
        if not self.path.exists():
            return
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            data = file.read()
        data = data[:data.rfind(b"\n") + 1]
        self.offset += len(data)
        for line in data.decode().splitlines():
            _, word, *rest = line.split(" ", 2)
            yield word, rest[0] if rest else ""


class BrokerRecords:
    """The broker's journal."""

    def __init__(self, path):
        self.problems = []
        self.said, self.heard = collections.defaultdict(list), collections.defaultdict(list)
        self.requests, self.announcements = {}, {}
        self.receipts, self.answers = set(), collections.defaultdict(set)
        self.reports, self.finals = collections.defaultdict(set), collections.defaultdict(set)
        for word, rest in Tail(path).lines():
            if word in ("problem", "failed", "reset") or (word == "fault" and rest not in HEALED):
                self.problems.append((word, rest))
            elif word in ("in", "out"):
                number, text = rest.split(" ", 1)
                fields = fields_of(text)
                (self.heard if word == "in" else self.said)[int(number)].append(content_of(fields))
                self.take(fields)

    def take(self, fields):
        values = dict(fields)
        kind = values[35]
        if kind == "DY":
            self.requests[values[2812]] = values[2817]
        elif kind == "EB":
            self.answers[values[2799]].add(values[2806])
        elif kind == "DZ":
            self.receipts.add(values[2812])
        elif kind == "EA":
            self.reports[values[2799]].add(content_of(fields, HEADER))
            if 2812 not in values:
                self.announcements[values[2799]] = values[2817]
            elif values[2823] in ("3", "4"):
                self.finals[values[2812]].add((values[2799], values[2823]))


def text_of(name, document):
    found = re.search(rf"<{name}(?: [^>]*)?>([^<]*)</{name}>", document)
    return found.group(1) if found else None


class BankRecords:
    """The bank's journal, and the documents on its side."""

    def __init__(self, folder):
        self.folder = folder
        self.problems = []
        self.took, self.orders, self.replies = {}, {}, collections.defaultdict(set)
        self.answers = collections.defaultdict(list)
        self.announced = {}
        self.repeats = 0
        for word, rest in Tail(folder / "taken" / "journal").lines():
            self.take(word, rest.split())

    def take(self, word, words):
        if word in ("differs", "invalid"):
            self.problems.append((word, words))
        elif word == "took" and words[0] in self.took:
            self.problems.append(("took twice", words))
        elif word == "took":
            self.took[words[0]] = words[1]
            self.read(words[2], (self.folder / "taken" / f"{words[0]}.xml").read_text())
        elif word == "repeat":
            self.repeats += 1
        elif word == "answered":
            self.answers[words[0]].append(words[1])
        elif word == "announced":
            self.announced[words[0]] = text_of("IntrBkSttlmAmt", self.own(words[0]).read_text())

    def read(self, definition, document):
        if definition.startswith("pacs.008"):
            self.orders[text_of("BizMsgIdr", document)] = Order(text_of("IntrBkSttlmAmt", document),
                                                                text_of("EndToEndId", document))
        elif definition.startswith("pacs.002"):
            self.replies[text_of("OrgnlEndToEndId", document)].add(text_of("TxSts", document))
        else:
            self.problems.append(("refused", document))

    def own(self, name):
        """A document of the bank, wherever the gateway has put it."""
        return next(path for path in (self.folder / part / f"{name}.xml" for part in ("done", "in")) if path.exists())

    def written(self):
        """The ids of all that the bank has written."""
        answers = {f"{order}-A{number + 1}" for order, given in self.answers.items() for number in range(len(given))}
        return answers | set(self.announced)
