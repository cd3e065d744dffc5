"""Random accounts, prices and usage over some months, billed by the program and again by the oracle.

    python3 random_ledger_test.py PROGRAM [--seed N] [--days 130]

Which invoices there are, their days, amounts, tax and lines; what accounts used, to the last digit; and whatever was
answered along the way must come again, word for word, when asked for as of that position.
"""

import argparse
import random
import sys
from datetime import date, timedelta
from decimal import Decimal

from daybook import Daybook
from oracle import Ledger, anchored, cents, day
from people import account, paid, profile, subscription, vat
from steps import World, clock, event, fact

METERS = ("vm", "disk", "traffic", "ip")
FIRST = date(2024, 1, 3)


class Random:
    """The random ledger: what is told, and what was answered when."""

    def __init__(self, ledger, world, chance):
        self.ledger, self.world, self.chance = ledger, world, chance
        self.subscriptions, self.profiles, self.heard = [], [], []

    def tell(self, *steps):
        for step in steps:
            step(self.world)

    def open(self, today):
        """Accounts of both kinds; most subscriptions come later."""
        on = today.isoformat()
        self.tell(vat(on), account(on, account_id="mosp-1"), account(on, "MCA", "mca-1"))
        for name in ("profile-1", "profile-2"):
            self.tell(*profile(name, on, "mca-1", invoiceDay=self.chance.randint(2, 12)))
            self.profiles.append(name)
        for meter in METERS:
            self.price(meter, today - timedelta(days=400), on)

    def amount(self, places):
        return str(Decimal(self.chance.randint(1, 10 ** (places + 1))).scaleb(-places))

    def price(self, meter, effective_on, on, **scope):
        if self.chance.random() < 0.5:
            form = {"unitPrice": self.amount(self.chance.choice((0, 2, 4, 10)))}
        else:
            starts = ["0", *map(str, sorted(self.chance.sample(range(1, 60), self.chance.randint(1, 3))))]
            form = {"tiers": [{"from": start, "unitPrice": self.amount(4)} for start in starts]}
        if self.chance.random() < 0.4:
            form["includedQuantity"] = self.amount(1)
        self.tell(fact("PriceChanged", on, meterId=meter, currency="EUR", effectiveOn=effective_on.isoformat(),
                       unit="1 Hour", **form, **scope))

    def subscribe(self, today):
        name, on = f"sub-{len(self.subscriptions):02}", today.isoformat()
        if self.chance.random() < 0.5:
            self.tell(subscription(name, on, "mosp-1"))
        else:
            self.tell(subscription(name, on, "mca-1", invoiceSectionId=f"{self.chance.choice(self.profiles)}-section"))
        self.subscriptions.append(name)

    def use(self, today):
        """A batch of usage of this very day, in random order, some of it sent twice."""
        batch = []
        for _ in range(self.chance.randint(0, 12)):
            data = {"subscriptionId": self.chance.choice(self.subscriptions), "meterId": self.chance.choice(METERS),
                    "quantity": self.amount(self.chance.choice((0, 1, 3)))}
            if self.chance.random() < 0.15:
                data |= {"cost": self.amount(self.chance.choice((2, 9))), "currency": "EUR"}
            elif self.chance.random() < 0.1:
                data |= {"unitPrice": self.amount(5), "currency": "EUR"}
            self.world.events += 1
            batch.append(event(self.world.events, "UsageRecorded", today.isoformat(), data))
        batch += batch[:self.chance.randint(0, 2)]
        if batch:
            answer = self.world.operator.post_events(batch)
            assert answer.status == 200 and answer.json["rejected"] == 0, f"usage: {answer!r}"

    def happen(self, today):
        self.pay(today)
        if self.chance.random() < (0.3 if len(self.subscriptions) < 9 else 0):
            self.subscribe(today)
        if self.chance.random() < 0.08:
            scope = self.chance.choice([{}, {"scopeType": "Profile", "scopeId": self.chance.choice(self.profiles)},
                                        {"scopeType": "Account", "scopeId": "mosp-1"},
                                        {"scopeType": "Subscription", "scopeId": self.chance.choice(self.subscriptions)}]
                                       if self.subscriptions else [{}])
            meter = self.chance.choice(METERS)
            self.price(meter, today, today.isoformat(), **scope)
        if self.subscriptions:
            self.use(today)
        if self.chance.random() < 0.25:
            self.listen(today)

    def pay(self, today):
        """Everything that is due, half of it in two parts: a profile that owes too long would be warned and not billed."""
        for invoice in list(self.world.operator.pages("/invoices", status="Due")):
            due, on = Decimal(invoice["amountDue"]["amount"]), today.isoformat()
            parts = [due] if due < 1 or self.chance.random() < 0.5 else [Decimal(1), due - 1]
            for number, part in enumerate(parts, 1):
                self.tell(paid(invoice["invoiceId"], on, str(part), f"{invoice['invoiceId']}-{number}"))

    def questions(self, today):
        since = {"from": FIRST.isoformat(), "to": (today + timedelta(days=1)).isoformat()}
        yield "/invoices", {}
        yield "/accounts/mosp-1", {}
        yield "/accounts/mca-1/usage", {**since, "granularity": "monthly", "groupBy": "meterId"}
        for name in self.profiles:
            yield f"/profiles/{name}", {}
        for name in self.chance.sample(self.subscriptions, min(2, len(self.subscriptions))):
            yield f"/subscriptions/{name}", {}
            yield f"/subscriptions/{name}/usage", {**since, "granularity": "daily", "groupBy": "meterId,chargeType"}
            if self.world.operator.get(f"/subscriptions/{name}").json["accountId"] == "mosp-1":
                yield f"/subscriptions/{name}/billing-history", {}
                yield f"/subscriptions/{name}/statement", {}
        invoices = self.world.operator.get("/invoices").json["items"]
        if invoices:
            yield f"/invoices/{self.chance.choice(invoices)['invoiceId']}", {}

    def listen(self, today):
        """Asks, and keeps the answers with their position."""
        for path, query in self.questions(today):
            answer = self.world.operator.get(path, **query)
            assert answer.status == 200, f"GET {path}: {answer!r}"
            self.heard.append((path, query, answer.position, answer.json))


def as_they_were(world, heard):
    """Whatever was answered at a position is answered again as of that position; a cursor belongs to its question."""
    def without_cursor(answer):
        return {**answer, "nextCursor": answer["nextCursor"] is not None} if "nextCursor" in answer else answer

    problems = []
    for path, query, position, before in heard:
        answer = world.operator.get(path, asOf=position, **query)
        if path == "/invoices":  # exact within one account, null for the whole ledger's past
            before = {**before, "total": answer.json.get("total")} if answer.status == 200 else before
        if answer.status != 200 or without_cursor(answer.json) != without_cursor(before):
            problems.append(f"GET {path} asOf={position}:\n  then {before}\n  now  {answer.json}")
    return problems


def expected_invoices(ledger, today):
    """{(scope, start of period): issue day} of all documents that must exist by `today`."""
    expected = {}
    for name, data in ledger.subscriptions.items():
        if data["accountId"] != "mosp-1":
            continue
        created, opened = day(data["createdOn"]), day(ledger.accounts["mosp-1"]["createdOn"])
        for k in range(60):
            start, end = anchored(created, k), anchored(created, k + 1)
            run = next(anchored(opened, n) for n in range(1, 99) if anchored(opened, n) >= end)
            if run > today:
                break
            scopes_of = lambda sub: [("Subscription", sub), ("Account", "mosp-1")]
            exact = ledger.charges({name}, start, end, "EUR", scopes_of, 10**12)
            if cents(exact) > 0:
                expected[name, start.isoformat()] = run.isoformat()
    for name, data in ledger.profiles.items():
        start = FIRST.replace(day=1)
        while True:
            end = anchored(start, 1)
            run = end.replace(day=int(data["invoiceDay"]))
            if run > today:
                break
            expected[name, start.isoformat()] = run.isoformat()
            start = end
    return expected


def used_exactly(ledger, account_id, until):
    """What an account's usage costs in all, open periods included."""
    total = Decimal(0)
    if account_id == "mosp-1":
        for name, data in ledger.subscriptions.items():
            if data["accountId"] == account_id:
                for k in range(60):
                    start = anchored(day(data["createdOn"]), k)
                    if start <= until:
                        total += ledger.charges({name}, start, anchored(day(data["createdOn"]), k + 1), "EUR",
                                                lambda sub: [("Subscription", sub), ("Account", account_id)], 10**12)
    else:
        for profile_id in ledger.profiles:
            within = {name for name in ledger.subscriptions if ledger.profile_of(name) == profile_id}
            start = FIRST.replace(day=1)
            while start <= until:
                total += ledger.charges(within, start, anchored(start, 1), "EUR",
                                        lambda sub: [("Subscription", sub), ("Profile", profile_id), ("Account", account_id)],
                                        10**12)
                start = anchored(start, 1)
    return total


def compare(world, today):
    problems, client = [], world.operator
    ledger = Ledger.read(all_events(client))
    invoices = [client.get(f"/invoices/{item['invoiceId']}").json for item in client.pages("/invoices")]
    there = {(invoice["scopeId"], invoice["period"]["start"]): invoice["issueDate"] for invoice in invoices}
    expected = expected_invoices(ledger, today)
    if there != expected:
        problems.append(f"invoices too many: {sorted(there.items() - expected.items())}, "
                        f"missing: {sorted(expected.items() - there.items())}")
    for invoice in invoices:
        problems += ledger.check(invoice)
    for account_id in ("mosp-1", "mca-1"):
        answer = client.get(f"/accounts/{account_id}/usage", granularity="monthly",
                            **{"from": FIRST.isoformat(), "to": (today + timedelta(days=1)).isoformat()})
        shown = sum((Decimal(total["cost"]) for total in answer.json["totals"]), Decimal(0))
        if shown != used_exactly(ledger, account_id, today):
            problems.append(f"{account_id} used {shown}, not {used_exactly(ledger, account_id, today)}")
    return problems, len(invoices), len(ledger.usage)


def all_events(client):
    position = 0
    while True:
        items = client.get("/events", **{"from": position + 1}, limit=1000).json["items"]
        yield from items
        if len(items) < 1000:
            return
        position = items[-1]["position"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--days", type=int, default=130)
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with Daybook(options.program) as ledger:
        key = ledger.create_key("operator", "admin,ingest,read")
        ledger.start()
        world = World(ledger.client(key), None)
        told = Random(ledger, world, random.Random(options.seed))
        today = FIRST
        told.tell(clock(today.isoformat(), run=False))
        told.open(today)
        for _ in range(options.days):
            told.happen(today)
            today += timedelta(days=1)
            told.tell(clock(today.isoformat()))
        problems, invoices, rows = compare(world, today)
        problems += as_they_were(world, told.heard)
        if problems:
            print(ledger.log_tail())
    for problem in problems[:20]:
        print(problem)
    print(f"{invoices} invoices of {rows} usage records, {len(told.heard)} answers asked for again; "
          f"{len(problems)} problems")
    sys.exit(1 if problems or not invoices else 0)


if __name__ == "__main__":
    main()
