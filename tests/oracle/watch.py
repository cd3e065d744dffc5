"""Stands beside a ledger while its story is played, and looks at it after every step.

The oracle is fed with what the log gained by the step. Then the properties of 9.4 of the specification are asked for, by
number; what a step touched is looked at again, the rest was looked at when it was touched:

    1   periods of each subscription: anchored, the one of today is shown, no gap from step to step
    2   each usage row and purchase on at most one living document
    3   the costs of a document's usage file add up to its usage charges
    4   sections add up to the invoice, one currency
    5   amountDue is not below zero; Paid exactly when nothing is due
    6   the lines of a document are those it was issued with
    7   the run of the day, performed again, writes nothing
    8   no mail without opt-in at that moment; none for Marketplace and reservations
    9   who may not see a document gets what he would get for one that does not exist; lists leave it out
    10  state, dates and balances as of the newest position are those shown now
    11  nothing comes of an invitation before it was accepted in an allowed directory
    12  mail goes to the communication e-mail where one is set; it opens no scope
    13  every event is one that the specification lists, and every state one of its tables
    14  the billing scopes of a person are exactly those that answer him 200
"""

import csv
import io
import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

import readings
from exact import NotUnderstood, ZERO
from invariants import listed, of_invoice
from mail import normal
from periods import day, month_of
from questions import Questions

FINAL_DAYS = 3
STATES = {"Active", "PastDue", "Warned", "Disabled", "Expired", "Deleted"}
COST = {"payg": "PreTaxCost", "mca": "costInBillingCurrency", "mpa": "costInBillingCurrency",
        "ea": "CostInBillingCurrency"}


# Charged again and again: each term on a document of its own.
MANY_TERMS = {"daybook.ReservationPurchased", "daybook.SupportPlanPurchased"}


class Watch(Questions):
    """`found` gathers (what, sentence). `oracle` is None once something came that it does not understand."""

    def __init__(self, client, persons, oracle, seed=0, by_hand=False):
        self.client, self.persons, self.oracle, self.by_hand = client, persons, oracle, by_hand
        self.chance, self.log, self.found, self.not_understood = random.Random(seed), [], [], None
        self.invoices, self.first_lines, self.usage = {}, {}, []
        self.parts, self.known_at = {}, {}     # invoice -> positions it names; position it was made at
        self.files = {}                        # invoice -> day from which its usage file is to be had
        self.opted, self.recipients, self.periods = set(), defaultdict(dict), {}
        self.answers = Counter()               # what was asked, for the summary
        self.clients, self.nothing, self.states = {}, {}, set()

    def wrong(self, number, words):
        self.found.append(((f"9.4.{number}",), f"invariant {number}: {words}"))

    # After a step.

    def after(self, step):
        changed = self._take()
        for invoice in sorted(changed):
            self._look(invoice)
        for invoice in sorted(changed & self.parts.keys()):
            self._once(invoice)
        if step["do"] in ("clock", "run"):
            self._new_day(step)
        if self.oracle is not None and self.oracle.clock is not None:
            self._somebody_asks()

    def _take(self):
        """The events that came; the documents they are about."""
        changed = set()
        while True:
            page = self.client.get("/events", **{"from": len(self.log) + 1}, limit=1000).json["items"]
            for item in page:
                self.log.append(item)
                changed |= self._event(item)
                self._tell_oracle(item)
            if len(page) < 1000:
                return changed

    def _tell_oracle(self, item):
        if self.oracle is None:
            return
        try:
            self.oracle.take(item, works=not self.by_hand)
        except NotUnderstood as why:
            self.oracle, self.not_understood = None, str(why)

    def performed(self, through, clock):
        """A run by hand is through; its events come next."""
        if self.oracle is not None:
            try:
                self.oracle.run_by_hand(day(through), day(clock))
            except NotUnderstood as why:
                self.oracle, self.not_understood = None, str(why)

    def _event(self, item):
        kind, data = item["type"].removeprefix("daybook."), item["data"]
        if not listed(kind):
            self.wrong(13, f"{kind} at {item['position']} is not an event of 9.2")
        handler = getattr(self, f"_{kind}", None)
        if handler:
            handler(item, data)
        if kind == "UsageRecorded":
            self.usage.append(item)
        elif kind == "InvoiceIssued":
            self._made_of(item, data)
        return {data[name] for name in ("invoiceId", "creditForInvoiceId", "newInvoiceId") if data.get(name)
                and kind not in ("CreditApplied", "InvoiceEmailQueued")}

    # 8, 11, 12: mail and invitations, at the position where they stand.

    def _EmailInvoiceOptedIn(self, _, data):
        self.opted.add((data["scopeType"], data["scopeId"]))

    def _EmailInvoiceOptedOut(self, _, data):
        self.opted.discard((data["scopeType"], data["scopeId"]))

    def _InvoiceEmailQueued(self, item, data):
        invoice = next((told["data"] for told in reversed(self.log) if told["type"] == "daybook.InvoiceIssued"
                        and told["data"]["invoiceId"] == data["invoiceId"]), None)
        if invoice is None:
            return self.wrong(8, f"mail for {data['invoiceId']}, which was never issued")
        if invoice["type"] == "AzureMarketplace":
            self.wrong(8, f"mail for the Marketplace document {data['invoiceId']}")
        scope = {"AzureSupport": ("SupportPlan", invoice["supportPlanId"]), "Profile": ("Profile", invoice["scopeId"]),
                 "AzureServices": ("Subscription", invoice["scopeId"])}.get(invoice["type"])
        if scope is not None and scope not in self.opted:
            self.wrong(8, f"mail for {data['invoiceId']} without opt-in of {scope}")
        identity = data["identityId"]
        if identity and self.oracle is not None:
            if data["because"] == "Role" and not self.oracle.persons.roles_on(identity, *scope):
                self.wrong(11, f"mail for {data['invoiceId']} to {identity}, who holds no role at {scope}")
            chosen = self.oracle.persons.communication.get(identity)
            preferred = self.oracle.mail.opted.get(scope, {}).get("preferredEmail")
            if chosen and not preferred and data["address"] and normal(data["address"]) != normal(chosen):
                self.wrong(12, f"mail for {data['invoiceId']} goes to {data['address']}, not to {chosen}")

    def _RoleInvitationAccepted(self, item, data):
        if self.oracle is None:
            return
        invited = self.oracle.persons.invitations.get(data["invitationId"])
        known = self.oracle.persons.identities.get(data["identityId"])
        if invited is None or known is None:
            return self.wrong(11, f"{data['identityId']} accepted {data['invitationId']}, which was not open to him")
        account = self.oracle.access.account_of(invited["scopeType"], invited["scopeId"])
        if normal(known["email"]) != normal(invited["address"]):
            self.wrong(11, f"{data['identityId']} accepted an invitation to {invited['address']}")
        if not set(known["tenants"]) & self.oracle.persons.directories(account):
            self.wrong(11, f"{data['identityId']} of another directory accepted an invitation")

    # 2 to 6: documents.

    def _look(self, name):
        answer = self.client.get(f"/invoices/{name}")
        if answer.status != 200:
            return self.wrong(6, f"{name} is gone: {answer!r}")
        invoice = answer.json
        if invoice["documentType"] != "Invoice":
            return
        self.invoices[name] = invoice
        self.states.add(f"invoice_{invoice['status']}")
        notes = [item["data"] for item in self.log if item["type"] == "daybook.CreditNoteIssued"
                 and item["data"]["creditForInvoiceId"] == name]
        for number, words in of_invoice(invoice, sum((Decimal(note["amount"]["amount"]) for note in notes), ZERO)):
            self.wrong(number, f"{name}: {words}")
        if name not in self.first_lines:
            self.first_lines[name] = invoice["lines"], invoice["totals"]
            self.files[name] = day(invoice["period"]["endExclusive"]) + timedelta(days=FINAL_DAYS)
            self._mailed(name)
            self._strangers(name)
        elif self.first_lines[name] != (invoice["lines"], invoice["totals"]):
            self.wrong(6, f"{name} changed its lines")

    def _mailed(self, name):
        """Who a document goes to; asked on its day, since addresses that are removed are gone from the log (EML-6)."""
        document = self._document(name)
        if document is None:
            return
        sent = {normal(item["data"]["address"]) for item in self.log if item["type"] == "daybook.InvoiceEmailQueued"
                and item["data"]["invoiceId"] == name and item["data"]["address"]}
        if sent != document.mails and not document.last:   # whether the last one is mailed is not said
            self.wrong("mail", f"{name} goes to {sorted(sent)}, by the rules to {sorted(document.mails)}")

    def _document(self, name):
        there = self.oracle.documents if self.oracle is not None else []
        return next((document for document in there if document.name == name), None)

    def _made_of(self, item, data):
        """9.4.2: what stands on a document alone by its position, and no more rows than were told for its lines."""
        name, manifest = data["invoiceId"], data["manifest"]
        self.parts[name] = [position for position in manifest["chargePositions"] + manifest["latePositions"] if position
                            and self.log[position - 1]["type"] not in MANY_TERMS]
        self.known_at[name] = manifest["position"]

    def _once(self, name):
        seen = {}
        for invoice, positions in self.parts.items():
            if invoice in self.invoices and self.invoices[invoice]["status"] == "Void":
                continue
            for position in positions:
                if position in seen:
                    return self.wrong(2, f"what came at {position} stands on {seen[position]} and on {invoice}")
                seen[position] = invoice
        told = Counter()
        for row in self.usage:
            if row["position"] <= self.known_at[name]:
                told[row["data"]["subscriptionId"], row["data"]["meterId"], row["data"]["usageDate"]] += 1
        lines = defaultdict(int)
        for line in self.invoices[name]["lines"]:
            if line["meterId"] and line["chargeType"] == "Usage":
                lines[line["subscriptionId"], line["meterId"], line["period"]["start"],
                      line["period"]["endExclusive"]] += line["rowCount"]
        for (subscription, meter, start, end), rows in lines.items():
            there = sum(times for (of, by, on), times in told.items()
                        if (of, by) == (subscription, meter) and start <= on < end)
            if rows > there:
                self.wrong(2, f"{name} bills {rows} rows of {subscription} {meter} from {start}, of {there} told")

    def _file(self, name):
        """9.4.3."""
        invoice = self.invoices[name]
        account = self.oracle.book.accounts[invoice["accountId"]]["type"]
        # By the agreement that it was issued under, also once the account is upgraded.
        account = ("MOSP" if invoice["type"].startswith("Azure") else
                   "EA" if invoice["type"] == "EnrollmentOverage" else account)
        form = {"MOSP": "payg", "MCA": "mca", "MPA": "mpa", "EA": "ea"}[account]
        answer = self.client.get(f"/invoices/{name}/usage.csv", format=form)
        if answer.status != 200:
            return self.wrong(3, f"{name}: no usage file on {self.oracle.clock}: {answer!r}")
        rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
        total = sum((Decimal(row[COST[form]]) for row in rows), ZERO)
        wanted = sum((Decimal(line["amount"]["amount"]) for line in invoice["lines"] if _in_file(account, line)), ZERO)
        if total != wanted:
            self.wrong(3, f"{name}: the usage file comes to {total}, the invoice to {wanted}")

    # 1, 7, 10: a new day.

    def _new_day(self, step):
        subscriptions = self.client.get("/subscriptions", limit=1000)
        if self.oracle is None:
            return
        path = self.chance.choice(("/subscriptions", "/profiles", "/invoices"))
        answer = self.client.get(path, limit=1000)
        again = self.client.get(path, limit=1000, asOf=answer.position)
        if again.json["items"] != answer.json["items"]:
            self.wrong(10, f"{path} as of {answer.position} differs from what is shown")
        for item in subscriptions.json["items"]:
            self._one_period(item)
            self.states.add(item["status"])
            if item["status"] not in STATES:
                self.wrong(13, f"{item['subscriptionId']} is {item['status']}")
        if step["do"] == "run" or step.get("run", True):
            for name, fields in (("RunInvoicing", {"through": self.oracle.clock.isoformat()}),
                                 ("EvaluateDunning", {"asOf": self.oracle.clock.isoformat()})):
                answer = self.client.wish(name, fields)
                wrote = [event["type"].removeprefix("daybook.") for event in answer.json.get("events", [])
                         if not (readings.NOTICES_CATCH_UP and event["type"] == "daybook.OverageNotificationSent")]
                if answer.status != 200 or wrote:
                    self.wrong(7, f"{name} again wrote {wrote or answer}")
        for name in [name for name, on in self.files.items() if on <= self.oracle.clock]:
            del self.files[name]
            self._file(name)

    def _one_period(self, item):
        name, shown = item["subscriptionId"], item["currentPeriod"]
        if shown is None:
            return
        start, end, today = day(shown["start"]), day(shown["endExclusive"]), self.oracle.clock
        known = self.oracle.book.subscriptions.get(name)
        if known is None:
            return self.wrong(1, f"{name} was never created")
        if item["status"] == "Active" and not start <= today < end:
            self.wrong(1, f"{name} shows {start} to {end} on {today}")
        agreement = self.oracle.book.accounts[item["accountId"]]["type"]
        if agreement == "MOSP" and (start, end) != self.oracle.book.period(name, start):
            self.wrong(1, f"{name}, created {known['created']}, has a period {start} to {end}")
        first = max(month_of(start)[0], known["stays"][-1].start if len(known["stays"]) > 1 else date.min)
        profile = self.oracle.book.profiles.get(self.oracle.book.profile_of(name), {})
        firsts = month_of(start)[0], first, max(month_of(start)[0], profile.get("first", date.min))   # of an upgrade's profile
        if agreement in ("MCA", "MPA") and (end != month_of(start)[1] or start not in firsts):
            self.wrong(1, f"{name} of a profile has a period {start} to {end}")
        number = len(known["stays"])
        stay, before = self.periods.get(name, (number, (start, end)))
        if stay == number and start != before[0]:
            while before[1] < start and agreement in ("MOSP", "MCA", "MPA"):
                before = self.oracle.book.period(name, before[1]) if agreement == "MOSP" else month_of(before[1])
            if agreement in ("MOSP", "MCA", "MPA") and before[1] != start and before != (start, end):
                self.wrong(1, f"{name}: after {before} comes {start}")
        self.periods[name] = number, (start, end)

    def finish(self):
        """What is left to look at once the story is over."""
        if self.oracle is None:
            return
        people = self._people()
        for identity, tenant in people:
            self._list(identity, tenant)
        for identity, tenant in self.chance.sample(people, min(2, len(people))):
            self._scopes(identity, tenant)


def _in_file(account, line):
    """Which lines a usage file has rows for: of MOSP usage alone, of EA no refunds (2.1)."""
    kind = line["chargeType"]
    if account == "MOSP":
        return bool(line["meterId"]) and kind != "Refund"
    return not (account == "EA" and kind == "Refund")
