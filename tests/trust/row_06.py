"""Damage: one file of a cold copy is flipped, cut, zeroed, taken away, exchanged or replaced by yesterday's, and the program is asked."""

import json
import random
import re
import shutil

import billed

NUMBER = 6
FOUND = (7, 71, 74, 76, 77, 78)


def kinds(directory):
    """{kind: [files]} of what a ledger cannot do without."""
    log = sorted((directory / "log").iterdir())
    return {"table file": [path for path in log if path.suffix == ".sst"],
            "write-ahead log": [path for path in log if path.suffix == ".log" and path.stat().st_size],
            "manifest": [path for path in log if path.name.startswith("MANIFEST")],
            "CURRENT": [directory / "log" / "CURRENT"], "witness": [directory / "witness"], "FORMAT": [directory / "FORMAT"],
            "signing key": [directory / "keys" / "log_signing"], "subjects' keys": [directory / "keys" / "subjects"]}


def spoil(path, how, chance, older):
    if how == "yesterday's":
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        (shutil.copytree if older.is_dir() else shutil.copy)(older, path)
        return
    data = bytearray(path.read_bytes())
    if how == "exchanged":
        other = next(each for each in sorted(path.parent.glob("*" + path.suffix)) if each != path)
        path.write_bytes(other.read_bytes())
        other.write_bytes(data)
        return
    if how == "missing":
        path.unlink()
        return
    at = chance.randrange(len(data))
    if how == "flipped":
        data[at] ^= 1 << chance.randrange(8)
    elif how == "cut":
        del data[at:]
    else:
        data[at:at + 512] = bytes(len(data[at:at + 512]))
    path.write_bytes(data)


def asks(ledger, key):
    """What a caller is told of the copy: ("refused", code, sentence) or ("told", figures)."""
    try:
        ledger.spawn()
        try:
            ledger.wait_until_listening()
        except AssertionError:
            status = ledger.process.wait()
            return "refused", status, ledger.log_tail()
        client = ledger.client(key)
        try:
            return "told", billed.figures(client), None
        except (AssertionError, KeyError, OSError) as error:  # an answer that is no figure
            return "error", 0, str(error)
        finally:
            client.close()
    finally:
        ledger.kill()


def salvage(context, copy, told, keys):
    """`keys`: those of the ledger as it was. Every event that comes out of the copy is one that went in; every position is there or named."""
    target = context.folder / "salvaged"
    shutil.rmtree(target, ignore_errors=True)
    done = copy.run("salvage", "--data", copy.directory, "--to", target, check=False)
    if done.returncode in (1, 2):
        raise AssertionError(done.stderr)
    if not done.stdout:
        return 0
    report = json.loads(done.stdout)
    if report["ok"]:
        verdict = json.loads(copy.run("replay", "export", "--data", target, context.folder / "all.segment").stdout)
        assert verdict["root"] == told["root"], "another history"
        return told["position"]
    if not report["lost"] and done.returncode == 76:  # the keys alone are damaged
        assert copy.run("replay", "verify", "--data", target, check=False).returncode in (76, 77), report
        shutil.rmtree(target / "keys")
        shutil.copytree(keys, target / "keys")
        assert billed.head_of(copy.run("replay", "verify", "--data", target)) == told["position"], report
        return told["position"]
    if report["acknowledged"] is not None:
        covered = sorted(position for ranges in (report["parts"], report["lost"]) for part in ranges
                         for position in range(part["from"], part["to"] + 1))
        assert covered == list(range(1, told["position"] + 1)), report
    return report["recovered"]


def run(context):
    ledger, key, told = billed.make(context)
    older = billed.copied(ledger, context.folder / "older")
    # Opened and closed once more, so that part of the log is in table files.
    ledger.start()
    client = ledger.client(key)
    for first in range(9000, 9060, 15):  # more groups than a witness may be behind
        assert client.post_events([billed.usage(n) for n in range(first, first + 15)]).status == 200
    told = billed.figures(client)
    client.close()
    assert ledger.stop() == 0
    hows, chance = ("flipped", "cut", "zeroed", "missing"), random.Random(6)
    cases = [(kind, how) for kind in kinds(ledger.directory) for how in hows]
    chance.shuffle(cases)
    cases = [("witness", "yesterday's"), ("log", "yesterday's"), ("table file", "exchanged")] + (cases * context.times(1, 40))[:context.times(7, 1280)]
    refused, same, named, recovered = 0, 0, 0, 0
    for number, (kind, how) in enumerate(cases):
        if number and number % 100 == 0:
            print(f"row 6: {number} of {len(cases)} damaged copies", flush=True)
        copy = billed.copied(ledger, context.folder / "copy")
        if number % 2:
            shutil.rmtree(copy.directory / "views")
        files = [copy.directory / "log"] if kind == "log" else kinds(copy.directory)[kind]
        if not files or (how == "exchanged" and len(files) < 2):
            continue
        path = chance.choice(files)
        spoil(path, how, random.Random(number), older.directory / path.relative_to(copy.directory))
        what = f"case {number}: {path.name} {how}"
        verdict = copy.run("replay", "verify", "--data", copy.directory, check=False)
        kept = billed.copied(copy, context.folder / "kept")
        answer, code, sentence = asks(copy, key)
        if answer == "told":
            assert code == told, f"{what}: silently another figure"
            same += 1
            continue
        refused += 1
        if answer == "refused":
            assert code in FOUND, f"{what}: exit {code}: {sentence}"
            file = "MANIFEST" if path.name.startswith("MANIFEST") else ".sst" if how == "exchanged" else path.name
            last = sentence.strip().splitlines()[-1]
            by_name = re.search(re.escape(file) + r"|positions? \d+", last)
            assert by_name, f"{what}: the message names neither file nor positions: {last}"
            named += 1
        recovered += 1 if salvage(context, kept, told, ledger.directory / "keys") else 0
    assert refused > len(cases) // 4, "hardly anything was found"
    return (f"{refused + same} damaged copies over {len(kinds(ledger.directory))} kinds of file: 0 silent ({refused} refused, {same} told the same figures); "
            f"{named} of {named} refusals to start name the file or the positions; {recovered} were read out by `daybook salvage`, each event as it went in")
