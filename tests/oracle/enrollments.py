"""EA: a document per enrollment and cycle, where something is owed beyond the prepayment. T-EA-1 … T-EA-5, R-77, R-79."""

from datetime import timedelta
from fractions import Fraction

from credit import open_lots
from exact import amount_of, rounded
from periods import ONE_DAY, anchored
from periods import day as day_of
from scopes import Scopes

RUN_AFTER_DAYS = 14
CYCLE_MONTHS = {"Monthly": 1, "Quarterly": 3, "Annual": 12}
SPLIT_MARKETPLACE = {"AU", "JP", "SG"}


class Enrollments(Scopes):
    def __init__(self, oracle):
        super().__init__(oracle)
        self.closed = {}
        self.giving = None    # [reservation, what of it is still to be given back, in which currency] of a closed period

    def _period(self, enrollment, k):
        """The k-th cycle: whole months, counted from the month of startDate; an upgrade ends the open one (R-12)."""
        first, months = enrollment["start"].replace(day=1), CYCLE_MONTHS[enrollment["billingCycle"]]
        start, end = anchored(first, k * months), anchored(first, (k + 1) * months)
        cut = enrollment["ends"] is not None and start <= enrollment["ends"]
        return start, min(end, enrollment["ends"] + ONE_DAY) if cut else end

    def period_of(self, name, on):
        k = 0
        while self._period(self.book.enrollments[name], k)[1] <= on:
            k += 1
        return self._period(self.book.enrollments[name], k)

    def _run(self, period):
        return period[1] - ONE_DAY + timedelta(days=RUN_AFTER_DAYS)

    def day(self, enrollment, today):
        name = enrollment["enrollmentId"]
        period = self._period(enrollment, self.closed.get(name, 0))
        if self._run(period) != today or self._over(enrollment, period):
            return
        account = self.book.accounts[enrollment["accountId"]]
        currency = account["currency"]
        shelf = self.shelf("EnrollmentOverage", name, currency, lambda: list(self.book.subscriptions),
                           lambda row: self.book.enrollment_of(row.subscription, row.date) == name)
        charges = self.usage(shelf, period, today)
        charges += self.purchases(period[1], currency, period, lambda data, on: self._on(data, name, on),
                                  ("Marketplace", "Reservation", "Licence"), eligible=("Reservation",))
        apart = [charge for charge in charges if charge.publisher == "Marketplace"]
        lots = open_lots(self.book, "Enrollment", name, period[1])
        if account["country"] in SPLIT_MARKETPLACE and apart:
            rest = [charge for charge in charges if charge not in apart]
            self.issue("EnrollmentOverage", account, name, currency, period, today, rest, lots)
            self.issue("EnrollmentOverage", account, name, currency, period, today, apart)
        else:
            self.issue("EnrollmentOverage", account, name, currency, period, today, charges, lots)
        self.closed[name] = self.closed.get(name, 0) + 1

    def cancelled(self, name):
        """A reservation whose purchase was billed changes nothing of its closed period, and stands on no later document: what
        prepayment paid is an adjustment, what was overage a credit note (T-EA-6). How it is split is not said: the sum is."""
        reservation = self.book.reservations[name]
        refund = next((told for told in self.book.refunds if told.data["chargeId"] == f"{name}#refund"), None)
        if self.oracle.account_of(reservation["subscriptionId"])["type"] != "EA" or refund is None:
            return
        if f"{name}#0" in self.oracle.billed_purchases:
            self.oracle.billed_purchases.add(f"{name}#refund")
            currency = refund.data["amount"]["currency"]
            self.giving = [name, amount_of(refund.data["amount"], currency), currency]

    def given_back(self, kind, data):
        """Prepayment is there again: in the lot that paid, or in another one where that has ended (2.6)."""
        amount = amount_of(data["amount"], self.giving[2])
        if kind == "CreditGranted":
            self.book.lots.append({**data, "position": self.book.position, "start": day_of(data["startOn"]),
                                   "expires": day_of(data["expiresOn"]), "left": amount})
        else:
            self.book.lot(data["lotId"])["left"] += amount
        self._gave(amount)

    def noted(self, note):
        """A credit note over the overage: with tax in the proportion of its invoice (R-74)."""
        if self.giving is None:
            return
        document = next((document for document in self.oracle.documents if document.name == note["creditForInvoiceId"]), None)
        if document is None:
            return
        net, currency = self.giving[1], self.giving[2]
        tax = rounded(Fraction(net) * Fraction(document.totals["tax"]) / Fraction(document.totals["subTotal"]), currency, True)
        if amount_of(note["amount"], currency) != net + tax:
            self.book.complaints.append(((self.giving[0],), f"a note of {note['amount']['amount']}, by the rules {net} + {tax}"))
        self._gave(net)

    def _gave(self, amount):
        self.giving[1] -= amount
        if self.giving[1] < 0:
            self.book.complaints.append(((self.giving[0],), f"{-self.giving[1]} too much given back"))
        if self.giving[1] <= 0:
            self.giving = None

    def _on(self, purchase, name, on):
        subscription = purchase["subscriptionId"]
        return purchase["enrollmentId"] == name or (
            subscription is not None and self.book.enrollment_of(subscription, on) == name)

    @staticmethod
    def _over(enrollment, period):
        """Is the agreement at its end before the period begins (T-MCA-6)?"""
        return enrollment["ends"] is not None and enrollment["ends"] < period[0]

    def next_date(self, name):
        enrollment = self.book.enrollments[name]
        period = self._period(enrollment, self.closed.get(name, 0))
        return None if self._over(enrollment, period) else self._run(period)
