"""Clocks that jump: the program's wall clock is moved while it serves, in both directions and by years."""

import datetime
import json
import os
import random
import struct
import threading
import unittest.mock

import billed
from daybook import Daybook
from disturbed import environment
from steps import event

NUMBER = 8
DAY = 86_400
BEGIN = datetime.datetime(2024, 2, 2, 12, tzinfo=datetime.timezone.utc)


class Clock:
    """The wall clock of a program: the machine's, and so many seconds beside it."""

    def __init__(self, path):
        self.path = path
        self.offset = 0
        path.write_bytes(struct.pack("<q", 0))
        self.set(BEGIN)

    def move(self, seconds):
        self.offset += seconds
        with self.path.open("r+b") as file:
            file.write(struct.pack("<q", int(self.offset * 1_000_000)))

    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=self.offset)

    def set(self, when):
        self.move((when - self.now()).total_seconds())


def fact(number, kind, when, data, source="//clock/facts"):
    made = event(number, kind, when.date().isoformat(), data, source)
    made["time"] = when.strftime("%Y-%m-%dT%H:%M:%SZ")
    return made


def script(number, context, chance):
    """(events, jumps, invoices) of one ledger under a clock that jumps."""
    folder = context.folder / f"script-{number}"
    folder.mkdir()
    clock = Clock(folder / "offset")
    ledger = Daybook(context.program, clock="system", directory=folder / "ledger")
    with unittest.mock.patch.dict(os.environ, environment(context, DISTURB_CLOCK=str(clock.path))):
        key = ledger.create_key("operator", "admin,ingest,read")
        ledger.start()
        client = ledger.client(key)
        begin = clock.now()
        today = begin.date().isoformat()
        for index, (kind, data) in enumerate((
                ("TaxRateChanged", {"country": "NL", "name": "VAT", "ratePercent": "21", "effectiveOn": today}),
                ("BillingAccountOpened", {"accountId": "acc-1", "type": "MOSP", "country": "NL", "tenantId": "t-1", "currency": "EUR",
                                          "signedUpBy": "jeroen", "createdOn": today}),
                ("SubscriptionCreated", {"subscriptionId": "sub-01", "accountId": "acc-1", "offerId": "MS-AZR-0003P", "createdOn": today}))):
            answer = client.post_event(fact(index, kind, begin, data))
            assert answer.status == 201, answer
        jumps = [-DAY, 40 * DAY, -40 * DAY, 35 * DAY, 1, -1, -3_600, 3_600, 400 * DAY, -400 * DAY, 370 * DAY, -2 * DAY,
                 (datetime.datetime(2038, 1, 19, 3, 14, tzinfo=datetime.timezone.utc) - begin).total_seconds(), -30]
        if number:
            chance.shuffle(jumps)
        acknowledged, token, heads, identity = {}, None, [], 0
        for jump in jumps:
            # Backwards and forwards while a batch is under way.
            mover = threading.Timer(chance.uniform(0, 0.02), clock.move, [jump])
            mover.start()
            for _ in range(3):
                batch = []
                for _ in range(10):
                    usage = fact(identity, "UsageRecorded", begin, {"subscriptionId": "sub-01", "meterId": "vm", "quantity": "1", "cost": "0.10",
                                                                    "currency": "EUR"}, "//clock/usage")
                    batch.append(usage)
                    identity += 1
                answer = client.request("POST", "/v1/events?results=all", batch, {"Content-Type": "application/cloudevents-batch+json",
                                                                      **({"Daybook-Token": token} if token else {})})
                assert answer.status == 200, (jump, answer)
                token = answer.headers["daybook-token"]
                for item in answer.json["results"]:
                    acknowledged[batch[item["index"]]["id"]] = item["position"]
            mover.join()
            again = client.post_event(batch[0])  # the same identity, whatever the clock says
            assert (again.status, again.json["position"]) == (200, acknowledged[batch[0]["id"]]), again
            heads.append(client.get("/log/head").json)
        position = heads[-1]["position"]
        # The rest of what is due, without waiting for whoever looks once a second.
        done = client.wish("RunInvoicing", {"through": "2025-06-01"})
        assert done.status == 200, done
        told = billed.figures(client, None)
        client.close()
        assert ledger.stop() == 0
    recorded = [item["daybookrecordedat"] if "daybookrecordedat" in item else item["recordedAt"] for item in told["events"]]
    assert recorded == sorted(recorded), "recorded earlier than what stands before it"
    seen = {item["id"]: item["position"] for item in told["events"] if item["source"] == "//clock/usage"}
    assert len(seen) == identity and all(seen[name] == at for name, at in acknowledged.items()), "another order than was acknowledged"
    invoices = told["invoices"]
    assert invoices, "nothing was billed"
    periods = [(invoice["scopeId"], invoice["period"]["start"]) for invoice in invoices]
    assert len({invoice["invoiceId"] for invoice in invoices}) == len(invoices), "an invoice number twice"
    assert len(set(periods)) == len(periods), f"a period twice: {periods}"
    done = ledger.run("replay", "verify", "--data", ledger.directory)
    assert billed.head_of(done) >= position
    rebuilt = json.loads(ledger.run("replay", "rebuild", "--data", ledger.directory).stdout)
    assert all(view["equal"] for view in rebuilt["projections"]), rebuilt
    return len(told["events"]), len(jumps), len(invoices)


def run(context):
    chance, count = random.Random(8), context.times(1, 100)
    sums = [sum(each) for each in zip(*(script(number, context, chance) for number in range(count)))]
    events, jumps, invoices = sums
    return (f"{count} ledgers under {jumps:,} jumps of the wall clock (by seconds, hours, days, 400 days, to 2038, back, in the middle of batches): {events:,} events "
            f"in one order with times that never fall, every identity and token as before, {invoices:,} invoices, none twice and no period twice; every "
            f"view rebuilt the same")
