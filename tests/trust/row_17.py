"""SIGKILL inside a backup, a restore and a rebuild: nothing half-made passes for whole, and repeating works."""

import json
import random
import shutil
import subprocess
import time

import billed

NUMBER = 17


def killed(program, words, seconds):
    """Whether the kill came before the end."""
    process = subprocess.Popen([str(program), *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(timeout=seconds)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True


def run(context):
    ledger, key, told = billed.make(context)
    chance, folder = random.Random(17), context.folder
    backup, restored = folder / "backup", folder / "restored"
    begin = time.monotonic()
    ledger.run("backup", "create", "--data", ledger.directory, backup)
    longest = time.monotonic() - begin
    rounds = context.times(2, 500)
    counts = {"backup": 0, "restore": 0, "rebuild": 0}
    for number in range(rounds):
        other = folder / "other"
        counts["backup"] += killed(context.program, ["backup", "create", "--data", ledger.directory, other], chance.uniform(0, longest))
        if other.exists():
            ledger.run("backup", "verify", other)
            shutil.rmtree(other)
        shutil.rmtree(folder / "other.unfinished", ignore_errors=True)

        counts["restore"] += killed(context.program, ["backup", "restore", backup, "--data", restored], chance.uniform(0, longest))
        if (restored / "FORMAT").exists():
            assert billed.head_of(ledger.run("replay", "verify", "--data", restored)) == told["position"]
        elif restored.exists():
            done = ledger.run("replay", "verify", "--data", restored, check=False)
            assert done.returncode in (3, 76, 77), done
        shutil.rmtree(restored, ignore_errors=True)
        ledger.run("backup", "restore", backup, "--data", restored)

        if number % 2:
            shutil.rmtree(restored / "views", ignore_errors=True)
        counts["rebuild"] += killed(context.program, ["replay", "rebuild", "--data", restored], chance.uniform(0, longest))
        rebuilt = json.loads(ledger.run("replay", "rebuild", "--data", restored).stdout)
        assert rebuilt["position"] == told["position"] and all(view["equal"] for view in rebuilt["projections"]), rebuilt
        shutil.rmtree(restored)
    ledger.run("backup", "verify", backup)
    ledger.start()
    client = ledger.client(key)
    assert billed.figures(client) == told
    client.close()
    assert ledger.stop() == 0
    return (f"{rounds} kills each aimed at backup, restore and rebuild, of which {counts['backup']}, {counts['restore']} and {counts['rebuild']} came before the end: "
            f"0 half-made copies accepted, every rebuilt view equal, every repetition worked; the ledger unchanged")
