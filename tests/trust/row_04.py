"""Power loss on the simulated disk of tests/simulation, with as many crashes as are asked for."""

import re
import subprocess

NUMBER = 4


def run(context):
    player = context.built("../simulation/simulation_player")
    # Seeds that the tests of ./check do not play.
    done = subprocess.run([str(player), "--rounds", str(context.times(100, 1_000_000)), "--from", "50000001"], capture_output=True, text=True, check=False)
    told = re.search(r"(\d+) rounds, (\d+) in openings, (\d+) stops with 74, (\d+) refusals of damage, (\d+) failed", done.stdout)
    assert done.returncode == 0 and told, done.stdout[-4000:] + done.stderr[-2000:]
    rounds, openings, stops, refusals, failed = (int(each) for each in told.groups())
    assert failed == 0
    again = [subprocess.run([str(player), "--seed", str(seed)], capture_output=True, text=True, check=True).stdout for seed in (50_000_001,) * 2]
    assert again[0] == again[1], "the same seed did something else"
    return (f"{rounds:,} simulated crashes, {openings:,} of them while a ledger opened, {stops:,} after an error of the disk that stopped it (74), "
            f"{refusals:,} refusals of what was read wrong: 0 acknowledged events lost, 0 twice, 0 gaps; a seed played again does the same")
