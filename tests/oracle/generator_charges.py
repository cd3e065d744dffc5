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
        if self.features & {"void_invoice", "rebill"}:
            back = 0   # the void of a document that corrects others has no rules here
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
            data |= {"pricingModel": "Spot"}
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

    def upgrade_offer(self):
        """A subscription with monthly credit becomes pay-as-you-go."""
        there = [entry for entry in self.living() if entry.get("offer") == "MS-AZR-0063P" and entry["kind"] == "MOSP"
                 and entry["since"] < self.today]
        if there:
            entry = self.apart.choice(there)
            self.tell("OfferUpgraded", subscriptionId=entry["name"], fromOffer=entry["offer"], toOffer="MS-AZR-0003P")
            entry |= {"offer": "MS-AZR-0003P", "limited": False}

    def reserve(self):
        """A reservation is bought, or one is given back."""
        there = [entry for entry in self.reserved if (entry[3].year, entry[3].month) != (self.today.year, self.today.month)]
        if there and self.maybe(0.4):
            given = self.chance.choice(there)
            self.reserved.remove(given)
            self.flush()
            fields = {"reservationId": given[0]}
            if given[2] in ("MCA", "MPA") and self.maybe(0.4):   # for one that commits to more than any may still have to run
                fields |= {"newReservationId": f"{given[0]}-new", "subscriptionId": given[1], "amount": self.money(5000, 6000),
                           "termMonths": 12, "billingFrequency": "Upfront"}
            self.script.append({"do": "wish", "name": "ExchangeReservation" if len(fields) > 1 else "RefundReservation",
                                "fields": fields})
            return
        if not self.living():
            return
        entry = self.chance.choice(self.living())
        name, upfront = f"reservation-{self.count}", self.maybe(0.6)
        card = entry["kind"] == "MOSP" and entry.get("card") is None and upfront and self.maybe(0.5)
        self.tell("ReservationPurchased", reservationId=name, subscriptionId=entry["name"], amount=self.money(20, 400),
                  termMonths=self.chance.choice((1, 12, 36)) if upfront else self.chance.choice((2, 5, 12)),
                  paymentMode="card" if card else "invoice", billingFrequency="Upfront" if upfront else "Monthly")
        self.reserved.append((name, entry["name"], entry["kind"], self.today))

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

    def settle(self):
        """All that is unpaid on cards is paid by one of them."""
        cards = [(card, account) for card, account in self.cards if account == "mosp"]
        if cards:
            card, account = self.chance.choice(cards)
            self.flush()
            self.script.append({"do": "wish", "name": "SettleBalance", "fields": {"accountId": account, "methodId": card}})

    def recard(self):
        """A subscription of MOSP, and all that share its card, are paid by another card, or a new one, from now on."""
        there = [entry for entry in self.living() if entry["kind"] == "MOSP"]
        cards = [card for card, account in self.cards if account == "mosp"]
        if there and cards:
            entry, card = self.chance.choice(there), self.chance.choice(cards)
            before = entry.get("card")
            if self.maybe(0.3):
                card = f"mosp-card-{len(self.cards)}-new"
                self.cards.append((card, "mosp"))
                self.tell("PaymentMethodAdded", methodId=card, accountId="mosp", family="CreditCard",
                          sharedBySubscriptions=[entry["name"]])
            else:
                self.tell("PaymentMethodMadeDefault", methodId=card, scopeType="Subscription", scopeId=entry["name"])
            for other in self.subscriptions:
                if other is entry or (before is not None and other.get("card") == before):
                    other["card"] = card

    def try_another(self, step):
        """The decline is of another card than the one that was to pay."""
        cards = [card for card, account in self.cards if account == "mosp" and card not in self.wires]
        if cards:
            step |= {"card": self.trying.choice(cards), "account": "mosp"}

    def pay_profiles(self, account):
        """Ways to pay the profiles of an account: what a representative signed is paid by wire (PAY-2)."""
        for family in ("CheckWire", "Other") if account in self.by_wire else ("CheckWire", "CreditCard", "DirectDebit"):
            name = f"{account}-{family}"
            self.tell("PaymentMethodAdded", methodId=name, accountId=account, family=family)
            self.methods.append((name, account))

    def repay(self):
        """A profile is paid by another method from its next document on."""
        method, account = self.paying.choice(self.methods)
        profiles = [profile for profile, owner, _ in self.profiles if owner == account]
        if profiles:
            self.tell("PaymentMethodMadeDefault", methodId=method, scopeType="Profile", scopeId=self.paying.choice(profiles))

    def lock(self):
        """An invoice is in dispute for some days, or from now on."""
        if self.locked is not None and (self.today - self.locked).days <= 15:
            self.flush()
            self.script.append({"do": "lock", "on": False, "pick": 0})
            self.locked = None
        elif self.maybe(0.06):
            self.flush()
            self.script.append({"do": "lock", "on": True, "pick": self.chance.randrange(100)})
            self.locked = self.today

    def rebill(self):
        """A document is void and billed again at once, or a profile's one is amended."""
        self.flush()
        self.script.append({"do": "rebill", "pick": self.chance.randrange(100),
                            "how": self.chance.choice(("void", "amend")) if self.stable else "void"})

    def void_enrollment(self):
        """A document of an enrollment is void: billed again at once, or by the next run."""
        self.flush()
        how = self.voiding.choice(({"do": "void"}, {"do": "rebill", "how": "void"}))
        self.script.append({**how, "pick": self.voiding.randrange(100), "type": "EnrollmentOverage"})

    def transfer(self):
        """A subscription passes to another account, from partner to partner too, or all of an account is upgraded."""
        there = [entry for entry in self.living() if entry["since"] < self.today]
        if not any(name == "second" for name, _ in self.accounts):
            self.tell("BillingAccountOpened", accountId="second", type="MOSP", country="NL", tenantId="t-1",
                      currency=self.currency, signedUpBy="ann")
            self.accounts.append(("second", "MOSP"))
            if "MPA" in self.kinds:
                self.tell("BillingAccountOpened", accountId="second-mpa", type="MPA", country="NL", tenantId="t-1",
                          currency=self.currency, signedUpBy="ann")
                self.accounts.append(("second-mpa", "MPA"))
                self.profile("second-mpa", 0)
                self.tell("CustomerRegistered", customerId="second-mpa-customer", accountId="second-mpa", tenantId="t-2",
                          name="One")
            return
        if not there:
            return
        entry = self.chance.choice(there)
        if entry["kind"] in ("MOSP", "EA") and self.maybe(0.25) and "upgraded" not in [profile for profile, _, _ in self.profiles]:
            return self.upgrade(entry["account"])
        kinds = dict(self.accounts)
        targets = [(name, {}, None, None) for name, kind in self.accounts if kind == "MOSP"]
        targets += [(account, {"invoiceSectionId": section}, profile, section) for profile, account, sections in self.profiles
                    if kinds[account] == "MCA" for section in sections]
        targets += [(account, {"profileId": profile}, profile, profile) for profile, account, _ in self.profiles
                    if kinds[account] == "MPA"]
        targets += [(account, {"enrollmentAccountId": f"{name}-0"}, None, None) for name, account in self.enrollments]
        targets = [target for target in targets if target[0] != entry["account"]]
        if not targets:
            return
        account, more, profile, place = self.chance.choice(targets)
        self.tell("SubscriptionBillingTransferred", subscriptionId=entry["name"], fromAccount=entry["account"],
                  toAccount=account, acceptedOn=self.today.isoformat(), moveTenant=False, **more)
        entry |= {"account": account, "kind": kinds[account], "profile": profile, "place": place,
                  "since": self.today + ONE_DAY}

    def upgrade(self, account):
        theirs = [entry for entry in self.subscriptions if entry["account"] == account]
        if any(entry["until"] is not None or entry["since"] > self.today for entry in theirs):
            return
        self.enrollments = [held for held in self.enrollments if held[1] != account]
        self.tell("BillingAccountUpgraded", accountId=account, fromType=theirs[0]["kind"], toType="MCA",
                  effectiveDate=self.today.isoformat(), createdProfiles=[
                      {"profileId": "upgraded", "sectionId": "upgraded-section",
                       "subscriptionIds": [entry["name"] for entry in theirs]}])
        self.profiles.append(("upgraded", account, ["upgraded-section"]))
        self.accounts = [(name, "MCA" if name == account else kind) for name, kind in self.accounts]
        for entry in theirs:
            entry |= {"kind": "MCA", "profile": "upgraded", "place": "upgraded-section", "since": self.today + ONE_DAY}
