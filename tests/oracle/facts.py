"""What the log tells, kept as it was told: accounts, scopes, prices, rates, usage, purchases, credit.

Only facts and wishes are read. What the ledger decided itself (invoices, renewals, states) is computed by the other
modules and never believed; `names` alone learns which identifier the ledger gave to a document.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from exact import NotUnderstood, number, rounded
from periods import ONE_DAY, anchored, day, months_between

SUPPORT_OFFERS = {"MS-AZR-0041P", "MS-AZR-0042P", "MS-AZR-0043P"}
PLAIN_OFFERS = {"MS-AZR-0003P", "MS-AZR-0023P", "MS-AZR-0017G", "MS-AZR-0148G", "MS-AZR-0017P", "MS-AZR-0148P"}
REFUND_CUT_OFF_DAY = 5
TRIAL_OFFERS = {"MS-AZR-0044P"}
CREDIT_OFFERS = {"MS-AZR-0063P", "MS-AZR-0059P", "MS-AZR-0060P", "MS-AZR-0062P", "MS-AZR-0025P", "MS-AZR-0029P"}


@dataclass
class Row:
    """One usage row, with every later change by position."""
    position: int
    source: str
    usage_id: str
    subscription: str
    meter: str
    date: date
    data: dict
    changes: list = field(default_factory=list)  # (position, {changed members} or None for void)

    def as_of(self, counts):
        """Its members with those changes for whose position `counts(position)`; None when void."""
        seen = self.data
        for position, change in self.changes:
            if counts(position):
                if change is None:
                    return None
                seen = {**seen, **change}
        return seen

    @property
    def spot(self):
        return self.data["pricingModel"] == "Spot"

    @property
    def marketplace(self):
        return self.data["publisherType"] == "Marketplace"


@dataclass
class Stay:
    """The days of a subscription under one account: from `start` on, in periods by the day of month of `origin`."""
    account: str
    origin: date
    start: date
    mosp: bool     # has it documents of its own there?

    def period(self, k):
        """The k-th; the first one begins with the stay (R-61)."""
        first = 0 if self.start == self.origin else max(0, months_between(self.origin, self.start))
        return (self.start if k == 0 else anchored(self.origin, first + k)), anchored(self.origin, first + k + 1)


@dataclass
class Timed:
    """A fact that holds from a day on, or for a span."""
    position: int
    on: date
    data: dict


class Book:
    """The facts so far. `apply` takes the items of GET /v1/events in order."""

    def __init__(self):
        self.accounts, self.subscriptions, self.profiles, self.sections = {}, {}, {}, {}
        self.enrollments, self.enrollment_accounts, self.customers = {}, {}, {}
        self.prices = defaultdict(list)     # meterId -> [Timed]
        self.replaced = set()               # positions of prices that no longer count
        self.taxes, self.rates, self.discounts = [], [], {}
        self.rows, self.row_by_name = defaultdict(list), {}
        self.purchases, self.refunds, self.reservations = [], [], {}
        self.complaints = []                # what the log says that the facts do not bear out
        self.plans, self.methods, self.defaults = {}, {}, {}
        self.lots = []
        self.policies = {}
        self.position = 0

    def apply(self, item):
        kind = item["type"].removeprefix("daybook.")
        self.position = item["position"]
        handler = getattr(self, f"_{kind}", None)
        if handler is None:
            raise NotUnderstood(f"{kind} at {item['position']}")
        handler(item, item["data"])

    # Accounts and what lies below them.

    def _BillingAccountOpened(self, item, data):
        self.accounts[data["accountId"]] = {**data, "created": day(data["createdOn"])}

    def _SoldToChanged(self, _, data):
        self.accounts[data["accountId"]]["soldTo"] = data["newValue"]

    def _SubscriptionCreated(self, item, data):
        known = PLAIN_OFFERS | SUPPORT_OFFERS | CREDIT_OFFERS | TRIAL_OFFERS
        if data["offerId"] not in known:
            raise NotUnderstood(f"offer {data['offerId']}")
        self.subscriptions[data["subscriptionId"]] = {
            **data, "created": day(data["createdOn"]), "support": data["offerId"] in SUPPORT_OFFERS,
            "position": item["position"], "cancelled": None, "paidSoSince": None,
            "stays": [Stay(data["accountId"], day(data["createdOn"]), day(data["createdOn"]),
                           self.accounts[data["accountId"]]["type"] == "MOSP")],
            "places": [(date.min, data["invoiceSectionId"], data["profileId"], data["enrollmentAccountId"])]}

    def _SubscriptionMoved(self, item, data):
        """To another section, profile or enrollment account of the same account, from its effectiveDate on (R-60)."""
        subscription, to = self.subscriptions[data["subscriptionId"]], data["toScope"]
        if self.accounts[subscription["accountId"]]["type"] == "MPA":
            place = None, to, None
        elif to in self.enrollment_accounts:
            place = None, None, to
        else:
            place = to, None, None
        subscription["places"].append((day(data["effectiveDate"]), *place))
        subscription["invoiceSectionId"], subscription["profileId"], subscription["enrollmentAccountId"] = place

    def _SubscriptionBillingTransferred(self, item, data):
        """Somebody else is billed from the day after acceptedOn (R-60), by periods of that day of month (R-61)."""
        subscription, accepted = self.subscriptions[data["subscriptionId"]], day(data["acceptedOn"])
        place = data["invoiceSectionId"], data["profileId"], data["enrollmentAccountId"]
        self._goes(subscription, data["toAccount"], accepted, accepted, place)

    def _BillingAccountUpgraded(self, item, data):
        """An account of MOSP or EA becomes one of MCA; its subscriptions lie in the profiles that are named (T-MCA-6, -7)."""
        account, last = self.accounts[data["accountId"]], day(data["effectiveDate"])
        if data["fromType"] not in ("MOSP", "EA") or data["toType"] != "MCA":
            raise NotUnderstood(f"an upgrade from {data['fromType']} to {data['toType']}")
        account["type"] = "MCA"
        for enrollment in self.enrollments.values():
            if enrollment["accountId"] == data["accountId"]:
                enrollment["ends"] = last
        for made in data["createdProfiles"]:
            self.profiles[made["profileId"]] = {
                "profileId": made["profileId"], "accountId": data["accountId"], "currency": account["currency"],
                "created": last + ONE_DAY, "first": last + ONE_DAY, "invoice_days": [], "position": item["position"],
                "invoiceDay": 5 if data["fromType"] == "EA" else None, "paymentTermDays": None, "defaultPaymentMethod": None}
            self.sections[made["sectionId"]] = {"sectionId": made["sectionId"], "profileId": made["profileId"]}
            for name in made["subscriptionIds"]:
                subscription = self.subscriptions[name]
                self._goes(subscription, data["accountId"], last, subscription["created"], (made["sectionId"], None, None))

    def _goes(self, subscription, account, last, origin, place):
        subscription["stays"].append(Stay(account, origin, last + ONE_DAY, self.accounts[account]["type"] == "MOSP"))
        subscription["places"].append((last + ONE_DAY, *place))
        subscription["accountId"], subscription["paymentMethodId"] = account, None
        subscription["invoiceSectionId"], subscription["profileId"], subscription["enrollmentAccountId"] = place

    def stay_at(self, subscription, on=None):
        """The number of the stay under one account that a day belongs to; without a day: the last one."""
        stays = self.subscriptions[subscription]["stays"]
        return max(number for number, stay in enumerate(stays) if number == 0 or on is None or stay.start <= on)

    def period(self, subscription, on):
        """The billing period of its own that holds `on`."""
        stay = self.subscriptions[subscription]["stays"][self.stay_at(subscription, on)]
        k = 0
        while stay.period(k)[1] <= on:
            k += 1
        return stay.period(k)

    def place_of(self, subscription, on=None):
        """(section, profile, enrollment account) that a subscription lies in on a day; without one: in the end."""
        places = self.subscriptions[subscription]["places"]
        return [place for place in places if on is None or place[0] <= on][-1][1:]

    def _SubscriptionCancelled(self, _, data):
        self.subscriptions[data["subscriptionId"]]["cancelled"] = day(data["effectiveOn"])
        self.end_plan(data["subscriptionId"], day(data["effectiveOn"]))

    def end_plan(self, subscription, on):
        """A support plan ends with its own subscription (PRD-4, 3.6); no term begins then or later."""
        for plan in self.plans.values():
            if plan["subscriptionId"] == subscription and plan["cancelled"] is None:
                plan["cancelled"] = on

    def _BillingProfileCreated(self, item, data):
        self.profiles[data["profileId"]] = {**data, "created": day(item["time"]), "invoice_days": [],
                                            "position": item["position"]}

    def _InvoiceDayChanged(self, item, data):
        self.profiles[data["profileId"]]["invoice_days"].append((day(item["recordedAt"]), int(data["newValue"])))

    def _CustomerRegistered(self, _, data):
        self.customers[data["customerId"]] = data

    def _EnrollmentRegistered(self, item, data):
        self.enrollments[data["enrollmentId"]] = {**data, "start": day(data["startDate"]), "ends": None}
        if data["prepayment"]:
            self.lots.append({"lotId": f"{data['enrollmentId']}-prepayment", "scopeType": "Enrollment",
                              "scopeId": data["enrollmentId"], "source": "Prepayment", "position": item["position"],
                              "start": day(data["startDate"]), "expires": None,
                              "left": number(data["prepayment"]["amount"])})

    def _EnrollmentAccountAdded(self, _, data):
        self.enrollment_accounts[data["enrollmentAccountId"]] = data

    def enrollment_of(self, subscription, on=None):
        account = self.place_of(subscription, on)[2]
        return self.enrollment_accounts[account]["enrollmentId"] if account else None

    def _InvoiceSectionCreated(self, _, data):
        self.sections[data["sectionId"]] = data

    def profile_of(self, subscription, on=None):
        """The profile that a subscription is billed on, or None."""
        section, profile, _ = self.place_of(subscription, on)
        if profile or section is None:
            return profile
        return self.sections[section]["profileId"] if section in self.sections else section

    # Prices, tax, exchange, discounts.

    def _PriceChanged(self, item, data):
        if data["aggregation"] not in (None, "Sum"):
            raise NotUnderstood(f"aggregation {data['aggregation']}")
        self.prices[data["meterId"]].append(Timed(item["position"], day(data["effectiveOn"]), data))

    def _TaxRateChanged(self, item, data):
        self.taxes.append(Timed(item["position"], day(data["effectiveOn"]), data))

    def _ExchangeRateChanged(self, item, data):
        self.rates.append(Timed(item["position"], day(data["effectiveOn"]), data))

    def _DiscountGranted(self, item, data):
        self.discounts[data["discountId"]] = Timed(item["position"], day(data["startOn"]),
                                                   {**data, "ends": [(item["position"], data["endOn"])]})

    def _DiscountEnded(self, item, data):
        self.discounts[data["discountId"]].data["ends"].append((item["position"], data["endOn"]))

    # Usage.

    def _UsageRecorded(self, item, data):
        if data["chargeType"] not in ("Usage", "Purchase", "Refund", "Adjustment"):
            raise NotUnderstood(f"usage with chargeType {data['chargeType']}")
        row = Row(item["position"], item["source"], data["usageId"], data["subscriptionId"], data["meterId"],
                  day(data["usageDate"]), data)
        self.rows[data["subscriptionId"]].append(row)
        self.row_by_name.setdefault((data["subscriptionId"], data["usageId"]), {})[item["source"]] = row

    def _row(self, item, data):
        found = self.row_by_name[data["subscriptionId"], data["usageId"]]
        return found[item["source"]] if item["source"] in found else next(iter(found.values()))

    def _UsageAmended(self, item, data):
        change = {name: data[name] for name in ("quantity", "unitPrice", "cost") if data[name] is not None}
        self._row(item, data).changes.append((item["position"], change))

    def _UsageVoided(self, item, data):
        self._row(item, data).changes.append((item["position"], None))

    # Purchases, reservations and credit.

    def _ReservationPurchased(self, item, data):
        """A purchase, or one a month on the day of the purchase (R-75)."""
        bought, upfront = day(data["purchasedOn"]), data["billingFrequency"] == "Upfront"
        self.reservations[data["reservationId"]] = {**data, "bought": bought}
        for number in range(1 if upfront else int(data["termMonths"])):
            self.purchases.append(Timed(item["position"], anchored(bought, number), {
                "chargeId": f"{data['reservationId']}#{number}", "kind": "Reservation", "amount": data["amount"],
                "subscriptionId": data["subscriptionId"], "profileId": None, "enrollmentId": None}))

    def _ReservationCancelled(self, item, data):
        """What is left of an upfront one is given back; of a monthly one nothing more is charged (R-73)."""
        name, on = data["reservationId"], day(data["cancelledOn"])
        reservation = self.reservations[name]
        if reservation["billingFrequency"] == "Monthly":
            self.purchases = [bought for bought in self.purchases
                              if not (bought.data["chargeId"].startswith(f"{name}#") and bought.on > on)]
            return
        end = anchored(reservation["bought"], int(reservation["termMonths"]))
        worth = Fraction(number(reservation["amount"]["amount"])) * (end - on).days / (end - reservation["bought"]).days
        if number(data["refundAmount"]["amount"]) != rounded(worth, data["refundAmount"]["currency"]):
            self.complaints.append(((name,), f"{data['refundAmount']['amount']} given back on {on}, by the rules {worth}"))
        self.refunds.append(Timed(item["position"], self._counts_on(reservation["subscriptionId"], on, reservation["bought"]), {
            "chargeId": f"{name}#refund", "originalChargeId": f"{name}#0", "amount": data["refundAmount"]}))

    def _counts_on(self, subscription, on, bought):
        """Refunds of reservations in the first days of a month are still of the month before, if they were bought by then
        (CLS-3, R-69)."""
        before = on.replace(day=1) - ONE_DAY
        early = self.enrollment_of(subscription, on) is not None and on.day < REFUND_CUT_OFF_DAY
        return before if early and bought <= before else on

    def _ReservationExchanged(self, item, data):
        """Given back like one that is cancelled, outside the limit; the new one is a purchase of its own (R-73)."""
        self._ReservationCancelled(item, {**data, "cancelledOn": data["exchangedOn"]})

    def _PurchaseCharged(self, item, data):
        self.purchases.append(Timed(item["position"], day(data["purchasedOn"]), data))

    def _PurchaseRefunded(self, item, data):
        on = day(data["refundedOn"])
        bought = next((told for told in self.purchases if told.data["chargeId"] == data["originalChargeId"]), None)
        if bought and bought.data["kind"] == "Reservation":
            on = self._counts_on(bought.data["subscriptionId"], on, bought.on)
        self.refunds.append(Timed(item["position"], on, data))

    def _SupportPlanPurchased(self, item, data):
        self.plans[data["planId"]] = {**data, "purchased": day(data["purchasedOn"]), "cancelled": None,
                                      "position": item["position"]}

    def _SupportPlanCancelled(self, _, data):
        self.plans[data["planId"]]["cancelled"] = day(data["effectiveOn"])

    def _CreditGranted(self, item, data):
        if item["source"] == "daybook":
            return   # the ledger's own, of a prepayment or an offer: computed here too
        self.lots.append({**data, "position": item["position"], "start": day(data["startOn"]),
                          "expires": day(data["expiresOn"]), "left": number(data["amount"]["amount"])})

    def lot(self, name):
        return next(lot for lot in self.lots if lot["lotId"] == name)

    # Payment methods.

    def _PaymentMethodAdded(self, item, data):
        self.methods[data["methodId"]] = data
        for name in data["sharedBySubscriptions"]:
            self._is_paid_by(name, data["methodId"], day(item["time"]))

    def _is_paid_by(self, name, method, on):
        """Subscriptions that share a card change it together (1.2)."""
        before = self.subscriptions[name]["paymentMethodId"]
        for other, subscription in self.subscriptions.items():
            if other == name or (before is not None and subscription["paymentMethodId"] == before):
                self.pays(other, method, on)

    def pays(self, name, method, on):
        subscription = self.subscriptions[name]
        if (subscription["paymentMethodId"] or self.defaults.get(subscription["accountId"])) != method:
            subscription["paidSoSince"] = on
        subscription["paymentMethodId"] = method

    def makes_default(self, account, method, on):
        """It pays all that name no method of their own."""
        for subscription in self.subscriptions.values():
            if subscription["accountId"] == account and subscription["paymentMethodId"] is None \
                    and self.defaults.get(account) != method:
                subscription["paidSoSince"] = on
        self.defaults[account] = method

    def _PaymentMethodMadeDefault(self, item, data):
        if data["scopeType"] == "Account":
            self.makes_default(data["scopeId"], data["methodId"], day(item["time"]))
            return
        if data["scopeType"] == "Profile":
            self.profiles[data["scopeId"]]["defaultPaymentMethod"] = data["methodId"]
        else:
            self._is_paid_by(data["scopeId"], data["methodId"], day(item["time"]))

    # Who asks does not change what is billed.

    def _KeyCreated(self, *_):
        pass


CARD = {"CreditCard", "EWallet", "DirectDebit"}


def price_scopes(book, subscription, on):
    """The scopes whose prices and discounts apply to a subscription on a day, most particular first."""
    data = book.subscriptions[subscription]
    scopes = [("Subscription", subscription)]
    if (profile := book.profile_of(subscription, on)) is not None:
        scopes.append(("Profile", profile))
    if (enrollment := book.enrollment_of(subscription, on)) is not None:
        scopes.append(("Enrollment", enrollment))
    return scopes + [("Account", data["stays"][book.stay_at(subscription, on)].account), (None, None)]
