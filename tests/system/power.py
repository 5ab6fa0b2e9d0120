"""A power cut: what the layer power_cut.c has noted and nobody has synced is
taken away, all of it or any part that a file system may lose.

Each 512 bytes of a file are as they were at some moment since its last sync; so
is its size, and what was not written below it is zero.  A file that was cut
short has been so wholly or not at all.  A name is there or not, as at some moment
since the last sync of its folder; a rename within one folder is one step.  Who
only reads the folders (a bank) has what it took: that is on another machine."""

import collections
import os
import pathlib
import shutil
import stat
import struct

SECTOR = 512
HEADER = struct.Struct("<IIIIQQqq")
WRITE, RESIZE, SYNC, NAME = 1, 2, 3, 4

# One line of the log.  at: its own place in it; the rest as in power_cut.c.
Record = collections.namedtuple("Record", "at kind path inode other start old_size bytes")

# How much is lost: of the bytes, and of the names.
BYTES = ("all", "all", "sectors", "pages", "none")
NAMES = ("all", "all", "any", "last", "none")


def read_log(path):
    data = memoryview(path.read_bytes() if path.exists() else b"")
    at = 0
    while len(data) - at >= HEADER.size:
        kind, path_size, bytes_size, _, inode, other, start, old_size = HEADER.unpack_from(data, at)
        text, end = at + HEADER.size, at + HEADER.size + path_size + bytes_size
        if end > len(data):
            return  # the kill came while it was written, and before what it is about
        yield Record(at, kind, bytes(data[text:text + path_size]).decode(), inode, other, start, old_size,
                     data[text + path_size:end])
        at = end


def inode_of(path):
    try:
        return os.lstat(path).st_ino
    except OSError:
        return 0


class Unsynced:
    """What the log leaves open: changes by file, and names, in their order."""

    def __init__(self, records):
        self.changes = collections.defaultdict(list)
        self.names = []
        self.places = collections.defaultdict(set)
        for record in records:
            if record.kind == SYNC:
                kept = [change for change in self.changes.pop(record.inode, ()) if change.at >= record.start]
                if kept:
                    self.changes[record.inode] = kept
                self.names = [name for name in self.names if name.inode != record.inode or name.at >= record.start]
            elif record.kind == NAME:
                self.names.append(record)
                for inode in (record.other, record.start):
                    self.places[inode].add(record.path)
            else:
                self.changes[record.inode].append(record)
                self.places[record.inode].add(record.path)

    def find(self, inode):
        """Where the file is now; None: out of our hands."""
        return next((path for path in self.places[inode] if inode_of(path) == inode), None)


class Disk:
    """The part of a test's folder that a power cut hits."""

    def __init__(self, folder, layer):
        self.root = folder / "disk"
        self.log = folder / "unsynced"
        self.aside = folder / "aside"
        self.layer = layer
        self.lost = collections.Counter()
        self.aside.mkdir()
        self.root.mkdir()

    def renew(self):
        """An empty one, of which nobody knows anything."""
        shutil.rmtree(self.root)
        self.root.mkdir()
        self.log.unlink(missing_ok=True)
        for path in self.aside.iterdir():
            path.unlink()

    def environment(self, calls=0, ready=False, slow_us=0, deaf=None):
        names = {"LD_PRELOAD": self.layer, "POWER_CUT_ROOT": str(self.root), "POWER_CUT_LOG": str(self.log),
                 "POWER_CUT_ASIDE": str(self.aside), "POWER_CUT_AT": str(calls), "POWER_CUT_READY": str(int(ready)),
                 "POWER_CUT_SLOW": str(slow_us)}
        return {**names, **({"POWER_CUT_DEAF": deaf} if deaf else {})}

    def cut(self, random):
        """The power was away: what is on the disk now is durable."""
        unsynced = Unsynced(read_log(self.log))
        self.lost["cuts"] += 1
        self.lost["cuts with something unsynced"] += bool(unsynced.changes or unsynced.names)
        for inode, changes in unsynced.changes.items():
            self.lose_bytes(random, unsynced.find(inode), changes)
        self.lose_names(random, unsynced)
        self.lose_shared_memory(random)
        self.log.unlink(missing_ok=True)
        for path in self.aside.iterdir():
            path.unlink()

    # ------------------------------------------------------------ bytes

    def lose_bytes(self, random, path, changes):
        if path is None or stat.S_ISDIR(os.lstat(path).st_mode):
            return
        before = pathlib.Path(path).read_bytes()
        content = bytearray(before)
        mode = random.choice(BYTES)
        changes = self.lose_cuts(random, content, changes, mode)
        if mode == "all":
            for change in reversed(changes):
                undo(content, change)
        elif mode != "none":
            self.lose_sectors(random, content, changes, SECTOR if mode == "sectors" else 8 * SECTOR)
        self.lost["writes not synced"] += len(changes)
        if content != before:
            self.lost["files put back"] += 1
            with open(path, "r+b") as file:
                file.write(content)
                file.truncate(len(content))

    @staticmethod
    def lose_cuts(random, content, changes, mode):
        """A file was cut short or was not; what was written after is in other blocks."""
        cuts = [index for index, change in enumerate(changes) if is_cut(change)]
        kept = {"all": 0, "none": len(cuts)}.get(mode, random.randint(0, len(cuts)))
        if kept < len(cuts):
            for change in reversed(changes[cuts[kept]:]):
                undo(content, change)
            changes = changes[:cuts[kept]]
        return changes[cuts[kept - 1] + 1:] if kept else changes

    def lose_sectors(self, random, content, changes, block):
        """Each block as it was after some of the changes, and the size as well."""
        touching = collections.defaultdict(list)
        for change in changes:
            if change.kind == WRITE and change.other:
                for number in range(change.start // block, (change.start + change.other - 1) // block + 1):
                    touching[number].append(change)
        for number, writes in touching.items():
            survive = random.randint(0, len(writes))
            self.lost["blocks put back"] += survive < len(writes)
            for change in reversed(writes[survive:]):
                undo_part(content, change, number * block, (number + 1) * block)
        if changes:
            size = random.choice([change.old_size for change in changes] + [len(content)])
            resize(content, size)

    # ------------------------------------------------------------ names

    def lose_names(self, random, unsynced):
        names = unsynced.names
        surviving = self.surviving(random, names)
        wanted, expected = {}, {}
        for name in names:
            wanted.setdefault(name.path, name.start)
            if name.at in surviving:
                wanted[name.path] = name.other
            expected[name.path] = name.other
        self.lost["names not synced"] += len(names)
        self.lost["names put back"] += len(names) - len(surviving)
        # Where another hand was, the bank's, it is as that left it.
        changed = {path: inode for path, inode in wanted.items()
                   if inode != expected[path] and inode_of(path) == expected[path]}
        self.put_names(changed, unsynced)

    @staticmethod
    def surviving(random, names):
        """The places in the log of the changes that come through."""
        mode = random.choice(NAMES)
        calls = sorted({name.old_size for name in names})
        if mode == "last":  # as a journal does: those of the end are lost
            last = random.randint(0, len(calls))
            return {name.at for name in names if name.old_size in calls[:last]}
        if mode == "any":
            luck = {call: random.random() < 0.5 for call in calls}
            return {name.at for name in names if luck[name.old_size]}
        return {name.at for name in names} if mode == "none" else set()

    def put_names(self, changed, unsynced):
        kept = {}
        for inode in {inode for inode in changed.values() if inode}:
            source = next((path for path in (self.aside / str(inode), unsynced.find(inode))
                           if path and inode_of(path) == inode), None)
            if source and not os.path.isdir(source):
                kept[inode] = self.aside / f"{inode}.kept"
                os.link(source, kept[inode])
        for path in sorted(changed, reverse=True):
            remove(path)
        for path, inode in changed.items():
            if inode in kept and os.path.isdir(os.path.dirname(path)):
                os.link(kept[inode], path)

    def lose_shared_memory(self, random):
        """It is written whenever the system likes: nobody may believe it."""
        for path in self.root.rglob("*-shm"):
            fate = random.choice(("gone", "empty", "garbage", "as it is"))
            if fate == "gone":
                path.unlink()
            elif fate == "empty":
                path.write_bytes(b"")
            elif fate == "garbage":
                path.write_bytes(random.randbytes(32768))


def is_cut(change):
    return change.kind == RESIZE and change.start < change.old_size


def resize(content, size):
    if size <= len(content):
        del content[size:]
    else:
        content.extend(bytes(size - len(content)))


def undo(content, change):
    if change.start + len(change.bytes) > len(content):
        resize(content, change.start + len(change.bytes))
    content[change.start:change.start + len(change.bytes)] = change.bytes
    resize(content, change.old_size)


def undo_part(content, change, start, end):
    """The same within one block; behind the old end there was nothing."""
    start, end = max(start, change.start), min(end, change.start + change.other, len(content))
    before = bytes(change.bytes[start - change.start:max(start, end) - change.start])
    if start < end:
        content[start:end] = before + bytes(end - start - len(before))


def remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)
