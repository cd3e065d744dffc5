"""Random ledgers from a seed: accounts, prices, usage with all that goes wrong, payments. Answers a script of drive.py.

Each seed takes some of the features, so that small ledgers stay readable and big ones mix everything.
"""

import random
from datetime import date, timedelta

from generator_charges import Charges
from generator_people import OTHERS, PERSONS, People
from periods import ONE_DAY, in_month

FEATURES = ("tiers", "included", "volume", "price_changes", "scoped_prices", "discounts", "regions", "own_cost", "late",
            "amend", "void", "duplicate", "spot", "marketplace", "support", "credit", "cards", "failures", "wire",
            "tax_changes", "refunds", "exchange", "cancel", "many", "jumps", "by_hand", "month_end", "yen",
            "negative", "invoice_day", "email", "notes", "void_invoice", "people",
            "limit", "rebill", "reserve", "moves", "invite", "transfer", "locks",
            "settle")
ALONE = ("limit", "rebill", "transfer", "void_invoice")
METERS = 4



class Generator(Charges, People):
    def __init__(self, seed, kinds=("MOSP", "MCA"), span=730, without=(), moves=40):
        """`moves`: how often the clock moves in a long ledger, about; usage comes with each."""
        self.chance = random.Random(seed)
        kinds = [kind for kind in kinds if self.chance.random() < 0.6] or [self.chance.choice(kinds)]
        self.kinds = kinds
        level = self.chance.choice((0.1, 0.3, 0.5))
        self.features = {name for name in FEATURES if self.chance.random() < level} - set(without)
        # Each of these leaves much of the rest out, so that a ledger has one of them or none.
        alone = self.chance.choice((None, None, None, None, None, *ALONE))
        self.features = self.features - set(ALONE) | ({alone} - set(without) if alone else set())
        if self.features & {"price_changes", "late", "amend", "void"} and self.chance.random() < 0.6:
            self.features -= {"volume"}
        elif "volume" in self.features:
            # One more unit may make all of them cheaper: what a correction is worth then depends on which came first.
            self.features -= {"late", "amend", "void"}
        if "void_invoice" in self.features:
            # A voided invoice that carried corrections, and credit that came back later, have no rules here yet.
            self.features -= {"late", "amend", "void", "negative", "notes", "credit"}
        # Drawn apart, so that the other ledgers stay what they were.
        more = random.Random(f"beside credit {seed}")
        beside = more.random() < 0.5
        if "limit" in self.features:
            corrected = random.Random(f"corrected in a limit {seed}").random() < 0.3
            self.features -= {"void_invoice", "by_hand", "notes"} | (set() if corrected else {"amend", "void", "negative"})
            if random.Random(f"late {seed}").random() < 0.5:
                self.features -= {"late"}
        if "rebill" in self.features:
            self.features -= {"late", "amend", "void", "negative", "notes", "credit", "void_invoice", "refunds"}
        if self.features & {"negative", "amend", "void"} and self.chance.random() < 0.6:
            self.features -= {"credit"}
        elif "credit" in self.features and not beside:
            self.features -= {"negative", "amend", "void"}
        if more.random() < 0.12 and not self.features & {"void_invoice", "rebill", "transfer", "volume", "limit"}:
            self.features |= {"credit", more.choice(("negative", "amend", "void"))}
        if "transfer" in self.features:
            # What of these goes with a subscription, and what stays, is told in scenarios of its own.
            self.features -= {"spot", "marketplace", "reserve", "support", "cards", "wire", "failures", "late", "amend",
                              "void", "void_invoice", "rebill", "notes", "refunds", "negative", "credit", "limit", "moves"}
        # Drawn apart, so that the other ledgers stay what they were. A void document that carried corrections has no rules here.
        self.voiding = random.Random(f"enterprise voids {seed}")
        self.voids = "EA" in kinds and "transfer" not in self.features and self.voiding.random() < 0.4 \
            and "enterprise_voids" not in without
        if self.voids:
            self.features -= {"late", "amend", "void", "negative"}
        # Drawn apart, so that the other ledgers stay what they were. What is locked of a former card is not told here.
        if random.Random(~seed).random() < 0.2 and "recard" not in without and not self.features & {"transfer", "locks"}:
            self.features = self.features - {"settle"} | {"cards", "failures", "recard"}
        if "settle" in self.features:
            self.features = self.features - {"wire", "transfer"} | {"cards"}
        self.paying, self.by_wire, self.methods = random.Random(f"profiles pay {seed}"), set(), []
        self.wires = set()
        if self.paying.random() < 0.25 and "repay" not in without:
            self.features |= {"repay"}
        self.first = date(2023, 1, 1) + timedelta(days=self.chance.randrange(730))
        if "month_end" in self.features:
            self.first = in_month(self.first.year, self.first.month, self.chance.choice((29, 30, 31)))
        lengths = span // 12, span // 8, span // 4, span // 4, span // 3, span
        self.last = self.first + timedelta(days=self.chance.choice(lengths))
        self.pace, self.density = max(1, (self.last - self.first).days // moves), max(1.0, 40 / moves)
        self.today, self.count, self.script, self.batch = self.first, 0, [], []
        self.currency = "JPY" if "yen" in self.features else "EUR"
        self.subscriptions, self.profiles, self.accounts, self.purchases = [], [], [], []
        self.enrollments = []
        self.meters = [f"m{number}" for number in range(self.chance.randint(1, METERS))]
        self.rows, self.priced, self.cards, self.plans = [], set(), [], []
        self.granted = {}          # (scope, meter) -> its last discount: name, first day, end
        self.has_default = False   # the account of MOSP has a default payment method
        self.by_hand = "by_hand" in self.features
        self.stable = not self.features & {"price_changes", "tax_changes", "exchange", "discounts"}
        self.reserved, self.invited, self.locked = [], [], None
        # Drawn apart, so that the other ledgers stay what they were.
        self.trying = random.Random(f"other cards {seed}")
        self.tries = self.trying.random() < 0.4 and not self.features & {"settle", "locks", "transfer"}
        self.apart, self.endings = random.Random(seed ^ 0x0ffe), random.Random(seed ^ 0x0d15)

    # Chance.

    def has(self, feature, probability=1.0):
        return feature in self.features and self.chance.random() < probability

    def comes(self, feature, probability):
        """Does something of a feature happen in this step? `probability`: at forty steps; with fewer, more in each."""
        return self.has(feature, min(0.6, probability * self.density))

    def maybe(self, probability):
        return self.chance.random() < probability

    def amount(self, low, high, places):
        scale = 10 ** places
        whole = self.chance.randint(low * scale, high * scale)
        return str(whole) if places == 0 else f"{whole // scale}.{whole % scale:0{places}}"

    def money(self, low, high):
        return {"amount": self.amount(low, high, 0 if self.currency == "JPY" else 2), "currency": self.currency}

    # The script.

    def tell(self, kind, /, sender="//facts", **data):
        self.count += 1
        event = {"kind": kind, "day": self.today.isoformat(), "id": f"e-{self.count:05}", "source": sender, "data": data}
        self.batch.append(event)
        return event

    def flush(self):
        if self.batch:
            self.script.append({"do": "post", "events": self.batch})
            self.batch = []

    def make(self):
        self.script.append({"do": "clock", "to": self.today.isoformat(), "run": False})
        self.begin()
        steps = [self.pace, self.pace, 1, 2 * self.pace, 3, 7] if "jumps" not in self.features else [1, 2, 5, 9, 33, 70]
        while self.today < self.last:
            self.flush()
            self.today = min(self.last, self.today + timedelta(days=self.chance.choice(steps)))
            self.script.append({"do": "clock", "to": self.today.isoformat(), "run": not self.by_hand})
            if self.by_hand:
                self.script.append({"do": "run", "through": self.today.isoformat()})
            self.happen()
        self.flush()
        return self.script

    def begin(self):
        before = (self.first - timedelta(days=900)).isoformat()
        self.tell("TaxRateChanged", country="NL", name="VAT", ratePercent=self.chance.choice(("21", "19", "6.5")),
                  effectiveOn=before)
        if "settle" in self.features:
            self.tell("TaxRateChanged", country="US", name="Sales tax", ratePercent="8.25", effectiveOn=before)
        if "exchange" in self.features:
            self.tell("ExchangeRateChanged", fromCurrency="USD", toCurrency=self.currency, effectiveOn=before,
                      rate=self.amount(0, 2, 4))
        for meter in self.meters:
            self.price(meter, self.first - timedelta(days=800))
        for person in PERSONS:
            self.tell("IdentityLinked", identityId=person, issuer="https://login.example", subject=person,
                      email=f"{person}@{person}.Example", tenantId="t-1")
        for person, email, tenants in OTHERS if "people" in self.features else ():
            for tenant in tenants:
                self.tell("IdentityLinked", identityId=person, issuer="https://login.example", subject=person,
                          email=email, tenantId=tenant)
        for kind in self.kinds:
            name = kind.lower()
            there = "US" if kind == "MOSP" and "settle" in self.features else "NL"   # not offered in the Netherlands (PAY-7)
            wire = kind == "MCA" and self.maybe(0.5)
            self.by_wire |= {name} if wire else set()
            self.tell("BillingAccountOpened", accountId=name, type=kind, country=there, tenantId="t-1",
                      currency=self.currency, signedUpBy="jeroen", **({"channel": "Representative"} if wire else {}))
            self.accounts.append((name, kind))
            if kind in ("MCA", "MPA"):
                for number in range(self.chance.randint(1, 2)):
                    self.profile(name, number)
            if kind == "MPA":
                self.tell("CustomerRegistered", customerId=f"{name}-customer", accountId=name, tenantId="t-2", name="One")
            if kind == "EA":
                self.enrollment(name)
            for card in range(self.chance.randint(1, 2) if "cards" in self.features else 0):
                self.card(name, f"{name}-card-{card}")
            if "repay" in self.features and kind in ("MCA", "MPA"):
                self.pay_profiles(name)
            self.subscribe(name, kind)

    def profile(self, account, number):
        profile = f"{account}-profile-{number}"
        more = {"invoiceDay": self.chance.randint(2, 28)} if self.maybe(0.5) else {}
        if self.maybe(0.3):
            more["paymentTermDays"] = self.chance.choice((7, 30, 45))
        self.tell("BillingProfileCreated", profileId=profile, accountId=account, currency=self.currency, **more)
        sections = [f"{profile}-{letter}" for letter in "ab"[:self.chance.randint(1, 2)]] if "mca" in account else []
        for section in sections:
            self.tell("InvoiceSectionCreated", sectionId=section, profileId=profile, name=section)
        self.profiles.append((profile, account, sections))

    def enrollment(self, account):
        name = f"{account}-enrollment"
        start = self.first.replace(day=1) if self.maybe(0.5) else self.first
        more = {"prepayment": self.money(10, 2000)} if self.has("credit", 0.8) else {}
        self.tell("EnrollmentRegistered", enrollmentId=name, accountId=account, startDate=start.isoformat(),
                  channel="Direct", billingCycle=self.chance.choice(("Monthly", "Monthly", "Quarterly", "Annual")),
                  **more, recipients=["ap@contoso.example"])
        if "people" in self.features:
            self.tell("DepartmentCreated", departmentId=f"{name}-dep", enrollmentId=name, name="Research")
        for number in range(2):
            more = {"departmentId": f"{name}-dep"} if "people" in self.features and number == 0 else {}
            self.tell("EnrollmentAccountAdded", enrollmentAccountId=f"{name}-{number}", enrollmentId=name,
                      name=f"Account {number}", ownerIdentityId=("otto", "owner")[number], **more)
        self.enrollments.append((name, account))

    def card(self, account, name):
        family = "CheckWire" if self.has("wire", 0.6) else self.chance.choice(("CreditCard", "DirectDebit"))
        self.tell("PaymentMethodAdded", methodId=name, accountId=account, family=family)
        self.cards.append((name, account))
        self.wires |= {name} if family == "CheckWire" else set()
        if account == "mosp" and self.maybe(0.25):
            self.tell("PaymentMethodMadeDefault", methodId=name, scopeType="Account", scopeId=account)
            self.has_default = True

    def subscribe(self, account, kind):
        name, data = f"sub-{len(self.subscriptions):02}", {}
        cards = [card for card, owner in self.cards if owner == account]
        if kind == "MOSP" and cards and not (self.has_default and self.maybe(0.5)):
            data["paymentMethodId"] = self.chance.choice(cards)
        profile = None
        if kind == "MCA":
            profile, _, sections = self.chance.choice([entry for entry in self.profiles if entry[1] == account])
            data["invoiceSectionId"] = self.chance.choice(sections)
        if kind == "MPA":
            profile, _, _ = self.chance.choice([entry for entry in self.profiles if entry[1] == account])
            data |= {"profileId": profile, "customerId": f"{account}-customer"}
        if kind == "EA":
            data["enrollmentAccountId"] = f"{account}-enrollment-{self.chance.randrange(2)}"
        if "limit" in self.features and kind == "MOSP" and self.maybe(0.3) and self.today.month != 2:
            offer = "MS-AZR-0044P"
        elif ("credit" in self.features or "limit" in self.features) and kind == "MOSP" and self.maybe(0.5):
            offer = "MS-AZR-0063P"
        else:
            offer = {"MOSP": "MS-AZR-0003P", "EA": "MS-AZR-0017P"}.get(kind, "MS-AZR-0017G")
        limited = "limit" in self.features and offer in ("MS-AZR-0044P", "MS-AZR-0063P") and self.maybe(0.8)
        self.tell("SubscriptionCreated", subscriptionId=name, accountId=account, offerId=offer, **data,
                  spendingLimit="On" if limited else "Off")
        self.subscriptions.append({"name": name, "account": account, "kind": kind, "since": self.today, "profile": profile,
                                   "until": None, "place": data.get("invoiceSectionId", data.get("profileId")),
                                   "card": data.get("paymentMethodId")})
        if offer == "MS-AZR-0063P":
            self.tell("CreditGranted", lotId=f"lot-{name}", scopeType="Subscription", scopeId=name, source="MonthlyCredit",
                      amount=self.money(5, 150), startOn=self.today.isoformat())
        elif offer == "MS-AZR-0044P":
            self.tell("CreditGranted", lotId=f"lot-{name}", scopeType="Subscription", scopeId=name, source="FreeTrial",
                      amount=self.money(50, 900), startOn=self.today.isoformat(),
                      expiresOn=(self.today + timedelta(days=30)).isoformat())
        self.subscriptions[-1] |= {"limited": limited, "offer": offer}

    # Prices and what changes them.

    def price(self, meter, effective_on, **scope):
        if (meter, effective_on, scope.get("scopeId")) in self.priced:
            return
        self.priced.add((meter, effective_on, scope.get("scopeId")))
        form = {"unitPrice": self.amount(0, 3, self.chance.choice((0, 2, 4, 8)))}
        if self.has("tiers", 0.6) or self.has("volume", 0.5):
            starts = ["0", *map(str, sorted(self.chance.sample(range(1, 300), self.chance.randint(1, 3))))]
            form = {"tiers": [{"from": start, "unitPrice": self.amount(0, 3, 4)} for start in starts]}
            if "volume" in self.features and ("tiers" not in self.features or self.maybe(0.5)):
                form["tierMode"] = "Volume"
        if self.has("included", 0.5):
            form["includedQuantity"] = self.amount(0, 60, 1)
        foreign = self.has("exchange", 0.3) and not scope and effective_on < self.first
        if meter not in getattr(self, "_currency", {}):
            self._currency = {**getattr(self, "_currency", {}), meter: "USD" if foreign else self.currency}
        self.tell("PriceChanged", meterId=meter, currency=self._currency[meter], effectiveOn=effective_on.isoformat(),
                  unit="1 Hour", **form, **scope)

    def scope(self):
        """A scope for a price or a discount; none is for everybody."""
        options = [{"scopeType": "Account", "scopeId": self.chance.choice(self.accounts)[0]},
                   {"scopeType": "Subscription", "scopeId": self.chance.choice(self.subscriptions)["name"]}]
        options += [{"scopeType": "Enrollment", "scopeId": name} for name, _ in self.enrollments]
        if self.profiles:
            options.append({"scopeType": "Profile", "scopeId": self.chance.choice(self.profiles)[0]})
        return self.chance.choice(options)

    def discount(self):
        scope = self.scope() if self.maybe(0.8) else {}
        more = {"meterId": self.chance.choice(self.meters)} if self.maybe(0.5) else {}
        key = tuple(scope.values()), more.get("meterId")
        if key in self.granted and self.granted[key][2] >= self.today:
            return
        end = self.today + timedelta(days=self.chance.randint(5, 90))
        if self.endings.random() < 0.2:
            end = date.max   # until it is ended
        self.granted[key] = f"d-{self.count}", self.today, end
        self.tell("DiscountGranted", discountId=f"d-{self.count}", percent=self.chance.choice(("10", "2.5", "33.33")),
                  startOn=self.today.isoformat(), **({} if end == date.max else {"endOn": end.isoformat()}), **scope, **more)

    def end_discount(self):
        """One ends earlier than was said: today, in some days, or some days ago; its usage may be billed already."""
        there = [key for key, (_, _, end) in self.granted.items() if end > self.today]
        if there:
            key = self.endings.choice(there)
            name, start, end = self.granted[key]
            earlier = max(start, self.today + timedelta(days=self.endings.choice((0, 0, 3, 20, -4, -40))))
            if earlier < end:
                self.granted[key] = name, start, earlier
                self.tell("DiscountEnded", discountId=name, endOn=earlier.isoformat())

    # A day.

    def happen(self):
        if self.comes("rebill", 0.15):
            self.script.append({"do": "same", "pick": self.chance.randrange(100)})
        if self.voids and self.voiding.random() < 0.3:
            self.script.append({"do": "same", "pick": self.voiding.randrange(100), "type": "EnrollmentOverage"})
        if len(self.subscriptions) < (7 if "many" in self.features else 3) and self.maybe(0.15):
            self.subscribe(*self.chance.choice(self.accounts))
        if self.comes("price_changes", 0.08):
            back = self.chance.choice((0, 0, 10, 40, -10))
            self.price(self.chance.choice(self.meters), self.today - timedelta(days=back),
                       **(self.scope() if self.has("scoped_prices", 0.6) else {}))
        if self.comes("discounts", 0.06):
            self.discount()
        if "discounts" in self.features and self.endings.random() < min(0.6, 0.06 * self.density):
            self.end_discount()
        if self.comes("tax_changes", 0.03):
            self.tell("TaxRateChanged", country="NL", name="VAT", ratePercent=self.chance.choice(("5", "20", "22.25")),
                      effectiveOn=self.today.isoformat())
            self.features.discard("tax_changes")
        for _ in range(self.chance.randint(0, 4)):
            self.use()
        if self.rows and self.comes("amend", 0.3):
            self.amend()
        if self.rows and self.comes("void", 0.15):
            self.void()
        if self.batch and self.has("duplicate", 0.3):
            self.batch.append(dict(self.chance.choice(self.batch)))
        if self.comes("marketplace", 0.15):
            self.buy()
        if self.purchases and self.comes("refunds", 0.1):
            self.refund()
        if self.comes("support", 0.03):
            self.plan()
        if self.comes("cancel", 0.02):
            self.cancel()
        if self.comes("email", 0.15):
            self.mail()
        if self.comes("limit", 0.1):
            self.limit()
        if self.comes("reserve", 0.06):
            self.reserve()
        if self.comes("moves", 0.06):
            self.move()
        if self.features & {"credit", "limit"} and self.apart.random() < min(0.6, 0.03 * self.density):
            self.upgrade_offer()
        if self.comes("transfer", 0.07):
            self.transfer()
        if self.comes("rebill", 0.06):
            self.rebill()
        if self.comes("invite", 0.1):
            self.invite()
        if self.has("people", 0.4):
            self.people()
        if self.comes("void_invoice", 0.03):
            self.flush()
            self.script.append({"do": "void", "pick": self.chance.randrange(100)})
        if self.voids and self.voiding.random() < min(0.6, 0.07 * self.density):
            self.void_enrollment()
        if "locks" in self.features:
            self.lock()
        if self.comes("settle", 0.08):
            self.settle()
        if self.comes("recard", 0.08):
            self.recard()
        if "repay" in self.features and self.methods and self.paying.random() < min(0.6, 0.08 * self.density):
            self.repay()
        if self.comes("notes", 0.05):
            self.flush()
            self.script.append({"do": "note", "pick": self.chance.randrange(100), "part": self.chance.choice((1, 2, 5))})
        if self.profiles and self.comes("invoice_day", 0.03):
            self.tell("InvoiceDayChanged", profileId=self.chance.choice(self.profiles)[0],
                      newValue=self.chance.randint(1, 28))
        while self.maybe(0.3):
            part = "fail" if self.has("failures", 0.4) else self.chance.choice(("all", "all", "all", "half"))
            self.flush()
            self.script.append({"do": "pay", "pick": self.chance.randrange(100), "part": part})
            if part == "fail" and self.tries and self.trying.random() < 0.5:
                self.try_another(self.script[-1])
        # What is charged back of a card that another has replaced blocks whom? Not said.
        if "settle" not in self.features and self.comes("failures", 0.03):
            self.flush()
            self.script.append({"do": "pay", "pick": self.chance.randrange(100), "part": "chargeback"})
