"""MOSP: a document per subscription and period, per subscription and month of Marketplace and spot, per support term.
T-MOSP-1 … T-MOSP-11, R-62."""

import readings
from credit import open_lots
from documents import Charge
from exact import NotUnderstood, ZERO, amount_of, rounded
from periods import ONE_DAY, anchored, is_anchor_day, month_of, next_anchor_on_or_after
from scopes import Scopes
from tax import tax_of

MARKETPLACE_DAY = 9


class Mosp(Scopes):
    def __init__(self, oracle):
        super().__init__(oracle)
        self.closed, self.terms = {}, {}   # subscription -> periods billed; plan -> terms billed
        self.without = {}                  # (subscription, start) -> why a billed period has no document
        self.finals = []                   # (stay, subscription, its number, first open period, end)
        self.told_void = []                # by a run, of which the log speaks before its day is computed here
        self.reopened = []                 # (account, subscription, period, day of the void): to bill again

    def left(self, name, stay):
        """Somebody else is billed now: what is unbilled of the old stay has one last document (R-11)."""
        gone, last = self.book.subscriptions[name]["stays"][stay:stay + 2], self.closed.pop(name, 0)
        if self.book.rows[name] and any(row.spot or row.marketplace for row in self.book.rows[name]):
            raise NotUnderstood("Marketplace or spot usage of a subscription that went elsewhere")
        self.finals.append((gone[0], name, stay, last, gone[1].start))

    def last_documents(self, today):
        """On the first account day after the last day: the oldest open period to that day, each line with its own."""
        for entry in list(self.finals):
            stay, name, number, k, end = entry
            account = self.book.accounts[stay.account]
            if today < end or not is_anchor_day(account["created"], today):
                continue
            self.finals.remove(entry)
            shelf, start = self._shelf("AzureServices", name, account["currency"], number), stay.period(k)[0]
            charges = shelf.corrections()
            while stay.period(k)[0] < end:
                period = stay.period(k)[0], min(stay.period(k)[1], end)
                more, closing = shelf.charges(*period, self.issue_date(today))
                charges, k = charges + more, k + 1
                shelf.close(closing)
            if start >= end and charges:
                raise NotUnderstood(f"late usage alone of {name}, which went elsewhere")
            if start < end:
                self.issue("AzureServices", account, name, account["currency"], (start, end), today, charges).last = True

    def day(self, account, today):
        if today.day == MARKETPLACE_DAY:
            self._marketplace(account, today)
        if is_anchor_day(account["created"], today):
            self._support_renewals(account, today)
            self._rebill(account, today)
            self._services(account, today)

    def _subscriptions(self, account):
        """Those that have periods of their own (T-MOSP-4): not a support plan's, which has terms (R-18)."""
        of_plans = {plan["subscriptionId"] for plan in self.book.plans.values()}
        return [name for name, data in self.book.subscriptions.items()
                if data["accountId"] == account["accountId"] and name not in of_plans]

    def _shelf(self, kind, name, currency, stay=None):
        apart, stay = kind == "AzureMarketplace", self.book.stay_at(name) if stay is None else stay
        return self.shelf(kind, (name, stay), currency, lambda: [name], lambda row: (
            (row.spot or row.marketplace) == apart and self.book.stay_at(name, row.date) == stay))

    def last_day(self, name):
        """The last day that can be charged: of a cancelled subscription, or of one that was deleted without that; else None."""
        since, status, _ = self.oracle.payments.states[name][-1]
        deleted = since if status == "Deleted" else None
        return self.book.subscriptions[name]["cancelled"] or deleted

    def _last_period(self, name):
        """The k of the last period of a subscription that has ended (R-62); None while it lives."""
        data, ended = self.book.subscriptions[name], self.last_day(name)
        if ended is None:
            return None
        k = 0
        while data["stays"][-1].period(k)[1] <= ended:
            k += 1
        return k

    def is_over(self, name, period):
        """It had ended before the period, whose run is past: no document of it comes."""
        ended, account = self.last_day(name), self.book.accounts[self.book.subscriptions[name]["accountId"]]
        return ended is not None and period[0] > ended and next_anchor_on_or_after(
            account["created"], period[1]) <= self.oracle.clock

    def _bill(self, account, name, period, today, corrections):
        shelf = self._shelf("AzureServices", name, account["currency"])
        charges, closing = shelf.charges(*period, self.issue_date(today))
        charges = (shelf.corrections() if corrections else []) + charges
        shelf.close(closing)
        limited = closing.settled = self.oracle.limits.holds(name, period)
        document = self.issue("AzureServices", account, name, account["currency"], period, today, charges,
                              [lot for lot in open_lots(self.book, "Subscription", name, period[1])
                               if not lot.get("reservations")], limited=limited)
        document.closing, document.billed = closing, set(closing.counted)
        self.without.pop((name, period[0]), None)
        if document.totals["subTotal"] <= 0 or limited:
            self.without[name, period[0]] = self._why_nothing(shelf, period, document)
        return document

    @staticmethod
    def _why_nothing(shelf, period, document):
        """R-67, as the code of section 7. What still waits for a later document is no usage of this one."""
        rows = any(row.as_of(lambda position: True) for row in shelf.rows(*period))
        if not rows and not any(charge.worth or charge.kind != "Adjustment" for charge in document.charges):
            return "NO_USAGE"
        owed = document.totals["billed"] - document.totals["credits"]
        return "WITHIN_CREDIT" if owed > 0 else "NOTHING_OWED"

    def void(self, document, today):
        """Its charges are free again (9.4.2), to be billed by the next run at what is then known (R-30)."""
        if document.type != "AzureServices":
            raise NotUnderstood(f"the void of a document of {document.type}")
        self.free(document, self._shelf("AzureServices", document.scope, document.currency))
        self.reopened.append((document.account, document.scope, document.period, today))

    def again(self, document, today):
        """The document of the same period at once, at what is now known (R-30)."""
        if document.type == "AzureMarketplace":
            return self._given_back(document, today)
        if document.type != "AzureServices":
            raise NotUnderstood(f"the rebill of a document of {document.type}")
        self.free(document, self._shelf("AzureServices", document.scope, document.currency))
        return self._bill(self.book.accounts[document.account], document.scope, document.period, today, corrections=False)

    def _given_back(self, document, today):
        """In the place of a document with a reservation: the same charges, and what of it is given back (R-73)."""
        names = {charge.name for charge in document.charges if charge.kind == "Purchase"}
        given = [told for told in self.book.refunds   # of anything else that is given back the next document tells
                 if told.data["originalChargeId"] in names and told.data["chargeId"].endswith("#refund")
                 and told.data["chargeId"] not in self.oracle.billed_purchases]
        if len(given) != 1:
            raise NotUnderstood(f"the rebill of {document.name} for {given}")
        told = given[0]
        refund = self._refund_on(document, told, document.period)
        again = self.issue("AzureMarketplace", self.book.accounts[document.account], document.scope, document.currency,
                           document.period, today, [*document.charges, refund], self._held(document.scope, today + ONE_DAY),
                           monthly=document.monthly, in_place_of=document)
        if not any(other is again for other in self.oracle.documents):
            raise NotUnderstood(f"nothing is left of {document.name}")
        again.gives_back = told.data["chargeId"].removesuffix("#refund")
        return again

    def _waiting(self, name=None, end=None):
        """Refunds of purchases that were billed, on no document yet."""
        bought = {told.data["chargeId"]: told.data for told in self.book.purchases}
        billed = self.oracle.billed_purchases
        return [told for told in self.book.refunds
                if not told.data["chargeId"].endswith("#refund") and told.data["chargeId"] not in billed
                and told.data["originalChargeId"] in billed and (end is None or told.on < end)
                and (name is None or bought[told.data["originalChargeId"]]["subscriptionId"] == name)]

    def is_void_by_a_run(self, document):
        """For the sake of purchases that were given back? What a wish replaces has a reservation that was."""
        names = {charge.name for charge in document.charges if charge.kind == "Purchase"}
        if document.type not in ("AzureMarketplace", "AzureSupport") or not any(
                told.data["originalChargeId"] in names for told in self._waiting()):
            return False
        if any(told.data["originalChargeId"] in names and told.data["chargeId"].endswith("#refund")
               and told.data["chargeId"] not in self.oracle.billed_purchases for told in self.book.refunds):
            return False
        self.told_void.append(document)
        return True

    def tells_of_a_void(self, note):
        """A note over a document that a run makes void."""
        return any(document.name == note["creditForInvoiceId"] for document in self.told_void)

    def void_without_cause(self):
        return [((document.name,), "is void, and by the rules it stands") for document in self.told_void if not document.replaced]

    def _give_back(self, name, end, today):
        """No document of the month has them: the invoice of the purchase is void, and one with charge and refund takes its
        place (2.1, R-74)."""
        for document in list(self.oracle.documents):
            if document.status in ("Void", "Locked"):
                continue
            names = {charge.name for charge in document.charges if charge.kind == "Purchase"}
            given = [told for told in self._waiting(name, end) if told.data["originalChargeId"] in names]
            room = document.totals["subTotal"] + document.totals["creditApplied"]
            refunds = []
            for told in given:
                amount = amount_of(told.data["amount"], document.currency)
                if amount <= room:
                    room -= amount
                    refunds.append(self._refund_on(document, told, (told.on, told.on + ONE_DAY)))
            if refunds:
                document.replaced = True
                self.oracle.replace(document, lambda document=document, refunds=refunds: self._with(document, refunds, today),
                                    document.credited if readings.NOTES_STAY_BESIDE_REFUNDS else ZERO)

    def _refund_on(self, document, told, period):
        billed = self.oracle.billed_purchases
        return Charge("Refund", -amount_of(told.data["amount"], document.currency), told.on, told.position, period,
                      document.scope, name=told.data["chargeId"], eligible=False,
                      after=lambda: billed.add(told.data["chargeId"]))

    def _with(self, document, refunds, today):
        """The same document with these refunds, taxed as it was."""
        again = self.issue(document.type, self.book.accounts[document.account], document.scope, document.currency,
                           document.period, today, [*document.charges, *refunds], self._held(document.scope, today + ONE_DAY),
                           plan=document.plan, always=True, monthly=document.monthly, in_place_of=document)
        return again

    def _held(self, name, through):
        """What was given back of reservations that are paid by invoice, for further ones (R-73)."""
        return [lot for lot in open_lots(self.book, "Subscription", name, through) if lot.get("reservations")]

    def keep(self, reservation, document, amount, today):
        self.book.lots.append({"lotId": f"{reservation}-refund", "scopeType": "Subscription", "scopeId": document.scope,
                               "source": "Other", "position": self.book.position, "start": today, "expires": None,
                               "left": amount, "reservations": True})

    def services(self, name, currency):
        return self._shelf("AzureServices", name, currency)

    def reserved(self, name):
        """A reservation that a card pays has a document of its own, at once (T-MOSP-8, R-86)."""
        reservation = self.book.reservations[name]
        if reservation["paymentMode"] != "card":
            return
        if reservation["billingFrequency"] != "Upfront":
            raise NotUnderstood("a monthly reservation paid by card")
        account, on = self.oracle.account_of(reservation["subscriptionId"]), reservation["bought"]
        charges = self.purchases(on + ONE_DAY, account["currency"], (on, on + ONE_DAY),
                                 lambda data, _: data is self._purchase(name), ("Reservation",))
        self.issue("AzureMarketplace", account, reservation["subscriptionId"], account["currency"], (on, on + ONE_DAY),
                   on, charges, self._held(reservation["subscriptionId"], on + ONE_DAY), always=True, monthly=False)

    def _purchase(self, name):
        return next(bought.data for bought in self.book.purchases if bought.data["chargeId"] == f"{name}#0")

    def _rebill(self, account, today):
        for entry in [entry for entry in self.reopened if entry[0] == account["accountId"] and entry[3] < today]:
            self.reopened.remove(entry)
            self._bill(account, entry[1], entry[2], today, corrections=False)

    def _services(self, account, today):
        for name in self._subscriptions(account):
            data, currency = self.book.subscriptions[name], account["currency"]
            shelf, last = self._shelf("AzureServices", name, currency), self._last_period(name)
            before = self.closed.get(name, 0)
            while True:
                k = self.closed.get(name, 0)
                period = data["stays"][-1].period(k)
                if period[1] > today:
                    break
                if last is not None and k > last:
                    late = readings.LATE_RUNS_LEAVE_LAST_NOTES and self.issue_date(today) != today
                    if k == before and not late:
                        self._last_notes(name, shelf, currency)
                    break
                self._bill(account, name, period, today, corrections=True)
                self.closed[name] = k + 1

    def _last_notes(self, name, shelf, currency, kind="AzureServices"):
        """No further period comes: what is less than billed has a note over its invoice (R-81, decision 0033)."""
        groups = {}
        for charge in shelf.corrections():
            groups.setdefault(charge.period, []).append(charge)
        for period, charges in sorted(groups.items()):
            net = -rounded(sum((charge.worth for charge in charges), ZERO), currency)
            billed = [document for document in self.oracle.documents if document.type == kind
                      and document.scope == name and document.period[0] == period[0] and document.status != "Void"]
            credited = billed and billed[0].totals["creditApplied"] > 0 and net > 0
            if (net < 0 and kind == "AzureServices") or (net > 0 and billed and billed[0].status == "Locked") \
                    or (credited and billed[0].credited > 0):
                raise NotUnderstood(f"corrections of {name}, which has no further period")
            if net <= 0 or not billed:
                continue
            # First what was asked beyond the credit; what credit paid goes back to its lots (decision 0033).
            asked = min(net, billed[0].totals["subTotal"]) if credited else net
            left = billed[0].totals["total"] - billed[0].credited
            gross = asked + tax_of(billed[0].tax_rate, asked, currency, False)
            if 0 < gross <= left:
                self.oracle.payments.credit(billed[0], gross)
                self._back_to_lots(billed[0], net - asked)
                for charge in charges:
                    charge.after()

    @staticmethod
    def _back_to_lots(document, amount):
        for lot, took in reversed(document.drawn):
            part = min(took, amount)
            lot["left"] += part
            amount -= part

    def _marketplace(self, account, today):
        month, currency = month_of(today.replace(day=1) - ONE_DAY), account["currency"]
        for name in self._subscriptions(account):
            shelf, ended = self._shelf("AzureMarketplace", name, currency), self.last_day(name)
            if ended is not None and month[0] > ended:
                self._last_notes(name, shelf, currency, "AzureMarketplace")
            charges = self.usage(shelf, month, today)
            charges += self.purchases(month[1], currency, month, lambda data, _, name=name: data["subscriptionId"] == name,
                                      ("Marketplace", "Reservation"))
            self.issue("AzureMarketplace", account, name, currency, month, today, charges, self._held(name, month[1]))
            if not any(charge.name is None or charge.kind == "Purchase" for charge in charges):
                self._give_back(name, month[1], today)

    def _support_renewals(self, account, today):
        for plan in self.book.plans.values():
            if self.book.subscriptions[plan["subscriptionId"]]["accountId"] != account["accountId"]:
                continue
            while True:
                k = self.terms.get(plan["planId"], 0)
                start = anchored(plan["purchased"], k)
                if k == 0 or start > today or (plan["cancelled"] is not None and start >= plan["cancelled"]):
                    break
                if self.oracle.payments.inactive(plan["subscriptionId"], start):
                    self.terms[plan["planId"]] = k + 1   # nobody could use it (3.6)
                    continue
                self.support(plan, k, today)

    def support(self, plan, k, today):
        """The document of the k-th term of a support plan (T-MOSP-9, T-MOSP-10)."""
        account = self.oracle.account_of(plan["subscriptionId"])
        term, currency = (anchored(plan["purchased"], k), anchored(plan["purchased"], k + 1)), account["currency"]
        charge = Charge("Purchase", amount_of(plan["price"], currency), term[0], plan["position"], term,
                        plan["subscriptionId"], name=plan["planId"], eligible=False)
        self.terms[plan["planId"]] = k + 1
        self.issue("AzureSupport", account, plan["subscriptionId"], currency, term, today, [charge],
                   plan=plan["planId"])

    def last_date(self, name):
        """Under another agreement of the same account: the last document of the days before it (R-29, R-11)."""
        account = self.oracle.account_of(name)
        for stay, gone, _, k, end in self.finals:
            if gone == name and stay.account == account["accountId"] and stay.period(k)[0] < end:
                return next_anchor_on_or_after(account["created"], max(end, self.oracle.performed + ONE_DAY))
        return None

    def next_date(self, name):
        """The run that will carry the oldest period not yet billed (R-29)."""
        data, account = self.book.subscriptions[name], self.oracle.account_of(name)
        after = self.oracle.performed + ONE_DAY
        plan = next((plan for plan in self.book.plans.values() if plan["subscriptionId"] == name), None)
        if plan is not None:
            k = self.terms[plan["planId"]]
            since, status, _ = self.oracle.payments.states[name][-1]
            while self.oracle.payments.inactive(name, anchored(plan["purchased"], k)):
                if status in ("Warned", "Disabled", "Expired", "Deleted") and anchored(plan["purchased"], k) > since:
                    return None
                k += 1
            start = anchored(plan["purchased"], k)
            over = plan["cancelled"] is not None and start >= plan["cancelled"]
            return None if over else next_anchor_on_or_after(account["created"], max(start, after))
        again = [entry for entry in self.reopened if entry[1] == name]
        if again:
            return next_anchor_on_or_after(account["created"], max(after, again[0][3] + ONE_DAY))
        k, last = self.closed.get(name, 0), self._last_period(name)
        if last is not None and k > last:
            return None
        return next_anchor_on_or_after(account["created"], max(data["stays"][-1].period(k)[1], after))
