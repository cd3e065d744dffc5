"""Faults of RocksDB that are known: they show as it comes, and not through the ledger's log."""

import re
import subprocess

NUMBER = 26


def run(context):
    cases = context.times(12, 200)
    done = subprocess.run([str(context.built("storage_faults")), str(context.folder), str(cases)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    faults = re.findall(r"^(.+): (\d+) (\d+) of (\d+)$", done.stdout, re.MULTILINE)
    assert len(faults) == 5, done.stdout
    for name, plain, ours, _ in faults:
        assert int(plain) > 0, f"{name}: RocksDB has no such fault any more; this row is to be mended"
        assert int(ours) == 0, f"{name}: {ours} cases without a word"
    return ("opened with rows missing and no word, of RocksDB as it comes and of the log: " +
            "; ".join(f"{name}: {plain} and {ours} of {number}" for name, plain, ours, number in faults))
