"""Errors of the disk, given to the running program by the library that is loaded before it."""

import random

from disturbed import Accidents

NUMBER = 5
IO_ERROR = 74


def is_of_views(name):
    return ".views-" in name


def run(context):
    chance, accidents = random.Random(5), Accidents(context)
    operations = {name: count for name, count in accidents.operations().items() if not name.endswith("+")}
    wanted = [(name, nth, "enospc" if number % 5 == 4 and name.startswith("write") else "eio") for name, count in sorted(operations.items())
              for number, nth in enumerate(range(1, count + 1))]
    trusted = [each for each in wanted if not is_of_views(each[0])]
    views = [each for each in wanted if is_of_views(each[0])]
    wanted = chance.sample(trusted, min(len(trusted), context.times(4, 400))) + chance.sample(views, min(len(views), context.times(1, 100)))
    stopped = refused = 0
    for name, nth, how in wanted:
        what = f"{name}@{nth}:{how}"
        ledger, status, acknowledged, unanswered = accidents.live(DISTURB=what)
        if is_of_views(name):
            # Views are made anew; what is in the log is not their concern.
            assert status in (0, IO_ERROR, 76), f"{what}: exit {status}: {ledger.log_tail()}"
        else:
            assert status in (IO_ERROR, 0), f"{what}: exit {status}: {ledger.log_tail()}"
            assert status == IO_ERROR or unanswered is None, f"{what}: a batch was not answered, and the process did not end"
        stopped += status == IO_ERROR
        refused += unanswered is not None
        accidents.check(what, ledger, acknowledged, unanswered)
    assert stopped, "no error was met"
    return (f"{len(wanted)} errors of single calls ({len({name for name, _, _ in wanted})} kinds of operation): {stopped} ended the process with 74, {refused} of "
            f"these under a batch that was never answered, gone {accidents.slowest_end * 1000:.0f} ms after its connection at most; 0 of {accidents.acknowledged_in_all:,} acknowledged events lost or twice. Every call of a short "
            f"life fails in tests/simulation (ErrorSweep)")
