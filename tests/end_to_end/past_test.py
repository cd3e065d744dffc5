"""Questions about what happened: why a bill changed, what is different between two positions, which event made it so, and how
any answer was.

    past_test.py PROGRAM [SEEDS FROM:TO]
"""

import json
import random
import sys
import unittest
from decimal import Decimal
from urllib.parse import quote

import terminal
from explained import Asked, Told, adds_up
from people import account, begin, cost, member, on, paid, profile, subscription, used, vat
from steps import clock, event, fact, money

from drive import Player   # tests/oracle, where explained.py looks
from generator import Generator

SEEDS = range(1, 9)


def price(meter, day, amount):
    return fact("PriceChanged", day, meterId=meter, currency="EUR", effectiveOn=day, unitPrice=amount)


class Past(Asked):
    def invoices(self, **query):
        return sorted((item["issueDate"], item["invoiceId"]) for item in self.operator.pages("/invoices", **query))


class Changes(Past):
    def two_months(self):
        """10 units at 2.00 and 4 of another meter; then 15 at 3.00, 7 of a third, a credit of 5.00."""
        self.do(begin("2024-02-02", vat("2024-02-02"), account("2024-02-02")),
                on("2024-03-05", subscription("sub-01", "2024-03-05"), price("vm", "2024-03-01", "2.00"),
                   price("old", "2024-03-01", "1.00"), price("new", "2024-03-01", "1.00")),
                on("2024-03-20", used("sub-01", "2024-03-10", "10", "vm"), used("sub-01", "2024-03-10", "4", "old")),
                on("2024-04-05", price("vm", "2024-04-05", "3.00"),
                   fact("CreditGranted", "2024-04-05", lotId="lot-1", scopeType="Subscription", scopeId="sub-01",
                        source="Promotional", amount=money("5.00"), startOn="2024-04-05")),
                on("2024-04-20", used("sub-01", "2024-04-10", "15", "vm"), used("sub-01", "2024-04-10", "7", "new")),
                clock("2024-06-02"))
        return [name for _, name in self.invoices()]

    def test_price_quantity_new_gone_credits_and_tax(self):
        earlier, later = self.two_months()
        changes = self.operator.get(f"/invoices/{later}/changes", **{"from": earlier}).json
        adds_up(changes, *(self.operator.get(f"/invoices/{name}").json for name in (earlier, later)))
        # (20 + 4) × 1.21 = 29.04; (45 + 7 − 5) × 1.21 = 56.87
        self.assertEqual((changes["fromTotal"], changes["toTotal"], changes["difference"]),
                         (money("29.04"), money("56.87"), money("27.83")))
        self.assertEqual({part["kind"]: part["amount"]["amount"] for part in changes["parts"]},
                         {"Quantity": "10.00", "Price": "15.00", "New": "7.00", "Gone": "-4.00", "Credits": "-5.00",
                          "Tax": "4.83"})
        self.assertEqual([(line["kind"], line["meterId"], line["quantityFrom"], line["quantityTo"], line["amount"]["amount"])
                          for line in changes["lines"]],
                         [("Gone", "old", "4", None, "-4.00"), ("Quantity", "vm", "10", "15", "10.00"),
                          ("Price", "vm", "10", "15", "15.00"), ("New", "new", None, "7", "7.00")])
        back = self.operator.get(f"/invoices/{earlier}/changes", **{"from": later}).json
        self.assertEqual(back["difference"], money("-27.83"))
        same = self.operator.get(f"/invoices/{earlier}/changes", **{"from": earlier}).json
        self.assertEqual((same["difference"], same["parts"], same["lines"]), (money("0.00"), [], []))
        text = self.cli("changes", earlier, later).stdout
        self.assertIn("27.83 EUR more", text)
        self.assertIn("27.83 EUR less", self.cli("changes", later, earlier).stdout)
        self.assertIn("0.00 EUR more", self.cli("changes", later, later).stdout)
        self.assertIn("vm, sub-01: 10 to 15", text)
        self.assertEqual(json.loads(self.cli("changes", earlier, later, "--json").stdout), changes)
        self.assertEqual(self.ledger.stop(), 0)
        self.assertEqual(json.loads(self.beside("changes", earlier, later, "--json").stdout), changes)

    def test_what_a_tier_makes_cheaper_is_quantity(self):
        self.do(begin("2024-02-02", account("2024-02-02")),
                on("2024-03-05", subscription("sub-01", "2024-03-05"),
                   fact("PriceChanged", "2024-03-05", meterId="gb", currency="EUR", effectiveOn="2024-01-01",
                        tiers=[{"from": "0", "unitPrice": "2"}, {"from": "10", "unitPrice": "1"}])),
                on("2024-03-20", used("sub-01", "2024-03-10", "10", "gb")),
                on("2024-04-20", used("sub-01", "2024-04-10", "30", "gb")), clock("2024-06-02"))
        earlier, later = (name for _, name in self.invoices())
        changes = self.operator.get(f"/invoices/{later}/changes", **{"from": earlier}).json
        self.assertEqual([(part["kind"], part["amount"]["amount"]) for part in changes["parts"]], [("Quantity", "20.00")])

    def test_what_cannot_be_compared(self):
        earlier, later = self.two_months()
        head = self.operator.get("/log/head").json["position"]
        for query, status, code in (("", 400, "BAD_QUERY"), ("from=E0000NONE0", 404, "NOT_FOUND"), ("from=a%2Fb", 400, "BAD_QUERY"),
                                    (f"from={earlier}&asOf={head + 1}", 400, "BAD_QUERY"), (f"from={earlier}&asOf=0", 404, "NOT_FOUND")):
            answer = self.operator.request("GET", f"/v1/invoices/{later}/changes?{query}")
            self.assertEqual((answer.status, answer.code), (status, code), f"{query}: {answer}")
        self.assertEqual(self.cli("changes", earlier, "E0000NONE0", check=False).returncode, 3)
        self.assertEqual(self.cli("changes", earlier, "a/b", check=False).returncode, 2)


class Between(Past):
    def first_event(self, name, when):
        return self.operator.request("GET", f"/v1/invoices/{name}/bisect" + (f"?when={quote(when)}" if when is not None else ""))

    def test_what_happened_to_an_invoice(self):
        self.do(begin("2024-02-02", vat("2024-02-02"), account("2024-02-02")),
                on("2024-03-05", subscription("sub-01", "2024-03-05"), price("vm", "2024-03-01", "2.00")),
                on("2024-03-20", used("sub-01", "2024-03-10", "10", "vm")))
        before = self.operator.get("/log/head").json["position"]
        self.do(clock("2024-05-02"))
        issued = self.operator.get("/log/head").json["position"]
        ((_, name),) = self.invoices()
        self.do(paid(name, "2024-05-02", "14.20"))
        self.assertEqual(self.operator.wish("IssueCreditNote", {"invoiceId": name, "amount": money("10.00"), "reason": "outage"}).status, 200)
        after = self.operator.get("/log/head").json["position"]

        zero = money("0.00")
        first = {"status": "Due", "total": money("24.20"), "credited": zero, "paid": zero, "amountDue": money("24.20"),
                 "subTotal": money("20.00"), "tax": money("4.20"), "lines": 1, "creditNotes": 0}
        last = {"status": "Paid", "total": money("24.20"), "credited": money("10.00"), "paid": money("14.20"), "amountDue": zero, "subTotal": money("20.00"),
                "tax": money("4.20"), "lines": 1, "creditNotes": 1}
        diff = self.operator.get("/log/diff", **{"from": before, "to": issued}).json
        self.assertEqual(diff, {"from": before, "to": issued, "invoices": [{"invoiceId": name, "accountId": "acc-1", "before": None, "after": first}],
                                "accounts": [{"accountId": "acc-1", "currency": "EUR", "issued": 1, "changed": 0, "total": money("24.20"),
                                              "credited": zero, "paid": zero, "amountDue": money("24.20")}]})
        diff = self.operator.get("/log/diff", **{"from": issued, "to": after}).json
        self.assertEqual(diff["invoices"], [{"invoiceId": name, "accountId": "acc-1", "before": first, "after": last}])
        self.assertEqual(diff["accounts"], [{"accountId": "acc-1", "currency": "EUR", "issued": 0, "changed": 1, "total": zero,
                                             "credited": money("10.00"), "paid": money("14.20"), "amountDue": money("-24.20")}])
        self.assertEqual(self.operator.get("/log/diff", **{"from": after, "to": after}).json["invoices"], [])
        for query in ({"asOf": after}, {"asOf": after, "minPosition": issued}, {"minPosition": after}):
            self.assertEqual(self.operator.get("/log/diff", **{"from": issued, "to": after}, **query).json, diff)
        refused = self.operator.get("/log/diff", **{"from": before, "to": after}, asOf=issued)
        self.assertEqual((refused.status, refused.code), (400, "BAD_QUERY"))
        self.assertIn("beyond asOf", refused.json["detail"])
        self.assertEqual(self.operator.get("/log/diff", **{"from": before, "to": after}, asOf=after + 99).code, "BAD_QUERY")
        whole = self.operator.get("/log/diff", **{"from": "1969-01-01T00:00:00Z", "to": after}).json
        self.assertEqual((whole["from"], whole["invoices"][0]["after"]), (0, last))
        text = self.cli("diff", str(issued), str(after)).stdout
        self.assertIn("acc-1: 0 issued, 1 changed; total 0.00 EUR, credited 10.00 EUR, paid 14.20 EUR, due -24.20 EUR", text)

        for when, kind in (("total > 24", "InvoiceIssued"), ("paid >= 14.20", "InvoicePaymentSucceeded"), ("amountDue<20", "InvoicePaymentSucceeded"),
                           ("credited != 0", "CreditNoteIssued"), ("amountDue = 0.000", "CreditNoteIssued"), ("status = Paid", "InvoicePaid"), ("tax = 4.2", "InvoiceIssued"), ("subTotal >= 20 and lines = 1", "InvoiceIssued"),
                           ("creditNotes >= 1", "CreditNoteIssued"), ("status = Paid and creditNotes = 0", None), ("paid > 0 and creditNotes < 1", "InvoicePaymentSucceeded"),
                           ("status != Due and total = 24.20", "InvoicePaid")):
            found = self.first_event(name, when)
            if kind is None:
                self.assertEqual((found.status, found.code), (404, "NOT_FOUND"), f"{when}: {found}")
                continue
            self.assertEqual(found.status, 200, f"{when}: {found}")
            event = next(iter(self.operator.pages("/events", **{"from": found.json["position"]}, limit=1)))
            self.assertEqual((found.json["type"], event["type"], event["id"]), (f"daybook.{kind}", f"daybook.{kind}", found.json["id"]), when)
        found = json.loads(self.cli("bisect", "--invoice", name, "--when", "paid > 10", "--json").stdout)
        self.assertEqual((found["before"]["paid"], found["after"]["paid"]), (zero, money("14.20")))
        self.assertIn("first held for", self.cli("bisect", "--invoice", name, "--when", "status = Paid").stdout)
        then = json.loads(self.cli("as-of", str(issued), f"/invoices/{name}").stdout)
        self.assertEqual((then["status"], then["amountDue"]), ("Due", money("24.20")))

        noted = json.loads(self.cli("bisect", "--invoice", name, "--when", "credited = 10", "--json").stdout)["position"]
        (event,) = [item for item in self.operator.pages("/events", **{"from": noted}) if item["position"] == noted]
        explained = self.operator.get(f"/invoices/{event['data']['creditNoteId']}/explain").json
        # 10.00 with 21 % tax on top: 8.26 and 1.74.
        self.assertEqual((explained["note"]["creditedInvoiceId"], explained["note"]["reason"], explained["note"]["amount"], explained["note"]["tax"]),
                         (name, "outage", money("10.00"), money("1.74")))
        self.assertEqual((explained["lines"], explained["note"]["corrections"], explained["totals"]["subTotal"]), ([], [], money("8.26")))
        self.assertIn(f"10.00 EUR of invoice {name} over 24.20 EUR: outage", self.cli("explain", event["data"]["creditNoteId"]).stdout)

        head = after + 1000
        for query in ("", "from=1", f"to={after}", f"from={after}&to={issued}", f"from=1&to={head}", "from=x&to=1", "from=1&to=2999-01-01T00:00:00Z",
                      "from=1&to=2&colour=red"):
            answer = self.operator.request("GET", f"/v1/log/diff?{query}")
            self.assertEqual((answer.status, answer.code), (400, "BAD_QUERY"), f"{query}: {answer}")
        for when in (None, "", "total", "total > ", "total > x", "colour = red", "status > Paid", "status = Pale", "> 1", "total ~ 1",
                     "total > 1e400", "charges > 1", "total > 1 and", "total > 1 or paid > 1", "lines = many", "total > 1 and colour = red"):
            answer = self.first_event(name, when)
            self.assertEqual((answer.status, answer.code), (400, "BAD_QUERY"), f"{when}: {answer}")
            self.assertIn("creditNotes", answer.json["detail"])
        answer = self.first_event(name, "total > 100")
        self.assertEqual((answer.status, answer.code), (404, "NOT_FOUND"))
        for words, status in ((("diff", "1", str(head)), 4), (("diff", "a", "b"), 2), (("bisect", "--invoice", name, "--when", "total > 100"), 3),
                              (("bisect", "--invoice", name, "--when", "nonsense"), 4), (("bisect", "--invoice", "E0000NONE0", "--when", "total > 1"), 3),
                              (("as-of", "0", f"/invoices/{name}"), 3), (("as-of", "1", "invoices"), 2), (("as-of", str(head), "/accounts"), 4)):
            done = self.cli(*words, check=False)
            self.assertEqual((done.returncode, done.stdout), (status, ""), f"{words}: {done}")
        answers = [self.cli(*words).stdout for words in self.questions(name, issued, after)]
        self.assertEqual(self.ledger.stop(), 0)
        self.assertEqual([self.beside(*words).stdout for words in self.questions(name, issued, after)], answers)
        for words, status in ((("as-of", "1", "/nothing"), 3), (("as-of", "1", "/accounts?colour=red"), 4), (("as-of", "1", "/%zz"), 4),
                              (("as-of", str(head), "/accounts"), 4), (("diff", "1", str(head)), 4)):
            done = self.beside(*words, check=False)
            self.assertEqual((done.returncode, done.stdout), (status, ""), f"{words}: {done}")

    def standing_of_estimate(self, path, day, at):
        """What is told of a period as it was known at a position; nothing: nothing was."""
        if path.startswith("/profiles"):
            answer = self.operator.get(path + "/pending-charges", asOf=at)
            periods = answer.json.get("periods", []) if answer.status == 200 else []
            return next(({"total": Decimal(each["charges"]["amount"])} for each in periods if each["period"]["start"] <= day < each["period"]["endExclusive"]), None)
        answer = self.operator.get(path + "/statement", asOf=at, period=day)
        if answer.status != 200:
            return None
        return {**{name: Decimal(answer.json[name]["amount"]) for name in ("charges", "credit", "tax", "total")}, "lines": len(answer.json["lines"])}

    def test_what_is_not_invoiced_yet(self):
        """The first event after which it is so is that of asking at every position, one after another."""
        self.do(begin("2024-02-02", vat("2024-02-02"), account("2024-02-02"), account("2024-02-02", "MCA", "acc-2"), profile("p-1", "2024-02-02", "acc-2")),
                on("2024-03-05", subscription("sub-01", "2024-03-05"), subscription("sub-02", "2024-03-05"), member("sub-11", "2024-03-05", "p-1", "acc-2"),
                   price("vm", "2024-03-01", "2.00")),
                on("2024-03-20", used("sub-01", "2024-03-10", "10", "vm"), used("sub-02", "2024-03-10", "900", "vm"), used("sub-11", "2024-03-11", "7", "vm")),
                on("2024-03-21", cost("sub-01", "2024-03-21", "-15.00"), used("sub-01", "2024-03-12", "30", "vm"), used("sub-11", "2024-03-12", "5", "vm")),
                on("2024-03-22", fact("PriceChanged", "2024-03-22", meterId="vm", currency="EUR", effectiveOn="2024-03-12", unitPrice="3")))
        head = self.operator.get("/log/head").json["position"]
        cases = (("/subscriptions/sub-01", "2024-03-10", ("total > 0", "total >= 65", "total > 65", "charges < 10 and lines > 1", "lines = 1", "total = 20", "total > 95", "tax > 0")),
                 ("/profiles/p-1", "2024-03-31", ("total > 0", "charges = 14", "total > 24", "total >= 29", "total > 29", "lines > 0")))
        signs = {"=": "==", ">": ">", "<": "<", ">=": ">=", "and": "and"}
        known = 0
        for path, day, conditions in cases:
            standings = {at: self.standing_of_estimate(path, day, at) for at in range(1, head + 1)}
            for when in conditions:
                text = " ".join(signs.get(word, word) for word in when.split())
                def holds(standing):
                    try:
                        return standing is not None and eval(text, {}, {"charges": standing["total"], **standing})  # pylint: disable=eval-used
                    except NameError:
                        return False
                first = next((at for at in range(1, head + 1) if holds(standings[at])), None)
                found = self.operator.get(f"{path}/bisect?when={quote(when)}", period=day)
                if first is None:
                    self.assertEqual((found.status, found.code), (404, "NOT_FOUND"), f"{path} {when}: {found}")
                    continue
                known += 1
                self.assertEqual(found.status, 200, f"{path} {when}: {found}")
                self.assertEqual((found.json["position"], found.json["isFirst"]), (first, True), f"{path} {when}: {found}")
                (recorded,) = [item for item in self.operator.pages("/events", **{"from": first}) if item["position"] == first]
                self.assertEqual((found.json["type"], found.json["id"]), (recorded["type"], recorded["id"]))
                self.assertEqual(Decimal(found.json["after"]["total"]["amount"]), standings[first]["total"])
                before = standings[first - 1]
                self.assertEqual(None if before is None else before["total"], None if found.json["before"] is None else Decimal(found.json["before"]["total"]["amount"]))
        self.assertGreater(known, 7)
        words = ["bisect", "--subscription", "sub-01", "--period", "2024-03-10", "--when", "total > 20"]
        text, told = self.cli(*words).stdout, json.loads(self.cli(*words, "--json").stdout)
        self.assertIn("total > 20 first held for Subscription sub-01, 2024-03-05 to before 2024-04-05, after position", text)
        self.assertEqual(told["period"], {"start": "2024-03-05", "endExclusive": "2024-04-05"})
        self.assertEqual(json.loads(self.cli(*words[:3], "--when", "total > 20", "--json").stdout), told, "the current period")
        self.assertIn("first held for Profile p-1", self.cli("bisect", "--profile", "p-1", "--when", "total > 14").stdout)
        for words_, status in ((["--subscription", "nobody", "--when", "total > 1"], 3), (["--profile", "nobody", "--when", "total > 1"], 3), (["--when", "total > 1"], 2),
                               (["--subscription", "sub-11", "--when", "total > 1"], 3), (["--subscription", "sub-01", "--when", "status = Paid"], 4),
                               (["--subscription", "sub-01", "--period", "2023-01-01", "--when", "total > 1"], 4), (["--subscription", "a b", "--when", "total > 1"], 2),
                               (["--subscription", "sub-01", "--period", "2030-01-01", "--when", "total > 1"], 4), (["--subscription", "sub-01", "--period", "x", "--when", "total > 1"], 2),
                               (["--profile", "p-1", "--invoice", "E0000NONE0", "--when", "total > 1"], 2), (["--subscription", "sub-01", "--when", "total > 1000"], 3),
                               (["--invoice", "E0000NONE0", "--period", "2024-03-10", "--when", "total > 1"], 2), (["--profile", "p-1", "--period", "2030-01-01", "--when", "total > 1"], 3)):
            done = self.cli("bisect", *words_, check=False)
            self.assertEqual((done.returncode, done.stdout), (status, ""), f"{words_}: {done}")
            self.assertTrue(done.stderr.strip())
        many = self.among_thousands()
        self.assertEqual(self.ledger.stop(), 0)
        words = ["bisect", "--subscription", "sub-01", "--when", "total >= 3000", "--json"]
        self.assertEqual(json.loads(self.beside(*words).stdout), many)
        # A search that takes a while shows on a terminal how far it is, and on nothing else. This one is held up until it has.
        words = ["replay", "bisect", "--data", self.ledger.directory, *words[1:3], "--when", "total > 900000"]
        code, result, shown = terminal.told(Told.program, words, "xterm", held_up=True)
        self.assertEqual((code, result), (3, ""))
        self.assertRegex(shown, r"\rbisect \[[#.]+\] +[0-9]+ %")
        self.assertNotIn("[#", terminal.told(Told.program, words)[2])

    def among_thousands(self):
        """What is so for one event alone, of thousands, is found: a row of 3,000.00 that the next one takes back."""
        def row(number, **more):
            return event(number, "UsageRecorded", "2024-03-22", {"subscriptionId": "sub-01", "meterId": "vm", "usageDate": "2024-03-15", **more}, "//many")
        rows = [row(number, quantity="0.1") for number in range(2500)]
        for place in (1000, 2000):
            rows[place:place] = [row(place * 10, quantity="0", cost="3000"), row(place * 10 + 1, quantity="0", cost="-3000")]
        self.assertEqual(self.operator.post_lines(rows).status, 200)
        for path in ("/subscriptions/sub-01", "/profiles/p-1"):
            self.assertEqual(self.operator.get(f"{path}/bisect?when=" + quote("total >= 900000")).status, 404)
        for when, name in (("total >= 3000", "e-10000"), ("total = 500", "e-01349"), ("total > 3600", "e-20000")):
            found = self.operator.get("/subscriptions/sub-01/bisect?when=" + quote(when), period="2024-03-15").json
            self.assertEqual((found["id"], found["isFirst"]), (name, True), f"{when}: {found}")
            at = found["position"]
            told = [self.operator.get("/subscriptions/sub-01/statement", asOf=each, period="2024-03-15").json["total"] for each in (at - 1, at)]
            self.assertEqual([found["before"]["total"], found["after"]["total"]], told)
        # Where no figure falls, halves find it: 1,800.00 of before, and 0.30 a row.
        more = {"subscriptionId": "sub-02", "meterId": "vm", "usageDate": "2024-03-15", "quantity": "0.1"}
        self.assertEqual(self.operator.post_lines([event(number, "UsageRecorded", "2024-03-22", more, "//more") for number in range(2500)]).status, 200)
        for when, name in (("total > 2000", "e-00666"), ("total = 2000.1", "e-00666"), ("total >= 2550", "e-02499"), ("total > 1800", "e-00000"), ("total > 2550", None),
                           ("total = 2000", None), ("charges > 1801 and lines > 1", "e-00003")):
            found = self.operator.get("/subscriptions/sub-02/bisect?when=" + quote(when), period="2024-03-15").json
            self.assertEqual((found.get("id"), found.get("source")), (name, "//more" if name else None), f"{when}: {found}")
        return self.operator.get("/subscriptions/sub-01/bisect?when=" + quote("total >= 3000")).json

    def test_what_is_told_of_another_invoice_counts(self):
        """Billed again, an invoice has the payments of the one that it replaces: an event of that one says so."""
        self.do(begin("2024-02-02", vat("2024-02-02"), account("2024-02-02")),
                on("2024-03-05", subscription("sub-01", "2024-03-05"), price("vm", "2024-03-01", "2.00")),
                on("2024-03-20", used("sub-01", "2024-03-10", "10", "vm")), clock("2024-05-02"))
        ((_, name),) = self.invoices()
        self.do(paid(name, "2024-05-02", "20.00"))
        answer = self.operator.wish("VoidInvoice", {"invoiceId": name, "reason": "price", "rebill": True})
        self.assertEqual(answer.status, 200, answer)
        (again,) = [item["data"]["invoiceId"] for item in answer.json["events"] if item["type"] == "daybook.InvoiceIssued"]
        found = self.first_event(again, "paid = 20").json
        self.assertEqual((found["type"], found["before"]["paid"], found["after"]["paid"]), ("daybook.InvoiceRebilled", money("0.00"), money("20.00")))
        (event,) = [item for item in self.operator.pages("/events", **{"from": found["position"]}) if item["position"] == found["position"]]
        self.assertEqual((event["streamId"], event["id"]), (name, found["id"]))
        # It is the first position as of which it is so.
        for position, wanted in ((found["position"] - 1, money("4.20")), (found["position"], money("4.20"))):
            due = self.operator.get(f"/invoices/{again}", asOf=position).json["amountDue"]
            self.assertEqual(due == wanted, position == found["position"], f"{due} at {position}")

    @staticmethod
    def questions(name, issued, after):
        return (("diff", str(issued), str(after), "--json"), ("bisect", "--invoice", name, "--when", "paid > 10", "--json"),
                ("as-of", str(issued), f"/invoices/{name}"), ("as-of", str(issued), "/invoices?accountId=acc-1"))


class RandomLedgers(Told):
    def standing(self, operator, position):
        """{invoice: what a list and the invoice itself say of it at a position}"""
        found = {}
        for item in operator.pages("/invoices", asOf=position, limit=1000):
            found[item["invoiceId"]] = (item["accountId"], item["status"], item["totals"]["total"], item["amountDue"])
        return found

    def test_a_difference_is_what_two_lists_differ_by(self):
        for seed in SEEDS:
            generator = Generator(seed, ("MOSP", "MCA", "MPA", "EA"), 240)
            with self.subTest(seed=seed, features=" ".join(sorted(generator.features))):
                _, operator, persons = self.open()
                Player(operator, persons=persons).play(generator.make())
                head, chance = operator.get("/log/head").json["position"], random.Random(seed)
                for _ in range(4):
                    first, last = sorted(chance.randrange(head + 1) for _ in range(2))
                    before, after = self.standing(operator, first), self.standing(operator, last)
                    diff = operator.get("/log/diff", **{"from": first, "to": last}).json
                    told = {each["invoiceId"]: each for each in diff["invoices"]}
                    for name, standing in after.items():
                        if name not in told:
                            self.assertEqual(before.get(name), standing, f"{name} between {first} and {last}")
                            continue
                        for state, side in ((before.get(name), "before"), (standing, "after")):
                            said = told[name][side]
                            said = said and (told[name]["accountId"], said["status"], said["total"], said["amountDue"])
                            self.assertEqual(said, state, f"{name} {side}, between {first} and {last}")
                    self.assertLessEqual(told.keys(), after.keys())
                    due = sum(Decimal(each["amountDue"]["amount"]) for each in diff["accounts"])
                    wanted = sum(Decimal(each[3]["amount"]) for each in after.values()) - sum(Decimal(each[3]["amount"]) for each in before.values())
                    self.assertEqual(due, wanted, f"between {first} and {last}")

    def standings(self, operator, path, period, head):
        """{position: what a statement, or the pending charges of a month, came to as known then}; nothing where there was none."""
        found = {}
        for at in range(1, head + 1):
            if path.startswith("/profiles"):
                answer = operator.get(path + "/pending-charges", asOf=at)
                each = next((each for each in answer.json.get("periods", []) if each["period"] == period), None) if answer.status == 200 else None
                found[at] = each and {name: Decimal(each["charges"]["amount"]) for name in ("total", "charges")}
            else:
                answer = operator.get(path + "/statement", asOf=at, period=period["start"])
                is_there = answer.status == 200 and answer.json["period"] == period
                found[at] = {**{name: Decimal(answer.json[name]["amount"]) for name in ("total", "charges", "credit")}, "lines": len(answer.json["lines"])} if is_there else None
        return found

    def periods(self, operator):
        """(path, period) of what is not invoiced, of up to four subscriptions and as many profiles."""
        for item in list(operator.pages("/subscriptions"))[:4]:
            path = f"/subscriptions/{item['subscriptionId']}"
            history = operator.get(f"{path}/billing-history")
            if history.status == 200 and history.json["current"]:
                yield from ((path, each["period"]) for each in [history.json["current"], *history.json["items"][:1]])
        for item in list(operator.pages("/profiles"))[:4]:
            pending = operator.get(f"/profiles/{item['profileId']}/pending-charges").json["periods"]
            yield from ((f"/profiles/{item['profileId']}", each["period"]) for each in pending[:2])

    def test_the_first_event_of_an_estimate_is_that_of_asking_at_every_position(self):
        known = {True: 0, False: 0}
        for seed in SEEDS:
            generator = Generator(seed, ("MOSP", "MCA", "MPA"), 160)
            with self.subTest(seed=seed, features=" ".join(sorted(generator.features))):
                _, operator, persons = self.open()
                Player(operator, persons=persons).play(generator.make())
                head, chance = operator.get("/log/head").json["position"], random.Random(seed)
                for path, period in self.periods(operator):
                    standings = self.standings(operator, path, period, head)
                    figures = sorted({each["total"] for each in standings.values() if each}) or [Decimal(0)]
                    for _ in range(4):
                        sign, figure, field = chance.choice(("=", ">", ">=", "<", "!=")), chance.choice(figures), chance.choice(("total", "charges"))
                        holds = {"=": figure.__eq__, ">": figure.__lt__, ">=": figure.__le__, "<": figure.__gt__, "!=": figure.__ne__}[sign]
                        when = f"{field} {sign} {figure}"
                        first = next((at for at in range(1, head + 1) if standings[at] and holds(standings[at][field])), None)
                        found = operator.get(f"{path}/bisect?when={quote(when)}", period=period["start"])
                        known[first is not None] += 1
                        self.assertEqual(found.json.get("position"), first, f"{path} {period} {when}: {found}")
        self.assertGreater(known[True], 3 * len(SEEDS), known)


if __name__ == "__main__":
    Told.program = sys.argv[1]
    if len(sys.argv) > 2 and ":" in sys.argv[2]:
        SEEDS = range(*map(int, sys.argv.pop(2).split(":")))
    del sys.argv[1:2]
    unittest.main(verbosity=2)
