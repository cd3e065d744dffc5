"""Spending limits and trials: when one is reached, what it leaves uncharged, who comes back. 3.6, R-63."""

from datetime import timedelta

from credit import covers
from exact import ZERO
from facts import CREDIT_OFFERS, TRIAL_OFFERS
from periods import ONE_DAY

LIVING = ("Active", "PastDue", "Warned")


class Limits:
    def __init__(self, oracle):
        self.oracle, self.book, self.told = oracle, oracle.book, {}   # subscription -> [(day, is it on?, through)]
        self.upgraded, self.upgraded_there = set(), set()             # trials that became pay-as-you-go: here, in the ledger

    def created(self, data):
        if data["spendingLimit"] == "On":
            self.told[data["subscriptionId"]] = [(self.oracle.clock, True, None)]

    def removed(self, data, today):
        """For good, or for the rest of the period; what it had disabled is there again."""
        name = data["subscriptionId"]
        until = self._period(name, today)[1] if data["mode"] == "currentPeriod" else None
        self.told.setdefault(name, []).append((today, False, until))
        self._back(name, today)

    def restored(self, data, today):
        self.told.setdefault(data["subscriptionId"], []).append((today, True, None))

    def upgraded_by(self, data, today):
        """To another offer: its spending limit (pay-as-you-go has none); without monthly credit no further period has any."""
        name = data["subscriptionId"]
        self.book.subscriptions[name]["offerId"] = data["toOffer"]
        self.told.setdefault(name, []).append((today, False, None))
        self._back(name, today)
        if data["toOffer"] not in CREDIT_OFFERS:
            for lot in self.book.lots:
                if (lot["source"], lot["scopeType"], lot["scopeId"]) == ("MonthlyCredit", "Subscription", name):
                    lot["stops"] = today + ONE_DAY

    def on(self, name, day):
        """Is the limit On at the end of `day`?"""
        state = False
        for since, value, until in self.told.get(name, []):
            if since <= day:
                state = value or (until is not None and day >= until)
        return state

    def _period(self, name, day):
        return self.book.period(name, day)

    def _credit(self, name, period):
        """The credit of a period: what its lots held as it began."""
        return sum((lot.get("full", lot["left"]) for lot in self.book.lots
                    if (lot["scopeType"], lot["scopeId"]) == ("Subscription", name)
                    and covers(lot, max(period[0], lot["start"])) and lot["start"] < period[1]), ZERO)

    def day(self, today):
        """The daily run: who comes back with a new period, who has reached his limit, whose trial is over."""
        for name in list(self.told):
            since, status, why = self.oracle.payments.states[name][-1]
            monthly = self.book.subscriptions[name]["offerId"] in CREDIT_OFFERS   # a trial has no credit of the next month
            if why == "SpendingLimitReached" and monthly and self._period(name, today)[0] == today:
                self._back(name, today)
                since, status, why = self.oracle.payments.states[name][-1]
            if status in LIVING and self.on(name, today):
                period = self._period(name, today)
                credit = self._credit(name, period)
                if credit > 0 and self._used(name, period) >= credit:
                    self._disable(name, today, "SpendingLimitReached")
        for lot in self.book.lots:
            if lot["source"] == "FreeTrial" and lot["expires"] == today:
                self._end_trial(lot["scopeId"], today)

    def _end_trial(self, name, today):
        """With the limit on it ends with its credit; without, it is pay-as-you-go."""
        status = self.oracle.payments.states[name][-1][1]
        removed_since = any(since >= today and not value for since, value, _ in self.told.get(name, []))
        if self.on(name, today - ONE_DAY) and not removed_since:
            if status in LIVING:
                self._disable(name, today, "Expired")
        elif status != "Deleted" and self.book.subscriptions[name]["offerId"] in TRIAL_OFFERS:
            self.book.subscriptions[name]["offerId"] = "MS-AZR-0003P"
            self.told.setdefault(name, []).append((today, False, None))
            self.upgraded.add(name)

    def _used(self, name, period):
        """What all that is recorded of the period is worth so far, of what credit covers."""
        account = self.oracle.account_of(name)
        shelf = self.oracle.mosp.services(name, account["currency"])
        charges, _ = shelf.charges(*period, self.oracle.clock)
        return sum((charge.worth for charge in charges if charge.eligible), ZERO)

    def _disable(self, name, today, why):
        self.oracle.payments.states[name].append((today, "Disabled", why))

    def _back(self, name, today):
        if self.oracle.payments.states[name][-1][2] in ("SpendingLimitReached", "Expired"):
            self.oracle.payments.states[name].append((today, "Active", None))

    def holds(self, name, period):
        """Is nothing beyond the credit billed of this period? Without any credit there is no limit (R-63)."""
        return self.on(name, period[1] - timedelta(days=1)) and self._credit(name, period) > 0
