"""Policy estimates.refresh: of what an estimate is made where it is refreshed daily.

    estimates_test.py PROGRAM
"""

import csv
import io
import sys
import unittest
from decimal import Decimal

from daybook import Daybook
from people import account, begin, cost, flat, member, on, person, profile, subscription, used
from steps import World, fact, money

P1 = {"scopeType": "Profile", "scopeId": "P1"}


def price(told, meter, effective_on, amount):
    return fact("PriceChanged", told, meterId=meter, currency="EUR", effectiveOn=effective_on, unitPrice=amount)


def bought(told, name, amount):
    return fact("PurchaseCharged", told, chargeId=name, kind="Marketplace", amount=money(amount), subscriptionId="sub-01")


class Refresh(unittest.TestCase):
    def setUp(self):
        self.ledger = Daybook(sys.argv[1])
        self.addCleanup(self.ledger.__exit__, None, None, None)
        key = self.ledger.create_key("test", "admin,ingest,read")
        self.ledger.start()
        self.client = self.ledger.client(key)
        self.world = World(self.client, None)

    def do(self, *steps):
        for step in flat(*steps):
            step(self.world)

    def refresh(self, value):
        self.assertEqual(self.client.wish("SetPolicy", {"policy": "estimates.refresh", "value": value}).status, 200)

    def pending(self):
        """What is pending, and as of when."""
        answer = self.client.get("/profiles/P1/pending-charges").json
        return answer["total"]["amount"], answer["asOf"]

    def asked(self, **more):
        """(job, events that the wish made)"""
        answer = self.client.wish("RequestExport", {**P1, "kind": "Mca", **more})
        self.assertEqual(answer.status, 200, answer)
        return answer.json["jobId"], [item["type"].removeprefix("daybook.") for item in answer.json["events"]]

    def file(self, job):
        """What the file comes to."""
        answer = self.client.get(f"/exports/{job}/file")
        self.assertEqual(answer.status, 200, answer)
        told = self.client.get(f"/exports/{job}").json
        self.assertEqual(len(answer.body), int(told["byteCount"]))
        rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))
        total = sum((Decimal(row["costInBillingCurrency"]) for row in rows), Decimal(0))
        self.assertEqual(Decimal(told["sum"]["amount"]), total)
        return f"{total:.2f}"

    def begin(self, policy):
        self.do(begin("2024-03-01", account("2024-03-01", "MCA"), person("jeroen", "2024-03-01"),
                      profile("P1", "2024-03-01", invoiceDay=5)))
        self.refresh(policy)
        self.do(on("2024-03-05", member("sub-01", "2024-03-05", "P1"), price("2024-03-05", "vm", "2024-03-01", "1.00"),
                   used("sub-01", "2024-03-05", "10", "vm")),
                on("2024-03-06", cost("sub-01", "2024-03-06", "2.00"), price("2024-03-06", "vm", "2024-03-02", "3.00"),
                   bought("2024-03-06", "c-1", "50.00")))

    def test_counts_what_was_recorded_before_the_day(self):
        self.begin("daily")
        self.assertEqual(self.pending(), ("10.00", "2024-03-06T00:00:00Z"))
        self.refresh("live")
        self.assertEqual(self.pending()[0], "82.00")

    def test_so_does_the_file_of_an_open_month(self):
        self.begin("daily")
        job, _ = self.asked()
        self.assertEqual(self.file(job), "10.00")
        told = self.client.get(f"/exports/{job}").json
        self.assertFalse(told["final"])
        self.assertEqual(told["position"], self.client.get("/profiles/P1/pending-charges").json["position"])
        # Later that day it is the same file; the next day it is made anew, though it could still be fetched.
        self.do(on("2024-03-06", cost("sub-01", "2024-03-06", "4.00")))
        self.assertEqual(self.asked(), (job, []))
        self.do(on("2024-03-07"))
        self.assertEqual(self.asked(), (job, ["ExportExpired", "ExportRequested", "ExportStarted", "ExportReady"]))
        self.assertEqual(self.file(job), "86.00")

    def test_what_it_shows_stays_though_the_policy_changes(self):
        self.begin("daily")
        job, _ = self.asked()
        self.refresh("live")
        self.assertEqual(self.file(job), "10.00")
        self.assertEqual(self.file(self.asked(metric="AmortizedCost")[0]), "82.00")

    def test_a_scope_of_today_has_nothing_yet(self):
        self.begin("daily")
        self.do(on("2024-03-06", member("sub-02", "2024-03-06", "P1"), cost("sub-02", "2024-03-06", "7.00")))
        answer = self.client.wish("RequestExport", {"scopeType": "Subscription", "scopeId": "sub-02", "kind": "Mca"})
        self.assertEqual([item["type"] for item in answer.json["events"]][-1], "daybook.ExportEmpty")

    def test_a_file_that_is_final_counts_all_of_its_period(self):
        self.begin("daily")
        self.do(on("2024-03-31", cost("sub-01", "2024-03-31", "1.00")), on("2024-04-05"))
        job, _ = self.asked(period="2024-03-10")
        self.assertTrue(self.client.get(f"/exports/{job}").json["final"])
        invoice = self.client.get("/invoices", profileId="P1").json["items"][0]
        self.assertEqual(self.file(job), invoice["totals"]["billed"]["amount"])
        self.assertEqual(self.file(job), "83.00")

    def test_without_the_policy_a_file_counts_all(self):
        self.begin("live")
        self.assertEqual(self.file(self.asked()[0]), "82.00")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
