"""What Daybook promises about faults, row by row, held against the real program.

    trust.py PROGRAM BUILT [ROW…] [--full] [--write PAGE]

BUILT is the folder of the build that the programs of tests/trust are in.
Runs the short form of every row, or of those that are named; `--full` or DAYBOOK_TRUST_FULL=1 the full counts. `--write`
writes the page anew with the figures of this run; rows that did not run, or that failed, stand there as not proven.
"""

import argparse
import datetime
import os
import pathlib
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
for folder in (HERE, HERE.parent / "end_to_end", HERE.parent / "verifier"):
    sys.path.insert(0, str(folder))
sys.dont_write_bytecode = True

import row_01  # noqa: E402
import row_02  # noqa: E402
import row_03  # noqa: E402
import row_04  # noqa: E402
import row_05  # noqa: E402
import row_06  # noqa: E402
import row_07  # noqa: E402
import row_08  # noqa: E402
import row_17  # noqa: E402
import row_18  # noqa: E402
import row_19  # noqa: E402
import row_20  # noqa: E402
import row_22  # noqa: E402
import row_24  # noqa: E402
import row_26  # noqa: E402
from claims import CLAIMS, NotRun  # noqa: E402
from daybook import end_all  # noqa: E402

ROWS = {row.NUMBER: row for row in (row_01, row_02, row_03, row_04, row_05, row_06, row_07, row_08, row_17, row_18, row_19, row_20, row_22,
                                   row_24, row_26)}

HEAD = """# What is proven

Written by `python3 tests/trust/trust.py PROGRAM BUILT --write docs/trust.md`, and by nothing else. Each row is a kind of
fault, what holds under it, and what came out when it was last tried on the real program. Rows without a run, or whose
run found something, are *not proven*. The known limits are at the end.

"""

LIMITS = """
## Known limits

- The loss of the whole disk without a backup, and a disk that lies about having written, are outside of one machine's reach.
- A copy of the whole directory that was put back is invisible to the ledger itself: clients with a newer `Daybook-Token`
  and heads that were published elsewhere find it.
- Who has the machine can forge what comes after the last head that was published elsewhere.
- Number of stream, version and admission code in a record's head are not hashed; they follow from the events before.
"""


class Context:
    """Where a row finds the programs, a directory of its own, and how much it is to run."""

    def __init__(self, program, folder_of_programs, full):
        self.program, self.full = program, full
        self.programs = pathlib.Path(folder_of_programs).resolve()
        self.segment_check = self.programs / "segment_check"

    def built(self, name):
        """A program or library of the tests."""
        path = (self.programs / name).resolve()
        if not path.exists():
            raise NotRun(f"{path.name} is not built")
        return path

    def times(self, short, full):
        return full if self.full else short


def run(number, row, context):
    """(what came out, or None; why not)."""
    begin = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="daybook-trust-") as folder:
            context.folder = pathlib.Path(folder)
            try:
                figures = row.run(context)
            finally:
                end_all()
    except NotRun as reason:
        print(f"row {number}: not run: {reason}", flush=True)
        return None, f"not run: {reason}", False
    except Exception as failure:
        traceback.print_exc()
        print(f"row {number}: FAILED: {failure}", flush=True)
        return None, "the last run found something", True
    print(f"row {number}: {figures} ({time.monotonic() - begin:.1f} s)", flush=True)
    return figures, None, False


def page(outcomes, full):
    text = HEAD
    text += f"Last run: {datetime.date.today().isoformat()}, {'full counts' if full else 'the short form of `./check`'}.\n\n"
    text += "| Row | Fault | What holds | What came out |\n|---|---|---|---|\n"
    for number, (fault, promise) in CLAIMS.items():
        figures, reason, _ = outcomes.get(number, (None, "no run of it here", False))
        text += f"| {number} | {fault} | {promise} | {figures or f'**not proven** ({reason})'} |\n"
    return text + LIMITS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("built")
    parser.add_argument("rows", nargs="*", type=int)
    parser.add_argument("--full", action="store_true", default=bool(os.environ.get("DAYBOOK_TRUST_FULL")))
    parser.add_argument("--write", type=pathlib.Path)
    words = parser.parse_args()
    context = Context(words.program, words.built, words.full)
    outcomes = {number: run(number, ROWS[number], context) for number in words.rows or ROWS}
    if words.write:
        words.write.write_text(page(outcomes, words.full))
    return 1 if any(failed for _, _, failed in outcomes.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
