"""The billing runs: which documents there are, day by day. T-MOSP-3 … T-MOSP-11, T-MCA-1 … T-MCA-4, R-22, R-55, R-56."""

from collections import defaultdict
from datetime import timedelta

from credit import draw, open_lots, renew_monthly
from documents import Charge, Document, affordable, compute
from dunning import Payments
from exact import NotUnderstood, ZERO, amount_of
from facts import Book
from periods import (ONE_DAY, anchored, day, days, in_month, is_anchor_day, month_of, months_between,
                     next_anchor_on_or_after, period_of)
from tax import tax_rate
from usage import Shelf

MARKETPLACE_DAY = 9
PROFILE_DAY = {"Representative": 5, "Website": 9, "Partner": 8}
# What the ledger wrote by itself: computed here too, never read.
DECIDED = {
    "InvoiceIssued", "InvoiceLinesAdded", "PeriodClosed", "PeriodClosedWithoutInvoice", "CreditApplied", "CreditExpired",
    "MonthlyCreditRenewed", "SupportPlanRenewed", "InvoicePaid", "InvoiceBecamePastDue", "SubscriptionBecamePastDue",
    "SubscriptionWarned", "SubscriptionDisabled", "SubscriptionReenabled", "SubscriptionExpired", "SubscriptionDeleted",
    "BillingProfileStatusChanged", "InvoiceEmailQueued", "NoticeQueued", "OverageNotificationSent",
    "SpendingLimitReached", "DocumentContentAdded", "InvoiceDocumentGenerated",
}
PAYMENTS = {"InvoicePaymentSucceeded", "InvoicePaymentFailed", "InvoicePaymentReversed"}


class Oracle:
    """Reads the log and says what must have come of it.

    `runs` says which days were performed: [(position, through, clock)] in order; each is performed before the first
    event after its position. A ledger whose clock was only ever moved with its work needs none: every ClockAdvanced is one.
    """

    def __init__(self):
        self.book, self.documents, self.clock = Book(), [], None
        self.performed = None                    # the last day whose runs are done
        self.shelves, self.closed_periods = {}, defaultdict(int)
        self.profile_months, self.plan_terms, self.billed_purchases = {}, defaultdict(int), set()
        self.payments = Payments(self)

    # The log.

    def read(self, items, runs=None):
        waiting = list(runs) if runs is not None else None
        for item in items:
            while waiting and item["position"] > waiting[0][0]:
                self._perform(*waiting.pop(0)[1:])
            kind = item["type"].removeprefix("daybook.")
            self.book.position = item["position"]
            if kind == "ClockAdvanced":
                self._clock(day(item["data"]["to"]), work=runs is None)
            elif kind == "InvoiceIssued":
                self._name(item["data"])
            elif kind in PAYMENTS:
                self.payments.tell(kind, item["data"])
            elif kind not in DECIDED:
                self.book.apply(item)
                self._at_once(kind, item["data"])
        for run in waiting or []:
            self._perform(*run[1:])
        return self

    def _clock(self, to, work):
        if self.clock is None or not work:
            self.clock = to
            if self.performed is None:
                self.performed = to
            return
        for today in days(self.clock + ONE_DAY, to + ONE_DAY):
            self.clock = today
            self._day(today)

    def _perform(self, through, clock):
        self.clock = clock
        for today in days(self.performed + ONE_DAY, through + ONE_DAY):
            self._day(today)

    def _name(self, data):
        """The ledger's name for a document that is expected here too; the rest is for the comparison to say."""
        key = (data["type"], data["supportPlanId"] or data["scopeId"], data["period"]["start"])
        self.names = getattr(self, "names", {})
        self.names[data["invoiceId"]] = key
        for document in self.documents:
            if document.key == key and document.name is None:
                document.name = data["invoiceId"]
                return
        self.unnamed = getattr(self, "unnamed", {})
        self.unnamed[key] = data["invoiceId"]

    # A day's work.

    def _day(self, today):
        self.payments.morning(today)
        renew_monthly(self.book, today, self._credit_origin)
        for account in list(self.book.accounts.values()):
            if account["type"] == "MOSP":
                if today.day == MARKETPLACE_DAY:
                    self._marketplace(account, today)
                if is_anchor_day(account["created"], today):
                    self._support_renewals(account, today)
                    self._services(account, today)
        for profile in list(self.book.profiles.values()):
            if today == self.profile_run(profile, month_of(today.replace(day=1) - ONE_DAY)):
                self._profile(profile, today)
        self.performed = today

    def _at_once(self, kind, data):
        if kind == "SupportPlanPurchased":
            plan = self.book.plans[data["planId"]]
            if self._account_of(plan["subscriptionId"])["type"] == "MOSP":
                self._support(plan, 0, plan["purchased"])
        elif kind == "SubscriptionCancelled":
            self.payments.cancelled(data["subscriptionId"], self.clock)

    def _credit_origin(self, lot):
        if lot["scopeType"] == "Subscription":
            return self.book.subscriptions[lot["scopeId"]]["created"]
        if lot["scopeType"] == "Profile":
            return lot["start"].replace(day=1)
        raise NotUnderstood(f"monthly credit of {lot['scopeType']}")

    def _account_of(self, subscription):
        return self.book.accounts[self.book.subscriptions[subscription]["accountId"]]

    # MOSP: one document per subscription and period.

    def _subscriptions(self, account):
        return [name for name, data in self.book.subscriptions.items()
                if data["accountId"] == account["accountId"] and not data["support"]]

    def shelf(self, kind, scope, currency):
        """The usage that one kind of document of one scope bills."""
        if (kind, scope) not in self.shelves:
            if kind == "Profile":
                subscriptions = lambda: [name for name in self.book.subscriptions if self.book.profile_of(name) == scope]
                wanted, section = (lambda row: True), self._section_of
            else:
                subscriptions, section = (lambda: [scope]), (lambda row: None)
                apart = kind == "AzureMarketplace"
                wanted = lambda row: (row.spot or row.marketplace) == apart
            self.shelves[kind, scope] = Shelf(self.book, subscriptions, wanted, currency, self.payments.inactive, section)
        return self.shelves[kind, scope]

    def _section_of(self, row):
        return self.book.subscriptions[row.subscription]["invoiceSectionId"]

    def last_period(self, data):
        """The k of the last period of a cancelled subscription (R-62); None while it lives."""
        return None if data["cancelled"] is None else months_between(data["created"], data["cancelled"])

    def _services(self, account, today):
        for name in self._subscriptions(account):
            data = self.book.subscriptions[name]
            shelf = self.shelf("AzureServices", name, account["currency"])
            last = self.last_period(data)
            while True:
                k = self.closed_periods[name]
                start, end = anchored(data["created"], k), anchored(data["created"], k + 1)
                if end > today:
                    break
                if last is not None and k > last:
                    if shelf.corrections():
                        raise NotUnderstood(f"corrections of {name}, which has no further period")
                    break
                charges, closing = shelf.charges(start, end, self._issue_date(today))
                charges = shelf.corrections() + charges
                lots = open_lots(self.book, "Subscription", name, end)
                self._issue("AzureServices", account, name, (start, end), today, charges, lots)
                shelf.close(closing)
                self.closed_periods[name] += 1

    def _marketplace(self, account, today):
        start, end = month_of(today.replace(day=1) - ONE_DAY)
        for name in self._subscriptions(account):
            shelf = self.shelf("AzureMarketplace", name, account["currency"])
            charges, closing = shelf.charges(start, end, self._issue_date(today))
            charges = shelf.corrections() + charges
            charges += self._purchases(end, account["currency"], (start, end),
                                       lambda data, name=name: data["subscriptionId"] == name)
            self._issue("AzureMarketplace", account, name, (start, end), today, charges, [])
            shelf.close(closing)

    def _purchases(self, end, currency, period, belongs, kinds=("Marketplace", "Reservation"), section_of=None):
        """Purchases and refunds dated before `end` that stand on no document yet."""
        charges, known = [], {purchase.data["chargeId"]: purchase for purchase in self.book.purchases}
        section_of = section_of or (lambda data: None)
        for kind, sign, there in (("Purchase", 1, self.book.purchases), ("Refund", -1, self.book.refunds)):
            for told in there:
                data = told.data
                origin = known[data["originalChargeId"]].data if kind == "Refund" else data
                if told.on >= end or data["chargeId"] in self.billed_purchases or not belongs(origin):
                    continue
                if origin["kind"] not in kinds:
                    raise NotUnderstood(f"a purchase of kind {origin['kind']}")
                charges.append(Charge(
                    kind, sign * amount_of(data["amount"], currency), told.on, told.position, period,
                    origin["subscriptionId"], section_of(origin), name=data["chargeId"], eligible=False,
                    after=lambda name=data["chargeId"]: self.billed_purchases.add(name)))
        return charges

    def _support_renewals(self, account, today):
        for plan in self.book.plans.values():
            if self.book.subscriptions[plan["subscriptionId"]]["accountId"] != account["accountId"]:
                continue
            while True:
                k = self.plan_terms[plan["planId"]]
                start = anchored(plan["purchased"], k)
                if k == 0 or start > today or (plan["cancelled"] is not None and start >= plan["cancelled"]):
                    break
                self._support(plan, k, today)

    def _support(self, plan, k, today):
        account = self._account_of(plan["subscriptionId"])
        term = anchored(plan["purchased"], k), anchored(plan["purchased"], k + 1)
        charge = Charge("Purchase", amount_of(plan["price"], account["currency"]), term[0], plan["position"], term,
                        plan["subscriptionId"], name=plan["planId"], eligible=False)
        self.plan_terms[plan["planId"]] = k + 1
        self._issue("AzureSupport", account, plan["subscriptionId"], term, today, [charge], [], plan["planId"])

    # MCA and MPA: one document per profile and month.

    def profile_run(self, profile, month):
        """The day on which a profile's document for `month` is due (CF-10, T-MCA-3)."""
        account = self.book.accounts[profile["accountId"]]
        usual = PROFILE_DAY["Partner" if account["type"] == "MPA" else account["channel"]]
        wanted = int(profile["invoiceDay"] or usual)
        return in_month(month[1].year, month[1].month, wanted)

    def _profile(self, profile, today):
        name, account = profile["profileId"], self.book.accounts[profile["accountId"]]
        start, end = month_of(today.replace(day=1) - ONE_DAY)
        if end <= profile["created"]:
            return
        shelf = self.shelf("Profile", name, profile["currency"])
        charges, closing = shelf.charges(start, end, self._issue_date(today))
        charges = shelf.corrections() + charges
        on_profile = lambda data: (data["profileId"] == name or
                                   data["subscriptionId"] and self.book.profile_of(data["subscriptionId"]) == name)
        section_of = lambda data: (self.book.subscriptions[data["subscriptionId"]]["invoiceSectionId"]
                                   if data["subscriptionId"] else None) or name
        charges += self._purchases(end, profile["currency"], (start, end), on_profile,
                                   ("Marketplace", "Reservation", "Support", "Licence"), section_of)
        lots = open_lots(self.book, "Profile", name, end)
        self._issue("Profile", account, name, (start, end), today, charges, lots, always=True)
        shelf.close(closing)
        self.profile_months[name] = end

    # All documents.

    def _issue_date(self, run_date):
        return run_date if self.clock <= run_date + timedelta(days=2) else self.clock

    def _issue(self, kind, account, scope, period, run_date, charges, lots, plan=None, always=False):
        """The document of these charges, if one is owed; what was looked at counts as billed either way."""
        charges, _ = affordable(charges)
        currency = self.book.profiles[scope]["currency"] if kind == "Profile" else account["currency"]
        document = Document(kind, account["accountId"], scope, currency, period, run_date, self._issue_date(run_date),
                            charges, plan, half_even=account["type"] == "EA")
        compute(document, tax_rate(self.book, account["accountId"], document.issue_date), lots)
        for charge in charges:
            if charge.after:
                charge.after()
        draw(document)
        if not always and document.totals["subTotal"] <= 0:
            return None
        self.documents.append(document)
        document.position = self.book.position
        document.name = getattr(self, "unnamed", {}).pop(document.key, None)
        self.payments.issued(document)
        return document

    # Next dates.

    def next_invoice_date(self, subscription):
        data = self.book.subscriptions[subscription]
        account = self._account_of(subscription)
        if account["type"] != "MOSP":
            return None
        plan = next((plan for plan in self.book.plans.values() if plan["subscriptionId"] == subscription), None)
        after = self.performed + ONE_DAY
        if data["support"]:
            if plan is None:
                return None
            start = anchored(plan["purchased"], self.plan_terms[plan["planId"]])
            if plan["cancelled"] is not None and start >= plan["cancelled"]:
                return None
            return next_anchor_on_or_after(account["created"], max(start, after))
        k, last = self.closed_periods[subscription], self.last_period(data)
        if last is not None and k > last:
            return None
        return next_anchor_on_or_after(account["created"], max(anchored(data["created"], k + 1), after))

    def next_profile_date(self, name):
        profile = self.book.profiles[name]
        month = month_of(profile["created"])
        while self.profile_run(profile, month) <= self.performed:
            month = month_of(month[1])
        return self.profile_run(profile, month)

    def current_period(self, subscription):
        return period_of(self.book.subscriptions[subscription]["created"], self.clock)
