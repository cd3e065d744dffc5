"""The end of a month for many accounts: RunInvoicing plans accounts ahead, brings in many a step, and is whole or goes on.

    python3 close_test.py PROGRAM
"""

import http.client
import sys
import threading
import unittest

from daybook import Daybook
from steps import event

PROGRAM = sys.argv[1]
ACCOUNTS = 1_300  # more than are planned at a time
ACCOUNT_FACTS = 1_000  # a body


class Close(unittest.TestCase):
    def setUp(self):
        self.daybook = Daybook(PROGRAM)
        self.addCleanup(self.daybook.__exit__)
        self.key = self.daybook.create_key("test", "ingest,read,admin")
        self.daybook.start()
        self.client = self.daybook.client(self.key)
        self.number = 0

    def post(self, facts):
        for first in range(0, len(facts), ACCOUNT_FACTS):
            events = []
            for kind, day, data in facts[first:first + ACCOUNT_FACTS]:
                self.number += 1
                events.append(event(self.number, kind, day, data))
            answer = self.client.post_events(events)
            self.assertEqual((answer.status, answer.json.get("rejected")), (200, 0), answer)

    def clock(self, day, run=False):
        answer = self.client.wish("AdvanceClock", {"to": f"{day}T00:00:00Z", "run": run})
        self.assertEqual(answer.status, 200, answer)

    def month(self, accounts, **usage):
        """Accounts with a subscription each, all with a month of usage that is due on 1 April 2024."""
        self.clock("2024-03-01")
        facts = [("PriceChanged", "2024-03-01", {"meterId": "vm", "currency": "EUR", "effectiveOn": "2024-03-01",
                                                 "unitPrice": "0.10"})]
        for i in range(accounts):
            facts.append(("BillingAccountOpened", "2024-03-01",
                          {"accountId": f"acc-{i}", "type": "MOSP", "country": "NL", "tenantId": f"t-{i}",
                           "currency": "EUR", "signedUpBy": f"owner-{i}", "createdOn": "2024-03-01"}))
            facts.append(("SubscriptionCreated", "2024-03-01",
                          {"subscriptionId": f"sub-{i}", "accountId": f"acc-{i}", "offerId": "MS-AZR-0003P",
                           "createdOn": "2024-03-01"}))
        self.post(facts)
        self.clock("2024-04-01")
        quantities = [str(1 + i % 50) for i in range(accounts)]
        for first in range(0, accounts, 100):  # bodies that hold long texts
            self.post([("UsageRecorded", "2024-03-20",
                        {"subscriptionId": f"sub-{i}", "meterId": "vm", "quantity": quantities[i], **usage})
                       for i in range(first, min(accounts, first + 100))])

    def run_invoicing(self, key=None):
        return self.client.wish("RunInvoicing", {"through": "2024-04-01"}, idempotency_key=key)

    def expect_one_invoice_each(self, accounts):
        found = {item["subscriptionId"]: item["totals"]["total"] for item in self.client.pages("/invoices", limit=1000)}
        total = self.client.get("/invoices", limit=1).json["total"]
        self.assertEqual(total, accounts)
        cents = [10 * (1 + i % 50) for i in range(accounts)]
        self.assertEqual(found, {f"sub-{i}": {"amount": f"{cents[i] // 100}.{cents[i] % 100:02}", "currency": "EUR"}
                                 for i in range(accounts)})

    def test_every_account_is_billed_once_while_their_rows_change(self):
        self.month(ACCOUNTS)
        running = True
        problems = []

        def change_accounts():
            other = self.daybook.client(self.key)
            number = 0
            while running:
                number += 1
                answer = other.post_event(event(number, "AssociatedTenantAdded", "2024-03-31",
                                                {"accountId": f"acc-{number * 37 % ACCOUNTS}",
                                                 "tenantId": f"more-{number}"}, source="//tenants"))
                if answer.status != 201:
                    problems.append(answer)
                    return

        changing = threading.Thread(target=change_accounts)
        changing.start()
        answer = self.run_invoicing("the-close")
        running = False
        changing.join()
        self.assertEqual(problems, [])
        self.assertEqual(answer.status, 200, answer)
        self.expect_one_invoice_each(ACCOUNTS)

        # Every event of the run has the next number; the last one holds the key.
        own = [item for item in self.client.pages("/events", limit=1000) if item["source"] == "daybook"
               and item["type"] in ("daybook.InvoiceIssued", "daybook.InvoiceLinesAdded", "daybook.PeriodClosed")]
        run = own[-1]["id"].rsplit("-", 1)[0]
        numbers = [int(item["id"].rsplit("-", 1)[1]) for item in own if item["id"].startswith(run)]
        self.assertEqual(numbers, sorted(set(numbers)))
        again = self.run_invoicing("the-close")
        self.assertEqual(again.json["eventCount"], answer.json["eventCount"])
        self.assertEqual(again.headers.get("idempotency-replayed"), "true")
        head = self.client.get("/log/head").json["position"]
        third = self.run_invoicing()
        self.assertEqual((third.status, third.json["eventCount"]), (200, 0))
        self.assertEqual(self.client.get("/log/head").json["position"], head)

    def test_a_killed_run_goes_on(self):
        self.month(ACCOUNTS)
        before = self.client.get("/log/head").json["position"]
        other = self.daybook.client(self.key)

        def run():
            try:
                other.wish("RunInvoicing", {"through": "2024-04-01"})
            except (OSError, http.client.HTTPException):
                pass  # killed under it

        running = threading.Thread(target=run)
        running.start()
        while self.client.get("/log/head").json["position"] == before:
            pass
        self.daybook.kill()
        running.join()
        self.daybook.start()
        self.client = self.daybook.client(self.key)
        self.assertEqual(self.run_invoicing().status, 200)
        self.expect_one_invoice_each(ACCOUNTS)

    def test_more_than_a_commit_group_holds_is_brought_in_by_halves(self):
        accounts = 300
        self.month(accounts, category="c" * 60_000)
        answer = self.run_invoicing()
        self.assertEqual(answer.status, 200, answer)
        self.expect_one_invoice_each(accounts)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
