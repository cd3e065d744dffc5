"""EA: a document per enrollment and cycle, where something is owed beyond the prepayment. T-EA-1 … T-EA-5, R-77, R-79."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from credit import open_lots
from documents import Document, affordable, compute
from exact import NotUnderstood, ZERO, amount_of, minor_digits, parts
from periods import ONE_DAY, anchored
from periods import day as day_of
from scopes import Scopes
from tax import tax_of, tax_rate

RUN_AFTER_DAYS = 14
CYCLE_MONTHS = {"Monthly": 1, "Quarterly": 3, "Annual": 12}
SPLIT_MARKETPLACE = {"AU", "JP", "SG"}


@dataclass
class Owed:
    """What of a refund is still to be given back. `slack`: how much of it may be missing, or be too much."""
    refund: str
    left: Decimal
    document: object
    slack: Decimal = ZERO


class Enrollments(Scopes):
    def __init__(self, oracle):
        super().__init__(oracle)
        self.closed = {}
        self.early = []     # (kind, data) of what the log tells before the day that it comes of is computed here
        self.giving = {}    # enrollment -> [Owed] of closed periods, still to be given back
        self.reopened = []  # (enrollment, void document, the run that bills its charges again)

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
        self._bill_reopened(name, today)
        period = self._period(enrollment, self.closed.get(name, 0))
        if self._run(period) != today or self._over(enrollment, period):
            return
        account = self.book.accounts[enrollment["accountId"]]
        currency = account["currency"]
        charges, closing = self._shelf(name, currency).charges(*period, self.issue_date(today))
        charges = self._shelf(name, currency).corrections() + charges
        self._shelf(name, currency).close(closing)
        charges += self.purchases(period[1], currency, period, lambda data, on: self._on(data, name, on),
                                  ("Marketplace", "Reservation", "Licence"), eligible=("Reservation",))
        apart = [charge for charge in charges if charge.publisher == "Marketplace"]
        lots = open_lots(self.book, "Enrollment", name, period[1])
        if account["country"] in SPLIT_MARKETPLACE and apart:
            rest = [charge for charge in charges if charge not in apart]
            self.issue("EnrollmentOverage", account, name, currency, period, today, rest, lots)
            self.issue("EnrollmentOverage", account, name, currency, period, today, apart)
        else:
            document = self.issue("EnrollmentOverage", account, name, currency, period, today, charges, lots)
            document.closing, document.billed = closing, set(closing.counted)
            self._late_refunds(name, period, document)
            if document.totals["subTotal"] <= 0:
                self._give_back_waiting(name, period, currency)
        self.closed[name] = self.closed.get(name, 0) + 1

    def _shelf(self, name, currency):
        return self.shelf("EnrollmentOverage", name, currency, lambda: list(self.book.subscriptions),
                          lambda row: self.book.enrollment_of(row.subscription, row.date) == name)

    # Void documents (decisions 0023, 0077, 0086).

    def void(self, document, today):
        """Its charges wait for the first run after today, with the prepayment that it took."""
        enrollment, k = self.book.enrollments[document.scope], 0
        while self._run(self._period(enrollment, k)) <= today:
            k += 1
        self.free(document, self._shelf(document.scope, document.currency))
        self.reopened.append((document.scope, document, self._run(self._period(enrollment, k))))

    def set_aside(self, name):
        """Prepayment that is not used, and that nobody can use but the charges of void documents that took it."""
        return sum((took for of, document, _ in self.reopened if of == name for lot, took in document.drawn
                    if lot["source"] == "Prepayment" and (lot["expires"] is None or lot["expires"] > self.oracle.clock)), ZERO)

    def _bill_reopened(self, name, today):
        for entry in [entry for entry in self.reopened if entry[0] == name and entry[2] == today]:
            self.reopened.remove(entry)
            self._bill_again(entry[1], today)

    def again(self, document, today):
        """At once, at what is now known (R-30)."""
        self.free(document, self._shelf(document.scope, document.currency))
        return self._bill_again(document, today)

    def _bill_again(self, old, today):
        """The same charges at the prices of now. What prepayment the void one took is theirs before it is anybody else's; what
        was given back of them is not in reach, as far as it is still there, and what of it was overage is asked and given back."""
        account, shelf, period = self.book.accounts[old.account], self._shelf(old.scope, old.currency), old.period
        usage, closing = shelf.charges(*period, self.issue_date(today))
        shelf.close(closing)
        charges = usage + [charge for charge in old.charges if charge.name]
        lots = open_lots(self.book, "Enrollment", old.scope, period[1])
        overage = sum((part for _, _, part in old.parts_back), ZERO) - old.came
        prepaid = sum((amount - part for _, amount, part in old.parts_back), ZERO)
        held = self._hold(self._reachable(old, lots), min(prepaid, sum((lot["left"] for lot in self._reachable(old, lots)), ZERO)))
        for lot, took in old.drawn:
            lot["left"] += took
        tried = self._tried(account, old, today, charges, lots)
        if old.parts_back and tried.totals["subTotal"] < overage:
            spare = sum((lot["left"] for lot in self._reachable(old, lots)), ZERO) - tried.totals["creditApplied"]
            held += self._hold(self._reachable(old, lots), spare + overage - tried.totals["subTotal"])
        document = self.issue(old.type, account, old.scope, old.currency, period, today, charges, lots, monthly=old.monthly)
        for lot, kept in held:
            lot["left"] += kept
        document.closing, document.billed = closing, set(closing.counted)
        document.parts_back, document.came = list(old.parts_back), old.came
        self._owe_again(old, document, overage)
        return document

    def _reachable(self, old, lots):
        """Prepayment that can pay what was given back of."""
        bought = {told.data["chargeId"]: told for told in self.book.purchases}
        refunds = {told.data["chargeId"]: told.data["originalChargeId"] for told in self.book.refunds}
        days = [bought[refunds[refund]].on for refund, _, _ in old.parts_back]
        return [lot for lot in lots if days and lot["source"] == "Prepayment" and lot["left"] > 0 and lot["start"] <= min(days)
                and (lot["expires"] is None or min(days) < lot["expires"])]

    @staticmethod
    def _hold(lots, most):
        """[(lot, amount)] put out of reach, of the lot that is used last first."""
        held = []
        for lot in reversed(lots):
            part = min(lot["left"], most)
            lot["left"] -= part
            most -= part
            held.append((lot, part))
        return held

    def _tried(self, account, old, today, charges, lots):
        """What the document would say; nothing is used by it."""
        document = Document(old.type, old.account, old.scope, old.currency, old.period, today, self.issue_date(today),
                            affordable(charges)[0], half_even=True)
        return compute(document, tax_rate(self.book, account["accountId"], document.issue_date), list(lots))

    def _owe_again(self, old, document, overage):
        """What was overage and given back of the void one is given back of the new one, or is prepayment where none comes."""
        stands = document.totals["subTotal"] > 0
        before = [owed for owed in self.giving.get(old.scope, []) if owed.left > owed.slack and owed.document is not old]
        waiting = [owed for owed in self.giving.get(old.scope, []) if owed.left > owed.slack and owed.document is old]
        if waiting:
            raise NotUnderstood(f"the void of {old.name}, of which something is still to be given back")
        left, owed = overage, []
        for refund, _, part in reversed(old.parts_back):
            owed.append(Owed(refund, min(part, left), document if stands else None))
            left -= owed[-1].left
        if stands:
            document.given_back = overage
        self.giving[old.scope] = before + [each for each in reversed(owed) if each.left > 0]

    # Refunds of closed periods.

    def _late_refunds(self, name, period, document):
        """Told after the month was closed for them (CLS-3), before its invoice: given back with it as later ones are."""
        charged = {charge.name for charge in document.charges if charge.kind == "Purchase"}
        for told in self.book.refunds:
            refund = told.data["chargeId"]
            if refund.endswith("#refund") and told.data["originalChargeId"] in charged and told.on >= period[1] \
                    and refund not in self.oracle.billed_purchases:
                self._owe(name, refund, amount_of(told.data["amount"], document.currency),
                          document if document.totals["subTotal"] > 0 else None)

    def _give_back_waiting(self, name, period, currency):
        """No document of the period has them: of what was billed before a credit memo, or prepayment (2.1)."""
        bought = {told.data["chargeId"]: told.data for told in self.book.purchases}
        for told in self.book.refunds:
            refund, original = told.data["chargeId"], told.data["originalChargeId"]
            if refund in self.oracle.billed_purchases or original not in self.oracle.billed_purchases \
                    or told.on >= period[1] or not self._on(bought[original], name, told.on):
                continue
            document = next((document for document in reversed(self.oracle.documents) if document.status != "Void"
                             and any(charge.name == original for charge in document.charges)), None)
            if document is None and bought[original]["kind"] != "Reservation" or document and document.status == "Locked":
                continue
            self._owe(name, refund, amount_of(told.data["amount"], currency), document)

    def _owe(self, name, refund, amount, document):
        self.oracle.billed_purchases.add(refund)
        slack = ZERO
        if document is not None:
            document.parts_back.append((refund, amount, self._overage(document, refund, amount)[0]))
            cut, slack = self._taken_back(document, refund, amount)
            amount -= cut
        before = [owed for owed in self.giving.get(name, []) if owed.left > owed.slack]
        self.giving[name] = [*before, Owed(refund, amount, document, slack)]

    def _taken_back(self, document, refund, amount):
        """(what of it an operator's note has taken back already, how exact that is known). As far as the document asked it, what was
        overage is a credit note, and what it asked less is prepayment (decision 0120): both in full, but for such a note."""
        unit, asked = Decimal(1).scaleb(-minor_digits(document.currency)), document.totals["subTotal"]
        overage, exact = self._overage(document, refund, amount)
        noted = min(overage, max(ZERO, asked - document.given_back))
        document.given_back += overage
        cut = max(ZERO, noted - (asked - document.credited_net)) if document.taken_back else ZERO
        if document.credited == 0:
            return cut, ZERO
        # Notes have the figures of their invoice together: the last one a unit more or less than its refund.
        return cut, unit if exact or not document.taken_back else document.taken_back

    def _overage(self, document, refund, amount):
        """What of it no credit paid, in proportion (decision 0021), and whether that is known to the unit."""
        taken = document.totals["creditApplied"]
        original = next((told.data["originalChargeId"] for told in self.book.refunds if told.data["chargeId"] == refund), None)
        charge = next(charge for charge in document.charges if charge.name == original)
        if taken == 0 or not charge.eligible:
            return amount, True
        eligible = sum((line.amount for line in document.lines if line.eligible), ZERO)
        return parts(amount, [taken, eligible - taken], document.currency)[1], False

    def tells_early(self, kind, data):
        """Is it of a run of which nothing is computed yet?"""
        if kind != "CreditNoteIssued":
            is_early = not self.gives(data["scopeId"])
        else:
            document = next((document for document in self.oracle.documents if document.name == data["creditForInvoiceId"]), None)
            of_enrollment = data["creditForInvoiceId"].startswith("EA") and data["reason"].endswith(" given back")
            is_early = of_enrollment and (document is None or not self.gives(document.scope))
        if is_early:
            self.early.append((kind, data))
        return is_early

    def take_early(self):
        early, self.early = self.early, []
        for kind, data in early:
            if kind == "CreditNoteIssued":
                self.noted(data)
                self.oracle.payments.credited(data)
            elif self.gives(data["scopeId"]):
                self.given_back(kind, data)
            else:
                self.book.complaints.append(((data["lotId"],), f"{kind} of {data['amount']['amount']} without cause"))

    def gives(self, name):
        return any(owed.left > owed.slack for owed in self.giving.get(name, []))

    def not_given_back(self):
        """What should have been given back by the end of what is read."""
        return [((name,), f"{owed.refund}: {owed.left} is not given back") for name, giving in self.giving.items()
                for owed in giving if owed.left > owed.slack]

    def cancelled(self, name):
        """A reservation whose purchase was billed changes nothing of its closed period, and stands on no later document: what
        prepayment paid is an adjustment, what was overage a credit note (T-EA-6). How it is split is not said: the sum is."""
        reservation = self.book.reservations[name]
        refund = next((told for told in self.book.refunds if told.data["chargeId"] == f"{name}#refund"), None)
        if self.oracle.account_of(reservation["subscriptionId"])["type"] != "EA" or refund is None:
            return
        if f"{name}#0" in self.oracle.billed_purchases:
            currency = refund.data["amount"]["currency"]
            document = next((document for document in reversed(self.oracle.documents)
                             if any(charge.name == f"{name}#0" for charge in document.charges)), None)
            enrollment = self.book.enrollment_of(reservation["subscriptionId"], reservation["bought"])
            self._owe(enrollment, f"{name}#refund", amount_of(refund.data["amount"], currency), document)

    def given_back(self, kind, data):
        """Prepayment is there again: in the lot that paid, or in another one where that has ended (2.6)."""
        amount = amount_of(data["amount"], data["amount"]["currency"])
        if kind == "CreditGranted":
            for document in self.oracle.documents:   # what had no room on it (decision 0120)
                named = document.name is not None and data["lotId"].startswith(f"{document.name}-refund")
                document.came += amount if named else ZERO
            self.book.lots.append({**data, "position": self.book.position, "start": day_of(data["startOn"]),
                                   "expires": day_of(data["expiresOn"]), "left": amount})
        else:
            self.book.lot(data["lotId"])["left"] += amount
        self._gave(data["scopeId"], amount)

    def noted(self, note):
        """A credit note over the overage, with its tax; over all that is left of its invoice, where more is given back."""
        document = next((document for document in self.oracle.documents if document.name == note["creditForInvoiceId"]), None)
        if document is None or document.type != "EnrollmentOverage":
            return
        currency = document.currency
        net, unit = amount_of(note["totals"]["subTotal"], currency), Decimal(1).scaleb(-minor_digits(currency))
        document.credited_net += net
        if not note["reason"].endswith(" given back"):
            document.taken_back += net
            return
        if not self.gives(document.scope):
            self.book.complaints.append(((document.scope,), f"a note of {net} without cause"))
            return
        owed = [each for each in self.giving[document.scope] if each.document is document]
        if document.credited_net == document.totals["subTotal"]:
            most = sum((each.left + each.slack for each in owed), ZERO)
            if net > most:
                self.book.complaints.append(((document.scope,), f"a note of {net}, by the rules at most {most}"))
            self._gave(document.scope, net)
            return
        # What is given back has the tax of its own; the note's figures are in the proportion of its invoice.
        left, told = sum((each.left for each in owed), ZERO), amount_of(note["amount"], currency)
        exact = left + sum((tax_of(document.tax_rate, each.left, currency, True) for each in owed), ZERO)
        if abs(told - exact) > unit * (len(owed) - 1):
            self.book.complaints.append(((document.scope,), f"a note of {told}, by the rules {exact}"))
        self._gave(document.scope, left)

    def _gave(self, name, amount):
        """How a refund is split between both is not said: the sum is."""
        giving, slack = self.giving[name], ZERO
        while giving and amount > 0:
            owed = giving.pop(0)
            part, slack = min(owed.left, amount), slack + owed.slack
            amount -= part
            if owed.left > part:
                owed.left -= part
                giving.insert(0, owed)
        if amount > slack:
            self.book.complaints.append(((name,), f"{amount} too much given back"))

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
        days = [run for of, _, run in self.reopened if of == name]
        return min(days + ([] if self._over(enrollment, period) else [self._run(period)]), default=None)
