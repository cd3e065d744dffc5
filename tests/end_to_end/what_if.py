"""What other prices, policies and rules make of the past is asked of a small ledger with two kinds of accounts: used by what_if_test.py and
what_if_rules_test.py.
"""

import json
import random
from decimal import Decimal

from explained import Asked
from people import account, begin, flat, member, on, profile, subscription, vat
from steps import World, clock, event, fact

LINES = {"Content-Type": "application/x-ndjson"}


def price(number, meter, effective_on, **more):
    return event(number, "PriceChanged", "2024-01-01", {"meterId": meter, "currency": "EUR", "effectiveOn": effective_on, **more},
                 "//prices")


def lines(*events):
    return b"".join(json.dumps(each).encode() + b"\n" for each in events)


def beginning():
    """Two MOSP subscriptions and a profile of two, with a flat and a tiered meter."""
    return flat(begin("2024-01-02", vat("2024-01-01"), account("2024-01-02"), account("2024-01-02", "MCA", "acc-2"),
                      profile("p-1", "2024-01-02", "acc-2"),
                      fact("PriceChanged", "2024-01-02", meterId="vm", currency="EUR", effectiveOn="2024-01-01", unitPrice="0.1234"),
                      fact("PriceChanged", "2024-01-02", meterId="gb", currency="EUR", effectiveOn="2024-01-01",
                           tiers=[{"from": "0", "unitPrice": "0.5"}, {"from": "50", "unitPrice": "0.3"}], includedQuantity="5")),
                on("2024-01-05", subscription("sub-01", "2024-01-05"), subscription("sub-02", "2024-01-05"),
                   member("sub-11", "2024-01-05", "p-1", "acc-2"), member("sub-12", "2024-01-05", "p-1", "acc-2")))


def random_usage(seed):
    chance = random.Random(seed)
    rows = []
    for number in range(300):
        day = f"2024-{chance.choice(('01', '02', '03'))}-{chance.randint(6, 28):02}"
        data = {"subscriptionId": chance.choice(("sub-01", "sub-02", "sub-11", "sub-12")), "meterId": chance.choice(("vm", "gb")),
                "quantity": str(Decimal(chance.randint(1, 9999)).scaleb(-2)), "usageDate": day}
        rows.append(event(number, "UsageRecorded", day, data, "//usage"))
    return sorted(rows, key=lambda row: row["time"])


class Rated(Asked):
    def file(self, content):
        path = self.folder / "prices.ndjson"
        path.write_bytes(content)
        return path

    def ask(self, body, query="from=2024-01-01&to=2024-04-01", client=None, **headers):
        sent = {**LINES, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return (client or self.operator).request("POST", f"/v1/what-if?{query}", body, sent)

    def lived(self, rows, more=()):
        """What a ledger invoices by account; `more` are facts that it had from the first day on."""
        operator = self.operator
        if more:
            kept = self.folder, self.key_file
            _, operator, _ = self.open()
            self.folder, self.key_file = kept
        world = World(operator, operator)
        for step in beginning():
            step(world)
        for each in more:
            answer = operator.post_event(each)
            self.assertEqual(answer.status, 201, answer)
        now = ""
        for row in rows:
            if row["time"][:10] != now:
                now = row["time"][:10]
                clock(now)(world)
            self.assertEqual(operator.post_event(row).status, 201)
        clock("2024-05-20")(world)
        totals = {}
        for item in operator.pages("/invoices", limit=1000):
            if "2024-01-01" <= item["period"]["start"] < "2024-04-01":
                totals[item["accountId"]] = totals.get(item["accountId"], 0) + Decimal(item["totals"]["total"]["amount"])
        return totals

    def totals(self, view, side):
        return {item["accountId"]: Decimal(item[side]["total"]["amount"]) for item in view["accounts"]
                if Decimal(item[side]["total"]["amount"])}
