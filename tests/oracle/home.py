"""A fresh ledger, quickly: its directory is made once and copied for each, in memory where the machine has such a place.

What is asked here is what a bill says and not whether it survives a power cut, so that nothing need reach a disk.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "end_to_end"))

from daybook import Daybook  # noqa: E402  (found where the other tests over HTTP have it)

MEMORY = "/dev/shm"


class Homes:
    """The ledgers of one process, one after another. Closing it removes what it made."""

    def __init__(self, program):
        there = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2 ** 29
        self.program, self.root = program, Path(tempfile.mkdtemp(prefix="daybook-oracle-", dir=MEMORY if there else None))
        self.count, self.model = 0, Daybook(program, directory=self.root / "model")
        self.operator = self.model.create_key("operator", "admin,ingest,read")
        self.persons = self.model.create_key("persons", "act-as")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root, ignore_errors=True)

    def fresh(self):
        """A ledger that holds nothing but the two keys; a context that ends with it."""
        self.count += 1
        directory = self.root / f"ledger-{self.count}"
        shutil.copytree(self.model.directory, directory)
        return _Fresh(self.program, directory)


class _Fresh(Daybook):
    def __init__(self, program, directory):
        super().__init__(program, directory=directory)

    def __exit__(self, *what):
        super().__exit__(*what)
        shutil.rmtree(self.directory, ignore_errors=True)
        self.log.unlink(missing_ok=True)
