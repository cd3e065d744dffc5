"""Prints which of the given sources include a header, themselves or through others: a line each.

    python3 includers.py ROOT HEADER SOURCE…

Names as they stand in #include, seen from ROOT; sources as they are given.
"""

import re
import sys
from pathlib import Path

INCLUDED = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.MULTILINE)


def main(root, header, *sources):
    root = Path(root)
    known = {}

    def includes(path):
        if path not in known:
            file = root / path
            known[path] = INCLUDED.findall(file.read_text(encoding="utf-8")) if file.is_file() else []
        return known[path]

    for source in sources:
        seen, ahead = set(), [source]
        while ahead and header not in seen:
            for name in includes(ahead.pop()):
                if name not in seen:
                    seen.add(name)
                    ahead.append(name)
        if header in seen:
            print(source)


main(*sys.argv[1:])
