"""A small ledger with usage, a person and invoices, and what it tells."""

import json
import shutil

from daybook import Daybook
from people import account, begin, cost, flat, on, person, subscription
from steps import World, event


def usage(number):
    return event(number, "UsageRecorded", "2024-03-05", {"subscriptionId": "sub-01", "meterId": "vm", "quantity": "1"}, "//meter/trust")


def make(context, name="ledger", events=600):
    """(stopped Daybook, key, figures at its head)."""
    ledger = Daybook(context.program, directory=context.folder / name)
    key = ledger.create_key("operator", "admin,ingest,read")
    ledger.start()
    client = ledger.client(key)
    world = World(client, None)
    for step in flat(begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
                     on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00")),
                     on("2024-05-02", cost("sub-01", "2024-05-02", "3.00"))):
        step(world)
    for first in range(0, events, 60):
        assert client.post_events([usage(first + i) for i in range(60)]).status == 200
    told = figures(client)
    client.close()
    assert ledger.stop() == 0
    return ledger, key, told


def figures(client, position=None):
    head = client.get("/log/head", asOf=position).json
    position = head["position"]
    return {"position": position, "root": head["root"],
            "invoices": list(client.pages("/invoices", asOf=position, minPosition=position)),
            "accounts": list(client.pages("/accounts", asOf=position)),
            "events": list(client.pages("/events", limit=1000, asOf=position))}


def copied(ledger, directory):
    """The same ledger in another directory, as it lies on disk."""
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(ledger.directory, directory)
    directory.chmod(0o700)
    return Daybook(ledger.program, directory=directory)


def head_of(verdict):
    return json.loads(verdict.stdout)["position"]
