"""Plays a script on a real ledger, over HTTP alone, and brings back what it says: log, documents, scopes.

A script is a list of plain steps, so that it can be printed, shortened and played again:
    {"do": "clock", "to": "2024-03-05"}                    time moves there, and what fell due is performed
    {"do": "clock", "to": …, "run": false}, {"do": "run", "through": …}, {"do": "dunning", "as_of": …}   the same by hand
    {"do": "post", "events": [{"kind", "day", "id", "source", "data"}]}
    {"do": "pay", "pick": 3, "part": "all" | "half" | "fail" | "chargeback"}   of the invoices that are open (or paid)
    {"do": "pay", "pick": 3, "part": "fail", "card": …, "account": …}   one of that account is tried by that card
    {"do": "note", "pick": 3, "part": 1 to 10}             a credit note over so many tenths of an invoice
    {"do": "void", "pick": 3}                              a MOSP invoice of usage is void; with "type" one of that
    {"do": "rebill", "pick": 3, "how": "void" | "amend"}   a document is void and billed again at once; with "type" one of that
    {"do": "same", "pick": 3}                              a document of today, void and billed again, is the same; likewise
    {"do": "lock", "on": true, "pick": 3}                  an invoice that is due is locked, or a locked one unlocked
    {"do": "wish", "name": …, "fields": {…}}               the operator wishes
    {"do": "act", "by": …, "tenant": …, "name": …, "fields": {…}, "pick": 3}   a person wishes
"""

from decimal import ROUND_DOWN, Context, Decimal

from exact import minor_digits
from periods import day
from runs import Oracle
from watch import Watch


EXACT_ENOUGH = Context(prec=60)


def _order(invoice):
    return invoice["issueDate"], invoice["type"], invoice["scopeId"], invoice["period"]["start"]


class Said:
    """What the ledger answered in the end."""

    def __init__(self, log, runs, invoices, subscriptions, profiles, accounts, enrollments, refused):
        self.log, self.runs, self.invoices, self.subscriptions = log, runs, invoices, subscriptions
        self.profiles, self.accounts, self.enrollments = profiles, accounts, enrollments
        self.refused = refused   # facts that were refused


class Player:
    """Performs the steps; `watch`, if there is one, looks at the ledger after each."""

    def __init__(self, client, watch=None, persons=None):
        self.client, self.watch, self.persons = client, watch, persons
        self.clock, self.refused, self.runs, self.manual, self.payments = None, [], [], False, 0

    def play(self, script):
        for step in script:
            getattr(self, f"_{step['do']}")(step)
            if self.watch:
                self.watch.after(step)
        return self

    def _clock(self, step):
        answer = self.client.wish("AdvanceClock", {"to": f"{step['to']}T00:00:00Z", "run": step.get("run", True)})
        if answer.status != 200:
            raise AssertionError(f"{step}: {answer!r}")
        if not step.get("run", True) and self.clock is not None:
            self.manual = True
        elif self.clock is not None:
            self.runs.append((answer.position, day(step["to"]), day(step["to"])))
        self.clock = step["to"]

    def _run(self, step):
        before = int(self.client.get("/clock").headers["daybook-position"])
        for name, fields in (("EvaluateDunning", {"asOf": step["through"]}),
                             ("RunInvoicing", {"through": step["through"]})):
            answer = self.client.wish(name, fields)
            if answer.status != 200:
                raise AssertionError(f"{step}: {answer!r}")
        self.runs.append((before, day(step["through"]), day(self.clock)))
        if self.watch:
            self.watch.performed(step["through"], self.clock)

    def _post(self, step):
        events = [{"specversion": "1.0", "type": f"daybook.{event['kind']}", "source": event.get("source", "//facts"),
                   "id": event["id"], "time": f"{event['day']}T{event.get('at', '10:00')}:00Z", "data": event["data"]}
                  for event in step["events"]]
        if not events:
            return
        answer = self.client.post_events(events)
        if answer.status != 200:
            raise AssertionError(f"{step}: {answer!r}")
        self.refused += [(events[result["index"]], result) for result in answer.json["results"]
                         if result["status"] == "rejected"]

    def _note(self, step):
        """A credit note over a part of an invoice's total."""
        there = sorted(self.client.pages("/invoices", limit=1000), key=_order)
        if there:
            invoice = there[step["pick"] % len(there)]
            part = Decimal(invoice["totals"]["total"]["amount"]) * Decimal(step["part"]).scaleb(-1)
            amount = part.quantize(Decimal(1).scaleb(-minor_digits(invoice["currency"])), ROUND_DOWN, EXACT_ENOUGH)
            if amount > 0:
                self._wish({"name": "IssueCreditNote", "fields": {
                    "invoiceId": invoice["invoiceId"], "reason": "outage",
                    "amount": {"amount": str(amount), "currency": invoice["currency"]}}})

    def _void(self, step):
        there = sorted((invoice for invoice in self.client.pages("/invoices", type=step.get("type", "AzureServices"))
                        if invoice["status"] != "Void"), key=_order)
        if there:
            self._wish({"name": "VoidInvoice", "fields": {"invoiceId": there[step["pick"] % len(there)]["invoiceId"],
                                                          "reason": "mistake"}})

    def _rebill(self, step):
        """A document of usage or of a profile is void and billed again at once, or a profile's one amended."""
        kinds = ("AzureServices", "Profile") if step["how"] == "void" else ("Profile",)
        kinds = (step["type"],) if "type" in step else kinds
        there = sorted((invoice for kind in kinds for invoice in self.client.pages("/invoices", type=kind)
                        if invoice["status"] not in ("Void", "Locked")), key=_order)
        if there:
            name = there[step["pick"] % len(there)]["invoiceId"]
            self._wish({"name": "VoidInvoice", "fields": {"invoiceId": name, "reason": "mistake", "rebill": True}}
                       if step["how"] == "void" else
                       {"name": "AmendInvoice", "fields": {"invoiceId": name, "poNumber": f"po-{step['pick']}"}})

    def _same(self, step):
        """A document of today, with nothing told since, is void and billed again: it must say the same."""
        there = sorted((invoice for kind in ((step["type"],) if "type" in step else ("AzureServices", "Profile"))
                        for invoice in self.client.pages("/invoices", type=kind)
                        if invoice["issueDate"] == self.clock and invoice["status"] not in ("Void", "Locked")), key=_order)
        if not there:
            return
        before = self.client.get(f"/invoices/{there[step['pick'] % len(there)]['invoiceId']}").json
        answer = self.client.wish("VoidInvoice", {"invoiceId": before["invoiceId"], "reason": "again", "rebill": True})
        issued = [event["data"]["invoiceId"] for event in answer.json.get("events", [])
                  if event["type"] == "daybook.InvoiceIssued"]
        if self.watch is None:
            return   # another telling of the story: the bills alone are compared
        if len(issued) != 1:
            return self.watch.wrong("rebill", f"{before['invoiceId']} billed again: {answer!r}")
        after = self.client.get(f"/invoices/{issued[0]}").json
        for part in ("type", "scopeId", "period", "issueDate", "dueDate", "totals", "lines", "sections", "taxes"):
            if before[part] != after[part]:
                self.watch.wrong("rebill", f"{before['invoiceId']} billed again as {issued[0]} has other {part}")

    def _lock(self, step):
        there = sorted(self.client.pages("/invoices", status="Due" if step["on"] else "Locked"), key=_order)
        if there:
            self._wish({"name": "LockInvoice" if step["on"] else "UnlockInvoice", "fields": {
                "invoiceId": there[step["pick"] % len(there)]["invoiceId"], "reason": "dispute"}})

    def _wish(self, step):
        answer = self.client.wish(step["name"], step["fields"])
        if answer.status != 200:
            self.refused.append((step, answer.json))

    def _act(self, step):
        """A command of a person. `invoice` among the fields stands for the one that is picked."""
        fields = dict(step["fields"])
        if "pick" in step:
            there = sorted(self.client.pages("/invoices", limit=1000), key=_order)
            if step.get("type"):
                there = [invoice for invoice in there if invoice["type"] == step["type"]]
            if not there:
                return
            fields["invoiceId"] = there[step["pick"] % len(there)]["invoiceId"]
        known = self.watch is not None and self.watch.oracle is not None
        known = known and step["by"] in self.watch.oracle.persons.identities
        verdict = known and self.watch.oracle.access.verdict(step["by"], step["tenant"], step["name"], fields)
        answer = self.persons.as_identity(step["by"], step["tenant"]).wish(step["name"], fields)
        if known:
            self.watch.acted({**step, "fields": fields}, answer, verdict)

    def _pay(self, step):
        wanted = {"chargeback": ("Paid",)}.get(step["part"], ("Due", "PastDue"))
        there = [invoice for status in wanted for invoice in self.client.pages("/invoices", status=status)]
        there.sort(key=_order)
        if not there:
            return
        invoice = there[step["pick"] % len(there)]
        self.payments += 1
        due, currency = Decimal(invoice["amountDue"]["amount"]), invoice["currency"]
        if step["part"] == "fail":
            kind, data = "InvoicePaymentFailed", {"paymentId": f"p-{self.payments}", "reason": "BankDeclined"}
            if step.get("card") and invoice["accountId"] == step["account"]:
                data["methodId"] = step["card"]
        elif step["part"] == "chargeback":
            payments = self.client.get(f"/invoices/{invoice['invoiceId']}").json["payments"]
            left = [payment for payment in payments if payment["reversed"]["amount"].strip("0.") == ""]
            if not left:
                return
            kind, data = "InvoicePaymentReversed", {"paymentId": left[0]["paymentId"], "amount": left[0]["amount"],
                                                    "reason": "Chargeback"}
        else:
            unit = Decimal(1).scaleb(-minor_digits(currency))
            half = (due * Decimal("0.5") // unit) * unit
            paid = half if step["part"] == "half" and half > 0 else due
            kind, data = "InvoicePaymentSucceeded", {"paymentId": f"p-{self.payments}",
                                                     "amount": {"amount": str(paid), "currency": currency}}
        self._post({"events": [{"kind": kind, "day": self.clock, "id": f"pay-{self.payments}", "source": "//bank",
                                "data": {"invoiceId": invoice["invoiceId"], **data}}]})


def whole_log(client):
    items = []
    while True:
        page = client.get("/events", **{"from": len(items) + 1}, limit=1000).json["items"]
        items += page
        if len(page) < 1000:
            return items


def ask(client, player):
    """Everything that is compared."""
    items = player.watch.log if player.watch else whole_log(client)
    invoices = [client.get(f"/invoices/{item['invoiceId']}").json for item in client.pages("/invoices", limit=1000)]
    everything = lambda path: {next(iter(item.values())): item for item in client.pages(path, limit=1000)}
    enrollments = {item["data"]["enrollmentId"]: client.get(f"/enrollments/{item['data']['enrollmentId']}").json
                   for item in items if item["type"] == "daybook.EnrollmentRegistered"}
    return Said(items, player.runs if player.manual else None, invoices, everything("/subscriptions"),
                everything("/profiles"), everything("/accounts"), enrollments, player.refused)


def by_hand(script):
    return any(step["do"] == "run" for step in script)


def played(homes, script, seed=None):
    """(what a fresh ledger says after the script, who watched it); without a seed nobody watches."""
    with homes.fresh() as ledger:
        ledger.start()
        client = ledger.client(homes.operator)
        persons = ledger.client(homes.persons)
        watch = None if seed is None else Watch(client, persons, Oracle(), seed, by_hand(script))
        player = Player(client, watch, persons).play(script)
        if watch:
            watch.finish()
        return ask(client, player), watch
