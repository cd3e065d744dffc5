"""What costs money in a random ledger: usage with all that goes wrong, purchases, reservations, support, limits, moves."""

from periods import ONE_DAY


class Charges:
    """Part of Generator."""

    def living(self):
        return [entry for entry in self.subscriptions if entry["until"] is None]

    def use(self):
        if not self.living():
            return
        entry = self.chance.choice(self.living())
        if entry["since"] > self.today:
            return
        back = self.chance.choice((0, 0, 0, 1, 2)) if not self.has("late", 0.2) else self.chance.randint(3, 50)
        if "void_invoice" in self.features:
            back = 0
        on = max(entry["since"], self.today - back * ONE_DAY)
        data = {"subscriptionId": entry["name"], "meterId": self.chance.choice(self.meters),
                "quantity": self.amount(0, 60, self.chance.choice((0, 2))), "usageDate": on.isoformat()}
        if self.has("regions", 0.5):
            data["region"] = self.chance.choice(("EU West", "EU North"))
        if self.has("own_cost", 0.2):
            data |= {"cost": self.amount(0, 30, self.chance.choice((2, 7))), "currency": self.currency}
        elif self.has("own_cost", 0.1):
            data |= {"unitPrice": self.amount(0, 3, 5), "currency": self.currency}
        if self.has("negative", 0.15):
            data |= {"cost": "-" + self.amount(1, 80, 2), "currency": self.currency}
            if self.maybe(0.6):
                data["chargeType"] = self.chance.choice(("Refund", "Adjustment"))
            data.pop("unitPrice", None)
        elif self.has("spot", 0.2):
            # Never late: a month of Marketplace and spot without any leaves no mark (decision 0013).
            data |= {"pricingModel": "Spot", "usageDate": self.today.isoformat()}
        event = self.tell("UsageRecorded", sender=self.chance.choice(("//meter-1", "//meter-2")), **data)
        self.rows.append((event, data))

    def amend(self):
        event, data = self.chance.choice(self.rows[-40:])
        if data.get("cost", "").startswith("-"):
            return
        change = {"cost": self.amount(0, 30, 2)} if "cost" in data else {"quantity": self.amount(0, 60, 2)}
        self.tell("UsageAmended", sender=event["source"], subscriptionId=data["subscriptionId"], usageId=event["id"],
                  reason="recount", **change)

    def void(self):
        event, data = self.rows.pop(self.chance.randrange(max(0, len(self.rows) - 40), len(self.rows)))
        self.tell("UsageVoided", sender=event["source"], subscriptionId=data["subscriptionId"], usageId=event["id"],
                  reason="mistake")

    def buy(self):
        if not self.living():
            return
        entry = self.chance.choice(self.living())
        amount = self.money(1, 90)
        name = f"charge-{self.count}"
        kinds = ("Marketplace",) if entry["kind"] == "MOSP" else ("Marketplace", "Reservation", "Licence")
        if entry["kind"] == "EA":
            kinds = ("Marketplace", "Reservation")
        self.tell("PurchaseCharged", chargeId=name, kind=self.chance.choice(kinds), amount=amount,
                  subscriptionId=entry["name"])
        self.purchases.append((name, amount, entry["name"]))

    def refund(self):
        name, amount, _ = self.purchases.pop(self.chance.randrange(len(self.purchases)))
        self.tell("PurchaseRefunded", chargeId=f"refund-{name}", originalChargeId=name, amount=amount)

    def plan(self):
        accounts = [name for name, kind in self.accounts if kind == "MOSP"]
        if not accounts or len(self.plans) > 1:
            return
        name = f"plan-{len(self.plans)}"
        cards = [card for card, owner in self.cards if owner == accounts[0]]
        self.tell("SubscriptionCreated", subscriptionId=f"{name}-sub", accountId=accounts[0], offerId="MS-AZR-0041P",
                  **({"paymentMethodId": self.chance.choice(cards)} if cards else {}))
        self.tell("SupportPlanPurchased", planId=name, subscriptionId=f"{name}-sub", price=self.money(20, 100))
        self.plans.append(name)

    def cancel(self):
        if len(self.living()) > 1:
            entry = self.chance.choice(self.living())
            entry["until"] = self.today
            self.rows = [(event, data) for event, data in self.rows if data["subscriptionId"] != entry["name"]]
            self.tell("SubscriptionCancelled", subscriptionId=entry["name"], reason="over",
                      effectiveOn=self.today.isoformat())

    def limit(self):
        """A spending limit is taken away, for good or for this period, or comes back."""
        there = [entry for entry in self.living() if entry.get("limited")]
        if there:
            entry = self.chance.choice(there)
            more = {"mode": self.chance.choice(("indefinite", "currentPeriod"))} if self.maybe(0.7) else {}
            kind = "SpendingLimitRemoved" if self.maybe(0.6) else "SpendingLimitRestored"
            self.tell(kind, subscriptionId=entry["name"], **(more if kind == "SpendingLimitRemoved" else {}))

    def reserve(self):
        """A reservation is bought, or one of a profile is given back."""
        theirs = [entry for entry in self.reserved if entry[2] in ("MCA", "MPA")]
        if theirs and self.maybe(0.3):
            given = self.chance.choice(theirs)
            self.reserved.remove(given)
            self.flush()
            self.script.append({"do": "wish", "name": "RefundReservation", "fields": {"reservationId": given[0]}})
            return
        if not self.living():
            return
        entry = self.chance.choice(self.living())
        name, upfront = f"reservation-{self.count}", self.maybe(0.6)
        card = entry["kind"] == "MOSP" and entry.get("card") is None and upfront and self.maybe(0.5)
        self.tell("ReservationPurchased", reservationId=name, subscriptionId=entry["name"], amount=self.money(20, 400),
                  termMonths=self.chance.choice((1, 12, 36)) if upfront else self.chance.choice((2, 5, 12)),
                  paymentMode="card" if card else "invoice", billingFrequency="Upfront" if upfront else "Monthly")
        self.reserved.append((name, entry["name"], entry["kind"]))

    def move(self):
        """A subscription goes to another section or profile of its account."""
        there = [entry for entry in self.living() if entry["kind"] in ("MCA", "MPA")]
        if not there:
            return
        entry = self.chance.choice(there)
        places = [(profile, place) for profile, account, sections in self.profiles if account == entry["account"]
                  for place in (sections if entry["kind"] == "MCA" else [profile]) if place != entry["place"]]
        if not places or self.today <= entry["since"]:
            return
        profile, place = self.chance.choice(places)
        self.tell("SubscriptionMoved", subscriptionId=entry["name"], fromScope=entry["place"], toScope=place,
                  effectiveDate=self.today.isoformat())
        entry["profile"], entry["place"], entry["since"] = profile, place, self.today
        # Where a refund of what was bought before stands is not said.
        self.purchases = [bought for bought in self.purchases if bought[2] != entry["name"]]
        self.reserved = [bought for bought in self.reserved if bought[1] != entry["name"]]

    def rebill(self):
        """A document is void and billed again at once, or a profile's one is amended."""
        self.flush()
        self.script.append({"do": "rebill", "pick": self.chance.randrange(100),
                            "how": self.chance.choice(("void", "amend")) if self.stable else "void"})

    def transfer(self):
        """A subscription of MOSP passes to another account, or all of an account is upgraded."""
        there = [entry for entry in self.living() if entry["kind"] == "MOSP" and entry["since"] < self.today]
        if not any(name == "second" for name, _ in self.accounts):
            self.tell("BillingAccountOpened", accountId="second", type="MOSP", country="NL", tenantId="t-1",
                      currency=self.currency, signedUpBy="ann")
            self.accounts.append(("second", "MOSP"))
        elif there and self.maybe(0.25) and "upgraded" not in [profile for profile, _, _ in self.profiles]:
            self.upgrade(self.chance.choice(there)["account"])
        elif there:
            entry = self.chance.choice(there)
            targets = [("second", "mosp")[name == "second"] for name in [entry["account"]]]
            sections = [(account, profile, section) for profile, account, sections in self.profiles if "mca" in account
                        for section in sections]
            if sections and self.maybe(0.5):
                account, profile, section = self.chance.choice(sections)
                more = {"invoiceSectionId": section}
                entry |= {"kind": "MCA", "profile": profile, "place": section}
            else:
                account, more = targets[0], {}
            if (account, "MOSP" if not more else "MCA") not in self.accounts:
                return
            self.tell("SubscriptionBillingTransferred", subscriptionId=entry["name"], fromAccount=entry["account"],
                      toAccount=account, acceptedOn=self.today.isoformat(), moveTenant=False, **more)
            entry |= {"account": account, "since": self.today + ONE_DAY}

    def upgrade(self, account):
        theirs = [entry for entry in self.subscriptions if entry["account"] == account]
        if any(entry["until"] is not None or entry["since"] > self.today for entry in theirs):
            return
        self.tell("BillingAccountUpgraded", accountId=account, fromType="MOSP", toType="MCA",
                  effectiveDate=self.today.isoformat(), createdProfiles=[
                      {"profileId": "upgraded", "sectionId": "upgraded-section",
                       "subscriptionIds": [entry["name"] for entry in theirs]}])
        self.profiles.append(("upgraded", account, ["upgraded-section"]))
        self.accounts = [(name, "MCA" if name == account else kind) for name, kind in self.accounts]
        for entry in theirs:
            entry |= {"kind": "MCA", "profile": "upgraded", "place": "upgraded-section", "since": self.today + ONE_DAY}
