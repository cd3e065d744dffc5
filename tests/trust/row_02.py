"""kill -9 at named points: before and after file operations of the program, and at the points that RocksDB has for its own tests."""

import random
import re
import shutil
import subprocess

from disturbed import Accidents

NUMBER = 2
POINT = re.compile(rb"[A-Za-z]+(?:::[A-Za-z]+)+:[A-Za-z0-9:()]+(?=\0)")
GROUP = 25


def writer(context, directory, *words):
    """(exit code, last position that was durable, stderr)."""
    done = subprocess.run([str(context.built("log_writer")), str(directory), *map(str, words)], capture_output=True, text=True, check=False)
    told = re.findall(r"^at (\d+)$", done.stdout, re.MULTILINE)
    return done.returncode, int(told[-1]) if told else None, done.stderr


def inside_rocksdb(context, chance):
    """(kills, points at which, points reached)."""
    names = sorted({name.decode() for name in POINT.findall(context.built("log_writer").read_bytes())})
    points = context.folder / "points"
    points.write_text("".join(f"{name}\n" for name in names))
    # Twice: the first life makes a log, the second one finds one.
    directory, met = context.folder / "log", {}
    for _ in range(2):
        status, _, told = writer(context, directory, 60, points)
        assert status == 0, told
        for line in told.splitlines():
            name, count = line.rsplit(" ", 1)
            met[name] = max(met.get(name, 0), int(count))
    if not met:
        return 0, 0, 0
    wanted = [(name, nth) for name, count in met.items() for nth in (1, 2, 5) if nth <= count]
    if not context.full:
        wanted = chance.sample(wanted, min(16, len(wanted)))
    kills, killed_at = 0, set()
    for number, (name, nth) in enumerate(wanted):
        if number % 4 == 0:
            shutil.rmtree(directory)
        status, durable, told = writer(context, directory, 60, f"{name}@{nth}")
        assert status in (0, -9), f"{name}@{nth}: exit {status}: {told}"
        if status == -9:
            kills += 1
            killed_at.add(name)
        status, found, told = writer(context, directory)
        assert status == 0, f"{name}@{nth}: {told}"
        assert (durable or 0) <= found, f"{name}@{nth}: {durable} was durable, the log ends at {found}"
        assert durable is None or found <= durable + GROUP, f"{name}@{nth}: more than the group in flight"
    return kills, len(killed_at), len(met)


def run(context):
    chance = random.Random(2)
    kills, killed_at, reached = inside_rocksdb(context, chance)
    accidents = Accidents(context)
    operations = accidents.operations()
    wanted = [(name, nth) for name, count in operations.items() for nth in (1, 2, 7) if nth <= count]
    if not context.full:
        wanted = chance.sample(wanted, 4)
    killed = set()
    for name, nth in wanted:
        ledger, status, acknowledged, unanswered = accidents.live(DISTURB=f"{name}@{nth}:kill")
        if status == -9:
            killed.add(name)
        else:
            assert status == 0, f"{name}@{nth}: exit {status}: {ledger.log_tail()}"
        accidents.check(f"{name}@{nth}", ledger, acknowledged, unanswered)
    assert killed and (kills or not reached), "nothing was killed"
    return (f"{kills} kills at {killed_at} of the {reached} points that RocksDB came by; {len(wanted)} at {len(killed)} of {len(operations)} places before and "
            f"after operations on files of the running program: 0 of {accidents.acknowledged_in_all:,} acknowledged events lost or twice")
