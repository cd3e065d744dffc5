"""Random ledgers from a seed: accounts, prices, usage with all that goes wrong, payments. Answers a script of drive.py."""

import random
from datetime import date, timedelta

from periods import ONE_DAY


class Generator:
    def __init__(self, seed, kinds=("MOSP",), span=400):
        self.chance, self.kinds = random.Random(seed), kinds
        self.first = date(2023, 1, 1) + timedelta(days=self.chance.randrange(730))
        self.last = self.first + timedelta(days=self.chance.randint(60, span))
        self.today, self.count, self.script, self.batch = self.first, 0, [], []
        self.subscriptions, self.profiles, self.meters, self.accounts = [], [], [], []
        self.usage = []      # (subscription, usageId, source, event)

    def maybe(self, probability):
        return self.chance.random() < probability

    def amount(self, low, high, places):
        scale = 10 ** places
        whole = self.chance.randint(low * scale, high * scale)
        return str(whole) if places == 0 else f"{whole // scale}.{whole % scale:0{places}}"

    def tell(self, kind, /, source="//facts", on=None, **data):
        self.count += 1
        event = {"kind": kind, "day": (on or self.today).isoformat(), "id": f"e-{self.count:05}", "source": source,
                 "data": data}
        self.batch.append(event)
        return event

    def flush(self):
        if self.batch:
            self.script.append({"do": "post", "events": self.batch})
            self.batch = []

    def make(self):
        self.script.append({"do": "clock", "to": self.today.isoformat(), "run": False})
        self.begin()
        while self.today < self.last:
            self.flush()
            self.today = min(self.last, self.today + timedelta(days=self.chance.choice((1, 1, 1, 2, 3, 7, 20))))
            self.script.append({"do": "clock", "to": self.today.isoformat()})
            self.happen()
        self.flush()
        return self.script

    def begin(self):
        self.tell("TaxRateChanged", country="NL", name="VAT", ratePercent=self.chance.choice(("21", "19", "6.5")),
                  effectiveOn=(self.first - timedelta(days=900)).isoformat())
        for number in range(self.chance.randint(1, 3)):
            self.meters.append(f"m{number}")
            self.price(f"m{number}", self.first - timedelta(days=800))
        for kind in self.kinds:
            name = kind.lower()
            self.tell("BillingAccountOpened", accountId=name, type=kind, country="NL", tenantId="t-1", currency="EUR",
                      signedUpBy="jeroen")
            self.accounts.append((name, kind))
            self.subscribe(name, kind)

    def subscribe(self, account, kind):
        name = f"sub-{len(self.subscriptions):02}"
        self.tell("SubscriptionCreated", subscriptionId=name, accountId=account, offerId="MS-AZR-0003P")
        self.subscriptions.append((name, account, self.today))

    def price(self, meter, effective_on):
        self.tell("PriceChanged", meterId=meter, currency="EUR", effectiveOn=effective_on.isoformat(),
                  unitPrice=self.amount(0, 3, 4))

    def happen(self):
        for _ in range(self.chance.randint(0, 4)):
            self.use()
        while self.maybe(0.2):
            self.script.append({"do": "pay", "pick": self.chance.randrange(100), "part": "all"})

    def use(self):
        name, account, since = self.chance.choice(self.subscriptions)
        back = self.chance.choice((0, 0, 0, 1, 2))
        on = max(since, self.today - back * ONE_DAY)
        self.tell("UsageRecorded", subscriptionId=name, meterId=self.chance.choice(self.meters),
                  quantity=self.amount(0, 60, self.chance.choice((0, 2))), usageDate=on.isoformat())
