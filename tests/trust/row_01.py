"""kill -9 at random instants: tests/end_to_end/kill_test.py, with as many rounds as are asked for."""

import re
import subprocess
import sys
from pathlib import Path

NUMBER = 1


def run(context):
    script = Path(__file__).parent.parent / "end_to_end" / "kill_test.py"
    done = subprocess.run([sys.executable, script, context.program, "--rounds", str(context.times(10, 2_000))], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    told = re.search(r"(\d+) kills, (\d+) of them during start-up; (\d+) events acknowledged, (\d+) persons, (\d+) erased, .*, (\d+) invoices; 0 problems",
                     done.stdout)
    assert told, done.stdout[-2000:]
    kills, starting, events, persons, erased, invoices = (int(each) for each in told.groups())
    return (f"{kills:,} kills under load, {starting:,} of them during start-up: 0 of {events:,} acknowledged events lost or twice, none of {erased:,} "
            f"erased persons (of {persons:,}) came back, each usage record on one of {invoices:,} invoices")
