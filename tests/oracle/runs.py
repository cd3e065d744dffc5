"""Reads the log and performs the work of each day: the oracle itself."""

from credit import renew_monthly
from dunning import Payments
from enrollments import Enrollments
from exact import NotUnderstood, ZERO
from facts import Book
from limits import Limits
from access import Access
from mail import Mail
from mosp import Mosp
from periods import ONE_DAY, day, days
from persons import Persons
from profiles import Profiles

# What the ledger wrote by itself: computed here too, never read.
DECIDED = {
    "InvoiceIssued", "InvoiceLinesAdded", "PeriodClosed", "PeriodClosedWithoutInvoice", "CreditApplied", "CreditExpired",
    "MonthlyCreditRenewed", "SupportPlanRenewed", "InvoicePaid", "InvoiceBecamePastDue", "SubscriptionBecamePastDue",
    "SubscriptionWarned", "SubscriptionDisabled", "SubscriptionReenabled", "SubscriptionExpired", "SubscriptionDeleted",
    "BillingProfileStatusChanged", "InvoiceEmailQueued", "NoticeQueued", "OverageNotificationSent",
    "InvoiceRebilled", "SpendingLimitReached", "ExportRequested", "ExportStarted", "ExportReady", "ExportEmpty",
    "ExportExpired", "ExportFailed", "DocumentContentAdded", "InvoiceDocumentGenerated",
}
PAYMENTS = {"InvoicePaymentSucceeded", "InvoicePaymentFailed", "InvoicePaymentReversed"}


class Oracle:
    """`documents` is what must have been issued, in order.

    `runs` says which days were performed by hand: [(position, through, clock)] in order; each is performed before the
    first event after its position. Without it every ClockAdvanced performed the days it passed.
    """

    def __init__(self):
        self.book, self.documents, self.clock = Book(), [], None
        self.performed = None                    # the last day whose runs are done
        self.billed_purchases, self.unnamed = set(), {}
        self.persons = Persons(self.book)
        self.payments, self.access = Payments(self), Access(self)
        self.mail = Mail(self.book, self.persons, self.payments.status)
        self.limits = Limits(self)
        self.mosp, self.profiles, self.enrollments = Mosp(self), Profiles(self), Enrollments(self)

    # The log.

    def read(self, items, runs=None):
        waiting = list(runs) if runs is not None else []
        for item in items:
            while waiting and item["position"] > waiting[0][0]:
                self._perform(*waiting.pop(0)[1:])
            self.take(item, works=runs is None)
        for run in waiting:
            self._perform(*run[1:])
        return self

    def take(self, item, works=True):
        """One item of the log. `works`: a clock that advances performs the days it passes."""
        kind = item["type"].removeprefix("daybook.")
        self.book.position = item["position"]
        if kind == "ClockAdvanced":
            self._clock(day(item["data"]["to"]), works)
        elif kind == "InvoiceIssued":
            self._name(item["data"])
        elif kind in PAYMENTS:
            self.payments.tell(kind, item["data"], own=item["source"] == "daybook")
        elif kind == "InvoiceVoided":
            self._void(item["data"])
        elif kind in ("InvoiceLocked", "InvoiceUnlocked"):
            self.payments.lock(item["data"], kind == "InvoiceLocked")
        elif kind == "BalanceSettled":
            self.payments.settled(data=item["data"])
        elif kind == "CreditNoteIssued":
            if not self.enrollments.tells_early(kind, item["data"]) and not self.mosp.tells_of_a_void(item["data"]):
                self.enrollments.noted(item["data"])
                if not item["data"]["corrections"]:   # those of corrections are computed here
                    self.payments.credited(item["data"])
        elif kind in ("CreditAdjusted", "CreditGranted") and item["source"] == "daybook" \
                and item["data"]["scopeType"] == "Enrollment" \
                and (kind == "CreditAdjusted" or not item["data"]["lotId"].endswith("-prepayment")):
            if not self.enrollments.tells_early(kind, item["data"]):
                self.enrollments.given_back(kind, item["data"])
        elif kind == "SpendingLimitRemoved":
            self.limits.removed(item["data"], self.clock)
        elif kind == "SpendingLimitRestored":
            if item["source"] != "daybook":   # its own end of a removal for one period is computed here
                self.limits.restored(item["data"], self.clock)
        elif kind == "OfferUpgraded" and item["source"] == "daybook":
            self.limits.upgraded_there.add(item["data"]["subscriptionId"])
        elif kind == "OfferUpgraded":
            self.limits.upgraded_by(item["data"], self.clock)
        elif kind == "AccountAdministratorChanged":
            self.mail.administrator_changes(item["data"]["accountId"], item["data"]["identityId"])
            self.persons.apply(kind, item["data"])
        elif kind not in DECIDED and not self.persons.apply(kind, item["data"]) \
                and not self.mail.apply(kind, item["data"]):
            self.book.apply(item)
            self._at_once(kind, item["data"])

    def run_by_hand(self, through, clock):
        """What was due through a day is performed now."""
        self._perform(through, clock)

    def _clock(self, to, work):
        if self.clock is None or not work:
            self.clock = to
            if self.performed is None:
                self.performed = to
            return
        for today in days(self.clock + ONE_DAY, to + ONE_DAY):
            self.clock = today
            self._day(today)
        self.enrollments.take_early()

    def _perform(self, through, clock):
        self.clock = clock
        for today in days(self.performed + ONE_DAY, through + ONE_DAY):
            self.payments.morning(today)   # by hand dunning is evaluated first, up to the same day
        for today in days(self.performed + ONE_DAY, through + ONE_DAY):
            self._day(today)
        self.enrollments.take_early()

    def _name(self, data):
        """The ledger's name for a document that is expected here too: payments call it by that."""
        key = (data["type"], data["supportPlanId"] or data["scopeId"], data["period"]["start"])
        for document in self.documents:
            if document.key == key and document.name is None:
                document.name = data["invoiceId"]
                return
        self.unnamed.setdefault(key, []).append(data["invoiceId"])

    # A day's work.

    def _day(self, today):
        self.payments.morning(today)
        renew_monthly(self.book, today, self._credit_origin)
        self.limits.day(today)
        self.mosp.last_documents(today)
        for account in list(self.book.accounts.values()):
            if account["type"] == "MOSP":
                self.mosp.day(account, today)
        for profile in list(self.book.profiles.values()):
            self.profiles.day(profile, today)
        for enrollment in list(self.book.enrollments.values()):
            self.enrollments.day(enrollment, today)
        self.performed = today

    def _at_once(self, kind, data):
        """What a fact brings about on the spot."""
        if kind == "SupportPlanPurchased":
            plan = self.book.plans[data["planId"]]
            if self.account_of(plan["subscriptionId"])["type"] != "MOSP":
                raise NotUnderstood("a support plan outside MOSP")
            self.mosp.support(plan, 0, plan["purchased"])
        elif kind == "SubscriptionCreated":
            self.limits.created(data)
        elif kind == "ReservationPurchased":
            if self.account_of(data["subscriptionId"])["type"] == "MOSP":
                self.mosp.reserved(data["reservationId"])
        elif kind == "ReservationCancelled":
            self.enrollments.cancelled(data["reservationId"])
        elif kind == "PaymentMethodMadeDefault":
            self.payments.paid_by(data["methodId"], self.clock)
        elif kind == "SubscriptionMoved":
            section = self.book.sections.get(data["fromScope"])
            if self.book.profile_of(data["subscriptionId"]) != (section["profileId"] if section else data["fromScope"]):
                self.payments.elsewhere(data["subscriptionId"])   # to another profile, and not to a section of the same
        elif kind == "SubscriptionBillingTransferred":
            self._left(data["subscriptionId"])
        elif kind == "BillingAccountUpgraded":
            for made in data["createdProfiles"]:
                for name in made["subscriptionIds"]:
                    self._left(name)
        elif kind == "SubscriptionCancelled":
            self.payments.cancelled(data["subscriptionId"], self.clock)

    def _left(self, name):
        stays = self.book.subscriptions[name]["stays"]
        if stays[-2].mosp:
            self.mosp.left(name, len(stays) - 2)
        else:
            self.payments.elsewhere(name)   # its profile or enrollment bills it through its last day

    def _credit_origin(self, lot):
        if lot["scopeType"] == "Subscription":
            return self.book.subscriptions[lot["scopeId"]]["created"]
        return lot["start"].replace(day=1)

    def _void(self, data):
        document = next((document for document in self.documents if document.name == data["invoiceId"]), None)
        if document is None:
            return   # of a document that is not expected here: the comparison says so
        if document.replaced:
            return   # by a run, which is computed here
        if data["billedDocumentId"] is not None and self.mosp.is_void_by_a_run(document):
            return
        bills = {"Profile": self.profiles, "EnrollmentOverage": self.enrollments}.get(document.type, self.mosp)
        if data["billedDocumentId"] is None:
            self.payments.voided(document)
            bills.void(document, self.clock)
            return
        self.replace(document, lambda: bills.again(document, self.clock))

    def replace(self, document, bill, notes=ZERO):
        """Another document stands in its place: what was given back before stays where it was paid; the rest moves. `notes`: what
        was credited on the old one and is on the new one too, as far as that asks for it."""
        paid = [(name, payment["amount"] - payment["reversed"]) for name, payment in document.payments.items()]
        back = {name: payment["reversed"] for name, payment in document.payments.items() if payment["reversed"] > 0}
        self.payments.voided(document)
        document.payments = {name: {"amount": amount, "reversed": amount} for name, amount in back.items()}
        again = bill()
        again.credited = min(notes, again.totals["total"])
        self.payments.move(paid, again, document.wire)

    def account_of(self, subscription):
        return self.book.accounts[self.book.subscriptions[subscription]["accountId"]]

    def issued(self, document):
        self.documents.append(document)
        document.position = self.book.position
        names = self.unnamed.get(document.key)
        document.name = names.pop(0) if names else None
        self.payments.issued(document)
        document.mails = self.mail.addresses(document)

    def next_invoice_date(self, subscription):
        of_mosp = self.account_of(subscription)["type"] == "MOSP"
        return self.mosp.next_date(subscription) if of_mosp else self.mosp.last_date(subscription)
