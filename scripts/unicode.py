#!/usr/bin/env python3
"""Writes codecs/iso20022/unicode.def: the general category of every character that
has one, from the Unicode character database that comes with Python.

    scripts/unicode.py > codecs/iso20022/unicode.def"""

import unicodedata

WIDTH = 118


def ranges():
    """First, last, category of each run; without surrogates, which are no characters."""
    first = category = None
    for point in range(0x110001):
        found = unicodedata.category(chr(point)) if point < 0x110000 else None
        if found != category:
            if category not in (None, "Cn", "Cs"):
                yield first, point - 1, category
            first, category = point, found


print(f"/* U(category, first, last): the characters that have a general category in Unicode {unicodedata.unidata_version},\n"
      "   in order.  Written by scripts/unicode.py. */")
line = ""
for run in ranges():
    row = "U({2}, {0:X}, {1:X})".format(*run)
    if len(line) + 1 + len(row) > WIDTH:
        print(line)
        line = row
    else:
        line = f"{line} {row}" if line else row
print(line)
