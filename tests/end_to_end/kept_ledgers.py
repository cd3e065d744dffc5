"""Ledgers of released format versions, kept as they lay on disk: they must open for ever.

    python3 kept_ledgers.py PROGRAM FOLDER NAME              makes FOLDER/NAME.tar.gz and FOLDER/NAME.json; never over one that is there
    python3 kept_ledgers.py PROGRAM FOLDER NAME --refresh    writes NAME.json anew: after a fold changed, and its version with it

A directory is kept as it was after two runs of a server, so that part of its log is in table files and the rest in a write-ahead
log; without views, which follow from it. NAME.json says what it must tell.
"""

import argparse
import json
import sys
import tarfile
import tempfile
from pathlib import Path

from daybook import Daybook
from people import account, begin, cost, flat, member, on, person, profile, subscription, used, vat
from steps import World, fact

BYTES_MAX = 200_000
KEY = "operator.key"
KEPT = ("FORMAT", "witness", "keys", "log")


def unpacked(archive, folder):
    """(Daybook, its key) of a kept ledger, in a directory of its own."""
    with tarfile.open(archive) as tar:
        tar.extractall(folder)
    directory = Path(folder) / "ledger"
    for path in (directory, directory / "keys"):
        path.chmod(0o700)
    return directory, (Path(folder) / KEY).read_text().strip()


def told(client, position=None):
    """What a ledger tells at its head, in the words of the contract."""
    head = client.get("/log/head", asOf=position).json
    position = head["position"]
    invoices = list(client.pages("/invoices", asOf=position, minPosition=position))
    return {"head": head, "invoices": invoices,
            "accounts": list(client.pages("/accounts", asOf=position)),
            "documents": {each["invoiceId"]: client.get(f"/invoices/{each['invoiceId']}", asOf=position).json for each in invoices},
            "events": list(client.pages("/events", limit=1000, asOf=position))}


def rebuilt(ledger):
    return json.loads(ledger.run("replay", "rebuild", "--data", ledger.directory).stdout)


def expected(program, archive):
    with tempfile.TemporaryDirectory(prefix="daybook-kept-") as folder:
        directory, key = unpacked(archive, folder)
        with Daybook(program, directory=directory) as ledger:
            ledger.start()
            client = ledger.client(key)
            answers = told(client)
            client.close()
            ledger.stop()
            views = rebuilt(ledger)
            exported = json.loads(ledger.run("replay", "export", "--data", directory, Path(folder) / "all.segment").stdout)
    return {"position": answers["head"]["position"], "root": exported["root"],
            "views": {view["name"]: {"version": view["version"], "hash": view["rebuiltHash"]} for view in views["projections"]},
            "told": answers}


def chapters():
    """The steps of each run of the server."""
    yield flat(begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02"), vat(),
                     fact("PriceChanged", "2024-02-02", meterId="vm-b1s", currency="EUR", effectiveOn="2024-01-01", unitPrice="0.0125"),
                     account("2024-02-02", "MCA", "acc-2"), profile("prof-1", "2024-02-02", "acc-2")),
               on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00"),
                  used("sub-01", "2024-03-05", "24"), member("sub-02", "2024-03-05", "prof-1", "acc-2"),
                  cost("sub-02", "2024-03-05", "12.34")),
               on("2024-05-02", cost("sub-01", "2024-05-02", "3.00")))
    yield flat(on("2024-06-20", cost("sub-01", "2024-06-01", "7.35"), used("sub-01", "2024-06-02", "1000")), on("2024-07-10"))


def make(program, archive):
    with tempfile.TemporaryDirectory(prefix="daybook-kept-") as folder:
        with Daybook(program, directory=Path(folder) / "ledger") as ledger:
            key = ledger.create_key("operator", "admin,ingest,read")
            (Path(folder) / KEY).write_text(key + "\n")
            world = World(None, None)
            for steps in chapters():
                ledger.start()
                client = world.operator = ledger.client(key)
                for step in steps:
                    step(world)
                client.close()
                assert ledger.stop() == 0
        with tarfile.open(archive, "w:gz") as tar:
            tar.add(Path(folder) / KEY, KEY)
            for name in KEPT:
                tar.add(Path(folder) / "ledger" / name, f"ledger/{name}",
                        filter=lambda entry: None if Path(entry.name).name in ("LOCK", "LOG") or ".old" in entry.name else entry)
    assert archive.stat().st_size <= BYTES_MAX, f"{archive.stat().st_size} bytes"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("folder", type=Path)
    parser.add_argument("name")
    parser.add_argument("--refresh", action="store_true")
    words = parser.parse_args()
    archive = words.folder / f"{words.name}.tar.gz"
    if not words.refresh:
        if archive.exists():
            sys.exit(f"{archive} is kept for ever; give another name")
        make(words.program, archive)
    (words.folder / f"{words.name}.json").write_text(json.dumps(expected(words.program, archive), indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
