"""What other prices would have made of the past, and what corrections make of issued invoices: over HTTP and from the command line,
held against ledgers that really had these prices.

    what_if_test.py PROGRAM
"""

import contextlib
import csv
import io
import json
import sys
import time
import unittest
from decimal import Decimal

from explained import Asked, Told
from people import account, begin, flat, on, subscription, used, vat
from steps import World, clock, event, fact, money
from what_if import Rated, beginning, lines, price, random_usage


class WhatIf(Rated):
    def test_it_is_what_a_ledger_with_these_prices_invoices(self):
        rows = random_usage(1)
        invoiced = self.lived(rows)
        self.assertEqual(set(invoiced), {"acc-1", "acc-2"})
        # The same prices, as the ledger itself gives them: no difference.
        same = [item for item in self.operator.pages("/events", type="PriceChanged")]
        head = self.operator.get("/log/head").json["position"]
        answer = self.ask(lines(*same))
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.totals(answer.json, "before"), invoiced)
        self.assertEqual(self.totals(answer.json, "after"), invoiced)
        for total in answer.json["totals"]:
            self.assertEqual((total["difference"], total["changePercent"], total["movers"]), (money("0.00"), "0", []))
        self.assertEqual(answer.json["position"], head)
        # Others: what a ledger invoices that had them.
        other = [price(1, "vm", "2024-01-20", unitPrice="0.2"), price(2, "gb", "2024-02-01", unitPrice="0.41", includedQuantity="7"),
                 event(3, "DiscountGranted", "2024-01-01", {"discountId": "d-1", "percent": "12.5", "startOn": "2024-02-10",
                                                            "scopeType": "Subscription", "scopeId": "sub-01"}, "//prices")]
        # A scope has to be there to be named, so that the other ledger has only the first two from its first day on.
        view = self.ask(lines(*other[:2])).json
        self.assertEqual(self.totals(view, "before"), invoiced)
        self.assertEqual(self.totals(view, "after"), self.lived(rows, other[:2]))
        cheaper = self.ask(lines(*other)).json
        self.assertLess(self.totals(cheaper, "after")["acc-1"], self.totals(view, "after")["acc-1"])
        self.assertEqual(self.totals(cheaper, "after")["acc-2"], self.totals(view, "after")["acc-2"])
        # Nothing was recorded.
        self.assertEqual(self.operator.get("/log/head").json["position"], head)

        path = self.file(lines(*other))
        words = ["what-if", "--prices", path, "--from", "2024-01-01", "--to", "2024-04-01"]
        self.assertEqual(json.loads(self.cli(*words, "--json").stdout), cheaper)
        table = list(csv.DictReader(io.StringIO(self.cli(*words, "--format", "csv").stdout, newline="")))
        self.assertEqual({row["AccountId"]: Decimal(row["TotalAfter"]) for row in table}, self.totals(cheaper, "after"))
        self.assertEqual(sum(Decimal(row["Difference"]) for row in table), Decimal(cheaper["totals"][0]["difference"]["amount"]))
        text = self.cli(*words).stdout
        self.assertIn("difference " + cheaper["totals"][0]["difference"]["amount"] + " EUR", text)
        self.assertIn("p50 ", text)
        # As a job, and its result.
        begun = self.ask(lines(*other), Prefer="respond-async")
        self.assertEqual((begun.status, begun.headers["preference-applied"]), (202, "respond-async"), begun)
        deadline = time.monotonic() + 60
        while (job := self.operator.request("GET", begun.headers["location"]).json)["state"] in ("Queued", "Running"):
            self.assertLess(time.monotonic(), deadline)
        self.assertEqual((job["state"], job["result"]), ("Done", cheaper))
        self.assertEqual((job["done"], job["total"]), (2, 2))
        # By what was known before the usage came.
        early = self.ask(lines(*other[:2]), "from=2024-01-01&to=2024-01-03&asOf=5").json
        self.assertEqual((early["position"], early["accounts"]), (5, []))
        self.assertEqual(self.ledger.stop(), 0)
        self.assertEqual(json.loads(self.beside(*words, "--json").stdout), cheaper)

    def test_broken_rows_are_named(self):
        self.do(beginning())
        good = json.dumps(price(1, "vm", "2024-01-20", unitPrice="0.2"))
        broken = [good, "", json.dumps(price(2, "vm", "2024-01-21", unitPrice="a lot")), "{",
                  json.dumps(price(3, "vm", "2024-02-30", unitPrice="1")), json.dumps(event(4, "UsageRecorded", "2024-01-01", {
                      "subscriptionId": "sub-01", "meterId": "vm", "quantity": "1"}, "//prices")), good,
                  json.dumps(price(5, "vm", "2024-01-22"))]
        head = self.operator.get("/log/head").json["position"]
        answer = self.ask("\n".join(broken).encode(), "from=2024-01-01&to=2024-01-05")
        self.assertIn(answer.status, (400, 422), answer)
        self.assertIn("6 rows of the price file are broken", answer.json["detail"])
        told = [error["detail"] for error in answer.json["errors"]]
        self.assertEqual(len(told), 6, told)
        column = broken[2].index('"a lot"') + 1
        self.assertTrue(told[0].startswith(f'line 3, column {column}: /data/unitPrice "a lot": '), told[0])
        self.assertTrue(told[1].startswith("line 4, column 1: "), told[1])
        self.assertIn('"2024-02-30"', told[2])
        self.assertTrue(told[3].startswith(f"line 6, column {broken[5].index(chr(34) + 'daybook.UsageRecorded') + 1}: "), told[3])
        self.assertTrue(told[4].startswith("line 7, column "), told[4])
        self.assertIn("already", told[4])
        self.assertTrue(told[5].startswith("line 8, column "), told[5])
        done = self.cli("what-if", "--prices", self.file("\n".join(broken).encode()), "--from", "2024-01-01", "--to", "2024-01-05", check=False)
        self.assertEqual((done.returncode, done.stdout), (4, ""))
        for each in told:
            self.assertIn(each, done.stderr)
        self.assertEqual(self.operator.get("/log/head").json["position"], head)

    def test_other_policies(self):
        """Invoiced on the day after its period, the tax of before: 14 hours at 2.00 of March and April, 21 % through 10 May."""
        def lived(*settings):
            ledger, operator, _ = self.open()
            world = World(operator, operator)
            for step in flat(begin("2024-02-20", vat("2024-02-02"), account("2024-02-20")), *settings,
                             on("2024-03-05", subscription("sub-01", "2024-03-05"),
                                fact("PriceChanged", "2024-03-05", meterId="vm", currency="EUR", effectiveOn="2024-01-01", unitPrice="2"),
                                fact("TaxRateChanged", "2024-03-05", country="NL", name="VAT", ratePercent="5", effectiveOn="2024-05-10")),
                             on("2024-03-07", used("sub-01", "2024-03-07", "10", "vm")),
                             on("2024-04-07", used("sub-01", "2024-04-07", "4", "vm")), clock("2024-06-25")):
                step(world)
            self.ledger, self.operator = ledger, operator
            return sum(Decimal(item["totals"]["tax"]["amount"]) for item in operator.pages("/invoices"))

        def early(world):
            answer = world.operator.wish("SetPolicy", {"policy": "mosp.invoiceDay", "value": "PERIOD_END_PLUS_1"})
            self.assertEqual(answer.status, 200, answer)

        would = lived(early)
        was = lived()
        self.assertNotEqual(was, would)
        days = "from=2024-03-01&to=2024-06-01"
        view = self.ask(b'{"policy":"mosp.invoiceDay","value":"PERIOD_END_PLUS_1"}\n', days).json
        self.assertEqual((view["facts"], view["policies"]), (0, 1))
        (total,) = view["totals"]
        self.assertEqual((Decimal(total["before"]["tax"]["amount"]), Decimal(total["after"]["tax"]["amount"])), (was, would))
        self.assertEqual(total["before"]["charges"], total["after"]["charges"])
        self.assertEqual({item["policy"]: item["value"] for item in self.operator.get("/policies").json["items"]}["mosp.invoiceDay"],
                         "ACCOUNT_ANCHOR", "nothing was set")
        config = self.folder / "tried.toml"
        config.write_text('[policies]\nmosp.invoiceDay = "PERIOD_END_PLUS_1"\n')
        words = ["what-if", "--policies", config, "--from", "2024-03-01", "--to", "2024-06-01"]
        self.assertEqual(json.loads(self.cli(*words, "--json").stdout), view)
        self.assertIn("0 facts, 1 policies and 0 rules tried", self.cli(*words).stdout)
        both = json.loads(self.cli(*words, "--prices", self.file(lines(price(1, "vm", "2024-01-01", unitPrice="1"))), "--json").stdout)
        self.assertEqual((both["facts"], both["policies"]), (1, 1))
        self.assertEqual(Decimal(both["totals"][0]["after"]["charges"]["amount"]) * 2, Decimal(total["after"]["charges"]["amount"]))
        for row, code, told in (('{"policy":"corrections","value":"note"}', "NOT_SUPPORTED", "counts in its own period"),
                                ('{"policy":"subscription.warned","value":"usable"}', "NOT_SUPPORTED", "daybook replay branch"),
                                ('{"policy":"support.renewalRun","value":"nextAccountDay"}', "NOT_SUPPORTED", "not in the figures"),
                                ('{"policy":"ea.portalInvoices","value":true}', "NOT_SUPPORTED", "nothing of what usage is worth"),
                                ('{"policy":"mosp.invoiceDay","value":"SOMETIMES"}', "INVALID_FIELD", "line 1, column 37: /value"),
                                ('{"policy":"mosp.colour","value":1}', "INVALID_FIELD", "no policy of this name")):
            answer = self.ask(row.encode(), days)
            self.assertEqual((answer.status // 100, answer.code), (4, code), answer)
            self.assertIn(told, json.dumps(answer.json), row)
        config.write_text('[policies]\ncorrections = "note"\n')
        prices = self.file(lines(price(1, "vm", "2024-01-01", unitPrice="1")))
        for more in ([], ["--prices", prices, "--rounding", "Up"]):   # no file has the line that the server tells of
            done = self.cli(*words, *more, check=False)
            self.assertEqual((done.returncode, done.stdout), (4, ""), done)
            self.assertIn(f'--policies {config}: /policy "corrections"', done.stderr)
            self.assertNotIn("line ", done.stderr)
        config.write_text('[policies]\nmosp.invoiceDay = "SOMETIMES"\n')
        self.assertEqual(self.cli(*words, check=False).returncode, 78)
        config.write_text("")
        self.assertEqual(self.cli(*words, check=False).returncode, 2)
        self.assertEqual(self.cli("what-if", *words[3:], check=False).returncode, 2)

    def test_an_amount_that_cannot_be_kept_is_told_with_whose_it_is(self):
        self.do(flat(beginning(), on("2024-01-07", used("sub-02", "2024-01-07", "3", "vm"))))
        answer = self.ask(lines(price(1, "vm", "2024-01-01", unitPrice="9" * 28)), "from=2024-01-01&to=2024-01-08")
        self.assertEqual((answer.status, answer.code), (422, "AMOUNT_OUT_OF_RANGE"), answer)
        self.assertIn("Subscription sub-02 of account acc-1 would be billed for 2024-01-05 to before 2024-02-05", answer.json["detail"])

    def test_what_cannot_be_asked(self):
        self.do(beginning())
        body = lines(price(1, "vm", "2024-01-20", unitPrice="0.2"))
        head = self.operator.get("/log/head").json["position"]
        for query in ("", "from=2024-01-01", "from=2024-01-05&to=2024-01-05", "from=2024-01-05&to=2024-01-01", "from=soon&to=2024-01-05",
                      "from=2024-01-01&to=2024-01-07", f"from=2024-01-01&to=2024-01-05&asOf={head + 1}", "from=2024-01-01&to=2024-01-05&movers=x",
                      "from=2024-01-01&to=2024-01-05&movers=1001", "from=2024-01-01&to=2024-01-05&format=xml", "from=2024-01-01&to=2024-01-05&colour=red"):
            answer = self.ask(body, query)
            self.assertEqual((answer.status, answer.code), (400, "BAD_QUERY"), f"{query}: {answer}")
        days = "from=2024-01-01&to=2024-01-06"
        self.assertEqual(self.ask(body, days).status, 200)
        self.assertEqual((self.ask(b"", days).status, self.ask(b"\n\n", days).code), (400, "INVALID_FIELD"))
        self.assertEqual(self.ask(body, days + "&format=csv", Prefer="respond-async").code, "BAD_QUERY")
        self.assertEqual(self.ask(body, days, Content_Type="text/csv").status, 415)
        with contextlib.closing(self.persons.as_identity("jeroen")) as person:
            self.assertEqual(self.ask(body, days, person).status, 403)
        with contextlib.closing(self.ledger.client(None)) as stranger:
            self.assertEqual(self.ask(body, days, stranger).status, 401)
        path = self.file(body)
        good = ["--prices", path, "--from", "2024-01-01", "--to", "2024-01-06"]
        self.assertEqual(self.cli("what-if", *good).returncode, 0)
        for exit_code, words in ((2, [*good[:3], "soon", *good[4:]]), (2, [*good, "--format", "xml"]), (2, [*good, "--movers", "some"]),
                                 (2, good[:4]), (2, [*good, "--as-of", "yesterday"]), (3, ["--prices", self.folder / "none", *good[2:]]),
                                 (4, [*good[:5], "2024-03-01"]), (4, [*good, "--as-of", str(head + 1)])):
            done = self.cli("what-if", *words, check=False)
            self.assertEqual((done.returncode, done.stdout), (exit_code, ""), f"{words}: {done.stderr}")
            self.assertTrue(done.stderr, words)


class Corrections(Asked):
    """Of an invoice of 28.00 without tax: ten and four hours at 2.00 in March."""

    def billed(self):
        self.do(begin("2024-02-02", account("2024-02-02")),
                on("2024-03-05", subscription("sub-01", "2024-03-05"),
                   fact("PriceChanged", "2024-03-05", meterId="vm", currency="EUR", effectiveOn="2024-01-01", unitPrice="2")),
                on("2024-03-20", used("sub-01", "2024-03-07", "10", "vm", usageId="u-1"), used("sub-01", "2024-03-08", "4", "vm", usageId="u-2")),
                clock("2024-05-20"))
        invoices = list(self.operator.pages("/invoices"))
        self.assertEqual([item["totals"]["total"]["amount"] for item in invoices], ["28.00"])
        return invoices[0]["invoiceId"]

    def test_they_are_told_then_issued_and_then_nothing_is_left(self):
        name = self.billed()
        self.assertIn("nothing that was invoiced has been corrected", self.cli("correct", "--all").stdout)
        self.do(fact("UsageAmended", "2024-05-20", sent_by="//scenario", subscriptionId="sub-01", usageId="u-1", quantity="7", reason="meter"))
        head = self.operator.get("/log/head").json["position"]
        view = self.operator.get("/corrections", accountId="acc-1").json
        self.assertEqual((view["position"], view["on"]), (head, "2024-05-20"))
        (item,) = view["items"]
        self.assertEqual((item["invoiceId"], item["becomes"], item["charges"], item["total"]),
                         (name, "CreditNote", money("-6.00"), money("-6.00")))
        (line,) = item["lines"]
        self.assertEqual((line["quantityThen"], line["quantityNow"], line["value"], line["amount"]), ("14", "11", "-6", money("-6.00")))
        self.assertEqual(json.loads(self.cli("correct", "--account", "acc-1", "--preview", "--json").stdout), view)
        text = self.cli("correct", "--all").stdout
        self.assertIn(name, text)
        self.assertIn("14 to 11", text)
        self.assertEqual(self.operator.get("/log/head").json["position"], head, "a preview records nothing")

        issued = json.loads(self.cli("correct", "--all", "--issue", "--json").stdout)
        note = issued["events"][0]["data"]
        self.assertEqual((note["creditForInvoiceId"], note["amount"]), (name, money("6.00")))
        again = json.loads(self.cli("correct", "--all", "--issue", "--json").stdout)
        self.assertEqual((again["events"], again["eventCount"]), ([], 0))
        self.assertIn("nothing to issue", self.cli("correct", "--account", "acc-1", "--issue").stdout)
        self.assertEqual(self.operator.get("/corrections").json["items"], [])
        self.assertEqual(self.operator.get(f"/invoices/{name}").json["amountDue"], money("22.00"))
        # How the note came about: the rows that were corrected, and its share of the invoice.
        explained = self.operator.get(f"/invoices/{note['creditNoteId']}/explain").json
        (line,) = explained["lines"]
        self.assertEqual((line["value"], line["amount"], line["correctedInvoiceId"]), ("-6", money("-6.00"), name))
        self.assertEqual([(row["quantity"], row["value"]) for row in line["usage"]], [("-3", "-6")])
        self.assertEqual(explained["rounding"][0]["rounded"], money("-6.00"))
        self.assertEqual((explained["note"]["creditedInvoiceId"], explained["note"]["amount"], explained["note"]["creditedBefore"]),
                         (name, money("6.00"), money("0.00")))
        self.assertEqual([each["charges"] for each in explained["note"]["corrections"]], [money("6.00")])
        self.assertEqual((explained["manifest"]["rowCount"], explained["totals"]["total"]), (1, money("6.00")))
        self.assertEqual(json.loads(self.cli("explain", note["creditNoteId"], "--json").stdout), explained)
        self.assertIn("charges lower by 6.00 EUR", self.cli("explain", note["creditNoteId"]).stdout)
        self.assertEqual(self.operator.get(f"/invoices/{note['creditNoteId']}/explain", line="2").status, 404)
        self.assertEqual(self.operator.get(f"/invoices/{note['creditNoteId']}/proof").code, "NOT_SUPPORTED")
        # Late now: an invoice of its own, as a job; and the next month's says nothing of either.
        self.do(used("sub-01", "2024-03-09", "5", "vm"), used("sub-01", "2024-04-20", "3", "vm"))
        (item,) = self.operator.get("/corrections").json["items"]
        self.assertEqual((item["becomes"], item["total"]), ("Invoice", money("10.00")))
        begun = self.operator.wish("RunInvoicing", {"through": "2024-05-20", "corrections": True, "accountId": "acc-1"}, Prefer="respond-async")
        self.assertEqual(begun.status, 202, begun)
        deadline = time.monotonic() + 60
        while (job := self.operator.request("GET", begun.headers["location"]).json)["state"] in ("Queued", "Running"):
            self.assertLess(time.monotonic(), deadline)
        self.assertEqual(job["state"], "Done", job)
        self.do(clock("2024-06-02"))
        self.assertEqual(sorted(item["totals"]["total"]["amount"] for item in self.operator.pages("/invoices")), ["10.00", "28.00", "6.00"])
        # Every invoice is still explained by its own rows, and the log by the verifier.
        self.check_log(self.ledger, self.check_all(self.operator))

    def test_of_a_large_ledger_they_are_told_by_a_job(self):
        name = self.billed()
        more = [event(1000 + i, "BillingAccountOpened", "2024-05-20", {"accountId": f"more-{i}", "type": "MOSP", "country": "NL", "tenantId": "t-1",
                                                                        "currency": "EUR", "signedUpBy": "jeroen", "createdOn": "2024-05-20"}) for i in range(200)]
        self.assertEqual(self.operator.post_events(more).json["accepted"], 200)
        self.do(fact("UsageAmended", "2024-05-20", sent_by="//scenario", subscriptionId="sub-01", usageId="u-1", quantity="7", reason="meter"))
        answer = self.operator.get("/corrections")
        self.assertEqual((answer.status, answer.code), (400, "BAD_QUERY"))
        self.assertIn("Prefer: respond-async", answer.json["detail"])
        self.assertEqual([item["invoiceId"] for item in self.operator.get("/corrections", accountId="acc-1").json["items"]], [name])
        begun = self.operator.request("GET", "/v1/corrections", headers={"Prefer": "respond-async"})
        self.assertEqual((begun.status, begun.headers["preference-applied"]), (202, "respond-async"), begun)
        where, deadline = begun.headers["location"], time.monotonic() + 60
        while (job := self.operator.request("GET", where).json)["state"] in ("Queued", "Running"):
            self.assertLess(time.monotonic(), deadline)
        self.assertEqual((job["state"], job["done"], job["total"]), ("Done", 201, 201))
        self.assertEqual([item["invoiceId"] for item in job["result"]["items"]], [name])
        self.assertEqual(json.loads(self.cli("correct", "--all", "--json").stdout), job["result"])
        # One that is over is not cancelled any more; nobody's is not there.
        self.assertEqual(self.operator.request("DELETE", where).json["state"], "Done")
        self.assertEqual(self.operator.request("DELETE", "/v1/jobs/job-none").code, "NOT_FOUND")
        with contextlib.closing(self.persons.as_identity("jeroen")) as person:
            self.assertIn(person.request("DELETE", where).status, (403, 404))
        self.assertEqual(self.ledger.stop(), 0)
        self.assertEqual(json.loads(self.beside("correct", "--all", "--json").stdout), job["result"])

    def test_a_later_price_is_told_as_a_rebill(self):
        name = self.billed()
        self.do(fact("PriceChanged", "2024-05-20", meterId="vm", currency="EUR", effectiveOn="2024-03-08", unitPrice="3"))
        self.assertEqual(self.operator.get("/corrections").json["rebills"], [])
        view = json.loads(self.cli("correct", "--all", "--rebills", "--json").stdout)
        self.assertEqual(view["items"], [])
        (rebill,) = view["rebills"]
        self.assertEqual((rebill["invoiceId"], rebill["total"], rebill["rebilledTotal"], rebill["difference"]),
                         (name, money("28.00"), money("32.00"), money("4.00")))
        self.assertIn("billed again 32.00 EUR in place of 28.00 EUR", self.cli("correct", "--all", "--rebills").stdout)
        answer = self.operator.wish("VoidInvoice", {"invoiceId": name, "reason": "price", "rebill": True})
        self.assertEqual(answer.status, 200, answer)
        totals = {item["status"]: item["totals"]["total"] for item in self.operator.pages("/invoices")}
        self.assertEqual(totals["Due"], money("32.00"))
        self.assertEqual(self.operator.get("/corrections", rebills="true").json["rebills"], [])

    def test_what_cannot_be_asked(self):
        self.billed()
        for path, status, code in (("/corrections?accountId=acc-9", 404, "NOT_FOUND"), ("/corrections?rebills=maybe", 400, "BAD_QUERY"),
                                   ("/corrections?accountId=a%2Fb", 400, "BAD_QUERY"), ("/corrections?asOf=99999", 400, "BAD_QUERY")):
            answer = self.operator.request("GET", f"/v1{path}")
            self.assertEqual((answer.status, answer.code), (status, code), answer)
        answer = self.operator.wish("RunInvoicing", {"through": "2024-05-20", "corrections": True, "accountId": "acc-9"})
        self.assertEqual((answer.status, answer.code), (422, "UNKNOWN_REFERENCE"), answer)
        for exit_code, words in ((2, []), (2, ["--all", "--account", "acc-1"]), (2, ["--account", "a/b"]), (2, ["--all", "--issue", "--preview"]),
                                 (3, ["--account", "acc-9"]), (3, ["--account", "acc-9", "--issue"])):
            done = self.cli("correct", *words, check=False)
            self.assertEqual((done.returncode, done.stdout), (exit_code, ""), f"{words}: {done.stderr}")


if __name__ == "__main__":
    Told.program = sys.argv.pop(1)
    unittest.main(verbosity=2)
