"""Payment, due dates, the ladder of non-payment, and the state of subscriptions and profiles. 3.4 to 3.6, R-07, R-27,
R-53, R-64, R-70, R-71, R-74."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import readings
from exact import NotUnderstood, ZERO
from facts import CARD
from periods import ONE_DAY, month_of


WARN_DAYS, DISABLE_DAYS, DELETE_DAYS = 21, 30, 90
TERM_DAYS = {"MOSP": 30, "MCA": 30, "MPA": 60, "EA": 30}


class Payments:
    """What is owed and paid, and whom it hits."""

    def __init__(self, oracle):
        self.oracle, self.book = oracle, oracle.book
        self.states = defaultdict(lambda: [(None, "Active", None)])   # subscription -> [(since, status, reason)]
        self.groups = {}     # group -> the step it has reached
        self.settling = []   # [(document, its state before)] that the ledger had paid by one card

    # Issue.

    def method_of(self, document):
        """(methodId, is it a card, term in days) of a document (R-70)."""
        account = self.book.accounts[document.account]
        if document.type == "Profile":
            profile = self.book.profiles[document.scope]
            method = profile["defaultPaymentMethod"]
        else:
            subscription = self.book.subscriptions.get(document.scope, {})   # an enrollment has none: wire
            profile, method = None, subscription.get("paymentMethodId")
        if method is None:
            method = self.book.defaults.get(document.account)
        known = self.book.methods.get(method)
        card = known["family"] in CARD if known else document.type.startswith("Azure")
        if not card and self._of_card(document):
            method, card = None, True   # what was paid by card at the purchase is due that day, whatever pays the rest
        term = 0 if card else int((profile or {}).get("paymentTermDays") or TERM_DAYS[account["type"]])
        return method, card, term

    def _of_card(self, document):
        """The document of one reservation that a card pays (T-MOSP-8, CF-08)."""
        bought = [charge.name for charge in document.charges if charge.kind == "Purchase"]
        return (not document.monthly and len(bought) == 1 and bought[0] is not None
                and self.book.reservations.get(bought[0].partition("#")[0], {}).get("paymentMode") == "card")

    def issued(self, document):
        document.method, card, document.term_days = self.method_of(document)
        document.wire = not card
        document.due_date = document.issue_date + timedelta(days=document.term_days)
        document.status = "Due" if document.totals["total"] > 0 else "Paid"

    # What happens to them.

    def _document(self, data):
        for document in self.oracle.documents:
            if document.name == data["invoiceId"]:
                return document
        return None

    def tell(self, kind, data, own=False):
        """A payment fact; `own`: the ledger wrote it. What it gives back by itself is computed here (R-74)."""
        if own and kind == "InvoicePaymentReversed" and data["reason"] == "Refund":
            return
        document = self._document(data)
        if document is None:
            return    # of a document that is not expected here: the comparison says so
        if own and kind == "InvoicePaymentSucceeded":
            self.settling.append((document, document.status))
        getattr(self, f"_{kind}")(document, data)

    def _InvoicePaymentSucceeded(self, document, data):
        if data["paymentId"] in document.payments:
            return
        document.payments[data["paymentId"]] = {"amount": Decimal(data["amount"]["amount"]), "reversed": ZERO}
        if document.amount_due == 0:
            before, document.status, document.owes_since = document.status, "Paid", None
            self._relieve(document, before)

    def _InvoicePaymentFailed(self, document, data):
        document.failures.append((data["paymentId"], data["reason"]))
        document.tried.append((data.get("methodId"), self.oracle.clock))
        self._past_due(document, self.oracle.clock)

    def _InvoicePaymentReversed(self, document, data):
        payment = document.payments[data["paymentId"]]
        payment["reversed"] += Decimal(data["amount"]["amount"])
        if data["reason"] == "Refund":
            return
        if document.status == "Paid":
            self._past_due(document, self.oracle.clock)

    def credited(self, data):
        """A credit note over a document."""
        document = next((document for document in self.oracle.documents
                         if document.name == data["creditForInvoiceId"]), None)
        if document is not None and document.status != "Void":
            self.credit(document, Decimal(data["amount"]["amount"]))

    def credit(self, document, amount):
        """What was paid beyond the rest is given back, newest payment first (R-74)."""
        document.credited += amount
        self._give_back(document)
        if document.amount_due == 0 and document.status in ("Due", "PastDue"):
            before, document.status, document.owes_since = document.status, "Paid", None
            self._relieve(document, before)

    def voided(self, document):
        """Void is final; what was paid and what credit it used go back (R-30, R-74)."""
        before, document.status, document.owes_since = document.status, "Void", None
        for payment in document.payments.values():
            payment["reversed"] = payment["amount"]
        for lot, took in document.drawn if document.type != "EnrollmentOverage" else ():   # stays with its charges (0023)
            lot["left"] += took
        self._relieve(document, before)

    def settled(self, data):
        """All that is unpaid on the chosen card and on those with a past due invoice was paid at once; the chosen one takes
        the place of these (PAY-7, R-72)."""
        paid, self.settling = self.settling, []
        failed = {document.method for document, before in paid if before == "PastDue"}
        cards = failed | {data["newDefaultMethodId"]}
        unpaid = [document.name for document in self.oracle.documents
                  if document.account == data["accountId"] and not document.wire and document.status in ("Due", "PastDue")
                  and (document.status == "PastDue" or document.method in cards)]
        others = [document.name for document, _ in paid if document.wire or document.method not in cards]
        if unpaid or others or sorted(data["invoiceIds"]) != sorted(document.name for document, _ in paid):
            self.book.complaints.append((("settle", data["accountId"]), f"leaves {unpaid}, pays {others} of other cards"))
        billed = {document.scope for document, _ in paid}
        for name, subscription in self.book.subscriptions.items():
            if subscription["accountId"] == data["accountId"] and (
                    subscription["paymentMethodId"] in failed or name in billed):
                self.book.pays(name, data["newDefaultMethodId"], self.oracle.clock)
        if self.book.defaults.get(data["accountId"]) in failed:
            self.book.makes_default(data["accountId"], data["newDefaultMethodId"], self.oracle.clock)

    def lock(self, data, on):
        """While a document is locked nothing is paid on it, and it blocks nobody (3.5, R-71)."""
        document = self._document(data)
        if document is None:
            return
        if on:
            document.unlocked, document.status = document.status, "Locked"
            self._relieve(document, document.unlocked)
        else:
            document.status = document.unlocked

    def move(self, paid, document, by_wire):
        """What was paid on a void document stands on the new one; what is too much there is given back (R-74, R-87). `by_wire`:
        the void one was to be."""
        document.payments |= {name: {"amount": amount, "reversed": ZERO} for name, amount in paid if amount > 0}
        if document.gives_back and by_wire:
            self._hold_back(document)   # what a card pays goes back to it, also on the document of the 9th (2.6, R-70)
        else:
            self._give_back(document)
        if document.amount_due == 0:
            document.status = "Paid"

    def _hold_back(self, document):
        """What the new document does not ask for is not paid back: it is kept for further reservations (R-73)."""
        excess = max(ZERO, document.paid + document.credited - document.totals["total"])
        if excess > 0:
            self.oracle.mosp.keep(document.gives_back, document, excess, self.oracle.clock)
        for name, payment in reversed(list(document.payments.items())):
            kept = min(excess, payment["amount"])
            payment["amount"] -= kept
            excess -= kept
            if payment["amount"] == 0:
                del document.payments[name]

    @staticmethod
    def _give_back(document):
        """What was paid beyond the total less credit notes, newest payment first."""
        excess = document.paid + document.credited - document.totals["total"]
        for payment in reversed(document.payments.values()):
            back = min(max(ZERO, excess), payment["amount"] - payment["reversed"])
            payment["reversed"] += back
            excess -= back

    # The ladder: one a card or profile, from the earliest of its past due documents. A subscription may stand on
    # several: on that of its card, and on those of its own documents that another card was to pay.

    def group_of(self, document):
        """The subscriptions that share a fate: those of the card (MOSP) or of the profile (R-71)."""
        if document.type in ("Profile", "EnrollmentOverage"):
            return document.type, document.scope
        card = self._card(document)
        return ("Card", card) if card is not None else ("Subscription", document.scope)

    @staticmethod
    def _card(document):
        """The card that was tried last, else the one that was to pay it (decision 0062)."""
        tried = document.tried[-1][0] if document.tried else None
        return tried or (None if document.wire else document.method)

    def _rungs(self, document):
        """[(group, since when it counts there)] of a past due document: its card's since that was declined for it; what it owes
        since before that is on a ladder of its own subscription (R-27, decision 0121)."""
        group, since = self.group_of(document), document.owes_since
        if group[0] != "Card" or (document.method == group[1] and not document.wire):
            return [(group, since)]
        tried = max(since, next(on for method, on in document.tried if method == group[1]))
        return [(group, tried)] + ([(("Subscription", document.scope), since)] if tried > since else [])

    def _members(self, group):
        kind, name = group
        if kind == "EnrollmentOverage":
            return []    # the invoice alone
        if kind == "Profile":
            return [sub for sub in self.book.subscriptions if self.book.profile_of(sub) == name]
        whom = self._own if kind == "Subscription" else self._concerned
        return sorted({sub for document in self._owing(group) for sub in whom(document)})

    def _own(self, document):
        return {document.scope} if self.book.subscriptions[document.scope]["accountId"] == document.account else set()

    def _concerned(self, document):
        """Whom a document hits (3.6): of a profile all that lie in it; else its own subscription, and all on the same card."""
        kind, name = self.group_of(document)
        if kind in ("Profile", "EnrollmentOverage"):
            return self._members((kind, name))
        own = self._own(document)
        if kind == "Card":
            own |= {sub for sub, data in self.book.subscriptions.items()
                    if (data["paymentMethodId"] or self._default_of(sub)) == name}
        return own

    def _default_of(self, sub):
        """What pays a subscription that names no method of its own (R-70)."""
        account = self.book.subscriptions[sub]["accountId"]
        return self.book.defaults.get(account) if self.book.accounts[account]["type"] == "MOSP" else None

    def _past_due(self, document, on):
        """Whom it concerns is past due at once (R-71), however far the ladder has come: its steps are taken by the runs (R-42),
        and nobody was Warned before he was past due."""
        if document.status not in ("Due", "PastDue", "Paid"):
            raise NotUnderstood(f"a decline of a document that is {document.status}")
        document.status = "PastDue"
        if document.owes_since is None:
            document.owes_since = on
        self.groups.setdefault(self.group_of(document), "PastDue")
        for subscription in self._concerned(document):
            self._set(subscription, "PastDue", max(on, self._first_day(subscription)))

    def _first_day(self, subscription):
        """Under the account that has it now."""
        return self.book.subscriptions[subscription]["stays"][-1].start

    def paid_by(self, method, on):
        """Who comes onto a card in arrears shares it from that day on, as if it were declined then (R-71, 3.6)."""
        for document in self._owing(("Card", method)):
            for subscription in self._concerned(document):
                self._set(subscription, "PastDue", on)

    def _owing(self, group):
        return [document for document in self.oracle.documents
                if document.status == "PastDue" and any(rung == group for rung, _ in self._rungs(document))]

    def _joined(self, subscription, owing):
        """From when on it stands on the ladder of these: by what it owes itself since that is past due, by a card that it shares
        since that pays it. In no step was it before, however often it came and went (R-64)."""
        days = []
        for document in owing:
            kind, name = self.group_of(document)
            if kind == "Profile":
                return self._first_day(subscription)
            data = self.book.subscriptions[subscription]
            if document.scope == subscription and data["accountId"] == document.account:
                days.append(document.owes_since)
            if kind == "Card" and (data["paymentMethodId"] or self._default_of(subscription)) == name:
                days.append(data["paidSoSince"] or self._first_day(subscription))
        return min(days)

    def _ladder(self, group, today):
        """The steps that are reached by `today`; no step of a subscription is older than its stay on the ladder."""
        owing = self._owing(group)
        if not owing:
            return
        since = min(since for document in owing for rung, since in self._rungs(document) if rung == group)
        self.groups.setdefault(group, "PastDue")   # what stood further stays so until nothing is owed
        for stage, after in (("PastDue", 0), ("Warned", WARN_DAYS), ("Disabled", DISABLE_DAYS)):
            begins = since + timedelta(days=after)
            if begins <= today:
                self.groups[group] = max(self.groups[group], stage, key=self.RANK.get)
                for subscription in self._members(group):
                    self._set(subscription, stage, max(begins, self._first_day(subscription), self._joined(subscription, owing)))

    def elsewhere(self, subscription):
        """What its former profile owes blocks it no longer; the arrears of the new one do from the next morning."""
        _, now, why = self.states[subscription][-1]
        if now in ("PastDue", "Warned", "Disabled") and why == "PastDue":
            self.states[subscription].append((self.oracle.clock, "Active", None))

    RANK = {"Active": 0, "PastDue": 1, "Warned": 2, "Disabled": 3, "Expired": 4, "Deleted": 5}

    def _set(self, subscription, status, today, reason="PastDue"):
        since, now, _ = self.states[subscription][-1]
        if self.RANK[status] > self.RANK[now]:
            begins = today if since is None else max(today, since)   # another reason may have held till then
            self.states[subscription].append((begins, status, reason))

    def _relieve(self, document, before):
        """Who was stopped for want of payment, and is concerned by no past due document any more, is active again (R-53): whom
        this one concerns, and where it was past due (`before`) whom it concerned before they got another card."""
        group = self.group_of(document)
        if not self._owing(group):
            self.groups.pop(group, None)
        blocked = {sub for other in self.oracle.documents if other.status == "PastDue" for sub in self._concerned(other)}
        freed = set(self._concerned(document))
        if before == "PastDue" and document.type not in ("Profile", "EnrollmentOverage"):
            freed |= {sub for sub, data in self.book.subscriptions.items() if data["accountId"] == document.account}
        for subscription in sorted(freed - blocked):
            _, now, why = self.states[subscription][-1]
            if now in ("PastDue", "Warned", "Disabled") and why == "PastDue":
                self.states[subscription].append((self.oracle.clock, "Active", None))

    def morning(self, today):
        """What a new day brings by itself: due dates that passed, the steps of the ladder, deletion."""
        for document in list(self.oracle.documents):
            if document.wire and document.status == "Due" and document.amount_due > 0 and today > document.due_date:
                self._past_due(document, document.due_date + ONE_DAY)   # R-27, also where a lock came between
        for group in {rung for document in self.oracle.documents if document.status == "PastDue"
                      for rung, _ in self._rungs(document)}:
            self._ladder(group, today)
        for subscription, history in list(self.states.items()):
            since, now, why = history[-1]
            if why == "Cancelled":
                self._cancelled_morning(subscription, today)
            elif now == "Disabled" and today >= since + timedelta(days=DELETE_DAYS):
                history.append((today, "Deleted", why))
                self.book.end_plan(subscription, today)

    def cancelled(self, subscription, today):
        """Disabled at once, Expired on the first day after the billing period, Deleted 90 days on (3.6, SC-117)."""
        self.states[subscription].append((today, "Disabled", "Cancelled"))

    def _period(self, subscription, on):
        enrollment = self.book.enrollment_of(subscription)
        if self.oracle.account_of(subscription)["type"] == "MOSP":
            return self.book.period(subscription, on)
        return month_of(on) if enrollment is None else self.oracle.enrollments.period_of(enrollment, on)

    def _cancelled_morning(self, subscription, today):
        since, now, why = self.states[subscription][-1]
        if why == "Cancelled" and now == "Disabled" and today >= self._period(subscription, since)[1]:
            self.states[subscription].append((today, "Expired", "Cancelled"))
        disabled = [since for since, now, why in self.states[subscription] if (now, why) == ("Disabled", "Cancelled")]
        if disabled and now != "Deleted" and today >= disabled[-1] + timedelta(days=DELETE_DAYS):
            self.states[subscription].append((today, "Deleted", "Cancelled"))
            self.book.end_plan(subscription, today)

    def status(self, subscription):
        return self.states[subscription][-1][1]

    def profile_status(self, profile):
        stage = self.groups.get(("Profile", profile))
        return stage if stage in ("Warned", "Disabled") else "Active"

    def inactive(self, subscription, on):
        """Does the day lie wholly in a state that is not charged (R-64)?"""
        data = self.book.subscriptions[subscription]
        if data["cancelled"] is not None and on > data["cancelled"]:
            return True
        if on < data["created"]:
            raise NotUnderstood(f"usage of {subscription} before it was created")
        history = [entry for entry in self.states[subscription] if entry[2] != "Cancelled"]
        for index, (since, status, _) in enumerate(history):
            until = history[index + 1][0] if index + 1 < len(history) else None
            # The clock of these ledgers moves at midnight, so a state holds on whole days.
            ends_later = until is None or on < until or (on == until and readings.DAY_OF_CHANGE_IS_CHARGED)
            if status in ("Active", "PastDue") and (since is None or since <= on) and ends_later:
                return False
        return True
